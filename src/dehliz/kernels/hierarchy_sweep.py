"""Least costs from one vertex to all, and between two sets of vertices, over a customised hierarchy.

One to all climbs from the origin and then looks at every vertex once, from the roots down. Between sets, each
vertex climbs once, and pairs are joined over the vertices that stand above both. ``hierarchy_metric`` comes
before. To go against the direction of travel, hand in the two directions of the weights in exchange.
"""

import numpy as np

from dehliz.kernels.hierarchy_build import DEPTH, FIRST, PARENT, VERTEX
from dehliz.kernels.hierarchy_query import relax_row
from dehliz.kernels.jit import kernel
from dehliz.kernels.search import Floats, Ints


@kernel
def sweep(
    rank: Ints, row: Ints, head_depth: Ints, up: Floats, down: Floats, height: int, origin: int,
    out_cost: Floats,
) -> None:  # fmt: skip
    """Least cost from one vertex to all.

    Parameters
    ----------
    rank, row, head_depth : int32
        The hierarchy.
    up, down : (n_edge,) float64
        Its customised weights; in exchange, they give the cost from all vertices to the one.
    height : int
        Of the highest tree.
    origin : int
        Vertex of the graph.
    out_cost : (n_vertex,) float64
        By vertex of the graph, ``inf`` where there is no way.

    Notes
    -----
    O(n_edge). From the last rank to the first, a vertex always follows one that hangs under the same vertices,
    so the labels above it stand in one array by depth and are overwritten as the sweep moves on. The idea of
    a sweep in place of a search is PHAST (Delling and others, 2011, IPDPS).
    """
    climbing = np.full(height, np.inf)
    label = np.full(height, np.inf)
    way = np.empty(height, np.int32)
    place = rank[origin]
    depth = row[place, DEPTH]
    climbing[depth] = 0.0
    while depth >= 0:
        way[depth] = place
        if climbing[depth] < np.inf:
            relax_row(row, head_depth, up, np.uintp(place), climbing[depth], climbing)
        place = row[place, PARENT]
        depth -= 1
    place = rank.shape[0]
    end = np.uintp(row[place, FIRST])
    while place > 0:
        place -= 1
        start = np.uintp(row[place, FIRST])
        depth = row[place, DEPTH]
        cost = np.inf
        if depth <= row[rank[origin], DEPTH] and way[depth] == place:
            cost = climbing[depth]
        for edge in range(start, end):
            other = label[np.uintp(head_depth[edge])] + down[edge]
            cost = other if other < cost else cost
        end = start
        label[depth] = cost
        out_cost[row[place, VERTEX]] = cost


@kernel
def climb_all(
    rank: Ints, row: Ints, head_depth: Ints, weight: Floats, vertex: Ints, out_label: Floats
) -> None:
    """Labels of everything above each of some vertices.

    Parameters
    ----------
    rank, row, head_depth : int32
        The hierarchy.
    weight : (n_edge,) float64
        Of one direction.
    vertex : (n,) int32
        Vertices of the graph.
    out_label : (n, height) float64
        By depth; ``inf`` below the vertex.
    """
    for at in range(vertex.shape[0]):
        label = out_label[at]
        label[:] = np.inf
        place = rank[vertex[at]]
        depth = row[place, DEPTH]
        label[depth] = 0.0
        while depth >= 0:
            if label[depth] < np.inf:
                relax_row(row, head_depth, weight, np.uintp(place), label[depth], label)
            place = row[place, PARENT]
            depth -= 1


@kernel
def join_labels(
    rank: Ints, row: Ints, first_below: Ints, origin: Ints, ahead: Floats, place: Ints, back: Floats,
    out_cost: Floats,
) -> None:  # fmt: skip
    """Least costs between two sets: over each vertex above the origin, to the destinations that hang under it.

    Parameters
    ----------
    rank, row, first_below : int32
        The hierarchy.
    origin : (n_origin,) int32
        Vertices of the graph.
    ahead : (n_origin, height) float64
        Their labels upwards, by depth.
    place : (n_destination,) int32
        Ranks of the destinations, ascending.
    back : (height, n_destination) float64
        The destinations' labels against the direction of travel.
    out_cost : (n_origin, n_destination) float64
        In the order of ``place``.

    Notes
    -----
    O(pairs x height) at worst, in straight runs: those that hang under a vertex have neighbouring ranks.
    """
    for at in range(origin.shape[0]):
        cost = out_cost[at]
        cost[:] = np.inf
        above = rank[origin[at]]
        first, last = 0, place.shape[0]
        while first < last:
            middle = (first + last) >> 1
            if place[middle] < above:
                first = middle + 1
            else:
                last = middle
        depth = row[above, DEPTH]
        while depth >= 0:
            while first > 0 and place[first - 1] >= first_below[above]:
                first -= 1
            while last < place.shape[0] and place[last] <= above:
                last += 1
            here = ahead[at, depth]
            if here < np.inf:
                run = cost[first:last]
                there = back[depth, first:last]
                for pair in range(run.shape[0]):
                    both = here + there[pair]
                    run[pair] = both if both < run[pair] else run[pair]
            above = row[above, PARENT]
            depth -= 1
