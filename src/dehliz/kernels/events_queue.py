"""Queues of the event loop: closures, draws, those who wait, servers and tokens.

Used by ``kernels/events.py`` and ``kernels/events_line.py``.
"""

import numpy as np

from dehliz.kernels.events_agenda import MOVE, OPEN, post
from dehliz.kernels.events_data import (
    CLOSURE_AT,
    CLOSURE_LAST,
    DRAW_AT,
    DRAW_FIRST,
    DRAW_LAST,
    END,
    FOUND,
    FREE,
    HEAD,
    KIND,
    MEAN,
    NEXT,
    NOBODY,
    OPENS,
    QUEUE,
    READY,
    ROW,
    SHUTS,
    STAGE,
    START,
    TAIL,
    TAKE,
    TURN,
    WAITING,
    WHICH,
    Log,
    State,
    World,
)
from dehliz.kernels.jit import inlined_kernel


@inlined_kernel
def opens(world: World, state: State, resource: int, now_h: float) -> float:
    """When a resource that is shut opens [h]; -inf where it is open. Times asked for never fall.

    O(1) on average: closures that have ended are passed once.
    """
    at = state.desk[resource, CLOSURE_AT]
    last = state.desk[resource, CLOSURE_LAST]
    if at >= last:
        return -np.inf
    while at < last and world.closure_h[at, OPENS] <= now_h:
        at += 1
    state.desk[resource, CLOSURE_AT] = at
    if at == last or world.closure_h[at, SHUTS] > now_h:
        return -np.inf
    while at + 1 < last and world.closure_h[at + 1, SHUTS] <= world.closure_h[at, OPENS]:
        at += 1
    return float(world.closure_h[at, OPENS])


@inlined_kernel
def take_draw(world: World, state: State, stream: int) -> float:
    """Next draw of a stream over its mean: 1 without draws, from the first again when they are spent."""
    first = state.draw[stream, DRAW_FIRST]
    last = state.draw[stream, DRAW_LAST]
    if first == last:
        return 1.0
    at = state.draw[stream, DRAW_AT]
    state.draw[stream, DRAW_AT] = at + 1 if at + 1 < last else first
    return float(world.factor[at])


@inlined_kernel
def look_again(world: World, state: State, resource: int, when_h: float) -> None:
    """Plan to look at a resource when a closure ends [h], once."""
    if state.wake_h[resource] < when_h:
        state.wake_h[resource] = when_h
        if when_h <= world.end_h:
            post(state.agenda, when_h, OPEN + resource)


@inlined_kernel
def join_queue(state: State, resource: int, queue: int, consignment: int) -> None:
    """Stand at the end of a queue."""
    state.here[consignment, NEXT] = NOBODY
    if state.queue[queue, TAIL] == NOBODY:
        state.queue[queue, HEAD] = consignment
    else:
        state.here[state.queue[queue, TAIL], NEXT] = consignment
    state.queue[queue, TAIL] = consignment
    state.desk[resource, WAITING] += 1


@inlined_kernel
def leave_queue(state: State, resource: int) -> int:
    """Take the first of the first class in which somebody waits; somebody does. O(classes of priority)."""
    queue = state.desk[resource, QUEUE]
    while state.queue[queue, HEAD] == NOBODY:
        queue += 1
    first = state.queue[queue, HEAD]
    state.queue[queue, HEAD] = state.here[first, NEXT]
    if state.queue[queue, HEAD] == NOBODY:
        state.queue[queue, TAIL] = NOBODY
    state.desk[resource, WAITING] -= 1
    return int(first)


@inlined_kernel
def write_ready(log: Log, row: int, stage: int, now_h: float, found: int) -> None:
    """Begin a row of the log."""
    if row < log.time_h.shape[0]:
        log.time_h[row, READY] = now_h
        log.time_h[row, START] = np.nan
        log.time_h[row, END] = np.nan
        log.note[row, WHICH] = stage
        log.note[row, FOUND] = found


@inlined_kernel
def begin(world: World, state: State, log: Log, resource: int, consignment: int, now_h: float) -> None:
    """Begin work on a consignment, or give it its token; O(log n)."""
    row = state.here[consignment, ROW] - 1
    state.desk[resource, FREE] -= 1
    end_h = now_h
    if world.resource[resource, KIND] != TAKE:
        stage = state.here[consignment, STAGE]
        end_h = now_h + world.stage_h[stage, MEAN] * take_draw(world, state, resource)
    if row < log.time_h.shape[0]:
        log.time_h[row, START] = now_h
        if end_h <= world.end_h:
            log.time_h[row, END] = end_h
    if end_h <= world.end_h:
        post(state.agenda, end_h, MOVE + consignment)


@inlined_kernel
def serve_waiting(world: World, state: State, log: Log, resource: int, now_h: float) -> None:
    """Begin with those who wait, as many as there are servers or tokens for, unless it is shut (rules 5, 6).

    O(log n) for each that begins.
    """
    if state.desk[resource, WAITING] == 0 or state.desk[resource, FREE] <= 0:
        return
    open_h = opens(world, state, resource, now_h)
    if open_h > now_h:
        look_again(world, state, resource, open_h)
        return
    while state.desk[resource, WAITING] > 0 and state.desk[resource, FREE] > 0:
        begin(world, state, log, resource, leave_queue(state, resource), now_h)


@inlined_kernel
def come_to_serve(
    world: World, state: State, log: Log, resource: int, consignment: int, now_h: float
) -> None:
    """Come to servers or to a pool: begin at once, or wait (rules 5, 6); O(log n)."""
    if state.desk[resource, WAITING] == 0 and state.desk[resource, FREE] > 0:
        open_h = opens(world, state, resource, now_h)
        if open_h <= now_h:
            begin(world, state, log, resource, consignment, now_h)
            return
        look_again(world, state, resource, open_h)
    join_queue(state, resource, state.desk[resource, QUEUE] + world.who[consignment, TURN], consignment)
