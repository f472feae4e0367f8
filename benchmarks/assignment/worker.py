"""One tool on one network, in a process of its own: ``python -m benchmarks.assignment.worker TOOL TASK OUT GAP...``.

Every gap is written as soon as it is there, so that a run that is stopped loses only what it was at. Ends with status 3
and one plain line when the tool is not installed. Tools that take one gap a run go on to the next gap until one is not
reached or the CPU limit is used up; quick runs are timed in batches, for some clocks tick only every 4 ms.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.assignment.rivals import RIVALS, Reached
from benchmarks.assignment.task import AssignmentTask, load_task
from benchmarks.measure import peak_mb

ABSENT = 3
OURS = "dehliz"
BATCH_S = 0.2
RUN_BUDGET_S = 1.5
MOST_COUNT = 5_000
"""Quick runs are timed in batches that take at least so long, until their time together is used up."""


class _Folder:
    """Where the answers go: one file of flows a gap and ``about.json``."""

    def __init__(self, path: Path, version: str) -> None:
        self.path = path
        self.about: dict[str, Any] = {"version": version, "gaps": []}
        path.mkdir(parents=True, exist_ok=True)
        self.write()

    def write(self) -> None:
        self.about["peak_mb"] = peak_mb()
        (self.path / "about.json").write_text(json.dumps(self.about), encoding="utf-8")

    def add(self, reached: Reached) -> None:
        figures = asdict(reached)
        np.save(self.path / f"flow-{len(self.about['gaps'])}.npy", figures.pop("flow"))
        self.about["gaps"].append(figures)
        self.write()


def best_run(tool: Any, gap_share: float) -> Reached:
    """One run to a gap; a quick one is repeated in batches long enough for the clock, and the best batch counts."""
    first = tool.solve(gap_share)
    if first.cpu_s > BATCH_S:
        return (
            first
            if first.cpu_s > RUN_BUDGET_S
            else min(first, tool.solve(gap_share), key=lambda run: run.cpu_s)
        )
    best_s, count = float("inf"), 1
    start = time.process_time()
    while time.process_time() - start < RUN_BUDGET_S:
        spent = sum(tool.solve(gap_share).cpu_s for _ in range(count))
        if spent >= BATCH_S:
            best_s = min(best_s, spent / count)
        else:
            count = min(MOST_COUNT, 1 + int(1.2 * count * BATCH_S / max(spent, 0.05 * BATCH_S)))
    return replace(first, cpu_s=best_s if best_s < float("inf") else first.cpu_s)


def run_gaps(tool: Any, gaps: list[float], limit_s: float, folder: _Folder) -> Reached | None:
    """Each gap in turn; the last answer."""
    reached = None
    start = time.process_time()
    for gap_share in gaps:
        reached = best_run(tool, gap_share)
        folder.add(reached)
        if not reached.is_reached or time.process_time() - start > limit_s:
            break
    return reached


def _run_ours(task: AssignmentTask, gaps: list[float], limit_s: float, folder: _Folder) -> None:
    from benchmarks.assignment.evaluate import find_costs
    from benchmarks.assignment.ours import Dehliz

    tool = Dehliz()
    tool.prepare(task)
    start = time.process_time()
    tool.solve(gaps[0])
    folder.about["start_s"] = time.process_time() - start
    reached = run_gaps(tool, gaps, limit_s, folder)
    if reached is not None:
        folder.write()  # the peak, before SciPy comes in for the unit
        peak = folder.about["peak_mb"]
        folder.about["pass_s"] = tool.unit(find_costs(task, reached.flow))
        folder.write()
        folder.about["peak_mb"] = peak
        (folder.path / "about.json").write_text(json.dumps(folder.about), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Measure and store; 0, or ABSENT."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.assignment.worker", description=__doc__)
    parser.add_argument("tool", choices=(OURS, *RIVALS))
    parser.add_argument("task", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("gaps", type=float, nargs="+")
    parser.add_argument("--limit-s", type=float, default=100.0)
    given = parser.parse_args(arguments)
    module = OURS if given.tool == OURS else RIVALS[given.tool][0]
    if importlib.util.find_spec(module) is None:
        print(f"{given.tool}: not installed here")
        return ABSENT
    folder = _Folder(given.folder, importlib.metadata.version(module))
    task = load_task(given.task)
    gaps = sorted(given.gaps, reverse=True)
    if given.tool == OURS:
        _run_ours(task, gaps, given.limit_s, folder)
        return 0
    tool = RIVALS[given.tool][1]()
    tool.prepare(task)
    folder.about["import_mb"] = peak_mb()
    if hasattr(tool, "solve_all"):
        for reached in tool.solve_all(gaps, given.limit_s):
            folder.add(reached)
    else:
        run_gaps(tool, gaps, given.limit_s, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
