"""Puts answers on the screen: tables that fit 100 columns, or one JSON document.

The only file that knows rich. Numbers are rounded for people here and nowhere else.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from dehliz.base.rows import each_row, to_records

if TYPE_CHECKING:
    from dehliz.routing.ask import Answer

WIDTH = 100


def make_console(is_error: bool = False) -> Console:
    """A console at most 100 columns wide; plain when the output is not a terminal.

    Names of people's own networks are shown as they are: no markup and no emoji in texts, unless asked for.
    """

    def make(width: int | None) -> Console:
        return Console(
            stderr=is_error, highlight=False, soft_wrap=False, markup=False, emoji=False, width=width
        )

    console = make(None)
    return console if console.is_terminal and console.width < WIDTH else make(WIDTH)


def make_table(left: tuple[str, ...], right: tuple[str, ...]) -> Table:
    """A table without lines: columns of words, which may be folded, then columns of numbers, which may not."""
    table = Table(box=None, pad_edge=False, show_edge=False)
    for title in left:
        table.add_column(title, overflow="fold")
    for title in right:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def dump(document: Any) -> None:
    """One JSON document on standard output; letters as escapes where the output cannot hold them."""
    is_unicode = "utf" in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    typer.echo(json.dumps(document, ensure_ascii=not is_unicode, indent=2, allow_nan=False))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table for ``dump``: what is missing or not finite is null."""
    finite = table.replace([float("inf"), float("-inf")], float("nan"))
    return to_records(finite)


def answer(result: "Answer", as_json: bool, tell: "Callable[[Console, Answer], None]") -> None:
    """An answer: as JSON, or as tables with its status first when all is not well."""
    if as_json:
        dump(result.to_document())
        return
    console = make_console()
    if result.status != "ok":
        console.print(f"[bold]{_STATUS[result.status]}[/bold] {escape(result.reason)}", markup=True)
    if len(result.table):
        tell(console, result)
    for note in result.notes:
        console.print(note, style="dim", markup=False)


_STATUS = {"no_way": "No way.", "truncated": "Not complete."}


def days(hours: float) -> str:
    """Hours as days with one decimal."""
    return "-" if pd.isna(hours) else f"{hours / 24:.1f}"


def whole(value: float) -> str:
    """A number without decimals, thousands apart."""
    return "-" if pd.isna(value) else f"{value:,.0f}"


def factor(value: float) -> str:
    """A factor with two decimals."""
    return "-" if pd.isna(value) else f"{value:.2f}"


def score(value: float) -> str:
    """A score with sign and two decimals."""
    return "-" if pd.isna(value) else f"{value:+.2f}"


def routes_text(console: Console, result: "Answer") -> None:
    """Options of ``routes``: one line each, then the legs of each."""
    print_fitting(
        console,
        lambda out: _overview(
            result, ["#", "Corridor"], lambda row: [str(row.option), row.corridor_name], out
        ),
        OVERVIEW_GIVEN_UP,
    )
    for row in each_row(result.table):
        console.print()
        console.print(f"Option {row.option}: {row.corridor_name}", style="bold")
        print_fitting(console, partial(_legs, console, result, row), LEGS_GIVEN_UP)
        fact_count = len(str(row.fact_ids).split(";")) if row.fact_ids else 0
        facts = f"Facts: {fact_count}, assumed values: {row.assumption_count}; --json names them"
        console.print(facts, style="dim italic")


def compare_text(console: Console, result: "Answer") -> None:
    """Corridors of ``compare`` side by side, then the claims."""
    print_fitting(
        console,
        lambda out: _overview(result, ["Corridor"], lambda row: [row.corridor_name], out),
        OVERVIEW_GIVEN_UP,
    )
    ways = Table(box=None, pad_edge=False, show_edge=False)
    for title in ("Corridor", "x great circle", "stability mean", "worst", "countries"):
        ways.add_column(
            title, justify="left" if title in ("Corridor", "countries") else "right", overflow="fold"
        )
    for row in each_row(result.table):
        ways.add_row(
            row.corridor_name, factor(row.compactness_factor), score(row.stability_mean_score),
            score(row.stability_worst_score), str(row.country_ids).replace(";", " "),
        )  # fmt: skip
    console.print()
    console.print(ways)
    claims = result.tables["claim"]
    if len(claims):
        console.print()
    for claim in each_row(claims):
        verdict = "holds" if claim.holds else "does not hold"
        text = f"The Middle Corridor is {claim.claim}: [bold]{verdict}[/bold] ({escape(claim.text)})"
        console.print(text, markup=True)


TITLES = ("km", "days", "95%", "moving", "handled", "waiting", "USD", "kgCO2e", "borders", "gauges", "shifts")
"""Columns of an overview; times in days, the three parts of the mean after its 95th percentile."""

OVERVIEW_GIVEN_UP = (("moving", "handled", "waiting"), ("gauges", "shifts"), ("95%", "borders"), ("kgCO2e",))
"""Columns that a narrow screen does without, the first ones first."""

LEGS_GIVEN_UP = (("kgCO2e",), ("h moving", "h handled", "h waiting"), ("in",), ("USD",))


def print_fitting(
    console: Console, make: Callable[[frozenset[str]], Table], given_up: Sequence[tuple[str, ...]]
) -> None:
    """Print a table without as many of its columns as it takes to fit, and say which ones."""
    free = console.options.update(width=10 * WIDTH)
    out: frozenset[str] = frozenset()
    table = make(out)
    for titles in given_up:
        if Measurement.get(console, free, table).minimum <= console.width:
            break
        out |= set(titles)
        table = make(out)
    console.print(table)
    if out:
        left = ", ".join(title for titles in given_up for title in titles if title in out)
        console.print(f"Too narrow for {left}; --json has all", style="dim italic")


def _overview(
    result: "Answer", titles: list[str], lead: Callable[[Any], list[str]], out: frozenset[str]
) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for title in titles:
        table.add_column(title, overflow="fold", min_width=len(title))
    for title in TITLES:
        if title not in out:
            table.add_column(title, justify="right", no_wrap=True)
    for row in each_row(result.table):
        cells = (
            whole(row.length_km), days(row.time_h), days(row.time_p95_h), days(row.moving_time_h),
            days(row.handling_time_h), days(row.waiting_time_h), whole(row.cost_usd), whole(row.emissions_kgco2e),
            str(row.border_count), str(row.gauge_change_count), str(row.transshipment_count),
        )  # fmt: skip
        shown = [cell for title, cell in zip(TITLES, cells, strict=True) if title not in out]
        table.add_row(*lead(row), *shown)
    return table


LEG_TITLES = ("leg", "in", "from - to", "km", "h moving", "h handled", "h waiting", "USD", "kgCO2e")


def _legs(console: Console, result: "Answer", route: Any, out: frozenset[str]) -> Table:
    padding = (0, 1) if console.width >= WIDTH else (0, 1, 0, 0)
    table = Table(box=None, pad_edge=False, show_edge=False, padding=padding)
    for heading in LEG_TITLES:
        if heading in out:
            continue
        if heading in LEG_TITLES[:3]:
            table.add_column(heading, overflow="fold")
        else:
            table.add_column(heading, justify="right", no_wrap=True)
    legs = result.legs[result.legs["option"] == route.option]
    for leg in each_row(legs):
        where = leg.from_name if leg.from_node_id == leg.to_node_id else f"{leg.from_name} - {leg.to_name}"
        moving = leg.kind in ("move", "service")
        cells = (
            leg.mode_id if moving else leg.kind, leg.country_id, where, whole(leg.length_km) if moving else "",
            _hours(leg.moving_time_h), _hours(leg.handling_time_h), _hours(leg.waiting_time_h), whole(leg.cost_usd),
            whole(leg.emissions_kgco2e),
        )  # fmt: skip
        table.add_row(*(cell for title, cell in zip(LEG_TITLES, cells, strict=True) if title not in out))
    return table


def _hours(value: float) -> str:
    return "" if value == 0 else f"{value:.1f}"


def frame(name: str, table: pd.DataFrame, as_json: bool, note: str) -> None:
    """Any table."""
    if as_json:
        dump({name: to_records(table)})
        return
    console = make_console()
    shown = Table(box=None, pad_edge=False, show_edge=False)
    for title in table.columns:
        shown.add_column(str(title), overflow="fold")
    for row in table.itertuples(index=False):
        shown.add_row(*("" if pd.isna(value) else str(value) for value in row))
    console.print(shown)
    console.print(note, style="dim")


@contextmanager
def progress() -> Iterator[Callable[[str, float], None]]:
    """A progress line on standard error; a callback takes what is being done and the share done, 0 to 1."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _step, _share: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Starting", total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)
