"""``run_events``: one replication of a system, from its draws to its log.

After ``simulation/draws.py``, before the statistics of a replication; the work is done by ``kernels/events.py``, or
by ``kernels/recursion.py`` where nobody comes back to a resource.
"""

from typing import Literal

import numpy as np

from dehliz.base.errors import DataError, SolverError
from dehliz.graph.graph import FloatArray
from dehliz.kernels.events import run_loop
from dehliz.kernels.jit import Status
from dehliz.simulation.check import check_vitals
from dehliz.simulation.log import EventLog
from dehliz.simulation.run_arrays import Case, make_case
from dehliz.simulation.run_recursion import find_order, run_in_order
from dehliz.simulation.system import Draws, System

Method = Literal["auto", "events", "recursion"]


def run_events(
    system: System,
    draws: Draws,
    *,
    can_replan: bool = False,
    patience_h: float = 24.0,
    keeps_log: bool = True,
    method: Method = "auto",
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
    method : {"auto", "events", "recursion"}
        Event by event, or resource by resource where that can be done (no fleets, berths, pools, detours that may be
        taken, different priorities, or ways back to a resource). The answer is the same to the byte.

    Returns
    -------
    EventLog
        Overload is no error: who is under way at the end has no time of arrival.

    Raises
    ------
    DataError
        When the arrays contradict each other so that they cannot be run; ``check_system`` tells more.
    SolverError
        When recursion is asked for and cannot be done, when a consignment passes more stages than its flow says, or
        when it gives back a token that it never took.

    Notes
    -----
    Rules are in ``kernels/events.py``. Threads may run replications of one system at the same time.
    """
    issues = check_vitals(system, draws)
    if issues:
        raise DataError("The system cannot be run.", issues)
    if method != "events":
        log = _try_recursion(system, draws, can_replan, keeps_log)
        if log is not None:
            return log
        if method == "recursion":
            raise SolverError(
                "This system cannot go resource by resource: it has fleets, berths, pools, detours, priorities, ways "
                'back to a resource, or work without time. Use the method "auto".'
            )
    case = make_case(system, draws, keeps_log)
    run = run_loop.pick(case.work_count)
    status = run(case.world, case.fleet, case.state, patience_h if can_replan else np.inf, case.log)
    if status != Status.OK:
        raise SolverError(_explain(status))
    return _read_log(case)


def _try_recursion(system: System, draws: Draws, can_replan: bool, keeps_log: bool) -> EventLog | None:
    order = find_order(system, draws, can_replan)
    if order is None:
        return None
    case = make_case(system, draws, keeps_log)
    return _read_log(case) if run_in_order(case, system, draws, order) else None


def _explain(status: int) -> str:
    if status == Status.BAD_INPUT:
        return "A stage leads to a resource where ships turn. Give the berths a resource of their own."
    return (
        "A consignment passed more stages than longest_count of its flow says, or a token came back that nobody took. "
        "Correct longest_count, and let every GIVE follow a TAKE of its pool."
    )


def _read_log(case: Case) -> EventLog:
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
