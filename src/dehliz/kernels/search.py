"""Least-cost search over a forward star: trees, matrices, paths.

Arrays of the compiled graph come in, labels and arcs go out. ``inf`` is a forbidden arc or an unreachable
vertex, -1 is "no arc". Ties are broken by vertex number, then by arc number, so the same graph gives the same
tree everywhere. The kernels are below; the plain functions after them check, allocate, call and interpret.
"""

from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from dehliz.kernels.heap import OUTSIDE, Heap, heap_pop, heap_push, make_heap
from dehliz.kernels.jit import lean_kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Scalar = TypeVar("Scalar", bound=np.generic)

NO_ARC = -1
NO_VERTEX = -1


class Star(NamedTuple):
    """Forward star: arcs of vertex v are ``first_out[v]:first_out[v + 1]``.

    Attributes
    ----------
    first_out : (n_vertex + 1,) int32
    head : (n_arc,) int32
    """

    first_out: Ints
    head: Ints


class Reverse(NamedTuple):
    """The same arcs sorted by head: a star against the direction of travel.

    Attributes
    ----------
    star : Star
        Its ``first_out`` is ``first_in`` of the graph, its ``head`` the tail of each arc.
    arc : (n_arc,) int32
        Arc of the graph that stands at each place; sorted by (head, arc).
    """

    star: Star
    arc: Ints


@lean_kernel
def grow(
    star: Star,
    weight: Floats,
    stop: int,
    radius: float,
    heap: Heap,
    n: int,
    out_cost: Floats,
    out_arc: Ints,
) -> int:
    """Settle vertices in order of (cost, vertex); returns the size of the heap that is left.

    Parameters
    ----------
    star : Star
        The graph.
    weight : (n_arc,) float64
        Cost of each arc, at least 0, ``inf`` = forbidden.
    stop : int
        Vertex after whose settling to stop; -1 for none.
    radius : float
        Vertices that cost more are left in the heap.
    heap, n : Heap, int
        Heap under way; can be handed in again to go on.
    out_cost : (n_vertex,) float64
        Labels; of vertices in the heap they are upper bounds.
    out_arc : (n_vertex,) int32
        Arc by which each label came; the first found among equals.

    Notes
    -----
    Dijkstra, O((n + m) log n).
    """
    first_out, head = star
    while n > 0 and heap.key[0] <= radius:
        here = heap.key[0]
        vertex = heap_pop(heap, n)
        n -= 1
        for arc in range(first_out[vertex], first_out[vertex + 1]):
            cost = here + weight[arc]
            to = head[arc]
            if cost < out_cost[to]:
                out_cost[to] = cost
                out_arc[to] = arc
                n = heap_push(heap, n, cost, to)
        if vertex == stop:
            break
    return n


@lean_kernel
def grow_tree(
    star: Star, weight: Floats, origin: int, stop: int, heap: Heap, out_cost: Floats, out_arc: Ints
) -> None:
    """Least-cost tree from one origin; the heap is empty before and after.

    Parameters
    ----------
    star : Star
        The graph.
    weight : (n_arc,) float64
        Cost of each arc, at least 0, ``inf`` = forbidden.
    origin : int
        Vertex where it starts.
    stop : int
        Vertex after whose settling to stop; -1 for the whole tree. Vertices not settled then hold ``inf``.
    heap : Heap
        Empty workspace.
    out_cost : (n_vertex,) float64
        Least cost, ``inf`` where there is no way.
    out_arc : (n_vertex,) int32
        Last arc of the way, -1 at the origin and where there is none.
    """
    item, key, place = heap
    for vertex in range(out_cost.shape[0]):
        out_cost[vertex] = np.inf
        out_arc[vertex] = NO_ARC
    out_cost[origin] = 0.0
    item[0] = origin
    key[0] = 0.0
    place[origin] = 0
    n = grow(star, weight, stop, np.inf, heap, 1, out_cost, out_arc)
    for at in range(n):
        vertex = item[at]
        place[vertex] = OUTSIDE
        out_cost[vertex] = np.inf
        out_arc[vertex] = NO_ARC


@lean_kernel
def all_pairs(star: Star, weight: Floats, origin: Ints, heap: Heap, out_cost: Floats, out_arc: Ints) -> None:
    """Least-cost trees from many origins.

    Parameters
    ----------
    star, weight, heap
        As in ``grow_tree``.
    origin : (n_origin,) int32
        Vertices where trees start.
    out_cost : (n_origin, n_vertex) float64
        Least cost from each origin to each vertex.
    out_arc : (n_origin, n_vertex) or (1, n_vertex) int32
        Last arcs; with one row only they are scratch.
    """
    last = out_arc.shape[0] - 1
    for at in range(origin.shape[0]):
        grow_tree(star, weight, origin[at], NO_VERTEX, heap, out_cost[at], out_arc[min(at, last)])


@lean_kernel
def pair_paths(
    star: Star,
    weight: Floats,
    tail: Ints,
    pair: Ints,
    heap: Heap,
    cost: Floats,
    into: Ints,
    out_cost: Floats,
    out_first_arc: Ints,
    out_arc: Ints,
) -> int:
    """Least-cost paths of many pairs, one tree for each run of equal origins; returns arcs needed in all.

    Parameters
    ----------
    star, weight, heap
        As in ``grow_tree``.
    tail : (n_arc,) int32
        Tail of each arc.
    pair : (n_pair, 2) int32
        Origin and destination; sort by origin to grow each tree once.
    cost, into : (n_vertex,) float64, (n_vertex,) int32
        Workspace of the tree.
    out_cost : (n_pair,) float64
        Least cost, ``inf`` where there is no way.
    out_first_arc : (n_pair + 1,) int32
        Where each path starts in ``out_arc``.
    out_arc : (capacity,) int32
        Arcs in order of travel. What does not fit is only counted, so the caller can come again.
    """
    total = 0
    out_first_arc[0] = 0
    pair_count = pair.shape[0]
    for at in range(pair_count):
        origin = pair[at, 0]
        destination = pair[at, 1]
        if at == 0 or pair[at - 1, 0] != origin:
            is_shared = at + 1 < pair_count and pair[at + 1, 0] == origin
            grow_tree(star, weight, origin, NO_VERTEX if is_shared else destination, heap, cost, into)
        out_cost[at] = cost[destination]
        length = 0
        vertex = destination
        while into[vertex] != NO_ARC:
            vertex = tail[into[vertex]]
            length += 1
        if total + length <= out_arc.shape[0]:
            vertex = destination
            for step in range(length):
                arc = into[vertex]
                out_arc[total + length - 1 - step] = arc
                vertex = tail[arc]
        total += length
        out_first_arc[at + 1] = total
    return total


def make_star(first_out: npt.ArrayLike, head: npt.ArrayLike) -> Star:
    """A star with fixed dtypes and read-only arrays, the one form that kernels are compiled for."""
    return Star(freeze(first_out, np.int32), freeze(head, np.int32))


def freeze(values: npt.ArrayLike, dtype: type[Scalar]) -> npt.NDArray[Scalar]:
    """A read-only, C-contiguous view (or copy, when it must be) of the given dtype."""
    array = np.ascontiguousarray(values, dtype=dtype).view()
    array.flags.writeable = False
    return array


def mark_runs(*keys: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Where a run of equal keys begins, (n,) bool: places that differ from the one before in any key, and the first.

    Parameters
    ----------
    *keys : (n,) int
        Such as segment and origin of sorted trips, where each run is one tree.
    """
    is_first = np.ones(len(keys[0]), dtype=bool)
    is_first[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return is_first


def tails(star: Star) -> Ints:
    """Tail of each arc, (n_arc,) int32."""
    vertex_count = star.first_out.shape[0] - 1
    return freeze(np.repeat(np.arange(vertex_count, dtype=np.int32), np.diff(star.first_out)), np.int32)


def reverse_star(star: Star) -> Reverse:
    """The star seen from the heads: weights for it are ``weight[reverse.arc]``."""
    vertex_count = star.first_out.shape[0] - 1
    order = np.argsort(star.head, kind="stable")
    first_in = np.zeros(vertex_count + 1, np.int32)
    np.cumsum(np.bincount(star.head, minlength=vertex_count), out=first_in[1:])
    return Reverse(make_star(first_in, tails(star)[order]), freeze(order, np.int32))


def least_cost_tree(star: Star, weight: Floats, origin: int, stop: int = NO_VERTEX) -> tuple[Floats, Ints]:
    """Cost and last arc of the least-cost way from an origin to every vertex, see ``grow_tree``."""
    vertex_count = star.first_out.shape[0] - 1
    cost = np.empty(vertex_count)
    into = np.empty(vertex_count, np.int32)
    run = grow_tree.pick(star.head.shape[0])
    run(make_star(*star), freeze(weight, np.float64), origin, stop, make_heap(vertex_count), cost, into)
    return cost, into


def cost_matrix(star: Star, weight: Floats, origin: npt.ArrayLike) -> Floats:
    """Least cost from each origin to each vertex, (n_origin, n_vertex) float64, see ``all_pairs``."""
    starts = freeze(origin, np.int32)
    vertex_count = star.first_out.shape[0] - 1
    cost = np.empty((starts.shape[0], vertex_count))
    scratch = np.empty((1, vertex_count), np.int32)
    run = all_pairs.pick(star.head.shape[0] * starts.shape[0])
    run(make_star(*star), freeze(weight, np.float64), starts, make_heap(vertex_count), cost, scratch)
    return cost


def least_cost_paths(star: Star, weight: Floats, pair: npt.ArrayLike) -> tuple[Floats, Ints, Ints]:
    """Least-cost paths of many pairs, in the order given.

    Parameters
    ----------
    star : Star
        The graph; arrays that can be written to will do.
    weight : (n_arc,) float64
        Cost of each arc, at least 0, ``inf`` = forbidden.
    pair : (n_pair, 2) int32
        Origin and destination vertex; any order.

    Returns
    -------
    cost : (n_pair,) float64
        Least cost, ``inf`` where there is no way.
    first_arc : (n_pair + 1,) int32
        Path i is ``arc[first_arc[i]:first_arc[i + 1]]``; empty where there is no way or nothing to travel.
    arc : (n_path_arc,) int32
        Arcs in order of travel.
    """
    star = make_star(*star)
    pairs = np.ascontiguousarray(pair, dtype=np.int32).reshape(-1, 2)
    order = np.argsort(pairs[:, 0], kind="stable")
    vertex_count = star.first_out.shape[0] - 1
    cost = np.empty(pairs.shape[0])
    first_arc = np.empty(pairs.shape[0] + 1, np.int32)
    space = (make_heap(vertex_count), np.empty(vertex_count), np.empty(vertex_count, np.int32))
    run = pair_paths.pick(star.head.shape[0] * np.unique(pairs[:, 0]).shape[0])
    priced, tail, sorted_pairs = freeze(weight, np.float64), tails(star), freeze(pairs[order], np.int32)
    arc = np.empty(64 * pairs.shape[0], np.int32)
    needed = run(star, priced, tail, sorted_pairs, *space, cost, first_arc, arc)
    if needed > arc.shape[0]:
        arc = np.empty(needed, np.int32)
        run(star, priced, tail, sorted_pairs, *space, cost, first_arc, arc)
    return _in_order(order, cost, first_arc, arc)


def _in_order(
    order: npt.NDArray[np.intp], cost: Floats, first_arc: Ints, arc: Ints
) -> tuple[Floats, Ints, Ints]:
    """Bring paths from sorted order back into the order of the question."""
    place = np.argsort(order, kind="stable")
    length = np.diff(first_arc)[place]
    first = np.zeros_like(first_arc)
    np.cumsum(length, out=first[1:])
    start = np.repeat(first_arc[:-1][place] - first[:-1], length)
    return cost[place], first, arc[start + np.arange(first[-1])]


def _sample_star() -> Star:
    return make_star([0, 1, 2], [1, 0])


@grow_tree.sample
def _grow_tree_sample() -> tuple[object, ...]:
    weight = freeze([1.0, 1.0], np.float64)
    return _sample_star(), weight, 0, NO_VERTEX, make_heap(2), np.empty(2), np.empty(2, np.int32)


@all_pairs.sample
def _all_pairs_sample() -> tuple[object, ...]:
    weight = freeze([1.0, 1.0], np.float64)
    origin = freeze([0, 1], np.int32)
    return _sample_star(), weight, origin, make_heap(2), np.empty((2, 2)), np.empty((1, 2), np.int32)


@pair_paths.sample
def _pair_paths_sample() -> tuple[object, ...]:
    star, weight = _sample_star(), freeze([1.0, 1.0], np.float64)
    space = (make_heap(2), np.empty(2), np.empty(2, np.int32))
    out = (np.empty(1), np.empty(2, np.int32), np.empty(4, np.int32))
    return star, weight, tails(star), freeze([[0, 1]], np.int32), *space, *out
