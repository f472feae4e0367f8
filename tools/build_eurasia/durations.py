"""Fits the table ``duration``: how far times spread about their means, from published hours and speeds.

``curated/duration.csv`` names for each family of times where its spread comes from: ``series:<sample>`` (yearly
means of one place over the years), ``range:<sample>`` (a shortest and a longest time), ``limit:<fact>`` (a mean and
the limit of a protocol) or a parameter. ``curated/duration_series.csv`` lists the facts of each sample. The survey
publishes means, hardly a median and no single crossing, so that what is fitted is the spread between years: single
crossings spread more. Each row says so, with the error of the fit.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from tools.build_eurasia.facts import find_fact_value, read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, Parameter, read_parameters

TABLE: Final = "duration"
LIMIT_H: Final = 30.0
"""Protocol limit of a container ship's turn at Baku, in the note of the fact with the mean."""
LIMIT_SHARES: Final = (0.99, 0.95, 0.9)
"""Shares of the ships that are taken to keep the limit: smallest spread, chosen, largest."""
NORMAL_QUANTILES: Final = {0.99: 2.3263, 0.95: 1.6449, 0.9: 1.2816}
MOST_ERRORS: Final = 2.0
"""Standard errors from a fitted spread to the ends of its range."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted spread.

    Attributes
    ----------
    spread_factor, low, high : float
        Standard deviation over mean, and its range.
    sample_count : int
        Observations.
    words : str
        How it was fitted, with its error.
    fact_ids : tuple of str
        Facts of the observations.
    is_assumed : bool
        Whether the fit needs something that no source says.
    """

    spread_factor: float
    low: float
    high: float
    sample_count: int
    words: str
    fact_ids: tuple[str, ...]
    is_assumed: bool = False


def find_spread_factor(log_spread: float) -> float:
    """Standard deviation over mean of a lognormal whose logarithm has this standard deviation."""
    return math.sqrt(math.expm1(log_spread**2))


def fit_series(series: list[list[float]]) -> tuple[float, float]:
    """Pooled standard deviation of the logarithm within series, and its standard error.

    Parameters
    ----------
    series : list of list of float
        Values of one place over the years each, at least two.

    Notes
    -----
    With n values in k series: s^2 = sum of squares about the means of the series / (n - k); the error of s is
    s / sqrt(2 (n - k)), exact for normal logarithms in the limit of many.
    """
    logs = [np.log(np.asarray(values, dtype=float)) for values in series]
    freedom = sum(len(values) - 1 for values in logs)
    squares = sum(float(((values - values.mean()) ** 2).sum()) for values in logs)
    spread = math.sqrt(squares / freedom)
    return spread, spread / math.sqrt(2 * freedom)


def fit_range(ranges: list[tuple[float, float]]) -> list[float]:
    """Standard deviation over mean of times spread evenly over each range."""
    return [(high - low) / math.sqrt(12) / ((high + low) / 2) for low, high in ranges]


def fit_limit(mean_h: float, limit_h: float, kept_share: float) -> float:
    """Standard deviation of the logarithm of a lognormal of that mean of which a share keeps a limit.

    Notes
    -----
    ``log(limit / mean) = z s - s^2 / 2`` with z the normal quantile of the share; the smaller root.
    """
    quantile = NORMAL_QUANTILES[kept_share]
    return quantile - math.sqrt(quantile**2 - 2 * math.log(limit_h / mean_h))


def read_samples(path: Path = CURATED / "duration_series.csv") -> dict[str, dict[str, list[str]]]:
    """Facts by sample and series."""
    samples: dict[str, dict[str, list[str]]] = {}
    for row in read_rows(path):
        samples.setdefault(row["sample"], {})[row["series"]] = row["fact_ids"].split(";")
    return samples


def make_series_fit(series: dict[str, list[str]], facts: pd.DataFrame) -> Fit:
    """Spread between the years, pooled over places."""
    values = [[find_fact_value(facts, fact_id) for fact_id in fact_ids] for fact_ids in series.values()]
    spread, error = fit_series(values)
    count = sum(map(len, values))
    low, high = (max(spread + sign * MOST_ERRORS * error, 0.0) for sign in (-1, 1))
    words = (
        f"Pooled standard deviation of the logarithm {spread:.3f}, standard error {error:.3f}, "
        f"of {count} yearly means in {len(values)} series ({', '.join(series)}); between years, not single crossings"
    )
    factors = [round(find_spread_factor(value), 3) for value in (spread, low, high)]
    return Fit(*factors, count, words, tuple(name for names in series.values() for name in names))


def make_range_fit(series: dict[str, list[str]], facts: pd.DataFrame) -> Fit:
    """Spread of times between a shortest and a longest, taken as even."""
    fact_ids = [name for names in series.values() for name in names]
    table = facts.set_index("fact_id")
    ranges = [(float(table.at[name, "value_low"]), float(table.at[name, "value_high"])) for name in fact_ids]
    factors = fit_range(ranges)
    mean = math.sqrt(sum(factor**2 for factor in factors) / len(factors))
    shown = ", ".join(f"{low:g} to {high:g} h" for low, high in ranges)
    words = (
        f"Root mean square of {len(factors)} published ranges taken as even ({shown}): "
        f"{min(factors):.3f} to {max(factors):.3f} of the mean"
    )
    return Fit(round(mean, 3), 0.05, 0.3, len(ranges), words, tuple(fact_ids), is_assumed=True)


def make_limit_fit(fact_id: str, facts: pd.DataFrame) -> Fit:
    """Spread of a time whose mean is published beside a limit that nearly all keep."""
    mean_h = find_fact_value(facts, fact_id)
    spreads = [find_spread_factor(fit_limit(mean_h, LIMIT_H, share)) for share in LIMIT_SHARES]
    low, chosen, high = (round(value, 3) for value in spreads)
    words = (
        f"Lognormal with the published mean of {mean_h:g} h of which {LIMIT_SHARES[1]:.0%} keep the limit of "
        f"{LIMIT_H:g} h, an assumption; {LIMIT_SHARES[0]:.0%} would give {low:g}, {LIMIT_SHARES[2]:.0%} {high:g}"
    )
    return Fit(chosen, low, high, 0, words, (fact_id,), is_assumed=True)


def make_fit(spread: str, facts: pd.DataFrame, ledger: Ledger) -> Fit:
    """What the cell ``spread`` of ``curated/duration.csv`` asks for."""
    method, _, name = spread.partition(":")
    if method == "series":
        return make_series_fit(read_samples()[name], facts)
    if method == "range":
        return make_range_fit(read_samples()[name], facts)
    if method == "limit":
        return make_limit_fit(name, facts)
    chosen = ledger.find(spread)
    return Fit(
        chosen.value, chosen.low, chosen.high, 0, f"Assumed: {chosen.rule}", (), is_assumed=True,
    )  # fmt: skip


def make_row(row: dict[str, str], facts: pd.DataFrame, ledger: Ledger) -> dict[str, object]:
    """One row of the table ``duration``, its numbers noted."""
    row_id = row["duration_id"]
    fit = make_fit(row["spread"], facts, ledger)
    first = fit.fact_ids[0] if fit.fact_ids else ""
    basis = "assumption" if fit.is_assumed else "derived"
    noted = Parameter("", fit.spread_factor, basis, first, "", fit.low, fit.high, fit.words)
    made: dict[str, object] = {
        name: row[name] for name in ("duration_id", "activity", "media", "terminal_kinds", "family", "note")
    }
    made |= {
        "spread_factor": ledger.note(TABLE, row_id, "spread_factor", noted),
        "least_factor": ledger.take(TABLE, row_id, "least_factor", row["least"]),
        "fit": fit.words,
        "fact_ids": ";".join(
            sorted({*fit.fact_ids, *filter(None, ledger.list_facts(TABLE, row_id).split(";"))})
        ),
    }
    if fit.sample_count:
        counted = Parameter(
            "", fit.sample_count, "derived", first, "", math.nan, math.nan, "Facts of the fit"
        )
        made["sample_count"] = ledger.note(TABLE, row_id, "sample_count", counted)
    return made


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of the families of times.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages; not read.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``duration`` and ``value``.
    """
    del inputs
    ledger = Ledger(read_parameters(facts))
    rows = [make_row(row, facts, ledger) for row in read_rows(CURATED / "duration.csv")]
    return {TABLE: pd.DataFrame(rows), "value": ledger.make_table()}
