"""Puts ways of relief on the screen: all together, the fastest from each gateway, and what is cut off."""

from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console

from dehliz.base.errors import say_count
from dehliz.base.rows import each_row
from dehliz.cli.show import make_console, make_table, whole

if TYPE_CHECKING:
    from dehliz.disruption.relief import Relief

_STATUS = {"no_way": "No way.", "cut_off": "Not from everywhere."}
_WORDS = {
    "rail_1520": "rail",
    "rail_1435": "rail",
    "sea_container": "ship",
    "rail_ferry": "rail ferry",
    "roro": "ro-ro",
}


def relief_text(answer: "Relief") -> None:
    """The answer in tables of at most 100 columns, its status first."""
    console = make_console()
    if answer.status != "ok":
        console.print(f"{_STATUS[answer.status]} {answer.reason}", style="bold")
    _totals(console, answer)
    ways = answer.tables["relief_way"]
    _ways(console, ways[ways["status"].isin(["open", "longer"])])
    _lost(console, ways[ways["status"] == "cut_off"])
    never = ways[ways["status"] == "never"]
    if len(never):
        names = ", ".join(f"{row.name} ({row.country_id})" for row in each_row(never))
        console.print(f"No way before either: {names}", style="dim")
    for note in answer.notes:
        console.print(f"Note: {note}", style="dim")


def _totals(console: Console, answer: "Relief") -> None:
    console.print(f"Relief into {answer.place_id}, {answer.year}: all gateways together", style="bold")
    table = make_table(
        ("",), ("gateways", "ways that share nothing", "sections that hold it", "known t/d", "not known")
    )
    for row in each_row(answer.tables["relief_total"]):
        table.add_row(
            row.moment, str(row.gateway_count), str(row.disjoint_count), str(row.section_count),
            whole(row.known_t_d), str(row.uncapped_count),
        )  # fmt: skip
    console.print(table)
    held = answer.tables["cut_section"]
    held = held[held["kind"] == "capacity"]
    if len(held):
        told = [
            f"{row.name} ({'not known' if pd.isna(row.capacity_t_d) else f'{row.capacity_t_d:,.0f} t/d'})"
            for row in each_row(held)
        ]
        console.print(f"It is held by: {'; '.join(told)}")


def _ways(console: Console, rows: pd.DataFrame) -> None:
    if not len(rows):
        return
    console.print()
    console.print(f"{say_count(len(rows), 'gateway')} with a way, the fastest first", style="bold")
    table = make_table(("from", "", "by", "through", "narrowest"), ("hours", "before", "km", "t/d"))
    for row in each_row(rows):
        modes = dict.fromkeys(_WORDS.get(one, one) for one in str(row.mode_ids).split(";") if one)
        table.add_row(
            f"{row.name} ({row.country_id})", row.kind, ", ".join(modes), str(row.country_ids).replace(";", " "),
            row.narrowest_name or "not known", f"{row.time_h:,.0f}",
            "-" if pd.isna(row.before_time_h) else f"{row.before_time_h:,.0f}", whole(row.length_km),
            whole(row.capacity_t_d),
        )  # fmt: skip
    console.print(table)


def _lost(console: Console, rows: pd.DataFrame) -> None:
    if not len(rows):
        return
    console.print()
    console.print(f"{say_count(len(rows), 'gateway')} cut off", style="bold")
    table = make_table(("from", "", "what blocks"), ("hours before",))
    for row in each_row(rows):
        table.add_row(f"{row.name} ({row.country_id})", row.kind, row.reason, f"{row.before_time_h:,.0f}")
    console.print(table)
