"""Statistics of one replication: by hand, against plain loops, and sums that must come out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehliz.simulation.log import EventLog
from dehliz.simulation.observe import USED, Observation, observe_replication
from dehliz.simulation.observe_causes import N_CAUSE, Cause
from dehliz.simulation.observe_outline import make_outline
from dehliz.simulation.observe_spells import join
from dehliz.simulation.observe_times import (
    COUNT,
    MEAN,
    MEDIAN,
    ON_TIME,
    P90,
    P95,
    SPREAD,
    UNFINISHED,
    pool_quantiles,
    sort_times,
    tell_groups,
)  # fmt: skip
from dehliz.simulation.observe_use import (
    BUSY,
    CAME,
    DEPARTURES,
    EMPTY_SAILINGS,
    LOAD,
    MOST,
    OFF_PORT,
    PART,
    QUEUE,
    ROOM,
    SHIP_BUSY,
    SHIP_LOAD,
    SHIP_ROOM,
    SHUT,
    STANDING,
    Window,
)  # fmt: skip
from dehliz.simulation.plan import Activity, Plan
from dehliz.simulation.run import run_events
from dehliz.simulation.system import Departs, Draws, ResourceKind
from tests.oracles.observe import count_waiting, tell_causes
from tests.properties.systems import Yard, random_case
from tests.unit.simulation.plans import wrap


def watch(plan: Plan, draws: Draws, log: EventLog | None = None, promise_h: float = np.nan) -> Observation:
    done = log or run_events(plan.system, draws)
    return observe_replication(make_outline(plan), Window(0.0, plan.horizon_h), draws, done, promise_h)


def causes(found: Observation) -> dict[Cause, float]:
    """Mean hours of all cargo by cause, without those that have none."""
    return {cause: float(found.causes_h[0, cause]) for cause in Cause if found.causes_h[0, cause] > 0.0}


def test_road_and_queue_by_hand() -> None:
    """Two set out at 0 and 1: 3 h by road, then 2 h each at one server, where the second waits from 4 to 5."""
    yard = Yard()
    road, crane = yard.delay(), yard.serve(1)
    flow = yard.flow((road, 3.0), (crane, 2.0))
    found = watch(wrap(yard.system()), yard.release((flow, 0.0), (flow, 1.0)))
    assert causes(found) == {Cause.LAND: 3.0, Cause.HANDLE: 2.0, Cause.PATH: 0.5}
    np.testing.assert_allclose(found.times[0, [COUNT, UNFINISHED, MEAN, MEDIAN]], [2, 0, 5.5, 5.5])
    assert found.times[0, SPREAD] == pytest.approx(np.sqrt(0.5))
    assert np.isnan(found.times[0, [P90, P95, ON_TIME]]).all()
    week = found.weekly[:, crane, 0]
    assert week[[CAME, QUEUE, BUSY, MOST, STANDING]].tolist() == [2.0, 1.0, 4.0, 1.0, 0.0]
    np.testing.assert_allclose(found.resources[crane, :2], [0.5, 4.0 / (5 * 168.0)])  # half an hour a tonne
    assert found.weekly[CAME, road, 0] == 2.0, "who passes without a wait has come too"


def test_who_came_to_what_only_delays() -> None:
    """Three come to a gate with opening hours, shut from 0 to 4; only the first of them has to wait."""
    yard = Yard()
    gate = yard.delay(closures=[(0.0, 4.0)])
    flow = yard.flow((gate, 1.0))
    plan = wrap(yard.system(), fixed={gate: [(0.0, 4.0)]})
    found = watch(plan, yard.release((flow, 1.0), (flow, 5.0), (flow, 200.0)))
    assert found.weekly[[CAME, QUEUE, MOST], gate, 0].tolist() == [2.0, 3.0, 1.0]
    assert found.weekly[CAME, gate, 1] == 1.0


def test_work_at_a_border_and_its_hours() -> None:
    """Comes at 1 to a post that is shut by hours from 0 to 4 and by a storm from 4 to 6; 2 h of work."""
    yard = Yard()
    post = yard.serve(1, closures=[(0.0, 6.0)])
    flow = yard.flow((post, 2.0))
    plan = wrap(yard.system(), activities={post: Activity.BORDER}, fixed={post: [(0.0, 4.0)]})
    found = watch(plan, yard.release((flow, 1.0), (flow, 1.0)))
    # The second waits for the first from 6 to 8 when the post is open.
    assert causes(found) == {
        Cause.BORDER: 2.0, Cause.HOURS: 3.0, Cause.WEATHER: 2.0, Cause.BORDER_QUEUE: 1.0,
    }  # fmt: skip
    assert found.weekly[SHUT, post, 0] == 6.0


def test_ship_that_fills_by_hand() -> None:
    """Room for 2, longest wait 10 h, crossing 5 h; the far port is shut from 8 to 20.

    Cargo of 0 and 3 leaves full at 3, is off at 8, and berths at 20. Cargo of 30 leaves alone at 40, lands at 45.
    """
    yard = Yard()
    quay, far = yard.line(
        closures=([], [(8.0, 20.0)]), capacity=2.0, longest_wait_h=10.0, crossing_h=(5.0, 5.0), departs=Departs.FILLS
    )  # fmt: skip
    flow = yard.flow((quay, 0.0, 1.0))
    plan = wrap(yard.system(), horizon_h=100.0)
    found = watch(plan, yard.release((flow, 0.0), (flow, 3.0), (flow, 30.0), end_h=100.0), promise_h=17.0)
    # waits 3, 0, 10; at sea 5 each; off the port 12, 12, 0
    assert causes(found) == {
        Cause.SEA: pytest.approx(5.0), Cause.WEATHER: pytest.approx(8.0), Cause.SHIP_FULL: pytest.approx(13.0 / 3.0),
    }  # fmt: skip
    assert found.times[0, MEAN] == pytest.approx((20.0 + 17.0 + 15.0) / 3.0)
    assert found.times[0, ON_TIME] == pytest.approx(2.0 / 3.0)
    ships = found.ships[0]
    assert ships[[DEPARTURES, EMPTY_SAILINGS, PART, OFF_PORT]].tolist() == [2.0, 0.0, 1.0, 12.0]
    assert found.weekly[[LOAD, ROOM], quay, 0].tolist() == [3.0, 4.0]
    assert found.resources[far, 0] == pytest.approx(
        8.0
    )  # waits off the far port count for it: 24 h of 3 lots
    assert found.resources[quay, 0] == pytest.approx(13.0 / 3.0)


def test_ship_of_unknown_capacity_is_not_empty() -> None:
    """Two departures, cargo aboard the first, which takes no room: what share of the ship it fills is not known."""
    yard = Yard()
    quay, _ = yard.line(clock_h=([5.0, 10.0], []), departs=Departs.CLOCK)
    flow = yard.flow((quay, 0.0, 0.0))
    found = watch(wrap(yard.system(), horizon_h=504.0), yard.release((flow, 0.0), end_h=504.0))
    assert found.ships[0, [DEPARTURES, EMPTY_SAILINGS, PART, SHIP_ROOM]].tolist() == [2.0, 1.0, 0.0, 0.0]
    assert np.isnan(found.resources[quay, USED])


def test_departures_by_the_clock_that_nobody_takes_are_empty() -> None:
    """Four departures with room for 2 each, one postponed by a closure; one lot in all: an eighth is used."""
    yard = Yard()
    quay, _ = yard.line(
        closures=([(9.0, 12.0)], []),
        capacity=2.0,
        clock_h=([5.0, 10.0, 20.0, 200.0], []),
        departs=Departs.CLOCK,
    )
    flow = yard.flow((quay, 0.0, 1.0))
    found = watch(wrap(yard.system(), horizon_h=336.0), yard.release((flow, 7.0), end_h=504.0))
    assert found.ships[0, [DEPARTURES, EMPTY_SAILINGS, SHIP_LOAD, SHIP_ROOM]].tolist() == [4.0, 3.0, 1.0, 8.0]
    assert found.weekly[[LOAD, ROOM], quay, :2].tolist() == [[1.0, 0.0], [6.0, 2.0]]
    assert found.resources[quay, USED] == pytest.approx(1.0 / 8.0)


def test_use_is_that_of_whole_weeks() -> None:
    """One server who works half of the time, until the horizon after two weeks and a day, and not after."""
    yard = Yard()
    server = yard.serve(1)
    flow = yard.flow((server, 12.0, 0.0))
    draws = yard.release(*((flow, 24.0 * day) for day in range(15)), end_h=600.0)
    found = watch(wrap(yard.system(), horizon_h=360.0), draws)
    assert found.resources[server, USED] == pytest.approx(0.5)


def test_wait_for_a_berth_counts_for_the_berth() -> None:
    """Two ships of two lines share one berth with a turn of 6 h: the second waits from 4 to 9."""
    yard = Yard()
    berth = yard.serve(1)
    first, _ = yard.line(capacity=1.0, crossing_h=(3.0, 3.0), turn_h=6.0, berths=(-1, berth))
    second, _ = yard.line(capacity=1.0, crossing_h=(4.0, 4.0), turn_h=6.0, berths=(-1, berth))
    flows = yard.flow((first, 0.0, 1.0)), yard.flow((second, 0.0, 1.0))
    plan = wrap(yard.system(), horizon_h=50.0)
    found = watch(plan, yard.release((flows[0], 0.0), (flows[1], 0.0), end_h=50.0))
    assert causes(found) == {Cause.SEA: 3.5, Cause.BERTH: 2.5}
    assert found.resources[berth, 0] == pytest.approx(2.5)
    assert found.weekly[[CAME, QUEUE, BUSY], berth, 0].tolist() == [2.0, 5.0, 12.0]
    assert found.ships[[0, 2], SHIP_BUSY].tolist() == [9.0, 15.0]


def test_wagon_is_used_until_it_is_back() -> None:
    """One wagon: taken at 0, given back at 3, at hand at 5; the second consignment waits for it from 1 to 5."""
    yard = Yard()
    pool = yard.resource(ResourceKind.TAKE, 1)
    road = yard.delay()
    back = yard.resource(ResourceKind.GIVE, partner=pool)
    flow = yard.flow((pool, 0.0), (road, 3.0), (back, 2.0))
    found = watch(wrap(yard.system()), yard.release((flow, 0.0), (flow, 1.0)))
    assert causes(found) == {Cause.LAND: 3.0, Cause.WAGON: 2.0}
    assert found.weekly[[QUEUE, BUSY], pool, 0].tolist() == [4.0, 10.0]


def test_who_is_under_way_counts_until_the_end_and_hides_quantiles() -> None:
    """Work of 10 h at one server, five come at 0, the end is at 25: two are done, at 10 and 20."""
    yard = Yard()
    crane = yard.serve(1)
    flow = yard.flow((crane, 10.0))
    plan = wrap(yard.system(), horizon_h=25.0)
    found = watch(plan, yard.release(*[(flow, 0.0)] * 5, end_h=25.0), promise_h=12.0)
    assert found.under_way_count == 3
    np.testing.assert_allclose(found.times[0, [COUNT, UNFINISHED, MEAN, ON_TIME]], [5, 3, 21.0, 0.2])
    assert np.isnan(found.times[0, MEDIAN])
    assert found.causes_h[0].sum() == pytest.approx(21.0)


def test_window_leaves_out_releases_but_not_their_load() -> None:
    """The first is released before the window; the second waits for it all the same."""
    yard = Yard()
    crane = yard.serve(1)
    flow = yard.flow((crane, 10.0))
    plan, draws = wrap(yard.system()), yard.release((flow, 0.0), (flow, 4.0))
    log = run_events(plan.system, draws)
    found = observe_replication(make_outline(plan), Window(2.0, 1000.0), draws, log)
    assert found.times[0, [COUNT, MEAN]].tolist() == [1.0, 16.0]


def test_probes_stand_for_no_demand() -> None:
    yard = Yard()
    road = yard.delay()
    cargo, probe = yard.flow((road, 5.0)), yard.flow((road, 7.0))
    plan = wrap(yard.system(), probes=[probe])
    found = watch(plan, yard.release((cargo, 0.0), (probe, 1.0), (probe, 2.0)))
    groups = make_outline(plan).groups
    assert [group.scope for group in groups] == ["all", "corridor", "probe", "od", "market"]
    assert found.times[:, COUNT].tolist() == [1, 1, 2, 1, 1]
    assert found.samples[0].tolist() == [7.0, 7.0]
    assert found.flowing[:, 0, 0].tolist() == [1.0, 1.0, 20.0, 20.0]


def test_probes_aboard_are_no_load() -> None:
    """A full ship with a probe aboard has no room for more cargo; a ship with a probe alone is empty.

    The quay at which only a probe boards has no row: cargo of that line is not part of the plan.
    """
    yard = Yard()
    clock = ([5.0, 30.0], [])
    quay, _ = yard.line(capacity=1.000005, clock_h=clock, departs=Departs.CLOCK)
    other, _ = yard.line(clock_h=clock, departs=Departs.CLOCK)
    cargo = yard.flow((quay, 0.0, 1.0))
    probes = yard.flow((quay, 0.0, 1e-6)), yard.flow((other, 0.0, 1e-6))
    plan = wrap(yard.system(), horizon_h=336.0, probes=probes)
    events = (cargo, 0.0), (probes[0], 1.0), (probes[1], 2.0), (probes[0], 20.0)
    found = watch(plan, yard.release(*events, end_h=400.0))
    assert found.ships[0, [DEPARTURES, EMPTY_SAILINGS, PART]].tolist() == [2.0, 1.0, 0.0]
    assert not found.ships[2].any()


@pytest.mark.parametrize("part", range(4))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_random_systems_as_plain_loops_say(part: int, data: st.DataObject) -> None:
    case = random_case(data.draw(st.integers(0, 2**32 - 1)), has_ties=bool(part % 2))
    rng = np.random.default_rng(part)
    fixed = {
        at: spells[:: 2 if part < 2 else 1]
        for at in range(case.system.n_resource)
        if (spells := _spells(case.draws, at)) and rng.random() < 0.5
    }
    plan = wrap(case.system, horizon_h=case.draws.end_h + 1.0, fixed=fixed)
    log = run_events(case.system, case.draws, can_replan=case.can_replan, patience_h=case.patience_h)
    found = watch(plan, case.draws, log)
    n = len(case.draws.flow)
    expected = np.zeros((n, N_CAUSE))
    for consignment, hours in enumerate(tell_causes(plan, case.draws, log)):
        for cause, value in hours.items():
            expected[consignment, cause] = value
    np.testing.assert_allclose(found.causes_h[0], expected.mean(axis=0), atol=1e-9)
    until = np.where(np.isnan(log.done_h), case.draws.end_h, log.done_h)
    np.testing.assert_allclose(expected.sum(axis=1), until - case.draws.release_h, atol=1e-9)
    assert found.causes_h[0].sum() == pytest.approx(found.times[0, MEAN], abs=1e-9)
    assert found.flowing[0].sum() - found.flowing[1].sum() == found.under_way_count
    start_h = np.where(np.isnan(log.start_h), case.draws.end_h, log.start_h)
    berths = set(case.system.lines.berth.ravel().tolist())
    for resource in set(range(case.system.n_resource)) - berths:
        waited_h = (start_h - log.ready_h)[case.system.stage_resource[log.stage] == resource].sum()
        assert found.weekly[QUEUE, resource].sum() == pytest.approx(waited_h)  # Little's law, without chance
        for week in range(found.weekly.shape[2]):
            standing = count_waiting(plan, case.draws, log, resource, 168.0 * week)
            assert found.weekly[STANDING, resource, week] == standing


def _spells(draws: Draws, resource: int) -> list[tuple[float, float]]:
    rows = slice(*draws.first_closure[resource : resource + 2])
    return list(zip(draws.closure_start_h[rows].tolist(), draws.closure_end_h[rows].tolist(), strict=True))


def test_quantiles_are_those_of_numpy() -> None:
    rng = np.random.default_rng(3)
    flow = rng.integers(0, 3, 400).astype(np.int32)
    release, time_h = rng.random(400) * 100.0, rng.gamma(2.0, 10.0, 400)
    times = sort_times(flow, release, release + time_h, 1e6)
    found = tell_groups(times, np.array([0, 1, -1], np.int32), 3, 15.0)
    for group in (0, 1):
        mine = time_h[flow == group]
        expected = [len(mine), 0, mine.mean(), mine.std(ddof=1), *np.quantile(mine, [0.5, 0.9, 0.95])]
        np.testing.assert_allclose(found[group, :ON_TIME], expected)
        assert found[group, ON_TIME] == np.mean(mine <= 15.0)
    assert found[2, COUNT] == 0
    assert np.isnan(found[2, MEAN:]).all()


def test_quantiles_below_all_who_are_under_way_are_told() -> None:
    """Eight are done after 1 to 8 h; two have been under way for 5.5 h: the median (5.5) is known, the 90th is not."""
    flow, release = np.zeros(10, np.int32), np.array([0.0] * 8 + [94.5] * 2)
    done = np.array([*range(1, 9), np.nan, np.nan], float)
    found = tell_groups(sort_times(flow, release, done, 100.0), np.zeros(1, np.int32), 1, np.nan)
    assert found[0, MEDIAN] == 5.5
    assert np.isnan(found[0, P90])
    later = tell_groups(sort_times(flow, release + 0.1, done + 0.1, 100.0), np.zeros(1, np.int32), 1, np.nan)
    assert np.isnan(later[0, MEDIAN])  # under way for 5.4 h: they could come before 5.5


def test_pooled_quantiles() -> None:
    np.testing.assert_array_equal(
        pool_quantiles(np.array([3.0, 1.0, np.inf, 2.0]), (0.5, 0.9)), [2.5, np.nan]
    )
    assert np.isnan(pool_quantiles(np.zeros(0), (0.5,))).all()


def test_spells_are_joined() -> None:
    start, end = join(np.array([0.0, 1.0, 5.0, 2.0]), np.array([9.0, 2.0, 6.0, 12.0]))
    assert (start.tolist(), end.tolist()) == ([0.0], [12.0])
    assert [part.tolist() for part in join(np.zeros(0), np.zeros(0))] == [[], []]


def test_weeks_of_a_window() -> None:
    assert Window(0.0, 504.0).weeks(10) == slice(0, 3)
    assert Window(0.0, 500.0).weeks(10) == slice(0, 2)
    assert Window(200.0, 1000.0).weeks(4) == slice(2, 4)
    assert Window(10.0, 20.0).weeks(4) == slice(0, 1)
