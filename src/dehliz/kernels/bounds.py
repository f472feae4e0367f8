"""Lower bounds for the three-criteria search: three backward searches that go no farther than they must.

The reversed star and its weights come in; for each vertex and criterion the least cost to the destination
goes out, cut off where no option can reach. Used by ``options.py`` before ``pareto.py``.
"""

import numpy as np
import numpy.typing as npt

from dehliz.kernels.heap import OUTSIDE, Heap
from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.search import NO_ARC, NO_VERTEX, Floats, Ints, Reverse, grow

Longs = npt.NDArray[np.int64]

CRITERION_COUNT = 3


@lean_kernel
def _set_radius(
    back: Reverse, head: Ints, weight_in: Floats, into: Ints, bound: Floats, origin: int, out_radius: Floats
) -> None:
    """Largest cost in each criterion of the ways that are best in another one; ``inf`` when there is none."""
    out_radius[:] = 0.0
    for own in range(CRITERION_COUNT):
        for other in range(CRITERION_COUNT):
            if other == own:
                continue
            value = 0.0 if bound[own, origin] < np.inf else np.inf
            vertex = origin
            while value < np.inf and into[own, vertex] != NO_ARC:
                step = into[own, vertex]
                value += weight_in[other, step]
                vertex = head[back.arc[step]]
            out_radius[other] = max(out_radius[other], value)


@lean_kernel
def pareto_bounds(
    back: Reverse,
    head: Ints,
    weight_in: Floats,
    pair: Ints,
    item: Ints,
    key: Floats,
    place: Ints,
    into: Ints,
    left: Longs,
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
    pair : (2,) int32
        Origin and destination.
    item, key, place : (3, n_vertex) int32, float64, int32
        Workspace: heaps; ``place`` is all -1 before and after.
    into : (3, n_vertex) int32
        Workspace: last arcs.
    left : (3,) int64
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
    origin = pair[0]
    destination = pair[1]
    for criterion in range(CRITERION_COUNT):
        out_bound[criterion, :] = np.inf
        out_bound[criterion, destination] = 0.0
        into[criterion, destination] = NO_ARC
        item[criterion, 0] = destination
        key[criterion, 0] = 0.0
        place[criterion, destination] = 0
        left[criterion] = 1
        out_radius[criterion] = np.inf
    stop = origin + 0
    for phase in range(2):
        for criterion in range(CRITERION_COUNT):
            heap = Heap(item[criterion], key[criterion], place[criterion])
            row = out_bound[criterion]
            reach = out_radius[criterion]
            n = left[criterion]
            left[criterion] = grow(
                back.star, weight_in[criterion], stop, reach, heap, n, row, into[criterion]
            )
        if phase == 0:
            _set_radius(back, head, weight_in, into, out_bound, origin, out_radius)
            stop = NO_VERTEX
    for criterion in range(CRITERION_COUNT):
        for at in range(left[criterion]):
            place[criterion, item[criterion, at]] = OUTSIDE
        for vertex in range(out_bound.shape[1]):
            out_bound[criterion, vertex] = min(out_bound[criterion, vertex], out_radius[criterion])
