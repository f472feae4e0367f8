"""Events as costs: arcs shut, slower, dearer or with less room, and scenarios of tables, on a loaded network.

``Effect`` says what happens on some arcs; ``strike`` puts effects on the costs of a problem. ``read_scenario_shock``
does the same for a network after a scenario, by its tables. ``disruption/impact.py`` measures what follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dehliz.assignment.corridor_choice import ChoiceModel
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.warm import WarmNetwork, warm_up_network
from dehliz.disruption.impact import Baseline, Weights, weigh_arcs
from dehliz.graph.graph import BoolArray, FloatArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.routing.corridors import find_gateway


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens on some arcs while an event lasts.

    Attributes
    ----------
    arcs : (n_arc,) bool
        Where.
    is_closed : bool
        Nothing passes.
    capacity_factor, time_factor, tariff_factor : float
        Multiply capacity, time without traffic and money; above 0, 1 when nothing changes.
    waiting_add_h : float
        Hours that come on top of the time without traffic, at least 0.
    """

    arcs: BoolArray
    is_closed: bool = False
    capacity_factor: float = 1.0
    time_factor: float = 1.0
    tariff_factor: float = 1.0
    waiting_add_h: float = 0.0


@dataclass(frozen=True, slots=True)
class Shock:
    """An event as the model takes it.

    Attributes
    ----------
    costs : LoadCosts
        Costs while it lasts.
    weights : Weights or None
        Money and emissions while it lasts, where they differ.
    volume_t_d : (n_trip,) float64 or None
        Volumes while it lasts, where they differ.
    warm : WarmNetwork or None
        Network with other arcs, when rows were added or removed.
    """

    costs: LoadCosts
    weights: Weights | None = None
    volume_t_d: FloatArray | None = None
    warm: WarmNetwork | None = None


def find_arcs(problem: LoadProblem, tokens: Sequence[str]) -> BoolArray:
    """Arcs of any of some gateways, such as ``country:RU`` or ``passage:suez``; see ``routing/corridors.py``.

    Raises
    ------
    DataError
        When a token names nothing in the network.
    """
    mask = np.zeros(problem.graph.n_arc, dtype=bool)
    for token in tokens:
        mask |= find_gateway(problem.graph, problem.network, token)
    return mask


def strike(baseline: Baseline, effects: Sequence[Effect]) -> Shock:
    """The network while some effects hold together.

    Parameters
    ----------
    baseline : Baseline
        The network as it is.
    effects : sequence of Effect
        Factors multiply and hours add up where effects meet. A facility has less room as a whole when any of its arcs
        is touched.

    Returns
    -------
    Shock
        On the same arcs.
    """
    problem = baseline.warm.problem
    costs = problem.costs
    shut = np.zeros(problem.graph.n_arc, dtype=bool)
    capacity, time_h = costs.capacity_t_d.copy(), costs.free_time_h.copy()
    tariff = np.ones(problem.graph.n_arc)
    for one in effects:
        if one.is_closed:
            shut |= one.arcs
        capacity[np.unique(costs.facilities[one.arcs])] *= one.capacity_factor
        time_h[one.arcs] *= one.time_factor
        time_h[one.arcs] += one.waiting_add_h
        tariff[one.arcs] *= one.tariff_factor
    fixed_h = costs.fixed_h.copy()
    weights = None
    if (tariff != 1.0).any():
        money = baseline.weights.money_usd_t
        fixed_h += (tariff - 1.0) * money / costs.value_of_time_usd_t_h[:, None]
        weights = replace(baseline.weights, money_usd_t=money * tariff)
    fixed_h[:, shut] = np.inf
    return Shock(replace(costs, free_time_h=time_h, capacity_t_d=capacity, fixed_h=fixed_h), weights)


def compare_problems(baseline: Baseline, problem: LoadProblem, model: ChoiceModel) -> Shock:
    """A network after a scenario as a shock of the one before.

    Parameters
    ----------
    baseline : Baseline
        Before.
    problem : LoadProblem
        After: ``prepare_year`` with the network of a scenario and perhaps other demand.
    model : ChoiceModel
        Parameters of choice, for a network with other arcs.

    Returns
    -------
    Shock

    Raises
    ------
    ValueError
        When the trips are not the same triples of segment, origin and destination.
    """
    old = baseline.warm.problem
    keys = ("segment", "origin", "destination")
    if not all(np.array_equal(getattr(old.trips, key), getattr(problem.trips, key)) for key in keys):
        raise ValueError("trips differ: demand must keep its pairs, with other volumes")
    volume = problem.trips.volume_t_d
    other = None if np.array_equal(volume, old.trips.volume_t_d) else volume
    is_same = all(
        np.array_equal(getattr(old.graph, key), getattr(problem.graph, key)) for key in ("tail", "head")
    )
    warm = None if is_same else warm_up_network(problem, model, baseline.warm.settings)
    return Shock(problem.costs, weigh_arcs(problem), other, warm)
