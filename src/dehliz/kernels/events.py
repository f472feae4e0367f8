"""The event loop: consignments through queues, pools and lines of ships, every event in its order.

``simulation/run.py`` makes the arrays of ``events_data.py`` of a ``System`` and its ``Draws`` and calls ``run_loop``.
Systems without fleets, pools, detours and priorities can go through ``recursion.py`` instead, with the same answer.

Rules
-----
1. Order. Events happen by (time, rank, number): a closure ends (resource), a token is back (pool), a ship has turned
   (departure), comes off a port (departure), asks for a berth after a closure (order of arrival off any port), a
   consignment is released or through with its stage (consignment), a ship has waited its longest (2 line + side),
   leaves by the clock (2 line + side). Departures are numbered in the order in which they leave. An event at
   ``end_h`` happens.
2. Coming. A consignment that is through with a stage first leaves its place to the next who waits, then comes to its
   next stage at the same moment, before anything else happens. It finds as many waiting as stand there and have not
   begun; ships at berths and those in work do not count.
3. Detours. With ``can_replan``, who comes to a stage that has a detour while its resource has been shut for at least
   ``patience_h`` goes on at the detour stage at once, and the stage it did not pass has no record. Closures that touch
   are one: it has been shut since the first of them began, and opens as the last of them ends.
4. DELAY. Everybody begins on coming; in a closure, at its end. The k-th to come takes the k-th draw.
5. SERVE. First come, first served within a priority, lower priorities first, and nobody begins in a closure; work
   that has begun is finished. The k-th to begin takes the k-th draw.
6. TAKE. As SERVE, with tokens for servers, and no time. GIVE. The consignment goes on at once; the token is back
   after the stage's time (times the k-th draw); closures of a GIVE have no effect.
7. Boarding. Strictly in the order of coming to the quay, whatever the priority; the first that does not fit holds
   up those behind it. Loads are compared with a tolerance of 1e-9.
8. FILLS. A ship that is ready takes those who wait. It leaves when the next in line does not fit or the load
   reaches the capacity; else ``longest_wait_h`` after the later of the coming of the first in line and the moment the
   ship was ready; in a closure of the side, at its end, if one of the two holds then. Ships at a side leave in the
   order in which they were ready. The first ready ship loads while cargo waits; others are empty, and so are all
   while no cargo waits. An empty ship goes over (a departure with load 0) when cargo waits at the other side and
   no ship of the line is there or on its way there; in a closure of its side, it waits for the end.
9. CLOCK. Fleets do not count. A departure takes, in order, who came by ``cut_off_h`` before it and fits. In a closure
   it is postponed to the end and takes who came by ``cut_off_h`` before that. With nobody to take it is not
   recorded and takes no draw.
10. Crossing. The k-th departure of a BOARD resource, empty ones included, takes the k-th draw of its stream. A ship
    off a shut side waits for it to open; ships of all lines then ask for berths in the order in which they came.
11. Berths. In the order of asking; the first holds up those behind it while its side or the berth itself is shut.
    Without a berth resource the turn begins at once. Cargo goes ashore as the turn begins. The k-th turn of a line to
    begin takes the k-th draw of its turn stream; then the berth is free and the ship is ready on that side.
12. Events counted: releases, ends of stages other than BOARD, departures, arrivals off a port, ends of turns that free
    a berth or a ship, tokens that come back.
"""

import numpy as np

from dehliz.kernels.events_agenda import IS_OPEN_ROOT, IS_OVERFULL, MOVE, RANK_BITS, TOKEN, post, tidy
from dehliz.kernels.events_data import (
    BERTH,
    BERTH_AT,
    BOARD,
    BY_CLOCK,
    CLOSURE_AT,
    CLOSURE_LAST,
    DELAY,
    DEPARTS,
    DETOUR,
    END,
    ENTRY,
    EVENT,
    FAULT,
    FOLLOWS,
    FREE,
    FROM,
    GIVE,
    IS_PLAIN,
    KIND,
    LEFT,
    MEAN,
    NOBODY,
    OPENS,
    ORDER,
    PARTNER,
    QUAY,
    RESOURCE,
    ROW,
    SERVE,
    SHUTS,
    STAGE,
    START,
    TIMER_AT,
    WAITING,
    Fleet,
    Log,
    State,
    World,
)  # fmt: skip
from dehliz.kernels.events_line import come_to_quay, plan_departure, settle, strike_clock
from dehliz.kernels.events_make import sample_run
from dehliz.kernels.events_queue import come_to_serve, opens, serve_waiting, take_draw, write_ready
from dehliz.kernels.events_ship import ask_for_berth, come_off, end_turn, land
from dehliz.kernels.jit import Status, inlined_kernel, lean_kernel

OK = int(Status.OK)
OVERFLOW = int(Status.OVERFLOW)
BAD_INPUT = int(Status.BAD_INPUT)
MASK = (1 << RANK_BITS) - 1
NOWHERE = -2
OPENED, TOKENED, TURN_ENDED, CAME, JOINED, MOVED, RANG, STRUCK = 0, 1, 2, 3, 4, 5, 6, 7
"""Ranks of the agenda, in its order."""


@lean_kernel
def _detour(world: World, state: State, stage: int, patience_h: float, now_h: float) -> int:
    """Where to go on instead of a stage whose resource has long been shut (rule 3); O(detours + closures)."""
    left = world.stage.shape[0]
    while stage >= 0 and left > 0 and world.stage[stage, DETOUR] >= 0:
        resource = world.stage[stage, RESOURCE]
        if opens(world, state, resource, now_h) <= now_h:
            break
        first = 0 if resource == 0 else state.desk[resource - 1, CLOSURE_LAST]
        at = state.desk[resource, CLOSURE_AT]
        while at > first and world.closure_h[at - 1, OPENS] >= world.closure_h[at, SHUTS]:
            at -= 1
        if now_h - world.closure_h[at, SHUTS] < patience_h:
            break
        stage = world.stage[stage, DETOUR]
        left -= 1
    return stage


@inlined_kernel
def _pass_delay(world: World, state: State, log: Log, resource: int, consignment: int, now_h: float) -> None:
    """Pass a DELAY, and those after it that take as long for everybody at any time (rule 4); O(stages passed)."""
    here = state.here
    stage = here[consignment, STAGE]
    ready_h = now_h
    while True:
        start_h = ready_h
        found = 0
        if not world.resource[resource, IS_PLAIN]:
            open_h = opens(world, state, resource, ready_h)
            if open_h > ready_h:
                start_h = open_h
                if state.wake_h[resource] != open_h:
                    state.wake_h[resource] = open_h
                    state.desk[resource, WAITING] = 0
                found = state.desk[resource, WAITING]
                state.desk[resource, WAITING] = found + 1
        end_h = start_h + world.stage_h[stage, MEAN] * take_draw(world, state, resource)
        row = here[consignment, ROW] - 1
        if row < log.time_h.shape[0]:
            write_ready(log, row, stage, ready_h, found)
            if start_h <= world.end_h:
                log.time_h[row, START] = start_h
            if end_h <= world.end_h:
                log.time_h[row, END] = end_h
        if end_h > world.end_h:
            return
        stage = world.stage[stage, FOLLOWS]
        if (
            stage < 0
            or here[consignment, LEFT] == 0
            or not world.resource[world.stage[stage, RESOURCE], IS_PLAIN]
        ):
            break
        state.tally[EVENT] += 1
        resource = world.stage[stage, RESOURCE]
        ready_h = end_h
        here[consignment, STAGE] = stage
        here[consignment, ROW] += 1
        here[consignment, LEFT] -= 1
    post(state.agenda, end_h, MOVE + consignment)


@inlined_kernel
def _arrive(
    world: World,
    fleet: Fleet,
    state: State,
    log: Log,
    consignment: int,
    stage: int,
    patience_h: float,
    now_h: float,
) -> int:
    """Come to a stage, and through those that take no time (rule 2); returns a quay where a ship may leave, or -1."""
    here = state.here
    while True:
        if patience_h < np.inf:
            stage = _detour(world, state, stage, patience_h, now_h)
        if stage < 0:
            log.done_h[consignment] = now_h
            return NOBODY
        if here[consignment, LEFT] == 0:
            state.tally[FAULT] = OVERFLOW
            return NOBODY
        row = here[consignment, ROW]
        here[consignment, STAGE] = stage
        here[consignment, ROW] = row + 1
        here[consignment, LEFT] -= 1
        resource = int(world.stage[stage, RESOURCE])
        kind = world.resource[resource, KIND]
        if kind == DELAY:
            _pass_delay(world, state, log, resource, consignment, now_h)
            return NOBODY
        if kind == BERTH:
            state.tally[FAULT] = BAD_INPUT
            return NOBODY
        if kind != GIVE:
            write_ready(log, row, stage, now_h, state.desk[resource, WAITING])
            if kind == BOARD:
                return come_to_quay(world, fleet, state, resource, consignment, now_h)
            come_to_serve(world, state, log, resource, consignment, now_h)
            return NOBODY
        write_ready(log, row, stage, now_h, 0)
        if row < log.time_h.shape[0]:
            log.time_h[row, START] = now_h
            log.time_h[row, END] = now_h
        state.tally[EVENT] += 1
        back_h = now_h + world.stage_h[stage, MEAN] * take_draw(world, state, resource)
        if back_h <= world.end_h:
            post(state.agenda, back_h, TOKEN + int(world.resource[resource, PARTNER]))
        stage = world.stage[stage, FOLLOWS]


@inlined_kernel
def _leave(world: World, state: State, consignment: int) -> int:
    """End a stage; returns the resource where a server is free now, or -1 (rule 2)."""
    resource = int(world.stage[state.here[consignment, STAGE], RESOURCE])
    kind = world.resource[resource, KIND]
    if kind != BOARD:
        state.tally[EVENT] += 1
    if kind != SERVE:
        return NOBODY
    state.desk[resource, FREE] += 1
    return resource


@lean_kernel
def _happen(
    world: World, fleet: Fleet, state: State, log: Log, rank: int, number: int, now_h: float
) -> tuple[int, int, int, int]:
    """Whatever is not a consignment's move.

    Returns
    -------
    desk, berth, voyage, quay : int
        Where somebody may begin, a ship berth (``LANDS``: this one lands), a ship leave now; -1 where that is nowhere.
    """
    desk, berth, voyage, quay = NOBODY, NOBODY, NOBODY, NOBODY
    if rank == OPENED:
        kind = world.resource[number, KIND]
        if kind == BERTH:
            berth = number
        elif kind == BOARD:
            quay = int(world.resource[number, QUAY])
        else:
            desk = number
    elif rank == TOKENED:
        state.tally[EVENT] += 1
        state.desk[number, FREE] += 1
        desk = number
    elif rank == TURN_ENDED:
        side = int(log.trip[number, FROM]) ^ 1
        berth = int(fleet.quay[side, BERTH_AT])
        quay = end_turn(fleet, state, side, now_h)
    elif rank == RANG:
        quay = number
        state.dock_h[quay, TIMER_AT] = np.inf
    elif rank == STRUCK:
        quay = strike_clock(world, fleet, state, number, now_h)
    else:
        order = come_off(state, log, number, now_h) if rank == CAME else number
        voyage = int(state.voyage[order, ORDER])
        berth = ask_for_berth(world, fleet, state, log, order, now_h)
    return desk, berth, voyage, quay


@lean_kernel
def run_loop(world: World, fleet: Fleet, state: State, patience_h: float, out_log: Log) -> int:
    """Run from the first release to the end; returns a ``Status``.

    Parameters
    ----------
    world : World
        Resources, stages, consignments, chances.
    fleet : Fleet
        Lines.
    state : State
        As ``simulation/run.py`` makes it; used up.
    patience_h : float
        How long a resource must have been shut for a detour [h]; ``inf`` where there are none.
    out_log : Log
        ``done_h`` is NaN before.

    Notes
    -----
    O(events x log(things under way)). Releases are not in the agenda: the next of them is compared with its first.
    OVERFLOW: a consignment passed more stages than its flow can, or more tokens came back than there are.
    BAD_INPUT: a stage leads to a berth.

    References
    ----------
    Law 2015, Simulation modeling and analysis, fifth edition, section 1.3.1 (the clock goes on to the next event).
    """
    agenda = state.agenda
    next_one = 0
    count = world.release_h.shape[0]
    for quay in range(fleet.quay.shape[0]):
        if fleet.quay[quay, DEPARTS] == BY_CLOCK:
            plan_departure(world, fleet, state, quay)
    while state.tally[FAULT] == OK:
        entry_count = tidy(agenda)
        now_h = world.release_h[next_one] if next_one < count else np.inf
        what = MOVE + next_one
        is_release = entry_count == 0 or (
            now_h < agenda.time_h[0] or (now_h == agenda.time_h[0] and what < agenda.code[0])
        )
        stage, desk, berth, voyage, quay = NOWHERE, NOBODY, NOBODY, NOBODY, NOBODY
        if is_release:
            if now_h > world.end_h or next_one >= count:
                break
            state.tally[EVENT] += 1
            number = next_one
            stage = int(world.who[next_one, ENTRY])
            next_one += 1
        else:
            now_h = agenda.time_h[0]
            what = int(agenda.code[0])
            agenda.size[IS_OPEN_ROOT] = 1
            number = what & MASK
            if what >> RANK_BITS == MOVED:
                desk = _leave(world, state, number)
                stage = int(world.stage[state.here[number, STAGE], FOLLOWS])
            else:
                desk, berth, voyage, quay = _happen(
                    world, fleet, state, out_log, what >> RANK_BITS, number, now_h
                )
        if desk != NOBODY:
            serve_waiting(world, state, out_log, desk, now_h)
        if berth != NOBODY:
            land(world, fleet, state, out_log, berth, voyage, now_h)
        if stage != NOWHERE:
            quay = _arrive(world, fleet, state, out_log, number, stage, patience_h, now_h)
        if quay != NOBODY:
            settle(world, fleet, state, out_log, quay, now_h)
    if agenda.size[IS_OVERFULL]:
        return OVERFLOW
    return int(state.tally[FAULT])


@run_loop.sample
def _run_loop_sample() -> tuple[object, ...]:
    return sample_run()
