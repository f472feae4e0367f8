"""Tables beneath the figures of a simulation: which columns are shown, under which heads, and how numbers read."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from dehliz.base.rows import to_records
from dehliz.base.units import HOURS_PER_DAY, find_suffix
from dehliz.report import numbers
from dehliz.report.markup import Child, Markup, tag
from dehliz.report.parts import fold, make_table
from dehliz.report.simulation_style import CAUSE, KIND, style_branch

MOST_ROWS: Final = 60
NOT_KNOWN: Final = "–"
Column = tuple[str, str]
TIMES: Final[tuple[Column, ...]] = (
    ("consignment_count", "Consignments"), ("is_few", "Too few to say"), ("unfinished_share", "Not through"),
    ("mean_h", "Mean"),
    ("mean_low_h mean_high_h", "Bounds"), ("median_h", "Median"), ("median_low_h median_high_h", "Bounds"),
    ("p90_h", "90%"), ("p95_h", "95%"), ("p95_low_h p95_high_h", "Bounds"),
)  # fmt: skip
CAUSES: Final[tuple[Column, ...]] = (
    ("branch", "Branch"), ("cause", "Cause"), ("time_h", "Mean"), ("time_low_h time_high_h", "Bounds"),
    ("time_share", "Share"),
)  # fmt: skip
BOTTLENECKS: Final[tuple[Column, ...]] = (
    ("wait_rank_count", "Rank"), ("wait_h_t", "Hours waited per t"), ("wait_low_h_t wait_high_h_t", "Bounds"),
    ("utilisation_share", "In use"), ("queue_count", "Waiting"), ("queue_most_count", "Most"),
    ("is_overloaded", "Overloaded"), ("since_date", "Since"),
)  # fmt: skip
SHIPS: Final[tuple[Column, ...]] = (
    ("departs", "Leaves"), ("fleet_count", "Ships"), ("departure_count", "Departures"), ("empty_count", "Empty"),
    ("part_count", "Part full"), ("load_share", "Load"), ("load_low_share load_high_share", "Bounds"),
    ("off_port_h", "Off port"), ("busy_share", "Busy"),
)  # fmt: skip
ON_TIME: Final[tuple[Column, ...]] = (
    ("promise_d", "Promised days"), ("on_time_share", "Delivered by then"), ("low_share high_share", "Bounds"),
)  # fmt: skip
CHECKS: Final[tuple[Column, ...]] = (
    ("kind", "Kind"), ("year", "Year"), ("published_low_d published_high_d", "Published days"),
    ("model_p05_d model_p95_d", "Model, 5 to 95%"), ("median_d", "Median"), ("error_share", "Error"),
    ("is_inside", "Meets the band"), ("fact_id", "Fact"),
)  # fmt: skip
STOCK: Final[tuple[Column, ...]] = (
    ("demand_t_d", "t a day"), ("mean_h", "Lead time"), ("spread_h", "Spread"), ("service_share", "Service"),
    ("stock_t", "Stock, t"), ("stock_usd", "Value, USD"), ("cost_usd_a", "USD a year"),
)  # fmt: skip


def fold_table(
    title: str, rows: pd.DataFrame, columns: Sequence[Column], *, head: str = "What", is_open: bool = False
) -> Markup:
    """A table to open on demand; nothing when there are no rows.

    Parameters
    ----------
    title : str
        What it holds.
    rows : DataFrame
        Has ``name`` and the columns.
    columns : sequence of (str, str)
        Column, or two that are a range, and its head. Columns that the table has not are left out.
    head : str
        Head of the names.
    is_open : bool
        Whether it is open at first.
    """
    if not len(rows):
        return Markup("")
    shown = [column for column in columns if all(name in rows.columns for name in column[0].split())]
    cells: list[list[Child]] = [
        [str(row["name"]), *(tell_cell(row, key) for key, _ in shown)]
        for row in to_records(rows.head(MOST_ROWS))
    ]
    left = len(rows) - MOST_ROWS
    note = (
        tag("p", f"{numbers.count(left, 'more row')} in the tables of the run.", class_="note")
        if left > 0
        else None
    )
    table = make_table(title, [head, *(words for _, words in shown)], cells, class_="small", is_sortable=True)
    return fold(f"{title} ({len(rows)})", table, note, is_open=is_open)


def tell_cell(row: dict[str, object], key: str) -> str:
    """One value, or a range of two, as people read it; the column's suffix says the unit."""
    names = key.split()
    told = [tell_value(name, row[name]) for name in names]
    if NOT_KNOWN in told:
        return NOT_KNOWN
    return told[0] if len(told) == 1 or told[0] == told[1] else f"{told[0]} to {told[1]}"


def tell_value(name: str, value: object) -> str:
    """A value by the unit of its column's name; hours are told in days, but waits at a port and per tonne."""
    if value is None or value == "":
        return NOT_KNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _tell_word(name, value)
    if name == "fleet_count" and value == 0:
        return "at hand"
    return _tell_number(name, float(value))  # type: ignore[arg-type]


def _tell_number(name: str, number: float) -> str:
    suffix = find_suffix(name) or ""
    if suffix == "_h" and not name.startswith("off_port"):
        return f"{numbers.group(number / HOURS_PER_DAY, 1)}{numbers.SPACE}d"
    if suffix == "_share":
        return numbers.percent(number, 1 if 0.0005 <= abs(number) < 0.1 else 0)
    if name.endswith("year"):
        return f"{number:.0f}"
    digits = 2 if suffix in ("_h_t", "_factor") else 0 if abs(number) >= 100 or number == round(number) else 1
    return numbers.group(number, digits) + (f"{numbers.SPACE}h" if suffix == "_h" else "")


def _tell_word(name: str, value: str) -> str:
    if name == "branch":
        return style_branch(value).name
    if name == "cause":
        return CAUSE.get(value, value)
    if name == "kind":
        return KIND.get(value, (value,))[0]
    if name == "departs":
        return {"fills": "when full", "clock": "by timetable"}.get(value, value)
    return value
