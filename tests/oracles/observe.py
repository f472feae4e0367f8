"""Statistics of a log written plainly: loops over records, hours told apart by stepping from edge to edge."""

from collections import defaultdict
from itertools import pairwise

import numpy as np

from dehliz.simulation.log import EventLog
from dehliz.simulation.observe_causes import Cause
from dehliz.simulation.plan import Activity, Plan
from dehliz.simulation.system import Departs, Draws, ResourceKind

WEEK_H = 168.0
Spells = list[tuple[float, float]]


def is_shut(spells: Spells, moment: float) -> bool:
    return any(start <= moment < end for start, end in spells)


def split(spells: Spells, known: Spells, start: float, end: float) -> tuple[float, float, float]:
    """Hours of a span that are open, shut by weather, shut as known."""
    edges = sorted(
        {start, end, *(edge for spell in (*spells, *known) for edge in spell if start < edge < end)}
    )
    parts = [0.0, 0.0, 0.0]
    for left, right in pairwise(edges):
        middle = 0.5 * (left + right)
        kind = 0 if not is_shut(spells, middle) else 2 if is_shut(known, middle) else 1
        parts[kind] += right - left
    return parts[0], parts[1], parts[2]


def read_spells(first: np.ndarray, start: np.ndarray, end: np.ndarray, resource: int) -> Spells:
    rows = range(first[resource], first[resource + 1])
    return [(float(start[row]), float(end[row])) for row in rows]


def tell_causes(plan: Plan, draws: Draws, log: EventLog) -> list[dict[Cause, float]]:
    """Hours of each consignment by cause."""
    system, lines = plan.system, plan.system.lines
    shut = [
        read_spells(draws.first_closure, draws.closure_start_h, draws.closure_end_h, at)
        for at in range(system.n_resource)
    ]
    fixed = plan.chances
    known = [
        read_spells(fixed.fixed_first, fixed.fixed_start_h, fixed.fixed_end_h, at)
        for at in range(system.n_resource)
    ]
    sailed = defaultdict(list)
    for at in range(len(log.depart_h)):
        port = lines.resource[log.departure_line[at], log.departure_side[at]]
        sailed[int(port), float(log.depart_h[at])].append((float(log.arrive_h[at]), float(log.berth_h[at])))
    found = []
    for consignment in range(len(draws.flow)):
        hours: dict[Cause, float] = defaultdict(float)
        for row in range(log.first_record[consignment], log.first_record[consignment + 1]):
            stage = int(log.stage[row])
            resource = int(system.stage_resource[stage])
            kind, activity = system.kind[resource], plan.stage_activity[stage]
            ready = float(log.ready_h[row])
            start = draws.end_h if np.isnan(log.start_h[row]) else float(log.start_h[row])
            through = draws.end_h if np.isnan(log.end_h[row]) else float(log.end_h[row])
            if kind == ResourceKind.BOARD:
                line, far = int(system.line[resource]), 1 - int(system.side[resource])
                other = int(lines.resource[line, far])
                mine = Cause.SHIP_CLOCK if lines.departs[line] == Departs.CLOCK else Cause.SHIP_FULL
                parts = split(shut[resource] + shut[other], known[resource] + known[other], ready, start)
                if start < draws.end_h:
                    ways = sailed[resource, start]
                    same = [way for way in ways if way[1] == log.end_h[row]] or ways[-1:]
                    off = min(through, same[0][0]) if same[0][0] == same[0][0] else through
                    hours[Cause.SEA] += off - start
                    off_parts = split(shut[other], known[other], off, through)
                    for cause, part in zip((Cause.BERTH, Cause.WEATHER, Cause.HOURS), off_parts, strict=True):
                        hours[cause] += part
            else:
                mine = (
                    Cause.WAGON if kind == ResourceKind.TAKE
                    else Cause.BORDER_QUEUE if activity == Activity.BORDER else Cause.PATH
                )  # fmt: skip
                parts = split(shut[resource], known[resource], ready, start)
                work = {
                    Activity.MOVE: Cause.LAND, Activity.HANDLE: Cause.HANDLE, Activity.WAIT: Cause.WAIT,
                    Activity.BORDER: Cause.BORDER, Activity.PATH: Cause.PATH, Activity.WAGON: Cause.WAGON,
                }  # fmt: skip
                hours[work[Activity(int(activity))]] += through - start
            for cause, part in zip((mine, Cause.WEATHER, Cause.HOURS), parts, strict=True):
                hours[cause] += part
        found.append(hours)
    return found


def count_waiting(plan: Plan, draws: Draws, log: EventLog, resource: int, moment: float) -> int:
    """Who waits at a resource at a moment."""
    at = plan.system.stage_resource[log.stage] == resource
    start = np.where(np.isnan(log.start_h), draws.end_h, log.start_h)
    return int(((log.ready_h <= moment) & (start > moment) & at).sum())
