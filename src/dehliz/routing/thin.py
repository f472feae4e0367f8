"""Thins Pareto options to the ones that differ in more than a shunting detail.

A Pareto set over three criteria holds many routes that share all but a siding. What is kept: first the cheapest,
the fastest and the cleanest, then, while there is room, the option that differs most from all that are kept.
Options of another corridor always differ; options of one corridor differ by the share of their length that
they do not have in common.
"""

import numpy as np

from dehliz.graph.graph import FloatArray, Graph
from dehliz.routing.routes import Routes, is_moving

LEAST_DIFFERENCE_SHARE = 0.10
"""Options whose ways differ by less than this share of their length are one option for people."""


def measure_difference(graph: Graph, routes: Routes) -> FloatArray:
    """Share of their length that two routes do not have in common, for all pairs.

    Parameters
    ----------
    graph : Graph
        Gives lengths.
    routes : Routes
        The options.

    Returns
    -------
    (n_route, n_route) float64
        ``1 - common / longer``: 0 for the same way, 1 for ways with no arc in common.
    """
    length_km = np.where(is_moving(graph), graph.length_km, 0.0)
    incidence = np.zeros((len(routes), graph.n_arc), dtype=bool)
    for route in range(len(routes)):
        incidence[route, routes.arcs(route)] = True
    weighted = incidence * length_km
    common = weighted @ incidence.T.astype(np.float64)
    total = weighted.sum(axis=1)
    longer = np.maximum(total[:, None], total[None, :])
    shared = np.divide(common, longer, out=np.ones_like(common), where=longer > 0)
    return np.asarray(1.0 - shared)


def thin(
    graph: Graph, routes: Routes, criteria: FloatArray, corridor_of: list[str], most_count: int
) -> list[int]:
    """Positions of the options to show, the cheapest first.

    Parameters
    ----------
    graph : Graph
        Gives lengths.
    routes : Routes
        The options.
    criteria : (n_route, 3) float64
        Cost, time and emissions of each.
    corridor_of : list of str
        Corridor of each.
    most_count : int
        How many to keep at most; at least 1.

    Returns
    -------
    list of int
        In order of cost. No two kept options are of one corridor and differ by less than
        ``LEAST_DIFFERENCE_SHARE``, unless one of them is the best by a criterion.
    """
    count = len(routes)
    if count == 0:
        return []
    order = [np.lexsort(np.roll(criteria, -first, axis=1).T[::-1]) for first in range(criteria.shape[1])]
    kept = list(dict.fromkeys(int(ranking[0]) for ranking in order))[:most_count]
    difference = measure_difference(graph, routes)
    names = np.array(corridor_of)
    difference[names[:, None] != names[None, :]] += 1.0
    badness = _regret(criteria)
    while len(kept) < most_count:
        nearest = difference[:, kept].min(axis=1)
        nearest[kept] = -1.0
        # Among options that differ enough, a new corridor first, then the least regretted.
        candidates = np.flatnonzero(nearest >= LEAST_DIFFERENCE_SHARE)
        if len(candidates) == 0:
            break
        best = min(candidates.tolist(), key=lambda c: (nearest[c] < 1.0, badness[c], c))
        kept.append(best)
    return sorted(kept, key=lambda option: tuple(criteria[option]))


def _regret(criteria: FloatArray) -> FloatArray:
    """Sum of how much worse than the best each option is, each criterion as a share of its best."""
    best = np.maximum(criteria.min(axis=0), 1e-9)
    return np.asarray((criteria / best - 1.0).sum(axis=1))
