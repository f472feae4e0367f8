"""System optima worked out by hand, and what happens where there is none."""

import itertools
from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest

from dehliz.assignment.result import Assignment, AssignStatus, Iteration
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.system import find_system_optimum, system_cost_usd, system_gap
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import make_trips

INF = np.inf
Arc = tuple[int, int, float, float]
Flow = tuple[int, int, int, float]


def load(
    arcs: Sequence[Arc],
    flows: Sequence[Flow],
    fixed_h: object = 0.0,
    value_of_time_usd_t_h: Sequence[float] = (1.0,),
    background_t_d: object = 0.0,
    settings: AssignmentSettings | None = None,
    told: list[Iteration] | None = None,
) -> Assignment:
    """Load flows (segment, origin, destination, volume) on arcs (tail, head, time, capacity), sorted by tail."""
    tail, head, time_h, capacity = (np.array(part) for part in zip(*arcs, strict=True))
    vertex_count = 1 + max(tail.max(), head.max())
    first_out = np.searchsorted(tail, np.arange(vertex_count + 1)).astype(np.int32)
    graph = SimpleNamespace(first_out=first_out, tail=tail.astype(np.int32), head=head.astype(np.int32))
    count, segment_count = len(arcs), len(value_of_time_usd_t_h)
    costs = LoadCosts(
        form=np.zeros(count, np.int8),
        free_time_h=time_h.astype(float),
        capacity_t_d=capacity.astype(float),
        alpha_factor=np.zeros(count),
        beta_factor=np.zeros(count),
        fixed_h=np.broadcast_to(np.asarray(fixed_h, float), (segment_count, count)).copy(),
        value_of_time_usd_t_h=np.array(value_of_time_usd_t_h, float),
        background_t_d=np.broadcast_to(np.asarray(background_t_d, float), count).copy(),
        is_capped=np.isfinite(capacity.astype(float)),
    )
    parts = [[flow[at] for flow in flows] for at in range(4)]
    ids = tuple(f"segment {at}" for at in range(segment_count))
    trips = make_trips(*parts, segment_ids=ids)
    asked = settings or AssignmentSettings(method="so", target_gap_share=1e-12)
    return find_system_optimum(graph, costs, trips, asked, None if told is None else told.append)


def prices(found: Assignment) -> list[float]:
    assert found.price_usd_t is not None
    return found.price_usd_t.tolist()


def test_the_cheap_way_fills_first() -> None:
    found = load([(0, 1, 1.0, 5.0), (0, 1, 3.0, INF)], [(0, 0, 1, 8.0)])
    assert found.method == "so"
    assert found.status is AssignStatus.CONVERGED
    np.testing.assert_allclose(found.volume_t_d, [[5.0, 3.0]])
    assert found.lower_bound == pytest.approx(14.0)
    assert found.total_time == pytest.approx(14.0)
    assert found.beckmann_objective == pytest.approx(14.0)
    assert prices(found) == pytest.approx([2.0, 0.0])
    assert found.unserved.tolist() == [0.0]
    assert found.unserved_reason == ("",)
    assert found.time_h.tolist() == [1.0, 3.0]


def test_the_dearer_hour_goes_first() -> None:
    """Two segments want one fast arc: it goes to the one whose time is worth more; the price is what it saves."""
    arcs = [(0, 1, 1.0, 4.0), (0, 1, 3.0, INF)]
    found = load(arcs, [(0, 0, 1, 4.0), (1, 0, 1, 4.0)], value_of_time_usd_t_h=(1.0, 10.0))
    np.testing.assert_allclose(found.volume_t_d, [[0.0, 4.0], [4.0, 0.0]])
    assert system_cost_usd(found.costs, found.volume_t_d) == pytest.approx(4 * 3 * 1.0 + 4 * 1 * 10.0)
    assert 2.0 - 1e-9 <= prices(found)[0] <= 20.0 + 1e-9


def test_fixed_costs_and_forbidden_arcs() -> None:
    arcs = [(0, 1, 1.0, INF), (0, 1, 1.0, INF)]
    found = load(arcs, [(0, 0, 1, 1.0), (1, 0, 1, 1.0)], [[2.0, 3.0], [INF, 3.0]], (1.0, 1.0))
    assert found.volume_t_d.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert found.total_time == pytest.approx(3.0 + 4.0)


def test_capacity_of_nothing_on_the_only_way() -> None:
    found = load([(0, 1, 1.0, INF), (1, 2, 1.0, 0.0)], [(0, 0, 2, 7.0), (0, 0, 1, 2.0)])
    assert found.status is AssignStatus.INFEASIBLE
    assert found.unserved.tolist() == [0.0, 7.0]
    assert found.unserved_reason == ("", "no_capacity")
    np.testing.assert_allclose(found.volume_t_d, [[2.0, 0.0]])
    assert found.relative_gap_share <= 1e-12
    assert prices(found)[1] > 0.0


def test_nothing_can_be_carried() -> None:
    found = load([(0, 1, 1.0, 0.0)], [(0, 0, 1, 7.0)])
    assert found.status is AssignStatus.INFEASIBLE
    assert found.unserved.tolist() == [7.0]
    assert found.volume_t_d.tolist() == [[0.0]]
    assert found.lower_bound == 0.0
    assert found.relative_gap_share == 0.0
    assert found.routes is not None
    assert len(found.routes.trip) == 0


def test_demand_above_all_capacity() -> None:
    found = load([(0, 1, 1.0, 5.0), (0, 1, 3.0, 2.0)], [(0, 0, 1, 10.0)])
    assert found.status is AssignStatus.INFEASIBLE
    assert found.unserved.tolist() == pytest.approx([3.0])
    assert found.unserved_reason == ("no_capacity",)
    assert found.lower_bound == pytest.approx(11.0)
    assert prices(found)[0] - prices(found)[1] == pytest.approx(2.0)


def test_no_route_is_not_a_matter_of_capacity() -> None:
    found = load([(0, 1, 1.0, 5.0), (2, 1, 1.0, 5.0)], [(0, 0, 1, 4.0), (0, 0, 2, 3.0)])
    assert found.status is AssignStatus.CONVERGED
    assert found.unserved.tolist() == [0.0, 3.0]
    assert found.unserved_reason == ("", "no_route")


def test_background_takes_its_part_first() -> None:
    arcs = [(0, 1, 1.0, 5.0), (0, 1, 3.0, 5.0), (0, 1, 9.0, INF)]
    found = load(arcs, [(0, 0, 1, 8.0)], background_t_d=[2.0, 6.0, 1.0])
    np.testing.assert_allclose(found.volume_t_d, [[3.0, 0.0, 5.0]])
    assert prices(found) == pytest.approx([8.0, 6.0, 0.0])
    assert found.total_volume_t_d.tolist() == pytest.approx([5.0, 6.0, 6.0])


def test_a_capacity_that_is_not_hard() -> None:
    arcs = [(0, 1, 1.0, INF), (0, 1, 3.0, INF)]
    found = load(arcs, [(0, 0, 1, 8.0)])
    assert found.volume_t_d.tolist() == [[8.0, 0.0]]
    assert prices(found) == [0.0, 0.0]


def test_serving_more_comes_before_costing_less() -> None:
    """One trip must make a detour of a thousand hours so that another can be served at all."""
    arcs = [(0, 1, 0.0, INF), (0, 3, 1000.0, INF), (1, 2, 1.0, 1.0), (2, 3, 0.0, INF), (4, 1, 0.0, INF)]
    found = load(arcs, [(0, 0, 3, 1.0), (0, 4, 2, 1.0)])
    assert found.status is AssignStatus.CONVERGED
    assert found.unserved.sum() == 0.0
    assert found.total_time == pytest.approx(1001.0)
    assert prices(found)[2] >= 999.0 - 1e-6


def test_a_trip_that_stays() -> None:
    found = load([(0, 1, 1.0, 5.0)], [(0, 0, 0, 3.0), (0, 0, 1, 2.0)])
    assert found.status is AssignStatus.CONVERGED
    assert found.routes is not None
    assert found.routes.trip.tolist() == [0, 1]
    assert found.routes.first_arc.tolist() == [0, 0, 1]
    assert found.volume_t_d.tolist() == [[2.0]]
    assert found.unserved.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("flows", [[], [(0, 0, 0, 3.0)], [(0, 1, 0, 3.0)]])
def test_nothing_to_route(flows: list[Flow]) -> None:
    found = load([(0, 1, 1.0, 5.0)], flows)
    assert found.status is AssignStatus.CONVERGED
    assert found.volume_t_d.tolist() == [[0.0]]
    assert found.relative_gap_share == 0.0


def test_costs_of_nothing() -> None:
    found = load([(0, 1, 0.0, 5.0), (0, 1, 0.0, 5.0), (1, 0, 0.0, 1.0)], [(0, 0, 1, 8.0)])
    assert found.status is AssignStatus.CONVERGED
    assert found.volume_t_d.sum() == pytest.approx(8.0)
    assert found.lower_bound == 0.0


def ladder(count: int = 12) -> tuple[list[Arc], list[Flow]]:
    """Towns in a row with two arcs between neighbours and long ways round: takes more than one round."""
    rng = np.random.default_rng(5)
    arcs = [(at, at + 1, 1.0 + rng.random(), 4.0) for at in range(count)]
    arcs += [(at, at + 1, 2.0 + rng.random(), 5.0) for at in range(count)]
    arcs += [(at, at + step, 2.5 * step + rng.random(), 6.0) for step in (2, 3) for at in range(count - step)]
    flows = [(0, at, at + int(rng.integers(1, count - at)), 3.0 * rng.random()) for at in range(count - 1)]
    return sorted(arcs), flows


@pytest.mark.parametrize(
    "settings",
    [
        AssignmentSettings(method="so", target_gap_share=0.0, iteration_limit_count=1),
        AssignmentSettings(method="so", target_gap_share=0.0, time_limit_s=0.0),
    ],
)
def test_a_limit_ends_it_within_the_capacities(settings: AssignmentSettings) -> None:
    arcs, flows = ladder()
    found = load(arcs, flows, settings=settings)
    whole = load(arcs, flows)
    assert len(found.history) == 1
    assert np.all(found.volume_t_d.sum(axis=0) <= np.array([arc[3] for arc in arcs]) * (1.0 + 1e-9))
    assert found.status is AssignStatus.NOT_CONVERGED
    assert whole.status is AssignStatus.CONVERGED
    assert 0.0 < found.lower_bound <= whole.total_time * (1.0 + 1e-9)


def test_each_round_is_told() -> None:
    arcs, flows = ladder()
    told: list[Iteration] = []
    found = load(arcs, flows, told=told)
    assert tuple(told) == found.history
    assert [step.number_count for step in told] == list(range(1, len(told) + 1))
    assert all(early.seconds_s <= late.seconds_s for early, late in itertools.pairwise(told))


def test_relative_gap() -> None:
    assert system_gap(10.0, 9.0) == pytest.approx(0.1)
    assert system_gap(10.0, 11.0) == 0.0
    assert system_gap(10.0, -INF) == 1.0
    assert system_gap(0.0, -1.0) == 0.0
