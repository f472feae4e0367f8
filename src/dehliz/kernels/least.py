"""Least costs of trips by plain Dijkstra, one tree an origin, ended when its last destination is settled.

Arrays of the network and of trips come in, one number a trip goes out. Nothing here knows of bushes: an equilibrium is
judged by it. Called from ``assignment/gap.py``.
"""

import numpy as np

from dehliz.kernels.heap import OUTSIDE, Heap, make_heap
from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.search import NO_ARC, Floats, Ints, Star, freeze, grow, make_star


@lean_kernel
def least_costs(
    star: Star,
    weight: Floats,
    origin: Ints,
    first: Ints,
    destination: Ints,
    heap: Heap,
    cost: Floats,
    into: Ints,
    out_least: Floats,
) -> None:
    """Least cost of each trip of some origins.

    Parameters
    ----------
    star : Star
        The graph.
    weight : (n_arc,) float64
        Cost of each arc, at least 0, ``inf`` = forbidden.
    origin : (n_origin,) int32
        Vertices where trips start.
    first : (n_origin + 1,) int32
        Trips of origin i are ``first[i]:first[i + 1]``.
    destination : (n_trip,) int32
        Vertices where they end.
    heap : Heap
        Empty workspace; is empty again afterwards.
    cost, into : (n_vertex,) float64, (n_vertex,) int32
        Workspace of the tree.
    out_least : (n_trip,) float64
        Least cost, ``inf`` where there is no way; trips of other origins are not touched.

    Notes
    -----
    Dijkstra from each origin, O((n + m) log n); what lies beyond the farthest destination is not settled.
    """
    item, key, place = heap
    for at in range(origin.shape[0]):
        for vertex in range(cost.shape[0]):
            cost[vertex] = np.inf
            into[vertex] = NO_ARC
        start = origin[at]
        cost[start] = 0.0
        item[0] = start
        key[0] = 0.0
        place[start] = 0
        n = 1
        for trip in range(first[at], first[at + 1]):
            end = destination[trip]
            if n > 0 and (place[end] != OUTSIDE or cost[end] == np.inf):
                n = grow(star, weight, end, np.inf, heap, n, cost, into)
            out_least[trip] = cost[end]
        for left in range(n):
            place[item[left]] = OUTSIDE


@least_costs.sample
def _least_costs_sample() -> tuple[object, ...]:
    weight = freeze([1.0, 1.0], np.float64)
    trips = (freeze([0], np.int32), freeze([0, 1], np.int32), freeze([1], np.int32))
    space = (make_heap(2), np.empty(2), np.empty(2, np.int32))
    return make_star([0, 1, 2], [1, 0]), weight, *trips, *space, np.empty(1)
