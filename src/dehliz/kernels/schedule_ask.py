"""The array face of searches by the clock: check, allocate, call, interpret.

``make_timed`` prepares a graph, its clock and its charges once; ``TimedSpace`` holds the buffers of one thread.
``find_timed_options`` gives the options of one departure, ``find_arrivals`` and ``find_departures`` the earliest and
latest hours, ``find_profile`` the arrival for each of many departures. ``routing/timetable.py`` gives them names.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dehliz.kernels.front import enlarge_fronts, make_fronts
from dehliz.kernels.heap import make_heap
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
from dehliz.kernels.options import on_grid
from dehliz.kernels.queue import enlarge_queue, make_queue
from dehliz.kernels.schedule_clock import Clock, least_times, make_clock, to_ticks
from dehliz.kernels.schedule_pareto import Marks, Timed, timed_search
from dehliz.kernels.schedule_search import earliest_search, latest_search, profile_search
from dehliz.kernels.search import (
    NO_VERTEX,
    Floats,
    Ints,
    Reverse,
    Star,
    freeze,
    grow_tree,
    make_star,
    reverse_star,
)


@dataclass(frozen=True, slots=True)
class TimedMetric:
    """A graph by the clock, prepared for searching.

    Attributes
    ----------
    timed : Timed
        Graph, clock and charges.
    back : Reverse
        The graph seen from the heads.
    least_in : (3, n_arc) float64
        Least time, cost and CO2e of each arc, in the order of ``back``.
    """

    timed: Timed
    back: Reverse
    least_in: Floats

    @property
    def vertex_count(self) -> int:
        """Number of vertices."""
        return len(self.timed.star.first_out) - 1


@dataclass(frozen=True, slots=True)
class TimedOptions:
    """The options of one pair and departure.

    Attributes
    ----------
    value : (n_option, 3) float64
        Arrival [h], cost and CO2e; rows ascend and no row is beaten by another.
    first_arc : (n_option + 1,) int32
        Option i travels ``arc[first_arc[i]:first_arc[i + 1]]``.
    arc : (n_path_arc,) int32
        Arcs in order of travel.
    arrive_h : (n_path_arc,) float64
        Hour at the head of each [h].
    status : Status
        OK, or TRUNCATED when the label budget was spent: then these are the first options only.
    label_count : int
        Labels settled.
    """

    value: Floats
    first_arc: Ints
    arc: Ints
    arrive_h: Floats
    status: Status
    label_count: int


def make_timed(star: Star, clock: Clock, charge: npt.ArrayLike, back: Reverse | None = None) -> TimedMetric:
    """Prepare a graph, its clock and its charges.

    Parameters
    ----------
    star : Star
        The graph.
    clock : Clock
        Times of its arcs.
    charge : (2, n_arc) float64
        Cost and CO2e of each arc, at least 0; ``inf`` = forbidden (in one of them is enough).
    back : Reverse, optional
        ``reverse_star(star)`` when it is at hand, to save making it.

    Raises
    ------
    ValueError
        When a shape is wrong or a charge is negative or not a number.
    """
    rows = np.array(charge, np.float64)
    arc_count = star.head.shape[0]
    if rows.shape != (2, arc_count) or clock.time_h.shape != (arc_count,):
        raise ValueError(f"charge or clock do not fit the graph. They need values for {arc_count} arcs.")
    if not (rows >= 0.0).all():
        raise ValueError("charge holds values below 0 or NaN. It needs costs of at least 0; forbid with inf.")
    is_shut = np.isinf(rows).any(axis=0) | np.isinf(clock.time_h)
    rows[:, is_shut] = np.inf
    exact = on_grid(rows)
    time_h = freeze(np.where(is_shut, np.inf, clock.time_h), np.float64)
    timed = Timed(
        make_star(star.first_out, star.head), clock._replace(time_h=time_h), freeze(exact.T, np.float64)
    )
    seen = reverse_star(star) if back is None else back
    least = np.vstack([least_times(timed.clock), exact])
    return TimedMetric(timed, seen, freeze(least[:, seen.arc], np.float64))


class TimedSpace:
    """Buffers of one thread, reused from query to query and enlarged when a search needs more."""

    def __init__(self, star: Star) -> None:
        vertex_count = len(star.first_out) - 1
        room = max(FIRST_ROOM_COUNT, 2 * int(np.diff(star.first_out).max(initial=0)) + 2)
        self.heap = make_heap(vertex_count)
        self.pair = np.zeros(2, np.int32)
        self.bound = np.empty((3, vertex_count))
        self.into = np.empty(vertex_count, np.int32)
        self.hour_h = np.empty(vertex_count)
        self.tally = np.zeros(TALLY_COUNT, np.int64)
        self.solution = np.empty(FIRST_ROOM_COUNT, np.int32)
        arc, before, length = (np.empty(room, np.int32) for _ in range(3))
        self.marks = Marks(np.empty((room, 3)), arc, before, length)
        self.queue = make_queue(room)
        self.fronts = make_fronts(vertex_count, room)

    def enlarge(self) -> None:
        """Double what a search under way can fill; what it holds is kept."""
        self.solution = doubled(self.solution)
        value, arc, before, length = self.marks
        self.marks = Marks(doubled(value), doubled(arc), doubled(before), doubled(length))
        self.queue = enlarge_queue(self.queue)
        self.fronts = enlarge_fronts(self.fronts)


def find_timed_options(
    metric: TimedMetric,
    origin: int,
    destination: int,
    depart_h: float,
    *,
    epsilon_share: float = 0.0,
    label_limit: int = LABEL_LIMIT,
    space: TimedSpace | None = None,
) -> TimedOptions:
    """Every way that no other beats in arrival, cost and CO2e, for cargo ready at one hour; one for each value.

    Parameters
    ----------
    metric : TimedMetric
        Graph, clock and charges.
    origin, destination : int
        The pair; equal ones have one option without arcs.
    depart_h : float
        Hour at which cargo is ready [h].
    epsilon_share : float
        0 for all options. Above, some are left out such that each way has an option that arrives no later and costs
        at most ``1 + epsilon_share`` times as much in money and CO2e.
    label_limit : int
        Labels settled before the search is cut short and TRUNCATED.
    space : TimedSpace, optional
        Buffers to reuse. Not to be shared between threads.

    Returns
    -------
    TimedOptions
        Empty when there is no way.

    Raises
    ------
    ValueError
        When a vertex does not exist or epsilon, the hour or the limit is out of range.
    """
    _check(metric, depart_h, origin, destination)
    if not 0.0 <= epsilon_share < np.inf or label_limit < 1:
        raise ValueError("epsilon_share needs a number of at least 0, label_limit at least 1.")
    space = TimedSpace(metric.timed.star) if space is None else space
    work_count = WORK_FACTOR * len(metric.timed.star.head)
    grow = grow_tree.pick(work_count)
    for criterion, weight in enumerate(metric.least_in):
        grow(metric.back.star, weight, destination, NO_VERTEX, space.heap, space.bound[criterion], space.into)
    space.pair[:] = (origin, destination)
    space.tally[:] = 0
    run = timed_search.pick(work_count)
    while True:
        status = run(
            metric.timed, space.bound, space.pair, float(to_ticks(depart_h)), float(epsilon_share), label_limit,
            space.marks, space.queue, space.fronts, space.solution, space.tally,
        )  # fmt: skip
        if status != Status.OVERFLOW:
            return _read(space, Status(status), work_count)
        space.enlarge()


def _read(space: TimedSpace, status: Status, work_count: int) -> TimedOptions:
    solution = space.solution[: space.tally[SOLUTIONS]]
    value, arc, before, length = space.marks
    first_arc, label = trace_options(before, length, solution, work_count)
    hours = value[label, 0]
    return TimedOptions(value[solution], first_arc, arc[label], hours, status, int(space.tally[LABELS]))


def find_arrivals(
    metric: TimedMetric, origin: int, depart_h: float, stop: int = NO_VERTEX, space: TimedSpace | None = None
) -> tuple[Floats, Ints]:
    """Earliest arrival at every vertex and its last arc, see ``earliest_search``."""
    _check(metric, depart_h, origin)
    space = TimedSpace(metric.timed.star) if space is None else space
    run = earliest_search.pick(len(metric.timed.star.head))
    arrive_h, arc = np.empty(metric.vertex_count), np.empty(metric.vertex_count, np.int32)
    depart = float(to_ticks(depart_h))
    run(metric.timed.star, metric.timed.clock, origin, stop, depart, space.heap, arrive_h, arc)
    return arrive_h, arc


def find_departures(
    metric: TimedMetric,
    destination: int,
    arrive_h: float,
    stop: int = NO_VERTEX,
    space: TimedSpace | None = None,
) -> tuple[Floats, Ints]:
    """Last hour to leave every vertex and its first arc, see ``latest_search``."""
    _check(metric, arrive_h, destination)
    space = TimedSpace(metric.timed.star) if space is None else space
    run = latest_search.pick(len(metric.timed.star.head))
    leave_h, arc = np.empty(metric.vertex_count), np.empty(metric.vertex_count, np.int32)
    by = float(to_ticks(arrive_h))
    run(metric.back, metric.timed.clock, destination, stop, by, space.heap, leave_h, arc)
    return leave_h, arc


def find_profile(
    metric: TimedMetric,
    origin: int,
    destination: int,
    depart_h: npt.ArrayLike,
    space: TimedSpace | None = None,
) -> Floats:
    """Earliest arrival for each departure.

    Parameters
    ----------
    metric : TimedMetric
        Graph and clock.
    origin, destination : int
        The pair.
    depart_h : (n_departure,) float64
        Hours of departure, strictly ascending [h].

    Returns
    -------
    (n_departure,) float64
        Arrival for each; ``inf`` when there is none [h].

    Raises
    ------
    ValueError
        When a vertex does not exist or the departures do not ascend.
    """
    hours = to_ticks(depart_h)
    _check(metric, 0.0, origin, destination)
    if hours.ndim != 1 or not (np.diff(hours) > 0).all() or not np.isfinite(hours).all():
        raise ValueError("depart_h needs hours that ascend.")
    space = TimedSpace(metric.timed.star) if space is None else space
    out_arrive_h = np.empty(len(hours))
    descending = freeze(hours[::-1], np.float64)
    profile_search.pick(len(hours) * len(metric.timed.star.head))(
        metric.timed.star, metric.timed.clock, origin, destination, descending,
        space.heap, space.hour_h, space.into, out_arrive_h,
    )  # fmt: skip
    return out_arrive_h[::-1].copy()


def _check(metric: TimedMetric, hour_h: float, *vertices: int) -> None:
    for vertex in vertices:
        if not 0 <= vertex < metric.vertex_count:
            raise ValueError(f"{vertex} is no vertex. It needs one from 0 to {metric.vertex_count - 1}.")
    if not np.isfinite(hour_h):
        raise ValueError(f"{hour_h} is no hour. It needs a finite number.")


def _sample() -> tuple[TimedMetric, TimedSpace]:
    star = make_star([0, 1, 2], [1, 0])
    clock = make_clock([True, False], [0.0, 1.0], [0.0, 0.0], [0, 1], [1.0, 1.0], [2.0, 2.0])
    metric = make_timed(star, clock, np.ones((2, 2)))
    return metric, TimedSpace(metric.timed.star)


@earliest_search.sample
def _earliest_sample() -> tuple[object, ...]:
    metric, space = _sample()
    star, clock, _ = metric.timed
    return star, clock, 0, NO_VERTEX, 0.0, space.heap, space.hour_h, space.into


@latest_search.sample
def _latest_sample() -> tuple[object, ...]:
    metric, space = _sample()
    return metric.back, metric.timed.clock, 0, NO_VERTEX, 0.0, space.heap, space.hour_h, space.into


@profile_search.sample
def _profile_sample() -> tuple[object, ...]:
    metric, space = _sample()
    star, clock, _ = metric.timed
    hours = freeze([1.0, 0.0], np.float64)
    return star, clock, 0, 1, hours, space.heap, space.hour_h, space.into, np.empty(2)


@timed_search.sample
def _search_sample() -> tuple[object, ...]:
    metric, space = _sample()
    space.bound[:] = 1.0
    fixed = (metric.timed, space.bound, space.pair, 0.0, 0.0, 1)
    return *fixed, space.marks, space.queue, space.fronts, space.solution, space.tally
