"""Searches by the clock equal a network spread out hour by hour, on hundreds of small timetables."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehliz.kernels import jit
from dehliz.kernels.jit import Status
from dehliz.kernels.schedule import Changes, Connections, make_connections, scan, trace_rides
from dehliz.kernels.schedule_ask import (
    TimedMetric,
    TimedOptions,
    find_arrivals,
    find_departures,
    find_profile,
    find_timed_options,
    make_timed,
)
from dehliz.kernels.schedule_clock import make_clock
from dehliz.kernels.search import make_star
from tests.oracles.time_expanded import Ride, TimedArc, hours_by_dots, hours_by_rides, options_by_dots

CASE_COUNT = 300
HORIZON_H = 40
LAST_EVENT_H = 18
"""So that nothing that starts by then ends after the horizon: at most 6 arcs of 3 h follow."""

MOST_VERTICES = 6


@st.composite
def timed_arcs(draw: st.DrawFn, vertex_count: int) -> TimedArc:
    tail = draw(st.integers(0, vertex_count - 1))
    head = draw(st.integers(0, vertex_count - 1))
    is_timed = draw(st.booleans())
    pair = st.tuples(st.integers(0, LAST_EVENT_H), st.integers(0, 5))
    events = tuple((start, start + length) for start, length in draw(st.lists(pair, max_size=5)))
    time_h = draw(st.integers(0, 3))
    lead_h = draw(st.integers(0, 2)) if is_timed else 0
    charge = (float(draw(st.integers(0, 4))), float(draw(st.integers(0, 4))))
    return TimedArc(tail, head, is_timed, time_h, lead_h, events, charge)


@st.composite
def timed_nets(draw: st.DrawFn) -> tuple[int, list[TimedArc]]:
    vertex_count = draw(st.integers(2, MOST_VERTICES))
    return vertex_count, draw(st.lists(timed_arcs(vertex_count), min_size=1, max_size=16))


def compile_net(vertex_count: int, arcs: list[TimedArc]) -> tuple[TimedMetric, list[TimedArc]]:
    """The same as arrays, and the arcs in the order of the star."""
    ordered = sorted(arcs, key=lambda arc: arc.tail)
    first_out = np.searchsorted([arc.tail for arc in ordered], np.arange(vertex_count + 1))
    star = make_star(first_out, [arc.head for arc in ordered])
    events = [(at, *event) for at, arc in enumerate(ordered) for event in arc.events]
    event_arc, start_h, end_h = (np.array([event[part] for event in events], float) for part in range(3))
    clock = make_clock(
        [arc.is_timed for arc in ordered], [arc.time_h for arc in ordered], [arc.lead_h for arc in ordered],
        event_arc.astype(int), start_h, end_h,
    )  # fmt: skip
    return make_timed(star, clock, np.array([arc.charge for arc in ordered]).T), ordered


def assert_ways_are_real(
    ordered: list[TimedArc], found: TimedOptions, origin: int, destination: int, depart_h: int
) -> None:
    """Each way hangs together, every arc is started when it can be, and hours and charges add up."""
    for option in range(len(found.value)):
        span = slice(found.first_arc[option], found.first_arc[option + 1])
        place, hour, cost, carbon = origin, float(depart_h), 0.0, 0.0
        for number, arrive_h in zip(found.arc[span].tolist(), found.arrive_h[span].tolist(), strict=True):
            arc = ordered[number]
            assert arc.tail == place
            assert any(start >= hour and end == arrive_h for start, end in arc.moves(HORIZON_H))
            place, hour = arc.head, arrive_h
            cost, carbon = cost + arc.charge[0], carbon + arc.charge[1]
        assert place == destination
        assert found.value[option].tolist() == [hour, cost, carbon]


@settings(max_examples=CASE_COUNT, deadline=None)
@given(timed_nets(), st.integers(0, 8))
def test_options_equal_the_expanded_network(net: tuple[int, list[TimedArc]], depart_h: int) -> None:
    vertex_count, arcs = net
    metric, ordered = compile_net(vertex_count, arcs)
    found = find_timed_options(metric, 0, vertex_count - 1, depart_h)
    expected = options_by_dots(arcs, vertex_count, 0, vertex_count - 1, depart_h, HORIZON_H)
    assert found.status == Status.OK
    assert [tuple(row) for row in found.value.tolist()] == expected
    assert_ways_are_real(ordered, found, 0, vertex_count - 1, depart_h)


@settings(max_examples=CASE_COUNT, deadline=None)
@given(timed_nets(), st.integers(0, 8))
def test_earliest_arrivals_equal_the_expanded_network(net: tuple[int, list[TimedArc]], depart_h: int) -> None:
    vertex_count, arcs = net
    metric, _ = compile_net(vertex_count, arcs)
    expected = hours_by_dots(arcs, vertex_count, 0, depart_h, HORIZON_H)
    arrive_h, _ = find_arrivals(metric, 0, depart_h)
    assert arrive_h.tolist() == expected
    alone, _ = find_arrivals(metric, 0, depart_h, stop=vertex_count - 1)
    assert alone[vertex_count - 1] == expected[-1]


@settings(max_examples=CASE_COUNT, deadline=None)
@given(timed_nets())
def test_profile_and_last_departures_equal_single_questions(net: tuple[int, list[TimedArc]]) -> None:
    vertex_count, arcs = net
    metric, _ = compile_net(vertex_count, arcs)
    hours = list(range(12))
    profile = find_profile(metric, 0, vertex_count - 1, hours)
    single = [find_arrivals(metric, 0, hour)[0][-1] for hour in hours]
    assert profile.tolist() == single
    for by_h in (6, 13):
        leave_h, _ = find_departures(metric, vertex_count - 1, by_h)
        reached = [hour for hour in range(HORIZON_H) if find_arrivals(metric, 0, hour)[0][-1] <= by_h]
        assert leave_h[0] == max(reached, default=leave_h[0])
        assert leave_h[0] >= 0 or not reached


@settings(max_examples=100, deadline=None)
@given(timed_nets(), st.sampled_from([0.1, 0.5]))
def test_epsilon_covers_every_option(net: tuple[int, list[TimedArc]], epsilon_share: float) -> None:
    vertex_count, arcs = net
    metric, _ = compile_net(vertex_count, arcs)
    every = find_timed_options(metric, 0, vertex_count - 1, 0).value
    some = find_timed_options(metric, 0, vertex_count - 1, 0, epsilon_share=epsilon_share).value
    assert {tuple(row) for row in some} <= {tuple(row) for row in every}
    for hour, cost, carbon in every:
        factor = 1 + epsilon_share
        near = (some[:, 0] <= hour) & (some[:, 1] <= cost * factor) & (some[:, 2] <= carbon * factor)
        assert near.any()


def test_a_spent_budget_is_told_and_gives_the_first_options() -> None:
    arcs = [TimedArc(0, 1, True, 0, 0, ((hour, hour + 1),), (10.0 - hour, 0.0)) for hour in range(8)]
    metric, _ = compile_net(2, arcs)
    whole = find_timed_options(metric, 0, 1, 0)
    cut = find_timed_options(metric, 0, 1, 0, label_limit=4)
    assert len(whole.value) == 8
    assert cut.status == Status.TRUNCATED
    assert cut.label_count == 4
    assert cut.value.tolist() == whole.value[:3].tolist()


@st.composite
def trips(draw: st.DrawFn) -> tuple[int, list[Ride]]:
    stop_count = draw(st.integers(2, 6))
    rides: list[Ride] = []
    for trip in range(draw(st.integers(1, 8))):
        stops = draw(st.lists(st.integers(0, stop_count - 1), min_size=2, max_size=4))
        hour = draw(st.integers(0, 12))
        for tail, head in pairwise(stops):
            depart_h = hour + draw(st.integers(0, 2))
            hour = depart_h + draw(st.integers(1, 4))
            rides.append(Ride(trip, tail, head, depart_h, hour))
    return stop_count, rides


def compile_trips(
    stop_count: int, rides: list[Ride], change_h: list[int], transfers: list[tuple[int, int, int]]
) -> tuple[Connections, Changes]:
    columns = [
        [getattr(ride, name) for ride in rides] for name in ("tail", "head", "trip", "depart_h", "arrive_h")
    ]
    ordered = sorted(transfers)
    first_out = np.searchsorted([tail for tail, _, _ in ordered], np.arange(stop_count + 1))
    star = make_star(first_out, [head for _, head, _ in ordered])
    return make_connections(*columns), Changes(
        np.array(change_h, float), star, np.array([time for _, _, time in ordered], float)
    )


def as_arcs(
    stop_count: int, rides: list[Ride], change_h: list[int], transfers: list[tuple[int, int, int]]
) -> tuple[int, list[TimedArc]]:
    """The same timetable as arcs by the clock: a vertex of arrival by ride, one of being there, one of each ride."""
    there, seat = stop_count, 2 * stop_count
    arcs = [TimedArc(stop, there + stop, False, 0, 0, (), (0.0, 0.0)) for stop in range(stop_count)]
    arcs += [TimedArc(tail, there + head, False, time, 0, (), (0.0, 0.0)) for tail, head, time in transfers]
    for at, ride in enumerate(rides):
        event = ((ride.depart_h, ride.arrive_h),)
        lead_h = change_h[ride.tail]
        arcs.append(TimedArc(there + ride.tail, seat + at, True, 0, lead_h, event, (0.0, 0.0)))
        arcs.append(TimedArc(seat + at, ride.head, False, 0, 0, (), (0.0, 0.0)))
        if at > 0 and rides[at - 1].trip == ride.trip:
            arcs.append(TimedArc(seat + at - 1, seat + at, True, 0, 0, event, (0.0, 0.0)))
    return seat + len(rides), arcs


@settings(max_examples=CASE_COUNT, deadline=None)
@given(trips(), st.data())
def test_the_connection_scan_equals_marking_rides_and_the_search_over_arcs(
    timetable: tuple[int, list[Ride]], data: st.DataObject
) -> None:
    stop_count, rides = timetable
    stop = st.integers(0, stop_count - 1)
    change_h = data.draw(st.lists(st.integers(0, 2), min_size=stop_count, max_size=stop_count))
    transfers = data.draw(st.lists(st.tuples(stop, stop, st.integers(0, 3)), max_size=6))
    depart_h = data.draw(st.integers(0, 6))
    connections, changes = compile_trips(stop_count, rides, change_h, transfers)
    expected = hours_by_rides(rides, change_h, transfers, 0, depart_h)
    every = scan(connections, changes, 0, -1, depart_h)
    assert every.arrive_h.tolist() == expected
    for destination in range(stop_count):
        found = scan(connections, changes, 0, destination, depart_h)
        assert found.arrive_h[destination] == expected[destination]
        check_trace(
            connections,
            changes,
            trace_rides(connections, found, destination),
            depart_h,
            destination,
            expected,
        )
    vertex_count, arcs = as_arcs(stop_count, rides, change_h, transfers)
    metric, _ = compile_net(vertex_count, arcs)
    arrive_h, _ = find_arrivals(metric, 0, depart_h)
    assert arrive_h[stop_count : 2 * stop_count].tolist() == expected


def check_trace(
    connections: Connections,
    changes: Changes,
    ways: list[tuple[int, int, int]],
    depart_h: int,
    destination: int,
    expected: list[float],
) -> None:
    """A traced way starts at stop 0, boards in time, stays on its trips and ends when it should."""
    stop, hour = 0, float(depart_h)
    for first, last, after in ways:
        left = stop
        if first >= 0:
            assert connections.tail[first] == stop
            assert hour + changes.change_h[stop] <= connections.depart_h[first]
            assert connections.trip[first] == connections.trip[last]
            left, hour = int(connections.head[last]), float(connections.arrive_h[last])
        if after != left:
            walks = range(changes.star.first_out[left], changes.star.first_out[left + 1])
            hour += min(float(changes.transfer_h[at]) for at in walks if changes.star.head[at] == after)
        stop = after
    if expected[destination] < np.inf:
        assert stop == destination
        assert hour == expected[destination]
    else:
        assert ways == []


@pytest.mark.parametrize("form", ["off", "on"])
def test_plain_and_compiled_agree(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if jit.MODE == "off" and form == "on":
        pytest.skip("nothing is compiled")
    monkeypatch.setattr(jit, "MODE", form if jit.MODE != "bounds" else jit.MODE)
    generator = np.random.default_rng(11)
    for _ in range(20):
        vertex_count = int(generator.integers(3, MOST_VERTICES + 1))
        arcs = [random_arc(generator, vertex_count) for _ in range(18)]
        metric, _ = compile_net(vertex_count, arcs)
        found = find_timed_options(metric, 0, vertex_count - 1, 1)
        expected = options_by_dots(arcs, vertex_count, 0, vertex_count - 1, 1, HORIZON_H)
        assert [tuple(row) for row in found.value.tolist()] == expected
        by_h = found.value[0, 0] if len(found.value) else 9.0
        leave_h, _ = find_departures(metric, vertex_count - 1, by_h)
        assert (leave_h[0] >= 1) == (len(found.value) > 0)
        assert find_profile(metric, 0, vertex_count - 1, [1.0])[0] == min(
            (row[0] for row in expected), default=np.inf
        )


def random_arc(generator: np.random.Generator, vertex_count: int) -> TimedArc:
    tail, head = generator.integers(0, vertex_count, 2).tolist()
    is_timed = bool(generator.integers(2))
    starts = generator.integers(0, LAST_EVENT_H, int(generator.integers(0, 6))).tolist()
    events = tuple((start, start + int(generator.integers(0, 5))) for start in starts)
    time_h, lead_h, cost, carbon = generator.integers(0, 4, 4).tolist()
    return TimedArc(
        tail, head, is_timed, time_h, lead_h if is_timed else 0, events, (float(cost), float(carbon))
    )
