"""What one segment has of the flow of a bush that several segments share.

Bushes of a group and the demand of one of its segments come in, its flow on every bush arc goes out. Called from
``assignment/bushes.py`` once at the end.
"""

import numpy as np

from dehliz.kernels.bush_data import Demand, Floats, Pool, Work, make_pool, make_work
from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.search import freeze


@lean_kernel
def share_flows(pool: Pool, demand: Demand, volume: Floats, work: Work, out_flow: Floats) -> None:
    """Flow of a segment on the arcs of bushes: at each node it arrives as the whole flow does.

    Parameters
    ----------
    pool : Pool
        Bushes of the group.
    demand : Demand
        Demand of the group; all its destinations are in the bushes.
    volume : (n_destination,) float64
        The part that is this segment's.
    work : Work
        Clean workspace.
    out_flow : (n_bush_arc,) float64
        Flow of the segment.

    Notes
    -----
    One pass backwards, O(arcs). The parts of all segments add up to the flow, and each conserves its own demand.
    """
    for bush in range(demand.origin.shape[0]):
        for at in range(demand.first[bush], demand.first[bush + 1]):
            work.demand[demand.destination[at]] = volume[at]
        start = pool.node_start[bush]
        base = pool.arc_start[bush]
        count = pool.node_start[bush + 1] - start - 1
        for node in range(count):
            work.through[node] = work.demand[pool.vertex[start + node]]
        for node in range(count - 1, 0, -1):
            total = 0.0
            for at in range(base + pool.first[start + node], base + pool.first[start + node + 1]):
                total += pool.flow[at]
            share = work.through[node] / total if total > 0.0 else 0.0
            for at in range(base + pool.first[start + node], base + pool.first[start + node + 1]):
                out_flow[at] = pool.flow[at] * share
                work.through[pool.tail[at]] += out_flow[at]
        for at in range(demand.first[bush], demand.first[bush + 1]):
            work.demand[demand.destination[at]] = 0.0


@share_flows.sample
def _share_flows_sample() -> tuple[object, ...]:
    pool = make_pool(1, 3, 1, 1)
    pool.node_start[1], pool.arc_start[1], pool.tree_start[1] = 3, 1, 1
    pool.vertex[:], pool.first[:] = [0, 1, -1], [0, 0, 1]
    pool.arc[:], pool.tail[:], pool.flow[:], pool.tree[:] = 0, 0, 1.0, 0
    vertex, first = freeze([1], np.int32), freeze([0, 1], np.int64)
    demand = Demand(freeze([0], np.int32), first, vertex, freeze([1.0], np.float64))
    return pool, demand, freeze([1.0], np.float64), make_work(2), np.empty(1)
