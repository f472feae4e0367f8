"""Times of arcs from a log written by hand."""

from itertools import pairwise

import numpy as np
import pytest

from dehliz.simulation.arc_times import measure_arcs
from dehliz.simulation.log import EventLog
from dehliz.simulation.system import ResourceKind
from tests.unit.simulation.small import make_log, make_plan

# One flow: a delay on arc 0, a server on arc 1, a ship on arc 2, and a stage that no arc stands for.
KINDS = (ResourceKind.DELAY, ResourceKind.SERVE, ResourceKind.BOARD, ResourceKind.SERVE)
ARCS = (0, 1, 2, -1)


def log_of(held_h: list[tuple[float, float]]) -> EventLog:
    """Consignments that were held so long at the server and at the ship, one after the other."""
    journeys = []
    for number, (server_h, ship_h) in enumerate(held_h):
        at = 10.0 * number
        ends = np.cumsum([at + 5.0, server_h, ship_h, 1.0])
        journeys.append([(stage, start, end) for stage, (start, end) in enumerate(pairwise([at, *ends]))])
    return make_log(journeys)


def test_median_and_spread_are_those_of_who_passed() -> None:
    times = measure_arcs(make_plan(KINDS, ARCS), [log_of([(2.0, 30.0), (4.0, 50.0), (9.0, 40.0)])], 4)
    assert times.median_h[1:3] == pytest.approx([4.0, 40.0])
    assert times.spread_h[1:3] == pytest.approx([np.std([2.0, 4.0, 9.0]), np.std([30.0, 50.0, 40.0])])
    assert times.count.tolist() == [0, 3, 3, 0]
    assert times.is_service.tolist() == [False, False, True, False]


def test_what_only_takes_time_says_nothing() -> None:
    times = measure_arcs(make_plan(KINDS, ARCS), [log_of([(2.0, 30.0)])], 4)
    assert np.isnan(times.median_h[[0, 3]]).all()


def test_replications_are_averaged() -> None:
    times = measure_arcs(make_plan(KINDS, ARCS), [log_of([(2.0, 30.0)]), log_of([(6.0, 50.0)])], 4)
    assert times.median_h[1:3] == pytest.approx([4.0, 40.0])
    assert times.count[1] == 2


def test_who_is_still_waiting_is_left_out() -> None:
    log = make_log([[(0, 0.0, 5.0), (1, 5.0, np.nan)]])
    times = measure_arcs(make_plan(KINDS, ARCS), [log], 4)
    assert times.count.sum() == 0


def test_two_stages_of_one_arc_add_up() -> None:
    plan = make_plan((ResourceKind.SERVE, ResourceKind.SERVE), (1, 1))
    times = measure_arcs(plan, [make_log([[(0, 0.0, 2.0), (1, 2.0, 5.0)]])], 2)
    assert times.median_h[1] == pytest.approx(5.0)
    assert times.count[1] == 1
