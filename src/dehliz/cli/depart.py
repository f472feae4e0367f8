"""``routes --depart`` and ``--week``: when cargo arrives, and what it waits for.

Reads the moment, asks ``routing/timetable.py`` or ``routing/timetable_week.py``, and puts the answer on the screen.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dehliz.base.errors import quote

if TYPE_CHECKING:
    from rich.console import Console

    from dehliz.network.network import Network
    from dehliz.routing.timetable import TimetableAnswer
    from dehliz.routing.timetable_moment import Asked


_FORM = re.compile(r"[\dW-]{7,10}([Tt ][\d:.,]+([Zz]|[+-][\d:]+)?)?", re.ASCII)
"""Shape of a date, perhaps with a time: Python takes any sign between the two."""


def read_moment(text: str | datetime) -> datetime:
    """A date, or a date and a time of day, in Coordinated Universal Time unless it has an offset."""
    if isinstance(text, datetime):
        return text
    try:
        if not _FORM.fullmatch(text.strip()):
            raise ValueError
        moment = datetime.fromisoformat(text.strip())
        return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{quote(text)} was given. It needs a date and a time such as 2025-11-03T08:00, in UTC unless it ends "
            "in an offset such as +05:00"
        ) from None


DepartAt = Annotated[
    datetime | None,
    typer.Option(
        "--depart",
        parser=read_moment,
        metavar="MOMENT",
        help="When the cargo is ready, such as 2025-11-03T08:00 (UTC): answers with arrivals by the timetable.",
    ),
]
Week = Annotated[
    bool, typer.Option("--week", help="Arrivals for every hour of the seven days from --depart on.")
]


def answer(
    hours: tuple[datetime | None, bool, int | None],
    load: Callable[[int | None], Any],
    ends: tuple[str, str],
    gateways: tuple[Sequence[str], Sequence[str], Sequence[str]],
    limits: tuple[int, int],
    as_json: bool,
) -> int:
    """Ask and show; returns the exit code.

    Parameters
    ----------
    hours : (datetime or None, bool, int or None)
        Moment, whether its week is wanted, and the year of the network where it was given.
    load : callable
        Makes the planner of a year.
    ends : (str, str)
        Places of origin and destination.
    gateways : tuple
        Via, avoid, without.
    limits : (int, int)
        Options to show, and labels that the search may make.
    as_json : bool
        Whether JSON is wanted.
    """
    via, avoid, without = gateways
    from dehliz.cli import show
    from dehliz.routing.timetable import TimetableSettings, depart
    from dehliz.routing.timetable_moment import Asked
    from dehliz.routing.timetable_week import week

    asked = Asked(*hours)
    moment = asked.check(via)
    planner = load(asked.network_year)
    if asked.is_week:
        result = week(planner, *ends, moment, avoid=avoid, without=without)
    else:
        settings = TimetableSettings(most_count=limits[0], label_limit_count=limits[1])
        result = depart(planner, *ends, moment, via=via, avoid=avoid, without=without, settings=settings)
    if as_json:
        show.dump(result.to_document())
    else:
        _print(result, planner.network, asked)
    return 0 if result.status == "ok" else 3


def _print(result: "TimetableAnswer", network: "Network", asked: "Asked") -> None:
    from dehliz.cli import show

    console = show.make_console()
    if result.status != "ok":
        from rich.text import Text

        words = "No way." if result.status == "no_way" else "Not complete."
        console.print(Text.assemble((words, "bold"), f" {result.reason}"))
    if len(result.table):
        if asked.is_week:
            _print_week(console, result)
        else:
            _print_options(console, result)
        console.print()
    for note in (*result.notes, *_say_year(network.year, asked)):
        console.print(note, style="dim", markup=False)


def _say_year(year: int | None, asked: "Asked") -> list[str]:
    if year is None:
        return []
    why = "the year of the departure" if asked.year is None else "as --year says"
    return [f"Network of {year}, {why}"]


_PARTS = {
    "moving": "moving_time_h",
    "handled": "handling_time_h",
    "timetable": "departure_wait_h",
    "shut": "shut_wait_h",
    "weather": "weather_wait_h",
    "mean": "mean_wait_h",
}
"""Columns of an overview in days: moving, handled, and four kinds of waits."""

_WAITS = {
    "timetable": "timetable is for its departures",
    "shut": "shut is for an opening",
    "weather": "weather is for wind and ice",
    "mean": "mean is the mean wait for all else",
}
"""What each column of waits is for."""

_GIVEN_UP = (("moving", "handled"), ("shut", "weather"), ("mean", "timetable"), ("kgCO2e",))
"""Columns that a narrow screen does without, the first ones first."""


def _print_options(console: "Console", result: "TimetableAnswer") -> None:
    from dehliz.base.rows import each_row
    from dehliz.cli import show

    show.print_fitting(console, lambda out: _overview(result, out), _GIVEN_UP)
    console.print(_legend(result), style="dim italic")
    for row in each_row(result.table):
        console.print()
        console.print(f"Option {row.option}: {row.corridor_name}", style="bold", markup=False)
        console.print(_legs(result, row.option))


def _legend(result: "TimetableAnswer") -> str:
    """What the columns of waits stand for, of those that are shown."""
    told = [text for title, text in _WAITS.items() if result.table[_PARTS[title]].any()]
    if not told:
        return "Days"
    return "Days; of the waits, " + " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def _overview(result: "TimetableAnswer", out: frozenset[str]) -> Any:
    """Options, one line each; kinds of waits that no option has are left out."""
    from rich.table import Table

    from dehliz.base.rows import each_row
    from dehliz.cli import show

    shown = {title: name for title, name in _PARTS.items() if title not in out and result.table[name].any()}
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for title in ("#", "Corridor"):
        table.add_column(title, overflow="fold", min_width=len(title))
    moments = [_moment(text) for text in result.table["arrives_at"]]
    # A moment has blanks: rich would take it for words that may be parted.
    table.add_column("arrives", justify="right", no_wrap=True, min_width=max(map(len, moments)))
    for title in ("days", *shown, "USD", *({"kgCO2e"} - out)):
        table.add_column(title, justify="right", no_wrap=True)
    for row, moment in zip(each_row(result.table), moments, strict=True):
        parts = (show.days(getattr(row, name)) for name in shown.values())
        carbon = () if "kgCO2e" in out else (show.whole(row.emissions_kgco2e),)
        table.add_row(
            str(row.option), row.corridor_name, moment, show.days(row.time_h), *parts,
            show.whole(row.cost_usd), *carbon,
        )  # fmt: skip
    return table


def _legs(result: "TimetableAnswer", option: int) -> Any:
    from dehliz.base.rows import each_row
    from dehliz.cli import show

    table = show.make_table(("leg", "in", "from - to"), ("ready", "there"))
    table.add_column("waits, h", overflow="fold")
    legs, waits = result.tables["timetable_leg"], result.tables["timetable_wait"]
    mine = waits[waits["option"] == option]
    for leg in each_row(legs[legs["option"] == option]):
        where = leg.from_name if leg.from_node_id == leg.to_node_id else f"{leg.from_name} - {leg.to_name}"
        told = [f"{wait.wait_h:.1f} {wait.cause_text}" for wait in each_row(mine[mine["leg"] == leg.leg])]
        what = leg.mode_id if leg.kind in ("move", "service") else leg.kind
        moments = (_moment(leg.ready_at), _moment(leg.arrives_at))
        table.add_row(what, leg.country_id, where, *moments, "\n".join(told))
    return table


def _print_week(console: "Console", result: "TimetableAnswer") -> None:
    from dehliz.base.rows import each_row
    from dehliz.cli import show

    table = show.make_table((), ("ready from", "until", "arrives", "days", "USD"))
    table.add_column("by", overflow="fold")
    for row in each_row(result.table):
        is_free = row.kind == "any_time"
        there = "by the hour" if is_free else _moment(row.last_arrives_at)
        by = f"{row.corridor_name}: {row.departures_text}" if row.departures_text else row.corridor_name
        moments = (_moment(row.first_ready_at), _moment(row.last_ready_at))
        table.add_row(*moments, there, show.days(row.time_h), show.whole(row.cost_usd), by)
    console.print(table)
    if (result.table["kind"] == "any_time").any():
        console.print("By the hour: each hour later is an hour later there", style="dim italic")


def _moment(text: str) -> str:
    import numpy as np

    from dehliz.routing.timetable_waits import say_moment

    return say_moment(np.datetime64(text))


def planner_of(
    network: Path | None,
    scenario: Path | None,
    opened: Sequence[str] | None,
    containers: str | None,
    tonnes: float | None,
    segment: str | None,
) -> Any:
    """A maker of the planner that the other options ask for, by the year of the network."""
    from dehliz.cli import options as opt

    def load(year: int | None) -> Any:
        return opt.make_planner(
            opt.load_network(network, year, scenario, opened), containers, tonnes, segment
        )

    return load
