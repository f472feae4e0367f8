"""Three-criteria search on the world's railways, by distance, tolerance and severity.

    python -m benchmarks.bench_pareto [--source scgraph_data-2.0.0-py3-none-any.whl] [--pairs 100]

Answers are compared first: the best of each criterion with SciPy's shortest paths, and whole sets with those of
the graph turned round and its criteria in another order. Times are CPU time of this thread, backward searches
included, buffers and compiled kernels warm. Figures go to ``benchmarks/results``. No rival gives Pareto sets of
three criteria on a graph; see ``bench_eurasia.py`` for the bundled network.
"""

import argparse
import datetime
import json
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from benchmarks.builders.rail import find_wheel, rail
from benchmarks.builders.rail_criteria import CELLS_DEG, Ints, Railways, pairs_in_band, with_criteria
from dehliz.kernels.options import Metric, Space, find_options, make_metric
from dehliz.kernels.search import make_star, tails

RESULTS = Path(__file__).parent / "results"
BANDS_KM = ((0, 500), (500, 1500), (1500, 4000))
LABEL_LIMIT = 2_000_000
CHECKED_COUNT = 6
WORK_CEILING = {"kind": 15_000, "nasty": 220_000}
"""Labels, median of 500 to 1,500 km at 1%, that may not be exceeded whatever the time."""


def check(railways: Railways, metric: Metric) -> None:
    """Stop when answers are wrong: a faster wrong answer is no answer."""
    star, weight = railways.star, railways.weight
    pairs = pairs_in_band(railways.place, 50, 300, CHECKED_COUNT, seed=9)
    size = star.first_out.shape[0] - 1
    found = [find_options(metric, *pair).value for pair in pairs.tolist()]
    for criterion in range(3):
        matrix = csr_matrix((weight[criterion], star.head, star.first_out), shape=(size, size))
        best = dijkstra(matrix, indices=pairs[:, 0])[np.arange(len(pairs)), pairs[:, 1]]
        np.testing.assert_allclose([value[:, criterion].min() for value in found], best, rtol=1e-9)
    order = np.lexsort((tails(star), star.head))
    turned = make_star(metric.back.star.first_out, tails(star)[order])
    again = make_metric(turned, weight[::-1, order])
    for (origin, destination), value in zip(pairs.tolist(), found, strict=True):
        other = find_options(again, destination, origin).value[:, ::-1]
        np.testing.assert_allclose(other[np.lexsort(other.T[::-1])], value, rtol=1e-9)


def measure(metric: Metric, pairs: Ints, epsilon_share: float) -> dict[str, float]:
    """CPU time of queries, the work done and the answers found."""
    space = Space(metric.star)
    spent, labels, found, truncated_count = [], [], [], 0
    for pair in pairs.tolist():
        start = time.thread_time()
        options = find_options(
            metric, *pair, epsilon_share=epsilon_share, label_limit=LABEL_LIMIT, space=space
        )
        spent.append(time.thread_time() - start)
        labels.append(options.label_count)
        found.append(len(options.value))
        truncated_count += options.status != 0
    milliseconds = 1e3 * np.array(spent)
    return {
        "pair_count": len(pairs),
        "median_ms": round(float(np.median(milliseconds)), 2),
        "p95_ms": round(float(np.percentile(milliseconds, 95)), 1),
        "worst_ms": round(float(milliseconds.max()), 1),
        "label_median": float(np.median(labels)),
        "option_median": float(np.median(found)),
        "option_most": max(found),
        "truncated_count": truncated_count,
        "label_per_s": round(sum(labels) / sum(spent)),
    }


def main() -> None:
    """Check, measure, print and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, help="the wheel, when it is not in .inputs")
    parser.add_argument("--pairs", type=int, default=100)
    given = parser.parse_args()
    task = rail(find_wheel(given.source))
    today = datetime.date.today().isoformat()
    report: dict[str, Any] = {
        "what": "pareto on the world's railways",
        "date": today,
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    for severity in CELLS_DEG:
        railways = with_criteria(task, severity)
        metric = make_metric(railways.star, railways.weight)
        check(railways, metric)
        figures: dict[str, Any] = {"vertex_count": len(railways.place), "arc_count": len(railways.star.head)}
        for low_km, high_km in BANDS_KM:
            pairs = pairs_in_band(railways.place, low_km, high_km, given.pairs)
            for epsilon_share in (0.0, 0.01):
                name = f"{low_km}-{high_km} km, {epsilon_share:.0%}"
                figures[name] = measure(metric, pairs, epsilon_share)
                print(severity, name, figures[name])
        labels = figures["500-1500 km, 1%"]["label_median"]
        if labels > WORK_CEILING[severity]:
            raise SystemExit(
                f"{severity}: {labels:,.0f} labels; at most {WORK_CEILING[severity]:,} are right."
            )
        report[severity] = figures
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{today}-rail-pareto.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
