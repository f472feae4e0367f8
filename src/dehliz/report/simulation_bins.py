"""Pooled times of delivery as bins and quantiles: what the figure of distributions draws.

Times that are not known because a consignment was still under way come as ``inf``: they count, and are not drawn.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.base.units import HOURS_PER_DAY

Times = npt.NDArray[np.float64]
SHARES: Final = {"p05_d": 0.05, "p25_d": 0.25, "median_d": 0.5, "p75_d": 0.75, "p90_d": 0.9, "p95_d": 0.95}
LEAST_COUNT: Final = {"p05_d": 20, "p25_d": 4, "median_d": 1, "p75_d": 4, "p90_d": 10, "p95_d": 20}
"""Consignments from which on a quantile can be told."""
BIN_STEPS_D: Final = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
MOST_BINS: Final = 80


def tell_quantiles(samples_h: Mapping[str, Times]) -> pd.DataFrame:
    """Quantiles of pooled samples.

    Parameters
    ----------
    samples_h : mapping of str to array of float
        Hours from release to delivery by name of the pair; ``inf`` where it is not through.

    Returns
    -------
    DataFrame
        A row per name: ``name``, ``p05_d`` to ``p95_d`` (NaN where it cannot be told), ``consignment_count``,
        ``unfinished_share``.

    Notes
    -----
    Type 7 of Hyndman and Fan (1996, The American Statistician 50(4)). O(n log n).
    """
    rows = []
    for name, sample_h in samples_h.items():
        ordered = np.sort(np.asarray(sample_h, dtype=np.float64))
        row: dict[str, object] = {"name": name, "consignment_count": len(ordered)}
        row["unfinished_share"] = float(np.mean(~np.isfinite(ordered))) if len(ordered) else np.nan
        row |= {
            key: _quantile(ordered, share) / HOURS_PER_DAY if len(ordered) >= LEAST_COUNT[key] else np.nan
            for key, share in SHARES.items()
        }
        rows.append(row)
    return pd.DataFrame(rows, columns=["name", *SHARES, "consignment_count", "unfinished_share"])


def _quantile(ordered: Times, share: float) -> float:
    place = (len(ordered) - 1) * share
    low = int(np.floor(place))
    ends = ordered[[low, min(low + 1, len(ordered) - 1)]]
    if not np.isfinite(ends).all():
        return float("nan")
    return float(ends[0] + (place - low) * (ends[1] - ends[0]))


def bin_samples(samples_h: Mapping[str, Times]) -> pd.DataFrame:
    """Histograms of pooled samples, all in bins of one width.

    Parameters
    ----------
    samples_h : mapping of str to array of float
        As for ``tell_quantiles``.

    Returns
    -------
    DataFrame
        ``name``, ``from_d``, ``to_d``, ``share`` of all consignments of the name; bins without any are left out.

    Notes
    -----
    The width is the smallest round one not below that of Freedman and Diaconis (1981, Zeitschrift für
    Wahrscheinlichkeitstheorie 57, 453-476) for the narrowest sample, with at most 80 bins in the widest.
    """
    known = {name: _known_days(sample_h) for name, sample_h in samples_h.items()}
    step_d = _choose_step([days for days in known.values() if len(days)])
    rows = []
    for name, days in known.items():
        total = len(samples_h[name])
        places, counts = np.unique(np.floor(days / step_d + 1e-9).astype(np.int64), return_counts=True)
        for place, count in zip(places.tolist(), counts.tolist(), strict=True):
            rows.append((name, place * step_d, (place + 1) * step_d, count / total))
    return pd.DataFrame(rows, columns=["name", "from_d", "to_d", "share"])


def _known_days(sample_h: Times) -> Times:
    values = np.asarray(sample_h, dtype=np.float64)
    return np.asarray(values[np.isfinite(values)] / HOURS_PER_DAY)


def _choose_step(samples: Sequence[Times]) -> float:
    if not samples:
        return 1.0
    wanted = min(
        2.0 * float(np.subtract(*np.percentile(days, [75, 25]))) / len(days) ** (1 / 3) for days in samples
    )
    widest = max(float(np.ptp(days)) for days in samples)
    least = max(wanted, widest / MOST_BINS)
    return next((step for step in BIN_STEPS_D if step >= least * 0.999), BIN_STEPS_D[-1])
