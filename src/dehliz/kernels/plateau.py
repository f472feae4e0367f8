"""Alternative routes of many pairs: joins of the tree from the origin and the tree to the destination.

Where both trees run along the same arcs they form a plateau; origin, plateau, destination is a route that is best
for whoever wants to use the plateau. ``routing/alternatives.py`` hands in the trees and reads the routes.
"""

from typing import NamedTuple

import numpy as np

from dehliz.kernels.heap import Heap, make_heap
from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.route_sums import Longs
from dehliz.kernels.search import NO_ARC, NO_VERTEX, Floats, Ints, Star, freeze, grow_tree, make_star


class Limits(NamedTuple):
    """What is admitted.

    Attributes
    ----------
    route_count : int
        Routes of a pair at most.
    try_count : int
        Plateaus looked at for a pair at most.
    stretch : float
        Cost above that of the best route, as a share of it, at most.
    overlap : float
        Share of a route's cost that lies on a route admitted before, at most.
    """

    route_count: int
    try_count: int
    stretch: float
    overlap: float


class Room(NamedTuple):
    """Workspace of ``plateau_routes``.

    Attributes
    ----------
    cost, into : (n_vertex,) float64, int32
        Tree from the origin.
    key, start : (n_vertex,) float64, int32
        Plateaus found: detour that is not plateau, and first vertex.
    seen : (n_vertex,) int64
        Last route that passed each vertex; 0 before.
    used : (n_arc,) int64
        Last route that used each arc; 0 before.
    stamp : (1,) int64
        Number of the last route looked at; 0 before.
    """

    cost: Floats
    into: Ints
    key: Floats
    start: Ints
    seen: Longs
    used: Longs
    stamp: Longs


def make_room(vertex_count: int, arc_count: int) -> Room:
    """Workspace for a graph of this size."""
    return Room(
        np.empty(vertex_count),
        np.empty(vertex_count, np.int32),
        np.empty(vertex_count),
        np.empty(vertex_count, np.int32),
        np.zeros(vertex_count, np.int64),
        np.zeros(arc_count, np.int64),
        np.zeros(1, np.int64),
    )


@lean_kernel
def find_plateaus(
    head: Ints, tail: Ints, weight: Floats, back_cost: Floats, back_arc: Ints, bound: float, room: Room
) -> int:
    """Plateaus of two trees, single vertices among them; returns how many.

    Parameters
    ----------
    head, tail : (n_arc,) int32
    weight : (n_arc,) float64
        Cost of each arc.
    back_cost, back_arc : (n_vertex,) float64, int32
        Tree to the destination: cost from each vertex, and its next arc, -1 where there is none.
    bound : float
        Greatest cost of a route.
    room : Room
        ``cost`` and ``into`` are read; ``key`` and ``start`` are written.

    Notes
    -----
    A route over a plateau costs what the trees say at any of its vertices; the key is that cost less the plateau's.
    O(n_vertex).
    """
    count = 0
    for vertex in range(back_cost.shape[0]):
        total = room.cost[vertex] + back_cost[vertex]
        arc = back_arc[vertex]
        if not total <= bound:
            continue
        before = room.into[vertex]
        if before != NO_ARC and back_arc[tail[before]] == before:
            continue
        length = 0.0
        while arc != NO_ARC and room.into[head[arc]] == arc:
            length += weight[arc]
            arc = back_arc[head[arc]]
        room.key[count] = total - length
        room.start[count] = vertex
        count += 1
    return count


@lean_kernel
def join_trees(
    head: Ints, tail: Ints, via: int, back_arc: Ints, place: int, room: Room, out_arc: Ints
) -> int:
    """Write the route from the origin over ``via`` to the destination; returns its length, -1 when it has a loop."""
    room.stamp[0] += 1
    stamp = room.stamp[0]
    length = 0
    vertex = via
    room.seen[vertex] = stamp
    while room.into[vertex] != NO_ARC:
        vertex = tail[room.into[vertex]]
        room.seen[vertex] = stamp
        length += 1
    vertex = via
    for step in range(length):
        arc = room.into[vertex]
        out_arc[place + length - 1 - step] = arc
        room.used[arc] = stamp
        vertex = tail[arc]
    vertex = via
    while back_arc[vertex] != NO_ARC:
        arc = back_arc[vertex]
        vertex = head[arc]
        if room.seen[vertex] == stamp:
            return -1
        room.seen[vertex] = stamp
        room.used[arc] = stamp
        out_arc[place + length] = arc
        length += 1
    return length


@lean_kernel
def is_apart(
    weight: Floats, first_arc: Longs, low: int, high: int, arc: Ints, stamp: int, used: Longs, most: float
) -> bool:
    """Whether the route that was stamped last shares at most so much cost with each of the routes ``low:high``."""
    for route in range(low, high):
        shared = 0.0
        for at in range(first_arc[route], first_arc[route + 1]):
            if used[arc[at]] == stamp:
                shared += weight[arc[at]]
        if shared > most:
            return False
    return True


@lean_kernel
def plateau_routes(
    star: Star,
    weight: Floats,
    tail: Ints,
    pair: Ints,
    start: int,
    back_cost: Floats,
    back_arc: Ints,
    limits: Limits,
    heap: Heap,
    room: Room,
    out_first_route: Longs,
    out_first_arc: Longs,
    out_arc: Ints,
) -> int:
    """Best route and alternatives of many pairs; returns the pair before which the space ran out.

    Parameters
    ----------
    star : Star
        The graph.
    weight : (n_arc,) float64
        Cost of each arc, at least 0, ``inf`` = forbidden.
    tail : (n_arc,) int32
        Tail of each arc.
    pair : (n_pair, 3) int32
        Origin, destination, and the row of the destination in ``back_cost``; sorted by origin.
    start : int
        Pair to begin with.
    back_cost, back_arc : (n_row, n_vertex) float64, int32
        Trees to the destinations.
    limits : Limits
        What is admitted.
    heap, room : Heap, Room
        Workspace.
    out_first_route : (n_pair + 1,) int64
        Routes of pair ``i`` are ``out_first_route[i]:out_first_route[i + 1]``, written from ``start`` on, counted
        from 0 at ``start``; the best route comes first.
    out_first_arc : (room_count + 1,) int64
    out_arc : (size,) int32
        Arcs of the routes; there must be space for ``limits.route_count`` routes through every vertex.

    Notes
    -----
    Alternatives are tried in order of (cost not on the plateau, vertex). O(trees + n_pair (n_vertex + routes)).

    References
    ----------
    Cambridge Vehicle Information Technology (2005), Choice routing. Abraham, I. et al. (2013), Alternative routes in
    road networks, ACM Journal of Experimental Algorithmics 18, section 3.
    """
    vertex_count = star.first_out.shape[0] - 1
    route_count, size, origin = 0, 0, NO_VERTEX
    out_first_route[start] = 0
    out_first_arc[0] = 0
    for at in range(start, pair.shape[0]):
        is_full = route_count + limits.route_count >= out_first_arc.shape[0]
        if is_full or size + limits.route_count * vertex_count > out_arc.shape[0]:
            return at
        if pair[at, 0] != origin:
            origin = pair[at, 0]
            grow_tree(star, weight, origin, NO_VERTEX, heap, room.cost, room.into)
        base = route_count
        row = pair[at, 2]
        best = room.cost[pair[at, 1]]
        plateau_count = 0
        if best < np.inf:
            size += join_trees(star.head, tail, pair[at, 1], back_arc[row], size, room, out_arc)
            route_count += 1
            out_first_arc[route_count] = size
            bound = best * (1.0 + limits.stretch)
            plateau_count = find_plateaus(star.head, tail, weight, back_cost[row], back_arc[row], bound, room)
        tries = min(plateau_count, limits.try_count)
        while tries > 0 and route_count - base < limits.route_count:
            tries -= 1
            least = 0
            for other in range(1, plateau_count):
                if room.key[other] < room.key[least] or (
                    room.key[other] == room.key[least] and room.start[other] < room.start[least]
                ):
                    least = other
            via = room.start[least]
            plateau_count -= 1
            room.key[least] = room.key[plateau_count]
            room.start[least] = room.start[plateau_count]
            length = join_trees(star.head, tail, via, back_arc[row], size, room, out_arc)
            most = limits.overlap * (room.cost[via] + back_cost[row, via])
            stamp, used = room.stamp[0], room.used
            if length > 0 and is_apart(weight, out_first_arc, base, route_count, out_arc, stamp, used, most):
                size += length
                route_count += 1
                out_first_arc[route_count] = size
        out_first_route[at + 1] = route_count
    return int(pair.shape[0])


@plateau_routes.sample
def _plateau_routes_sample() -> tuple[object, ...]:
    star = make_star([0, 1, 2], [1, 0])
    weight, tail = freeze([1.0, 1.0], np.float64), freeze([0, 1], np.int32)
    pair = freeze([[0, 1, 0]], np.int32)
    trees = (freeze([[1.0, 0.0]], np.float64), freeze([[0, NO_ARC]], np.int32))
    fixed = (star, weight, tail, pair, 0, *trees, Limits(1, 1, 0.5, 0.8), make_heap(2), make_room(2, 2))
    return *fixed, np.empty(2, np.int64), np.empty(3, np.int64), np.empty(4, np.int32)
