"""Bushes taken apart: routes add up to the arc flows, the thickest first, always the same ones."""

from dataclasses import replace

import numpy as np
import pytest

from dehliz.assignment.result import Assignment, AssignStatus, OriginFlows
from dehliz.assignment.route_sums import carried_by, visit
from dehliz.assignment.unfold import find_route_flows
from dehliz.base.errors import SolverError
from dehliz.graph.load_costs import plain_load_costs
from dehliz.graph.trips import Trips, make_trips


class Diamond:
    """Two diamonds in a row: 0 to 1 or 2 to 3, 3 to 4 or 5 to 6.

    ```
        1       4
      0   3   3   6
        2       5
    ```
    """

    tail = np.array([0, 0, 1, 2, 3, 3, 4, 5], np.int32)
    head = np.array([1, 2, 3, 3, 4, 5, 6, 6], np.int32)
    first_out = np.array([0, 2, 3, 4, 6, 7, 8, 8], np.int32)


def assignment(trips: Trips, flow: list[float]) -> Assignment:
    arcs = np.flatnonzero(np.array(flow) > 0.0).astype(np.int32)
    bushes = OriginFlows(
        segment=np.zeros(1, np.int32), origin=np.zeros(1, np.int32), first_flow=np.array([0, len(arcs)]),
        arc=arcs, volume_t_d=np.array(flow)[arcs],
    )  # fmt: skip
    ones = np.ones(8)
    return Assignment(
        method="ue", status=AssignStatus.CONVERGED, volume_t_d=np.array([flow]), time_h=ones, relative_gap_share=0.0,
        beckmann_objective=0.0, total_time=0.0, lower_bound=np.nan, history=(), unserved=np.zeros(trips.n_trip),
        unserved_reason=("",) * trips.n_trip, price_usd_t=None, routes=None, bushes=bushes, trips=trips,
        costs=plain_load_costs(ones, ones, ones, ones, np.zeros(8, np.int8)),
    )  # fmt: skip


def test_routes_add_up_and_the_thickest_come_first() -> None:
    trips = make_trips([0, 0], [0, 0], [3, 6], [4.0, 10.0])
    flow = [9.0, 5.0, 9.0, 5.0, 7.0, 3.0, 7.0, 3.0]
    found = assignment(trips, flow)
    routes = find_route_flows(Diamond(), found)
    assert np.bincount(routes.trip, weights=routes.volume_t_d) == pytest.approx([4.0, 10.0])
    assert carried_by(visit(routes, trips), Diamond())[0] == pytest.approx(flow)
    assert routes.arc[routes.first_arc[0] : routes.first_arc[1]].tolist() == [0, 2]
    for route in range(len(routes.trip)):
        arcs = routes.arc[routes.first_arc[route] : routes.first_arc[route + 1]]
        assert Diamond.tail[arcs[0]] == 0
        assert (Diamond.head[arcs[:-1]] == Diamond.tail[arcs[1:]]).all()
        assert Diamond.head[arcs[-1]] == trips.destination[routes.trip[route]]


def test_many_routes_need_a_second_go() -> None:
    """More routes than the first guess: 64 parallel arcs, all used."""

    class Bundle:
        tail = np.zeros(64, np.int32)
        head = np.ones(64, np.int32)
        first_out = np.array([0, 64, 64], np.int32)

    trips = make_trips([0], [0], [1], [64.0])
    ones = np.ones(64)
    bushes = OriginFlows(
        np.zeros(1, np.int32), np.zeros(1, np.int32), np.array([0, 64]), np.arange(64, dtype=np.int32), ones
    )
    found = replace(
        assignment(make_trips([0], [0], [3], [1.0]), [1.0, 0, 1, 0, 0, 0, 0, 0]),
        trips=trips, bushes=bushes, unserved=np.zeros(1), volume_t_d=ones[None, :],
    )  # fmt: skip
    routes = find_route_flows(Bundle(), found)
    assert sorted(routes.arc.tolist()) == list(range(64))
    assert (routes.volume_t_d == 1.0).all()


def test_no_flows_at_all_is_said() -> None:
    trips = make_trips([0], [0], [3], [1.0])
    bare = replace(assignment(trips, [1.0, 0, 1, 0, 0, 0, 0, 0]), bushes=None)
    with pytest.raises(SolverError, match="neither routes nor flows by origin"):
        find_route_flows(Diamond(), bare)
