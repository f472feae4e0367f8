"""``diversify``: how concentrated cargo is, what cuts two sides apart, and how many ways share nothing."""

from typing import Annotated

import typer

from dehliz.cli import options as opt
from dehliz.cli.ways import NO_ANSWER

DEFAULT_YEAR = 2024


def diversify(
    origin: Annotated[
        str | None,
        typer.Argument(
            help="Place of origin; all cargo of the year when neither places nor --regions are given."
        ),
    ] = None,
    destination: Annotated[str | None, typer.Argument(help="Place of destination.")] = None,
    regions: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="FROM TO",
            help="Two regions instead of places: central_asia, china, europe, iran, russia, south_caucasus, turkiye, a "
            "group of countries such as eu or ots, or countries joined by +, such as AZ+GE.",
        ),
    ] = None,
    avoid: Annotated[list[str] | None, typer.Option(help="Countries not to touch, such as RU,IR.")] = None,
    without: opt.Without = None,
    segment: Annotated[
        str,
        typer.Option(
            help="Cargo whose modes and boxes count for cuts and ways; --without mode:road leaves one out."
        ),
    ] = "container_high_value",
    scenario: opt.Scenario = None,
    year: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(0, 9999),
            metavar="YEAR",
            help=f"Year of network, capacities and cargo: {DEFAULT_YEAR} when left out.",
        ),
    ] = DEFAULT_YEAR,
    as_json: opt.AsJson = False,
) -> int:
    """How diverse ways are: concentration by country, passage and operator, cuts, ways that share nothing."""
    from dehliz.cli import show, show_diversify
    from dehliz.disruption.diversify import diversify as ask

    opt.announce_compiling()
    network = opt.load_network(None, year, scenario) if scenario else None
    answer = ask(
        origin or "", destination or "",
        regions=regions or (), avoid=opt.split(avoid), without=opt.split(without), year=year, segment=segment,
        network=network,
    )  # fmt: skip
    if as_json:
        show.dump(answer.to_document())
    else:
        show_diversify.diversity_text(answer)
    return 0 if answer.status == "ok" else NO_ANSWER
