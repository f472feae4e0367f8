"""Takes acyclic flows of one origin apart into routes, the thickest first.

Arcs of each bush and their flows come in, sorted by head; routes with their flows go out. Used by
``assignment/unfold.py`` for methods that keep flows on arcs and not on routes.
"""

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import lean_kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@lean_kernel
def _thickest_into(head: Ints, flow: Floats, first: int, last: int, vertex: int) -> int:
    """Place of the arc with most flow among those of a bush that enter a vertex; -1 when none has flow."""
    low = first
    high = last
    while low < high:
        middle = (low + high) // 2
        if head[middle] < vertex:
            low = middle + 1
        else:
            high = middle
    best = -1
    most = 0.0
    while low < last and head[low] == vertex:
        if flow[low] > most:
            most = flow[low]
            best = low
        low += 1
    return best


@lean_kernel
def unfold_bushes(
    first_flow: Longs,
    arc: Ints,
    tail: Ints,
    head: Ints,
    origin: Ints,
    bush_trip: Longs,
    destination: Ints,
    demand: Floats,
    tolerance: float,
    flow: Floats,
    step: Ints,
    out_route_trip: Ints,
    out_route_flow: Floats,
    out_first_arc: Longs,
    out_arc: Ints,
    out_need: Longs,
) -> None:
    """Routes of every trip, thickest first; what does not fit into ``out`` is only counted.

    Parameters
    ----------
    first_flow : (n_bush + 1,) int64
        Arcs of bush ``b`` are ``first_flow[b]:first_flow[b + 1]``.
    arc, tail, head : (n_flow,) int32
        Arc, its tail and its head, sorted by (bush, head, arc).
    origin : (n_bush,) int32
        Vertex where each bush starts.
    bush_trip : (n_bush + 1,) int64
        Trips of bush ``b`` are ``bush_trip[b]:bush_trip[b + 1]``.
    destination, demand : (n_trip,) int32, float64
        End and served flow of each trip.
    tolerance : float
        Share of a trip below which what is left joins its last route.
    flow : (n_flow,) float64
        Flow of each arc; used up.
    step : (n_vertex,) int32
        Workspace: places of the arcs of one route.
    out_route_trip, out_route_flow : (capacity,) int32, float64
        Trip and flow of each route.
    out_first_arc : (capacity + 1,) int64
        Where each route starts in ``out_arc``.
    out_arc : (arc_capacity,) int32
        Arcs in order of travel.
    out_need : (2,) int64
        Routes and arcs in all; larger than the capacities when the caller must come again.

    Notes
    -----
    Each route empties an arc or a trip, so there are at most arcs plus trips of them. O(routes x length).
    """
    route_count = 0
    arc_count = 0
    out_first_arc[0] = 0
    for bush in range(origin.shape[0]):
        first = first_flow[bush]
        last = first_flow[bush + 1]
        for trip in range(bush_trip[bush], bush_trip[bush + 1]):
            left = demand[trip]
            route_of_trip = -1
            while left > tolerance * demand[trip]:
                amount = left
                length = 0
                vertex = destination[trip]
                while vertex != origin[bush] and length < step.shape[0]:
                    place = _thickest_into(head, flow, first, last, vertex)
                    if place < 0:
                        break
                    amount = min(amount, flow[place])
                    step[length] = place
                    length += 1
                    vertex = tail[place]
                if vertex != origin[bush] or amount <= 0.0:
                    break
                for at in range(length):
                    flow[step[at]] -= amount
                left -= amount
                fits = route_count < out_route_trip.shape[0] and arc_count + length <= out_arc.shape[0]
                if fits:
                    out_route_trip[route_count] = trip
                    out_route_flow[route_count] = amount
                    for at in range(length):
                        out_arc[arc_count + at] = arc[step[length - 1 - at]]
                    out_first_arc[route_count + 1] = arc_count + length
                    route_of_trip = route_count
                route_count += 1
                arc_count += length
            if route_of_trip >= 0:
                out_route_flow[route_of_trip] += left
    out_need[0] = route_count
    out_need[1] = arc_count


@unfold_bushes.sample
def _unfold_sample() -> tuple[object, ...]:
    flow = np.array([0, 1], np.int64)
    one = np.zeros(1, np.int32)
    return (
        flow, one, one, np.ones(1, np.int32), one, flow, np.ones(1, np.int32), np.ones(1), 1e-12, np.ones(1),
        np.zeros(2, np.int32), np.zeros(2, np.int32), np.zeros(2), np.zeros(3, np.int64), np.zeros(4, np.int32),
        np.zeros(2, np.int64),
    )  # fmt: skip
