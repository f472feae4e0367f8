"""``routes``, ``compare``, ``places`` and ``explain``: questions about ways and about the numbers behind them."""

from typing import Annotated

import typer

from dehliz.base.errors import say_count
from dehliz.cli import depart as by_clock
from dehliz.cli import options as opt

NO_ANSWER = 3
"""Exit code when there is no way, or when the answer is not complete."""


def routes(
    origin: opt.Origin,
    destination: opt.Destination,
    containers: opt.Containers = None,
    tonnes: opt.Tonnes = None,
    segment: opt.Segment = None,
    avoid: opt.Avoid = None,
    via: opt.Via = None,
    without: opt.Without = None,
    open_: opt.Open = None,
    scenario: opt.Scenario = None,
    year: opt.Year = None,
    most: Annotated[
        int,
        typer.Option(
            "--max", parser=opt.read_whole(1, 50), metavar="COUNT", help="How many options to show at most."
        ),
    ] = 8,
    label_limit: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(1_000, 1_000_000_000),
            metavar="COUNT",
            help="Labels that the search may make before it stops and says so.",
        ),
    ] = 2_000_000,
    depart: by_clock.DepartAt = None,
    week: by_clock.Week = False,
    network: opt.NetworkPath = None,
    as_json: opt.AsJson = False,
) -> int:
    """Ways from one place to another: the Pareto options over cost, time and CO2e."""
    if depart is not None or week:
        return by_clock.answer(
            (depart, week, year),
            by_clock.planner_of(network, scenario, open_, containers, tonnes, segment),
            (origin, destination),
            (opt.split(via), opt.split(avoid), opt.split(without)),
            (most, label_limit),
            as_json,
        )
    from dehliz.cli import show
    from dehliz.routing.ask import routes as ask_routes

    net = opt.load_network(network, year, scenario, open_)
    planner = opt.make_planner(net, containers, tonnes, segment)
    answer = ask_routes(
        planner, origin, destination,
        via=opt.split(via), avoid=opt.split(avoid), without=opt.split(without),
        most_count=most, label_limit_count=label_limit,
    )  # fmt: skip
    show.answer(answer, as_json, show.routes_text)
    return 0 if answer.status == "ok" else NO_ANSWER


def compare(
    origin: opt.Origin,
    destination: opt.Destination,
    containers: opt.Containers = None,
    tonnes: opt.Tonnes = None,
    segment: opt.Segment = None,
    avoid: opt.Avoid = None,
    without: opt.Without = None,
    open_: opt.Open = None,
    scenario: opt.Scenario = None,
    year: opt.Year = None,
    best: Annotated[
        str,
        typer.Option(
            help="Best route of a corridor by: generalised (money and value of time), time, cost, emissions."
        ),
    ] = "generalised",
    network: opt.NetworkPath = None,
    as_json: opt.AsJson = False,
) -> int:
    """The best way of each corridor side by side, and where the corridor's claims hold."""
    from dehliz.cli import show
    from dehliz.routing.ask import compare as ask_compare

    net = opt.load_network(network, year, scenario, open_)
    planner = opt.make_planner(net, containers, tonnes, segment)
    answer = ask_compare(
        planner, origin, destination, best=best, avoid=opt.split(avoid), without=opt.split(without)
    )  # fmt: skip
    show.answer(answer, as_json, show.compare_text)
    return 0 if answer.status == "ok" else NO_ANSWER


def places(
    words: Annotated[
        list[str] | None, typer.Argument(help="Part of a name, in any spelling; all places when empty.")
    ] = None,
    network: opt.NetworkPath = None,
    as_json: opt.AsJson = False,
) -> int:
    """Places where shipments start or end, with their codes and spellings."""
    from dehliz.cli import show
    from dehliz.eurasia.places import fold, list_places, list_spellings, suggest_places

    net = opt.load_network(network, None)
    text = " ".join(words or [])
    found = list_places(text, net)
    note = say_count(len(found), "place")
    near = suggest_places(fold(text), list_spellings(net)) if found.empty else []
    if near:
        note += f". Did you mean {' or '.join(name for name, _ in near)}?"
    show.frame("place", found, as_json, note)
    return 0 if len(found) else NO_ANSWER


def explain(
    words: Annotated[
        list[str],
        typer.Argument(
            help="What to explain: link ID, terminal ID COLUMN, country KZ, tariff ID, fact ID, KZAAU."
        ),
    ],
    as_json: opt.AsJson = False,
) -> int:
    """Every value behind a thing: its source, its rivals, and why this one."""
    from dehliz.cli import tell
    from dehliz.eurasia.explain import explain as ask_explain
    from dehliz.eurasia.load import read_tables

    tell.explanation(ask_explain(read_tables(), words), as_json)
    return 0
