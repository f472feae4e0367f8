"""Timetables as on a blackboard: every place at every whole hour is a dot, and waiting an hour leads to the next dot.

Nothing here knows a next departure, an order of search or a bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.oracles.pareto import Value, unbeaten

Dot = tuple[int, int]
"""Vertex and hour."""

Charge = tuple[float, float]
"""Cost and CO2e."""


@dataclass(frozen=True)
class TimedArc:
    """An arc with its events: departures with their arrivals, or hours between which it is shut."""

    tail: int
    head: int
    is_timed: bool
    time_h: int
    lead_h: int
    events: tuple[tuple[int, int], ...]
    charge: Charge

    def moves(self, horizon_h: int) -> list[tuple[int, int]]:
        """Each hour at which cargo can start along it, and the hour at which it then arrives."""
        if self.is_timed:
            return [(start - self.lead_h, end + self.time_h) for start, end in self.events]
        hours = [hour for hour in range(horizon_h + 1) if not self.is_shut(hour)]
        return [(hour, hour + self.time_h) for hour in hours]

    def is_shut(self, hour: int) -> bool:
        """Within shut hours, or where shut hours follow each other; at the hour of closing it still takes cargo."""
        shut = [(begin, end) for begin, end in self.events if begin < end]
        ends, begins = ({event[side] for event in shut} for side in (1, 0))
        return any(begin < hour < end for begin, end in shut) or hour in ends & begins


def expand(
    arcs: Sequence[TimedArc], vertex_count: int, horizon_h: int
) -> dict[Dot, list[tuple[Dot, Charge]]]:
    """Steps that end in each dot, with the dots where they begin."""
    into: dict[Dot, list[tuple[Dot, Charge]]] = {}
    for vertex in range(vertex_count):
        for hour in range(horizon_h):
            into.setdefault((vertex, hour + 1), []).append(((vertex, hour), (0.0, 0.0)))
    for arc in arcs:
        for start, end in arc.moves(horizon_h):
            if start >= 0 and end <= horizon_h:
                into.setdefault((arc.head, end), []).append(((arc.tail, start), arc.charge))
    return into


def options_by_dots(
    arcs: Sequence[TimedArc], vertex_count: int, origin: int, destination: int, depart_h: int, horizon_h: int
) -> list[Value]:
    """(Arrival, cost, CO2e) that no other beats: the costs at all dots, hour by hour, until none changes."""
    into = expand(arcs, vertex_count, horizon_h)
    costs: dict[Dot, set[Charge]] = {(origin, depart_h): {(0.0, 0.0)}}
    for hour in range(depart_h, horizon_h + 1):
        is_changed = True
        while is_changed:
            is_changed = False
            for vertex in range(vertex_count):
                here = set(costs.get((vertex, hour), set()))
                for dot, charge in into.get((vertex, hour), []):
                    here |= {(one + charge[0], two + charge[1]) for one, two in costs.get(dot, set())}
                kept = {(one, two) for _, one, two in unbeaten((0.0, one, two) for one, two in here)}
                if kept != costs.get((vertex, hour), set()):
                    costs[vertex, hour] = kept
                    is_changed = True
    found = [
        (float(hour), one, two)
        for (vertex, hour), pairs in costs.items()
        if vertex == destination
        for one, two in pairs
    ]
    return unbeaten(found)


def hours_by_dots(
    arcs: Sequence[TimedArc], vertex_count: int, origin: int, depart_h: int, horizon_h: int
) -> list[float]:
    """Earliest arrival at each vertex: the first of its dots that a chain of steps leads to."""
    into = expand(arcs, vertex_count, horizon_h)
    reached: set[Dot] = {(origin, depart_h)}
    count = 0
    while count != len(reached):
        count = len(reached)
        reached |= {dot for dot, steps in into.items() if any(before in reached for before, _ in steps)}
    return [
        min((float(hour) for place, hour in reached if place == vertex), default=float("inf"))
        for vertex in range(vertex_count)
    ]


@dataclass(frozen=True)
class Ride:
    """A connection of a trip; those of one trip follow each other in the list."""

    trip: int
    tail: int
    head: int
    depart_h: int
    arrive_h: int


def hours_by_rides(
    rides: Sequence[Ride],
    change_h: Sequence[int],
    transfers: Sequence[tuple[int, int, int]],
    origin: int,
    depart_h: int,
) -> list[float]:
    """Earliest arrival at each stop: rides that can be taken are marked until no more can be."""
    taken: set[int] = set()

    def seats() -> list[tuple[int, int]]:
        return [(origin, depart_h), *((rides[at].head, rides[at].arrive_h) for at in taken)]

    def places() -> list[tuple[int, int]]:
        by_ride = seats()
        return by_ride + [
            (head, hour + time) for tail, head, time in transfers for stop, hour in by_ride if stop == tail
        ]

    is_changed = True
    while is_changed:
        there = places()
        before = len(taken)
        for at, ride in enumerate(rides):
            stays = at > 0 and at - 1 in taken and rides[at - 1].trip == ride.trip
            boards = any(stop == ride.tail and hour + change_h[stop] <= ride.depart_h for stop, hour in there)
            if stays or boards:
                taken.add(at)
        is_changed = len(taken) != before
    there = places()
    return [
        min((float(hour) for place, hour in there if place == stop), default=float("inf"))
        for stop in range(len(change_h))
    ]
