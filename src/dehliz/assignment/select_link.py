"""Select-link analysis: which trips use any of some arcs, and with how much of their flow.

An ``Assignment`` and arcs come in, trips go out. Exact where the method left routes; where it left flows by origin,
what leaves a vertex is taken to be mixed as what arrives there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dehliz.assignment.result import Assignment, OriginFlows, RouteFlows
from dehliz.assignment.topology import Topology
from dehliz.base.errors import SolverError
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.graph.trips import Trips
from dehliz.kernels.cascade import cascade_share
from dehliz.kernels.jit import Status
from dehliz.kernels.search import freeze


@dataclass(frozen=True, slots=True)
class Selected:
    """Trips that use the chosen arcs. Position i of all arrays is one trip.

    Attributes
    ----------
    trip : (n,) int32
        Trips, ascending: positions in the assignment's ``trips``.
    volume_t_d : (n,) float64
        Part of each trip that uses at least one of the arcs, above 0.
    is_exact : bool
        False when flows by origin were read, which leave the split of a trip over its ways open.
    """

    trip: IntArray
    volume_t_d: FloatArray
    is_exact: bool

    @property
    def total_t_d(self) -> float:
        """Flow that uses any of the arcs, each unit once."""
        return float(self.volume_t_d.sum())


def select_link(assignment: Assignment, graph: Topology, arcs: Iterable[int]) -> Selected:
    """Trips that use any of some arcs.

    Parameters
    ----------
    assignment : Assignment
        A loaded network.
    graph : Topology
        What it was loaded on.
    arcs : iterable of int
        The chosen arcs: one link, both directions of it, or all arcs of a port, a border or a country.

    Returns
    -------
    Selected
        Trips in their order, with the volume that passes at least one of the arcs, counted once.

    Raises
    ------
    SolverError
        When the method left neither routes nor flows by origin, or flows that run in a circle.

    Notes
    -----
    On routes: the sum of those that hold a chosen arc. On flows by origin: with share s(v) of what arrives at v
    having passed a chosen arc, s(head) = sum of flow(a) q(a) / sum of flow(a) over the arcs a into it, where q(a) is 1
    for a chosen arc and s(tail) otherwise, in topological order; a trip to v then uses them with volume times s(v).
    This takes vertices to be mixed in proportion (Bar-Gera, 2006: the same ratio at every pair of alternatives is a
    stronger condition), because arc flows do not tell who took which way.

    References
    ----------
    Bar-Gera, H. (2006), Primal method for determining the most likely route flows in large road networks,
    Transportation Science 40(3), 269-286.
    """
    is_chosen = np.zeros(len(graph.head), bool)
    is_chosen[np.fromiter(arcs, dtype=np.int64)] = True
    n_trip = assignment.trips.n_trip
    if assignment.routes is not None:
        return _pick(_from_routes(assignment.routes, is_chosen, n_trip), is_exact=True)
    if assignment.bushes is None:
        raise SolverError(
            f"Method '{assignment.method}' left no routes: they are needed to see who uses a link."
        )
    served = assignment.trips.volume_t_d - assignment.unserved
    volume = _from_bushes(assignment.bushes, graph, is_chosen, assignment.trips, served)
    return _pick(volume, is_exact=assignment.method == "aon")


def _pick(volume_t_d: FloatArray, *, is_exact: bool) -> Selected:
    trip = np.flatnonzero(volume_t_d > 0.0).astype(np.int32)
    return Selected(trip, volume_t_d[trip], is_exact)


def _from_routes(routes: RouteFlows, is_chosen: BoolArray, n_trip: int) -> FloatArray:
    """Volume by trip of the routes that hold a chosen arc."""
    passed = np.concatenate([np.zeros(1, np.int64), np.cumsum(is_chosen[routes.arc])])
    uses = np.diff(passed[routes.first_arc]) > 0
    total = np.bincount(routes.trip[uses], weights=routes.volume_t_d[uses], minlength=n_trip)
    return total.astype(np.float64)


def _from_bushes(
    bushes: OriginFlows, graph: Topology, is_chosen: BoolArray, trips: Trips, served_t_d: FloatArray
) -> FloatArray:
    """Volume by trip from flows by origin, by proportional cascades."""
    n_vertex = len(graph.first_out) - 1
    tail, head, chosen = (
        freeze(graph.tail, np.int32),
        freeze(graph.head, np.int32),
        freeze(is_chosen, np.bool_),
    )
    first, waiting, stack = (np.empty(n_vertex, np.int32) for _ in range(3))
    inflow, share = np.empty(n_vertex), np.empty(n_vertex)
    volume = np.zeros(trips.n_trip)
    key = trips.segment.astype(np.int64) * n_vertex + trips.origin
    run = cascade_share.pick(len(bushes.arc))
    for at in range(len(bushes.origin)):
        part = slice(int(bushes.first_flow[at]), int(bushes.first_flow[at + 1]))
        if not is_chosen[bushes.arc[part]].any():
            continue
        arc, flow = freeze(bushes.arc[part], np.int32), freeze(bushes.volume_t_d[part], np.float64)
        following = np.empty(len(arc), np.int32)
        status = run(tail, head, arc, flow, chosen, first, following, waiting, stack, inflow, share)
        if status != Status.OK:
            raise SolverError(f"Flows of the origin at vertex {bushes.origin[at]} run in a circle.")
        mine = int(bushes.segment[at]) * n_vertex + int(bushes.origin[at])
        low, high = np.searchsorted(key, (mine, mine + 1))
        volume[low:high] = served_t_d[low:high] * share[trips.destination[low:high]]
    return volume
