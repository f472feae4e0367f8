"""An indexed heap in arrays: the vertex of least key, ties by vertex number.

The keys live in the caller's label array, so a decrease of a label is one ``heap_push`` after the label was
written. Four children a node: fewer cache misses than two at the sizes met here. Used by ``search.py``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import lean_kernel

CHILD_COUNT = 4
OUTSIDE = -1


class Heap(NamedTuple):
    """Space of a heap over vertices ``0 .. n_vertex - 1``.

    Attributes
    ----------
    item : (n_vertex,) int32
        Vertices in heap order; only the first ``n`` count, and ``n`` is kept by the caller.
    place : (n_vertex,) int32
        Where a vertex stands in ``item``; -1 when it is not in the heap.
    """

    item: npt.NDArray[np.int32]
    place: npt.NDArray[np.int32]


def make_heap(vertex_count: int) -> Heap:
    """An empty heap for so many vertices."""
    return Heap(np.empty(vertex_count, np.int32), np.full(vertex_count, OUTSIDE, np.int32))


@lean_kernel
def heap_push(heap: Heap, n: int, key: npt.NDArray[np.float64], vertex: int) -> int:
    """Insert a vertex, or move it up after its key was lowered; returns the new size.

    Parameters
    ----------
    heap : Heap
        Changed in place.
    n : int
        Size before.
    key : (n_vertex,) float64
        Key of each vertex, in any one unit; the vertex's own is already the new one.
    vertex : int
        Which vertex.

    Notes
    -----
    O(log n). The order is (key, vertex), so equal keys leave in the same order on every machine.
    """
    item, place = heap
    at = place[vertex]
    if at < 0:
        at = n
        n += 1
    mine = key[vertex]
    while at > 0:
        above = (at - 1) // CHILD_COUNT
        parent = item[above]
        if key[parent] < mine or (key[parent] == mine and parent < vertex):
            break
        item[at] = parent
        place[parent] = at
        at = above
    item[at] = vertex
    place[vertex] = at
    return n


@lean_kernel
def heap_pop(heap: Heap, n: int, key: npt.NDArray[np.float64]) -> int:
    """Take out and return the vertex of least (key, vertex); the heap must not be empty.

    Parameters
    ----------
    heap : Heap
        Changed in place; its size becomes ``n - 1``.
    n : int
        Size before, at least 1.
    key : (n_vertex,) float64
        Key of each vertex.
    """
    item, place = heap
    top = int(item[0])
    place[top] = OUTSIDE
    n -= 1
    if n == 0:
        return top
    vertex = item[n]
    mine = key[vertex]
    at = 0
    while True:
        first = at * CHILD_COUNT + 1
        if first >= n:
            break
        best = first
        child = item[first]
        for other in range(first + 1, min(first + CHILD_COUNT, n)):
            rival = item[other]
            if key[rival] < key[child] or (key[rival] == key[child] and rival < child):
                best = other
                child = rival
        if mine < key[child] or (mine == key[child] and vertex < child):
            break
        item[at] = child
        place[child] = at
        at = best
    item[at] = vertex
    place[vertex] = at
    return top
