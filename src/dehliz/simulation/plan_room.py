"""What is left of each capacity for the consignments of a plan, after all other cargo has taken its part.

Used by ``simulation/plan_stages.py``. Capacities and background are those of the assignment; rows that share a
capacity share a queue.
"""

from dataclasses import dataclass

import numpy as np

from dehliz.graph.graph import BoolArray, FloatArray, Graph, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.simulation.routes_in import RouteSet

HOURS_PER_DAY = 24.0
HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True, slots=True)
class Rooms:
    """Capacity by arc, as its facility has it.

    Attributes
    ----------
    facility : (n_arc,) int32
        Arc that stands for the facility of each arc.
    capacity_t_h, simulated_t_h, other_t_h : (n_arc,) float64
        Of the facility: capacity (``inf`` where none is known); cargo of the plan; background and all other cargo.
    """

    facility: IntArray
    capacity_t_h: FloatArray
    simulated_t_h: FloatArray
    other_t_h: FloatArray

    @property
    def used_share(self) -> FloatArray:
        """(n_arc,) all cargo over the capacity; 0 where no capacity is known."""
        return np.asarray((self.simulated_t_h + self.other_t_h) / self.capacity_t_h)

    def room_t_h(self, arc: int, capacity_t_h: float | None = None) -> float:
        """What is left for the plan [t/h].

        Parameters
        ----------
        arc : int
            Any arc of the facility.
        capacity_t_h : float, optional
            Another capacity than the facility's.

        Notes
        -----
        Capacity less other cargo; where that is more than the capacity can bear, the plan's share of all cargo: who
        comes first is served first, and all suffer alike. All of it where only probes pass.
        """
        capacity = float(self.capacity_t_h[arc]) if capacity_t_h is None else capacity_t_h
        mine, other = float(self.simulated_t_h[arc]), float(self.other_t_h[arc])
        return capacity if mine <= 0.0 else max(capacity - other, capacity * mine / (mine + other))


def find_rooms(graph: Graph, costs: LoadCosts, routes: RouteSet, is_simulated: BoolArray) -> Rooms:
    """Capacities and what uses them.

    Parameters
    ----------
    graph : Graph
        Gives the number of arcs.
    costs : LoadCosts
        Gives capacities, facilities and background.
    routes : RouteSet
        All that is loaded.
    is_simulated : (n_route,) bool
        Routes that become consignments.
    """
    facility = costs.facilities
    flow_t_h = np.where(routes.is_probe, 0.0, routes.volume_t_a) / HOURS_PER_YEAR
    on_visit, at = flow_t_h[routes.route], facility[routes.arc]
    mine = is_simulated[routes.route]

    def add(chosen: BoolArray) -> FloatArray:
        return np.bincount(at[chosen], weights=on_visit[chosen], minlength=graph.n_arc).astype(np.float64)

    simulated, other = add(mine), add(~mine) + costs.background_t_d / HOURS_PER_DAY
    return Rooms(facility, costs.capacity_t_d[facility] / HOURS_PER_DAY, simulated[facility], other[facility])
