"""Pricing of routes: the cheapest route of each trip at given arc prices, and what it is worth to a master programme.

Arrays of costs, prices and trips come in, least costs and the routes that would pay go out. One tree for each run
of trips of equal class and origin, stopped once its last destination is settled. Used by ``assignment/system.py``.
"""

import numpy as np
import numpy.typing as npt

from dehliz.kernels.heap import OUTSIDE, Heap, make_heap
from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.search import NO_ARC, Star, freeze, grow, make_star, mark_runs, tails

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@lean_kernel
def price_routes(
    star: Star,
    tail: Ints,
    cost: Floats,
    price: Floats,
    judge: Floats,
    trip: Ints,
    limit: Floats,
    weight: Floats,
    heap: Heap,
    label: Floats,
    into: Ints,
    out_cost: Floats,
    out_first_arc: Longs,
    out_arc: Ints,
) -> int:
    """Least cost of each trip at ``price``, and its route where that is below a limit at ``judge``; arcs needed.

    Parameters
    ----------
    star : Star
        The graph.
    tail : (n_arc,) int32
        Tail of each arc.
    cost : (n_class, n_arc) float64
        Cost of each arc for each class of trips, at least 0, ``inf`` = forbidden.
    price : (n_arc,) float64
        What every class pays besides, at least 0: the cheapest routes at these prices are looked for.
    judge : (n_arc,) float64
        Prices at which a found route is judged; the same array where there is no difference.
    trip : (n_trip, 3) int32
        Class, origin and destination, sorted by class and origin.
    limit : (n_trip,) float64
        A route is handed out only if its cost at ``judge`` is below this, in the unit of the costs.
    weight : (n_arc,) float64
        Workspace: costs and prices of one class.
    heap, label, into
        Workspace of a tree: an empty heap, (n_vertex,) float64, (n_vertex,) int32.
    out_cost : (n_trip,) float64
        Least cost at ``price``, ``inf`` where there is no way.
    out_first_arc : (n_trip + 1,) int64
        Where each route starts in ``out_arc``.
    out_arc : (capacity,) int32
        Arcs in order of travel. What does not fit is only counted, so the caller can come again.

    Notes
    -----
    O((n + m) log n) for each pair of class and origin. Ties as in ``grow``.
    """
    total = 0
    n = 0
    out_first_arc[0] = 0
    for at in range(trip.shape[0]):
        kind = trip[at, 0]
        origin = trip[at, 1]
        destination = trip[at, 2]
        is_new_class = at == 0 or trip[at - 1, 0] != kind
        if is_new_class:
            for arc in range(weight.shape[0]):
                weight[arc] = cost[kind, arc] + price[arc]
        if is_new_class or trip[at - 1, 1] != origin:
            _empty(heap, n)
            n = _plant(heap, origin, label, into)
        if heap.place[destination] != OUTSIDE or label[destination] == np.inf:
            n = grow(star, weight, destination, np.inf, heap, n, label, into)
        out_cost[at] = label[destination]
        length = 0
        judged = 0.0
        vertex = destination
        while into[vertex] != NO_ARC:
            arc = into[vertex]
            judged += cost[kind, arc] + judge[arc]
            vertex = tail[arc]
            length += 1
        if vertex != origin or not judged < limit[at]:
            length = 0
        if total + length <= out_arc.shape[0]:
            vertex = destination
            for step in range(length):
                arc = into[vertex]
                out_arc[total + length - 1 - step] = arc
                vertex = tail[arc]
        total += length
        out_first_arc[at + 1] = total
    _empty(heap, n)
    return total


@lean_kernel
def _plant(heap: Heap, origin: int, label: Floats, into: Ints) -> int:
    """Begin a tree: no labels, the origin in the heap; returns the size of the heap."""
    for vertex in range(label.shape[0]):
        label[vertex] = np.inf
        into[vertex] = NO_ARC
    label[origin] = 0.0
    heap.item[0] = origin
    heap.key[0] = 0.0
    heap.place[origin] = 0
    return 1


@lean_kernel
def _empty(heap: Heap, n: int) -> None:
    """Take the rest out of a heap."""
    for at in range(n):
        heap.place[heap.item[at]] = OUTSIDE


class Pricer:
    """A graph, costs and trips, ready to be priced again and again.

    Parameters
    ----------
    star : Star
        The graph.
    cost : (n_class, n_arc) float64
        Costs of classes, at least 0, ``inf`` = forbidden.
    trip : (n_trip, 3) int32
        Class, origin and destination, sorted by class and origin.
    """

    def __init__(self, star: Star, cost: Floats, trip: Ints) -> None:
        vertex_count = star.first_out.shape[0] - 1
        self.star, self.tail = star, tails(star)
        self.cost, self.trip = freeze(cost, np.float64), freeze(trip, np.int32)
        self.space = (make_heap(vertex_count), np.empty(vertex_count), np.empty(vertex_count, np.int32))
        self.weight = np.empty(star.head.shape[0])
        self.arc = np.empty(64 * len(trip) + 64, np.int32)
        self.tree_count = int(mark_runs(self.trip[:, 0], self.trip[:, 1]).sum())

    def price(self, price: Floats, judge: Floats, limit: Floats) -> tuple[Floats, Longs, Ints]:
        """Least costs at ``price`` and routes below ``limit`` at ``judge``, see ``price_routes``.

        Returns
        -------
        cost : (n_trip,) float64
        first_arc : (n_trip + 1,) int64
        arc : (n,) int32
        """
        trip_count = len(self.trip)
        cost, first_arc = np.empty(trip_count), np.empty(trip_count + 1, np.int64)
        run = price_routes.pick(self.star.head.shape[0] * self.tree_count)
        prices = (freeze(price, np.float64), freeze(judge, np.float64))
        ask = (self.star, self.tail, self.cost, *prices, self.trip, freeze(limit, np.float64), self.weight)
        needed = run(*ask, *self.space, cost, first_arc, self.arc)
        if needed > self.arc.shape[0]:
            self.arc = np.empty(2 * needed, np.int32)
            run(*ask, *self.space, cost, first_arc, self.arc)
        return cost, first_arc, self.arc[:needed].copy()


@price_routes.sample
def _price_routes_sample() -> tuple[object, ...]:
    star, one = make_star([0, 1, 2], [1, 0]), freeze([1.0, 1.0], np.float64)
    trip = freeze([[0, 0, 1]], np.int32)
    space = (np.empty(2), make_heap(2), np.empty(2), np.empty(2, np.int32))
    ask = (star, tails(star), freeze([[1.0, 1.0]], np.float64), one, one, trip, freeze([9.0], np.float64))
    return *ask, *space, np.empty(1), np.empty(2, np.int64), np.empty(4, np.int32)
