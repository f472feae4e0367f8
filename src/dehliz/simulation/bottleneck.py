"""Resources that cannot keep up, and those at which the most time is lost.

Used by ``simulation/result_use.py`` and ``simulation/simulate.py``; reads means over replications.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dehliz.graph.graph import FloatArray
from dehliz.simulation.observe_outline import WEEK_H

REST_SHARE = 0.1
"""A queue has last been at rest when it was at most this part of what it is at the horizon."""
LEAST_WEEK_COUNT = 13
"""A queue must have grown for a quarter of a year, or of the horizon if that is shorter: a stormy month is no
overload."""
LEAST_SHARE = 0.25
GROWTH_FACTOR = 1.3
"""A queue grows when its last third is so much above its middle third; steady growth from nothing gives 5/3."""
LEAST_WAITING_COUNT = 2.0
ROUNDING = 1e-9
LEAST_LOAD_FACTOR = 1.02
"""Load over capacity from which a queue is told to grow: less is lost in chance."""
LEAST_WORK_WEEK = 4.0
LEAST_WORK_SHARE = 0.08
"""A queue must hold the work of four weeks at the horizon, or of 8% of the horizon if that is shorter: what two stormy
months leave behind at the end of a year is a backlog and no overload."""


BACKLOG_FACTOR = 2.0
LEAST_BACKLOG_WEEK = 1.0
"""A queue is told as a backlog when it has at least doubled in a quarter of a year and holds a week's work."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """A queue that the end of the horizon finds long, without being an overload.

    Attributes
    ----------
    resource : int
        Which.
    before_count, waiting_count : float
        Who waits a quarter of a year (or of the horizon) before the horizon, and at it; means over replications.
    work_week_count : float
        Weeks of work that wait at the horizon.
    """

    resource: int
    before_count: float
    waiting_count: float
    work_week_count: float


@dataclass(frozen=True, slots=True)
class Overload:
    """A resource that cannot keep up.

    Attributes
    ----------
    resource : int
        Which.
    since_h : float
        Begin of the week from which its queue grows [h].
    load_factor : float
        Who came over who was served while it grows, in consignments; ``inf`` when nobody was served.
    waiting_count : float
        Who waits at the horizon, mean over replications.
    """

    resource: int
    since_h: float
    load_factor: float
    waiting_count: float


def find_overloads(standing: FloatArray, came: FloatArray, horizon_h: float) -> tuple[Overload, ...]:
    """Resources whose queues grow until nobody more is released.

    Parameters
    ----------
    standing : (n_resource, n_week) float64
        Who waits as each week begins, mean over replications.
    came : (n_resource, n_week) float64
        Who comes in each week, mean over replications.
    horizon_h : float
        End of releases [h].

    Returns
    -------
    tuple of Overload
        Longest queue first.

    Notes
    -----
    Of the queue ``q(w)`` at the begin of week ``w`` until the last week ``W`` that begins by the horizon, ``s`` is the
    last week with ``q(s) <= 0.1 q(W)``. The resource cannot keep up when ``W - s`` is at least 13 weeks (or a quarter
    of the horizon), ``q(W)`` at least 2, and the mean of ``q`` over the last third of those weeks at least 1.3 times
    that over the middle third, load over capacity at least 1.02, and ``q(W)`` at least what is served in four weeks
    (or in 8% of the horizon). Load over capacity is who came over who came less
    what the queue grew by. It grows since the line through ``q(s)`` and ``q(W)`` leaves zero.
    """
    last = min(int(horizon_h // WEEK_H), standing.shape[1] - 1)
    least = max(min(LEAST_WEEK_COUNT, int(np.ceil(last * LEAST_SHARE))), 3)
    found = []
    for resource in np.flatnonzero(standing[:, last] >= LEAST_WAITING_COUNT):
        queue = standing[resource, : last + 1]
        calm = np.flatnonzero(queue <= REST_SHARE * queue[last])
        since = int(calm[-1]) if len(calm) else 0
        grown = queue[since:]
        third = len(grown) // 3
        if last - since < least or grown[-third:].mean() < GROWTH_FACTOR * grown[third:-third].mean():
            continue
        came_count = float(came[resource, since:last].sum())
        served_count = came_count - float(queue[last] - queue[since])
        load = came_count / served_count if served_count > 0.0 else np.inf
        week_count = max(served_count, 0.0) / (last - since)
        if load < LEAST_LOAD_FACTOR or queue[last] < week_count * min(
            LEAST_WORK_WEEK, LEAST_WORK_SHARE * last
        ):
            continue
        slope = float(queue[last] - queue[since]) / (last - since)
        began = max(int(np.floor(since - queue[since] / slope + ROUNDING)), 0)
        found.append(Overload(int(resource), began * WEEK_H, load, float(queue[last])))
    return tuple(sorted(found, key=lambda one: (-one.waiting_count, one.resource)))


def find_backlogs(
    standing: FloatArray, came: FloatArray, horizon_h: float, overloads: Sequence[Overload]
) -> tuple[Backlog, ...]:
    """Resources that end the horizon with a backlog, such as one that two stormy months have left.

    Parameters
    ----------
    standing, came, horizon_h
        As for ``find_overloads``.
    overloads : sequence of Overload
        Resources that are told already.

    Returns
    -------
    tuple of Backlog
        Longest queue first.
    """
    last = min(int(horizon_h // WEEK_H), standing.shape[1] - 1)
    since = last - max(min(LEAST_WEEK_COUNT, int(np.ceil(last * LEAST_SHARE))), 1)
    told = {one.resource for one in overloads}
    found = []
    for resource in np.flatnonzero(standing[:, last] >= LEAST_WAITING_COUNT):
        before, now = float(standing[resource, max(since, 0)]), float(standing[resource, last])
        served_count = float(came[resource, max(since, 0) : last].sum()) - (now - before)
        week = now * (last - max(since, 0)) / served_count if served_count > 0.0 else np.inf
        if int(resource) not in told and now >= BACKLOG_FACTOR * before and week >= LEAST_BACKLOG_WEEK:
            found.append(Backlog(int(resource), before, now, week))
    return tuple(sorted(found, key=lambda one: (-one.waiting_count, one.resource)))


def rank(values: FloatArray) -> np.ndarray:
    """Rank of each value from the largest, 1 on; 0 for NaN and what is not above 0; ties by position.

    Examples
    --------
    >>> rank(np.array([0.5, np.nan, 2.0, 0.0]))
    array([2, 0, 1, 0])
    """
    found = np.zeros(len(values), dtype=np.int64)
    has = np.flatnonzero(np.nan_to_num(values) > 0.0)
    order = has[np.argsort(-values[has], kind="stable")]
    found[order] = np.arange(1, len(order) + 1)
    return found
