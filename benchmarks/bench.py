"""``python -m benchmarks.bench rail [--size small|full] [--rivals PYTHON]``: run, compare, print, store.

Each tool runs in a process of its own, one after the other, on the same task. Answers are compared before any
time is shown; a tool that answers wrongly is marked and the command fails.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import bench_rail  # noqa: F401  registers its spec
from benchmarks.registry import SPECS, Answers, Spec
from benchmarks.rivals import RIVALS
from benchmarks.task import Task
from benchmarks.worker import ABSENT, OURS

ROOT = Path(__file__).parents[1]
COLUMNS = {
    "prepare_s": ("prepare", 1.0, "s"),
    "customise_s": ("customise", 1e3, "ms"),
    "change_s": ("change 100", 1e3, "ms"),
    "distance_s": ("distance", 1e6, "us"),
    "path_s": ("with path", 1e6, "us"),
    "all_s": ("one to all", 1e3, "ms"),
    "matrix_s": ("matrix", 1e3, "ms"),
    "batch_s": ("batch, a pair", 1e6, "us"),
    "memory_mb": ("memory", 1.0, "MB"),
}
"""Figure to its heading, factor and unit."""


def run_tool(
    python: str, tool: str, task_path: Path, folder: Path, cache: Path | None = None
) -> dict[str, Any] | None:
    """Measure one tool in its own process; None when it is not installed."""
    out = folder / f"{tool.replace(' ', '-')}.npz"
    places = [str(ROOT), str(ROOT / "src")] if tool == OURS else [str(ROOT)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places), "OMP_NUM_THREADS": "1"}
    if cache is not None:
        environment["DEHLIZ_CACHE_DIR"] = str(cache)
    command = [python, "-m", "benchmarks.worker", tool, str(task_path), str(out)]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode == ABSENT:
        print(ended.stdout.strip())
        return None
    if ended.returncode != 0:
        last = (ended.stderr.strip().splitlines() or [f"status {ended.returncode}"])[-1]
        return {"version": "", "figures": {}, "wrong": [f"stopped: {last}"]}
    with np.load(out) as stored:
        answers = {name: stored[name] for name in stored.files}
    return {**json.loads(str(answers.pop("about"))), "answers": answers}


def run_spec(spec: Spec, size: str, source: Path | None, rivals: str, tools: list[str]) -> dict[str, Any]:
    """All tools on one spec; figures by tool, with what was wrong."""
    task = spec.build(size, source)
    print(f"{spec.name}, {size}: {spec.about}; {task.vertex_count:,} vertices, {len(task.head):,} arcs")
    expected = spec.reference(task)
    rows: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        task.save(folder / "task.npz")
        cache = folder / "cache"
        cold = run_tool(sys.executable, OURS, folder / "task.npz", folder, cache)
        for tool in [OURS, *tools]:
            python = sys.executable if tool == OURS else rivals
            row = run_tool(python, tool, folder / "task.npz", folder, cache if tool == OURS else None)
            if row is not None:
                rows[tool] = judge(spec, size, task, expected, row)
        if cold is not None and "start_s" in cold["figures"]:
            rows[OURS]["figures"]["compile_s"] = cold["figures"]["start_s"]
    return rows


def judge(spec: Spec, size: str, task: Task, expected: Answers, row: dict[str, Any]) -> dict[str, Any]:
    """A tool's row with ``wrong``: its answers, and for ours its work."""
    answers = row.pop("answers", None)
    if answers is not None:
        row["wrong"] = spec.compare(task, expected, row.pop("path_is"), answers)
    for name, most in spec.work_ceiling[size].items():
        found = row["figures"].get(name)
        if found is not None and found > most:
            row["wrong"].append(f"{name} is {found:.0f}, at most {most:.0f} was expected")
    return row


def table(rows: dict[str, Any]) -> str:
    """Figures of all tools, and how many times ours each is (above 1: ours is better)."""
    head = ["tool", *(f"{title}, {unit}" for title, _, unit in COLUMNS.values()), "answers"]
    lines = [head]
    ours = rows[OURS]["figures"]
    for tool, row in rows.items():
        cells = [f"{tool} {row['version']}"]
        for name, (_, factor, _) in COLUMNS.items():
            value = row["figures"].get(name)
            if value is None:
                cells.append("-")
            elif tool == OURS or not ours.get(name):
                cells.append(f"{value * factor:.3g}")
            else:
                cells.append(f"{value * factor:.3g} ({value / ours[name]:.2g}x)")
        lines.append([*cells, "; ".join(row["wrong"]) or "agree"])
    width = [max(len(line[at]) for line in lines) for at in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width[at]) for at, cell in enumerate(line)).rstrip() for line in lines
    )


def store(spec: Spec, size: str, rows: dict[str, Any], folder: Path) -> Path:
    """Write the figures to ``<date>-<machine kind>.json``, beside those of other specs and sizes of the day."""
    machine = f"{platform.system().lower()}-{platform.machine().lower()}-{os.cpu_count()}-cores"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.datetime.now(datetime.UTC).date()}-{machine}.json"
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    stored[f"{spec.name} {size}"] = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "tools": rows,
    }
    path.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def main(arguments: list[str] | None = None) -> int:
    """Run one spec; 1 when an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench", description=__doc__)
    parser.add_argument("spec", nargs="?", default="rail", choices=sorted(SPECS))
    parser.add_argument("--size", choices=("small", "full"), default="small")
    parser.add_argument(
        "--rivals", default=sys.executable, help="Python of the environment that has the rivals"
    )
    parser.add_argument("--source", type=Path, help="file with the graph, where a size needs one")
    parser.add_argument("--only", nargs="*", default=list(RIVALS), choices=[*RIVALS, []], metavar="TOOL")
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results")
    parser.add_argument("--no-store", action="store_true")
    given = parser.parse_args(arguments)
    spec = SPECS[given.spec]
    rows = run_spec(spec, given.size, given.source, given.rivals, given.only)
    print(table(rows))
    ours = rows[OURS]["figures"]
    if "compile_s" in ours:
        print(
            f"{OURS}: first preparation ever, compiling, {ours['compile_s']:.1f} s; "
            f"first in a process, from the cache, {ours['start_s']:.2f} s; arrays {ours['array_mb']:.1f} MB"
        )
    if not given.no_store:
        print(f"stored in {store(spec, given.size, rows, given.results)}")
    return int(any(row["wrong"] for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
