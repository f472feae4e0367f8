"""From neighbour lists as vertices left them to the rows of a hierarchy, which serve every metric.

Vertices are numbered anew so that each comes after all that hang below it (``rank``). An *edge* joins a
vertex to one above it and stands for both directions. All vertices above that a search from v can reach lie
on the one way from v to its root, so the depth of an edge's upper end says which vertex it is: labels of a
search fit in an array as long as the tree is high. ``hierarchy_order`` comes before, ``hierarchy_metric`` after.
"""

import numpy as np

from dehliz.kernels.hierarchy_order import NONE, Rest
from dehliz.kernels.jit import kernel
from dehliz.kernels.search import Ints

FIRST, PARENT, DEPTH, VERTEX = 0, 1, 2, 3
"""Columns of ``row``: first edge, rank of the lowest vertex above, hops to the root, vertex of the graph.
Side by side because a search needs them together: it meets each row cold (benchmarks/README.md, layouts)."""

UP, DOWN = 0, 1
"""The two directions of an edge: away from the lower vertex, and towards it."""


@kernel
def number_tree(rest: Rest, pool: Ints, order: Ints, out_rank: Ints, out_first_below: Ints) -> None:
    """Number vertices so that those below v are ``out_first_below[rank]`` to ``rank - 1`` for its rank.

    Parameters
    ----------
    rest : Rest
        After all vertices have left: the neighbours of each are those that left later.
    pool : (n_pool,) int32
        Neighbour lists.
    order : (n_vertex,) int32
        Vertices in the order they left.
    out_rank : (n_vertex,) int32
        New number of each vertex.
    out_first_below : (n_vertex,) int32
        By rank.

    Notes
    -----
    A vertex hangs under that neighbour which left next (elimination tree; Liu, 1990, "The role of elimination
    trees in sparse factorization", SIAM J. Matrix Anal. Appl. 11). O(n_vertex + n_edge).
    """
    n_vertex = order.shape[0]
    turn = np.empty(n_vertex, np.int32)
    for at in range(n_vertex):
        turn[order[at]] = at
    parent = np.full(n_vertex, NONE, np.int32)
    child = np.full(n_vertex, NONE, np.int32)
    sibling = np.full(n_vertex, NONE, np.int32)
    for at in range(n_vertex - 1, -1, -1):
        vertex = order[at]
        above = NONE
        for place in range(rest.first[vertex], rest.first[vertex] + rest.length[vertex]):
            if above < 0 or turn[pool[place]] < turn[above]:
                above = pool[place]
        parent[vertex] = above
        if above >= 0:
            sibling[vertex] = child[above]
            child[above] = vertex
    rank = 0
    for at in range(n_vertex):
        root = order[at]
        if parent[root] >= 0:
            continue
        vertex = root
        turn[vertex] = rank  # from here on: rank of the first vertex below
        while vertex >= 0:
            below = child[vertex]
            if below >= 0:
                child[vertex] = sibling[below]
                turn[below] = rank
                vertex = below
            else:
                out_rank[vertex] = rank
                out_first_below[rank] = turn[vertex]
                rank += 1
                vertex = parent[vertex]


@kernel
def lay_rows(
    rest: Rest, pool: Ints, rank: Ints, out_row: Ints, out_head_rank: Ints, out_head_depth: Ints
) -> int:
    """Edges of each vertex by rank, lowest upper end first; returns the height of the highest tree.

    Parameters
    ----------
    rest, pool : Rest and (n_pool,) int32
        Neighbours above each vertex.
    rank : (n_vertex,) int32
        New numbers.
    out_row : (n_vertex + 1, 4) int32
        By rank: FIRST, PARENT, DEPTH, VERTEX. Edges of r are ``out_row[r, FIRST]:out_row[r + 1, FIRST]``. A
        root's parent is n_vertex, whose row closes the table.
    out_head_rank, out_head_depth : (n_edge,) int32
        Upper end of each edge, and its depth.

    Notes
    -----
    O(n_vertex + n_edge).
    """
    n_vertex = rank.shape[0]
    first_in = np.zeros(n_vertex + 1, np.int32)
    for vertex in range(n_vertex):
        out_row[rank[vertex], VERTEX] = vertex
        for at in range(rest.first[vertex], rest.first[vertex] + rest.length[vertex]):
            first_in[rank[pool[at]] + 1] += 1
    edge = 0
    for place in range(n_vertex):
        first_in[place + 1] += first_in[place]
        out_row[place, FIRST] = edge
        out_row[place, PARENT] = n_vertex
        edge += rest.length[out_row[place, VERTEX]]
    out_row[n_vertex, FIRST] = edge
    out_row[n_vertex, PARENT] = n_vertex
    out_row[n_vertex, DEPTH] = -1
    out_row[n_vertex, VERTEX] = NONE
    lower = np.empty(edge, np.int32)
    for place in range(n_vertex):
        vertex = out_row[place, VERTEX]
        for at in range(rest.first[vertex], rest.first[vertex] + rest.length[vertex]):
            head = rank[pool[at]]
            lower[first_in[head]] = place
            first_in[head] += 1
    place_in = np.zeros(n_vertex, np.int32)
    at = 0
    for head in range(n_vertex):  # ascending, so that each row fills in ascending order
        while at < first_in[head]:
            place = lower[at]
            if place_in[place] == 0:
                out_row[place, PARENT] = head
            out_head_rank[out_row[place, FIRST] + place_in[place]] = head
            place_in[place] += 1
            at += 1
    height = 0
    for place in range(n_vertex - 1, -1, -1):
        depth = out_row[out_row[place, PARENT], DEPTH] + 1
        out_row[place, DEPTH] = depth
        height = max(height, depth + 1)
        for at in range(out_row[place, FIRST], out_row[place + 1, FIRST]):
            out_head_depth[at] = out_row[out_head_rank[at], DEPTH]
    return height


@kernel
def find_edge(row: Ints, head_rank: Ints, lower: int, upper: int) -> int:
    """Edge between two ranks that are known to be joined; O(log(edges of the row))."""
    start = row[lower, FIRST]
    end = row[lower + 1, FIRST]
    while end - start > 1:
        middle = (start + end) >> 1
        if head_rank[middle] <= upper:
            start = middle
        else:
            end = middle
    return int(start)


@kernel
def enter_arcs(
    first_out: Ints, head: Ints, rank: Ints, row: Ints, head_rank: Ints, out_entry: Ints, out_extra: Ints
) -> int:
    """Which arc of the graph enters each edge in each direction; returns how many arcs were left over.

    Parameters
    ----------
    first_out, head : (n_vertex + 1,) and (n_arc,) int32
        The graph. Self-loops enter nowhere.
    rank, row, head_rank : int32
        The hierarchy.
    out_entry : (n_edge, 2) int32
        First arc (lowest number) from the lower end up and from the upper end down, -1 for none.
    out_extra : (n_arc, 2) int32
        Of the arcs parallel to an earlier one: ``2 edge + direction`` and the arc.
    """
    out_entry[:, :] = NONE
    left_over = 0
    for tail in range(rank.shape[0]):
        for arc in range(first_out[tail], first_out[tail + 1]):
            start = rank[tail]
            end = rank[head[arc]]
            if start == end:
                continue
            direction = UP if start < end else DOWN
            edge = find_edge(row, head_rank, min(start, end), max(start, end))
            if out_entry[edge, direction] < 0:
                out_entry[edge, direction] = arc
            else:
                out_extra[left_over, 0] = 2 * edge + direction
                out_extra[left_over, 1] = arc
                left_over += 1
    return left_over


@kernel
def count_triangles(row: Ints) -> int:
    """Number of pairs of edges that share their lower end: the work of one customisation."""
    total = 0
    for place in range(row.shape[0] - 1):
        length = int(row[place + 1, FIRST] - row[place, FIRST])
        total += length * (length - 1) // 2
    return total


@kernel
def list_triangles(row: Ints, head_rank: Ints, out_triangle: Ints) -> None:
    """For each pair of edges with the same lower end, the edge between their upper ends.

    Parameters
    ----------
    row, head_rank : int32
        The hierarchy.
    out_triangle : (n_triangle,) int32
        By lower end, first edge, second edge, all ascending.

    Notes
    -----
    The third edge is always there: the two upper ends were joined when the lower vertex left.
    """
    triangle = 0
    for place in range(row.shape[0] - 1):
        end = row[place + 1, FIRST]
        for one in range(row[place, FIRST], end):
            edge = row[head_rank[one], FIRST]
            for two in range(one + 1, end):
                while head_rank[edge] != head_rank[two]:
                    edge += 1
                out_triangle[triangle] = edge
                triangle += 1
