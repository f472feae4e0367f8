"""The flat event log of one replication as tables: one row per stage, one per departure.

Used by ``simulation/result.py``; the next step is a file, or the Gantt chart of a consignment.
"""

import numpy as np
import pandas as pd

from dehliz.simulation.log import EventLog
from dehliz.simulation.plan import Activity, Plan
from dehliz.simulation.result_times import shape
from dehliz.simulation.system import Draws


def make_events(plan: Plan, draws: Draws, log: EventLog, consignment: int | None = None) -> pd.DataFrame:
    """Table ``event``: a row for each stage of each consignment, in order.

    Parameters
    ----------
    plan, draws, log : Plan, Draws, EventLog
        What was run, and what happened.
    consignment : int, optional
        Only this one.
    """
    first = log.first_record
    rows = slice(None) if consignment is None else slice(int(first[consignment]), int(first[consignment + 1]))
    owner = np.repeat(np.arange(len(draws.flow)), np.diff(first))[rows]
    step = (np.arange(int(first[-1])) - np.repeat(first[:-1], np.diff(first)))[rows]
    stage = log.stage[rows]
    flow = draws.flow[owner]
    flows, system = plan.flows, plan.system
    activities = [activity.name.lower() for activity in Activity]
    known, at = np.unique(owner, return_inverse=True)
    columns: dict[str, object] = {
        "consignment_id": _name(at, [str(one) for one in known.tolist()]),
        "flow_id": _pick(flows.flow_ids, flow),
        "origin_id": _pick(flows.origin_ids, flow),
        "destination_id": _pick(flows.destination_ids, flow),
        "market_id": _pick(flows.market_ids, flow),
        "stage_count": step + 1,
        "activity": _pick(tuple(activities), plan.stage_activity[stage]),
        "node_id": _pick(plan.node_ids, plan.stage_place[stage]),
        "resource_id": _pick(system.resource_ids, system.stage_resource[stage]),
        "ready_h": log.ready_h[rows],
        "start_h": log.start_h[rows],
        "end_h": log.end_h[rows],
        "found_count": log.found_count[rows],
    }
    return shape("event", columns)


def _name(position: np.ndarray, names: list[str]) -> "pd.Categorical[str]":
    return pd.Categorical.from_codes(position.astype(np.int64), pd.Index(names))


def _pick(names: tuple[str, ...], position: np.ndarray) -> "pd.Categorical[str]":
    """Names at positions, each kept once; a position below 0 is empty."""
    known = sorted(set(names))
    place = {name: at for at, name in enumerate(known)}
    code = np.array([*(place[name] for name in names), -1], dtype=np.int64)
    return _name(code[np.maximum(position, -1)], known)


def make_sailings(plan: Plan, log: EventLog) -> pd.DataFrame:
    """Table ``sailing``: a row for each departure, in order of time."""
    lines = plan.system.lines
    port = lines.resource[log.departure_line, log.departure_side]
    columns: dict[str, object] = {
        "line_id": [lines.line_ids[at] for at in log.departure_line],
        "resource_id": [plan.system.resource_ids[at] for at in port],
        "depart_h": log.depart_h,
        "arrive_h": log.arrive_h,
        "berth_h": log.berth_h,
        "turned_h": log.turned_h,
        "load_share": log.departure_load / lines.capacity[log.departure_line],
        "consignment_count": log.departure_count,
    }
    return shape("sailing", columns)
