"""Tables of times: by group, by cause, odds of a promise, cargo by week.

Used by ``simulation/result.py``; the next step is the screen, the store or a figure.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from dehliz.base.schema import read_spec
from dehliz.graph.graph import BoolArray, FloatArray
from dehliz.simulation.confidence import Bounds, find_bounds
from dehliz.simulation.gather import Gathered
from dehliz.simulation.observe import DONE, DONE_T, RELEASED, RELEASED_T
from dehliz.simulation.observe_causes import BRANCH, Cause
from dehliz.simulation.observe_outline import WEEK_H, Group, Outline
from dehliz.simulation.observe_times import (
    COUNT,
    LEAST_CONSIGNMENT_COUNT,
    MEAN,
    ON_TIME,
    QUANTILES,
    SPREAD,
    UNFINISHED,
    pool_quantiles,
)
from dehliz.simulation.plan import Plan

HOURS_PER_DAY = 24.0
PROBE_LEVEL = 2


def shape(name: str, columns: dict[str, object]) -> pd.DataFrame:
    """A table with the columns of the dictionary, in its order."""
    return pd.DataFrame(columns)[list(read_spec(name).column_names)]


def tell_date(plan: Plan, when_h: Iterable[float]) -> list[str]:
    """Calendar days of hours since the start, as ``2024-03-01``."""
    return [str((plan.start + np.timedelta64(int(one), "h")).astype("datetime64[D]")) for one in when_h]


def _name(groups: Sequence[Group]) -> dict[str, object]:
    return {field: [getattr(group, field) for group in groups] for field in Group._fields}


def _spread_bounds(name: str, bounds: Bounds, unit: str = "_h") -> dict[str, object]:
    return {f"{name}{unit}": bounds.mean, f"{name}_low{unit}": bounds.low, f"{name}_high{unit}": bounds.high}


def find_quantiles(gathered: Gathered, level_share: float) -> dict[int, Bounds]:
    """Bounds of each quantile, by its column of ``observe_times.STATS``.

    Notes
    -----
    A replication with too few consignments is left out. One in which enough are not through in time is a slow one:
    leaving it out would flatter, so the quantile of the group is then not told at all.
    """
    count = gathered.times[:, :, COUNT]
    found = {}
    for column, _, least_count in QUANTILES:
        values = gathered.times[:, :, column].copy()
        is_cut = ((count >= least_count) & np.isnan(values)).any(axis=0)
        values[:, is_cut] = np.nan
        found[column] = find_bounds(values, level_share)
    return found


def find_few(outline: Outline, gathered: Gathered) -> BoolArray:
    """Groups of which too few consignments are observed to say anything, (n_group,) bool.

    Notes
    -----
    Fewer than ``LEAST_CONSIGNMENT_COUNT`` a replication; of probes, whose sample is pooled, in all.
    """
    count = gathered.times[:, :, COUNT]
    behind = count.mean(axis=0)
    first = outline.first_group[PROBE_LEVEL]
    probes = slice(first, first + len(outline.levels[PROBE_LEVEL].groups))
    behind[probes] = count.sum(axis=0)[probes]
    return np.asarray(behind < LEAST_CONSIGNMENT_COUNT)


def make_times(outline: Outline, gathered: Gathered, level_share: float) -> pd.DataFrame:
    """Table ``simulated_time``: time of delivery of each group.

    Parameters
    ----------
    outline, gathered : Outline, Gathered
        Groups, and statistics of each.
    level_share : float
        Level of the bounds.

    Notes
    -----
    Quantiles are means of those of the replications; of probes, they are those of the pooled sample.
    """
    times = gathered.times
    count = times[:, :, COUNT]
    quantiles = find_quantiles(gathered, level_share)
    columns: dict[str, object] = _name(outline.groups)
    total = count.sum(axis=0)
    columns["consignment_count"] = count.mean(axis=0)
    columns["is_few"] = find_few(outline, gathered)
    columns["unfinished_share"] = np.divide(
        times[:, :, UNFINISHED].sum(axis=0), total, out=np.full(total.shape, np.nan), where=total > 0
    )
    columns |= _spread_bounds("mean", find_bounds(times[:, :, MEAN], level_share))
    columns["spread_h"] = find_bounds(times[:, :, SPREAD], level_share).mean
    first = outline.first_group[PROBE_LEVEL]
    shares = tuple(share for _, share, _ in QUANTILES)
    pooled = np.array([pool_quantiles(np.concatenate(parts), shares) for parts in gathered.samples])
    for at, (name, (column, _, _)) in enumerate(zip(("median", "p90", "p95"), QUANTILES, strict=True)):
        bounds = quantiles[column]
        if len(pooled):
            bounds.mean[first : first + len(pooled)] = pooled[:, at]
        columns |= _spread_bounds(name, bounds)
    return shape("simulated_time", columns)


def make_causes(outline: Outline, gathered: Gathered, level_share: float) -> pd.DataFrame:
    """Table ``simulated_cause``: what the mean time of each broad group goes to; no rows of 0 hours."""
    bounds = find_bounds(gathered.causes_h, level_share)
    rows = np.argwhere(np.nan_to_num(bounds.mean) > 0.0)
    group, cause = rows[:, 0], rows[:, 1]
    groups = outline.groups
    total = np.nan_to_num(bounds.mean).sum(axis=1)
    columns = _name([groups[number] for number in group.tolist()])
    causes = [Cause(number) for number in cause.tolist()]
    columns["branch"] = [BRANCH[one] for one in causes]
    columns["cause"] = [one.name.lower() for one in causes]
    for name, values in (("time_h", bounds.mean), ("time_low_h", bounds.low), ("time_high_h", bounds.high)):
        columns[name] = values[group, cause]
    columns["time_share"] = bounds.mean[group, cause] / total[group]
    return shape("simulated_cause", columns)


def make_on_time(outline: Outline, gathered: Gathered, level_share: float, promise_h: float) -> pd.DataFrame:
    """Table ``on_time``: odds of delivery by a promised day, of groups in which somebody is observed."""
    bounds = find_bounds(gathered.times[:, :, ON_TIME], level_share)
    has = np.flatnonzero(np.isfinite(bounds.mean))
    groups = outline.groups
    columns = _name([groups[number] for number in has.tolist()])
    columns["promise_d"] = np.full(len(has), promise_h / HOURS_PER_DAY)
    columns["on_time_share"] = bounds.mean[has]
    columns["low_share"] = np.clip(bounds.low[has], 0.0, 1.0)
    columns["high_share"] = np.clip(bounds.high[has], 0.0, 1.0)
    return shape("on_time", columns)


def make_throughput(outline: Outline, gathered: Gathered) -> pd.DataFrame:
    """Table ``throughput``: what sets out and what comes through, by week and corridor, mean over replications."""
    flowing: FloatArray = gathered.flowing
    n_corridor, n_week = flowing.shape[1:]
    groups = outline.levels[1].groups
    weeks = np.tile(np.arange(n_week), n_corridor)
    dates = tell_date(outline.plan, (np.arange(n_week) * WEEK_H).tolist())
    under_way = np.cumsum(flowing[RELEASED] - flowing[DONE], axis=1)
    columns: dict[str, object] = {
        "week_count": weeks + 1,
        "from_date": [dates[week] for week in weeks],
        "corridor_id": [group.corridor_id for group in groups for _ in range(n_week)],
        "under_way_count": np.maximum(under_way, 0.0).ravel(),
    }
    for name, row in (
        ("released_count", RELEASED), ("done_count", DONE), ("released_t", RELEASED_T), ("done_t", DONE_T),
    ):  # fmt: skip
        columns[name] = flowing[row].ravel()
    return shape("throughput", columns)
