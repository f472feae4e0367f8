"""All fastest ways into one place at once, and what would have to open where none is left.

One search from the place against the direction of travel answers for every gateway. ``disruption/relief.py`` asks.
"""

from dataclasses import dataclass

import numpy as np

from dehliz.base.errors import list_ids
from dehliz.base.rows import find_row
from dehliz.disruption.gateways import Gateway
from dehliz.disruption.ground import Ground, name_row
from dehliz.graph.graph import ArcTable, BoolArray, FloatArray, Graph, IntArray
from dehliz.kernels.search import NO_ARC, least_cost_tree, make_star, reverse_star

SHUT_H = 1e6
"""What an arc shut by the event costs where the way that needs the fewest of them is sought [h]."""

NEVER_H = 1e9
"""The same for arcs that were not open before either."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """Fastest ways from every vertex into a place.

    Attributes
    ----------
    graph : Graph
        The network.
    cost_h : (n_vertex,) float64
        Cost from each vertex; ``inf`` where no way leads in.
    onward : (n_vertex,) int32
        First arc of each way; ``NO_ARC`` at the place and where there is none.
    """

    graph: Graph
    cost_h: FloatArray
    onward: IntArray

    def reach_h(self, gateway: Gateway) -> float:
        """Least cost from a gateway; ``inf`` when no way leads in."""
        return float(self.cost_h[gateway.vertices].min(initial=np.inf))

    def way(self, gateway: Gateway) -> IntArray:
        """Arcs of the least way from a gateway in the order of travel; none without a way."""
        if not np.isfinite(self.reach_h(gateway)):
            return np.empty(0, dtype=np.int32)
        at = int(gateway.vertices[np.argmin(self.cost_h[gateway.vertices])])
        arcs = []
        while self.onward[at] != NO_ARC:
            arcs.append(int(self.onward[at]))
            at = int(self.graph.head[arcs[-1]])
        return np.array(arcs, dtype=np.int32)


def grow_inbound(graph: Graph, weight_h: FloatArray, place_id: str) -> Inbound:
    """Least ways into a place.

    Parameters
    ----------
    graph : Graph
        The network.
    weight_h : (n_arc,) float64
        Cost of each arc [h], ``inf`` = forbidden.
    place_id : str
        Zone.
    """
    back = reverse_star(make_star(graph.first_out, graph.head))
    sink = graph.n_zone + graph.zone_ids.index(place_id)
    cost, into = least_cost_tree(back.star, weight_h[back.arc], sink)
    return Inbound(graph, cost, np.where(into == NO_ARC, NO_ARC, back.arc[into]).astype(np.int32))


def time_inbound(ground: Ground, place_id: str) -> Inbound:
    """Fastest ways into a place over what can be used, without traffic."""
    return grow_inbound(ground.graph, np.where(ground.is_usable, ground.graph.time_h, np.inf), place_id)


@dataclass(frozen=True, slots=True)
class Blocked:
    """What would have to open.

    Attributes
    ----------
    row_ids : tuple of str
        Rows, in the order of travel.
    reason : str
        The same in words.
    """

    row_ids: tuple[str, ...]
    reason: str


def find_blocked(ground: Ground, before: Ground, gateways: list[Gateway], place_id: str) -> list[Blocked]:
    """What would have to open for each gateway: least of what was never open, then of what the event shut.

    Parameters
    ----------
    ground, before : Ground
        The network after the event and before it.
    gateways : list of Gateway
        Those from which no way is left.
    place_id : str
        The struck place.
    """
    graph = ground.graph
    is_shut = ~ground.is_usable
    was_open = _was_open(ground, before)
    segment = find_row(ground.network.segment, "segment_id", ground.segment_id)
    allowed = set(str(segment.mode_ids).split(";"))
    is_allowed = np.array([mode_id in allowed for mode_id in graph.mode_ids])[graph.mode]
    extra = np.where(is_shut, np.where(was_open, SHUT_H, NEVER_H), 0.0)
    inbound = grow_inbound(graph, np.where(is_allowed, graph.time_h + extra, np.inf), place_id)
    return [_tell_blocked(ground, inbound.way(one), is_shut) for one in gateways]


def _was_open(ground: Ground, before: Ground) -> BoolArray:
    """(n_arc,) whether each arc's row could be used before; the way through a station always could."""
    old = before.graph
    usable = np.flatnonzero(before.is_usable & (old.table != ArcTable.NONE))
    rows = {(int(old.table[arc]), old.row_id(arc)) for arc in usable.tolist()}
    graph = ground.graph
    return np.array(
        [
            table == ArcTable.NONE or (table, graph.row_id(arc)) in rows
            for arc, table in enumerate(graph.table.tolist())
        ]
    )


def _tell_blocked(ground: Ground, way: IntArray, is_shut: BoolArray) -> Blocked:
    graph = ground.graph
    if not len(way):
        return Blocked((), f"nothing that {ground.segment_id} can use leads there, even with everything open")
    arcs = [arc for arc in way.tolist() if is_shut[arc] and graph.table[arc] != ArcTable.NONE]
    row_ids = tuple(dict.fromkeys(graph.row_id(arc) for arc in arcs))
    names = tuple(dict.fromkeys(name_row(ground, arc) for arc in arcs))
    return Blocked(row_ids, f"shut: {list_ids(names, 3)}" if names else "shut: the station itself")
