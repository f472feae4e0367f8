"""Faults of a ``System`` and its ``Draws``, all in one list.

Makers of plans call ``check_system``; ``run_events`` asks only ``check_vitals``, what it could not run with.
"""

from itertools import chain

import numpy as np
import numpy.typing as npt

from dehliz.base.errors import Issue, say_count
from dehliz.graph.graph import FloatArray
from dehliz.simulation import check_rules as rules
from dehliz.simulation.check_rules import Mask, tell
from dehliz.simulation.check_way import check_ways
from dehliz.simulation.system import Departs, Draws, ResourceKind, System

LOAD_TOLERANCE = 1e-9


def check_vitals(system: System, draws: Draws) -> list[Issue]:
    """Faults that would stop the event loop, or let it read outside its arrays or back in time.

    Parameters
    ----------
    system : System
        What is to be run.
    draws : Draws
        Its draws.

    Returns
    -------
    list of Issue
        Empty when it can be run.
    """
    return (
        _check_shapes(system, draws)
        or _check_numbers(system, draws)
        or [*_check_loads(system), *_check_order(system, draws)]
    )


def check_system(system: System, draws: Draws) -> list[Issue]:
    """Every fault of a system and its draws.

    Parameters
    ----------
    system : System
        What is to be run.
    draws : Draws
        Its draws.

    Returns
    -------
    list of Issue
        Empty when all is well. When numbers point outside their arrays, only that is told.
    """
    issues = check_vitals(system, draws)
    if any(issue.rule in (rules.SHAPE.name, rules.NUMBER.name) for issue in issues):
        return issues
    more = (_check_quantities(system), _check_resources(system), _check_lines(system), check_ways(system))
    return [*issues, *chain.from_iterable(more)]


def _check_shapes(system: System, draws: Draws) -> list[Issue]:
    issues = []
    for place, length, needed in (
        ("first_draw", len(draws.first_draw), system.n_stream + 1),
        ("first_closure", len(draws.first_closure), system.n_resource + 1),
        ("release_h", len(draws.release_h), len(draws.flow)),
        ("closure_end_h", len(draws.closure_end_h), len(draws.closure_start_h)),
        ("lines.first_departure", len(system.lines.first_departure), 2 * system.n_line + 1),
    ):
        if length != needed:
            rule = rules.SHAPE
            found = f"It has {say_count(length, 'value')} where the system needs {needed}"
            issues.append(Issue(rule.name, place, (), found, rule.expected, rule.remedy))
    return issues


def _check_numbers(system: System, draws: Draws) -> list[Issue]:
    """Numbers that point into other arrays."""
    lines, n_resource, n_stage = system.lines, system.n_resource, system.n_stage
    issues = []
    for place, numbers, least, limit in (
        ("flow", draws.flow, 0, system.n_flow),
        ("entry_stage", system.entry_stage, 0, n_stage),
        ("stage_resource", system.stage_resource, 0, n_resource),
        ("stage_next", system.stage_next, -1, n_stage),
        ("stage_detour", system.stage_detour, -1, n_stage),
        ("partner", system.partner, -1, n_resource),
        ("line", system.line, -1, system.n_line),
        ("lines.resource", lines.resource.reshape(-1), 0, n_resource),
        ("lines.berth", lines.berth.reshape(-1), -1, n_resource),
        ("first_draw", draws.first_draw, 0, len(draws.factor) + 1),
        ("first_closure", draws.first_closure, 0, len(draws.closure_end_h) + 1),
        ("lines.first_departure", lines.first_departure, 0, len(lines.departure_h) + 1),
    ):
        issues += tell(rules.NUMBER, place, (numbers < least) | (numbers >= limit))
    is_lost = (system.kind == ResourceKind.BOARD) & (system.line < 0)
    issues += tell(rules.NUMBER, "line", is_lost, system.resource_ids)
    is_lost = (system.kind == ResourceKind.GIVE) & (system.partner < 0)
    return issues + tell(rules.NUMBER, "partner", is_lost, system.resource_ids)


def _check_loads(system: System) -> list[Issue]:
    stage = np.flatnonzero(system.kind[system.stage_resource] == ResourceKind.BOARD)
    line = system.line[system.stage_resource[stage]]
    is_bad = ~(system.stage_load[stage] <= system.lines.capacity[line] + LOAD_TOLERANCE)
    return tell(rules.LOAD, "stage_load", is_bad, [system.lines.line_ids[at] for at in line])


def _check_order(system: System, draws: Draws) -> list[Issue]:
    """Times that must be there, not before 0, in order."""
    issues = tell(rules.RELEASE, "release_h", ~(np.diff(draws.release_h, prepend=0.0) >= 0.0))
    issues += tell(rules.FACTOR, "factor", ~(draws.factor >= 0.0))
    start_h, end_h = draws.closure_start_h, draws.closure_end_h
    is_bad = ~(start_h < end_h)
    is_bad[1:] |= ~(start_h[1:] >= end_h[:-1]) & ~_is_first(draws.first_closure, len(start_h))[1:]
    issues += tell(rules.CLOSURE, "closure_start_h", is_bad)
    departure_h = system.lines.departure_h
    is_bad = np.isnan(departure_h)
    is_first = _is_first(system.lines.first_departure, len(departure_h))
    is_bad[1:] |= ~(departure_h[1:] >= departure_h[:-1]) & ~is_first[1:]
    issues += tell(rules.DEPARTURE, "lines.departure_h", is_bad)
    return issues + tell(rules.END, "end_h", np.array([np.isnan(draws.end_h)]))


def _is_first(first: npt.NDArray[np.integer], count: int) -> Mask:
    """Where a new list begins in arrays of lists that lie one behind the other."""
    is_first = np.zeros(count + 1, dtype=bool)
    is_first[first] = True
    return is_first[:count]


def _is_no_quantity(values: FloatArray) -> Mask:
    return ~((values >= 0.0) & np.isfinite(values))


def _check_quantities(system: System) -> list[Issue]:
    lines = system.lines
    names = [system.resource_ids[at] for at in system.stage_resource]
    sides = [system.resource_ids[at] for at in lines.resource.reshape(-1)]
    issues = []
    for place, values, ids in (
        ("stage_time_h", system.stage_time_h, names),
        ("stage_load", system.stage_load, names),
        ("lines.crossing_h", lines.crossing_h.reshape(-1), sides),
        ("lines.turn_h", lines.turn_h, lines.line_ids),
        ("lines.cut_off_h", lines.cut_off_h, lines.line_ids),
    ):
        issues += tell(rules.QUANTITY, place, _is_no_quantity(values), ids)
    return issues + tell(rules.WAIT, "lines.longest_wait_h", ~(lines.longest_wait_h >= 0.0), lines.line_ids)


def _check_resources(system: System) -> list[Issue]:
    kind = system.kind
    is_bad = np.isin(kind, (ResourceKind.SERVE, ResourceKind.TAKE)) & (system.server_count < 1)
    issues = tell(rules.SERVER, "server_count", is_bad, system.resource_ids)
    is_bad = (kind == ResourceKind.GIVE) & (kind[system.partner] != ResourceKind.TAKE)
    return issues + tell(rules.POOL, "partner", is_bad, system.resource_ids)


def _check_lines(system: System) -> list[Issue]:
    lines, ids = system.lines, system.lines.line_ids
    number = np.arange(system.n_line)[:, None]
    is_lost = (system.line[lines.resource] != number) | (system.side[lines.resource] != np.array([0, 1]))
    is_lost |= system.kind[lines.resource] != ResourceKind.BOARD
    berth = lines.berth
    is_no_berth = (berth >= 0) & (system.kind[berth] != ResourceKind.SERVE)
    names = [system.resource_ids[at] for at in system.stage_resource]
    is_used = np.isin(lines.resource, system.stage_resource)
    is_empty = np.diff(lines.first_departure).reshape(-1, 2) == 0
    is_still = (lines.departs == Departs.CLOCK)[:, None] & is_used & is_empty
    return [
        *tell(rules.CAPACITY, "lines.capacity", ~(lines.capacity > 0.0), ids),
        *tell(rules.FLEET, "lines.fleet_count", lines.fleet_count < 0, ids),
        *tell(rules.SIDE, "lines.resource", is_lost.any(axis=1), ids),
        *tell(rules.BERTH, "lines.berth", is_no_berth.any(axis=1), ids),
        *tell(rules.BERTH_USE, "stage_resource", np.isin(system.stage_resource, berth[berth >= 0]), names),
        *tell(rules.TIMETABLE, "lines.departure_h", is_still.any(axis=1), ids),
    ]
