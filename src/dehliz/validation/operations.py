"""Simulated delivery times beside published ones, and what one factor on waits could mend, fitted on a part of them.

No published through time is an input of the model. Observed times are kept apart from scheduled, claimed and hoped-for
ones. The files before are ``simulation/result.py`` and ``validation/compare.py``; the next is ``report``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.base.units import HOURS_PER_DAY
from dehliz.eurasia.facts import read_facts
from dehliz.eurasia.load import read_reference
from dehliz.graph.graph import FloatArray
from dehliz.simulation.observe_causes import BRANCH, Cause
from dehliz.simulation.result import Simulation
from dehliz.validation.compare import read_days

LOW_SHARE, HIGH_SHARE = 0.05, 0.95
WAIT_BRANCHES = ("terminal", "border", "ship", "closure", "queue", "wagon")
"""Branches of the tree of causes that a factor on waits would stretch."""
OBSERVED = "observed"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Watched:
    """What the simulation says of one watched pair.

    Attributes
    ----------
    corridor_id : str
        Corridor of the way.
    sample_h : (n,) float64
        Times of all replications together.
    wait_share : float
        Part of the mean time that is waiting, at terminals, borders, for ships, in closures and queues.
    """

    corridor_id: str
    sample_h: FloatArray
    wait_share: float


def watch(simulation: Simulation) -> dict[tuple[str, str, str], Watched]:
    """The watched pairs of a simulation by corridor, origin and destination."""
    outline, gathered = simulation.outline, simulation.gathered
    causes = gathered.causes_h.mean(axis=0)
    waits = np.array([BRANCH[cause] in WAIT_BRANCHES for cause in Cause])
    found = {}
    first = outline.first_group[2]
    for place, group in enumerate(outline.levels[2].groups):
        parts = [part for part in gathered.samples[place] if len(part)]
        row = causes[first + place]
        if parts and row.sum() > 0.0:
            key = (group.corridor_id, group.origin_id, group.destination_id)
            found[key] = Watched(
                group.corridor_id, np.concatenate(parts), float(row[waits].sum() / row.sum())
            )
    return found


def check_simulated_times(simulation: Simulation) -> pd.DataFrame:
    """Table ``simulated_time_check``: published times beside the distribution of the simulation.

    Parameters
    ----------
    simulation : Simulation
        Of a plan whose probes are the pairs of ``time_reference``.

    Returns
    -------
    DataFrame
        One row per published time of a pair that was watched; times of single media, such as port to port, are not.
    """
    facts = read_facts().fact.set_index("fact_id")
    watched = watch(simulation)
    rows = []
    for line in each_row(read_reference("time_reference")):
        seen = _find(watched, line)
        if seen is not None and not line.media:
            rows.append(_tell(line, seen, facts.loc[line.fact_id]))
    return pd.DataFrame(rows, columns=list(read_spec("simulated_time_check").column_names))


def _find(watched: dict[tuple[str, str, str], Watched], line: Any) -> Watched | None:
    """The watched pair of a published time; of any corridor where none was published."""
    ends = (line.origin_id, line.destination_id)
    if line.corridor_id:
        return watched.get((line.corridor_id, *ends))
    return next((seen for key, seen in watched.items() if key[1:] == ends), None)


def _tell(line: Any, seen: Watched, fact: "pd.Series[Any]") -> dict[str, Any]:
    low_d, high_d, middle_d = read_days(fact)
    p05, p50, p95 = np.quantile(seen.sample_h, (LOW_SHARE, 0.5, HIGH_SHARE)) / HOURS_PER_DAY
    mean_d = float(seen.sample_h.mean()) / HOURS_PER_DAY
    return {
        "check_id": line.check_id, "kind": line.kind, "corridor_id": seen.corridor_id,
        "origin_id": line.origin_id, "destination_id": line.destination_id, "model_p05_d": p05, "median_d": p50,
        "model_p95_d": p95, "model_d": mean_d, "wait_share": seen.wait_share, "published_low_d": low_d,
        "published_high_d": high_d, "published_d": middle_d, "error_share": (mean_d - middle_d) / middle_d,
        "is_inside": bool(p05 <= high_d and low_d <= p95), "year": str(fact["year"]), "fact_id": line.fact_id,
    }  # fmt: skip


def summarise_times(checks: pd.DataFrame) -> pd.DataFrame:
    """Table ``simulated_time_summary``: by kind, and by corridor within observed ones.

    Parameters
    ----------
    checks : DataFrame
        Table ``simulated_time_check``.
    """
    observed = checks[checks["kind"] == OBSERVED]
    groups = [(str(kind), ALL, rows) for kind, rows in checks.groupby("kind", sort=True)]
    groups += [(OBSERVED, str(one), rows) for one, rows in observed.groupby("corridor_id", sort=True)]
    rows = [
        {
            "kind": kind, "corridor_id": corridor, "compared_count": len(part),
            "inside_count": int(part["is_inside"].sum()), "inside_share": float(part["is_inside"].mean()),
            "mean_error_share": float(part["error_share"].mean()),
            "mean_absolute_error_share": float(part["error_share"].abs().mean()),
        }
        for kind, corridor, part in groups
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(read_spec("simulated_time_summary").column_names))


def fit_waits(checks: pd.DataFrame) -> pd.DataFrame:
    """Table ``wait_fit``: one factor on all waits, fitted on every other observed time and tried on the rest.

    Parameters
    ----------
    checks : DataFrame
        Table ``simulated_time_check``.

    Returns
    -------
    DataFrame
        One row for the times that were fitted and one for the rest, with the error before and after; no rows when
        there are fewer than four observed times.

    Notes
    -----
    The mean time of a pair is ``(1 - w + w f)`` times that of the simulation, where ``w`` is its share of waiting and
    ``f`` the factor; ``f`` makes the sum of squared logarithms of model over published least. Queues are taken to
    stretch with the rest, so this is a diagnosis and no second simulation; the model itself keeps the factor 1.
    """
    observed = checks[checks["kind"] == OBSERVED].sort_values("check_id").reset_index(drop=True)
    columns = list(read_spec("wait_fit").column_names)
    if len(observed) < 4:
        return pd.DataFrame(columns=columns)
    is_fitted = np.arange(len(observed)) % 2 == 0
    ratio = (observed["model_d"] / observed["published_d"]).to_numpy(dtype=np.float64)
    wait = observed["wait_share"].to_numpy(dtype=np.float64)
    factors = np.linspace(0.25, 6.0, 1151)
    log = np.log(ratio * (1.0 - wait + wait * factors[:, None]))
    best = int(np.argmin((log[:, is_fitted] ** 2).sum(axis=1)))
    before = np.log(ratio)
    rows = [
        {
            "part": part, "compared_count": int(chosen.sum()), "wait_factor": float(factors[best]),
            "error_before_factor": float(np.exp(np.abs(before[chosen]).mean())),
            "error_after_factor": float(np.exp(np.abs(log[best, chosen]).mean())),
            "bias_before_factor": float(np.exp(before[chosen].mean())),
            "bias_after_factor": float(np.exp(log[best, chosen].mean())),
        }
        for part, chosen in (("fitted", is_fitted), ("rest", ~is_fitted))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
