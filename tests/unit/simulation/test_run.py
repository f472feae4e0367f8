"""Small systems whose every hour is worked out by hand; the arithmetic stands beside the numbers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np
import pytest

from dehliz.base.errors import DataError, SolverError
from dehliz.simulation.log import EventLog
from dehliz.simulation.run import run_events
from dehliz.simulation.system import Departs, Draws, ResourceKind, System
from tests.properties.systems import INF, Case, Yard, random_case

NAN = float("nan")


def rows(log: EventLog) -> list[list[tuple[int, float, float, float, int]]]:
    """Records by consignment: stage, ready, start, end, found."""
    columns = (log.stage, log.ready_h, log.start_h, log.end_h, log.found_count)
    flat = list(zip(*(column.tolist() for column in columns), strict=True))
    first = log.first_record
    return [flat[first[at] : first[at + 1]] for at in range(len(first) - 1)]


def sailings(log: EventLog) -> list[tuple[int, int, float, int, float, float, float, float]]:
    """Departures: line, side, load, count, left, came off, berthed, turned."""
    columns = (
        log.departure_line,
        log.departure_side,
        log.departure_load,
        log.departure_count,
        log.depart_h,
        log.arrive_h,
        log.berth_h,
        log.turned_h,
    )
    return list(zip(*(column.tolist() for column in columns), strict=True))


def done(log: EventLog) -> list[float]:
    return list(log.done_h.tolist())


def test_two_consignments_one_server() -> None:
    """Comes at 0 and 1, work takes 2 x 1.0 and 2 x 1.5: the second waits from 1 to 2 and is done at 5."""
    yard = Yard()
    gate = yard.serve(1, draws=[1.0, 1.5])
    flow = yard.flow((gate, 2.0))
    log = run_events(yard.system(), yard.release((flow, 0.0), (flow, 1.0)))
    assert rows(log) == [[(0, 0.0, 0.0, 2.0, 0)], [(0, 1.0, 2.0, 5.0, 0)]]
    assert done(log) == [2.0, 5.0]
    assert log.event_count == 4  # two releases, two ends


def test_draws_begin_again_when_they_are_spent() -> None:
    yard = Yard()
    road = yard.delay(draws=[1.0, 3.0])
    flow = yard.flow((road, 2.0))
    log = run_events(yard.system(), yard.release((flow, 0.0), (flow, 0.0), (flow, 0.0)))
    assert done(log) == [2.0, 6.0, 2.0]


def test_the_end_cuts_what_would_come_later() -> None:
    """Work from 0 to 3; the end is at 4, so that the second has begun at 3 and is not done, and the third waits."""
    yard = Yard()
    gate = yard.serve(1)
    flow = yard.flow((gate, 3.0))
    log = run_events(
        yard.system(), yard.release((flow, 0.0), (flow, 1.0), (flow, 2.0), (flow, 9.0), end_h=4.0)
    )
    np.testing.assert_equal(
        rows(log), [[(0, 0.0, 0.0, 3.0, 0)], [(0, 1.0, 3.0, NAN, 0)], [(0, 2.0, NAN, NAN, 1)], []]
    )
    np.testing.assert_equal(done(log), [3.0, NAN, NAN, NAN])


def test_an_event_at_the_end_happens() -> None:
    yard = Yard()
    gate = yard.serve(1)
    flow = yard.flow((gate, 4.0))
    assert done(run_events(yard.system(), yard.release((flow, 0.0), end_h=4.0))) == [4.0]


def test_nobody_begins_in_a_storm_and_work_begun_is_finished() -> None:
    """Shut from 1 to 5: A works 0 to 2 through its start, B and C wait for its end, two servers serve both at 5."""
    yard = Yard()
    crane = yard.serve(2, closures=[(1.0, 5.0), (5.0, 6.0), (20.0, 30.0)])
    flow = yard.flow((crane, 2.0))
    log = run_events(yard.system(), yard.release((flow, 0.0), (flow, 1.0), (flow, 2.0), (flow, 6.0)))
    assert rows(log) == [
        [(0, 0.0, 0.0, 2.0, 0)],
        [(0, 1.0, 6.0, 8.0, 0)],  # a closure that begins as one ends goes on
        [(0, 2.0, 6.0, 8.0, 1)],
        [(0, 6.0, 8.0, 10.0, 0)],  # the closure ends before it comes: those who waited go first
    ]


def test_a_delay_begins_at_the_end_of_a_closure() -> None:
    yard = Yard()
    road = yard.delay(closures=[(1.0, 5.0)])
    flow = yard.flow((road, 2.0))
    log = run_events(yard.system(), yard.release((flow, 0.5), (flow, 1.0), (flow, 2.0), (flow, 5.0)))
    assert rows(log) == [
        [(0, 0.5, 0.5, 2.5, 0)],
        [(0, 1.0, 5.0, 7.0, 0)],
        [(0, 2.0, 5.0, 7.0, 1)],
        [(0, 5.0, 5.0, 7.0, 0)],
    ]


def test_lower_priority_is_served_first() -> None:
    """While 0 is worked on, 1 (priority 5), 2 (priority 1) and 3 (priority 1) come: 2, 3, 1."""
    yard = Yard()
    gate = yard.serve(1)
    late, early = yard.flow((gate, 2.0), priority=5), yard.flow((gate, 2.0), priority=1)
    log = run_events(yard.system(), yard.release((late, 0.0), (late, 0.5), (early, 1.0), (early, 1.5)))
    assert done(log) == [2.0, 8.0, 4.0, 6.0]
    assert log.found_count.tolist() == [0, 0, 1, 2]


def ferry(yard: Yard, **how: object) -> tuple[int, int]:
    standard: dict[str, object] = {"capacity": 2.0, "crossing_h": (10.0, 8.0)}
    return yard.line(**{**standard, **how})  # type: ignore[arg-type]


def test_a_ferry_that_fills() -> None:
    """Two fit; loads of 1 come at 1, 3, 4: the ship leaves at 3, the third waits for ever."""
    yard = Yard()
    west, _ = ferry(yard)
    flow = yard.flow((west, 0.0, 1.0))
    log = run_events(yard.system(), yard.release((flow, 1.0), (flow, 3.0), (flow, 4.0)))
    np.testing.assert_equal(
        rows(log), [[(0, 1.0, 3.0, 13.0, 0)], [(0, 3.0, 3.0, 13.0, 1)], [(0, 4.0, NAN, NAN, 0)]]
    )
    assert sailings(log) == [(0, 0, 2.0, 2, 3.0, 13.0, 13.0, 13.0)]


def test_a_ferry_leaves_when_the_next_does_not_fit() -> None:
    """0.5 at 1 and 1.75 at 2 do not go together: the first leaves at 2 alone, the second when 0.5 come at 5."""
    yard = Yard()
    west, _ = ferry(yard)
    small, large = yard.flow((west, 0.0, 0.5)), yard.flow((west, 0.0, 1.75))
    log = run_events(yard.system(), yard.release((small, 1.0), (large, 2.0), (small, 5.0)))
    assert [(left, load) for _, _, load, _, left, *_ in sailings(log)] == [(2.0, 0.5), (5.0, 1.75)]


def test_the_longest_wait_counts_from_the_later_of_cargo_and_ship() -> None:
    """One ship at side 0, wait 6, crossing 10 and 8, turn 2.

    Cargo at 1: due at 7, comes off at 17, lands, ready there at 19. Cargo at side 0 at 8: no ship is there or on its
    way, so at 19 the empty ship goes over, is off at 27, ready at 29, and leaves 6 h later, at 35.
    """
    yard = Yard()
    west, _ = ferry(yard, fleet_count=1, longest_wait_h=6.0, turn_h=2.0)
    flow = yard.flow((west, 0.0, 1.0))
    log = run_events(yard.system(), yard.release((flow, 1.0), (flow, 8.0)))
    assert sailings(log) == [
        (0, 0, 1.0, 1, 7.0, 17.0, 17.0, 19.0),
        (0, 1, 0.0, 0, 19.0, 27.0, 27.0, 29.0),
        (0, 0, 1.0, 1, 35.0, 45.0, 45.0, 47.0),
    ]
    assert done(log) == [17.0, 45.0]


def test_an_empty_ship_waits_while_another_is_there() -> None:
    """Two ships, one at each side: cargo at side 1 does not call the ship of side 0."""
    yard = Yard()
    west, east = ferry(yard, fleet_count=2)
    flow = yard.flow((east, 0.0, 1.0))
    log = run_events(yard.system(), yard.release((flow, 1.0), (flow, 2.0), (flow, 3.0), (flow, 4.0)))
    assert west == 0
    # ship 1 leaves full at 2; then nobody is at side 1, so ship 0 goes over at 3, when cargo waits, and is off at 13
    assert [(side, count, left) for _, side, _, count, left, *_ in sailings(log)] == [
        (1, 2, 2.0),
        (0, 0, 3.0),
        (1, 2, 13.0),
    ]


def test_the_first_cargo_at_the_far_side_calls_the_ship() -> None:
    yard = Yard()
    _, east = ferry(yard, fleet_count=1, longest_wait_h=0.0)
    flow = yard.flow((east, 0.0, 1.0))
    log = run_events(yard.system(), yard.release((flow, 5.0)))
    assert sailings(log) == [(0, 0, 0.0, 0, 5.0, 15.0, 15.0, 15.0), (0, 1, 1.0, 1, 15.0, 23.0, 23.0, 23.0)]


def test_a_storm_holds_ships_at_the_quay_and_off_the_port() -> None:
    """Side 0 shut 2 to 6: full at 3, leaves at 6 with the third too. Side 1 shut 15 to 20: off at 16, ashore at 20."""
    yard = Yard()
    west, _ = ferry(yard, capacity=3.0, longest_wait_h=1.5, closures=([(2.0, 6.0)], [(15.0, 20.0)]))
    flow = yard.flow((west, 0.0, 1.0))
    log = run_events(yard.system(), yard.release((flow, 1.0), (flow, 3.0), (flow, 5.0), (flow, 6.0)))
    assert sailings(log) == [
        (0, 0, 3.0, 3, 6.0, 16.0, 20.0, 20.0),
        (0, 0, 1.0, 1, 7.5, 17.5, 20.0, 20.0),  # came as the port opened: the ship had left
    ]


def test_two_lines_share_a_berth() -> None:
    """Off at 10 and 11, turns take 4 x 1.0 and 4 x 0.5: the second berths when the first has turned, at 14."""
    yard = Yard()
    berth = yard.serve(1)
    one, _ = ferry(yard, capacity=1.0, turn_h=4.0, berths=(-1, berth), turn_draws=[1.0])
    two, _ = ferry(yard, capacity=1.0, turn_h=4.0, berths=(-1, berth), turn_draws=[0.5])
    first, second = yard.flow((one, 0.0, 1.0)), yard.flow((two, 0.0, 1.0))
    log = run_events(yard.system(), yard.release((first, 0.0), (second, 1.0)))
    assert sailings(log) == [(0, 0, 1.0, 1, 0.0, 10.0, 10.0, 14.0), (1, 0, 1.0, 1, 1.0, 11.0, 14.0, 16.0)]
    assert done(log) == [10.0, 14.0]


def test_ships_wait_for_the_port_and_then_berth_in_the_order_in_which_they_came() -> None:
    """Side 1 of line 0 is shut to 20, the side of line 1 is open: its ship, off later, berths before."""
    yard = Yard()
    berth = yard.serve(1)
    one, _ = ferry(yard, capacity=1.0, turn_h=4.0, berths=(-1, berth), closures=([], [(0.0, 20.0)]))
    two, _ = ferry(yard, capacity=1.0, turn_h=8.0, berths=(-1, berth))
    first, second = yard.flow((one, 0.0, 1.0)), yard.flow((two, 0.0, 1.0))
    log = run_events(yard.system(), yard.release((first, 0.0), (first, 1.0), (second, 4.0)))
    assert log.berth_h.tolist() == [22.0, 26.0, 14.0]


def test_a_pool_of_two_wagons() -> None:
    """Taken at 0 and 1; loads travel 3 h and give back, at hand 2 h later, at 5: the third takes its wagon then."""
    yard = Yard()
    take = yard.resource(ResourceKind.TAKE, 2)
    road = yard.delay()
    give = yard.resource(ResourceKind.GIVE, partner=take, draws=[1.0])
    flow = yard.flow((take, 0.0), (road, 3.0), (give, 2.0))
    log = run_events(yard.system(), yard.release((flow, 0.0), (flow, 1.0), (flow, 2.0), (flow, 2.5)))
    assert done(log) == [3.0, 4.0, 8.0, 9.0]
    assert rows(log)[2] == [(0, 2.0, 5.0, 5.0, 0), (1, 5.0, 5.0, 8.0, 0), (2, 8.0, 8.0, 8.0, 0)]
    assert rows(log)[3][0] == (0, 2.5, 6.0, 6.0, 1)


@pytest.mark.parametrize(("can_replan", "expected"), [(True, [1.0, 33.0, 36.0]), (False, [1.0, 33.0, 33.0])])
def test_a_detour_round_a_long_closure(can_replan: bool, expected: list[float]) -> None:
    """Shut 2 to 32: who comes at 20 waits (18 h), who comes at 26 (24 h) goes round, which takes 10 h."""
    yard = Yard()
    gate = yard.serve(3, closures=[(2.0, 32.0)])
    road = yard.delay()
    flow = yard.flow((gate, 1.0, 0.0, 1))
    yard.flow((road, 10.0))
    log = run_events(
        yard.system(),
        yard.release((flow, 0.0), (flow, 20.0), (flow, 26.0)),
        can_replan=can_replan,
        patience_h=24.0,
    )
    assert done(log) == expected
    assert rows(log)[2][0][0] == (1 if can_replan else 0)


def test_departures_by_the_clock_take_who_was_there_in_time() -> None:
    """Leaves at 10 and 20, cut-off 2, two fit: 7, 8, 8 were in time, the third of them misses 10; 9 also takes 20."""
    yard = Yard()
    west, _ = ferry(yard, departs=Departs.CLOCK, cut_off_h=2.0, clock_h=([5.0, 10.0, 20.0, 30.0], []))
    flow = yard.flow((west, 0.0, 1.0))
    log = run_events(yard.system(), yard.release((flow, 7.0), (flow, 8.0), (flow, 8.0), (flow, 9.0)))
    assert [(left, count) for *_, count, left, _, _, _ in sailings(log)] == [(10.0, 2), (20.0, 2)]
    assert done(log) == [20.0, 20.0, 30.0, 30.0]


def test_a_storm_postpones_departures_by_the_clock() -> None:
    """Shut 9 to 25: those of 10 and 20 both leave at 25 with who came by 23, two each; 30 takes nobody."""
    yard = Yard()
    west, _ = ferry(
        yard,
        departs=Departs.CLOCK,
        cut_off_h=2.0,
        clock_h=([10.0, 20.0, 30.0], []),
        closures=([(9.0, 25.0)], []),
        draws=([1.0, 2.0], []),
    )
    flow = yard.flow((west, 0.0, 1.0))
    log = run_events(yard.system(), yard.release((flow, 11.0), (flow, 22.0), (flow, 23.0), (flow, 29.0)))
    assert [(left, count, came) for *_, count, left, came, _, _ in sailings(log)] == [
        (25.0, 2, 35.0),
        (25.0, 1, 45.0),
    ]


def test_without_a_log_the_rest_is_the_same() -> None:
    yard = Yard()
    west, _ = ferry(yard, longest_wait_h=5.0)
    gate = yard.serve(1, draws=[0.5, 2.0])
    flow = yard.flow((gate, 2.0), (west, 0.0, 1.0), (gate, 1.0))
    draws = yard.release((flow, 0.0), (flow, 1.0), (flow, 8.0))
    kept, left = (run_events(yard.system(), draws, keeps_log=keeps) for keeps in (True, False))
    assert len(left.stage) == 0
    assert left.first_record.tolist() == [0, 0, 0, 0]
    assert done(left) == done(kept)
    assert sailings(left) == sailings(kept)
    assert left.event_count == kept.event_count


@pytest.mark.parametrize("method", ["events", "recursion"])
def test_without_an_end_all_that_can_happen_does(method: Literal["events", "recursion"]) -> None:
    """A ship that never fills waits for ever; a gate that opens in hour inf never does."""
    yard = Yard()
    west, _ = ferry(yard)
    gate = yard.serve(1, closures=[(5.0, INF)])
    flow = yard.flow((gate, 2.0), (west, 0.0, 1.0))
    log = run_events(
        yard.system(), yard.release((flow, 0.0), (flow, 4.0), (flow, 4.5), end_h=INF), method=method
    )
    np.testing.assert_equal(log.start_h.tolist(), [0.0, 6.0, 4.0, 6.0, NAN])
    np.testing.assert_equal(done(log), [16.0, 16.0, NAN])


def test_threads_may_run_one_system_at_once() -> None:
    """Sixteen replications by four threads give what they give one after the other."""
    cases = [random_case(seed, has_ties=seed % 2 == 1) for seed in range(16)]

    def run(case: Case) -> bytes:
        log = run_events(case.system, case.draws, can_replan=case.can_replan, patience_h=case.patience_h)
        return b"".join(getattr(log, name).tobytes() for name in ("start_h", "end_h", "depart_h", "turned_h"))

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(run, [*cases, *cases]))
    assert together == [run(case) for case in [*cases, *cases]]


def test_nobody_comes() -> None:
    yard = Yard()
    yard.flow((yard.serve(1), 1.0))
    log = run_events(yard.system(), yard.release())
    assert log.first_record.tolist() == [0]
    assert log.event_count == 0


def heavy() -> tuple[System, Draws]:
    yard = Yard()
    west, _ = ferry(yard, longest_wait_h=INF)
    flow = yard.flow((west, 0.0, 2.5))
    return yard.system(), yard.release((flow, 0.0))


def test_a_load_above_the_capacity_is_refused() -> None:
    with pytest.raises(DataError, match="line_0"):
        run_events(*heavy())


def test_more_stages_than_told_is_an_error() -> None:
    yard = Yard()
    flow = yard.flow((yard.serve(1), 1.0), (yard.serve(1), 1.0))
    yard.longest[flow] = 1
    with pytest.raises(SolverError, match="longest_count"):
        run_events(yard.system(), yard.release((flow, 0.0)))


def test_nobody_is_served_where_ships_turn() -> None:
    yard = Yard()
    berth = yard.serve(1)
    ferry(yard, berths=(berth, berth))
    flow = yard.flow((berth, 1.0))
    with pytest.raises(SolverError, match="berths"):
        run_events(yard.system(), yard.release((flow, 0.0)))
