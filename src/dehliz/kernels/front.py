"""Staircases: for each vertex the pairs (second, third criterion) that nothing beats, in one pool of arrays.

Labels leave the queue in lexicographic order, so an earlier label is never worse in the first criterion and
two numbers decide dominance. Entries of a vertex ascend in ``second`` and descend in ``third``: one bisection
answers a question. Used by ``pareto.py``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import lean_kernel

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
