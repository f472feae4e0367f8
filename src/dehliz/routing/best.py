"""The best way *of* a corridor by one criterion, exactly: best first, with stricter questions where one is broken.

A way of a corridor passes its gateways, comes back to no node, and belongs to no corridor of an earlier rank. The
first is a matter of layers. The other two cannot be told arc by arc; so the best way without them is sought, and
when it breaks one, it is replaced by stricter questions that between them leave out no sound way. The first sound
way to come out, in the order of cost, is the best.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from heapq import heappop, heappush

import numpy as np

from dehliz.graph.graph import BoolArray, FloatArray, Graph, IntArray
from dehliz.kernels.search import Star, least_cost_paths
from dehliz.routing.corridors import Gateways, name_corridor
from dehliz.routing.layers import BIT_LIMIT_COUNT, NO_NODE, find_turn, lay_out

SEARCH_LIMIT_COUNT = 100
"""Searches for one corridor at most."""


class Verdict(Enum):
    """How a search for a way ended."""

    FOUND = "found"
    NO_WAY = "no way"
    DEAR = "dearer than the limit"
    UNSETTLED = "search limit spent"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for the best way.

    Attributes
    ----------
    ends : (int, int)
        Zones of origin and destination.
    needed : (n_needed, n_arc) bool
        Gateways to pass.
    score : (n_arc,) float64
        What is minimised; ``inf`` forbids.
    once : tuple of int
        Nodes to come back to never.
    """

    ends: tuple[int, int]
    needed: BoolArray
    score: FloatArray
    once: tuple[int, ...] = ()

    @property
    def bit_count(self) -> int:
        """What doubles the layers, each."""
        return len(self.needed) + len(self.once)


def find_least(graph: Graph, ask: Ask) -> tuple[float, IntArray]:
    """Least score and its arcs, whether or not they come back; ``inf`` and none when there is no way."""
    layers = lay_out(graph, ask.needed, ask.once)
    pair = [(ask.ends[0], layers.last(graph.n_zone + ask.ends[1]))]
    score, _, arcs = least_cost_paths(Star(layers.first_out, layers.head), layers.spread(ask.score), pair)
    return float(score[0]), (arcs % graph.n_arc).astype(np.int32)


def find_own(
    graph: Graph, ask: Ask, corridors: tuple[Gateways, ...], corridor: Gateways, limit: float = np.inf
) -> tuple[IntArray, Verdict]:
    """The best way of a corridor.

    Parameters
    ----------
    graph : Graph
        The graph to search.
    ask : Ask
        Ends, gateways asked for besides those of the corridor, and scores.
    corridors : tuple of Gateways
        All corridors, in the order in which they give their names.
    corridor : Gateways
        The one whose way is sought.
    limit : float
        Score above which the search stops: such a way is not wanted.

    Returns
    -------
    arcs : (n,) int32
        In the order of travel; empty unless found.
    verdict : Verdict
        ``UNSETTLED`` when a question would have needed too many layers, or there were too many questions.
    """
    needed = np.concatenate((ask.needed, corridor.needed))
    first = replace(ask, needed=needed, score=np.where(corridor.forbidden, np.inf, ask.score))
    queue: list[tuple[float, int, IntArray, Ask]] = []
    waiting: list[tuple[float, Ask]] = [(0.0, first)]
    count = 0
    while True:
        for bound, part in waiting:
            if part.bit_count > BIT_LIMIT_COUNT or count == SEARCH_LIMIT_COUNT:
                heappush(queue, (bound, -1, np.empty(0, np.int32), part))
                continue
            count += 1
            score, arcs = find_least(graph, part)
            if np.isfinite(score):
                heappush(queue, (score, count, arcs, part))
        if not queue:
            return np.empty(0, np.int32), Verdict.NO_WAY
        score, number, arcs, part = heappop(queue)
        if score > limit:
            return np.empty(0, np.int32), Verdict.DEAR
        if number < 0:
            return arcs, Verdict.UNSETTLED
        waiting = [(score, stricter) for stricter in _split(graph, part, arcs, corridors, corridor)]
        if not waiting:
            return arcs, Verdict.FOUND


def _split(
    graph: Graph, part: Ask, arcs: IntArray, corridors: tuple[Gateways, ...], corridor: Gateways
) -> Iterator[Ask]:
    """Stricter questions that leave out these arcs and no sound way; none when the arcs are sound."""
    turn = find_turn(graph, arcs)
    if turn != NO_NODE:
        yield replace(part, once=(*part.once, turn))
        return
    name, _ = name_corridor(corridors, arcs)
    if name == corridor.corridor_id:
        return
    # A way is not of another corridor when it misses one of its gateways, or passes one that it forbids.
    other = next(one for one in corridors if one.corridor_id == name)
    for gateway in other.needed:
        yield replace(part, score=np.where(gateway, np.inf, part.score))
    if other.forbidden.any():
        yield replace(part, needed=np.concatenate((part.needed, other.forbidden[None, :])))
