"""Choice sets: distinct routes, within their limits, the best first."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehliz.graph.trips import make_trips
from dehliz.routing.alternatives import (
    AlternativeLimits,
    ChoiceSets,
    find_alternatives,
    find_best_routes,
    first_routes,
    join_choice_sets,
    make_choice_sets,
    routes_with_bans,
)
from tests.unit.assignment.networks import Net, make_net

#      1          Two ways around, and a way through 3 that costs more.
#    /   \
#  0 - 2 - 4
#    \ 3 /
NET = make_net(5, [0, 0, 0, 1, 2, 3], [1, 2, 3, 4, 4, 4])
COST = np.array([[1.0, 1.5, 5.0, 1.0, 1.0, 5.0]])
TRIP = make_trips([0], [0], [4], [1.0])


def listed(sets: ChoiceSets) -> list[tuple[int, ...]]:
    return [
        tuple(sets.arc[low:high].tolist())
        for low, high in zip(sets.first_arc, sets.first_arc[1:], strict=False)
    ]


def test_alternatives_in_order_and_within_limits() -> None:
    assert listed(find_alternatives(NET, COST, TRIP)) == [(0, 3), (1, 4)]
    assert listed(find_alternatives(NET, COST, TRIP, AlternativeLimits(12, 9.0, 0.8))) == [
        (0, 3),
        (1, 4),
        (2, 5),
    ]
    assert listed(find_alternatives(NET, COST, TRIP, AlternativeLimits(1, 9.0, 0.8))) == [(0, 3)]


def test_bans_open_corridors() -> None:
    bans = np.zeros((4, 6), dtype=bool)
    bans[1, [0, 2]] = True  # only over 2
    bans[2, [0, 1]] = True  # only over 3
    bans[3, 4] = True  # again the best
    sets = routes_with_bans(NET, COST, TRIP, list(bans))
    assert listed(sets) == [(0, 3), (1, 4), (2, 5)]
    np.testing.assert_array_equal(sets.source, [0, 1, 2])
    assert routes_with_bans(NET, COST, TRIP, []).n_route == 0


def test_join_keeps_each_route_once() -> None:
    one = make_choice_sets([0, 1], [0, 2, 3], [0, 3, 4])
    two = make_choice_sets([0, 0, 1], [0, 2, 4, 5], [1, 4, 0, 3, 2])
    both = join_choice_sets(one, two)
    assert listed(both) == [(0, 3), (1, 4), (4,), (2,)]
    np.testing.assert_array_equal(both.trip, [0, 0, 1, 1])
    np.testing.assert_array_equal(first_routes(both, 4), [0, 2, 4, 4, 4])
    assert not both.arc.flags.writeable


def test_unreachable_and_forbidden() -> None:
    trips = make_trips([0, 1, 0], [0, 0, 4], [4, 4, 0], [1.0, 1.0, 1.0], ("a", "b"))
    cost = np.vstack([COST, np.where(np.arange(6) < 3, np.inf, COST)])
    best, sets = find_best_routes(NET, cost, trips)
    np.testing.assert_array_equal(best, [2.0, np.inf, np.inf])
    assert listed(sets) == [(0, 3)]
    assert listed(find_alternatives(NET, cost, trips)) == [(0, 3), (1, 4)]


def random_net(seed: int) -> tuple[Net, np.ndarray]:
    rng = np.random.default_rng(seed)
    tail = sorted(rng.integers(0, 12, 40).tolist())
    head = [(one + 1 + int(rng.integers(0, 11))) % 12 for one in tail]
    return make_net(12, tail, head), rng.uniform(0.5, 2.0, (2, 40))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_properties_of_alternatives(seed: int) -> None:
    net, cost = random_net(seed)
    origin, destination = np.divmod(np.arange(144), 12)
    trips = make_trips(np.arange(144) % 2, origin, destination, np.ones(144), ("a", "b"))
    limits = AlternativeLimits(5, 0.6, 0.7)
    sets = find_alternatives(net, cost, trips, limits)
    least, best = find_best_routes(net, cost, trips)
    routes, start = listed(sets), first_routes(sets, trips.n_trip)
    assert len(listed(best)) == np.isfinite(least).sum()
    for trip in range(trips.n_trip):
        mine = routes[start[trip] : start[trip + 1]]
        assert (len(mine) > 0) == np.isfinite(least[trip])
        assert len(set(mine)) == len(mine) <= 5
        price = cost[trips.segment[trip]]
        for at, route in enumerate(mine):
            way = [trips.origin[trip], *net.head[list(route)]]
            assert way[-1] == trips.destination[trip]
            assert len(set(way)) == len(way)
            assert all(net.tail[arc] == vertex for arc, vertex in zip(route, way, strict=False))
            total = price[list(route)].sum()
            assert total <= least[trip] * 1.6 + 1e-9
            if at == 0:
                assert total == pytest.approx(least[trip])
            for other in mine[:at]:
                assert price[sorted(set(route) & set(other))].sum() <= 0.7 * total + 1e-9


def test_blocks_of_destinations_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    net, cost = random_net(1)
    origin, destination = np.divmod(np.arange(144), 12)
    trips = make_trips(np.zeros(144, int), origin, destination, np.ones(144))
    whole = find_alternatives(net, cost, trips)
    monkeypatch.setattr("dehliz.routing.alternatives.TREE_LIMIT_COUNT", 30)
    monkeypatch.setattr("dehliz.routing.alternatives.ARC_ROOM_COUNT", 1)
    parts = find_alternatives(net, cost, trips)
    assert listed(parts) == listed(whole)
    np.testing.assert_array_equal(parts.trip, whole.trip)
