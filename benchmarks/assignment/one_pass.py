"""The unit of ratios that hold on any machine: one all-or-nothing pass, cold, at given costs, in the same process.

Dijkstra with the house's indexed heap from every origin to all vertices, then its demand cascades down the tree.
"""

import time

import numba
import numpy as np
import numpy.typing as npt

from dehliz.kernels.heap import Heap, heap_pop, heap_push, make_heap

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

BATCH_S = 0.2
PASS_BUDGET_S = 1.0

_push = heap_push.compiled()
_pop = heap_pop.compiled()


@numba.njit(error_model="numpy", boundscheck=False)
def load_trees(
    first_out: Ints,
    tail: Ints,
    head: Ints,
    weight: Floats,
    origin: Ints,
    first_trip: Ints,
    destination: Ints,
    volume: Floats,
    heap: Heap,
    cost: Floats,
    into: Ints,
    settled: Ints,
    load: Floats,
    out_flow: Floats,
) -> float:  # pragma: no cover  compiled
    """All trips on the trees of their origins; returns demand x least cost."""
    total = 0.0
    for at in range(origin.shape[0]):
        cost[:] = np.inf
        into[:] = -1
        cost[origin[at]] = 0.0
        size = _push(heap, 0, 0.0, origin[at])
        count = 0
        while size > 0:
            vertex = _pop(heap, size)
            size -= 1
            settled[count] = vertex
            count += 1
            here = cost[vertex]
            for arc in range(first_out[vertex], first_out[vertex + 1]):
                to = head[arc]
                there = here + weight[arc]
                if there < cost[to]:
                    cost[to] = there
                    into[to] = arc
                    size = _push(heap, size, there, to)
        for trip in range(first_trip[at], first_trip[at + 1]):
            load[destination[trip]] += volume[trip]
            total += volume[trip] * cost[destination[trip]]
        for place in range(count - 1, 0, -1):
            vertex = settled[place]
            out_flow[into[vertex]] += load[vertex]
            load[tail[into[vertex]]] += load[vertex]
            load[vertex] = 0.0
        load[origin[at]] = 0.0
    return total


def time_pass(
    first_out: Ints, tail: Ints, head: Ints, weight: Floats, origin: Ints, destination: Ints, volume: Floats
) -> tuple[float, float, Floats]:
    """CPU seconds of one pass (the best batch of several), its demand x least cost, its flows.

    Parameters
    ----------
    first_out, tail, head : int32
        Forward star.
    weight : (n_arc,) float64
        Costs.
    origin, destination, volume : (n_trip,)
        Trips, sorted by origin.
    """
    roots, first = np.unique(origin, return_index=True)
    first_trip = np.r_[first, len(origin)].astype(np.int32)
    n_vertex = len(first_out) - 1
    flow = np.zeros(len(head))

    def run() -> float:
        flow[:] = 0.0
        work = (
            np.empty(n_vertex),
            np.empty(n_vertex, np.int32),
            np.empty(n_vertex, np.int32),
            np.zeros(n_vertex),
        )
        trips = (roots, first_trip, destination, volume)
        return float(load_trees(first_out, tail, head, weight, *trips, make_heap(n_vertex), *work, flow))

    total = run()  # compiles
    best, begun, count = np.inf, time.process_time(), 1
    while not (best < np.inf and time.process_time() - begun > PASS_BUDGET_S):
        start = time.process_time()
        for _ in range(count):
            run()
        spent = time.process_time() - start
        if spent >= BATCH_S:
            best = min(best, spent / count)
        else:
            count *= 2
    return best, total, flow
