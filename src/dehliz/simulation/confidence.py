"""Confidence bounds of a mean over replications.

Used by ``simulation/result_*.py`` and ``simulation/compare.py``.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from dehliz.graph.graph import FloatArray


@dataclass(frozen=True, slots=True)
class Bounds:
    """Mean over replications and its confidence bounds; NaN with nothing (bounds: with fewer than two)."""

    mean: FloatArray
    low: FloatArray
    high: FloatArray


def find_bounds(values: FloatArray, level_share: float) -> Bounds:
    """Mean over the first axis, and bounds by Student's t; replications without a value are left out.

    Parameters
    ----------
    values : (n_replication, ...) float64
        One value each; NaN where a replication has none.
    level_share : float
        Level of the bounds.

    Returns
    -------
    Bounds
        Arrays without the first axis.

    Notes
    -----
    ``mean +- t(n - 1) s / sqrt(n)``: replications are independent and, being means over many consignments, close to
    normal (Law, 2015, Simulation Modeling and Analysis, 5th ed., section 9.4.1).
    """
    has = np.isfinite(values)
    count = has.sum(axis=0)
    total = np.where(has, values, 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
    square = np.where(has, (values - mean) ** 2, 0.0).sum(axis=0)
    half = np.full(count.shape, np.nan)
    enough = count > 1
    freedom = np.maximum(count - 1, 1)
    factor = student.ppf(0.5 + 0.5 * level_share, freedom)
    half[enough] = (factor * np.sqrt(square / freedom / np.maximum(count, 1)))[enough]
    return Bounds(mean, mean - half, mean + half)
