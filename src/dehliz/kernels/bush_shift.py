"""Equilibrium inside the bushes: labels, and Newton shifts from the dearest used segment to the cheapest.

The bushes of a block and the shared load come in; flows, volumes, times and slopes are changed arc by arc, so that
every shift sees all shifts before it. Called from ``assignment/equilibrium.py``, sweep by sweep.
"""

import numpy as np

from dehliz.kernels.bush_data import NO_ARC, Bytes, Floats, Labels, Load, Pool, make_labels, make_pool
from dehliz.kernels.delay import Delay, arc_cost
from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.search import freeze

SECANT_SHARE = 0.25
"""Share of the difference that a Newton step may leave, or overshoot by, before a secant step follows."""


@lean_kernel
def label_nodes(pool: Pool, bush: int, cost: Floats, labels: Labels) -> float:
    """Least cost over all arcs of a bush and greatest over those that carry flow, for each node of its core.

    Parameters
    ----------
    pool : Pool
        Bushes.
    bush : int
        Which of them.
    cost : (n_arc,) float64
        Cost of each arc.
    labels : Labels
        Is filled in. A node without inflow gets its least label as the greatest.

    Returns
    -------
    float
        What the flow costs above least labels.

    Notes
    -----
    One pass, O(arcs into the core of the bush).
    """
    least, most, least_into, most_into = labels
    start = pool.node_start[bush]
    base = pool.arc_start[bush]
    least[0] = 0.0
    most[0] = 0.0
    least_into[0] = NO_ARC
    most_into[0] = NO_ARC
    excess = 0.0
    high = base + pool.first[start + 1]
    for node in range(1, pool.core[bush]):
        low = high
        high = base + pool.first[start + node + 1]
        if high - low == 1:
            here = cost[pool.arc[low]]
            before = pool.tail[low]
            least[node] = least[before] + here
            most[node] = most[before] + here
            least_into[node] = low
            most_into[node] = low
            continue
        cheapest = np.inf
        dearest = -1.0
        cheapest_into = low
        dearest_into = NO_ARC
        spent = 0.0
        total = 0.0
        for at in range(low, high):
            here = cost[pool.arc[at]]
            before = pool.tail[at]
            reached = least[before] + here
            if reached < cheapest:
                cheapest = reached
                cheapest_into = at
            flow = pool.flow[at]
            if flow > 0.0:
                spent += flow * reached
                total += flow
                if most[before] + here > dearest:
                    dearest = most[before] + here
                    dearest_into = at
        least[node] = cheapest
        least_into[node] = cheapest_into
        if dearest_into == NO_ARC:
            dearest = cheapest
            dearest_into = cheapest_into
        most[node] = dearest
        most_into[node] = dearest_into
        excess += spent - total * cheapest
    return float(excess)


@lean_kernel
def add_flow(load: Load, arc: int, change: float) -> float:
    """Change the volume of an arc and of those that share its capacity, and what follows; returns the cost."""
    volume = max(0.0, load.volume[arc] + change)
    time, slope = arc_cost(load.delay, load.is_marginal[0] == 1, arc, volume)
    mate = arc
    while True:
        load.volume[mate] = volume
        load.time[mate] = time
        load.slope[mate] = slope
        load.cost[mate] = time + load.fixed[mate]
        mate = load.mate[mate]
        if mate == arc:
            break
    return float(load.cost[arc])


@lean_kernel
def move_flow(
    pool: Pool,
    dear_from: int,
    cheap_from: int,
    end: int,
    shift: float,
    labels: Labels,
    load: Load,
    tiny: float,
) -> float:
    """Move flow from one segment to another; returns how much dearer the first still is.

    Parameters
    ----------
    pool : Pool
        Bushes; flows are changed.
    dear_from, cheap_from : int
        Bush arcs by which the two segments reach their common head.
    end : int
        Local node where they part.
    shift : float
        How much, at most the flow of the dear segment; below 0 to move back.
    labels, load, tiny
        As in ``shift_node``.
    """
    difference = 0.0
    at = dear_from
    while True:
        rest = pool.flow[at] - shift
        pool.flow[at] = rest if rest > tiny else 0.0
        difference += add_flow(load, pool.arc[at], -shift)
        before = pool.tail[at]
        if before == end:
            break
        at = labels.most_into[before]
    at = cheap_from
    while True:
        rest = pool.flow[at] + shift
        pool.flow[at] = rest if rest > tiny else 0.0
        difference -= add_flow(load, pool.arc[at], shift)
        before = pool.tail[at]
        if before == end:
            break
        at = labels.least_into[before]
    return difference


@lean_kernel
def shift_node(pool: Pool, node: int, labels: Labels, load: Load, tiny: float) -> None:
    """Shift flow at one node from the segment of its greatest label to that of its least.

    Parameters
    ----------
    pool : Pool
        Bushes; flows are changed.
    node : int
        Local node of the labelled bush where the segments merge.
    labels : Labels
        May be stale: costs of the two segments are added up anew.
    load : Load
        Is kept up to date.
    tiny : float
        Flow below which an arc counts as empty.

    Notes
    -----
    The segments part at the last node that is on both: whichever pointer stands at the higher local node steps back.
    Newton: the difference of cost over the sum of slopes, at most the least flow of the dear segment; all of it where
    the slopes are 0. Where the difference is far from gone, a secant step on the same pair follows: a function with
    a bend would make Newton swing for ever.
    """
    dear_from = labels.most_into[node]
    cheap_from = labels.least_into[node]
    dear = pool.tail[dear_from]
    cheap = pool.tail[cheap_from]
    arc = pool.arc[dear_from]
    other = pool.arc[cheap_from]
    difference = load.cost[arc] - load.cost[other]
    slope = load.slope[arc] + load.slope[other]
    most = pool.flow[dear_from]
    while dear != cheap:
        if dear > cheap:
            at = labels.most_into[dear]
            arc = pool.arc[at]
            difference += load.cost[arc]
            most = min(most, pool.flow[at])
            dear = pool.tail[at]
        else:
            at = labels.least_into[cheap]
            arc = pool.arc[at]
            difference -= load.cost[arc]
            cheap = pool.tail[at]
        slope += load.slope[arc]
    if difference <= 0.0 or most <= 0.0:
        return
    shift = most
    if slope * most > difference:
        shift = difference / slope
    rest = move_flow(pool, dear_from, cheap_from, dear, shift, labels, load, tiny)
    if abs(rest) > SECANT_SHARE * difference and rest < difference:
        more = min(shift * rest / (difference - rest), most - shift)
        if more != 0.0:
            move_flow(pool, dear_from, cheap_from, dear, more, labels, load, tiny)


@lean_kernel
def sweep_bush(pool: Pool, bush: int, labels: Labels, load: Load, worth: float, tiny: float) -> bool:
    """Label a bush and shift at each of its merges, the last first; False if its excess is not worth it."""
    if label_nodes(pool, bush, load.cost, labels) <= worth:
        return False
    for node in range(pool.core[bush] - 1, 0, -1):
        if labels.most_into[node] != labels.least_into[node] and labels.most[node] > labels.least[node]:
            shift_node(pool, node, labels, load, tiny)
    return True


@lean_kernel
def sweep_block(
    pool: Pool,
    load: Load,
    labels: Labels,
    sweep_count: int,
    is_new_segment: bool,
    worth: Floats,
    tiny: float,
    out_asleep: Bytes,
) -> int:
    """Sweeps over the bushes of a block; returns how many were worth the work in the last.

    Parameters
    ----------
    pool : Pool
        Bushes; flows are changed.
    load : Load
        Volumes, times, slopes and costs; are changed.
    labels : Labels
        Workspace for the largest bush.
    sweep_count : int
        Sweeps at most; it ends earlier when all bushes sleep.
    is_new_segment : bool
        Whether ``load.cost`` is still that of another segment.
    worth : (n_bush,) float64
        Excess of each bush below which it sleeps until the next renewal.
    tiny : float
        Flow below which an arc counts as empty.
    out_asleep : (n_bush,) int8
        Which bushes sleep.

    Notes
    -----
    O(arcs of the bushes) a sweep, and the length of the segments that are shifted.
    """
    if is_new_segment:
        for arc in range(load.cost.shape[0]):
            load.cost[arc] = load.time[arc] + load.fixed[arc]
    count = 0
    for _ in range(sweep_count):
        count = 0
        for bush in range(out_asleep.shape[0]):
            if out_asleep[bush] == 0:
                if sweep_bush(pool, bush, labels, load, worth[bush], tiny):
                    count += 1
                else:
                    out_asleep[bush] = 1
        if count == 0:
            break
    return count


@lean_kernel
def sum_flows(pool: Pool, out_volume: Floats) -> None:
    """Add the flows of all bushes of a block to the volumes of arcs."""
    for at in range(pool.arc_start[0], pool.arc_start[-1]):
        out_volume[pool.arc[at]] += pool.flow[at]


@lean_kernel
def all_costs(load: Load) -> None:
    """Times and slopes of all arcs at their volumes."""
    for arc in range(load.volume.shape[0]):
        load.time[arc], load.slope[arc] = arc_cost(
            load.delay, load.is_marginal[0] == 1, arc, load.volume[arc]
        )


def _sample_load() -> Load:
    ones = freeze([1.0, 1.0], np.float64)
    delay = Delay(freeze([1, 1], np.int8), ones, ones, ones, ones)
    fixed = freeze([0.0, 0.0], np.float64)
    alone = freeze([0, 1], np.int32)
    return Load(delay, fixed, alone, freeze([0], np.int8), *(np.ones(2) for _ in range(4)))


def _sample_pool() -> Pool:
    pool = make_pool(1, 3, 2, 2)
    pool.node_start[1], pool.arc_start[1], pool.tree_start[1], pool.core[0] = 3, 2, 1, 2
    pool.vertex[:], pool.first[:] = [0, 1, -1], [0, 0, 2]
    pool.arc[:], pool.tail[:], pool.flow[:], pool.tree[:] = [0, 1], 0, [1.0, 0.0], 0
    return pool


@sweep_block.sample
def _sweep_block_sample() -> tuple[object, ...]:
    return _sample_pool(), _sample_load(), make_labels(2), 1, False, np.zeros(1), 0.0, np.zeros(1, np.int8)


@sum_flows.sample
def _sum_flows_sample() -> tuple[object, ...]:
    return _sample_pool(), np.zeros(2)


@all_costs.sample
def _all_costs_sample() -> tuple[object, ...]:
    return (_sample_load(),)
