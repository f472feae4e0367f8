"""All ways between two vertices that no other beats in arrival, cost and CO2e, over arcs that go by the clock.

Label setting in lexicographic order of (arrival, cost, CO2e), each with a lower bound of what is left. As labels
leave in order of arrival, two numbers decide dominance, by the staircases of ``front.py``. Labels of a vertex often
catch one departure together and change order there, so that each has its own entry in the queue, unlike in
``pareto.py``. Options go out through ``schedule_ask.py``.
"""

from typing import NamedTuple

import numpy as np

from dehliz.kernels.front import Fronts, front_beats, front_begin, front_covers, front_insert, front_need
from dehliz.kernels.jit import inlined_kernel, lean_kernel
from dehliz.kernels.labels import LABELS, NO_LABEL, OK, OVERFLOW, QUEUED, SOLUTIONS, TAKEN, TRUNCATED, Longs
from dehliz.kernels.queue import Queue, drop_first, sift_up
from dehliz.kernels.schedule_clock import Clock, arrive_after
from dehliz.kernels.search import NO_ARC, Floats, Ints, Star


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


@lean_kernel
def _expand(
    timed: Timed,
    vertex: int,
    label: int,
    bound: Floats,
    destination: int,
    factor: float,
    marks: Marks,
    queue: Queue,
    fronts: Fronts,
    n: int,
) -> int:
    """Queue what the arcs out of a vertex make of its new label; returns the size of the queue after.

    The rank of an offer is its label: among equals the label settled first goes first.
    """
    star, clock, charge = timed
    key = queue.key
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
            queue.arc[n] = arc
            queue.rank[n] = label
            sift_up(queue, n)
            n += 1
    return n


@lean_kernel
def _begin(origin: int, depart_h: float, marks: Marks, fronts: Fronts) -> int:
    """Empty the workspace and settle the origin: label 0, at the departure, of no cost; returns the pool taken."""
    marks.value[0, 0] = depart_h
    marks.value[0, 1] = 0.0
    marks.value[0, 2] = 0.0
    marks.arc[0] = NO_ARC
    marks.before[0] = NO_LABEL
    marks.length[0] = 0
    return front_begin(fronts, origin)


@lean_kernel
def _settle(
    vertex: int, taken: int, label: int, bound: Floats, marks: Marks, queue: Queue, fronts: Fronts
) -> int:
    """Write the first offer as a new label and its entry of the staircase; returns the pool taken after."""
    before = queue.rank[0]
    second = queue.key[0, 1] - bound[1, vertex]
    third = queue.key[0, 2] - bound[2, vertex]
    marks.value[label, 0] = queue.key[0, 0] - bound[0, vertex]
    marks.value[label, 1] = second
    marks.value[label, 2] = third
    marks.arc[label] = queue.arc[0]
    marks.before[label] = before
    marks.length[label] = marks.length[before] + 1
    return front_insert(fronts, taken, vertex, second, third)


@inlined_kernel
def _is_full(vertex: int, label: int, taken: int, n: int, marks: Marks, queue: Queue, fronts: Fronts) -> bool:
    """Whether there is no room for a label of the vertex, its entry of the staircase, or ``n`` offers and scratch."""
    return bool(
        label >= marks.arc.shape[0]
        or taken + front_need(fronts, vertex) > fronts.second.shape[0]
        or n + 1 > queue.arc.shape[0]
    )


@lean_kernel
def timed_search(
    timed: Timed,
    bound: Floats,
    pair: Ints,
    depart_h: float,
    epsilon_share: float,
    label_limit: int,
    marks: Marks,
    queue: Queue,
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
    marks, queue, fronts : Marks, Queue, Fronts
        Workspace. When it is full the status is OVERFLOW: enlarge and call again to go on. ``queue`` has room for
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
    factor, status = 1.0 + epsilon_share, OK
    n, label, taken, solutions = out_tally[QUEUED], out_tally[LABELS], out_tally[TAKEN], out_tally[SOLUTIONS]
    if label == 0 and bound[0, origin] + bound[1, origin] + bound[2, origin] < np.inf:
        taken += _begin(origin, depart_h, marks, fronts)
        label += 1
        if origin == destination:
            out_solution[0] = 0
            solutions += 1
        else:
            n = _expand(timed, origin, 0, bound, destination, factor, marks, queue, fronts, 0)
    while n > 0:
        vertex = head[queue.arc[0]]
        second, third = queue.key[0, 1], queue.key[0, 2]
        if front_beats(fronts, vertex, destination, bound, second, third, factor):
            n = drop_first(queue, n)
            continue
        if label >= label_limit:
            status = TRUNCATED
            break
        arc_count = first_out[vertex + 1] - first_out[vertex]
        if solutions >= out_solution.shape[0] or _is_full(
            vertex, label, taken, n + arc_count, marks, queue, fronts
        ):
            status = OVERFLOW
            break
        taken = _settle(vertex, taken, label, bound, marks, queue, fronts)
        n = drop_first(queue, n)
        if vertex == destination:
            out_solution[solutions] = label
            solutions += 1
        else:
            n = _expand(timed, vertex, label, bound, destination, factor, marks, queue, fronts, n)
        label += 1
    out_tally[QUEUED], out_tally[LABELS], out_tally[TAKEN], out_tally[SOLUTIONS] = n, label, taken, solutions
    return status
