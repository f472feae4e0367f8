"""System optimum under hard capacities on made-up planar networks: CPU seconds to a proven gap.

    python -m benchmarks.assignment.system_optimum [--seeds 3] [--no-store]

Answers are compared first with the arc-flow programme in HiGHS, on small networks. Then 3,000 vertices and 10,000
arcs with log-normal demand, capacities of the most loaded arcs a share of what shortest paths put on them. CPU time of
this process, kernels warm, HiGHS with one thread; median and worst of ``--seeds`` different instances. A gap that is
not closed, an answer that differs or more rounds than allowed fail the command.
"""

import argparse
import datetime
import json
import platform
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tests.oracles.flow_lp import solve_flow_lp

from benchmarks.builders.planar import scarce_planar
from benchmarks.measure import peak_mb
from dehliz.assignment.result import AssignStatus
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.system import find_system_optimum, system_cost_usd
from dehliz.kernels.pricing import price_routes

RESULTS = Path(__file__).parents[1] / "results"
SETTINGS = AssignmentSettings(method="so", target_gap_share=1e-6)
EXACT = AssignmentSettings(method="so", target_gap_share=1e-10)
SMALL = [
    {"vertex_count": 120, "arc_count": 420, "trip_count": 16, "capped_share": 0.4, "seed": seed}
    for seed in range(4)
]
CHECKED = [*SMALL, {"vertex_count": 400, "arc_count": 1_400, "trip_count": 8, "capped_share": 0.3, "seed": 1}]


@dataclass(frozen=True)
class Case:
    """One kind of instance: its name, its making, CPU seconds and rounds that are allowed."""

    name: str
    trip_count: int
    capped_share: float
    load_share: float
    limit_s: float
    round_count: int


CASES = (
    Case("200 trips, tightest tenth of used arcs at 80%", 200, 0.1, 0.8, 1.0, 40),
    Case("200 trips, 30% of used arcs at 80%", 200, 0.3, 0.8, 5.0, 60),
    Case("200 trips, half of used arcs at 70%", 200, 0.5, 0.7, 5.0, 80),
    Case("200 trips, 90% of used arcs at 80%", 200, 0.9, 0.8, 20.0, 120),
    Case("2,000 trips, tightest tenth of used arcs at 80%", 2_000, 0.1, 0.8, 15.0, 40),
)


def check() -> None:
    """Stop when an answer is wrong."""
    for making in CHECKED:
        graph, costs, trips = scarce_planar(**making)
        start = time.process_time()
        found = find_system_optimum(graph, costs, trips, EXACT)
        ours_s = time.process_time() - start
        start = time.process_time()
        expected = solve_flow_lp(graph.tail, graph.head, costs, trips)
        flow_s = time.process_time() - start
        cost = system_cost_usd(costs, found.volume_t_d)
        np.testing.assert_allclose(found.unserved.sum(), expected.unserved, rtol=1e-9, atol=1e-7)
        np.testing.assert_allclose(cost, expected.cost, rtol=1e-9)
        print(
            f"agrees: {making}; cost {cost:.6f}, by routes {ours_s:.3f} s, by arc flows {flow_s:.2f} s",
            flush=True,
        )


def measure(case: Case, seed_count: int) -> dict[str, Any]:
    """CPU seconds and work of one kind of instance."""
    spent, rounds, gaps, lost = [], [], [], []
    for seed in range(1, seed_count + 1):
        making = {
            "trip_count": case.trip_count,
            "capped_share": case.capped_share,
            "load_share": case.load_share,
        }
        graph, costs, trips = scarce_planar(**making, seed=seed)
        start = time.process_time()
        found = find_system_optimum(graph, costs, trips, SETTINGS)
        spent.append(time.process_time() - start)
        rounds.append(len(found.history))
        gaps.append(found.relative_gap_share)
        lost.append(float(found.unserved.sum() / trips.volume_t_d.sum()))
        if found.status is AssignStatus.NOT_CONVERGED or max(rounds) > case.round_count:
            raise SystemExit(f"{case.name}, seed {seed}: {found.status}, {rounds[-1]} rounds")
    return {
        "median_s": round(float(np.median(spent)), 2),
        "worst_s": round(max(spent), 2),
        "limit_s": case.limit_s,
        "rounds": rounds,
        "worst_gap_share": max(gaps),
        "unserved_share": [round(share, 5) for share in lost],
    }


def main() -> int:
    """Check, measure, print, store; 1 when a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--no-store", action="store_true")
    given = parser.parse_args()
    price_routes.warm()
    check()
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    report: dict[str, Any] = {"what": "system optimum on planar networks", "date": today, "machine": machine}
    for case in CASES:
        report[case.name] = measure(case, given.seeds)
        print(case.name, report[case.name], flush=True)
    report["peak_mb"] = round(peak_mb())
    if not given.no_store:
        path = RESULTS / f"{today}-system-optimum.json"
        path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        print(f"stored in {path}")
    return int(any(report[case.name]["worst_s"] > case.limit_s for case in CASES))


if __name__ == "__main__":
    sys.exit(main())
