"""Lower bounds for the three-criteria search: three backward searches that go no farther than they must.

The reversed star and its weights come in; for each vertex and criterion the least cost to the destination
goes out, cut off where no option can reach. Used by ``options.py`` before ``pareto.py``.
"""

import numpy as np

from dehliz.kernels.heap import OUTSIDE, Heap, heap_push
from dehliz.kernels.jit import kernel
from dehliz.kernels.search import NO_ARC, NO_VERTEX, Floats, Ints, Reverse, grow

CRITERION_COUNT = 3


@kernel
def pareto_bounds(
    back: Reverse,
    head: Ints,
    weight_in: Floats,
    origin: int,
    destination: int,
    item: Ints,
    place: Ints,
    into: Ints,
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
    out_bound : (3, n_vertex) float64
        Bounds; ``inf`` everywhere when the origin cannot reach the destination.

    Notes
    -----
    Search i runs until it reaches the origin, by a way P_i. Let N_j be the largest cost in criterion j of the
    two ways P_i, i other than j. A vertex at N_j or farther in two criteria lies on no option that some P_i
    does not match or beat, so search j goes on to radius N_j only and ``min(h_j, N_j)`` is the bound: still
    admissible and, as the minimum of a consistent bound and a constant, consistent.
    """
    left = np.zeros(CRITERION_COUNT, np.int64)
    for criterion in range(CRITERION_COUNT):
        out_bound[criterion, :] = np.inf
        out_bound[criterion, destination] = 0.0
        into[criterion, destination] = NO_ARC
        heap = Heap(item[criterion], place[criterion])
        n = heap_push(heap, 0, out_bound[criterion], destination)
        left[criterion] = grow(
            back.star, weight_in[criterion], origin, np.inf, heap, n, out_bound[criterion], into[criterion]
        )
    radius = np.zeros(CRITERION_COUNT)
    for own in range(CRITERION_COUNT):
        value = np.zeros(CRITERION_COUNT)
        vertex = origin
        while into[own, vertex] != NO_ARC and out_bound[own, origin] < np.inf:
            step = into[own, vertex]
            value += weight_in[:, step]
            vertex = head[back.arc[step]]
        if not out_bound[own, origin] < np.inf:
            value[:] = np.inf
        for other in range(CRITERION_COUNT):
            if other != own:
                radius[other] = max(radius[other], value[other])
    for criterion in range(CRITERION_COUNT):
        heap = Heap(item[criterion], place[criterion])
        row = out_bound[criterion]
        reach = radius[criterion]
        n = left[criterion]
        n = grow(back.star, weight_in[criterion], NO_VERTEX, reach, heap, n, row, into[criterion])
        for at in range(n):
            place[criterion, item[criterion, at]] = OUTSIDE
        for vertex in range(row.shape[0]):
            row[vertex] = min(row[vertex], reach)
