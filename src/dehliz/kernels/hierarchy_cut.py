"""Small separators of the core of a graph: which vertices a hierarchy takes out last, and in which round.

The core is divided in two again and again. To divide a part, vertices are sorted by how much nearer they are
to one far corner than to another (no coordinates are needed); the first and the last quarter are tied
together, and the fewest vertices that keep the two apart are found by a flow of vertex-disjoint paths.
``hierarchy_order`` comes before and, with the rounds found here, after.
"""

import numpy as np

from dehliz.kernels.hierarchy_flow import SINK, SOURCE, Bytes, Core, Flow, add_path, empty_ends, seek_path
from dehliz.kernels.hierarchy_order import NONE
from dehliz.kernels.jit import kernel
from dehliz.kernels.search import Ints

LANDMARK_COUNT = 4
LEAF_COUNT = 64
"""Parts of so few vertices are not divided."""
END_SHARE = 0.25
"""Share of a part's vertices that is tied to each end before the cut."""
NEAR, FAR, MIDDLE = 0, 1, 2
"""Where a vertex of a part ends up; MIDDLE is the separator."""
NO_CUT = 1.0e300


@kernel
def count_hops(core: Core, source: int, out_hop: Ints, out_queue: Ints) -> int:
    """Hops from one vertex inside its part; returns how many vertices were reached, listed in the queue.

    Parameters
    ----------
    core : Core
        The graph.
    source : int
        Where to start.
    out_hop : (n_core,) int32
        -1 in the whole part before the call; hops after it.
    out_queue : (n_core or more,) int32
        Vertices in the order reached.
    """
    part = core.part[source]
    out_hop[source] = 0
    out_queue[0] = source
    taken, listed = 0, 1
    while taken < listed:
        vertex = out_queue[taken]
        taken += 1
        for at in range(core.first[vertex], core.first[vertex + 1]):
            other = core.neighbour[at]
            if core.part[other] == part and out_hop[other] < 0:
                out_hop[other] = out_hop[vertex] + 1
                out_queue[listed] = other
                listed += 1
    return listed


@kernel
def measure_corners(core: Core, member: Ints, start: int, hop: Ints, queue: Ints, out_land: Ints) -> None:
    """Hops of a part's vertices from corners, each next corner as far as can be from those before.

    Parameters
    ----------
    core : Core
        The graph.
    member : (n_member,) int32
        Vertices of one connected part.
    start : int
        First corner.
    hop, queue : (n_core,) and (2 n_core,) int32
        Scratch.
    out_land : (LANDMARK_COUNT, n_member or more) int32
        Hops from each corner.
    """
    n_member = member.shape[0]
    nearest = np.full(n_member, core.first.shape[0], np.int32)
    for corner in range(LANDMARK_COUNT):
        for at in range(n_member):
            hop[member[at]] = NONE
        count_hops(core, start, hop, queue)
        far = 0
        for at in range(n_member):
            out_land[corner, at] = hop[member[at]]
            nearest[at] = min(nearest[at], hop[member[at]])
            if nearest[at] > nearest[far]:
                far = at
        start = member[far]


@kernel
def sort_between(hop_one: Ints, hop_two: Ints, out_order: Ints) -> None:
    """Places by how much nearer they are to the first corner than to the second, nearest first, then by number.

    Parameters
    ----------
    hop_one, hop_two : (n,) int32
        Hops from the two corners, less than n.
    out_order : (n,) int32
        Places, sorted.

    Notes
    -----
    By counting, O(n): a library sort takes a second longer to compile.
    """
    n = out_order.shape[0]
    first = np.zeros(2 * n + 1, np.int32)
    for at in range(n):
        first[hop_one[at] - hop_two[at] + n + 1] += 1
    for key in range(2 * n):
        first[key + 1] += first[key]
    for at in range(n):
        key = hop_one[at] - hop_two[at] + n
        out_order[first[key]] = at
        first[key] += 1


@kernel
def cut_part(core: Core, member: Ints, land: Ints, one: int, two: int, best: float, flow: Flow) -> float:
    """Fewest vertices between the two ends of a part; separator size over the smaller side, or NO_CUT.

    Parameters
    ----------
    core : Core
        The graph.
    member : (n_member,) int32
        Vertices of one connected part.
    land : (LANDMARK_COUNT, n_member or more) int32
        Hops from the corners.
    one, two : int
        The two corners between which to cut.
    best : float
        Give up when the cut cannot be better than this.
    flow : Flow
        Afterwards ``is_seen`` tells the sides: left = near, entered and not left = separator.
    """
    n_member = member.shape[0]
    order = np.empty(n_member, np.int32)
    sort_between(land[one, :n_member], land[two, :n_member], order)
    tied = max(1, int(n_member * END_SHARE))
    empty_ends(member, flow)
    for at in range(tied):
        flow.end[member[order[at]]] = SOURCE
        flow.end[member[order[n_member - 1 - at]]] = SINK
    size = 0
    last = seek_path(core, member, flow)
    while last >= 0:
        size += 1
        if size >= best * 0.5 * n_member:
            return NO_CUT
        add_path(flow, last)
        last = seek_path(core, member, flow)
    near = 0
    for at in range(n_member):
        near += flow.is_seen[2 * member[at] + 1]
    smaller = min(near, n_member - near - size)
    return size / smaller if smaller > 0 else NO_CUT


@kernel
def divide_part(core: Core, member: Ints, land: Ints, flow: Flow, out_side: Bytes) -> float:
    """The best of the cuts between any two corners; NO_CUT when there is none.

    Parameters
    ----------
    core : Core
        The graph.
    member : (n_member,) int32
        Vertices of one connected part.
    land : (LANDMARK_COUNT, n_member or more) int32
        Hops from the corners.
    flow : Flow
        Workspace.
    out_side : (n_core,) int8
        NEAR, FAR or MIDDLE for each vertex of the part.
    """
    best = NO_CUT
    for one in range(LANDMARK_COUNT):
        for two in range(one + 1, LANDMARK_COUNT):
            score = cut_part(core, member, land, one, two, best, flow)
            if score < best:
                best = score
                for at in range(member.shape[0]):
                    vertex = member[at]
                    if flow.is_seen[2 * vertex + 1]:
                        out_side[vertex] = NEAR
                    else:
                        out_side[vertex] = MIDDLE if flow.is_seen[2 * vertex] else FAR
    return best


@kernel
def sort_by_side(part: Ints, side: Bytes, scratch: Ints) -> tuple[int, int]:
    """Sort a part's vertices into near, far, separator, keeping their order; sizes of the first two."""
    placed = 0
    near = 0
    near_far = 0
    for which in range(3):
        for at in range(part.shape[0]):
            if side[part[at]] == which:
                scratch[placed] = part[at]
                placed += 1
        if which == NEAR:
            near = placed
        elif which == FAR:
            near_far = placed
    for at in range(placed):
        part[at] = scratch[at]
    return near, near_far - near


@kernel
def dissect(core: Core, flow: Flow, out_level: Ints) -> int:
    """Rounds in which the vertices of a core may leave; returns the last round.

    Parameters
    ----------
    core : Core
        The graph, all vertices in part 0.
    flow : Flow
        Workspace.
    out_level : (n_core,) int32
        1 for vertices in no separator, then the separators from the last found to the first.

    Notes
    -----
    Nested dissection (George, 1973, "Nested dissection of a regular finite element mesh", SIAM J. Numer.
    Anal. 10) with cuts between opposite ends as in inertial flow (Schild and Sommer, 2015, "On balanced
    separators in road networks", SEA), where hops from far corners stand in for coordinates.
    """
    n_core = core.first.shape[0] - 1
    place = np.arange(n_core).astype(np.int32)
    todo = np.zeros((2 * n_core + 2, 3), np.int32)  # start, end, separators above
    todo[0, 1] = n_core
    n_todo, n_part, deepest = 1, 1, 0
    hop = np.empty(n_core, np.int32)
    side = np.empty(n_core, np.int8)
    land = np.empty((LANDMARK_COUNT, n_core), np.int32)
    out_level[:] = NONE
    while n_todo > 0:
        n_todo -= 1
        start, end, above = todo[n_todo, 0], todo[n_todo, 1], todo[n_todo, 2]
        if end - start <= LEAF_COUNT:
            continue
        member = place[start:end]
        for at in range(end - start):
            core.part[member[at]] = n_part
            hop[member[at]] = NONE
        n_part += 1
        reached = count_hops(core, member[0], hop, flow.queue)
        below = above
        if reached < end - start:
            for at in range(end - start):
                side[member[at]] = NEAR if hop[member[at]] >= 0 else FAR
        else:
            measure_corners(core, member, flow.queue[reached - 1], hop, flow.queue, land)
            if divide_part(core, member, land, flow, side) == NO_CUT:
                continue
            below = above + 1
        near, far = sort_by_side(member, side, flow.queue)
        for at in range(near + far, end - start):
            out_level[member[at]] = above
            core.part[member[at]] = NONE
        deepest = max(deepest, below)
        todo[n_todo, 0], todo[n_todo, 1], todo[n_todo, 2] = start, start + near, below
        todo[n_todo + 1, 0], todo[n_todo + 1, 1] = start + near, start + near + far
        todo[n_todo + 1, 2] = below
        n_todo += 2
    for vertex in range(n_core):
        out_level[vertex] = 1 if out_level[vertex] < 0 else 1 + deepest - out_level[vertex]
    return deepest + 1
