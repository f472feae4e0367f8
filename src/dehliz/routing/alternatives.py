"""Choice sets: for each trip a few distinct routes, as compressed arrays.

Costs by segment and trips come in, ``ChoiceSets`` go out. Three ways to make them, to be joined at will: the best
route under each of several bans (a corridor is what is left when its rivals' arcs are banned), alternatives over
plateaus, and routes that somebody else found. ``assignment/stochastic.py`` shares the trips among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.graph.trips import Trips
from dehliz.kernels.heap import make_heap
from dehliz.kernels.plateau import Limits, make_room, plateau_routes
from dehliz.kernels.route_sums import mark_first_routes
from dehliz.kernels.search import Star, all_pairs, freeze, least_cost_paths, make_star, reverse_star, tails

LongArray = npt.NDArray[np.int64]

TRY_FACTOR = 4
"""Plateaus looked at for a pair, as a multiple of the routes wanted: what comes later is mostly a near copy."""

TREE_LIMIT_COUNT = 2_000_000
"""Labels of trees to destinations that are kept at a time, about 24 MB."""

ARC_ROOM_COUNT = 4_000_000
"""Arcs of alternatives that are written at a time, at least."""


class _Star(Protocol):
    """A forward star, such as a ``Graph``."""

    @property
    def first_out(self) -> IntArray:
        """Where the arcs of each vertex start."""

    @property
    def head(self) -> IntArray:
        """Vertex that each arc enters."""


@dataclass(frozen=True, slots=True)
class ChoiceSets:
    """Routes that trips choose among. Arrays are read-only.

    Attributes
    ----------
    trip : (n_route,) int32
        Trip of each route, ascending. A trip without a route has none here.
    first_arc : (n_route + 1,) int64
        Arcs of route ``r`` are ``arc[first_arc[r]:first_arc[r + 1]]``, in order of travel.
    arc : (n,) int32
        Arcs; no route has one twice.
    source : (n_route,) int32
        What found the route: position of the ban, or 0.
    """

    trip: IntArray
    first_arc: LongArray
    arc: IntArray
    source: IntArray

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False

    @property
    def n_route(self) -> int:
        """Number of routes."""
        return len(self.trip)

    def take(self, route: npt.ArrayLike) -> "ChoiceSets":
        """The routes at these positions, which must ascend by trip."""
        chosen = np.asarray(route, dtype=np.int64)
        length = np.diff(self.first_arc)[chosen]
        first = np.zeros(len(chosen) + 1, np.int64)
        np.cumsum(length, out=first[1:])
        place = np.repeat(self.first_arc[:-1][chosen] - first[:-1], length) + np.arange(first[-1])
        return ChoiceSets(self.trip[chosen], first, self.arc[place], self.source[chosen])


@dataclass(frozen=True, slots=True)
class AlternativeLimits:
    """What counts as an alternative.

    Attributes
    ----------
    route_limit_count : int
        Routes of a trip at most.
    stretch_share : float
        Cost above that of the best route, as a share of it, at most.
    overlap_limit_share : float
        Share of a route's cost that may lie on a route that stands before it.
    """

    route_limit_count: int = 12
    stretch_share: float = 0.5
    overlap_limit_share: float = 0.8


def make_choice_sets(
    trip: npt.ArrayLike, first_arc: npt.ArrayLike, arc: npt.ArrayLike, source: npt.ArrayLike | None = None
) -> ChoiceSets:
    """Choice sets of routes in any order: sorted by trip, those found earlier first, none twice.

    Parameters
    ----------
    trip : (n_route,) int32
        Trip of each route.
    first_arc : (n_route + 1,) int64
        Where the arcs of each route start.
    arc : (n,) int32
        Arcs in order of travel.
    source : (n_route,) int32, optional
        What found each route; 0 when left out.
    """
    owner = np.asarray(trip, dtype=np.int32)
    given = np.zeros(len(owner), np.int32) if source is None else np.array(source, dtype=np.int32)
    starts = np.array(first_arc, dtype=np.int64)
    raw = ChoiceSets(owner.copy(), starts, np.array(arc, dtype=np.int32), given)
    ordered = raw.take(np.argsort(owner, kind="stable"))
    is_first = np.empty(ordered.n_route, np.bool_)
    run = mark_first_routes.pick(len(ordered.arc))
    run(first_routes(ordered), freeze(ordered.first_arc, np.int64), freeze(ordered.arc, np.int32), is_first)
    return ordered if is_first.all() else ordered.take(np.flatnonzero(is_first))


def join_choice_sets(*sets: ChoiceSets) -> ChoiceSets:
    """All routes of several choice sets of the same trips, each once; the set given first has its routes first."""
    sizes = np.cumsum([0, *(len(one.arc) for one in sets)])
    starts = [one.first_arc[:-1] + size for one, size in zip(sets, sizes[:-1], strict=True)]
    return make_choice_sets(
        np.concatenate([one.trip for one in sets]),
        np.concatenate([*starts, sizes[-1:]]),
        np.concatenate([one.arc for one in sets]),
        np.concatenate([one.source for one in sets]),
    )


def first_routes(sets: ChoiceSets, trip_count: int | None = None) -> IntArray:
    """Where the routes of each trip start, (n_trip + 1,) int32; by default up to the last trip that has a route."""
    count = int(sets.trip[-1]) + 1 if sets.n_route else 0
    bound = np.arange((count if trip_count is None else trip_count) + 1)
    return freeze(np.searchsorted(sets.trip, bound), np.int32)


def find_best_routes(graph: _Star, weight: FloatArray, trips: Trips) -> tuple[FloatArray, ChoiceSets]:
    """Cost of the best route of each trip, (n_trip,), ``inf`` where there is none, and the routes.

    Parameters
    ----------
    graph : Topology
        The network.
    weight : (n_segment, n_arc) float64
        Cost of each arc for each segment, at least 0, ``inf`` = forbidden, in any one unit.
    trips : Trips
        Origins, destinations, segments.
    """
    star = make_star(graph.first_out, graph.head)
    cost = np.empty(trips.n_trip)
    owners, lengths, arcs = [], [], []
    for segment, trip in _by_segment(trips):
        pair = np.stack([trips.origin[trip], trips.destination[trip]], axis=1)
        cost[trip], first_arc, arc = least_cost_paths(star, weight[segment], pair)
        is_there = np.isfinite(cost[trip])
        owners.append(trip[is_there])
        lengths.append(np.diff(first_arc)[is_there])
        arcs.append(arc)
    return cost, _gather(owners, lengths, arcs)


def routes_with_bans(graph: _Star, weight: FloatArray, trips: Trips, bans: Sequence[BoolArray]) -> ChoiceSets:
    """The best route of each trip under each ban, each route once.

    Parameters
    ----------
    graph : Topology
        The network.
    weight : (n_segment, n_arc) float64
        Cost of each arc for each segment, at least 0, ``inf`` = forbidden.
    trips : Trips
        Origins, destinations, segments.
    bans : sequence of (n_arc,) bool
        Arcs that may not be used, such as those of all corridors but one; all False for the best route of all.

    Returns
    -------
    ChoiceSets
        ``source`` is the position of the first ban under which the route was found.
    """
    found = []
    for position, ban in enumerate(bans):
        _, best = find_best_routes(graph, np.where(ban, np.inf, weight), trips)
        found.append(ChoiceSets(best.trip, best.first_arc, best.arc, np.full_like(best.trip, position)))
    return join_choice_sets(*found) if found else _gather([], [], [])


def find_alternatives(
    graph: _Star, weight: FloatArray, trips: Trips, limits: AlternativeLimits | None = None
) -> ChoiceSets:
    """The best route of each trip and its alternatives over plateaus of two trees.

    Parameters
    ----------
    graph : Topology
        The network.
    weight : (n_segment, n_arc) float64
        Cost of each arc for each segment, at least 0, ``inf`` = forbidden.
    trips : Trips
        Origins, destinations, segments.
    limits : AlternativeLimits, optional
        What counts as one.

    Returns
    -------
    ChoiceSets
        The best route of each trip first.

    Notes
    -----
    Of parallel arcs between two vertices only the cheapest is found: bans find the others, and the equilibrium adds
    them once they are the best. One tree for each destination of a segment and one for each origin within a block of
    destinations, then O(n_vertex) for each trip. See ``kernels/plateau.py`` for the method.
    """
    star = make_star(graph.first_out, graph.head)
    bound = limits or AlternativeLimits()
    owners, lengths, arcs = [], [], []
    for segment, trip in _by_segment(trips):
        for block in _by_destination(trips, trip, max(1, TREE_LIMIT_COUNT // len(graph.first_out))):
            owner, length, arc = _join_block(star, freeze(weight[segment], np.float64), trips, block, bound)
            owners.append(owner)
            lengths.append(length)
            arcs.append(arc)
    return _gather(owners, lengths, arcs)


def _by_segment(trips: Trips) -> list[tuple[int, npt.NDArray[np.intp]]]:
    """Each segment that has trips, and their positions."""
    return [(int(segment), np.flatnonzero(trips.segment == segment)) for segment in np.unique(trips.segment)]


def _by_destination(trips: Trips, trip: npt.NDArray[np.intp], block_count: int) -> list[npt.NDArray[np.intp]]:
    """The trips in parts with at most so many destinations each; within a part their order is kept."""
    destination, place = np.unique(trips.destination[trip], return_inverse=True)
    block = place.reshape(-1) // block_count
    return [trip[block == at] for at in range(-(-len(destination) // block_count))]


def _join_block(
    star: Star, weight: FloatArray, trips: Trips, trip: npt.NDArray[np.intp], limits: AlternativeLimits
) -> tuple[npt.NDArray[np.intp], LongArray, IntArray]:
    """Trip, number of arcs and arcs of all routes of some trips, in order of the trips."""
    vertex_count, arc_count = star.first_out.shape[0] - 1, star.head.shape[0]
    destination, row = np.unique(trips.destination[trip], return_inverse=True)
    back_cost, back_arc = _back_trees(star, weight, destination.astype(np.int32))
    pair = freeze(np.stack([trips.origin[trip], trips.destination[trip], row.reshape(-1)], axis=1), np.int32)
    most = Limits(
        limits.route_limit_count,
        TRY_FACTOR * limits.route_limit_count,
        float(limits.stretch_share),
        float(limits.overlap_limit_share),
    )
    heap, room, tail = make_heap(vertex_count), make_room(vertex_count, arc_count), tails(star)
    worst = most.route_count * vertex_count
    out_arc = np.empty(worst + min(ARC_ROOM_COUNT, len(trip) * worst), np.int32)
    first_route = np.empty(len(trip) + 1, np.int64)
    first_arc = np.empty(most.route_count * len(trip) + 2, np.int64)
    run = plateau_routes.pick(arc_count * (len(destination) + len(trip)))
    owners, lengths, arcs, at = [], [], [], 0
    while at < len(trip):
        done = run(
            star, weight, tail, pair, at, back_cost, back_arc, most, heap, room,
            first_route, first_arc, out_arc,
        )  # fmt: skip
        count = int(first_route[done])
        owners.append(np.repeat(trip[at:done], np.diff(first_route[at : done + 1])))
        lengths.append(np.diff(first_arc[: count + 1]))
        arcs.append(out_arc[: first_arc[count]].copy())
        at = done
    return np.concatenate(owners), np.concatenate(lengths), np.concatenate(arcs)


def _back_trees(star: Star, weight: FloatArray, destination: IntArray) -> tuple[FloatArray, IntArray]:
    """Cost from each vertex to each destination and the next arc of the way."""
    back = reverse_star(star)
    shape = (len(destination), star.first_out.shape[0] - 1)
    cost, place = np.empty(shape), np.empty(shape, np.int32)
    run = all_pairs.pick(star.head.shape[0] * len(destination))
    run(
        back.star, freeze(weight[back.arc], np.float64), freeze(destination, np.int32), make_heap(shape[1]),
        cost, place,
    )  # fmt: skip
    arc = np.where(place < 0, place, back.arc[place])
    return freeze(cost, np.float64), freeze(arc, np.int32)


def _gather(
    owners: Sequence[npt.NDArray[np.intp]],
    lengths: Sequence[npt.NDArray[np.integer]],
    arcs: Sequence[IntArray],
) -> ChoiceSets:
    """Choice sets from parts."""
    length = np.concatenate([np.zeros(1, np.int64), *lengths])
    none = np.empty(0, np.int32)
    return make_choice_sets(np.concatenate([none, *owners]), np.cumsum(length), np.concatenate([none, *arcs]))
