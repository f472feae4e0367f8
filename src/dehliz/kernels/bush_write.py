"""Writing of renewed bushes: which node comes when, and the arcs into it.

Slots with their kept and offered arcs come in, a bush in topological order goes out, first the core (merges and what
stands before them), then the rest. Called from ``bush_renew.py``.
"""

from dehliz.kernels.bush_data import NEW, NO_ARC, OPEN, Pool, Work
from dehliz.kernels.jit import lean_kernel


@lean_kernel
def find_before(old: Pool, bush: int, old_count: int, slot: int, work: Work) -> int:
    """A slot that must stand before this one and has no place yet; -1 if there is none."""
    if slot < old_count:
        start = old.node_start[bush] + slot
        base = old.arc_start[bush]
        for at in range(base + old.first[start], base + old.first[start + 1]):
            if old.flow[at] > 0.0 and work.place[old.tail[at]] == NEW:
                return int(old.tail[at])
    if work.tree_arc[slot] != NO_ARC and work.place[work.tree_slot[slot]] == NEW:
        return int(work.tree_slot[slot])
    return -1


@lean_kernel
def write_node(old: Pool, bush: int, old_count: int, slot: int, end: int, work: Work, out_pool: Pool) -> int:
    """Write the arcs into a slot whose tails all have their place; returns the new end of the arcs."""
    tree_arc = work.tree_arc[slot]
    if slot < old_count:
        start = old.node_start[bush] + slot
        base = old.arc_start[bush]
        for at in range(base + old.first[start], base + old.first[start + 1]):
            if old.flow[at] > 0.0:
                out_pool.arc[end] = old.arc[at]
                out_pool.tail[end] = work.place[old.tail[at]]
                out_pool.flow[end] = old.flow[at]
                end += 1
                if old.arc[at] == tree_arc:
                    tree_arc = NO_ARC
    if tree_arc != NO_ARC:
        out_pool.arc[end] = tree_arc
        out_pool.tail[end] = work.place[work.tree_slot[slot]]
        out_pool.flow[end] = 0.0
        end += 1
    return end


@lean_kernel
def is_merge(old: Pool, bush: int, slot: int, work: Work) -> bool:
    """Whether two arcs or more enter a slot of the old bush: those with flow, and the tree arc if it is another."""
    start = old.node_start[bush] + slot
    base = old.arc_start[bush]
    low = base + old.first[start]
    high = base + old.first[start + 1]
    tree_arc = work.tree_arc[slot]
    count = 0 if tree_arc == NO_ARC else 1
    if high - low + count < 2:
        return False
    for at in range(low, high):
        if old.flow[at] > 0.0 and old.arc[at] != tree_arc:
            count += 1
    return bool(count > 1)


@lean_kernel
def write_bush(old: Pool, bush: int, old_count: int, root: int, node: int, work: Work, out_pool: Pool) -> int:
    """Write a slot and all before it that have no place yet, in topological order; returns the number of nodes.

    Parameters
    ----------
    old : Pool
        Bushes so far.
    bush : int
        Which of them.
    old_count : int
        Its nodes; slots from there on are new.
    root : int
        The slot.
    node : int
        Nodes written so far.
    work : Work
        Slots, accepted tree arcs; ``place`` is set.
    out_pool : Pool
        Gets vertices, and arcs into them.

    Notes
    -----
    Depth first against the arcs. Old nodes are asked for in their old order, so that the stack is short.
    """
    if work.place[root] != NEW:
        return node
    start = out_pool.node_start[bush]
    base = out_pool.arc_start[bush]
    depth = 1
    work.stack[0] = root
    work.place[root] = OPEN
    while depth > 0:
        slot = work.stack[depth - 1]
        before = find_before(old, bush, old_count, slot, work)
        if before >= 0:
            work.stack[depth] = before
            work.place[before] = OPEN
            depth += 1
            continue
        depth -= 1
        end = base + out_pool.first[start + node]
        end = write_node(old, bush, old_count, slot, end, work, out_pool)
        work.place[slot] = node
        out_pool.vertex[start + node] = work.vertex[slot]
        node += 1
        out_pool.first[start + node] = end - base
    return node


@lean_kernel
def write_leaves(old: Pool, bush: int, old_count: int, node: int, work: Work, out_pool: Pool) -> int:
    """Write all slots of the old bush that have no place yet; returns the number of nodes.

    Notes
    -----
    Most have one arc, and its tail has its place: they are written at once, the others by ``write_bush``.
    """
    start = old.node_start[bush]
    base = old.arc_start[bush]
    out_start = out_pool.node_start[bush]
    out_base = out_pool.arc_start[bush]
    for slot in range(1, old_count):
        if work.place[slot] != NEW or work.slot[work.vertex[slot]] != slot:
            continue
        low = base + old.first[start + slot]
        tree_arc = work.tree_arc[slot]
        if (
            old.first[start + slot + 1] + base - low == 1
            and (tree_arc == NO_ARC or tree_arc == old.arc[low])
            and work.place[old.tail[low]] >= 0
        ):
            end = out_pool.first[out_start + node]
            out_pool.arc[out_base + end] = old.arc[low]
            out_pool.tail[out_base + end] = work.place[old.tail[low]]
            out_pool.flow[out_base + end] = old.flow[low]
            out_pool.vertex[out_start + node] = work.vertex[slot]
            work.place[slot] = node
            node += 1
            out_pool.first[out_start + node] = end + 1
        else:
            node = write_bush(old, bush, old_count, slot, node, work, out_pool)
    return int(node)


@lean_kernel
def write_slots(old: Pool, bush: int, old_count: int, count: int, work: Work, out_pool: Pool) -> None:
    """Write the new bush: the origin, the core (merges and what stands before them), then the rest."""
    start = out_pool.node_start[bush]
    out_pool.first[start] = 0
    node = write_bush(old, bush, old_count, 0, 0, work, out_pool)
    for slot in range(1, old_count):
        if is_merge(old, bush, slot, work) and work.slot[work.vertex[slot]] == slot:
            node = write_bush(old, bush, old_count, slot, node, work, out_pool)
    out_pool.core[bush] = node
    node = write_leaves(old, bush, old_count, node, work, out_pool)
    if old_count == 0:
        for slot in range(1, count):
            node = write_bush(old, bush, old_count, slot, node, work, out_pool)
    out_pool.vertex[start + node] = -1
    out_pool.node_start[bush + 1] = start + node + 1
    out_pool.arc_start[bush + 1] = out_pool.arc_start[bush] + out_pool.first[start + node]
