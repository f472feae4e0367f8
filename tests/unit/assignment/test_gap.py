"""The gap of given volumes, by hand."""

import numpy as np
import pytest

from dehliz.assignment.gap import relative_gap
from dehliz.graph.trips import make_trips
from tests.unit.assignment.networks import make_costs, make_net

NET = make_net(4, [0, 0, 1], [1, 1, 2])
"""Two ways from 0 to 1, one from 1 to 2, none to 3."""
COSTS = make_costs([1.0, 2.0, 1.0], [np.inf] * 3)


def test_gap_by_hand() -> None:
    trips = make_trips([0], [0], [1], [4.0])
    volume = np.array([[1.0, 3.0, 0.0]])
    # Paid 1 x 1 + 3 x 2, least 4 x 1.
    assert relative_gap(NET, COSTS, trips, volume) == pytest.approx(3.0 / 7.0)


def test_a_served_trip_without_a_way_is_no_equilibrium() -> None:
    trips = make_trips([0, 0], [0, 0], [1, 3], [4.0, 1.0])
    volume = np.array([[4.0, 0.0, 0.0]])
    assert relative_gap(NET, COSTS, trips, volume) == np.inf
    assert relative_gap(NET, COSTS, trips, volume, np.array([True, False])) == 0.0


def test_nothing_paid_is_no_gap() -> None:
    assert relative_gap(NET, COSTS, make_trips([0], [0], [0], [1.0]), np.zeros((1, 3))) == 0.0
