"""Empty boxes and wagons that must go back: a transport problem per pool, and what each loaded trip owes for it.

Loaded trips carry units out of some zones and pile them up in others. The cheapest way to bring them back is a linear
programme (Hitchcock, 1941); its dual values price a unit in each zone, and a loaded trip from o to d changes the cost
of all empties by ``price[o] - price[d]``: a charge in the direction that causes them, a rebate in the other. The
charges of all trips add up to the cost of the empties exactly. ``graph/cost.py`` gives the cost of moving a unit.
"""

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]

NEAR_SHARE = 1e-9
"""Surplus below this share of all units counts as none."""


@dataclass(frozen=True, slots=True)
class Empties:
    """Empty units of one pool that go back. Arrays are read-only.

    Attributes
    ----------
    status : {"optimal", "balanced", "infeasible"}
        ``balanced`` when no unit has to go back; ``infeasible`` when some cannot.
    origin, destination : (n,) int32
        Zones of each flow of empties, sorted.
    units_d : (n,) float64
        Empty units a day, above 0.
    price_usd : (n_zone,) float64
        What one more unit in a zone is worth to the pool, 0 in the cheapest zone; NaN when infeasible.
    cost_usd_d : float
        Cost of all empties a day; NaN when infeasible.
    """

    status: Literal["optimal", "balanced", "infeasible"]
    origin: IntArray
    destination: IntArray
    units_d: FloatArray
    price_usd: FloatArray
    cost_usd_d: float

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def charge_usd_t(
        self, origin: npt.ArrayLike, destination: npt.ArrayLike, t_per_unit_factor: float
    ) -> FloatArray:
        """What loaded trips owe for the empties that they cause [USD/t]; negative where they save some.

        Parameters
        ----------
        origin, destination : (m,) array_like of int
            Zones of the trips.
        t_per_unit_factor : float
            Cargo in a loaded unit [t].
        """
        start, end = np.asarray(origin, dtype=np.int64), np.asarray(destination, dtype=np.int64)
        return (self.price_usd[start] - self.price_usd[end]) / t_per_unit_factor


def find_surplus(
    origin: npt.ArrayLike,
    destination: npt.ArrayLike,
    volume_t_d: npt.ArrayLike,
    t_per_unit_factor: float,
    n_zone: int,
) -> FloatArray:
    """Units a day that loaded trips leave in each zone, less those that they take away; adds up to 0.

    Parameters
    ----------
    origin, destination : (m,) array_like of int
        Zones of the trips.
    volume_t_d : (m,) array_like of float
        Cargo of each [t/d].
    t_per_unit_factor : float
        Cargo in a loaded unit [t].
    n_zone : int
        Number of zones.
    """
    start, end = np.asarray(origin, dtype=np.int64), np.asarray(destination, dtype=np.int64)
    units = np.asarray(volume_t_d, dtype=np.float64) / t_per_unit_factor
    arrived = np.bincount(end, weights=units, minlength=n_zone)
    left = np.bincount(start, weights=units, minlength=n_zone)
    return np.asarray(arrived - left, dtype=np.float64)


def find_empties(surplus_units_d: npt.ArrayLike, cost_usd: npt.ArrayLike) -> Empties:
    """The cheapest way back for the empty units of one pool.

    Parameters
    ----------
    surplus_units_d : (n_zone,) array_like of float
        From ``find_surplus``; adds up to 0.
    cost_usd : (n_zone, n_zone) array_like of float
        Cost of moving an empty unit from zone to zone, at least 0; ``inf`` where it cannot go.

    Returns
    -------
    Empties

    Raises
    ------
    ValueError
        When the surplus does not add up to 0, or a cost is negative or NaN.

    Notes
    -----
    A programme of (zones with surplus) x (zones in need) variables, solved by HiGHS inside SciPy. Prices are the
    dual values; where several are optimal, those of the solver, which are the same for the same input.
    """
    surplus = np.asarray(surplus_units_d, dtype=np.float64)
    cost = np.asarray(cost_usd, dtype=np.float64)
    whole = float(np.abs(surplus).sum())
    if abs(float(surplus.sum())) > NEAR_SHARE * max(whole, 1.0):
        raise ValueError(
            f"surplus and need of empty units differ by {surplus.sum():g} a day; they must add up to 0"
        )
    if not (cost >= 0.0).all():
        raise ValueError("the cost of moving an empty unit must be a number of at least 0")
    givers = np.flatnonzero(surplus > NEAR_SHARE * whole)
    takers = np.flatnonzero(surplus < -NEAR_SHARE * whole)
    if not len(givers):
        return _plain("balanced", np.zeros(len(surplus)), 0.0)
    row, column = np.nonzero(np.isfinite(cost[np.ix_(givers, takers)]))
    if not len(row):
        return _plain("infeasible", np.full(len(surplus), np.nan), np.nan)
    pair = np.arange(len(row))
    ones = np.ones(len(row))
    out = coo_array((ones, (row, pair)), shape=(len(givers), len(row)))
    into = coo_array((ones, (column, pair)), shape=(len(takers), len(row)))
    supply = surplus[givers]
    need = -surplus[takers] * (supply.sum() / -surplus[takers].sum())
    prices = cost[givers[row], takers[column]]
    found = linprog(
        prices, A_eq=vstack([out, into]), b_eq=np.concatenate([supply, need]), method="highs-ds"
    )  # fmt: skip
    if found.status != 0:
        return _plain("infeasible", np.full(len(surplus), np.nan), np.nan)
    dual = np.asarray(found.eqlin.marginals, dtype=np.float64)
    price = _price_zones(givers, takers, dual, cost)
    used = found.x > NEAR_SHARE * whole
    start, end = (side[used].astype(np.int32) for side in (givers[row], takers[column]))
    order = np.lexsort((end, start))
    return Empties("optimal", start[order], end[order], found.x[used][order], price, float(found.fun))


def _price_zones(
    givers: npt.NDArray[np.intp], takers: npt.NDArray[np.intp], dual: FloatArray, cost: FloatArray
) -> FloatArray:
    """Price of a unit in every zone: dual values, and for a zone in balance what the cheapest taker would pay."""
    price = np.full(len(cost), np.nan)
    price[givers] = -dual[: len(givers)]
    price[takers] = dual[len(givers) :]
    idle = np.flatnonzero(np.isnan(price))
    if len(idle):
        gain = price[takers][None, :] - cost[np.ix_(idle, takers)]
        price[idle] = np.maximum(gain.max(axis=1), price[givers].min())
    return np.asarray(price - price.min(), dtype=np.float64)


def _plain(status: Literal["balanced", "infeasible"], price_usd: FloatArray, cost_usd_d: float) -> Empties:
    none = np.empty(0, dtype=np.int32)
    return Empties(status, none, none.copy(), np.empty(0), price_usd, cost_usd_d)
