"""On the bundled network: the graph turned round, criteria in another order, gives the same sets to the bit."""

import numpy as np
import pytest

from dehliz.eurasia.load import load
from dehliz.kernels.jit import MODE, Status
from dehliz.kernels.options import Metric, find_options, make_metric
from dehliz.kernels.search import least_cost_tree, make_star, tails
from dehliz.routing.planner import prepare

PAIR_COUNT = 150

pytestmark = pytest.mark.skipif(
    MODE == "off", reason="thousands of labels a pair are too many for plain Python"
)


@pytest.fixture(scope="module")
def metric() -> Metric:
    return prepare(load()).metric


@pytest.fixture(scope="module")
def pairs(metric: Metric) -> list[tuple[int, int]]:
    """Any vertices, not only zones: many have no way between them, or a very short one."""
    rng = np.random.default_rng(21)
    drawn = rng.integers(0, metric.star.first_out.shape[0] - 1, (PAIR_COUNT, 2))
    return [(int(origin), int(destination)) for origin, destination in drawn]


def test_turned_round_and_in_another_order(metric: Metric, pairs: list[tuple[int, int]]) -> None:
    order = np.lexsort((tails(metric.star), metric.star.head))
    turned = make_star(metric.back.star.first_out, tails(metric.star)[order])
    again = make_metric(turned, metric.weight[order].T[::-1])
    option_count = 0
    for origin, destination in pairs:
        options = find_options(metric, origin, destination)
        other = find_options(again, destination, origin).value[:, ::-1]
        assert options.status == Status.OK
        np.testing.assert_array_equal(other[np.lexsort(other.T[::-1])], options.value)
        option_count += len(options.value)
    assert option_count > 5 * PAIR_COUNT


def test_best_of_each_criterion_and_paths(metric: Metric, pairs: list[tuple[int, int]]) -> None:
    tail = tails(metric.star)
    for origin, destination in pairs[:60]:
        options = find_options(metric, origin, destination)
        for criterion in range(3):
            cost, _ = least_cost_tree(metric.star, metric.weight[:, criterion], origin)
            assert options.value[:, criterion].min(initial=np.inf) == cost[destination]
        for at, value in enumerate(options.value):
            path = options.arc[options.first_arc[at] : options.first_arc[at + 1]]
            assert (metric.star.head[path[:-1]] == tail[path[1:]]).all()
            assert metric.weight[path].sum(axis=0).tolist() == value.tolist(), "sums on the grid are exact"
