"""One tool on one task, in a process of its own: ``python -m benchmarks.simulation.worker TOOL TASK OUT``.

Ends with status 3 and one plain line when the tool is not installed. A quick tool is run several times, each time on a
model made anew, and the quickest run counts; the first, which may compile or load code, is told apart.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.measure import peak_mb
from benchmarks.simulation.rivals import RIVALS
from benchmarks.simulation.task import Answer, SimulationTask, load_task

ABSENT = 3
OURS = ("dehliz", "dehliz-no-log", "dehliz-events", "dehliz-events-no-log")
COMPILED = (*OURS, "cimba", "cimba-boxes")
"""Tools whose first run may compile: it says nothing of how quick they are."""
RUN_COUNT = 9
BUDGET_S = 3.0


def _maker(tool: str) -> Any:
    if tool in OURS:
        from benchmarks.simulation import ours

        return ours.OURS[tool]
    return RIVALS[tool][1]


def measure(make: Any, task: SimulationTask, *, is_compiled: bool) -> dict[str, Any]:
    """Answer and figures of one tool; answers of all its runs are the same.

    A slow tool is run once, unless its first run may have been compiling.
    """
    answers: list[Answer] = []
    before_mb = peak_mb()
    while len(answers) < 2 or (len(answers) < RUN_COUNT and sum(one.cpu_s for one in answers[1:]) < BUDGET_S):
        tool = make()
        tool.prepare(task)
        answers.append(tool.solve())
        if answers[0].cpu_s > BUDGET_S and not is_compiled:
            break
    about = asdict(answers[0])
    if any({**asdict(one), "cpu_s": 0.0} != {**about, "cpu_s": 0.0} for one in answers):
        raise SystemExit("Two runs of one task differ. They have to be the same.")
    about["start_s"], about["cpu_s"] = answers[0].cpu_s, min(one.cpu_s for one in answers)
    about["event_count"] = task.count_events(
        answers[0].box_count, answers[0].sailing_count, answers[0].timeout_count
    )
    about["before_mb"], about["peak_mb"] = before_mb, peak_mb()
    return about


def main(arguments: list[str] | None = None) -> int:
    """Measure and store; 0, or ABSENT."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulation.worker", description=__doc__)
    parser.add_argument("tool", choices=(*OURS, *RIVALS))
    parser.add_argument("task", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args(arguments)
    module = "dehliz" if given.tool in OURS else RIVALS[given.tool][0]
    if importlib.util.find_spec(module) is None:
        print(f"{given.tool}: not installed here")
        return ABSENT
    about = measure(_maker(given.tool), load_task(given.task), is_compiled=given.tool in COMPILED)
    about["version"] = importlib.metadata.version(module)
    given.out.write_text(json.dumps(about), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
