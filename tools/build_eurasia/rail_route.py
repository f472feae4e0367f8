"""Finds shortest ways on the repaired rail graph and thins their lines for drawing.

Comes after ``rail_repair.py``; ``rail_leg.py`` asks it for the legs of the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import dijkstra

from tools.build_eurasia.rail_graph import FloatArray, IntArray, RailGraph, to_matrix


@dataclass(frozen=True, slots=True)
class Way:
    """A shortest way: its length [km] and the vertices that it passes, ends included."""

    length_km: float
    vertices: tuple[int, ...]


class Router:
    """Shortest ways on a rail graph, with one search per start kept in memory."""

    def __init__(self, graph: RailGraph, limit_km: float = 4000.0) -> None:
        self.graph = graph
        self._matrix = to_matrix(graph)
        self._limit_km = limit_km
        self._trees: dict[int, tuple[FloatArray, IntArray]] = {}

    def search(self, start: int) -> tuple[FloatArray, IntArray]:
        """Distance [km] and previous vertex of every vertex seen from ``start``."""
        if start not in self._trees:
            distance_km, previous = dijkstra(
                self._matrix, directed=False, indices=start, return_predecessors=True, limit=self._limit_km
            )
            self._trees[start] = (distance_km, previous)
        return self._trees[start]

    def find_path(self, stops: Sequence[int]) -> Way:
        """Shortest way through the given vertices in their order; infinite when there is none."""
        total_km, vertices = 0.0, [stops[0]]
        for start, end in zip(stops, stops[1:], strict=False):
            distance_km, previous = self.search(start)
            if not np.isfinite(distance_km[end]):
                return Way(np.inf, ())
            way = [end]
            while way[-1] != start:
                way.append(int(previous[way[-1]]))
            total_km += float(distance_km[end])
            vertices.extend(reversed(way[:-1]))
        return Way(total_km, tuple(vertices))
