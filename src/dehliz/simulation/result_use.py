"""Tables of resources: by week, ships, bottlenecks.

Used by ``simulation/result.py``; the next step is the screen, the store or a figure.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dehliz.graph.graph import FloatArray
from dehliz.simulation.bottleneck import Overload, rank
from dehliz.simulation.confidence import find_bounds
from dehliz.simulation.gather import Gathered
from dehliz.simulation.observe import PASSED, QUEUE_MEAN, QUEUE_MOST, USED, WAIT_H_T
from dehliz.simulation.observe_outline import WEEK_H, Outline
from dehliz.simulation.observe_use import (
    BUSY,
    CAME,
    CONSIGNMENTS,
    DEPARTURES,
    EMPTY_SAILINGS,
    MOST,
    OFF_PORT,
    PART,
    QUEUE,
    SHIP_BUSY,
    SHIP_LOAD,
    SHIP_ROOM,
    SHUT,
    Window,
    find_utilisation,
)
from dehliz.simulation.result_times import shape, tell_date
from dehliz.simulation.system import Departs, ResourceKind


def find_ship_use(outline: Outline, window: Window, ships: FloatArray) -> FloatArray:
    """Share of the time that ships are between leaving and being ready again.

    Parameters
    ----------
    outline, window : Outline, Window
        Lines; what is observed.
    ships : (n_replication, 2 n_line, 8) float64
        As in ``Gathered``.

    Returns
    -------
    (n_replication, n_line) float64
        NaN for lines without a fleet or that leave by the clock.
    """
    lines = outline.plan.system.lines
    fleet = np.where(lines.departs == Departs.FILLS, lines.fleet_count, 0)
    busy = ships[:, 0::2, SHIP_BUSY] + ships[:, 1::2, SHIP_BUSY]
    span_h = np.broadcast_to(fleet * window.span_h, busy.shape)
    return np.asarray(np.divide(busy, span_h, out=np.full(busy.shape, np.nan), where=span_h > 0.0))


def make_resource_use(outline: Outline, gathered: Gathered, horizon_h: float) -> pd.DataFrame:
    """Table ``resource_use``: queue and use of each resource at which somebody can wait, by week of the horizon."""
    system, weekly = outline.plan.system, gathered.weekly
    n_week = min(int(np.ceil(horizon_h / WEEK_H)), outline.week_count)
    weekly = weekly[:, :, :n_week]
    can_wait = np.isin(system.kind, (ResourceKind.SERVE, ResourceKind.BOARD, ResourceKind.TAKE))
    is_used = weekly[CAME].sum(axis=1) + weekly[BUSY].sum(axis=1) > 0.0
    chosen = np.flatnonzero((can_wait & is_used) | (weekly[QUEUE].sum(axis=1) > 0.0))
    dates = tell_date(outline.plan, (np.arange(n_week) * WEEK_H).tolist())
    columns: dict[str, object] = {
        "resource_id": [system.resource_ids[at] for at in chosen for _ in range(n_week)],
        "name": [outline.plan.resource_names[at] for at in chosen for _ in range(n_week)],
        "week_count": np.tile(np.arange(1, n_week + 1), len(chosen)),
        "from_date": dates * len(chosen),
        "came_count": weekly[CAME, chosen].ravel(),
        "queue_count": (weekly[QUEUE, chosen] / WEEK_H).ravel(),
        "queue_most_count": weekly[MOST, chosen].ravel(),
        "utilisation_share": find_utilisation(outline, weekly)[chosen].ravel(),
        "shut_share": np.minimum(weekly[SHUT, chosen] / WEEK_H, 1.0).ravel(),
    }
    return shape("resource_use", columns)


def make_ships(outline: Outline, gathered: Gathered, window: Window, level_share: float) -> pd.DataFrame:
    """Table ``ship_use``: departures of each quay from which anything left; by the clock, if anybody was aboard."""
    system, ships = outline.plan.system, gathered.ships
    lines = system.lines
    left, carried = ships[:, :, DEPARTURES].sum(axis=0), ships[:, :, CONSIGNMENTS].sum(axis=0)
    quays = np.flatnonzero((left > 0.0) & ((carried > 0.0) | np.repeat(lines.departs == Departs.FILLS, 2)))
    chosen = ships[:, quays]
    departures = chosen[:, :, DEPARTURES]
    count = find_bounds(departures, level_share)
    nothing = np.full(departures.shape, np.nan)
    has, has_room = departures > 0.0, chosen[:, :, SHIP_ROOM] > 0.0
    load = find_bounds(
        np.divide(chosen[:, :, SHIP_LOAD], chosen[:, :, SHIP_ROOM], out=nothing.copy(), where=has_room),
        level_share,
    )
    off = find_bounds(
        np.divide(chosen[:, :, OFF_PORT], departures, out=nothing.copy(), where=has), level_share
    )
    line = quays // 2
    fleet = np.where(lines.departs == Departs.FILLS, lines.fleet_count, 0)[line]
    busy = find_bounds(find_ship_use(outline, window, ships), level_share).mean[line]
    port = lines.resource.reshape(-1)[quays]
    columns: dict[str, object] = {
        "line_id": [lines.line_ids[at] for at in line],
        "resource_id": [system.resource_ids[at] for at in port],
        "name": [outline.plan.resource_names[at] for at in port],
        "departs": [Departs(int(lines.departs[at])).name.lower() for at in line],
        "fleet_count": lines.fleet_count[line],
        "departure_count": count.mean,
        "departure_low_count": np.maximum(count.low, 0.0),
        "departure_high_count": count.high,
        "empty_count": chosen[:, :, EMPTY_SAILINGS].mean(axis=0),
        "part_count": chosen[:, :, PART].mean(axis=0),
        "consignment_count": chosen[:, :, CONSIGNMENTS].mean(axis=0),
        "load_share": load.mean,
        "load_low_share": np.clip(load.low, 0.0, 1.0),
        "load_high_share": np.clip(load.high, 0.0, 1.0),
        "off_port_h": off.mean,
        "off_port_low_h": np.maximum(off.low, 0.0),
        "off_port_high_h": off.high,
        "round_trip_count": np.divide(count.mean, fleet, out=np.full(len(fleet), np.nan), where=fleet > 0),
        "busy_share": busy,
    }
    return shape("ship_use", columns)


def find_used(outline: Outline, gathered: Gathered, window: Window) -> FloatArray:
    """(n_replication, n_resource) use over the window: servers, tokens, ships of a fleet, else room of departures."""
    used = gathered.resources[:, :, USED].copy()
    lines = outline.plan.system.lines
    ships = find_ship_use(outline, window, gathered.ships)
    for side in (0, 1):
        port = lines.resource[:, side]
        used[:, port] = np.where(np.isfinite(ships), ships, used[:, port])
    return used


def make_bottlenecks(
    outline: Outline,
    gathered: Gathered,
    window: Window,
    overloads: Sequence[Overload],
    level_share: float,
) -> pd.DataFrame:
    """Table ``simulated_bottleneck``: resources at which cargo waits or that are used up, by what is waited for them.

    Parameters
    ----------
    outline, gathered, window : Outline, Gathered, Window
        Resources, their statistics, and what is observed.
    overloads : sequence of Overload
        Those that cannot keep up.
    level_share : float
        Level of the bounds.
    """
    plan, system = outline.plan, outline.plan.system
    resources = gathered.resources
    wait = find_bounds(resources[:, :, WAIT_H_T], level_share)
    used = find_bounds(find_used(outline, gathered, window), level_share).mean
    wait_rank, use_rank = rank(wait.mean), rank(used)
    is_over = np.zeros(system.n_resource, dtype=bool)
    since, load, waiting = (np.full(system.n_resource, np.nan) for _ in range(3))
    for one in overloads:
        is_over[one.resource] = True
        since[one.resource], load[one.resource] = one.since_h, one.load_factor
        waiting[one.resource] = one.waiting_count
    chosen = np.flatnonzero((wait_rank > 0) | (use_rank > 0) | is_over)
    chosen = chosen[np.lexsort((use_rank[chosen], -np.nan_to_num(wait.mean[chosen])))]
    mean = resources.mean(axis=0)
    columns: dict[str, object] = {
        "resource_id": [system.resource_ids[at] for at in chosen],
        "name": [plan.resource_names[at] for at in chosen],
        "kind": [ResourceKind(int(system.kind[at])).name.lower() for at in chosen],
        "wait_rank_count": wait_rank[chosen],
        "use_rank_count": use_rank[chosen],
        "wait_h_t": wait.mean[chosen],
        "wait_low_h_t": wait.low[chosen],
        "wait_high_h_t": wait.high[chosen],
        "utilisation_share": used[chosen],
        "came_count": mean[chosen, PASSED],
        "queue_count": mean[chosen, QUEUE_MEAN],
        "queue_most_count": resources[:, chosen, QUEUE_MOST].max(axis=0),
        "is_overloaded": is_over[chosen],
        "since_date": [tell_date(plan, [since[at]])[0] if is_over[at] else "" for at in chosen],
        "since_h": since[chosen],
        "load_factor": np.where(np.isfinite(load[chosen]), load[chosen], np.nan),
        "waiting_count": waiting[chosen],
    }
    return shape("simulated_bottleneck", columns)
