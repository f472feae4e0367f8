"""Puts a forecast on the screen: its status, bands by scenario and year, published forecasts, the past."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Console

from dehliz.base.errors import say_count
from dehliz.base.rows import each_row
from dehliz.cli.show import make_console, make_table

MEGA = 1e6
KILO = 1e3
BY_SEGMENT = "titr_"
NOT_SEGMENTS = ("titr_boxes",)
SERIES_TITLE = (
    ("titr", "Trans-Caspian route, million tonnes a year"),
    ("titr_boxes", "Boxes of the route, thousand TEU a year"),
    ("btk", "Baku - Tbilisi - Kars railway, million tonnes a year"),
)
METHOD_TITLE = {"model": "model", "anchored": "anchored", "last_year": "last year", "trend": "trend"}


def forecast_text(document: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> None:
    """The answer in tables of at most 100 columns, its status first."""
    console = make_console()
    state = "Converged" if document["status"] == "converged" else "Not converged"
    console.print(
        f"{state}: {document['assignments']:,} assignments, {say_count(document['draws'], 'draw')}, "
        f"seed {document['seed']}, relative gap {document['target_gap_share']:g}",
        style="bold",
    )
    if document["reason"]:
        console.print(f"Not complete: {document['reason']}", style="bold")
    names = dict(
        zip(tables["forecast_scenario"]["scenario_id"], tables["forecast_scenario"]["name"], strict=True)
    )
    series = {one["series_id"]: one for one in document["series"]}
    for series_id, title in SERIES_TITLE:
        _bands(console, tables["forecast"], series[series_id], title, names, int(document["base_year"]))
    _segments(console, tables["forecast"], names)
    _references(console, tables["forecast_comparison"])
    if "forecast_error" in tables:
        _errors(console, tables["forecast_error"])


def _bands(
    console: Console,
    forecast: pd.DataFrame,
    series: Mapping[str, Any],
    title: str,
    names: Mapping[str, str],
    base_year: int,
) -> None:
    """Median and band of one series, anchored where it can be."""
    rows = forecast[forecast["series_id"] == series["series_id"]]
    is_anchored = bool(rows["anchored_median_t_a"].notna().all())
    prefix = "anchored_" if is_anchored else ""
    unit_t = float(rows["t_per_teu_factor"].iloc[0])
    divisor = MEGA if pd.isna(unit_t) else unit_t * KILO
    years = sorted(set(rows["year"].tolist()))
    table = make_table(("scenario",), tuple(str(year) for year in years))
    for scenario_id, group in rows.groupby("scenario_id", sort=False):
        cells = [_band(row, prefix, divisor) for row in each_row(group.sort_values("year"))]
        table.add_row(names[str(scenario_id)], *cells)
    console.print()
    console.print(f"{title}: median, 10% to 90%", style="bold")
    console.print(_say_basis(series, is_anchored, divisor, base_year), style="dim")
    console.print(table)


def _say_basis(series: Mapping[str, Any], is_anchored: bool, divisor: float, base_year: int) -> str:
    model = series["base_model_t_a"] / divisor
    observed = series["base_observed_t_a"]
    if observed is None:
        return f"As modelled ({model:,.2f} in {base_year}, for which no count of the whole year was found)"
    counted = f"{observed / divisor:,.2f} counted in {base_year}"
    if is_anchored:
        return f"Anchored: {counted} times the growth of the model, which has {model:,.2f} for that year"
    return f"As modelled: too far from the {counted} to be anchored, with {model:,.2f}"


def _band(row: Any, prefix: str, divisor: float) -> str:
    low, median, high = (getattr(row, f"{prefix}{name}_t_a") / divisor for name in ("low", "median", "high"))
    digits = 2 if high < 10.0 else 1 if high < 100.0 else 0
    return f"{median:,.{digits}f} {low:,.{digits}f}-{high:,.{digits}f}"


def _segments(console: Console, forecast: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Segments of the route in the first scenario, as modelled."""
    first = str(forecast["scenario_id"].iloc[0])
    is_mine = (forecast["scenario_id"] == first) & forecast["series_id"].str.startswith(BY_SEGMENT)
    rows = forecast[is_mine & ~forecast["series_id"].isin(NOT_SEGMENTS)]
    years = sorted(set(rows["year"].tolist()))
    table = make_table(("segment",), tuple(str(year) for year in years))
    for series_id, group in rows.groupby("series_id", sort=True):
        name = str(series_id).removeprefix(BY_SEGMENT).replace("_", " ")
        table.add_row(name, *(_band(row, "", MEGA) for row in each_row(group.sort_values("year"))))
    console.print()
    console.print(
        f"Trans-Caspian route by segment, {names[first]}, million tonnes a year, as modelled", style="bold"
    )
    console.print(table)


def _references(console: Console, rows: pd.DataFrame) -> None:
    """What others say beside ours."""
    table = make_table(("published", "kind"), ("Mt", "our year", "ours Mt", "10% to 90%", ""))
    for row in each_row(rows):
        table.add_row(
            row.name, row.kind, f"{row.volume_t_a / MEGA:,.2f}", str(row.own_year), f"{row.median_t_a / MEGA:,.2f}",
            f"{row.low_t_a / MEGA:,.2f}-{row.high_t_a / MEGA:,.2f}", "anchored" if row.is_anchored else "modelled",
        )  # fmt: skip
    console.print()
    console.print("Published forecasts and targets beside the central scenario", style="bold")
    console.print(table)


def _errors(console: Console, rows: pd.DataFrame) -> None:
    """How well the same model did on the past, and where a naive forecast did better."""
    has_rival = rows[["last_year_error_factor", "trend_error_factor"]].notna().any(axis=1)
    shown = rows[has_rival]
    table = make_table(("from", "series"), ("years", *METHOD_TITLE.values(), "nearest"))
    for row in each_row(shown):
        errors = (getattr(row, f"{name}_error_factor") for name in METHOD_TITLE)
        cells = ["-" if pd.isna(error) else f"{error:.2f}" for error in errors]
        table.add_row(str(row.base_year), row.series_id, str(row.year_count), *cells, METHOD_TITLE[row.best])
    console.print()
    console.print(
        "Tried on the past: mean absolute log error (0.1 is 10%, 0.69 a factor of two)", style="bold"
    )
    console.print(
        "Growth and capacities as they came; all but the model alone know the last count", style="dim"
    )
    console.print(table)
    naive = shown[shown["best"].isin(["last_year", "trend"])]
    told = ", ".join(f"{row.series_id} from {row.base_year}" for row in each_row(naive))
    console.print(f"A naive forecast is nearest for: {told or 'none'}", style="bold")
    if len(shown) < len(rows):
        count = len(rows) - len(shown)
        console.print(f"{count} more rows have no count in those years; --json has them", style="dim")
