"""The system optimum as scaled arrays: classes of trips with equal costs, capacities that are left, units near 1.

Trips without a route, and trips that need none, are put aside here. ``system_master.py`` and ``system_pricing.py``
work on what is left; ``system.py`` translates back.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dehliz.assignment.topology import Topology
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips
from dehliz.kernels.pricing import Pricer
from dehliz.kernels.search import Star, make_star

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PENALTY_FACTOR = 10.0
"""First penalty of what stays unserved, in the dearest of all cheapest routes; raised where that proves too small."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Arrays of one system optimum. Costs are in ``cost_scale_usd_t``, volumes in ``volume_scale_t_d``.

    Attributes
    ----------
    star : Star
        The graph.
    cost : (n_class, n_arc) float64
        Cost of each arc for each class of segments with equal costs, ``inf`` = forbidden.
    facility : (n_arc,) int32
        Arc that stands for the facility of each arc; limits, loads and prices of a facility stand at that arc.
    capacity : (n_arc,) float64
        What the background leaves of the capacity, at least 0; ``inf`` where there is no limit, and at arcs that
        stand for no facility.
    trip : (n_active, 3) int32
        Class, origin and destination of each trip that needs a route and has one, sorted.
    number : (n_active,) int64
        Where each stands among all trips.
    volume : (n_active,) float64
        Volume of each.
    has_route : (n_trip,) bool
        Whether the network has a route at all for each of all trips.
    first_routes : (first_arc, arc)
        Cheapest route of each active trip when nothing is scarce.
    least : (n_active,) float64
        Cost of each of these.
    cost_scale_usd_t, volume_scale_t_d : float
        Powers of two.
    """

    star: Star
    cost: Floats
    facility: Ints
    capacity: Floats
    trip: Ints
    number: Longs
    volume: Floats
    has_route: Bools
    first_routes: tuple[Longs, Ints]
    least: Floats
    cost_scale_usd_t: float
    volume_scale_t_d: float

    @property
    def trip_count(self) -> int:
        """Trips that need a route and have one."""
        return len(self.volume)

    @property
    def first_penalty(self) -> float:
        """First penalty of a unit that stays unserved."""
        return PENALTY_FACTOR * (float(self.least.max(initial=0.0)) or 1.0)


def arc_costs_usd_t(costs: LoadCosts) -> Floats:
    """What a tonne of each segment costs on each arc at its free time, (n_segment, n_arc) [USD/t]."""
    return np.asarray(costs.value_of_time_usd_t_h[:, None] * (costs.free_time_h + costs.fixed_h))


def capacity_left_t_d(costs: LoadCosts) -> Floats:
    """What the background leaves of each hard capacity, at the arc that stands for its facility; ``inf`` elsewhere.

    A background above the capacity leaves 0.
    """
    is_hard = costs.is_capped & np.isfinite(costs.capacity_t_d)
    return np.where(
        is_hard & costs.stands, np.maximum(0.0, costs.capacity_t_d - costs.background_t_d), np.inf
    )


def pose_problem(graph: Topology, costs: LoadCosts, trips: Trips) -> Problem:
    """Scaled arrays of the trips that need a route and have one."""
    star = make_star(graph.first_out, graph.head)
    cost, kind = np.unique(arc_costs_usd_t(costs), axis=0, return_inverse=True)
    keys = (kind.reshape(-1)[trips.segment], trips.origin, trips.destination)
    order = np.lexsort(keys[::-1])
    trip = np.stack(keys, axis=1)[order].astype(np.int32)
    nothing = np.zeros(len(graph.head))
    least, first_arc, arc = Pricer(star, cost, trip).price(nothing, nothing, np.full(len(trip), np.inf))
    is_active = np.isfinite(least) & (np.diff(first_arc) > 0)
    has_route = np.ones(len(trip), dtype=bool)
    has_route[order[~np.isfinite(least)]] = False
    first = np.zeros(int(is_active.sum()) + 1, np.int64)
    np.cumsum(np.diff(first_arc)[is_active], out=first[1:])
    volume = trips.volume_t_d[order[is_active]]
    cost_scale_usd_t, volume_scale_t_d = _scale(least[is_active]), _scale(volume)
    return Problem(
        star=star,
        cost=cost / cost_scale_usd_t,
        facility=costs.facilities,
        capacity=capacity_left_t_d(costs) / volume_scale_t_d,
        trip=trip[is_active],
        number=order[is_active],
        volume=volume / volume_scale_t_d,
        has_route=has_route,
        first_routes=(first, arc),
        least=least[is_active] / cost_scale_usd_t,
        cost_scale_usd_t=cost_scale_usd_t,
        volume_scale_t_d=volume_scale_t_d,
    )


def load_facilities(problem: Problem, first_arc: Longs, arc: Ints, flow: Floats) -> Floats:
    """Flow through each facility, at the arc that stands for it; a route may pass through one more than once."""
    return add_up(problem.facility[arc], np.repeat(flow, np.diff(first_arc)), len(problem.capacity))


def add_up(place: Ints | Longs, value: Floats, count: int) -> Floats:
    """Sum of the values at each of ``count`` places."""
    return np.asarray(np.bincount(place, value, count), dtype=np.float64)


def _scale(value: Floats) -> float:
    """A power of two near the mean of positive values, so that scaling loses no digit; 1 where there are none."""
    mean = float(value.mean()) if len(value) else 0.0
    return float(2.0 ** np.round(np.log2(mean))) if mean > 0.0 else 1.0
