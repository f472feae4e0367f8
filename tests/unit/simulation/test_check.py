"""Each fault of a system is found, named and told with its place; a sound system has none."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dehliz.base.errors import DataError
from dehliz.simulation.check import check_system
from dehliz.simulation.run import run_events
from dehliz.simulation.system import Departs, Draws, ResourceKind, System
from tests.properties.systems import Yard, random_case

Change = Callable[[System, Draws], tuple[System, Draws]]


def sound() -> tuple[System, Draws]:
    """gate 0, berth 1, line with sides 2 and 3, pool 4, its return 5, road 6."""
    yard = Yard()
    gate = yard.serve(2, draws=[1.0, 2.0], closures=[(1.0, 2.0), (3.0, 4.0)])
    berth = yard.serve(1)
    west, _ = yard.line(
        capacity=4.0, departs=Departs.CLOCK, clock_h=([1.0, 9.0], []), berths=(berth, berth), turn_h=2.0
    )
    take = yard.resource(ResourceKind.TAKE, 2)
    give = yard.resource(ResourceKind.GIVE, partner=take)
    road = yard.delay()
    flow = yard.flow((gate, 1.0), (west, 0.0, 2.0), (take, 0.0), (road, 5.0), (give, 1.0))
    return yard.system(), yard.release((flow, 0.0), (flow, 1.0))


def edit(array: Any, at: Any, value: float) -> Any:
    changed = array.copy()
    changed[at] = value
    return changed


def in_system(name: str, at: Any, value: float) -> Change:
    return lambda system, draws: (replace(system, **{name: edit(getattr(system, name), at, value)}), draws)


def in_lines(name: str, at: Any, value: float) -> Change:
    def change(system: System, draws: Draws) -> tuple[System, Draws]:
        lines = replace(system.lines, **{name: edit(getattr(system.lines, name), at, value)})
        return replace(system, lines=lines), draws

    return change


def in_draws(name: str, at: Any, value: float) -> Change:
    return lambda system, draws: (system, replace(draws, **{name: edit(getattr(draws, name), at, value)}))


FAULTS: list[tuple[str, str, Change]] = [
    (
        "system.array.shape",
        "first_draw",
        lambda system, draws: (system, replace(draws, first_draw=draws.first_draw[:-1])),
    ),
    (
        "system.array.shape",
        "release_h",
        lambda system, draws: (system, replace(draws, release_h=draws.release_h[:-1])),
    ),
    ("system.array.number", "flow", in_draws("flow", 1, 7)),
    ("system.array.number", "stage_next", in_system("stage_next", 0, 99)),
    ("system.array.number", "stage_resource", in_system("stage_resource", 0, -1)),
    ("system.array.number", "line", in_system("line", 2, -1)),
    ("system.array.number", "partner", in_system("partner", 5, -1)),
    ("system.stage.load", "stage_load", in_system("stage_load", 1, 4.5)),
    ("system.draws.release", "release_h", in_draws("release_h", 0, -1.0)),
    ("system.draws.release", "release_h", in_draws("release_h", 0, 3.0)),
    ("system.draws.factor", "factor", in_draws("factor", 0, float("nan"))),
    ("system.draws.closure", "closure_start_h", in_draws("closure_end_h", 0, 3.5)),
    ("system.draws.closure", "closure_start_h", in_draws("closure_end_h", 1, 3.0)),
    ("system.line.departure", "lines.departure_h", in_lines("departure_h", 0, 10.0)),
    ("system.draws.end", "end_h", lambda system, draws: (system, replace(draws, end_h=float("nan")))),
    ("system.array.quantity", "stage_time_h", in_system("stage_time_h", 0, -1.0)),
    ("system.array.quantity", "lines.crossing_h", in_lines("crossing_h", (0, 1), float("nan"))),
    ("system.line.wait", "lines.longest_wait_h", in_lines("longest_wait_h", 0, float("nan"))),
    ("system.resource.server", "server_count", in_system("server_count", 0, 0)),
    ("system.resource.pool", "partner", in_system("partner", 5, 0)),
    ("system.line.capacity", "lines.capacity", in_lines("capacity", 0, 0.0)),
    ("system.line.fleet", "lines.fleet_count", in_lines("fleet_count", 0, -1)),
    ("system.line.side", "lines.resource", in_system("side", 3, 0)),
    ("system.line.timetable", "lines.departure_h", in_lines("first_departure", 1, 0)),
    ("system.line.berth", "lines.berth", in_lines("berth", (0, 0), 6)),
    ("system.stage.berth", "stage_resource", in_system("stage_resource", 0, 1)),
    ("system.stage.circle", "stage_next", in_system("stage_next", 4, 1)),
    ("system.flow.longest", "longest_count", in_system("longest_count", 0, 4)),
    ("system.resource.reach", "stage_resource", in_system("stage_next", 0, -1)),
]


def test_a_sound_system_has_no_faults() -> None:
    assert check_system(*sound()) == []


@pytest.mark.parametrize("seed", range(20))
def test_random_systems_have_no_faults_but_idle_resources(seed: int) -> None:
    case = random_case(seed)
    issues = check_system(case.system, case.draws)
    assert {issue.rule for issue in issues} <= {"system.resource.reach", "system.line.timetable"}


@pytest.mark.parametrize(
    ("rule", "place", "change"), FAULTS, ids=[f"{rule}-{at}" for at, (rule, *_) in enumerate(FAULTS)]
)
def test_a_fault_is_found(rule: str, place: str, change: Change) -> None:
    issues = check_system(*change(*sound()))
    assert (rule, place) in {(issue.rule, issue.place) for issue in issues}
    assert all(str(issue).endswith(f"(rule {issue.rule})") for issue in issues)


def test_faults_are_told_together() -> None:
    system, draws = in_system("stage_time_h", 0, -1.0)(*in_lines("capacity", 0, 0.0)(*sound()))
    rules = {issue.rule for issue in check_system(system, draws)}
    assert rules == {"system.array.quantity", "system.line.capacity", "system.stage.load"}


@pytest.mark.parametrize("change", [in_draws("flow", 1, 7), in_draws("release_h", 0, -1.0)])
def test_what_cannot_be_run_is_refused(change: Change) -> None:
    with pytest.raises(DataError, match="rule system"):
        run_events(*change(*sound()))


def test_circles_are_told_by_the_stages_that_never_end() -> None:
    system, draws = in_system("stage_next", 4, 1)(*sound())
    [issue] = [issue for issue in check_system(system, draws) if issue.rule == "system.stage.circle"]
    assert "5 places" in issue.found
    assert np.all([name in system.resource_ids for name in issue.ids])
