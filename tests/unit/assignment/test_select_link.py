"""Who uses a link: exact on routes, and on flows by origin the proportional split, both against enumeration."""

from dataclasses import replace

import numpy as np
import pytest

from dehliz.assignment.assign import assign
from dehliz.assignment.result import Assignment, OriginFlows, RouteFlows
from dehliz.assignment.select_link import select_link
from dehliz.assignment.settings import AssignmentSettings
from dehliz.base.errors import SolverError
from dehliz.graph.trips import make_trips
from tests.unit.assignment.roads import Road, random_road, read_small

AON = AssignmentSettings(method="aon")


def load(road: Road) -> Assignment:
    return assign(road.graph, road.costs, road.trips, AON)


def arc_of(road: Road, link: int) -> int:
    return int(np.flatnonzero(road.graph.row == link)[0])


def test_small_network_by_hand() -> None:
    road = read_small()
    found = load(road)
    chosen = select_link(found, road.graph, [arc_of(road, 0)])  # 1-4, with 10 from 1 to 2
    assert chosen.trip.tolist() == [0]
    assert chosen.volume_t_d.tolist() == [10.0]
    assert chosen.is_exact
    both = select_link(found, road.graph, [arc_of(road, 0), arc_of(road, 4), arc_of(road, 7)])
    assert both.trip.tolist() == [0, 2]
    assert both.total_t_d == 15.0  # the trip from 1 to 2 passes two of them and counts once
    assert select_link(found, road.graph, []).total_t_d == 0.0
    assert len(select_link(found, road.graph, [arc_of(road, 2)]).trip) == 0


@pytest.mark.parametrize("seed", range(40))
def test_routes_against_enumeration_and_trees_against_routes(seed: int) -> None:
    road = random_road(seed)
    found = load(road)
    arcs = np.random.default_rng(seed).choice(road.graph.n_arc, 3, replace=False)
    routes = found.routes
    assert routes is not None
    expected = {}
    for route, trip in enumerate(routes.trip.tolist()):
        if set(routes.arc[routes.first_arc[route] : routes.first_arc[route + 1]]) & set(arcs.tolist()):
            expected[trip] = expected.get(trip, 0.0) + routes.volume_t_d[route]
    for given in (found, replace(found, routes=None)):
        chosen = select_link(given, road.graph, arcs)
        assert dict(zip(chosen.trip.tolist(), chosen.volume_t_d.tolist(), strict=True)) == pytest.approx(
            expected
        )
        assert chosen.is_exact


# Vertices 0 to 5; two ways from 0 to 3, then two ways from 3 to 4, and 5 beside 4:
#   0 -> 1 -> 3, 0 -> 2 -> 3, 3 -> 4, 3 -> 5 -> 4
PAIRS = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (3, 5), (5, 4)]


def make_bush(flow: list[float], method: str = "ue") -> tuple[Assignment, Road]:
    """One bush with given flows; trips 0 -> 3 (2), 0 -> 4 (6) and 0 -> 5 (2)."""
    from tests.unit.kernels.networks import build

    net = build(6, [pair[0] for pair in PAIRS], [pair[1] for pair in PAIRS], np.ones(len(PAIRS)))
    small = read_small()
    graph = replace(
        small.graph, first_out=net.star.first_out.copy(), tail=net.tail.copy(), head=net.head.copy(),
        is_closed=np.zeros(7, bool), row=np.arange(7, dtype=np.int32),
    )  # fmt: skip
    trips = make_trips([0, 0, 0], [0, 0, 0], [3, 4, 5], [2.0, 6.0, 2.0])
    used = np.flatnonzero(np.array(flow) > 0.0).astype(np.int32)
    bush = OriginFlows(
        np.zeros(1, np.int32), np.zeros(1, np.int32), np.array([0, len(used)]), used, np.array(flow)[used]
    )
    found = replace(load(small), method=method, trips=trips, unserved=np.zeros(3), routes=None, bushes=bush)
    return found, Road(graph, small.costs, trips)


def enumerate_ways(flow: list[float], chosen: set[int], to: int) -> float:
    """Share of what arrives at a vertex by ways through a chosen arc, when every vertex mixes in proportion."""
    inflow = [
        sum(f for f, (_, head) in zip(flow, PAIRS, strict=True) if head == vertex) for vertex in range(6)
    ]

    def walk(vertex: int, share: float, has_passed: bool) -> float:
        if vertex == 0:
            return share if has_passed else 0.0
        return sum(
            walk(tail, share * flow[arc] / inflow[vertex], has_passed or arc in chosen)
            for arc, (tail, head) in enumerate(PAIRS)
            if head == vertex and flow[arc] > 0.0
        )

    return walk(to, 1.0, False)


FLOW = [7.0, 3.0, 7.0, 3.0, 2.0, 6.0, 4.0]


@pytest.mark.parametrize("chosen", [{0}, {1}, {4}, {6}, {0, 6}, {2, 3}, {1, 5}, set(range(7))])
def test_a_bush_is_mixed_in_proportion(chosen: set[int]) -> None:
    found, road = make_bush(FLOW)
    selected = select_link(found, road.graph, chosen)
    assert not selected.is_exact
    expected = [
        volume * enumerate_ways(FLOW, chosen, to)
        for volume, to in zip((2.0, 6.0, 2.0), (3, 4, 5), strict=True)
    ]
    got = np.zeros(3)
    got[selected.trip] = selected.volume_t_d
    assert got == pytest.approx(expected, rel=1e-12)
    if len(chosen) == 1:  # what uses an arc is what flows on it
        assert selected.total_t_d == pytest.approx(FLOW[chosen.pop()], rel=1e-12)


def test_flows_in_a_circle_are_refused() -> None:
    found, road = make_bush(FLOW)
    graph = replace(road.graph, head=np.array([1, 2, 3, 3, 4, 5, 3], np.int32))
    with pytest.raises(SolverError, match="run in a circle"):
        select_link(found, graph, [6])


def test_without_routes_there_is_no_answer() -> None:
    found, road = make_bush(FLOW, "so")
    with pytest.raises(SolverError, match="Method 'so' left no routes"):
        select_link(replace(found, bushes=None), road.graph, [0])


def test_a_trip_on_several_routes_is_summed() -> None:
    found, road = make_bush(FLOW)
    routes = RouteFlows(
        np.array([0, 0, 1], np.int32), np.array([1.5, 0.5, 6.0]), np.array([0, 2, 4, 7]),
        np.array([0, 2, 1, 3, 0, 2, 4], np.int32),
    )  # fmt: skip
    selected = select_link(replace(found, routes=routes), road.graph, [0])
    assert selected.trip.tolist() == [0, 1]
    assert selected.volume_t_d.tolist() == [1.5, 6.0]
