"""Faults of a ``System`` and its ``Draws``, all in one list.

Makers of plans call ``check_system``; ``run_events`` asks only ``check_vitals``, what it could not run with.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dehliz.base.errors import Issue, say_count
from dehliz.graph.graph import FloatArray
from dehliz.simulation.check_way import check_ways
from dehliz.simulation.system import Departs, Draws, ResourceKind, System

LOAD_TOLERANCE = 1e-9
Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Findings:
    """Issues found so far."""

    issues: list[Issue] = field(default_factory=list)

    def add(
        self, rule: str, place: str, is_bad: Mask, ids: tuple[str, ...], expected: str, remedy: str
    ) -> None:
        """Tell where a rule does not hold, if anywhere.

        Parameters
        ----------
        rule, place : str
            Name of the rule under ``system``, and the array.
        is_bad : (n,) bool
            Where it does not hold.
        ids : tuple of str
            Names of the n things, or none of them.
        expected, remedy : str
            What is needed, what to do.
        """
        at = np.flatnonzero(is_bad)
        if len(at):
            names = tuple(ids[one] for one in at) if ids else tuple(f"row {one}" for one in at[:100])
            found = f"It is wrong in {say_count(len(at), 'place')} of {is_bad.size}"
            self.issues.append(Issue(f"system.{rule}", place, names, found, expected, remedy))


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
    findings = Findings()
    _check_shapes(findings, system, draws)
    if not findings.issues:
        _check_numbers(findings, system, draws)
    if not findings.issues:
        _check_loads(findings, system)
        _check_order(findings, system, draws)
    return findings.issues


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
    if any(issue.rule in ("system.shape", "system.number") for issue in issues):
        return issues
    findings = Findings(issues)
    _check_quantities(findings, system)
    _check_resources(findings, system)
    _check_lines(findings, system)
    return findings.issues + check_ways(system)


def _check_shapes(findings: Findings, system: System, draws: Draws) -> None:
    for place, length, needed in (
        ("first_draw", len(draws.first_draw), system.n_stream + 1),
        ("first_closure", len(draws.first_closure), system.n_resource + 1),
        ("release_h", len(draws.release_h), len(draws.flow)),
        ("closure_end_h", len(draws.closure_end_h), len(draws.closure_start_h)),
        ("lines.first_departure", len(system.lines.first_departure), 2 * system.n_line + 1),
    ):
        if length != needed:
            found = f"It has {say_count(length, 'value')}"
            remedy = "Draw it for this system"
            findings.issues.append(
                Issue("system.shape", place, (), found, f"This system needs {needed}", remedy)
            )


def _check_numbers(findings: Findings, system: System, draws: Draws) -> None:
    """Numbers that point into other arrays."""
    lines, n_resource, n_stage = system.lines, system.n_resource, system.n_stage
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
        is_bad = (numbers < least) | (numbers >= limit)
        expected = f"Numbers are from {least} to {limit - 1}"
        findings.add("number", place, is_bad, (), expected, "Number things as they stand in the system")
    for place, kind, owner in (
        ("line", ResourceKind.BOARD, system.line),
        ("partner", ResourceKind.GIVE, system.partner),
    ):
        is_bad = (system.kind == kind) & (owner < 0)
        findings.add(
            "number", place, is_bad, system.resource_ids, f"A {kind.name} has one", f"Name its {place}"
        )


def _check_loads(findings: Findings, system: System) -> None:
    stage = np.flatnonzero(system.kind[system.stage_resource] == ResourceKind.BOARD)
    line = system.line[system.stage_resource[stage]]
    is_bad = ~(system.stage_load[stage] <= system.lines.capacity[line] + LOAD_TOLERANCE)
    names = tuple(system.lines.line_ids[at] for at in line)
    findings.add(
        "load",
        "stage_load",
        is_bad,
        names,
        "A load is at most the capacity of its line",
        "Use smaller lots, or give the line more room",
    )


def _check_order(findings: Findings, system: System, draws: Draws) -> None:
    """Times that must be there, not before 0, in order."""
    remedy = "Sort it, and cut it at hour 0"
    release_h = draws.release_h
    is_bad = ~(np.diff(release_h, prepend=0.0) >= 0.0)
    findings.add("release", "release_h", is_bad, (), "Releases are at hour 0 or later, in order", remedy)
    findings.add("draw", "factor", ~(draws.factor >= 0.0), (), "Draws are at least 0", "Draw them again")
    start_h, end_h = draws.closure_start_h, draws.closure_end_h
    is_bad = ~(start_h < end_h)
    is_bad[1:] |= ~(start_h[1:] >= end_h[:-1]) & ~_is_first(draws.first_closure, len(start_h))[1:]
    expected = "Closures of a resource end after they begin, one after the other"
    findings.add("closure", "closure_start_h", is_bad, (), expected, "Join those that overlap")
    departure_h = system.lines.departure_h
    is_bad = np.isnan(departure_h)
    is_bad[1:] |= (
        ~(np.diff(departure_h) >= 0.0) & ~_is_first(system.lines.first_departure, len(departure_h))[1:]
    )
    findings.add("departure", "lines.departure_h", is_bad, (), "Departures of a side are in order", remedy)
    if np.isnan(draws.end_h):
        issue = Issue(
            "system.end", "end_h", (), "It is not a number", "A run ends at an hour or at inf", "Give it"
        )
        findings.issues.append(issue)


def _is_first(first: npt.NDArray[np.integer], count: int) -> Mask:
    """Where a new list begins in arrays of lists that lie one behind the other."""
    is_first = np.zeros(count + 1, dtype=bool)
    is_first[first] = True
    return is_first[:count]


def _is_negative(values: FloatArray) -> Mask:
    return ~((values >= 0.0) & np.isfinite(values))


def _check_quantities(findings: Findings, system: System) -> None:
    lines = system.lines
    names = tuple(system.resource_ids[at] for at in system.stage_resource)
    sides = tuple(system.resource_ids[at] for at in lines.resource.reshape(-1))
    for place, values, ids in (
        ("stage_time_h", system.stage_time_h, names),
        ("stage_load", system.stage_load, names),
        ("lines.crossing_h", lines.crossing_h.reshape(-1), sides),
        ("lines.turn_h", lines.turn_h, lines.line_ids),
        ("lines.cut_off_h", lines.cut_off_h, lines.line_ids),
    ):
        expected = "Times and loads are at least 0 and not endless"
        findings.add("quantity", place, _is_negative(values), ids, expected, "Correct the plan")
    is_bad = ~(lines.longest_wait_h >= 0.0)
    expected = "A longest wait is at least 0; inf waits until full"
    findings.add("quantity", "lines.longest_wait_h", is_bad, lines.line_ids, expected, "Correct the line")


def _check_resources(findings: Findings, system: System) -> None:
    kind = system.kind
    is_bad = np.isin(kind, (ResourceKind.SERVE, ResourceKind.TAKE)) & (system.server_count < 1)
    expected = "A SERVE or TAKE has at least one server or token"
    findings.add(
        "server", "server_count", is_bad, system.resource_ids, expected, "Correct the terminal or pool"
    )
    is_bad = (kind == ResourceKind.GIVE) & (kind[system.partner] != ResourceKind.TAKE)
    findings.add("pool", "partner", is_bad, system.resource_ids, "A GIVE gives to a TAKE", "Name the pool")


def _check_lines(findings: Findings, system: System) -> None:
    lines, ids = system.lines, system.lines.line_ids
    is_bad = ~(lines.capacity > 0.0)
    findings.add("line", "lines.capacity", is_bad, ids, "A line carries more than 0", "Give its capacity")
    expected = "A line has at least one ship; 0 means that there is always one"
    findings.add("line", "lines.fleet_count", lines.fleet_count < 0, ids, expected, "Count its ships")
    number = np.arange(system.n_line)[:, None]
    is_bad = (system.line[lines.resource] != number) | (system.side[lines.resource] != np.array([0, 1]))
    is_bad |= system.kind[lines.resource] != ResourceKind.BOARD
    expected = "Each side of a line is a BOARD resource that names the line and the side"
    findings.add("line", "lines.resource", is_bad.any(axis=1), ids, expected, "Give it two BOARD resources")
    berth = lines.berth
    is_bad = (berth >= 0) & (system.kind[berth] != ResourceKind.SERVE)
    findings.add("berth", "lines.berth", is_bad.any(axis=1), ids, "Berths are a SERVE resource", "Correct it")
    is_berth = np.isin(system.stage_resource, berth[berth >= 0])
    names = tuple(system.resource_ids[at] for at in system.stage_resource)
    expected = "Consignments do not come to berths"
    findings.add(
        "berth", "stage_resource", is_berth, names, expected, "Give the berths a resource of their own"
    )
    used = np.isin(lines.resource, system.stage_resource)
    is_empty = np.diff(lines.first_departure).reshape(-1, 2) == 0
    is_bad = (lines.departs == Departs.CLOCK)[:, None] & used & is_empty
    expected = "A side of a CLOCK line that cargo comes to has departures"
    findings.add("line", "lines.departure_h", is_bad.any(axis=1), ids, expected, "Give it a timetable")
