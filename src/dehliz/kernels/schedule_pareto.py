"""All ways between two vertices that no other beats in arrival, cost and CO2e, over arcs that go by the clock.

Label setting in lexicographic order of (arrival, cost, CO2e), each with a lower bound of what is left. As labels
leave in order of arrival, two numbers decide dominance, by the staircases of ``front.py``. Labels of a vertex often
catch one departure together and change order there, so that each has its own entry in the queue, unlike in
``pareto.py``. Options go out through ``schedule_ask.py``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.front import FIRST_ROOM_COUNT, Fronts, front_covers, front_insert, front_need
from dehliz.kernels.jit import Status, lean_kernel
from dehliz.kernels.schedule_clock import Clock, arrive_after
from dehliz.kernels.search import NO_ARC, Floats, Ints, Star

Longs = npt.NDArray[np.int64]

CHILD_COUNT = 4
NO_LABEL = -1

OK = int(Status.OK)
OVERFLOW = int(Status.OVERFLOW)
TRUNCATED = int(Status.TRUNCATED)

# places in the tally of a search under way
QUEUED, LABELS, TAKEN, SOLUTIONS = range(4)
TALLY_COUNT = 4


class Timed(NamedTuple):
    """A graph whose arcs go by the clock.

    Attributes
    ----------
    star : Star
        The graph.
    clock : Clock
        Times of its arcs.
    charge : (n_arc, 2) float64
        Cost and CO2e of each arc, at least 0, on a grid where sums are exact; ``inf`` = forbidden.
    """

    star: Star
    clock: Clock
    charge: Floats


class Marks(NamedTuple):
    """Settled labels.

    Attributes
    ----------
    value : (n_room, 3) float64
        Arrival, cost and CO2e so far.
    arc, before : (n_room,) int32
        The arc it came by and the label it came from.
    length : (n_room,) int32
        Arcs so far.
    """

    value: Floats
    arc: Ints
    before: Ints
    length: Ints


class Line(NamedTuple):
    """Offers in heap order by (bounded value, label, arc); one entry more than its size is scratch.

    Attributes
    ----------
    key : (n_room, 3) float64
        Arrival, cost and CO2e at the head, each plus its bound.
    arc, before : (n_room,) int32
        Arc of the offer and the label that it continues.
    """

    key: Floats
    arc: Ints
    before: Ints


@lean_kernel
def _goes_before(line: Line, one: int, other: int) -> bool:
    key, arc, before = line
    if key[one, 0] != key[other, 0]:
        return bool(key[one, 0] < key[other, 0])
    if key[one, 1] != key[other, 1]:
        return bool(key[one, 1] < key[other, 1])
    if key[one, 2] != key[other, 2]:
        return bool(key[one, 2] < key[other, 2])
    if before[one] != before[other]:
        return bool(before[one] < before[other])
    return bool(arc[one] < arc[other])


@lean_kernel
def _copy_entry(line: Line, source: int, target: int) -> None:
    key, arc, before = line
    key[target, 0] = key[source, 0]
    key[target, 1] = key[source, 1]
    key[target, 2] = key[source, 2]
    arc[target] = arc[source]
    before[target] = before[source]


@lean_kernel
def _rise(line: Line, n: int) -> None:
    """Bring the entry at ``n`` to its place among ``0..n``; the place after it is scratch."""
    _copy_entry(line, n, n + 1)
    at = n
    while at > 0:
        above = (at - 1) // CHILD_COUNT
        if not _goes_before(line, n + 1, above):
            break
        _copy_entry(line, above, at)
        at = above
    _copy_entry(line, n + 1, at)


@lean_kernel
def _drop_first(line: Line, n: int) -> int:
    """Take out the first of ``n`` entries; returns how many are left."""
    n -= 1
    at = 0
    while True:
        first = at * CHILD_COUNT + 1
        if first >= n:
            break
        best = first
        for rival in range(first + 1, min(first + CHILD_COUNT, n)):
            if _goes_before(line, rival, best):
                best = rival
        if _goes_before(line, n, best):
            break
        _copy_entry(line, best, at)
        at = best
    _copy_entry(line, n, at)
    return n


@lean_kernel
def _expand(
    timed: Timed,
    vertex: int,
    label: int,
    bound: Floats,
    destination: int,
    factor: float,
    marks: Marks,
    line: Line,
    fronts: Fronts,
    n: int,
) -> int:
    """Queue what the arcs out of a vertex make of its new label; returns the size of the queue after."""
    star, clock, charge = timed
    key = line.key
    ready_h = marks.value[label, 0]
    for arc in range(star.first_out[vertex], star.first_out[vertex + 1]):
        to = star.head[arc]
        if not charge[arc, 0] + bound[0, to] + bound[1, to] + bound[2, to] < np.inf:
            continue
        cost_1 = marks.value[label, 1] + charge[arc, 0]
        cost_2 = marks.value[label, 2] + charge[arc, 1]
        if front_covers(fronts, to, cost_1, cost_2):
            continue
        key_1 = cost_1 + bound[1, to]
        key_2 = cost_2 + bound[2, to]
        if front_covers(fronts, destination, key_1 * factor, key_2 * factor):
            continue
        hour_h = arrive_after(clock, arc, ready_h)
        if hour_h < np.inf:
            key[n, 0] = hour_h + bound[0, to]
            key[n, 1] = key_1
            key[n, 2] = key_2
            line.arc[n] = arc
            line.before[n] = label
            _rise(line, n)
            n += 1
    return n


@lean_kernel
def _begin(origin: int, depart_h: float, marks: Marks, fronts: Fronts) -> None:
    """Empty the workspace and settle the origin: label 0, at the hour of departure, of no cost."""
    fronts.size[:] = 0
    fronts.room[:] = 0
    marks.value[0, 0] = depart_h
    marks.value[0, 1] = 0.0
    marks.value[0, 2] = 0.0
    marks.arc[0] = NO_ARC
    marks.before[0] = NO_LABEL
    marks.length[0] = 0
    fronts.start[origin] = 0
    fronts.size[origin] = 1
    fronts.room[origin] = FIRST_ROOM_COUNT
    fronts.second[0] = 0.0
    fronts.third[0] = 0.0


@lean_kernel
def timed_search(
    timed: Timed,
    bound: Floats,
    pair: Ints,
    depart_h: float,
    epsilon_share: float,
    label_limit: int,
    marks: Marks,
    line: Line,
    fronts: Fronts,
    out_solution: Ints,
    out_tally: Longs,
) -> int:
    """Settle labels until none is left that could be an option; returns a status code.

    Parameters
    ----------
    timed : Timed
        Graph, clock and charges.
    bound : (3, n_vertex) float64
        Consistent lower bounds of time [h], cost and CO2e to the destination; ``inf`` where nothing leads there.
    pair : (2,) int32
        Origin and destination.
    depart_h : float
        Hour at which cargo is ready [h].
    epsilon_share : float
        A label is left out when an option found arrives no later and costs at most ``1 + epsilon_share`` times as
        much in money and CO2e. 0 gives every non-dominated value once.
    label_limit : int
        Labels settled after which the search stops, TRUNCATED.
    marks, line, fronts : Marks, Line, Fronts
        Workspace. When it is full the status is OVERFLOW: enlarge and call again to go on. ``line`` has room for
        more entries than any vertex has arcs.
    out_solution : (n_solution_room,) int32
        The labels that are options, in order of arrival, cost, CO2e.
    out_tally : (4,) int64
        Counts of the search under way; all 0 to begin.

    Notes
    -----
    Correct because arrival functions do not overtake (to arrive earlier is never worse) and bounds are
    consistent, so that labels leave the queue in lexicographic order. A truncated search returns the first
    options of the full answer. O(L (log L + log e + log f)) for L offers, e events and fronts of f entries.

    References
    ----------
    Pulido, Mandow, Perez de la Cruz 2015, Dimensionality reduction in multiobjective shortest path search,
    Computers & Operations Research 64, section 4 (the order and the reduction).
    """
    first_out, head = timed.star
    origin, destination = pair[0], pair[1]
    factor = 1.0 + epsilon_share
    n, label, taken, solutions = out_tally[QUEUED], out_tally[LABELS], out_tally[TAKEN], out_tally[SOLUTIONS]
    status = OK
    if label == 0 and bound[0, origin] + bound[1, origin] + bound[2, origin] < np.inf:
        _begin(origin, depart_h, marks, fronts)
        taken += FIRST_ROOM_COUNT
        label += 1
        if origin == destination:
            out_solution[0] = 0
            solutions += 1
        else:
            n = _expand(timed, origin, 0, bound, destination, factor, marks, line, fronts, 0)
    while n > 0:
        arc = line.arc[0]
        vertex = head[arc]
        second, third = line.key[0, 1], line.key[0, 2]
        if front_covers(fronts, destination, second * factor, third * factor) or front_covers(
            fronts, vertex, second - bound[1, vertex], third - bound[2, vertex]
        ):
            n = _drop_first(line, n)
            continue
        if label >= label_limit:
            status = TRUNCATED
            break
        if (
            label >= marks.arc.shape[0]
            or taken + front_need(fronts, vertex) > fronts.second.shape[0]
            or solutions >= out_solution.shape[0]
            or n + first_out[vertex + 1] - first_out[vertex] + 1 > line.arc.shape[0]
        ):
            status = OVERFLOW
            break
        before = line.before[0]
        marks.value[label, 0] = line.key[0, 0] - bound[0, vertex]
        marks.value[label, 1] = second - bound[1, vertex]
        marks.value[label, 2] = third - bound[2, vertex]
        marks.arc[label] = arc
        marks.before[label] = before
        marks.length[label] = marks.length[before] + 1
        n = _drop_first(line, n)
        taken = front_insert(fronts, taken, vertex, marks.value[label, 1], marks.value[label, 2])
        if vertex == destination:
            out_solution[solutions] = label
            solutions += 1
        else:
            n = _expand(timed, vertex, label, bound, destination, factor, marks, line, fronts, n)
        label += 1
    out_tally[QUEUED], out_tally[LABELS], out_tally[TAKEN], out_tally[SOLUTIONS] = n, label, taken, solutions
    return status


@lean_kernel
def timed_trace(
    marks: Marks,
    solution: Ints,
    out_first_arc: Ints,
    out_value: Floats,
    out_arc: Ints,
    out_arrive_h: Floats,
) -> int:
    """Values, arcs and hours of the options; returns the arcs needed in all, writes arcs only if all fit.

    Parameters
    ----------
    marks : Marks
        As ``timed_search`` left them.
    solution : (n_solution,) int32
        Labels that are options.
    out_first_arc : (n_solution + 1,) int32
        Where each option's arcs start.
    out_value : (n_solution, 3) float64
        Arrival [h], cost and CO2e of each option.
    out_arc : (n_path_arc,) int32
        Arcs in order of travel.
    out_arrive_h : (n_path_arc,) float64
        Hour at the head of each [h].
    """
    out_first_arc[0] = 0
    for at in range(solution.shape[0]):
        out_first_arc[at + 1] = out_first_arc[at] + marks.length[solution[at]]
    total = out_first_arc[solution.shape[0]]
    if total > out_arc.shape[0]:
        return int(total)
    for at in range(solution.shape[0]):
        label = solution[at]
        for criterion in range(3):
            out_value[at, criterion] = marks.value[label, criterion]
        for step in range(out_first_arc[at + 1] - 1, out_first_arc[at] - 1, -1):
            out_arc[step] = marks.arc[label]
            out_arrive_h[step] = marks.value[label, 0]
            label = marks.before[label]
    return int(total)
