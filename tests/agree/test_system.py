"""The system optimum by routes against the plain programme over arc flows, on random small networks."""

from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest
from benchmarks.builders.planar import scarce_planar

from dehliz.assignment.result import Assignment, AssignStatus
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.system import find_system_optimum, system_cost_usd
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips, make_trips
from tests.oracles.dijkstra import least_costs
from tests.oracles.flow_lp import solve_flow_lp

SETTINGS = AssignmentSettings(method="so", target_gap_share=1e-10)
SEEDS = range(60)


def draw(seed: int) -> tuple[SimpleNamespace, LoadCosts, Trips]:
    """A network with parallel, zero-cost, forbidden and full arcs, several segments, unreachable pairs."""
    rng = np.random.default_rng(seed)
    vertex_count = int(rng.integers(3, 9))
    arc_count = int(rng.integers(2 * vertex_count, 6 * vertex_count))
    segment_count = int(rng.integers(1, 4))
    tail = np.sort(rng.integers(0, vertex_count, arc_count)).astype(np.int32)
    head = rng.integers(0, vertex_count, arc_count).astype(np.int32)
    graph = SimpleNamespace(
        first_out=np.searchsorted(tail, np.arange(vertex_count + 1)).astype(np.int32), tail=tail, head=head
    )
    is_whole = bool(rng.random() < 0.5)  # whole numbers make ties
    time_h = rng.integers(0, 5, arc_count).astype(float) if is_whole else rng.random(arc_count)
    fixed_h = rng.integers(0, 3, (segment_count, arc_count)).astype(float)
    fixed_h[rng.random(fixed_h.shape) < 0.05] = np.inf
    capacity = np.round(rng.lognormal(2.5, 1.0, arc_count), 0 if is_whole else 8)
    capacity[rng.random(arc_count) < 0.2] = np.inf
    costs = LoadCosts(
        form=np.zeros(arc_count, np.int8),
        free_time_h=time_h,
        capacity_t_d=capacity,
        alpha_factor=np.zeros(arc_count),
        beta_factor=np.zeros(arc_count),
        fixed_h=fixed_h,
        value_of_time_usd_t_h=rng.choice([1.0, 0.5, 3.0], segment_count),
        background_t_d=np.where(rng.random(arc_count) < 0.3, rng.integers(0, 8, arc_count), 0).astype(float),
        is_capped=rng.random(arc_count) < 0.8,
        facility=draw_facilities(rng, arc_count) if rng.random() < 0.5 else None,
    )
    count = int(rng.integers(2, 14))
    trips = make_trips(
        rng.integers(0, segment_count, count),
        rng.integers(0, vertex_count, count),
        rng.integers(0, vertex_count, count),
        np.round(rng.lognormal(1.5, 1.0, count)) if is_whole else rng.lognormal(1.5, 1.0, count),
        tuple(f"s{at}" for at in range(segment_count)),
    )
    return graph, costs, trips


def draw_facilities(rng: np.random.Generator, arc_count: int) -> npt.NDArray[np.int32]:
    """Some arcs share the capacity of an arc before them that stands for itself."""
    facility = np.arange(arc_count, dtype=np.int32)
    for arc in range(1, arc_count):
        if rng.random() < 0.4:
            facility[arc] = facility[rng.integers(arc)]
    return facility


def left(costs: LoadCosts) -> npt.NDArray[np.float64]:
    """Capacity that the background leaves of the facility of each arc."""
    rest = np.where(costs.is_capped, np.maximum(0.0, costs.capacity_t_d - costs.background_t_d), np.inf)
    return rest[costs.facilities]


def through(costs: LoadCosts, found: Assignment) -> npt.NDArray[np.float64]:
    """Flow through the facility of each arc, background not included."""
    volume = np.bincount(costs.facilities, found.volume_t_d.sum(axis=0), len(costs.facilities))
    return np.asarray(volume[costs.facilities])


def with_more(costs: LoadCosts, arc: int, more: float) -> LoadCosts:
    parts = {name: getattr(costs, name) for name in LoadCosts.__dataclass_fields__}
    capacity = costs.capacity_t_d.copy()
    capacity[arc] += more
    return LoadCosts(**{**parts, "capacity_t_d": capacity})


def check_routes(graph: SimpleNamespace, found: Assignment) -> None:
    """Routes lead from origin to destination, carry what is not unserved, and add up to the volumes."""
    routes, trips = found.routes, found.trips
    assert routes is not None
    volume = np.zeros_like(found.volume_t_d)
    served = np.zeros(trips.n_trip)
    for at, trip in enumerate(routes.trip):
        here = trips.origin[trip]
        for arc in routes.arc[routes.first_arc[at] : routes.first_arc[at + 1]]:
            assert graph.tail[arc] == here
            here = graph.head[arc]
            volume[trips.segment[trip], arc] += routes.volume_t_d[at]
        assert here == trips.destination[trip]
        assert routes.volume_t_d[at] > 0.0
        served[trip] += routes.volume_t_d[at]
    np.testing.assert_allclose(served + found.unserved, trips.volume_t_d, rtol=1e-12)
    np.testing.assert_allclose(volume, found.volume_t_d, rtol=1e-12, atol=1e-12)
    assert np.all(np.diff(routes.trip) >= 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_as_the_arc_flow_programme(seed: int) -> None:
    graph, costs, trips = draw(seed)
    found = find_system_optimum(graph, costs, trips, SETTINGS)
    expected = solve_flow_lp(graph.tail, graph.head, costs, trips)
    cost = system_cost_usd(costs, found.volume_t_d)
    assert found.unserved.sum() == pytest.approx(expected.unserved, rel=1e-9, abs=1e-9)
    assert cost == pytest.approx(expected.cost, rel=1e-9, abs=1e-9)
    assert found.lower_bound <= cost * (1.0 + 1e-12)
    assert found.relative_gap_share <= 1e-10
    assert np.all(found.volume_t_d[~np.isfinite(costs.fixed_h)] == 0.0)
    assert np.all(through(costs, found) <= left(costs) * (1.0 + 1e-9) + 1e-9)
    check_routes(graph, found)
    is_full = "no_capacity" in found.unserved_reason
    assert found.status == (AssignStatus.INFEASIBLE if is_full else AssignStatus.CONVERGED)


@pytest.mark.parametrize("seed", SEEDS)
def test_prices_prove_the_bound(seed: int) -> None:
    """Complementary slackness, and the bound from the prices alone by a plain search."""
    graph, costs, trips = draw(seed)
    found = find_system_optimum(graph, costs, trips, SETTINGS)
    price = found.price_usd_t
    assert price is not None
    assert np.all(price >= 0.0)
    slack = left(costs) - through(costs, found)
    assert np.all(price[slack > 1e-7] <= 1e-7)
    if "no_capacity" in found.unserved_reason:
        return
    bound = 0.0
    for at in range(trips.n_trip):
        segment = trips.segment[at]
        weight = costs.value_of_time_usd_t_h[segment] * (costs.free_time_h + costs.fixed_h[segment]) + price
        arcs = list(zip(graph.tail.tolist(), graph.head.tolist(), weight.tolist(), strict=True))
        least = least_costs(len(graph.first_out) - 1, arcs, int(trips.origin[at]))[trips.destination[at]]
        if np.isfinite(least):
            bound += trips.volume_t_d[at] * least
    is_scarce = (price > 0.0) & costs.stands
    bound -= float(price[is_scarce] @ left(costs)[is_scarce])
    assert bound == pytest.approx(found.lower_bound, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_price_is_what_more_capacity_saves(seed: int) -> None:
    """The price lies between what a little more saves and what a little less costs, and often these are equal."""
    graph, costs, trips = draw(seed)
    found = find_system_optimum(graph, costs, trips, SETTINGS)
    if "no_capacity" in found.unserved_reason:
        return  # a tonne that more capacity would serve is priced at a penalty
    assert found.price_usd_t is not None
    cost = solve_flow_lp(graph.tail, graph.head, costs, trips).cost
    little = 1e-4
    for arc in np.flatnonzero((found.price_usd_t > 1e-6) & costs.stands)[:4].tolist():
        more = solve_flow_lp(graph.tail, graph.head, with_more(costs, arc, little), trips)
        saved = (cost - more.cost) / little
        assert found.price_usd_t[arc] >= saved - 1e-4
        if left(costs)[arc] <= little:
            continue
        less = solve_flow_lp(graph.tail, graph.head, with_more(costs, arc, -little), trips)
        if less.unserved <= 1e-9 + more.unserved:
            assert found.price_usd_t[arc] <= (less.cost - cost) / little + 1e-4


@pytest.mark.parametrize("seed", range(6))
def test_same_bytes_again(seed: int) -> None:
    graph, costs, trips = draw(seed)
    first = find_system_optimum(graph, costs, trips, SETTINGS)
    again = find_system_optimum(graph, costs, trips, SETTINGS)
    assert first.volume_t_d.tobytes() == again.volume_t_d.tobytes()
    assert first.price_usd_t is not None
    assert again.price_usd_t is not None
    assert first.price_usd_t.tobytes() == again.price_usd_t.tobytes()
    assert first.lower_bound == again.lower_bound


@pytest.mark.parametrize("seed", range(4))
def test_a_larger_network_in_several_rounds(seed: int) -> None:
    """Enough scarce arcs that routes, capacities and prices take turns, and twice the same bytes."""
    graph, costs, trips = scarce_planar(120, 420, 16, capped_share=0.9, load_share=0.6, seed=seed)
    found = find_system_optimum(graph, costs, trips, SETTINGS)
    expected = solve_flow_lp(graph.tail, graph.head, costs, trips)
    assert len(found.history) > 1
    assert found.relative_gap_share <= 1e-10
    assert found.unserved.sum() == pytest.approx(expected.unserved, rel=1e-9, abs=1e-9)
    assert system_cost_usd(costs, found.volume_t_d) == pytest.approx(expected.cost, rel=1e-9)
    again = find_system_optimum(graph, costs, trips, SETTINGS)
    assert found.volume_t_d.tobytes() == again.volume_t_d.tobytes()
