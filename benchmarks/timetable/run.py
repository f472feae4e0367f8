"""``python -m benchmarks.timetable.run [--small] [--eurasia]``: searches by the clock, checked, then timed.

CPU time of one thread, one query after the other, the better of two passes; medians and 95th percentiles over random
pairs and hours. Answers are checked before any time is shown. Figures go into ``benchmarks/results``.
"""

import argparse
import datetime
import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.timetable.check import find_wrong, spread_out
from benchmarks.timetable.network import Year, build_year
from dehliz.kernels.schedule import make_reached, scan, scan_connections
from dehliz.kernels.schedule_ask import (
    TimedMetric,
    TimedSpace,
    find_arrivals,
    find_departures,
    find_profile,
    find_timed_options,
)

ROOT = Path(__file__).parents[2]
SIZES = {"full": (1000, 3000, 52), "small": (60, 90, 6)}
LIMITS_MS = {"scan": 3.0, "pareto": 40.0, "pareto 1 %": 40.0, "week": 1000.0}
EURASIA_LIMITS_MS = {"earliest": 5.0, "pareto": 20.0, "week": 1000.0}
KEPT = ("median_ms", "p95_ms", "connections_median", "options_median", "options_max", "labels_median")
QUERY_COUNT = 100
SPREAD_COUNT = 8
CHECK_COUNT = 25
PASS_COUNT = 2
Query = tuple[int, int, float]


def time_ms(call: Callable[[Query], Any], queries: list[Query]) -> dict[str, float]:
    """Median and 95th percentile of the CPU time of a query [ms]."""
    best = np.full(len(queries), np.inf)
    call(queries[0])
    for _ in range(PASS_COUNT):
        for at, query in enumerate(queries):
            start = time.thread_time()
            call(query)
            best[at] = min(best[at], time.thread_time() - start)
    return {"median_ms": float(np.median(best) * 1e3), "p95_ms": float(np.percentile(best, 95) * 1e3)}


def check_year(year: Year, queries: list[Query]) -> list[str]:
    """What is wrong, over all queries; the spread-out network and the extremes on a part of them."""
    wrong = []
    space = TimedSpace(year.metric.timed.star)
    for number, (origin, destination, depart_h) in enumerate(queries):
        ends = year.ends(origin, destination)
        scanned = scan(year.connections, year.changes, origin, destination, depart_h).arrive_h[destination]
        searched = find_arrivals(year.metric, ends[0], depart_h, ends[1], space)[0][ends[1]]
        if scanned != searched:
            wrong.append(f"scan {scanned} and search {searched} differ")
        if number < SPREAD_COUNT:
            until_h = min(scanned, depart_h + 4000.0) + 1.0
            spread = spread_out(year, origin, destination, depart_h, until_h)
            if spread != scanned:
                wrong.append(f"scan {scanned}, spread out {spread}")
        if number < CHECK_COUNT:
            found = find_timed_options(year.metric, *ends, depart_h, space=space)
            fault = find_wrong(year, found, ends, depart_h, float(scanned))
            wrong += [fault] if fault else []
            leave_h = find_departures(year.metric, ends[1], float(scanned), ends[0], space)[0][ends[0]]
            late = find_arrivals(year.metric, ends[0], leave_h, ends[1], space)[0][ends[1]]
            later = find_arrivals(year.metric, ends[0], leave_h + 1e-3, ends[1], space)[0][ends[1]]
            if not (leave_h >= depart_h and late <= scanned < later):
                wrong.append(f"last departure {leave_h} for {scanned} arrives {late}, later {later}")
    return wrong


def time_metric(metric: TimedMetric, queries: list[Query]) -> dict[str, Any]:
    """Figures of the searches over arcs; vertices as origin and destination."""
    space = TimedSpace(metric.timed.star)
    counts: dict[str, list[tuple[int, int]]] = {"pareto": [], "pareto 1 %": []}

    def options(name: str, epsilon_share: float) -> Callable[[Query], None]:
        def ask(query: Query) -> None:
            found = find_timed_options(metric, *query, epsilon_share=epsilon_share, space=space)
            counts[name].append((len(found.value), found.label_count))

        return ask

    def ask_week(query: Query) -> None:
        find_profile(metric, query[0], query[1], query[2] + np.arange(168.0), space)

    figures: dict[str, Any] = {
        "earliest": time_ms(
            lambda query: find_arrivals(metric, query[0], query[2], query[1], space), queries
        ),
        "latest": time_ms(
            lambda query: find_departures(metric, query[1], query[2] + 400.0, query[0], space), queries
        ),
        "pareto": time_ms(options("pareto", 0.0), queries),
        "pareto 1 %": time_ms(options("pareto 1 %", 0.01), queries),
        "week": time_ms(ask_week, queries[: len(queries) // 4]),
    }
    for name, found in counts.items():
        options_found, labels = np.array(found).T
        figures[name] |= {
            "options_median": float(np.median(options_found)),
            "options_max": int(options_found.max()),
            "labels_median": float(np.median(labels)),
        }
    return figures


def run_year(size: str) -> dict[str, Any]:
    """Figures of a made-up year."""
    start = time.process_time()
    year = build_year(*SIZES[size])
    built_s = time.process_time() - start
    rng = np.random.default_rng(42)
    latest_h = year.horizon_h / 2
    queries: list[Query] = []
    while len(queries) < QUERY_COUNT:
        origin, destination = rng.choice(year.stop_count, 2, replace=False).tolist()
        queries.append((origin, destination, float(rng.integers(0, int(latest_h)))))
    wrong = check_year(year, queries)
    reached = make_reached(year.stop_count, year.trip_count)
    figures = {"scan": time_ms(lambda query: scan(year.connections, year.changes, *query, reached), queries)}
    figures["scan"]["connections_median"] = float(np.median([
        scan_connections.compiled()(year.connections, year.changes, *query, reached) for query in queries
    ]))  # fmt: skip
    placed = [(*year.ends(origin, destination), hour) for origin, destination, hour in queries]
    figures |= time_metric(year.metric, placed)
    return {
        "size": {
            "stops": year.stop_count, "trips": year.trip_count, "connections": len(year.connections.tail),
            "vertices": year.metric.vertex_count, "arcs": len(year.metric.timed.star.head), "built_s": built_s,
        },
        "figures": figures, "limits_ms": LIMITS_MS, "wrong": wrong,
    }  # fmt: skip


def run_eurasia() -> dict[str, Any]:
    """Figures of the bundled network of 2025, random pairs of zones."""
    from dehliz.eurasia.load import load
    from dehliz.routing.planner import prepare
    from dehliz.routing.timetable import lay_timetable

    planner = prepare(load(2025))
    timetable = lay_timetable(planner, np.datetime64("2025-11-03T08:00", "m"))
    rng = np.random.default_rng(42)
    queries: list[Query] = []
    while len(queries) < QUERY_COUNT:
        origin, destination = rng.choice(planner.graph.n_zone, 2, replace=False).tolist()
        queries.append((origin, planner.graph.n_zone + destination, float(rng.integers(0, 168))))
    wrong = []
    for origin, destination, hour_h in queries:
        options = find_timed_options(timetable.metric, origin, destination, hour_h).value
        earliest_h = find_arrivals(timetable.metric, origin, hour_h, destination)[0][destination]
        if len(options) and options[0, 0] != earliest_h:
            wrong.append(f"first arrival {options[0, 0]}, not {earliest_h}")
    clock = timetable.metric.timed.clock
    return {
        "size": {
            "vertices": planner.graph.n_vertex, "arcs": planner.graph.n_arc,
            "timed_arcs": int(clock.is_timed.sum()), "events": len(clock.start_h),
        },
        "figures": time_metric(timetable.metric, queries), "limits_ms": EURASIA_LIMITS_MS, "wrong": wrong,
    }  # fmt: skip


def table(result: dict[str, Any]) -> str:
    """Figures for people, and which limits are kept."""
    lines = [f"{'search':<12}{'median ms':>11}{'p95 ms':>9}{'limit':>8}  options (most), labels"]
    for name, row in result["figures"].items():
        limit = result["limits_ms"].get(name)
        shown = "-" if limit is None else f"{limit:g}"
        more = ""
        if "options_max" in row:
            more = f"  {row['options_median']:.0f} ({row['options_max']}), {row['labels_median']:,.0f}"
        if "connections_median" in row:
            more = f"  {row['connections_median']:,.0f} connections looked at"
        over = "  ABOVE THE LIMIT" if limit is not None and row["median_ms"] > limit else ""
        lines.append(f"{name:<12}{row['median_ms']:>11.3g}{row['p95_ms']:>9.3g}{shown:>8}{more}{over}")
    return "\n".join([*lines, "; ".join(result["wrong"][:5]) or "answers agree"])


def to_document(results: dict[str, Any], day: str) -> dict[str, Any]:
    """Results as they are stored: what was measured, and one table for each network, as the docs show them."""
    document: dict[str, Any] = {
        "what": "searches by the clock, CPU time of one thread",
        "date": day,
        "machine": f"{platform.machine().lower()}, Python {platform.python_version()}",
    }
    for name, result in results.items():
        size = ", ".join(f"{value:,.6g} {key}" for key, value in result["size"].items() if key != "built_s")
        document[f"{name}: {size}"] = [
            {
                "search": search,
                **{key: row.get(key, "") for key in KEPT},
                "limit_ms": result["limits_ms"].get(search, ""),
            }
            for search, row in result["figures"].items()
        ]
        document[f"{name}, wrong answers"] = len(result["wrong"])
    return document


def main(arguments: list[str] | None = None) -> int:
    """Run; 1 when an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.timetable.run", description=__doc__)
    parser.add_argument("--small", action="store_true", help="a year of 60 terminals")
    parser.add_argument("--eurasia", action="store_true", help="the bundled network as well")
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results")
    parser.add_argument("--no-store", action="store_true")
    given = parser.parse_args(arguments)
    size = "small" if given.small else "full"
    results = {f"year {size}": run_year(size)}
    if given.eurasia:
        results["eurasia"] = run_eurasia()
    for name, result in results.items():
        print(name, ", ".join(f"{key} {value:,.6g}" for key, value in result["size"].items()))
        print(table(result), "\n")
    if not given.no_store:
        day = datetime.datetime.now(datetime.UTC).date()
        path = given.results / f"{day}-timetable.json"
        path.write_text(json.dumps(to_document(results, str(day)), indent=1) + "\n", encoding="utf-8")
        print(f"stored in {path.name}")
    return int(any(result["wrong"] for result in results.values()))


if __name__ == "__main__":
    sys.exit(main())
