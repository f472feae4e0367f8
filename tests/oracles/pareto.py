"""Options in three criteria as on a blackboard: try every way, keep what is not beaten."""

from collections.abc import Iterable, Sequence
from math import inf

Value = tuple[float, float, float]
Arc = tuple[int, int, Value]


def beats(one: Value, other: Value) -> bool:
    """At least as good in every criterion and better in one."""
    return one != other and all(mine <= theirs for mine, theirs in zip(one, other, strict=True))


def unbeaten(values: Iterable[Value]) -> list[Value]:
    """Values that no other value beats, each once, in ascending order."""
    distinct = sorted(set(values))
    return [value for value in distinct if not any(beats(rival, value) for rival in distinct)]


def plus(one: Value, other: Value) -> Value:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2])


def every_way(vertex_count: int, arcs: Sequence[Arc], origin: int, destination: int) -> list[Value]:
    """Value of every way that visits no vertex twice and uses no forbidden arc."""
    out: list[list[Arc]] = [[] for _ in range(vertex_count)]
    for arc in arcs:
        out[arc[0]].append(arc)
    found: list[Value] = []

    def walk(vertex: int, value: Value, seen: frozenset[int]) -> None:
        if vertex == destination:
            found.append(value)
            return
        for _, head, step in out[vertex]:
            if head not in seen and inf not in step:
                walk(head, plus(value, step), seen | {head})

    walk(origin, (0.0, 0.0, 0.0), frozenset({origin}))
    return found


def options_by_every_way(
    vertex_count: int, arcs: Sequence[Arc], origin: int, destination: int
) -> list[Value]:
    """Options by enumeration; for networks of some ten vertices."""
    return unbeaten(every_way(vertex_count, arcs, origin, destination))


def options_by_correction(
    vertex_count: int, arcs: Sequence[Arc], origin: int, destination: int
) -> list[Value]:
    """Options by relaxing all arcs until no vertex's set of values changes; for some hundred vertices."""
    fronts: list[list[Value]] = [[] for _ in range(vertex_count)]
    fronts[origin] = [(0.0, 0.0, 0.0)]
    is_changed = True
    while is_changed:
        is_changed = False
        for tail, head, step in arcs:
            if inf in step:
                continue
            merged = unbeaten([*fronts[head], *(plus(value, step) for value in fronts[tail])])
            if merged != fronts[head]:
                fronts[head] = merged
                is_changed = True
    return fronts[destination]
