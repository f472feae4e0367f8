"""``Assignment``: what a loaded network looks like, whichever method loaded it, and how sure the answer is.

Every method ends here; tables, flows by border and select-link analysis start here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from dehliz.graph.graph import FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips


class AssignStatus(StrEnum):
    """How an assignment ended."""

    CONVERGED = "converged"
    NOT_CONVERGED = "not_converged"
    INFEASIBLE = "infeasible"


class UnservedReason(StrEnum):
    """Why a trip, or a part of it, is not on the network."""

    NO_ROUTE = "no_route"
    NO_CAPACITY = "no_capacity"


@dataclass(frozen=True, slots=True)
class Iteration:
    """One step of a method: its number, relative gap, seconds of work since the start."""

    number_count: int
    relative_gap_share: float
    seconds_s: float


OnIteration = Callable[[Iteration], None]
"""Told of each step of a method."""


@dataclass(frozen=True, slots=True)
class OriginFlows:
    """Arc flows by origin and segment, acyclic within each: what select-link analysis reads for a bush method.

    Attributes
    ----------
    segment, origin : (n_bush,) int32
        Segment and origin vertex of each bush.
    first_flow : (n_bush + 1,) int64
        Flows of bush ``b`` are ``first_flow[b]:first_flow[b + 1]``.
    arc : (n_flow,) int32
        Arc of each flow.
    volume_t_d : (n_flow,) float64
        Flow, above 0.
    """

    segment: IntArray
    origin: IntArray
    first_flow: np.ndarray
    arc: IntArray
    volume_t_d: FloatArray


@dataclass(frozen=True, slots=True)
class RouteFlows:
    """Routes that carry flow: what methods that think in routes leave behind.

    Attributes
    ----------
    trip : (n_route,) int32
        Trip of each route, ascending.
    volume_t_d : (n_route,) float64
        Flow on each route, above 0.
    first_arc : (n_route + 1,) int64
        Arcs of route ``r`` are ``arc[first_arc[r]:first_arc[r + 1]]``, in order of travel.
    arc : (n,) int32
        Arcs.
    """

    trip: IntArray
    volume_t_d: FloatArray
    first_arc: np.ndarray
    arc: IntArray


@dataclass(frozen=True, slots=True)
class Assignment:
    """Volumes and times of arcs after loading.

    Attributes
    ----------
    method : str
        ``aon``, ``ue``, ``sue`` or ``so``.
    status : AssignStatus
        Whether the answer reached its gap.
    volume_t_d : (n_segment, n_arc) float64
        Volume by segment, background not included.
    time_h : (n_arc,) float64
        Time of each arc at the final volume, background included.
    relative_gap_share : float
        Final relative gap, recomputed from scratch; defined by each method in the docs.
    beckmann_objective : float
        Sum over arcs of the integral of time, plus fixed costs times volumes, in hours of generalised cost.
    total_time : float
        Sum of volume times time, plus fixed costs times volumes, in the same unit.
    lower_bound : float
        Proven bound of the objective that the method minimises; NaN where it gives none.
    history : tuple of Iteration
        Gap and seconds after each iteration.
    unserved : (n_trip,) float64
        Part of each trip that is not on the network.
    unserved_reason : tuple of str
        Reason of each trip, empty where it is served.
    price_usd_t : (n_arc,) float64 or None
        What one more unit of capacity is worth, for methods with hard capacities.
    routes : RouteFlows or None
        Routes, for methods that have them.
    bushes : OriginFlows or None
        Flows by origin, for methods that have them.
    trips : Trips
        What was loaded.
    costs : LoadCosts
        On what.
    """

    method: str
    status: AssignStatus
    volume_t_d: FloatArray
    time_h: FloatArray
    relative_gap_share: float
    beckmann_objective: float
    total_time: float
    lower_bound: float
    history: tuple[Iteration, ...]
    unserved: FloatArray
    unserved_reason: tuple[str, ...]
    price_usd_t: FloatArray | None
    routes: RouteFlows | None
    bushes: OriginFlows | None
    trips: Trips
    costs: LoadCosts

    @property
    def total_volume_t_d(self) -> FloatArray:
        """Volume of each arc: all segments and the background, which stands at the arc of its facility only."""
        return np.asarray(self.volume_t_d.sum(axis=0) + self.costs.background_t_d)
