"""The bundled network: all pairs, exact Pareto sets, routes per minute, first and later commands.

    python -m benchmarks.bench_eurasia [--pairs 300] [--commands]

Answers are compared first: least costs with SciPy's and NetworkX's on the same graph, the ends of each Pareto set
with least-cost searches in each criterion. Times are CPU time of this thread unless *wall* is said; rivals run in
the same process, one after the other. Figures go to ``benchmarks/results``.
"""

import argparse
import datetime
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from dehliz.eurasia.load import load
from dehliz.routing.ask import compare, routes
from dehliz.routing.planner import Planner, prepare
from dehliz.routing.skims import skim

RESULTS = Path(__file__).parent / "results"
REPEAT_COUNT = 5


def best_cpu_s(task: Callable[[], object], repeat: int = REPEAT_COUNT) -> float:
    """Least CPU seconds of several runs, after one that is not counted."""
    task()
    spent = []
    for _ in range(repeat):
        start = time.thread_time()
        task()
        spent.append(time.thread_time() - start)
    return min(spent)


def make_matrix(planner: Planner, values: np.ndarray) -> coo_matrix:
    """The graph as SciPy takes it: parallel arcs at their least value, zeros raised a little so that they stay."""
    graph = planner.graph
    usable = np.isfinite(values)
    order = np.lexsort((values[usable], graph.head[usable], graph.tail[usable]))
    tail, head = graph.tail[usable][order], graph.head[usable][order]
    first = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
    weight = np.maximum(values[usable][order][first], 1e-9)
    return coo_matrix((weight, (tail[first], head[first])), shape=(graph.n_vertex, graph.n_vertex)).tocsr()


def bench_all_pairs(planner: Planner) -> dict[str, float]:
    """All pairs of zones by time, beside SciPy and NetworkX."""
    zones = np.arange(planner.graph.n_zone)
    matrix = make_matrix(planner, planner.costs.time_h)
    theirs = dijkstra(matrix, indices=zones)[:, planner.graph.n_zone : 2 * planner.graph.n_zone]
    np.fill_diagonal(theirs, 0.0)
    np.testing.assert_allclose(skim(planner, "time_h"), theirs, rtol=1e-6, atol=1e-5)
    graph = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph)

    def run_networkx() -> None:
        for zone in zones[:10].tolist():
            nx.single_source_dijkstra_path_length(graph, zone)

    return {
        "zone_count": float(len(zones)),
        "dehliz_ms": 1e3 * best_cpu_s(lambda: skim(planner, "time_h")),
        "scipy_ms": 1e3 * best_cpu_s(lambda: dijkstra(matrix, indices=zones)),
        "networkx_ms": 1e3 * best_cpu_s(run_networkx, 1) * len(zones) / 10,
    }


def bench_pareto(planner: Planner, pair_count: int) -> dict[str, float]:
    """Exact three-criteria sets of random pairs; the ends of each set are checked."""
    rng = np.random.default_rng(42)
    least = {name: skim(planner, name) for name in ("cost_usd", "time_h", "emissions_kgco2e")}
    spent, counts = [], []
    zone_ids = planner.graph.zone_ids
    for _ in range(pair_count):
        origin, destination = rng.choice(len(zone_ids), 2, replace=False)
        question = planner.ask(zone_ids[origin], zone_ids[destination])
        start = time.thread_time()
        found = planner.find(question)
        spent.append(time.thread_time() - start)
        counts.append(len(found))
        for name, matrix in least.items():
            expected = matrix[origin, destination]
            got = found.total(getattr(planner.costs, name)).min() if len(found) else np.inf
            np.testing.assert_allclose(
                got, expected, rtol=1e-9, err_msg=f"{zone_ids[origin]}-{zone_ids[destination]}"
            )
    milliseconds = 1e3 * np.array(spent)
    return {
        "pair_count": float(pair_count),
        "option_median": float(np.median(counts)),
        "option_most": float(max(counts)),
        "median_ms": float(np.median(milliseconds)),
        "p95_ms": float(np.percentile(milliseconds, 95)),
        "worst_ms": float(milliseconds.max()),
        "routes_per_minute": 60e3 / float(milliseconds.mean()),
    }


def bench_answers(planner: Planner) -> dict[str, float]:
    """Whole answers with names, legs and facts."""
    return {
        "routes_ms": 1e3 * best_cpu_s(lambda: routes(planner, "Xi'an", "Hamburg")),
        "compare_ms": 1e3 * best_cpu_s(lambda: compare(planner, "Xi'an", "Hamburg")),
        "prepare_ms": 1e3 * best_cpu_s(lambda: prepare(load(2025))),
    }


def bench_commands() -> dict[str, float]:
    """Whole commands, wall time: with an empty kernel cache first, then as usual (least of three)."""
    command = [str(Path(sys.executable).parent / "dehliz"), "compare", "Xi'an", "Hamburg", "--json"]

    def run(words: list[str], cache: str) -> float:
        start = time.perf_counter()
        done = subprocess.run(
            words, env={"DEHLIZ_CACHE_DIR": cache, "PATH": "/usr/bin:/bin"}, capture_output=True, check=False
        )
        if done.returncode != 0 or (words is command and json.loads(done.stdout)["status"] != "ok"):
            raise SystemExit(f"{words}: {done.stderr.decode()}")
        return time.perf_counter() - start

    with tempfile.TemporaryDirectory() as cache:
        first_s = run(command, cache)
        return {
            "first_compare_wall_s": first_s,
            "later_compare_wall_s": min(run(command, cache) for _ in range(3)),
            "help_wall_s": min(run([command[0], "--help"], cache) for _ in range(3)),
            "import_wall_s": min(run([sys.executable, "-c", "import dehliz"], cache) for _ in range(3))
            - min(run([sys.executable, "-c", "pass"], cache) for _ in range(3)),
        }


def main() -> None:
    """Run, print and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--commands", action="store_true", help="measure whole commands too")
    options = parser.parse_args()
    planner = prepare(load(2025))
    report = {
        "what": "eurasia",
        "date": datetime.date.today().isoformat(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "graph": {"vertex_count": planner.graph.n_vertex, "arc_count": planner.graph.n_arc},
        "all_pairs": bench_all_pairs(planner),
        "pareto": bench_pareto(planner, options.pairs),
        "answers": bench_answers(planner),
    }
    if options.commands:
        report["commands"] = bench_commands()
    for name, part in report.items():
        if isinstance(part, dict):
            print(
                name,
                "  ".join(
                    f"{key} {value:,.3g}" if value < 100 else f"{key} {value:,.0f}"
                    for key, value in part.items()
                ),
            )
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{report['date']}-eurasia.json").write_text(
        json.dumps(report, indent=2) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
