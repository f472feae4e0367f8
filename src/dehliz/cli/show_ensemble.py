"""Puts an ensemble on the screen: how far it is, what it took, what failed, and what its job says of all runs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from dehliz.base.errors import say_count
from dehliz.base.rows import each_row
from dehliz.cli.show import make_console, make_table

if TYPE_CHECKING:
    from dehliz.study.ensemble import Ensemble, Progress

SHOWN_FAILURE_COUNT = 5
_LEAST_S = 1.0
"""Seconds before a rate is told."""


def describe(progress: "Progress") -> tuple[str, float]:
    """The line of progress and the share that is done."""
    share = progress.done_count / progress.run_count
    if progress.step == "gather":
        return f"Writing tables of {progress.run_count:,} runs", share
    words = [f"{progress.done_count:,} of {progress.run_count:,} runs"]
    if progress.new_count and progress.elapsed_s > _LEAST_S:
        rate = progress.new_count / progress.elapsed_s
        left_count = progress.run_count - progress.done_count - progress.failed_count
        words += [f"{rate:,.1f}/s", f"{_say_s(left_count / rate)} left"]
    if progress.failed_count:
        words.append(f"{progress.failed_count:,} failed")
    if progress.death_count:
        words.append(f"{say_count(progress.death_count, 'worker')} lost")
    return ", ".join(words), share


def _say_s(time_s: float) -> str:
    minutes, seconds = divmod(round(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def ensemble_text(made: "Ensemble", summary: Mapping[str, pd.DataFrame]) -> None:
    """The outcome in tables of at most 100 columns, its status first."""
    console = make_console()
    state = "Complete" if made.status == "ok" else "Not complete"
    console.print(f"{state}: {made.done_count:,} of {made.run_count:,} runs in {made.folder}", style="bold")
    failed = made.runs[made.runs["state"] == "failed"]
    for row in each_row(failed.head(SHOWN_FAILURE_COUNT)):
        console.print(f"Run {row.run} failed: {row.reason}")
    if len(failed) > SHOWN_FAILURE_COUNT:
        console.print(f"and {len(failed) - SHOWN_FAILURE_COUNT} more (table ensemble_run has all)")
    if made.effort.is_ended:
        console.print("The deadline came first. The same command goes on.")
    numbers = (
        "runs now",
        "failed",
        "processes",
        "lost",
        "seconds",
        "writing s",
        "overhead ms/run",
        "efficiency",
    )
    table = make_table((), numbers)
    table.add_row(
        f"{made.new_count:,}",
        f"{len(failed):,}",
        str(made.effort.worker_count),
        str(made.effort.death_count),
        f"{made.run_s:,.1f}",
        f"{made.gather_s:,.1f}",
        f"{1e3 * made.overhead_s:,.2f}" if made.new_count else "-",
        f"{made.efficiency_share:.0%}" if made.new_count else "-",
    )
    console.print(table)
    for title, rows in summary.items():
        console.print(f"\n{title}", style="bold")
        console.print(_make_table(rows))


def _make_table(rows: pd.DataFrame) -> Any:
    """Any small table: words to the left, numbers to four digits to the right."""
    right = tuple(name for name in rows.columns if pd.api.types.is_numeric_dtype(rows[name]))
    left = tuple(name for name in rows.columns if name not in right)
    table = make_table(left, right)
    for record in rows[[*left, *right]].itertuples(index=False, name=None):
        table.add_row(*(f"{cell:,.4g}" if isinstance(cell, float) else f"{cell}" for cell in record))
    return table
