"""Pricing of routes against a plain search."""

import numpy as np
import pytest

from dehliz.kernels.pricing import Pricer
from dehliz.kernels.search import make_star
from tests.oracles.dijkstra import least_costs


@pytest.mark.parametrize("seed", range(20))
def test_as_a_plain_search(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vertex_count, arc_count = 12, 40
    tail = np.sort(rng.integers(0, vertex_count, arc_count))
    head = rng.integers(0, vertex_count, arc_count)
    star = make_star(np.searchsorted(tail, np.arange(vertex_count + 1)), head)
    cost = rng.integers(0, 6, (2, arc_count)).astype(float)
    cost[rng.random(cost.shape) < 0.1] = np.inf
    price = rng.integers(0, 4, arc_count).astype(float)
    judge = rng.integers(0, 4, arc_count).astype(float)
    trip = np.unique(rng.integers(0, [2, 4, vertex_count], (30, 3)), axis=0).astype(np.int32)
    limit = rng.integers(0, 20, len(trip)).astype(float)
    pricer = Pricer(star, cost, trip)
    pricer.arc = np.empty(1, np.int32)  # too short: it comes again
    least, first_arc, arc = pricer.price(price, judge, limit)
    for at, (kind, origin, destination) in enumerate(trip.tolist()):
        weight = cost[kind] + price
        arcs = list(zip(tail.tolist(), head.tolist(), weight.tolist(), strict=True))
        assert least[at] == least_costs(vertex_count, arcs, origin)[destination]
        route = arc[first_arc[at] : first_arc[at + 1]]
        if len(route) == 0:
            continue
        assert [*tail[route][1:], destination] == head[route].tolist()
        assert tail[route[0]] == origin
        assert weight[route].sum() == least[at]
        assert (cost[kind] + judge)[route].sum() < limit[at]
    again = pricer.price(price, judge, limit)
    assert again[2].tolist() == arc.tolist()


def test_limit_decides_what_is_handed_out() -> None:
    star = make_star([0, 2, 2], [1, 1])
    trip = np.array([[0, 0, 1]], np.int32)
    pricer = Pricer(star, np.array([[1.0, 2.0]]), trip)
    nothing = np.zeros(2)
    assert pricer.price(nothing, nothing, np.array([1.0]))[2].tolist() == []
    assert pricer.price(nothing, nothing, np.array([1.5]))[2].tolist() == [0]
    assert pricer.price(np.array([5.0, 0.0]), nothing, np.array([2.5]))[2].tolist() == [1]
    assert pricer.price(np.array([5.0, 0.0]), np.array([0.0, 1.0]), np.array([2.5]))[2].tolist() == []
