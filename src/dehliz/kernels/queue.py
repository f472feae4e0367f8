"""The queue of the three-criteria search: arcs by what the label on offer would cost, in lexicographic order.

Each arc stands in it once at most, so it stays small however many labels there are. Used by ``pareto.py``.
"""

from typing import NamedTuple

from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.search import Floats, Ints

CHILD_COUNT = 4


class Queue(NamedTuple):
    """Heap of arcs by (bounded cost of the label it offers in three criteria, length, arc).

    Attributes
    ----------
    key : (n_arc + 2, 3) float64
        Cost so far plus bound of the label on offer.
    arc : (n_arc + 2,) int32
        Arcs in heap order.
    offer : (n_arc,) int32
        Label of its tail that each arc offers to continue; -1 when it has offered all there are.
    """

    key: Floats
    arc: Ints
    offer: Ints


@lean_kernel
def _goes_before(queue: Queue, length: Ints, one: int, other: int) -> bool:
    """Whether the queue entry ``one`` leaves before ``other``; fewer arcs first among equals."""
    key, arc, offer = queue
    if key[one, 0] != key[other, 0]:
        return bool(key[one, 0] < key[other, 0])
    if key[one, 1] != key[other, 1]:
        return bool(key[one, 1] < key[other, 1])
    if key[one, 2] != key[other, 2]:
        return bool(key[one, 2] < key[other, 2])
    mine = length[offer[arc[one]]]
    theirs = length[offer[arc[other]]]
    if mine != theirs:
        return bool(mine < theirs)
    return bool(arc[one] < arc[other])


@lean_kernel
def _copy_entry(queue: Queue, source: int, target: int) -> None:
    key, arc, _ = queue
    key[target, 0] = key[source, 0]
    key[target, 1] = key[source, 1]
    key[target, 2] = key[source, 2]
    arc[target] = arc[source]


@lean_kernel
def sift_up(queue: Queue, length: Ints, n: int) -> None:
    """Bring the entry at ``n`` to its place among ``0..n``; the place after it is scratch."""
    _copy_entry(queue, n, n + 1)
    at = n
    while at > 0:
        above = (at - 1) // CHILD_COUNT
        if not _goes_before(queue, length, n + 1, above):
            break
        _copy_entry(queue, above, at)
        at = above
    _copy_entry(queue, n + 1, at)


@lean_kernel
def sift_down(queue: Queue, length: Ints, n: int, source: int) -> None:
    """Put the entry at ``source`` (beyond the heap) in the place of the first of ``n`` entries."""
    at = 0
    while True:
        first = at * CHILD_COUNT + 1
        if first >= n:
            break
        best = first
        for rival in range(first + 1, min(first + CHILD_COUNT, n)):
            if _goes_before(queue, length, rival, best):
                best = rival
        if _goes_before(queue, length, source, best):
            break
        _copy_entry(queue, best, at)
        at = best
    _copy_entry(queue, source, at)
