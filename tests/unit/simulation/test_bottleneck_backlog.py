"""A queue that the end of the year finds long is told, though it is no overload."""

import numpy as np

from dehliz.simulation.bottleneck import find_backlogs, find_overloads
from dehliz.simulation.observe_outline import WEEK_H

WEEK_COUNT = 53


def make_queue(last_weeks: int, height_count: float) -> tuple[np.ndarray, np.ndarray]:
    """A queue of 60 that rises in a straight line over the last weeks; 250 come each week."""
    standing = np.full((1, WEEK_COUNT), 60.0)
    standing[0, -last_weeks - 1 :] = np.linspace(60.0, height_count, last_weeks + 1)
    return standing, np.full((1, WEEK_COUNT), 250.0)


def test_two_stormy_months_leave_a_backlog_and_no_overload() -> None:
    standing, came = make_queue(8, 450.0)
    horizon_h = (WEEK_COUNT - 1) * WEEK_H
    assert find_overloads(standing, came, horizon_h) == ()
    (one,) = find_backlogs(standing, came, horizon_h, ())
    assert (one.resource, one.before_count, one.waiting_count) == (0, 60.0, 450.0)
    # 13 weeks in which 250 come and the queue grows by 390: 220 a week are served.
    assert one.work_week_count == 450.0 * 13 / (13 * 250.0 - 390.0)


def test_a_queue_that_stays_or_is_short_is_no_backlog() -> None:
    horizon_h = (WEEK_COUNT - 1) * WEEK_H
    assert find_backlogs(*make_queue(8, 110.0), horizon_h, ()) == ()  # has not doubled
    standing, came = make_queue(8, 450.0)
    assert find_backlogs(standing, came * 4.0, horizon_h, ()) == ()  # less than a week's work


def test_what_is_told_as_an_overload_is_not_told_again() -> None:
    standing, came = make_queue(52, 4000.0)
    horizon_h = (WEEK_COUNT - 1) * WEEK_H
    over = find_overloads(standing, came, horizon_h)
    assert len(over) == 1
    assert find_backlogs(standing, came, horizon_h, over) == ()
