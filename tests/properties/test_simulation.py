"""What must hold of any system: nothing is lost, in two places or back in time, ships carry no more than they can."""

from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehliz.kernels import events, recursion
from dehliz.kernels.jit import Kernel
from dehliz.simulation.log import EventLog
from dehliz.simulation.run import run_events
from dehliz.simulation.system import Departs, ResourceKind
from tests.properties.systems import Case, random_cases

SIMPLE = {"has_fleets": False, "has_pools": False, "has_detours": False, "has_priorities": False}
CASES = st.booleans().flatmap(lambda has_ties: random_cases(has_ties=has_ties))
SIMPLE_CASES = st.booleans().flatmap(lambda has_ties: random_cases(has_ties=has_ties, **SIMPLE))
FEW = settings(max_examples=60, deadline=None)


@pytest.fixture(autouse=True, scope="module")
def _plain():  # type: ignore[no-untyped-def]
    """Small systems are quicker without compiling; one test below compares with the compiled kernels."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kernel, "pick", lambda self, work_count: self.plain)
        yield


def run(case: Case, **how: object) -> EventLog:
    return run_events(case.system, case.draws, can_replan=case.can_replan, patience_h=case.patience_h, **how)  # type: ignore[arg-type]


def assert_same(one: EventLog, other: EventLog) -> None:
    for field in fields(EventLog):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            assert left.dtype == right.dtype, field.name
            assert left.tobytes() == right.tobytes(), field.name
        else:
            assert left == right, field.name


def spells(case: Case, resource: int) -> list[tuple[float, float]]:
    first, last = case.draws.first_closure[resource : resource + 2]
    return list(
        zip(
            case.draws.closure_start_h[first:last].tolist(),
            case.draws.closure_end_h[first:last].tolist(),
            strict=True,
        )
    )


def is_shut(case: Case, resource: int, moment: float) -> bool:
    return any(start <= moment < end for start, end in spells(case, resource))


@FEW
@given(CASES)
def test_nothing_is_lost_or_in_two_places(case: Case) -> None:
    log = run(case)
    for one in range(len(case.draws.flow)):
        rows = slice(log.first_record[one], log.first_record[one + 1])
        stage, ready, start, end = log.stage[rows], log.ready_h[rows], log.start_h[rows], log.end_h[rows]
        if not len(stage):
            assert case.draws.release_h[one] > case.draws.end_h
            continue
        assert ready[0] == case.draws.release_h[one]
        assert (ready[1:] == end[:-1]).all()  # comes to the next place as it leaves the one before
        assert not np.isnan(end[:-1]).any()
        held = start[~np.isnan(start)]
        assert (held >= ready[: len(held)]).all()
        done = end[~np.isnan(end)]
        assert (done >= start[: len(done)]).all()
        assert max(ready[-1], *np.nan_to_num(end)) <= case.draws.end_h
        for before, after in pairwise(stage.tolist()):
            ahead = [int(case.system.stage_next[before])]
            while case.can_replan and case.system.stage_detour[ahead[-1]] >= 0:
                ahead.append(int(case.system.stage_detour[ahead[-1]]))
            assert after in ahead
        arrived = np.isnan(log.done_h[one])
        assert arrived == bool(np.isnan(end[-1]))
        if not arrived:
            assert log.done_h[one] == end[-1]


@FEW
@given(CASES)
def test_nobody_begins_in_a_closure(case: Case) -> None:
    log = run(case)
    for stage, start in zip(log.stage.tolist(), log.start_h.tolist(), strict=True):
        resource = int(case.system.stage_resource[stage])
        if case.system.kind[resource] != ResourceKind.GIVE:
            assert not is_shut(case, resource, start)
    lines = case.system.lines
    for line, side, berthed in zip(log.departure_line, log.departure_side, log.berth_h.tolist(), strict=True):
        assert not is_shut(case, int(lines.resource[line, 1 - side]), berthed)
        berth = int(lines.berth[line, 1 - side])
        assert berth < 0 or not is_shut(case, berth, berthed)


def most_at_once(begin: np.ndarray, end: np.ndarray) -> int:
    """Most intervals [begin, end) at once."""
    steps = sorted([*((moment, 1) for moment in begin.tolist()), *((moment, -1) for moment in end.tolist())])
    return int(max(np.cumsum([step for _, step in steps]), default=0))


@FEW
@given(CASES)
def test_servers_tokens_and_berths_are_never_exceeded(case: Case) -> None:
    log, system = run(case), case.system
    resource = system.stage_resource[log.stage]
    begun = ~np.isnan(log.start_h)
    end_h = np.where(np.isnan(log.end_h), np.inf, log.end_h)
    for at in np.flatnonzero(system.kind == ResourceKind.SERVE):
        own = (resource == at) & begun
        assert most_at_once(log.start_h[own], end_h[own]) <= system.server_count[at]
        other_side = system.lines.berth[log.departure_line, 1 - log.departure_side]
        own = (other_side == at) & ~np.isnan(log.berth_h)
        turned = np.where(np.isnan(log.turned_h), np.inf, log.turned_h)
        assert most_at_once(log.berth_h[own], turned[own]) <= system.server_count[at]
    for at in np.flatnonzero(system.kind == ResourceKind.TAKE):
        taken = log.start_h[(resource == at) & begun]
        given = log.start_h[
            np.isin(resource, np.flatnonzero(system.partner == at))
        ]  # at hand at this hour or later
        out = [int((taken <= moment).sum() - (given <= moment).sum()) for moment in taken]
        assert max(out, default=0) <= system.server_count[at]


@FEW
@given(CASES)
def test_departures_carry_what_boards_and_no_more_than_they_can(case: Case) -> None:
    log, system = run(case), case.system
    lines, line, side = system.lines, log.departure_line, log.departure_side
    assert (np.diff(log.depart_h) >= 0.0).all()
    assert (log.departure_load <= lines.capacity[line] + 1e-9).all()
    resource = system.stage_resource[log.stage]
    boarded = (system.kind[resource] == ResourceKind.BOARD) & ~np.isnan(log.start_h)
    assert int(boarded.sum()) == int(log.departure_count.sum())
    for at in np.flatnonzero(system.kind == ResourceKind.BOARD):
        own = boarded & (resource == at)
        from_here = (line == system.line[at]) & (side == system.side[at])
        sailed = np.repeat(log.depart_h[from_here], log.departure_count[from_here])
        assert np.sort(log.start_h[own]).tolist() == sailed.tolist()
        landed = np.repeat(log.berth_h[from_here], log.departure_count[from_here])
        np.testing.assert_array_equal(np.sort(log.end_h[own]), np.sort(landed))
        order = np.lexsort((log.start_h[own], log.ready_h[own]))
        in_order = log.start_h[own][order]
        assert (in_order[1:] >= in_order[:-1]).all()  # first come, first aboard
    empty = log.departure_count == 0
    assert (lines.departs[line[empty]] == Departs.FILLS).all()
    assert (lines.fleet_count[line[empty]] > 0).all()
    for one in range(system.n_line):
        if lines.departs[one] == Departs.FILLS and lines.fleet_count[one] > 0:
            back = np.where(np.isnan(log.turned_h), np.inf, log.turned_h)[line == one]
            assert most_at_once(log.depart_h[line == one], back) <= lines.fleet_count[one]


@FEW
@given(random_cases(has_priorities=False))
def test_first_come_is_first_served(case: Case) -> None:
    log = run(case)
    resource = case.system.stage_resource[log.stage]
    start_h = np.where(np.isnan(log.start_h), np.inf, log.start_h)
    for at in np.flatnonzero(np.isin(case.system.kind, (ResourceKind.SERVE, ResourceKind.TAKE))):
        own = resource == at
        order = np.lexsort((start_h[own], log.ready_h[own]))
        in_order = start_h[own][order]
        assert (in_order[1:] >= in_order[:-1]).all()


@FEW
@given(random_cases(has_priorities=False, has_lines=False, has_ties=False))
def test_found_is_how_many_came_before_and_had_not_begun(case: Case) -> None:
    log = run(case)
    resource = case.system.stage_resource[log.stage]
    for at in np.flatnonzero(np.isin(case.system.kind, (ResourceKind.SERVE, ResourceKind.TAKE))):
        own = resource == at
        ready, start = log.ready_h[own], log.start_h[own]
        if len(np.unique(ready)) < len(ready):
            continue
        waiting = [int(((ready < moment) & ~(start <= moment)).sum()) for moment in ready]
        assert log.found_count[own].tolist() == waiting


@settings(max_examples=200, deadline=None)
@given(SIMPLE_CASES)
def test_the_recursion_gives_the_same_bytes_as_the_events(case: Case) -> None:
    assert_same(run(case, method="recursion"), run(case, method="events"))


@FEW
@given(CASES)
def test_the_log_changes_nothing(case: Case) -> None:
    kept, left = run(case), run(case, keeps_log=False)
    for name in ("done_h", "departure_load", "depart_h", "arrive_h", "berth_h", "turned_h"):
        np.testing.assert_array_equal(getattr(kept, name), getattr(left, name))
    assert kept.event_count == left.event_count


@FEW
@given(CASES, SIMPLE_CASES)
def test_compiled_kernels_give_the_same_bytes_as_plain_ones(case: Case, simple: Case) -> None:
    plain = run(case, method="events"), run(simple, method="recursion")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kernel, "pick", lambda self, work_count: self.compiled())
        assert_same(run(case, method="events"), plain[0])
        assert_same(run(simple, method="recursion"), plain[1])
    assert events.run_loop.name != recursion.run_recursion.name
