"""An equilibrium of ``WarmNetwork`` as a ``Loaded`` network, so that the tables of flows can tell it.

The file before is ``assignment/warm.py``; the next one is ``disruption/compare.py``.
"""

import numpy as np

from dehliz.assignment.flow_tables import Loaded
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.result import Assignment, AssignStatus, RouteFlows, UnservedReason
from dehliz.assignment.settled import Settled
from dehliz.graph.graph import FloatArray

LEAST_SHARE = 1e-9
"""Share of a trip below which what is not on the network is rounding."""


def load_settled(problem: LoadProblem, settled: Settled, volume_t_d: FloatArray) -> Loaded:
    """The volumes of an equilibrium, ready for tables.

    Parameters
    ----------
    problem : LoadProblem
        Network that it is of.
    settled : Settled
        The equilibrium.
    volume_t_d : (n_trip,) float64
        What each trip ships; what is not on a route has none.
    """
    chosen = np.flatnonzero(settled.flow_t_d > 0.0)
    sets = settled.choice.sets.take(chosen)
    routes = RouteFlows(sets.trip, settled.flow_t_d[chosen], sets.first_arc, sets.arc)
    trips = problem.trips
    volume = np.zeros((trips.n_segment, problem.graph.n_arc))
    length = np.diff(sets.first_arc)
    np.add.at(
        volume, (np.repeat(trips.segment[sets.trip], length), sets.arc), np.repeat(routes.volume_t_d, length)
    )
    carried = np.bincount(sets.trip, weights=routes.volume_t_d, minlength=trips.n_trip)
    left = np.maximum(volume_t_d - carried, 0.0)
    left[left <= LEAST_SHARE * volume_t_d] = 0.0
    status = AssignStatus.CONVERGED if settled.is_converged else AssignStatus.NOT_CONVERGED
    assignment = Assignment(
        method="sue", status=status, volume_t_d=volume, time_h=settled.time_h,
        relative_gap_share=settled.relative_gap_share, beckmann_objective=np.nan, total_time=np.nan,
        lower_bound=np.nan, history=(), unserved=left,
        unserved_reason=tuple(UnservedReason.NO_ROUTE if one > 0.0 else "" for one in left.tolist()),
        price_usd_t=None, routes=routes, bushes=None, trips=trips, costs=settled.costs,
    )  # fmt: skip
    return problem.tell(assignment)
