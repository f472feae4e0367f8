"""Lines of the event loop: quays where cargo waits, ships that fill or leave by the clock, crossings, berths, turns.

Used by ``kernels/events.py``, whose docstring has the rules (numbered there, quoted here).
"""

import numpy as np

from dehliz.kernels.events_agenda import CLOCK, JOIN, MOVE, OFF, TIMER, TURNED, post
from dehliz.kernels.events_data import (
    BY_CLOCK,
    CAME_OFF,
    END,
    EVENT,
    FILLS,
    NEXT,
    NOBODY,
    ROW,
    SAILED,
    STAGE,
    START,
    TOLERANCE,
    Fleet,
    Log,
    State,
    World,
)
from dehliz.kernels.events_queue import join_queue, look_again, opens, take_draw
from dehliz.kernels.jit import lean_kernel


@lean_kernel
def _queue(world: World, state: State, resource: int) -> int:
    """Queue of a resource where priority does not count."""
    return int(resource * (state.head.shape[0] // world.kind.shape[0]))


@lean_kernel
def _fit_next(world: World, fleet: Fleet, state: State, quay: int, consignment: int) -> None:
    """Let the next in line board in thought, or see that it does not fit."""
    capacity = fleet.capacity[quay >> 1]
    load = state.fit_load[quay] + world.stage_load[state.here[consignment, STAGE]]
    if load > capacity + TOLERANCE:
        state.is_full[quay] = 1
        return
    state.fit_load[quay] = load
    state.last_fit[quay] = consignment
    state.is_full[quay] = 1 if load >= capacity - TOLERANCE else 0


@lean_kernel
def _sail(
    world: World, fleet: Fleet, state: State, log: Log, quay: int, last: int, load: float, now_h: float
) -> None:
    """Leave with those in line up to ``last``, or empty when that is -1."""
    resource = int(fleet.resource[quay])
    voyage = int(state.tally[SAILED])
    state.tally[SAILED] = voyage + 1
    state.tally[EVENT] += 1
    state.voyage_cargo[voyage] = NOBODY
    count = 0
    if last != NOBODY:
        queue = _queue(world, state, resource)
        consignment = state.head[queue]
        state.voyage_cargo[voyage] = consignment
        state.head[queue] = state.here[last, NEXT]
        if state.head[queue] == NOBODY:
            state.tail[queue] = NOBODY
        state.here[last, NEXT] = NOBODY
        while consignment != NOBODY:
            count += 1
            row = state.here[consignment, ROW] - 1
            if row < log.time_h.shape[0]:
                log.time_h[row, START] = now_h
            consignment = state.here[consignment, NEXT]
        state.waiting[resource] -= count
    log.quay[voyage] = quay
    log.load[voyage] = load
    log.cargo_count[voyage] = count
    log.voyage_h[voyage, 0] = now_h
    for at in range(1, 4):
        log.voyage_h[voyage, at] = np.nan
    off_h = now_h + fleet.crossing_h[quay] * take_draw(world, state, resource)
    if off_h <= world.end_h:
        post(state.agenda, off_h, OFF + voyage)


@lean_kernel
def _sail_full(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """Leave with those that fit, and see who fits in the next ship."""
    _sail(world, fleet, state, log, quay, state.last_fit[quay], state.fit_load[quay], now_h)
    state.fit_load[quay] = 0.0
    state.last_fit[quay] = NOBODY
    state.is_full[quay] = 0
    consignment = state.head[_queue(world, state, fleet.resource[quay])]
    while consignment != NOBODY and not state.is_full[quay]:
        _fit_next(world, fleet, state, quay, consignment)
        consignment = state.here[consignment, NEXT]


@lean_kernel
def _take_ship(fleet: Fleet, state: State, quay: int) -> None:
    """The first ready ship goes over to the other side."""
    if fleet.ship_count[quay >> 1] > 0:
        first = state.ready_first[quay] + 1
        state.ready_first[quay] = first if first < fleet.ship_count[quay >> 1] else 0
        state.ready_count[quay] -= 1
        state.ship_here[quay] -= 1
        state.ship_here[quay ^ 1] += 1


@lean_kernel
def _load_ships(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """Leave as often as the rules of FILLS have it, else plan when to look again."""
    line = quay >> 1
    resource = int(fleet.resource[quay])
    queue = _queue(world, state, resource)
    while state.head[queue] != NOBODY:
        since_h = state.came_h[state.head[queue]]
        if fleet.ship_count[line] > 0:
            if state.ready_count[quay] == 0:
                return
            since_h = max(since_h, state.ready_h[fleet.first_ship[quay] + state.ready_first[quay]])
        due_h = since_h + fleet.longest_wait_h[line]
        if not state.is_full[quay] and now_h < due_h:
            if state.timer_h[quay] > due_h and due_h <= world.end_h:
                state.timer_h[quay] = due_h
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
    other = fleet.resource[quay ^ 1]
    if state.ship_here[quay ^ 1] > 0 or state.waiting[other] == 0:
        return
    resource = int(fleet.resource[quay])
    loading_count = 1 if state.waiting[resource] > 0 else 0
    if state.ready_count[quay] <= loading_count:
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
    if fleet.ship_count[quay >> 1] > 0:
        _send_empty(world, fleet, state, log, quay, now_h)
        _send_empty(world, fleet, state, log, quay ^ 1, now_h)


@lean_kernel
def come_to_quay(
    world: World, fleet: Fleet, state: State, log: Log, resource: int, consignment: int, now_h: float
) -> None:
    """Come to a quay and wait for a ship."""
    quay = int(world.quay[resource])
    state.came_h[consignment] = now_h
    join_queue(state, resource, _queue(world, state, resource), consignment)
    if fleet.departs[quay >> 1] == FILLS:
        if not state.is_full[quay]:
            _fit_next(world, fleet, state, quay, consignment)
        settle_line(world, fleet, state, log, quay, now_h)


@lean_kernel
def ring_timer(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """See whether the longest wait is over."""
    state.timer_h[quay] = np.inf
    settle_line(world, fleet, state, log, quay, now_h)


@lean_kernel
def plan_departure(world: World, fleet: Fleet, state: State, quay: int) -> None:
    """Plan the next departure of a timetable, if there is one before the end."""
    at = state.clock_at[quay]
    if at < fleet.first_departure[quay + 1] and fleet.departure_h[at] <= world.end_h:
        state.clock_at[quay] = at + 1
        post(state.agenda, fleet.departure_h[at], CLOCK + 2 * quay)


@lean_kernel
def _sail_by_clock(world: World, fleet: Fleet, state: State, log: Log, quay: int, now_h: float) -> None:
    """Leave with those who were there in time, in order, as far as they fit; nothing happens when there are none."""
    line = quay >> 1
    latest_h = now_h - fleet.cut_off_h[line]
    load = 0.0
    last = NOBODY
    consignment = state.head[_queue(world, state, fleet.resource[quay])]
    while consignment != NOBODY and state.came_h[consignment] <= latest_h:
        more = load + world.stage_load[state.here[consignment, STAGE]]
        if more > fleet.capacity[line] + TOLERANCE:
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
        sailing_count = state.late_count[quay]
        state.late_count[quay] = 0
    else:
        plan_departure(world, fleet, state, quay)
    open_h = opens(world, state, fleet.resource[quay], now_h)
    if open_h > now_h:
        if state.late_count[quay] == 0 and open_h <= world.end_h:
            post(state.agenda, open_h, CLOCK + 2 * quay + 1)
        state.late_count[quay] += sailing_count
        return
    for _ in range(sailing_count):
        _sail_by_clock(world, fleet, state, log, quay, now_h)


@lean_kernel
def _land(world: World, fleet: Fleet, state: State, log: Log, voyage: int, now_h: float) -> None:
    """Begin the turn of a ship: cargo goes ashore."""
    quay = int(log.quay[voyage]) ^ 1
    line = quay >> 1
    log.voyage_h[voyage, 2] = now_h
    consignment = state.voyage_cargo[voyage]
    while consignment != NOBODY:
        row = state.here[consignment, ROW] - 1
        if row < log.time_h.shape[0]:
            log.time_h[row, END] = now_h
        post(state.agenda, now_h, MOVE + int(consignment))
        consignment = state.here[consignment, NEXT]
    turned_h = now_h + fleet.turn_h[line] * take_draw(world, state, fleet.stream_base + line)
    if turned_h <= world.end_h:
        log.voyage_h[voyage, 3] = turned_h
        if fleet.berth[quay] >= 0 or (fleet.departs[line] != BY_CLOCK and fleet.ship_count[line] > 0):
            post(state.agenda, turned_h, TURNED + voyage)


@lean_kernel
def use_berths(world: World, fleet: Fleet, state: State, log: Log, berth: int, now_h: float) -> None:
    """Let ships berth in order, as long as there is room and the first one's side is open."""
    queue = _queue(world, state, berth)
    while state.head[queue] != NOBODY and state.free[berth] > 0:
        voyage = int(state.head[queue])
        open_h = max(
            opens(world, state, berth, now_h),
            opens(world, state, fleet.resource[log.quay[voyage] ^ 1], now_h),
        )
        if open_h > now_h:
            look_again(world, state, berth, open_h)
            return
        state.head[queue] = state.voyage_next[voyage]
        if state.head[queue] == NOBODY:
            state.tail[queue] = NOBODY
        state.waiting[berth] -= 1
        state.free[berth] -= 1
        _land(world, fleet, state, log, voyage, now_h)


@lean_kernel
def ask_for_berth(world: World, fleet: Fleet, state: State, log: Log, order: int, now_h: float) -> None:
    """A ship off its port: wait for the port to open, then for a berth, then land."""
    voyage = int(state.off_order[order])
    quay = int(log.quay[voyage]) ^ 1
    open_h = opens(world, state, fleet.resource[quay], now_h)
    if open_h > now_h:
        if open_h <= world.end_h:
            post(state.agenda, open_h, JOIN + order)
        return
    berth = int(fleet.berth[quay])
    if berth < 0:
        _land(world, fleet, state, log, voyage, now_h)
        return
    queue = _queue(world, state, berth)
    state.voyage_next[voyage] = NOBODY
    if state.tail[queue] == NOBODY:
        state.head[queue] = voyage
    else:
        state.voyage_next[state.tail[queue]] = voyage
    state.tail[queue] = voyage
    state.waiting[berth] += 1
    use_berths(world, fleet, state, log, berth, now_h)


@lean_kernel
def come_off(world: World, fleet: Fleet, state: State, log: Log, voyage: int, now_h: float) -> None:
    """A ship comes off its port."""
    log.voyage_h[voyage, 1] = now_h
    order = state.tally[CAME_OFF]
    state.tally[CAME_OFF] = order + 1
    state.tally[EVENT] += 1
    state.off_order[order] = voyage
    ask_for_berth(world, fleet, state, log, order, now_h)


@lean_kernel
def end_turn(world: World, fleet: Fleet, state: State, log: Log, voyage: int, now_h: float) -> None:
    """A ship has turned: its berth is free, and it is ready."""
    quay = int(log.quay[voyage]) ^ 1
    line = quay >> 1
    berth = int(fleet.berth[quay])
    state.tally[EVENT] += 1
    if berth >= 0:
        state.free[berth] += 1
        use_berths(world, fleet, state, log, berth, now_h)
    if fleet.departs[line] == FILLS and fleet.ship_count[line] > 0:
        at = state.ready_first[quay] + state.ready_count[quay]
        if at >= fleet.ship_count[line]:
            at -= fleet.ship_count[line]
        state.ready_h[fleet.first_ship[quay] + at] = now_h
        state.ready_count[quay] += 1
        settle_line(world, fleet, state, log, quay, now_h)
