"""``Routes``: many routes in compressed form, and how they are told to people.

Arrays first: a search fills ``first_arc`` and ``arc``; names, operators, facts and legs are looked up only when
``tables()`` is called. The file before is ``routing/pareto.py``; the next are ``study/store.py`` and ``report``.
"""

from dataclasses import dataclass

import numpy as np

from dehliz.base.units import EARTH_RADIUS_KM
from dehliz.graph.cost import Costs
from dehliz.graph.graph import ArcKind, BoolArray, FloatArray, Graph, IntArray

Z_95 = 1.6448536269514722
"""95th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Routes between zones, each a run of arcs.

    Attributes
    ----------
    origin, destination : (n_route,) int32
        Zones.
    first_arc : (n_route + 1,) int32
        Arcs of route ``r`` are ``arc[first_arc[r]:first_arc[r + 1]]``.
    arc : (first_arc[-1],) int32
        Arcs in the order of travel.
    is_truncated : bool
        True when a label budget was spent before the search had ended: routes may be missing.
    found_count : int
        Options found before thinning.
    """

    origin: IntArray
    destination: IntArray
    first_arc: IntArray
    arc: IntArray
    is_truncated: bool
    found_count: int

    def __len__(self) -> int:
        return len(self.origin)

    def arcs(self, route: int) -> IntArray:
        """Arcs of one route."""
        return self.arc[self.first_arc[route] : self.first_arc[route + 1]]

    def total(self, values: FloatArray) -> FloatArray:
        """Sum of an arc quantity over each route, (n_route,) float64."""
        return np.array([values[self.arcs(route)].sum() for route in range(len(self))])

    def pick(self, routes: "list[int] | IntArray") -> "Routes":
        """The chosen routes, in the order given."""
        chosen = [self.arcs(route) for route in routes]
        counts = [len(arcs) for arcs in chosen]
        return Routes(
            origin=self.origin[routes],
            destination=self.destination[routes],
            first_arc=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
            arc=np.concatenate(chosen).astype(np.int32) if chosen else np.empty(0, dtype=np.int32),
            is_truncated=self.is_truncated,
            found_count=self.found_count,
        )


def make_empty() -> Routes:
    """No routes at all."""
    nothing = np.empty(0, dtype=np.int32)
    return Routes(nothing, nothing, np.zeros(1, dtype=np.int32), nothing, is_truncated=False, found_count=0)


def make_routes(ways: list[IntArray], ends: tuple[int, int]) -> Routes:
    """Ways between two zones as routes, each an array of arcs."""
    count = len(ways)
    return Routes(
        origin=np.full(count, ends[0], dtype=np.int32),
        destination=np.full(count, ends[1], dtype=np.int32),
        first_arc=np.concatenate(([0], np.cumsum([len(arcs) for arcs in ways]))).astype(np.int32),
        arc=np.concatenate(ways).astype(np.int32) if ways else np.empty(0, dtype=np.int32),
        is_truncated=False,
        found_count=count,
    )


def estimate_percentile(mean_h: FloatArray, variance_h2: FloatArray, z: float) -> FloatArray:
    """Percentile of a time with given mean and variance, log-normal by moments.

    Parameters
    ----------
    mean_h, variance_h2 : (n,) float64
        Mean [h] and variance [h2] of the whole time; the parts are taken as independent, so variances add.
    z : float
        Standard normal quantile of the percentile, such as ``Z_95``.

    Returns
    -------
    (n,) float64
        Percentile [h]; NaN where the variance is NaN.

    Notes
    -----
    With ``s2 = ln(1 + variance / mean2)`` the percentile is ``mean * exp(z s - s2 / 2)``. Travel times are
    skewed to the right; the log-normal has their mean and variance and no other parameter. Correlation between
    legs (a storm that shuts two ports) is not modelled here: the simulation is for that.
    """
    log_variance = np.log1p(variance_h2 / mean_h**2)
    return mean_h * np.exp(z * np.sqrt(log_variance) - log_variance / 2.0)


def great_circle_km(lon_a_deg: float, lat_a_deg: float, lon_b_deg: float, lat_b_deg: float) -> float:
    """Great-circle distance between two points [km], by the haversine formula."""
    lon_a, lat_a, lon_b, lat_b = np.radians([lon_a_deg, lat_a_deg, lon_b_deg, lat_b_deg])
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    return float(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))


@dataclass(frozen=True, slots=True)
class Totals:
    """What the routes of a set add up to; each attribute is (n_route,) float64."""

    length_km: FloatArray
    time_h: FloatArray
    moving_time_h: FloatArray
    handling_time_h: FloatArray
    waiting_time_h: FloatArray
    time_p95_h: FloatArray
    cost_usd: FloatArray
    emissions_kgco2e: FloatArray


def add_up(routes: Routes, graph: Graph, costs: Costs) -> Totals:
    """Totals of every route."""
    time_h = routes.total(graph.time_h)
    return Totals(
        length_km=routes.total(graph.length_km),
        time_h=time_h,
        moving_time_h=routes.total(graph.moving_time_h),
        handling_time_h=routes.total(graph.handling_time_h),
        waiting_time_h=routes.total(graph.waiting_time_h),
        time_p95_h=estimate_percentile(time_h, routes.total(graph.time_spread_h**2), Z_95),
        cost_usd=routes.total(costs.cost_usd),
        emissions_kgco2e=routes.total(costs.emissions_kgco2e),
    )


def is_moving(graph: Graph) -> BoolArray:
    """(n_arc,) bool: arcs on which the cargo changes place."""
    return np.asarray((graph.kind == ArcKind.MOVE) | (graph.kind == ArcKind.SERVICE))
