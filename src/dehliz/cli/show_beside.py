"""Puts what stands beside a simulation on the screen: rounds of choice and operations, published times, indicators."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from rich.console import Console

from dehliz.base.rows import each_row
from dehliz.cli.show import make_table, whole

ALL = "all"
SHOWN_CORRIDOR_COUNT = 4
"""Corridors that a table of 100 columns has room for: those whose cargo moved most."""
INDICATOR_TITLE = {
    "tfi1": "TFI1 time at a border, h", "tfi2": "TFI2 cost at a border, USD", "tfi3": "TFI3 500 km, 20 t, USD",
    "tfi4_swod": "TFI4 speed without delay, km/h", "tfi4_swd": "TFI4 speed with delay, km/h",
}  # fmt: skip

Tables = Mapping[str, pd.DataFrame]


def beside_text(console: Console, tables: Tables) -> None:
    """Rounds, published times and indicators, as far as there are any."""
    if len(tables.get("feedback", ())):
        rounds_text(console, tables["feedback"])
    if len(tables.get("simulated_time_check", ())):
        _published(console, tables)
    if len(tables.get("indicator", ())):
        _indicators(console, tables["indicator"])


def rounds_text(console: Console, rounds: pd.DataFrame) -> None:
    """Cargo of each corridor by round, and how far the shares moved."""
    console.print(
        "\nRounds: cargo by corridor, thousand tonnes, as simulated times return into the choice",
        style="bold",
    )
    volumes = rounds.pivot_table(
        index="round_count", columns="corridor_id", values="volume_t_a", aggfunc="sum", fill_value=0.0
    )
    moved = (volumes.max() - volumes.min()).sort_values(ascending=False, kind="stable")
    shown = moved.index[:SHOWN_CORRIDOR_COUNT].tolist()
    table = make_table(("round",), (*shown, "largest change", "apart h"))
    for number, rows in rounds.groupby("round_count", sort=True):
        change = rows["change_share"].abs().max()
        table.add_row(
            str(number),
            *(whole(volumes[one].loc[number] / 1000.0) for one in shown),
            "" if np.isnan(change) else f"{100 * change:.1f} points",
            f"{float(rows['residual_h'].iloc[0]):.1f}",
        )
    console.print(table)


def _published(console: Console, tables: Tables) -> None:
    """Published days beside the simulated band; how many lie inside, by kind."""
    console.print("\nPublished days beside the simulated ones (never an input)", style="bold")
    table = make_table(("from - to", "kind", "year"), ("published", "median", "5 to 95%", "inside"))
    for row in each_row(tables["simulated_time_check"].sort_values(["kind", "check_id"])):
        low, high = row.published_low_d, row.published_high_d
        published = _between(low, high)
        table.add_row(
            f"{row.origin_id} - {row.destination_id}, {row.corridor_id}", row.kind, str(row.year), published,
            f"{row.median_d:.1f}", f"{row.model_p05_d:.1f}-{row.model_p95_d:.1f}", "yes" if row.is_inside else "no",
        )  # fmt: skip
    console.print(table)
    table = make_table(("kind", "corridor"), ("times", "inside", "mean error", "mean absolute"))
    for row in each_row(tables["simulated_time_summary"]):
        table.add_row(
            row.kind, row.corridor_id, str(row.compared_count), str(row.inside_count),
            f"{100 * row.mean_error_share:+.0f}%", f"{100 * row.mean_absolute_error_share:.0f}%",
        )  # fmt: skip
    console.print(table)
    for row in each_row(tables["wait_fit"]):
        what = "it is fitted to" if row.part == "fitted" else "left out of the fit"
        console.print(
            f"Were all waits {row.wait_factor:.2f} times as long, the typical factor between simulated and published "
            f"days would go from {row.error_before_factor:.2f} to {row.error_after_factor:.2f} on the "
            f"{row.compared_count} observed times {what}.",
            style="dim",
        )


def _between(low_d: float, high_d: float) -> str:
    """Published days, as they were published."""
    return f"{low_d:g}" if low_d == high_d else f"{low_d:g}-{high_d:g}"


def _indicators(console: Console, rows: pd.DataFrame) -> None:
    """Indicators of all corridors by country, where a measured value stands beside them."""
    console.print("\nCPMM indicators beside the measured ones", style="bold")
    table = make_table(("indicator", "country", "by"), ("model", "measured", "year", "sample"))
    shown = rows[(rows["corridor_id"] == ALL) & rows["measured"].notna()]
    for row in each_row(shown):
        table.add_row(
            INDICATOR_TITLE[row.indicator], row.country_id, row.medium, f"{row.value:,.1f}", f"{row.measured:,.1f}",
            f"{row.measured_year:.0f}", "-" if np.isnan(row.sample_count) else f"{row.sample_count:.0f}",
        )  # fmt: skip
    console.print(table)
    if shown["sample_count"].isna().all():
        console.print("No sample size is published with these values.", style="dim")
