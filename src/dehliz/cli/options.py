"""Options that several commands share, and how a network, a shipment and a scenario are made of them."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dehliz.base.errors import quote

if TYPE_CHECKING:
    from dehliz.graph.shipment import Shipment
    from dehliz.network.network import Network
    from dehliz.routing.planner import Planner

DEFAULT_YEAR = 2025
MOST_SEED = 2**31 - 1


def read_whole(least: int, most: int) -> Callable[[str | int], int]:
    """A reader of whole numbers within bounds, which says what it was given."""

    def read(text: str | int) -> int:
        form = "," if most > 9999 else ""
        needed = f"It needs a whole number from {least:{form}} to {most:{form}}"
        digits = str(text).strip().removeprefix("-")
        # A number of a thousand digits is text as well: Python refuses to read it.
        if not (digits.isdecimal() and len(digits) < 20):
            raise typer.BadParameter(f"{quote(str(text))} was given. {needed}")
        value = int(text)
        if not least <= value <= most:
            raise typer.BadParameter(f"{value} was given. {needed}")
        return value

    return read


def read_tonnes(text: str | float) -> float:
    """A number with a decimal point; its bounds are those of a shipment."""
    try:
        return float(text)
    except ValueError:
        hint = " with a decimal point" if "," in str(text) else ", such as 20 or 20.5"
        raise typer.BadParameter(f"{quote(str(text))} was given. It needs a number{hint}") from None


Origin = Annotated[
    str, typer.Argument(help="Place of origin: a name in any spelling, UN/LOCODE, node id or lon,lat.")
]
Destination = Annotated[str, typer.Argument(help="Place of destination.")]
Containers = Annotated[str | None, typer.Option(help="Boxes to move: number x size, such as 1x40.")]
Tonnes = Annotated[
    float | None,
    typer.Option(parser=read_tonnes, metavar="TONNES", help="Tonnes to move, together with --segment."),
]
Segment = Annotated[str | None, typer.Option(help="What the cargo is, such as grain.")]
Avoid = Annotated[list[str] | None, typer.Option(help="Countries not to cross, such as RU,IR.")]
Via = Annotated[
    list[str] | None,
    typer.Option(help="Gateways to pass: places, passage:suez, country:IR, mode:rail_ferry."),
]
Without = Annotated[
    list[str] | None, typer.Option(help="Links, services, terminals, nodes or passages not to use.")
]
Open = Annotated[list[str] | None, typer.Option("--open", help="Ids of closed or planned things to open.")]
Scenario = Annotated[Path | None, typer.Option(help="Scenario file (TOML) to apply first.")]
Year = Annotated[
    int | None,
    typer.Option(
        parser=read_whole(0, 9999),
        metavar="YEAR",
        help=f"Year of the network: {DEFAULT_YEAR} when left out, or the rows of your own network as they are.",
    ),
]
NetworkPath = Annotated[
    Path | None, typer.Option("--network", help="A network of your own instead of Eurasia.")
]
Seed = Annotated[
    int,
    typer.Option(parser=read_whole(0, MOST_SEED), metavar="SEED", help="Equal seeds give equal answers."),
]
Threads = Annotated[
    int,
    typer.Option(
        parser=read_whole(1, 1_024), metavar="COUNT", help="Threads; the answer is the same for any number."
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON document on standard output, and nothing else there.")
]


def split(texts: Sequence[str] | None) -> tuple[str, ...]:
    """Words of a comma-separated option, which may be given more than once."""
    words = [word.strip() for text in texts or () for word in text.split(",")]
    return tuple(dict.fromkeys(word for word in words if word))


def say(text: str) -> None:
    """A note for people, on standard error; silent when that is not a terminal."""
    if sys.stderr.isatty():
        typer.echo(text, err=True)


def note(notes: Sequence[str]) -> None:
    """Notes for people, on standard error."""
    for text in notes:
        typer.echo(f"Note: {text}", err=True)


def load_network(
    path: Path | None,
    year: int | None,
    scenario: Path | None = None,
    opened: Sequence[str] | None = None,
) -> "Network":
    """The network that the options ask for: bundled or one's own, for a year, with a scenario applied."""
    from dehliz.eurasia.load import load
    from dehliz.network.changes import Scenario as Changes
    from dehliz.network.files import read_network
    from dehliz.network.scenario import apply, keep_network_changes, open_all
    from dehliz.network.scenario_file import read_scenario
    from dehliz.network.scenario_year import select_year

    if path is None:
        network = load(DEFAULT_YEAR if year is None else year)
    else:
        network = read_network(path)
        network = network if year is None else select_year(network, year)
    if scenario:
        kept, left = keep_network_changes(read_scenario(scenario))
        note(left)
        network = apply(kept, network).network
    ids = split(opened)
    if ids:
        changes = Changes("--open", open_all(network, ids), origin=f"option --open {','.join(ids)}")
        network = apply(changes, network).network
    return network


def make_planner(
    network: "Network", containers: str | None, tonnes: float | None, segment: str | None
) -> "Planner":
    """A planner for the shipment that the options ask for; says when kernels are compiled first."""
    from dehliz.graph.shipment import read_shipment
    from dehliz.routing.planner import prepare

    announce_compiling()
    shipment: Shipment = read_shipment(network, containers, tonnes, segment)
    return prepare(network, shipment)


def announce_compiling() -> None:
    """Show one visible line when a kernel is compiled for the first time on this machine."""
    from dehliz.kernels.jit import set_compile_listener

    told: list[bool] = []

    def tell(_: str) -> None:
        if not told:
            typer.echo("Compiling what this command needs (once on this machine, some seconds) ...", err=True)
            told.append(True)

    set_compile_listener(tell)
