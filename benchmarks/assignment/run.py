"""``python -m benchmarks.assignment.run --networks FOLDER... [--rivals PYTHON]``: time to gap, ours and others'.

Each tool runs in a process of its own, one after the other, on one thread, fed the same arrays. Its flows are
judged by an evaluator of the harness before a time is shown. What is done is stored at once, and not done again by
the next call (``--again`` does). Fails when an answer of ours is wrong; a rival's is shown as such, without ratio.
"""

import argparse
import datetime
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.assignment.evaluate import evaluate, judge
from benchmarks.assignment.rivals import RIVALS
from benchmarks.assignment.task import AssignmentTask, one_way_dead_end, read_tntp
from benchmarks.assignment.worker import ABSENT, OURS

ROOT = Path(__file__).parents[2]
GAPS = (1e-4, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12)
DEAD_END = "one-way-dead-end"
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "NUMEXPR_MAX_THREADS")
ONE_THREAD = dict.fromkeys(THREAD_LIMITS, "1")
PLAIN = {"AEQ_SHOW_PROGRESS": "FALSE", "DEHLIZ_JIT": "on"}
"""No progress bar; compiled kernels also where a single small call would run plain."""
OPTIMA: dict[str, float] = {
    "SiouxFalls": 4231335.28710744,
    "Anaheim": 1286032.171096,
    "Barcelona": 1265654.922032,
    "Winnipeg": 827911.494630,
    "Chicago-Sketch": 17313018.7387477,
}
"""Published least objectives, those without digits enough from the published flows."""

NOTED = "tap-b (noted)"
NOTES: dict[str, dict[float, float]] = {
    "SiouxFalls": {1e-4: 0.003, 1e-5: 0.003, 1e-6: 0.004, 1e-8: 0.009, 1e-10: 0.014, 1e-12: 0.019},
    "Anaheim": {1e-4: 0.020, 1e-5: 0.029, 1e-6: 0.032, 1e-8: 0.082, 1e-10: 0.092, 1e-12: 0.098},
    "Barcelona": {1e-4: 0.42, 1e-5: 0.47, 1e-6: 0.59, 1e-8: 0.91, 1e-10: 1.06, 1e-12: 1.28},
    "Winnipeg": {1e-4: 0.74, 1e-5: 1.0, 1e-6: 1.32, 1e-8: 1.74, 1e-10: 2.28, 1e-12: 2.71},
    "Chicago-Sketch": {1e-4: 1.15, 1e-5: 1.49, 1e-6: 1.87, 1e-8: 2.68, 1e-10: 3.61, 1e-12: 4.49},
    "Austin": {1e-4: 180.0, 1e-5: 246.0, 1e-6: 311.0},
    "Berlin-Center": {1e-4: 97.0, 1e-5: 120.0, 1e-6: 132.0, 1e-8: 155.0, 1e-10: 253.0, 1e-12: 266.0},
    "chicago-regional": {1e-4: 558.0},
}
"""CPU seconds of tap-b (Algorithm B in C, -O3) by network and gap: noted on a machine of this kind, not of this run."""


def _environment(tool: str) -> dict[str, str]:
    places = [str(ROOT), str(ROOT / "src")] if tool == OURS else [str(ROOT)]
    return {**os.environ, **ONE_THREAD, **PLAIN, "PYTHONPATH": os.pathsep.join(places)}


def run_tool(python: str, tool: str, task: AssignmentTask, gaps: list[float], limit_s: float) -> Any:
    """Measure one tool in its own process; None when it is not installed.

    Returns
    -------
    dict
        ``version``, ``peak_mb``, ``gaps`` (one dictionary a gap, with ``flow``) and whatever the tool adds;
        ``stopped`` says why when it ended before its time.
    """
    with tempfile.TemporaryDirectory() as name:
        path, out = Path(name) / "task.npz", Path(name) / "out"
        task.save(path)
        command = [python, "-m", "benchmarks.assignment.worker", tool, str(path), str(out)]
        command += [*(f"{gap:g}" for gap in gaps), "--limit-s", f"{limit_s:g}"]
        most_s = int(3 * limit_s + 60)
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env=_environment(tool),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (most_s, most_s + 5)),
        )
        if ended.returncode == ABSENT:
            print(ended.stdout.strip())
            return None
        about_path = out / "about.json"
        about: dict[str, Any] = {"version": "", "gaps": []}
        if about_path.exists():
            about = json.loads(about_path.read_text(encoding="utf-8"))
        if ended.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            about["stopped"] = f"stopped after {most_s} CPU s"
        elif ended.returncode != 0:
            last = (ended.stderr.strip().splitlines() or [f"status {ended.returncode}"])[-1]
            about["stopped"] = f"stopped: {last}"
        for at, row in enumerate(about["gaps"]):
            row["flow"] = np.load(out / f"flow-{at}.npy")
        return about


def judge_tool(task: AssignmentTask, optimum: float | None, about: dict[str, Any]) -> dict[str, Any]:
    """The tool's row with measures of its flows instead of the flows, and ``wrong`` in words for each gap."""
    for row in about["gaps"]:
        measures = evaluate(task, row.pop("flow"))
        row.update(measures)
        row["wrong"] = judge(measures, row["told_gap_share"], optimum)
    return about


def has_wrong(about: dict[str, Any]) -> bool:
    """Whether any answer of a tool is wrong, or there is none."""
    return not about["gaps"] or any(row["wrong"] for row in about["gaps"])


def run_network(
    name: str,
    task: AssignmentTask,
    tools: dict[str, str],
    gaps: list[float],
    limit_s: float,
    results: "Results",
) -> None:
    """All tools on one network that are not in the results yet."""
    print(f"{name}: {task.about}", flush=True)
    for tool, python in tools.items():
        if results.has(name, tool, gaps):
            print(f"  {tool}: done before", flush=True)
            continue
        about = run_tool(python, tool, task, gaps, limit_s)
        if about is None:
            continue
        about = judge_tool(task, OPTIMA.get(name), about)
        ended = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        about.update(asked=gaps, limit_s=limit_s, task=task.about, ended=ended)
        results.add(name, tool, about)
        print(f"  {tool}: {_tell(about)}", flush=True)


def _tell(about: dict[str, Any]) -> str:
    told = ", ".join(f"{row['asked_gap_share']:g} in {row['cpu_s']:.3g} s" for row in about["gaps"])
    wrong = sorted({text for row in about["gaps"] for text in row["wrong"]})
    return "; ".join(part for part in (told, about.get("stopped", ""), *wrong) if part)


class Results:
    """What is measured, by network and tool, in one file that is written after each tool."""

    def __init__(self, path: Path, *, is_anew: bool = False) -> None:
        self.path = path
        self.stored: dict[str, Any] = {}
        if path.exists() and not is_anew:
            self.stored = json.loads(path.read_text(encoding="utf-8"))
        self.networks: dict[str, Any] = self.stored.setdefault("networks", {})

    def has(self, name: str, tool: str, gaps: list[float]) -> bool:
        """Whether a tool has been asked all of these gaps."""
        about = self.networks.get(name, {}).get(tool, {})
        return set(gaps) <= set(about.get("asked", []))

    def add(self, name: str, tool: str, about: dict[str, Any]) -> None:
        """Keep a row and write the file."""
        self.networks.setdefault(name, {})[tool] = about
        self.stored.update(
            python=platform.python_version(),
            numpy=np.__version__,
            machine=f"{platform.system().lower()} {platform.machine().lower()}, {os.cpu_count()} cores",
            noted={NOTED: {name: {f"{gap:g}": cpu for gap, cpu in NOTES[name].items()} for name in NOTES}},
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self.stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _rank(tool: str) -> int:
    order = [OURS, *RIVALS]
    return order.index(tool) if tool in order else len(order)


def table(networks: dict[str, Any], gaps: list[float], first: list[str] | None = None) -> str:
    """Markdown: CPU seconds to each gap; in brackets how many times ours, for ours how many all-or-nothing passes.

    Parameters
    ----------
    networks : dict
        Rows by network and tool.
    gaps : list of float
        Columns.
    first : list of str, optional
        Networks to begin with, in this order.
    """
    first = [name for name in first or [] if name in networks]
    head = ["network", "tool", *(f"{gap:g}" for gap in gaps), "peak MB", "answers"]
    lines = ["| " + " | ".join(head) + " |", "| --- | --- |" + " --: |" * (len(gaps) + 1) + " --- |"]
    for name in [*first, *sorted(set(networks) - set(first))]:
        tools = {tool: networks[name][tool] for tool in sorted(networks[name], key=_rank)}
        ours = {row["asked_gap_share"]: row for row in tools.get(OURS, {"gaps": []})["gaps"]}
        for tool, about in tools.items():
            rows = {row["asked_gap_share"]: row for row in about["gaps"]}
            cells = [
                _cell(rows.get(gap), ours.get(gap), about.get("pass_s") if tool == OURS else None)
                for gap in gaps
            ]
            wrong = sorted({text for row in about["gaps"] for text in row["wrong"]})
            answers = "; ".join([*wrong, *([about["stopped"]] if "stopped" in about else [])]) or "agree"
            label = f"**{tool}**" if tool == OURS else f"{tool} {about['version']}"
            lines.append(
                f"| {name} | {label} | "
                + " | ".join(cells)
                + f" | {about.get('peak_mb', 0):.0f} | {answers} |"
            )
        if name in NOTES:
            cells = [_noted_cell(NOTES[name].get(gap), ours.get(gap)) for gap in gaps]
            lines.append(f"| {name} | {NOTED} | " + " | ".join(cells) + " | - | another run |")
    return "\n".join(lines)


def _cell(row: dict[str, Any] | None, ours: dict[str, Any] | None, pass_s: float | None) -> str:
    if row is None:
        return "-"
    if not row["is_reached"]:
        return f"best {row['best_gap_share']:.1e} in {row['cpu_s']:.3g}"
    if row["wrong"]:
        return f"{row['cpu_s']:.3g} (wrong)"
    if pass_s:
        return f"{row['cpu_s']:.3g} ({row['cpu_s'] / pass_s:.3g} passes)"
    return _ratio(row["cpu_s"], ours)


def _ratio(cpu_s: float, ours: dict[str, Any] | None) -> str:
    if ours is None or not ours["is_reached"] or ours["wrong"]:
        return f"{cpu_s:.3g}"
    times = cpu_s / ours["cpu_s"]
    return f"{cpu_s:.3g} ({times:,.0f}x)" if times >= 10.0 else f"{cpu_s:.3g} ({times:.2g}x)"


def _noted_cell(cpu_s: float | None, ours: dict[str, Any] | None) -> str:
    return "-" if cpu_s is None else _ratio(cpu_s, ours)


def main(arguments: list[str] | None = None) -> int:
    """Run, judge, print, store; 1 when an answer of ours is wrong or missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.assignment.run", description=__doc__)
    parser.add_argument("--networks", nargs="*", type=Path, default=[], help="TNTP folders, small ones first")
    parser.add_argument("--rivals", default=sys.executable, help="Python of the rivals' environment")
    parser.add_argument("--only", nargs="*", default=[OURS, *RIVALS], choices=[OURS, *RIVALS, []])
    parser.add_argument("--gaps", nargs="*", type=float, default=list(GAPS))
    parser.add_argument(
        "--limit-s", type=float, default=100.0, help="CPU seconds after which a tool goes no further"
    )
    parser.add_argument("--again", action="store_true", help="measure anew what is stored already")
    today = datetime.datetime.now(datetime.UTC).date()
    parser.add_argument(
        "--results", type=Path, default=ROOT / "benchmarks" / "results" / f"{today}-assignment.json"
    )
    given = parser.parse_args(arguments)
    gaps = sorted(given.gaps, reverse=True)
    results = Results(given.results, is_anew=given.again)
    tools = {tool: sys.executable if tool == OURS else given.rivals for tool in given.only}
    run_network(DEAD_END, one_way_dead_end(), tools, gaps[:1], given.limit_s, results)
    for folder in given.networks:
        run_network(folder.name, read_tntp(folder), tools, gaps, given.limit_s, results)
    print()
    print(table(results.networks, gaps, [DEAD_END, *(folder.name for folder in given.networks)]))
    print(f"\nstored in {given.results}")
    failed = [name for name, rows in results.networks.items() if OURS in rows and has_wrong(rows[OURS])]
    for name in failed:
        print(f"{OURS} is wrong on {name}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
