"""When the system has filled: the end of the warm-up by MSER-5, from the times of delivery by day of release.

Used by ``simulation/simulate.py`` before anything is observed.
"""

from dataclasses import dataclass

import numpy as np

from dehliz.graph.graph import FloatArray

BATCH_COUNT = 5
"""Observations in a batch: the 5 of MSER-5."""
DAY_H = 24.0
MOST_SHARE = 0.25
"""Part of the horizon in which an end of the warm-up is looked for."""


@dataclass(frozen=True, slots=True)
class WarmUp:
    """The part of the run that is left out.

    Attributes
    ----------
    end_h : float
        Consignments released before are not observed [h].
    method : str
        How it was found: ``MSER-5`` or ``given``.
    is_found : bool
        False when the best end was the last one that was tried: the times still rise, or they have a season.
    """

    end_h: float
    method: str
    is_found: bool


def truncate_mser(series: FloatArray, most_share: float = MOST_SHARE) -> tuple[int, bool]:
    """Number of leading observations to leave out, by MSER-5.

    Parameters
    ----------
    series : (n,) float64
        Observations in their order, without NaN.
    most_share : float
        Largest part that may be left out.

    Returns
    -------
    count : int
        Observations to leave out, a multiple of 5.
    is_found : bool
        False when the minimum lies at the largest part tried.

    Notes
    -----
    Means of batches of five, Y_1 to Y_k; the number d of batches left out minimises the marginal standard error,
    ``sum over j > d of (Y_j - mean)^2 / (k - d)^2``, where the mean is of the batches that stay; ties go to the smaller
    d. What does not fill the last batch is not read. O(n).

    References
    ----------
    White, K. P. (1997). An effective truncation heuristic for bias reduction in simulation output. Simulation 69(6),
    323-334 (the statistic). Spratt, S. C. (1998). Heuristics for the startup problem, M.S. thesis, University of
    Virginia (batches of five).
    """
    count = len(series) // BATCH_COUNT
    most = int(count * most_share)
    if most < 1:
        return 0, True
    batches = series[: count * BATCH_COUNT].reshape(count, BATCH_COUNT).mean(axis=1)
    batches = batches - batches.mean()
    left = np.arange(count, 0, -1)
    total = np.cumsum(batches[::-1])[::-1]
    square = np.cumsum(batches[::-1] ** 2)[::-1]
    error = np.maximum(square - total**2 / left, 0.0) / left**2
    best = int(np.argmin(error[: most + 1]))
    return best * BATCH_COUNT, best < most


def average_days(release_h: FloatArray, time_h: FloatArray, horizon_h: float) -> FloatArray:
    """Mean time by day of release, (n_day,) float64; NaN on days without a release."""
    days = int(np.ceil(horizon_h / DAY_H))
    day = np.minimum(release_h // DAY_H, days - 1).astype(np.int64)
    count = np.bincount(day, minlength=days)
    total = np.bincount(day, weights=time_h, minlength=days)
    return np.asarray(np.divide(total, count, out=np.full(days, np.nan), where=count > 0))


def find_warm_up(days: FloatArray) -> WarmUp:
    """End of the warm-up from several replications.

    Parameters
    ----------
    days : (n_replication, n_day) float64
        Mean time by day of release.

    Returns
    -------
    WarmUp
        Of the mean over replications, day by day (as Welch, 1983, averages before he smooths).
    """
    has = np.isfinite(days)
    number = has.sum(axis=0)
    with_any = np.flatnonzero(number > 0)
    total = np.where(has, days, 0.0).sum(axis=0)
    series = total[with_any] / number[with_any]
    count, is_found = truncate_mser(series)
    if count == 0 or count >= len(with_any):
        return WarmUp(0.0, "MSER-5", is_found)
    return WarmUp(float(with_any[count]) * DAY_H, "MSER-5", is_found)
