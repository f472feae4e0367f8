"""Connection scan: the earliest arrival by trips of a timetable, in one pass over its connections.

Connections sorted by departure come in; hours at stops and the way there go out. A change at a stop takes its
least time, and one transfer (a truck, a shunting) may follow each ride. A changed timetable needs sorting and nothing
else. ``schedule_search.py`` answers the same on graphs with many arcs that go by no timetable.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.schedule_clock import find_event
from dehliz.kernels.search import Floats, Ints, Star, freeze, make_star

NO_STOP = -1
NO_RIDE = -1


class Connections(NamedTuple):
    """Movements between two neighbouring stops of a trip, sorted by departure, arrival, trip.

    Attributes
    ----------
    tail, head, trip : (n_connection,) int32
        Stops, and the trip that cargo may stay on.
    depart_h, arrive_h : (n_connection,) float64
        Hours [h].
    """

    tail: Ints
    head: Ints
    trip: Ints
    depart_h: Floats
    arrive_h: Floats


class Changes(NamedTuple):
    """What lies between two rides.

    Attributes
    ----------
    change_h : (n_stop,) float64
        Time from being at a stop to being ready for a ride: handling [h].
    star : Star
        Transfers between stops.
    transfer_h : (n_transfer,) float64
        Time of each, at least 0 [h].
    """

    change_h: Floats
    star: Star
    transfer_h: Floats


class Reached(NamedTuple):
    """What a scan has reached.

    Attributes
    ----------
    arrive_h : (n_stop,) float64
        Earliest hour at a stop, by a ride or a transfer; ``inf`` where nothing leads [h].
    ride_h : (n_stop,) float64
        The same by a ride alone [h].
    came_by : (n_stop,) int32
        Connection of the ride; -1 where there is none.
    walked_from : (n_stop,) int32
        Stop from which the transfer came; the stop itself when it was a ride.
    boarded : (n_trip,) int32
        First connection of each trip on which cargo can be; the number of connections when there is none.
    """

    arrive_h: Floats
    ride_h: Floats
    came_by: Ints
    walked_from: Ints
    boarded: Ints


@lean_kernel
def _reach(changes: Changes, stop: int, hour_h: float, connection: int, reached: Reached) -> None:
    """Write an arrival by a ride that is earlier than all before, and the transfers that follow from it."""
    arrive_h, ride_h, came_by, walked_from, _ = reached
    ride_h[stop] = hour_h
    came_by[stop] = connection
    if hour_h <= arrive_h[stop]:
        arrive_h[stop] = hour_h
        walked_from[stop] = stop
    first_out, head = changes.star
    for transfer in range(first_out[stop], first_out[stop + 1]):
        to = head[transfer]
        there_h = hour_h + changes.transfer_h[transfer]
        if there_h < arrive_h[to]:
            arrive_h[to] = there_h
            walked_from[to] = stop


@lean_kernel
def scan_connections(
    connections: Connections,
    changes: Changes,
    origin: int,
    destination: int,
    depart_h: float,
    out_reached: Reached,
) -> int:
    """Earliest arrival for cargo at the origin at one hour; returns the connections looked at.

    Parameters
    ----------
    connections : Connections
        Sorted by departure.
    changes : Changes
        Least times of changes, and transfers.
    origin, destination : int
        Stops; -1 as destination for the arrivals at all stops.
    depart_h : float
        Hour at which cargo is at the origin [h].
    out_reached : Reached
        Arrivals and how they came about.

    Notes
    -----
    A connection counts when its trip has been boarded, or its stop can be left by it. O(n + transfers used) for n
    connections between the departure and the arrival. A connection takes more than no time, or else stands after
    those that lead to it.

    References
    ----------
    Dibbelt, Pajor, Strasser, Wagner 2018, Connection scan algorithm, ACM Journal of Experimental Algorithmics 23,
    section 3 (earliest arrival, with footpaths).
    """
    tail, head, trip, leave_h, there_h = connections
    count = tail.shape[0]
    arrive_h, ride_h, came_by, walked_from, boarded = out_reached
    arrive_h[:] = np.inf
    ride_h[:] = np.inf
    came_by[:] = NO_RIDE
    walked_from[:] = NO_STOP
    boarded[:] = count
    _reach(changes, origin, depart_h, NO_RIDE, out_reached)
    start = find_event(leave_h, 0, count, depart_h)
    at = start
    while at < count:
        if destination >= 0 and leave_h[at] >= arrive_h[destination]:
            break
        ride = trip[at]
        stop = tail[at]
        if boarded[ride] == count and arrive_h[stop] + changes.change_h[stop] <= leave_h[at]:
            boarded[ride] = at
        if boarded[ride] < count and there_h[at] < ride_h[head[at]]:
            _reach(changes, head[at], there_h[at], at, out_reached)
        at += 1
    return int(at - start)


def make_connections(
    tail: npt.ArrayLike,
    head: npt.ArrayLike,
    trip: npt.ArrayLike,
    depart_h: npt.ArrayLike,
    arrive_h: npt.ArrayLike,
) -> Connections:
    """Connections sorted for a scan; those of equal hours and trip stay in their order.

    Raises
    ------
    ValueError
        When shapes differ, an hour is missing or one arrives before it departs.
    """
    depart, arrive = np.asarray(depart_h, np.float64), np.asarray(arrive_h, np.float64)
    stops: list[Ints] = [np.asarray(values, np.int32) for values in (tail, head, trip)]
    if arrive.shape != depart.shape or any(values.shape != depart.shape for values in stops):
        raise ValueError("A connection needs a tail, a head, a trip and two hours.")
    if not (np.isfinite(depart).all() and np.isfinite(arrive).all() and (depart <= arrive).all()):
        raise ValueError("A connection needs hours, and none may arrive before it departs.")
    order = np.lexsort((stops[2], arrive, depart))
    places = [freeze(values[order], np.int32) for values in stops]
    hours = (freeze(depart[order], np.float64), freeze(arrive[order], np.float64))
    return Connections(places[0], places[1], places[2], *hours)


def make_reached(stop_count: int, trip_count: int) -> Reached:
    """Room for one scan, to be used again by the next."""
    came_by, walked_from = np.empty(stop_count, np.int32), np.empty(stop_count, np.int32)
    hours = (np.empty(stop_count), np.empty(stop_count))
    return Reached(*hours, came_by, walked_from, np.empty(trip_count, np.int32))


def scan(
    connections: Connections,
    changes: Changes,
    origin: int,
    destination: int,
    depart_h: float,
    reached: Reached | None = None,
) -> Reached:
    """Arrivals of one departure, see ``scan_connections``.

    Raises
    ------
    ValueError
        When a stop does not exist.
    """
    stop_count = len(changes.change_h)
    if not (0 <= origin < stop_count and -1 <= destination < stop_count):
        raise ValueError(f"{origin} or {destination} is no stop. It needs one from 0 to {stop_count - 1}.")
    if reached is None:
        reached = make_reached(stop_count, int(connections.trip.max(initial=-1)) + 1)
    run = scan_connections.pick(len(connections.tail))
    run(connections, changes, origin, destination, float(depart_h), reached)
    return reached


def trace_rides(connections: Connections, reached: Reached, destination: int) -> list[tuple[int, int, int]]:
    """The way to a stop that was reached: (first connection, last connection, stop at which cargo then is) by ride.

    A transfer before the first ride has -1 for both connections; empty at the origin, and where nothing leads.
    """
    found: list[tuple[int, int, int]] = []
    stop = destination
    while reached.walked_from[stop] != NO_STOP:
        left = int(reached.walked_from[stop])
        last = int(reached.came_by[left])
        if last == NO_RIDE:
            if left != stop:
                found.append((NO_RIDE, NO_RIDE, stop))
            break
        first = int(reached.boarded[connections.trip[last]])
        found.append((first, last, stop))
        stop = int(connections.tail[first])
    return found[::-1]


@scan_connections.sample
def _scan_sample() -> tuple[object, ...]:
    connections = make_connections([0], [1], [0], [1.0], [2.0])
    zeros = freeze([0.0, 0.0], np.float64)
    changes = Changes(zeros, make_star([0, 1, 2], [1, 0]), zeros)
    return connections, changes, 0, 1, 0.0, make_reached(2, 1)
