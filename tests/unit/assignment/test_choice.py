"""Logit shares with path sizes: textbook cases."""

import numpy as np
import pytest

from dehliz.assignment.choice import logit_shares, make_nests, make_route_choice, measure_path_sizes
from dehliz.assignment.settings import AssignmentSettings
from dehliz.graph.trips import make_trips
from dehliz.routing.alternatives import make_choice_sets
from tests.unit.assignment.networks import make_costs

TRIP = make_trips([0], [0], [2], [1.0])
# Three routes of length 10: arc 0 alone, and arc 1 (shared) followed by arc 2 or arc 3.
SETS = make_choice_sets([0, 0, 0], [0, 1, 3, 5], [0, 1, 2, 1, 3])


@pytest.mark.parametrize("shared", [0.0, 2.0, 5.0, 9.0, 10.0])
def test_overlapping_routes(shared: float) -> None:
    """Loop-hole network: sizes 1, (T - h/2) / T twice for a shared length h (Ben-Akiva and Bierlaire, 1999, figure 6).

    Without overlap all share alike; with full overlap the two red and blue buses are one: 1/2, 1/4, 1/4.
    """
    length = np.array([[10.0, shared, 10.0 - shared, 10.0 - shared]])
    size = measure_path_sizes(SETS, TRIP, length)
    alike = (10.0 - shared / 2) / 10.0
    np.testing.assert_allclose(size, [1.0, alike, alike])
    share = logit_shares(make_nests([0] * 3, [0] * 3, 1), np.log(size) - 0.3 * 10.0).share
    np.testing.assert_allclose(share, np.array([1.0, alike, alike]) / (1 + 2 * alike))
    if shared == 10.0:
        np.testing.assert_allclose(share, [0.5, 0.25, 0.25])


def test_nest_in_place_of_size_gives_the_same_limit() -> None:
    """Red and blue bus in a nest whose upper scale is nearly nothing beside the lower: the bus is one alternative."""
    nests = make_nests([0, 0, 0], [0, 1, 1], 1)
    np.testing.assert_allclose(logit_shares(nests, np.zeros(3), 1.0).share, [1 / 3] * 3)
    np.testing.assert_allclose(logit_shares(nests, np.zeros(3), 1e-9).share, [0.5, 0.25, 0.25], rtol=1e-8)


def test_nests_of_trips_with_and_without_routes() -> None:
    nests = make_nests([1, 1, 1, 3], [2, 2, 5, 5], 5)
    np.testing.assert_array_equal(nests.first_nest, [0, 0, 2, 2, 3, 3])
    np.testing.assert_array_equal(nests.first_route, [0, 2, 3, 4])


def test_forbidden_routes_are_left_out() -> None:
    costs = make_costs([10.0, 5.0, 5.0, 5.0], [np.inf] * 4, [[0.0, 0.0, np.inf, 0.0]])
    free = costs.free_time_h + costs.fixed_h
    choice = make_route_choice(
        SETS,
        TRIP,
        costs,
        AssignmentSettings(),
        np.array([0.1]),
        free,
        np.zeros(3),
        np.array([1, 0, 0], np.int32),
    )
    np.testing.assert_array_equal(choice.sets.arc, [1, 3, 0])
    np.testing.assert_array_equal(choice.log_size, [0.0, 0.0])
    np.testing.assert_array_equal(choice.nests.first_route, [0, 1, 2])
