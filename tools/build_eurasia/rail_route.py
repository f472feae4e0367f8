"""Finds shortest ways on the repaired rail graph and thins their lines for drawing.

Comes after ``rail_repair.py``; ``rail_leg.py`` asks it for the legs of the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.sparse.csgraph import dijkstra

from tools.build_eurasia.rail_graph import FloatArray, IntArray, RailGraph, to_matrix

LIMIT_KM: Final = 4000.0
"""No leg is longer; the search stops there."""
THIN_DEG: Final = 0.01
"""Points of a line that lie nearer than this to the line without them are left out (about a kilometre)."""

Line = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Way:
    """A shortest way: its length [km], infinite when there is none, and its points as (lon, lat) [deg]."""

    length_km: float
    line: Line


class Router:
    """Shortest ways on a rail graph, with one search per start kept in memory."""

    def __init__(self, graph: RailGraph, limit_km: float = LIMIT_KM) -> None:
        self.graph = graph
        self._matrix = to_matrix(graph)
        self._limit_km = limit_km
        self._trees: dict[int, tuple[FloatArray, IntArray]] = {}

    def _search(self, start: int) -> tuple[FloatArray, IntArray]:
        """Distance [km] and previous vertex of every vertex, seen from ``start``."""
        if start not in self._trees:
            distance_km, previous = dijkstra(
                self._matrix, directed=False, indices=[start], return_predecessors=True, limit=self._limit_km
            )
            self._trees[start] = (np.asarray(distance_km[0]), np.asarray(previous[0], dtype=np.int64))
        return self._trees[start]

    def find_way(self, stops: Sequence[int]) -> Way:
        """Shortest way through the given vertices in their order."""
        total_km, vertices = 0.0, [stops[0]]
        for start, end in pairwise(stops):
            distance_km, previous = self._search(start)
            if not np.isfinite(distance_km[end]):
                return Way(np.inf, [])
            way = [end]
            while way[-1] != start:
                way.append(int(previous[way[-1]]))
            total_km += float(distance_km[end])
            vertices.extend(reversed(way[:-1]))
        lon, lat = self.graph.lon_deg, self.graph.lat_deg
        return Way(total_km, [(float(lon[vertex]), float(lat[vertex])) for vertex in vertices])


def _distance_deg(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Distances of points from a straight stroke, with longitude shrunk to the latitude [deg]."""
    shrink = np.array([np.cos(np.radians(points[:, 1].mean())), 1.0])
    along, relative = (end - start) * shrink, (points - start) * shrink
    square = float(along @ along)
    share = np.clip(relative @ along / square, 0.0, 1.0) if square > 0 else np.zeros(len(points))
    return np.asarray(np.hypot(*(relative - share[:, None] * along).T), dtype=np.float64)


def thin(line: Line, tolerance_deg: float = THIN_DEG) -> Line:
    """The line without points that hardly change its course (Douglas and Peucker).

    Parameters
    ----------
    line : list of (float, float)
        Points as (lon, lat) [deg]; the ends are kept.
    tolerance_deg : float
        Largest distance from the thinned line of a point that is left out [deg].

    References
    ----------
    Douglas, Peucker, 1973, Algorithms for the reduction of the number of points required to represent a digitized
    line or its caricature, The Canadian Cartographer 10, doi:10.3138/FM57-6770-U75U-7727.
    """
    points = np.array(line)
    is_kept = np.zeros(len(line), dtype=bool)
    is_kept[[0, -1]] = True
    stack = [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        away = _distance_deg(points[first + 1 : last], points[first], points[last])
        if away.max() > tolerance_deg:
            middle = first + 1 + int(away.argmax())
            is_kept[middle] = True
            stack += [(first, middle), (middle, last)]
    return [point for point, kept in zip(line, is_kept, strict=True) if kept]


def write_line(line: Line) -> str:
    """Text of a line: ``lon lat;lon lat``, to 0.001 degree, as the source has it."""
    rounded = [f"{lon:.3f} {lat:.3f}" for lon, lat in line]
    return ";".join(text for text, before in zip(rounded, ["", *rounded], strict=False) if text != before)
