"""The flat event log as parts: each stage is a wait and a work, each with its branch of the tree of causes.

Waits are cut where the place was shut, and crossings where the ship lay off the port, when these are given. Read by
the Gantt chart and the staircase; tables ``event`` and ``sailing`` in, plain frames out.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row

WAIT_BRANCH: Final = {"border": "border", "sail": "ship", "wagon": "wagon"}
WORK_BRANCH: Final = {
    "move": "moving", "handle": "handling", "wait": "terminal", "border": "border", "sail": "moving", "path": "queue",
    "wagon": "wagon",
}  # fmt: skip
COLUMNS: Final = (
    "consignment_id", "stage_count", "node_id", "resource_id", "activity", "branch", "is_work", "from_h", "to_h",
)  # fmt: skip
Piece = tuple[str, float, float]


def split_events(
    event: pd.DataFrame, sailing: pd.DataFrame | None = None, shut: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Waits and works of stages in order, without those of no length.

    Parameters
    ----------
    event : DataFrame
        Rows of table ``event``. A stage that did not begin or end in the run is left out from there on.
    sailing : DataFrame, optional
        Table ``sailing``: tells the crossing from the wait for a berth.
    shut : DataFrame, optional
        ``resource_id``, ``from_h``, ``to_h``: when a resource was shut.

    Returns
    -------
    DataFrame
        ``consignment_id``, ``stage_count``, ``node_id``, ``resource_id``, ``activity``, ``branch``, ``is_work``,
        ``from_h``, ``to_h``.
    """
    off = _read_sailings(sailing)
    spells = _read_shut(shut)
    rows = []
    for one in each_row(event):
        activity = str(one.activity)
        wait = WAIT_BRANCH.get(activity, "queue")
        for is_work, pieces in (
            (False, _cut_wait(wait, one.ready_h, one.start_h, spells.get(str(one.resource_id), []))),
            (True, _cut_work(activity, one, off)),
        ):
            rows += [
                (
                    one.consignment_id,
                    one.stage_count,
                    one.node_id,
                    one.resource_id,
                    activity,
                    branch,
                    is_work,
                    low,
                    high,
                )
                for branch, low, high in pieces
                if high > low
            ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _read_sailings(sailing: pd.DataFrame | None) -> dict[tuple[str, float], float]:
    if sailing is None:
        return {}
    return {(str(row.resource_id), float(row.depart_h)): float(row.arrive_h) for row in each_row(sailing)}


def _read_shut(shut: pd.DataFrame | None) -> dict[str, list[tuple[float, float]]]:
    spells: dict[str, list[tuple[float, float]]] = {}
    if shut is not None:
        for row in each_row(shut.sort_values(["resource_id", "from_h", "to_h"])):
            spells.setdefault(str(row.resource_id), []).append((float(row.from_h), float(row.to_h)))
    return spells


def _cut_wait(branch: str, ready_h: float, start_h: float, spells: list[tuple[float, float]]) -> list[Piece]:
    """A wait, with the spells in which the place was shut."""
    if not np.isfinite(start_h):
        return []
    pieces: list[Piece] = []
    here_h = ready_h
    for from_h, to_h in spells:
        low, high = max(from_h, here_h), min(to_h, start_h)
        if high > low:
            pieces += [(branch, here_h, low), ("closure", low, high)]
            here_h = high
    return [*pieces, (branch, here_h, start_h)]


def _cut_work(activity: str, one: Any, off: dict[tuple[str, float], float]) -> list[Piece]:
    start_h, end_h = float(one.start_h), float(one.end_h)
    if not np.isfinite(start_h) or not np.isfinite(end_h):
        return []
    branch = WORK_BRANCH.get(activity, "other")
    arrive_h = off.get((str(one.resource_id), start_h), np.nan) if activity == "sail" else np.nan
    if np.isfinite(arrive_h) and start_h < arrive_h < end_h:
        return [(branch, start_h, arrive_h), ("ship", arrive_h, end_h)]
    return [(branch, start_h, end_h)]


def climb_events(event: pd.DataFrame, names: dict[str, str] | None = None) -> pd.DataFrame:
    """Time and money against distance, over the consignments that went the most travelled way.

    Parameters
    ----------
    event : DataFrame
        Rows of table ``event`` of one flow, with columns ``length_km`` and ``cost_usd`` of each stage beside them.
    names : dict of str to str, optional
        Names of nodes.

    Returns
    -------
    DataFrame
        Two rows per stage, its wait and its work: ``name``, ``branch``, ``is_work``, ``length_km`` and ``cost_usd`` so
        far at its end, and ``time_h``, ``time_low_h``, ``time_high_h``: mean, 5th and 95th percentile of the hours
        since release; ``consignment_count`` that went this way to its end. Empty when none did.
    """
    done = event.groupby("consignment_id", observed=True, sort=False)["end_h"].transform(
        lambda end: end.notna().all()
    )
    event = event[done.astype(bool)].sort_values(["consignment_id", "stage_count"], kind="stable")
    ways = event.groupby("consignment_id", observed=True, sort=False)["resource_id"].agg(tuple)
    if not len(ways):
        return pd.DataFrame(columns=list(STAIR_COLUMNS))
    counts = ways.value_counts(sort=False)
    way = sorted(counts[counts == counts.max()].index)[0]
    taken = ways.index[[one == way for one in ways]]
    event = event[event["consignment_id"].isin(taken)]
    shape = (len(taken), len(way))
    reach = {
        name: event[name].to_numpy(dtype=float).reshape(shape) for name in ("ready_h", "start_h", "end_h")
    }
    release_h = reach["ready_h"][:, :1]
    stages = event.iloc[: len(way)]
    length_km, cost_usd = stages["length_km"].to_numpy(float), stages["cost_usd"].to_numpy(float)
    rows: list[tuple[object, ...]] = []
    here_km = here_usd = 0.0
    for at, stage in enumerate(each_row(stages)):
        activity, node_id = str(stage.activity), str(stage.node_id)
        for is_work, key in ((False, "start_h"), (True, "end_h")):
            since_h = reach[key][:, at] - release_h[:, 0]
            if is_work:
                here_km, here_usd = here_km + np.nan_to_num(length_km[at]), here_usd + cost_usd[at]
            branch = WORK_BRANCH.get(activity, "other") if is_work else WAIT_BRANCH.get(activity, "queue")
            low, high = np.percentile(since_h, [5, 95])
            name = (names or {}).get(node_id, node_id)
            hours = (float(since_h.mean()), float(low), float(high))
            rows.append((name, branch, is_work, here_km, here_usd, *hours, len(taken)))
    return pd.DataFrame(rows, columns=list(STAIR_COLUMNS))


STAIR_COLUMNS: Final = (
    "name", "branch", "is_work", "length_km", "cost_usd", "time_h", "time_low_h", "time_high_h", "consignment_count",
)  # fmt: skip
