"""Steps that all resources of the recursion share: a record, the way to the next resource, closures out of order."""

import numpy as np

from dehliz.kernels.events_data import (
    BOARD,
    CLOSURE_LAST,
    EVENT,
    FOLLOWS,
    KIND,
    LEFT,
    OPENS,
    RESOURCE,
    ROW,
    SHUTS,
    STAGE,
    Log,
    State,
    World,
)
from dehliz.kernels.events_data import END as END_COLUMN
from dehliz.kernels.events_data import START as START_COLUMN
from dehliz.kernels.events_queue import write_ready
from dehliz.kernels.jit import inlined_kernel, lean_kernel
from dehliz.kernels.recursion_data import Visits


@inlined_kernel
def come(
    world: World,
    state: State,
    log: Log,
    one: int,
    ready_h: float,
    start_h: float,
    end_h: float,
    found: int,
) -> None:
    """Write the record of a coming and what of it happens before the end [h]; ``inf`` for what is not known yet."""
    row = state.here[one, ROW]
    state.here[one, ROW] = row + 1
    state.here[one, LEFT] -= 1
    if row < log.time_h.shape[0]:
        write_ready(log, row, state.here[one, STAGE], ready_h, found)
        if start_h <= world.end_h:
            log.time_h[row, START_COLUMN] = start_h
        if end_h <= world.end_h:
            log.time_h[row, END_COLUMN] = end_h


@inlined_kernel
def pass_on(world: World, state: State, visits: Visits, log: Log, one: int, now_h: float) -> None:
    """End a stage at an hour [h], and come to the resource of the next: a visit is added to it. O(1)."""
    stage = state.here[one, STAGE]
    if world.resource[world.stage[stage, RESOURCE], KIND] != BOARD:
        state.tally[EVENT] += 1
    stage = world.stage[stage, FOLLOWS]
    state.here[one, STAGE] = stage
    if stage < 0:
        log.done_h[one] = now_h
        return
    resource = world.stage[stage, RESOURCE]
    at = visits.fill[resource]
    visits.ready_h[at] = now_h
    visits.who[at] = one
    visits.fill[resource] = at + 1


@lean_kernel
def opens_at(world: World, state: State, resource: int, now_h: float) -> float:
    """When a resource that is shut opens [h], -inf where it is open; times may be asked for in any order.

    O(log of its closures + those that touch).
    """
    low = 0 if resource == 0 else state.desk[resource - 1, CLOSURE_LAST]
    last = state.desk[resource, CLOSURE_LAST]
    high = last
    while low < high:
        middle = (low + high) >> 1
        if world.closure_h[middle, OPENS] <= now_h:
            low = middle + 1
        else:
            high = middle
    if low == last or world.closure_h[low, SHUTS] > now_h:
        return -np.inf
    while low + 1 < last and world.closure_h[low + 1, SHUTS] <= world.closure_h[low, OPENS]:
        low += 1
    return float(world.closure_h[low, OPENS])
