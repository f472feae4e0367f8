"""``python -m benchmarks.simulation.run [--size year] [--rivals PYTHON]``: one corridor, ours and others'.

Each tool runs in a process of its own, one after the other, on one thread, fed the same draws. Its answer is compared
with the others' before a time is shown. Fails when an answer of ours is wrong; a rival's is shown as such.
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

from benchmarks.simulation.rivals import OTHER_MODEL, RIVALS
from benchmarks.simulation.task import SIZES, SimulationTask, make_task
from benchmarks.simulation.worker import ABSENT, OURS

ROOT = Path(__file__).parents[2]
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_MAX_THREADS")
PLAIN = {**dict.fromkeys(THREAD_LIMITS, "1"), "DEHLIZ_JIT": "on"}
"""One thread; compiled kernels also where a single small call would run plain."""
NEAR = 1e-9
"""Relative difference of means on the same draws."""
BASE = "simpy"
COUNTS = ("box_count", "sailing_count", "timeout_count", "event_count")


def run_tool(python: str, tool: str, task: SimulationTask) -> dict[str, Any] | None:
    """Measure one tool in its own process; None when it is not installed, ``stopped`` says why when it failed."""
    with tempfile.TemporaryDirectory() as name:
        path, out = Path(name) / "task.npz", Path(name) / "about.json"
        task.save(path)
        places = [str(ROOT), str(ROOT / "src")] if tool in OURS else [str(ROOT)]
        ended = subprocess.run(
            [python, "-m", "benchmarks.simulation.worker", tool, str(path), str(out)],
            cwd=ROOT,
            env={**os.environ, **PLAIN, "PYTHONPATH": os.pathsep.join(places)},
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode == ABSENT:
            print(ended.stdout.strip())
            return None
        if ended.returncode != 0:
            last = (ended.stderr.strip().splitlines() or [f"status {ended.returncode}"])[-1]
            return {"stopped": last}
        about: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return about


def judge(rows: dict[str, dict[str, Any]], task: SimulationTask) -> None:
    """Add ``wrong`` in words to each row: what differs from SimPy's answer, or else from that of most tools."""
    whole = {tool: row for tool, row in rows.items() if "stopped" not in row and tool not in OTHER_MODEL}
    for tool, row in rows.items():
        row["wrong"] = [row["stopped"]] if "stopped" in row else []
        if "stopped" in row:
            continue
        if row["box_count"] != len(task.release_h):
            row["wrong"].append(f"{row['box_count']} boxes came through of {len(task.release_h)}")
        if tool in OTHER_MODEL:
            continue
        right = whole[BASE] if BASE in whole else next(iter(whole.values()))
        if not abs(row["mean_stay_h"] - right["mean_stay_h"]) <= NEAR * right["mean_stay_h"]:
            row["wrong"].append(f"mean stay {row['mean_stay_h']!r} h, not {right['mean_stay_h']!r}")
        row["wrong"] += [
            f"{name} {row[name]}, not {right[name]}" for name in COUNTS if row[name] != right[name]
        ]


def table(rows: dict[str, dict[str, Any]]) -> str:
    """Markdown: CPU time, model events per second, ratio to SimPy, memory, mean stay, whether it agrees."""
    head = (
        "| tool | CPU s | events/s | times SimPy | peak MB | added MB | first run s | mean stay h | answer |"
    )
    lines = [head, "| --- |" + " --: |" * 7 + " --- |"]
    base_s = rows[BASE]["cpu_s"] if BASE in rows and not rows[BASE]["wrong"] else float("nan")
    for tool, row in rows.items():
        label = f"**{tool}**" if tool in OURS else f"{tool} {row.get('version', '')}"
        if "stopped" in row:
            lines.append(f"| {label} |" + " - |" * 7 + f" {row['stopped']} |")
            continue
        answer = "; ".join(row["wrong"]) or ("another model" if tool in OTHER_MODEL else "equal")
        ratio = base_s / row["cpu_s"]
        lines.append(
            f"| {label} | {row['cpu_s']:.4g} | {row['event_count'] / row['cpu_s']:,.0f} "
            f"| {ratio:.3g} | {row['peak_mb']:.0f} | {row['peak_mb'] - row['before_mb']:.0f} "
            f"| {row['start_s']:.3g} | {row['mean_stay_h']:.9f} | {answer} |"
        )
    return "\n".join(lines)


def store(path: Path, size: str, task: SimulationTask, rows: dict[str, dict[str, Any]]) -> None:
    """Keep what was measured, by size and tool; other sizes and tools in the file stay."""
    stored: dict[str, Any] = {}
    if path.exists():
        stored = json.loads(path.read_text(encoding="utf-8"))
    about = stored.setdefault("sizes", {}).setdefault(size, {"tools": {}})
    about["task"] = task.about
    about["tools"].update(rows)
    stored.update(
        python=platform.python_version(),
        numpy=np.__version__,
        machine=f"{platform.system().lower()} {platform.machine().lower()}, {os.cpu_count()} cores",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run, judge, print, store; 1 when an answer of ours is wrong or missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulation.run", description=__doc__)
    parser.add_argument("--size", default="year", choices=list(SIZES))
    parser.add_argument("--rivals", default=sys.executable, help="Python of the rivals' environment")
    parser.add_argument("--only", nargs="*", default=[*OURS, *RIVALS], choices=[*OURS, *RIVALS])
    today = datetime.datetime.now(datetime.UTC).date()
    parser.add_argument(
        "--results", type=Path, default=ROOT / "benchmarks" / "results" / f"{today}-simulation.json"
    )
    given = parser.parse_args(arguments)
    task = make_task(SIZES[given.size])
    print(f"{given.size}: {task.about}", flush=True)
    rows: dict[str, dict[str, Any]] = {}
    for tool in given.only:
        about = run_tool(sys.executable if tool in OURS else given.rivals, tool, task)
        if about is not None:
            rows[tool] = about
            print(f"  {tool}: {about.get('stopped') or format(about['cpu_s'], '.4g') + ' s'}", flush=True)
    judge(rows, task)
    print()
    print(table(rows))
    store(given.results, given.size, task, rows)
    print(f"\nstored in {given.results}")
    failed = [tool for tool in OURS if tool in given.only and (tool not in rows or rows[tool]["wrong"])]
    for tool in failed:
        print(f"{tool} is wrong")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
