"""Least-cost search as one would write it on a blackboard: heapq, lists and dictionaries."""

from collections.abc import Sequence
from heapq import heappop, heappush
from math import inf

Arc = tuple[int, int, float]


def least_costs(vertex_count: int, arcs: Sequence[Arc], origin: int) -> list[float]:
    """Least cost from the origin to each vertex; arcs are (tail, head, cost), ``inf`` is forbidden."""
    out: dict[int, list[tuple[int, float]]] = {vertex: [] for vertex in range(vertex_count)}
    for tail, head, cost in arcs:
        out[tail].append((head, cost))
    best = [inf] * vertex_count
    best[origin] = 0.0
    queue = [(0.0, origin)]
    while queue:
        cost, vertex = heappop(queue)
        if cost > best[vertex]:
            continue
        for head, step in out[vertex]:
            if cost + step < best[head]:
                best[head] = cost + step
                heappush(queue, (best[head], head))
    return best
