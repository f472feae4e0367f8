"""Vertex-disjoint paths: their number is the smallest separator, found by trying all."""

from itertools import combinations

import numpy as np
import pytest

from dehliz.kernels.hierarchy_flow import SINK, SOURCE, Core, add_path, copy_core, empty_ends, seek_path
from dehliz.kernels.hierarchy_order import eliminate, fill_queue
from tests.unit.kernels.hierarchies import core_of, empty_flow, start
from tests.unit.kernels.networks import Net, build, grid_net, random_net


def least_separator(net: Net, sources: set[int], sinks: set[int]) -> int:
    """Fewest vertices (ends may be among them) whose removal leaves no way; by trying all sets."""
    around: dict[int, set[int]] = {vertex: set() for vertex in range(net.vertex_count)}
    for tail, head, _ in net.arcs():
        around[tail].add(head)
        around[head].add(tail)
    for size in range(net.vertex_count + 1):
        for gone in combinations(range(net.vertex_count), size):
            seen = sources - set(gone)
            todo = list(seen)
            while todo:
                for other in around[todo.pop()] - seen - set(gone):
                    seen.add(other)
                    todo.append(other)
            if not seen & sinks:
                return size
    raise AssertionError


@pytest.mark.parametrize("seed", range(60))
def test_as_many_paths_as_the_smallest_separator(seed: int) -> None:
    net = random_net(seed, most_vertices=9)
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(net.vertex_count)
    sources, sinks = set(chosen[:2].tolist()), set(chosen[2:4].tolist())
    core, flow = core_of(net), empty_flow(net.vertex_count)
    member = np.arange(net.vertex_count, dtype=np.int32)
    empty_ends(member, flow)
    flow.end[list(sources)] = SOURCE
    flow.end[list(sinks)] = SINK
    size = 0
    last = seek_path(core, member, flow)
    while last >= 0:
        add_path(flow, last)
        size += 1
        last = seek_path(core, member, flow)
    assert size == least_separator(net, sources, sinks)
    stuck = [v for v in range(net.vertex_count) if flow.is_seen[2 * v] and not flow.is_seen[2 * v + 1]]
    assert len(stuck) == size


def test_paths_stay_inside_their_part() -> None:
    """A square whose lower corner belongs to another part has one way, not two."""
    net = build(4, [0, 0, 1, 2], [1, 2, 3, 3], [1.0] * 4)
    core, flow = core_of(net), empty_flow(4)
    core.part[2] = 7
    member = np.array([0, 1, 3], np.int32)
    empty_ends(member, flow)
    flow.end[0], flow.end[3] = SOURCE, SINK
    last = seek_path(core, member, flow)
    assert last == 2 * 3 + 1
    add_path(flow, last)
    assert seek_path(core, member, flow) == -1
    assert flow.after[0] == 1
    assert flow.after[1] == 3


def test_core_is_what_did_not_leave() -> None:
    """Taking the corners out of a grid of 3 x 3 joins the neighbours of each."""
    at = start(grid_net(0, 3, 1))
    fill_queue(at.rest, np.arange(9, dtype=np.int32), 0, at.queue, at.used)
    eliminate(at.rest, at.queue, at.pool, 2, at.used, at.order)
    member = np.flatnonzero(at.rest.level == 0).astype(np.int32)
    first = np.empty(len(member) + 1, np.int32)
    neighbour = np.empty(int(at.rest.length[member].sum()), np.int32)
    copy_core(at.rest, at.pool, member, first, neighbour)
    core = Core(first, neighbour, np.zeros(len(member), np.int32))
    assert member.tolist() == [1, 3, 4, 5, 7]
    lists = [sorted(core.neighbour[core.first[c] : core.first[c + 1]].tolist()) for c in range(5)]
    assert lists == [[1, 2, 3], [0, 2, 4], [0, 1, 3, 4], [0, 2, 4], [1, 2, 3]]
    assert (at.rest.mark == -1).all()
