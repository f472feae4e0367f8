"""All or nothing: every trip on the one best way, found again by a plain search."""

import numpy as np
import pytest

from dehliz.assignment import all_or_nothing
from dehliz.assignment.assign import assign
from dehliz.assignment.result import Assignment, AssignStatus, Iteration
from dehliz.assignment.settings import AssignmentSettings
from dehliz.base.errors import SettingsError
from dehliz.graph.trips import make_trips
from tests.oracles.dijkstra import least_costs
from tests.unit.assignment.roads import Road, random_road, read_small

AON = AssignmentSettings(method="aon")
SEEDS = range(40)


def load(road: Road) -> Assignment:
    return assign(road.graph, road.costs, road.trips, AON)


def by_row(road: Road, values: np.ndarray) -> list[float]:
    """Values of arcs in the order of links."""
    return [float(value) for value in values[np.argsort(road.graph.row)]]


def bpr(road: Road, volume: np.ndarray) -> np.ndarray:
    """Times written out."""
    costs = road.costs
    share = (volume + costs.background_t_d) / costs.capacity_t_d
    return np.asarray(costs.free_time_h * (1.0 + costs.alpha_factor * share**costs.beta_factor))


def test_small_network_by_hand() -> None:
    road = read_small()
    found = load(road)
    # Links 1-4, 1-3, 3-2, 4-2, 4-5, 5-2, 2-4, 4-3: see tests/cases/tntp_small/README.md.
    assert by_row(road, found.volume_t_d[0]) == [10, 4, 0, 0, 10, 10, 5, 5]
    time = by_row(road, found.time_h)
    assert time[4:6] == pytest.approx([2.3, 3.45])
    assert found.status == AssignStatus.CONVERGED
    assert found.method == "aon"
    assert found.unserved.tolist() == [0, 0, 0]
    assert found.unserved_reason == ("", "", "")
    # Nobody has a better way at these times: 1-4-5-2 takes 1.009375 + 2.3 + 3.45, 4-2 would take 10.
    assert found.relative_gap_share == pytest.approx(0.0, abs=1e-15)
    assert found.total_time == pytest.approx(
        10 * (1 + 0.15 / 16 + 2.3 + 3.45) + 4 * (1 + 0.15 / 625) + 5 * (3 + 0.3 / 256)
    )


def test_the_toll_turns_the_way() -> None:
    road = read_small(toll_factor=0.1)
    assert by_row(road, load(road).volume_t_d[0]) == [10, 4, 0, 10, 0, 0, 5, 5]


@pytest.mark.parametrize("seed", SEEDS)
def test_volumes_are_those_of_a_plain_search(seed: int) -> None:
    road = random_road(seed)
    found = load(road)
    graph, trips = road.graph, road.trips
    free = bpr(road, np.zeros(graph.n_arc))
    expected = np.zeros_like(found.volume_t_d)
    for trip in range(trips.n_trip):
        segment, origin, destination = (
            int(part[trip]) for part in (trips.segment, trips.origin, trips.destination)
        )
        weight = free + road.costs.fixed_h[segment]
        arcs = [(int(t), int(h), float(w)) for t, h, w in zip(graph.tail, graph.head, weight, strict=True)]
        cost = least_costs(graph.n_vertex, arcs, origin)
        if not np.isfinite(cost[destination]):
            assert found.unserved[trip] == trips.volume_t_d[trip]
            assert found.unserved_reason[trip] == "no_route"
            continue
        assert found.unserved[trip] == 0.0
        vertex = destination
        while vertex != origin:  # back along the arc that explains the cost
            arc = next(
                a for a, (t, h, w) in enumerate(arcs) if h == vertex and cost[t] + w == cost[vertex] < np.inf
            )
            expected[segment, arc] += trips.volume_t_d[trip]
            vertex = int(graph.tail[arc])
    assert found.volume_t_d == pytest.approx(expected, rel=1e-12)
    assert found.time_h == pytest.approx(bpr(road, expected.sum(axis=0)), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_gap_and_objective_written_out(seed: int) -> None:
    road = random_road(seed)
    found = load(road)
    graph, trips, costs = road.graph, road.trips, road.costs
    priced = found.time_h + np.where(np.isfinite(costs.fixed_h), costs.fixed_h, 0.0)
    total = float((priced * found.volume_t_d).sum())
    least = 0.0
    for trip in range(trips.n_trip):
        segment = int(trips.segment[trip])
        arcs = list(
            zip(
                graph.tail.tolist(),
                graph.head.tolist(),
                (found.time_h + costs.fixed_h[segment]).tolist(),
                strict=True,
            )
        )
        served = float(trips.volume_t_d[trip] - found.unserved[trip])
        if served:
            least += (
                served * least_costs(graph.n_vertex, arcs, int(trips.origin[trip]))[trips.destination[trip]]
            )
    assert found.total_time == pytest.approx(total, rel=1e-12)
    assert found.relative_gap_share == pytest.approx((total - least) / total if total else 0.0, abs=1e-12)

    def integrate(volume: np.ndarray) -> np.ndarray:
        share, power = volume / costs.capacity_t_d, costs.beta_factor
        return np.asarray(costs.free_time_h * volume * (1 + costs.alpha_factor / (power + 1) * share**power))

    # The trips' share of the integral: from the background on.
    integral = integrate(found.total_volume_t_d) - integrate(costs.background_t_d)
    fixed = np.where(
        found.volume_t_d > 0, np.where(np.isfinite(costs.fixed_h), costs.fixed_h, 0) * found.volume_t_d, 0
    )
    assert found.beckmann_objective == pytest.approx(integral.sum() + fixed.sum(), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_routes_and_flows_by_origin_sum_to_the_volumes(seed: int) -> None:
    road = random_road(seed)
    found = load(road)
    routes, bushes = found.routes, found.bushes
    assert routes is not None
    assert bushes is not None
    volume = np.zeros_like(found.volume_t_d)
    for route, trip in enumerate(routes.trip):
        arcs = routes.arc[routes.first_arc[route] : routes.first_arc[route + 1]]
        assert road.graph.tail[arcs[0]] == road.trips.origin[trip]
        assert road.graph.head[arcs[-1]] == road.trips.destination[trip]
        assert (road.graph.head[arcs[:-1]] == road.graph.tail[arcs[1:]]).all()
        assert routes.volume_t_d[route] == road.trips.volume_t_d[trip]
        volume[road.trips.segment[trip], arcs] += routes.volume_t_d[route]
    assert volume == pytest.approx(found.volume_t_d, rel=1e-12)
    volume[:] = 0.0
    for bush in range(len(bushes.origin)):
        part = slice(bushes.first_flow[bush], bushes.first_flow[bush + 1])
        assert (bushes.volume_t_d[part] > 0.0).all()
        volume[bushes.segment[bush], bushes.arc[part]] += bushes.volume_t_d[part]
    assert volume == pytest.approx(found.volume_t_d, rel=1e-12)


def test_no_trips_at_all() -> None:
    road = read_small()
    found = load(Road(road.graph, road.costs, make_trips([], [], [], [])))
    assert found.volume_t_d.tolist() == [[0.0] * 8]
    assert (found.relative_gap_share, found.total_time, found.beckmann_objective) == (0.0, 0.0, 0.0)
    assert found.routes is not None
    assert len(found.routes.trip) == 0


def test_too_many_routes_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_or_nothing, "ROUTE_ARC_LIMIT", 3)
    road = read_small()
    found = load(road)
    assert found.routes is None
    assert found.bushes is not None
    assert by_row(road, found.volume_t_d[0]) == [10, 4, 0, 0, 10, 10, 5, 5]


def test_the_one_step_is_told() -> None:
    road = read_small()
    steps: list[Iteration] = []
    found = assign(road.graph, road.costs, road.trips, AON, steps.append)
    assert tuple(steps) == found.history
    assert [step.number_count for step in steps] == [1]


def test_a_method_that_does_not_exist() -> None:
    road = read_small()
    with pytest.raises(SettingsError, match="Method 'magic' was given"):
        assign(road.graph, road.costs, road.trips, AssignmentSettings(method="magic"))  # type: ignore[arg-type]
