"""Puts a ranking of what is worth most on the screen."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from rich.console import Console
from rich.table import Table

from dehliz.base.rows import each_row
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.cli.show import make_console

BEARER_COUNT: Final = 8
PAIR_COUNT: Final = 10
MILLION: Final = 1e6
KILO: Final = 1e3
MEASURE: Final = {
    "others": "loss of countries where it does not lie",
    "net": "loss of all less what others gain",
    "transit": "loss of cargo that only passes its countries",
}
PLACE: Final = {"others": "to the rest", "net": "net", "transit": "in transit"}


def criticality_text(document: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], top: int) -> None:
    """The ranking, who bears the first, the watched countries, pairs, what the figures mean."""
    console = make_console()
    losses = tables["criticality"]
    _say_head(console, document)
    if not len(losses):
        console.print("Nothing of these kinds carries cargo: nothing is lost when it fails.")
        return
    console.print(_rank(losses.head(top)))
    if len(losses) > top:
        console.print(f"{len(losses) - top} more; --top or --json shows them", style="dim italic")
    _say_bearers(console, losses, tables["criticality_bearer"])
    _say_watched(console, document, tables)
    _say_pairs(console, tables["criticality_pair"])
    _say_notes(console, document)


def _say_head(console: Console, document: Mapping[str, Any]) -> None:
    what = f", {document['scenario']}" if document["scenario"] else ""
    console.print(
        f"Each of {document['used']} things that carry cargo shut for {document['days']:g} days, "
        f"{document['year']}{what}; by {MEASURE[document['by']]}",
        style="bold",
    )
    if document["status"] != "converged":
        console.print(f"Not converged: {document['reason'] or 'the network as it is has not'}.", style="bold")


def _million(value: float) -> str:
    return f"{value / MILLION:,.2f}" if round(abs(value) / MILLION, 2) else "0.00"


def _per_tonne(value: float, volume_t_d: float) -> str:
    return f"{value / volume_t_d:,.0f}" if volume_t_d > 0.0 else "-"


def _rank(rows: pd.DataFrame) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    table.add_column("name", overflow="fold", min_width=12)
    for title in ("Mt/a", "rest", "net", "+h/t", "tCO2e", "held", "no way"):
        table.add_column(title, justify="right", no_wrap=True)
    for row in each_row(rows):
        table.add_row(
            str(row.rank_count), row.kind, row.name, f"{row.volume_t_d * DAYS_PER_YEAR / MILLION:,.1f}",
            _million(row.others_usd_d), _million(row.net_usd_d), _per_tonne(row.extra_time_t_h_d, row.volume_t_d),
            f"{row.extra_emission_tco2e_d:,.0f}", f"{row.held_t_d / KILO:,.1f}", f"{row.cut_share:.0%}",
        )  # fmt: skip
    return table


def _say_bearers(console: Console, losses: pd.DataFrame, bearers: pd.DataFrame) -> None:
    first = losses.iloc[0]
    is_first = (bearers["kind"] == first["kind"]) & (bearers["element_id"] == first["element_id"])
    own = bearers[is_first].sort_values("net_usd_d", ascending=False, kind="stable").head(BEARER_COUNT)
    words = ", ".join(f"{row.country_id} {_million(row.net_usd_d)}" for row in each_row(own))
    console.print()
    console.print(f"Who bears {first['name']}, M USD/d: {words}")


def _say_watched(console: Console, document: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> None:
    """Place of each watched country among countries, its worst part, and what it bears when the first ten fail."""
    losses, bearers = tables["criticality"], tables["criticality_bearer"]
    countries = losses[losses["kind"] == "country"]["element_id"].tolist()
    for country_id in document["watched"]:
        parts = []
        if country_id in countries:
            row = losses[(losses["kind"] == "country") & (losses["element_id"] == country_id)].iloc[0]
            place = f"{countries.index(country_id) + 1} of {len(countries)} countries"
            parts.append(
                f"{place} ({_million(row['others_usd_d'])} M USD/d to the rest, {_million(row['net_usd_d'])} in all)"
            )
        within = losses[
            [
                country_id in str(ids).split(";") and kind != "country"
                for ids, kind in zip(losses["country_ids"], losses["kind"], strict=True)
            ]
        ]
        if len(within):
            best = within.iloc[0]
            parts.append(
                f"first in it: {best['name']} ({best['kind']}, place {best['rank_count']}, "
                f"{_million(best['others_usd_d'])})"
            )
        own = bearers[(bearers["country_id"] == country_id)].sort_values(
            "net_usd_d", ascending=False, kind="stable"
        )
        away = own[own["element_id"] != country_id]
        if len(away):
            worst = away.iloc[0]
            parts.append(
                f"it loses most by {worst['kind']} {worst['element_id']} ({_million(worst['net_usd_d'])})"
            )
        console.print(f"{country_id}: {'; '.join(parts) or 'nothing of these kinds touches it'}")


def _say_pairs(console: Console, pairs: pd.DataFrame) -> None:
    if not len(pairs):
        return
    console.print()
    console.print("Two at once, M USD/d: to the rest, net, and net beyond both alone", style="bold")
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("both", overflow="fold")
    for title in ("rest", "net", "beyond", "no way"):
        table.add_column(title, justify="right", no_wrap=True)
    for row in each_row(pairs.head(PAIR_COUNT)):
        table.add_row(
            str(row.rank_count), row.name, _million(row.others_usd_d), _million(row.net_usd_d),
            _million(row.beyond_usd_d), f"{row.cut_share:.0%}",
        )  # fmt: skip
    console.print(table)


def _say_notes(console: Console, document: Mapping[str, Any]) -> None:
    half_d = 0.5 * document["days"]
    console.print()
    notes = [
        "rest, net: M USD a day while it is shut. The change of what trips expect to pay, in money and hours; half is "
        "borne at each end of a trip, and rest leaves out the countries where the thing lies.",
        f"held: thousand tonnes a day that wait for the end, {half_d:g} days on average, since going round costs more "
        "or there is no way; no way: the share of its cargo without any. Waiting is priced by the hour: what a tonne "
        "is worth when it never comes is not in it.",
        "+h/t, tCO2e: of cargo that goes, over all cargo that used it. Below 0 where the longest hauls are held.",
        f"Equilibrium by choice of corridor and route. Largest gap {document['gap_share']:.0e}, of waiting "
        f"{document['hold_gap_share']:.0e}. {document['gainers']} things are worth less than nothing: shut, "
        "they take cargo off a bottleneck (Braess).",
        f"{document['elements'] - document['used']} things of these kinds carry nothing: their loss is 0.",
    ]
    for note in notes:
        console.print(note, style="dim", markup=False)
