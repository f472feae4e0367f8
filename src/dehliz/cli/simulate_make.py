"""What ``dehliz simulate`` was asked: makes the plans, runs them, and puts the answer into one document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dehliz.assignment.assign import assign
from dehliz.assignment.own import prepare_own
from dehliz.assignment.settings import AssignmentSettings
from dehliz.base.errors import SettingsError
from dehliz.cli.targets import write_whole
from dehliz.eurasia.load import load
from dehliz.network.network import Network
from dehliz.network.scenario import apply, keep_network_changes
from dehliz.network.scenario_file import read_scenario
from dehliz.routing.ask import find_ends
from dehliz.routing.planner import prepare
from dehliz.simulation.compare import Difference, compare_simulations
from dehliz.simulation.observe_times import COUNT
from dehliz.simulation.plan import Plan
from dehliz.simulation.result import Simulation
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.simulate import check_settings, find_latest_warm_up_h, simulate
from dehliz.study.beside import put_beside
from dehliz.study.document import ONCE, describe_simulation, is_loaded_once
from dehliz.study.feedback import FeedbackSettings
from dehliz.study.operations import Operations, change_operations, prepare_operations
from dehliz.study.simulating import Watch, find_probes, plan_loaded, settle_year

DEFAULT_YEAR = 2024
SHOWN_RESOURCE_COUNT = 10
"""Resources whose weeks are in the document: those at which cargo waits most."""
PLAN_SHARE = 0.2
"""Share of the work that loading the network and making the plan takes, for the progress line."""

OnStep = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A simulation as the command line asks for it.

    Attributes
    ----------
    year : int or None
        Year; 2024 when None.
    network, demand : Path or None
        A network of one's own, and its demand.
    pair : (str, str) or None
        Places to be watched.
    scenario : Path or None
        What-if.
    log : Path or None
        File to write the event log of the first replication to.
    rounds : int
        Most rounds between choice and operations; 1 takes the first loading as it is.
    consignments : int
        Most consignments a year.
    """

    year: int | None
    network: Path | None
    demand: Path | None
    pair: tuple[str, str] | None
    scenario: Path | None
    log: Path | None
    rounds: int
    consignments: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The base, and the what-if with its differences where one was asked for; the cargo of the base."""

    operations: Operations
    base: Simulation
    other: Simulation | None
    difference: Difference | None
    scenario_name: str
    notes: tuple[str, ...]


def answer(asked: Asked, settings: SimulationSettings, on_step: OnStep) -> Answer:
    """Make the plans, run them, compare them.

    Raises
    ------
    DehlizError
        When network, demand, places, scenario or settings are wrong.
    """
    on_step("Loading the network", 0.0)
    operations, network = _prepare(asked, settings, on_step)
    check_settings(settings, operations.plan)
    plan, name, notes = _change(asked, operations, network, on_step)
    part = (1.0 - PLAN_SHARE) / (1 if plan is None else 2)

    def tell(first: float, what: str, done: int, count: int) -> None:
        on_step(f"{what}: replication {done} of {count}", first + part * done / count)

    base = simulate(operations.plan, settings, partial(tell, PLAN_SHARE, "Base"))
    _check_observed(base)
    if asked.log is not None:
        write_whole(asked.log, lambda path: base.events().to_parquet(path, index=False))
    if plan is None:
        return Answer(operations, base, None, None, "", ())
    alike = replace(settings, warm_up_h=base.warm_up.end_h)
    other = simulate(plan, alike, partial(tell, PLAN_SHARE + part, name))
    return Answer(operations, base, other, compare_simulations(base, other), name, notes)


def _check_observed(base: Simulation) -> None:
    """Refuse to tell of a system in which nothing moved: that it keeps up would be no answer."""
    if not base.gathered.times[:, :, COUNT].any():
        raise SettingsError(
            f"There is nothing to tell: no consignment sets out in any replication between {base.window.from_h:.10g} "
            f"h, the end of the warm-up, and {base.window.to_h:g} h. Some are needed. Give a shorter warm-up, more "
            "replications or more demand."
        )


def _prepare(asked: Asked, settings: SimulationSettings, on_step: OnStep) -> tuple[Operations, Network]:
    year = DEFAULT_YEAR if asked.year is None else asked.year
    if asked.network is not None:
        return _prepare_own(asked, settings, asked.network.expanduser())
    network = load(year)
    _check_warm_up(settings, settle_year(year).horizon_h)
    pairs = _find_pairs(asked, network)
    return _settle(asked, year, network, pairs, on_step), network


def _settle(
    asked: Asked, year: int, network: Network, pairs: Sequence[Watch] | None, on_step: OnStep
) -> Operations:
    """Cargo and operations of a year brought together in the rounds that were asked for."""

    def tell(number: int, change_share: float) -> None:
        change = "" if np.isinf(change_share) else f", shares moved by up to {100 * change_share:.1f} points"
        on_step(f"Choice and operations: round {number}{change}", PLAN_SHARE * number / (asked.rounds + 1))

    wanted = FeedbackSettings(round_count=asked.rounds)
    return prepare_operations(
        year, network, feedback=wanted, pairs=pairs, most_consignment_count=asked.consignments, on_round=tell
    )


def _check_warm_up(settings: SimulationSettings, horizon_h: float) -> None:
    """Refuse a warm-up that leaves too little, before anything is loaded."""
    end_h, latest_h = settings.warm_up_h, find_latest_warm_up_h(horizon_h)
    if end_h is not None and end_h > latest_h:
        raise SettingsError(
            f"Option --warm-up-d: {end_h / 24.0:g} days were given of the {horizon_h / 24.0:g} that are simulated. At "
            f"least {(horizon_h - latest_h) / 24.0:g} days must be left to be observed. Give {latest_h / 24.0:g} "
            "or less."
        )


def _prepare_own(asked: Asked, simulated: SimulationSettings, path: Path) -> tuple[Operations, Network]:
    """A network of one's own, loaded to equilibrium; all its cargo becomes consignments."""
    own = prepare_own(path, asked.year, asked.demand)
    year = next((one for one in (asked.year, own.year) if one is not None), DEFAULT_YEAR)
    problem = own.problem
    settings = replace(settle_year(year, lines_only=False), most_consignment_count=asked.consignments)
    _check_warm_up(simulated, settings.horizon_h)
    result = assign(problem.graph, problem.costs, problem.trips, AssignmentSettings(method="ue"))
    loaded = problem.tell(result)
    pairs = tuple(_find_pairs(asked, problem.network) or ())
    planner = prepare(problem.network) if pairs else None
    probes = tuple(find_probes(planner, pairs)) if planner else ()
    plan = plan_loaded(loaded, settings, probes, planner)
    return Operations(loaded, plan, pairs, probes, settings, pd.DataFrame(), True), problem.network


def _find_pairs(asked: Asked, network: Network) -> list[Watch] | None:
    if asked.pair is None:
        return None
    ends = find_ends(network, *asked.pair)
    if ends[0] == ends[1]:
        raise SettingsError(
            f"Options --from and --to: both are {ends[0]}. Two places are needed. Change one of them."
        )
    return [Watch(*ends)]


def _change(
    asked: Asked, operations: Operations, network: Network, on_step: OnStep
) -> tuple[Plan | None, str, tuple[str, ...]]:
    """Plan of the what-if, its name, and how it was loaded; None where none was asked for."""
    if asked.scenario is None:
        return None, "", ()
    scenario, left = keep_network_changes(read_scenario(asked.scenario))
    changed = apply(scenario, network).network
    same = change_operations(operations, changed)
    if same is not None:
        return same.plan, scenario.name, ("The what-if keeps who moves and by which way.", *left)
    if asked.network is not None:
        raise SettingsError(
            f"Option --scenario: {scenario.name} opens or shuts ways, so that cargo would have to be loaded anew. With "
            "--network that is not done. Write the change into a copy of your tables, and simulate both."
        )
    year = DEFAULT_YEAR if asked.year is None else asked.year
    anew = _settle(asked, year, changed, operations.pairs, on_step)
    return anew.plan, scenario.name, ("The what-if opens or shuts ways: its cargo was loaded anew.", *left)


def describe(asked: Asked, found: Answer) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """The document without its tables, and the tables.

    Parameters
    ----------
    asked : Asked
        What was asked.
    found : Answer
        What was found.
    """
    base = found.base
    tables = base.tables()
    top = tables["simulated_bottleneck"]["resource_id"].head(SHOWN_RESOURCE_COUNT)
    use = tables["resource_use"]
    tables["resource_use"] = use[use["resource_id"].isin(top)].reset_index(drop=True)
    tables["feedback"] = found.operations.rounds
    if asked.network is None and asked.pair is None:
        tables |= put_beside(found.operations, base)
    document: dict[str, Any] = {
        **describe_simulation(base, found.operations),
        "pair": None if asked.pair is None else list(asked.pair),
        "notes": [*base.notes, *found.notes, *_say_unsettled(found.operations)],
    }
    if found.other is not None and found.difference is not None:
        document["what_if"] = {
            "name": found.scenario_name,
            "status": found.other.status,
            "reason": found.other.reason,
            "base_bottleneck": found.difference.base_bottleneck,
            "other_bottleneck": found.difference.other_bottleneck,
            "notes": [note for note in found.other.notes if note not in base.notes],
        }
        tables["simulated_difference"] = found.difference.table
        if found.other.status != "ok" and base.status == "ok":
            document["status"] = found.other.status
            document["reason"] = f"{found.scenario_name}: {found.other.reason}"
    return document, {name: _clean(table) for name, table in tables.items()}


def _say_unsettled(operations: Operations) -> list[str]:
    if is_loaded_once(operations):
        return [f"{ONCE[0].upper()}{ONCE[1:]}."]
    if operations.is_settled:
        return []
    last = operations.rounds[operations.rounds["round_count"] == operations.rounds["round_count"].max()]
    most = last["change_share"].abs().max()
    return [
        f"Choice and operations have not settled: in the last round shares moved by up to {100 * most:.1f} points."
    ]


def _clean(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers that have no end are missing."""
    return table.replace([np.inf, -np.inf], np.nan)
