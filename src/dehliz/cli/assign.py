"""``assign``: trips on a network, and how sure the answer is."""

from pathlib import Path
from typing import Annotated, Any, cast

import typer

from dehliz.cli import assign_options as want
from dehliz.cli import options as opt

Network = Annotated[
    str | None,
    typer.Option(
        "--network",
        help="tntp:FOLDER for a test network, a GMNS folder, or a freight network of your own, instead of Eurasia.",
    ),
]


def assign(
    network: Network = None,
    year: Annotated[
        int | None,
        typer.Option(
            parser=opt.read_whole(0, 9999),
            metavar="YEAR",
            help="Year of the network and of the demand of Eurasia: 2024 when left out.",
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            parser=want.read_method,
            metavar="METHOD",
            help="aon (all or nothing), ue (user equilibrium), sue (logit; the default for Eurasia, where it is "
            "calibrated), so (system optimum). The default for other networks is ue.",
        ),
    ] = None,
    gap: Annotated[
        float,
        typer.Option(parser=want.read_gap, metavar="SHARE", help="Relative gap at which to stop."),
    ] = 1e-6,
    iterations: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(1, 1_000_000_000), metavar="COUNT", help="Iterations after which to stop."
        ),
    ] = 1_000,
    time_limit: Annotated[
        float,
        typer.Option(parser=want.read_seconds, metavar="SECONDS", help="Seconds after which to stop."),
    ] = 3_600.0,
    threads: opt.Threads = 1,
    marginal: Annotated[
        bool,
        typer.Option(
            "--marginal",
            help="With ue: each trip pays what it costs all others, which gives the system optimum without hard "
            "capacities.",
        ),
    ] = False,
    toll_factor: Annotated[
        float,
        typer.Option(
            parser=want.read_factor, metavar="FACTOR", help="Time per unit of toll, added to that of links."
        ),
    ] = 0.0,
    distance_factor: Annotated[
        float,
        typer.Option(
            parser=want.read_factor, metavar="FACTOR", help="Time per unit of length, added to that of links."
        ),
    ] = 0.0,
    bpr: Annotated[
        str | None,
        typer.Option(
            metavar="ALPHA,BETA",
            help="Delay of GMNS links that have no vdf_alpha and vdf_beta, such as 0.15,4.",
        ),
    ] = None,
    demand: Annotated[
        Path | None, typer.Option(help="Your own demand: .csv, .parquet, .omx or .tntp.")
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(help="Links whose users to show: an id, or FROM-TO; may be given several times."),
    ] = None,
    flows: Annotated[Path | None, typer.Option(help="CSV file to write the flow of each link to.")] = None,
    map_: Annotated[
        Path | None, typer.Option("--map", help="SVG file to draw the flows of Eurasia to.")
    ] = None,
    as_json: opt.AsJson = False,
) -> int:
    """Load trips onto a network: what each link carries, and how far that is from equilibrium."""
    from dehliz.assignment.settings import AssignmentSettings
    from dehliz.cli.assign_eurasia import assign_freight
    from dehliz.cli.assign_roads import assign_roads
    from dehliz.graph.roads import is_roads

    chosen = method or ("sue" if network is None else "ue")
    asked = want.Asked(
        network=network,
        year=year,
        settings=AssignmentSettings(
            method=cast("Any", chosen),
            target_gap_share=gap,
            iteration_limit_count=iterations,
            time_limit_s=time_limit,
            thread_count=threads,
            is_marginal=want.check_marginal(marginal, chosen),
        ),
        toll_factor=toll_factor,
        distance_factor=distance_factor,
        bpr=want.read_bpr(bpr),
        demand=demand,
        select=opt.split(select),
        flows=flows,
        map=map_,
        as_json=as_json,
    )
    opt.announce_compiling()
    return assign_roads(asked) if is_roads(network) else assign_freight(asked)
