"""The benchmark of searches by the clock at its smallest: its checks pass, and they can fail."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.timetable import run
from benchmarks.timetable.check import find_wrong, spread_out
from benchmarks.timetable.network import Year, build_year

from dehliz.kernels.schedule import Connections, scan
from dehliz.kernels.schedule_ask import find_timed_options
from tests.oracles.time_expanded import TimedArc, options_by_dots


@pytest.fixture(scope="module")
def year() -> Year:
    return build_year(30, 40, 4)


def test_answers_agree_on_a_small_year(year: Year) -> None:
    rng = np.random.default_rng(3)
    pairs = [rng.choice(30, 2, replace=False).tolist() for _ in range(12)]
    queries = [(origin, destination, float(rng.integers(0, 200))) for origin, destination in pairs]
    assert run.check_year(year, queries) == []


def test_a_wrong_answer_is_noticed(year: Year) -> None:
    ends = year.ends(0, 17)
    found = find_timed_options(year.metric, *ends, 5.0)
    earliest_h = float(scan(year.connections, year.changes, 0, 17, 5.0).arrive_h[17])
    assert find_wrong(year, found, ends, 5.0, earliest_h) == ""
    assert "first arrival" in find_wrong(year, found, ends, 5.0, earliest_h + 1.0)
    dearer = replace(found, value=found.value + np.array([0.0, 1.0, 0.0]))
    assert "least charge" in find_wrong(year, dearer, ends, 5.0, earliest_h)
    cut = replace(found, arc=np.roll(found.arc, 1))
    assert "hang together" in find_wrong(year, cut, ends, 5.0, earliest_h)
    assert spread_out(year, 0, 17, 5.0, earliest_h) == earliest_h
    worse = replace(year, connections=scan_late(year))
    assert spread_out(worse, 0, 17, 5.0, earliest_h + 60.0) > earliest_h


def scan_late(year: Year) -> Connections:
    """The same connections, each three hours later there."""
    return year.connections._replace(arrive_h=year.connections.arrive_h + 3.0)


def test_options_of_a_tiny_year_equal_the_expanded_network() -> None:
    year = build_year(6, 4, 1, seed=2)
    timed = year.metric.timed
    tail = np.repeat(np.arange(year.metric.vertex_count), np.diff(timed.star.first_out))
    arcs = [
        TimedArc(
            int(tail[arc]), int(timed.star.head[arc]), bool(timed.clock.is_timed[arc]), int(timed.clock.time_h[arc]),
            int(timed.clock.lead_h[arc]),
            tuple(
                (int(timed.clock.start_h[at]), int(timed.clock.end_h[at]))
                for at in range(timed.clock.first[arc], timed.clock.first[arc + 1])
            ),
            (float(timed.charge[arc, 0]), float(timed.charge[arc, 1])),
        )
        for arc in range(len(tail))
    ]  # fmt: skip
    found = 0
    for destination in range(1, 6):
        ends = year.ends(0, destination)
        value = find_timed_options(year.metric, *ends, 10.0).value
        expected = options_by_dots(arcs, year.metric.vertex_count, *ends, 10, 240)
        inside = value[value[:, 0] <= 240]
        np.testing.assert_allclose(inside, np.reshape(expected, (-1, 3)), rtol=1e-12)
        found += len(inside)
    assert found > 5
