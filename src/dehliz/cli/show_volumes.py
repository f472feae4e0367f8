"""Puts the volumes of a loaded freight network on the screen: status, corridors, ports, bottlenecks, published ones."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Console

from dehliz.base.errors import say_count
from dehliz.base.rows import each_row
from dehliz.cli.show import make_console, make_table

MEGA = 1e6
KILO = 1e3
SHOWN_COUNT = 10
FEW_COUNT = 5

_STATUS = {"converged": "Converged", "not_converged": "Not converged", "infeasible": "Not feasible"}


def volumes_text(document: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> None:
    """The answer in tables of at most 100 columns, its status first."""
    console = make_console()
    year = "" if document["year"] is None else f" {document['year']}"
    gap = document["relative_gap"]
    console.print(
        f"{_STATUS[document['status']]}: {document['method']}, {document['name']}"
        f"{year}, "
        f"relative gap {'-' if gap is None else f'{gap:.1e}'} after {say_count(document['iterations'], 'iteration')}, "
        f"{document['seconds_total']:.1f} s",
        style="bold",
    )
    if document["reason"]:
        console.print(f"Not complete: {document['reason']}", style="bold")
    console.print(
        f"{document['volume_t_a'] / MEGA:,.1f} Mt a year on the network, {document['unserved_t_a'] / MEGA:,.2f} Mt not "
        f"served; {document['trips']:,} flows between {document['zones']} zones"
    )
    _corridors(console, tables["corridor_flow"])
    _ports(console, tables["port_flow"])
    _bottlenecks(console, tables["bottleneck"])
    if len(tables["empty_summary"]):
        _empties(console, tables)
    if len(tables.get("volume_check", pd.DataFrame())):
        _published(console, tables["volume_check"])
    _selected(console, document)
    for note in document["notes"]:
        console.print(f"Note: {note}", style="dim", markup=False)


def _mega(value_t: float) -> str:
    return "-" if pd.isna(value_t) else f"{value_t / MEGA:,.2f}"


def _kilo(value: float) -> str:
    return "-" if pd.isna(value) or not value else f"{value / KILO:,.1f}"


def _corridors(console: Console, flow: pd.DataFrame) -> None:
    """Corridors by group of segments, the largest first."""
    boxes = flow["volume_teu_a"].where(flow["segment_id"].str.startswith("container"))
    kinds = flow.assign(teu=boxes).groupby(["corridor_id", "corridor_name"], sort=False)
    rows = kinds[["volume_t_a", "teu"]].sum().sort_values("volume_t_a", ascending=False)
    segments = flow.pivot_table(
        index="corridor_id", columns="segment_id", values="volume_t_a", aggfunc="sum", fill_value=0.0
    )
    shown = [
        name for name in ("oil", "grain", "metals", "dry_bulk", "chemicals", "wheeled") if name in segments
    ]
    table = make_table(("corridor",), ("Mt", "kTEU", *(name.replace("_", " ") for name in shown)))
    for row in each_row(rows.reset_index()):
        parts = [_mega(float(segments.loc[row.corridor_id, one])) for one in shown]
        table.add_row(row.corridor_name, _mega(row.volume_t_a), _kilo(row.teu), *parts)
    console.print()
    console.print("Corridors, million tonnes a year (boxes in thousand loaded TEU)", style="bold")
    console.print(table)


def _ports(console: Console, flow: pd.DataFrame) -> None:
    rows = flow.groupby("node_id")[["loaded_t_a", "unloaded_t_a", "volume_t_a", "volume_teu_a"]].sum()
    table = make_table(("port",), ("loaded Mt", "unloaded Mt", "kTEU"))
    for node_id, row in rows.sort_values("volume_t_a", ascending=False).head(SHOWN_COUNT).iterrows():
        table.add_row(
            str(node_id), _mega(row["loaded_t_a"]), _mega(row["unloaded_t_a"]), _kilo(row["volume_teu_a"])
        )
    console.print()
    console.print("Ports", style="bold")
    console.print(table)


def _bottlenecks(console: Console, rows: pd.DataFrame) -> None:
    console.print()
    if not len(rows):
        console.print("Bottlenecks: none; nothing is above 70% of a known capacity", style="bold")
        return
    table = make_table(("bottleneck",), ("Mt", "capacity", "full", "hours lost", "MUSD lost a year", "USD/t"))
    for row in each_row(rows.head(SHOWN_COUNT)):
        table.add_row(
            str(row.name), _mega(row.volume_t_a), _mega(row.capacity_t_a), f"{row.saturation_share:.0%}",
            f"{row.delay_h:,.1f}", f"{row.loss_usd_a / MEGA:,.1f}", f"{row.price_usd_t:,.2f}",
        )  # fmt: skip
    console.print(
        "Bottlenecks: USD/t is what one more tonne of capacity, or one tonne less, is worth", style="bold"
    )
    console.print(table)


def _empties(console: Console, tables: Mapping[str, pd.DataFrame]) -> None:
    """Pools with their largest flow of empties, and the directions that owe most for them."""
    flows = tables["empty_flow"].assign(units=lambda row: row["volume_teu_a"].fillna(row["wagon_count"]))
    largest = flows.sort_values("units", ascending=False, kind="stable").drop_duplicates("pool_id")
    ways = {row.pool_id: f"{row.origin_id} - {row.destination_id}" for row in each_row(largest)}
    pools = make_table(("empties", "largest flow"), ("loaded", "empty", "MUSD a year"))
    for row in each_row(tables["empty_summary"]):
        is_boxed = not pd.isna(row.loaded_teu_a)
        loaded = row.loaded_teu_a if is_boxed else row.loaded_wagon_count
        empty = row.empty_teu_a if is_boxed else row.empty_wagon_count
        pools.add_row(
            row.name, ways.get(row.pool_id, row.status), _kilo(loaded), _kilo(empty), _mega(row.cost_usd_a)
        )
    pairs = tables["od_result"].dropna(subset=["empty_charge_usd_t"])
    dear = pairs.sort_values("empty_charge_usd_t", ascending=False, kind="stable")
    owed = make_table(("direction that owes most", "from", "to"), ("USD/t for empties", "USD/t in all else"))
    for row in each_row(dear.drop_duplicates("class_id").head(FEW_COUNT)):
        owed.add_row(
            row.class_id, row.origin_id, row.destination_id, f"{row.empty_charge_usd_t:,.1f}", f"{row.cost_usd_t:,.1f}"
        )  # fmt: skip
    console.print()
    console.print("Empties: thousand boxes (TEU) and wagons a year that must go back", style="bold")
    console.print(pools)
    console.print(owed)


def _published(console: Console, rows: pd.DataFrame) -> None:
    table = make_table(("published", "period", "segments"), ("published Mt", "model Mt", "error"))
    for row in each_row(rows):
        table.add_row(
            str(row.scope_id), str(row.period or row.year), str(row.segment_ids).replace(";", " ") or "all",
            f"{row.observed_t / MEGA:,.3f}", f"{row.model_t / MEGA:,.3f}", f"{row.error_share:+.0%}",
        )  # fmt: skip
    console.print()
    console.print("Beside published volumes", style="bold")
    console.print(table)


def _selected(console: Console, document: Mapping[str, Any]) -> None:
    for chosen in document["selected"]:
        console.print()
        basis = "" if chosen["is_exact"] else ", ways mixed in proportion"
        console.print(
            f"Users of {chosen['select']}: {chosen['volume_t_a'] / MEGA:,.3f} Mt a year{basis}", style="bold"
        )
        table = make_table(("origin", "destination", "segment"), ("Mt a year",))
        for trip in chosen["trips"][:SHOWN_COUNT]:
            table.add_row(
                trip["origin_id"],
                trip["destination_id"],
                trip["segment_id"],
                f"{trip['volume_t_a'] / MEGA:,.3f}",
            )
        console.print(table)
        if len(chosen["trips"]) > SHOWN_COUNT:
            console.print(
                f"The largest {SHOWN_COUNT} of {len(chosen['trips']):,}; --json has all", style="dim"
            )
