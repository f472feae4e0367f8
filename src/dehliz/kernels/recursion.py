"""Resource by resource instead of event by event, where nobody ever comes back to a resource.

Without fleets, berths, pools, detours and priorities, what happens at a resource depends only on who comes and when.
So resources are taken in the order of the flow: those who come are sorted, delays and servers follow the recursion
of Kiefer and Wolfowitz, ships fill or leave by the clock in one pass. Gives to the byte what ``kernels/events.py``
gives, whose rules hold here too. ``simulation/run.py`` chooses.
"""

import numpy as np

from dehliz.kernels.events_data import (
    BOARD,
    BY_CLOCK,
    DELAY,
    DEPARTS,
    ENTRY,
    EVENT,
    FREE,
    KIND,
    MEAN,
    QUAY,
    RESOURCE,
    STAGE,
    Fleet,
    Ints,
    Log,
    Longs,
    State,
    World,
)
from dehliz.kernels.events_make import sample_run
from dehliz.kernels.events_queue import opens, take_draw
from dehliz.kernels.jit import Status, lean_kernel
from dehliz.kernels.recursion_data import Visits, make_visits, sort_visits
from dehliz.kernels.recursion_line import run_clock, run_filling
from dehliz.kernels.recursion_move import come, pass_on

OK = int(Status.OK)
NO_PROGRESS = int(Status.NO_PROGRESS)


@lean_kernel
def _run_delay(world: World, state: State, visits: Visits, log: Log, resource: int) -> int:
    """Everybody begins on coming, or as the closure ends (rule 4); O(visits + closures)."""
    waiting = 0
    last_h = -np.inf
    for at in range(visits.first[resource], visits.fill[resource]):
        one = visits.who[at]
        ready_h = visits.ready_h[at]
        open_h = opens(world, state, resource, ready_h)
        start_h = ready_h
        found = 0
        if open_h > ready_h:
            start_h = open_h
            if open_h != last_h:
                last_h = open_h
                waiting = 0
            found = waiting
            waiting += 1
        end_h = start_h + world.stage_h[state.here[one, STAGE], MEAN] * take_draw(world, state, resource)
        come(world, state, log, one, ready_h, start_h, end_h, found)
        if end_h <= world.end_h:
            pass_on(world, state, visits, log, one, end_h)
    return OK


@lean_kernel
def _run_servers(world: World, state: State, visits: Visits, log: Log, resource: int) -> int:
    """First come, first served by the server that is free first (rule 5); O(visits x servers)."""
    free_h, free_by, start, cause = visits.free_h, visits.free_by, visits.start_h, visits.cause
    count = state.desk[resource, FREE]
    first = visits.first[resource]
    begun = 0
    for server in range(count):
        free_h[server] = -np.inf
        free_by[server] = -1
    for place in range(visits.fill[resource] - first):
        one = visits.who[first + place]
        ready_h = visits.ready_h[first + place]
        start_h = np.inf
        why = one
        if count > 0:
            start_h = ready_h
            if free_h[0] > ready_h or (free_h[0] == ready_h and free_by[0] > one):
                start_h = free_h[0]
                why = free_by[0]
        if place > 0 and start[place - 1] == start_h and cause[place - 1] > why:
            why = cause[place - 1]
        if start_h <= world.end_h:
            open_h = opens(world, state, resource, start_h)
            if open_h > start_h:
                start_h = open_h
                why = -1
        end_h = start_h
        if start_h <= world.end_h:
            end_h = start_h + world.stage_h[state.here[one, STAGE], MEAN] * take_draw(world, state, resource)
            if end_h <= start_h:
                return NO_PROGRESS
        start[place] = start_h
        cause[place] = why
        while begun < place and (start[begun] < ready_h or (start[begun] == ready_h and cause[begun] < one)):
            begun += 1
        come(world, state, log, one, ready_h, start_h, end_h, place - begun)
        at = 1
        while at < count and (free_h[at] < end_h or (free_h[at] == end_h and free_by[at] < one)):
            free_h[at - 1] = free_h[at]
            free_by[at - 1] = free_by[at]
            at += 1
        if count > 0:
            free_h[at - 1] = end_h
            free_by[at - 1] = one
        if end_h <= world.end_h:
            pass_on(world, state, visits, log, one, end_h)
    return OK


@lean_kernel
def run_recursion(
    world: World,
    fleet: Fleet,
    state: State,
    order: Ints,
    visits: Visits,
    out_log: Log,
    out_cause: Longs,
) -> int:
    """Run all resources in order; returns a ``Status``.

    Parameters
    ----------
    world, fleet : World, Fleet
        As for ``run_loop``.
    state : State
        As for ``run_loop``; its tally, draws, places of closures and ``here`` are used up.
    order : (n_resource,) int32
        Resources, each after those from which somebody comes.
    visits : Visits
        Empty, with room for all visits.
    out_log : Log
        As for ``run_loop``, but departures stand in the order of quays and without their turns.
    out_cause : (departure_capacity,) int64
        Code of the event at which each departure left.

    Notes
    -----
    O(visits x servers) and sorting. NO_PROGRESS: work or a crossing took no time, which lets things happen at one
    moment in an order that only the event loop knows.

    References
    ----------
    Kiefer, Wolfowitz 1955, On the theory of queues with many servers, Transactions of the American Mathematical
    Society 78, section 2 (the recursion of ``_run_servers``).
    """
    for one in range(world.release_h.shape[0]):
        if world.release_h[one] > world.end_h:
            break
        state.tally[EVENT] += 1
        state.here[one, STAGE] = world.who[one, ENTRY]
        resource = world.stage[world.who[one, ENTRY], RESOURCE]
        at = visits.fill[resource]
        visits.ready_h[at] = world.release_h[one]
        visits.who[at] = one
        visits.fill[resource] = at + 1
    status = OK
    for place in range(order.shape[0]):
        resource = order[place]
        sort_visits(visits, visits.first[resource], visits.fill[resource])
        kind = world.resource[resource, KIND]
        if kind == DELAY:
            status = _run_delay(world, state, visits, out_log, resource)
        elif kind != BOARD:
            status = _run_servers(world, state, visits, out_log, resource)
        elif fleet.quay[world.resource[resource, QUAY], DEPARTS] == BY_CLOCK:
            status = run_clock(world, fleet, state, visits, out_log, resource, out_cause)
        else:
            status = run_filling(world, fleet, state, visits, out_log, resource, out_cause)
        if status != OK:
            break
    return status


@run_recursion.sample
def _run_recursion_sample() -> tuple[object, ...]:
    world, fleet, state, _, log = sample_run()
    visits = make_visits(np.ones(1, np.int64), 1)
    return world, fleet, state, np.zeros(1, np.int32), visits, log, np.empty(0, np.int64)
