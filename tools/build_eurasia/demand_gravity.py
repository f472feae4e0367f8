"""Spreads a total over pairs of zones: a gravity model balanced to both margins.

The first guess of a pair falls with distance, ``exp(-deterrence * distance)``; rows and columns are then scaled in turn
until both margins hold (iterative proportional fitting; Deming and Stephan, 1940; Furness, 1965). ``fit_deterrence``
estimates the fall from observed pairs by Poisson regression (Santos Silva and Tenreyro, 2006), where there are any.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
GAP_SHARE: Final = 1e-13
ROUND_COUNT: Final = 10_000


def balance(
    seed: ArrayLike, row_totals: ArrayLike, column_totals: ArrayLike, gap_share: float = GAP_SHARE
) -> FloatArray:
    """The matrix nearest to a first guess whose rows and columns add up to given totals.

    Parameters
    ----------
    seed : (m, n) array_like of float
        First guess, at least 0; a 0 stays 0.
    row_totals : (m,) array_like of float
        What each row adds up to, at least 0.
    column_totals : (n,) array_like of float
        What each column adds up to; the same sum as the rows.
    gap_share : float
        Largest error of a row that is left, as a share of the whole.

    Returns
    -------
    (m, n) float64 array
        Its columns hold to rounding, its rows to ``gap_share``.

    Raises
    ------
    ValueError
        When the margins differ, a number is negative, or no matrix with these zeros has these margins.
    """
    flow = np.array(seed, dtype=np.float64)
    rows, columns = (np.asarray(part, dtype=np.float64) for part in (row_totals, column_totals))
    whole = float(rows.sum())
    if min(flow.min(initial=0.0), rows.min(initial=0.0), columns.min(initial=0.0)) < 0.0:
        raise ValueError("a negative number cannot be balanced")
    if abs(whole - float(columns.sum())) > 1e-9 * max(whole, 1.0):
        raise ValueError(f"rows add up to {whole:g}, columns to {columns.sum():g}")
    if whole == 0.0:
        return np.zeros_like(flow)
    for _ in range(ROUND_COUNT):
        flow *= _ratio(rows, flow.sum(axis=1))[:, None]
        flow *= _ratio(columns, flow.sum(axis=0))[None, :]
        if np.abs(flow.sum(axis=1) - rows).max() <= gap_share * whole:
            return flow
    raise ValueError("no matrix with these zeros has these margins")


def _ratio(wanted: FloatArray, found: FloatArray) -> FloatArray:
    """Factor that makes what was found what is wanted; 0 where nothing was found."""
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0.0)


def spread(
    total: float,
    origin_weights: ArrayLike,
    destination_weights: ArrayLike,
    distance_km: ArrayLike,
    per_km: float,
) -> FloatArray:
    """A total spread over pairs of zones, so that both margins follow their weights.

    Parameters
    ----------
    total : float
        What is spread, at least 0.
    origin_weights, destination_weights : (m,) and (n,) array_like of float
        In any unit.
    distance_km : (m, n) array_like of float
        Distance of each pair.
    per_km : float
        Deterrence [1/km].

    Returns
    -------
    (m, n) float64 array
        Adds up to the total to rounding.
    """
    origins, destinations = (
        np.asarray(part, dtype=np.float64) for part in (origin_weights, destination_weights)
    )
    seed = np.exp(-per_km * np.asarray(distance_km, dtype=np.float64))
    return balance(seed, total * origins / origins.sum(), total * destinations / destinations.sum())


def fit_deterrence(volume: ArrayLike, mass: ArrayLike, distance_km: ArrayLike) -> tuple[float, float]:
    """Deterrence that observed pairs show, by Poisson regression.

    Parameters
    ----------
    volume : (n,) array_like of float
        Observed volumes, at least 0.
    mass : (n,) array_like of float
        Size of each destination (or product of both sizes), above 0; its elasticity is held at 1.
    distance_km : (n,) array_like of float
        Distances.

    Returns
    -------
    tuple of float
        Deterrence and its standard error, robust to any variance [1/km].
    """
    from statsmodels.api import GLM, add_constant, families

    distance = np.asarray(distance_km, dtype=np.float64)
    model = GLM(
        np.asarray(volume, dtype=np.float64), add_constant(distance), family=families.Poisson(),
        offset=np.log(np.asarray(mass, dtype=np.float64)),
    )  # fmt: skip
    found = model.fit(cov_type="HC1")
    return -float(found.params[1]), float(found.bse[1])
