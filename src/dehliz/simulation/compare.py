"""``compare_simulations``: what another plan changes, replication by replication on the same draws.

Both were drawn from the same seed, and streams, flows and places are seeded by their names, so replication ``k`` of
the one and of the other differ by what was changed and by nothing else (common random numbers).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dehliz.base.errors import SettingsError
from dehliz.graph.graph import FloatArray
from dehliz.simulation.confidence import find_bounds
from dehliz.simulation.observe import QUEUE_MEAN, WAIT_H_T
from dehliz.simulation.observe_causes import Cause
from dehliz.simulation.observe_outline import Group
from dehliz.simulation.observe_times import COUNT, MEAN, MEDIAN, ON_TIME, P90, P95, UNFINISHED
from dehliz.simulation.observe_use import DEPARTURES, PART, SHIP_LOAD, SHIP_ROOM
from dehliz.simulation.result import Simulation
from dehliz.simulation.result_times import shape
from dehliz.simulation.result_use import find_used

TIMES = (("mean_h", MEAN), ("median_h", MEDIAN), ("p90_h", P90), ("p95_h", P95))
"""Measures of groups, and their columns."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What another plan changes.

    Attributes
    ----------
    table : DataFrame
        Table ``simulated_difference``.
    base_bottleneck, other_bottleneck : str
        Name of the resource for which cargo waits most in each; empty when none waits.
    """

    table: pd.DataFrame
    base_bottleneck: str
    other_bottleneck: str


@dataclass(frozen=True, slots=True)
class _Measure:
    """One number of one thing, by replication, in both."""

    kind: str
    row_id: str
    measure: str
    base: FloatArray
    other: FloatArray


def compare_simulations(base: Simulation, other: Simulation) -> Difference:
    """Paired differences with confidence bounds.

    Parameters
    ----------
    base, other : Simulation
        Same seed, number of replications and window.

    Returns
    -------
    Difference
        Of all that both have: groups, causes, quays, resources. A row is clear when its bounds leave out 0; of rows
        without any effect, one in twenty is at a level of 95%.

    Raises
    ------
    SettingsError
        When the two were not simulated alike.
    """
    check_pair(base, other)
    rows = [
        row
        for pick in (_pick_times, _pick_causes, _pick_ships, _pick_resources)
        for row in _pair(pick(base), pick(other))
    ]
    return Difference(
        _make_table(rows, base.settings.confidence_share), name_bottleneck(base), name_bottleneck(other)
    )


def check_pair(base: Simulation, other: Simulation) -> None:
    """Refuse two simulations whose replications cannot be paired."""
    ours, theirs = base.settings, other.settings
    pairs = (
        ("seed", ours.seed, theirs.seed),
        ("replication_count", ours.replication_count, theirs.replication_count),
        ("window from_h", base.window.from_h, other.window.from_h),
        ("window to_h", base.window.to_h, other.window.to_h),
        ("start", base.plan.start, other.plan.start),
    )
    faults = [f"{name} is {one} in the base and {two} in the other" for name, one, two in pairs if one != two]
    if faults:
        raise SettingsError(
            f"Comparison of simulations: {'; '.join(faults)}. Both must be simulated alike, so that replications are "
            "pairs. Give the other the settings of the base, with warm_up_h as the base found it."
        )


def name_bottleneck(simulation: Simulation) -> str:
    """Name of the resource for which cargo waits most; empty when none waits."""
    wait = simulation.gathered.resources[:, :, WAIT_H_T].mean(axis=0)
    if not len(wait) or not wait.max() > 0.0:
        return ""
    return simulation.plan.resource_names[int(np.argmax(wait))]


_Picked = dict[tuple[str, str, str], FloatArray]


def _pair(base: _Picked, other: _Picked) -> Iterator[_Measure]:
    for key, values in base.items():
        if key in other and np.isfinite(values).any():
            yield _Measure(*key, values, other[key])


def name_group(group: Group) -> str:
    """A group in one word, such as ``od:xian>poti``."""
    ends = f"{group.origin_id}>{group.destination_id}" if group.origin_id else ""
    market = group.market_id if group.scope in ("market", "probe") else ""
    words = [word for word in (group.corridor_id, ends, market) if word]
    return ":".join([group.scope, "|".join(words)]) if words else group.scope


def _pick_times(one: Simulation) -> _Picked:
    times, found = one.gathered.times, {}
    for number, group in enumerate(one.outline.groups):
        if group.scope == "market":
            continue
        name, mine = name_group(group), times[:, number]
        for measure, column in TIMES:
            found["time", name, measure] = mine[:, column]
        found["on_time", name, "on_time_share"] = mine[:, ON_TIME]
        count = mine[:, COUNT]
        nothing = np.full(len(count), np.nan)
        found["time", name, "unfinished_share"] = np.divide(
            mine[:, UNFINISHED], count, out=nothing, where=count > 0
        )
    return found


def _pick_causes(one: Simulation) -> _Picked:
    causes, found = one.gathered.causes_h, {}
    for number, group in enumerate(one.outline.groups[: one.outline.n_broad]):
        for cause in Cause:
            values = causes[:, number, cause]
            if np.nan_to_num(values).any():
                found["cause", f"{name_group(group)}|{cause.name.lower()}", "time_h"] = values
    return found


def _pick_ships(one: Simulation) -> _Picked:
    system, ships, found = one.plan.system, one.gathered.ships, {}
    for quay, port in enumerate(system.lines.resource.reshape(-1).tolist()):
        mine, name = ships[:, quay], system.resource_ids[port]
        nothing = np.full(len(mine), np.nan)
        found["ship", name, "departure_count"] = mine[:, DEPARTURES]
        found["ship", name, "part_count"] = mine[:, PART]
        found["ship", name, "load_share"] = np.divide(
            mine[:, SHIP_LOAD], mine[:, SHIP_ROOM], out=nothing, where=mine[:, SHIP_ROOM] > 0.0
        )
    return found


def _pick_resources(one: Simulation) -> _Picked:
    resources, found = one.gathered.resources, {}
    used = find_used(one.outline, one.gathered, one.window)
    for number in np.flatnonzero(resources[:, :, WAIT_H_T].any(axis=0)).tolist():
        name = one.plan.system.resource_ids[number]
        found["resource", name, "wait_h_t"] = resources[:, number, WAIT_H_T]
        found["resource", name, "queue_count"] = resources[:, number, QUEUE_MEAN]
        found["resource", name, "utilisation_share"] = used[:, number]
    return found


def _make_table(rows: list[_Measure], level_share: float) -> pd.DataFrame:
    count = len(rows)
    base = np.array([row.base for row in rows]).reshape(count, -1).T
    other = np.array([row.other for row in rows]).reshape(count, -1).T
    bounds = find_bounds(other - base, level_share)
    columns: dict[str, object] = {
        "kind": [row.kind for row in rows],
        "row_id": [row.row_id for row in rows],
        "measure": [row.measure for row in rows],
        "value": find_bounds(base, level_share).mean,
        "rival_value": find_bounds(other, level_share).mean,
        "value_mean": bounds.mean,
        "value_low": bounds.low,
        "value_high": bounds.high,
        "is_clear": (bounds.low > 0.0) | (bounds.high < 0.0),
    }
    return shape("simulated_difference", columns)
