"""``network info|check|build|export``: what is in a network, whether it is right, and in other forms."""

from pathlib import Path
from typing import Annotated

import typer

from dehliz.cli import options as opt

app = typer.Typer(
    help="Look at, check, build and export networks.", no_args_is_help=True, rich_markup_mode=None
)

Source = Annotated[
    Path | None, typer.Argument(help="Folder or file of a network; the bundled Eurasia when left out.")
]

Form = Annotated[str, typer.Option("--format", help="csv, parquet, gmns, gpkg or geoparquet.")]
ExportForm = Annotated[
    str, typer.Option("--format", help="csv, parquet, gmns, gpkg or geoparquet; gtfs for the services alone.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace files of the same names.")]


@app.command("info")
def info(source: Source = None, year: opt.Year = None, as_json: opt.AsJson = False) -> int:
    """What is in a network: rows, kilometres by mode, countries, notes."""
    from dehliz.cli import tell
    from dehliz.network.summary import summarise

    tell.summary(summarise(opt.load_network(source, year)), as_json)
    return 0


@app.command("check")
def check(source: Source = None, as_json: opt.AsJson = False) -> int:
    """Read a network or a GTFS feed and tell everything that is wrong with it. Changes nothing."""
    from dehliz.base.errors import DataError
    from dehliz.cli import tell
    from dehliz.eurasia.load import load
    from dehliz.network.files import read_network
    from dehliz.network.gtfs import read_gtfs
    from dehliz.network.gtfs_files import is_gtfs

    try:
        if source is not None and is_gtfs(source):
            tell.checked(read_gtfs(source), as_json)
            return 0
        network = load(None, check=True) if source is None else read_network(source)
    except DataError as error:
        tell.issues(error, as_json)
        return error.exit_code
    tell.checked(network, as_json)
    return 0


@app.command("build")
def build(
    source: Annotated[
        Path, typer.Argument(help="Folder or file of a network: CSV, GMNS, Parquet, GeoPackage.")
    ],
    target: Annotated[Path, typer.Argument(help="Folder to write the checked network to.")],
    form: Form = "csv",
    overwrite: Overwrite = False,
    services: Annotated[
        Path | None, typer.Option(help="GTFS feed (folder or .zip) whose services to add.")
    ] = None,
) -> int:
    """Read a network of one's own, check it, and write it in Dehliz's own tables."""
    from dehliz.network.files import read_network, write_network
    from dehliz.network.gtfs import add_services, read_gtfs

    if services is None:
        network = read_network(source)
    else:
        network, notes = add_services(source, read_gtfs(services))
        opt.note(notes)
    written = write_network(network, target, form, overwrite)
    opt.say(f"Written to {written}")
    return 0


@app.command("export")
def export(
    target: Annotated[Path, typer.Argument(help="Folder or file to write.")],
    form: ExportForm = "csv",
    source: Annotated[
        Path | None, typer.Option("--network", help="A network of your own instead of Eurasia.")
    ] = None,
    year: opt.Year = None,
    overwrite: Overwrite = False,
    first_date: Annotated[
        str | None, typer.Option(help="First day of a GTFS feed: 1 January of the year when left out.")
    ] = None,
    last_date: Annotated[
        str | None, typer.Option(help="Last day of a GTFS feed: 31 December of the year when left out.")
    ] = None,
) -> int:
    """Write the bundled network (or one's own) in another form."""
    from dehliz.base.errors import SettingsError
    from dehliz.network.files import write_network
    from dehliz.network.gtfs import write_gtfs

    if form != "gtfs" and (first_date or last_date):
        raise SettingsError(
            "--first-date and --last-date are days of a GTFS feed. Another form has no days."
            " Add --format gtfs, or leave them out."
        )
    network = opt.load_network(source, year)
    if form == "gtfs":
        days = f"{network.year or year or opt.DEFAULT_YEAR}-"
        span = (first_date or f"{days}01-01", last_date or f"{days}12-31")
        opt.note(write_gtfs(network, target, *span, overwrite=overwrite))
        opt.say(f"Written to {target}")
        return 0
    written = write_network(network, target, form, overwrite)
    opt.say(f"Written to {written}")
    return 0
