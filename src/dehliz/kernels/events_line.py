"""Quays of the event loop: cargo waits, ships fill or leave by the clock, empty ships go over.

Used by ``kernels/events.py``, whose docstring has the rules.
"""

import numpy as np

from dehliz.kernels.events_agenda import CLOCK, OFF, TIMER, post
from dehliz.kernels.events_data import (
    BY_CLOCK,
    CAME_OFF_H,
    CAPACITY,
    CARGO,
    CLOCK_AT,
    COUNT,
    CROSSING,
    CUT_OFF,
    DEPARTED,
    DEPARTS,
    DUE_COUNT,
    EVENT,
    FIRST_SHIP,
    FIT_LOAD,
    FROM,
    HEAD,
    IS_FULL,
    LAST_DEPARTURE,
    LAST_FIT,
    LATE_COUNT,
    LOAD,
    LONGEST_WAIT,
    NEXT,
    NOBODY,
    ON_BOARD,
    PORT,
    QUAY,
    QUEUE,
    READY_COUNT,
    READY_FIRST,
    ROW,
    SAILED,
    SHIP_HERE,
    SHIPS,
    STAGE,
    START,
    TAIL,
    TIMER_AT,
    TOLERANCE,
    TURNED_H,
    WAITING,
    Fleet,
    Log,
    State,
    World,
)  # fmt: skip
from dehliz.kernels.events_queue import join_queue, look_again, opens, take_draw
from dehliz.kernels.jit import inlined_kernel, lean_kernel


@inlined_kernel
def come_to_quay(
    world: World, fleet: Fleet, state: State, resource: int, consignment: int, now_h: float
) -> int:
    """Come to a quay and wait for a ship; returns the quay where one may leave now, or -1."""
    quay = int(world.resource[resource, QUAY])
    state.came_h[consignment] = now_h
    join_queue(state, resource, state.desk[resource, QUEUE], consignment)
    return NOBODY if fleet.quay[quay, DEPARTS] == BY_CLOCK else quay


@inlined_kernel
def plan_departure(world: World, fleet: Fleet, state: State, quay: int) -> None:
    """Plan the next departure of a timetable, if there is one before the end."""
    at = state.dock[quay, CLOCK_AT]
    if at < fleet.quay[quay, LAST_DEPARTURE] and fleet.departure_h[at] <= world.end_h:
        state.dock[quay, CLOCK_AT] = at + 1
        post(state.agenda, fleet.departure_h[at], CLOCK + 2 * quay)


@lean_kernel
def strike_clock(world: World, fleet: Fleet, state: State, number: int, now_h: float) -> int:
    """A departure by timetable; returns the quay where ships leave now, or -1 when a closure postpones it."""
    quay = number >> 1
    sailing_count = 1
    if number & 1:
        sailing_count = state.dock[quay, LATE_COUNT]
        state.dock[quay, LATE_COUNT] = 0
    else:
        plan_departure(world, fleet, state, quay)
    open_h = opens(world, state, fleet.quay[quay, PORT], now_h)
    if open_h > now_h:
        if state.dock[quay, LATE_COUNT] == 0 and open_h <= world.end_h:
            post(state.agenda, open_h, CLOCK + 2 * quay + 1)
        state.dock[quay, LATE_COUNT] += sailing_count
        return NOBODY
    state.dock[quay, DUE_COUNT] = sailing_count
    return quay


@inlined_kernel
def _fit(world: World, fleet: Fleet, state: State, quay: int, latest_h: float) -> None:
    """See who of those who came by then fits in the next ship, from where that was seen last (rule 7)."""
    capacity = fleet.quay_h[quay, CAPACITY]
    last = state.dock[quay, LAST_FIT]
    load = state.dock_h[quay, FIT_LOAD]
    is_full = state.dock[quay, IS_FULL]
    first = state.queue[state.desk[fleet.quay[quay, PORT], QUEUE], HEAD]
    one = first if last == NOBODY else state.here[last, NEXT]
    while one != NOBODY and not is_full and state.came_h[one] <= latest_h:
        more = load + world.stage_h[state.here[one, STAGE], LOAD]
        if more > capacity + TOLERANCE:
            is_full = 1
        else:
            load = more
            last = one
            is_full = 1 if load >= capacity - TOLERANCE else 0
            one = state.here[one, NEXT]
    state.dock[quay, LAST_FIT] = last
    state.dock_h[quay, FIT_LOAD] = load
    state.dock[quay, IS_FULL] = is_full


@inlined_kernel
def _is_loaded(world: World, fleet: Fleet, state: State, quay: int, now_h: float) -> bool:
    """Whether a ship leaves with cargo now, but for a closure; else plans when to look again (rule 8)."""
    first = state.queue[state.desk[fleet.quay[quay, PORT], QUEUE], HEAD]
    if first == NOBODY:
        return False
    since_h = state.came_h[first]
    if fleet.quay[quay, SHIPS] > 0:
        if state.dock[quay, READY_COUNT] == 0:
            return False
        ship = fleet.quay[quay, FIRST_SHIP] + state.dock[quay, READY_FIRST]
        since_h = max(since_h, state.ready_h[ship])
    if state.dock[quay, IS_FULL]:
        return True
    due_h = since_h + fleet.quay_h[quay, LONGEST_WAIT]
    if now_h >= due_h:
        return True
    if state.dock_h[quay, TIMER_AT] > due_h and due_h <= world.end_h:
        state.dock_h[quay, TIMER_AT] = due_h
        post(state.agenda, due_h, TIMER + quay)
    return False


@inlined_kernel
def _is_called(fleet: Fleet, state: State, quay: int) -> bool:
    """Whether an empty ship is needed at the other side, but for a closure (rule 8)."""
    if fleet.quay[quay, SHIPS] == 0 or state.dock[quay ^ 1, SHIP_HERE] > 0:
        return False
    if state.desk[fleet.quay[quay ^ 1, PORT], WAITING] == 0:
        return False
    loading_count = 1 if state.desk[fleet.quay[quay, PORT], WAITING] > 0 else 0
    return bool(state.dock[quay, READY_COUNT] > loading_count)


@lean_kernel
def _choose(world: World, fleet: Fleet, state: State, quay: int, now_h: float) -> int:
    """Who leaves next: twice the quay, plus 1 for an empty ship; -1 for nobody."""
    if fleet.quay[quay, DEPARTS] == BY_CLOCK:
        if state.dock[quay, DUE_COUNT] == 0:
            return NOBODY
        state.dock[quay, DUE_COUNT] -= 1
        _fit(world, fleet, state, quay, now_h - fleet.quay_h[quay, CUT_OFF])
        if state.dock[quay, LAST_FIT] == NOBODY:
            state.dock[quay, DUE_COUNT] = 0
            return NOBODY
        return 2 * quay
    _fit(world, fleet, state, quay, now_h)
    for turn in range(3):
        side = quay ^ (turn >> 1)
        leaves = _is_loaded(world, fleet, state, side, now_h) if turn == 0 else _is_called(fleet, state, side)
        if leaves:
            resource = int(fleet.quay[side, PORT])
            open_h = opens(world, state, resource, now_h)
            if open_h <= now_h:
                return 2 * side + (1 if turn > 0 else 0)
            look_again(world, state, resource, open_h)
    return NOBODY


@inlined_kernel
def _take_ship(fleet: Fleet, state: State, quay: int) -> None:
    """The first ready ship goes over to the other side."""
    if fleet.quay[quay, SHIPS] > 0:
        first = state.dock[quay, READY_FIRST] + 1
        state.dock[quay, READY_FIRST] = first if first < fleet.quay[quay, SHIPS] else 0
        state.dock[quay, READY_COUNT] -= 1
        state.dock[quay, SHIP_HERE] -= 1
        state.dock[quay ^ 1, SHIP_HERE] += 1


@inlined_kernel
def _board(state: State, log: Log, voyage: int, quay: int, resource: int, now_h: float) -> int:
    """Take those who fit out of the line and aboard (rule 7); returns how many, in O(that)."""
    last = state.dock[quay, LAST_FIT]
    queue = state.desk[resource, QUEUE]
    one = state.queue[queue, HEAD]
    state.voyage[voyage, CARGO] = one
    state.queue[queue, HEAD] = state.here[last, NEXT]
    if state.queue[queue, HEAD] == NOBODY:
        state.queue[queue, TAIL] = NOBODY
    state.here[last, NEXT] = NOBODY
    count = 0
    while one != NOBODY:
        count += 1
        row = state.here[one, ROW] - 1
        if row < log.time_h.shape[0]:
            log.time_h[row, START] = now_h
        one = state.here[one, NEXT]
    state.desk[resource, WAITING] -= count
    log.trip_h[voyage, ON_BOARD] = state.dock_h[quay, FIT_LOAD]
    state.dock[quay, LAST_FIT] = NOBODY
    state.dock_h[quay, FIT_LOAD] = 0.0
    state.dock[quay, IS_FULL] = 0
    return count


@lean_kernel
def settle(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """Let ships leave a quay, or empty ones its other side, until none does (rules 8 to 10).

    O(those who go on board + log n) a departure: each in line is looked at once to see whether it fits.
    """
    while True:
        choice = _choose(world, fleet, state, quay, now_h)
        if choice < 0:
            return
        side = choice >> 1
        resource = int(fleet.quay[side, PORT])
        voyage = int(state.tally[SAILED])
        state.tally[SAILED] = voyage + 1
        state.tally[EVENT] += 1
        log.trip[voyage, FROM] = side
        log.trip[voyage, COUNT] = 0
        state.voyage[voyage, CARGO] = NOBODY
        log.trip_h[voyage, ON_BOARD] = 0.0
        log.trip_h[voyage, DEPARTED] = now_h
        for at in range(CAME_OFF_H, TURNED_H + 1):
            log.trip_h[voyage, at] = np.nan
        if not choice & 1:
            log.trip[voyage, COUNT] = _board(state, log, voyage, side, resource, now_h)
        _take_ship(fleet, state, side)
        off_h = now_h + fleet.quay_h[side, CROSSING] * take_draw(world, state, resource)
        if off_h <= world.end_h:
            post(state.agenda, off_h, OFF + voyage)
