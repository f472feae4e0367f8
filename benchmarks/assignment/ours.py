"""Our solver on the same network, called as a user calls it: one run per gap, warm; and the unit of ratios."""

import time
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.assignment.rivals import Reached
from benchmarks.assignment.task import AssignmentTask

Floats = npt.NDArray[np.float64]


class _Star:
    """A forward star, as an assignment takes it."""

    def __init__(self, tail: npt.NDArray[np.int64], head: npt.NDArray[np.int64], n_vertex: int) -> None:
        self.tail = tail.astype(np.int32)
        self.head = head.astype(np.int32)
        self.first_out = np.searchsorted(tail, np.arange(n_vertex + 1)).astype(np.int32)
        for part in (self.tail, self.head, self.first_out):
            part.flags.writeable = False


class Dehliz:
    """User equilibrium over pruned bushes. Centroids that no route may cross are split into two vertices."""

    iteration_limit_count = 1_000

    def prepare(self, task: AssignmentTask) -> None:
        from dehliz.graph.load_costs import plain_load_costs
        from dehliz.graph.trips import make_trips

        split = np.where(task.tail < task.first_thru, task.tail + task.node_count, task.tail)
        self.arc = np.lexsort((task.head, split))
        self.graph = _Star(split[self.arc], task.head[self.arc], task.node_count + task.first_thru)
        form = np.ones(len(self.arc), np.int8)
        parts = (task.free_time, task.capacity, task.alpha, task.power)
        self.costs = plain_load_costs(*(part[self.arc] for part in parts), form, task.fixed[self.arc])
        start = np.where(task.origin < task.first_thru, task.origin + task.node_count, task.origin)
        self.trips = make_trips(np.zeros(len(start)), start, task.destination, task.volume)

    def solve(self, gap_share: float, limit_s: float = 3_600.0) -> Reached:
        from dehliz.assignment.equilibrium import find_equilibrium
        from dehliz.assignment.settings import AssignmentSettings

        settings = AssignmentSettings(
            method="ue",
            target_gap_share=gap_share,
            iteration_limit_count=self.iteration_limit_count,
            time_limit_s=limit_s,
            thread_count=1,
        )
        start = time.process_time()
        found: Any = find_equilibrium(self.graph, self.costs, self.trips, settings)
        spent = time.process_time() - start
        flow = np.empty(len(self.arc))
        flow[self.arc] = found.volume_t_d[0]
        told = float(found.relative_gap_share)
        return Reached(
            gap_share, told, told, spent, len(found.history), str(found.status) == "converged", flow
        )

    def unit(self, cost: Floats) -> float:
        """CPU seconds of one all-or-nothing pass at costs of the task's arcs."""
        from benchmarks.assignment.one_pass import time_pass

        ends = (self.graph.first_out, self.graph.tail, self.graph.head)
        trips = (self.trips.origin, self.trips.destination, self.trips.volume_t_d)
        return time_pass(*ends, cost[self.arc], *trips)[0]
