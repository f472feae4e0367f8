"""Tiny arguments for every kernel of the hierarchy, so that ``warm_up`` compiles them as wrappers call them.

Two vertices and one arc, taken through all steps by the plain functions. What a wrapper freezes is frozen here.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from dehliz.kernels import hierarchy_build as building
from dehliz.kernels import hierarchy_metric as weighing
from dehliz.kernels import hierarchy_order as ordering
from dehliz.kernels import hierarchy_query as querying
from dehliz.kernels import hierarchy_sweep as sweeping
from dehliz.kernels.hierarchy_cut import dissect
from dehliz.kernels.hierarchy_flow import Core, Flow, copy_core
from dehliz.kernels.search import Floats, Ints, freeze

HEIGHT = 2


class Step(NamedTuple):
    """What goes from kernel to kernel."""

    first_out: Ints
    head: Ints
    rest: ordering.Rest
    queue: ordering.Queue
    pool: Ints
    used: ordering.Longs
    order: Ints
    rank: Ints
    first_below: Ints
    row: Ints
    head_rank: Ints
    head_depth: Ints
    entry: Ints
    extra: Ints
    triangle: Ints
    weight: Floats
    low: Ints


def _ints(*shape: int) -> Ints:
    return np.full(shape, -1, np.int32)


def _prepare() -> Step:
    """A hierarchy of the arc 0 -> 1, before it is frozen."""
    first_out, head = freeze([0, 1, 1], np.int32), freeze([1], np.int32)
    first, pool = _ints(3), _ints(20)
    used = ordering.list_neighbours(first_out, head, first, pool)
    zeros = np.zeros(2, np.int32)
    rest = ordering.Rest(first[:-1].copy(), np.diff(first), np.diff(first), zeros, zeros.copy(), _ints(2))
    queue = ordering.Queue(_ints(ordering.KEY_COUNT), _ints(2), _ints(2), _ints(2))
    count, order = np.array([0, used, 0]), _ints(2)
    ordering.fill_queue(rest, np.arange(2, dtype=np.int32), 0, queue, count)
    ordering.eliminate(rest, queue, pool, 9, count, order)
    rank, first_below, row = _ints(2), _ints(2), _ints(3, 4)
    building.number_tree(rest, pool, order, rank, first_below)
    head_rank, head_depth, entry = _ints(1), _ints(1), _ints(1, 2)
    building.lay_rows(rest, pool, rank, row, head_rank, head_depth)
    extra = _ints(1, 2)
    building.enter_arcs(first_out, head, rank, row, head_rank, entry, extra)
    weight, low = np.empty((2, 1)), _ints(1, 2)
    weighing.enter_weights(entry, extra[:0], freeze([1.0], np.float64), weight, low)
    sizes = (head_rank, head_depth, entry, extra, _ints(0), weight, low)
    return Step(first_out, head, rest, queue, pool, count, order, rank, first_below, row, *sizes)


def _graph_parts(step: Step) -> tuple[Any, ...]:
    return freeze(step.rank, np.int32), freeze(step.row, np.int32), freeze(step.head_depth, np.int32)


def _order_samples(step: Step) -> dict[Any, Callable[[], tuple[Any, ...]]]:
    everyone = np.arange(2, dtype=np.int32)
    flow = Flow(_ints(2), _ints(2), np.zeros(2, np.int8), np.zeros(4, np.bool_), _ints(4), _ints(4))
    core = Core(np.zeros(3, np.int32), _ints(0), np.zeros(2, np.int32))
    return {
        ordering.list_neighbours: lambda: (step.first_out, step.head, _ints(3), _ints(2)),
        ordering.fill_queue: lambda: (step.rest, everyone, 0, step.queue, step.used),
        ordering.eliminate: lambda: (step.rest, step.queue, step.pool, 9, step.used, step.order),
        ordering.clear_queue: lambda: (step.queue,),
        copy_core: lambda: (step.rest, step.pool, everyone[:0], _ints(1), _ints(0)),
        dissect: lambda: (core, flow, _ints(2)),
    }


def _build_samples(step: Step) -> dict[Any, Callable[[], tuple[Any, ...]]]:
    rank, row, head_rank = step.rank, step.row, step.head_rank
    star = (step.first_out, step.head)
    return {
        building.number_tree: lambda: (step.rest, step.pool, step.order, rank, step.first_below),
        building.lay_rows: lambda: (step.rest, step.pool, rank, row, head_rank, step.head_depth),
        building.enter_arcs: lambda: (*star, rank, row, head_rank, step.entry, step.extra),
        building.count_triangles: lambda: (row,),
        building.list_triangles: lambda: (row, head_rank, step.triangle),
    }


def _query_samples(step: Step) -> dict[Any, Callable[[], tuple[Any, ...]]]:
    parts = _graph_parts(step)
    weight, low = freeze(step.weight, np.float64), freeze(step.low, np.int32)
    vertex = freeze([0], np.int32)
    entry, extra = freeze(step.entry, np.int32), freeze(step.extra[:0].copy(), np.int32)
    triangle, below = freeze(step.triangle, np.int32), freeze(step.first_below, np.int32)
    arc_weight = freeze([1.0], np.float64)
    label, back = np.empty((1, HEIGHT)), np.full((HEIGHT, 1), np.inf)
    return {
        weighing.enter_weights: lambda: (entry, extra, arc_weight, step.weight.copy(), step.low.copy()),
        weighing.relax_triangles: lambda: (parts[1], triangle, step.weight.copy(), step.low.copy()),
        querying.distance: lambda: (*parts, weight, HEIGHT, 0, 1),
        querying.pair_distances: lambda: (*parts, weight, HEIGHT, vertex, vertex, np.empty(1)),
        querying.path: lambda: (*parts, weight, low, HEIGHT, 0, 1, _ints(2)),
        querying.cut_loops: lambda: (step.head, 0, 2, np.zeros(1, np.int32)),
        sweeping.sweep: lambda: (*parts, weight[0], weight[1], HEIGHT, 0, np.empty(2)),
        sweeping.climb_all: lambda: (*parts, weight[0], vertex, label),
        sweeping.join_labels: lambda: (*parts[:2], below, vertex, label, vertex, back, np.empty((1, 1))),
    }


def _register() -> None:
    for collect in (_order_samples, _build_samples, _query_samples):
        for one, make in collect(_prepare()).items():
            one.sample(make)


_register()
