"""``ensemble``: thousands of runs of one study, on this machine or a cluster, and going on after any end."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dehliz.base.errors import SettingsError
from dehliz.cli import options as opt

if TYPE_CHECKING:
    import pandas as pd

    from dehliz.study.ensemble import Ensemble
    from dehliz.study.ensemble_job import Executor
    from dehliz.study.ensemble_settings import EnsembleSettings

MOST_RUN_COUNT = 1_000_000
MOST_WORKER_COUNT = 256
MOST_SEED = 2**31 - 1
INCOMPLETE = 3


def ensemble(
    study: Annotated[Path, typer.Argument(help="Study file (TOML) with a table [ensemble].")],
    runs: Annotated[
        int | None,
        typer.Option(
            parser=opt.read_whole(1, MOST_RUN_COUNT), metavar="COUNT", help="Number of runs; else the file's."
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Folder of the ensemble; runs/NAME when left out. It goes on if it was begun."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            parser=opt.read_whole(1, MOST_WORKER_COUNT),
            metavar="COUNT",
            help="Processes of this machine; else the file's, or one for each core.",
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Address of a Dask scheduler whose workers compute the runs."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            parser=opt.read_whole(0, MOST_SEED),
            metavar="SEED",
            help="Equal seeds give equal answers; else the file's.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a page of the risk (HTML); for studies of drawn years."),
    ] = None,
    as_json: opt.AsJson = False,
) -> int:
    """Many runs of a study: nothing is lost when a process or this command is killed; the same command goes on."""
    from dehliz.cli import show, show_ensemble
    from dehliz.study.ensemble import run_ensemble
    from dehliz.study.ensemble_settings import read_ensemble_study

    read = read_ensemble_study(study)
    settings = read.ensemble
    run_count = settings.runs if runs is None else runs
    executor = _choose(settings, workers, scheduler)
    with show.progress() as on_step:
        made = run_ensemble(
            read.make_spec(run_count, seed),
            folder or Path("runs") / read.name,
            run_count,
            executor,
            settings.deadline_s or None,
            lambda progress: on_step(*show_ensemble.describe(progress)),
        )
    summary = _summarise(made, settings.job)
    if report is not None:
        _write_page(made.folder, report, read.title or read.name)
    if as_json:
        tables = {title: show.records(table) for title, table in summary.items()}
        show.dump({**_describe(made), "summary": tables})
    else:
        show_ensemble.ensemble_text(made, summary)
    return 0 if made.status == "ok" else INCOMPLETE


def _choose(settings: "EnsembleSettings", workers: int | None, scheduler: str | None) -> "Executor":
    """Who computes the runs: a cluster when its scheduler is named, processes of this machine otherwise."""
    from dehliz.study.ensemble_job import CLUSTER, load_function
    from dehliz.study.ensemble_workers import LocalWorkers

    if scheduler is None:
        worker_count = workers or settings.workers or os.cpu_count() or 1
        return LocalWorkers(worker_count, settings.silence_s)
    if workers is not None:
        raise SettingsError(
            "Option --workers: it was given together with --scheduler. A cluster has workers of its own. Leave one out."
        )
    try:
        make = load_function(CLUSTER)
    except ImportError as error:
        raise SettingsError(
            f"Option --scheduler: {error}. A cluster needs dask.distributed. Install it with "
            "pip install 'dehliz[cluster]', or leave --scheduler out."
        ) from error
    executor: Executor = make(scheduler)
    return executor


def _write_page(folder: Path, report: Path, title: str) -> None:
    """The page of yearly risk, from the tables that the summary has left in the folder."""
    from dehliz.report.risk_page import FOLDER, write_risk_page

    if not (folder / FOLDER).is_dir():
        raise SettingsError(
            "Option --report: the runs of this study have no page. Drawn years (job = 'disruption') have one. "
            "Leave --report out."
        )
    write_risk_page(folder / FOLDER, report, title)


def _summarise(made: "Ensemble", job: str) -> "dict[str, pd.DataFrame]":
    """What the job's kind says of all runs together; nothing as long as none is done."""
    from dehliz.study.ensemble_job import find_kind, load_function

    place = find_kind(job).summary
    if not place or not made.done_count:
        return {}
    summary: dict[str, pd.DataFrame] = load_function(place)(made)
    return summary


def _describe(made: "Ensemble") -> dict[str, Any]:
    from dehliz.cli import show

    failed = made.runs[made.runs["state"] == "failed"]
    return {
        "status": made.status,
        "folder": str(made.folder),
        "runs": made.run_count,
        "done": made.done_count,
        "new": made.new_count,
        "failed": show.records(failed[["run", "reason"]]),
        "workers": made.effort.worker_count,
        "deaths": made.effort.death_count,
        "run_s": made.run_s,
        "gather_s": made.gather_s,
        "overhead_s": made.overhead_s,
        "efficiency_share": made.efficiency_share,
        "tables": made.hashes,
    }
