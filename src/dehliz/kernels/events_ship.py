"""Ships of the event loop: they come off a port, wait for it to open and for a berth, land, turn and are ready.

Used by ``kernels/events.py``, whose docstring has the rules (10 and 11 here).
"""

from dehliz.kernels.events_agenda import JOIN, MOVE, TURNED, post
from dehliz.kernels.events_data import (
    BEHIND,
    BERTH_AT,
    BERTHED,
    BY_CLOCK,
    CAME_OFF,
    CAME_OFF_H,
    CARGO,
    DEPARTS,
    END,
    EVENT,
    FIRST_SHIP,
    FREE,
    FROM,
    HEAD,
    NEXT,
    NOBODY,
    ORDER,
    PORT,
    QUEUE,
    READY_COUNT,
    READY_FIRST,
    ROW,
    SHIPS,
    STREAM,
    TAIL,
    TURN_TIME,
    TURNED_H,
    WAITING,
    Fleet,
    Log,
    State,
    World,
)  # fmt: skip
from dehliz.kernels.events_queue import look_again, opens, take_draw
from dehliz.kernels.jit import inlined_kernel, lean_kernel

LANDS = -2
"""In place of a berth: the ship lands at once."""


@inlined_kernel
def come_off(state: State, log: Log, voyage: int, now_h: float) -> int:
    """A ship comes off its port; returns its place in the order of arrival."""
    log.trip_h[voyage, CAME_OFF_H] = now_h
    order = state.tally[CAME_OFF]
    state.tally[CAME_OFF] = order + 1
    state.tally[EVENT] += 1
    state.voyage[order, ORDER] = voyage
    return int(order)


@lean_kernel
def ask_for_berth(world: World, fleet: Fleet, state: State, log: Log, order: int, now_h: float) -> int:
    """Wait for the port to open (-1), or for a berth, which is told, or land at once (``LANDS``)."""
    voyage = int(state.voyage[order, ORDER])
    quay = int(log.trip[voyage, FROM]) ^ 1
    open_h = opens(world, state, fleet.quay[quay, PORT], now_h)
    if open_h > now_h:
        if open_h <= world.end_h:
            post(state.agenda, open_h, JOIN + order)
        return NOBODY
    berth = int(fleet.quay[quay, BERTH_AT])
    if berth < 0:
        return LANDS
    queue = state.desk[berth, QUEUE]
    state.voyage[voyage, BEHIND] = NOBODY
    if state.queue[queue, TAIL] == NOBODY:
        state.queue[queue, HEAD] = voyage
    else:
        state.voyage[state.queue[queue, TAIL], BEHIND] = voyage
    state.queue[queue, TAIL] = voyage
    state.desk[berth, WAITING] += 1
    return berth


@inlined_kernel
def _next_to_berth(world: World, fleet: Fleet, state: State, log: Log, berth: int, now_h: float) -> int:
    """The first ship in line, when there is room and its side is open; else -1."""
    queue = state.desk[berth, QUEUE]
    voyage = int(state.queue[queue, HEAD])
    if voyage == NOBODY or state.desk[berth, FREE] <= 0:
        return NOBODY
    port = fleet.quay[log.trip[voyage, FROM] ^ 1, PORT]
    open_h = max(opens(world, state, berth, now_h), opens(world, state, port, now_h))
    if open_h > now_h:
        look_again(world, state, berth, open_h)
        return NOBODY
    state.queue[queue, HEAD] = state.voyage[voyage, BEHIND]
    if state.queue[queue, HEAD] == NOBODY:
        state.queue[queue, TAIL] = NOBODY
    state.desk[berth, WAITING] -= 1
    state.desk[berth, FREE] -= 1
    return voyage


@lean_kernel
def land(world: World, fleet: Fleet, state: State, log: Log, berth: int, voyage: int, now_h: float) -> None:
    """Let ships berth in order, as long as there is room (rule 11); for ``LANDS`` the given one. Cargo goes ashore.

    O(log n) for each ship and each consignment that lands.
    """
    while True:
        if berth >= 0:
            voyage = _next_to_berth(world, fleet, state, log, berth, now_h)
        if voyage == NOBODY:
            return
        quay = int(log.trip[voyage, FROM]) ^ 1
        log.trip_h[voyage, BERTHED] = now_h
        one = state.voyage[voyage, CARGO]
        while one != NOBODY:
            row = state.here[one, ROW] - 1
            if row < log.time_h.shape[0]:
                log.time_h[row, END] = now_h
            post(state.agenda, now_h, MOVE + int(one))
            one = state.here[one, NEXT]
        turned_h = now_h + fleet.quay_h[quay, TURN_TIME] * take_draw(world, state, fleet.quay[quay, STREAM])
        if turned_h <= world.end_h:
            log.trip_h[voyage, TURNED_H] = turned_h
            if fleet.quay[quay, BERTH_AT] >= 0 or fleet.quay[quay, SHIPS] > 0:
                post(state.agenda, turned_h, TURNED + voyage)
        if berth < 0:
            return


@lean_kernel
def end_turn(fleet: Fleet, state: State, quay: int, now_h: float) -> int:
    """A ship has turned: its berth is free, and it is ready; returns the quay where it may leave now, or -1."""
    berth = int(fleet.quay[quay, BERTH_AT])
    state.tally[EVENT] += 1
    if berth >= 0:
        state.desk[berth, FREE] += 1
    count = fleet.quay[quay, SHIPS]
    if fleet.quay[quay, DEPARTS] == BY_CLOCK or count == 0:
        return NOBODY
    at = state.dock[quay, READY_FIRST] + state.dock[quay, READY_COUNT]
    state.ready_h[fleet.quay[quay, FIRST_SHIP] + (at if at < count else at - count)] = now_h
    state.dock[quay, READY_COUNT] += 1
    return quay
