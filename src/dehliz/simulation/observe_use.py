"""Use of resources and ships in one replication, by week and over the window that is observed.

Used by ``simulation/observe.py``.
"""

from dataclasses import dataclass

import numpy as np

from dehliz.graph.graph import FloatArray
from dehliz.kernels.observe import spread_spans
from dehliz.kernels.observe_data import Sailings, Use
from dehliz.kernels.search import freeze
from dehliz.simulation.log import EventLog
from dehliz.simulation.observe_outline import WEEK_H, Outline
from dehliz.simulation.system import Departs, Draws, LongArray, ResourceKind, System

LOAD_TOLERANCE = 1e-9
"""As in the event loop: loads that differ by less are equal."""
WEEKLY = ("came", "queue", "most", "standing", "busy", "shut", "load", "room")
CAME, QUEUE, MOST, STANDING, BUSY, SHUT, LOAD, ROOM = range(len(WEEKLY))
SHIPS = ("departures", "empty", "part", "load", "room", "off_port", "consignments", "busy")
DEPARTURES, EMPTY_SAILINGS, PART, SHIP_LOAD, SHIP_ROOM, OFF_PORT, CONSIGNMENTS, SHIP_BUSY = range(len(SHIPS))


@dataclass(frozen=True, slots=True)
class Window:
    """What is observed: consignments released in ``[from_h, to_h)``, and what happens in it."""

    from_h: float
    to_h: float

    @property
    def span_h(self) -> float:
        """Length [h]."""
        return self.to_h - self.from_h

    def weeks(self, week_count: int) -> slice:
        """Whole weeks in it; the one that it begins in when there is none."""
        first = int(np.ceil(self.from_h / WEEK_H))
        last = min(int(self.to_h // WEEK_H), week_count)
        return (
            slice(first, last)
            if first < last
            else slice(int(self.from_h // WEEK_H), int(self.from_h // WEEK_H) + 1)
        )


def find_quays(log: EventLog) -> np.ndarray:
    """Twice the line plus the side of each departure."""
    return 2 * log.departure_line.astype(np.int64) + log.departure_side


def sort_sailings(system: System, log: EventLog) -> tuple[Sailings, LongArray]:
    """Departures by quay, and the order in which they come of the log's."""
    quay = find_quays(log)
    order = np.argsort(quay, kind="stable")
    first = np.searchsorted(quay[order], np.arange(2 * system.n_line + 1))
    return Sailings(
        freeze(first, np.int32),
        freeze(log.depart_h[order], np.float64),
        freeze(log.arrive_h[order], np.float64),
        freeze(log.berth_h[order], np.float64),
    ), order


def make_use(outline: Outline) -> tuple[FloatArray, Use]:
    """Empty weeks: (8, n_resource, n_week) by ``WEEKLY``, and views of it for the kernel."""
    weekly = np.zeros((len(WEEKLY), outline.plan.system.n_resource, outline.week_count))
    return weekly, Use(*(weekly[at] for at in (CAME, QUEUE, BUSY, STANDING, MOST)))


def add_ships(outline: Outline, draws: Draws, log: EventLog, weekly: FloatArray) -> None:
    """Add ships at berths, loads of departures, and closures, to the weeks of their resources."""
    system, lines = outline.plan.system, outline.plan.system.lines
    quay, end_h = find_quays(log), draws.end_h
    berth = lines.berth.reshape(-1)[quay ^ 1]
    has_berth = (berth >= 0) & np.isfinite(log.arrive_h)
    begun_h, turned_h = (np.where(np.isfinite(one), one, end_h) for one in (log.berth_h, log.turned_h))
    at = berth[has_berth]
    _spread(at, log.arrive_h[has_berth], begun_h[has_berth], weekly[QUEUE], weekly[STANDING])
    _spread(at, begun_h[has_berth], turned_h[has_berth], weekly[BUSY], np.zeros_like(weekly[BUSY]))
    week = np.minimum(log.arrive_h[has_berth] // WEEK_H, weekly.shape[2] - 1).astype(np.int64)
    np.add.at(weekly[CAME], (at, week), 1.0)
    port = lines.resource.reshape(-1)[quay]
    week = np.minimum(log.depart_h // WEEK_H, weekly.shape[2] - 1).astype(np.int64)
    np.add.at(weekly[LOAD], (port, week), log.departure_load)
    np.add.at(weekly[ROOM], (port, week), lines.capacity[log.departure_line])
    for at, room in zip(lines.resource.reshape(-1), count_unused(outline, log, WEEK_H), strict=True):
        weekly[ROOM, at] += room[: weekly.shape[2]] * lines.capacity[system.line[at]]
    closed = np.repeat(np.arange(system.n_resource), np.diff(draws.first_closure))
    _spread(closed, draws.closure_start_h, draws.closure_end_h, weekly[SHUT], np.zeros_like(weekly[SHUT]))
    np.maximum(weekly[MOST], weekly[STANDING], out=weekly[MOST])


def count_unused(outline: Outline, log: EventLog, step_h: float, from_h: float = 0.0) -> FloatArray:
    """Departures by the clock that nobody took, which the log leaves out, by quay and step of time.

    Parameters
    ----------
    outline, log : Outline, EventLog
        Hours of the lines; who left.
    step_h, from_h : float
        Length of a step, and begin of the first [h].

    Returns
    -------
    (2 n_line, n_step) float64
        Departures planned less those that took place; a postponed one makes up for one that was planned before it. None
        where only probes board: cargo of that side is not part of the plan.
    """
    lines = outline.plan.system.lines
    n_quay, end_h = 2 * outline.plan.system.n_line, outline.week_count * WEEK_H
    n_step = max(int(np.ceil((end_h - from_h) / step_h)), 1)
    planned = np.repeat(np.arange(n_quay), np.diff(lines.first_departure))
    is_clock = np.repeat(lines.departs == Departs.CLOCK, 2) & outline.is_boarded
    count = np.zeros((n_quay, n_step))
    for quay, when_h, sign in ((planned, lines.departure_h, 1.0), (find_quays(log), log.depart_h, -1.0)):
        step = np.floor((when_h - from_h) / step_h).astype(np.int64)
        is_in = is_clock[quay] & (step >= 0) & (step < n_step)
        np.add.at(count, (quay[is_in], step[is_in]), sign)
    return np.maximum(count, 0.0)


def _spread(
    resource: np.ndarray, from_h: FloatArray, to_h: FloatArray, out_h: FloatArray, out_standing: FloatArray
) -> None:
    add = spread_spans.pick(len(resource))
    add(
        freeze(resource, np.int32), freeze(from_h, np.float64), freeze(to_h, np.float64), WEEK_H, out_h, out_standing
    )  # fmt: skip


def find_utilisation(outline: Outline, weekly: FloatArray) -> FloatArray:
    """Use of each resource in the weeks given, (..., ) over the leading axes of ``weekly[kind]``.

    Parameters
    ----------
    outline : Outline
        Gives kinds and servers.
    weekly : (8, n_resource, n_week) float64
        Sums by ``WEEKLY``.

    Returns
    -------
    (n_resource, n_week) float64
        Of servers and berths: hours in use over hours open, at most 1 (what has begun is finished in a closure); of
        tokens: hours in use over all hours; of a quay: load over room of its departures;
        NaN where no capacity is known, and else.
    """
    system = outline.plan.system
    kind, servers = system.kind[:, None], system.server_count[:, None]
    share = np.full(weekly.shape[1:], np.nan)
    open_h = servers * np.maximum(WEEK_H - weekly[SHUT], 0.0)
    np.divide(weekly[BUSY], open_h, out=share, where=(kind == ResourceKind.SERVE) & (open_h > 0.0))
    np.divide(
        weekly[BUSY],
        np.broadcast_to(servers * WEEK_H, share.shape),
        out=share,
        where=(kind == ResourceKind.TAKE) & (servers > 0),
    )
    np.divide(
        weekly[LOAD],
        weekly[ROOM],
        out=share,
        where=(kind == ResourceKind.BOARD) & (weekly[ROOM] > 0.0) & ~outline.is_unlimited[:, None],
    )
    return np.asarray(np.minimum(share, 1.0))


def tell_ships(outline: Outline, window: Window, draws: Draws, log: EventLog) -> FloatArray:
    """What left each quay in the window; nothing where only probes board.

    Parameters
    ----------
    outline, window, draws, log
        Plan, time, and what happened.

    Returns
    -------
    (2 n_line, 8) float64
        Columns of ``SHIPS``: departures, those without cargo, those with some and room for one more of the smallest
        consignments; load and room, sums; hours from off the other side to the berth, consignments, sums; hours of
        ships between departure and being ready again.
    """
    lines = outline.plan.system.lines
    quay, n_quay = find_quays(log), 2 * outline.plan.system.n_line
    is_unlimited = outline.is_unlimited[lines.resource.reshape(-1)[quay]]
    room = np.where(is_unlimited, 0.0, lines.capacity[log.departure_line])
    is_clock = lines.departs[log.departure_line] == Departs.CLOCK
    has_cargo = outline.is_boarded[quay] | (~is_clock & outline.is_boarded[quay ^ 1])
    is_in = (log.depart_h >= window.from_h) & (log.depart_h < window.to_h) & has_cargo
    # Probes alone make no load: theirs is far below the smallest one.
    is_empty = np.where(
        is_unlimited, log.departure_count == 0, log.departure_load <= 0.5 * outline.least_load[quay]
    )
    has_berthed = np.isfinite(log.berth_h)
    off_h = np.where(has_berthed, log.berth_h - log.arrive_h, 0.0)
    turned_h = np.where(np.isfinite(log.turned_h), log.turned_h, draws.end_h)
    busy_h = np.minimum(turned_h, window.to_h) - np.maximum(log.depart_h, window.from_h)
    unused = count_unused(outline, log, window.span_h, window.from_h)[:, 0]
    unused_room = np.repeat(lines.capacity, 2) * unused * ~outline.is_unlimited[lines.resource.reshape(-1)]
    one = np.ones(len(quay))
    columns = (
        one * is_in,
        is_in & is_empty,
        is_in
        & ~is_empty
        & ~is_unlimited
        & (room - log.departure_load > outline.least_load[quay] - LOAD_TOLERANCE),
        log.departure_load * is_in,
        room * is_in,
        off_h * is_in,
        log.departure_count * is_in,
        np.maximum(busy_h, 0.0) * has_cargo,
    )
    ships = np.zeros((n_quay, len(SHIPS)))
    for at, column in enumerate(columns):
        ships[:, at] = np.bincount(quay, weights=column, minlength=n_quay)
    ships[:, [DEPARTURES, EMPTY_SAILINGS]] += unused[:, None]
    ships[:, SHIP_ROOM] += unused_room
    return ships
