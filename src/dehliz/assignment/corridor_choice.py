"""Choice of corridor and route on a network with corridors: choice sets, nests, constants of corridors.

The stochastic equilibrium knows routes and nests; this file knows that nests are corridors, that each trip should have
a route of every corridor that can serve it, and which constants the calibration has put on which gateways. The file
before is ``assignment/problem.py``; the next ``assignment/stochastic.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dehliz.assignment.flow_tables import name_routes
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.result import Assignment, OnIteration, RouteFlows
from dehliz.assignment.route_sums import Visits, visit
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.stochastic import find_stochastic_equilibrium
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.routing.alternatives import ChoiceSets, find_alternatives, join_choice_sets, routes_with_bans
from dehliz.routing.corridors import find_gateway


@dataclass(frozen=True, slots=True)
class GatewayConstant:
    """What a passage of a gateway costs a tonne besides all that the tables know.

    Attributes
    ----------
    gateway : str
        Such as ``country:RU``, see ``routing/corridors.py``.
    segment_ids : tuple of str
        Segments that pay it; all when empty.
    cost_usd_t : float
        Of any sign.
    """

    gateway: str
    segment_ids: tuple[str, ...]
    cost_usd_t: float


@dataclass(frozen=True, slots=True)
class ChoiceModel:
    """Parameters of the choice of corridor and route.

    Attributes
    ----------
    scale_per_usd_t : float
        How strongly a choice prefers the cheaper way, per USD a tonne of generalised cost.
    nest_factor : float
        Scale between corridors over scale between routes of one corridor.
    constants : tuple of GatewayConstant
        What was fitted to gateways.
    """

    scale_per_usd_t: float
    nest_factor: float
    constants: tuple[GatewayConstant, ...] = ()


def find_corridor_sets(problem: LoadProblem) -> ChoiceSets:
    """Routes that each trip chooses among: alternatives, and the best one when each gateway is barred in turn.

    Notes
    -----
    Barring every gateway that the corridor table names, alone and as the ``none_of`` of each corridor, gives a route
    of each corridor that can serve the trip at all in all cases seen; a route that no bar brings out can still come in
    when congestion makes it the best.
    """
    free_h = problem.costs.time_h(np.zeros(problem.graph.n_arc)) + problem.costs.fixed_h
    banned = routes_with_bans(problem.graph, free_h, problem.trips, _bans(problem))
    return join_choice_sets(banned, find_alternatives(problem.graph, free_h, problem.trips))


def _bans(problem: LoadProblem) -> list[BoolArray]:
    table = problem.network.corridor
    tokens = sorted(
        {
            token
            for column in ("all_of", "any_of", "none_of")
            for cell in table[column]
            for token in str(cell).split(";")
            if token
        }
    )
    nothing = np.zeros(problem.graph.n_arc, dtype=bool)
    masks = [nothing, *(find_gateway(problem.graph, problem.network, token) for token in tokens)]
    masks += [corridor.forbidden for corridor in problem.corridors]
    unique = {mask.tobytes(): mask for mask in masks}
    return list(unique.values())


def label_corridors(
    problem: LoadProblem, model: ChoiceModel
) -> Callable[[ChoiceSets], tuple[FloatArray, IntArray]]:
    """A labeller for the stochastic equilibrium: constants [h] and corridor of each route of any choice sets."""
    masks = {
        one.gateway: find_gateway(problem.graph, problem.network, one.gateway) for one in model.constants
    }
    return _Label(problem, model, masks)


@dataclass(frozen=True, slots=True)
class _Label:
    """A labeller that can be sent to another process, which a function within a function cannot."""

    problem: LoadProblem
    model: ChoiceModel
    masks: dict[str, BoolArray]

    def __call__(self, sets: ChoiceSets) -> tuple[FloatArray, IntArray]:
        flows = RouteFlows(sets.trip, np.zeros(sets.n_route), sets.first_arc, sets.arc)
        visits = visit(flows, self.problem.trips)
        touches = {gateway: visits.touches(mask) for gateway, mask in self.masks.items()}
        nest = name_routes(visits, self.problem.corridors).astype(np.int32)
        return sum_constants_h(self.problem, self.model, visits, touches.__getitem__), nest


def sum_constants_h(
    problem: LoadProblem, model: ChoiceModel, visits: Visits, touches: Callable[[str], BoolArray]
) -> FloatArray:
    """What each route pays for the gateways that it passes, (n_route,) float64 [h]: money over the value of time.

    Parameters
    ----------
    problem : LoadProblem
        Gives the segment of each class of trips and its value of time.
    model : ChoiceModel
        Gives the constants.
    visits : Visits
        Routes.
    touches : callable
        From a gateway to (n_route,) bool: whether each route passes it.
    """
    constant_usd_t = np.zeros(visits.n_route)
    for one in model.constants:
        pays = [not one.segment_ids or segment in one.segment_ids for segment in problem.segment_of]
        constant_usd_t += one.cost_usd_t * (touches(one.gateway) & np.array(pays)[visits.segment])
    return np.asarray(constant_usd_t / problem.costs.value_of_time_usd_t_h[visits.segment])


def choose_corridors(
    problem: LoadProblem,
    model: ChoiceModel,
    settings: AssignmentSettings,
    sets: ChoiceSets | None = None,
    on_iteration: OnIteration | None = None,
) -> Assignment:
    """Trips on corridors and routes by nested logit, in equilibrium with congestion.

    Parameters
    ----------
    problem : LoadProblem
        Network and demand of a year.
    model : ChoiceModel
        Parameters, calibrated or one's own.
    settings : AssignmentSettings
        When to stop, and the weight of path sizes; scale and nest factor are the model's, limits of the choice sets
        those that ``AlternativeLimits`` has by itself.
    sets : ChoiceSets, optional
        ``find_corridor_sets(problem)`` where it is at hand already.
    on_iteration : callable, optional
        Told of each iteration.

    Returns
    -------
    Assignment
        By ``sue``.
    """
    own = replace(
        settings, method="sue", scale_per_usd_t=model.scale_per_usd_t, nest_factor=model.nest_factor
    )
    return find_stochastic_equilibrium(
        problem.graph, problem.costs, problem.trips, own, on_iteration,
        choice_sets=find_corridor_sets(problem) if sets is None else sets,
        label_routes=label_corridors(problem, model),
    )  # fmt: skip
