"""Puts a simulation on the screen: its status, times, causes, ships, bottlenecks, and what a what-if changes."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from dehliz.base.rows import each_row
from dehliz.cli.show import days, make_console, make_table, whole
from dehliz.cli.show_beside import beside_text

SHOWN_COUNT = 8
SHOWN_PAIR_COUNT = 30
SHOWN_STOCK_COUNT = 6
LEAST_WHOLE_COUNT = 10.0
"""Fewer consignments are shown with a decimal."""
LEAST_SHOWN = 0.005
"""Differences below it are 0 as they are shown."""
CAUSE_TITLE = {
    "land": "by land", "sea": "at sea", "handle": "handled", "wait": "at terminals", "border": "border and gauge",
    "border_queue": "queue at border", "ship_full": "for a ship to fill", "ship_clock": "for a sailing",
    "berth": "for a berth", "weather": "weather", "hours": "opening hours", "path": "for a path or place",
    "wagon": "for a wagon",
}  # fmt: skip
"""Causes in the order of the tree."""
MEASURE_TITLE = {
    "mean_h": "mean days", "median_h": "median days", "p95_h": "95% days", "wait_h_t": "h/t waited",
    "departure_count": "departures",
}  # fmt: skip
"""What a what-if changes, as it is shown."""

Tables = Mapping[str, pd.DataFrame]


def simulation_text(document: Mapping[str, Any], tables: Tables) -> None:
    """The answer in tables of at most 100 columns, its status first."""
    console = make_console()
    _head(console, document)
    _times(console, tables, document)
    _causes(console, tables["simulated_cause"])
    _ships(console, tables["ship_use"])
    _bottlenecks(console, tables["simulated_bottleneck"])
    if document["pair"] is None:
        _stock(console, tables["safety_stock"])
    beside_text(console, tables)
    if "what_if" in document:
        _what_if(console, document["what_if"], tables)
    console.print()
    for note in document["notes"]:
        console.print(note, style="dim")


def say_state(status: str, reason: str) -> str:
    """Whether a system keeps up, in a sentence, and what speaks against it."""
    said = {"ok": "The system keeps up.", "too_few": "Too few to say whether the system keeps up."}
    return f"{said.get(status, 'The system cannot keep up.')} {reason}".rstrip()


def _head(console: Console, document: Mapping[str, Any]) -> None:
    console.print(say_state(document["status"], document["reason"]), style="bold")
    if document["is_settled"] is False:
        console.print("Choice and operations have not settled: more --rounds may be needed.", style="bold")
    warm = document["warm_up"]
    console.print(
        f"{document['replications']:,} replications from {str(document['start'])[:10]}, seed {document['seed']}; "
        f"{document['consignments']:,.0f} consignments each; "
        f"warm-up of {days(warm['end_h'])} days left out ({warm['method']})",
        style="dim",
    )


def _times(console: Console, tables: Tables, document: Mapping[str, Any]) -> None:
    rows = tables["simulated_time"]
    level = f"{100 * document['confidence_share']:g}%"
    odds = tables.get("on_time")
    for title, what, scopes in (
        ("Watched pairs", "from - to", ("probe",)), ("Corridors", "corridor", ("all", "corridor")),
    ):  # fmt: skip
        chosen = rows[rows["scope"].isin(scopes) & (rows["consignment_count"] > 0.0)].head(SHOWN_PAIR_COUNT)
        if chosen.empty:
            continue
        late = () if odds is None else (f"by day {odds['promise_d'].iloc[0]:g}",) if len(odds) else ()
        table = make_table((what,), ("median", f"{level} bounds", "90%", "95%", "mean", *late, "each"))
        for row in each_row(chosen):
            number = row.consignment_count
            each = whole(number) if number >= LEAST_WHOLE_COUNT else f"{number:.1f}"
            if row.is_few:
                table.add_row(f"{_name(row)}: too few to say", *("-",) * (5 + len(late)), each)
                continue
            cells = (days(row.median_h), _between(row.median_low_h, row.median_high_h), days(row.p90_h))
            least = "> " if row.unfinished_share > 0.0 else ""
            table.add_row(
                _name(row),
                *cells,
                days(row.p95_h),
                least + days(row.mean_h),
                *_odds(odds, row, bool(late)),
                each,
            )
        console.print()
        console.print(
            f"{title}: days from release to delivery; consignments that each replication observes",
            style="bold",
        )
        console.print(table)


def _name(row: Any) -> str:
    if row.scope == "all":
        return "all cargo"
    ends = f"{row.origin_id} - {row.destination_id}" if row.origin_id else ""
    return ", ".join(word for word in (ends, row.corridor_id) if word)


def _between(low: float, high: float) -> str:
    return "-" if pd.isna(low) or pd.isna(high) else f"{days(low)}-{days(high)}"


def _odds(odds: pd.DataFrame | None, row: Any, is_shown: bool) -> list[str]:
    if odds is None or not is_shown:
        return []
    key = ("scope", "corridor_id", "origin_id", "destination_id", "market_id")
    mine = odds
    for name in key:
        mine = mine[mine[name] == getattr(row, name)]
    return [f"{100 * mine['on_time_share'].iloc[0]:.0f}%" if len(mine) else "-"]


def _causes(console: Console, rows: pd.DataFrame) -> None:
    """The tree for all cargo, and for watched pairs when they are few."""
    probes = rows[rows["scope"] == "probe"]
    few = probes.groupby(["corridor_id", "origin_id", "destination_id", "market_id"], sort=False)
    groups = [("all cargo", rows[rows["scope"] == "all"])]
    if few.ngroups <= 2:
        groups = [*((f"{key[1]} - {key[2]}", part) for key, part in few), *groups]
    groups = [group for group in groups if len(group[1])]
    if not groups:
        return
    table = make_table(("days go",), tuple(word for name, _ in groups for word in (name, "bounds", "share")))
    for cause, title in CAUSE_TITLE.items():
        cells = []
        for _, part in groups:
            mine = part[part["cause"] == cause]
            row = next(iter(each_row(mine)), None)
            cells += ["", "", ""] if row is None else [
                f"{row.time_h / 24:.2f}", _fine(row.time_low_h, row.time_high_h), f"{100 * row.time_share:.0f}%",
            ]  # fmt: skip
        if any(cells):
            table.add_row(title, *cells)
    table.add_row(
        "in all", *(word for _, part in groups for word in (f"{part['time_h'].sum() / 24:.2f}", "", ""))
    )
    console.print()
    console.print("What the mean time goes to", style="bold")
    console.print(table)


def _fine(low: float, high: float) -> str:
    return "-" if pd.isna(low) else f"{max(low, 0.0) / 24:.2f}-{high / 24:.2f}"


def _ships(console: Console, rows: pd.DataFrame) -> None:
    rows = rows[rows["departure_count"] >= 1.0]
    if rows.empty:
        return
    table = make_table(("quay",), ("left", "empty", "part full", "load", "wait off port h", "busy"))
    for row in each_row(rows):
        table.add_row(
            row.name, whole(row.departure_count), whole(row.empty_count), whole(row.part_count),
            _percent(row.load_share), "-" if pd.isna(row.off_port_h) else f"{row.off_port_h:.1f}",
            _percent(row.busy_share),
        )  # fmt: skip
    console.print()
    console.print("Ships: departures in the time observed", style="bold")
    console.print(table)


def _percent(share: float) -> str:
    return "-" if pd.isna(share) else f"{100 * share:.0f}%"


def _bottlenecks(console: Console, rows: pd.DataFrame) -> None:
    is_shown = rows["wait_rank_count"].between(1, SHOWN_COUNT) | rows["use_rank_count"].between(1, 2)
    shown = rows[is_shown | rows["is_overloaded"]].head(2 * SHOWN_COUNT)
    if shown.empty:
        return
    table = make_table(
        ("bottleneck",), ("by wait", "h/t", "bounds", "use", "by use", "queue", "most", "grows since")
    )
    for row in each_row(shown):
        table.add_row(
            row.name, str(row.wait_rank_count or "-"), f"{row.wait_h_t:.2f}",
            "-" if pd.isna(row.wait_low_h_t) else f"{max(row.wait_low_h_t, 0.0):.2f}-{row.wait_high_h_t:.2f}",
            _percent(row.utilisation_share), str(row.use_rank_count or "-"), whole(row.queue_count),
            whole(row.queue_most_count), str(row.since_date),
        )  # fmt: skip
    console.print()
    console.print("Bottlenecks: hours waited per tonne of all cargo, and use", style="bold")
    console.print(table)


def _stock(console: Console, rows: pd.DataFrame) -> None:
    """Largest safety stocks; only where their cost is known."""
    known = rows[rows["cost_usd_a"].notna()].sort_values("cost_usd_a", ascending=False, kind="stable")
    if known.empty:
        return
    table = make_table(("safety stock",), ("t a day", "days", "spread", "stock t", "USD", "USD a year"))
    for row in each_row(known.head(SHOWN_STOCK_COUNT)):
        table.add_row(
            f"{row.origin_id} - {row.destination_id}, {row.market_id}", f"{row.demand_t_d:.1f}", days(row.mean_h),
            days(row.spread_h), whole(row.stock_t), whole(row.stock_usd), whole(row.cost_usd_a),
        )  # fmt: skip
    console.print()
    share = 100 * known["service_share"].iloc[0]
    console.print(
        f"Safety stock for {share:g}% of lead times: {len(known)} cost {whole(known['cost_usd_a'].sum())} USD a year",
        style="bold",
    )
    console.print(table)


def _what(row_id: str, names: Mapping[str, str]) -> str:
    """Name of a row of differences: a resource, all cargo, or a corridor."""
    return names.get(row_id) or ("all cargo" if row_id == "all" else row_id.removeprefix("corridor:"))


def _what_if(console: Console, what_if: Mapping[str, Any], tables: Tables) -> None:
    """Times and ships that changed, those of all cargo first."""
    rows = tables["simulated_difference"]
    rows = rows[(rows["row_id"] == "all") | (rows["value_mean"].abs() >= LEAST_SHOWN)]
    names = {
        row.resource_id: row.name
        for table in ("ship_use", "simulated_bottleneck")
        for row in each_row(tables[table][["resource_id", "name"]])
    }
    is_time = (rows["kind"] == "time") & rows["measure"].isin(["mean_h", "median_h", "p95_h"])
    is_main = is_time & (rows["row_id"] == "all")
    is_clear = is_time & rows["is_clear"] & ~rows["row_id"].str.startswith("od:") & ~is_main
    others = rows["kind"].isin(["ship", "resource"]) & rows["is_clear"]
    parts = (
        rows[is_main],
        rows[is_clear].head(2 * SHOWN_COUNT),
        rows[others & rows["measure"].isin(["wait_h_t", "departure_count"])].head(SHOWN_COUNT),
    )
    table = make_difference_table(pd.concat(parts), names)
    console.print()
    console.print(f"What if: {what_if['name']}, on the same draws", style="bold")
    if what_if["status"] != "ok":
        console.print(say_state(what_if["status"], what_if["reason"]), style="bold")
    console.print(table)
    before, after = what_if["base_bottleneck"] or "none", what_if["other_bottleneck"] or "none"
    told = "as before" if before == after else f"before: {before}"
    console.print(f"First bottleneck: {after}, {told}", style="bold")


def make_difference_table(rows: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Rows of ``simulated_difference``, times in days.

    Parameters
    ----------
    rows : DataFrame
        What is shown.
    names : mapping of str to str
        What resources are called.
    """
    table = make_table(("what", "measure"), ("base", "what-if", "difference", "bounds"))
    for row in each_row(rows):
        in_days = str(row.measure).endswith("_h")
        unit = 24.0 if in_days else 1.0
        measure = MEASURE_TITLE.get(row.measure, row.measure)
        cells = [
            "-" if pd.isna(one) else f"{one / unit:{sign},.2f}"
            for one, sign in ((row.value, ""), (row.rival_value, ""), (row.value_mean, "+"))
        ]
        bounds = (
            "-"
            if pd.isna(row.value_low)
            else f"{row.value_low / unit:+,.2f} to {row.value_high / unit:+,.2f}"
        )
        table.add_row(_what(row.row_id, names), measure, *cells, bounds)
    return table
