"""All ways between two vertices that no other way beats in three criteria at once.

Label setting in lexicographic order of cost so far plus a lower bound of what is left (``bounds.py``), with
dominance by two-dimensional staircases (``front.py``). The queue holds arcs, not labels: labels of a vertex are
settled in order, so each arc offers them one after the other and only its next offer needs a place in the queue.
Arrays of the compiled graph come in; options go out as values and arcs through ``options.py``.
"""

from typing import NamedTuple

import numpy as np

from dehliz.kernels.front import Fronts, front_beats, front_begin, front_covers, front_insert, front_need
from dehliz.kernels.jit import inlined_kernel, lean_kernel
from dehliz.kernels.labels import LABELS, NO_LABEL, OK, OVERFLOW, QUEUED, SOLUTIONS, TAKEN, TRUNCATED, Longs
from dehliz.kernels.queue import Queue, sift_down, sift_up
from dehliz.kernels.search import NO_ARC, NO_VERTEX, Floats, Ints, Star

CRITERION_COUNT = 3


class Labels(NamedTuple):
    """Settled labels: ways from the origin to a vertex that no other way to it beats.

    Attributes
    ----------
    cost : (n_room, 3) float64
        Cost so far in each criterion.
    arc, before : (n_room,) int32
        The arc it came by and the label it came from.
    after : (n_room,) int32
        The label settled next at the same vertex.
    length : (n_room,) int32
        Arcs so far.
    tail : (n_room,) int32
        Tail of the arc it came by: going back there never pays.
    last : (n_vertex,) int32
        The label settled last at each vertex.
    offer : (n_arc,) int32
        Label of its tail that each arc offers to continue; -1 when it has offered all there are.
    """

    cost: Floats
    arc: Ints
    before: Ints
    after: Ints
    length: Ints
    tail: Ints
    last: Ints
    offer: Ints


@lean_kernel
def _next_offer(
    arc: int,
    to: int,
    label: int,
    weight: Floats,
    bound: Floats,
    destination: int,
    factor: float,
    labels: Labels,
    queue: Queue,
    fronts: Fronts,
    at: int,
) -> int:
    """Write the first offer of an arc from ``label`` on that could be an option to entry ``at`` of the queue.

    Returns the label on offer, -1 when there is none. Among equal offers the way of fewer arcs goes first.
    """
    cost = labels.cost
    key = queue.key
    while label != NO_LABEL:
        if labels.tail[label] == to:
            label = labels.after[label]
            continue
        cost_1 = cost[label, 1] + weight[arc, 1]
        cost_2 = cost[label, 2] + weight[arc, 2]
        if not front_covers(fronts, to, cost_1, cost_2):
            key_1 = cost_1 + bound[1, to]
            key_2 = cost_2 + bound[2, to]
            if not front_covers(fronts, destination, key_1 * factor, key_2 * factor):
                key[at, 0] = cost[label, 0] + weight[arc, 0] + bound[0, to]
                key[at, 1] = key_1
                key[at, 2] = key_2
                queue.arc[at] = arc
                queue.rank[at] = labels.length[label]
                break
        label = labels.after[label]
    labels.offer[arc] = label
    return label


@lean_kernel
def _settle(
    vertex: int,
    tail: int,
    arc: int,
    before: int,
    taken: int,
    label: int,
    weight: Floats,
    labels: Labels,
    fronts: Fronts,
) -> int:
    """Write a new label and its entry of the staircase; returns the pool taken after."""
    cost, came_by, from_label, after, length, tails, last, _ = labels
    cost[label, 0] = cost[before, 0] + weight[arc, 0]
    cost[label, 1] = cost[before, 1] + weight[arc, 1]
    cost[label, 2] = cost[before, 2] + weight[arc, 2]
    came_by[label] = arc
    from_label[label] = before
    after[label] = NO_LABEL
    length[label] = length[before] + 1
    tails[label] = tail
    if last[vertex] != NO_LABEL:
        after[last[vertex]] = label
    last[vertex] = label
    return front_insert(fronts, taken, vertex, cost[label, 1], cost[label, 2])


@lean_kernel
def _expand(
    star: Star,
    vertex: int,
    label: int,
    weight: Floats,
    bound: Floats,
    destination: int,
    factor: float,
    labels: Labels,
    queue: Queue,
    fronts: Fronts,
    n: int,
) -> int:
    """Let the idle arcs out of a vertex offer its new label; returns the size of the queue after."""
    first_out, head = star
    for arc in range(first_out[vertex], first_out[vertex + 1]):
        if labels.offer[arc] != NO_LABEL:
            continue
        to = head[arc]
        if not weight[arc, 0] + bound[0, to] + bound[1, to] + bound[2, to] < np.inf:
            continue
        offered = _next_offer(arc, to, label, weight, bound, destination, factor, labels, queue, fronts, n)
        if offered != NO_LABEL:
            sift_up(queue, n)
            n += 1
    return n


@inlined_kernel
def _offer_again(
    arc: int,
    to: int,
    before: int,
    weight: Floats,
    bound: Floats,
    destination: int,
    factor: float,
    labels: Labels,
    queue: Queue,
    fronts: Fronts,
    n: int,
) -> int:
    """Put the next offer of the first arc in the place of the last, if there is one; returns the size of the queue."""
    after = labels.after[before] + 0  # int64, so that helpers have one compiled form
    if _next_offer(arc, to, after, weight, bound, destination, factor, labels, queue, fronts, n) == NO_LABEL:
        n -= 1
    sift_down(queue, n)
    return n


@lean_kernel
def _begin(origin: int, labels: Labels, fronts: Fronts) -> int:
    """Empty the workspace and settle the origin: label 0, of no cost; returns the pool taken."""
    labels.last[:] = NO_LABEL
    labels.offer[:] = NO_LABEL
    labels.cost[0, 0] = 0.0
    labels.cost[0, 1] = 0.0
    labels.cost[0, 2] = 0.0
    labels.arc[0] = NO_ARC
    labels.before[0] = NO_LABEL
    labels.after[0] = NO_LABEL
    labels.length[0] = 0
    labels.tail[0] = NO_VERTEX
    labels.last[origin] = 0
    return front_begin(fronts, origin)


@inlined_kernel
def _is_full(vertex: int, label: int, taken: int, labels: Labels, fronts: Fronts) -> bool:
    """Whether there is no room for a label of the vertex or its entry of the staircase."""
    is_taken = taken + front_need(fronts, vertex) > fronts.second.shape[0]
    return bool(is_taken or label >= labels.arc.shape[0])


@lean_kernel
def pareto_search(
    star: Star,
    weight: Floats,
    bound: Floats,
    pair: Ints,
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
        Cost of each arc in each criterion, at least 0, ``inf`` = forbidden in all three; on a grid where sums
        are exact.
    bound : (3, n_vertex) float64
        Consistent lower bounds of the cost to the destination, as from ``pareto_bounds``.
    pair : (2,) int32
        Origin and destination.
    epsilon_share : float
        A label is left out when an option found costs at most ``1 + epsilon_share`` times as much in every
        criterion. 0 gives every non-dominated value once.
    label_limit : int
        Labels settled after which the search stops, TRUNCATED.
    labels, queue, fronts : Labels, Queue, Fronts
        Workspace. When it is full the status is OVERFLOW: enlarge and call again to go on.
    out_solution : (n_solution_room,) int32
        The labels that are options, in lexicographic order.
    out_tally : (4,) int64
        Counts of the search under way; all 0 to begin.

    Notes
    -----
    Correct because labels leave the queue in lexicographic order of bounded cost, so that whatever leaves
    later is no better in the first criterion. With ``epsilon_share`` above 0 each option returned is still
    optimal, and every way has an option that costs at most ``1 + epsilon_share`` times as much in every
    criterion: the factor is applied once, at the destination. A truncated search returns the first options
    of the full answer. O(L (log m + log f)) for L offers, m arcs and fronts of f entries.

    References
    ----------
    Pulido, Mandow, Perez de la Cruz 2015, Dimensionality reduction in multiobjective shortest path search,
    Computers & Operations Research 64, section 4 (the order and the reduction).
    Maristany de las Casas, Sedeno-Noda, Borndoerfer 2021, An improved multiobjective shortest path algorithm,
    Computers & Operations Research 135 (labels of a vertex offered in order, tested late).
    """
    head, origin, destination = star.head, pair[0], pair[1]
    factor, status = 1.0 + epsilon_share, OK
    n, label, taken, solutions = out_tally[QUEUED], out_tally[LABELS], out_tally[TAKEN], out_tally[SOLUTIONS]
    if label == 0 and bound[0, origin] + bound[1, origin] + bound[2, origin] < np.inf:
        taken += _begin(origin, labels, fronts)
        label += 1
        if origin == destination:
            out_solution[0] = 0
            solutions += 1
        else:
            n = _expand(star, origin, label - 1, weight, bound, destination, factor, labels, queue, fronts, n)
    while n > 0:
        arc = queue.arc[0]
        vertex = head[arc]
        before = labels.offer[arc]
        second, third = queue.key[0, 1], queue.key[0, 2]
        is_new = not front_beats(fronts, vertex, destination, bound, second, third, factor)
        if is_new:
            if label >= label_limit:
                status = TRUNCATED
                break
            if solutions >= out_solution.shape[0] or _is_full(vertex, label, taken, labels, fronts):
                status = OVERFLOW
                break
            tail = head[labels.arc[before]] if before > 0 else origin
            taken = _settle(vertex, tail, arc, before, taken, label, weight, labels, fronts)
        n = _offer_again(arc, vertex, before, weight, bound, destination, factor, labels, queue, fronts, n)
        if not is_new:
            continue
        if vertex == destination:
            out_solution[solutions] = label
            solutions += 1
        else:
            n = _expand(star, vertex, label, weight, bound, destination, factor, labels, queue, fronts, n)
        label += 1
    out_tally[QUEUED], out_tally[LABELS], out_tally[TAKEN], out_tally[SOLUTIONS] = n, label, taken, solutions
    return status
