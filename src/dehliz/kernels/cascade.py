"""Flows down trees and bushes: an origin's demand onto its tree, and the share of it that passes chosen arcs.

Arrays of one origin come in, numbers per vertex go out. Used by ``assignment/all_or_nothing.py`` and
``assignment/select_link.py``; ``kernels/search.py`` makes the trees.
"""

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import Status, kernel
from dehliz.kernels.search import NO_ARC

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

OK = int(Status.OK)
BAD_INPUT = int(Status.BAD_INPUT)


@kernel
def cascade_tree(tail: Ints, into: Ints, child: Ints, stack: Ints, out_flow: Floats) -> None:
    """Sum the demand of a tree's vertices towards its root.

    Parameters
    ----------
    tail : (n_arc,) int32
        Tail of each arc.
    into : (n_vertex,) int32
        Arc by which the tree enters each vertex; -1 at the root and where it does not go.
    child, stack : (n_vertex,) int32
        Workspace.
    out_flow : (n_vertex,) float64
        Demand that ends at each vertex; becomes the flow on arc ``into[v]`` (at the root: all of it).

    Notes
    -----
    From the leaves up, each vertex after all its children, O(n_vertex).
    """
    n_vertex = into.shape[0]
    child[:] = 0
    for vertex in range(n_vertex):
        if into[vertex] != NO_ARC:
            child[tail[into[vertex]]] += 1
    n = 0
    for vertex in range(n_vertex):
        if into[vertex] != NO_ARC and child[vertex] == 0:
            stack[n] = vertex
            n += 1
    while n > 0:
        n -= 1
        vertex = stack[n]
        parent = tail[into[vertex]]
        out_flow[parent] += out_flow[vertex]
        child[parent] -= 1
        if child[parent] == 0 and into[parent] != NO_ARC:
            stack[n] = parent
            n += 1


@kernel
def unroll_tree(tail: Ints, into: Ints, destination: Ints, used: int, out_end: Ints, out_arc: Ints) -> int:
    """Write the ways of a tree to some destinations one after the other; returns where the last one ends.

    Parameters
    ----------
    tail, into
        As in ``cascade_tree``.
    destination : (n,) int32
        Where the ways end.
    used : int
        Places of ``out_arc`` that are taken.
    out_end : (n,) int32
        Where each way ends in ``out_arc``.
    out_arc : (capacity,) int32
        Arcs in order of travel; what does not fit is only counted.
    """
    total = used
    for at in range(destination.shape[0]):
        length = 0
        vertex = destination[at]
        while into[vertex] != NO_ARC:
            vertex = tail[into[vertex]]
            length += 1
        if total + length <= out_arc.shape[0]:
            vertex = destination[at]
            for step in range(length):
                arc = into[vertex]
                out_arc[total + length - 1 - step] = arc
                vertex = tail[arc]
        total += length
        out_end[at] = total
    return total


@kernel
def cascade_share(
    tail: Ints,
    head: Ints,
    arc: Ints,
    flow: Floats,
    is_chosen: Bools,
    first: Ints,
    following: Ints,
    waiting: Ints,
    stack: Ints,
    inflow: Floats,
    out_share: Floats,
) -> int:
    """Share of what arrives at each vertex of a bush that has passed a chosen arc; returns a ``Status``.

    Parameters
    ----------
    tail, head : (n_arc,) int32
        Vertices of each arc.
    arc : (n_flow,) int32
        Arcs of the bush; they must not form a cycle.
    flow : (n_flow,) float64
        Flow on each, above 0.
    is_chosen : (n_arc,) bool
        The chosen arcs.
    first, waiting, stack : (n_vertex,) int32
        Workspace.
    following : (n_flow,) int32
        Workspace.
    inflow : (n_vertex,) float64
        Workspace.
    out_share : (n_vertex,) float64
        Share, 0 to 1; 0 where nothing arrives.

    Notes
    -----
    What leaves a vertex is mixed as what arrives there (proportionality at vertices), which is exact on a tree and an
    assumption on a bush: arc flows alone do not say who took which way. In topological order,
    O(n_vertex + n_flow).
    """
    first[:] = -1
    waiting[:] = 0
    inflow[:] = 0.0
    out_share[:] = 0.0
    for at in range(arc.shape[0] - 1, -1, -1):
        following[at] = first[tail[arc[at]]]
        first[tail[arc[at]]] = at
        waiting[head[arc[at]]] += 1
        inflow[head[arc[at]]] += flow[at]
    n = 0
    for vertex in range(first.shape[0]):
        if first[vertex] >= 0 and waiting[vertex] == 0:
            stack[n] = vertex
            n += 1
    done = 0
    while n > 0:
        n -= 1
        vertex = stack[n]
        at = first[vertex]
        while at >= 0:
            to = head[arc[at]]
            share = 1.0 if is_chosen[arc[at]] else out_share[vertex]
            out_share[to] += share * (flow[at] / inflow[to])
            waiting[to] -= 1
            if waiting[to] == 0:
                stack[n] = to
                n += 1
            done += 1
            at = following[at]
    return OK if done == arc.shape[0] else BAD_INPUT


def _fixed(values: npt.ArrayLike) -> Ints:
    array = np.array(values, dtype=np.int32)
    array.flags.writeable = False
    return array


@cascade_tree.sample
def _cascade_tree_sample() -> tuple[object, ...]:
    return _fixed([0]), np.array([-1, 0], np.int32), np.empty(2, np.int32), np.empty(2, np.int32), np.ones(2)


@unroll_tree.sample
def _unroll_tree_sample() -> tuple[object, ...]:
    out = np.empty(1, np.int32), np.empty(1, np.int32)
    return _fixed([0]), np.array([-1, 0], np.int32), _fixed([1]), 0, *out


@cascade_share.sample
def _cascade_share_sample() -> tuple[object, ...]:
    flow, chosen = np.ones(1), np.ones(1, bool)
    flow.flags.writeable = chosen.flags.writeable = False
    space = tuple(np.empty(count, np.int32) for count in (2, 1, 2, 2))
    return _fixed([0]), _fixed([1]), _fixed([0]), flow, chosen, *space, np.empty(2), np.empty(2)
