"""Renewal of bushes at frozen costs: conservation, keys, shortest-path tree, new arcs, new order.

The bushes of a block come in with their flows, new ones go out with the same flows, without the arcs that have become
empty and with the arcs of the shortest-path tree that keep them acyclic; besides, the cost of what flows and of what
would flow on shortest paths, which together are the gap. Called from ``assignment/equilibrium.py``, block by block.
"""

import numpy as np

from dehliz.kernels.bush_data import (
    NEW,
    NO_ARC,
    Bytes,
    Demand,
    Floats,
    Network,
    Pool,
    Work,
    make_pool,
    make_work,
)
from dehliz.kernels.bush_tree import GRAFTED, repair_tree, search_tree, write_tree
from dehliz.kernels.bush_write import write_slots
from dehliz.kernels.jit import Status, lean_kernel
from dehliz.kernels.search import freeze

OK = int(Status.OK)
OVERFLOW = int(Status.OVERFLOW)


@lean_kernel
def conserve(pool: Pool, bush: int, work: Work) -> None:
    """Make the flows into each node of a bush add up to what leaves it and what it asks for.

    Parameters
    ----------
    pool : Pool
        Its flows are scaled in place.
    bush : int
        Which bush.
    work : Work
        ``work.demand`` must be set for this bush; ``through`` is used.

    Notes
    -----
    One pass backwards, O(arcs). Flows that were cut to 0 leave nodes with an outflow and no inflow; without this pass
    such nodes have no label and the order of the next bush breaks.
    """
    start = pool.node_start[bush]
    count = pool.node_start[bush + 1] - start - 1
    base = pool.arc_start[bush]
    through = work.through
    for node in range(count):
        through[node] = work.demand[pool.vertex[start + node]]
    for node in range(count - 1, 0, -1):
        need = through[node]
        low = base + pool.first[start + node]
        high = base + pool.first[start + node + 1]
        total = 0.0
        for at in range(low, high):
            total += pool.flow[at]
        if high - low == 1 or total <= 0.0:
            for at in range(low, high):
                pool.flow[at] = 0.0
            pool.flow[high - 1] = need
        elif total != need:
            factor = need / total
            for at in range(low, high):
                pool.flow[at] *= factor
        for at in range(low, high):
            through[pool.tail[at]] += pool.flow[at]


@lean_kernel
def key_nodes(pool: Pool, bush: int, cost: Floats, work: Work) -> float:
    """Give each node of a bush that carries flow its slot and its key; returns what the flow costs.

    Parameters
    ----------
    pool : Pool
        Bushes with conserved flows.
    bush : int
        Which bush.
    cost : (n_arc,) float64
        Cost of each arc.
    work : Work
        Slots are the local nodes; keys, the greatest cost over arcs that carry flow, are set in ``key``.
    """
    start = pool.node_start[bush]
    base = pool.arc_start[bush]
    key = work.key
    paid = 0.0
    for node in range(pool.node_start[bush + 1] - start - 1):
        most = 0.0 if node == 0 else -1.0
        for at in range(base + pool.first[start + node], base + pool.first[start + node + 1]):
            flow = pool.flow[at]
            if flow > 0.0:
                here = cost[pool.arc[at]]
                paid += flow * here
                most = max(most, key[pool.tail[at]] + here)
        vertex = pool.vertex[start + node]
        work.vertex[node] = vertex
        work.tree_arc[node] = NO_ARC
        work.place[node] = NEW
        key[node] = most
        if most >= 0.0:
            work.slot[vertex] = node
    return paid


@lean_kernel
def graft(network: Network, cost: Floats, origin: int, vertex: int, count: int, work: Work) -> int:
    """Offer a bush the tree path to a vertex; returns the number of slots.

    Parameters
    ----------
    network : Network
        The forward star.
    cost : (n_arc,) float64
        Cost of each arc.
    origin, vertex : int
        Where the path starts and ends.
    count : int
        Slots so far.
    work : Work
        Labels of the tree; slots, keys and accepted tree arcs are added to.

    Notes
    -----
    A tree arc into a node of the old bush is taken if it lowers or keeps the key and its tail has a smaller key; a
    vertex outside gets a key by the arc. Keys never fall along an arc of the new bush; along arcs of equal keys one
    goes up the old order or away from it for good, so no cycle can close. Each vertex is looked at once.
    """
    depth = 0
    while vertex != origin and work.seen[vertex] != GRAFTED:
        work.stack[depth] = vertex
        depth += 1
        work.seen[vertex] = GRAFTED
        vertex = network.tail[work.into[vertex]]
    while depth > 0:
        depth -= 1
        vertex = work.stack[depth]
        arc = work.into[vertex]
        above = work.slot[network.tail[arc]]
        reached = work.key[above] + cost[arc]
        slot = work.slot[vertex]
        if slot < 0:
            slot = count
            count += 1
            work.slot[vertex] = slot
            work.vertex[slot] = vertex
            work.key[slot] = reached
            work.place[slot] = NEW
        elif reached > work.key[slot] or work.key[above] >= work.key[slot]:
            continue
        work.tree_arc[slot] = arc
        work.tree_slot[slot] = above
    return count


@lean_kernel
def set_demand(demand: Demand, bush: int, is_on: bool, work: Work) -> None:
    """Put the demand of a bush at its vertices, or clear it."""
    for at in range(demand.first[bush], demand.first[bush + 1]):
        work.demand[demand.destination[at]] = demand.volume[at] if is_on else 0.0


@lean_kernel
def start_slots(origin: int, work: Work) -> None:
    """The slots of a bush that has nothing yet: its origin."""
    work.vertex[0] = origin
    work.key[0] = 0.0
    work.tree_arc[0] = NO_ARC
    work.place[0] = NEW
    work.slot[origin] = 0


@lean_kernel
def offer_tree(
    network: Network, cost: Floats, demand: Demand, bush: int, old: Pool, old_count: int, work: Work
) -> int:
    """Offer a bush the tree paths to all its nodes, or at the start to all destinations; returns the number of slots.

    Notes
    -----
    A node whose only arc is its tree arc needs no offer: its tail has its own turn.
    """
    origin = demand.origin[bush]
    count = max(1, old_count)
    if old_count == 0:
        for at in range(demand.first[bush], demand.first[bush + 1]):
            if work.cost[demand.destination[at]] < np.inf:
                count = graft(network, cost, origin, demand.destination[at], count, work)
        return count
    start = old.node_start[bush]
    base = old.arc_start[bush]
    for node in range(1, old_count):
        vertex = work.vertex[node]
        if work.slot[vertex] != node or work.cost[vertex] == np.inf:
            continue
        low = old.first[start + node]
        if old.first[start + node + 1] - low == 1 and old.arc[base + low] == work.into[vertex]:
            continue
        count = graft(network, cost, origin, vertex, count, work)
    return int(count)


@lean_kernel
def sum_least(demand: Demand, bush: int, work: Work, out_lost: Bytes) -> float:
    """What the demand of a bush would cost on the tree; destinations that it does not reach are marked."""
    least = 0.0
    for at in range(demand.first[bush], demand.first[bush + 1]):
        reached = work.cost[demand.destination[at]]
        if reached < np.inf:
            least += demand.volume[at] * reached
        else:
            out_lost[at] = 1
    return least


@lean_kernel
def clean(demand: Demand, bush: int, slot_count: int, touched: int, work: Work) -> None:
    """Leave the workspace as it was found."""
    for slot in range(slot_count):
        work.slot[work.vertex[slot]] = -1
    for at in range(touched):
        work.cost[work.touched[at]] = np.inf
        work.seen[work.touched[at]] = 0
    set_demand(demand, bush, False, work)


@lean_kernel
def renew_bush(
    network: Network,
    cost: Floats,
    demand: Demand,
    bush: int,
    is_cold: bool,
    old: Pool,
    work: Work,
    out_pool: Pool,
    out_lost: Bytes,
) -> tuple[int, float, float]:
    """Renew one bush; returns the status, what its flow costs and what it would cost on shortest paths."""
    set_demand(demand, bush, True, work)
    conserve(old, bush, work)
    paid = key_nodes(old, bush, cost, work)
    old_count = max(0, old.node_start[bush + 1] - old.node_start[bush] - 1)
    if old_count == 0:
        start_slots(demand.origin[bush], work)
    if is_cold:
        touched = search_tree(network, cost, demand, bush, work)
        is_sorted = True
    else:
        touched, is_sorted = repair_tree(network, cost, demand, bush, old, work)
    least = sum_least(demand, bush, work, out_lost)
    count = offer_tree(network, cost, demand, bush, old, old_count, work)
    status = OK
    arcs = old.arc_start[bush + 1] - old.arc_start[bush] + count
    if (
        out_pool.node_start[bush] + count + 1 > out_pool.vertex.shape[0]
        or out_pool.arc_start[bush] + arcs > out_pool.arc.shape[0]
        or out_pool.tree_start[bush] + touched > out_pool.tree.shape[0]
    ):
        status = OVERFLOW
    else:
        write_slots(old, bush, old_count, count, work, out_pool)
        write_tree(network, demand, bush, touched, is_sorted, work, out_pool)
        if old_count == 0:
            conserve(out_pool, bush, work)
    clean(demand, bush, count, touched, work)
    return status, paid, least


@lean_kernel
def renew_block(
    network: Network,
    cost: Floats,
    demand: Demand,
    is_cold: bool,
    old: Pool,
    work: Work,
    out_pool: Pool,
    out_paid: Floats,
    out_least: Floats,
    out_lost: Bytes,
) -> int:
    """Renew the bushes of a block at frozen costs; returns a ``Status``.

    Parameters
    ----------
    network : Network
        The forward star.
    cost : (n_arc,) float64
        Cost of each arc for the segment of this block, ``inf`` = forbidden.
    demand : Demand
        Origins and destinations of the block.
    is_cold : bool
        Whether to search afresh instead of repairing the last trees.
    old : Pool
        Bushes so far; empty at the start. Their flows are conserved in place.
    work : Work
        Clean workspace.
    out_pool : Pool
        New bushes; too small a pool is OVERFLOW, and the block can be renewed again with a larger one.
    out_paid, out_least : (n_bush,) float64
        Cost of the flow of each bush, and of its demand on shortest paths.
    out_lost : (n_destination,) int8
        Set to 1 where no way leads.

    Notes
    -----
    O(arcs of the bushes) and one tree a bush. Dial, R. B. (2006), A path-based user-equilibrium traffic assignment
    algorithm that obviates path storage and enumeration, Transportation Research Part B 40(10), 917-936, for bushes
    and shifts; pruning, local numbers and the order by keys are our own.
    """
    for bush in range(demand.origin.shape[0]):
        status, out_paid[bush], out_least[bush] = renew_bush(
            network, cost, demand, bush, is_cold, old, work, out_pool, out_lost
        )
        if status != OK:
            return int(status)
    return OK


def _sample_network() -> Network:
    return Network(*(freeze(part, np.uint32) for part in ([0, 1, 2], [1, 0], [0, 1])))


def _sample_demand() -> Demand:
    return Demand(
        freeze([0], np.int32), freeze([0, 1], np.int64), freeze([1], np.int32), freeze([1.0], np.float64)
    )


@renew_block.sample
def _renew_block_sample() -> tuple[object, ...]:
    outs = (np.empty(1), np.empty(1), np.zeros(1, np.int8))
    work, old, new = make_work(2), make_pool(1, 0, 0, 0), make_pool(1, 9, 9, 9)
    return _sample_network(), freeze([1.0, 1.0], np.float64), _sample_demand(), True, old, work, new, *outs
