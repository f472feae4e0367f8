"""Stochastic user equilibrium on networks known by hand."""

import dataclasses

import numpy as np
import pytest

from dehliz.assignment.result import Assignment, AssignStatus, Iteration
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.stochastic import find_stochastic_equilibrium
from dehliz.base.errors import SettingsError
from dehliz.graph.trips import make_trips
from dehliz.routing.alternatives import ChoiceSets, make_choice_sets
from tests.unit.assignment.networks import make_costs, make_net

#   0 --arc 0--> 1   two parallel arcs
TWO = make_net(2, [0, 0], [1, 1])
BOTH = make_choice_sets([0, 0], [0, 1, 2], [0, 1])
SUE = AssignmentSettings(method="sue", scale_factor=0.5, target_gap_share=1e-10)


def with_settings(**changes: object) -> AssignmentSettings:
    return dataclasses.replace(SUE, **changes)  # type: ignore[arg-type]


def test_no_congestion_is_the_logit_itself() -> None:
    costs = make_costs([2.0, 3.0], [np.inf, np.inf])
    done = find_stochastic_equilibrium(TWO, costs, make_trips([0], [0], [1], [10.0]), SUE, choice_sets=BOTH)
    first = 10.0 / (1.0 + np.exp(-0.5))
    assert done.status == AssignStatus.CONVERGED
    np.testing.assert_allclose(done.volume_t_d, [[first, 10.0 - first]], rtol=1e-14)
    assert done.routes is not None
    np.testing.assert_array_equal(done.routes.arc, [0, 1])
    assert done.total_time == pytest.approx(2 * first + 3 * (10 - first))
    assert np.isnan(done.lower_bound)


def test_two_links_by_hand() -> None:
    # t0 = 1 + x0 / 5 (alpha 1, beta 1, capacity 5), t1 = 2, q = 10, scale 0.5. Equilibrium: ln(x0 / (10 - x0)) =
    # 0.5 (2 - 1 - x0 / 5); the left side rises and the right side falls with x0, so bisection finds the one root.
    low, high = 0.0, 10.0
    for _ in range(200):
        middle = (low + high) / 2
        if np.log(middle / (10 - middle)) > 0.5 * (1 - middle / 5):
            high = middle
        else:
            low = middle
    costs = make_costs([1.0, 2.0], [5.0, np.inf], alpha=1.0, beta=1.0)
    done = find_stochastic_equilibrium(TWO, costs, make_trips([0], [0], [1], [10.0]), SUE, choice_sets=BOTH)
    np.testing.assert_allclose(done.volume_t_d[0, 0], low, rtol=1e-10)
    assert done.relative_gap_share <= 1e-10
    # Beckmann by hand: x0 + x0^2 / 10 + 2 x1
    assert done.beckmann_objective == pytest.approx(low + low**2 / 10 + 2 * (10 - low))


def test_large_scale_gives_equal_costs_and_small_scale_equal_shares() -> None:
    costs = make_costs([1.0, 2.0], [5.0, 5.0], alpha=1.0, beta=1.0)
    trips = make_trips([0], [0], [1], [20.0])
    sure = with_settings(scale_factor=2e3, target_gap_share=1e-8)
    sharp = find_stochastic_equilibrium(TWO, costs, trips, sure, choice_sets=BOTH)
    assert sharp.status == AssignStatus.CONVERGED
    # User equilibrium: 1 + x0 / 5 = 2 + 2 x1 / 5 with x0 + x1 = 20: x0 = 15, both cost 4.
    np.testing.assert_allclose(sharp.volume_t_d, [[15.0, 5.0]], rtol=1e-3)
    np.testing.assert_allclose(sharp.time_h, [4.0, 4.0], rtol=2e-4)
    even = find_stochastic_equilibrium(TWO, costs, trips, with_settings(scale_factor=1e-9), choice_sets=BOTH)
    np.testing.assert_allclose(even.volume_t_d, [[10.0, 10.0]], rtol=1e-7)


def test_segments_see_each_other_but_pay_their_own() -> None:
    # Segment 1 may not use arc 0, its 6 units load arc 1 and push segment 0 away from it.
    costs = make_costs([1.0, 1.0], [5.0, 5.0], [[0.0, 0.0], [np.inf, 0.0]], alpha=1.0, beta=1.0)
    trips = make_trips([0, 1], [0, 0], [1, 1], [10.0, 6.0], ("a", "b"))
    done = find_stochastic_equilibrium(TWO, costs, trips, SUE)
    assert done.status == AssignStatus.CONVERGED
    np.testing.assert_allclose(done.volume_t_d[1], [0.0, 6.0])
    on_first = done.volume_t_d[0, 0]
    time = [1 + on_first / 5, 1 + (16 - on_first) / 5]
    assert np.log(on_first / (10 - on_first)) == pytest.approx(0.5 * (time[1] - time[0]), abs=1e-8)
    assert done.volume_t_d.sum() == pytest.approx(16.0)


def test_scale_in_money_weighs_hours_by_their_value() -> None:
    costs = make_costs([2.0, 3.0], [np.inf, np.inf], [[0.0, 0.0], [0.0, 0.0]], value=[1.0, 4.0])
    trips = make_trips([0, 1], [0, 0], [1, 1], [1.0, 1.0], ("a", "b"))
    sets = make_choice_sets([0, 0, 1, 1], [0, 1, 2, 3, 4], [0, 1, 0, 1])
    done = find_stochastic_equilibrium(
        TWO, costs, trips, with_settings(scale_per_usd_t=0.25), choice_sets=sets
    )
    share = 1 / (1 + np.exp(-np.array([0.25, 1.0])))
    np.testing.assert_allclose(done.volume_t_d[:, 0], share, rtol=1e-14)
    again = find_stochastic_equilibrium(
        TWO, costs, trips, SUE, choice_sets=sets, segment_scale=np.array([0.25, 1.0])
    )
    np.testing.assert_array_equal(again.volume_t_d, done.volume_t_d)


def test_constants_and_nests_by_hand() -> None:
    # Three parallel arcs of cost 1, 2, 2; arcs 1 and 2 are one corridor. Scale 0.5, nest factor 0.4.
    net = make_net(2, [0, 0, 0], [1, 1, 1])
    costs = make_costs([1.0, 2.0, 2.0], [np.inf] * 3)
    sets = make_choice_sets([0, 0, 0], [0, 1, 2, 3], [0, 1, 2])
    done = find_stochastic_equilibrium(
        net, costs, make_trips([0], [0], [1], [1.0]), with_settings(nest_factor=0.4), choice_sets=sets,
        constants_h=np.array([0.5, 0.0, -0.3]), route_nest=np.array([7, 3, 3], dtype=np.int32),
    )  # fmt: skip
    inside = np.array([np.exp(-0.5 * 2.0), np.exp(-0.5 * 1.7)])
    upper = np.array([np.exp(0.4 * -0.5 * 1.5), inside.sum() ** 0.4])
    upper /= upper.sum()
    np.testing.assert_allclose(
        done.volume_t_d[0], [upper[0], *(upper[1] * inside / inside.sum())], rtol=1e-14
    )


def test_congestion_opens_a_route() -> None:
    # 0 -> 1 directly (fast, narrow), or 0 -> 2 -> 1 at ten times the cost, which the stretch limit leaves out at first.
    net = make_net(3, [0, 0, 2], [1, 2, 1])
    costs = make_costs([1.0, 5.0, 5.0], [1.0, np.inf, np.inf], alpha=1.0, beta=2.0)
    trips = make_trips([0], [0], [1], [10.0])
    settings = with_settings(stretch_share=0.1)
    done = find_stochastic_equilibrium(net, costs, trips, settings)
    assert done.status == AssignStatus.CONVERGED
    assert done.routes is not None
    assert len(done.routes.trip) == 2
    x = done.volume_t_d[0, 0]
    assert np.log(x / (10 - x)) == pytest.approx(0.5 * (10.0 - (1 + x**2)), abs=1e-7)
    closed = find_stochastic_equilibrium(
        net, costs, trips, settings, choice_sets=make_choice_sets([0], [0, 1], [0]),
        constants_h=np.zeros(1),
    )  # fmt: skip
    np.testing.assert_array_equal(closed.volume_t_d, [[10.0, 0.0, 0.0]])


def test_added_routes_are_labelled() -> None:
    net = make_net(3, [0, 0, 2], [1, 2, 1])
    costs = make_costs([1.0, 5.0, 5.0], [1.0, np.inf, np.inf], alpha=1.0, beta=2.0)

    def label(sets: ChoiceSets) -> tuple[np.ndarray, np.ndarray]:
        is_long = np.diff(sets.first_arc) == 2
        return np.where(is_long, 3.0, 0.0), is_long.astype(np.int32)

    trips = make_trips([0], [0], [1], [10.0])
    done = find_stochastic_equilibrium(
        net, costs, trips, with_settings(stretch_share=0.1), label_routes=label
    )
    x = done.volume_t_d[0, 0]
    assert np.log(x / (10 - x)) == pytest.approx(0.5 * (13.0 - (1 + x**2)), abs=1e-7)


def test_background_slows_and_is_not_counted() -> None:
    costs = make_costs([1.0, 1.0], [5.0, 5.0], alpha=1.0, beta=1.0, background=[5.0, 0.0])
    done = find_stochastic_equilibrium(TWO, costs, make_trips([0], [0], [1], [4.0]), SUE, choice_sets=BOTH)
    x = done.volume_t_d[0, 0]
    assert np.log(x / (4 - x)) == pytest.approx(0.5 * ((4 - x) - (x + 5)) / 5, abs=1e-9)
    np.testing.assert_allclose(done.time_h, [1 + (x + 5) / 5, 1 + (4 - x) / 5])


def test_unserved_trips_have_a_reason() -> None:
    costs = make_costs([2.0, 3.0], [5.0, 5.0])
    trips = make_trips([0, 0], [0, 1], [1, 0], [10.0, 4.0])
    done = find_stochastic_equilibrium(TWO, costs, trips, SUE)
    np.testing.assert_array_equal(done.unserved, [0.0, 4.0])
    assert done.unserved_reason == ("", "no_route")
    assert done.volume_t_d.sum() == pytest.approx(10.0)
    assert done.status == AssignStatus.CONVERGED


def test_nothing_to_load() -> None:
    costs = make_costs([2.0, 3.0], [5.0, 5.0])
    for trips in (make_trips([], [], [], []), make_trips([0], [1], [0], [3.0])):
        done = find_stochastic_equilibrium(TWO, costs, trips, SUE)
        assert done.status == AssignStatus.CONVERGED
        assert done.relative_gap_share == 0.0
        np.testing.assert_array_equal(done.volume_t_d, np.zeros((1, 2)))


def test_a_trip_within_one_place_needs_no_arc() -> None:
    done = find_stochastic_equilibrium(
        TWO, make_costs([2.0, 3.0], [5.0, 5.0]), make_trips([0], [0], [0], [3.0]), SUE
    )
    assert done.unserved.sum() == 0.0
    assert done.volume_t_d.sum() == 0.0


def test_arcs_without_time_and_without_cost() -> None:
    net = make_net(3, [0, 0, 1], [1, 1, 2])
    costs = make_costs([0.0, 0.0, 0.0], [5.0, 5.0, 5.0])
    sets = make_choice_sets([0, 0], [0, 2, 4], [0, 2, 1, 2])
    done = find_stochastic_equilibrium(net, costs, make_trips([0], [0], [2], [8.0]), SUE, choice_sets=sets)
    np.testing.assert_allclose(done.volume_t_d, [[4.0, 4.0, 8.0]])


def test_limits_are_kept_and_told() -> None:
    costs = make_costs([1.0, 2.0], [0.5, 0.7], alpha=1.0)
    told: list[Iteration] = []
    done = find_stochastic_equilibrium(
        TWO, costs, make_trips([0], [0], [1], [10.0]), with_settings(iteration_limit_count=1), told.append,
        choice_sets=BOTH,
    )  # fmt: skip
    assert done.status == AssignStatus.NOT_CONVERGED
    assert tuple(told) == done.history
    assert len(told) == 1
    assert done.relative_gap_share > 1e-10
    np.testing.assert_allclose(done.volume_t_d.sum(), 10.0)


def test_same_bytes_each_time_and_any_order_of_demand() -> None:
    rng = np.random.default_rng(3)
    tail = sorted([*range(6), *rng.integers(0, 6, 14).tolist()])
    head = [(one + 1 + int(rng.integers(0, 5))) % 6 for one in tail]
    net = make_net(6, tail, head)
    costs = make_costs(rng.uniform(1, 3, 20), rng.uniform(2, 6, 20))
    origin, destination = np.divmod(np.arange(36), 6)
    keep = origin != destination
    volume = rng.uniform(0.5, 2.0, 36)[keep]
    rows = (np.zeros(30, int), origin[keep], destination[keep])

    def run(order: np.ndarray) -> Assignment:
        return find_stochastic_equilibrium(
            net, costs, make_trips(*(one[order] for one in rows), volume[order]), SUE
        )

    one, two = run(np.arange(30)), run(np.arange(30)[::-1])
    assert one.volume_t_d.tobytes() == two.volume_t_d.tobytes()
    assert one.routes is not None
    assert two.routes is not None
    assert one.routes.volume_t_d.tobytes() == two.routes.volume_t_d.tobytes()
    assert one.relative_gap_share == two.relative_gap_share <= 1e-10


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"scale_factor": 0.0}, "scale_factor"),
        ({"scale_per_usd_t": -1.0}, "scale_per_usd_t"),
        ({"nest_factor": 0.0}, "nest_factor"),
        ({"nest_factor": 1.5}, "nest_factor"),
        ({"overlap_factor": -1.0}, "overlap_factor"),
        ({"route_limit_count": 0}, "route_limit_count"),
    ],
)
def test_wrong_settings_are_named(changes: dict[str, float], word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        find_stochastic_equilibrium(
            TWO,
            make_costs([1.0, 2.0], [5.0, 5.0]),
            make_trips([0], [0], [1], [1.0]),
            with_settings(**changes),
        )


def test_wrong_arrays_are_named_together() -> None:
    with pytest.raises(SettingsError) as caught:
        find_stochastic_equilibrium(
            TWO, make_costs([1.0, 2.0], [5.0, 5.0]), make_trips([0], [0], [1], [1.0]), SUE, choice_sets=BOTH,
            constants_h=np.zeros(3), route_nest=np.zeros(1, np.int32), segment_scale=np.array([1.0, 1.0]),
        )  # fmt: skip
    assert len(caught.value.issues) == 3
