"""Arrays of one run: from ``System`` and ``Draws`` to the tables that the kernels of the event loop read and write."""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from dehliz.base.errors import SolverError
from dehliz.graph.graph import IntArray
from dehliz.kernels.events_data import BERTH, Fleet, Log, State, World
from dehliz.kernels.events_make import make_log, make_state
from dehliz.kernels.search import freeze
from dehliz.simulation.system import Departs, Draws, LongArray, ResourceKind, System

Scalar = TypeVar("Scalar", bound=np.generic)

MOST_ROWS_COUNT = 2**31 - 1
LATEST_H = float(np.finfo(np.float64).max)
"""End of a run without an end: what never happens, at hour inf, is later."""


@dataclass(frozen=True, slots=True)
class Case:
    """Arrays of one run.

    Attributes
    ----------
    world, fleet, state, log : World, Fleet, State, Log
        As in ``kernels/events_data.py``.
    first_row : (n_consignment + 1,) int64
        Where the rows of each consignment begin in the log.
    row_count : (n_consignment,) int32
        How many rows each has room for.
    work_count : int
        Roughly how many events there will be.
    """

    world: World
    fleet: Fleet
    state: State
    log: Log
    first_row: LongArray
    row_count: IntArray
    work_count: int


def make_case(system: System, draws: Draws, keeps_log: bool) -> Case:
    """Make the arrays of one run.

    Parameters
    ----------
    system, draws : System, Draws
        What is run.
    keeps_log : bool
        Whether there is room for records of stages.

    Returns
    -------
    Case
        Ready for ``run_loop`` or ``run_recursion``, once.

    Raises
    ------
    SolverError
        When there would be too many records.
    """
    world, fleet = _make_world(system, draws), _make_fleet(system)
    row_count = system.longest_count[draws.flow]
    first_row = np.zeros(len(row_count) + 1, np.int64)
    np.cumsum(row_count, out=first_row[1:])
    total = int(first_row[-1])
    if total > MOST_ROWS_COUNT:
        raise SolverError(
            f"One replication would have {total} records; it can have {MOST_ROWS_COUNT}. Shorten the horizon."
        )
    turn_count = int(world.who[:, 1].max(initial=0)) + 1
    departures = _most_departures(system, draws)
    state = make_state(
        world,
        fleet,
        draws.first_draw,
        draws.first_closure,
        system.lines.first_departure,
        system.server_count,
        turn_count,
        row_count,
        departures,
    )
    log = make_log(len(draws.flow), total if keeps_log else 0, departures)
    return Case(world, fleet, state, log, first_row, row_count, total + len(draws.flow))


def _make_world(system: System, draws: Draws) -> World:
    lines = system.lines
    kind = system.kind.astype(np.int32)
    kind[lines.berth[lines.berth >= 0]] = BERTH
    quay = np.where(system.line >= 0, 2 * system.line + system.side, -1)
    has_draws = np.diff(draws.first_draw[: system.n_resource + 1]) > 0
    is_plain = (kind == ResourceKind.DELAY) & ~has_draws & (np.diff(draws.first_closure) == 0)
    _, turn = np.unique(system.priority, return_inverse=True)
    return World(
        resource=_table(np.int32, kind, system.partner, quay, is_plain),
        stage=_table(np.int32, system.stage_resource, system.stage_next, system.stage_detour),
        stage_h=_table(np.float64, system.stage_time_h, system.stage_load),
        factor=freeze(draws.factor, np.float64),
        closure_h=_table(np.float64, draws.closure_start_h, draws.closure_end_h),
        release_h=freeze(draws.release_h, np.float64),
        who=_table(np.int32, system.entry_stage[draws.flow], turn[draws.flow]),
        end_h=min(float(draws.end_h), LATEST_H),
    )


def _make_fleet(system: System) -> Fleet:
    lines = system.lines
    departs = np.repeat(lines.departs, 2)
    ships = np.where(departs == Departs.CLOCK, 0, np.repeat(lines.fleet_count, 2))
    stream = system.n_resource + np.repeat(np.arange(system.n_line), 2)
    return Fleet(
        quay=_table(
            np.int32,
            lines.resource.reshape(-1),
            lines.berth.reshape(-1),
            departs,
            ships,
            np.cumsum(ships) - ships,
            lines.first_departure[1:],
            stream,
        ),
        quay_h=_table(
            np.float64,
            lines.crossing_h.reshape(-1),
            *(
                np.repeat(one, 2)
                for one in (lines.capacity, lines.longest_wait_h, lines.turn_h, lines.cut_off_h)
            ),
        ),
        departure_h=freeze(lines.departure_h, np.float64),
    )


def _table(dtype: type[Scalar], *columns: npt.NDArray[Any]) -> npt.NDArray[Scalar]:
    """Columns side by side, as kernels read them."""
    table = np.empty((len(columns[0]), len(columns)), dtype)
    for at, column in enumerate(columns):
        table[:, at] = column
    return freeze(table, dtype)


def _most_departures(system: System, draws: Draws) -> int:
    """Bound of departures: each carries somebody, or goes empty to somebody, and each ship may do so once more."""
    if system.n_line == 0:
        return 0
    row_count = system.longest_count.astype(np.int64)
    flow_count = np.bincount(draws.flow, minlength=system.n_flow)
    return int(2 * (row_count * flow_count).sum() + system.lines.fleet_count.sum())
