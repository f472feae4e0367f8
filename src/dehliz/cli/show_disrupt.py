"""Puts an event on the screen: with and without, who gains and loses, the way back; and historic events replayed."""

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console

from dehliz.base.rows import each_row
from dehliz.cli.show import days, make_console, make_table, whole

if TYPE_CHECKING:
    from dehliz.disruption.disrupt import Disruption
    from dehliz.validation.events import History

SHOWN_COUNT = 8
"""Rows of each kind that the screen shows; --json has all."""
SHOWN_DAYS = 24
MEGA, KILO = 1e6, 1e3
_STATUS = {"not_converged": "Not converged.", "not_cleared": "Not cleared."}
_VERDICT = {"met": "met", "order": "order", "missed": "missed", "untold": "not told", "set": "set"}
_KIND = {
    "border": "Borders", "port": "Ports", "line": "Lines", "section": "Sections", "passage": "Passages",
}  # fmt: skip


def disruption_text(answer: "Disruption") -> None:
    """The answer in tables of at most 100 columns, its status first."""
    console = make_console()
    if answer.status != "ok":
        console.print(f"{_STATUS[answer.status]} {answer.reason}", style="bold")
    lasts = "for good" if answer.duration_d is None else f"for {answer.duration_d:g} days"
    console.print(f"{answer.name}, {answer.year}, {lasts}", style="bold")
    _totals(console, answer.tables["beside_total"])
    _corridors(console, answer.tables["beside_corridor"])
    _countries(console, answer.tables["beside_country"])
    _flows(console, answer.tables["beside_flow"])
    _concentration(console, answer.tables["beside_concentration"])
    if "recovery_day" in answer.tables:
        _recovery(console, answer.tables)
    for note in answer.notes:
        console.print(f"Note: {note}", style="dim")


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "-" if math.isnan(value) else "never"
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 4
    return f"{value:,.{digits}f}" if size > 0.0 else "0"


def _totals(console: Console, rows: pd.DataFrame) -> None:
    table = make_table(("a day, without end", "unit"), ("as it is", "with the change", "change"))
    for row in each_row(rows):
        table.add_row(
            row.measure, row.unit, _number(row.value), _number(row.value_after), _number(row.change)
        )
    console.print(table)


def _corridors(console: Console, rows: pd.DataFrame) -> None:
    console.print()
    console.print("Corridors, thousand tonnes a year; days and USD/t are means of their cargo", style="bold")
    table = make_table(
        ("corridor",), ("as it is", "after", "change", "share", "after", "days", "after", "USD/t", "after")
    )
    for row in each_row(rows):
        table.add_row(
            row.corridor_name, _kilo(row.volume_t_a), _kilo(row.volume_after_t_a), _kilo(row.change_t_a),
            f"{row.volume_share:.2%}", f"{row.volume_after_share:.2%}", days(row.time_h), days(row.time_after_h),
            whole(row.cost_usd_t), whole(row.cost_after_usd_t),
        )  # fmt: skip
    console.print(table)


def _kilo(value_t_a: float) -> str:
    return f"{value_t_a / KILO:,.1f}"


def _countries(console: Console, rows: pd.DataFrame) -> None:
    console.print()
    console.print("Countries whose trade gains or loses most, or whose transit changes most", style="bold")
    transit = (rows["transit_after_t_a"] - rows["transit_t_a"]).abs()
    chosen = set(rows["gain_usd_d"].abs().nlargest(SHOWN_COUNT).index) | set(transit.nlargest(4).index)
    table = make_table(
        ("country",),
        ("USD/d gained", "kt/a transit", "after", "Mtkm/a transit", "after"),
    )
    shown = rows.loc[sorted(chosen, key=lambda at: (-abs(rows.loc[at, "gain_usd_d"]), at))]
    for row in each_row(shown):
        table.add_row(
            row.name, whole(row.gain_usd_d), _kilo(row.transit_t_a), _kilo(row.transit_after_t_a),
            f"{row.transit_tkm_a / MEGA:,.0f}", f"{row.transit_after_tkm_a / MEGA:,.0f}",
        )  # fmt: skip
    console.print(table)


def _flows(console: Console, rows: pd.DataFrame) -> None:
    for kind, title in _KIND.items():
        mine = rows[rows["kind"] == kind].head(5)
        if len(mine):
            console.print()
            console.print(f"{title} whose flow changes most, thousand tonnes a year", style="bold")
            table = make_table(("", "id"), ("as it is", "after", "change"))
            for row in each_row(mine):
                table.add_row(
                    row.name, row.element_id, _kilo(row.volume_t_a), _kilo(row.volume_after_t_a),
                    _kilo(row.change_t_a),
                )  # fmt: skip
            console.print(table)


def _concentration(console: Console, rows: pd.DataFrame) -> None:
    console.print()
    console.print("Concentration of all cargo (sum of squared shares)", style="bold")
    table = make_table(("by", "largest", "after"), ("as it is", "after", "largest share", "after"))
    for row in each_row(rows[rows["segment_id"] == "all"]):
        table.add_row(
            row.by, row.largest_id, row.largest_after_id, f"{row.herfindahl_share:.4f}",
            f"{row.herfindahl_after_share:.4f}", f"{row.largest_share:.2%}", f"{row.largest_after_share:.2%}",
        )  # fmt: skip
    console.print(table)


def _recovery(console: Console, tables: dict[str, pd.DataFrame]) -> None:
    console.print()
    console.print("The event and the way back", style="bold")
    table = make_table(("", "unit"), ("value",))
    for row in each_row(tables["recovery_total"]):
        table.add_row(row.measure, row.unit, _number(row.value))
    console.print(table)
    _days(console, tables["recovery_day"])
    _bearers(console, tables["recovery_country"])


def _days(console: Console, rows: pd.DataFrame) -> None:
    step = max(1, -(-len(rows) // SHOWN_DAYS))
    every = "" if step == 1 else f", one of {step} rows"
    console.print()
    console.print(f"Day by day{every}", style="bold")
    table = make_table(
        ("days",), ("back", "t/d come", "t/d gone", "t waiting", "USD/d lost", "of it waiting", "performance")
    )
    for row in each_row(rows.iloc[::step]):
        table.add_row(
            f"{row.start_d:g} - {row.end_d:.4g}", f"{row.back_share:.0%}", whole(row.came_t_d), whole(row.gone_t_d),
            whole(row.waiting_t), whole(row.loss_usd_d), whole(row.waiting_loss_usd_d), f"{row.performance_share:.1%}",
        )  # fmt: skip
    console.print(table)


def _bearers(console: Console, rows: pd.DataFrame) -> None:
    console.print()
    console.print("Who bears it, the whole event", style="bold")
    table = make_table(("country",), ("USD lost",))
    for row in each_row(rows.head(SHOWN_COUNT)):
        table.add_row(row.name, whole(row.loss_usd))
    console.print(table)


def history_text(made: "History") -> None:
    """Reported figures, event by event, with the model's beside them."""
    console = make_console()
    counts = made.event_check["verdict"].value_counts()
    told = ", ".join(f"{counts.get(key, 0)} {word}" for key, word in _VERDICT.items())
    console.print(f"{len(made.event_check)} reported figures: {told}", style="bold")
    for name in made.event_check["event_name"].unique():
        rows = made.event_check[made.event_check["event_name"] == name]
        first = rows.iloc[0]
        status = made.statuses[str(first["scenario"])]
        suffix = "" if status == "converged" else ", not converged"
        console.print()
        console.print(f"{name}, on {first['year']}{suffix}", style="bold")
        console.print(_events(rows))
    console.print()
    console.print(
        "met: in the range widened by a quarter, or between half and twice; order: same sign, within tenfold; set: the "
        "scenario says it; *: other causes worked too",
        style="dim",
    )


def _events(rows: pd.DataFrame) -> Any:
    table = make_table(("figure",), ("model", "reported", "unit"))
    table.add_column("verdict")
    table.add_column("why", overflow="fold")
    for row in each_row(rows):
        name = f"{row.measure}{'' if row.is_direct else ' *'}"
        table.add_row(
            name, _number(row.model_value), _number(row.value), row.unit, _VERDICT[row.verdict], row.reason
        )
    return table
