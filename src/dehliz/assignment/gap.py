"""Relative gap of a loaded network, from scratch: volumes in, share out. Says how far any method is from equilibrium.

It knows nothing of how the volumes came about: times at the volumes, a plain Dijkstra tree from every origin of every
segment, and two sums.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dehliz.assignment.topology import Topology
from dehliz.graph.graph import FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips
from dehliz.kernels.bush_data import Load
from dehliz.kernels.bush_shift import all_costs
from dehliz.kernels.delay import delay_integrals
from dehliz.kernels.heap import make_heap
from dehliz.kernels.least import least_costs
from dehliz.kernels.search import freeze, make_star, mark_runs

TREES_AT_ONCE = 24
"""Trees of one call: few enough to share among threads, and many enough that calls do not count."""


def arc_times(costs: LoadCosts, volume_t_d: FloatArray, is_marginal: bool = False) -> FloatArray:
    """Time of every arc at a volume, or its marginal time.

    Parameters
    ----------
    costs : LoadCosts
        Volume-delay functions; the background is added to the volume.
    volume_t_d : (n_arc,) float64
        Volume of all segments.
    is_marginal : bool
        Whether to count what one more unit costs all.
    """
    n_arc = len(volume_t_d)
    time_h, slope = np.empty(n_arc), np.empty(n_arc)
    flag = freeze([is_marginal], np.int8)
    nothing, alone = freeze(np.zeros(n_arc), np.float64), freeze(np.arange(n_arc), np.int32)
    load = Load(
        costs.delay, nothing, alone, flag, costs.shared_t_d(volume_t_d), time_h, slope, np.empty(n_arc)
    )
    all_costs.pick(n_arc)(load)
    return np.asarray(time_h + costs.offset_h)


def beckmann(costs: LoadCosts, volume_t_d: FloatArray) -> float:
    """Beckmann objective: integral of the time of each facility over the trips' volume, plus fixed costs times volumes.

    Parameters
    ----------
    costs : LoadCosts
        Costs; where there is background, integrals start from it.
    volume_t_d : (n_segment, n_arc) float64
        Volume by segment.
    """
    n_arc = len(costs.free_time_h)
    above, below = np.empty(n_arc), np.empty(n_arc)
    total = volume_t_d.sum(axis=0)
    run = delay_integrals.pick(n_arc)
    run(costs.delay, costs.shared_t_d(total), above)
    run(costs.delay, costs.shared_t_d(np.zeros(n_arc)), below)
    return float((above - below)[costs.stands].sum() + total @ costs.offset_h) + paid_fixed_h(
        costs, volume_t_d
    )


def paid_fixed_h(costs: LoadCosts, volume_t_d: FloatArray) -> float:
    """Fixed costs times volumes, where there is volume."""
    return float((np.where(volume_t_d > 0.0, costs.fixed_h, 0.0) * volume_t_d).sum())


def relative_gap(
    graph: Topology,
    costs: LoadCosts,
    trips: Trips,
    volume_t_d: FloatArray,
    is_served: npt.NDArray[np.bool_] | None = None,
    is_marginal: bool = False,
    thread_count: int = 1,
) -> float:
    """What travellers pay above shortest paths at these volumes, as a share of what they pay.

    Parameters
    ----------
    graph : Topology
        The network.
    costs : LoadCosts
        Delays and fixed costs.
    trips : Trips
        Demand.
    volume_t_d : (n_segment, n_arc) float64
        Volume by segment, background not included; it carries the served trips.
    is_served : (n_trip,) bool, optional
        Trips that are on the network; all of them if it is left out.
    is_marginal : bool
        Whether costs are marginal ones.
    thread_count : int
        Threads that grow trees; the answer is the same for any number.

    Returns
    -------
    float
        (sum of flow times cost - sum of demand times least cost) / sum of flow times cost, 0 where nothing is paid;
        ``inf`` if a served trip has no way.

    Notes
    -----
    One Dijkstra tree for each segment and origin, up to its farthest destination.
    """
    time_h = arc_times(costs, volume_t_d.sum(axis=0), is_marginal)
    paid = float((volume_t_d * time_h).sum()) + paid_fixed_h(costs, volume_t_d)
    kept = trips.origin != trips.destination
    if is_served is not None:
        kept &= is_served
    least = _least_cost(graph, costs.fixed_h + time_h, trips, np.flatnonzero(kept), thread_count)
    if np.isinf(least):
        return float("inf")
    # Below 0 by rounding only: nobody can travel for less than the least cost.
    return max(paid - least, 0.0) / paid if paid > 0.0 else 0.0


def _least_cost(
    graph: Topology, cost_h: FloatArray, trips: Trips, kept: npt.NDArray[np.intp], thread_count: int
) -> float:
    """Sum of demand times least cost over the trips named, which are sorted by segment and origin."""
    star = make_star(graph.first_out, graph.head)
    segment, origin = trips.segment[kept], trips.origin[kept]
    destination, least = freeze(trips.destination[kept], np.int32), np.empty(len(kept))
    start = np.append(np.flatnonzero(mark_runs(segment, origin)), len(kept)).astype(np.int32)
    weight = {one: freeze(cost_h[one], np.float64) for one in np.unique(segment).tolist()}
    run = least_costs.pick(len(star.head) * max(1, len(start) - 1))

    def work(pieces: list[tuple[int, int, int]]) -> None:
        n_vertex = len(star.first_out) - 1
        space = make_heap(n_vertex), np.empty(n_vertex), np.empty(n_vertex, np.int32)
        for one, low, high in pieces:
            first = freeze(start[low : high + 1], np.int32)
            run(star, weight[one], freeze(origin[first[:-1]], np.int32), first, destination, *space, least)

    pieces = _cut(segment[start[:-1]])
    if thread_count == 1 or len(pieces) <= 1:
        work(pieces)
    else:
        with ThreadPoolExecutor(thread_count) as threads:
            list(threads.map(work, [pieces[at::thread_count] for at in range(thread_count)]))
    return float((trips.volume_t_d[kept] * least).sum())


def _cut(segment: IntArray) -> list[tuple[int, int, int]]:
    """Runs of trees of one segment, a few dozen each: segment, first tree, end."""
    edges = np.flatnonzero(np.diff(segment)) + 1
    ends = np.unique(
        np.concatenate([edges, np.arange(0, len(segment), TREES_AT_ONCE), [len(segment)]])
    ).tolist()
    return [(int(segment[low]), low, high) for low, high in pairwise(ends) if high > low]
