"""The bundled network of a year and a scenario of it, ready to be compared: ``Baseline``, ``Scene``.

Scenario files become shocks here, with what they change of demand, capacities and background. The file before is
``network/scenario.py``; the next ones are ``disruption/compare.py`` and ``disruption/recovery.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dehliz.assignment.corridor_choice import ChoiceModel
from dehliz.assignment.problem import LoadProblem, prepare_loads
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.warm import is_loaded, warm_up_network
from dehliz.assignment.year import read_choice_model
from dehliz.base.errors import SettingsError
from dehliz.disruption.impact import Baseline
from dehliz.disruption.opened import add_opened
from dehliz.disruption.shock import Shock, compare_problems
from dehliz.eurasia.load import load, load_demand, load_pools, read_reference
from dehliz.graph.graph import BoolArray
from dehliz.graph.price_loads import LoadTables
from dehliz.network.changes import Scenario
from dehliz.network.demand import Demand
from dehliz.network.network import Network
from dehliz.network.scenario import apply_all

PAIR = ["market_id", "segment_id", "origin_zone_id", "destination_zone_id"]
"""Columns that say which cargo a row of demand is."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A scenario on the network of a year.

    Attributes
    ----------
    scenario : Scenario
        What changes.
    year : int
        Year of network and demand.
    problem : LoadProblem
        The network after.
    shock : Shock
        The same, seen from the baseline.
    notes : tuple of str
        What each change did.
    """

    scenario: Scenario
    year: int
    problem: LoadProblem
    shock: Shock
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A year and its scenarios: one network as it is, and others to be held beside it.

    Attributes
    ----------
    year : int
        Year of network and demand.
    baseline : Baseline
        The network as it is.
    model : ChoiceModel
        Parameters of choice in that year.
    scenes : tuple of Scene
        In the order of the scenarios.
    """

    year: int
    baseline: Baseline
    model: ChoiceModel
    scenes: tuple[Scene, ...]

    @property
    def is_loaded(self) -> bool:
        """Whether the network as it is has converged."""
        return is_loaded(self.baseline.warm)


def set_stage(
    year: int,
    scenarios: Sequence[Scenario],
    settings: AssignmentSettings | None = None,
    model: ChoiceModel | None = None,
) -> Stage:
    """Load the bundled network of a year and make each scenario of it.

    Parameters
    ----------
    year : int
        Year of network and demand.
    scenarios : sequence of Scenario
        Each on the network as it is.
    settings : AssignmentSettings, optional
        Gap of all equilibria.
    model : ChoiceModel, optional
        Other parameters of choice than the calibrated ones.

    Returns
    -------
    Stage

    Raises
    ------
    ScenarioError
        When a scenario cannot be applied.
    SettingsError
        When there is no network or no demand of the year, or no scenario.
    """
    if not scenarios:
        raise SettingsError("No scenario was given. At least one is needed. Name a file.")
    network, demand = load(year), load_demand(year)
    own_model = read_choice_model(year) if model is None else model
    changed = [apply_all(one, network, demand) for one in scenarios]
    after = [demand if one.demand is None else one.demand for one in changed]
    rows = _join_pairs([demand.demand, *(one.demand for one in after)])
    own = _prepare(network, demand, rows)
    baseline = Baseline(warm_up_network(own, own_model, settings))
    scenes = []
    for scenario, made, cargo in zip(scenarios, changed, after, strict=True):
        problem = _prepare(made.network, cargo, rows)
        shock = compare_problems(baseline, problem, own_model)
        if shock.warm is None:
            shock = replace(shock, warm=add_opened(baseline.warm, problem))
        scenes.append(Scene(scenario, year, problem, shock, made.notes))
    return Stage(year, baseline, own_model, tuple(scenes))


def _join_pairs(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row for each cargo that any of the demands knows; of the first demand when all know the same."""
    if all(frame is frames[0] for frame in frames):
        return frames[0]
    joined = pd.concat(frames, ignore_index=True)
    return joined[joined["volume_t_a"] > 0.0].drop_duplicates(PAIR).reset_index(drop=True)


def _prepare(network: Network, demand: Demand, rows: pd.DataFrame) -> LoadProblem:
    """A problem with the trips of ``rows`` and the volumes of a demand."""
    tables = LoadTables(
        demand.capacity, demand.background, read_reference("delay"), read_reference("market"), load_pools()
    )
    if rows is demand.demand:
        return prepare_loads(network, rows, tables)
    volume = dict(
        zip(demand.demand[PAIR].itertuples(index=False, name=None), demand.demand["volume_t_a"], strict=True)
    )
    volumes = [volume.get(key, 0.0) for key in rows[PAIR].itertuples(index=False, name=None)]
    least = np.finfo(np.float64).tiny  # what is 0 keeps its place among the trips
    problem = prepare_loads(network, rows.assign(volume_t_a=np.maximum(volumes, least)), tables)
    day = np.where(problem.trips.volume_t_d <= least * len(rows), 0.0, problem.trips.volume_t_d)
    return replace(problem, trips=replace(problem.trips, volume_t_d=day))


def find_struck(baseline: Baseline, shock: Shock) -> BoolArray:
    """Arcs that an event takes something from: shut, slower, dearer or with less room, (n_arc,) bool.

    Parameters
    ----------
    baseline : Baseline
        Before.
    shock : Shock
        The event; nothing is struck when it has other arcs.
    """
    before, after = baseline.warm.problem.costs, shock.costs
    if len(before.form) != len(after.form):
        return np.zeros(len(before.form), dtype=bool)
    was_open = np.isfinite(before.fixed_h)
    shut = was_open & ~np.isfinite(after.fixed_h)
    with np.errstate(invalid="ignore"):
        dearer = was_open & (after.fixed_h > before.fixed_h)
    slower = after.free_time_h > before.free_time_h
    narrower = after.capacity_t_d < before.capacity_t_d
    return np.asarray(shut.any(axis=0) | (was_open.any(axis=0) & (dearer.any(axis=0) | slower | narrower)))
