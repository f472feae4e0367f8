"""The trips of a feed as hops: one movement from a stop to the next, and the services that hops of a route make up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from dehliz.base.errors import list_ids, say_count
from dehliz.base.rows import each_row
from dehliz.base.sheet import Sheet, texts_of
from dehliz.network.gtfs_check import sort_stop_times
from dehliz.network.gtfs_days import Days, read_time_s
from dehliz.network.gtfs_words import BUS, find_base_type

Sheets = Mapping[str, Sheet]


@dataclass(frozen=True, slots=True)
class Hop:
    """One movement of a trip.

    Attributes
    ----------
    trip_id, service_id, from_id, to_id : str
        Trip, the service whose days it runs on, stations at its ends.
    depart_s : tuple of int
        Times of day of its departures [s]; empty when it runs at intervals.
    headway_h : float
        Mean time between its departures, by the day and night [h]; 0 when it runs to the clock.
    headway_s : int
        The interval as the feed writes it; 0 when it runs to the clock, or has several.
    time_s : int
        From departure to arrival [s].
    is_alone : bool
        Whether the trip has this hop only.
    """

    trip_id: str
    service_id: str
    from_id: str
    to_id: str
    depart_s: tuple[int, ...]
    headway_h: float
    headway_s: int
    time_s: int
    is_alone: bool


@dataclass(slots=True)
class HopsOfLeg:
    """Hops that make up one service leg, and the route that they come from."""

    route_id: str
    from_id: str
    to_id: str
    hops: list[Hop] = field(default_factory=list)

    @property
    def is_directed(self) -> bool:
        """Whether no hop runs back."""
        return all(hop.from_id == self.from_id for hop in self.hops)


def pick_routes(sheets: Sheets, notes: list[str]) -> dict[str, int]:
    """Routes that could carry freight, with route type 2, 3 or 4."""
    freight = set(texts_of(sheets["dehliz_service"].frame["route_id"]))
    kept: dict[str, int] = {}
    others: list[str] = []
    buses: list[str] = []
    for route in each_row(sheets["routes"].frame):
        base = find_base_type(int(route.route_type))
        if base is None:
            others.append(route.route_id)
        elif base == BUS and route.route_id not in freight:
            buses.append(route.route_id)
        else:
            kept[route.route_id] = base
    if others:
        notes.append(
            f"{say_count(len(others), 'route')} of a type that carries no freight left out: {list_ids(others)}"
        )
    if buses:
        notes.append(
            f"{say_count(len(buses), 'bus route')} without a row in dehliz_service.txt left out: {list_ids(buses)}"
        )
    return kept


def list_hops(
    sheets: Sheets, routes: Mapping[str, int], days: Mapping[str, Days], notes: list[str]
) -> dict[str, list[Hop]]:
    """Hops of each route, in the order of trips."""
    trips = {row.trip_id: row for row in each_row(sheets["trips"].frame) if row.route_id in routes}
    parent = {row.stop_id: row.parent_station or row.stop_id for row in each_row(sheets["stops"].frame)}
    frequencies: dict[str, list[tuple[int, int, int, int]]] = {}
    for row in each_row(sheets["frequencies"].frame):
        start, end = read_time_s(row.start_time) or 0, read_time_s(row.end_time) or 0
        frequencies.setdefault(row.trip_id, []).append(
            (start, end, int(row.headway_secs), int(row.exact_times))
        )
    calls: dict[str, list[tuple[str, int, int]]] = {}
    untimed: list[str] = []
    for row in each_row(sort_stop_times(sheets["stop_times"].frame)):
        if row.trip_id not in trips:
            continue
        if np.isnan(row.depart_s):
            untimed.append(row.trip_id)
            continue
        calls.setdefault(row.trip_id, []).append((parent[row.stop_id], int(row.arrive_s), int(row.depart_s)))
    if untimed:
        ids = list(dict.fromkeys(untimed))
        notes.append(
            f"{say_count(len(untimed), 'call')} without a time passed over, of trips {list_ids(ids)}"
        )
    hops: dict[str, list[Hop]] = {}
    for trip_id, stops in calls.items():
        trip = trips[trip_id]
        moves = [(a, b) for a, b in pairwise(stops) if a[0] != b[0]]
        for before, after in moves:
            late = before[2] - stops[0][2]
            times = _find_departures(frequencies.get(trip_id, []), before[2], late)
            headway = (
                _find_headway(frequencies.get(trip_id, []), days[trip.service_id]) if not times else (0.0, 0)
            )
            hops.setdefault(trip.route_id, []).append(
                Hop(
                    trip_id,
                    trip.service_id,
                    before[0],
                    after[0],
                    times,
                    *headway,
                    after[1] - before[2],
                    len(moves) == 1,
                )
            )
    return hops


def _find_departures(rows: list[tuple[int, int, int, int]], depart_s: int, late_s: int) -> tuple[int, ...]:
    """Times of day of a hop to the clock; none when its trip runs at intervals."""
    if not rows:
        return (depart_s,)
    if not all(is_exact for *_, is_exact in rows):
        return ()
    return tuple(start + late_s for first, end, step, _ in rows for start in range(first, end, step))


def _find_headway(rows: list[tuple[int, int, int, int]], days: Days) -> tuple[float, int]:
    """Mean time between departures by the day and night [h], and the one interval [s] when there is just one.

    Notes
    -----
    Where the intervals of a service day reach the next service day there is no pause, and the mean is that of the
    intervals; else the pause counts.
    """
    covered_h = sum(end - start for start, end, *_ in rows) / 3600.0
    count = sum((end - start) / step for start, end, step, _ in rows)
    gap_h = 24.0 * float(days[-1] - days[0]) / (len(days) - 1) if len(days) > 1 else covered_h
    steps = {step for _, _, step, _ in rows}
    return max(covered_h, gap_h) / count, steps.pop() if len(steps) == 1 else 0


def group_hops(
    hops: Mapping[str, list[Hop]], ends: Mapping[str, tuple[str, str]], notes: list[str]
) -> dict[str, HopsOfLeg]:
    """Service legs by id: a route between two stations is one, a route with more has one for each pair.

    Parameters
    ----------
    hops : mapping of str to list of Hop
        By route.
    ends : mapping of str to tuple of str
        Ends of the routes that ``dehliz_service.txt`` gives.
    notes : list of str
        Taken on what was split or left out.
    """
    legs: dict[str, HopsOfLeg] = {}
    split: list[str] = []
    strange: list[str] = []
    for route, of_route in hops.items():
        pairs = list(dict.fromkeys((hop.from_id, hop.to_id) for hop in of_route))
        if route in ends:
            given = ends[route]
            strange += [f"{route} ({a} to {b})" for a, b in pairs if {a, b} != set(given)]
            pairs = [given]
        pairs = [pair for at, pair in enumerate(pairs) if (pair[1], pair[0]) not in pairs[:at]]
        if len(pairs) > 1:
            split.append(route)
        for pair in pairs:
            found = [hop for hop in of_route if {hop.from_id, hop.to_id} == set(pair)]
            if found:
                leg_id = route if len(pairs) == 1 else _take(f"{route}_{pair[0]}_{pair[1]}", legs, hops)
                legs[leg_id] = HopsOfLeg(route, *pair, found)
    if split:
        notes.append(
            f"{say_count(len(split), 'route')} with more than two stops split into one service for each pair of"
            f" neighbouring stops, with a change of ship at each stop between: {list_ids(split)}"
        )
    if strange:
        notes.append(
            f"Hops between other stops than dehliz_service.txt gives for their route left out: {list_ids(strange)}"
        )
    return legs


def _take(name: str, legs: Mapping[str, HopsOfLeg], routes: Mapping[str, object]) -> str:
    while name in legs or name in routes:
        name += "_"
    return name
