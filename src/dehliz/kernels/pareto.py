"""All ways between two vertices that no other way beats in three criteria at once.

Label setting in lexicographic order of cost so far plus an exact lower bound of what is left, with dominance
by two-dimensional staircases (``front.py``). The bounds come from three backward searches (``bounds.py``).
Arrays of the compiled graph come in; options go out as values and arcs. ``options.py`` checks, allocates,
calls and interprets.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.front import Fronts, front_covers, front_insert, front_need
from dehliz.kernels.jit import Status, kernel
from dehliz.kernels.search import NO_ARC, Floats, Ints, Star

Longs = npt.NDArray[np.int64]

CRITERION_COUNT = 3
NO_LABEL = -1
CHILD_COUNT = 4

OK = int(Status.OK)
OVERFLOW = int(Status.OVERFLOW)
TRUNCATED = int(Status.TRUNCATED)

# places in the tally of a search under way
QUEUED, SLOTS, FREE, TAKEN, SOLUTIONS, MADE = range(6)
TALLY_COUNT = 6


class Labels(NamedTuple):
    """Labels by slot: a way from the origin to a vertex.

    Attributes
    ----------
    cost : (n_slot, 3) float64
        Cost so far in each criterion.
    vertex, arc, before : (n_slot,) int32
        Where it stands, the arc it came by, the label it came from; ``before`` links free slots.
    length : (n_slot,) int32
        Arcs so far.
    """

    cost: Floats
    vertex: Ints
    arc: Ints
    before: Ints
    length: Ints


class Queue(NamedTuple):
    """Heap of labels by (bounded cost in the three criteria, arcs so far, slot).

    Attributes
    ----------
    key : (n_slot, 3) float64
        Cost so far plus bound.
    label : (n_slot,) int32
        Slot of the label.
    """

    key: Floats
    label: Ints


@kernel
def _goes_before(key: Floats, label: Ints, length: Ints, one: int, other: int) -> bool:
    """Whether the queue entry ``one`` leaves before ``other``; fewer arcs first among equals."""
    if key[one, 0] != key[other, 0]:
        return bool(key[one, 0] < key[other, 0])
    if key[one, 1] != key[other, 1]:
        return bool(key[one, 1] < key[other, 1])
    if key[one, 2] != key[other, 2]:
        return bool(key[one, 2] < key[other, 2])
    if length[label[one]] != length[label[other]]:
        return bool(length[label[one]] < length[label[other]])
    return bool(label[one] < label[other])


@kernel
def _copy_entry(queue: Queue, source: int, target: int) -> None:
    key, label = queue
    key[target, 0] = key[source, 0]
    key[target, 1] = key[source, 1]
    key[target, 2] = key[source, 2]
    label[target] = label[source]


@kernel
def _sift_up(queue: Queue, length: Ints, n: int) -> None:
    """Bring the entry at ``n`` to its place among ``0..n``; the place after it is scratch."""
    key, label = queue
    _copy_entry(queue, n, n + 1)
    at = n
    while at > 0:
        above = (at - 1) // CHILD_COUNT
        if not _goes_before(key, label, length, n + 1, above):
            break
        _copy_entry(queue, above, at)
        at = above
    _copy_entry(queue, n + 1, at)


@kernel
def _drop_top(queue: Queue, length: Ints, n: int) -> None:
    """Take the first of ``n`` entries out; the place of the last becomes scratch."""
    key, label = queue
    n -= 1
    at = 0
    while True:
        first = at * CHILD_COUNT + 1
        if first >= n:
            break
        best = first
        for rival in range(first + 1, min(first + CHILD_COUNT, n)):
            if _goes_before(key, label, length, rival, best):
                best = rival
        if _goes_before(key, label, length, n, best):
            break
        _copy_entry(queue, best, at)
        at = best
    _copy_entry(queue, n, at)


@kernel
def pareto_start(
    origin: int, bound: Floats, labels: Labels, queue: Queue, fronts: Fronts, out_tally: Longs
) -> None:
    """Empty the workspace and put the origin's label into the queue.

    Parameters
    ----------
    origin : int
        Vertex where all ways start.
    bound : (3, n_vertex) float64
        Lower bounds of the cost to the destination; nothing is queued where one is ``inf``.
    labels, queue, fronts : Labels, Queue, Fronts
        Workspace.
    out_tally : (6,) int64
        Counts of the search under way.
    """
    fronts.size[:] = 0
    fronts.room[:] = 0
    out_tally[:] = 0
    out_tally[FREE] = NO_LABEL
    if not bound[0, origin] + bound[1, origin] + bound[2, origin] < np.inf:
        return
    for criterion in range(CRITERION_COUNT):
        labels.cost[0, criterion] = 0.0
        queue.key[0, criterion] = bound[criterion, origin]
    labels.vertex[0] = origin
    labels.arc[0] = NO_ARC
    labels.before[0] = NO_LABEL
    labels.length[0] = 0
    queue.label[0] = 0
    out_tally[QUEUED] = 1
    out_tally[SLOTS] = 1
    out_tally[MADE] = 1


@kernel
def pareto_search(
    star: Star,
    weight: Floats,
    bound: Floats,
    destination: int,
    epsilon_share: float,
    label_limit: int,
    labels: Labels,
    queue: Queue,
    fronts: Fronts,
    out_solution: Ints,
    out_tally: Longs,
) -> int:
    """Settle labels until none is left that could be an option; returns a status code.

    Parameters
    ----------
    star : Star
        The graph.
    weight : (n_arc, 3) float64
        Cost of each arc in each criterion, at least 0, ``inf`` = forbidden; on a grid where sums are exact.
    bound : (3, n_vertex) float64
        Consistent lower bounds of the cost to the destination, as from ``pareto_bounds``.
    destination : int
        Vertex where all ways end.
    epsilon_share : float
        A label is left out when an option found costs at most ``1 + epsilon_share`` times as much in every
        criterion. 0 gives every non-dominated value once.
    label_limit : int
        Labels made after which the search stops, TRUNCATED.
    labels, queue, fronts : Labels, Queue, Fronts
        Workspace prepared by ``pareto_start``. When it is full the status is OVERFLOW: enlarge, call again.
    out_solution : (n_solution_room,) int32
        Slots of the labels that are options, in lexicographic order.
    out_tally : (6,) int64
        Counts of the search under way.

    Notes
    -----
    Correct because labels leave the queue in lexicographic order of bounded cost, so that whatever leaves
    later is no better in the first criterion. With ``epsilon_share`` above 0 each option returned is still
    optimal, and every way has an option that costs at most ``1 + epsilon_share`` times as much in every
    criterion: the factor is applied once, at the destination. A truncated search returns the first options
    of the full answer. O(L log L) for L labels made.

    References
    ----------
    Pulido, Mandow, Perez de la Cruz 2015, Dimensionality reduction in multiobjective shortest path search,
    Computers & Operations Research 64, section 4 (the order and the reduction).
    Maristany de las Casas, Sedeno-Noda, Borndoerfer 2021, An improved multiobjective shortest path algorithm,
    Computers & Operations Research 135 (the lazy queue and pruning at the target).
    """
    first_out, head = star
    cost, place, came_by, before, length = labels
    factor = 1.0 + epsilon_share
    n = out_tally[QUEUED]
    slots = out_tally[SLOTS]
    free = out_tally[FREE]
    taken = out_tally[TAKEN]
    solutions = out_tally[SOLUTIONS]
    made = out_tally[MADE]
    status = OK
    while n > 0:
        if made >= label_limit:
            status = TRUNCATED
            break
        label = queue.label[0]
        vertex = place[label]
        first = first_out[vertex]
        last = first_out[vertex + 1]
        if (
            slots + last - first + 1 >= before.shape[0]
            or taken + front_need(fronts, vertex) > fronts.second.shape[0]
            or solutions >= out_solution.shape[0]
        ):
            status = OVERFLOW
            break
        here_0 = cost[label, 0]
        here_1 = cost[label, 1]
        here_2 = cost[label, 2]
        second = queue.key[0, 1] * factor
        third = queue.key[0, 2] * factor
        _drop_top(queue, length, n)
        n -= 1
        if front_covers(fronts, destination, second, third) or front_covers(fronts, vertex, here_1, here_2):
            before[label] = free
            free = label
            continue
        taken = front_insert(fronts, taken, vertex, here_1, here_2)
        if vertex == destination:
            out_solution[solutions] = label
            solutions += 1
            continue
        for arc in range(first, last):
            to = head[arc]
            cost_1 = here_1 + weight[arc, 1]
            cost_2 = here_2 + weight[arc, 2]
            key_0 = here_0 + weight[arc, 0] + bound[0, to]
            key_1 = cost_1 + bound[1, to]
            key_2 = cost_2 + bound[2, to]
            if not key_0 + key_1 + key_2 < np.inf:
                continue
            if front_covers(fronts, destination, key_1 * factor, key_2 * factor):
                continue
            if front_covers(fronts, to, cost_1, cost_2):
                continue
            new = free
            if free == NO_LABEL:
                new = slots
                slots += 1
            else:
                free = before[free]
            cost[new, 0] = here_0 + weight[arc, 0]
            cost[new, 1] = cost_1
            cost[new, 2] = cost_2
            place[new] = to
            came_by[new] = arc
            before[new] = label
            length[new] = length[label] + 1
            queue.key[n, 0] = key_0
            queue.key[n, 1] = key_1
            queue.key[n, 2] = key_2
            queue.label[n] = new
            _sift_up(queue, length, n)
            n += 1
            made += 1
    out_tally[QUEUED] = n
    out_tally[SLOTS] = slots
    out_tally[FREE] = free
    out_tally[TAKEN] = taken
    out_tally[SOLUTIONS] = solutions
    out_tally[MADE] = made
    return status


@kernel
def pareto_trace(
    labels: Labels, solution: Ints, out_first_arc: Ints, out_value: Floats, out_arc: Ints
) -> int:
    """Values and arcs of the options; returns the arcs needed in all and writes arcs only if all fit.

    Parameters
    ----------
    labels : Labels
        As ``pareto_search`` left them.
    solution : (n_solution,) int32
        Slots of the options.
    out_first_arc : (n_solution + 1,) int32
        Where each option's arcs start.
    out_value : (n_solution, 3) float64
        Cost of each option in each criterion.
    out_arc : (n_path_arc,) int32
        Arcs in order of travel.
    """
    out_first_arc[0] = 0
    for at in range(solution.shape[0]):
        out_first_arc[at + 1] = out_first_arc[at] + labels.length[solution[at]]
    total = out_first_arc[solution.shape[0]]
    if total > out_arc.shape[0]:
        return int(total)
    for at in range(solution.shape[0]):
        label = solution[at]
        for criterion in range(CRITERION_COUNT):
            out_value[at, criterion] = labels.cost[label, criterion]
        for step in range(out_first_arc[at + 1] - 1, out_first_arc[at] - 1, -1):
            out_arc[step] = labels.arc[label]
            label = labels.before[label]
    return int(total)
