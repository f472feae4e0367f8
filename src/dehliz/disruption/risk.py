"""Yearly risk from many drawn years: expected loss, value at risk, conditional value at risk, each with its bounds.

Losses of runs come in, the tables ``risk``, ``risk_driver``, ``risk_convergence`` and ``risk_exceedance`` go out.
Formulas, and what the bounds mean: ``docs/background/risk.md``. The file before is ``future.py``.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd

from dehliz.base.schema import read_spec
from dehliz.disruption.future import FUTURE_MEASURES, HAZARD
from dehliz.disruption.response import SYSTEM
from dehliz.graph.graph import FloatArray, IntArray

LEVELS_SHARE: Final = (0.95, 0.99)
"""Of value at risk and conditional value at risk."""
CONFIDENCE_SHARE: Final = 0.95
RESAMPLE_COUNT: Final = 400
"""Resamples of a bootstrap."""
_STREAM: Final = 7_331
_STEP_COUNT: Final = 24
_CHUNK_COUNT: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with the bounds between which it lies at a confidence of 95 %; bounds are NaN when too few runs say.

    Attributes
    ----------
    value, low, high : float
        In the unit of what was estimated.
    """

    value: float
    low: float
    high: float


def find_mean(loss: FloatArray) -> Estimate:
    """Mean of runs and its bounds by the central limit theorem.

    Parameters
    ----------
    loss : (n_run,) float64
        One number a run.
    """
    mean = float(loss.mean())
    if len(loss) < 2:
        return Estimate(mean, math.nan, math.nan)
    reach = (
        NormalDist().inv_cdf(0.5 + 0.5 * CONFIDENCE_SHARE) * float(loss.std(ddof=1)) / math.sqrt(len(loss))
    )
    return Estimate(mean, mean - reach, mean + reach)


def find_value_at_risk(loss: FloatArray, level_share: float) -> Estimate:
    """Loss that is not exceeded with a probability, and its bounds by order statistics, whatever the distribution.

    Parameters
    ----------
    loss : (n_run,) float64
        One number a run.
    level_share : float
        Probability, such as 0.95.

    Notes
    -----
    The smallest loss whose empirical distribution reaches the level. Of n runs the number below the true quantile is
    binomial: the bounds are the order statistics that hold it with the confidence (David and Nagaraja, 2003, Order
    Statistics, section 7.1), and NaN where no order statistic is far enough out.
    """
    from scipy.stats import binom

    ordered, count = np.sort(loss), len(loss)
    value = float(ordered[_find_rank(count, level_share) - 1])
    tail = 0.5 * (1.0 - CONFIDENCE_SHARE)
    low_rank = int(binom.ppf(tail, count, level_share))
    high_rank = int(binom.ppf(1.0 - tail, count, level_share)) + 1
    low = float(ordered[low_rank - 1]) if low_rank >= 1 else math.nan
    high = float(ordered[high_rank - 1]) if high_rank <= count else math.nan
    return Estimate(value, low, high)


def _find_rank(count: int, level_share: float) -> int:
    """Rank of the empirical quantile, from 1; safe against rounding such as 0.95 x 100 above 95."""
    return min(max(math.ceil(count * level_share - 1e-9), 1), count)


def find_conditional(loss: FloatArray, level_share: float, weight: FloatArray | None = None) -> float:
    """Mean of the worst part of the runs, conditional value at risk.

    Parameters
    ----------
    loss : (n_run,) float64
        One number a run.
    level_share : float
        Probability that is left out, such as 0.95 for the mean of the worst 5 %.
    weight : (n_run,) float64, optional
        How often each run counts.

    Notes
    -----
    Of the discrete distribution itself: a run on the edge counts with the part that is needed (Rockafellar and Uryasev,
    2002, Journal of Banking and Finance 26, 1443-1471), so that runs counted twice change nothing.
    """
    own = np.ones((1, len(loss))) if weight is None else weight[None, :]
    return float(_average_tail(np.sort(loss)[::-1], own[:, np.argsort(-loss, kind="stable")], level_share)[0])


def _average_tail(falling: FloatArray, weight: FloatArray, level_share: float) -> FloatArray:
    """Mean of the worst part for each row of weights, (n_row,); losses fall."""
    total = weight.sum(axis=1, keepdims=True)
    aim = (1.0 - level_share) * total
    reached = np.cumsum(weight, axis=1)
    taken = np.clip(aim - (reached - weight), 0.0, weight)
    return np.asarray((taken @ falling) / aim[:, 0])


def find_conditional_estimate(loss: FloatArray, level_share: float, seed: int = 1) -> Estimate:
    """Conditional value at risk with bounds by the bootstrap (Efron and Tibshirani, 1993, percentiles of resamples)."""
    value = find_conditional(loss, level_share)
    count = len(loss)
    if count * (1.0 - level_share) < 1.0:
        return Estimate(value, math.nan, math.nan)
    stream = np.random.default_rng([seed, _STREAM])
    falling, done = np.sort(loss)[::-1], []
    rows = max(1, _CHUNK_COUNT // count)
    for start in range(0, RESAMPLE_COUNT, rows):
        size = min(rows, RESAMPLE_COUNT - start)
        drawn = stream.integers(0, count, (size, count)) + count * np.arange(size)[:, None]
        weight = np.bincount(drawn.ravel(), minlength=size * count).reshape(size, count)
        done.append(_average_tail(falling, weight.astype(np.float64), level_share))
    tail = 0.5 * (1.0 - CONFIDENCE_SHARE)
    low, high = np.quantile(np.concatenate(done), [tail, 1.0 - tail])
    return Estimate(value, float(low), float(high))


@dataclass(frozen=True, slots=True)
class Losses:
    """Losses of many runs by scope.

    Attributes
    ----------
    kinds, ids : tuple of str
        Of each scope; the system first.
    run_ids : (n_run,) int64
        Numbers of the runs that are done, ascending.
    values : (4, n_run, n_scope) float64
        ``FUTURE_MEASURES``; 0 where a run says nothing of a scope.
    """

    kinds: tuple[str, ...]
    ids: tuple[str, ...]
    run_ids: IntArray
    values: FloatArray

    def of(self, scope_kind: str, scope_id: str) -> FloatArray:
        """(n_run,) losses of a scope [USD]."""
        at = list(zip(self.kinds, self.ids, strict=True)).index((scope_kind, scope_id))
        return np.asarray(self.values[0, :, at])

    @property
    def system_usd(self) -> FloatArray:
        """(n_run,) losses of the system."""
        return self.of(SYSTEM, SYSTEM)


def read_losses(table: pd.DataFrame) -> Losses:
    """The table ``future_loss`` of all runs, its first column ``run``, as arrays."""
    keys = table["scope_kind"].astype(str) + ":" + table["scope_id"].astype(str)
    names = sorted(set(keys), key=lambda one: (one != f"{SYSTEM}:{SYSTEM}", one))
    run_ids, row = np.unique(table["run"].to_numpy(), return_inverse=True)
    column = keys.map({name: at for at, name in enumerate(names)}).to_numpy()
    values = np.zeros((len(FUTURE_MEASURES), len(run_ids), len(names)))
    for at, measure in enumerate(FUTURE_MEASURES):
        values[at, row, column] = table[measure].to_numpy(dtype=np.float64)
    kinds, ids = zip(*(name.split(":", 1) for name in names), strict=True)
    return Losses(tuple(kinds), tuple(ids), run_ids, values)


def tell_risk(losses: Losses) -> pd.DataFrame:
    """The ``risk`` table: by scope, the system first, then by expected loss."""
    rows = []
    for at, (kind, scope_id) in enumerate(zip(losses.kinds, losses.ids, strict=True)):
        if kind == HAZARD:
            continue
        loss = losses.values[0, :, at]
        mean = find_mean(loss)
        row: list[object] = [kind, scope_id, len(loss), mean.value, mean.low, mean.high, _spread(loss)]
        for level in LEVELS_SHARE:
            at_risk, beyond = find_value_at_risk(loss, level), find_conditional_estimate(loss, level)
            row += [at_risk.value, at_risk.low, at_risk.high, beyond.value, beyond.low, beyond.high]
        rows.append((*row, *losses.values[1:, :, at].mean(axis=1).tolist()))
    table = pd.DataFrame(rows, columns=list(read_spec("risk").column_names))
    return _sort(table, "scope_kind", "scope_id")


def _spread(loss: FloatArray) -> float:
    return float(loss.std(ddof=1)) if len(loss) > 1 else math.nan


def _sort(table: pd.DataFrame, *keys: str) -> pd.DataFrame:
    order = table.assign(
        first=(table[keys[0]] != SYSTEM) if "scope_kind" in keys else False, worth=-table["loss_usd"]
    )
    found = order.sort_values(["first", *keys[:-1], "worth", keys[-1]], kind="stable")
    return found.drop(columns=["first", "worth"]).reset_index(drop=True)


def tell_drivers(losses: Losses) -> pd.DataFrame:
    """The ``risk_driver`` table: what each hazard adds to the expected loss and to the worst years.

    Notes
    -----
    The part in the worst years is E[loss by hazard | system in its worst 5 %], the contributions of which add up to the
    conditional value at risk of the system (Tasche, 1999, Risk contributions and performance measurement).
    """
    system = losses.system_usd
    worst = _weigh_tail(system, LEVELS_SHARE[0])
    total, tail_total = float(system.mean()), float(worst @ system)
    rows = []
    for at, (kind, hazard_id) in enumerate(zip(losses.kinds, losses.ids, strict=True)):
        if kind != HAZARD:
            continue
        loss = losses.values[0, :, at]
        mean, tail = find_mean(loss), float(worst @ loss)
        rows.append(
            (
                hazard_id,
                mean.value,
                mean.low,
                mean.high,
                _part(mean.value, total),
                tail,
                _part(tail, tail_total),
            )
        )
    return _sort(pd.DataFrame(rows, columns=list(read_spec("risk_driver").column_names)), "hazard_id")


def _part(value: float, total: float) -> float:
    return value / total if total != 0.0 else math.nan


def _weigh_tail(loss: FloatArray, level_share: float) -> FloatArray:
    """Weight of each run in the mean of the worst part, (n_run,), adding up to 1."""
    order = np.argsort(-loss, kind="stable")
    aim = (1.0 - level_share) * len(loss)
    weight = np.zeros(len(loss))
    weight[order] = np.clip(aim - np.arange(len(loss)), 0.0, 1.0) / aim
    return weight


def tell_convergence(losses: Losses) -> pd.DataFrame:
    """The ``risk_convergence`` table: mean and conditional value at risk of the system over the first runs."""
    loss = losses.system_usd
    counts = np.unique(np.geomspace(min(10, len(loss)), len(loss), _STEP_COUNT).astype(np.int64))
    rows = []
    for count in counts.tolist():
        first = loss[:count]
        mean, beyond = find_mean(first), find_conditional_estimate(first, LEVELS_SHARE[0])
        rows.append((count, mean.value, mean.low, mean.high, beyond.value, beyond.low, beyond.high))
    return pd.DataFrame(rows, columns=list(read_spec("risk_convergence").column_names))


def tell_exceedance(losses: Losses) -> pd.DataFrame:
    """The ``risk_exceedance`` table: every loss of the system with the share of years that lose as much or more."""
    ordered = np.sort(losses.system_usd)[::-1]
    share = np.arange(1, len(ordered) + 1) / len(ordered)
    return pd.DataFrame({"loss_usd": ordered, "probability_share": share})
