"""Weights of the arcs → weights of a hierarchy's edges: the least cost through anything below.

This is all that has to be done again when tariffs, times or closures change. ``hierarchy_build`` comes before,
``hierarchy_query`` and ``hierarchy_sweep`` use the result.
"""

import numpy as np

from dehliz.kernels.hierarchy_build import DOWN, FIRST, UP
from dehliz.kernels.jit import kernel
from dehliz.kernels.search import Floats, Ints


@kernel
def enter_weights(entry: Ints, extra: Ints, arc_weight: Floats, out_weight: Floats, out_low: Ints) -> None:
    """Weight of each edge from the arcs that run along it, in each direction.

    Parameters
    ----------
    entry : (n_edge, 2) int32
        First arc along each edge, -1 for none.
    extra : (n_extra, 2) int32
        Parallel arcs: ``2 edge + direction`` and the arc.
    arc_weight : (n_arc,) float64
        Cost of each arc, at least 0, ``inf`` = forbidden.
    out_weight : (2, n_edge) float64
        Up and down; ``inf`` where no arc runs. Of parallel arcs the lightest counts, then the lowest.
    out_low : (n_edge, 2) int32
        ``-1 - arc`` for the arc that gave the weight.
    """
    for edge in range(entry.shape[0]):
        for direction in range(2):
            arc = entry[edge, direction]
            out_weight[direction, edge] = arc_weight[arc] if arc >= 0 else np.inf
            out_low[edge, direction] = -1 - arc
    for at in range(extra.shape[0]):
        edge = extra[at, 0] >> 1
        direction = extra[at, 0] & 1
        arc = extra[at, 1]
        if arc_weight[arc] < out_weight[direction, edge]:
            out_weight[direction, edge] = arc_weight[arc]
            out_low[edge, direction] = -1 - arc


@kernel
def relax_triangles(row: Ints, triangle: Ints, out_weight: Floats, out_low: Ints) -> None:
    """Lower each edge to the way over any vertex below both its ends.

    Parameters
    ----------
    row : (n_vertex + 1, 4) int32
        The hierarchy.
    triangle : (n_triangle,) int32
        Edge between the upper ends of each pair of edges, from ``list_triangles``.
    out_weight : (2, n_edge) float64
        In: of the arcs along each edge. Out: least cost over arcs and lower vertices.
    out_low : (n_edge, 2) int32
        Where a way over a lower vertex v is less: the edge from v to the lower end of this edge.

    Notes
    -----
    Dibbelt, Strasser and Wagner (2016), "Customizable contraction hierarchies", ACM JEA 21, section 5: O(number
    of triangles). Rows are complete when their turn comes, because all that is below a vertex comes before it.
    Unsigned indices, because testing signed ones for "from the end" cost a quarter of the time.
    """
    up = out_weight[UP]
    down = out_weight[DOWN]
    at = np.uintp(0)
    step = np.uintp(1)
    for place in range(row.shape[0] - 1):
        end = np.uintp(row[place + 1, FIRST])
        for one in range(np.uintp(row[place, FIRST]), end):
            to_below = down[one]
            from_below = up[one]
            for two in range(one + step, end):
                edge = np.uintp(triangle[at])
                at += step
                cost = to_below + up[two]
                if cost < up[edge]:
                    up[edge] = cost
                    out_low[edge, UP] = one
                cost = from_below + down[two]
                if cost < down[edge]:
                    down[edge] = cost
                    out_low[edge, DOWN] = one
