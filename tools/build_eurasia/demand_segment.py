"""Makes the segments: what a tonne of each is worth, and what an hour of delay costs it.

The value of time is computed in the open: value of the cargo times the share of it that a year costs, interest and
loss of value together, over the hours of a year. ``curated/segment.csv`` holds both, each with its source or its range.
``economy.py`` calls this.
"""

from collections.abc import Iterator
from typing import Final

from tools.build_eurasia.write import format_number

HOURS_PER_YEAR: Final = 8760.0
PLACES: Final = 5
Row = dict[str, str]
KEPT: Final = ("segment_id", "name", "load_unit", "t_per_teu_factor", "mode_ids", "value_usd_t")


def find_value_of_time(value_usd_t: float, rate_share: float) -> float:
    """What an hour costs a tonne [USD/t/h].

    Parameters
    ----------
    value_usd_t : float
        Value of the cargo [USD/t].
    rate_share : float
        Share of it that a year costs: interest and loss of value.

    Notes
    -----
    ``value_usd_t * rate_share / 8760``.

    Examples
    --------
    >>> find_value_of_time(8760.0, 0.1)
    0.1
    """
    return round(value_usd_t * rate_share / HOURS_PER_YEAR, PLACES if rate_share < 1 else PLACES - 1)


def make_segments(rows: list[Row]) -> list[Row]:
    """Rows of the table ``segment`` from the curated ones."""
    return [
        {column: row[column] for column in KEPT}
        | {"value_of_time_usd_t_h": _time_text(row), "fact_ids": ";".join(list_facts(row))}
        for row in rows
    ]


def list_facts(row: Row) -> list[str]:
    """Facts that a curated row leans on, sorted."""
    cells = (row["t_per_teu_fact_id"], row["value_fact_ids"], row["rate_fact_id"])
    return sorted({fact_id for cell in cells for fact_id in cell.split(";") if fact_id})


def _time_text(row: Row) -> str:
    return format_number(find_value_of_time(float(row["value_usd_t"]), float(row["rate_share"])))


def explain_segments(rows: list[Row]) -> Iterator[Row]:
    """Rows of the table ``value``: where tonnes per TEU, value and value of time come from."""
    for row in rows:
        if row["t_per_teu_factor"]:
            yield _explain_box(row)
        first, *others = row["value_fact_ids"].split(";")
        named = {"fact_id": first, "rival_fact_ids": ";".join(others)}
        ends = {"low": row["value_low"], "high": row["value_high"]}
        yield _make(
            row, "value_usd_t", row["value_usd_t"], row["value_basis"], row["value_rule"], **named, **ends
        )
        yield _explain_time(row)


def _explain_box(row: Row) -> Row:
    number = float(row["t_per_teu_factor"])
    is_assumed = row["t_per_teu_basis"] == "assumption"
    ends = {"low": format_number(number / 2), "high": format_number(number * 1.5)} if is_assumed else {}
    return _make(
        row, "t_per_teu_factor", row["t_per_teu_factor"], row["t_per_teu_basis"], row["t_per_teu_rule"],
        fact_id=row["t_per_teu_fact_id"], **ends,
    )  # fmt: skip


def _explain_time(row: Row) -> Row:
    value, rate = float(row["value_usd_t"]), float(row["rate_share"])
    low = find_value_of_time(float(row["value_low"] or value), float(row["rate_low"]))
    high = find_value_of_time(float(row["value_high"] or value), float(row["rate_high"]))
    is_derived = row["value_basis"] == "derived" and row["rate_fact_id"] == "time_added-0001"
    rule = (
        f"{value:g} USD/t times {rate:.0%} a year over 8 760 hours; the rate: {row['rate_rule']}, "
        f"between {float(row['rate_low']):.0%} and {float(row['rate_high']):.0%}"
    )
    return _make(
        row, "value_of_time_usd_t_h", _time_text(row), "derived" if is_derived else "assumption", rule,
        fact_id=row["rate_fact_id"], low=format_number(low), high=format_number(high),
    )  # fmt: skip


def _make(row: Row, column: str, value: str, basis: str, rule: str, **more: str) -> Row:
    named = {"table_name": "segment", "row_id": row["segment_id"], "column_name": column}
    empty = {"fact_id": "", "rival_fact_ids": "", "low": "", "high": ""}
    return named | {"value": value, "basis": basis, "rule": rule} | empty | more
