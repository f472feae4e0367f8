"""Drivers of a forecast: growth by region, elasticity by market, capacities to come, scenarios; and draws of them.

Curated tables come in, factors by which markets grow and the choice models of draws go out. Nothing is loaded here; the
next file is ``study/forecast_year.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import norm, qmc

from dehliz.assignment.corridor_choice import ChoiceModel
from dehliz.assignment.year import NEST, SCALE, read_choice_model
from dehliz.base.errors import DataError, Issue
from dehliz.base.rows import each_row
from dehliz.eurasia.load import read_reference, read_typed

LEAST_FACTOR: Final = 1e-6
"""A market never shrinks to nothing: a trip needs a volume above 0."""
LEAST_PARAMETER_SHARE: Final = 0.1
"""A drawn scale or nest factor stays above this share of its fitted value where the table gives no bounds."""

Growth = Mapping[tuple[str, int], Any]
Ends = Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]]
"""Shares of a market's cargo by region: at its origins, and at its destinations."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """What moves a forecast, as typed tables.

    Attributes
    ----------
    region, growth, market, capacity, scenario, reference : DataFrame
        Tables ``driver_region``, ``driver_growth``, ``driver_market``, ``driver_capacity``, ``forecast_scenario`` and
        ``forecast_reference``.
    choice : DataFrame
        Table ``choice_parameter``, as text.
    """

    region: pd.DataFrame
    growth: pd.DataFrame
    market: pd.DataFrame
    capacity: pd.DataFrame
    scenario: pd.DataFrame
    reference: pd.DataFrame
    choice: pd.DataFrame

    @property
    def last_year(self) -> int:
        """Last year for which every region has a growth."""
        return int(self.growth.groupby("region_id")["year"].max().min())


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw of everything that is not known.

    Attributes
    ----------
    growth_rank_share : float
        How much of the distribution of growth lies below what is drawn, the same in all regions and years.
    elasticity_rank_share : mapping of str to float
        The same for the elasticity of each market.
    parameter_score : mapping of str to float
        Standard errors that each parameter of choice lies above its fitted value.
    """

    growth_rank_share: float
    elasticity_rank_share: Mapping[str, float]
    parameter_score: Mapping[str, float]


def read_drivers() -> Drivers:
    """The bundled drivers."""
    return Drivers(
        region=read_typed("driver_region"),
        growth=read_typed("driver_growth"),
        market=read_typed("driver_market"),
        capacity=read_typed("driver_capacity"),
        scenario=read_typed("forecast_scenario"),
        reference=read_typed("forecast_reference"),
        choice=read_reference("choice_parameter"),
    )


def make_draws(count: int, seed: int, market_ids: Sequence[str], parameter_ids: Sequence[str]) -> list[Draw]:
    """Draws by Latin hypercube: each of ``count`` equal slices of each distribution comes once.

    Parameters
    ----------
    count : int
        Number of draws.
    seed : int
        Equal seeds give equal draws.
    market_ids, parameter_ids : sequence of str
        What is drawn besides growth; its order does not matter.

    References
    ----------
    McKay, M. D., Beckman, R. J. and Conover, W. J. (1979), A comparison of three methods for selecting values of input
    variables in the analysis of output from a computer code, Technometrics 21(2), 239-245.
    """
    markets, parameters = sorted(set(market_ids)), sorted(set(parameter_ids))
    ranks = qmc.LatinHypercube(d=1 + len(markets) + len(parameters), rng=np.random.default_rng(seed)).random(
        count
    )
    scores = norm.ppf(np.clip(ranks, 1e-9, 1.0 - 1e-9))
    return [
        Draw(
            float(ranks[at, 0]),
            dict(zip(markets, ranks[at, 1 : 1 + len(markets)].tolist(), strict=True)),
            dict(zip(parameters, scores[at, 1 + len(markets) :].tolist(), strict=True)),
        )
        for at in range(count)
    ]


def draw_between(low: float, value: float, high: float, rank_share: float) -> float:
    """Quantile of the triangular distribution between two ends with its peak in between.

    Examples
    --------
    >>> draw_between(0.0, 1.0, 2.0, 0.5)
    1.0
    """
    if not high > low:
        return value
    peak_share = (value - low) / (high - low)
    if rank_share < peak_share:
        return low + float(np.sqrt(rank_share * (high - low) * (value - low)))
    return high - float(np.sqrt((1.0 - rank_share) * (high - low) * (high - value)))


def pick_level(low: float, value: float, high: float, level: str, rank_share: float) -> float:
    """A number at the level that a scenario asks for; without ends it is the same at every level."""
    if np.isnan(low) or np.isnan(high):
        return value
    ends = {"low": low, "central": value, "high": high}
    return ends[level] if level in ends else draw_between(low, value, high, rank_share)


def find_ends(demand: pd.DataFrame, country_of: Mapping[str, str], region: pd.DataFrame) -> Ends:
    """Where the cargo of each market starts and ends, by region.

    Parameters
    ----------
    demand : DataFrame
        Rows of a year.
    country_of : mapping of str to str
        Country of each zone.
    region : DataFrame
        Table ``driver_region``.

    Raises
    ------
    DataError
        With every country of the demand that has no region.
    """
    region_of = dict(zip(region["country_id"], region["region_id"], strict=True))
    sides = [demand[column].map(country_of) for column in ("origin_zone_id", "destination_zone_id")]
    lost = sorted({country for side in sides for country in side} - set(region_of))
    if lost:
        issue = Issue(
            "driver_region.country_id.needed", "driver_region.csv, column country_id", tuple(lost),
            "there is cargo, but no region", "A region whose growth is known", "Add a row for each of them",
        )  # fmt: skip
        raise DataError("The drivers do not cover the demand", [issue])
    shares: dict[str, tuple[dict[str, float], dict[str, float]]] = {}
    for market_id, rows in demand.groupby("market_id", sort=True):
        pair = []
        for side in sides:
            sums = rows["volume_t_a"].groupby(side.loc[rows.index].map(region_of)).sum()
            pair.append({str(key): float(value) for key, value in (sums / sums.sum()).items()})
        shares[str(market_id)] = (pair[0], pair[1])
    return shares


def grow(
    drivers: Drivers, ends: Ends, years: tuple[int, int], draw: Draw, growth_level: str, elasticity_level: str
) -> dict[str, float]:
    """Size of each market in the second year over its size in the first.

    Parameters
    ----------
    drivers : Drivers
        Growth and elasticities.
    ends : mapping
        Of ``find_ends``.
    years : tuple of int
        Last year observed, and the year wanted.
    draw : Draw
        Used where a level is ``drawn``.
    growth_level, elasticity_level : str
        ``low``, ``central``, ``high`` or ``drawn``.

    Raises
    ------
    DataError
        With every region and year whose growth is not known.

    Notes
    -----
    The product over the years between of 1 + e ((1 - w) g_o + w g_d), with elasticity e, weight w of the destination,
    and growth g as the mean over regions by their shares of the market's cargo. A growth of 0 gives 1 exactly.
    """
    growth: Growth = {(row.region_id, int(row.year)): row for row in each_row(drivers.growth)}
    span = range(years[0] + 1, years[1] + 1)
    _need_growth(growth, ends, span)
    markets = {row.market_id: row for row in each_row(drivers.market)}
    out = {}
    for market_id, (origins, destinations) in ends.items():
        row = markets[market_id]
        elasticity = pick_level(
            row.low_factor, row.elasticity_factor, row.high_factor, elasticity_level,
            draw.elasticity_rank_share.get(market_id, 0.5),
        )  # fmt: skip
        weight, factor = row.destination_weight_share, 1.0
        for year in span:
            mean = sum(
                side_weight * share * _pick_growth(growth[region, year], growth_level, draw)
                for side_weight, side in ((1.0 - weight, origins), (weight, destinations))
                for region, share in side.items()
            )
            factor *= max(1.0 + elasticity * mean, LEAST_FACTOR)
        out[market_id] = factor
    return out


def _pick_growth(row: Any, level: str, draw: Draw) -> float:
    return pick_level(row.low_share, row.growth_share, row.high_share, level, draw.growth_rank_share)


def _need_growth(growth: Growth, ends: Ends, span: range) -> None:
    regions = {region for pair in ends.values() for side in pair for region in side}
    lost = [f"{region} {year}" for region in sorted(regions) for year in span if (region, year) not in growth]
    if lost:
        issue = Issue(
            "driver_growth.year.needed", "driver_growth.csv, columns region_id and year", tuple(lost), "not there",
            "The growth of each region in each year of the forecast", "Add the rows, or forecast fewer years",
        )  # fmt: skip
        raise DataError("The growth of some regions is not known", [issue])


def draw_choice(drivers: Drivers, year: int, draw: Draw) -> ChoiceModel:
    """The choice model of a year with its parameters drawn by their standard errors.

    Parameters
    ----------
    drivers : Drivers
        Gives the parameters; one without a standard error stays as it is.
    year : int
        Year whose parameters hold.
    draw : Draw
        Standard errors above the fitted values.
    """
    table = drivers.choice
    value = table["value"].astype(float)
    error = pd.to_numeric(table["standard_error"].replace("", "0"))
    score = table["parameter_id"].map(draw.parameter_score).fillna(0.0)
    low = pd.to_numeric(table["low"].replace("", np.nan))
    high = pd.to_numeric(table["high"].replace("", np.nan))
    is_scale = table["parameter_id"].isin([SCALE, NEST])
    low = low.where(low.notna() | ~is_scale, LEAST_PARAMETER_SHARE * value).fillna(-np.inf)
    high = high.where(high.notna() | (table["parameter_id"] != NEST), 1.0).fillna(np.inf)
    ends = pd.DataFrame({"low": low, "high": high, "value": value})
    moved = (value + error * score).clip(
        ends[["low", "value"]].min(axis=1), ends[["high", "value"]].max(axis=1)
    )
    return read_choice_model(year, table.assign(value=moved.where(error > 0.0, value)))
