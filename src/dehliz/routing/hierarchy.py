"""A large graph prepared once, so that any weights on it can be searched fast.

First of three lifetimes: the ``Hierarchy`` belongs to the topology, a ``Metric`` to one set of weights, a
query to nothing. For a graph that is asked a few times only, ``kernels.search`` is less work.
``graph.compile`` comes before (``first_out``, ``head``), ``routing.metric`` after.
"""

from dataclasses import dataclass

import numpy as np

from dehliz.base.errors import SolverError
from dehliz.kernels import hierarchy_build as building
from dehliz.kernels import hierarchy_cut as cutting
from dehliz.kernels import hierarchy_flow as flowing
from dehliz.kernels import hierarchy_order as ordering
from dehliz.kernels.jit import Status
from dehliz.kernels.search import Ints, freeze

CORE_DEGREE = 3
"""Vertices with at most so many neighbours leave before the core is divided. On the world's railways 2 gave a
core four times larger and 3% fewer arcs to search, 4 gave 25% more (benchmarks/README.md, orders)."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A directed graph, numbered and shortcut so that any weights can be searched fast; read-only.

    Attributes
    ----------
    first_out, head : (n_vertex + 1,) and (n_arc,) int32
        The graph it was made of.
    rank : (n_vertex,) int32
        Number of each vertex in the hierarchy.
    row : (n_vertex + 1, 4) int32
        By rank: first edge, parent, depth, vertex.
    first_below : (n_vertex,) int32
        By rank: the vertices below have the ranks from here on.
    head_depth : (n_edge,) int32
        Depth of the upper end of each edge.
    entry, extra : (n_edge, 2) and (n_extra, 2) int32
        Which arcs run along each edge.
    triangle : (n_triangle,) int32
        What a customisation goes through.
    height : int
        Vertices on the longest way to a root.
    work_count : int
        Numbers that one customisation touches: what decides whether compiling pays.
    """

    first_out: Ints
    head: Ints
    rank: Ints
    row: Ints
    first_below: Ints
    head_depth: Ints
    entry: Ints
    extra: Ints
    triangle: Ints
    height: int
    work_count: int

    @property
    def vertex_count(self) -> int:
        """Vertices of the graph."""
        return len(self.rank)

    @property
    def arc_count(self) -> int:
        """Arcs of the graph."""
        return len(self.head)


def build_hierarchy(first_out: Ints, head: Ints) -> Hierarchy:
    """Order, number and shortcut a directed graph.

    Parameters
    ----------
    first_out : (n_vertex + 1,) int32
        Arcs of vertex v are ``first_out[v]:first_out[v + 1]``.
    head : (n_arc,) int32
        End of each arc. Parallel arcs, self-loops and several components are allowed.

    Returns
    -------
    Hierarchy
        Serves any weights of these arcs.

    Raises
    ------
    ValueError
        If the arrays are no forward star.
    """
    first_out, head = freeze(first_out, np.int32), freeze(head, np.int32)
    _check_star(first_out, head)
    n_vertex = len(first_out) - 1
    size = len(head)
    neighbour_first = np.empty(n_vertex + 1, np.int32)
    pool = np.empty(2 * len(head), np.int32)
    count = ordering.list_neighbours.pick(size)(first_out, head, neighbour_first, pool)
    rest, pool, order = _order(neighbour_first, pool[:count], size)
    return _lay(first_out, head, rest, pool, order)


def _order(first: Ints, neighbour: Ints, size: int) -> tuple[ordering.Rest, Ints, Ints]:
    """Take all vertices out: few neighbours first, then the core as divided; what they left, and their order."""
    n_vertex = len(first) - 1
    length = np.diff(first)
    zeros = np.zeros(n_vertex, np.int32)
    rest = ordering.Rest(
        first[:-1].copy(), length, length.copy(), zeros, zeros.copy(), np.full(n_vertex, -1, np.int32)
    )
    queue = ordering.Queue(
        np.full(ordering.KEY_COUNT, -1, np.int32),
        np.empty(n_vertex, np.int32),
        np.empty(n_vertex, np.int32),
        np.full(n_vertex, -1, np.int32),
    )
    pool = _grow(neighbour, 3 * len(neighbour) + 64)
    count = np.array([0, len(neighbour), 0])
    order = np.empty(n_vertex, np.int32)

    def take_out(candidate: Ints, level: int, max_degree: int, pool: Ints) -> Ints:
        ordering.fill_queue.pick(size)(rest, candidate, level, queue, count)
        kernel = ordering.eliminate.pick(size)
        while kernel(rest, queue, pool, max_degree, count, order) == Status.OVERFLOW:
            pool = _grow(pool, 2 * len(pool))
        ordering.clear_queue.pick(size)(queue)
        return pool

    everyone = np.arange(n_vertex, dtype=np.int32)
    pool = take_out(everyone, 0, CORE_DEGREE, pool)
    core = np.flatnonzero(rest.level == 0).astype(np.int32)
    last_level = _divide(rest, pool, core, size)
    for level in range(1, last_level + 1):
        pool = take_out(core, level, n_vertex, pool)
    if count[ordering.DONE] != n_vertex:
        raise SolverError(f"{n_vertex - count[ordering.DONE]} vertices were left out of the hierarchy")
    return rest, pool, order


def _divide(rest: ordering.Rest, pool: Ints, core: Ints, size: int) -> int:
    """Write into ``rest.level`` the round in which each vertex of the core leaves; the last round."""
    n_core = len(core)
    first = np.empty(n_core + 1, np.int32)
    neighbour = np.empty(int(rest.length[core].sum()), np.int32)
    flowing.copy_core.pick(size)(rest, pool, core, first, neighbour)
    flow = flowing.Flow(
        np.empty(n_core, np.int32),
        np.empty(n_core, np.int32),
        np.empty(n_core, np.int8),
        np.empty(2 * n_core, np.bool_),
        np.empty(2 * n_core, np.int32),
        np.empty(2 * n_core, np.int32),
    )
    level = np.empty(n_core, np.int32)
    last = cutting.dissect.pick(size)(flowing.Core(first, neighbour, np.zeros(n_core, np.int32)), flow, level)
    rest.level[core] = level
    return last


def _lay(first_out: Ints, head: Ints, rest: ordering.Rest, pool: Ints, order: Ints) -> Hierarchy:
    """Rows, entries and triangles from the neighbours that each vertex had when it left."""
    n_vertex, n_edge, size = len(order), int(rest.length.sum()), len(head)
    rank, first_below = np.empty(n_vertex, np.int32), np.empty(n_vertex, np.int32)
    building.number_tree.pick(size)(rest, pool, order, rank, first_below)
    row = np.empty((n_vertex + 1, 4), np.int32)
    head_rank, head_depth = np.empty(n_edge, np.int32), np.empty(n_edge, np.int32)
    height = building.lay_rows.pick(size)(rest, pool, rank, row, head_rank, head_depth)
    entry, extra = np.empty((n_edge, 2), np.int32), np.empty((len(head), 2), np.int32)
    n_extra = building.enter_arcs.pick(size)(first_out, head, rank, row, head_rank, entry, extra)
    triangle = np.empty(building.count_triangles.pick(size)(row), np.int32)
    building.list_triangles.pick(size)(row, head_rank, triangle)
    return Hierarchy(
        first_out,
        head,
        rank=freeze(rank, np.int32),
        row=freeze(row, np.int32),
        first_below=freeze(first_below, np.int32),
        head_depth=freeze(head_depth, np.int32),
        entry=freeze(entry, np.int32),
        extra=freeze(extra[:n_extra].copy(), np.int32),
        triangle=freeze(triangle, np.int32),
        height=int(height),
        work_count=n_edge + len(triangle),
    )


def _grow(values: Ints, size: int) -> Ints:
    grown = np.empty(size, np.int32)
    grown[: len(values)] = values
    return grown


def _check_star(first_out: Ints, head: Ints) -> None:
    n_vertex = len(first_out) - 1
    if n_vertex < 0 or first_out[0] != 0 or first_out[-1] != len(head) or (np.diff(first_out) < 0).any():
        raise ValueError(
            f"first_out is no forward star of {len(head)} arcs; it must rise from 0 to {len(head)}"
        )
    if len(head) and not (int(head.min()) >= 0 and int(head.max()) < n_vertex):
        raise ValueError(f"head names vertices from {head.min()} to {head.max()}; there are {n_vertex}")
