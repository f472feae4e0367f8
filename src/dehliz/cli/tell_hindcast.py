"""Puts the hindcast on the screen: predicted beside published volumes, the naive forecasts, the claim of six times."""

from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console
from rich.table import Table

from dehliz.base.rows import each_row
from dehliz.cli.show import make_console, progress

if TYPE_CHECKING:
    from dehliz.validation.hindcast import Hindcast

MEGA = 1e6


def make() -> "Hindcast":
    """The hindcast, with a progress line where someone watches."""
    from dehliz.validation.hindcast import hindcast

    with progress() as on_step:
        return hindcast(on_step)


def hindcast_text(made: "Hindcast", everything: bool) -> None:
    """Summary by count, then the predicted years (all years with ``--all``), then the readings of the claim."""
    console = make_console()
    console.print()
    _summary(console, made.volume_summary)
    console.print()
    _check(
        console,
        made.volume_check if everything else made.volume_check[~made.volume_check["is_fitted"]],
        everything,
    )
    console.print()
    _growth(console, made.growth_claim)
    lost = {year: status for year, status in made.statuses.items() if status != "converged"}
    if lost:
        console.print(f"Not converged: {lost}", style="bold")


def _table(*titles: str, left: int) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for at, title in enumerate(titles):
        table.add_column(title, justify="left" if at < left else "right", overflow="fold", no_wrap=at >= left)
    return table


def _times(value_factor: float) -> str:
    return "-" if pd.isna(value_factor) else f"{value_factor:,.2f}"


def _words(an_id: str) -> str:
    """An id as words: a narrow column then folds it between them and not inside one."""
    return an_id.replace("_", " ")


def _segments(text: str) -> str:
    boxes = text.replace("container_high_value;container_other", "boxes")
    return _words(boxes.replace(";", ", ")) or "all"


def _summary(console: Console, rows: pd.DataFrame) -> None:
    console.print(
        "[bold]Volumes[/bold] of the years after the fit: typical factor between prediction and count (1 is exact), "
        "and that of two naive forecasts where both exist",
        markup=True,
    )
    table = _table(
        "count", "segments", "years", "model", "of these", "model", "as last year", "trend", "best", left=2
    )
    for row in each_row(rows):
        table.add_row(
            _words(row.scope_id), _segments(row.segment_ids), str(row.compared_count), _times(row.model_factor),
            str(row.naive_count), _times(row.model_there_factor), _times(row.last_year_factor),
            _times(row.trend_factor), _words(row.best),
        )  # fmt: skip
    console.print(table)


def _mega(value_t: float) -> str:
    return "-" if pd.isna(value_t) else f"{value_t / MEGA:,.3f}"


def _check(console: Console, rows: pd.DataFrame, everything: bool) -> None:
    console.print(
        "[bold]Published and predicted, Mt[/bold]"
        + (" (fitted years are marked)" if everything else " (--all shows the fitted years too)"),
        markup=True,
    )
    table = _table(
        "count", "segments", "year", "published", "model", "error", "as last year", "trend", "best", left=2
    )
    for row in each_row(rows):
        year = f"{row.year} {row.period}".strip() + (" fitted" if row.is_fitted else "")
        table.add_row(
            _words(row.scope_id), _segments(row.segment_ids), year, _mega(row.observed_t), _mega(row.model_t),
            f"{row.error_share:+.0%}", _mega(row.last_year_t), _mega(row.trend_t), _words(row.best),
        )  # fmt: skip
    console.print(table)


def _growth(console: Console, rows: pd.DataFrame) -> None:
    console.print("[bold]Six times in five years?[/bold] readings of the published series", markup=True)
    table = _table("series", "years", "from Mt", "to Mt", "times", "six", left=2)
    for row in each_row(rows):
        table.add_row(
            _words(row.series), f"{row.first_year}-{row.last_year}", _mega(row.first_t), _mega(row.last_t),
            f"{row.growth_factor:.2f}", "yes" if row.holds else "no",
        )  # fmt: skip
    console.print(table)
