"""The engine and SimPy on the same system and draws: every record of every consignment and ship equal within 1e-9."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import event, given, settings

from dehliz.base.errors import SolverError
from dehliz.simulation.log import EventLog
from dehliz.simulation.run import run_events
from dehliz.simulation.system import Departs, Draws, ResourceKind, System
from tests.agree.queue_models import Model, make_draws
from tests.oracles.queue_simpy import run_simpy
from tests.properties.systems import Case, random_cases

Given = tuple[System, Draws]
TIME_COLUMNS = ("ready_h", "start_h", "end_h", "done_h")
DEPARTURE_TIMES = ("depart_h", "arrive_h", "berth_h", "turned_h")


def assert_same(ours: EventLog, theirs: EventLog) -> None:
    """Every record the same; departures of one instant in the order of line, side and load."""
    for name in ("first_record", "stage", "found_count"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name), err_msg=name)
    for name in TIME_COLUMNS:
        np.testing.assert_allclose(
            getattr(ours, name), getattr(theirs, name), rtol=0.0, atol=1e-9, err_msg=name
        )
    order = [
        np.lexsort((log.departure_load, log.departure_side, log.departure_line, np.round(log.depart_h, 9)))
        for log in (ours, theirs)
    ]
    for name in ("departure_line", "departure_side", "departure_count", "departure_load", *DEPARTURE_TIMES):
        mine, other = getattr(ours, name)[order[0]], getattr(theirs, name)[order[1]]
        np.testing.assert_allclose(mine, other, rtol=0.0, atol=1e-9, err_msg=name)
    assert ours.event_count == theirs.event_count


def single_queue(seed: int) -> Given:
    """M/M/1, load 0.9, cut off at hour 900 while some are under way."""
    rng = np.random.default_rng(seed)
    model = Model()
    model.flow((model.resource(ResourceKind.SERVE, 1), 0.9))
    system = model.system()
    release_h = np.cumsum(rng.exponential(1.0, 1000))
    return system, make_draws(system, release_h, factors={0: rng.exponential(1.0, 1000)}, end_h=900.0)


def tandem(seed: int) -> Given:
    """Yard, three cranes, two gates; two flows, the second served first and joining at the cranes; few draws."""
    rng = np.random.default_rng(seed)
    model = Model()
    yard, crane, gate = (model.resource(ResourceKind.SERVE, count) for count in (1, 3, 2))
    road = model.resource(ResourceKind.DELAY)
    model.flow((yard, 0.8), (road, 5.0), (crane, 3.6), (gate, 2.0), priority=1)
    model.flow((crane, 2.0), (road, 2.5), (gate, 1.0), priority=0)
    system = model.system()
    flow = (rng.random(800) < 0.25).astype(np.int32)
    factors = {stream: rng.gamma(2.0, 0.5, 300 + 10 * stream) for stream in (yard, crane, gate, road)}
    return system, make_draws(system, np.cumsum(rng.gamma(2.0, 0.5, 800)), flow=flow, factors=factors)


def ferry(seed: int) -> Given:
    """Two ships of 20 shares from both sides, 48 h at most, one berth each side, storms; a feeder with no fleet."""
    rng = np.random.default_rng(seed)
    model = Model()
    berths = tuple(model.resource(ResourceKind.SERVE, 1) for _ in range(2))
    east, west = model.line(
        capacity=20.0, longest_wait_h=48.0, fleet_count=2, crossing_h=(20.0, 22.0), turn_h=9.0, berth=berths
    )
    out, _ = model.line(capacity=6.0, longest_wait_h=30.0, crossing_h=(60.0, 60.0))
    crane = model.resource(ResourceKind.SERVE, 2)
    model.flow((crane, 1.2), (east, 0.0), (crane, 1.0), (out, 0.0), load=1.0)
    model.flow((west, 0.0), load=1.7)
    model.flow((east, 0.0), load=3.3)
    system = model.system()
    flow = rng.choice(3, 700, p=[0.7, 0.2, 0.1])
    storms = np.sort(rng.uniform(0.0, 1400.0, 24)).reshape(-1, 2)
    calm = np.sort(rng.uniform(0.0, 1400.0, 12)).reshape(-1, 2)
    factors = {s: rng.gamma(4.0, 0.25, 90) for s in (east, west, out, crane, system.n_resource)}
    closures = {east: storms.tolist(), west: calm.tolist()}
    draws = make_draws(
        system, np.cumsum(rng.exponential(2.6, 700)), flow=flow, factors=factors, closures=closures
    )
    return system, draws


def border_post(seed: int) -> Given:
    """A post open 8 to 20 h except for a feast, lorries first, a road that shuts; a timetabled train behind it."""
    rng = np.random.default_rng(seed)
    model = Model()
    post = model.resource(ResourceKind.SERVE, 2)
    road, other_road = (model.resource(ResourceKind.DELAY) for _ in range(2))
    table = tuple(np.arange(6.0, 900.0, 12.0))
    train, _ = model.line(
        departs=Departs.CLOCK, capacity=9.0, crossing_h=(15.0, 15.0), cut_off_h=3.0, departure_h=(table, ())
    )
    model.flow((road, 4.0), (post, 0.9), (train, 0.0), priority=1)
    model.flow((post, 0.5), (road, 2.0), priority=0)
    model.stages.append({"resource": other_road, "time": 9.0, "load": 0.0, "detour": -1, "next": 1})
    model.stages[0]["detour"] = len(model.stages) - 1
    system = model.system()
    nights = [(day * 24.0 + 20.0, day * 24.0 + 32.0) for day in range(40)]
    nights[9:12] = [(nights[9][0], nights[11][1])]
    closures = {post: nights, train: [(100.0, 130.0), (130.0, 147.0)], road: [(200.0, 330.0), (400.0, 410.0)]}
    factors = {s: rng.gamma(4.0, 0.25, 200) for s in (post, road, other_road, train)}
    flow = (rng.random(900) < 0.4).astype(np.int32)
    release_h = np.sort(rng.uniform(0.0, 850.0, 900))
    return system, make_draws(system, release_h, flow=flow, factors=factors, closures=closures, end_h=800.0)


def gauge_yard(seed: int) -> Given:
    """Boxes leave one gauge and wait for wagons of the other, with tracks between and wagons back after a round."""
    rng = np.random.default_rng(seed)
    model = Model()
    broad = model.resource(ResourceKind.TAKE, 40)
    narrow = model.resource(ResourceKind.TAKE, 25)
    give_broad = model.resource(ResourceKind.GIVE, partner=broad)
    give_narrow = model.resource(ResourceKind.GIVE, partner=narrow)
    yard = model.resource(ResourceKind.SERVE, 3)
    track = model.resource(ResourceKind.DELAY)
    model.flow(
        (narrow, 0.0),
        (track, 8.0),
        (broad, 0.0),
        (yard, 2.6),
        (give_narrow, 6.0),
        (track, 20.0),
        (give_broad, 9.0),
    )
    model.flow((broad, 0.0), (track, 9.0), (narrow, 0.0), (yard, 2.0), (give_broad, 4.0), (give_narrow, 7.0))
    system = model.system()
    factors = {s: rng.gamma(3.0, 1 / 3, 170) for s in (give_broad, give_narrow, yard, track)}
    flow = (rng.random(600) < 0.3).astype(np.int32)
    closures = {yard: [(100.0, 112.0)], broad: [(220.0, 231.0)]}
    return system, make_draws(
        system,
        np.cumsum(rng.exponential(1.1, 600)),
        flow=flow,
        factors=factors,
        closures=closures,
        end_h=2000.0,
    )


MODELS = (single_queue, tandem, ferry, border_post, gauge_yard)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("model", MODELS)
def test_every_record_equals_simpy(model, seed):
    system, draws = model(seed)
    theirs = run_simpy(system, draws, can_replan=True, patience_h=24.0)
    assert_same(run_events(system, draws, can_replan=True, patience_h=24.0), theirs)


@pytest.mark.parametrize("model", MODELS)
def test_the_models_have_what_they_are_for(model):
    """Queues, full and unfilled ships, empty ones, waits off a port, detours: else agreement would say little."""
    system, draws = model(1)
    log = run_simpy(system, draws, can_replan=True)
    assert log.found_count.max() >= 3
    if model is single_queue:
        assert np.isnan(log.done_h).any()
    if model is ferry:
        full = system.lines.capacity[log.departure_line] - log.departure_load < 1.0
        assert full.any()
        assert (~full & (log.departure_count > 0)).any()
        assert (log.departure_count == 0).any()
        assert (log.berth_h - log.arrive_h > 1.0).any()
        assert (log.departure_side == 1).any()
    if model is border_post:
        assert (log.stage == system.n_stage - 1).any()
        assert set(np.isnan(log.done_h)) == {False, True}
    if model is gauge_yard:
        waits = log.start_h - log.ready_h
        for resource in (0, 1):
            assert waits[system.stage_resource[log.stage] == resource].max() > 1.0


def test_without_leave_to_replan_nobody_takes_the_detour():
    system, draws = border_post(1)
    ours, theirs = run_events(system, draws), run_simpy(system, draws)
    assert_same(ours, theirs)
    assert (ours.stage < system.n_stage - 1).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(case=random_cases())
def test_random_systems_equal_simpy(case):
    """Every kind of resource, continuous times: no two unlinked things happen at one moment."""
    assert_case(case)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(case=random_cases(has_ties=True))
def test_random_systems_on_whole_hours_equal_simpy(case):
    """Many things happen at one moment; their order is part of the rules."""
    assert_case(case)


def assert_case(case: Case) -> None:
    """Event by event, whatever way the engine chooses by itself, and without the log."""
    how = {"can_replan": case.can_replan, "patience_h": case.patience_h}
    theirs = run_simpy(case.system, case.draws, **how)
    assert_same(run_events(case.system, case.draws, **how, method="events"), theirs)
    assert_same(run_events(case.system, case.draws, **how), theirs)
    bare = run_events(case.system, case.draws, **how, keeps_log=False)
    assert len(bare.stage) == 0
    nothing = {name: getattr(theirs, name)[:0] for name in ("stage", "found_count", *TIME_COLUMNS[:3])}
    assert_same(bare, replace(theirs, **nothing, first_record=bare.first_record))


FEED_FORWARD = {
    "has_fleets": False,
    "has_pools": False,
    "has_detours": False,
    "has_priorities": False,
}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(case=random_cases(**FEED_FORWARD), tied=random_cases(**FEED_FORWARD, has_ties=True))
def test_the_recursion_equals_simpy(case, tied):
    """Where nobody comes back to a resource the engine goes resource by resource; SimPy goes event by event."""
    for each in (case, tied):
        theirs = run_simpy(each.system, each.draws)
        try:
            ours = run_events(each.system, each.draws, method="recursion")
        except SolverError:
            event("cannot go resource by resource")
            continue
        event("resource by resource")
        assert_same(ours, theirs)


def test_no_draws_no_closures_and_no_end():
    """Factors of 1, releases on whole hours, a ship that waits until it is full for ever."""
    model = Model()
    east, _ = model.line(capacity=2.0, longest_wait_h=inf, fleet_count=1, crossing_h=(5.0, 5.0), turn_h=1.0)
    model.flow((model.resource(ResourceKind.SERVE, 1), 0.75), (east, 0.0))
    system = model.system()
    draws = make_draws(system, np.arange(5.0))
    ours = run_events(system, draws)
    assert_same(ours, run_simpy(system, draws))
    np.testing.assert_array_equal(ours.depart_h, [1.75, 7.75, 13.75, 19.75])
    np.testing.assert_array_equal(np.isnan(ours.done_h), [False, False, False, False, True])
