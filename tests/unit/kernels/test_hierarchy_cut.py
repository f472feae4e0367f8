"""Rounds of a dissection: what leaves in one round, and is not joined, must not touch another part."""

from collections import Counter

import numpy as np
import pytest

from dehliz.kernels.hierarchy_cut import LEAF_COUNT, count_hops, dissect, sort_by_side
from tests.unit.kernels.hierarchies import core_of, empty_flow
from tests.unit.kernels.networks import Net, build, grid_net


def rounds(net: Net) -> np.ndarray:
    level = np.empty(net.vertex_count, np.int32)
    last = dissect(core_of(net), empty_flow(net.vertex_count), level)
    assert level.max(initial=1) <= last
    return level


def parts(net: Net, kept: np.ndarray) -> list[int]:
    """Sizes of the components of the vertices kept."""
    above = np.arange(net.vertex_count)

    def root(vertex: int) -> int:
        while above[vertex] != vertex:
            vertex = int(above[vertex])
        return vertex

    for tail, head, _ in net.arcs():
        if kept[tail] and kept[head]:
            above[root(tail)] = root(head)
    roots = Counter(root(int(vertex)) for vertex in np.flatnonzero(kept))
    return list(roots.values())


def test_hops_of_a_chain() -> None:
    core = core_of(build(4, [0, 1, 2], [1, 2, 3], [1.0] * 3))
    hop, queue = np.full(4, -1, np.int32), np.empty(4, np.int32)
    assert count_hops(core, 1, hop, queue) == 4
    assert hop.tolist() == [1, 0, 1, 2]
    assert queue[3] == 3


def test_sides_keep_their_order() -> None:
    part = np.array([5, 3, 8, 1], np.int32)
    side = np.zeros(9, np.int8)
    side[[5, 8]] = 1
    side[3] = 2
    assert sort_by_side(part, side, np.empty(9, np.int32)) == (1, 2)
    assert part.tolist() == [1, 5, 8, 3]


def test_small_cores_are_left_whole() -> None:
    assert set(rounds(grid_net(0, 8, 1)).tolist()) == {1}


@pytest.mark.parametrize("side", [12, 20, 31])
def test_last_round_halves_a_grid(side: int) -> None:
    net = grid_net(0, side, 1)
    level = rounds(net)
    separator = level == level.max()
    assert separator.sum() <= 1.5 * side
    sizes = parts(net, ~separator)
    assert len(sizes) >= 2
    assert max(sizes) <= 0.8 * side**2
    assert max(parts(net, level == 1)) <= LEAF_COUNT


def test_components_cost_no_separator() -> None:
    """Two grids of 8 x 8 side by side fall apart by themselves."""
    one = grid_net(0, 8, 1)
    net = build(
        128, np.r_[one.tail, one.tail + 64], np.r_[one.head, one.head + 64], np.ones(2 * len(one.head))
    )
    assert set(rounds(net).tolist()) == {1}


def test_complete_graph_ends() -> None:
    """No separator divides it; the dissection stops all the same."""
    one, other = np.triu_indices(LEAF_COUNT + 6, 1)
    level = rounds(build(LEAF_COUNT + 6, one, other, np.ones(len(one))))
    assert (level >= 1).all()


def test_nothing_is_nothing() -> None:
    assert len(rounds(build(0, [], [], []))) == 0
