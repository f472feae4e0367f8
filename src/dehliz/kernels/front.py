"""Staircases: for each vertex the pairs (second, third criterion) that nothing beats, in one pool of arrays.

Labels leave the queue in lexicographic order, so an earlier label is never worse in the first criterion and
two numbers decide dominance. Entries of a vertex ascend in ``second`` and descend in ``third``: one bisection
answers a question. Used by ``pareto.py`` and ``schedule_pareto.py``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import inlined_kernel, lean_kernel
from dehliz.kernels.labels import doubled

FIRST_ROOM_COUNT = 4


class Fronts(NamedTuple):
    """All staircases; the caller keeps how much of the pool is taken.

    Attributes
    ----------
    start, size, room : (n_vertex,) int32
        A vertex's entries are ``start:start + size`` of the pool, with room for ``room``.
    second, third : (n_pool,) float64
        Values of the second and third criterion.
    """

    start: npt.NDArray[np.int32]
    size: npt.NDArray[np.int32]
    room: npt.NDArray[np.int32]
    second: npt.NDArray[np.float64]
    third: npt.NDArray[np.float64]


def make_fronts(vertex_count: int, pool_count: int) -> Fronts:
    """Staircases of so many vertices in a pool; to be emptied by ``front_begin``."""
    start, size, room = (np.zeros(vertex_count, np.int32) for _ in range(3))
    return Fronts(start, size, room, np.empty(pool_count), np.empty(pool_count))


def enlarge_fronts(fronts: Fronts) -> Fronts:
    """The same staircases in a pool of twice the size."""
    return fronts._replace(second=doubled(fronts.second), third=doubled(fronts.third))


@lean_kernel
def front_begin(fronts: Fronts, vertex: int) -> int:
    """Empty all staircases and give one vertex the entry (0, 0); returns the pool taken. O(n_vertex)."""
    fronts.size[:] = 0
    fronts.room[:] = 0
    fronts.start[vertex] = 0
    fronts.size[vertex] = 1
    fronts.room[vertex] = FIRST_ROOM_COUNT
    fronts.second[0] = 0.0
    fronts.third[0] = 0.0
    return FIRST_ROOM_COUNT


@lean_kernel
def front_covers(fronts: Fronts, vertex: int, second: float, third: float) -> bool:
    """Whether an entry of the vertex is as good in both criteria; O(log of its entries)."""
    start, size, _, seconds, thirds = fronts
    low = start[vertex]
    first = low
    high = low + size[vertex]
    while low < high:
        middle = (low + high) >> 1
        if seconds[middle] <= second:
            low = middle + 1
        else:
            high = middle
    return bool(low > first and thirds[low - 1] <= third)


@inlined_kernel
def front_beats(
    fronts: Fronts,
    vertex: int,
    destination: int,
    bound: npt.NDArray[np.float64],
    second: float,
    third: float,
    factor: float,
) -> bool:
    """Whether an offer can be no option: an entry of its vertex or, but for a factor, of the destination is as good.

    Parameters
    ----------
    fronts : Fronts
        All staircases.
    vertex, destination : int
        Where the offer leads, and where options end.
    bound : (3, n_vertex) float64
        Lower bounds of what is left.
    second, third : float
        Values of the offer, bounds included.
    factor : float
        By how much an option may be worse in both, at least 1.

    Notes
    -----
    O(log of the entries of both).
    """
    return front_covers(fronts, destination, second * factor, third * factor) or front_covers(
        fronts, vertex, second - bound[1, vertex], third - bound[2, vertex]
    )


@lean_kernel
def front_need(fronts: Fronts, vertex: int) -> int:
    """Pool entries that one more insertion at this vertex can take."""
    if fronts.size[vertex] < fronts.room[vertex]:
        return 0
    return max(FIRST_ROOM_COUNT, 2 * int(fronts.room[vertex]))


@lean_kernel
def front_insert(fronts: Fronts, taken: int, vertex: int, second: float, third: float) -> int:
    """Insert an entry that is not covered and drop those it covers; returns the pool taken after.

    Parameters
    ----------
    fronts : Fronts
        Changed in place; the pool has room for ``front_need`` more.
    taken : int
        Pool entries taken before.
    vertex : int
        Whose staircase.
    second, third : float
        The new entry.

    Notes
    -----
    O(entries of the vertex), since they are moved.
    """
    start, size, room, seconds, thirds = fronts
    need = front_need(fronts, vertex)
    old = start[vertex]
    before = size[vertex]
    if need > 0:
        for at in range(before):
            seconds[taken + at] = seconds[old + at]
            thirds[taken + at] = thirds[old + at]
        start[vertex] = taken
        room[vertex] = need
        old = start[vertex]
        taken += need
    end = old + before
    low = old
    high = end
    while low < high:
        middle = (low + high) >> 1
        if seconds[middle] < second:
            low = middle + 1
        else:
            high = middle
    last = low
    while last < end and thirds[last] >= third:
        last += 1
    if last == low:
        for at in range(end, low, -1):
            seconds[at] = seconds[at - 1]
            thirds[at] = thirds[at - 1]
        size[vertex] = before + 1
    elif last > low + 1:
        for at in range(last, end):
            seconds[low + 1 + at - last] = seconds[at]
            thirds[low + 1 + at - last] = thirds[at]
        size[vertex] = before - (last - low - 1)
    seconds[low] = second
    thirds[low] = third
    return taken
