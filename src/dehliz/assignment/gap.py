"""Relative gap of a loaded network, from scratch: volumes in, share out. Says how far any method is from equilibrium.

It knows nothing of how the volumes came about: times at the volumes, a plain Dijkstra tree from every origin of every
segment, and two sums.
"""

import numpy as np
import numpy.typing as npt

from dehliz.assignment.topology import Topology
from dehliz.graph.graph import FloatArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips
from dehliz.kernels.bush_shift import all_costs
from dehliz.kernels.bush_data import Load
from dehliz.kernels.delay import delay_integrals
from dehliz.kernels.heap import make_heap
from dehliz.kernels.search import NO_VERTEX, freeze, grow_tree, make_star


def arc_times(
    costs: LoadCosts, total_t_d: FloatArray, is_marginal: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Time of every arc at a total volume (background included), or its marginal time, and the slope of it.

    Parameters
    ----------
    costs : LoadCosts
        Volume-delay functions.
    total_t_d : (n_arc,) float64
        Volume of all segments and the background.
    is_marginal : bool
        Whether to count what one more unit costs all.
    """
    n_arc = len(total_t_d)
    time_h, slope = np.empty(n_arc), np.empty(n_arc)
    flag = freeze([is_marginal], np.int8)
    volume = np.ascontiguousarray(total_t_d, dtype=np.float64)
    load = Load(
        costs.delay, freeze(np.zeros(n_arc), np.float64), flag, volume, time_h, slope, np.empty(n_arc)
    )
    all_costs.pick(n_arc)(load)
    return time_h, slope


def beckmann(costs: LoadCosts, volume_t_d: FloatArray) -> float:
    """Beckmann objective: integral of the time of each arc over the trips' volume, plus fixed costs times volumes.

    Parameters
    ----------
    costs : LoadCosts
        Costs; where there is background, integrals start from it.
    volume_t_d : (n_segment, n_arc) float64
        Volume by segment.
    """
    n_arc = len(costs.free_time_h)
    above, below = np.empty(n_arc), np.empty(n_arc)
    run = delay_integrals.pick(n_arc)
    run(costs.delay, np.ascontiguousarray(volume_t_d.sum(axis=0) + costs.background_t_d), above)
    run(costs.delay, np.ascontiguousarray(costs.background_t_d), below)
    return float((above - below).sum()) + paid_fixed_h(costs, volume_t_d)


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
        Volume by segment, background not included.
    is_served : (n_trip,) bool, optional
        Trips that are on the network; all of them if it is left out.
    is_marginal : bool
        Whether costs are marginal ones.

    Returns
    -------
    float
        (sum of flow times cost - sum of demand times least cost) / sum of flow times cost, 0 where nothing is paid;
        ``inf`` if a served trip has no way.

    Notes
    -----
    One Dijkstra tree for each segment and origin.
    """
    time_h, _ = arc_times(costs, volume_t_d.sum(axis=0) + costs.background_t_d, is_marginal)
    paid = float((volume_t_d * time_h).sum()) + paid_fixed_h(costs, volume_t_d)
    kept = trips.origin != trips.destination
    if is_served is not None:
        kept &= is_served
    least = _least_cost(graph, costs.fixed_h + time_h, trips, np.flatnonzero(kept))
    return (paid - least) / paid if paid > 0.0 else 0.0


def _least_cost(graph: Topology, cost_h: FloatArray, trips: Trips, kept: npt.NDArray[np.intp]) -> float:
    """Sum of demand times least cost over the trips named."""
    star = make_star(graph.first_out, graph.head)
    n_vertex = len(star.first_out) - 1
    label, into, heap = np.empty(n_vertex), np.empty(n_vertex, np.int32), make_heap(n_vertex)
    segment, origin = trips.segment[kept], trips.origin[kept]
    is_first = np.ones(len(kept), bool)
    is_first[1:] = (segment[1:] != segment[:-1]) | (origin[1:] != origin[:-1])
    start = np.append(np.flatnonzero(is_first), len(kept))
    run = grow_tree.pick(len(star.head) * max(1, len(start) - 1))
    total = 0.0
    for low, high in zip(start[:-1].tolist(), start[1:].tolist(), strict=True):
        rows = kept[low:high]
        weight = freeze(cost_h[segment[low]], np.float64)
        run(star, weight, int(origin[low]), NO_VERTEX, heap, label, into)
        total += float((trips.volume_t_d[rows] * label[trips.destination[rows]]).sum())
    return total
