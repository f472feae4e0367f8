"""The numbered tree: what an edge joins, what hangs below, which triangles there are."""

import numpy as np
import pytest

from dehliz.kernels.hierarchy_build import (
    DEPTH,
    DOWN,
    FIRST,
    PARENT,
    UP,
    VERTEX,
    count_triangles,
    enter_arcs,
    find_edge,
    lay_rows,
    list_triangles,
    number_tree,
)
from dehliz.kernels.hierarchy_order import eliminate, fill_queue
from tests.unit.kernels.hierarchies import Ints, start
from tests.unit.kernels.networks import Net, build, random_net


def lay(net: Net) -> tuple[Ints, Ints, Ints, Ints, Ints, int]:
    """Rank, first below, row, upper ends, their depths, height."""
    at = start(net, room=99)
    n = net.vertex_count
    fill_queue(at.rest, np.arange(n, dtype=np.int32), 0, at.queue, at.used)
    eliminate(at.rest, at.queue, at.pool, n, at.used, at.order)
    rank, below = np.empty(n, np.int32), np.empty(n, np.int32)
    number_tree(at.rest, at.pool, at.order, rank, below)
    row = np.empty((n + 1, 4), np.int32)
    head_rank = np.empty(int(at.rest.length.sum()), np.int32)
    head_depth = np.empty_like(head_rank)
    height = lay_rows(at.rest, at.pool, rank, row, head_rank, head_depth)
    return rank, below, row, head_rank, head_depth, height


def ancestors(row: Ints, place: int) -> list[int]:
    """Ranks on the way to the root, the root last."""
    way = []
    while row[place, PARENT] < len(row) - 1:
        place = int(row[place, PARENT])
        way.append(place)
    return way


def test_path_of_three() -> None:
    """0 - 1 - 2: both ends leave before the middle, since nothing hangs below them; a fork of height two."""
    rank, _, row, head_rank, head_depth, height = lay(build(3, [0, 1], [1, 2], [1.0, 1.0]))
    assert rank[1] == 2
    assert row[:, FIRST].tolist() == [0, 1, 2, 2]
    assert row[:, PARENT].tolist() == [2, 2, 3, 3]
    assert height == 2
    assert head_rank.tolist() == [2, 2]
    assert head_depth.tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(80))
def test_edges_lead_to_ancestors_and_depth_says_which(seed: int) -> None:
    net = random_net(seed, most_vertices=14)
    rank, below, row, head_rank, head_depth, height = lay(net)
    assert row[rank, VERTEX].tolist() == list(range(net.vertex_count))
    assert row[:-1, DEPTH].max() == height - 1
    for place in range(net.vertex_count):
        way = ancestors(row, place)
        assert row[place, DEPTH] == len(way)
        edges = range(row[place, FIRST], row[place + 1, FIRST])
        heads = [int(head_rank[edge]) for edge in edges]
        assert heads == sorted(set(heads))
        assert set(heads) <= set(way)
        for edge in edges:
            assert way[len(way) - 1 - head_depth[edge]] == head_rank[edge]
        hanging = [other for other in range(net.vertex_count) if place in ancestors(row, other)]
        assert hanging == list(range(below[place], place))


@pytest.mark.parametrize("seed", range(80))
def test_every_arc_enters_once(seed: int) -> None:
    net = random_net(seed, most_vertices=9, arc_factors=(1.0, 4.0))
    rank, _, row, head_rank, _, _ = lay(net)
    entry = np.empty((len(head_rank), 2), np.int32)
    extra = np.empty((len(net.head), 2), np.int32)
    n_extra = enter_arcs(net.star.first_out, net.head, rank, row, head_rank, entry, extra)
    entered = entry[entry >= 0].tolist() + extra[:n_extra, 1].tolist()
    assert sorted(entered) == np.flatnonzero(net.tail != net.head).tolist()
    for arc in entered:
        ends = sorted((int(rank[net.tail[arc]]), int(rank[net.head[arc]])))
        edge = find_edge(row, head_rank, ends[0], ends[1])
        assert head_rank[edge] == ends[1]
        direction = UP if rank[net.tail[arc]] == ends[0] else DOWN
        code = 2 * edge + direction
        assert entry[edge, direction] == arc or [code, arc] in extra[:n_extra].tolist()
        assert entry[edge, direction] <= arc


@pytest.mark.parametrize("seed", range(40))
def test_triangles_close(seed: int) -> None:
    net = random_net(seed, most_vertices=14, arc_factors=(1.0, 3.0))
    _, _, row, head_rank, _, _ = lay(net)
    triangle = np.full(count_triangles(row), -1, np.int32)
    list_triangles(row, head_rank, triangle)
    tail_rank = np.repeat(np.arange(net.vertex_count), np.diff(row[:, FIRST]))
    at = 0
    for place in range(net.vertex_count):
        heads = head_rank[row[place, FIRST] : row[place + 1, FIRST]].tolist()
        for one, lower in enumerate(heads):
            for upper in heads[one + 1 :]:
                assert (tail_rank[triangle[at]], head_rank[triangle[at]]) == (lower, upper)
                at += 1
    assert at == len(triangle)
