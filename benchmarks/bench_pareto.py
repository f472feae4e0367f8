"""Three-criteria search on the world rail graph and on a made-up multimodal network.

    python benchmarks/bench_pareto.py --wheel scgraph_data-2.0.0-py3-none-any.whl

The wheel is read as a zip and parsed as text; it is never imported. Attributes of the rail graph are made up with
regional correlation (speed class, tariff and traction by cell), so the figures say how fast, not what is true.
Times are CPU time of this thread, buffers warm. Answers are compared with SciPy's shortest paths first.
"""

import argparse
import json
import re
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from dehliz.kernels.options import Metric, Options, Space, find_options, make_metric
from dehliz.kernels.search import Star, cost_matrix, make_star

MEMBER = "scgraph_data/world_railways.py"
EARTH_RADIUS_KM = 6371.0088
BANDS_KM = ((0, 500), (500, 1500), (1500, 4000))


def read_rail(wheel: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Coordinates (n, 2) and arcs (tail, head, km) of the world rail graph, as text out of the wheel."""
    text = zipfile.ZipFile(wheel).read(MEMBER).decode()
    graph, nodes = text.split("\nnodes=", 1)
    rows = re.findall(r"\{([^{}]*)\}", graph)
    count = np.array([row.count(":") for row in rows])
    numbers = np.array(re.sub(r"[:{},\[\]]|graph=|from scgraph.core import GeoGraph", " ", graph).split(), float)
    place = np.array(re.findall(r"\[(-?[\d.]+), (-?[\d.]+)\]", nodes), float)
    return place, np.repeat(np.arange(len(rows)), count), numbers[::2].astype(int), numbers[1::2]


def made_up_weights(place: np.ndarray, tail: np.ndarray, head: np.ndarray, km: np.ndarray) -> np.ndarray:
    """Cost, time and CO2e of each arc by cells of half a degree to four degrees, seeded; (3, n_arc)."""
    middle = (place[tail] + place[head]) / 2.0

    def field(size_deg: float, values: list[float], seed: int) -> np.ndarray:
        cell = np.floor(middle / size_deg).astype(np.int64)
        mixed = (cell[:, 0] * 73_856_093) ^ (cell[:, 1] * 19_349_663) ^ (seed * 83_492_791)
        return np.array(values)[np.abs(mixed) % 7919 % len(values)]

    speed = field(0.5, [30.0, 45.0, 60.0, 80.0], 1)
    tariff = field(4.0, [0.25, 0.35, 0.45, 0.6, 0.8], 2)
    carbon = field(1.0, [0.05, 0.09, 0.09, 0.22, 0.25], 3)
    return np.stack([km * tariff, km / speed, km * carbon])


def contract(tail: np.ndarray, head: np.ndarray, weight: np.ndarray, n: int) -> tuple[np.ndarray, ...]:
    """Drop dead ends and merge chains of an undirected graph; edges out with the vertices they join."""
    alive: list[dict[int, np.ndarray]] = [{} for _ in range(n)]
    for one, other, value in zip(tail.tolist(), head.tolist(), weight.T, strict=True):
        if one != other and (other not in alive[one] or tuple(value) < tuple(alive[one][other])):
            alive[one][other] = value
            alive[other][one] = value
    queue = [vertex for vertex in range(n) if len(alive[vertex]) <= 2]
    while queue:
        vertex = queue.pop()
        near = list(alive[vertex].items())
        if len(near) == 1:
            other = near[0][0]
            del alive[other][vertex]
            alive[vertex] = {}
            queue.append(other)
        elif len(near) == 2:
            (one, first), (other, second) = near
            if other in alive[one]:
                continue  # a parallel way: keep both
            del alive[one][vertex], alive[other][vertex]
            alive[one][other] = alive[other][one] = first + second
            alive[vertex] = {}
    pairs = [(v, to, value) for v in range(n) for to, value in alive[v].items()]
    return (
        np.array([pair[0] for pair in pairs]),
        np.array([pair[1] for pair in pairs]),
        np.stack([pair[2] for pair in pairs], axis=1),
    )


def as_star(tail: np.ndarray, head: np.ndarray, weight: np.ndarray, n: int) -> tuple[Star, np.ndarray]:
    order = np.lexsort((head, tail))
    first_out = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=n), out=first_out[1:])
    return make_star(first_out, head[order]), np.ascontiguousarray(weight[:, order])


def rail(wheel: Path) -> tuple[np.ndarray, Star, np.ndarray]:
    """The largest component with dead ends dropped and chains merged: coordinates, star, weights."""
    place, tail, head, km = read_rail(wheel)
    kept = tail < head
    tail, head, km = tail[kept], head[kept], km[kept]
    graph = coo_matrix((np.ones(tail.size), (tail, head)), shape=(len(place), len(place)))
    label = connected_components(graph, directed=False)[1]
    inside = label == np.bincount(label).argmax()
    arcs = inside[tail]
    tail, head, km = tail[arcs], head[arcs], km[arcs]
    tail, head, weight = contract(tail, head, made_up_weights(place, tail, head, km), len(place))
    vertex = np.unique(tail)
    star, weight = as_star(np.searchsorted(vertex, tail), np.searchsorted(vertex, head), weight, vertex.size)
    return place[vertex], star, weight


def great_circle_km(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    lat_1, lon_1 = np.radians(one[..., 0]), np.radians(one[..., 1])
    lat_2, lon_2 = np.radians(other[..., 0]), np.radians(other[..., 1])
    half = np.sin((lat_2 - lat_1) / 2) ** 2 + np.cos(lat_1) * np.cos(lat_2) * np.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))


def pairs_in_band(place: np.ndarray, low_km: float, high_km: float, count: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    found: list[tuple[int, int]] = []
    while len(found) < count:
        one, other = rng.integers(0, len(place), (2, 4_096))
        fits = (great_circle_km(place[one], place[other]) - (low_km + high_km) / 2) ** 2
        fits = fits < ((high_km - low_km) / 2) ** 2
        found += list(zip(one[fits].tolist(), other[fits].tolist(), strict=True))
    return np.array(found[:count])


def multimodal(seed: int, terminal_count: int = 250) -> tuple[np.ndarray, Star, np.ndarray]:
    """A made-up network of the bundled one's size: four modes over the same places, transfers between them.

    Rail, road, sea and ferry differ in cost, time and CO2e a kilometre; transfers cost money and time and, half of
    them, no CO2e at all: about 1,000 vertices and 3,000 to 3,600 arcs with many zeros and ties.
    """
    rng = np.random.default_rng(seed)
    place = np.column_stack([rng.uniform(25, 55, terminal_count), rng.uniform(0, 120, terminal_count)])
    # USD per TEU-km, km/h, kg per TEU-km: only the proportions matter here
    modes = ((0.5, 35.0, 0.20, 2), (1.0, 45.0, 0.80, 2), (0.12, 25.0, 0.12, 1), (0.7, 18.0, 0.35, 1))
    tail, head, weight = [], [], []
    for mode, (usd, km_h, carbon, near_count) in enumerate(modes):
        for vertex in range(terminal_count):
            km = great_circle_km(place[vertex], place)
            for other in np.argsort(km)[1 : 1 + near_count]:
                detour = rng.uniform(1.1, 1.5)
                factor = rng.choice([0.8, 1.0, 1.25], 3)
                long_km = round(km[other] * detour)
                step = np.round(np.array([usd, 1.0 / km_h, carbon]) * long_km * factor, 2)
                base = mode * terminal_count
                tail += [base + vertex, base + other]
                head += [base + other, base + vertex]
                weight += [step, step]
    for vertex in range(terminal_count):
        for one in range(len(modes)):
            other = int(rng.integers(len(modes)))
            if one != other:
                step = [rng.choice([40.0, 60.0, 90.0]), rng.choice([12.0, 24.0, 48.0]), rng.choice([0.0, 5.0])]
                tail += [one * terminal_count + vertex, other * terminal_count + vertex]
                head += [other * terminal_count + vertex, one * terminal_count + vertex]
                weight += [np.array(step)] * 2
    vertex_count = len(modes) * terminal_count
    star, arcs = as_star(np.array(tail), np.array(head), np.array(weight).T, vertex_count)
    return np.tile(place, (len(modes), 1)), star, arcs


def measure(metric: Metric, pairs: np.ndarray, epsilon_share: float, label_limit: int) -> dict[str, Any]:
    """Median, 95th percentile and worst CPU time of a query, with the work done and the answers found."""
    space = Space(metric.star)
    seconds, labels, found, truncated = [], [], [], 0
    for origin, destination in pairs.tolist():
        start = time.thread_time()
        options = find_options(
            metric, origin, destination, epsilon_share=epsilon_share, label_limit=label_limit, space=space
        )
        seconds.append(time.thread_time() - start)
        labels.append(options.label_count)
        found.append(len(options.value))
        truncated += options.status != 0
    ms = 1e3 * np.array(seconds)
    return {
        "pairs": len(pairs),
        "epsilon_share": epsilon_share,
        "median_ms": round(float(np.median(ms)), 3),
        "mean_ms": round(float(ms.mean()), 3),
        "p95_ms": round(float(np.percentile(ms, 95)), 2),
        "worst_ms": round(float(ms.max()), 2),
        "labels_median": int(np.median(labels)),
        "labels_worst": int(np.max(labels)),
        "options_median": int(np.median(found)),
        "options_worst": int(np.max(found)),
        "truncated": truncated,
        "labels_per_second": round(sum(labels) / sum(seconds)),
    }


def check_against_scipy(metric: Metric, pairs: np.ndarray) -> None:
    """The best value of each criterion must be SciPy's shortest path: a faster wrong answer is no answer."""
    star, weight = metric.star, metric.weight
    n = star.first_out.shape[0] - 1
    tail = np.repeat(np.arange(n), np.diff(star.first_out))
    for criterion in range(3):
        # SciPy adds up parallel arcs and drops zeros: keep the least and lift zeros by a hair
        order = np.lexsort((weight[:, criterion], star.head, tail))
        first = np.r_[True, np.diff(tail[order] * n + star.head[order]) != 0]
        kept = order[first]
        values = np.maximum(weight[kept, criterion], 1e-12)
        matrix = coo_matrix((values, (tail[kept], star.head[kept])), shape=(n, n)).tocsr()
        best = dijkstra(matrix, indices=pairs[:, 0])
        for at, (origin, destination) in enumerate(pairs.tolist()):
            options: Options = find_options(metric, origin, destination)
            found = options.value[:, criterion].min(initial=np.inf)
            if not np.isclose(found, best[at, destination], rtol=1e-9, atol=1e-6):
                sys.exit(f"criterion {criterion}, pair {origin} {destination}: {found} against {best[at, destination]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, help="scgraph_data wheel; without it only the made-up network")
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--out", type=Path, help="write the figures here as JSON")
    given = parser.parse_args()
    report: dict[str, Any] = {}
    _, star, weight = multimodal(1)
    metric = make_metric(star, weight)
    rng = np.random.default_rng(5)
    pairs = rng.integers(0, star.first_out.shape[0] - 1, (given.pairs, 2))
    check_against_scipy(metric, pairs[:10])
    report["multimodal_arcs"] = star.head.shape[0]
    report["multimodal"] = [measure(metric, pairs, epsilon, 2_000_000) for epsilon in (0.0, 0.01)]
    cost_matrix(star, weight[0], np.arange(2))
    start = time.thread_time()
    cost_matrix(star, weight[0], np.arange(250))
    report["all_pairs_250_ms"] = round(1e3 * (time.thread_time() - start), 1)
    if given.wheel:
        place, star, weight = rail(given.wheel)
        metric = make_metric(star, weight)
        report["rail"] = {"vertices": len(place), "arcs": star.head.shape[0]}
        check_against_scipy(metric, pairs_in_band(place, 0, 300, 5, 9))
        for low_km, high_km in BANDS_KM:
            pairs = pairs_in_band(place, low_km, high_km, given.pairs, 7)
            for epsilon in (0.0, 0.01) if high_km <= 1500 else (0.01,):
                report["rail"][f"{low_km}-{high_km} km at {epsilon:g}"] = measure(
                    metric, pairs, epsilon, 5_000_000
                )
    text = json.dumps(report, indent=1)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
