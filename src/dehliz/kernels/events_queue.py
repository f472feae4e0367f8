"""Queues of the event loop: closures, draws, those who wait, servers and tokens.

Used by ``kernels/events.py`` and ``kernels/events_line.py``.
"""

import numpy as np

from dehliz.kernels.events_agenda import MOVE, OPEN, post
from dehliz.kernels.events_data import (
    END,
    FOUND,
    NEXT,
    NOBODY,
    READY,
    ROW,
    STAGE,
    START,
    TAKE,
    WHICH,
    Log,
    State,
    World,
)
from dehliz.kernels.jit import lean_kernel


@lean_kernel
def opens(world: World, state: State, resource: int, now_h: float) -> float:
    """When a resource that is shut opens; -inf where it is open. Times asked for never fall."""
    at = state.closure_at[resource]
    last = world.first_closure[resource + 1]
    if at >= last:
        return -np.inf
    while at < last and world.closure_end_h[at] <= now_h:
        at += 1
    state.closure_at[resource] = at
    if at < last and world.closure_start_h[at] <= now_h:
        return float(world.closure_end_h[at])
    return -np.inf


@lean_kernel
def take_draw(world: World, state: State, stream: int) -> float:
    """Next draw of a stream over its mean: 1 without draws, from the first again when they are spent."""
    first = world.first_draw[stream]
    last = world.first_draw[stream + 1]
    if first == last:
        return 1.0
    at = state.draw_at[stream]
    state.draw_at[stream] = at + 1 if at + 1 < last else first
    return float(world.factor[at])


@lean_kernel
def look_again(world: World, state: State, resource: int, when_h: float) -> None:
    """Plan to look at a resource when a closure ends, once."""
    if state.wake_h[resource] < when_h:
        state.wake_h[resource] = when_h
        if when_h <= world.end_h:
            post(state.agenda, when_h, OPEN + resource)


@lean_kernel
def join_queue(state: State, resource: int, queue: int, consignment: int) -> None:
    """Stand at the end of a queue."""
    state.here[consignment, NEXT] = NOBODY
    if state.tail[queue] == NOBODY:
        state.head[queue] = consignment
    else:
        state.here[state.tail[queue], NEXT] = consignment
    state.tail[queue] = consignment
    state.waiting[resource] += 1


@lean_kernel
def leave_queue(world: World, state: State, resource: int) -> int:
    """Take the first of the first class in which somebody waits; somebody does."""
    turn_count = state.head.shape[0] // world.kind.shape[0]
    queue = resource * turn_count
    while state.head[queue] == NOBODY:
        queue += 1
    first = state.head[queue]
    state.head[queue] = state.here[first, NEXT]
    if state.head[queue] == NOBODY:
        state.tail[queue] = NOBODY
    state.waiting[resource] -= 1
    return int(first)


@lean_kernel
def write_ready(log: Log, row: int, stage: int, now_h: float, found: int) -> None:
    """Begin a row of the log."""
    if row < log.time_h.shape[0]:
        log.time_h[row, READY] = now_h
        log.time_h[row, START] = np.nan
        log.time_h[row, END] = np.nan
        log.note[row, WHICH] = stage
        log.note[row, FOUND] = found


@lean_kernel
def begin(world: World, state: State, log: Log, resource: int, consignment: int, now_h: float) -> None:
    """Begin work on a consignment, or give it its token."""
    row = state.here[consignment, ROW] - 1
    state.free[resource] -= 1
    end_h = now_h
    if world.kind[resource] != TAKE:
        stage = state.here[consignment, STAGE]
        end_h = now_h + world.stage_time_h[stage] * take_draw(world, state, resource)
    if row < log.time_h.shape[0]:
        log.time_h[row, START] = now_h
        if end_h <= world.end_h:
            log.time_h[row, END] = end_h
    if end_h <= world.end_h:
        post(state.agenda, end_h, MOVE + consignment)


@lean_kernel
def serve_waiting(world: World, state: State, log: Log, resource: int, now_h: float) -> None:
    """Begin with those who wait, as many as there are servers or tokens for, unless it is shut."""
    if state.waiting[resource] == 0 or state.free[resource] <= 0:
        return
    open_h = opens(world, state, resource, now_h)
    if open_h > now_h:
        look_again(world, state, resource, open_h)
        return
    while state.waiting[resource] > 0 and state.free[resource] > 0:
        begin(world, state, log, resource, leave_queue(world, state, resource), now_h)


@lean_kernel
def come_to_serve(
    world: World, state: State, log: Log, resource: int, consignment: int, now_h: float
) -> None:
    """Come to servers or to a pool: begin at once, or wait."""
    if state.waiting[resource] == 0 and state.free[resource] > 0:
        open_h = opens(world, state, resource, now_h)
        if open_h <= now_h:
            begin(world, state, log, resource, consignment, now_h)
            return
        look_again(world, state, resource, open_h)
    turn_count = state.head.shape[0] // world.kind.shape[0]
    join_queue(state, resource, resource * turn_count + world.turn[consignment], consignment)
