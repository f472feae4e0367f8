"""The array face of the three-criteria search: check, allocate, call, interpret.

``make_metric`` prepares a graph and its weights once, ``Space`` holds the buffers of one thread, and
``find_options`` answers a pair with ``Options``: values and arcs of every way that no other beats.
``routing/pareto.py`` gives them names.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dehliz.kernels.bounds import pareto_bounds
from dehliz.kernels.front import enlarge_fronts, make_fronts
from dehliz.kernels.jit import Status
from dehliz.kernels.labels import (
    FIRST_ROOM_COUNT,
    LABEL_LIMIT,
    LABELS,
    SOLUTIONS,
    TALLY_COUNT,
    WORK_FACTOR,
    doubled,
    trace_options,
)
from dehliz.kernels.pareto import CRITERION_COUNT, Labels, pareto_search
from dehliz.kernels.queue import make_queue
from dehliz.kernels.search import Floats, Ints, Reverse, Star, freeze, make_star, reverse_star

EXACT_BITS = 52


@dataclass(frozen=True, slots=True)
class Metric:
    """A graph with three weights for each arc, prepared for searching.

    Attributes
    ----------
    star, back : Star, Reverse
        The graph, and seen from the heads.
    weight : (n_arc, 3) float64
        Weights on the exact grid.
    weight_in : (3, n_arc) float64
        The same in the order of ``back``.
    """

    star: Star
    back: Reverse
    weight: Floats
    weight_in: Floats


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one pair.

    Attributes
    ----------
    value : (n_option, 3) float64
        Cost in each criterion; rows ascend lexicographically and no row is beaten by another.
    first_arc : (n_option + 1,) int32
        Option i travels ``arc[first_arc[i]:first_arc[i + 1]]``.
    arc : (n_path_arc,) int32
        Arcs in order of travel.
    status : Status
        OK, or TRUNCATED when the label budget was spent: then these are the first options only.
    label_count : int
        Labels settled.
    """

    value: Floats
    first_arc: Ints
    arc: Ints
    status: Status
    label_count: int


def make_metric(star: Star, weight: npt.ArrayLike, back: Reverse | None = None) -> Metric:
    """Prepare a graph and its weights.

    Parameters
    ----------
    star : Star
        The graph.
    weight : (3, n_arc) float64
        Cost of each arc in each criterion, at least 0, ``inf`` = forbidden (in one criterion is enough).
    back : Reverse, optional
        ``reverse_star(star)`` when it is at hand, to save making it.

    Returns
    -------
    Metric
        With weights rounded to a grid fine enough not to matter and coarse enough that sums are exact.

    Raises
    ------
    ValueError
        When the shape is wrong or a weight is negative or not a number.
    """
    rows = np.array(weight, np.float64)
    arc_count = star.head.shape[0]
    if rows.shape != (CRITERION_COUNT, arc_count):
        raise ValueError(f"weight has shape {rows.shape}. It needs ({CRITERION_COUNT}, {arc_count}).")
    if not (rows >= 0.0).all():
        raise ValueError("weight holds values below 0 or NaN. It needs costs of at least 0; forbid with inf.")
    rows[:, np.isinf(rows).any(axis=0)] = np.inf
    exact = on_grid(rows)
    seen = reverse_star(star) if back is None else back
    weight_in = freeze(exact[:, seen.arc], np.float64)
    return Metric(make_star(star.first_out, star.head), seen, freeze(exact.T, np.float64), weight_in)


def on_grid(weight: Floats) -> Floats:
    """Round each row to multiples of a power of two, so that sums of its values are exact in any order.

    Notes
    -----
    Without it a way's cost depends in its last bit on the order of adding, and a label can seem beaten by
    its own bound. The step is below 2^-51 of the sum of all finite weights of the row.
    """
    total = np.where(np.isfinite(weight), weight, 0.0).sum(axis=1)
    bits = EXACT_BITS - np.ceil(np.log2(np.maximum(total, 1.0))).astype(np.int64)
    exact: Floats = np.ldexp(np.rint(np.ldexp(weight, bits[:, None])), -bits[:, None])
    return exact


class Space:
    """Buffers of one thread, reused from query to query and enlarged when a search needs more."""

    def __init__(self, star: Star) -> None:
        vertex_count, arc_count = star.first_out.shape[0] - 1, star.head.shape[0]
        shape = (CRITERION_COUNT, vertex_count)
        self.item = np.empty(shape, np.int32)
        self.key = np.empty(shape)
        self.place = np.full(shape, -1, np.int32)
        self.into = np.empty(shape, np.int32)
        self.pair = np.zeros(2, np.int32)
        self.left = np.empty(CRITERION_COUNT, np.int64)
        self.radius = np.empty(CRITERION_COUNT)
        self.bound = np.empty(shape)
        self.tally = np.zeros(TALLY_COUNT, np.int64)
        self.solution = np.empty(FIRST_ROOM_COUNT, np.int32)
        arc, before, after, length, tail = (np.empty(FIRST_ROOM_COUNT, np.int32) for _ in range(5))
        last, offer = np.empty(vertex_count, np.int32), np.empty(arc_count, np.int32)
        cost = np.empty((FIRST_ROOM_COUNT, CRITERION_COUNT))
        self.labels = Labels(cost, arc, before, after, length, tail, last, offer)
        self.queue = make_queue(arc_count + 2)
        self.fronts = make_fronts(vertex_count, FIRST_ROOM_COUNT)

    def enlarge(self) -> None:
        """Double what a search under way can fill; what it holds is kept."""
        self.solution = doubled(self.solution)
        cost, arc, before, after, length, tail, last, offer = self.labels
        arc, before, after, length, tail = (doubled(array) for array in (arc, before, after, length, tail))
        self.labels = Labels(doubled(cost), arc, before, after, length, tail, last, offer)
        self.fronts = enlarge_fronts(self.fronts)


def find_options(
    metric: Metric,
    origin: int,
    destination: int,
    *,
    epsilon_share: float = 0.0,
    label_limit: int = LABEL_LIMIT,
    space: Space | None = None,
) -> Options:
    """Every way between two vertices that no other beats in all three criteria, one for each value.

    Parameters
    ----------
    metric : Metric
        Graph and weights.
    origin, destination : int
        The pair; equal ones have one option without arcs.
    epsilon_share : float
        0 for all options. Above, some are left out such that each way has an option that costs at most
        ``1 + epsilon_share`` times as much in every criterion.
    label_limit : int
        Labels settled before the search is cut short and TRUNCATED.
    space : Space, optional
        Buffers to reuse; made anew when left out. Not to be shared between threads.

    Returns
    -------
    Options
        Empty when there is no way.

    Raises
    ------
    ValueError
        When a vertex does not exist or epsilon or the limit is out of range.
    """
    vertex_count = metric.star.first_out.shape[0] - 1
    _check(vertex_count, origin, destination, epsilon_share, label_limit)
    if space is None:
        space = Space(metric.star)
    work_count = WORK_FACTOR * metric.star.head.shape[0]
    space.pair[:] = (origin, destination)
    pareto_bounds.pick(work_count)(
        metric.back, metric.star.head, metric.weight_in, space.pair,
        space.item, space.key, space.place, space.into, space.left, space.radius, space.bound,
    )  # fmt: skip
    space.tally[:] = 0
    status = _search(metric, epsilon_share, label_limit, space, work_count)
    return _read(space, Status(status), work_count)


def _check(vertex_count: int, origin: int, destination: int, epsilon_share: float, label_limit: int) -> None:
    for name, vertex in (("origin", origin), ("destination", destination)):
        if not 0 <= vertex < vertex_count:
            raise ValueError(f"{name} is {vertex}. It needs a vertex from 0 to {vertex_count - 1}.")
    if not 0.0 <= epsilon_share < np.inf:
        raise ValueError(f"epsilon_share is {epsilon_share}. It needs a number of at least 0.")
    if label_limit < 1:
        raise ValueError(f"label_limit is {label_limit}. It needs at least 1.")


def _search(
    metric: Metric,
    epsilon_share: float,
    label_limit: int,
    space: Space,
    work_count: int,
) -> int:
    run = pareto_search.pick(work_count)
    while True:
        status = run(
            metric.star, metric.weight, space.bound, space.pair, float(epsilon_share), label_limit,
            space.labels, space.queue, space.fronts, space.solution, space.tally,
        )  # fmt: skip
        if status != Status.OVERFLOW:
            return status
        space.enlarge()


def _read(space: Space, status: Status, work_count: int) -> Options:
    solution = space.solution[: space.tally[SOLUTIONS]]
    first_arc, label = trace_options(space.labels.before, space.labels.length, solution, work_count)
    value, arc = space.labels.cost[solution], space.labels.arc[label]
    return Options(value, first_arc, arc, status, int(space.tally[LABELS]))


def _sample() -> tuple[Metric, Space]:
    metric = make_metric(make_star([0, 1, 2], [1, 0]), np.ones((CRITERION_COUNT, 2)))
    space = Space(metric.star)
    space.bound[:] = 1.0
    return metric, space


@pareto_bounds.sample
def _bounds_sample() -> tuple[object, ...]:
    metric, space = _sample()
    fixed = (metric.back, metric.star.head, metric.weight_in, space.pair)
    return *fixed, space.item, space.key, space.place, space.into, space.left, space.radius, space.bound


@pareto_search.sample
def _search_sample() -> tuple[object, ...]:
    metric, space = _sample()
    fixed = (metric.star, metric.weight, space.bound, space.pair, 0.0, 1)
    return *fixed, space.labels, space.queue, space.fronts, space.solution, space.tally
