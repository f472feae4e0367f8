"""``Settled``: an equilibrium that ``assignment/warm.py`` has found, and sizes of routes while some are shut.

The file before is ``assignment/strands.py``.
"""

from dataclasses import dataclass

import numpy as np

from dehliz.assignment.choice import RouteChoice
from dehliz.assignment.fixed_point import State, sum_volumes
from dehliz.assignment.strands import Strands
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips
from dehliz.kernels.path_sizes import path_sizes_left
from dehliz.kernels.search import freeze
from dehliz.routing.alternatives import ChoiceSets, first_routes


@dataclass(frozen=True, slots=True)
class Settled:
    """An equilibrium of corridors and routes.

    Attributes
    ----------
    choice : RouteChoice
        Routes that can be used, sorted by trip and nest.
    constants_h : (n_route,) float64
        What each route costs besides what its arcs cost.
    nest : (n_route,) int32
        Corridor of each route, as ``name_routes`` numbers them.
    strands : Strands
        Of the routes.
    flow_t_d : (n_route,) float64
        Flow on each route.
    base_share : (n_route,) float64
        Share of its trip that each route has in the network as it is; 0 for those that were found since.
    cost_h : (n_trip,) float64
        Expected generalised cost of each trip's choice, the logsum over the scale [h]; ``inf`` without a route.
    time_h : (n_arc,) float64
        Time of each arc at these flows.
    costs : LoadCosts
        What they were found at.
    relative_gap_share : float
        Gap of the flows.
    is_converged : bool
        Whether it is at most the one asked for and no trip has a better route.
    """

    choice: RouteChoice
    constants_h: FloatArray
    nest: IntArray
    strands: Strands
    base_share: FloatArray
    flow_t_d: FloatArray
    cost_h: FloatArray
    time_h: FloatArray
    costs: LoadCosts
    relative_gap_share: float
    is_converged: bool

    @property
    def volume_t_d(self) -> FloatArray:
        """(n_arc,) volume of all routes on each arc."""
        return sum_volumes(self.choice.sets, self.flow_t_d, len(self.time_h))


def expect_costs(choice: RouteChoice, state: State) -> FloatArray:
    """Expected generalised cost of each trip, (n_trip,) float64 [h]; ``inf`` without a route."""
    return np.asarray(-state.shares.logsum / choice.scale)


def append_sets(first: ChoiceSets, second: ChoiceSets) -> ChoiceSets:
    """Routes of both, one after the other."""
    return ChoiceSets(
        np.concatenate([first.trip, second.trip]),
        np.concatenate([first.first_arc, first.first_arc[-1] + second.first_arc[1:]]),
        np.concatenate([first.arc, second.arc]),
        np.concatenate([first.source, second.source]),
    )


def measure_sizes_left(
    sets: ChoiceSets, trips: Trips, length: FloatArray, share: FloatArray, is_shut: BoolArray
) -> FloatArray:
    """Path sizes of routes sorted by trip while some are shut, (n_route,), see ``kernels/path_sizes.py``."""
    size, most, count = np.empty(sets.n_route), np.zeros(length.shape[1]), np.zeros(length.shape[1])
    routes = (freeze(sets.first_arc, np.int64), freeze(sets.arc, np.int32))
    run = path_sizes_left.pick(3 * len(sets.arc))
    run(
        first_routes(sets, trips.n_trip), *routes, freeze(length, np.float64), freeze(trips.segment, np.int32),
        freeze(share, np.float64), freeze(is_shut, np.bool_), most, count, size,
    )  # fmt: skip
    return size
