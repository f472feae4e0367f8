"""All or nothing: every trip on its least-cost way at the times before any trip is loaded.

The simplest loading, the first step of every other, and the yardstick of their speed. Trips come in, an
``Assignment`` goes out, with the gap that its volumes would have as an equilibrium.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from dehliz.assignment.gap import arc_times, beckmann, paid_fixed_h, relative_gap
from dehliz.assignment.result import (
    Assignment,
    AssignStatus,
    Iteration,
    OnIteration,
    OriginFlows,
    RouteFlows,
    UnservedReason,
)
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.topology import Topology
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips
from dehliz.kernels.cascade import cascade_tree, unroll_tree
from dehliz.kernels.heap import make_heap
from dehliz.kernels.search import NO_VERTEX, freeze, grow_tree, make_star, mark_runs

ROUTE_ARC_LIMIT: Final = 20_000_000
"""Arcs of routes that are kept (80 MB); with more, routes are left out and the flows by origin remain."""


@dataclass(frozen=True, slots=True)
class _Tree:
    """Least-cost tree of one origin and segment, and the trips that start there; arrays are reused."""

    trips: slice
    origin: int
    segment: int
    cost: FloatArray
    into: IntArray


def load_all_or_nothing(
    graph: Topology,
    costs: LoadCosts,
    trips: Trips,
    settings: AssignmentSettings,
    on_iteration: OnIteration | None = None,
) -> Assignment:
    """Trips on their least-cost ways at the times of the background volume alone.

    Parameters
    ----------
    graph : Topology
        Vertices and arcs.
    costs : LoadCosts
        What loading them costs.
    trips : Trips
        What to load.
    settings : AssignmentSettings
        Threads, for the gap only: there is nothing to iterate.
    on_iteration : callable, optional
        Told of the one step.

    Returns
    -------
    Assignment
        Converged, with routes (unless there are too many of them) and flows by origin. Trips without a way are
        unserved with reason ``no_route``.

    Notes
    -----
    One least-cost tree for each origin of each segment, O(n_tree (n_arc + n_vertex log n_vertex)). Its relative
    gap, (total cost - least cost) / total cost at the times after loading, tells how far it is from an equilibrium.
    """
    began = time.perf_counter()
    before = arc_times(costs, np.zeros(len(graph.head)))
    volume = np.zeros((costs.n_segment, len(graph.head)))
    keeper = _Keeper(graph, trips.n_trip)
    for tree in _grow(graph, costs, trips, before):
        flow, arc = keeper.take(tree, trips)
        volume[tree.segment, arc] += flow
    unserved = np.where(keeper.is_served, 0.0, trips.volume_t_d)
    after = arc_times(costs, volume.sum(axis=0))
    gap = relative_gap(graph, costs, trips, volume, keeper.is_served, thread_count=settings.thread_count)
    step = Iteration(1, gap, time.perf_counter() - began)
    if on_iteration is not None:
        on_iteration(step)
    return Assignment(
        method="aon",
        status=AssignStatus.CONVERGED,
        volume_t_d=volume,
        time_h=after,
        relative_gap_share=gap,
        beckmann_objective=beckmann(costs, volume),
        total_time=float((volume * after).sum()) + paid_fixed_h(costs, volume),
        lower_bound=np.nan,
        history=(step,),
        unserved=unserved,
        unserved_reason=tuple("" if served else UnservedReason.NO_ROUTE.value for served in keeper.is_served),
        price_usd_t=None,
        routes=keeper.make_routes(trips),
        bushes=keeper.make_bushes(),
        trips=trips,
        costs=costs,
    )


def _grow(graph: Topology, costs: LoadCosts, trips: Trips, time_h: FloatArray) -> Iterator[_Tree]:
    """The tree of each origin and segment, in the order of the trips."""
    n_vertex = len(graph.first_out) - 1
    star, heap = make_star(graph.first_out, graph.head), make_heap(n_vertex)
    cost, into = np.empty(n_vertex), np.empty(n_vertex, np.int32)
    starts = [*np.flatnonzero(mark_runs(trips.segment, trips.origin)).tolist(), trips.n_trip]
    run = grow_tree.pick(len(graph.head) * len(starts))
    segment, weight = -1, freeze(time_h, np.float64)
    for start, stop in pairwise(starts):
        if trips.segment[start] != segment:
            segment = int(trips.segment[start])
            weight = freeze(time_h + costs.fixed_h[segment], np.float64)
        origin = int(trips.origin[start])
        run(star, weight, origin, NO_VERTEX, heap, cost, into)
        yield _Tree(slice(start, stop), origin, segment, cost, into)


class _Keeper:
    """What the trees leave behind: who is served, flows by origin, routes."""

    def __init__(self, graph: Topology, n_trip: int) -> None:
        n_vertex = len(graph.first_out) - 1
        self.is_served: BoolArray = np.zeros(n_trip, bool)
        self._tail = freeze(graph.tail, np.int32)
        self._space = (np.empty(n_vertex, np.int32), np.empty(n_vertex, np.int32))
        self._bush: list[tuple[int, int, IntArray, FloatArray]] = []
        self._end: list[npt.NDArray[np.int64]] = []
        self._arc: list[IntArray] = []
        self._arc_count = 0

    def take(self, tree: _Tree, trips: Trips) -> tuple[FloatArray, IntArray]:
        """Load the trips of a tree; returns the flow and the arcs that carry any."""
        destination = trips.destination[tree.trips]
        served = np.isfinite(tree.cost[destination])
        self.is_served[tree.trips] = served
        flow = np.zeros(len(tree.into))
        np.add.at(flow, destination[served], trips.volume_t_d[tree.trips][served])
        cascade_tree.pick(len(flow))(self._tail, tree.into, *self._space, flow)
        used = np.flatnonzero((flow > 0.0) & (tree.into >= 0))
        arc, load = tree.into[used], flow[used]
        self._bush.append((tree.segment, tree.origin, arc, load))
        if self._arc_count <= ROUTE_ARC_LIMIT:
            self._unroll(tree, freeze(destination[served], np.int32))
        return load, arc

    def _unroll(self, tree: _Tree, destination: IntArray) -> None:
        end = np.empty(len(destination), np.int32)
        arc = np.empty(32 * len(destination), np.int32)
        run = unroll_tree.pick(len(arc))
        needed = run(self._tail, tree.into, destination, 0, end, arc)
        if needed > len(arc):
            arc = np.empty(needed, np.int32)
            run(self._tail, tree.into, destination, 0, end, arc)
        self._end.append(end.astype(np.int64) + self._arc_count)
        self._arc.append(arc[:needed].copy())
        self._arc_count += needed
        if self._arc_count > ROUTE_ARC_LIMIT:
            self._arc.clear()

    def make_bushes(self) -> OriginFlows:
        """Flows by origin and segment."""
        first = np.zeros(len(self._bush) + 1, np.int64)
        np.cumsum([len(arc) for _, _, arc, _ in self._bush], out=first[1:])
        return OriginFlows(
            np.array([segment for segment, _, _, _ in self._bush], np.int32),
            np.array([origin for _, origin, _, _ in self._bush], np.int32),
            first,
            np.concatenate([np.empty(0, np.int32), *(arc for _, _, arc, _ in self._bush)]),
            np.concatenate([np.empty(0), *(load for _, _, _, load in self._bush)]),
        )

    def make_routes(self, trips: Trips) -> RouteFlows | None:
        """The route of each served trip, or None when they are too many."""
        if self._arc_count > ROUTE_ARC_LIMIT:
            return None
        trip = np.flatnonzero(self.is_served).astype(np.int32)
        first = np.concatenate([np.zeros(1, np.int64), *self._end])
        return RouteFlows(
            trip, trips.volume_t_d[trip], first, np.concatenate([np.empty(0, np.int32), *self._arc])
        )
