"""Lines of the recursion: one quay from its first cargo to the end, ships always at hand.

Rules 7 to 10 of ``kernels/events.py``. Departures of all quays are put in order, and ships turned, by
``simulation/run_recursion.py``.
"""

import numpy as np

from dehliz.kernels.events_agenda import CLOCK, MOVE, OPEN, TIMER
from dehliz.kernels.events_data import (
    BERTHED,
    CAME_OFF_H,
    CAPACITY,
    CLOCK_AT,
    COUNT,
    CROSSING,
    CUT_OFF,
    DEPARTED,
    END,
    EVENT,
    FROM,
    LAST_DEPARTURE,
    LOAD,
    LONGEST_WAIT,
    ON_BOARD,
    PORT,
    QUAY,
    ROW,
    SAILED,
    STAGE,
    START,
    TOLERANCE,
    TURNED_H,
    Fleet,
    Log,
    Longs,
    State,
    World,
)
from dehliz.kernels.events_queue import take_draw
from dehliz.kernels.jit import Status, inlined_kernel, lean_kernel
from dehliz.kernels.recursion_data import Visits
from dehliz.kernels.recursion_move import come, opens_at, pass_on

OK = int(Status.OK)
NO_PROGRESS = int(Status.NO_PROGRESS)


@lean_kernel
def _sail(
    world: World,
    fleet: Fleet,
    state: State,
    visits: Visits,
    log: Log,
    quay: int,
    first: int,
    last: int,
    load: float,
    now_h: float,
) -> int:
    """Leave with visits ``first:last``, cross, and land when the other side is open (rule 10).

    Returns OK, or NO_PROGRESS when the crossing takes no time. O(last - first + log of the closures).
    """
    voyage = int(state.tally[SAILED])
    state.tally[SAILED] = voyage + 1
    state.tally[EVENT] += 1
    log.trip[voyage, FROM] = quay
    log.trip[voyage, COUNT] = last - first
    log.trip_h[voyage, ON_BOARD] = load
    log.trip_h[voyage, DEPARTED] = now_h
    for at in range(CAME_OFF_H, TURNED_H + 1):
        log.trip_h[voyage, at] = np.nan
    keeps_log = log.time_h.shape[0] > 0
    if keeps_log:
        for at in range(first, last):
            log.time_h[state.here[visits.who[at], ROW] - 1, START] = now_h
    off_h = now_h + fleet.quay_h[quay, CROSSING] * take_draw(world, state, fleet.quay[quay, PORT])
    if off_h <= now_h:
        return NO_PROGRESS
    if off_h > world.end_h:
        return OK
    log.trip_h[voyage, CAME_OFF_H] = off_h
    state.tally[EVENT] += 1
    land_h = max(off_h, opens_at(world, state, int(fleet.quay[quay ^ 1, PORT]), off_h))
    if land_h > world.end_h:
        return OK
    log.trip_h[voyage, BERTHED] = land_h
    for at in range(first, last):
        one = int(visits.who[at])
        if keeps_log:
            log.time_h[state.here[one, ROW] - 1, END] = land_h
        pass_on(world, state, visits, log, one, land_h)
    return OK


@inlined_kernel
def _fill(
    world: World,
    state: State,
    visits: Visits,
    coming: int,
    room: float,
    fit: int,
    load: float,
    is_full: bool,
) -> tuple[int, float, bool]:
    """See who of visits ``fit:coming`` fits besides a load (rule 7), each once.

    Returns
    -------
    fit : int
        End of those who fit.
    load : float
        Load with them, in the unit of the capacity.
    is_full : bool
        Whether nobody more fits.
    """
    while fit < coming and not is_full:
        more = load + world.stage_h[state.here[visits.who[fit], STAGE], LOAD]
        if more > room + TOLERANCE:
            is_full = True
        else:
            load = more
            fit += 1
            is_full = load >= room - TOLERANCE
    return fit, load, is_full


@lean_kernel
def run_filling(
    world: World, fleet: Fleet, state: State, visits: Visits, log: Log, resource: int, out_cause: Longs
) -> int:
    """A quay whose ships fill or wait their longest (rule 8); returns a ``Status``.

    Parameters
    ----------
    world, fleet, state, visits, log : World, Fleet, State, Visits, Log
        As for ``run_recursion``.
    resource : int
        The BOARD resource.
    out_cause : (departure_capacity,) int64
        Code of the event at which each departure left.

    Notes
    -----
    Goes from event to event of this quay: the next to come, or the departure that is planned for those in line.
    O(n log c) for n visits and c closures.
    """
    quay = int(world.resource[resource, QUAY])
    room = fleet.quay_h[quay, CAPACITY]
    wait_h = fleet.quay_h[quay, LONGEST_WAIT]
    coming = visits.first[resource]
    last = visits.fill[resource]
    head = coming  # first in line
    fit = coming  # end of those who fit in the next ship
    load, is_full = 0.0, False
    now_h = -np.inf
    status = OK
    while status == OK:
        next_h = visits.ready_h[coming] if coming < last else np.inf
        plan_h = np.inf
        cause = OPEN + resource
        if head < coming:
            plan_h = now_h if is_full else max(now_h, visits.ready_h[head] + wait_h)
            open_h = opens_at(world, state, resource, plan_h)
            if open_h > plan_h:
                plan_h = open_h
            else:
                cause = TIMER + quay
        if plan_h > next_h or (plan_h == next_h and cause > MOVE) or plan_h > world.end_h:
            if coming == last:
                break
            one = int(visits.who[coming])
            now_h = next_h
            cause = MOVE + one
            come(world, state, log, one, now_h, np.inf, np.inf, coming - head)
            coming += 1
        else:
            now_h = plan_h
        while True:
            fit, load, is_full = _fill(world, state, visits, coming, room, fit, load, is_full)
            if head == coming or (not is_full and now_h < visits.ready_h[head] + wait_h):
                break
            if opens_at(world, state, resource, now_h) > now_h:
                break
            out_cause[state.tally[SAILED]] = cause
            status = _sail(world, fleet, state, visits, log, quay, head, fit, load, now_h)
            if status != OK:
                break
            head, load, is_full = fit, 0.0, False
    return status


@lean_kernel
def run_clock(
    world: World, fleet: Fleet, state: State, visits: Visits, log: Log, resource: int, out_cause: Longs
) -> int:
    """A quay whose ships leave by the clock (rule 9); returns a ``Status``.

    Parameters
    ----------
    world, fleet, state, visits, log : World, Fleet, State, Visits, Log
        As for ``run_recursion``.
    resource : int
        The BOARD resource.
    out_cause : (departure_capacity,) int64
        Code of the event at which each departure left.

    Notes
    -----
    O(n + d log c) for n visits, d departures and c closures.
    """
    quay = int(world.resource[resource, QUAY])
    coming = visits.first[resource]
    last = visits.fill[resource]
    head = coming
    status = OK
    for at in range(state.dock[quay, CLOCK_AT], fleet.quay[quay, LAST_DEPARTURE]):
        now_h = fleet.departure_h[at]
        now_h = max(now_h, opens_at(world, state, resource, now_h))
        if now_h > world.end_h:
            break
        while coming < last and visits.ready_h[coming] <= now_h:
            come(
                world,
                state,
                log,
                int(visits.who[coming]),
                visits.ready_h[coming],
                np.inf,
                np.inf,
                coming - head,
            )
            coming += 1
        latest_h = now_h - fleet.quay_h[quay, CUT_OFF]
        load = 0.0
        fit = head
        while fit < coming and visits.ready_h[fit] <= latest_h:
            more = load + world.stage_h[state.here[visits.who[fit], STAGE], LOAD]
            if more > fleet.quay_h[quay, CAPACITY] + TOLERANCE:
                break
            load = more
            fit += 1
        if fit > head:
            out_cause[state.tally[SAILED]] = CLOCK + 2 * quay
            status = _sail(world, fleet, state, visits, log, quay, head, fit, load, now_h)
            if status != OK:
                break
            head = fit
    while coming < last and status == OK:
        come(
            world, state, log, int(visits.who[coming]), visits.ready_h[coming], np.inf, np.inf, coming - head
        )
        coming += 1
    return status
