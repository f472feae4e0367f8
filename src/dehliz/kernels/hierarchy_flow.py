"""Vertex-disjoint paths through part of a graph: their number is the size of the smallest separator.

A part of the core of a graph has a source end and a sink end; paths between them are found one after the
other, each allowed to undo pieces of those before. Where the last search got stuck is the separator.
``hierarchy_cut`` chooses the ends and uses what is found.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.hierarchy_order import NONE, Rest
from dehliz.kernels.jit import kernel
from dehliz.kernels.search import Ints

Bytes = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]

NO_END, SOURCE, SINK = 0, 1, 2
OUTER = -2
"""In ``before`` and ``after`` of a path: it starts or ends here."""


class Core(NamedTuple):
    """Undirected graph of what is left.

    Attributes
    ----------
    first, neighbour : (n_core + 1,) and (m,) int32
        Neighbours of c are ``neighbour[first[c]:first[c + 1]]``.
    part : (n_core,) int32
        Number of the part that a vertex is in at the moment, -1 once it is in a separator.
    """

    first: Ints
    neighbour: Ints
    part: Ints


class Flow(NamedTuple):
    """Vertex-disjoint paths from the source end to the sink end of one part.

    A vertex has two states, ``2 v`` (entered) and ``2 v + 1`` (left); a path through it uses both.

    Attributes
    ----------
    before, after : (n_core,) int32
        Neighbours on the path through a vertex, -1 without a path, ``OUTER`` at its ends.
    end : (n_core,) int8
        NO_END, SOURCE or SINK.
    is_seen, parent : (2 n_core,) bool and int32
        Of the last search, by state.
    queue : (2 n_core,) int32
        Scratch.
    """

    before: Ints
    after: Ints
    end: Bytes
    is_seen: Bools
    parent: Ints
    queue: Ints


@kernel
def copy_core(rest: Rest, pool: Ints, member: Ints, out_first: Ints, out_neighbour: Ints) -> None:
    """Neighbour lists of the vertices that are left, numbered by their place in ``member``.

    Parameters
    ----------
    rest : Rest
        What is left; its scratch is used and left at -1.
    pool : (n_pool,) int32
        Neighbour lists.
    member : (n_core,) int32
        Vertices that are left, ascending.
    out_first, out_neighbour : (n_core + 1,) and (sum of lengths,) int32
        The same lists in core numbers.
    """
    for place in range(member.shape[0]):
        rest.mark[member[place]] = place
    out_first[0] = 0
    total = 0
    for place in range(member.shape[0]):
        vertex = member[place]
        for at in range(rest.first[vertex], rest.first[vertex] + rest.length[vertex]):
            out_neighbour[total] = rest.mark[pool[at]]
            total += 1
        out_first[place + 1] = total
    for place in range(member.shape[0]):
        rest.mark[member[place]] = NONE


@kernel
def empty_ends(member: Ints, flow: Flow) -> None:
    """Forget the paths and the ends of a part."""
    for at in range(member.shape[0]):
        flow.end[member[at]] = NO_END
        flow.before[member[at]] = NONE
        flow.after[member[at]] = NONE


@kernel
def seek_path(core: Core, member: Ints, flow: Flow) -> int:
    """One more path from source to sink in what the paths so far leave free; its last state, or -1.

    Parameters
    ----------
    core : Core
        The graph.
    member : (n_member,) int32
        Vertices of the part.
    flow : Flow
        Paths so far; afterwards ``is_seen`` and ``parent`` hold this search.

    Notes
    -----
    Breadth first, O(size of the part). Entering a vertex that is on a path, one can only go back along it.
    """
    before, after, end, is_seen, parent, queue = flow
    listed = 0
    for at in range(member.shape[0]):
        vertex = member[at]
        is_seen[2 * vertex] = False
        is_seen[2 * vertex + 1] = False
        if end[vertex] == SOURCE:
            is_seen[2 * vertex] = True
            parent[2 * vertex] = NONE
            queue[listed] = 2 * vertex
            listed += 1
    taken = 0
    while taken < listed:
        state = queue[taken]
        taken += 1
        vertex = state >> 1
        if state & 1 == 1:
            if end[vertex] == SINK and after[vertex] != OUTER:
                return int(state)
            for at in range(core.first[vertex], core.first[vertex + 1]):
                other = core.neighbour[at]
                to = 2 * other
                if core.part[other] == core.part[vertex] and after[vertex] != other and not is_seen[to]:
                    is_seen[to] = True
                    parent[to] = state
                    queue[listed] = to
                    listed += 1
            to = 2 * vertex if before[vertex] != NONE else NONE
        elif before[vertex] == NONE:
            to = state + 1
        else:
            to = 2 * before[vertex] + 1 if before[vertex] >= 0 else NONE
        if to >= 0 and not is_seen[to]:
            is_seen[to] = True
            parent[to] = state
            queue[listed] = to
            listed += 1
    return NONE


@kernel
def add_path(flow: Flow, last: int) -> None:
    """Enter the path that ends in a state into the flow: undo what it goes back along, then lay it.

    Parameters
    ----------
    flow : Flow
        After ``seek_path``.
    last : int
        The state it returned.
    """
    before, after, _, _, parent, _ = flow
    start = last
    state = last
    while parent[state] >= 0:
        came = parent[state]
        if came & 1 == 0 and state & 1 == 1 and came >> 1 != state >> 1:
            after[state >> 1] = NONE
            before[came >> 1] = NONE
        state = came
    start = state
    state = last
    while parent[state] >= 0:
        came = parent[state]
        if came & 1 == 1 and state & 1 == 0 and came >> 1 != state >> 1:
            after[came >> 1] = state >> 1
            before[state >> 1] = came >> 1
        state = came
    before[start >> 1] = OUTER
    after[last >> 1] = OUTER
