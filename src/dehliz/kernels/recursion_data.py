"""Visits of the recursion: who comes to each resource and when, in order of time and number.

Used by ``kernels/recursion*.py``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import lean_kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

BLOCK = 16


class Visits(NamedTuple):
    """Who comes where.

    Attributes
    ----------
    first, fill : (n_resource + 1,), (n_resource,) int64
        Visits of resource ``r`` are ``first[r]:fill[r]``, with room up to ``first[r + 1]``.
    ready_h : (n_visit,) float64
        When it comes [h].
    who : (n_visit,) int32
        Consignment.
    spare_h, spare_who : (n_longest,) float64, int32
        Workspace of sorting; ``n_longest`` is the most visits of one resource.
    start_h, cause : (n_longest,) float64, int32
        When those of one resource begin [h], and the consignment whose coming or leaving let them; -1 for an opening.
    free_h, free_by : (n_most_servers,) float64, int32
        When each server is free [h], ascending, and who leaves it then.
    """

    first: Longs
    fill: Longs
    ready_h: Floats
    who: Ints
    spare_h: Floats
    spare_who: Ints
    start_h: Floats
    cause: Ints
    free_h: Floats
    free_by: Ints


def make_visits(visit_count: npt.NDArray[np.integer], most_servers: int) -> Visits:
    """Room for the visits of a run.

    Parameters
    ----------
    visit_count : (n_resource,) int
        Visits of each resource at most.
    most_servers : int
        Servers of the resource that has most.
    """
    first = np.zeros(len(visit_count) + 1, np.int64)
    np.cumsum(visit_count, out=first[1:])
    longest = int(visit_count.max(initial=0))
    return Visits(
        first=first,
        fill=first[:-1].copy(),
        ready_h=np.empty(int(first[-1])),
        who=np.empty(int(first[-1]), np.int32),
        spare_h=np.empty(longest),
        spare_who=np.empty(longest, np.int32),
        start_h=np.empty(longest),
        cause=np.empty(longest, np.int32),
        free_h=np.empty(max(most_servers, 1)),
        free_by=np.empty(max(most_servers, 1), np.int32),
    )


@lean_kernel
def _insert(visits: Visits, low: int, high: int) -> None:
    """Sort a short piece by insertion, O(n + pairs out of order)."""
    ready_h, who = visits.ready_h, visits.who
    for place in range(low + 1, high):
        when_h, one = ready_h[place], who[place]
        at = place
        while at > low and (ready_h[at - 1] > when_h or (ready_h[at - 1] == when_h and who[at - 1] > one)):
            ready_h[at] = ready_h[at - 1]
            who[at] = who[at - 1]
            at -= 1
        ready_h[at] = when_h
        who[at] = one


@lean_kernel
def _place(visits: Visits, low: int, high: int, when_h: float, one: int) -> int:
    """First place of a sorted piece that comes after a visit, O(log n)."""
    ready_h, who = visits.ready_h, visits.who
    while low < high:
        middle = (low + high) >> 1
        if ready_h[middle] > when_h or (ready_h[middle] == when_h and who[middle] > one):
            high = middle
        else:
            low = middle + 1
    return low


@lean_kernel
def _merge(visits: Visits, low: int, middle: int, high: int) -> None:
    """Merge two sorted pieces that lie side by side, touching only where they overlap: O(n) at worst."""
    ready_h, who, spare_h, spare_who = visits.ready_h, visits.who, visits.spare_h, visits.spare_who
    low = _place(visits, low, middle, ready_h[middle], who[middle])
    if low == middle:
        return
    high = _place(visits, middle, high, ready_h[middle - 1], who[middle - 1])
    count = middle - low
    for at in range(count):
        spare_h[at] = ready_h[low + at]
        spare_who[at] = who[low + at]
    left = 0
    right = middle
    out = low
    while left < count:
        if right < high and (
            ready_h[right] < spare_h[left]
            or (ready_h[right] == spare_h[left] and who[right] < spare_who[left])
        ):
            ready_h[out] = ready_h[right]
            who[out] = who[right]
            right += 1
        else:
            ready_h[out] = spare_h[left]
            who[out] = spare_who[left]
            left += 1
        out += 1


@lean_kernel
def sort_visits(visits: Visits, low: int, high: int) -> None:
    """Sort a piece by time, then by consignment.

    Parameters
    ----------
    visits : Visits
        ``ready_h`` and ``who`` are changed in place.
    low, high : int
        Places ``low:high``.

    Notes
    -----
    Merge sort from below. What leaves a queue is nearly in order, and then a merge touches a few places only: O(n) for
    such, O(n log n) for any.

    References
    ----------
    Knuth 1998, The art of computer programming 3, second edition, section 5.2.4 (sorting by merging).
    """
    for start in range(low, high, BLOCK):
        _insert(visits, start, min(start + BLOCK, high))
    width = BLOCK
    while width < high - low:
        for start in range(low, high - width, 2 * width):
            _merge(visits, start, start + width, min(start + 2 * width, high))
        width *= 2
