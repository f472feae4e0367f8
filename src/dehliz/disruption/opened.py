"""What a network with new lines lets cargo choose: the routes known before, and those over what has opened.

A ``WarmNetwork`` adds a route only when it is the best of its trip; a new line that is nearly as good as the old way
would stay empty. The routes over it come from the same search as those of the network as it is. The routes of both
networks are the same otherwise, so that a gain comes from the line and not from another list. The file after is
``disruption/scenes.py``.
"""

import numpy as np

from dehliz.assignment.choice import sum_segment_costs
from dehliz.assignment.corridor_choice import find_corridor_sets
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.warm import WarmNetwork
from dehliz.graph.graph import BoolArray, FloatArray
from dehliz.routing.alternatives import ChoiceSets, find_best_routes, join_choice_sets

STRETCH_SHARE = 0.5
"""A way over a new line that costs more than the best by this share is no choice, as for all alternatives."""
LURE_FACTORS = (0.5, 0.0)
"""What the new arcs cost in searches that draw ways over them."""


def find_opened(before: LoadProblem, after: LoadProblem) -> BoolArray:
    """Arcs that some segment can use after and not before, (n_arc,) bool; both networks have the same arcs."""
    was, now = np.isfinite(before.costs.fixed_h), np.isfinite(after.costs.fixed_h)
    return np.asarray((now & ~was).any(axis=0))


def add_opened(warm: WarmNetwork, problem: LoadProblem) -> WarmNetwork | None:
    """A warm network that also knows the routes over what has opened.

    Parameters
    ----------
    warm : WarmNetwork
        The network as it is.
    problem : LoadProblem
        After, on the same arcs and trips.

    Returns
    -------
    WarmNetwork or None
        None when nothing has opened that any trip would use.
    """
    opened = find_opened(warm.problem, problem)
    if not opened.any():
        return None
    new = _find_ways(problem, opened)
    if new.n_route == 0:
        return None
    return warm.learn(new, problem)


def touches(sets: ChoiceSets, arcs: BoolArray) -> BoolArray:
    """(n_route,) whether each route uses any of some arcs."""
    hit = np.concatenate([np.zeros(1, np.int64), np.cumsum(arcs[sets.arc])])
    return np.asarray(hit[sets.first_arc[1:]] > hit[sets.first_arc[:-1]])


def _price_free(problem: LoadProblem) -> FloatArray:
    """Generalised cost of each arc without traffic, (n_segment, n_arc) [h]."""
    return np.asarray(problem.costs.time_h(np.zeros(problem.graph.n_arc)) + problem.costs.fixed_h)


def _find_ways(problem: LoadProblem, opened: BoolArray) -> ChoiceSets:
    """Routes over opened arcs that are no dearer than the best of the trip by more than the stretch."""
    free_h = _price_free(problem)
    sets = find_corridor_sets(problem)
    for lure in LURE_FACTORS:
        lured_h = free_h.copy()
        lured_h[np.isfinite(free_h) & opened] *= lure
        _, lured = find_best_routes(problem.graph, lured_h, problem.trips)
        sets = join_choice_sets(sets, lured)
    best_h, _ = find_best_routes(problem.graph, free_h, problem.trips)
    cost_h = sum_segment_costs(sets, problem.trips, free_h)
    kept = touches(sets, opened) & (cost_h <= (1.0 + STRETCH_SHARE) * best_h[sets.trip])
    return sets.take(np.flatnonzero(kept))
