"""Answers that start warm are those of a cold start: on small networks with congestion, and on Eurasia."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dehliz.assignment.choice import make_route_choice
from dehliz.assignment.corridor_choice import choose_corridors
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.stochastic import find_stochastic_equilibrium
from dehliz.assignment.strands import find_varying, make_strands
from dehliz.assignment.warm import WarmNetwork, warm_up_network
from dehliz.assignment.year import prepare_year, read_choice_model
from dehliz.disruption.elements import list_elements
from dehliz.disruption.impact import Baseline
from dehliz.disruption.shock import Effect, strike
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import make_trips
from dehliz.routing.alternatives import ChoiceSets
from tests.unit.assignment.networks import make_costs, make_net

SHAPES = {
    "ladder": ([0, 0, 1, 1, 2, 2, 3, 3, 4], [1, 2, 2, 3, 3, 4, 4, 5, 5]),
    "ring": ([0, 0, 1, 1, 2, 2, 3, 3, 4, 4], [1, 4, 2, 0, 3, 1, 4, 2, 0, 3]),
}
SCALE = np.array([0.8, 2.0])
SETTINGS = AssignmentSettings(
    method="sue", overlap_factor=0.0, nest_factor=1.0, target_gap_share=1e-10, refresh_share=0.0
)
"""Without path sizes, which a warm answer keeps for what is shut; routes come in as soon as they are the best."""


def no_label(sets: ChoiceSets) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(sets.n_route), np.zeros(sets.n_route, np.int32)


def warm_small(shape: str, seed: int) -> WarmNetwork:
    rng = np.random.default_rng(seed)
    tail, head = SHAPES[shape]
    count, last = len(tail), max(head)
    capacity = rng.uniform(2.0, 8.0, count)
    costs = make_costs(
        rng.uniform(0.5, 3.0, count),
        capacity,
        rng.uniform(0.0, 1.0, (2, count)),
        rng.uniform(0.1, 1.0, count),
        4.0,
    )
    net = make_net(last + 1, tail, head)
    trips = make_trips([0, 0, 1], [0, 1, 0], [last, last, last], [9.0, 3.0, 4.0], ("a", "b"))
    cold = find_stochastic_equilibrium(
        net, costs, trips, SETTINGS, label_routes=no_label, segment_scale=SCALE
    )
    found = cold.routes
    assert found is not None
    sets = ChoiceSets(found.trip, found.first_arc, found.arc, np.zeros(len(found.trip), np.int8))
    free_h = costs.time_h(np.zeros(count)) + costs.fixed_h
    choice = make_route_choice(sets, trips, costs, SETTINGS, SCALE, free_h, *no_label(sets))
    problem: Any = SimpleNamespace(graph=net, costs=costs, trips=trips)
    return WarmNetwork(
        problem, SETTINGS, SCALE, no_label, sets, *no_label(sets), choice.log_size,
        found.volume_t_d / trips.volume_t_d[found.trip], make_strands(choice, costs), find_varying(costs), cold,
        costs.time_h(cold.volume_t_d.sum(axis=0)),
    )  # fmt: skip


def change(costs: LoadCosts, how: str, at: int) -> LoadCosts:
    def scaled(values: np.ndarray, factor: float) -> np.ndarray:
        found = values.copy()
        found[..., at] *= factor
        return found

    if how == "closed":
        fixed = costs.fixed_h.copy()
        fixed[:, at] = np.inf
        return replace(costs, fixed_h=fixed)
    if how == "room":
        return replace(costs, capacity_t_d=scaled(costs.capacity_t_d, 0.4))
    if how == "time":
        return replace(costs, free_time_h=scaled(costs.free_time_h, 1.7))
    return replace(costs, fixed_h=scaled(costs.fixed_h, 3.0))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("how", ["closed", "room", "time", "tariff"])
@pytest.mark.parametrize("seed", range(3))
def test_a_change_gives_what_a_cold_start_gives(shape: str, how: str, seed: int) -> None:
    """The cold start knows the routes that the warm one ended with, and may add to them."""
    warm = warm_small(shape, seed)
    at = int(np.argmax(warm.assignment.volume_t_d.sum(axis=0)))
    costs = change(warm.problem.costs, how, at)
    settled = warm.settle(costs)
    assert settled.is_converged
    sets = settled.choice.sets
    cold = find_stochastic_equilibrium(
        warm.problem.graph, costs, warm.problem.trips, SETTINGS, choice_sets=sets, label_routes=no_label,
        segment_scale=SCALE,
    )  # fmt: skip
    assert cold.status == "converged"
    np.testing.assert_allclose(settled.volume_t_d, cold.volume_t_d.sum(axis=0), atol=1e-7)
    # The logsum, written out.
    trips, time_h = warm.problem.trips, costs.time_h(settled.volume_t_d)
    for trip in range(trips.n_trip):
        routes = [
            sets.arc[sets.first_arc[one] : sets.first_arc[one + 1]]
            for one in np.flatnonzero(sets.trip == trip)
        ]
        scale, fixed = SCALE[trips.segment[trip]], costs.fixed_h[trips.segment[trip]]
        costs_h = np.array([(time_h + fixed)[arcs].sum() for arcs in routes])
        expected = -np.logaddexp.reduce(-scale * costs_h) / scale
        assert settled.cost_h[trip] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("shape", SHAPES)
def test_equal_input_gives_equal_bytes(shape: str) -> None:
    warm = warm_small(shape, 5)
    at = int(np.argmax(warm.assignment.volume_t_d.sum(axis=0)))
    shut = change(warm.problem.costs, "closed", at)
    first = warm.settle(shut)
    warm.settle(change(warm.problem.costs, "room", at))
    warm.settle(volume_t_d=np.array([1.0, 2.0, 3.0]))
    again = warm.settle(shut)
    assert first.flow_t_d.tobytes() == again.flow_t_d.tobytes()
    assert first.cost_h.tobytes() == again.cost_h.tobytes()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_there_and_back_again(shape: str, seed: int) -> None:
    """From an answer to other volumes and back, with the routes that both know."""
    warm = warm_small(shape, seed)
    shut = change(warm.problem.costs, "closed", int(np.argmax(warm.assignment.volume_t_d.sum(axis=0))))
    first = warm.settle(shut)
    less = warm.settle(shut, 0.8 * warm.problem.trips.volume_t_d, first)
    assert less.volume_t_d.sum() < first.volume_t_d.sum()
    back = warm.settle(shut, None, less)
    if less.choice.sets.n_route == first.choice.sets.n_route:
        np.testing.assert_allclose(back.volume_t_d, first.volume_t_d, atol=1e-6)
        np.testing.assert_allclose(back.cost_h, first.cost_h, rtol=1e-6)
    else:
        assert less.choice.sets.n_route > first.choice.sets.n_route


@pytest.mark.slow
def test_eurasia_gives_what_a_cold_start_gives() -> None:
    """Without path sizes, and with the routes known: volumes of a cold assignment.

    A cold start with these routes can add some of its own while its flows are still rough; then volumes agree within a
    thousandth of all cargo (4e-4 was the most), else within what the gaps leave.
    """
    differences = []
    problem, model = prepare_year(2024), read_choice_model(2024)
    settings = AssignmentSettings(method="sue", overlap_factor=0.0)
    baseline = Baseline(warm_up_network(problem, model, settings))
    every = {one.token: one for one in list_elements(problem)}
    effects = [
        Effect(every["border:MN-RU"].arcs, is_closed=True),
        Effect(every["country:AZ"].arcs, is_closed=True),
        Effect(every["place:aktau"].arcs, capacity_factor=0.5),
        Effect(every["border:CN-KZ"].arcs, time_factor=2.0, waiting_add_h=24.0),
        Effect(every["passage:suez"].arcs, tariff_factor=2.0),
    ]
    for effect in effects:
        costs = strike(baseline, [effect]).costs
        settled = baseline.warm.settle(costs)
        assert settled.is_converged
        cold = choose_corridors(replace(problem, costs=costs), model, settings, settled.choice.sets)
        assert cold.status == "converged"
        most_t_d = float(np.abs(settled.volume_t_d - cold.volume_t_d.sum(axis=0)).max())
        differences.append(most_t_d / float(problem.trips.volume_t_d.sum()))
    assert max(differences) < 1e-3
    assert sum(one < 1e-6 for one in differences) >= 3
