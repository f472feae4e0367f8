"""``python -m benchmarks.assignment.growth``: time and memory of a user equilibrium against the size of the network.

Two families: square grids, and corridors 4 vertices wide and as long as it takes; two kinds of demand: sparse like
freight (60 origins, 30 destinations each) and denser (300 and 100). Each point runs in a process of its own. The
exponent is the slope of a straight line through the logarithms. Points are stored as they come; a plot is drawn.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.assignment.evaluate import evaluate, find_costs, judge
from benchmarks.assignment.run import ONE_THREAD, PLAIN, ROOT
from benchmarks.assignment.task import AssignmentTask

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
CORRIDOR_WIDTH = 4
DEMANDS: dict[str, tuple[int, int]] = {"sparse": (60, 30), "denser": (300, 100)}
"""Origins, and destinations of each."""
SHAPES = ("grid", "corridor")
GAP_SHARE = 1e-6
FIT_FROM_COUNT = 3_000
"""Arcs from which points count for the exponent: below, fixed costs of a call hide it."""
FEWEST_POINTS = 3
"""Two points always lie on a line; an exponent of so few says nothing."""
SEED = 7


def lattice(shape: str, arc_count: int, demand: str, seed: int = SEED) -> AssignmentTask:
    """A grid or a corridor with about so many arcs, both ways on every street, and demand between random vertices.

    Capacities are such that the busiest arcs, in the middle and beside origins, are about full, whatever the size;
    times and capacities vary along each street, so that there are many routes of nearly equal cost.
    """
    if shape == "grid":
        rows = columns = max(2, round((1 + np.sqrt(1 + arc_count)) / 2))
    else:
        rows = CORRIDOR_WIDTH
        columns = max(2, round((arc_count + 2 * rows) / (4 * rows - 2)))
    number = np.arange(rows * columns).reshape(rows, columns)
    along = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    across = np.stack([number[:-1].ravel(), number[1:].ravel()])
    street = np.concatenate([along, across], axis=1)
    tail, head = np.concatenate([street, street[::-1]], axis=1)
    rng = np.random.default_rng(seed)
    count = rows * columns
    origins, destinations = DEMANDS[demand]
    origins = min(origins, count // 4)
    destinations = min(destinations, count // 4)
    origin = np.sort(rng.choice(count, origins, replace=False))
    pool = rng.choice(
        np.setdiff1d(np.arange(count), origin), min(3 * destinations, count // 2), replace=False
    )
    pairs = [
        (start, end) for start in origin for end in np.sort(rng.choice(pool, destinations, replace=False))
    ]
    of_pair = np.array(pairs)
    volume = rng.lognormal(0.0, 1.0, len(pairs))
    total = volume.sum()
    on_grid = 1.5 * total / (6.0 * rows) + 0.3 * total / origins  # a mean way of 2/3 n over 4 n^2 arcs
    on_corridor = total / (4.0 * rows)  # half of all trips pass the middle, half of them each way
    through = on_grid if shape == "grid" else on_corridor
    return AssignmentTask(
        tail=tail,
        head=head,
        capacity=through * rng.uniform(0.5, 1.5, len(tail)),
        free_time=rng.uniform(0.5, 1.5, len(tail)),
        alpha=np.full(len(tail), 0.15),
        power=np.full(len(tail), 4.0),
        fixed=np.zeros(len(tail)),
        origin=of_pair[:, 0].copy(),
        destination=of_pair[:, 1].copy(),
        volume=volume,
        node_count=count,
        first_thru=0,
    )


def run_point(shape: str, demand: str, arc_count: int, limit_s: float) -> dict[str, Any]:
    """One equilibrium in a process of its own: CPU seconds, iterations, memory, and what the evaluator says."""
    task = lattice(shape, arc_count, demand)
    with tempfile.TemporaryDirectory() as name:
        path, out = Path(name) / "task.npz", Path(name) / "out.npz"
        task.save(path)
        environment = {
            **os.environ,
            **ONE_THREAD,
            **PLAIN,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        }
        command = [sys.executable, "-m", "benchmarks.assignment.growth", "--worker", str(path), str(out)]
        command += ["--limit-s", f"{limit_s:g}"]
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        point: dict[str, Any] = {"shape": shape, "demand": demand, "arc_count": len(task.tail)}
        if ended.returncode != 0:
            last = (ended.stderr.strip().splitlines() or [f"status {ended.returncode}"])[-1]
            return {**point, "wrong": [f"stopped: {last}"]}
        with np.load(out) as stored:
            point.update(json.loads(str(stored["about"])))
            measures = evaluate(task, stored["flow"])
    share = measures.pop("least_flow")
    point.update(measures, least_flow=share)
    point["wrong"] = judge({**measures, "least_flow": share}, point["told_gap_share"], None)
    return point


def work(path: Path, out: Path, limit_s: float) -> None:
    """What the process of one point does: a tiny equilibrium to load the code, then the real one."""
    from benchmarks.assignment.ours import Dehliz
    from benchmarks.assignment.task import load_task
    from benchmarks.measure import peak_mb

    small = Dehliz()
    small.prepare(lattice("grid", 200, "sparse"))
    small.solve(GAP_SHARE)
    before_mb = peak_mb()
    tool = Dehliz()
    tool.prepare(load_task(path))
    reached = tool.solve(GAP_SHARE, limit_s)
    most_mb = peak_mb()
    task = load_task(path)
    about = {
        "cpu_s": reached.cpu_s,
        "pass_s": tool.unit(find_costs(task, reached.flow)),
        "iteration_count": reached.iteration_count,
        "is_reached": reached.is_reached,
        "told_gap_share": reached.told_gap_share,
        "peak_mb": most_mb,
        "added_mb": most_mb - before_mb,
    }
    np.savez(out, about=np.array(json.dumps(about)), flow=reached.flow)


def fit_exponent(size: npt.ArrayLike, value: npt.ArrayLike) -> float:
    """Slope of log value over log size by least squares; NaN with fewer than three points."""
    x, y = np.log(np.asarray(size, float)), np.log(np.maximum(np.asarray(value, float), 1e-9))
    if len(x) < FEWEST_POINTS or np.ptp(x) == 0.0:
        return float("nan")
    return float(np.polyfit(x, y, 1)[0])


def exponents(points: list[dict[str, Any]], figure: str) -> dict[str, float]:
    """Exponent of a figure by shape and demand, over the points that reached their gap."""
    found = {}
    for line, of_line in lines_of(points).items():
        kept = [p for p in of_line if p["arc_count"] >= FIT_FROM_COUNT]
        found[line] = fit_exponent([p["arc_count"] for p in kept], [p[figure] for p in kept])
    return found


def lines_of(points: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Points without fault that reached their gap, by line of the plot, sorted by size."""
    out: dict[str, list[dict[str, Any]]] = {}
    for point in sorted(points, key=lambda p: (p["shape"], p["demand"], p["arc_count"])):
        if not point["wrong"] and point["is_reached"]:
            out.setdefault(f"{point['shape']}, {point['demand']}", []).append(point)
    return out


def main(arguments: list[str] | None = None) -> int:
    """Run the points that are missing, print, store, draw; 1 when an answer is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.assignment.growth", description=__doc__)
    parser.add_argument("--worker", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--shapes", nargs="*", default=list(SHAPES), choices=SHAPES)
    parser.add_argument("--demands", nargs="*", default=list(DEMANDS), choices=list(DEMANDS))
    parser.add_argument(
        "--limit-s", type=float, default=300.0, help="seconds after which a line grows no further"
    )
    parser.add_argument("--again", action="store_true", help="measure anew what is stored already")
    today = datetime.datetime.now(datetime.UTC).date()
    folder = ROOT / "benchmarks" / "results"
    parser.add_argument("--results", type=Path, default=folder / f"{today}-assignment-growth.json")
    parser.add_argument("--plot", type=Path, default=ROOT / "docs" / "images" / "assignment_growth.svg")
    given = parser.parse_args(arguments)
    if given.worker:
        work(*given.worker, given.limit_s)
        return 0
    points: list[dict[str, Any]] = []
    if given.results.exists() and not given.again:
        points = json.loads(given.results.read_text(encoding="utf-8"))["points"]
    for shape in given.shapes:
        for demand in given.demands:
            _run_line(shape, demand, sorted(given.sizes), given.limit_s, points, given.results)
    print(table(points))
    from benchmarks.assignment.growth_plot import draw_growth

    given.plot.parent.mkdir(parents=True, exist_ok=True)
    given.plot.write_text(draw_growth(points), encoding="utf-8")
    print(f"stored in {given.results}, drawn in {given.plot}")
    return int(any(point["wrong"] for point in points))


def _run_line(
    shape: str, demand: str, sizes: list[int], limit_s: float, points: list[dict[str, Any]], path: Path
) -> None:
    for size in sizes:
        key = (shape, demand, size)
        point = next((p for p in points if (p["shape"], p["demand"], p["asked_arc_count"]) == key), None)
        if point is None:
            point = {**run_point(shape, demand, size, limit_s), "asked_arc_count": size}
            points.append(point)
            path.parent.mkdir(parents=True, exist_ok=True)
            stored = {"points": points}
            stored.update({f"exponent_{f}": exponents(points, f) for f in ("cpu_s", "added_mb")})
            path.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            print(f"{shape}, {demand}, {point['arc_count']:,} arcs: {_tell(point)}", flush=True)
        if point["wrong"] or not point["is_reached"]:
            break


def _tell(point: dict[str, Any]) -> str:
    if "cpu_s" not in point:
        return "; ".join(point["wrong"])
    told = f"{point['cpu_s']:.3g} s, {point['iteration_count']} iterations, {point['added_mb']:.0f} MB added"
    gap = "" if point["is_reached"] else f"only to {point['told_gap_share']:.1e}"
    return "; ".join(part for part in (told, gap, *point["wrong"]) if part)


def table(points: list[dict[str, Any]]) -> str:
    """Markdown: time and memory by size, and the exponents."""
    lines = ["| network | arcs | CPU s | passes | iterations | MB added |", "| --- |" + " --: |" * 5]
    for name, of_line in lines_of(points).items():
        for p in of_line:
            figures = f"{p['cpu_s']:.3g} | {p['cpu_s'] / p['pass_s']:.3g} | {p['iteration_count']}"
            lines.append(f"| {name} | {p['arc_count']:,} | {figures} | {p['added_mb']:.0f} |")
    time_by, memory_by = exponents(points, "cpu_s"), exponents(points, "added_mb")
    lines += [f"| {name} | exponent | {time_by[name]:.2f} | | | {memory_by[name]:.2f} |" for name in time_by]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
