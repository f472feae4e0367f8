"""CPU seconds to each power of ten of the gap, and the same in all-or-nothing passes of the same process.

``python -m benchmarks.assignment.time_to_gap FOLDER ...`` reads test networks; ``city-90x1000`` makes a grid of 90
by 90 crossings with 1,000 origins.
"""

import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.assignment.networks import Task, make_city, read_task
from benchmarks.measure import peak_mb
from dehliz.assignment.equilibrium import find_equilibrium
from dehliz.assignment.gap import relative_gap
from dehliz.assignment.result import Assignment, Iteration
from dehliz.assignment.settings import AssignmentSettings
from dehliz.kernels.jit import warm_up

POWERS = (4, 6, 8, 10, 12)


def time_run(task: Task, target: float = 1e-12, thread_count: int = 1) -> tuple[Assignment, dict[int, float]]:
    """The equilibrium, and CPU seconds to each power of ten."""
    seconds: dict[int, float] = {}
    start = time.process_time()

    def note(step: Iteration) -> None:
        spent = time.process_time() - start
        for power in POWERS:
            if step.relative_gap_share <= 10.0**-power:
                seconds.setdefault(power, spent)

    settings = AssignmentSettings(target_gap_share=target, thread_count=thread_count)
    return find_equilibrium(task.graph, task.costs, task.trips, settings, note), seconds


def time_pass(task: Task, found: Assignment) -> float:
    """CPU seconds of one all-or-nothing pass: a plain tree from each origin at the equilibrium costs."""
    relative_gap(task.graph, task.costs, task.trips, found.volume_t_d)
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        relative_gap(task.graph, task.costs, task.trips, found.volume_t_d)
        best = min(best, time.process_time() - start)
    return float(best)


def far_from_known(folder: Path, task: Task, found: Assignment) -> float:
    """Largest difference to the best known volumes, as a share of them (of 1, where they are smaller)."""
    files = list(folder.glob("*_flow.tntp"))
    if not files:
        return float("nan")
    lines = [line.split() for line in files[0].read_text(encoding="utf-8").splitlines()[1:]]
    known = np.array([float(words[2]) for words in lines if len(words) == 4])[task.graph.row]
    return float((np.abs(found.volume_t_d[0] - known) / np.maximum(known, 1.0)).max())


def main(names: list[str]) -> None:
    """Print one line a network."""
    warm_up(lambda *_: None)
    for name in names:
        if name.startswith("city-"):
            task = make_city(*(int(word) for word in name[5:].split("x")))
        else:
            task = read_task(Path(name))
        runs = [time_run(task) for _ in range(3 if task.trips.n_trip < 200_000 else 1)]
        found, seconds = min(runs, key=lambda run: run[1].get(6, np.inf))
        unit = time_pass(task, found)
        words = [f"1e-{power} {s:.4f} s ({s / unit:.1f})" for power, s in seconds.items()]
        print(f"{task.name}: {len(found.history)} iterations, gap {found.relative_gap_share:.2e},", end=" ")
        print(f"objective {found.beckmann_objective!r}; pass {unit:.4f} s; {', '.join(words)};", end=" ")
        far = far_from_known(Path(name), task, found)
        print(f"{peak_mb():.0f} MB; volumes within {far:.1e} of the best known")


if __name__ == "__main__":
    main(sys.argv[1:])
