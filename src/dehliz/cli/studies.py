"""``run``, ``report``, ``validate`` and ``warmup``: whole studies, their pages, and the model beside measurement."""

from pathlib import Path
from typing import Annotated

import typer

from dehliz.cli import options as opt


def run(
    study: Annotated[Path, typer.Argument(help="Study file (TOML), such as studies/middle-corridor.toml.")],
    folder: Annotated[Path | None, typer.Option(help="Run folder to make; runs/NAME when left out.")] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an older run in that folder.")
    ] = False,
) -> int:
    """Run a study: check the network, compare the corridors, write the run folder and the report."""
    from dehliz.cli import job, show, show_beside, show_scenes, tell

    opt.announce_compiling()
    with show.progress() as on_step:
        made = job.run(study, folder, overwrite, on_step)
    show_scenes.states_text(show.make_console(), made.scenes)
    tell.run_summary(made)
    if made.scenes:
        show_scenes.differences_text(show.make_console(), made)
        show_beside.rounds_text(show.make_console(), made.tables["feedback"])
    return 0 if made.is_complete else 3


def report(
    folder: Annotated[Path, typer.Argument(help="Run folder.")],
    target: Annotated[
        Path | None, typer.Option(help="Page to write; report.html in the run folder when left out.")
    ] = None,
) -> int:
    """Draw the page of a stored run again."""
    from dehliz.report.page import write_report
    from dehliz.study.store import read_run

    manifest, tables = read_run(folder, needed=("route", "route_leg"))
    page = write_report(tables, manifest, target or folder / "report.html")
    typer.echo(page)
    return 0


def validate(
    year: opt.Year = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every comparison, not only the summary and misses.")
    ] = False,
    volumes: Annotated[
        bool, typer.Option(help="Also load every year of demand and compare volumes (half a minute).")
    ] = True,
    as_json: opt.AsJson = False,
) -> int:
    """The model beside measurement: lengths, times and volumes against published ones."""
    from dehliz.cli import show, tell, tell_hindcast
    from dehliz.eurasia.load import load
    from dehliz.validation.compare import validate as ask_validate

    opt.announce_compiling()
    result = ask_validate(load(opt.DEFAULT_YEAR if year is None else year))
    made = tell_hindcast.make() if volumes else None
    if as_json:
        tables = result.tables() | (made.tables() if made else {})
        show.dump({name: show.records(table) for name, table in tables.items()})
        return 0
    tell.validation(result, everything)
    if made is not None:
        tell_hindcast.hindcast_text(made, everything)
    return 0


def warmup() -> int:
    """Compile and keep all search kernels, so that the first question is as fast as the later ones."""
    from dehliz.kernels.jit import warm_up

    total = 0.0

    def report_one(name: str, seconds: float) -> None:
        nonlocal total
        total += seconds
        typer.echo(f"  {name}: {seconds:.1f} s", err=True)

    typer.echo("Compiling the search kernels ...", err=True)
    warm_up(report_one)
    typer.echo(f"Ready ({total:.1f} s).", err=True)
    return 0
