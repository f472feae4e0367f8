"""``criticality``: what every country, border, passage, place, line, ship and section is worth to the rest."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dehliz.base.errors import SettingsError, quote
from dehliz.cli import options as opt
from dehliz.cli.assign_options import read_number

if TYPE_CHECKING:
    import pandas as pd

    from dehliz.study.critical import Criticality

DEFAULT_YEAR = 2024
MOST_TOP_COUNT = 10_000
MOST_PAIRED_COUNT = 200
MOST_WORKER_COUNT = 256
MOST_DURATION_D = 3_650.0
LEAST_DURATION_D = 0.01
MEASURES = ("others", "net", "transit")
ENDINGS = (".svg", ".html")
INCOMPLETE = 3
"""Exit code when some equilibrium stopped above its gap."""


def _read_measure(text: str) -> str:
    """One of the measures."""
    if text in MEASURES:
        return text
    raise typer.BadParameter(f"{quote(text)} was given. It needs one of {', '.join(MEASURES)}")


def criticality(
    year: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(0, 9999), metavar="YEAR", help="Year of network, capacities and cargo."
        ),
    ] = DEFAULT_YEAR,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--kinds", help="Of country,border,passage,place,line,ship,section; all when left out."),
    ] = None,
    days: Annotated[
        float,
        typer.Option(
            parser=read_number(LEAST_DURATION_D, MOST_DURATION_D, "days from 0.01 to 3,650, such as 90"),
            metavar="DAYS",
            help="How long each stays shut; cargo waits for the end where going round costs more.",
        ),
    ] = 90.0,
    top: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(1, MOST_TOP_COUNT), metavar="COUNT", help="Rows of the table to show."
        ),
    ] = 20,
    pairs: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(0, MOST_PAIRED_COUNT),
            metavar="COUNT",
            help="So many of the worst are also shut two by two.",
        ),
    ] = 0,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            parser=_read_measure,
            metavar="MEASURE",
            help="Rank by the loss of others, of all (net), or of cargo in transit.",
        ),
    ] = "others",
    watch: Annotated[
        list[str] | None, typer.Option("--watch", help="Countries whose place is told, such as KZ,AZ.")
    ] = None,
    workers: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(1, MOST_WORKER_COUNT),
            metavar="COUNT",
            help="Processes; the answer is the same for any number.",
        ),
    ] = 2,
    scenario: opt.Scenario = None,
    drawn: Annotated[
        Path | None, typer.Option("--map", help="File (.svg or .html) to draw the map of the ranking to.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Page (.html) to write map, bars and tables to; it opens in any browser, offline."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Folder to make, with all tables as Parquet.")
    ] = None,
    as_json: opt.AsJson = False,
) -> int:
    """What each country, border, passage, place, line, ship and section is worth to the rest."""
    from dehliz.cli import show, show_criticality
    from dehliz.study.critical import CriticalSettings
    from dehliz.study.critical import criticality as ask
    from dehliz.study.store import check_target

    _check_targets(drawn, report)
    if folder is not None:
        check_target(folder, overwrite=False)
    asked = opt.split(kinds)
    settings = CriticalSettings(
        duration_d=days,
        paired_count=pairs,
        by=by,
        worker_count=workers,
        **({"kinds": asked} if asked else {}),
    )  # type: ignore[arg-type]
    _check_kinds(settings.kinds)
    network = opt.load_network(None, year, scenario)
    watched = _check_watched(opt.split(watch), set(network.country["country_id"]))
    opt.announce_compiling()
    with show.progress() as on_step:
        found = ask(year, settings, network, on_step)
    tables = found.tables()
    document = describe(found, year, scenario, watched)
    _write(drawn, report, folder, document, {**tables, **_map_tables(network)})
    if as_json:
        show.dump({**document, **{name: show.records(table) for name, table in tables.items()}})
    else:
        show_criticality.criticality_text(document, tables, top)
    return 0 if found.status == "converged" else INCOMPLETE


def describe(
    found: "Criticality", year: int, scenario: Path | None, watched: tuple[str, ...]
) -> dict[str, Any]:
    """What was done and how well, as JSON has it; how long it took is left out, so that equal runs tell the same."""
    losses = (*found.losses, *found.pair_losses)
    missed = found.unconverged_count
    return {
        "status": found.status,
        "reason": f"{missed} of {len(losses)} losses stopped above the gap asked for" if missed else "",
        "year": year,
        "scenario": scenario.stem if scenario else "",
        "kinds": list(found.settings.kinds),
        "days": found.settings.duration_d,
        "by": found.settings.by,
        "elements": found.listed_count,
        "used": len(found.elements),
        "pairs": len(found.pairs),
        "gap_share": max((one.gap_share for one in losses), default=0.0),
        "hold_gap_share": max((one.hold_gap_share for one in losses), default=0.0),
        "gainers": sum(one.net_usd_d < 0.0 for one in found.losses),
        "watched": list(watched),
    }


def _check_targets(drawn: Path | None, report: Path | None) -> None:
    from dehliz.cli.targets import check_file

    if drawn is not None:
        check_file("--map", drawn, drawn.suffix.lower() if drawn.suffix.lower() in ENDINGS else ".svg")
    if report is not None:
        check_file("--report", report, ".html")


def _check_kinds(kinds: tuple[str, ...]) -> None:
    """Refuse unknown kinds before the network is loaded."""
    from dehliz.disruption.elements import check_kinds

    check_kinds(kinds)


def _check_watched(country_ids: tuple[str, ...], known: set[str]) -> tuple[str, ...]:
    from dehliz.base.errors import suggest

    wrong = [one for one in country_ids if one not in known]
    if wrong:
        hint = suggest(wrong[0], sorted(known), most=1) or "Codes have two letters, such as KZ."
        raise SettingsError(
            f"Option --watch: {quote(wrong[0])} was given. It needs countries of the network. {hint}"
        )
    return country_ids


def _map_tables(network: Any) -> dict[str, "pd.DataFrame"]:
    return {
        name: network.table(name)
        for name in ("node", "link", "service_leg", "terminal", "country", "shape")
        if getattr(network, name, None) is not None
    }


def _write(
    drawn: Path | None,
    report: Path | None,
    folder: Path | None,
    document: dict[str, Any],
    tables: "dict[str, pd.DataFrame]",
) -> None:
    """Pictures and tables into the files that were asked for."""
    from dehliz.cli.targets import write_whole

    if drawn is not None:
        from dehliz.report.criticality_map import criticality_map

        figure = criticality_map(tables, by=document["by"])
        save = figure.save if drawn.suffix.lower() == ".svg" else _save_page(figure.svg, figure.title)
        write_whole(drawn, save)
    if report is not None:
        from dehliz.report.criticality_page import draw_criticality

        page = draw_criticality(tables, document)
        write_whole(report, lambda path: path.write_text(page, encoding="utf-8", newline="\n"))
    if folder is not None:
        from dehliz.study.store import write_run

        own = {name: table for name, table in tables.items() if name.startswith("criticality")}
        title = f"What is worth most, {document['year']}"
        write_run(folder, {"name": folder.name, "title": title, **document}, own, {})


def _save_page(svg: str, title: str) -> Any:
    from dehliz.report.markup import Markup, tag

    head = tag("head", tag("meta", charset="utf-8"), tag("title", title))
    page = "<!DOCTYPE html>\n" + tag("html", head, tag("body", Markup(svg)), lang="en") + "\n"
    return lambda path: path.write_text(page, encoding="utf-8", newline="\n")
