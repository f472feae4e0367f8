"""Safety stock at the destination, and what it costs: what spread and length of the lead time are worth to a receiver.

Used by ``simulation/result.py``.
"""

from statistics import NormalDist

import numpy as np
import pandas as pd

from dehliz.graph.graph import FloatArray
from dehliz.simulation.gather import Gathered
from dehliz.simulation.observe_outline import Outline
from dehliz.simulation.observe_times import COUNT, MEAN, SPREAD
from dehliz.simulation.result_times import HOURS_PER_DAY, shape

MARKET_LEVEL = 4
LEAST_COUNT = 2
"""Consignments from which a spread can be told."""


def find_safety_stock(
    demand_t_d: FloatArray,
    demand_variance: FloatArray,
    mean_h: FloatArray,
    spread_h: FloatArray,
    service_share: float,
) -> FloatArray:
    """Stock that lasts through a lead time with a given probability.

    Parameters
    ----------
    demand_t_d : (n,) float64
        Mean use at the destination [t/d].
    demand_variance : (n,) float64
        Variance of the use of a day [t2/d].
    mean_h, spread_h : (n,) float64
        Mean and standard deviation of the lead time [h].
    service_share : float
        Probability that stock lasts through a lead time.

    Returns
    -------
    (n,) float64
        Safety stock [t].

    Notes
    -----
    ``z sqrt(L s_d^2 + d^2 s_L^2)``, with z the quantile of the normal distribution, L and s_L mean and standard
    deviation of the lead time in days, d and s_d those of the use of a day. Use of different days, and use and lead
    time, are taken as independent, use during lead time as normal.

    References
    ----------
    Hadley, G. and Whitin, T. M. (1963). Analysis of Inventory Systems, Prentice-Hall, section 3.4 and following (demand
    in a random lead time). Silver, E. A., Pyke, D. F. and Thomas, D. J. (2017). Inventory and Production Management in
    Supply Chains, 4th ed., CRC Press, chapter 6 (safety factor, random lead times).

    Examples
    --------
    >>> one = np.array([1.0])
    >>> find_safety_stock(10 * one, 0 * one, 480 * one, 48 * one, 0.975).round(1)
    array([39.2])
    """
    z = NormalDist().inv_cdf(service_share)
    lead_d, spread_d = mean_h / HOURS_PER_DAY, spread_h / HOURS_PER_DAY
    return np.asarray(z * np.sqrt(lead_d * demand_variance + (demand_t_d * spread_d) ** 2))


def pool_spreads(times: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Number, mean and standard deviation of all consignments of all replications together, by group.

    Parameters
    ----------
    times : (n_replication, n_group, 8) float64
        ``observe_times.STATS``.
    """
    count = times[:, :, COUNT]
    mean, spread = np.nan_to_num(times[:, :, MEAN]), np.nan_to_num(times[:, :, SPREAD])
    total = count.sum(axis=0)
    safe = np.maximum(total, 1.0)
    whole = (count * mean).sum(axis=0) / safe
    square = (np.maximum(count - 1.0, 0.0) * spread**2 + count * (mean - whole) ** 2).sum(axis=0)
    return total, whole, np.sqrt(square / np.maximum(total - 1.0, 1.0))


def make_safety_stock(
    outline: Outline, gathered: Gathered, service_share: float, holding_share: float | None
) -> pd.DataFrame:
    """Table ``safety_stock``: stock of each origin, destination and market, and its cost where it is known.

    Parameters
    ----------
    outline, gathered : Outline, Gathered
        Flows and times.
    service_share : float
        Probability that stock lasts through a lead time.
    holding_share : float or None
        Cost of holding stock for a year over its value.

    Notes
    -----
    Use at the destination is taken to be what is sent, with its variance: of consignments at random (Poisson) ``rate
    times lot squared`` a day, of regular ones none. Groups with a consignment that did not come through are left out:
    their lead time is not known.
    """
    flows, level = outline.plan.flows, outline.levels[MARKET_LEVEL]
    n = len(level.groups)
    first = outline.first_group[MARKET_LEVEL]
    total, mean_h, spread_h = pool_spreads(gathered.times[:, first : first + n])
    is_in = level.flow_group >= 0
    group = level.flow_group[is_in]
    rate, lot = flows.rate_d[is_in], flows.lot_t[is_in]

    def add(values: FloatArray) -> FloatArray:
        return np.bincount(group, weights=values, minlength=n).astype(np.float64)

    demand = add(rate * lot)
    variance = add(np.where(flows.is_regular[is_in], 0.0, rate * lot**2))
    value = add(rate * lot * flows.value_usd_t[is_in])
    unfinished = gathered.times[:, first : first + n, 1].sum(axis=0)
    chosen = np.flatnonzero((total >= LEAST_COUNT) & (demand > 0.0) & (unfinished == 0.0))
    stock = find_safety_stock(demand, variance, mean_h, spread_h, service_share)[chosen]
    value_usd_t = (value / np.where(demand > 0.0, demand, 1.0))[chosen]
    groups = [level.groups[at] for at in chosen]
    rate_a = np.nan if holding_share is None else holding_share
    columns: dict[str, object] = {
        "origin_id": [one.origin_id for one in groups],
        "destination_id": [one.destination_id for one in groups],
        "market_id": [one.market_id for one in groups],
        "consignment_count": total[chosen] / len(gathered.times),
        "demand_t_d": demand[chosen],
        "mean_h": mean_h[chosen],
        "spread_h": spread_h[chosen],
        "service_share": np.full(len(chosen), service_share),
        "stock_t": stock,
        "value_usd_t": value_usd_t,
        "stock_usd": stock * value_usd_t,
        "holding_share": np.full(len(chosen), rate_a),
        "cost_usd_a": stock * value_usd_t * rate_a,
    }
    return shape("safety_stock", columns)
