"""Puts the simulated scenarios of a study on the screen: how each stands, and what the what-ifs change."""

from typing import TYPE_CHECKING

from rich.console import Console

from dehliz.base.rows import each_row
from dehliz.cli.show_simulation import make_difference_table, say_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dehliz.study.operate import Scene
    from dehliz.study.run import Made

SHOWN_CORRIDOR_COUNT = 4
"""Corridors of a what-if that are shown: those whose mean time moves most."""
SHOWN_PLACE_COUNT = 4
"""Quays and other places of a what-if that are shown: those whose wait moves most."""


def states_text(console: Console, scenes: "Sequence[Scene]") -> None:
    """Whether each scenario keeps up, and whether choice and operations settled; nothing without simulation."""
    for scene in scenes:
        console.print(f"{scene.name}: {say_state(scene.status, scene.reason)}", style="bold")
        if scene.is_settled is False:
            console.print(
                f"{scene.name}: Choice and operations have not settled: more rounds may be needed.",
                style="bold",
            )


def differences_text(console: Console, made: "Made") -> None:
    """What each what-if changes: all cargo, then corridors and places whose bounds leave out 0."""
    rows = made.tables.get("scenario_difference")
    if rows is None:
        return
    bottlenecks = made.tables["simulated_bottleneck"]
    names = {row.resource_id: row.name for row in each_row(bottlenecks[["resource_id", "name"]])}
    for scene in made.scenes[1:]:
        console.print()
        console.print(f"What if: {scene.name}, on the same draws", style="bold")
        console.print(make_difference_table(_choose(rows[rows["scenario_id"] == scene.scenario_id]), names))
        told = (
            "as before"
            if scene.bottleneck == scene.base_bottleneck
            else f"before: {scene.base_bottleneck or 'none'}"
        )
        console.print(f"First bottleneck: {scene.bottleneck or 'none'}, {told}", style="bold")


def _choose(rows: "pd.DataFrame") -> "pd.DataFrame":
    import pandas as pd

    is_all = (rows["row_id"] == "all") & rows["measure"].isin(["mean_h", "median_h", "p95_h"])
    is_clear = rows["is_clear"].astype(bool)
    is_corridor = is_clear & rows["row_id"].str.startswith("corridor:") & (rows["measure"] == "mean_h")
    is_place = is_clear & (rows["measure"] == "wait_h_t")
    parts = [rows[is_all & (rows["kind"] == "time")]]
    for chosen, count in ((is_corridor, SHOWN_CORRIDOR_COUNT), (is_place, SHOWN_PLACE_COUNT)):
        order = rows.loc[chosen, "value_mean"].abs().sort_values(ascending=False, kind="stable").index
        parts.append(rows.loc[order[:count]])
    return pd.concat(parts)
