"""Puts an assignment of a network of roads on the screen: its status first, then the fullest links."""

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from dehliz.base.errors import say_count
from dehliz.base.rows import each_row
from dehliz.cli.show import make_console, make_table

if TYPE_CHECKING:
    from dehliz.assignment.result import Iteration

PATIENCE_S = 2.0
"""Work that takes longer shows that it goes on."""
SHOWN_LINK_COUNT = 10
SHOWN_TRIP_COUNT = 10
ROUNDED_DIGITS = 6
"""Digits to which fullness is compared, so that rounding does not order equally full links."""

_STATUS = {"converged": "Converged", "not_converged": "Not converged", "infeasible": "Not feasible"}


@contextmanager
def progress(target_gap_share: float) -> Iterator[Callable[["Iteration"], None]]:
    """A progress line on standard error when that is a terminal and the work takes long."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _step: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task("Reading and loading", total=1.0)

    def tell(step: "Iteration") -> None:
        gap = max(step.relative_gap_share, 1e-300)
        done = math.log(gap) / math.log(target_gap_share) if target_gap_share < 1.0 else 1.0
        text = f"Iteration {step.number_count}, gap {gap:.1e}"
        bar.update(task, description=text, completed=min(max(done, 0.0), 1.0))

    timer = threading.Timer(PATIENCE_S, bar.start)
    timer.start()
    try:
        yield tell
    finally:
        timer.cancel()
        bar.stop()


def text(document: dict[str, Any], links: pd.DataFrame) -> None:
    """The answer as lines of at most 100 columns."""
    console = make_console()
    network, demand = document["network"], document["demand"]
    gap = document["relative_gap"]
    count = document["iterations"]
    console.print(
        f"{_STATUS[document['status']]}: {document['method']}, relative gap {'-' if gap is None else f'{gap:.2e}'} "
        f"after {count} iteration{'' if count == 1 else 's'}",
        style="bold",
    )
    if document["reason"]:
        console.print(f"Not complete: {document['reason']}", style="bold")
    console.print(
        f"{network['name']}: {network['zones']:,} zones, {network['nodes']:,} nodes, {network['links']:,} links; "
        f"{demand['trips']:,} trip{'' if demand['trips'] == 1 else 's'}, volume {demand['volume']:,.6g}"
    )
    if demand["within_zones"]:
        console.print(
            f"Left out: {say_count(demand['within_zones'], 'flow')} from a zone to itself, "
            f"volume {demand['volume_within_zones']:,.6g}"
        )
    facts = Table(box=None, pad_edge=False, show_edge=False, show_header=False)
    for title, key in (("Beckmann objective", "beckmann_objective"), ("total cost", "total_time"),
                       ("lower bound", "lower_bound")):  # fmt: skip
        if document[key] is not None:
            facts.add_row(title, f"{document[key]:,.6f}")
    console.print(facts)
    _links(console, links)
    for chosen in document["selected"]:
        _selected(console, chosen)
    for note in document["notes"]:
        console.print(f"Note: {note}", style="dim", markup=False)


def _links(console: Console, links: pd.DataFrame) -> None:
    """The fullest links."""
    share = (links["volume"] / links["capacity"]).where(links["capacity"] > 0.0)
    first = ["price"] if "price" in links.columns else []
    volume = links["volume"].map(
        lambda value: float(f"{value:.{ROUNDED_DIGITS}g}")
    )  # ties are ties in the order too
    shown = links.assign(saturation=share.round(ROUNDED_DIGITS), rounded=volume).sort_values(
        [*first, "saturation", "rounded"], ascending=False, kind="stable"
    )
    numbers = ("volume", "capacity", "saturation", "time", "cost", *first)
    table = make_table(("link", "from", "to"), numbers)
    for row in each_row(shown.head(SHOWN_LINK_COUNT)):
        table.add_row(
            str(row.link_id), str(row.from_node), str(row.to_node), *(_number(getattr(row, name)) for name in numbers)
        )  # fmt: skip
    console.print()
    console.print(table)
    if len(links) > SHOWN_LINK_COUNT:
        console.print(
            f"The fullest {SHOWN_LINK_COUNT} of {len(links):,} links; --flows writes all", style="dim"
        )


def _number(value: float) -> str:
    return "-" if pd.isna(value) else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _selected(console: Console, chosen: dict[str, Any]) -> None:
    """Who uses a link."""
    trips = chosen["trips"]
    basis = "" if chosen["is_exact"] else ", ways mixed in proportion"
    console.print()
    console.print(
        f"Link {chosen['link']}: {say_count(len(trips), 'trip')}, volume {_number(chosen['volume'])}{basis}",
        style="bold",
    )
    table = Table(box=None, pad_edge=False, show_edge=False)
    for title in ("origin", "destination", "volume"):
        table.add_column(title, justify="right" if title == "volume" else "left", overflow="fold")
    for trip in trips[:SHOWN_TRIP_COUNT]:
        table.add_row(trip["origin_id"], trip["destination_id"], _number(trip["volume"]))
    console.print(table)
    if len(trips) > SHOWN_TRIP_COUNT:
        console.print(f"The largest {SHOWN_TRIP_COUNT}; --json has all", style="dim")
