"""Runs of the kind ``disruption``: each is one drawn year of the bundled network under a set of hazards.

``[hazards]`` of a study file (``study/hazard_settings.py``) says which year, hazards and rates; ``[[uncertain]]`` may
scale rates and durations of a kind, demand, the value of time, or a column of a table. The network is prepared once in
each process for each set of values that touches it; ``disruption/future.py`` lives the years.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.warm import warm_up_network
from dehliz.assignment.year import prepare_year, read_choice_model
from dehliz.disruption.future import live_year, tell_future
from dehliz.disruption.impact import Baseline
from dehliz.disruption.response import Responder
from dehliz.disruption.second_route import tell_second
from dehliz.eurasia.load import load
from dehliz.network.changes import Scale, Scenario
from dehliz.network.scenario import apply
from dehliz.study.designs import make_design
from dehliz.study.hazard_settings import (
    LONGEST_WAIT_D,
    OVERLAP_USD_D,
    SCENARIO,
    SECOND,
    change_network,
    pick_hazards,
)

GAP_SHARE: Final = 1e-4
"""Gap of the equilibria of drawn years; their losses are stated to far less than this allows."""
KEPT_COUNT: Final = 16
"""Networks that a process keeps, one for each set of values of what touches the equilibrium."""
DEMAND: Final = "demand"
VALUE_OF_TIME: Final = "value_of_time"
_BY_KIND: Final = ("rate", "duration")

Touching = tuple[tuple[str, float], ...]
"""Names of uncertain numbers that touch the equilibrium, with their values."""


class DisruptionJob:
    """Drawn years of one study; what the network answers is remembered from run to run."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self._seed = int(spec["seed"])
        self._study = spec["study"]
        self._design = make_design(spec)
        self._uncertain = {str(one["name"]): one for one in spec.get("uncertain", ())}
        self._responders: dict[tuple[str, Touching], Responder] = {}

    def run(self, number: int) -> Mapping[str, pd.DataFrame]:
        """Tables of one drawn year."""
        drawn = self._design.draw(number)
        factors: dict[str, dict[str, float]] = {head: {} for head in _BY_KIND}
        touching = []
        for name, value in drawn.items():
            head, _, kind = str(self._uncertain[name]["target"]).partition(":")
            if head in factors:
                factors[head][kind] = factors[head].get(kind, 1.0) * value
            else:
                touching.append((name, value))
        responder = self._find(SCENARIO, tuple(touching))
        future = live_year(responder, self._seed, number, factors["rate"], factors["duration"])
        tables = {**tell_future(responder, future), "future_parameter": _tell_drawn(drawn)}
        if SECOND in self._study:
            other = self._find(SECOND, tuple(touching))
            second = live_year(other, self._seed, number, factors["rate"], factors["duration"])
            tables["future_second"] = tell_second(responder, future, other, second)
        return tables

    def _find(self, which: str, touching: Touching) -> Responder:
        """The network at these values, by the key of its scenario; memory holds the last few."""
        key = (which, touching)
        if key not in self._responders:
            if len(self._responders) >= KEPT_COUNT:
                self._responders.pop(next(iter(self._responders)))
            self._responders[key] = make_responder(
                self._study, [(self._uncertain[name], value) for name, value in touching], which
            )
        return self._responders[key]


def _tell_drawn(drawn: Mapping[str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "parameter_id": np.array(list(drawn), dtype=object),
            "value_factor": np.array(list(drawn.values()), dtype=np.float64),
        }
    )


def make_job(spec: Mapping[str, Any]) -> DisruptionJob:
    """The job of a specification."""
    return DisruptionJob(spec)


def make_responder(
    study: Mapping[str, Any],
    touching: Sequence[tuple[Mapping[str, Any], float]] = (),
    which: str = SCENARIO,
) -> Responder:
    """The network of a study, ready to answer for sets of hazards.

    Parameters
    ----------
    study : mapping
        What ``study/hazard_settings.py`` has read.
    touching : sequence of (mapping, float), optional
        Uncertain numbers that touch the equilibrium, with their values: ``demand``, ``value_of_time`` or a column.
    which : str
        ``scenario`` or ``second``: key of the study that holds the scenario of the network.
    """
    year = int(study["year"])
    network = change_network(load(year), str(study.get(which, "")))
    columns = [(one, value) for one, value in touching if one["table"]]
    if columns:
        changes = tuple(
            Scale(str(one["table"]), str(one["column"]), value, tuple(one["ids"]))
            for one, value in columns
            if value != 1.0
        )
        network = apply(Scenario("drawn", changes), network).network
    problem = prepare_year(year, network)
    for one, value in touching:
        if one["target"] == DEMAND:
            problem = scale_demand(problem, value)
        elif one["target"] == VALUE_OF_TIME:
            problem = scale_value_of_time(problem, value)
    settings = AssignmentSettings(method="sue", target_gap_share=GAP_SHARE)
    baseline = Baseline(warm_up_network(problem, read_choice_model(year), settings))
    hazards = pick_hazards(study, problem.network, problem.graph)
    return Responder(
        baseline, hazards, float(study.get("longest_wait_d", LONGEST_WAIT_D)),
        float(study.get("overlap_usd_d", OVERLAP_USD_D)),
    )  # fmt: skip


def scale_demand(problem: LoadProblem, factor: float) -> LoadProblem:
    """A problem in which every trip ships so many times as much."""
    trips = replace(problem.trips, volume_t_d=problem.trips.volume_t_d * factor)
    return replace(problem, trips=trips)


def scale_value_of_time(problem: LoadProblem, factor: float) -> LoadProblem:
    """A problem in which an hour costs every tonne so many times as much: money is worth fewer hours."""
    costs = problem.costs
    worth = costs.value_of_time_usd_t_h * factor
    return replace(problem, costs=replace(costs, fixed_h=costs.fixed_h / factor, value_of_time_usd_t_h=worth))
