"""``python -m benchmarks.simulation.replications [--size year] [--count 200]``: many years of the corridor.

``simulate`` with Poisson arrivals: draws, runs with the full log, statistics; each number of threads in a process of
its own. Statistics and the log of replication 0 have to be the same to the byte for any number of threads.
"""

import argparse
import datetime
import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import peak_mb
from benchmarks.simulation.ours import make_system
from benchmarks.simulation.task import SERVICE_SHAPE, SIZES, Size, make_task
from dehliz.simulation.plan import Activity, Chances, Family, Flows, Plan
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.simulate import simulate

ROOT = Path(__file__).parents[2]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_MAX_THREADS"), "1")


def make_plan(size: Size) -> Plan:
    """One flow through the corridor; services gamma with the shape of the task."""
    task = make_task(size)
    system = make_system(task)
    stages, streams = system.n_stage, system.n_stream
    empty = np.zeros(system.n_resource + 1, np.int32)
    is_service = np.arange(streams) < len(task.server_count)
    chances = Chances(
        family=np.where(is_service, Family.GAMMA, Family.FIXED).astype(np.int8),
        spread_factor=np.where(is_service, SERVICE_SHAPE**-0.5, 0.0),
        least_factor=np.zeros(streams),
        shut_first=empty,
        shut_month=np.empty(0, np.int8),
        shut_share=np.empty(0),
        shut_spell_h=np.empty(0),
        shut_key=(),
        fixed_first=empty.copy(),
        fixed_start_h=np.empty(0),
        fixed_end_h=np.empty(0),
    )
    flows = Flows(
        flow_ids=("corridor",),
        origin_ids=("west",),
        destination_ids=("east",),
        market_ids=("boxes",),
        segment_ids=("boxes",),
        corridor_ids=("corridor",),
        is_probe=np.zeros(1, bool),
        lot_t=np.full(1, 12.0),
        rate_d=np.array([24.0 * size.box_count / size.span_h]),
        is_regular=np.zeros(1, bool),
        value_usd_t=np.full(1, np.nan),
        value_of_time_usd_t_h=np.full(1, np.nan),
    )
    activity = np.full(stages, Activity.HANDLE, np.int8)
    activity[task.ship_before] = Activity.SAIL
    return Plan(
        system=system,
        flows=flows,
        chances=chances,
        start=np.datetime64("2024-01-01T00", "h"),
        horizon_h=size.span_h,
        drain_h=500.0,
        stage_activity=activity,
        stage_place=np.arange(stages, dtype=np.int32),
        stage_arc=np.full(stages, -1, np.int32),
        stage_length_km=np.full(stages, np.nan),
        stage_cost_usd=np.full(stages, np.nan),
        node_ids=tuple(f"place_{at}" for at in range(stages)),
        resource_names=system.resource_ids,
    )


def digest(value: Any) -> str:
    """Of all arrays and numbers of a record, those inside its records too."""
    found = hashlib.sha256()

    def add(part: Any) -> None:
        if isinstance(part, np.ndarray):
            found.update(str(part.dtype).encode() + repr(part.shape).encode() + part.tobytes())
        elif hasattr(part, "__dataclass_fields__"):
            for field in fields(part):
                add(getattr(part, field.name))
        elif isinstance(part, (tuple, list)):
            for each in part:
                add(each)
        else:
            found.update(repr(part).encode())

    add(value)
    return found.hexdigest()


def measure(size: Size, count: int, thread_count: int) -> dict[str, Any]:
    """One call of ``simulate``, after a small one that loads compiled code."""
    simulate(
        make_plan(SIZES["smoke"]), SimulationSettings(replication_count=2, thread_count=1, warm_up_h=0.0)
    )
    plan = make_plan(size)
    settings = SimulationSettings(replication_count=count, thread_count=thread_count, warm_up_h=0.0)
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    done = simulate(plan, settings)
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    return {
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "peak_mb": peak_mb(),
        "digest": digest((done.gathered, done.draws, done.log)),
        "thread_count": thread_count,
        "replication_count": count,
    }


def run_apart(size: str, count: int, thread_count: int) -> dict[str, Any]:
    """``measure`` in a process of its own."""
    places = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.simulation.replications"),
            *("--size", size, "--count", str(count), "--measure", str(thread_count)),
        ],
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD, "DEHLIZ_JIT": "on", "PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise SystemExit(ended.stderr.strip().splitlines()[-1])
    row: dict[str, Any] = json.loads(ended.stdout)
    return row


def main(arguments: list[str] | None = None) -> int:
    """Measure, compare, print, store; 1 when the answer depends on the number of threads."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulation.replications", description=__doc__)
    parser.add_argument("--size", default="year", choices=list(SIZES))
    parser.add_argument("--count", type=int, default=200, help="replications")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--measure", type=int, help="measure this number of threads here, and print a row")
    today = datetime.datetime.now(datetime.UTC).date()
    parser.add_argument(
        "--results", type=Path, default=ROOT / "benchmarks" / "results" / f"{today}-simulation.json"
    )
    given = parser.parse_args(arguments)
    if given.measure:
        print(json.dumps(measure(SIZES[given.size], given.count, given.measure)))
        return 0
    rows = [run_apart(given.size, given.count, threads) for threads in given.threads]
    print("| threads | wall s | CPU s | peak MB |\n| --: | --: | --: | --: |")
    for row in rows:
        print(f"| {row['thread_count']} | {row['wall_s']:.2f} | {row['cpu_s']:.2f} | {row['peak_mb']:.0f} |")
    is_same = len({row["digest"] for row in rows}) == 1
    print("the same to the byte" if is_same else "the answers differ")
    stored = json.loads(given.results.read_text(encoding="utf-8")) if given.results.exists() else {}
    stored.setdefault("replications", {})[given.size] = rows
    given.results.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return int(not is_same)


if __name__ == "__main__":
    sys.exit(main())
