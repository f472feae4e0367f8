"""``relief``: the ways that are left into a struck place, what they can carry, and what is cut off."""

from pathlib import Path
from typing import Annotated

import typer

from dehliz.cli import options as opt
from dehliz.cli.ways import NO_ANSWER

DEFAULT_YEAR = 2024


def relief(
    place: Annotated[
        str, typer.Argument(help="The struck place: a name in any spelling, UN/LOCODE, node id or lon,lat.")
    ],
    scenario: Annotated[
        Path | None, typer.Option(help="The event: a scenario file (TOML), as the network is after it.")
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(help="Links, services, terminals, nodes, passages or modes that the event has shut."),
    ] = None,
    from_: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            help="Places where aid comes from; when left out, the ports and border posts of the place's country and "
            "the capitals beyond its borders.",
        ),
    ] = None,
    segment: Annotated[
        str,
        typer.Option(
            help="What the aid goes in: a segment such as container_high_value or wheeled (trucks)."
        ),
    ] = "container_high_value",
    year: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(0, 9999),
            metavar="YEAR",
            help=f"Year of network and capacities: {DEFAULT_YEAR} when left out.",
        ),
    ] = DEFAULT_YEAR,
    as_json: opt.AsJson = False,
) -> int:
    """The fastest ways left into a struck place for aid, what they can carry, and what is cut off."""
    from dehliz.cli import show, show_relief
    from dehliz.disruption.relief import relief as ask

    opt.announce_compiling()
    after = opt.load_network(None, year, scenario) if scenario else None
    answer = ask(
        place, after=after, without=opt.split(without), origins=opt.split(from_), year=year, segment=segment
    )
    if as_json:
        show.dump(answer.to_document())
    else:
        show_relief.relief_text(answer)
    return 0 if answer.status == "ok" else NO_ANSWER
