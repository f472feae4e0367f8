"""Arrays of bushes: what carries flow from one origin, as an acyclic set of arcs in local numbers.

A bush holds only vertices that carry flow or may soon. Its vertices are numbered from 0 (the origin) in topological
order and each lists the arcs that enter it, so that one pass forwards gives labels and one pass backwards shifts
flow. Bushes of a block of origins lie one behind the other in a ``Pool``. Made and read by the other ``bush_*`` files.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.delay import Delay
from dehliz.kernels.heap import Heap, make_heap

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]
Indices = npt.NDArray[np.uint32]
"""Indices that are never -1: without a sign they need no test for counting from the end. Measured on Chicago-Sketch:
trees take a fifth less, the whole a tenth."""

NO_ARC = -1
NEW = -1
OPEN = -2
"""Place of a slot that has none yet, and of one that waits for those before it."""
SLACK = 16
"""One sixteenth more room than needed, so that arrays can be used again."""


class Pool(NamedTuple):
    """Bushes of one block of origins. Bush ``b`` has its own piece of every array.

    Attributes
    ----------
    node_start, arc_start, tree_start : (n_bush + 1,) int64
        Where the piece of each bush starts in the arrays below.
    core : (n_bush,) int32
        How many nodes come first that stand before a merge or are one: only their labels matter for shifts.
    vertex : (n_node,) int32
        Vertex of each local node in topological order, then -1 once at the end of the piece.
    first : (n_node,) int32
        Arcs into local node i are ``first[i]:first[i + 1]``, counted from ``arc_start[b]``.
    arc : (n_bush_arc,) uint32
        Arc of the network.
    tail : (n_bush_arc,) uint32
        Local node that it leaves.
    flow : (n_bush_arc,) float64
        Flow of this origin on it.
    tree : (n_tree_arc,) uint32
        Arcs of the last shortest-path tree, each after the arc into its tail: where the next search starts.
    """

    node_start: Longs
    arc_start: Longs
    tree_start: Longs
    core: Ints
    vertex: Ints
    first: Ints
    arc: Indices
    tail: Indices
    flow: Floats
    tree: Indices


class Network(NamedTuple):
    """The network as a forward star, with tails: arcs of vertex v are ``first_out[v]:first_out[v + 1]``."""

    first_out: Indices
    head: Indices
    tail: Indices


class Demand(NamedTuple):
    """Demand of one block of bushes.

    Attributes
    ----------
    origin : (n_bush,) int32
        Vertex of each bush.
    first : (n_bush + 1,) int64
        Destinations of bush b are ``first[b]:first[b + 1]``.
    destination : (n_destination,) int32
        Vertices, none of them the origin.
    volume : (n_destination,) float64
        Flow to each, above 0.
    """

    origin: Ints
    first: Longs
    destination: Ints
    volume: Floats


class Work(NamedTuple):
    """Workspace of one thread, left clean by each kernel.

    Attributes
    ----------
    cost : (n_vertex,) float64
        Labels of the search; ``inf`` when clean.
    into : (n_vertex,) int32
        Arc by which a label came.
    touched : (n_vertex + 1,) int32
        Vertices with a label.
    heap : Heap
        Empty when clean.
    slot : (n_vertex,) int32
        Slot of a vertex in the bush under way; -1 when clean.
    seen : (n_vertex,) int8
        0 when clean.
    demand : (n_vertex,) float64
        Demand at a vertex; 0 when clean.
    vertex, key, tree_arc, tree_slot, place, stack, through : (2 n_vertex + 2,)
        By slot: its vertex, label, accepted tree arc and that arc's tail, new local node; a stack; through flow.
    """

    cost: Floats
    into: Ints
    touched: Ints
    heap: Heap
    slot: Ints
    seen: Bytes
    demand: Floats
    vertex: Ints
    key: Floats
    tree_arc: Ints
    tree_slot: Ints
    place: Ints
    stack: Ints
    through: Floats


class Labels(NamedTuple):
    """Labels of the local nodes of one bush: least and greatest cost, and the bush arcs by which they came."""

    least: Floats
    most: Floats
    least_into: Ints
    most_into: Ints


class Load(NamedTuple):
    """What all bushes share while they shift flow, kept up to date arc by arc.

    Attributes
    ----------
    delay : Delay
        Volume-delay functions.
    fixed : (n_arc,) float64
        Fixed cost of the segment at work.
    mate : (n_arc,) int32
        Next arc of the same facility, in a ring; the arc itself where it shares with none. Arcs of a facility have the
        same parameters, volume, time and slope.
    is_marginal : (1,) int8
        1 where a traveller pays what the others lose by him.
    volume : (n_arc,) float64
        Volume of the facility of each arc: all segments, background included.
    time, slope : (n_arc,) float64
        Time and its slope at that volume.
    cost : (n_arc,) float64
        ``time + fixed`` of the segment at work.
    """

    delay: Delay
    fixed: Floats
    mate: Ints
    is_marginal: Bytes
    volume: Floats
    time: Floats
    slope: Floats
    cost: Floats


def make_work(vertex_count: int) -> Work:
    """A clean workspace for a network of so many vertices."""
    slots = 2 * vertex_count + 2
    return Work(
        cost=np.full(vertex_count, np.inf),
        into=np.full(vertex_count, -1, np.int32),
        touched=np.empty(vertex_count + 1, np.int32),
        heap=make_heap(vertex_count),
        slot=np.full(vertex_count, -1, np.int32),
        seen=np.zeros(vertex_count, np.int8),
        demand=np.zeros(vertex_count),
        vertex=np.empty(slots, np.int32),
        key=np.empty(slots),
        tree_arc=np.empty(slots, np.int32),
        tree_slot=np.empty(slots, np.int32),
        place=np.empty(slots, np.int32),
        stack=np.empty(slots, np.int32),
        through=np.empty(slots),
    )


def make_pool(bush_count: int, node_count: int, arc_count: int, tree_count: int) -> Pool:
    """A pool of empty bushes with room for so many nodes (one more a bush than it has), arcs and tree arcs."""
    return Pool(
        node_start=np.zeros(bush_count + 1, np.int64),
        arc_start=np.zeros(bush_count + 1, np.int64),
        tree_start=np.zeros(bush_count + 1, np.int64),
        core=np.zeros(bush_count, np.int32),
        vertex=np.empty(node_count, np.int32),
        first=np.empty(node_count, np.int32),
        arc=np.empty(arc_count, np.uint32),
        tail=np.empty(arc_count, np.uint32),
        flow=np.empty(arc_count),
        tree=np.empty(tree_count, np.uint32),
    )


def take_pool(pool: Pool, old: Pool | None = None) -> Pool:
    """A copy of a filled pool, in the arrays of an old one where they are large enough, else in ones with some room.

    Notes
    -----
    Using arrays again keeps the memory of a large network from breaking into pieces: 1,771 origins on 13,000 vertices
    took 890 MB with new arrays each time.
    """
    nodes, arcs, steps = (int(start[-1]) for start in pool[:3])
    return Pool(
        node_start=pool.node_start.copy(),
        arc_start=pool.arc_start.copy(),
        tree_start=pool.tree_start.copy(),
        core=pool.core.copy(),
        vertex=_copy_ints(pool.vertex[:nodes], old and old.vertex),
        first=_copy_ints(pool.first[:nodes], old and old.first),
        arc=_copy_indices(pool.arc[:arcs], old and old.arc),
        tail=_copy_indices(pool.tail[:arcs], old and old.tail),
        flow=_copy_floats(pool.flow[:arcs], old and old.flow),
        tree=_copy_indices(pool.tree[:steps], old and old.tree),
    )


def _copy_ints(values: Ints, room: Ints | None) -> Ints:
    if room is None or len(room) < len(values):
        room = np.empty(len(values) + len(values) // SLACK, np.int32)
    room[: len(values)] = values
    return room


def _copy_indices(values: Indices, room: Indices | None) -> Indices:
    if room is None or len(room) < len(values):
        room = np.empty(len(values) + len(values) // SLACK, np.uint32)
    room[: len(values)] = values
    return room


def _copy_floats(values: Floats, room: Floats | None) -> Floats:
    if room is None or len(room) < len(values):
        room = np.empty(len(values) + len(values) // SLACK)
    room[: len(values)] = values
    return room


def join_pools(pools: list[Pool]) -> tuple[Pool, list[Pool]]:
    """One pool of all bushes, and the given pools as views of it: starts count from its beginning."""
    nodes = [slice(0, int(pool.node_start[-1])) for pool in pools]
    arcs = [slice(0, int(pool.arc_start[-1])) for pool in pools]
    steps = [slice(0, int(pool.tree_start[-1])) for pool in pools]
    whole = Pool(
        node_start=_join_starts([pool.node_start for pool in pools]),
        arc_start=_join_starts([pool.arc_start for pool in pools]),
        tree_start=_join_starts([pool.tree_start for pool in pools]),
        core=np.concatenate([pool.core for pool in pools]),
        vertex=np.concatenate([pool.vertex[piece] for pool, piece in zip(pools, nodes, strict=True)]),
        first=np.concatenate([pool.first[piece] for pool, piece in zip(pools, nodes, strict=True)]),
        arc=np.concatenate([pool.arc[piece] for pool, piece in zip(pools, arcs, strict=True)]),
        tail=np.concatenate([pool.tail[piece] for pool, piece in zip(pools, arcs, strict=True)]),
        flow=np.concatenate([pool.flow[piece] for pool, piece in zip(pools, arcs, strict=True)]),
        tree=np.concatenate([pool.tree[piece] for pool, piece in zip(pools, steps, strict=True)]),
    )
    views: list[Pool] = []
    low = 0
    for pool in pools:
        piece = slice(low, low + len(pool.node_start))
        low += len(pool.node_start) - 1
        views.append(
            whole._replace(
                node_start=whole.node_start[piece],
                arc_start=whole.arc_start[piece],
                tree_start=whole.tree_start[piece],
                core=whole.core[piece.start : piece.stop - 1],
            )
        )
    return whole, views


def _join_starts(parts: list[Longs]) -> Longs:
    ends = np.cumsum([part[-1] for part in parts])
    shifted = [part[:-1] + end - part[-1] for part, end in zip(parts, ends, strict=True)]
    return np.concatenate([*shifted, ends[-1:]]).astype(np.int64)


def make_labels(node_count: int) -> Labels:
    """Room for the labels of a bush of so many nodes."""
    return Labels(
        np.empty(node_count),
        np.empty(node_count),
        np.empty(node_count, np.int32),
        np.empty(node_count, np.int32),
    )
