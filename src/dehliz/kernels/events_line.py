"""Lines of the event loop: quays where cargo waits, ships that fill or leave by the clock, crossings, berths, turns.

Used by ``kernels/events.py``, whose docstring has the rules (numbered there, quoted here).
"""

import numpy as np

from dehliz.kernels.events_agenda import CLOCK, JOIN, MOVE, OFF, TIMER, TURNED, post
from dehliz.kernels.events_data import (
    BEHIND,
    BERTH_AT,
    BERTHED,
    BY_CLOCK,
    CAME_OFF,
    CAME_OFF_H,
    CAPACITY,
    CARGO,
    CLOCK_AT,
    COUNT,
    CROSSING,
    CUT_OFF,
    DEPARTED,
    DEPARTS,
    END,
    EVENT,
    FILLS,
    FIRST_SHIP,
    FIT_LOAD,
    FREE,
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
    ORDER,
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
    STREAM,
    TAIL,
    TIMER_AT,
    TOLERANCE,
    TURN_TIME,
    TURNED_H,
    WAITING,
    Fleet,
    Log,
    State,
    World,
)
from dehliz.kernels.events_queue import join_queue, look_again, opens, take_draw
from dehliz.kernels.jit import lean_kernel


@lean_kernel
def _fit_next(world: World, fleet: Fleet, state: State, quay: int, consignment: int) -> None:
    """Let the next in line board in thought, or see that it does not fit."""
    capacity = fleet.quay_h[quay, CAPACITY]
    load = state.dock_h[quay, FIT_LOAD] + world.stage_h[state.here[consignment, STAGE], LOAD]
    if load > capacity + TOLERANCE:
        state.dock[quay, IS_FULL] = 1
        return
    state.dock_h[quay, FIT_LOAD] = load
    state.dock[quay, LAST_FIT] = consignment
    state.dock[quay, IS_FULL] = 1 if load >= capacity - TOLERANCE else 0


@lean_kernel
def _sail(
    world: World, fleet: Fleet, state: State, log: Log, quay: int, last: int, load: float, now_h: float
) -> None:
    """Leave with those in line up to ``last``, or empty when that is -1."""
    resource = int(fleet.quay[quay, PORT])
    voyage = int(state.tally[SAILED])
    state.tally[SAILED] = voyage + 1
    state.tally[EVENT] += 1
    state.voyage[voyage, CARGO] = NOBODY
    count = 0
    if last != NOBODY:
        queue = state.desk[resource, QUEUE]
        consignment = state.queue[queue, HEAD]
        state.voyage[voyage, CARGO] = consignment
        state.queue[queue, HEAD] = state.here[last, NEXT]
        if state.queue[queue, HEAD] == NOBODY:
            state.queue[queue, TAIL] = NOBODY
        state.here[last, NEXT] = NOBODY
        while consignment != NOBODY:
            count += 1
            row = state.here[consignment, ROW] - 1
            if row < log.time_h.shape[0]:
                log.time_h[row, START] = now_h
            consignment = state.here[consignment, NEXT]
        state.desk[resource, WAITING] -= count
    log.trip[voyage, FROM] = quay
    log.trip_h[voyage, ON_BOARD] = load
    log.trip[voyage, COUNT] = count
    log.trip_h[voyage, DEPARTED] = now_h
    for at in range(CAME_OFF_H, TURNED_H + 1):
        log.trip_h[voyage, at] = np.nan
    off_h = now_h + fleet.quay_h[quay, CROSSING] * take_draw(world, state, resource)
    if off_h <= world.end_h:
        post(state.agenda, off_h, OFF + voyage)


@lean_kernel
def _sail_full(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """Leave with those that fit, and see who fits in the next ship."""
    _sail(world, fleet, state, log, quay, state.dock[quay, LAST_FIT], state.dock_h[quay, FIT_LOAD], now_h)
    state.dock_h[quay, FIT_LOAD] = 0.0
    state.dock[quay, LAST_FIT] = NOBODY
    state.dock[quay, IS_FULL] = 0
    consignment = state.queue[state.desk[fleet.quay[quay, PORT], QUEUE], HEAD]
    while consignment != NOBODY and not state.dock[quay, IS_FULL]:
        _fit_next(world, fleet, state, quay, consignment)
        consignment = state.here[consignment, NEXT]


@lean_kernel
def _take_ship(fleet: Fleet, state: State, quay: int) -> None:
    """The first ready ship goes over to the other side."""
    if fleet.quay[quay, SHIPS] > 0:
        first = state.dock[quay, READY_FIRST] + 1
        state.dock[quay, READY_FIRST] = first if first < fleet.quay[quay, SHIPS] else 0
        state.dock[quay, READY_COUNT] -= 1
        state.dock[quay, SHIP_HERE] -= 1
        state.dock[quay ^ 1, SHIP_HERE] += 1


@lean_kernel
def _load_ships(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """Leave as often as the rules of FILLS have it, else plan when to look again."""
    resource = int(fleet.quay[quay, PORT])
    queue = state.desk[resource, QUEUE]
    while state.queue[queue, HEAD] != NOBODY:
        since_h = state.came_h[state.queue[queue, HEAD]]
        if fleet.quay[quay, SHIPS] > 0:
            if state.dock[quay, READY_COUNT] == 0:
                return
            since_h = max(
                since_h, state.ready_h[fleet.quay[quay, FIRST_SHIP] + state.dock[quay, READY_FIRST]]
            )
        due_h = since_h + fleet.quay_h[quay, LONGEST_WAIT]
        if not state.dock[quay, IS_FULL] and now_h < due_h:
            if state.dock_h[quay, TIMER_AT] > due_h and due_h <= world.end_h:
                state.dock_h[quay, TIMER_AT] = due_h
                post(state.agenda, due_h, TIMER + quay)
            return
        open_h = opens(world, state, resource, now_h)
        if open_h > now_h:
            look_again(world, state, resource, open_h)
            return
        _sail_full(world, fleet, state, log, quay, now_h)
        _take_ship(fleet, state, quay)


@lean_kernel
def _send_empty(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """Send an empty ship over when cargo waits at the other side and no ship is there or on its way there."""
    other = fleet.quay[quay ^ 1, PORT]
    if state.dock[quay ^ 1, SHIP_HERE] > 0 or state.desk[other, WAITING] == 0:
        return
    resource = int(fleet.quay[quay, PORT])
    loading_count = 1 if state.desk[resource, WAITING] > 0 else 0
    if state.dock[quay, READY_COUNT] <= loading_count:
        return
    open_h = opens(world, state, resource, now_h)
    if open_h > now_h:
        look_again(world, state, resource, open_h)
        return
    _sail(world, fleet, state, log, quay, NOBODY, 0.0, now_h)
    _take_ship(fleet, state, quay)


@lean_kernel
def settle_line(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """Do what a FILLS line does after anything has changed at a quay: full ships, then empty ones."""
    _load_ships(world, fleet, state, log, quay, now_h)
    if fleet.quay[quay, SHIPS] > 0:
        _send_empty(world, fleet, state, log, quay, now_h)
        _send_empty(world, fleet, state, log, quay ^ 1, now_h)


@lean_kernel
def come_to_quay(
    world: World, fleet: Fleet, state: State, log: Log, resource: int, consignment: int, now_h: float
) -> None:
    """Come to a quay and wait for a ship."""
    quay = int(world.resource[resource, QUAY])
    state.came_h[consignment] = now_h
    join_queue(state, resource, state.desk[resource, QUEUE], consignment)
    if fleet.quay[quay, DEPARTS] == FILLS:
        if not state.dock[quay, IS_FULL]:
            _fit_next(world, fleet, state, quay, consignment)
        settle_line(world, fleet, state, log, quay, now_h)


@lean_kernel
def ring_timer(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """See whether the longest wait is over."""
    state.dock_h[quay, TIMER_AT] = np.inf
    settle_line(world, fleet, state, log, quay, now_h)


@lean_kernel
def plan_departure(world: World, fleet: Fleet, state: State, quay: int) -> None:
    """Plan the next departure of a timetable, if there is one before the end."""
    at = state.dock[quay, CLOCK_AT]
    if at < fleet.quay[quay, LAST_DEPARTURE] and fleet.departure_h[at] <= world.end_h:
        state.dock[quay, CLOCK_AT] = at + 1
        post(state.agenda, fleet.departure_h[at], CLOCK + 2 * quay)


@lean_kernel
def _sail_by_clock(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """Leave with those who were there in time, in order, as far as they fit; nothing happens when there are none."""
    latest_h = now_h - fleet.quay_h[quay, CUT_OFF]
    load = 0.0
    last = NOBODY
    consignment = state.queue[state.desk[fleet.quay[quay, PORT], QUEUE], HEAD]
    while consignment != NOBODY and state.came_h[consignment] <= latest_h:
        more = load + world.stage_h[state.here[consignment, STAGE], LOAD]
        if more > fleet.quay_h[quay, CAPACITY] + TOLERANCE:
            break
        load = more
        last = consignment
        consignment = state.here[consignment, NEXT]
    if last != NOBODY:
        _sail(world, fleet, state, log, quay, last, load, now_h)


@lean_kernel
def strike_clock(world: World, fleet: Fleet, state: State, log: Log, number: int, now_h: float) -> None:
    """A departure by timetable: leave, or wait for the end of a closure."""
    quay = number >> 1
    is_late = number & 1
    sailing_count = 1
    if is_late:
        sailing_count = state.dock[quay, LATE_COUNT]
        state.dock[quay, LATE_COUNT] = 0
    else:
        plan_departure(world, fleet, state, quay)
    open_h = opens(world, state, fleet.quay[quay, PORT], now_h)
    if open_h > now_h:
        if state.dock[quay, LATE_COUNT] == 0 and open_h <= world.end_h:
            post(state.agenda, open_h, CLOCK + 2 * quay + 1)
        state.dock[quay, LATE_COUNT] += sailing_count
        return
    for _ in range(sailing_count):
        _sail_by_clock(world, fleet, state, log, quay, now_h)


@lean_kernel
def _land(world: World, fleet: Fleet, state: State, log: Log, voyage: int, now_h: float) -> None:
    """Begin the turn of a ship: cargo goes ashore."""
    quay = int(log.trip[voyage, FROM]) ^ 1
    log.trip_h[voyage, BERTHED] = now_h
    consignment = state.voyage[voyage, CARGO]
    while consignment != NOBODY:
        row = state.here[consignment, ROW] - 1
        if row < log.time_h.shape[0]:
            log.time_h[row, END] = now_h
        post(state.agenda, now_h, MOVE + int(consignment))
        consignment = state.here[consignment, NEXT]
    turned_h = now_h + fleet.quay_h[quay, TURN_TIME] * take_draw(world, state, fleet.quay[quay, STREAM])
    if turned_h <= world.end_h:
        log.trip_h[voyage, TURNED_H] = turned_h
        if fleet.quay[quay, BERTH_AT] >= 0 or (
            fleet.quay[quay, DEPARTS] != BY_CLOCK and fleet.quay[quay, SHIPS] > 0
        ):
            post(state.agenda, turned_h, TURNED + voyage)


@lean_kernel
def use_berths(world: World, fleet: Fleet, state: State, log: Log, berth: int, now_h: float) -> None:
    """Let ships berth in order, as long as there is room and the first one's side is open."""
    queue = state.desk[berth, QUEUE]
    while state.queue[queue, HEAD] != NOBODY and state.desk[berth, FREE] > 0:
        voyage = int(state.queue[queue, HEAD])
        open_h = max(
            opens(world, state, berth, now_h),
            opens(world, state, fleet.quay[log.trip[voyage, FROM] ^ 1, PORT], now_h),
        )
        if open_h > now_h:
            look_again(world, state, berth, open_h)
            return
        state.queue[queue, HEAD] = state.voyage[voyage, BEHIND]
        if state.queue[queue, HEAD] == NOBODY:
            state.queue[queue, TAIL] = NOBODY
        state.desk[berth, WAITING] -= 1
        state.desk[berth, FREE] -= 1
        _land(world, fleet, state, log, voyage, now_h)


@lean_kernel
def ask_for_berth(world: World, fleet: Fleet, state: State, log: Log, order: int, now_h: float) -> None:
    """A ship off its port: wait for the port to open, then for a berth, then land."""
    voyage = int(state.voyage[order, ORDER])
    quay = int(log.trip[voyage, FROM]) ^ 1
    open_h = opens(world, state, fleet.quay[quay, PORT], now_h)
    if open_h > now_h:
        if open_h <= world.end_h:
            post(state.agenda, open_h, JOIN + order)
        return
    berth = int(fleet.quay[quay, BERTH_AT])
    if berth < 0:
        _land(world, fleet, state, log, voyage, now_h)
        return
    queue = state.desk[berth, QUEUE]
    state.voyage[voyage, BEHIND] = NOBODY
    if state.queue[queue, TAIL] == NOBODY:
        state.queue[queue, HEAD] = voyage
    else:
        state.voyage[state.queue[queue, TAIL], BEHIND] = voyage
    state.queue[queue, TAIL] = voyage
    state.desk[berth, WAITING] += 1
    use_berths(world, fleet, state, log, berth, now_h)


@lean_kernel
def come_off(world: World, fleet: Fleet, state: State, log: Log, voyage: int, now_h: float) -> None:
    """A ship comes off its port."""
    log.trip_h[voyage, CAME_OFF_H] = now_h
    order = state.tally[CAME_OFF]
    state.tally[CAME_OFF] = order + 1
    state.tally[EVENT] += 1
    state.voyage[order, ORDER] = voyage
    ask_for_berth(world, fleet, state, log, order, now_h)


@lean_kernel
def end_turn(world: World, fleet: Fleet, state: State, log: Log, voyage: int, now_h: float) -> None:
    """A ship has turned: its berth is free, and it is ready."""
    quay = int(log.trip[voyage, FROM]) ^ 1
    berth = int(fleet.quay[quay, BERTH_AT])
    state.tally[EVENT] += 1
    if berth >= 0:
        state.desk[berth, FREE] += 1
        use_berths(world, fleet, state, log, berth, now_h)
    if fleet.quay[quay, DEPARTS] == FILLS and fleet.quay[quay, SHIPS] > 0:
        at = state.dock[quay, READY_FIRST] + state.dock[quay, READY_COUNT]
        if at >= fleet.quay[quay, SHIPS]:
            at -= fleet.quay[quay, SHIPS]
        state.ready_h[fleet.quay[quay, FIRST_SHIP] + at] = now_h
        state.dock[quay, READY_COUNT] += 1
        settle_line(world, fleet, state, log, quay, now_h)
