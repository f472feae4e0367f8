"""``python -m benchmarks.ensemble.run [--small]``: what the engine of ensembles adds to the runs, and what it needs.

Overhead of 1,000 cheap runs as time of all workers (``overhead_ms``), and all CPU time of all processes for each run,
start and jobs included (``cpu_ms``), which a busy machine hardly changes; efficiency of two workers over one on runs
of a tenth of a second; peak memory of the supervisor for 1,000 and 10,000 runs. Each measurement is a process of its
own; its tables are compared with those of one process before any figure is shown. Folders lie where ``TMPDIR`` says.
Figures go into ``benchmarks/results`` with the load of the machine: above 1 the wall times say little.
"""

import argparse
import datetime
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import peak_mb

ROOT = Path(__file__).parents[2]
LIMITS = {"overhead_ms": 10.0, "cpu_ms": 10.0, "efficiency_share": 0.85, "memory_factor": 1.1}


def measure(runs: int, worker_count: int, pause_s: float, rows: int = 5) -> dict[str, Any]:
    """Figures of one ensemble, in this process."""
    from dehliz.study.ensemble import run_ensemble
    from dehliz.study.ensemble_here import Here
    from dehliz.study.ensemble_workers import LocalWorkers

    spec = {"kind": "trial", "seed": 1, "study": {"pause_s": pause_s, "rows": rows}}
    with tempfile.TemporaryDirectory() as folder:
        start_s, cpu_s = time.perf_counter(), _cpu_s()
        made = run_ensemble(
            spec, Path(folder) / "e", runs, LocalWorkers(worker_count) if worker_count else Here()
        )
        wall_s, cpu_s = time.perf_counter() - start_s, _cpu_s() - cpu_s
    return {
        "runs": runs,
        "workers": worker_count,
        "job_s": made.effort.job_s,
        "wall_s": wall_s,
        "gather_s": made.gather_s,
        "overhead_ms": 1e3 * made.overhead_s,
        "cpu_ms": 1e3 * cpu_s / runs,
        "memory_mb": peak_mb(),
        "hashes": made.hashes,
    }


def _cpu_s() -> float:
    """CPU time of this process and of those it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def ask(*arguments: object) -> dict[str, Any]:
    """Figures of one ensemble, in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.ensemble.run", "--one", *map(str, arguments)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(is_small: bool) -> dict[str, Any]:
    """All figures."""
    few, many, long_count = (100, 300, 20) if is_small else (1000, 10_000, 200)
    plain = ask(few, 0, 0.0)
    short = ask(few, 2, 0.0)
    large = ask(many, 2, 0.0)
    one, two = ask(long_count, 1, 0.1), ask(long_count, 2, 0.1)
    wrong = []
    if plain["hashes"] != short["hashes"] or one["hashes"] != two["hashes"]:
        wrong.append("tables differ between one process and two workers")
    figures = {
        "overhead_ms": short["overhead_ms"],
        "cpu_ms": short["cpu_ms"],
        "efficiency_share": one["wall_s"] / (2.0 * two["wall_s"]),
        "memory_factor": large["memory_mb"] / short["memory_mb"],
    }
    ensembles = {"here": plain, "cheap": short, "many": large, "one worker": one, "two workers": two}
    for made in ensembles.values():
        del made["hashes"]
    return {"figures": figures, "ensembles": ensembles, "wrong": wrong, "load": os.getloadavg()[0]}


def to_document(found: dict[str, Any], day: str) -> dict[str, Any]:
    """Results as they are stored."""
    return {
        "what": "the engine of ensembles on trial runs; wall time, and CPU time of all processes",
        "date": day,
        "machine": f"{platform.machine().lower()}, Python {platform.python_version()}, {os.cpu_count()} cores",
        "load of the machine": round(found["load"], 1),
        "figures": [
            {"figure": name, "value": value, "limit": LIMITS[name]}
            for name, value in found["figures"].items()
        ],
        "ensembles": [{"ensemble": name, **row} for name, row in found["ensembles"].items()],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--one", nargs=3, metavar=("RUNS", "WORKERS", "PAUSE_S"))
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(int(given.one[0]), int(given.one[1]), float(given.one[2]))))
        return
    found = run(given.small)
    for name, value in found["figures"].items():
        print(f"{name:<20}{value:>10.3f}   limit {LIMITS[name]:g}")
    for name, row in found["ensembles"].items():
        print(f"{name:<12}", ", ".join(f"{key} {value:,.5g}" for key, value in row.items()))
    print("; ".join(found["wrong"]) or "tables agree", f"(load of the machine {found['load']:.1f})")
    if not given.small:
        day = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        path = ROOT / "benchmarks" / "results" / f"{day}-ensemble.json"
        path.write_text(json.dumps(to_document(found, day), indent=1) + "\n", encoding="utf-8")
    sys.exit(1 if found["wrong"] else 0)


if __name__ == "__main__":
    main()
