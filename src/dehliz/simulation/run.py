"""``run_events``: one replication of a system, from its draws to its log.

After ``simulation/draws.py``, before the statistics of a replication; the work is done by ``kernels/events.py``.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from dehliz.base.errors import DataError, SolverError
from dehliz.graph.graph import FloatArray, IntArray
from dehliz.kernels.events import run_loop
from dehliz.kernels.events_data import BERTH, Fleet, Log, State, World
from dehliz.kernels.events_make import make_log, make_state
from dehliz.kernels.jit import Status
from dehliz.kernels.search import freeze
from dehliz.simulation.check import check_vitals
from dehliz.simulation.log import EventLog
from dehliz.simulation.system import Departs, Draws, LongArray, ResourceKind, System

Scalar = TypeVar("Scalar", bound=np.generic)

MOST_ROWS_COUNT = 2**31 - 1


def run_events(
    system: System,
    draws: Draws,
    *,
    can_replan: bool = False,
    patience_h: float = 24.0,
    keeps_log: bool = True,
) -> EventLog:
    """What happens to every consignment and ship of one replication.

    Parameters
    ----------
    system : System
        Resources, lines, stages.
    draws : Draws
        Everything random.
    can_replan : bool
        Whether consignments take detours where what lies ahead is shut.
    patience_h : float
        How long it must have been shut by then [h].
    keeps_log : bool
        Whether there is a record of each stage; without, there are only departures and times of arrival.

    Returns
    -------
    EventLog
        Overload is no error: who is under way at the end has no time of arrival.

    Raises
    ------
    DataError
        When the arrays contradict each other so that they cannot be run; ``check_system`` tells more.
    SolverError
        When a consignment passes more stages than its flow says, or gives back a token that it never took.

    Notes
    -----
    Rules are in ``kernels/events.py``. Threads may run replications of one system at the same time.
    """
    issues = check_vitals(system, draws)
    if issues:
        raise DataError("The system cannot be run.", issues)
    case = _make_case(system, draws, keeps_log)
    patience = patience_h if can_replan else np.inf
    run = run_loop.pick(case.work_count)
    status = run(case.world, case.fleet, case.state, patience, case.log)
    if status != Status.OK:
        raise SolverError(_explain(status))
    return _read_log(case)


@dataclass(frozen=True, slots=True)
class _Case:
    """Arrays of one run."""

    world: World
    fleet: Fleet
    state: State
    log: Log
    first_row: LongArray
    row_count: IntArray
    work_count: int


def _make_case(system: System, draws: Draws, keeps_log: bool) -> _Case:
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
    return _Case(world, fleet, state, log, first_row, row_count, total + len(draws.flow))


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
        end_h=float(draws.end_h),
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


def _explain(status: int) -> str:
    if status == Status.BAD_INPUT:
        return "A stage leads to a resource where ships turn. Give the berths a resource of their own."
    return (
        "A consignment passed more stages than longest_count of its flow says, or a token came back that nobody took. "
        "Correct longest_count, and let every GIVE follow a TAKE of its pool."
    )


def _read_log(case: _Case) -> EventLog:
    """Take what was written out of the workspace, without gaps."""
    log, state = case.log, case.state
    departures = int(state.tally[1])
    first_record, time_h, note = np.zeros(len(case.row_count) + 1, np.int64), log.time_h, log.note
    if len(time_h) or not len(case.row_count):
        written = case.row_count - state.here[:, 3]
        np.cumsum(written, out=first_record[1:])
        if first_record[-1] < len(time_h):
            keep = np.arange(len(time_h)) - np.repeat(case.first_row[:-1], case.row_count)
            is_written = keep < np.repeat(written, case.row_count)
            time_h, note = time_h[is_written], note[is_written]
    columns = _columns(time_h)
    voyage = _columns(log.trip_h[:departures])
    quay, on_board_count = log.trip[:departures, 0], log.trip[:departures, 1]
    return EventLog(
        first_record=first_record,
        stage=np.ascontiguousarray(note[:, 0]),
        ready_h=columns[0],
        start_h=columns[1],
        end_h=columns[2],
        found_count=np.ascontiguousarray(note[:, 1]),
        done_h=log.done_h,
        departure_line=quay >> 1,
        departure_side=(quay & 1).astype(np.int8),
        departure_load=voyage[0],
        departure_count=on_board_count.copy(),
        depart_h=voyage[1],
        arrive_h=voyage[2],
        berth_h=voyage[3],
        turned_h=voyage[4],
        event_count=int(state.tally[0]),
    )


def _columns(table: FloatArray) -> list[FloatArray]:
    return [np.ascontiguousarray(table[:, at]) for at in range(table.shape[1])]
