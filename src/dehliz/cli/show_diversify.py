"""Puts the diversity of ways on the screen: ways that share nothing, cuts, concentration."""

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console

from dehliz.base.errors import say_count
from dehliz.base.rows import each_row
from dehliz.cli.show import days, make_console, make_table, whole

if TYPE_CHECKING:
    from dehliz.disruption.diversify import Diversity

_STATUS = {"no_way": "No way.", "not_converged": "Not converged."}
_BY = {
    "corridor": "corridor", "country": "country", "transit": "transit", "passage": "passage",
    "operator": "operator",
}  # fmt: skip
_MEASURE = {"through": "t", "work": "tkm"}


def diversity_text(answer: "Diversity") -> None:
    """The answer in tables of at most 100 columns, its status first."""
    console = make_console()
    if answer.status != "ok":
        console.print(f"{_STATUS[answer.status]} {answer.reason}", style="bold")
    if "cut" in answer.tables:
        _ways(console, answer)
        _cuts(console, answer)
    if "diversification" in answer.tables:
        _concentration(console, answer)
    if "diversification" in answer.tables:
        console.print(
            "H: sum of squared shares; 1/H: as many equal parts are as concentrated; passes: cargo whose way passes "
            "the largest; known: cargo (t) or work (tkm) on such things at all",
            style="dim",
        )
    for note in answer.notes:
        console.print(f"Note: {note}", style="dim")


def _asked(answer: "Diversity") -> str:
    left_out = [*answer.avoid_ids, *answer.without_ids]
    return f"{answer.from_id} to {answer.to_id}, {answer.year}" + (
        f" without {', '.join(left_out)}" if left_out else ""
    )


def _ways(console: Console, answer: "Diversity") -> None:
    for head in each_row(answer.tables["disjoint"]):
        nothing = {"section": "no section", "node": "no node"}[head.shares]
        proof = "no more exist" if head.way_count == head.most_count else f"at most {head.most_count} exist"
        console.print(f"{_asked(answer)}: ways that share {nothing}: {head.way_count}; {proof}", style="bold")
        ways = answer.tables["disjoint_way"]
        ways = ways[ways["shares"] == head.shares]
        if len(ways):
            table = make_table(
                ("#", "corridor", "from - to", "countries", "narrowest"), ("days", "km", "t/d")
            )
            for way in each_row(ways):
                table.add_row(
                    str(way.option), way.corridor_name, f"{way.origin_id} - {way.destination_id}",
                    str(way.country_ids).replace(";", " "), way.narrowest_name or "not known", days(way.time_h),
                    whole(way.length_km), whole(way.capacity_t_d),
                )  # fmt: skip
            console.print(table)
        console.print()


def _cuts(console: Console, answer: "Diversity") -> None:
    for cut in each_row(answer.tables["cut"]):
        console.print(_say_cut(cut), style="bold")
        rows = answer.tables["cut_section"]
        rows = rows[rows["kind"] == cut.kind]
        if len(rows):
            table = make_table(("section", "mode", "in"), ("t/d", "kTEU/a", "of it there t/d", "basis"))
            for row in each_row(rows):
                teu = "-" if pd.isna(row.capacity_teu_a) else f"{row.capacity_teu_a / 1e3:,.0f}"
                table.add_row(
                    row.name, str(row.mode_id).replace("_", " "), row.country_id, whole(row.capacity_t_d), teu,
                    whole(row.background_t_d), row.basis or "not known",
                )  # fmt: skip
            console.print(table)
        console.print()


def _say_cut(cut: Any) -> str:
    title = (
        f"The {'least capacity that cuts' if cut.kind == 'capacity' else 'fewest sections that cut'} it off"
    )
    if not cut.is_separable:
        return f"{title}: nothing does"
    if cut.section_count == 0:
        return f"{title}: none, it is cut off"
    boxes = "" if pd.isna(cut.known_teu_a) else f" or {cut.known_teu_a / 1e3:,.0f} thousand TEU a year"
    known = f"{cut.known_t_d:,.0f} t a day{boxes}"
    if cut.uncapped_count == 0:
        return f"{title}: {say_count(cut.section_count, 'section')}, {known}"
    if cut.uncapped_count == cut.section_count:
        return f"{title}: {say_count(cut.section_count, 'section')}, of which no capacity is known"
    return (
        f"{title}: {say_count(cut.section_count, 'section')}; of {cut.uncapped_count} no capacity is known, the others "
        f"{known}"
    )


def _concentration(console: Console, answer: "Diversity") -> None:
    rows = answer.tables["diversification"]
    whole_scope = rows[rows["scope"] != "market"]
    for scope_id in dict.fromkeys(whole_scope["scope_id"]):
        chosen = whole_scope[whole_scope["scope_id"] == scope_id]
        volume = chosen.loc[chosen["of"] == "flow", "volume_t_a"].max()
        name = "all cargo" if scope_id == "all" else scope_id
        console.print(
            f"Concentration of {name}, {answer.year}, {volume / 1e6:,.1f} Mt: as it goes, and as it could go",
            style="bold",
        )
        _scope(console, chosen)
        console.print()
    markets = rows[(rows["scope"] == "market")]
    if len(markets):
        console.print("Markets: H as it goes and as it could go, and what most of it passes", style="bold")
        _markets(console, markets)
        console.print()


def _scope(console: Console, rows: pd.DataFrame) -> None:
    """One line for each kind of thing: as it goes, and as it could go."""
    table = make_table(
        ("by", "of", "largest", "could go, largest"),
        ("H", "1/H", "share", "passes", "known", "H", "1/H", "share"),
    )
    keyed = {(row.of, row.by, row.measure): row for row in each_row(rows)}
    for by, measure in dict.fromkeys((by, measure) for _, by, measure in keyed):
        flow, route = (keyed.get((of, by, measure)) for of in ("flow", "route"))
        table.add_row(
            _BY[by], _MEASURE[measure], flow.largest_id if flow else "-", route.largest_id if route else "-",
            *_numbers(flow, full=True), *_numbers(route, full=False),
        )  # fmt: skip
    console.print(table)


def _numbers(row: Any, full: bool) -> list[str]:
    if row is None:
        return ["-"] * (5 if full else 3)
    numbers = [f"{row.herfindahl_share:.2f}", f"{row.equal_count:.1f}", f"{row.largest_share:.0%}"]
    return [*numbers, f"{row.reliance_share:.0%}", f"{row.covered_share:.0%}"] if full else numbers


def _markets(console: Console, rows: pd.DataFrame) -> None:
    table = make_table(
        ("market", "corridor", "transit"), ("H goes", "could", "H transit", "could", "passes it", "Mt")
    )
    through = rows[rows["measure"] == "through"]
    keyed = {(row.scope_id, row.of, row.by): row for row in each_row(through)}
    for market in dict.fromkeys(row for row, _, _ in keyed):
        cells = [keyed.get((market, of, by)) for by in ("corridor", "transit") for of in ("flow", "route")]
        numbers = ["-" if one is None else f"{one.herfindahl_share:.2f}" for one in cells]
        corridor, transit = cells[0], cells[2]
        table.add_row(
            market, corridor.largest_id if corridor else "-", transit.largest_id if transit else "-", *numbers,
            f"{transit.reliance_share:.0%}" if transit else "-",
            f"{corridor.volume_t_a / 1e6:,.2f}" if corridor else "-",
        )  # fmt: skip
    console.print(table)
