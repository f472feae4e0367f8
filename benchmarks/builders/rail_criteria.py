"""The world's railways with three costs an arc: dead ends dropped, chains merged, costs made up by region.

No open data say what a train pays, how fast it goes and what it burns on each line of the world; so tariff, speed
class and traction are drawn by cells of the map, seeded. The figures say how fast a search is, not what is true.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import reverse_cuthill_mckee

from benchmarks.task import Task
from dehliz.kernels.search import Star, make_star

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CELLS_DEG = {"kind": (1.0, 8.0, 2.0), "nasty": (0.5, 4.0, 0.5)}
"""Sizes of the cells within which speed class, tariff and traction are the same; smaller ones give more options."""

SPEED_KM_H = (30.0, 45.0, 60.0, 80.0)
TARIFF_USD_TEU_KM = (0.25, 0.35, 0.45, 0.6, 0.8)
EMISSION_KGCO2E_TEU_KM = (0.08, 0.24)
EARTH_RADIUS_KM = 6371.0088


class Railways(NamedTuple):
    """Coordinates (n_vertex, 2) [deg], star, and cost, time and CO2e of each arc (3, n_arc)."""

    place: Floats
    star: Star
    weight: Floats


def made_up_weights(middle: Floats, km: Floats, cells_deg: tuple[float, float, float]) -> Floats:
    """Cost, time and CO2e of arcs by the cell that their middle lies in; (3, n_arc)."""

    def draw(size_deg: float, values: tuple[float, ...], seed: int) -> Floats:
        cell = np.floor(middle / size_deg).astype(np.int64)
        mixed = (cell[:, 0] * 73_856_093) ^ (cell[:, 1] * 19_349_663) ^ (seed * 83_492_791)
        drawn: Floats = np.array(values)[np.abs(mixed) % 7919 % len(values)]
        return drawn

    speed = draw(cells_deg[0], SPEED_KM_H, 1)
    tariff = draw(cells_deg[1], TARIFF_USD_TEU_KM, 2)
    emission = draw(cells_deg[2], EMISSION_KGCO2E_TEU_KM, 3)
    return np.stack([km * tariff, km / speed, km * emission])


def contract(tail: Ints, head: Ints, weight: Floats, vertex_count: int) -> tuple[Ints, Ints, Floats]:
    """Drop dead ends and merge chains of an undirected graph; a second way between two junctions stays whole."""
    near: list[dict[int, Floats]] = [{} for _ in range(vertex_count)]
    for one, other, value in zip(tail.tolist(), head.tolist(), weight.T, strict=True):
        if other not in near[one] or tuple(value) < tuple(near[one][other]):
            near[one][other] = near[other][one] = value
    queue = [vertex for vertex in range(vertex_count) if len(near[vertex]) <= 2]
    while queue:
        vertex = queue.pop()
        sides = list(near[vertex].items())
        if len(sides) == 1:
            del near[sides[0][0]][vertex]
            near[vertex] = {}
            queue.append(sides[0][0])
        elif len(sides) == 2 and sides[1][0] not in near[sides[0][0]]:
            (one, first), (other, second) = sides
            del near[one][vertex], near[other][vertex]
            near[one][other] = near[other][one] = first + second
            near[vertex] = {}
    arcs = [(vertex, to, value) for vertex in range(vertex_count) for to, value in near[vertex].items()]
    tails, heads, values = zip(*arcs, strict=True)
    return np.array(tails), np.array(heads), np.stack(values, axis=1)


def with_criteria(task: Task, severity: str) -> Railways:
    """Junctions of the rail graph with three costs an arc, numbered so that neighbours lie near in memory."""
    once = task.tail < task.head
    tail, head, km = task.tail[once], task.head[once], task.weight[once] / 1000.0
    middle = (task.coordinate[tail] + task.coordinate[head]) / 2.0
    weight = made_up_weights(middle, km, CELLS_DEG[severity])
    tail, head, weight = contract(tail, head, weight, task.vertex_count)
    vertex = np.unique(tail)
    tail, head = np.searchsorted(vertex, tail), np.searchsorted(vertex, head)
    links = csr_matrix((np.ones(tail.size), (tail, head)), shape=(vertex.size, vertex.size))
    order = reverse_cuthill_mckee(links, symmetric_mode=True)
    number = np.empty(vertex.size, np.int64)
    number[order] = np.arange(vertex.size)
    tail, head = number[tail], number[head]
    by_tail = np.lexsort((head, tail))
    first_out = np.zeros(vertex.size + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=vertex.size), out=first_out[1:])
    return Railways(
        task.coordinate[vertex[order]],
        make_star(first_out, head[by_tail]),
        np.ascontiguousarray(weight[:, by_tail]),
    )


def great_circle_km(one: Floats, other: Floats) -> Floats:
    """Distances between places given as (n, 2) latitude and longitude [deg]."""
    lat, lon = np.radians(one[..., 0]), np.radians(one[..., 1])
    to_lat, to_lon = np.radians(other[..., 0]), np.radians(other[..., 1])
    half = np.sin((to_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
    return distance


def pairs_in_band(place: Floats, low_km: float, high_km: float, count: int, seed: int = 7) -> Ints:
    """Random pairs whose great-circle distance lies in a band; (count, 2)."""
    rng = np.random.default_rng(seed)
    found = np.empty((0, 2), np.int64)
    while len(found) < count:
        drawn = rng.integers(0, len(place), (4_096, 2))
        km = great_circle_km(place[drawn[:, 0]], place[drawn[:, 1]])
        found = np.concatenate([found, drawn[(km >= low_km) & (km < high_km)]])
    return found[:count]
