"""Bounds are exact as far as they go, admissible and consistent everywhere, and leave a clean workspace."""

import numpy as np
import pytest

from dehliz.kernels.bounds import pareto_bounds
from dehliz.kernels.options import Metric, Space, make_metric
from tests.oracles.dijkstra import least_costs
from tests.unit.kernels.networks import Net, build, random_net


def bounds_of(metric: Metric, origin: int, destination: int, space: Space) -> np.ndarray:
    space.pair[:] = (origin, destination)
    pareto_bounds(
        metric.back, metric.star.head, metric.weight_in, space.pair,
        space.item, space.key, space.place, space.into, space.left, space.radius, space.bound,
    )  # fmt: skip
    return space.bound.copy()


def exact(net: Net, criterion: int, destination: int) -> np.ndarray:
    backward = [(head, tail, cost) for tail, head, cost in net.arcs(criterion)]
    return np.array(least_costs(net.vertex_count, backward, destination))


@pytest.mark.parametrize("seed", range(150))
def test_admissible_consistent_and_exact_within_the_radius(seed: int) -> None:
    net = random_net(seed, most_vertices=12, arc_factors=(1.0, 3.0), criteria=3)
    metric = make_metric(net.star, net.weight)
    space = Space(metric.star)
    for origin in range(net.vertex_count):
        bound = bounds_of(metric, origin, net.vertex_count - 1, space)
        assert (space.place == -1).all(), "heaps are left empty"
        for criterion in range(3):
            true = exact(net, criterion, net.vertex_count - 1)
            radius = space.radius[criterion]
            np.testing.assert_allclose(bound[criterion], np.minimum(true, radius), rtol=1e-12)
            step = metric.weight[:, criterion]
            with np.errstate(invalid="ignore"):
                slack = step + bound[criterion][net.head] - bound[criterion][net.tail]
            assert not (slack < 0).any(), "an arc never lowers the bounded cost, to the bit"


def test_radius_is_the_worst_of_the_ways_that_are_best_in_another_criterion() -> None:
    """0 to 1 by three arcs: (1, 7, 6), (8, 1, 5), (9, 4, 1); so N = (9, 7, 6)."""
    net = build(2, [0, 0, 0], [1, 1, 1], [[1, 8, 9], [7, 1, 4], [6, 5, 1]])
    metric = make_metric(net.star, net.weight)
    space = Space(metric.star)
    bounds_of(metric, 0, 1, space)
    assert space.radius.tolist() == [9.0, 7.0, 6.0]


def test_far_vertices_are_not_visited() -> None:
    """A chain 0-1-2-...-50: asking for 0 to 1, what lies beyond is cut off at the radius of 1."""
    net = build(51, [*range(50), *range(1, 51)], [*range(1, 51), *range(50)], np.ones((3, 100)))
    metric = make_metric(net.star, net.weight)
    bound = bounds_of(metric, 0, 1, Space(metric.star))
    assert bound.max() == 1.0


def test_no_way_is_infinite() -> None:
    net = build(3, [0], [1], np.ones((3, 1)))
    metric = make_metric(net.star, net.weight)
    bound = bounds_of(metric, 0, 2, Space(metric.star))
    assert np.isinf(bound[:, :2]).all()
    assert (bound[:, 2] == 0).all()
