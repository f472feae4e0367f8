"""What an arc makes of the hour at which cargo is ready for it: at once, at the next departure, or when it opens.

A ``Clock`` holds departures and shut hours of all arcs in arrays; ``arrive_after`` asks it forward, ``leave_before``
backward. Both never reward waiting: who is ready later never arrives earlier. Used by ``schedule_search.py`` and
``schedule_pareto.py``; ``routing/timetable_clock.py`` makes clocks of tables.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.search import Floats, Ints, freeze

Bools = npt.NDArray[np.bool_]

TICK_BITS = 20
"""Hours are whole multiples of 2^-20 h (3.4 ms), so that sums of hours are exact in any order."""


class Clock(NamedTuple):
    """Times of every arc. Events of arc a are ``first[a]:first[a + 1]``, ascending in both of their hours.

    Attributes
    ----------
    is_timed : (n_arc,) bool
        True where cargo has to catch one of the events, departures; False where events are hours in which the arc
        is shut.
    time_h : (n_arc,) float64
        From the start, or after the arrival of the event, to the head [h]; ``inf`` = forbidden.
    lead_h : (n_arc,) float64
        Time by which cargo has to be there before a departure [h]; 0 where not timed.
    first : (n_arc + 1,) int32
        Where the events of each arc begin.
    start_h, end_h : (n_event,) float64
        Departure and arrival, or begin and end of a shutting [h].
    """

    is_timed: Bools
    time_h: Floats
    lead_h: Floats
    first: Ints
    start_h: Floats
    end_h: Floats


def to_ticks(hours: npt.ArrayLike) -> Floats:
    """Hours on the grid of the clock [h]."""
    ticks: Floats = np.ldexp(np.rint(np.ldexp(np.asarray(hours, np.float64), TICK_BITS)), -TICK_BITS)
    return ticks


def make_clock(
    is_timed: npt.ArrayLike,
    time_h: npt.ArrayLike,
    lead_h: npt.ArrayLike,
    event_arc: npt.ArrayLike,
    start_h: npt.ArrayLike,
    end_h: npt.ArrayLike,
) -> Clock:
    """A clock of events in any order.

    Parameters
    ----------
    is_timed : (n_arc,) bool
        Arcs that depart by their events.
    time_h, lead_h : (n_arc,) float64
        As in ``Clock`` [h].
    event_arc : (n_event,) int32
        Arc of each event.
    start_h, end_h : (n_event,) float64
        As in ``Clock`` [h].

    Returns
    -------
    Clock
        Hours on the grid. A departure that a later one overtakes is left out, since nothing is gained by catching
        it; shut hours that touch are one.

    Raises
    ------
    ValueError
        When shapes differ, a time is negative or not a number, or an event ends before it starts.
    """
    timed, time, lead = np.asarray(is_timed, np.bool_), to_ticks(time_h), to_ticks(lead_h)
    arc, start, end = np.asarray(event_arc, np.int64), to_ticks(start_h), to_ticks(end_h)
    if not timed.shape == time.shape == lead.shape or not arc.shape == start.shape == end.shape:
        raise ValueError("A clock needs one value of each kind for each arc, and for each event.")
    if not ((time >= 0).all() and (lead >= 0).all() and np.isfinite(lead).all()):
        raise ValueError("time_h or lead_h holds values below 0 or NaN. It needs hours of at least 0.")
    if not ((start <= end).all() and np.isfinite(start).all() and not np.isnan(end).any()):
        raise ValueError("An event ends before it starts, or has no hour. It needs start_h <= end_h.")
    if len(arc) and not 0 <= arc.min() <= arc.max() < len(timed):
        raise ValueError(
            f"event_arc names an arc that does not exist. It needs arcs from 0 to {len(timed) - 1}."
        )
    order = np.lexsort((end, start, arc))
    arc, start, end = arc[order], start[order], end[order]
    kept = np.ones(len(arc), np.bool_)
    _drop_overtaken(arc, end, timed, kept)
    _join_shut(arc, start, end, timed, kept)
    first = np.zeros(len(timed) + 1, np.int32)
    np.cumsum(np.bincount(arc[kept], minlength=len(timed)), out=first[1:])
    return Clock(
        freeze(timed, np.bool_), freeze(time, np.float64), freeze(lead, np.float64), freeze(first, np.int32),
        freeze(start[kept], np.float64), freeze(end[kept], np.float64),
    )  # fmt: skip


def _drop_overtaken(arc: npt.NDArray[np.int64], end: Floats, timed: Bools, kept: Bools) -> None:
    """Mark departures after which another of the arc leaves (or at once) and is there as early or earlier."""
    chosen = np.flatnonzero(timed[arc])[::-1]
    last, least = -1, np.inf
    for at in chosen.tolist():
        if arc[at] != last:
            last, least = int(arc[at]), np.inf
        kept[at] = end[at] < least
        least = min(least, end[at])


def _join_shut(arc: npt.NDArray[np.int64], start: Floats, end: Floats, timed: Bools, kept: Bools) -> None:
    """Join shut hours of an arc that overlap or touch; those without length are none."""
    chosen = np.flatnonzero(~timed[arc])
    before = -1
    for at in chosen.tolist():
        if start[at] == end[at]:
            kept[at] = False
        elif before >= 0 and arc[before] == arc[at] and start[at] <= end[before]:
            end[before] = max(end[before], end[at])
            kept[at] = False
        else:
            before = at


def least_times(clock: Clock) -> Floats:
    """The least time that each arc can take, from being ready to the head, (n_arc,) float64 [h]."""
    fastest = np.where(clock.is_timed, np.inf, 0.0)
    arc = np.repeat(np.arange(len(clock.time_h)), np.diff(clock.first))
    timed = clock.is_timed[arc]
    np.minimum.at(fastest, arc[timed], (clock.end_h - clock.start_h)[timed])
    least: Floats = clock.lead_h + fastest + clock.time_h
    return least


@lean_kernel
def find_event(hours: Floats, low: int, high: int, hour_h: float) -> int:
    """First of the ascending ``hours[low:high]`` that is not before ``hour_h``; ``high`` when there is none."""
    while low < high:
        middle = (low + high) >> 1
        if hours[middle] < hour_h:
            low = middle + 1
        else:
            high = middle
    return low


@lean_kernel
def arrive_after(clock: Clock, arc: int, ready_h: float) -> float:
    """Hour at which cargo ready at ``ready_h`` reaches the head of an arc; ``inf`` when nothing takes it.

    Notes
    -----
    At the very hour of closing cargo is still taken. O(log of the events of the arc).
    """
    first = clock.first[arc]
    last = clock.first[arc + 1]
    if clock.is_timed[arc]:
        at = find_event(clock.start_h, first, last, ready_h + clock.lead_h[arc])
        return float(clock.end_h[at] + clock.time_h[arc]) if at < last else np.inf
    if first < last:
        at = find_event(clock.start_h, first, last, ready_h) - 1
        if at >= first and clock.end_h[at] > ready_h:
            return float(clock.end_h[at] + clock.time_h[arc])
    return float(ready_h + clock.time_h[arc])


@lean_kernel
def leave_before(clock: Clock, arc: int, by_h: float) -> float:
    """Last hour at which cargo can be ready for an arc and reach its head by ``by_h``; ``-inf`` when there is none.

    Notes
    -----
    The other way round of ``arrive_after``: the greatest r with ``arrive_after(r) <= by_h``. O(log of the events).
    """
    first = clock.first[arc]
    last = clock.first[arc + 1]
    start_h = by_h - clock.time_h[arc]
    if clock.is_timed[arc]:
        at = find_event(clock.end_h, first, last, start_h)
        if at == last or clock.end_h[at] > start_h:
            at -= 1
        return float(clock.start_h[at] - clock.lead_h[arc]) if at >= first else -np.inf
    if first < last:
        at = find_event(clock.start_h, first, last, start_h) - 1
        if at >= first and clock.end_h[at] > start_h:
            return float(clock.start_h[at])
    return float(start_h)
