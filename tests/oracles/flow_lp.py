"""The system optimum as one writes it down first: a flow on every arc for every trip, all in one programme.

Two programmes: how little can stay unserved; then the least cost with no more than that unserved. For small
networks only.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FlowAnswer:
    """Least unserved volume, least cost with so little unserved."""

    unserved: float
    cost: float


def solve_flow_lp(tail: npt.ArrayLike, head: npt.ArrayLike, costs: LoadCosts, trips: Trips) -> FlowAnswer:
    """Arc-flow programme on a network with arcs ``tail`` to ``head``; trips that have no route stay unserved."""
    tails, heads = np.asarray(tail), np.asarray(head)
    arc_count, trip_count = len(tails), trips.n_trip
    vertex_count = 1 + max([*tails, *heads, *trips.origin, *trips.destination], default=0)
    width = arc_count + 1  # arcs, then what stays unserved
    cost = np.zeros(trip_count * width)
    lost = np.zeros(trip_count * width)
    upper = np.full(trip_count * width, np.inf)
    need = np.zeros(trip_count * vertex_count)
    left = np.maximum(0.0, costs.capacity_t_d - costs.background_t_d)
    facility = np.arange(arc_count) if costs.facility is None else costs.facility
    is_hard = costs.is_capped & np.isfinite(costs.capacity_t_d) & (facility == np.arange(arc_count))
    hard = np.flatnonzero(is_hard)
    balance: list[tuple[int, int, float]] = []
    load: list[tuple[int, int, float]] = []
    for at in range(trip_count):
        segment = trips.segment[at]
        for arc in range(arc_count):
            column = at * width + arc
            fixed = costs.fixed_h[segment, arc]
            if not np.isfinite(fixed):
                upper[column] = 0.0
                fixed = 0.0
            cost[column] = costs.value_of_time_usd_t_h[segment] * (costs.free_time_h[arc] + fixed)
            balance.append((at * vertex_count + tails[arc], column, 1.0))
            balance.append((at * vertex_count + heads[arc], column, -1.0))
        for row, stand in enumerate(hard.tolist()):
            load.extend((row, at * width + arc, 1.0) for arc in np.flatnonzero(facility == stand).tolist())
        column = at * width + arc_count
        lost[column] = 1.0
        origin, destination = at * vertex_count + trips.origin[at], at * vertex_count + trips.destination[at]
        balance.extend([(origin, column, 1.0), (destination, column, -1.0)])
        need[origin] += trips.volume_t_d[at]
        need[destination] -= trips.volume_t_d[at]
        if trips.origin[at] == trips.destination[at]:
            upper[column] = 0.0
    flow = _matrix(balance, len(need), len(cost))
    limits = _matrix(load, len(hard), len(cost))
    bounds = np.stack([np.zeros_like(upper), upper], axis=1)
    rules = {"A_eq": flow, "b_eq": need, "bounds": bounds, "method": "highs-ds"}
    tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    first = linprog(lost, A_ub=limits, b_ub=left[hard], options=tight, **rules)
    if not first.success:
        raise AssertionError(first.message)
    least = float(first.fun)
    second = linprog(
        cost,
        A_ub=vstack([limits, csr_matrix(lost)]),
        b_ub=np.append(left[hard], max(0.0, least)),
        options=tight,
        **rules,
    )
    if not second.success:
        raise AssertionError(second.message)
    return FlowAnswer(least, float(second.fun))


def _matrix(entries: list[tuple[int, int, float]], row_count: int, column_count: int) -> csr_matrix:
    row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_matrix((value, (row, column)), shape=(row_count, column_count), dtype=float)
