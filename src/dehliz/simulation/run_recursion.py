"""Whether a system can go resource by resource, in which order, and what is left to do after that.

Between ``simulation/run.py`` and ``kernels/recursion.py``.
"""

from dataclasses import dataclass

import numpy as np

from dehliz.graph.graph import FloatArray, IntArray
from dehliz.kernels.events_agenda import JOIN, OFF
from dehliz.kernels.events_data import BERTHED, CAME_OFF_H, DEPARTED, FROM, SAILED, TURN_TIME, TURNED_H
from dehliz.kernels.jit import Status
from dehliz.kernels.recursion import run_recursion
from dehliz.kernels.recursion_data import make_visits
from dehliz.simulation.run_arrays import Case
from dehliz.simulation.system import Departs, Draws, LongArray, ResourceKind, System

SIMPLE_KINDS = (ResourceKind.DELAY, ResourceKind.SERVE, ResourceKind.BOARD)


@dataclass(frozen=True, slots=True)
class Order:
    """Resources in the order of the flow.

    Attributes
    ----------
    resource : (n_resource,) int32
        Each after those from which somebody comes.
    visit_count : (n_resource,) int64
        How many come to each at most.
    """

    resource: IntArray
    visit_count: LongArray


def find_order(system: System, draws: Draws, can_replan: bool) -> Order | None:
    """Order in which resources can be taken one by one, or None where events are needed.

    Parameters
    ----------
    system, draws : System, Draws
        What is to be run.
    can_replan : bool
        Whether detours may be taken.

    Returns
    -------
    Order or None
        None with fleets, berths, pools, detours, priorities that differ, or a way back to a resource.
    """
    lines = system.lines
    has_fleet = np.any((lines.departs == Departs.FILLS) & (lines.fleet_count > 0))
    has_detour = can_replan and bool(np.any(system.stage_detour >= 0))
    is_mixed = len(system.priority) > 0 and bool(np.any(system.priority != system.priority[0]))
    has_berth = bool(np.any(lines.berth >= 0))
    if has_fleet or has_berth or has_detour or is_mixed or not np.isin(system.kind, SIMPLE_KINDS).all():
        return None
    walked = _walk(system, np.bincount(draws.flow, minlength=system.n_flow))
    if walked is None:
        return None
    visit_count, edges = walked
    order = _sort_resources(system.n_resource, edges)
    return None if order is None else Order(order, visit_count)


def _walk(system: System, flow_count: LongArray) -> tuple[LongArray, LongArray] | None:
    """Visits of each resource and the pairs (2, n) of resources passed one after the other; None for endless ways."""
    visit_count = np.zeros(system.n_resource, np.int64)
    flow = np.flatnonzero(flow_count)
    stage = system.entry_stage[flow]
    pairs = [np.empty((2, 0), np.int64)]
    step = 0
    while len(flow):
        if np.any(step >= system.longest_count[flow]):
            return None
        resource = system.stage_resource[stage]
        np.add.at(visit_count, resource, flow_count[flow])
        following = system.stage_next[stage]
        goes_on = following >= 0
        flow, stage = flow[goes_on], following[goes_on]
        pairs.append(np.stack([resource[goes_on], system.stage_resource[stage]]).astype(np.int64))
        step += 1
    return visit_count, np.unique(np.concatenate(pairs, axis=1), axis=1)


def _sort_resources(count: int, edges: LongArray) -> IntArray | None:
    """Topological order, smallest number first; None when there is a circle."""
    incoming = np.bincount(edges[1], minlength=count).tolist()
    following: list[list[int]] = [[] for _ in range(count)]
    for tail, head in edges.T.tolist():
        following[tail].append(head)
    order = [resource for resource in range(count) if incoming[resource] == 0]
    for resource in order:  # grows while it is read
        for head in following[resource]:
            incoming[head] -= 1
            if incoming[head] == 0:
                order.append(head)
    return np.array(order, np.int32) if len(order) == count else None


def run_in_order(case: Case, system: System, draws: Draws, order: Order) -> bool:
    """Run resource by resource; False when only the event loop can tell what comes first.

    Parameters
    ----------
    case : Case
        Fresh arrays; filled.
    system, draws : System, Draws
        What they were made of.
    order : Order
        As found for them.

    Returns
    -------
    bool
        True when the log of the case is complete.
    """
    visits = make_visits(order.visit_count, int(system.server_count.max(initial=0)))
    cause = np.empty(len(case.log.trip), np.int64)
    run = run_recursion.pick(case.work_count)
    status = run(case.world, case.fleet, case.state, order.resource, visits, case.log, cause)
    if status != Status.OK:
        return False
    _finish_departures(case, system, draws, cause)
    return True


def _finish_departures(case: Case, system: System, draws: Draws, cause: LongArray) -> None:
    """Put departures of all quays in the order of their events, and turn the ships (rules 1 and 11)."""
    count = int(case.state.tally[SAILED])
    trip, trip_h = case.log.trip[:count], case.log.trip_h[:count]
    place = np.lexsort((np.arange(count), cause[:count], trip_h[:, DEPARTED]))
    trip[:], trip_h[:] = trip[place], trip_h[place]
    line = trip[:, FROM] >> 1
    code = _landing_codes(trip_h)
    turned = np.lexsort((code, trip_h[:, BERTHED], line))  # NaN comes last
    turned = turned[~np.isnan(trip_h[turned, BERTHED])]
    first = np.searchsorted(line[turned], np.arange(system.n_line))
    nth = np.arange(len(turned)) - first[line[turned]]
    stream = system.n_resource + line[turned]
    factor = _factors(draws, stream, nth)
    end_h = trip_h[turned, BERTHED] + case.fleet.quay_h[2 * line[turned], TURN_TIME] * factor
    trip_h[turned, TURNED_H] = np.where(end_h <= case.world.end_h, end_h, np.nan)


def _landing_codes(trip_h: FloatArray) -> LongArray:
    """Code of the event at which each ship lands: as it comes off, or after the closure."""
    off_h = trip_h[:, CAME_OFF_H]
    number = np.arange(len(off_h))
    came = np.empty(len(off_h), np.int64)
    came[np.lexsort((number, off_h))] = number
    return np.where(trip_h[:, BERTHED] == off_h, OFF + number, JOIN + came)


def _factors(draws: Draws, stream: LongArray, nth: LongArray) -> FloatArray:
    """The nth draw of each stream; 1 where there are none."""
    first, count = draws.first_draw[stream], np.diff(draws.first_draw)[stream]
    factor = np.ones(len(stream))
    has = count > 0
    factor[has] = draws.factor[first[has] + nth[has] % count[has]]
    return factor
