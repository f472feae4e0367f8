"""Tables of ``docs/background/forecast.md``: drivers, projects, scenarios; bands, published forecasts, the past."""

from functools import cache
from typing import Any, Final

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.eurasia.load import read_reference
from dehliz.study.forecast import Forecast, ForecastSettings, forecast
from dehliz.study.forecast_check import METHODS, check_forecast
from dehliz.study.forecast_drivers import Drivers, read_drivers
from tools.docs.markdown import code, table

MILLION: Final = 1e6
YEARS: Final = (2022, 2023, 2024, 2025, 2026, 2030, 2035)
"""Years of growth that the page shows; the table has all."""
KIND: Final = {"realised": "", "outlook": "°", "assumption": "*"}
SERIES: Final = (("titr", "Mt a year"), ("titr_boxes", "thousand TEU a year"), ("btk", "BTK, Mt a year"))


@cache
def _drivers() -> Drivers:
    return read_drivers()


@cache
def _forecast() -> Forecast:
    return forecast(ForecastSettings())


@cache
def _past() -> dict[str, pd.DataFrame]:
    return check_forecast(_drivers())


def make_forecast_growth() -> str:
    """Growth by region and year, with its ends where it is drawn."""
    growth = _drivers().growth
    rows = []
    for region_id, mine in growth.groupby("region_id", sort=True):
        by_year = {int(row.year): row for row in each_row(mine)}
        rows.append((code(str(region_id)), *(_say_growth(by_year[year]) for year in YEARS)))
    return table(("% a year", *(f"{year}>" for year in YEARS)), rows)


def _say_growth(row: Any) -> str:
    text = f"{row.growth_share:.1%}".removesuffix("%") + KIND[row.kind]
    if pd.isna(row.low_share):
        return text
    return f"{text} ({100 * row.low_share:.1f} to {100 * row.high_share:.1f})"


def make_forecast_markets() -> str:
    """Elasticities with their ranges and reasons."""
    name = dict(read_reference("market")[["market_id", "name"]].itertuples(index=False, name=None))
    rows = [
        (
            name[row.market_id],
            f"{row.elasticity_factor:g}",
            f"{row.low_factor:g} to {row.high_factor:g}",
            row.rule,
        )
        for row in each_row(_drivers().market)
    ]
    return table(("market", "elasticity>", "drawn from", "why"), rows)


def make_forecast_capacities() -> str:
    """Projects that change a capacity, from which year, and on what that stands."""
    plan = _drivers().capacity
    rows = []
    for (first_year, project_id, rule), mine in plan.groupby(["first_year", "project_id", "rule"], sort=True):
        row = next(each_row(mine))
        size = f"{row.capacity_t_a / MILLION:.2f}{'' if row.direction == 'both' else ' each way'}"
        ids = ", ".join(code(one) for one in mine["row_id"])
        rows.append((str(first_year), code(str(project_id)), ids, size, row.basis, str(rule)))
    return table(("from", "project", "rows", "Mt a year>", "basis", "how it was read"), rows)


def make_forecast_scenarios() -> str:
    """Scenarios and what they mean."""
    rows = [(code(row.scenario_id), row.name, row.rule) for row in each_row(_drivers().scenario)]
    return table(("scenario", "name", "what it means"), rows)


def make_forecast_bands() -> str:
    """Median and band by scenario and year, of the three series."""
    found = _forecast()
    rows = found.tables["forecast"]
    scenario = found.tables["forecast_scenario"]
    names = dict(zip(scenario["scenario_id"], scenario["name"], strict=True))
    parts = []
    for series_id, unit in SERIES:
        mine = rows[rows["series_id"] == series_id]
        is_anchored = bool(mine["anchored_median_t_a"].notna().all())
        size = mine["t_per_teu_factor"].iloc[0]
        divisor = MILLION if pd.isna(size) else 1000 * size
        lines = []
        for scenario_id, group in mine.groupby("scenario_id", sort=False):
            cells = [_say_band(row, is_anchored, divisor) for row in each_row(group.sort_values("year"))]
            lines.append((names[str(scenario_id)], *cells))
        kind = "anchored" if is_anchored else "as modelled"
        parts.append(table((f"{unit}, {kind}", *(f"{year}>" for year in found.years)), lines))
    return "\n\n".join(parts)


def _say_band(row: Any, is_anchored: bool, divisor: float) -> str:
    prefix = "anchored_" if is_anchored else ""
    low, median, high = (getattr(row, f"{prefix}{name}_t_a") / divisor for name in ("low", "median", "high"))
    digits = 2 if high < 10 else 0
    return f"**{median:.{digits}f}** {low:.{digits}f}-{high:.{digits}f}"


def make_forecast_base() -> str:
    """What the model makes of the last year observed, which is what anchoring corrects."""
    found = _forecast()
    rows = []
    for one in found.series:
        observed = one.observed_t_a.get(found.base_year)
        if observed is not None:
            model = found.base_t_a[one.series_id]
            cells = (f"{observed / MILLION:.2f}", f"{model / MILLION:.2f}", f"{model / observed - 1:+.0%}")
            rows.append((code(one.series_id), *cells))
    return table((f"{found.base_year}", "counted Mt>", "model Mt>", "error>"), rows)


def make_forecast_references() -> str:
    """What others say beside the central scenario."""
    rows = [
        (row.name, row.kind, f"{row.volume_t_a / MILLION:.2f}", str(row.own_year), f"{row.median_t_a / MILLION:.2f}",
         f"{row.low_t_a / MILLION:.2f}-{row.high_t_a / MILLION:.2f}", code(row.fact_id), row.note)
        for row in each_row(_forecast().tables["forecast_comparison"])
    ]  # fmt: skip
    titles = ("published", "kind", "Mt>", "our year", "ours Mt>", "10% to 90%", "fact", "to mind")
    return table(titles, rows)


def make_forecast_past() -> str:
    """Mean absolute log errors of series for which a naive forecast can be made, and who was nearest."""
    errors = _past()["forecast_error"]
    has_rival = errors[["last_year_error_factor", "trend_error_factor"]].notna().any(axis=1)
    rows = []
    for row in each_row(errors[has_rival]):
        cells = [getattr(row, f"{name}_error_factor") for name in METHODS]
        texts = ["" if pd.isna(cell) else f"{cell:.2f}" for cell in cells]
        rows.append(
            (str(row.base_year), code(row.series_id), str(row.year_count), *texts, row.best.replace("_", " "))
        )
    return table(("from", "series", "years>", "model>", "anchored>", "last year>", "trend>", "nearest"), rows)


def make_forecast_naive() -> str:
    """Where a naive forecast is nearest, in a sentence."""
    errors = _past()["forecast_error"]
    naive = errors[errors["best"].isin(["last_year", "trend"])]
    if not len(naive):
        return "A naive forecast is nearest nowhere."
    told = ", ".join(f"{code(row.series_id)} from {row.base_year}" for row in each_row(naive))
    return f"A naive forecast is nearest for {told}."
