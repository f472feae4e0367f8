"""Lower bounds for the three-criteria search: three backward searches that go no farther than they must.

The reversed star and its weights come in; for each vertex and criterion the least cost to the destination
goes out, cut off where no option can reach. Used by ``options.py`` before ``pareto.py``.
"""

import numpy as np

from dehliz.kernels.heap import OUTSIDE, Heap, heap_push
from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.search import NO_ARC, NO_VERTEX, Floats, Ints, Reverse, grow

CRITERION_COUNT = 3


@lean_kernel
def _way_value(back: Reverse, head: Ints, weight: Floats, into: Ints, bound: Floats, origin: int) -> float:
    """What the way found from an origin costs by other weights; ``inf`` when there is no way."""
    if not bound[origin] < np.inf:
        return np.inf
    value = 0.0
    vertex = origin
    while into[vertex] != NO_ARC:
        step = into[vertex]
        value += weight[step]
        vertex = head[back.arc[step]]
    return value


@lean_kernel
def pareto_bounds(
    back: Reverse,
    head: Ints,
    weight_in: Floats,
    origin: int,
    destination: int,
    item: Ints,
    place: Ints,
    into: Ints,
    left: Ints,
    out_radius: Floats,
    out_bound: Floats,
) -> None:
    """Lower bounds of the cost to the destination, exact as far as an option of this pair can need them.

    Parameters
    ----------
    back : Reverse
        The graph seen from the heads.
    head : (n_arc,) int32
        Head of each arc of the graph.
    weight_in : (3, n_arc) float64
        Weights in the order of ``back``.
    origin, destination : int
        The pair.
    item, place, into : (3, n_vertex) int32
        Workspace: heaps (``place`` all -1 before and after) and last arcs.
    left : (3,) int32
        Workspace: sizes of the heaps.
    out_radius : (3,) float64
        How far each search went.
    out_bound : (3, n_vertex) float64
        Bounds; ``inf`` everywhere when the origin cannot reach the destination.

    Notes
    -----
    Search i runs until it reaches the origin, by a way P_i. Let N_j be the largest cost in criterion j of the
    two ways P_i, i other than j. A vertex at N_j or farther in two criteria lies on no option that some P_i
    does not match or beat, so search j goes on to radius N_j only and ``min(h_j, N_j)`` is the bound: still
    admissible and, as the minimum of a consistent bound and a constant, consistent.
    """
    for criterion in range(CRITERION_COUNT):
        row = out_bound[criterion]
        row[:] = np.inf
        row[destination] = 0.0
        into[criterion, destination] = NO_ARC
        heap = Heap(item[criterion], place[criterion])
        n = heap_push(heap, 0, row, destination)
        left[criterion] = grow(back.star, weight_in[criterion], origin, np.inf, heap, n, row, into[criterion])
        out_radius[criterion] = 0.0
    for own in range(CRITERION_COUNT):
        for other in range(CRITERION_COUNT):
            if other != own:
                value = _way_value(back, head, weight_in[other], into[own], out_bound[own], origin)
                out_radius[other] = max(out_radius[other], value)
    for criterion in range(CRITERION_COUNT):
        row = out_bound[criterion]
        heap = Heap(item[criterion], place[criterion])
        reach = out_radius[criterion]
        n = left[criterion]
        n = grow(back.star, weight_in[criterion], NO_VERTEX, reach, heap, n, row, into[criterion])
        for at in range(n):
            place[criterion, item[criterion, at]] = OUTSIDE
        for vertex in range(row.shape[0]):
            row[vertex] = min(row[vertex], reach)
