"""A made-up year: terminals on a plane, lines of three kinds with weekly departures, trucks between neighbours.

Times are whole hours, so that sums are exact and small years can be spread out hour by hour. The same year comes in two
forms: connections for the scan, and arcs by the clock for the other searches.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from dehliz.kernels.schedule import Changes, Connections, make_connections
from dehliz.kernels.schedule_ask import TimedMetric, make_timed
from dehliz.kernels.schedule_clock import make_clock
from dehliz.kernels.search import Star, make_star, tails

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

WEEK_H = 168
CHANGE_H = 2
TRUCK_KM_H = 50.0
NEIGHBOUR_COUNT = 8
PLANE_KM = (7000.0, 4500.0)
"""Sides of the plane for 1,000 terminals; a smaller year has a smaller plane of the same density."""
DWELL_H = 2
KINDS = ((45.0, 0.45, 0.30), (28.0, 0.16, 0.22), (12.0, 0.11, 0.33))
"""Speed [km/h], cost [USD/km] and CO2e [kg/km] of a box by train, short-sea ship and barge."""
TRUCK = (1.25, 0.95)
BOARDING = (60.0, 4.0)
WEEKLY = np.array([1, 2, 3, 5, 7, 14])
WEEKLY_SHARE = (0.26, 0.25, 0.18, 0.13, 0.125, 0.055)


@dataclass(frozen=True)
class Year:
    """A timetable in both forms.

    Attributes
    ----------
    stop_count, trip_count, horizon_h : int
        Size.
    connections, changes : Connections, Changes
        For the scan.
    metric : TimedMetric
        For the searches over arcs. Vertex s is stop s reached by a ride, vertex ``stop_count + s`` is being there.
    """

    stop_count: int
    trip_count: int
    horizon_h: int
    connections: Connections
    changes: Changes
    metric: TimedMetric

    def ends(self, origin: int, destination: int) -> tuple[int, int]:
        """Vertices of two stops."""
        return origin, self.stop_count + destination


def build_year(stop_count: int, line_count: int, week_count: int, seed: int = 7) -> Year:
    """The year of so many terminals, lines and weeks."""
    rng = np.random.default_rng(seed)
    size = np.sqrt(stop_count / 1000.0)
    place = rng.random((stop_count, 2)) * (PLANE_KM[0] * size, PLANE_KM[1] * size)
    tree = cKDTree(place)
    lines = [_draw_line(rng, place, tree) for _ in range((line_count + 1) // 2)]
    both = [line for way, kind in lines for line in ((way, kind), (way[::-1], kind))][:line_count]
    offsets = [_draw_departures(rng, week_count) for _ in both]
    run = [
        np.maximum(1, np.ceil(_lengths(place, way) / KINDS[kind][0])).astype(np.int64) for way, kind in both
    ]
    transfers = _transfers(place, tree)
    connections, trip_count = _connect(both, offsets, run)
    star, transfer_h, transfer_charge = transfers
    changes = Changes(np.full(stop_count, float(CHANGE_H)), star, transfer_h)
    horizon_h = (week_count + 4) * WEEK_H
    metric = _lay_arcs(
        stop_count, both, offsets, run, place, (tails(star), star.head, transfer_h, transfer_charge)
    )
    return Year(stop_count, trip_count, horizon_h, connections, changes, metric)


Line = tuple[Longs, int]


def _lengths(place: Floats, way: Longs) -> Floats:
    return np.hypot(*(place[way[1:]] - place[way[:-1]]).T) * 1.2


def _draw_line(rng: np.random.Generator, place: Floats, tree: cKDTree) -> Line:
    """A chain of terminals, each some hundred kilometres on in about one direction."""
    kind = int(rng.choice(3, p=(0.6, 0.25, 0.15)))
    aim = rng.random() * 2 * np.pi
    way = [int(rng.integers(len(place)))]
    for _ in range(int(rng.integers(3, 7))):
        turn = aim + rng.normal(0, 0.4)
        target = place[way[-1]] + (150 + 450 * rng.random()) * np.array((np.cos(turn), np.sin(turn)))
        near = [
            int(stop) for stop in np.atleast_1d(tree.query(target, min(4, len(place)))[1]) if stop not in way
        ]
        if near:
            way.append(near[0])
    if len(way) == 1:
        way.append((way[0] + 1) % len(place))
    return np.array(way), kind


def _draw_departures(rng: np.random.Generator, week_count: int) -> Longs:
    count = int(rng.choice(WEEKLY, p=WEEKLY_SHARE))
    hours = np.sort(rng.choice(WEEK_H, count, replace=False))
    weeks: Longs = (np.arange(week_count)[:, None] * WEEK_H + hours[None, :]).ravel()
    return weeks


def _transfers(place: Floats, tree: cKDTree) -> tuple[Star, Floats, Floats]:
    count = min(NEIGHBOUR_COUNT, len(place) - 1)
    distance, neighbour = tree.query(place, count + 1)
    order = np.argsort(neighbour[:, 1:], axis=1)
    head = np.take_along_axis(neighbour[:, 1:], order, axis=1).ravel()
    road_km = np.take_along_axis(distance[:, 1:], order, axis=1).ravel() * 1.3
    star = make_star(np.arange(len(place) + 1) * count, head)
    return star, np.ceil(road_km / TRUCK_KM_H), np.outer(TRUCK, road_km) + np.array([[50.0], [2.0]])


def _connect(both: list[Line], offsets: list[Longs], run: list[Longs]) -> tuple[Connections, int]:
    parts: list[list[Longs]] = [[] for _ in range(5)]
    first_trip = 0
    for (way, _), start, length in zip(both, offsets, run, strict=True):
        reach = np.concatenate(([0], np.cumsum(length + DWELL_H)[:-1]))
        depart = start[:, None] + reach[None, :]
        trip = np.broadcast_to(first_trip + np.arange(len(start))[:, None], depart.shape)
        columns = (way[:-1], way[1:], trip, depart, depart + length[None, :])
        for part, column in zip(parts, columns, strict=True):
            part.append(np.broadcast_to(column, depart.shape).ravel())
        first_trip += len(start)
    return make_connections(*(np.concatenate(part) for part in parts)), first_trip


def _lay_arcs(
    stop_count: int,
    both: list[Line],
    offsets: list[Longs],
    run: list[Longs],
    place: Floats,
    transfers: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Floats, Floats],
) -> TimedMetric:
    """Arcs: arrival to being there, trucks, boarding (by departures), riding to a stop and on to the next one."""
    there = stop_count
    stops = np.arange(stop_count)
    tail, head = [stops, transfers[0]], [there + stops, there + transfers[1]]
    time_h, charge = [np.zeros(stop_count), transfers[2]], [np.zeros((2, stop_count)), transfers[3]]
    vertex, arc = 2 * stop_count, stop_count + len(transfers[0])
    event_arc, event_h = [], []
    for (way, kind), start, length in zip(both, offsets, run, strict=True):
        count = len(length)
        seats = vertex + np.arange(count)
        rides = np.outer(KINDS[kind][1:], _lengths(place, way))
        tail += [there + way[:-1], seats, seats[:-1]]
        head += [seats, way[1:], seats[1:]]
        time_h += [np.zeros(count), length.astype(float), (length + DWELL_H)[:-1].astype(float)]
        charge += [np.tile(np.array(BOARDING)[:, None], count), rides, rides[:, :-1]]
        reach = np.concatenate(([0], np.cumsum(length + DWELL_H)[:-1]))
        event_arc.append(np.repeat(arc + np.arange(count), len(start)))
        event_h.append((reach[:, None] + start[None, :]).ravel())
        vertex += count
        arc += 3 * count - 1
    tails_all, heads_all = np.concatenate(tail), np.concatenate(head)
    order = np.lexsort((heads_all, tails_all))
    events, hours = np.concatenate(event_arc), np.concatenate(event_h).astype(float)
    is_timed = np.zeros(arc, np.bool_)
    is_timed[events] = True
    place_of = np.empty(arc, np.int64)
    place_of[order] = np.arange(arc)
    first_out = np.searchsorted(tails_all[order], np.arange(vertex + 1))
    star = make_star(first_out, heads_all[order])
    lead_h = np.where(is_timed, float(CHANGE_H), 0.0)
    clock = make_clock(
        is_timed[order], np.concatenate(time_h)[order], lead_h[order], place_of[events], hours, hours
    )
    return make_timed(star, clock, np.concatenate(charge, axis=1)[:, order])
