"""Cascades: compiled and plain give the same; a tree's flows are sums over its branches."""

import numpy as np
import pytest

from dehliz.kernels.cascade import cascade_share, cascade_tree, unroll_tree
from dehliz.kernels.jit import Status
from dehliz.kernels.search import freeze, least_cost_tree, tails
from tests.unit.kernels.networks import random_net


@pytest.mark.parametrize("seed", range(30))
def test_tree_flows_are_sums_along_ways(seed: int) -> None:
    net = random_net(seed)
    cost, into = least_cost_tree(net.star, net.weight[0], 0)
    tail = tails(net.star)
    n = net.vertex_count
    demand = np.where(np.isfinite(cost), np.random.default_rng(seed).uniform(0.0, 2.0, n), 0.0)
    expected = np.zeros(n)
    for vertex in range(n):
        here, load = vertex, demand[vertex]
        expected[here] += load
        while into[here] >= 0:
            here = int(tail[into[here]])
            expected[here] += load
    for run in (cascade_tree, cascade_tree.compiled()):
        flow = demand.copy()
        run(tail, into, np.empty(n, np.int32), np.empty(n, np.int32), flow)
        assert flow == pytest.approx(expected, rel=1e-12)


def test_ways_follow_one_another_and_what_does_not_fit_is_counted() -> None:
    tail, into = freeze([0, 1, 2], np.int32), np.array([-1, 0, 1, 2], np.int32)
    wanted = freeze([3, 1], np.int32)
    for run in (unroll_tree, unroll_tree.compiled()):
        end, arc = np.empty(2, np.int32), np.full(5, 9, np.int32)
        assert run(tail, into, wanted, 1, end, arc) == 5
        assert end.tolist() == [4, 5]
        assert arc.tolist() == [9, 0, 1, 2, 0]
        assert run(tail, into, wanted, 0, end, np.empty(3, np.int32)) == 4


def test_shares_of_a_diamond() -> None:
    # 0 -> 1 -> 3 carries 3, 0 -> 2 -> 3 carries 1; arc 0 -> 1 is chosen.
    tail, head = freeze([0, 0, 1, 2], np.int32), freeze([1, 2, 3, 3], np.int32)
    arc, flow = freeze([0, 1, 2, 3], np.int32), freeze([3.0, 1.0, 3.0, 1.0], np.float64)
    chosen = freeze([True, False, False, False], np.bool_)
    for run in (cascade_share, cascade_share.compiled()):
        space = [np.empty(4, np.int32) for _ in range(4)]
        share = np.empty(4)
        assert run(tail, head, arc, flow, chosen, *space, np.empty(4), share) == Status.OK
        assert share.tolist() == [0.0, 1.0, 0.0, 0.75]


def test_a_circle_is_noticed() -> None:
    tail, head = freeze([0, 1, 2], np.int32), freeze([1, 2, 1], np.int32)
    arc, flow = freeze([0, 1, 2], np.int32), freeze([1.0, 2.0, 1.0], np.float64)
    for run in (cascade_share, cascade_share.compiled()):
        space = [np.empty(3, np.int32) for _ in range(4)]
        out = np.empty(3)
        chosen = freeze([False] * 3, np.bool_)
        assert run(tail, head, arc, flow, chosen, *space, np.empty(3), out) == Status.BAD_INPUT
