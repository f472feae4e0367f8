"""The master programme of the system optimum: shares of known routes under the capacities known to bind.

Routes come in with ``add_routes``, capacities with ``add_capacities`` as soon as they are violated; each solve
starts from the last basis. Column ``i`` below the number of trips is what stays unserved of trip ``i``.
"""

from dataclasses import dataclass

import numpy as np

from dehliz.assignment.system_problem import Floats, Ints, Longs, Problem, add_up, load_facilities
from dehliz.base.errors import SolverError
from dehliz.solver.highs import GrowingProgram, Simplex, Sparse

TOLERANCE = 1e-10
"""Feasibility of the master, in scaled units, and share of a capacity by which it counts as violated."""


@dataclass(frozen=True, slots=True)
class Point:
    """A solution of the master, in the units of the problem.

    Attributes
    ----------
    unserved : (n_trip,) float64
        What stays unserved of each trip.
    flow : (n_route,) float64
        Flow on each route.
    load : (n_arc,) float64
        Flow through each facility, at the arc that stands for it.
    worth : (n_trip,) float64
        Dual of each trip: a route must cost less to come in.
    price : (n_arc,) float64
        Duals of the capacities of facilities, at least 0.
    objective : float
        Cost of routes and penalties.
    """

    unserved: Floats
    flow: Floats
    load: Floats
    worth: Floats
    price: Floats
    objective: float


class Master:
    """Routes, capacities and the programme over them.

    Parameters
    ----------
    problem : Problem
        What is to be solved.
    penalty : float
        What a unit that stays unserved costs.
    """

    def __init__(self, problem: Problem, penalty: float) -> None:
        self.problem = problem
        self.route_trip = np.empty(0, np.int64)
        self.first_arc = np.zeros(1, np.int64)
        self.arc = np.empty(0, np.int32)
        self.route_cost = np.empty(0)
        self.capped = np.empty(0, np.int64)
        self._row = np.full(len(problem.capacity), -1, np.int64)
        self._known: set[tuple[int, bytes]] = set()
        self._program = GrowingProgram(TOLERANCE)
        self._simplex: Simplex = "dual"
        count = problem.trip_count
        self._program.add_rows(problem.volume, problem.volume)
        each = np.arange(count + 1, dtype=np.int32)
        unit = Sparse(each, each[:-1], np.ones(count))
        self._program.add_columns(np.full(count, penalty), np.zeros(count), np.full(count, np.inf), unit)

    def add_routes(self, first_arc: Longs, arc: Ints) -> int:
        """Routes of all trips, one a trip, empty where a trip has none to add; returns how many were new."""
        count = self.problem.trip_count
        keys = [(at, arc[first_arc[at] : first_arc[at + 1]].tobytes()) for at in range(count)]
        is_new = np.array([bool(key[1]) and key not in self._known for key in keys], dtype=bool)
        if not is_new.any():
            return 0
        self._known.update(key for key, new in zip(keys, is_new.tolist(), strict=True) if new)
        trip = np.flatnonzero(is_new)
        length = np.diff(first_arc)
        arc = arc[np.repeat(is_new, length)]
        line = np.repeat(np.arange(len(trip)), length[trip])
        cost = add_up(line, self.problem.cost[self.problem.trip[trip[line], 0], arc], len(trip))
        row = self._row[self.problem.facility[arc]]
        entries = _sparse(
            np.concatenate([np.arange(len(trip)), line[row >= 0]]),
            np.concatenate([trip, count + row[row >= 0]]),
            len(trip),
        )
        self._program.add_columns(cost, np.zeros(len(trip)), np.full(len(trip), np.inf), entries)
        self.route_trip = np.concatenate([self.route_trip, trip])
        self.first_arc = np.concatenate([self.first_arc, self.first_arc[-1] + np.cumsum(length[trip])])
        self.arc = np.concatenate([self.arc, arc])
        self.route_cost = np.concatenate([self.route_cost, cost])
        self._simplex = "primal"
        return len(trip)

    def add_capacities(self, facility: Longs) -> None:
        """Capacities to be kept from now on."""
        old = len(self.capped)
        self._row[facility] = np.arange(old, old + len(facility))
        self.capped = np.concatenate([self.capped, facility])
        row = self._row[self.problem.facility[self.arc]]
        column = self.problem.trip_count + np.repeat(np.arange(len(self.route_trip)), np.diff(self.first_arc))
        entries = _sparse(row[row >= old] - old, column[row >= old], len(facility))
        self._program.add_rows(np.full(len(facility), -np.inf), self.problem.capacity[facility], entries)
        self._simplex = "dual"

    def set_costs(self, route_cost: Floats, penalty: float) -> None:
        """Other costs of routes and of what stays unserved."""
        cost = np.concatenate([np.full(self.problem.trip_count, penalty), route_cost])
        self._program.set_costs(np.arange(len(cost), dtype=np.int32), cost)
        self._simplex = "primal"

    def solve(self) -> Point:
        """Solve from the last basis."""
        found = self._program.solve(self._simplex)
        if found.outcome != "optimal":
            raise SolverError(
                f"HiGHS ended the master programme of the system optimum as '{found.outcome}'. It always has a "
                "solution. Look for volumes or costs that differ by more than nine powers of ten."
            )
        self._simplex = "primal"
        count, arc_count = self.problem.trip_count, len(self.problem.capacity)
        flow = np.maximum(0.0, found.value[count:])
        price = np.zeros(arc_count)
        price[self.capped] = np.maximum(0.0, -found.dual[count:])
        return Point(
            unserved=np.maximum(0.0, found.value[:count]),
            flow=flow,
            load=load_facilities(self.problem, self.first_arc, self.arc, flow),
            worth=found.dual[:count],
            price=price,
            objective=found.objective,
        )

    def violated(self, load: Floats) -> Longs:
        """Facilities that carry more than their capacity and are not yet kept from it."""
        limit = self.problem.capacity * (1.0 + TOLERANCE) + TOLERANCE
        return np.flatnonzero((load > limit) & (self._row < 0))


def _sparse(line: Longs, index: Longs, line_count: int) -> Sparse:
    """How often each (line, index) is given, by line."""
    width = int(index.max(initial=0)) + 1
    key, often = np.unique(line * width + index, return_counts=True)
    first = np.zeros(line_count + 1, np.int32)
    np.cumsum(np.bincount(key // width, minlength=line_count), out=first[1:])
    return Sparse(first, (key % width).astype(np.int32), often.astype(np.float64))
