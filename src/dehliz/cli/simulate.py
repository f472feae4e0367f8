"""``simulate``: a year of operations drawn many times, and what its logs say."""

from pathlib import Path
from typing import Annotated

import typer

from dehliz.base.errors import SettingsError
from dehliz.cli import options as opt
from dehliz.cli.assign_options import read_number

REPLICATION_COUNT = 200
MOST_REPLICATION_COUNT = 100_000
MOST_DAY_COUNT = 3_650
ROUND_COUNT = 8
CONSIGNMENT_COUNT = 150_000
MOST_CONSIGNMENTS = 10_000_000
LEAST = 1e-6
INCOMPLETE = 3
"""Exit code when the system cannot keep up, or choice and operations have not settled."""

_read_promise = read_number(
    LEAST, MOST_DAY_COUNT, "days above 0, such as 15: nothing is delivered before it sets out"
)


def simulate(
    year: Annotated[
        int | None,
        typer.Option(
            parser=opt.read_whole(0, 9999),
            metavar="YEAR",
            help="Year of the demand, the calendar and the network: 2024 when left out.",
        ),
    ] = None,
    replications: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(2, MOST_REPLICATION_COUNT),
            metavar="COUNT",
            help="How often the year is drawn; bounds come from the differences.",
        ),
    ] = REPLICATION_COUNT,
    seed: opt.Seed = 1,
    replan: Annotated[
        bool,
        typer.Option(
            "--replan", help="Let consignments take another way at a terminal when what lies ahead is shut."
        ),
    ] = False,
    patience: Annotated[
        float,
        typer.Option(
            "--patience-h",
            parser=read_number(0.0, 8760.0, "hours from 0 to 8,760, such as 24"),
            metavar="HOURS",
            help="With --replan: how long it must have been shut.",
        ),
    ] = 24.0,
    promise: Annotated[
        float | None,
        typer.Option(
            "--promise-d", parser=_read_promise, metavar="DAYS", help="Promised days: tells the odds of each."
        ),
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="PLACE", help="Watch one pair of places, with --to.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="PLACE", help="Where the watched pair ends.")
    ] = None,
    warm_up: Annotated[
        float | None,
        typer.Option(
            "--warm-up-d",
            parser=read_number(0.0, MOST_DAY_COUNT, "days from 0 on, such as 30"),
            metavar="DAYS",
            help="Days to leave out at the beginning; found by MSER-5 when not given.",
        ),
    ] = None,
    service: Annotated[
        float,
        typer.Option(
            "--service-share",
            parser=read_number(0.5, 0.999999, "a share from 0.5 to below 1, such as 0.95"),
            metavar="SHARE",
            help="Safety stock lasts through a lead time with this probability.",
        ),
    ] = 0.95,
    holding: Annotated[
        float | None,
        typer.Option(
            "--holding-share",
            parser=read_number(0.0, 10.0, "a share of at least 0, such as 0.2"),
            metavar="SHARE",
            help="Yearly cost of holding stock over its value; the cost of safety stock is told only with it.",
        ),
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(help="What-if: a scenario file (TOML), simulated on the same draws and compared."),
    ] = None,
    rounds: Annotated[
        int | None,
        typer.Option(
            parser=opt.read_whole(1, 100),
            metavar="COUNT",
            help="Most rounds in which simulated times return into the choice of ways: 8 when left out; 1 loads once.",
        ),
    ] = None,
    consignments: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(1, MOST_CONSIGNMENTS),
            metavar="COUNT",
            help="Most consignments a year; where there would be more, each is made larger by a whole factor.",
        ),
    ] = CONSIGNMENT_COUNT,
    network: opt.NetworkPath = None,
    demand: Annotated[
        Path | None, typer.Option(help="Demand of your own network: .csv, .parquet, .omx or .tntp.")
    ] = None,
    threads: opt.Threads = 2,
    log: Annotated[
        Path | None,
        typer.Option(help="Parquet file to write the event log of the first replication to, stage by stage."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            help="Page (.html) to write the figures and tables to; it opens in any browser, offline."
        ),
    ] = None,
    as_json: opt.AsJson = False,
) -> int:
    """Simulate a year of operations: times with odds, their causes, ships, queues and bottlenecks."""
    from dehliz.cli import show, show_simulation
    from dehliz.cli.simulate_make import Asked, answer, describe
    from dehliz.cli.targets import check_file, write_whole
    from dehliz.simulation.settings import SimulationSettings

    if (from_ is None) != (to is None):
        given, missing = ("--from", "--to") if to is None else ("--to", "--from")
        raise SettingsError(f"Option {given} was given without {missing}. A pair needs both. Add {missing}.")
    if demand is not None and network is None:
        raise SettingsError(
            "Option --demand was given without --network. It is the demand of a network of your own. Add --network, "
            "or leave it out."
        )
    if rounds is not None and network is not None:
        raise SettingsError(
            "Option --rounds was given with --network. Choice and operations are brought together in rounds on the "
            "bundled network alone; a network of your own is loaded once, to equilibrium. Leave --rounds out."
        )
    if log is not None:
        check_file("--log", log, ".parquet")
    if report is not None:
        check_file("--report", report, ".html")
    settings = SimulationSettings(
        replication_count=replications,
        seed=seed,
        thread_count=threads,
        can_replan=replan,
        patience_h=patience,
        warm_up_h=None if warm_up is None else 24.0 * warm_up,
        promise_h=None if promise is None else 24.0 * promise,
        service_share=service,
        holding_share=holding,
    )
    opt.announce_compiling()
    asked = Asked(
        year=year,
        network=network,
        demand=demand,
        pair=None if from_ is None or to is None else (from_, to),
        scenario=scenario,
        log=log,
        rounds=ROUND_COUNT if rounds is None else rounds,
        consignments=consignments,
    )
    with show.progress() as on_step:
        found = answer(asked, settings, on_step)
    document, tables = describe(asked, found)
    if report is not None:
        from dehliz.cli.simulate_draw import draw_page

        page = draw_page(found, document, tables)
        write_whole(report, lambda path: path.write_text(page, encoding="utf-8", newline="\n"))
    if as_json:
        show.dump({**document, **{name: show.records(table) for name, table in tables.items()}})
    else:
        show_simulation.simulation_text(document, tables)
    for what, path in (("report", report), ("event log", log)):
        if path is not None:
            # Not on standard output, where --json has one document and nothing else.
            typer.echo(f"The {what} is {path}.", err=True)
    return INCOMPLETE if document["status"] != "ok" or document["is_settled"] is False else 0
