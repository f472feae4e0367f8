"""Ways that share nothing: how many there are between two sides, and the fastest of them.

A way may not use a section (or a node) that another way uses: what closes one leaves the others. The file before is
``disruption/ground.py``; ``disruption/diversify.py`` asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dehliz.disruption.ground import Ground, Sections
from dehliz.disruption.max_flow import MOST, NO_SECTION, count_disjoint, find_disjoint
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.kernels.search import NO_ARC, least_cost_tree, make_star

SHORT_FACTOR = 1e-6
"""Weight of an hour against a section where ways of the fewest sections are sought: it only breaks ties."""


TRY_COUNT = 32
"""Drawn weights that are tried where neither the fastest ways nor those of the fewest sections are enough."""


@dataclass(frozen=True, slots=True)
class Disjoint:
    """Ways of which no two share a section or a node.

    Attributes
    ----------
    ways : tuple of (n,) int32
        Arcs of each way in the order of travel, the fastest way first.
    most_count : int
        No more than so many exist. As many as ``ways`` when the number is proven.
    """

    ways: tuple[IntArray, ...]
    most_count: int

    @property
    def is_proven(self) -> bool:
        """Whether there are no more ways than those found."""
        return len(self.ways) == self.most_count


def find_least(
    ground: Ground, weight: FloatArray, is_barred: BoolArray, source: IntArray, sink: IntArray
) -> IntArray | None:
    """Arcs of the least way from any vertex of one side to any of the other; None without one.

    Parameters
    ----------
    ground : Ground
        The network.
    weight : (n_arc,) float64
        Cost of each arc, at least 0.
    is_barred : (n_arc,) bool
        Arcs not to use.
    source, sink : (n,) int32
        Vertices of the two sides.
    """
    graph = ground.graph
    first_out = np.append(graph.first_out, graph.n_arc + len(source))
    star = make_star(first_out, np.append(graph.head, source))
    priced = np.where(ground.is_usable & ~is_barred, weight, np.inf)
    cost, into = least_cost_tree(star, np.append(priced, np.zeros(len(source))), graph.n_vertex)
    at = int(sink[np.argmin(cost[sink])])
    if not np.isfinite(cost[at]):
        return None
    way: list[int] = []
    while into[at] != NO_ARC and into[at] < graph.n_arc:
        way.append(int(into[at]))
        at = int(graph.tail[into[at]])
    return np.array(way[::-1], dtype=np.int32)


def find_disjoint_ways(ground: Ground, sections: Sections, source: IntArray, sink: IntArray) -> Disjoint:
    """Ways between two sides of which no two share a section.

    Parameters
    ----------
    ground : Ground
        The network.
    sections : Sections
        What no two ways may share: ``ground.by_row()``, or ``by_node`` of this file.
    source, sink : (n,) int32
        Vertices of the two sides.

    Notes
    -----
    The fastest way is taken, its sections are barred, and so on. Where that ends below the number that a flow of ones
    allows, the way of the fewest sections is taken each time, then the least under drawn weights, and at last the
    ways of that flow are; the most ways count. The number is proven when one of these reaches it.
    """
    layout = ground.layout(sections, source, sink)
    most = count_disjoint(layout)
    graph = ground.graph
    ways = _take_least(ground, graph.time_h, sections, (source, sink), most)
    if len(ways) < most < MOST:
        for weight in _weigh(ground, sections):
            ways = max(ways, _take_least(ground, weight, sections, (source, sink), most), key=len)
            if len(ways) == most:
                break
    if len(ways) < most < MOST:
        usable = np.flatnonzero(ground.is_usable)
        found = find_disjoint(layout) or []
        if len(found) > len(ways):
            ways = [usable[np.array(way)].astype(np.int32) for way in found]
    ways.sort(key=lambda way: (float(graph.time_h[way].sum()), way.tolist()))
    return Disjoint(tuple(ways), most)


def _weigh(ground: Ground, sections: Sections) -> Iterator[FloatArray]:
    """Weights of arcs under which other ways are the least: sections alone, then drawn ones, always the same."""
    is_section = sections.of_arc != NO_SECTION
    yield np.where(is_section, 1.0, 0.0) + SHORT_FACTOR * ground.graph.time_h
    for seed in range(TRY_COUNT):
        yield np.where(is_section, 0.5 + np.random.default_rng(seed).random(ground.graph.n_arc), 0.0)


def _take_least(
    ground: Ground, weight: FloatArray, sections: Sections, ends: tuple[IntArray, IntArray], most: int
) -> list[IntArray]:
    """The least way, the least that shares none of its sections, and so on."""
    is_barred = np.zeros(ground.graph.n_arc, dtype=bool)
    ways: list[IntArray] = []
    while len(ways) < most:
        way = find_least(ground, weight, is_barred, *ends)
        if way is None:
            break
        ways.append(way)
        used = np.unique(sections.of_arc[way])
        used = used[used != NO_SECTION]
        if not len(used):
            break
        is_barred |= np.isin(sections.of_arc, used)
    return ways


def by_node(ground: Ground, source: IntArray, sink: IntArray) -> Sections:
    """Nodes as sections: an arc that enters a node belongs to it, whatever it comes from.

    Parameters
    ----------
    ground : Ground
        The network.
    source, sink : (n,) int32
        Vertices of the two sides. Nodes that cargo is loaded at on the one side or unloaded at on the other count
        where a side has several zones; those of a single place do not, as all its ways meet there.
    """
    graph = ground.graph
    home = graph.vertex_node
    moves = home[graph.tail] != home[graph.head]
    section = np.where(moves, home[graph.head], NO_SECTION)
    doors = [np.isin(graph.tail, source), np.isin(graph.head, sink)]
    section[doors[0]] = home[graph.head[doors[0]]]
    if len(source) == 1:
        section[np.isin(section, home[graph.head[doors[0]]])] = NO_SECTION
    if len(sink) == 1:
        section[np.isin(section, home[graph.tail[doors[1]]])] = NO_SECTION
    section = np.where(np.isin(graph.tail, sink), NO_SECTION, section)
    nodes, first, place = np.unique(section, return_index=True, return_inverse=True)
    skipped = int(nodes[0] == NO_SECTION)
    return Sections((place.reshape(-1) - skipped).astype(np.int32), first[skipped:].astype(np.int32))
