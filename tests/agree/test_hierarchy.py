"""The hierarchy against a plain least-cost search: every pair, every way of asking, exactly.

Costs are whole numbers or dyadic fractions of them where equality is asked for; drawn real numbers are compared
to 1e-9 relative, because a path's costs are added in another order.
"""

import numpy as np
import numpy.typing as npt
import pytest

from dehliz.kernels.search import cost_matrix
from dehliz.routing import metric as ask
from dehliz.routing.hierarchy import build_hierarchy
from dehliz.routing.metric import Metric, customise
from tests.oracles.dijkstra import least_costs
from tests.unit.kernels.hierarchies import corridor
from tests.unit.kernels.networks import Net, build, grid_net, random_net

TOLERANCE = 1e-9


def check_path(
    net: Net, weight: npt.NDArray[np.float64], metric: Metric, pair: tuple[int, int], cost: float
) -> None:
    found, arc = ask.path(metric, *pair)
    assert found == pytest.approx(cost, rel=TOLERANCE)
    assert ask.distance(metric, *pair) == found
    if pair[0] == pair[1] or np.isinf(cost):
        assert len(arc) == 0
        return
    assert weight[arc].sum() == pytest.approx(cost, rel=TOLERANCE)
    passed = np.r_[pair[0], net.head[arc]]
    assert (net.tail[arc] == passed[:-1]).all()
    assert passed[-1] == pair[1]
    assert len(np.unique(passed)) == len(passed)


@pytest.mark.parametrize("seed", range(250))
def test_all_pairs_of_small_networks(seed: int) -> None:
    """Parallel arcs, loops, zero costs, ties, closed arcs, several components."""
    net = random_net(seed, most_vertices=13)
    weight = net.weight[0]
    metric = customise(build_hierarchy(*net.star), weight)
    everyone = np.arange(net.vertex_count)
    table = ask.matrix(metric, everyone, everyone)
    for origin in range(net.vertex_count):
        expected = least_costs(net.vertex_count, net.arcs(), origin)
        assert ask.one_to_all(metric, origin) == pytest.approx(expected, rel=TOLERANCE)
        assert table[origin] == pytest.approx(expected, rel=TOLERANCE)
        assert ask.distances(metric, [origin] * len(everyone), everyone) == pytest.approx(
            expected, rel=TOLERANCE
        )
        for destination, cost in enumerate(expected):
            check_path(net, weight, metric, (origin, destination), cost)
    for destination in range(net.vertex_count):
        assert ask.all_to_one(metric, destination) == pytest.approx(table[:, destination], rel=TOLERANCE)


@pytest.mark.parametrize(
    "net",
    [grid_net(1, 24, 9), corridor(160, 4, 2), random_net(9, 400, (1.2, 1.5))],
    ids=["grid", "corridor", "wild"],
)
def test_larger_networks_under_changing_weights(net: Net) -> None:
    """One hierarchy, five sets of weights; large enough that its core is divided."""
    hierarchy = build_hierarchy(*net.star)
    rng = np.random.default_rng(0)
    some = rng.integers(0, net.vertex_count, 40)
    whole = net.weight[0]
    closed = np.where(rng.random(len(whole)) < 0.05, np.inf, whole)
    drawn = rng.random(len(whole)) * 100.0
    for weight in (whole, closed, np.zeros_like(whole), drawn, np.full_like(whole, np.inf)):
        metric = customise(hierarchy, weight)
        expected = cost_matrix(net.star, weight, some)
        assert ask.matrix(metric, some, np.arange(net.vertex_count)) == pytest.approx(expected, rel=TOLERANCE)
        for at in range(0, 40, 8):
            assert ask.one_to_all(metric, int(some[at])) == pytest.approx(expected[at], rel=TOLERANCE)
            to = some[39 - at]
            check_path(net, weight, metric, (int(some[at]), int(to)), expected[at, to])
        assert ask.all_to_one(metric, int(some[3])) == pytest.approx(
            ask.matrix(metric, np.arange(net.vertex_count), some[3:4])[:, 0], rel=TOLERANCE
        )


def test_whole_numbers_are_exact() -> None:
    net = grid_net(4, 20, 1000)
    metric = customise(build_hierarchy(*net.star), net.weight[0])
    expected = least_costs(net.vertex_count, net.arcs(), 17)
    assert ask.one_to_all(metric, 17).tolist() == expected


def test_names_of_vertices_do_not_matter() -> None:
    net = corridor(90, 3, 7)
    new = np.random.default_rng(1).permutation(net.vertex_count)
    other = build(net.vertex_count, new[net.tail], new[net.head], net.weight)
    one = customise(build_hierarchy(*net.star), net.weight[0])
    two = customise(build_hierarchy(*other.star), other.weight[0])
    assert ask.one_to_all(one, 3) == pytest.approx(ask.one_to_all(two, int(new[3]))[new], rel=TOLERANCE)
