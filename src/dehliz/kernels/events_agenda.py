"""The agenda of the event loop: a heap of (time, code) in arrays, where a code is a rank and a number.

Used by ``kernels/events*.py``. Codes compare as whole numbers, so that ties in time fall by rank, then by number.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import inlined_kernel

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

RANK_BITS = 32
OPEN = 0 << RANK_BITS
"""A closure ends; number: resource."""
TOKEN = 1 << RANK_BITS
"""A token is at hand again; number: TAKE resource."""
TURNED = 2 << RANK_BITS
"""A ship has turned; number: departure."""
OFF = 3 << RANK_BITS
"""A ship is off its port; number: departure."""
JOIN = 4 << RANK_BITS
"""A ship that waited for its port to open asks for a berth; number: order of arrival off any port."""
MOVE = 5 << RANK_BITS
"""A consignment is released, or through with its stage; number: consignment. After ships, so that those who land and
those who come by land at the same moment move on in the order of their numbers."""
TIMER = 6 << RANK_BITS
"""A ship has waited its longest; number: twice the line, plus side."""
CLOCK = 7 << RANK_BITS
"""A departure by timetable; number: twice (twice the line, plus side), plus 1 when a closure postponed it."""

SIZE = 0
IS_OPEN_ROOT = 1
IS_OVERFULL = 2


class Agenda(NamedTuple):
    """What is to happen.

    Attributes
    ----------
    time_h : (capacity,) float64
        When [h].
    code : (capacity,) int64
        What: a rank from this file plus a number.
    size : (3,) int64
        Entries; whether the first of them was taken and its place is free; whether something did not fit.
    """

    time_h: Floats
    code: Longs
    size: Longs


def make_agenda(capacity: int) -> Agenda:
    """An empty agenda."""
    return Agenda(np.empty(capacity), np.empty(capacity, np.int64), np.zeros(3, np.int64))


@inlined_kernel
def _sink(agenda: Agenda, last: int, when_h: float, what: int) -> None:
    """Put an entry in the free place at the root of a four-way heap of ``last`` entries; O(log n)."""
    time_h, code, _ = agenda
    at = 0
    child = 1
    while child < last:
        best = child
        for other in range(child + 1, min(child + 4, last)):
            if time_h[other] < time_h[best] or (time_h[other] == time_h[best] and code[other] < code[best]):
                best = other
        if when_h < time_h[best] or (when_h == time_h[best] and what < code[best]):
            break
        time_h[at] = time_h[best]
        code[at] = code[best]
        at = best
        child = 4 * at + 1
    time_h[at] = when_h
    code[at] = what


@inlined_kernel
def post(agenda: Agenda, when_h: float, what: int) -> None:
    """Add an entry; in the place of the one just taken when that is still free, which saves half the way.

    Parameters
    ----------
    agenda : Agenda
        Changed.
    when_h : float
        When [h].
    what : int
        Rank plus number.

    Notes
    -----
    O(log n). An entry that does not fit is dropped and told in ``size``.

    References
    ----------
    Johnson 1975, Priority queues with update and finding minimum spanning trees, Information Processing Letters 4(3)
    (heaps of more than two children).
    """
    time_h, code, size = agenda
    last = size[SIZE]
    if size[IS_OPEN_ROOT]:
        size[IS_OPEN_ROOT] = 0
        _sink(agenda, last, when_h, what)
        return
    if last >= time_h.shape[0]:
        size[IS_OVERFULL] = 1
        return
    size[SIZE] = last + 1
    at = last
    while at > 0:
        above = (at - 1) >> 2
        if time_h[above] < when_h or (time_h[above] == when_h and code[above] < what):
            break
        time_h[at] = time_h[above]
        code[at] = code[above]
        at = above
    time_h[at] = when_h
    code[at] = what


@inlined_kernel
def tidy(agenda: Agenda) -> int:
    """Close the place of the entry taken last, if nothing was put there; returns how many there are. O(log n)."""
    time_h, code, size = agenda
    if size[IS_OPEN_ROOT]:
        size[IS_OPEN_ROOT] = 0
        last = size[SIZE] - 1
        size[SIZE] = last
        if last > 0:
            _sink(agenda, last, time_h[last], code[last])
    return int(size[SIZE])
