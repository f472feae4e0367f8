"""Puts everything on the screen that is not a way: networks, their faults, explanations, validation, runs."""

from typing import TYPE_CHECKING, Any

import pandas as pd
import typer
from rich.markup import escape
from rich.table import Table

from dehliz.base.rows import each_row
from dehliz.cli.show import days, dump, make_console, whole

if TYPE_CHECKING:
    from dehliz.base.errors import DataError
    from dehliz.eurasia.explanation import Explanation
    from dehliz.network.gtfs import Services
    from dehliz.network.network import Network
    from dehliz.network.summary import Summary
    from dehliz.study.run import Made
    from dehliz.validation.compare import Validation

SHOWN_NOTE_COUNT = 12
MISS_COUNT = 40


def _table(*titles: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for title in titles:
        table.add_column(title, justify="right" if title in right else "left", overflow="fold")
    return table


def summary(found: "Summary", as_json: bool) -> None:
    """What is in a network."""
    if as_json:
        dump(found.to_document())
        return
    console = make_console()
    year = f" in {found.year}" if found.year else ""
    console.print(
        f"[bold]{escape(found.name)}[/bold]{year}, {found.country_count} countries, {found.fingerprint[:12]}",
        markup=True,
    )
    console.print(
        ", ".join(f"{count} {name}" for name, count in found.row_count.items() if count), style="dim"
    )
    table = _table("mode", "status", "links", "km", right=("links", "km"))
    for row in each_row(found.mode):
        table.add_row(
            row.mode_id, str(row.status).replace("_", " "), str(row.link_count), whole(row.length_km)
        )
    console.print(table)
    if found.basis_count:
        console.print("Values by basis: " + ", ".join(f"{v} {k}" for k, v in found.basis_count.items()))
    _notes(found.notes)


def _notes(notes: tuple[str, ...]) -> None:
    console = make_console()
    for note in notes[:SHOWN_NOTE_COUNT]:
        console.print(f"Note: {note}", style="dim", markup=False)
    if len(notes) > SHOWN_NOTE_COUNT:
        console.print(f"and {len(notes) - SHOWN_NOTE_COUNT} more notes (--json has all)", style="dim")


def issues(error: "DataError", as_json: bool) -> None:
    """Everything that is wrong with a network."""
    if not as_json:
        typer.echo(str(error), err=True)
        return
    rows = [
        {
            "rule": i.rule,
            "place": i.place,
            "ids": list(i.ids),
            "found": i.found,
            "expected": i.expected,
            "remedy": i.remedy,
        }
        for i in error.issues
    ]
    dump({"status": "wrong", "summary": error.summary, "issue": rows})


def checked(network: "Network | Services", as_json: bool) -> None:
    """A network, or a feed of services, without faults."""
    if as_json:
        dump({"status": "ok", "summary": repr(network), "issue": [], "notes": list(network.notes)})
        return
    make_console().print(f"No fault found: {network!r}", markup=False)
    _notes(network.notes)


def explanation(found: "Explanation", as_json: bool) -> None:
    """Every value behind a thing."""
    if as_json:
        dump(found.document())
    else:
        typer.echo(found.text())  # unwrapped: an address must stay in one piece


def validation(result: "Validation", everything: bool) -> None:
    """The model beside measurement: the summary, then the misses or all rows."""
    console = make_console()
    numbers = ("compared", "passed", "by reason", "median error", "mean absolute")
    table = _table("what", "kind", *numbers, right=numbers)
    for row in each_row(result.summary):
        table.add_row(
            row.what, str(row.kind).replace("_", " "), str(row.compared_count), str(row.passed_count),
            str(row.reasoned_count),
            f"{row.median_error_share:+.1%}", f"{row.mean_absolute_error_share:.1%}",
        )  # fmt: skip
    console.print(table)
    console.print()
    _lengths(result.length_check, everything)
    console.print()
    _times(result.time_check)


def _lengths(checks: pd.DataFrame, everything: bool) -> None:
    console = make_console()
    shown = checks if everything else checks[(~checks["is_passed"].astype(bool)) | (checks["reason"] != "")]
    console.print(
        "[bold]Lengths[/bold]"
        + ("" if everything else " that miss 5% or carry a reason (--all shows every one)"),
        markup=True,
    )
    table = _table(
        "stretch",
        "model km",
        "published km",
        "error",
        "",
        "reason",
        right=("model km", "published km", "error"),
    )
    for row in each_row(shown if everything else shown.head(MISS_COUNT)):
        table.add_row(row.name, whole(row.model_km), whole(row.published_km), f"{row.error_share:+.1%}",
                      _verdict(row), str(row.reason))  # fmt: skip
    console.print(table)


def _verdict(row: Any) -> str:
    from dehliz.validation.compare import LENGTH_TOLERANCE_SHARE

    if abs(row.error_share) <= LENGTH_TOLERANCE_SHARE:
        return "ok"
    return "reason" if row.reason else "MISS"


def _times(checks: pd.DataFrame) -> None:
    console = make_console()
    console.print(
        "[bold]Times[/bold] in days; passed when the published range meets the model's 5% to 95% band",
        markup=True,
    )
    table = _table("from", "to", "corridor", "year", "published", "kind", "model", "5%-95%", "",
                   right=("published", "model", "5%-95%"))  # fmt: skip
    for row in each_row(checks):
        span = _span(row)
        table.add_row(
            row.origin_id, row.destination_id, row.corridor_id, str(row.year), span, row.kind, f"{row.model_d:.1f}",
            f"{row.model_p05_d:.1f}-{row.model_p95_d:.1f}", "ok" if row.is_passed else "MISS",
        )  # fmt: skip
    console.print(table)


def _span(row: Any) -> str:
    if row.published_low_d == row.published_high_d:
        return f"{row.published_d:g}"
    return f"{row.published_low_d:g}-{row.published_high_d:g}"


def run_summary(made: "Made") -> None:
    """What a run has made, and where its page is."""
    console = make_console()
    route, claim = made.tables["route"], made.tables["claim"]
    pairs = route[["origin_id", "destination_id"]].drop_duplicates()
    word = "pair" if len(pairs) == 1 else "pairs"
    holds = f"{int(claim['holds'].sum())} of {len(claim)} claims hold"
    console.print(f"{len(pairs)} {word}, {len(route)} corridor routes, {holds}")
    for note in made.notes:
        console.print(f"Note: {note}", style="dim", markup=False)
    fastest = (
        route.sort_values("time_h")
        .groupby(["scenario_id", "origin_id", "destination_id"], sort=False)
        .head(1)
    )
    table = _table("from", "to", "scenario", "fastest corridor", "days", "USD", right=("days", "USD"))
    for row in each_row(fastest.sort_values(["origin_id", "destination_id", "scenario_id"])):
        table.add_row(
            row.origin_id,
            row.destination_id,
            row.scenario_id,
            row.corridor_name,
            days(row.time_h),
            whole(row.cost_usd),
        )
    console.print(table)
    # On a line of its own and unwrapped, so that it can be clicked or copied.
    typer.echo(f"The report is {made.page}: open it in any browser.")
    for page in sorted(made.folder.glob("operations_*.html")):
        typer.echo(f"Simulated: {page}")
