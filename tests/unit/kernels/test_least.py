"""Least costs of trips against the slow oracle: shared origins, no way, ends in any order, a workspace left clean."""

import numpy as np
import pytest

from dehliz.kernels.heap import OUTSIDE, make_heap
from dehliz.kernels.least import least_costs
from dehliz.kernels.search import freeze
from tests.oracles.dijkstra import least_costs as slow_costs
from tests.unit.kernels.networks import random_net


@pytest.mark.parametrize("seed", range(100))
def test_least_costs_agree_with_oracle(seed: int) -> None:
    net = random_net(seed, most_vertices=14)
    rng = np.random.default_rng(seed)
    origin = rng.permutation(net.vertex_count)[: max(1, net.vertex_count // 2)]
    count = rng.integers(0, net.vertex_count + 1, len(origin))
    first = np.concatenate([[0], np.cumsum(count)])
    destination = np.concatenate(
        [np.zeros(0, np.int64), *(rng.permutation(net.vertex_count)[:some] for some in count)]
    )
    heap, space = (
        make_heap(net.vertex_count),
        (np.empty(net.vertex_count), np.empty(net.vertex_count, np.int32)),
    )
    least = np.full(len(destination) + 1, -1.0)
    trips = freeze(origin, np.int32), freeze(first, np.int32), freeze(destination, np.int32)
    least_costs.pick(1_000_000)(net.star, freeze(net.weight[0], np.float64), *trips, heap, *space, least)
    expected = [
        slow_costs(net.vertex_count, net.arcs(), int(start))[int(end)]
        for at, start in enumerate(origin)
        for end in destination[first[at] : first[at + 1]]
    ]
    assert least[:-1].tolist() == pytest.approx(expected)
    assert least[-1] == -1.0
    assert (heap.place == OUTSIDE).all()
