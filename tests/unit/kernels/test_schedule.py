"""Clocks, connection scans and their faces: what they refuse, and small cases by hand; agreement is in tests/agree."""

import numpy as np
import pytest

from dehliz.kernels import schedule, schedule_ask
from dehliz.kernels.labels import trace_labels
from dehliz.kernels.schedule import Changes, make_connections, scan, scan_connections, trace_rides
from dehliz.kernels.schedule_ask import find_arrivals, find_profile, find_timed_options, make_timed
from dehliz.kernels.schedule_clock import (
    Clock,
    arrive_after,
    least_times,
    leave_before,
    make_clock,
    to_ticks,
)
from dehliz.kernels.schedule_pareto import timed_search
from dehliz.kernels.schedule_search import earliest_search, latest_search, profile_search
from dehliz.kernels.search import make_star


@pytest.fixture
def clock() -> Clock:
    """Arc 0 departs at 6, 12 and 18, arc 1 is shut from 8 to 10 and 10 to 14, arc 2 knows no hours."""
    starts = [12.0, 6.0, 18.0, 11.0, 10.0, 8.0, 3.0]
    ends = [20.0, 9.0, 24.0, 21.0, 14.0, 10.0, 3.0]
    return make_clock([True, False, False], [0.5, 2, 1], [1, 0, 0], [0, 0, 0, 0, 1, 1, 1], starts, ends)


def test_departures_that_are_overtaken_and_shut_hours_that_touch_are_one(clock: Clock) -> None:
    assert clock.first.tolist() == [0, 3, 4, 4]
    assert clock.start_h.tolist() == [6, 12, 18, 8]
    assert clock.end_h.tolist() == [9, 20, 24, 14]
    assert least_times(clock).tolist() == [4.5, 2, 1]


@pytest.mark.parametrize(
    ("arc", "ready_h", "there_h"),
    [(0, 5, 9.5), (0, 5.25, 20.5), (0, 17.5, np.inf), (1, 8, 10), (1, 8.5, 16), (1, 14, 16), (2, 3, 4)],
)
def test_arrivals_by_hand(clock: Clock, arc: int, ready_h: float, there_h: float) -> None:
    assert arrive_after(clock, arc, ready_h) == there_h


@pytest.mark.parametrize(
    ("arc", "by_h", "ready_h"),
    [(0, 9.5, 5), (0, 20.25, 5), (0, 9, -np.inf), (1, 12, 8), (1, 16, 14), (1, 17, 15), (2, 3, 2)],
)
def test_last_departures_by_hand(clock: Clock, arc: int, by_h: float, ready_h: float) -> None:
    assert leave_before(clock, arc, by_h) == ready_h


def test_ticks_are_exact_in_sums() -> None:
    hours = to_ticks(np.full(1000, 0.1))
    assert hours.sum() == 1000 * hours[0]
    assert abs(hours[0] - 0.1) < 1e-6


@pytest.mark.parametrize(
    "change",
    [
        {"time_h": [-1.0]},
        {"time_h": [np.nan]},
        {"lead_h": [np.inf]},
        {"time_h": [1.0, 2.0]},
        {"event_arc": [1]},
        {"end_h": [0.0]},
        {"start_h": [-np.inf]},
        {"end_h": [np.nan]},
        {"event_arc": [0, 0]},
    ],
)
def test_a_clock_refuses_what_is_no_clock(change: dict[str, list[float]]) -> None:
    good: dict[str, list[float]] = {
        "is_timed": [1], "time_h": [1.0], "lead_h": [0.0], "event_arc": [0], "start_h": [1.0], "end_h": [2.0]
    }  # fmt: skip
    assert make_clock(**good).first.tolist() == [0, 1]
    with pytest.raises(ValueError, match=r"needs"):
        make_clock(**{**good, **change})


def test_faces_refuse_what_does_not_exist() -> None:
    star = make_star([0, 1, 1], [1])
    metric = make_timed(star, make_clock([False], [1.0], [0.0], [], [], []), np.ones((2, 1)))
    assert find_arrivals(metric, 0, 0.0)[0].tolist() == [0, 1]
    assert find_arrivals(metric, 1, 0.0)[0].tolist() == [np.inf, 0]
    assert len(find_timed_options(metric, 1, 0, 0.0).value) == 0
    assert find_timed_options(metric, 1, 1, 2.0).value.tolist() == [[2, 0, 0]]
    for call in (
        lambda: find_arrivals(metric, 2, 0.0),
        lambda: find_arrivals(metric, 0, np.nan),
        lambda: find_profile(metric, 0, 1, [2.0, 1.0]),
        lambda: find_timed_options(metric, 0, 1, 0.0, epsilon_share=-1.0),
        lambda: find_timed_options(metric, 0, 1, 0.0, label_limit=0),
        lambda: make_timed(star, metric.timed.clock, np.full((2, 1), -1.0)),
        lambda: make_timed(star, metric.timed.clock, np.ones((3, 1))),
    ):
        with pytest.raises(ValueError, match=r"needs|need values"):
            call()


def test_full_buffers_are_enlarged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve stages, each with a fast and a cheap arc: 13 options, more labels than the first buffers hold."""
    monkeypatch.setattr(schedule_ask, "FIRST_ROOM_COUNT", 4)
    stages = 12
    star = make_star(np.append(np.arange(stages + 1) * 2, 2 * stages), np.repeat(np.arange(stages) + 1, 2))
    clock = make_clock(np.zeros(2 * stages), np.tile([1.0, 2.0], stages), np.zeros(2 * stages), [], [], [])
    metric = make_timed(star, clock, np.tile([[2.0, 1.0], [1.0, 1.0]], stages))
    found = find_timed_options(metric, 0, stages, 0.0)
    assert found.value[:, 0].tolist() == list(range(stages, 2 * stages + 1))
    assert found.value[:, 1].tolist() == list(range(2 * stages, stages - 1, -1))
    assert set(np.diff(found.first_arc)) == {stages}


def test_a_scan_by_hand() -> None:
    """Stop 0 to 1 by trip 0, on to 2 by trip 1 or, an hour faster, by a transfer from 1 to 3 and trip 2."""
    connections = make_connections([0, 1, 3, 2], [1, 2, 2, 0], [0, 1, 2, 1], [1, 4, 3, 8], [2, 7, 6, 9])
    changes = Changes(np.array([0.5, 1, 1, 0.5]), make_star([0, 0, 1, 1, 1], [3]), np.array([0.5]))
    reached = scan(connections, changes, 0, 2, 0.5)
    assert reached.arrive_h[:4].tolist() == [0.5, 2, 6, 2.5]
    assert trace_rides(connections, reached, 2) == [(0, 0, 3), (1, 1, 2)]
    assert trace_rides(connections, reached, 0) == []
    assert scan(connections, changes, 0, 2, 0.75).arrive_h[2] == np.inf
    with pytest.raises(ValueError, match="no stop"):
        scan(connections, changes, 0, 4, 0.5)


@pytest.mark.parametrize("hours", [([2.0], [1.0]), ([np.nan], [1.0]), ([1.0, 2.0], [3.0])])
def test_connections_refuse_hours_that_are_none(hours: tuple[list[float], list[float]]) -> None:
    with pytest.raises(ValueError, match="connection needs"):
        make_connections([0], [1], [0], *hours)


def test_samples_run_as_plain_functions() -> None:
    kernels = (earliest_search, latest_search, profile_search, timed_search, trace_labels, scan_connections)
    for one in kernels:
        assert one._sample is not None
        one(*one._sample())
    assert schedule.NO_RIDE == -1
