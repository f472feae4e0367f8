"""One tool on one task: times, memory and answers, by the same steps for every tool.

CPU time throughout, because the machine may be busy. A figure is the best of several passes over the same
questions. Needs NumPy only.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.task import Task

PASS_COUNT = 7
PASS_BUDGET_S = 3.0
"""Slow tools are asked fewer questions a pass, at least ``FEWEST``."""
FEWEST = 10
CHECK_COUNT = 30
"""Pairs whose paths are handed back to be added up."""


def cpu_s(call: Callable[[], Any]) -> float:
    """CPU seconds of this process in one call, all its threads."""
    start = time.process_time()
    call()
    return time.process_time() - start


def best_s(call: Callable[[], Any], pass_count: int = PASS_COUNT) -> float:
    """Least CPU seconds of several calls, fewer when one takes long."""
    first = cpu_s(call)
    if first > PASS_BUDGET_S:
        return first
    return min([first, *(cpu_s(call) for _ in range(pass_count))])


def peak_mb() -> float:
    """Peak memory of this process [MB]; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024.0


def measure(tool: Any, task: Task) -> tuple[dict[str, float], dict[str, npt.NDArray[np.float64]]]:
    """Figures and answers of one tool.

    Returns
    -------
    figures : dict
        ``start_s`` (first preparation in the process, loading code included), ``prepare_s, customise_s,
        change_s, distance_s, path_s, all_s, matrix_s, batch_s, memory_mb`` (added at the peak); a missing one
        is something the tool does not offer.
    answers : dict
        What the harness compares with the other tools.
    """
    figures: dict[str, float] = {}
    answers: dict[str, npt.NDArray[np.float64]] = {}
    before_mb = peak_mb()
    figures["start_s"] = cpu_s(lambda: tool.prepare(task))
    figures["prepare_s"] = figures["start_s"]
    if figures["start_s"] <= PASS_BUDGET_S:
        figures["prepare_s"] = min(figures["start_s"], cpu_s(lambda: tool.prepare(task)))
    _measure_pairs(tool, task, figures, answers)
    if hasattr(tool, "one_to_all"):
        vertex = int(task.pair[0, 0])
        answers["all"] = np.asarray(tool.one_to_all(vertex), float)
        figures["all_s"] = best_s(lambda: tool.one_to_all(vertex))
    if hasattr(tool, "matrix"):
        answers["matrix"] = np.asarray(tool.matrix(task.origin, task.destination), float)
        figures["matrix_s"] = best_s(lambda: tool.matrix(task.origin, task.destination))
    if hasattr(tool, "distances"):
        answers["batch"] = np.asarray(tool.distances(task.batch), float)
        figures["batch_s"] = best_s(lambda: tool.distances(task.batch)) / len(task.batch)
    figures["memory_mb"] = peak_mb() - before_mb
    if hasattr(tool, "customise"):
        figures["customise_s"] = best_s(lambda: tool.customise(task.other_weight))
        answers["other"] = np.array(
            [tool.distance(*pair) for pair in task.pair[:CHECK_COUNT].tolist()], float
        )
        tool.customise(task.weight)
    if hasattr(tool, "change"):
        figures["change_s"] = best_s(lambda: tool.change(task.changed, task.other_weight[task.changed]))
        answers["changed"] = np.array(
            [tool.distance(*pair) for pair in task.pair[:CHECK_COUNT].tolist()], float
        )
    figures.update(getattr(tool, "work", dict)())
    return figures, answers


def _measure_pairs(
    tool: Any, task: Task, figures: dict[str, float], answers: dict[str, npt.NDArray[np.float64]]
) -> None:
    pairs = task.pair.tolist()
    if hasattr(tool, "distance"):
        tool.distance(*pairs[0])
        one_s = max(1e-9, cpu_s(lambda: [tool.distance(*pair) for pair in pairs[:FEWEST]]) / FEWEST)
        asked = pairs[: max(FEWEST, int(PASS_BUDGET_S / one_s))]
        answers["distance"] = np.array([tool.distance(*pair) for pair in asked], float)

        def run() -> None:
            for origin, destination in asked:
                tool.distance(origin, destination)

        figures["distance_s"] = best_s(run) / len(asked)
    if hasattr(tool, "path"):
        tool.path(*pairs[0])
        one_s = max(1e-9, cpu_s(lambda: [tool.path(*pair) for pair in pairs[:FEWEST]]) / FEWEST)
        asked = pairs[: max(FEWEST, int(PASS_BUDGET_S / one_s))]

        def trace() -> None:
            for origin, destination in asked:
                tool.path(origin, destination)

        figures["path_s"] = best_s(trace) / len(asked)
        found = [tool.path(*pair) for pair in asked[:CHECK_COUNT]]
        answers["path_cost"] = np.array([cost for cost, _ in found], float)
        answers["path_first"] = np.cumsum([0, *(len(steps) for _, steps in found)]).astype(float)
        answers["path_step"] = np.concatenate([np.asarray(steps, float) for _, steps in found])
