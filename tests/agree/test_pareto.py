"""The three-criteria search equals trying every way, on 500 small networks and on some larger ones."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from dehliz.kernels import jit
from dehliz.kernels.jit import Status
from dehliz.kernels.options import Options, find_options, make_metric
from tests.oracles.pareto import Arc, Value, options_by_correction, options_by_every_way
from tests.unit.kernels.networks import Net, grid_net, random_net


def hard_net(seed: int) -> Net:
    return random_net(seed, most_vertices=9, arc_factors=(1.5, 4.5), criteria=3, top=1 + seed % 7)


def as_arcs(net: Net) -> list[Arc]:
    return [
        (int(tail), int(head), (float(step[0]), float(step[1]), float(step[2])))
        for tail, head, step in zip(net.tail, net.head, net.weight.T, strict=True)
    ]


def values(options: Options) -> list[Value]:
    return [(float(row[0]), float(row[1]), float(row[2])) for row in options.value]


def assert_paths_are_real(net: Net, options: Options, origin: int, destination: int) -> None:
    """Each path starts, hangs together and ends where it should, visits no vertex twice, costs its value."""
    for at in range(options.value.shape[0]):
        path = options.arc[options.first_arc[at] : options.first_arc[at + 1]]
        stops = [origin, *net.head[path].tolist()]
        assert net.tail[path].tolist() == stops[:-1]
        assert stops[-1] == destination
        assert len(set(stops)) == len(stops)
        np.testing.assert_allclose(net.weight[:, path].sum(axis=1), options.value[at], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("block", range(10))
def test_equal_to_every_way_on_500_small_networks(block: int) -> None:
    """Integer costs from 0 to 4: ties everywhere, zero cycles, parallel arcs, loops, no way at all."""
    option_count = 0
    for seed in range(50 * block, 50 * block + 50):
        net = hard_net(seed)
        metric = make_metric(net.star, net.weight)
        origin, destination = 0, net.vertex_count - 1
        options = find_options(metric, origin, destination)
        expected = options_by_every_way(net.vertex_count, as_arcs(net), origin, destination)
        assert options.status == Status.OK
        if seed % 5 == 0:  # real-valued costs: sums differ in the last bit by the order of adding
            np.testing.assert_allclose(options.value, np.reshape(expected, (-1, 3)), rtol=1e-12, atol=1e-12)
        else:
            assert values(options) == expected
        assert_paths_are_real(net, options, origin, destination)
        option_count += len(expected)
    assert option_count > 60, "the networks must have something to choose"


@pytest.mark.parametrize("seed", range(8))
def test_equal_to_plain_correction_on_middling_networks(seed: int) -> None:
    side = 6
    net = grid_net(1_000 + seed, side, 8)
    options = find_options(make_metric(net.star, net.weight), 0, side * side - 1)
    expected = options_by_correction(net.vertex_count, as_arcs(net), 0, side * side - 1)
    assert values(options) == expected
    assert len(expected) > 5
    assert_paths_are_real(net, options, 0, side * side - 1)


@pytest.mark.parametrize("form", ["off", "on"])
@pytest.mark.parametrize("seed", range(40))
def test_plain_and_compiled_agree_with_every_way(
    seed: int, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size gate never changes an answer: both forms give the same bits."""
    if jit.MODE == "off" and form == "on":
        pytest.skip("nothing is compiled")
    monkeypatch.setattr(jit, "MODE", form if jit.MODE != "bounds" else jit.MODE)
    net = hard_net(seed)
    options = find_options(make_metric(net.star, net.weight), 0, net.vertex_count - 1)
    monkeypatch.undo()
    again = find_options(make_metric(net.star, net.weight), 0, net.vertex_count - 1)
    np.testing.assert_array_equal(options.value, again.value)
    np.testing.assert_array_equal(options.first_arc, again.first_arc)
    np.testing.assert_array_equal(options.arc, again.arc)
    expected = options_by_every_way(net.vertex_count, as_arcs(net), 0, net.vertex_count - 1)
    np.testing.assert_allclose(options.value, np.reshape(expected, (-1, 3)), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("epsilon_share", [0.01, 0.1, 0.5, 3.0])
@pytest.mark.parametrize("seed", range(25))
def test_epsilon_covers_every_option_and_returns_only_options(seed: int, epsilon_share: float) -> None:
    net = grid_net(seed, 5, 12)
    metric = make_metric(net.star, net.weight)
    every = values(find_options(metric, 0, 24))
    some = values(find_options(metric, 0, 24, epsilon_share=epsilon_share))
    assert set(some) <= set(every), "what is returned is optimal"
    for option in every:
        assert any(
            all(mine <= (1.0 + epsilon_share) * theirs for mine, theirs in zip(one, option, strict=True))
            for one in some
        ), f"{option} is not covered"


def test_epsilon_does_leave_options_out() -> None:
    """Else the test above would prove nothing."""
    left_out = 0
    for seed in range(25):
        net = grid_net(seed, 5, 12)
        metric = make_metric(net.star, net.weight)
        every = len(find_options(metric, 0, 24).value)
        left_out += every - len(find_options(metric, 0, 24, epsilon_share=0.1).value)
    assert left_out > 25


@pytest.mark.parametrize("seed", range(20))
def test_best_of_each_criterion_is_the_least_cost_way(seed: int) -> None:
    """Against SciPy, on networks too large for the blackboard."""
    net = grid_net(500 + seed, 12, 9)
    options = find_options(make_metric(net.star, net.weight + 1.0), 0, 143)
    for criterion in range(3):
        matrix = csr_array((net.weight[criterion] + 1.0, (net.tail, net.head)), shape=(144, 144))
        assert options.value[:, criterion].min() == dijkstra(matrix, indices=np.array([0]))[0, 143]
