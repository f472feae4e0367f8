"""The hindcast: volumes of all years by the choice model that was fitted to the early ones, beside what was published.

Demand totals and capacities are those of each year; parameters know no year after the last fitted one. The file
before is ``validation/volumes.py``; ``dehliz validate`` shows the tables.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.assignment.corridor_choice import choose_corridors
from dehliz.assignment.flow_tables import Loaded, frame
from dehliz.assignment.result import AssignStatus
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.year import prepare_year, read_choice_model
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.eurasia.load import list_demand_years, load_observed
from dehliz.validation.volumes import LAST_FITTED_YEAR, check_volumes

GAP_SHARE: Final = 1e-5
CLAIMED_FACTOR: Final = 6
CLAIMED_YEARS: Final = 5
GROWTH_SERIES: Final = {"titr": "", "titr_boxes": "container_high_value;container_other"}
NAMES: Final = ("model", "last_year", "trend")


@dataclass(frozen=True, slots=True)
class Hindcast:
    """Loaded years beside published volumes.

    Attributes
    ----------
    volume_check : DataFrame
        One row per published volume.
    volume_summary : DataFrame
        How far each count was off in the years that were predicted, and the naive forecasts.
    growth_claim : DataFrame
        Readings of the claim that volumes rose six times in five years.
    statuses : dict of int to str
        How the loading of each year ended.
    """

    volume_check: pd.DataFrame
    volume_summary: pd.DataFrame
    growth_claim: pd.DataFrame
    statuses: dict[int, str]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The three tables by name."""
        return {
            "volume_check": self.volume_check,
            "volume_summary": self.volume_summary,
            "growth_claim": self.growth_claim,
        }


def load_years(
    years: Sequence[int], on_step: Callable[[str, float], None] | None = None
) -> dict[int, Loaded]:
    """Years of the bundled network, loaded by the fitted choice model.

    Parameters
    ----------
    years : sequence of int
        Which.
    on_step : callable, optional
        Told what is being done and the share that is done.
    """
    tell = on_step or (lambda _step, _share: None)
    loaded = {}
    for at, year in enumerate(years):
        tell(f"Loading {year}", at / len(years))
        problem = prepare_year(year)
        settings = AssignmentSettings(method="sue", target_gap_share=GAP_SHARE)
        loaded[year] = problem.tell(choose_corridors(problem, read_choice_model(year), settings))
    return loaded


def hindcast(on_step: Callable[[str, float], None] | None = None) -> Hindcast:
    """All years of demand by the model that was fitted up to ``LAST_FITTED_YEAR``.

    Parameters
    ----------
    on_step : callable, optional
        Told what is being done and the share that is done.

    Returns
    -------
    Hindcast
        Every published volume that can be compared, years that were fitted marked as such.
    """
    loaded = load_years(list_demand_years(), on_step)
    observed = load_observed()
    check = check_volumes(loaded, observed, LAST_FITTED_YEAR)
    statuses = {year: str(one.assignment.status) for year, one in loaded.items()}
    return Hindcast(check, summarise_volumes(check), read_growth(observed), statuses)


def all_converged(made: Hindcast) -> bool:
    """Whether every year reached its gap."""
    return all(status == AssignStatus.CONVERGED for status in made.statuses.values())


def summarise_volumes(check: pd.DataFrame) -> pd.DataFrame:
    """The ``volume_summary`` table of the rows that were predicted; counts of nothing are left out."""
    told = check[~check["is_fitted"] & (check["observed_t"] > 0.0)]
    groups: list[tuple[tuple[str, str], pd.DataFrame]] = [
        ((str(scope), str(segments)), rows)
        for (scope, segments), rows in told.groupby(["scope_id", "segment_ids"], sort=True)
    ]
    rows = [_summarise(*key, group) for key, group in [*groups, (("all", ""), told)] if len(group)]
    names = read_spec("volume_summary").column_names
    return frame("volume_summary", {name: [row[name] for row in rows] for name in names})


def _factor(rows: pd.DataFrame, name: str) -> float:
    """Exponential of the mean absolute logarithm of a prediction over the count."""
    if not len(rows):
        return float("nan")
    floor_t = 0.001 * rows["observed_t"]  # a prediction of nothing is a factor of a thousand
    ratio = np.maximum(rows[f"{name}_t"].to_numpy(dtype=np.float64), floor_t) / rows["observed_t"]
    return float(np.exp(np.abs(np.log(ratio)).mean()))


def _summarise(scope_id: str, segment_ids: str, rows: pd.DataFrame) -> dict[str, Any]:
    there = rows[rows["last_year_t"].notna() & rows["trend_t"].notna()]
    factors = {name: _factor(there, name) for name in NAMES}
    best = min(NAMES, key=lambda name: factors[name]) if len(there) else ""
    return {
        "scope_id": scope_id, "segment_ids": segment_ids, "compared_count": len(rows),
        "model_factor": _factor(rows, "model"), "naive_count": len(there), "model_there_factor": factors["model"],
        "last_year_factor": factors["last_year"], "trend_factor": factors["trend"], "best": best,
    }  # fmt: skip


def read_growth(observed: pd.DataFrame) -> pd.DataFrame:
    """The ``growth_claim`` table: every pair of years four to six apart of the whole-year series.

    Notes
    -----
    "Six times in five years" is read generously: a factor that rounds to six, over five years or over the four steps
    between five counted years.
    """
    rows = []
    for series, segments in GROWTH_SERIES.items():
        same = observed[
            (observed["scope_id"] == "titr")
            & (observed["segment_ids"] == segments)
            & (observed["period"] == "")
            & (observed["direction"] == "both")
        ]
        volume = {int(row.year): float(row.volume_t) for row in each_row(same)}
        for first, last in ((one, other) for one in sorted(volume) for other in sorted(volume)):
            if CLAIMED_YEARS - 1 <= last - first <= CLAIMED_YEARS + 1:
                factor = volume[last] / volume[first]
                is_near = round(factor) == CLAIMED_FACTOR and last - first <= CLAIMED_YEARS
                rows.append((series, first, last, volume[first], volume[last], factor, is_near))
    names = ("series", "first_year", "last_year", "first_t", "last_t", "growth_factor", "holds")
    return frame("growth_claim", {name: [row[at] for row in rows] for at, name in enumerate(names)})
