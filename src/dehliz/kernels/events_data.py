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
"""Kinds: those of ``ResourceKind``, and BERTH for the SERVE resources where ships turn."""
FILLS, BY_CLOCK = 0, 1
NOBODY = -1
TOLERANCE = 1e-9
"""Loads that differ by less are equal."""

KIND, PARTNER, QUAY, IS_PLAIN = 0, 1, 2, 3
RESOURCE, FOLLOWS, DETOUR = 0, 1, 2
MEAN, LOAD = 0, 1
SHUTS, OPENS = 0, 1
ENTRY, TURN = 0, 1
"""Columns of ``World``: resource, stage, stage_h, closure_h, who."""

PORT, BERTH_AT, DEPARTS, SHIPS, FIRST_SHIP, LAST_DEPARTURE, STREAM = 0, 1, 2, 3, 4, 5, 6
CROSSING, CAPACITY, LONGEST_WAIT, TURN_TIME, CUT_OFF = 0, 1, 2, 3, 4
"""Columns of ``Fleet``: quay, quay_h."""

EVENT, SAILED, CAME_OFF, FAULT = 0, 1, 2, 3
DRAW_FIRST, DRAW_LAST, DRAW_AT = 0, 1, 2
FREE, WAITING, CLOSURE_AT, CLOSURE_LAST, QUEUE = 0, 1, 2, 3, 4
HEAD, TAIL = 0, 1
STAGE, ROW, NEXT, LEFT = 0, 1, 2, 3
LAST_FIT, IS_FULL, READY_FIRST, READY_COUNT, SHIP_HERE, CLOCK_AT, LATE_COUNT, DUE_COUNT = (
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
)
FIT_LOAD, TIMER_AT = 0, 1
CARGO, BEHIND, ORDER = 0, 1, 2
"""Columns of ``State``: tally, draw, desk, queue, here, dock, dock_h, voyage."""

READY, START, END = 0, 1, 2
WHICH, FOUND = 0, 1
FROM, COUNT = 0, 1
ON_BOARD, DEPARTED, CAME_OFF_H, BERTHED, TURNED_H = 0, 1, 2, 3, 4
"""Columns of ``Log``: time_h, note, trip, trip_h."""


class World(NamedTuple):
    """Resources, stages, consignments and chances: read only.

    Attributes
    ----------
    resource : (n_resource, 4) int32
        Kind; pool of a GIVE; quay of a BOARD (twice the line plus the side); 1 for a DELAY without draws and closures,
        which takes as long for everybody at any time.
    stage : (n_stage, 3) int32
        Resource, the stage that follows, the stage to go on with in a closure; -1 where there is none.
    stage_h : (n_stage, 2) float64
        Mean time [h]; load, in the unit of the capacity of its ships.
    factor : (n_draw,) float64
        Draws by stream, over their mean.
    closure_h : (n_closure, 2) float64
        Start and end by resource, ascending; they may touch [h].
    release_h : (n_consignment,) float64
        Ascending [h].
    who : (n_consignment, 2) int32
        First stage; class of priority, 0 is first.
    end_h : float
        Nothing happens later [h].
    """

    resource: Ints
    stage: Ints
    stage_h: Floats
    factor: Floats
    closure_h: Floats
    release_h: Floats
    who: Ints
    end_h: float


class Fleet(NamedTuple):
    """Lines: read only. A quay is one side of a line, numbered twice the line plus the side.

    Attributes
    ----------
    quay : (n_quay, 7) int32
        BOARD resource; SERVE resource of the berths or -1; FILLS or BY_CLOCK; ships of the line, 0 where there is
        always one; where the ring of ready ships begins in ``State.ready_h``; end of the timetable in
        ``departure_h``; stream of the line's turns.
    quay_h : (n_quay, 5) float64
        Mean time over from here [h]; of the line: capacity, longest wait [h], mean time of a turn [h], cut-off [h].
    departure_h : (n_departure,) float64
        Timetable by quay [h].
    """

    quay: Ints
    quay_h: Floats
    departure_h: Floats


class State(NamedTuple):
    """What changes.

    Attributes
    ----------
    agenda : Agenda
        What is to happen.
    tally : (4,) int64
        Events, departures, ships that came off a port, status.
    draw : (n_stream, 3) int64
        Places of the first draw, of the end of the draws, of the next one.
    desk : (n_resource, 5) int32
        Free servers or tokens; how many wait; first closure that has not ended; end of its closures; its first queue.
    wake_h : (n_resource,) float64
        When it is looked at again after a closure [h]; -inf when that is not planned.
    queue : (n_resource x n_turn, 2) int32
        First and last of those who wait, by class of priority, ships for BERTH; -1 when none does.
    here : (n_consignment, 4) int32
        Stage, next row of the log, next in line, rows left.
    came_h : (n_consignment,) float64
        When it came to the quay where it waits [h].
    dock : (n_quay, 8) int32
        Last of those in line that fit in the next ship, or -1; whether nothing more fits; first and number in the
        ring of ready ships; ships there or on their way there; next departure of the timetable; departures
        postponed to the end of a closure; departures of the timetable that are to leave now.
    dock_h : (n_quay, 2) float64
        Load of those who fit; when the longest wait is looked at next [h], inf when that is not planned.
    ready_h : (n_ring,) float64
        Since when each ship is ready [h].
    voyage : (departure_capacity, 3) int32
        First consignment on board; next ship in line for a berth; departures by order of arrival off a port.
    """

    agenda: Agenda
    tally: Longs
    draw: Longs
    desk: Ints
    wake_h: Floats
    queue: Ints
    here: Ints
    came_h: Floats
    dock: Ints
    dock_h: Floats
    ready_h: Floats
    voyage: Ints


class Log(NamedTuple):
    """What is written.

    Attributes
    ----------
    time_h : (n_row, 3) float64
        Ready, start, end [h]; no rows when the log is not kept.
    note : (n_row, 2) int32
        Stage, how many were found waiting.
    done_h : (n_consignment,) float64
        When it arrived [h]; NaN before.
    trip : (departure_capacity, 2) int32
        Quay and number on board of each departure.
    trip_h : (departure_capacity, 5) float64
        Load on board; departed, came off the other side, berthed, turned [h]; NaN where that did not happen.
    """

    time_h: Floats
    note: Ints
    done_h: Floats
    trip: Ints
    trip_h: Floats
