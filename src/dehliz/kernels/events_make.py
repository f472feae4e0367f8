"""Makes the workspace and the empty log of the event loop, and a tiny system to compile it for."""

import numpy as np

from dehliz.kernels.events_agenda import make_agenda
from dehliz.kernels.events_data import (
    BERTH,
    NOBODY,
    SERVE,
    TAKE,
    Fleet,
    Floats,
    Ints,
    Log,
    Longs,
    State,
    World,
)
from dehliz.kernels.search import freeze


def make_state(
    world: World, fleet: Fleet, server_count: Ints, turn_count: int, row_count: Ints, departure_capacity: int
) -> State:
    """State at hour 0.

    Parameters
    ----------
    world, fleet : World, Fleet
        What is given.
    server_count : (n_resource,) int32
        Servers, berths, tokens.
    turn_count : int
        Classes of priority.
    row_count : (n_consignment,) int32
        Rows of the log that each consignment has.
    departure_capacity : int
        Most departures that there can be.
    """
    n_resource, n_quay, n = len(world.kind), len(fleet.resource), len(world.release_h)
    queue_count = n_resource * turn_count
    ships = np.repeat(fleet.ship_count, 2)
    side = np.arange(n_quay) % 2
    here = np.empty((n, 4), np.int32)
    here[:, 0] = here[:, 2] = NOBODY
    here[:, 1] = np.cumsum(row_count) - row_count
    here[:, 3] = row_count
    is_counted = np.isin(world.kind, (SERVE, TAKE, BERTH))
    token_count = int(server_count[world.kind == TAKE].sum())
    at_hand = (ships + 1 - side) // 2
    return State(
        agenda=make_agenda(n + departure_capacity + token_count + n_resource + 3 * n_quay + 1),
        tally=np.zeros(4, np.int64),
        draw_at=world.first_draw[:-1].copy(),
        closure_at=world.first_closure[:-1].copy(),
        wake_h=np.full(n_resource, -np.inf),
        free=np.where(is_counted, server_count, 0).astype(np.int32),
        waiting=np.zeros(n_resource, np.int32),
        head=np.full(queue_count, NOBODY, np.int32),
        tail=np.full(queue_count, NOBODY, np.int32),
        here=here,
        came_h=np.empty(n),
        last_fit=np.full(n_quay, NOBODY, np.int32),
        fit_load=np.zeros(n_quay),
        is_full=np.zeros(n_quay, np.int8),
        timer_h=np.full(n_quay, np.inf),
        ready_first=np.zeros(n_quay, np.int32),
        ready_count=at_hand.astype(np.int32),
        ready_h=np.zeros(int(fleet.first_ship[-1])),
        ship_here=at_hand.astype(np.int32),
        clock_at=fleet.first_departure[:-1].copy(),
        late_count=np.zeros(n_quay, np.int32),
        voyage_cargo=np.empty(departure_capacity, np.int32),
        voyage_next=np.empty(departure_capacity, np.int32),
        off_order=np.empty(departure_capacity, np.int32),
    )


def make_log(consignment_count: int, row_count: int, departure_capacity: int) -> Log:
    """An empty log; without rows it keeps departures and arrivals only."""
    return Log(
        time_h=np.empty((row_count, 3)),
        note=np.empty((row_count, 2), np.int32),
        done_h=np.full(consignment_count, np.nan),
        quay=np.empty(departure_capacity, np.int32),
        cargo_count=np.empty(departure_capacity, np.int32),
        load=np.empty(departure_capacity),
        voyage_h=np.empty((departure_capacity, 4)),
    )


def _ints(*values: int) -> Ints:
    return freeze(values, np.int32)


def _longs(*values: int) -> Longs:
    return freeze(values, np.int64)


def _floats(*values: float) -> Floats:
    return freeze(values, np.float64)


def sample_run() -> tuple[World, Fleet, State, float, Log]:
    """One consignment and one server."""
    world = World(
        kind=freeze([SERVE], np.int8),
        partner=_ints(-1),
        quay=_ints(-1),
        is_plain=freeze([0], np.int8),
        stage_resource=_ints(0),
        stage_time_h=_floats(1.0),
        stage_load=_floats(0.0),
        stage_next=_ints(-1),
        stage_detour=_ints(-1),
        first_draw=_longs(0, 1),
        factor=_floats(1.0),
        first_closure=_ints(0, 0),
        closure_start_h=_floats(),
        closure_end_h=_floats(),
        release_h=_floats(0.0),
        entry=_ints(0),
        turn=_ints(0),
        end_h=2.0,
    )
    fleet = Fleet(
        resource=_ints(),
        berth=_ints(),
        crossing_h=_floats(),
        departs=freeze([], np.int8),
        ship_count=_ints(),
        capacity=_floats(),
        longest_wait_h=_floats(),
        turn_h=_floats(),
        cut_off_h=_floats(),
        first_departure=_ints(0),
        departure_h=_floats(),
        first_ship=_ints(0),
        stream_base=1,
    )
    one = np.ones(1, np.int32)
    return world, fleet, make_state(world, fleet, one, 1, one, 0), np.inf, make_log(1, 1, 0)
