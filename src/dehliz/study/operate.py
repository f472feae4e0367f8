"""The simulated part of a study: its year settled and simulated, its scenarios as what-ifs on the same draws.

Used by ``study/run.py``. The files before are ``study/operations.py`` and ``simulation/compare.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dehliz.network.network import Network
from dehliz.simulation.compare import compare_simulations, name_bottleneck
from dehliz.simulation.result import Simulation
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.simulate import simulate
from dehliz.study.beside import put_beside
from dehliz.study.document import ONCE, describe_simulation, is_loaded_once
from dehliz.study.feedback import FeedbackSettings
from dehliz.study.operations import Operations, change_operations, prepare_operations
from dehliz.study.picture import picture
from dehliz.study.settings import OperationSettings, ScenarioSettings

OnStep = Callable[[str, float], None]
STORED = (
    "simulated_time", "simulated_cause", "simulated_bottleneck", "ship_use", "throughput", "feedback",
    "simulated_time_check", "simulated_time_summary", "wait_fit", "indicator",
)  # fmt: skip
"""Tables of a simulation that a run folder keeps."""


@dataclass(frozen=True, slots=True)
class Scene:
    """How a simulated scenario stands.

    Attributes
    ----------
    scenario_id, name : str
        Scenario.
    status, reason : str
        As in ``Simulation``.
    is_settled : bool or None
        Whether choice and operations came to rest; None when cargo was loaded once.
    base_bottleneck, bottleneck : str
        Name of the resource for which cargo waits most in the first scenario and in this one; empty when none waits.
    """

    scenario_id: str
    name: str
    status: str
    reason: str
    is_settled: bool | None
    base_bottleneck: str
    bottleneck: str


@dataclass(frozen=True, slots=True)
class Operated:
    """What a study's simulation left.

    Attributes
    ----------
    tables : dict of str to DataFrame
        For the run folder.
    pages : dict of str to (dict, dict)
        By scenario id: tables and document of its page.
    notes : tuple of str
        What a reader should know.
    is_settled : bool
        Whether choice and operations came to rest in every scenario, and every system keeps up.
    scenes : tuple of Scene
        How each scenario stands, the first one first.
    """

    tables: dict[str, pd.DataFrame]
    pages: dict[str, tuple[dict[str, pd.DataFrame], dict[str, Any]]]
    notes: tuple[str, ...]
    is_settled: bool
    scenes: tuple[Scene, ...]


def operate_study(
    wanted: OperationSettings,
    year: int,
    scenarios: Sequence[tuple[ScenarioSettings, Network]],
    on_step: OnStep,
) -> Operated:
    """Simulate the first scenario of a study, and the others beside it.

    Parameters
    ----------
    wanted : OperationSettings
        Replications, seed, rounds.
    year : int
        Year of demand and calendar.
    scenarios : sequence of (ScenarioSettings, Network)
        The baseline first.
    on_step : callable
        Told what is being done and the share of this part that is done.

    Raises
    ------
    DehlizError
        When nothing is known of the year, or a plan cannot be made.
    """
    settings = SimulationSettings(replication_count=wanted.replications, seed=wanted.seed)
    first, network = scenarios[0]
    base_cargo = _settle(wanted, year, network, first.name, on_step)
    base = simulate(base_cargo.plan, settings)
    tables = {**base.tables(), **put_beside(base_cargo, base)}
    pages = {first.id: (picture(base, network, tables), _describe(base, base_cargo, first.name))}
    parts, notes = [], list(_say(first, base, base_cargo))
    top = name_bottleneck(base)
    scenes = [_see(first, base, base_cargo, top, top)]
    is_settled = base_cargo.is_settled and base.status == "ok"
    alike = replace(settings, warm_up_h=base.warm_up.end_h)
    for number, (scenario, changed) in enumerate(scenarios[1:], 1):
        on_step(f"Simulating {scenario.name}", number / len(scenarios))
        cargo = change_operations(base_cargo, changed)
        if cargo is None:
            cargo = _settle(wanted, year, changed, scenario.name, on_step)
        other = simulate(cargo.plan, alike)
        difference = compare_simulations(base, other)
        parts.append(difference.table.assign(scenario_id=scenario.id))
        own = {**other.tables(), "simulated_difference": difference.table}
        what_if = {
            "name": scenario.name, "status": other.status, "reason": other.reason,
            "base_bottleneck": top, "other_bottleneck": difference.other_bottleneck,
        }  # fmt: skip
        document = {**_describe(other, cargo, scenario.name), "what_if": what_if}
        pages[scenario.id] = (picture(other, changed, own), document)
        notes += _say(scenario, other, cargo)
        scenes.append(_see(scenario, other, cargo, top, difference.other_bottleneck))
        is_settled &= cargo.is_settled and other.status == "ok"
    kept = {name: tables[name] for name in STORED}
    if parts:
        kept["scenario_difference"] = pd.concat(parts, ignore_index=True)
    return Operated(kept, pages, tuple(notes), is_settled, tuple(scenes))


def _see(scenario: ScenarioSettings, done: Simulation, cargo: Operations, before: str, after: str) -> Scene:
    is_settled = None if is_loaded_once(cargo) else cargo.is_settled
    return Scene(scenario.id, scenario.name, done.status, done.reason, is_settled, before, after)


def _describe(simulation: Simulation, cargo: Operations, name: str) -> dict[str, Any]:
    return {
        "title": f"Operations of a year, simulated: {name}",
        **describe_simulation(simulation, cargo),
        "notes": list(simulation.notes),
    }


def _settle(wanted: OperationSettings, year: int, network: Network, name: str, on_step: OnStep) -> Operations:
    def tell(number: int, _change_share: float) -> None:
        on_step(f"Choice and operations of {name}: round {number}", 0.0)

    feedback = FeedbackSettings(round_count=wanted.rounds)
    return prepare_operations(year, network, feedback=feedback, seed=wanted.seed, on_round=tell)


def _say(scenario: ScenarioSettings, simulation: Simulation, cargo: Operations) -> list[str]:
    notes = []
    if simulation.reason:
        notes.append(f"{scenario.name}: {simulation.reason}")
    if is_loaded_once(cargo):
        notes.append(f"{scenario.name}: {ONCE}")
    elif not cargo.is_settled:
        notes.append(
            f"{scenario.name}: choice and operations have not settled in {cargo.rounds['round_count'].max()} rounds"
        )
    return notes
