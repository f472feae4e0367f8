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
    is_raised : (n_arc,) bool
        Whether the capacity is more than the tables say, so that what was carried fits.
    """

    facility: IntArray
    capacity_t_h: FloatArray
    simulated_t_h: FloatArray
    other_t_h: FloatArray
    is_raised: BoolArray

    @property
    def used_share(self) -> FloatArray:
        """(n_arc,) all cargo over the capacity; 0 where no capacity is known."""
        return np.asarray((self.simulated_t_h + self.other_t_h) / self.capacity_t_h)

    def is_over(self, arc: int, capacity_t_h: float | None = None) -> bool:
        """Whether all cargo together is more than the capacity can bear; then the other cargo queues as well."""
        capacity = float(self.capacity_t_h[arc]) if capacity_t_h is None else capacity_t_h
        return float(self.simulated_t_h[arc] + self.other_t_h[arc]) >= capacity

    def room_t_h(self, arc: int, capacity_t_h: float | None = None) -> float:
        """What is left for the plan [t/h]: the capacity less other cargo, or all of it where that queues as well.

        Parameters
        ----------
        arc : int
            Any arc of the facility.
        capacity_t_h : float, optional
            Another capacity than the facility's.
        """
        capacity = float(self.capacity_t_h[arc]) if capacity_t_h is None else capacity_t_h
        return capacity if self.is_over(arc, capacity) else capacity - float(self.other_t_h[arc])


def find_rooms(
    graph: Graph, costs: LoadCosts, routes: RouteSet, is_simulated: BoolArray, most_used_share: float | None
) -> Rooms:
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
    most_used_share : float or None
        Where all cargo is more than this share of the capacity, the capacity is raised until it is not: what was
        carried in a year that has been could be carried. None leaves capacities as they are.
    """
    facility = costs.facilities
    flow_t_h = np.where(routes.is_probe, 0.0, routes.volume_t_a) / HOURS_PER_YEAR
    on_visit, at = flow_t_h[routes.route], facility[routes.arc]
    mine = is_simulated[routes.route]

    def add(chosen: BoolArray) -> FloatArray:
        return np.bincount(at[chosen], weights=on_visit[chosen], minlength=graph.n_arc).astype(np.float64)

    simulated, other = add(mine), add(~mine) + costs.background_t_d / HOURS_PER_DAY
    capacity = costs.capacity_t_d / HOURS_PER_DAY
    raised = np.zeros(graph.n_arc, dtype=bool)
    if most_used_share is not None:
        needed = (simulated + other) / most_used_share
        raised = needed > capacity
        capacity = np.maximum(capacity, needed)
    return Rooms(facility, capacity[facility], simulated[facility], other[facility], raised[facility])
