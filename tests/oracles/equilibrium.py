"""User equilibrium as one would do it by hand: list all paths, even out the dearest and the cheapest by bisection.

Plain Python, no arrays, no derivatives, nothing shared with the product. Slow; for networks of a dozen arcs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Time = Callable[[float], float]
Trip = tuple[int, int, int, float]
"""Segment, origin, destination, volume."""


@dataclass
class Oracle:
    """A network: (tail, head) and the time of each arc by its volume, and what each segment pays besides."""

    arcs: Sequence[tuple[int, int]]
    times: Sequence[Time]
    fixed: Sequence[Sequence[float]]
    volume: list[float] = field(default_factory=list)
    by_segment: list[list[float]] = field(default_factory=list)

    def paths(self, segment: int, origin: int, destination: int) -> list[tuple[int, ...]]:
        """All paths without a repeated vertex over arcs that the segment may use."""
        found: list[tuple[int, ...]] = []

        def extend(vertex: int, seen: frozenset[int], path: tuple[int, ...]) -> None:
            if vertex == destination:
                found.append(path)
                return
            for arc, (tail, head) in enumerate(self.arcs):
                if tail == vertex and head not in seen and self.fixed[segment][arc] < float("inf"):
                    extend(head, seen | {head}, (*path, arc))

        extend(origin, frozenset({origin}), ())
        return found

    def cost(self, segment: int, path: Sequence[int]) -> float:
        return sum(self.times[arc](self.volume[arc]) + self.fixed[segment][arc] for arc in path)

    def move(self, segment: int, dear: Sequence[int], cheap: Sequence[int], shift: float) -> None:
        for arc in dear:
            self.volume[arc] -= shift
            self.by_segment[segment][arc] -= shift
        for arc in cheap:
            self.volume[arc] += shift
            self.by_segment[segment][arc] += shift

    def even_out(self, segment: int, dear: Sequence[int], cheap: Sequence[int], most: float) -> float:
        """Shift between two paths until they cost the same, or all; returns how much was shifted."""
        low, high = 0.0, most
        self.move(segment, dear, cheap, high)
        if self.cost(segment, dear) >= self.cost(segment, cheap):
            return most
        self.move(segment, dear, cheap, -high)
        for _ in range(60):
            middle = 0.5 * (low + high)
            self.move(segment, dear, cheap, middle)
            if self.cost(segment, dear) >= self.cost(segment, cheap):
                low = middle
            else:
                high = middle
            self.move(segment, dear, cheap, -middle)
        self.move(segment, dear, cheap, low)
        return low

    def solve(self, trips: Sequence[Trip], tolerance: float = 1e-12, most_rounds: int = 20_000) -> float:
        """Volumes at equilibrium in ``volume`` and ``by_segment``; returns the largest excess of a used path."""
        self.volume = [0.0] * len(self.arcs)
        self.by_segment = [[0.0] * len(self.arcs) for _ in self.fixed]
        choice: list[tuple[int, dict[tuple[int, ...], float]]] = []
        for segment, origin, destination, amount in trips:
            paths = dict.fromkeys(self.paths(segment, origin, destination), 0.0)
            if paths:
                first = min(paths, key=lambda path: (self.cost(segment, path), path))
                paths[first] = amount
                self.move(segment, (), first, amount)
                choice.append((segment, paths))
        worst = 0.0
        for _ in range(most_rounds):
            worst = 0.0
            for segment, flow in choice:
                used = [path for path, amount in flow.items() if amount > 1e-12]
                dear = max(used, key=lambda path: (self.cost(segment, path), path))
                cheap = min(flow, key=lambda path: (self.cost(segment, path), path))
                worst = max(worst, self.cost(segment, dear) - self.cost(segment, cheap))
                if dear != cheap:
                    shift = self.even_out(segment, dear, cheap, flow[dear])
                    flow[dear] -= shift
                    flow[cheap] += shift
            if worst < tolerance:
                break
        return worst
