"""The order in which a hierarchy takes vertices out: few neighbours first, the middle of the map last.

A directed graph comes in; its neighbour lists leave. Taking a vertex out joins its neighbours to each other.
Dead ends and chains go first, because they have one and two neighbours; what is left when every vertex has
more than a few is the core, which ``hierarchy_cut`` divides by small separators. ``hierarchy_build`` makes
rows of the neighbour lists as they stood when their vertex left.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import Status, kernel
from dehliz.kernels.search import Ints

Longs = npt.NDArray[np.int64]

NONE = -1
GONE = -1
"""Level of a vertex that was taken out."""
DEGREE_WEIGHT = 16
"""A vertex's key is 16 times its degree plus its depth: on the world's railways this gave a quarter fewer
arcs to search than degree alone (benchmarks/README.md, orders)."""
KEY_COUNT = 1 << 16
"""Buckets of the queue; keys beyond the last one share it."""

DONE, POOL_END, LOWEST_KEY = 0, 1, 2
"""Places in the ``count`` array: vertices taken out, pool entries used, key to look at next."""


class Rest(NamedTuple):
    """The graph that is left while vertices are taken out.

    Attributes
    ----------
    first, length, room : (n_vertex,) int32
        Neighbours of v are ``pool[first[v]:first[v] + length[v]]``, with room for ``room[v]``. Of a vertex
        that is gone: the neighbours it had when it left.
    level : (n_vertex,) int32
        Round in which the vertex may leave, ``GONE`` when it has left.
    depth : (n_vertex,) int32
        Longest chain of vertices that left one after the other below it.
    mark : (n_vertex,) int32
        Scratch, -1 between calls.
    """

    first: Ints
    length: Ints
    room: Ints
    level: Ints
    depth: Ints
    mark: Ints


class Queue(NamedTuple):
    """Vertices by key in doubly linked lists.

    Attributes
    ----------
    head : (KEY_COUNT,) int32
        First vertex with that key, -1 for none.
    after, before : (n_vertex,) int32
        Neighbours in the list, -1 at its ends.
    key : (n_vertex,) int32
        Key of the vertex, -1 outside the queue.
    """

    head: Ints
    after: Ints
    before: Ints
    key: Ints


@kernel
def list_neighbours(first_out: Ints, head: Ints, out_first: Ints, out_neighbour: Ints) -> int:
    """Neighbours of each vertex whatever the direction, each once, itself never; returns their number.

    Parameters
    ----------
    first_out, head : (n_vertex + 1,) and (n_arc,) int32
        Directed graph; parallel arcs and self-loops are allowed.
    out_first : (n_vertex + 1,) int32
        Neighbours of v are ``out_neighbour[out_first[v]:out_first[v + 1]]``.
    out_neighbour : (2 n_arc,) int32
        Filled up to the number returned.

    Notes
    -----
    O(n_vertex + n_arc).
    """
    n_vertex = first_out.shape[0] - 1
    seen = np.zeros(n_vertex + 1, np.int32)
    for tail in range(n_vertex):
        for arc in range(first_out[tail], first_out[tail + 1]):
            seen[tail + 1] += 1
            seen[head[arc] + 1] += 1
    out_first[0] = 0
    for vertex in range(n_vertex):
        out_first[vertex + 1] = out_first[vertex] + seen[vertex + 1]
    place = out_first[:-1].copy()
    for tail in range(n_vertex):
        for arc in range(first_out[tail], first_out[tail + 1]):
            to = head[arc]
            out_neighbour[place[tail]] = to
            place[tail] += 1
            out_neighbour[place[to]] = tail
            place[to] += 1
    seen[:] = NONE
    kept = 0
    start = 0
    for vertex in range(n_vertex):
        end = out_first[vertex + 1]
        seen[vertex] = vertex
        for at in range(start, end):
            other = out_neighbour[at]
            if seen[other] != vertex:
                seen[other] = vertex
                out_neighbour[kept] = other
                kept += 1
        out_first[vertex + 1] = kept
        start = end
    return kept


@kernel
def queue_push(queue: Queue, vertex: int, key: int) -> None:
    """Put a vertex at the front of its key's list."""
    key = min(key, KEY_COUNT - 1)
    follower = queue.head[key]
    queue.key[vertex] = key
    queue.before[vertex] = NONE
    queue.after[vertex] = follower
    if follower >= 0:
        queue.before[follower] = vertex
    queue.head[key] = vertex


@kernel
def queue_remove(queue: Queue, vertex: int) -> None:
    """Take a vertex out of its list."""
    before = queue.before[vertex]
    after = queue.after[vertex]
    if before >= 0:
        queue.after[before] = after
    else:
        queue.head[queue.key[vertex]] = after
    if after >= 0:
        queue.before[after] = before
    queue.key[vertex] = NONE


@kernel
def fill_queue(rest: Rest, candidate: Ints, level: int, queue: Queue, count: Longs) -> None:
    """Queue the candidates of one level, so that the lowest number comes first among equal keys.

    Parameters
    ----------
    rest : Rest
        What is left.
    candidate : (n_candidate,) int32
        Vertices to look at, ascending.
    level : int
        The level to queue.
    queue : Queue
        Empty before the call.
    count : (3,) int64
        Its lowest key is set.
    """
    for at in range(candidate.shape[0] - 1, -1, -1):
        vertex = candidate[at]
        if rest.level[vertex] == level:
            queue_push(queue, vertex, rest.length[vertex] * DEGREE_WEIGHT + rest.depth[vertex])
    count[LOWEST_KEY] = 0


@kernel
def join(rest: Rest, pool: Ints, vertex: int, neighbour: int, count: Longs) -> None:
    """In the list of one neighbour, put the other neighbours in the place of the vertex that leaves.

    Parameters
    ----------
    rest : Rest
        What is left.
    pool : (n_pool,) int32
        Neighbour lists; a list that outgrows its room moves to the end, for which there must be space.
    vertex, neighbour : int
        The one that leaves and the one whose list changes.
    count : (3,) int64
        Its pool end moves.
    """
    first, length, room, _, depth, mark = rest
    start = first[neighbour]
    kept = 0
    for at in range(start, start + length[neighbour]):
        other = pool[at]
        if other != vertex:
            pool[start + kept] = other
            kept += 1
            mark[other] = neighbour
    mark[neighbour] = neighbour
    missing = 0
    for at in range(first[vertex], first[vertex] + length[vertex]):
        if mark[pool[at]] != neighbour:
            missing += 1
    if kept + missing > room[neighbour]:
        moved = count[POOL_END]
        for at in range(kept):
            pool[moved + at] = pool[start + at]
        start = moved
        first[neighbour] = start
        room[neighbour] = 2 * (kept + missing)
        count[POOL_END] += room[neighbour]
    for at in range(first[vertex], first[vertex] + length[vertex]):
        other = pool[at]
        if mark[other] != neighbour:
            pool[start + kept] = other
            kept += 1
    length[neighbour] = kept
    depth[neighbour] = max(depth[neighbour], depth[vertex] + 1)


@kernel
def eliminate(rest: Rest, queue: Queue, pool: Ints, max_degree: int, count: Longs, out_order: Ints) -> int:
    """Take queued vertices out, lowest key first, until the queue is empty or the next has many neighbours.

    Parameters
    ----------
    rest : Rest
        What is left; shrinks.
    queue : Queue
        From ``fill_queue``; can be handed in again after an overflow.
    pool : (n_pool,) int32
        Neighbour lists.
    max_degree : int
        The first vertex with more neighbours ends the round, its followers stay queued.
    count : (3,) int64
        Vertices taken out so far, pool entries used, lowest key.
    out_order : (n_vertex,) int32
        Vertices in the order they leave.

    Returns
    -------
    int
        ``Status``: OK, or OVERFLOW when the pool has no space for the next vertex.

    Notes
    -----
    Rose (1972), "A graph-theoretic study of the numerical solution of sparse positive definite systems",
    for minimum degree; ties go to the vertex touched last, so the order is the same everywhere.
    """
    first, length, _, level, depth, mark = rest
    key = count[LOWEST_KEY]
    while True:
        while key < KEY_COUNT and queue.head[key] < 0:
            key += 1
        if key == KEY_COUNT:
            return Status.OK
        vertex = queue.head[key]
        if length[vertex] > max_degree:
            return Status.OK
        start, end = first[vertex], first[vertex] + length[vertex]
        need = 0
        for at in range(start, end):
            need += 2 * (length[pool[at]] + length[vertex])
        if count[POOL_END] + need > pool.shape[0]:
            count[LOWEST_KEY] = key
            return Status.OVERFLOW
        queue_remove(queue, vertex)
        level[vertex] = GONE
        out_order[count[DONE]] = vertex
        count[DONE] += 1
        for at in range(start, end):
            neighbour = pool[at]
            join(rest, pool, vertex, neighbour, count)
            for again in range(first[neighbour], first[neighbour] + length[neighbour]):
                mark[pool[again]] = NONE
            mark[neighbour] = NONE
            if queue.key[neighbour] >= 0:
                queue_remove(queue, neighbour)
                new_key = length[neighbour] * DEGREE_WEIGHT + depth[neighbour]
                queue_push(queue, neighbour, new_key)
                key = min(key, new_key)


@kernel
def clear_queue(queue: Queue) -> None:
    """Empty the queue, whatever is left in it."""
    queue.head[:] = NONE
    queue.key[:] = NONE
