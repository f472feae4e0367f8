"""Makes the workspace and the empty log of the event loop, and a tiny system to compile it for."""

import numpy as np

from dehliz.kernels.events_agenda import make_agenda
from dehliz.kernels.events_data import (
    BERTH,
    KIND,
    NOBODY,
    SERVE,
    SHIPS,
    TAKE,
    Fleet,
    Ints,
    Log,
    Longs,
    State,
    World,
)
from dehliz.kernels.search import freeze


def make_state(
    world: World,
    fleet: Fleet,
    first_draw: Longs,
    first_closure: Ints,
    first_departure: Ints,
    server_count: Ints,
    turn_count: int,
    row_count: Ints,
    departure_capacity: int,
) -> State:
    """State at hour 0.

    Parameters
    ----------
    world, fleet : World, Fleet
        What is given.
    first_draw, first_closure, first_departure : (n_stream + 1,) int64, (n_resource + 1,) int32, (n_quay + 1,) int32
        Where the draws, closures, departures of each begin.
    server_count : (n_resource,) int32
        Servers, berths, tokens.
    turn_count : int
        Classes of priority.
    row_count : (n_consignment,) int32
        Rows of the log that each consignment has.
    departure_capacity : int
        Most departures that there can be.
    """
    n_resource, n_quay, n = len(world.resource), len(fleet.quay), len(world.release_h)
    kind = world.resource[:, KIND]
    token_count = int(server_count[kind == TAKE].sum())
    desk = np.zeros((n_resource, 5), np.int32)
    desk[:, 0] = np.where(np.isin(kind, (SERVE, TAKE, BERTH)), server_count, 0)
    desk[:, 2], desk[:, 3] = first_closure[:-1], first_closure[1:]
    desk[:, 4] = np.arange(n_resource) * turn_count
    here = np.empty((n, 4), np.int32)
    here[:, 0] = here[:, 2] = NOBODY
    here[:, 1] = np.cumsum(row_count) - row_count
    here[:, 3] = row_count
    dock = np.zeros((n_quay, 8), np.int32)
    dock[:, 0] = NOBODY
    dock[:, 3] = dock[:, 4] = (fleet.quay[:, SHIPS] + 1 - np.arange(n_quay) % 2) // 2
    dock[:, 5] = first_departure[:-1]
    dock_h = np.zeros((n_quay, 2))
    dock_h[:, 1] = np.inf
    return State(
        agenda=make_agenda(n + departure_capacity + token_count + n_resource + 3 * n_quay + 1),
        tally=np.zeros(4, np.int64),
        draw=np.stack([first_draw[:-1], first_draw[1:], first_draw[:-1]], axis=1),
        desk=desk,
        wake_h=np.full(n_resource, -np.inf),
        queue=np.full((n_resource * turn_count, 2), NOBODY, np.int32),
        here=here,
        came_h=np.empty(n),
        dock=dock,
        dock_h=dock_h,
        ready_h=np.zeros(int(fleet.quay[:, SHIPS].sum())),
        voyage=np.empty((departure_capacity, 3), np.int32),
    )


def make_log(consignment_count: int, row_count: int, departure_capacity: int) -> Log:
    """An empty log with room for so many; without rows it keeps departures and arrivals only."""
    return Log(
        time_h=np.empty((row_count, 3)),
        note=np.empty((row_count, 2), np.int32),
        done_h=np.full(consignment_count, np.nan),
        trip=np.empty((departure_capacity, 2), np.int32),
        trip_h=np.empty((departure_capacity, 5)),
    )


def sample_run() -> tuple[World, Fleet, State, float, Log]:
    """One consignment and one server."""
    world = World(
        resource=freeze([[SERVE, -1, -1, 0]], np.int32),
        stage=freeze([[0, -1, -1]], np.int32),
        stage_h=freeze([[1.0, 0.0]], np.float64),
        factor=freeze([1.0], np.float64),
        closure_h=freeze(np.empty((0, 2)), np.float64),
        release_h=freeze([0.0], np.float64),
        who=freeze([[0, 0]], np.int32),
        end_h=2.0,
    )
    fleet = Fleet(
        quay=freeze(np.empty((0, 7)), np.int32),
        quay_h=freeze(np.empty((0, 5)), np.float64),
        departure_h=freeze([], np.float64),
    )
    none, one = np.zeros(1, np.int32), np.ones(1, np.int32)
    state = make_state(world, fleet, np.array([0, 1]), np.zeros(2, np.int32), none, one, 1, one, 0)
    return world, fleet, state, np.inf, make_log(1, 1, 0)
