"""Options that several commands share, and how a network, a shipment and a scenario are made of them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dehliz.graph.shipment import Shipment
    from dehliz.network.network import Network
    from dehliz.routing.planner import Planner

DEFAULT_YEAR = 2025

Origin = Annotated[
    str, typer.Argument(help="Place of origin: a name in any spelling, UN/LOCODE, node id or lon,lat.")
]
Destination = Annotated[str, typer.Argument(help="Place of destination.")]
Containers = Annotated[str | None, typer.Option(help="Boxes to move: number x size, such as 1x40.")]
Tonnes = Annotated[float | None, typer.Option(help="Tonnes to move, together with --segment.")]
Segment = Annotated[str | None, typer.Option(help="What the cargo is, such as grain.")]
Avoid = Annotated[str | None, typer.Option(help="Countries not to cross, such as RU,IR.")]
Via = Annotated[
    str | None, typer.Option(help="Gateways to pass: node ids, passage:suez, country:IR, mode:rail_ferry.")
]
Without = Annotated[
    str | None, typer.Option(help="Links, services, terminals, nodes or passages not to use.")
]
Open = Annotated[str | None, typer.Option("--open", help="Ids of closed or planned things to open.")]
Scenario = Annotated[Path | None, typer.Option(help="Scenario file (TOML) to apply first.")]
Year = Annotated[int, typer.Option(help="Year of the network.")]
NetworkPath = Annotated[
    Path | None, typer.Option("--network", help="A network of your own instead of Eurasia.")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON document on standard output, and nothing else there.")
]


def split(text: str | None) -> tuple[str, ...]:
    """Words of a comma-separated option."""
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def say(text: str) -> None:
    """A note for people, on standard error; silent when that is not a terminal."""
    if sys.stderr.isatty():
        typer.echo(text, err=True)


def load_network(
    path: Path | None, year: int, scenario: Path | None = None, opened: str | None = None
) -> "Network":
    """The network that the options ask for: bundled or one's own, for a year, with a scenario applied."""
    from dehliz.eurasia.load import load
    from dehliz.network.changes import Scenario as Changes
    from dehliz.network.files import read_network
    from dehliz.network.scenario import apply, open_all
    from dehliz.network.scenario_file import read_scenario

    network = load(year) if path is None else read_network(path)
    changes = read_scenario(scenario) if scenario else Changes("as asked", ())
    if opened:
        changes = Changes(changes.name, (*changes.changes, *open_all(network, split(opened))))
    return apply(changes, network).network if changes.changes else network


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
            typer.echo("Compiling the search kernels (once on this machine, some seconds) ...", err=True)
            told.append(True)

    set_compile_listener(tell)
