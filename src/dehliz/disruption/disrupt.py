"""What an event or a change does: the question of ``dehliz disrupt`` and ``dz.disrupt``, answered in tables.

A scenario comes in; the comparison with the network as it is goes out, and for an event that ends the way back. The
files before are ``disruption/compare.py`` and ``disruption/recovery_tables.py``.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from dehliz.base.rows import to_records
from dehliz.disruption.compare import Comparison, compare_scene
from dehliz.disruption.recovery import DEFAULT_LAG_D, Recovery, RecoverySettings, recover
from dehliz.disruption.recovery_states import NetworkResponse
from dehliz.disruption.recovery_tables import tell_bearers, tell_days, tell_recovery
from dehliz.disruption.scenes import Stage, set_stage
from dehliz.network.changes import Scenario
from dehliz.network.scenario_file import read_scenario

DEFAULT_YEAR = 2024

Status = Literal["ok", "not_converged", "not_cleared"]


@dataclass(frozen=True, slots=True)
class Disruption:
    """What an event or a change does.

    Attributes
    ----------
    status : {"ok", "not_converged", "not_cleared"}
        ``not_cleared`` when held cargo has not gone by the horizon; ``not_converged`` when an equilibrium has not
        reached its gap.
    reason : str
        Why, empty when all is well.
    name, description : str
        Of the scenario.
    year : int
        Year of network and demand.
    duration_d : float or None
        Days that the event lasts; None for a change that stays.
    notes : tuple of str
        What each change did.
    tables : dict of str to DataFrame
        ``beside_total``, ``beside_corridor``, ``beside_country``, ``beside_flow``, ``beside_concentration``; for an
        event that ends also ``recovery_total``, ``recovery_day``, ``recovery_country``.
    """

    status: Status
    reason: str
    name: str
    description: str
    year: int
    duration_d: float | None
    notes: tuple[str, ...]
    tables: dict[str, pd.DataFrame]

    def to_document(self) -> dict[str, Any]:
        """The answer as plain values for JSON: keys are column names, missing numbers are null."""
        names = ("status", "reason", "name", "description", "year", "duration_d")
        head = {name: getattr(self, name) for name in names}
        finite = {
            name: table.replace([float("inf"), float("-inf")], float("nan"))
            for name, table in self.tables.items()
        }
        return {
            **head,
            "notes": list(self.notes),
            **{name: to_records(table) for name, table in finite.items()},
        }


def disrupt(
    scenario: Scenario | str | Path,
    *,
    year: int = DEFAULT_YEAR,
    duration_d: float | None = None,
    lag_d: float = DEFAULT_LAG_D,
    repair: tuple[tuple[float, float], ...] = (),
    clearing_factor: float | None = None,
    is_end_known: bool = True,
) -> Disruption:
    """What an event or a change of the bundled network does, and how cargo recovers from it.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Changes, or their file.
    year : int
        Year of network and demand.
    duration_d : float, optional
        How long it lasts; what ``[event]`` of the file says when left out. Without either it stays.
    lag_d : float
        Days until cargo that was on its way is turned round.
    repair : tuple of (float, float)
        Day and share of capacity that is back from then on.
    clearing_factor : float, optional
        What held cargo adds to what usually passes after reopening; spare capacity when left out.
    is_end_known : bool
        Whether cargo waits when that costs less than going round.

    Returns
    -------
    Disruption

    Raises
    ------
    ScenarioError
        When the scenario cannot be read or applied.
    SettingsError
        When there is no network or demand of the year, or days, lag and repair contradict each other.
    """
    own = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    length = own.event.length_d if duration_d is None and own.event is not None else duration_d
    settings = (
        None
        if length is None
        else RecoverySettings(length, tuple(repair), lag_d, clearing_factor, is_end_known)
    )
    stage = set_stage(year, [own])
    comparison = compare_scene(stage.baseline, stage.scenes[0])
    tables, recovery = dict(comparison.tables), None
    if settings is not None:
        response = NetworkResponse(stage.baseline, stage.scenes[0].shock, clearing_factor)
        recovery = recover(response, settings)
        tables |= _tell(stage, recovery)
    status, reason = _judge(stage, comparison, recovery)
    return Disruption(status, reason, own.name, own.description, year, length, stage.scenes[0].notes, tables)


def _tell(stage: Stage, recovery: Recovery) -> dict[str, pd.DataFrame]:
    problem = stage.baseline.warm.problem
    days = tell_days(recovery, stage.baseline.totals, problem.trips.volume_t_d)
    return {
        "recovery_total": tell_recovery(recovery, days),
        "recovery_day": days,
        "recovery_country": tell_bearers(recovery, problem),
    }


def _judge(stage: Stage, comparison: Comparison, recovery: Recovery | None) -> tuple[Status, str]:
    gaps = []
    if not stage.is_loaded:
        gaps.append("the network as it is")
    if not comparison.is_converged:
        gaps.append("the network after the change")
    if recovery is not None and not recovery.is_converged:
        gaps.append("a day of the recovery")
    if gaps:
        return "not_converged", f"No equilibrium to the gap asked for: {', '.join(gaps)}"
    if recovery is not None and not recovery.is_cleared:
        waiting_t = float(recovery.pieces[-1].next_stock_t.sum())
        return (
            "not_cleared",
            f"{waiting_t:,.0f} t still wait {recovery.settings.horizon_d:g} days after the end: what reopened has no"
            " room to spare",
        )
    return "ok", ""
