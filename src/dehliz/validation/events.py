"""Historic events replayed: what the model says happened beside what was reported, figure by figure.

Each event is a scenario file on the year before it; nothing is fitted to the reports. ``dehliz disrupt --history``
shows the table ``event_check``. The files before are ``disruption/compare.py`` and ``disruption/recovery.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.errors import SettingsError
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.disruption.compare import compare_scene
from dehliz.disruption.scenes import set_stage
from dehliz.eurasia.load import load_event_reports
from dehliz.network.scenario_file import read_scenario
from dehliz.validation.event_measures import MEASURES, Replay, Untold
from dehliz.validation.event_words import REASONS

INSIDE_FACTOR: Final = 2.0
"""A figure without a range is met when the model is between half and twice of it."""
ORDER_FACTOR: Final = 10.0
"""Within this factor and with its sign the order of magnitude is met."""
RANGE_SHARE: Final = 0.25
"""A figure with a range is met when the model is inside it, widened on each side by this share of its middle."""
GONE_PERCENT: Final = -99.999
"""A change of volume by which nothing is left."""
SAME_SHARE: Final = 1e-6
"""Figures that differ by less are the same."""

OnStep = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class History:
    """Events replayed.

    Attributes
    ----------
    event_check : DataFrame
        One row for each reported figure.
    statuses : dict of str to str
        ``converged`` or ``not_converged`` for each scenario.
    """

    event_check: pd.DataFrame
    statuses: dict[str, str]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The table by name."""
        return {"event_check": self.event_check}


def replay_events(folder: Path, scenarios: Sequence[str] = (), on_step: OnStep | None = None) -> History:
    """Replay the events that were reported.

    Parameters
    ----------
    folder : Path
        Of the scenario files.
    scenarios : sequence of str
        Names of files without ending; all that reports name when empty.
    on_step : callable, optional
        Told what is being done, and the share done.

    Returns
    -------
    History

    Raises
    ------
    SettingsError
        When no event is reported for a scenario that is asked for.
    """
    reports = load_event_reports()
    lost = [name for name in scenarios if name not in set(reports["scenario"])]
    if lost:
        raise SettingsError(
            f"Nothing is reported of {', '.join(lost)}. One of {', '.join(sorted(set(reports['scenario'])))} is needed."
        )
    wanted = reports[reports["scenario"].isin(scenarios)] if scenarios else reports
    rows: list[tuple[Any, ...]] = []
    statuses: dict[str, str] = {}
    years = sorted(set(wanted["year"].astype(int)))
    for at, year in enumerate(years):
        mine = wanted[wanted["year"] == year]
        names = sorted(set(mine["scenario"]))
        if on_step is not None:
            on_step(f"{year}: {', '.join(names)}", at / len(years))
        stage = set_stage(year, [read_scenario(folder / f"{name}.toml") for name in names])
        for name, scene in zip(names, stage.scenes, strict=True):
            comparison = compare_scene(stage.baseline, scene)
            is_settled = stage.is_loaded and comparison.is_converged
            statuses[name] = "converged" if is_settled else "not_converged"
            replay = Replay(stage.baseline, scene, comparison)
            rows += [_check(row, replay) for row in each_row(mine[mine["scenario"] == name])]
    table = pd.DataFrame(rows, columns=list(read_spec("event_check").column_names))
    return History(table.sort_values("event_reported_id", ignore_index=True), statuses)


def _check(row: Any, replay: Replay) -> tuple[Any, ...]:
    """One reported figure beside the model's."""
    reason = REASONS.get(row.event_reported_id, "")
    try:
        model = MEASURES[row.indicator](replay, row)
    except Untold as why:
        model, verdict, reason = np.nan, "untold", str(why)
    else:
        verdict = "set" if _is_set(row, model) else judge(*_from_neutral(row, model))
    if verdict in ("met", "set"):
        reason = ""
    return (
        row.event_reported_id, row.event_id, row.event_name, row.scenario, int(row.year), row.indicator, row.subject,
        row.measure, model, row.value, row.low, row.high, row.unit, verdict, row.is_input, row.is_direct, reason,
        row.fact_id,
    )  # fmt: skip


def _is_set(row: Any, model: float) -> bool:
    """Whether the scenario itself says the figure: what it shuts falls to nothing, what it takes away is away."""
    if row.indicator == "volume_change" and model <= GONE_PERCENT:
        return True
    return bool(row.is_input) and abs(model - row.value) <= SAME_SHARE * abs(row.value)


def _from_neutral(row: Any, model: float) -> tuple[float, float, float, float]:
    """Figures as differences from what is unchanged: times 3 is 2 more than times 1."""
    neutral = 1.0 if row.indicator == "time_factor" else 0.0
    return model - neutral, row.value - neutral, row.low - neutral, row.high - neutral


def judge(figure: float, value: float, low: float, high: float) -> str:
    """How near the model is to a report: ``met``, ``order`` (sign and order of magnitude), ``missed``.

    Parameters
    ----------
    figure, value : float
        The model's and the reported one, in the same unit.
    low, high : float
        Range of the report, NaN when it has none.
    """
    if not np.isfinite(figure):
        return "missed"
    if np.isfinite(low) and np.isfinite(high):
        room = RANGE_SHARE * abs(0.5 * (low + high))
        if low - room <= figure <= high + room:
            return "met"
    if figure == value:
        return "met"
    if figure * value <= 0.0:
        return "missed"
    times = max(abs(figure / value), abs(value / figure))
    if times <= INSIDE_FACTOR:
        return "met"
    return "order" if times <= ORDER_FACTOR else "missed"
