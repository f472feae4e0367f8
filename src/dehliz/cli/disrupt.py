"""``disrupt``: what an event or a change does, how cargo recovers, and historic events beside what was reported."""

from pathlib import Path
from typing import Annotated

import typer

from dehliz.base.errors import SettingsError, quote
from dehliz.cli import options as opt
from dehliz.cli.ways import NO_ANSWER

DEFAULT_YEAR = 2024
DEFAULT_LAG_D = 3.0
SCENARIO_FOLDER = Path("studies/scenarios")


def read_number(text: str | float) -> float:
    """A number with a decimal point; its bounds are those of a recovery."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(
            f"{quote(str(text))} was given. It needs a number, such as 13 or 2.5"
        ) from None


def read_repair(texts: list[str] | None) -> tuple[tuple[float, float], ...]:
    """Stages such as ``5:0.5`` as pairs of day and share."""
    stages = []
    for text in opt.split(texts):
        day, _, share = text.partition(":")
        try:
            stages.append((float(day), float(share)))
        except ValueError:
            raise SettingsError(
                f"Option --repair: {quote(text)} was given. A day and a share are needed, such as 5:0.5. Correct it."
            ) from None
    return tuple(stages)


def disrupt(
    scenario: Annotated[
        Path | None, typer.Argument(help="Scenario file (TOML); left out with --history.")
    ] = None,
    year: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(0, 9999),
            metavar="YEAR",
            help=f"Year of network and cargo: {DEFAULT_YEAR} when left out.",
        ),
    ] = DEFAULT_YEAR,
    days: Annotated[
        float | None,
        typer.Option(
            parser=read_number,
            metavar="DAYS",
            help="How long it lasts; what the file says when left out, and for good without either.",
        ),
    ] = None,
    lag_d: Annotated[
        float,
        typer.Option(
            "--lag-d",
            parser=read_number,
            metavar="DAYS",
            help=f"Days until cargo on its way is turned round, 0 to 14: {DEFAULT_LAG_D:g} when left out.",
        ),
    ] = DEFAULT_LAG_D,
    repair: Annotated[
        list[str] | None,
        typer.Option(metavar="DAY:SHARE", help="Share of capacity back from a day on, such as 5:0.5,9:0.8."),
    ] = None,
    clearing: Annotated[
        float | None,
        typer.Option(
            parser=read_number,
            metavar="FACTOR",
            help="What held cargo adds to what usually passes after reopening; spare capacity when left out.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a page with figures and tables.")
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Replay historic events, the model beside what was reported.")
    ] = False,
    scenarios: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Folder of the scenario files that --history replays.")
    ] = SCENARIO_FOLDER,
    as_json: opt.AsJson = False,
) -> int:
    """What an event or a change does: flows, times, money, who bears it, and how cargo recovers day by day."""
    if history:
        return _replay(scenario, report, scenarios, as_json)
    if scenario is None:
        raise SettingsError("No scenario was given. A file is needed, or --history. Name one.")
    from dehliz.cli import show, show_disrupt
    from dehliz.cli.targets import check_file, write_whole
    from dehliz.disruption.disrupt import disrupt as ask

    stages = read_repair(repair)
    if report is not None:
        check_file("--report", report, ".html")
    opt.announce_compiling()
    answer = ask(scenario, year=year, duration_d=days, lag_d=lag_d, repair=stages, clearing_factor=clearing)
    if report is not None:
        from dehliz.report.disruption_page import draw_disruption

        page = draw_disruption(answer.tables, answer.to_document())
        write_whole(report, lambda path: path.write_text(page, encoding="utf-8", newline="\n"))
    if as_json:
        show.dump(answer.to_document())
    else:
        show_disrupt.disruption_text(answer)
    return 0 if answer.status == "ok" else NO_ANSWER


def _replay(scenario: Path | None, report: Path | None, folder: Path, as_json: bool) -> int:
    from dehliz.cli import show, show_disrupt
    from dehliz.validation.events import replay_events

    if report is not None:
        raise SettingsError(
            "Option --report was given with --history, which has no page. Leave one of them out."
        )
    if scenario is not None:
        folder = scenario.parent
    names = () if scenario is None else (scenario.stem,)
    if not folder.is_dir():
        raise SettingsError(
            f"There is no folder {folder}. The scenario files of the events are needed. Name it with --scenarios."
        )
    opt.announce_compiling()
    with show.progress() as on_step:
        made = replay_events(folder, names, on_step)
    if as_json:
        show.dump({"statuses": made.statuses, "event_check": show.records(made.event_check)})
    else:
        show_disrupt.history_text(made)
    return 0 if all(one == "converged" for one in made.statuses.values()) else NO_ANSWER
