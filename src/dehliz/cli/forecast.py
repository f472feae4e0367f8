"""``forecast``: cargo of the corridor in years to come, by scenario, with bands; tried on the past."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dehliz.cli import options as opt

if TYPE_CHECKING:
    import pandas as pd

    from dehliz.report.figure import Figure
    from dehliz.study.forecast import Forecast, ForecastSettings

LAST_YEAR = 2035
DRAW_COUNT = 40
MOST_DRAW_COUNT = 10_000
CHECK_SHARE = 0.3
"""Share of the time that trying the forecast on the past takes, for the progress line."""
INCOMPLETE = 3


def forecast(
    to: Annotated[
        int,
        typer.Option("--to", parser=opt.read_whole(0, 9999), metavar="YEAR", help="Last year to forecast."),
    ] = LAST_YEAR,
    draws: Annotated[
        int,
        typer.Option(
            parser=opt.read_whole(1, MOST_DRAW_COUNT),
            metavar="COUNT",
            help="Draws of each scenario and year.",
        ),
    ] = DRAW_COUNT,
    seed: opt.Seed = 1,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", help="Scenarios wanted, such as central,north_closed; else all."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A first look: 10 draws, three years, not tried on the past.")
    ] = False,
    draw_choice: Annotated[
        bool,
        typer.Option(
            "--draw-choice",
            help="Draw the parameters of choice too, one by one by their standard errors: bands are then too wide.",
        ),
    ] = False,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Leave out the trial on the past, from 2021 and from 2022.")
    ] = False,
    figure: Annotated[
        Path | None, typer.Option("--figure", help="Write the fan chart of the corridor's cargo as SVG.")
    ] = None,
    as_json: opt.AsJson = False,
) -> int:
    """Cargo of the Middle Corridor in years to come: scenarios with bands, published forecasts, the past beside it."""
    from dehliz.cli import show, show_forecast
    from dehliz.cli.targets import check_file, write_whole
    from dehliz.study.forecast import ForecastSettings, make_quick
    from dehliz.study.forecast import forecast as ask_forecast
    from dehliz.study.forecast_check import check_forecast
    from dehliz.study.forecast_drivers import read_drivers

    settings = ForecastSettings(
        to_year=to, draw_count=draws, seed=seed, scenario_ids=opt.split(scenario), is_choice_drawn=draw_choice
    )
    settings = make_quick(settings) if quick else settings
    with_check = not (no_check or quick)
    if figure is not None:
        check_file("--figure", figure, ".svg")
    opt.announce_compiling()
    drivers = read_drivers()
    share = 1.0 - CHECK_SHARE * with_check
    with show.progress() as on_step:
        result = ask_forecast(settings, drivers, lambda step, done: on_step(step, share * done))
        tables = dict(result.tables)
        if with_check:
            tables |= check_forecast(
                drivers,
                target_gap_share=settings.target_gap_share,
                on_step=lambda step, done: on_step(step, share + (1.0 - share) * done),
            )
    document = _describe(result, settings)
    if figure is not None:
        write_whole(figure, _draw(result).save)
    if as_json:
        show.dump({**document, **{name: _records(table) for name, table in tables.items()}})
    else:
        show_forecast.forecast_text(document, tables)
    return 0 if result.status == "converged" else INCOMPLETE


def _records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    from dehliz.base.rows import to_records

    return to_records(table)


def _describe(result: "Forecast", settings: "ForecastSettings") -> dict[str, Any]:
    """What was done, and what the model makes of the last year observed."""
    missed = result.unconverged_count
    return {
        "status": result.status,
        "reason": f"{missed} of {result.run_count} assignments stopped above the gap asked for"
        if missed
        else "",
        "base_year": result.base_year,
        "years": list(result.years),
        "draws": settings.draw_count,
        "seed": settings.seed,
        "assignments": result.run_count,
        "unconverged": missed,
        "target_gap_share": settings.target_gap_share,
        "series": [
            {
                "series_id": one.series_id,
                "rows": list(one.gateways),
                "segment_ids": list(one.segment_ids),
                "base_model_t_a": result.base_t_a[one.series_id],
                "base_observed_t_a": one.observed_t_a.get(result.base_year),
                "observed_t_a": {str(year): volume for year, volume in sorted(one.observed_t_a.items())},
            }
            for one in result.series
        ],
    }


def _draw(result: "Forecast") -> "Figure":
    from dehliz.report.forecast_figure import draw_fan

    titr = next(one for one in result.series if one.series_id == "titr")
    return draw_fan(result.tables, titr.series_id, titr.observed_t_a)
