"""Arrays of the event loop: what is given, what changes while it runs, and what it writes.

Made by ``simulation/run.py``, read and written by the other ``events_*`` files.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.events_agenda import Agenda

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]

DELAY, SERVE, BOARD, TAKE, GIVE, BERTH = 0, 1, 2, 3, 4, 5
FILLS, BY_CLOCK = 0, 1
NOBODY = -1
TOLERANCE = 1e-9
"""Loads that differ by less are equal."""

STAGE, ROW, NEXT, LEFT = 0, 1, 2, 3
"""Columns of ``State.here``."""
READY, START, END = 0, 1, 2
"""Columns of ``Log.time_h``."""
WHICH, FOUND = 0, 1
"""Columns of ``Log.note``."""
EVENT, SAILED, CAME_OFF, FAULT = 0, 1, 2, 3
"""Places in ``State.tally``: events, departures, ships that came off a port, status."""


class World(NamedTuple):
    """Resources, stages, consignments and chances: read only.

    Attributes
    ----------
    kind : (n_resource,) int8
        DELAY, SERVE, BOARD, TAKE, GIVE, or BERTH for the SERVE resources where ships turn.
    partner : (n_resource,) int32
        Pool of a GIVE.
    quay : (n_resource,) int32
        Twice the line plus the side of a BOARD; -1 else.
    is_plain : (n_resource,) int8
        1 for a DELAY without draws and closures, which takes as long for everybody at any time.
    stage_resource, stage_next, stage_detour : (n_stage,) int32
        As in ``System``.
    stage_time_h, stage_load : (n_stage,) float64
        As in ``System``.
    first_draw, factor : (n_stream + 1,) int64, (n_draw,) float64
        Draws by stream.
    first_closure, closure_start_h, closure_end_h : (n_resource + 1,) int32, (n_closure,) float64, float64
        Closures by resource, ascending and disjoint.
    release_h : (n_consignment,) float64
        Ascending.
    entry, turn : (n_consignment,) int32
        First stage; class of priority, 0 is first.
    end_h : float
        Nothing happens later.
    """

    kind: Bytes
    partner: Ints
    quay: Ints
    is_plain: Bytes
    stage_resource: Ints
    stage_time_h: Floats
    stage_load: Floats
    stage_next: Ints
    stage_detour: Ints
    first_draw: Longs
    factor: Floats
    first_closure: Ints
    closure_start_h: Floats
    closure_end_h: Floats
    release_h: Floats
    entry: Ints
    turn: Ints
    end_h: float


class Fleet(NamedTuple):
    """Lines: read only. A quay is one side of a line, numbered twice the line plus the side.

    Attributes
    ----------
    resource, berth : (n_quay,) int32
        BOARD resource; SERVE resource of the berths or -1.
    crossing_h : (n_quay,) float64
        Mean time over.
    departs : (n_line,) int8
        FILLS or BY_CLOCK.
    ship_count : (n_line,) int32
        Ships; 0 where there is always one.
    capacity, longest_wait_h, turn_h, cut_off_h : (n_line,) float64
        As in ``Lines``.
    first_departure, departure_h : (n_quay + 1,) int32, float64
        Timetable by quay.
    first_ship : (n_quay + 1,) int32
        Where the ring of ready ships of each quay lies in ``State.ready_h``.
    stream_base : int
        Stream of the turns of line 0.
    """

    resource: Ints
    berth: Ints
    crossing_h: Floats
    departs: Bytes
    ship_count: Ints
    capacity: Floats
    longest_wait_h: Floats
    turn_h: Floats
    cut_off_h: Floats
    first_departure: Ints
    departure_h: Floats
    first_ship: Ints
    stream_base: int


class State(NamedTuple):
    """What changes.

    Attributes
    ----------
    agenda : Agenda
        What is to happen.
    tally : (4,) int64
        Events, departures, ships that came off a port, status.
    draw_at : (n_stream,) int64
        Place of the next draw.
    closure_at : (n_resource,) int32
        First closure that has not ended.
    wake_h : (n_resource,) float64
        When it is looked at again after a closure; -inf when that is not planned.
    free : (n_resource,) int32
        Free servers, tokens at hand.
    waiting : (n_resource,) int32
        How many wait.
    head, tail : (n_resource x n_turn,) int32
        First and last of those who wait, by class of priority; -1 when none does. Ships at berths.
    here : (n_consignment, 4) int32
        Stage, next row of the log, next in line, rows left.
    came_h : (n_consignment,) float64
        When it came to the quay where it waits.
    last_fit : (n_quay,) int32
        Last of those in line that fit in the next ship; -1 when none waits.
    fit_load : (n_quay,) float64
        Their load.
    is_full : (n_quay,) int8
        Whether nothing more fits.
    timer_h : (n_quay,) float64
        When the longest wait is looked at next; inf when that is not planned.
    ready_first, ready_count : (n_quay,) int32
        Ring of ready ships.
    ready_h : (n_ring,) float64
        Since when each is ready.
    ship_here : (n_quay,) int32
        Ships there or on their way there.
    clock_at : (n_quay,) int32
        Next departure of the timetable.
    late_count : (n_quay,) int32
        Departures postponed to the end of the closure.
    voyage_cargo, voyage_next, off_order : (departure_capacity,) int32
        First consignment on board; next ship in line for a berth; departures by order of arrival off a port.
    """

    agenda: Agenda
    tally: Longs
    draw_at: Longs
    closure_at: Ints
    wake_h: Floats
    free: Ints
    waiting: Ints
    head: Ints
    tail: Ints
    here: Ints
    came_h: Floats
    last_fit: Ints
    fit_load: Floats
    is_full: Bytes
    timer_h: Floats
    ready_first: Ints
    ready_count: Ints
    ready_h: Floats
    ship_here: Ints
    clock_at: Ints
    late_count: Ints
    voyage_cargo: Ints
    voyage_next: Ints
    off_order: Ints


class Log(NamedTuple):
    """What is written.

    Attributes
    ----------
    time_h : (n_row, 3) float64
        Ready, start, end; no rows when the log is not kept.
    note : (n_row, 2) int32
        Stage, how many were found waiting.
    done_h : (n_consignment,) float64
        When it arrived; NaN before.
    quay, cargo_count : (departure_capacity,) int32
        Of each departure.
    load : (departure_capacity,) float64
        On board.
    voyage_h : (departure_capacity, 4) float64
        Departed, came off the other side, berthed, turned; NaN where that did not happen.
    """

    time_h: Floats
    note: Ints
    done_h: Floats
    quay: Ints
    cargo_count: Ints
    load: Floats
    voyage_h: Floats
