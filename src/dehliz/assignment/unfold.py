"""Routes of an assignment, also of one that kept its flows on arcs.

Bush methods give arc flows by origin; tables by corridor, border and port need routes. Flows are taken apart the
thickest route first. Arc flows are unique at an equilibrium of one segment, routes are not: this is one set of
routes that adds up to them, always the same one.
"""

import numpy as np

from dehliz.assignment.result import Assignment, OriginFlows, RouteFlows
from dehliz.assignment.topology import Topology
from dehliz.base.errors import SolverError
from dehliz.kernels.unfold import unfold_bushes

RESIDUE_SHARE = 1e-9
"""Share of a trip below which what is left after taking routes away is rounding."""


def find_route_flows(graph: Topology, assignment: Assignment) -> RouteFlows:
    """Routes that add up to the volumes of an assignment.

    Parameters
    ----------
    graph : Topology
        The network that was loaded.
    assignment : Assignment
        Of any method.

    Returns
    -------
    RouteFlows
        Those that the method left, or those found in its bushes.
    """
    if assignment.routes is not None:
        return assignment.routes
    if assignment.bushes is None:
        raise SolverError(
            "The assignment has neither routes nor flows by origin. Assign again with one of them."
        )
    return _unfold(graph, assignment, assignment.bushes)


def _unfold(graph: Topology, assignment: Assignment, bushes: OriginFlows) -> RouteFlows:
    trips = assignment.trips
    trip_of_bush = _group_trips(assignment, bushes)
    order, first_trip = trip_of_bush
    bush = np.repeat(np.arange(len(bushes.origin)), np.diff(bushes.first_flow))
    sort = np.lexsort((bushes.arc, graph.head[bushes.arc], bush))
    arc = np.ascontiguousarray(bushes.arc[sort], dtype=np.int32)
    served = (trips.volume_t_d - assignment.unserved)[order]
    n_vertex = len(graph.first_out) - 1
    need = np.array([4 * max(len(order), 1), 64 * max(len(order), 1)], dtype=np.int64)
    while True:
        route_trip, route_flow = np.zeros(need[0], np.int32), np.zeros(need[0])
        first_arc, route_arc = np.zeros(need[0] + 1, np.int64), np.zeros(need[1], np.int32)
        found = np.zeros(2, np.int64)
        run = unfold_bushes.pick(len(arc))
        run(
            np.ascontiguousarray(bushes.first_flow, dtype=np.int64), arc, graph.tail[arc], graph.head[arc],
            np.ascontiguousarray(bushes.origin), first_trip, np.ascontiguousarray(trips.destination[order]), served,
            RESIDUE_SHARE, bushes.volume_t_d[sort].copy(), np.zeros(n_vertex, np.int32),
            route_trip, route_flow, first_arc, route_arc, found,
        )  # fmt: skip
        if (found <= need).all():
            break
        need = found
    return _by_trip(order, route_trip[: found[0]], route_flow, first_arc, route_arc)


def _group_trips(assignment: Assignment, bushes: OriginFlows) -> tuple[np.ndarray, np.ndarray]:
    """Trips in the order of the bushes, and where those of each bush start."""
    trips = assignment.trips
    place = {
        key: at for at, key in enumerate(zip(bushes.segment.tolist(), bushes.origin.tolist(), strict=True))
    }
    of_trip = np.array(
        [place.get(key, -1) for key in zip(trips.segment.tolist(), trips.origin.tolist(), strict=True)],
        dtype=np.int64,
    )
    order = np.argsort(of_trip, kind="stable")
    order = order[of_trip[order] >= 0]
    first = np.searchsorted(of_trip[order], np.arange(len(bushes.origin) + 1)).astype(np.int64)
    return order, first


def _by_trip(
    order: np.ndarray,
    route_trip: np.ndarray,
    route_flow: np.ndarray,
    first_arc: np.ndarray,
    arc: np.ndarray,
) -> RouteFlows:
    """Routes in the order of trips."""
    trip = order[route_trip].astype(np.int32)
    sort = np.argsort(trip, kind="stable")
    length = np.diff(first_arc[: len(trip) + 1])
    first = np.concatenate(([0], np.cumsum(length[sort]))).astype(np.int64)
    start = np.repeat(first_arc[:-1][: len(trip)][sort] - first[:-1], length[sort])
    return RouteFlows(
        trip=trip[sort],
        volume_t_d=route_flow[: len(trip)][sort],
        first_arc=first,
        arc=arc[start + np.arange(first[-1])],
    )
