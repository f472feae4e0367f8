"""The forecast tried on the past: from 2021 and from 2022, beside what came and beside two naive forecasts.

Demand of the base year grows by growth that really came, capacities are those that really were, and choices are made by
the parameters of the base year: what is tried is demand and choice, not the outlooks of that time. The file before is
``study/forecast_load.py``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.assignment.corridor_choice import choose_corridors
from dehliz.assignment.flow_tables import Loaded
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.year import prepare_year, read_choice_model
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.eurasia.load import list_demand_years, load, load_demand, load_observed
from dehliz.study.forecast_drivers import Draw, Drivers, find_ends, grow
from dehliz.study.forecast_load import LEAST_ANCHOR_SHARE
from dehliz.study.forecast_year import grow_rows, read_countries
from dehliz.validation.volumes import find_rates, model_volume_t, naive_trend

BASE_YEARS: Final = (2021, 2022)
METHODS: Final = ("model", "anchored", "last_year", "trend")
LEAST_VOLUME_T_A: Final = 1.0
"""A forecast of nothing counts as one tonne, so that its logarithm can be told."""
ALL: Final = "all"

OnStep = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Counted:
    """A published series at the rate of a year.

    Attributes
    ----------
    series_id : str
        Its id.
    row : named tuple
        A row of ``observed_volume`` that says which rows of the network answer to it.
    rate_t_a : mapping of int to float
        Volume by year; of several counts of a year the longest.
    fact_id : mapping of int to str
        The fact behind each.
    """

    series_id: str
    row: Any
    rate_t_a: Mapping[int, float]
    fact_id: Mapping[int, str]


def read_counted(observed: pd.DataFrame) -> tuple[Counted, ...]:
    """Published series that rows of the network answer to, in the order of their ids.

    Parameters
    ----------
    observed : DataFrame
        Table ``observed_volume``.
    """
    usable = observed[(observed["row_ids"] != "") & observed["volume_t"].notna()]
    found = []
    for _, rows in usable.groupby(["scope_id", "segment_ids", "unit", "direction"], sort=True):
        found_rates = find_rates(rows.sort_values("observed_id", kind="stable"))
        last = list(each_row(rows.sort_values("year", kind="stable")))[-1]
        rates = {year: rate for year, (rate, _) in found_rates.items()}
        facts = {year: fact_id for year, (_, fact_id) in found_rates.items()}
        found.append(Counted(last.observed_id.rpartition("_")[0], last, rates, facts))
    return tuple(sorted(found, key=lambda one: one.series_id))


def check_forecast(
    drivers: Drivers,
    base_years: Sequence[int] = BASE_YEARS,
    target_gap_share: float = 1e-5,
    on_step: OnStep | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables ``forecast_check`` and ``forecast_error``.

    Parameters
    ----------
    drivers : Drivers
        Growth that came, elasticities in the middle of their ranges, parameters of choice.
    base_years : sequence of int
        Last years that each forecast knows.
    target_gap_share : float
        Relative gap of each assignment.
    on_step : callable, optional
        Told what is being done and the share that is done.
    """
    tell = on_step or (lambda _step, _share: None)
    last_year = list_demand_years()[-1]
    counted = read_counted(load_observed())
    jobs = [(base, year) for base in base_years for year in range(base, last_year + 1)]
    model_t_a: dict[tuple[int, int], dict[str, float]] = {}
    for at, (base, year) in enumerate(jobs):
        tell(f"{year} as it was seen from {base}", at / len(jobs))
        loaded = _load_past(drivers, base, year, target_gap_share)
        model_t_a[base, year] = {one.series_id: model_volume_t(loaded, one.row) for one in counted}
    checks = [
        row
        for base, year in jobs
        if year > base
        for one in counted
        if (row := _check(one, base, year, model_t_a)) is not None
    ]
    table = pd.DataFrame(checks, columns=list(read_spec("forecast_check").column_names))
    return {"forecast_check": table, "forecast_error": sum_errors(table)}


def _load_past(drivers: Drivers, base: int, year: int, target_gap_share: float) -> Loaded:
    demand = load_demand(base).demand
    ends = find_ends(demand, read_countries(load(base)), drivers.region)
    factors = grow(drivers, ends, (base, year), Draw(0.5, {}, {}), "central", "central")
    problem = prepare_year(year, demand=grow_rows(demand, factors))
    settings = AssignmentSettings(method="sue", target_gap_share=target_gap_share)
    return problem.tell(choose_corridors(problem, read_choice_model(base, drivers.choice), settings))


def _check(
    one: Counted, base: int, year: int, model_t_a: Mapping[tuple[int, int], Mapping[str, float]]
) -> tuple[Any, ...] | None:
    """One row of ``forecast_check``; None where nothing was published, or the model has no answer."""
    observed = one.rate_t_a.get(year, float("nan"))
    model, then = model_t_a[base, year][one.series_id], model_t_a[base, base][one.series_id]
    if not observed > 0.0 or np.isnan(model):
        return None
    known = [known_year for known_year in one.rate_t_a if known_year <= base]
    start = one.rate_t_a.get(base, float("nan"))
    can_anchor = start > 0.0 and then >= LEAST_ANCHOR_SHARE * start
    values = {
        "model": model,
        "anchored": start * model / then if can_anchor else float("nan"),
        "last_year": one.rate_t_a[max(known)] if known else float("nan"),
        "trend": naive_trend(one.rate_t_a, year, base),
    }
    errors = {name: find_log_error(value, observed) for name, value in values.items() if not np.isnan(value)}
    best = min(errors, key=lambda name: errors[name])
    return (base, one.series_id, year, observed, *values.values(), best, one.fact_id[year])


def find_log_error(value_t_a: float, observed_t_a: float) -> float:
    """Absolute difference of two logarithms.

    Examples
    --------
    >>> round(find_log_error(2.0, 4.0), 3)
    0.693
    """
    return float(abs(np.log(max(value_t_a, LEAST_VOLUME_T_A) / max(observed_t_a, LEAST_VOLUME_T_A))))


def sum_errors(checks: pd.DataFrame) -> pd.DataFrame:
    """The table ``forecast_error``: mean absolute log errors by base year and series, and over the series.

    Parameters
    ----------
    checks : DataFrame
        Table ``forecast_check``.

    Notes
    -----
    A method that has no forecast for some year of a series has no mean there. The rows ``all`` are means over the
    series for which all methods have one, so that all are judged by the same.
    """
    errors = {
        name: [
            find_log_error(value, observed) if not np.isnan(value) else float("nan")
            for value, observed in zip(checks[f"{name}_t_a"], checks["observed_t_a"], strict=True)
        ]
        for name in METHODS
    }
    frame = checks[["base_year", "series_id"]].assign(**errors)
    rows: list[tuple[Any, ...]] = []
    for base_year, of_base in frame.groupby("base_year", sort=True):
        means = [
            (str(series_id), len(group), [float(group[name].mean(skipna=False)) for name in METHODS])
            for series_id, group in of_base.groupby("series_id", sort=True)
        ]
        rows += [(base_year, series_id, count, *mean, _find_best(mean)) for series_id, count, mean in means]
        whole = [(count, mean) for _, count, mean in means if not np.isnan(mean).any()]
        if whole:
            total = np.mean([mean for _, mean in whole], axis=0).tolist()
            rows.append((base_year, ALL, sum(count for count, _ in whole), *total, _find_best(total)))
    return pd.DataFrame(rows, columns=list(read_spec("forecast_error").column_names))


def _find_best(mean: Sequence[float]) -> str:
    return METHODS[int(np.nanargmin(mean))]
