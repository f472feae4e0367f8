"""What the simulation says about arcs: how long ships, servers and pools held those who passed, and how widely.

These are the times that go back into the choice of ways (``study/feedback.py``). Plain delays do not: their mean is
what the tables say already. The file before is ``simulation/run.py``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dehliz.graph.graph import FloatArray, IntArray
from dehliz.simulation.log import EventLog
from dehliz.simulation.plan import Plan
from dehliz.simulation.system import ResourceKind


@dataclass(frozen=True, slots=True)
class ArcTimes:
    """Time between coming and being through, by arc, over all that passed; NaN where nobody did.

    Attributes
    ----------
    median_h, spread_h : (n_arc,) float64
        Median and standard deviation, each the mean over replications [h].
    count : (n_arc,) int64
        Passages, all replications together.
    is_service : (n_arc,) bool
        True where a ship or train was boarded: then the time holds the crossing too, else only queue and work.
    """

    median_h: FloatArray
    spread_h: FloatArray
    count: np.ndarray
    is_service: np.ndarray


def measure_arcs(plan: Plan, logs: Iterable[EventLog], n_arc: int) -> ArcTimes:
    """Times of arcs at resources that make consignments wait.

    Parameters
    ----------
    plan : Plan
        What was run.
    logs : iterable of EventLog
        One per replication; each is read once and let go.
    n_arc : int
        Arcs of the graph that the plan was made of.

    Returns
    -------
    ArcTimes
        A record that did not end before the run did is left out; so are stages without an arc.
    """
    system = plan.system
    kind = system.kind[system.stage_resource]
    is_held = (kind != ResourceKind.DELAY) & (kind != ResourceKind.GIVE) & (plan.stage_arc >= 0)
    parts = [_measure(plan.stage_arc, is_held, log, n_arc) for log in logs]
    median = np.array([part[0] for part in parts]).reshape(-1, n_arc)
    spread = np.array([part[1] for part in parts]).reshape(-1, n_arc)
    count = np.array([part[2] for part in parts], dtype=np.int64).reshape(-1, n_arc).sum(axis=0)
    boards = np.zeros(n_arc, dtype=bool)
    boards[plan.stage_arc[is_held & (kind == ResourceKind.BOARD)]] = True
    return ArcTimes(_mean(median), _mean(spread), count, boards)


def _measure(
    stage_arc: IntArray, is_held: np.ndarray, log: EventLog, n_arc: int
) -> tuple[FloatArray, FloatArray, np.ndarray]:
    """Median, spread and number of passages of each arc in one replication."""
    owner = np.repeat(np.arange(len(log.done_h)), np.diff(log.first_record))
    chosen = np.flatnonzero(is_held[log.stage] & np.isfinite(log.end_h))
    arc = stage_arc[log.stage[chosen]].astype(np.int64)
    visit = owner[chosen] * n_arc + arc
    keys, place = np.unique(visit, return_inverse=True)
    held_h = log.end_h[chosen] - log.ready_h[chosen]
    time_h = np.bincount(place, weights=held_h, minlength=len(keys)).astype(np.float64)
    return _by_arc((keys % n_arc).astype(np.int64), time_h, n_arc)


def _by_arc(arc: np.ndarray, time_h: FloatArray, n_arc: int) -> tuple[FloatArray, FloatArray, np.ndarray]:
    order = np.lexsort((time_h, arc))
    arc, time_h = arc[order], time_h[order]
    count = np.bincount(arc, minlength=n_arc)
    first = np.concatenate(([0], np.cumsum(count)))[:-1]
    has = count > 0
    median, spread = np.full(n_arc, np.nan), np.full(n_arc, np.nan)
    low, high = first[has] + (count[has] - 1) // 2, first[has] + count[has] // 2
    median[has] = 0.5 * (time_h[low] + time_h[high])
    mean = np.bincount(arc, weights=time_h, minlength=n_arc)[has] / count[has]
    square = np.bincount(arc, weights=time_h**2, minlength=n_arc)[has] / count[has]
    spread[has] = np.sqrt(np.maximum(square - mean**2, 0.0))
    return median, spread, count


def _mean(rows: FloatArray) -> FloatArray:
    """Mean over replications of what is there; NaN where nothing is."""
    has = np.isfinite(rows)
    count = has.sum(axis=0)
    total = np.where(has, rows, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
