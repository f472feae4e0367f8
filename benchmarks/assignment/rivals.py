"""Other libraries on the same network: thin adapters, each the way its own documentation shows, on one thread.

Runs in an environment of its own, without Dehliz. An adapter has ``prepare`` (arrays to the tool's own objects, not
timed) and one of ``solve`` (one run to one gap) or ``solve_all`` (one run, stamped as it passes each gap).
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.assignment.task import AssignmentTask

Floats = npt.NDArray[np.float64]

LEAST_FREE_TIME = 1e-6
"""AequilibraE refuses times of 0; its documentation has them replaced by a small number."""


@dataclass(frozen=True)
class Reached:
    """A gap as a tool tells it, what it took, and the flows in the order of the task's arcs.

    Where it was not reached, ``best_gap_share`` is the least that was told on the way.
    """

    asked_gap_share: float
    told_gap_share: float
    best_gap_share: float
    cpu_s: float
    iteration_count: int
    is_reached: bool
    flow: Floats


class PyTraf:
    """PyTraf: path-based gradient projection in Rust, one run per gap."""

    iteration_limit_count = 2_000

    def prepare(self, task: AssignmentTask) -> None:
        self.pytraf: Any = import_module("pytraf")
        is_flat = (task.alpha == 0.0) | (task.power < 1.0)
        flat_time = np.where(task.power == 0.0, task.free_time * (1.0 + task.alpha), task.free_time)
        if (is_flat & (task.power > 0.0) & (task.alpha > 0.0)).any():
            raise SystemExit("PyTraf refuses powers below 1.")
        self.network = self.pytraf.Network(
            task.node_count,
            task.tail,
            task.head,
            np.where(is_flat, flat_time, task.free_time),
            task.capacity,
            np.where(is_flat, 0.0, task.alpha),
            np.where(is_flat, 1.0, task.power),
            np.arange(task.node_count) < task.first_thru,
            None,
            True,
        )
        demand = self.pytraf.Demand(task.node_count, task.origin, task.destination, task.volume)
        self.demand = self.pytraf.TrafficClass(demand, extra_link_cost=task.fixed)

    def solve(self, gap_share: float) -> Reached:
        start = time.process_time()
        result = self.network.assign(
            self.demand, gap=gap_share, threads=1, max_iter=self.iteration_limit_count
        )
        spent = time.process_time() - start
        told = float(result.relative_gap)
        flow = np.array(result.links.flow)
        return Reached(gap_share, told, told, spent, int(result.iterations), bool(result.converged), flow)


class _TimeUpError(Exception):
    """CPU time is used up."""


class _Stamps(list[float]):
    """A list that tells someone of each number that is appended."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        super().__init__()
        self.tell = tell

    def append(self, value: float) -> None:
        super().append(value)
        self.tell(value)


class Aequilibrae:
    """AequilibraE: bi-conjugate Frank-Wolfe, one run, the CPU clock read at each iteration."""

    iteration_limit_count = 100_000

    def prepare(self, task: AssignmentTask) -> None:
        pandas: Any = import_module("pandas")
        paths: Any = import_module("aequilibrae.paths")
        matrix: Any = import_module("aequilibrae.matrix")
        self.task = task
        zone = np.unique(np.r_[task.origin, task.destination, np.arange(task.first_thru)]) + 1
        network = pandas.DataFrame(
            {
                "link_id": np.arange(len(task.tail)) + 1,
                "a_node": task.tail + 1,
                "b_node": task.head + 1,
                "direction": 1,
                "capacity": task.capacity,
                "free_flow_time": np.maximum(task.free_time, LEAST_FREE_TIME),
                "alpha": task.alpha,
                "beta": np.where(task.alpha == 0.0, np.maximum(task.power, 1.0), task.power),
                "fixed": task.fixed,
            }
        )
        graph = paths.Graph()
        graph.network = network
        graph.network_ok, graph.status = True, "OK"
        graph.prepare_graph(zone)
        graph.set_graph("free_flow_time")
        graph.set_skimming([])
        graph.set_blocked_centroid_flows(task.first_thru > 0)
        demand = matrix.AequilibraeMatrix()
        demand.create_empty(zones=len(zone), matrix_names=["trips"], memory_only=True)
        demand.index[:] = zone
        table = np.zeros((len(zone), len(zone)))
        rows, columns = (np.searchsorted(zone, part + 1) for part in (task.origin, task.destination))
        table[rows, columns] = task.volume
        demand.matrix["trips"][:, :] = table
        demand.computational_view(["trips"])
        self.users = paths.TrafficClass("all", graph, demand)
        if task.fixed.any():
            self.users.set_fixed_cost("fixed", 1.0)
        self.make: Any = paths.TrafficAssignment

    def _assignment(self, gap_share: float) -> Any:
        assignment = self.make()
        assignment.set_classes([self.users])
        assignment.set_vdf("BPR")
        assignment.set_vdf_parameters({"alpha": "alpha", "beta": "beta"})
        assignment.set_capacity_field("capacity")
        assignment.set_time_field("free_flow_time")
        assignment.max_iter = self.iteration_limit_count
        assignment.rgap_target = gap_share
        assignment.set_algorithm("bfw")
        assignment.set_cores(1)
        return assignment

    def solve_all(self, gaps: list[float], limit_s: float) -> list[Reached]:
        assignment = self._assignment(min(gaps))
        solver = assignment.assignment
        order = self.users.graph.graph["__supernet_id__"].to_numpy()
        arc = self.users.graph.graph["link_id"].to_numpy().astype(np.int64) - 1
        reached: list[Reached] = []
        waiting = sorted(gaps, reverse=True)
        best = float("inf")

        def tell(told: float) -> None:
            nonlocal best
            spent = time.process_time() - start
            best = min(best, float(told))
            flow = np.zeros(len(arc))
            if waiting and told <= waiting[0]:
                flow[arc] = solver.fw_total_flow[order]
            while waiting and told <= waiting[0]:
                reached.append(Reached(waiting.pop(0), float(told), best, spent, solver.iter, True, flow))
            if waiting and spent > limit_s:
                flow[arc] = solver.fw_total_flow[order]
                reached.append(Reached(waiting[0], float(told), best, spent, solver.iter, False, flow))
                raise _TimeUpError

        solver.convergence_report["rgap"] = _Stamps(tell)
        start = time.process_time()
        with suppress(_TimeUpError):
            assignment.execute(log_specification=False)
        return reached


RIVALS: dict[str, tuple[str, type[Any]]] = {
    "pytraf": ("pytraf", PyTraf),
    "aequilibrae": ("aequilibrae", Aequilibrae),
}
"""Tool to the module it needs and its adapter."""
