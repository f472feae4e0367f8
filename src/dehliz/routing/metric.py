"""Weights on a hierarchy, and least-cost answers from them: single, in pairs, to all, between sets.

A ``Metric`` is made of every set of weights (tariffs, times, closures as ``inf``) and never changes; a query
needs nothing that outlives it, so threads can share one. Answers are those of a plain least-cost search.
``routing.hierarchy`` comes before, ``routing.planner`` after.
"""

from dataclasses import dataclass
from operator import index

import numpy as np
import numpy.typing as npt

from dehliz.kernels import hierarchy_metric as weighing
from dehliz.kernels import hierarchy_query as querying
from dehliz.kernels import hierarchy_sweep as sweeping
from dehliz.kernels.hierarchy_build import DOWN, UP
from dehliz.kernels.search import Floats, Ints, freeze
from dehliz.routing.hierarchy import Hierarchy

PATH_ROOM_COUNT = 8_192
"""Arcs of a path that fit without asking twice."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One set of weights on a hierarchy, ready to be asked; read-only.

    Attributes
    ----------
    hierarchy : Hierarchy
        The topology.
    weight : (2, n_edge) float64
        Least cost along each edge, up and down, in the unit of the weights.
    low : (n_edge, 2) int32
        What gave each edge its weight.
    has_free_arcs : bool
        Some arc costs nothing, so that a path could run in a circle.
    """

    hierarchy: Hierarchy
    weight: Floats
    low: Ints
    has_free_arcs: bool


def customise(hierarchy: Hierarchy, weight: npt.ArrayLike) -> Metric:
    """Weights on a hierarchy, ready to be asked.

    Parameters
    ----------
    hierarchy : Hierarchy
        The topology.
    weight : (n_arc,) float64
        Cost of each arc in any unit, at least 0; ``inf`` closes an arc.

    Returns
    -------
    Metric
        Independent of later changes of the weights.

    Raises
    ------
    ValueError
        If the weights do not fit the arcs, are negative or not a number.
    """
    given = freeze(weight, np.float64)
    if given.shape != (hierarchy.arc_count,):
        raise ValueError(
            f"weight has shape {given.shape}; one number for each of {hierarchy.arc_count} arcs is needed"
        )
    least = float(given.min(initial=np.inf))
    if not least >= 0.0:
        wrong = np.flatnonzero(~(given >= 0.0))
        raise ValueError(
            f"weight[{wrong[0]}] is {given[wrong[0]]} ({len(wrong)} such); at least 0 or inf is needed"
        )
    n_edge = len(hierarchy.head_depth)
    out_weight = np.empty((2, n_edge))
    out_low = np.empty((n_edge, 2), np.int32)
    size = hierarchy.work_count
    weighing.enter_weights.pick(size)(hierarchy.entry, hierarchy.extra, given, out_weight, out_low)
    weighing.relax_triangles.pick(size)(hierarchy.row, hierarchy.triangle, out_weight, out_low)
    return Metric(hierarchy, freeze(out_weight, np.float64), freeze(out_low, np.int32), least == 0.0)


def distance(metric: Metric, origin: int, destination: int) -> float:
    """Least cost between two vertices, ``inf`` when there is no way.

    Parameters
    ----------
    metric : Metric
        Customised weights.
    origin, destination : int
        Vertices of the graph.

    Returns
    -------
    float
        In the unit of the weights; 0 from a vertex to itself.

    Raises
    ------
    IndexError
        If there is no such vertex.
    """
    on = metric.hierarchy
    start, end = _check_vertex(on, origin), _check_vertex(on, destination)
    kernel = querying.distance.pick(on.work_count)
    return kernel(on.rank, on.row, on.head_depth, metric.weight, on.height, start, end)


def path(metric: Metric, origin: int, destination: int) -> tuple[float, Ints]:
    """Least cost between two vertices and the arcs of a way that costs it.

    Parameters
    ----------
    metric : Metric
        Customised weights.
    origin, destination : int
        Vertices of the graph.

    Returns
    -------
    cost : float
        ``inf`` when there is no way.
    arc : (n,) int32
        Arcs in the order of travel, no vertex twice; empty when there is no way or nowhere to go.

    Raises
    ------
    IndexError
        If there is no such vertex.
    """
    on = metric.hierarchy
    start, end = _check_vertex(on, origin), _check_vertex(on, destination)
    kernel = querying.path.pick(on.work_count)
    room = PATH_ROOM_COUNT
    while True:
        arc = np.empty(room, np.int32)
        cost, n = kernel(
            on.rank, on.row, on.head_depth, metric.weight, metric.low, on.height, start, end, arc
        )
        if n <= room:
            break
        room = n
    arc = arc[:n].copy()
    if metric.has_free_arcs:
        arc = arc[: querying.cut_loops.pick(on.work_count)(on.head, start, on.vertex_count, arc)]
    return cost, arc


def one_to_all(metric: Metric, origin: int) -> Floats:
    """Least cost from one vertex to all.

    Parameters
    ----------
    metric : Metric
        Customised weights.
    origin : int
        Vertex of the graph.

    Returns
    -------
    (n_vertex,) float64
        ``inf`` where there is no way.

    Raises
    ------
    IndexError
        If there is no such vertex.
    """
    return _sweep(metric, origin, UP)


def all_to_one(metric: Metric, destination: int) -> Floats:
    """Least cost from all vertices to one: lower bounds for any search towards it.

    Parameters
    ----------
    metric : Metric
        Customised weights.
    destination : int
        Vertex of the graph.

    Returns
    -------
    (n_vertex,) float64
        ``inf`` where there is no way.

    Raises
    ------
    IndexError
        If there is no such vertex.
    """
    return _sweep(metric, destination, DOWN)


def distances(metric: Metric, origin: npt.ArrayLike, destination: npt.ArrayLike) -> Floats:
    """Least cost of many pairs.

    Parameters
    ----------
    metric : Metric
        Customised weights.
    origin, destination : (n,) int32
        Vertices of the graph, pair by pair.

    Returns
    -------
    (n,) float64
        ``inf`` where there is no way.

    Raises
    ------
    IndexError
        If there is no such vertex.
    ValueError
        If there are not as many origins as destinations.
    """
    on = metric.hierarchy
    start, end = _check_vertices(on, origin), _check_vertices(on, destination)
    if len(start) != len(end):
        raise ValueError(
            f"{len(start)} origins and {len(end)} destinations; as many of one as of the other are needed"
        )
    out_cost = np.empty(len(start))
    kernel = querying.pair_distances.pick(max(on.work_count, len(start) * on.height))
    kernel(on.rank, on.row, on.head_depth, metric.weight, on.height, start, end, out_cost)
    return out_cost


def matrix(metric: Metric, origin: npt.ArrayLike, destination: npt.ArrayLike) -> Floats:
    """Least cost from each of some vertices to each of others.

    Parameters
    ----------
    metric : Metric
        Customised weights.
    origin, destination : (n_origin,) and (n_destination,) int32
        Vertices of the graph, in any order, repeated or not.

    Returns
    -------
    (n_origin, n_destination) float64
        ``inf`` where there is no way.

    Raises
    ------
    IndexError
        If there is no such vertex.
    """
    on = metric.hierarchy
    start, end = _check_vertices(on, origin), _check_vertices(on, destination)
    size = max(on.work_count, (len(start) + len(end)) * on.height)
    place = on.rank[end]
    by_rank = np.argsort(place, kind="stable")
    place, end = freeze(place[by_rank], np.int32), freeze(end[by_rank], np.int32)
    climb = sweeping.climb_all.pick(size)
    ahead, back = np.empty((len(start), on.height)), np.empty((len(end), on.height))
    climb(on.rank, on.row, on.head_depth, metric.weight[UP], start, ahead)
    climb(on.rank, on.row, on.head_depth, metric.weight[DOWN], end, back)
    sorted_cost = np.empty((len(start), len(end)))
    join = sweeping.join_labels.pick(size)
    join(on.rank, on.row, on.first_below, start, ahead, place, np.ascontiguousarray(back.T), sorted_cost)
    out_cost = np.empty_like(sorted_cost)
    out_cost[:, by_rank] = sorted_cost
    return out_cost


def _sweep(metric: Metric, vertex: int, direction: int) -> Floats:
    on = metric.hierarchy
    start = _check_vertex(on, vertex)
    out_cost = np.empty(on.vertex_count)
    kernel = sweeping.sweep.pick(on.work_count)
    ahead, back = metric.weight[direction], metric.weight[1 - direction]
    kernel(on.rank, on.row, on.head_depth, ahead, back, on.height, start, out_cost)
    return out_cost


def _check_vertex(hierarchy: Hierarchy, vertex: int) -> int:
    """A vertex as a plain number: NumPy's small ones would have the kernels compiled again."""
    place = index(vertex)
    if not 0 <= place < len(hierarchy.rank):
        raise IndexError(f"there is no vertex {vertex}; the graph has {len(hierarchy.rank)}")
    return place


def _check_vertices(hierarchy: Hierarchy, vertex: npt.ArrayLike) -> Ints:
    given = np.atleast_1d(np.asarray(vertex))
    if given.ndim != 1 or (given.size and not np.issubdtype(given.dtype, np.integer)):
        raise IndexError("vertices are given as a list of whole numbers")
    if given.size and not (int(given.min()) >= 0 and int(given.max()) < hierarchy.vertex_count):
        wrong = given.min() if given.min() < 0 else given.max()
        raise IndexError(f"there is no vertex {wrong}; the graph has {hierarchy.vertex_count}")
    return freeze(given, np.int32)
