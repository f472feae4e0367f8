"""The queue of searches over labels: offers by three bounded costs in lexicographic order, then by rank and arc.

Keys stand beside the arcs in heap order, four children a node. Used by ``pareto.py``, where each arc has one offer at
a time, and by ``schedule_pareto.py``, where it has one for each label.
"""

from typing import NamedTuple

import numpy as np

from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.labels import doubled
from dehliz.kernels.search import Floats, Ints

CHILD_COUNT = 4


class Queue(NamedTuple):
    """Offers in heap order; the caller keeps how many there are. Two entries more than that are scratch.

    Attributes
    ----------
    key : (n_room, 3) float64
        Cost at the head of the arc plus bound, in each criterion.
    arc : (n_room,) int32
        Arc of the offer.
    rank : (n_room,) int32
        Which leaves first among equal keys; then the arc decides.
    """

    key: Floats
    arc: Ints
    rank: Ints


def make_queue(room_count: int) -> Queue:
    """Room for so many entries, scratch included; not set."""
    return Queue(np.empty((room_count, 3)), np.empty(room_count, np.int32), np.empty(room_count, np.int32))


def enlarge_queue(queue: Queue) -> Queue:
    """The same entries in room for twice as many."""
    return Queue(doubled(queue.key), doubled(queue.arc), doubled(queue.rank))


@lean_kernel
def _goes_before(queue: Queue, one: int, other: int) -> bool:
    """Whether the entry ``one`` leaves before ``other``."""
    key, arc, rank = queue
    if key[one, 0] != key[other, 0]:
        return bool(key[one, 0] < key[other, 0])
    if key[one, 1] != key[other, 1]:
        return bool(key[one, 1] < key[other, 1])
    if key[one, 2] != key[other, 2]:
        return bool(key[one, 2] < key[other, 2])
    if rank[one] != rank[other]:
        return bool(rank[one] < rank[other])
    return bool(arc[one] < arc[other])


@lean_kernel
def _copy_entry(queue: Queue, source: int, target: int) -> None:
    """Write the entry at ``source`` over that at ``target``."""
    key, arc, rank = queue
    key[target, 0] = key[source, 0]
    key[target, 1] = key[source, 1]
    key[target, 2] = key[source, 2]
    arc[target] = arc[source]
    rank[target] = rank[source]


@lean_kernel
def sift_up(queue: Queue, n: int) -> None:
    """Bring the entry at ``n`` to its place among ``0..n``; the place after it is scratch.

    Parameters
    ----------
    queue : Queue
        Changed in place.
    n : int
        Entries before, and where the new one stands.

    Notes
    -----
    O(log n).
    """
    _copy_entry(queue, n, n + 1)
    at = n
    while at > 0:
        above = (at - 1) // CHILD_COUNT
        if not _goes_before(queue, n + 1, above):
            break
        _copy_entry(queue, above, at)
        at = above
    _copy_entry(queue, n + 1, at)


@lean_kernel
def sift_down(queue: Queue, n: int) -> None:
    """Put the entry at ``n``, beyond the heap, in the place of the first of ``n`` entries.

    Parameters
    ----------
    queue : Queue
        Changed in place.
    n : int
        Entries before and after.

    Notes
    -----
    O(log n).
    """
    at = 0
    while True:
        first = at * CHILD_COUNT + 1
        if first >= n:
            break
        best = first
        for rival in range(first + 1, min(first + CHILD_COUNT, n)):
            if _goes_before(queue, rival, best):
                best = rival
        if _goes_before(queue, n, best):
            break
        _copy_entry(queue, best, at)
        at = best
    _copy_entry(queue, n, at)


@lean_kernel
def drop_first(queue: Queue, n: int) -> int:
    """Take out the first of ``n`` entries; returns how many are left. O(log n)."""
    sift_down(queue, n - 1)
    return n - 1
