"""Logit choice of corridor and route: path sizes, utilities, shares.

Choice sets and what their routes cost come in, the share of each route goes out. Nests (corridors) stand above
routes. ``routing/alternatives.py`` makes the sets, ``assignment/fixed_point.py`` balances shares with congestion.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dehliz.assignment.settings import AssignmentSettings
from dehliz.graph.graph import FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips
from dehliz.kernels.logit import Nests, nested_shares
from dehliz.kernels.route_sums import path_sizes, sum_rows_on_routes
from dehliz.kernels.search import freeze, mark_runs
from dehliz.routing.alternatives import ChoiceSets, first_routes


@dataclass(frozen=True, slots=True)
class Shares:
    """What a logit model says.

    Attributes
    ----------
    share : (n_route,) float64
        Share of each route in its trip.
    within : (n_route,) float64
        Share of each route in its nest.
    logsum : (n_trip,) float64
        Utility of having the choice, in units of the lower scale; ``-inf`` without a route.
    """

    share: FloatArray
    within: FloatArray
    logsum: FloatArray


@dataclass(frozen=True, slots=True)
class RouteChoice:
    """Choice sets with everything about them that congestion does not change.

    Attributes
    ----------
    sets : ChoiceSets
        Routes, sorted by trip and nest.
    nests : Nests
        Which routes stand together.
    fixed_h : (n_route,) float64
        What the route costs besides the times of its arcs: fixed costs of its arcs and its constant.
    log_size : (n_route,) float64
        Overlap factor times the logarithm of the path size.
    scale : (n_trip,) float64
        Scale of each trip's choice, per hour.
    nest_factor : float
        Scale between nests over scale within them.
    volume_t_d : (n_trip,) float64
        Flow to be shared, 0 for a trip without a route.
    """

    sets: ChoiceSets
    nests: Nests
    fixed_h: FloatArray
    log_size: FloatArray
    scale: FloatArray
    nest_factor: float
    volume_t_d: FloatArray

    def shares(self, cost_h: FloatArray) -> Shares:
        """Shares when the routes cost so much in all, (n_route,) float64: times, fixed costs and constants."""
        utility = self.log_size - self.scale[self.sets.trip] * cost_h
        return logit_shares(self.nests, utility, self.nest_factor)


def segment_scales(costs: LoadCosts, settings: AssignmentSettings) -> FloatArray:
    """Scale of the choice of each segment per hour of generalised cost, (n_segment,) float64.

    Notes
    -----
    ``settings.scale_per_usd_t`` times the segment's value of time when it is given: one more dollar a tonne then weighs
    alike for all segments, one more hour by what it costs. Else ``settings.scale_factor`` for all.
    """
    if settings.scale_per_usd_t is None:
        return np.full(costs.n_segment, float(settings.scale_factor))
    return np.asarray(settings.scale_per_usd_t * costs.value_of_time_usd_t_h)


def make_nests(trip: npt.ArrayLike, nest: npt.ArrayLike, trip_count: int) -> Nests:
    """Nests of routes that are sorted by trip and nest.

    Parameters
    ----------
    trip, nest : (n_route,) int32
        Trip of each route, and any number for its nest.
    trip_count : int
        Number of trips, with and without routes.
    """
    owner, label = np.asarray(trip), np.asarray(nest)
    start = np.flatnonzero(mark_runs(owner, label))
    first_nest = np.searchsorted(owner[start], np.arange(trip_count + 1))
    return Nests(freeze(first_nest, np.int32), freeze(np.append(start, len(owner)), np.int32))


def logit_shares(nests: Nests, utility: FloatArray, nest_factor: float = 1.0) -> Shares:
    """Nested logit shares, see ``kernels/logit.py``.

    Parameters
    ----------
    nests : Nests
        Which routes each trip chooses among.
    utility : (n_route,) float64
        Utility of each route, finite, in units of the lower scale: log of its size less scale times cost.
    nest_factor : float
        Scale between nests over scale within them, above 0 and at most 1.

    Examples
    --------
    >>> logit_shares(make_nests([0, 0], [0, 0], 1), np.array([0.0, np.log(3.0)])).share
    array([0.25, 0.75])
    """
    trip_count = len(nests.first_nest) - 1
    out = Shares(np.empty(len(utility)), np.empty(len(utility)), np.empty(trip_count))
    run = nested_shares.pick(8 * len(utility))
    run(nests, utility, float(nest_factor), out.share, out.within, out.logsum)
    return out


def measure_path_sizes(sets: ChoiceSets, trips: Trips, length: FloatArray) -> FloatArray:
    """Path size of each route among those of its trip, (n_route,) float64, see ``kernels/route_sums.py``.

    Parameters
    ----------
    sets : ChoiceSets
        Routes.
    trips : Trips
        Give the segment of each trip.
    length : (n_segment, n_arc) float64
        Length of each arc for each segment; here the free generalised cost.
    """
    size = np.empty(sets.n_route)
    start = first_routes(sets, trips.n_trip)
    user_count = np.zeros(length.shape[1], np.int32)
    routes = (freeze(sets.first_arc, np.int64), freeze(sets.arc, np.int32))
    run = path_sizes.pick(3 * len(sets.arc))
    run(start, *routes, freeze(length, np.float64), freeze(trips.segment, np.int32), user_count, size)
    return size


def sum_segment_costs(sets: ChoiceSets, trips: Trips, value: FloatArray) -> FloatArray:
    """Sum along each route of what its segment pays, (n_route,) float64; ``value`` is (n_segment, n_arc)."""
    total = np.empty(sets.n_route)
    row = freeze(trips.segment[sets.trip], np.int32)
    routes = (freeze(sets.first_arc, np.int64), freeze(sets.arc, np.int32))
    sum_rows_on_routes.pick(len(sets.arc))(*routes, freeze(value, np.float64), row, total)
    return total


def make_route_choice(
    sets: ChoiceSets,
    trips: Trips,
    costs: LoadCosts,
    settings: AssignmentSettings,
    scale: FloatArray,
    free_h: FloatArray,
    constants_h: FloatArray,
    route_nest: IntArray,
) -> RouteChoice:
    """Everything about choice sets that congestion does not change.

    Parameters
    ----------
    sets : ChoiceSets
        Routes; those with an arc that the segment may not use are left out.
    trips, costs, settings
        As for ``find_stochastic_equilibrium``.
    scale : (n_segment,) float64
        Scale of each segment, per hour.
    free_h : (n_segment, n_arc) float64
        Free generalised cost: the lengths of the path sizes.
    constants_h : (n_route,) float64
        Constant of each route.
    route_nest : (n_route,) int32
        Nest of each route.
    """
    fixed_h = sum_segment_costs(sets, trips, costs.fixed_h) + constants_h
    usable = np.flatnonzero(np.isfinite(fixed_h))
    order = usable[np.lexsort((route_nest[usable], sets.trip[usable]))]
    chosen = sets.take(order)
    is_served = np.zeros(trips.n_trip, dtype=bool)
    is_served[chosen.trip] = True
    size = measure_path_sizes(chosen, trips, np.where(np.isfinite(free_h), free_h, 0.0))
    return RouteChoice(
        sets=chosen,
        nests=make_nests(chosen.trip, route_nest[order], trips.n_trip),
        fixed_h=fixed_h[order],
        log_size=settings.overlap_factor * np.log(size),
        scale=scale[trips.segment],
        nest_factor=settings.nest_factor,
        volume_t_d=np.where(is_served, trips.volume_t_d, 0.0),
    )
