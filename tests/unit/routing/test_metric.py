"""A metric by hand, its edge cases, and what it refuses.

0 --2--> 1 --2--> 2 --1--> 3        5 <--> 4, apart from the rest
0 -------5------> 2
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from dehliz.routing import metric as ask
from dehliz.routing.hierarchy import build_hierarchy
from dehliz.routing.metric import Metric, customise
from tests.unit.kernels.networks import build, grid_net

NET = build(6, [0, 0, 1, 2, 4, 5], [1, 2, 2, 3, 5, 4], [2.0, 5.0, 2.0, 1.0, 7.0, 7.0])
HIERARCHY = build_hierarchy(*NET.star)
WEIGHT = NET.weight[0]


@pytest.fixture(name="metric")
def _metric() -> Metric:
    return customise(HIERARCHY, WEIGHT)


def test_one_pair(metric: Metric) -> None:
    assert ask.distance(metric, 0, 3) == 5.0
    cost, arc = ask.path(metric, 0, 3)
    assert cost == 5.0
    assert arc.tolist() == [0, 2, 3]


def test_against_the_arrows_there_is_no_way(metric: Metric) -> None:
    assert ask.distance(metric, 3, 0) == np.inf
    cost, arc = ask.path(metric, 3, 0)
    assert cost == np.inf
    assert len(arc) == 0


def test_other_component(metric: Metric) -> None:
    assert ask.distance(metric, 0, 4) == np.inf
    assert ask.path(metric, 5, 0)[0] == np.inf
    assert ask.distance(metric, 5, 4) == 7.0


def test_nowhere_to_go(metric: Metric) -> None:
    assert ask.distance(metric, 2, 2) == 0.0
    cost, arc = ask.path(metric, 2, 2)
    assert (cost, len(arc)) == (0.0, 0)


def test_to_all_and_from_all(metric: Metric) -> None:
    inf = np.inf
    assert ask.one_to_all(metric, 0).tolist() == [0.0, 2.0, 4.0, 5.0, inf, inf]
    assert ask.all_to_one(metric, 3).tolist() == [5.0, 3.0, 1.0, 0.0, inf, inf]
    assert ask.all_to_one(metric, 4).tolist() == [inf, inf, inf, inf, 0.0, 7.0]


def test_sets_keep_their_order_and_copies(metric: Metric) -> None:
    inf = np.inf
    table = ask.matrix(metric, [2, 0, 0], [3, 1, 3, 4, 0])
    assert table.tolist() == [[1, inf, 1, inf, inf], [5, 2, 5, inf, 0], [5, 2, 5, inf, 0]]
    assert ask.distances(metric, [2, 0, 0], [3, 1, 4]).tolist() == [1.0, 2.0, inf]
    assert ask.matrix(metric, [], [1]).shape == (0, 1)
    assert ask.matrix(metric, [1], []).shape == (1, 0)
    assert ask.distances(metric, [], []).shape == (0,)


def test_closure_and_reopening() -> None:
    closed = WEIGHT.copy()
    closed[2] = np.inf
    shut = customise(HIERARCHY, closed)
    assert ask.path(shut, 0, 3)[1].tolist() == [1, 3]
    assert ask.distance(shut, 0, 3) == 6.0
    closed[1] = np.inf
    assert ask.distance(shut, 0, 3) == 6.0, "a metric keeps the weights it was made of"
    assert ask.distance(customise(HIERARCHY, closed), 0, 3) == np.inf
    assert ask.distance(customise(HIERARCHY, WEIGHT), 0, 3) == 5.0


def test_whole_numbers_are_taken() -> None:
    assert ask.distance(customise(HIERARCHY, [2, 5, 2, 1, 7, 7]), 0, 3) == 5.0


def test_read_only(metric: Metric) -> None:
    assert not metric.weight.flags.writeable
    assert not metric.low.flags.writeable


def test_long_paths_are_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    n = 30
    net = build(n, np.arange(n - 1), np.arange(1, n), np.ones(n - 1))
    metric = customise(build_hierarchy(*net.star), net.weight[0])
    monkeypatch.setattr(ask, "PATH_ROOM_COUNT", 4)
    cost, arc = ask.path(metric, 0, n - 1)
    assert cost == n - 1
    assert arc.tolist() == list(range(n - 1))


def test_free_arcs_make_no_circles() -> None:
    """A ring both ways that costs nothing: the path visits no vertex twice."""
    n = 12
    ring = np.arange(n)
    net = build(n, np.r_[ring, ring], np.r_[np.roll(ring, 1), np.roll(ring, -1)], np.zeros(2 * n))
    metric = customise(build_hierarchy(*net.star), net.weight[0])
    assert metric.has_free_arcs
    for origin in range(n):
        for destination in range(n):
            _, arc = ask.path(metric, origin, destination)
            passed = [origin, *net.head[arc].tolist()]
            assert passed[-1] == destination
            assert len(set(passed)) == len(passed)


def test_threads_share_a_metric() -> None:
    """Four threads ask one metric for different things at once; each gets what a lone asker gets."""
    net = grid_net(2, 20, 9)
    metric = customise(build_hierarchy(*net.star), net.weight[0])
    everyone = range(net.vertex_count)
    table = ask.matrix(metric, list(everyone), list(everyone))

    def answer(origin: int) -> bool:
        far = net.vertex_count - 1 - origin
        one = ask.distance(metric, origin, far) == table[origin, far]
        cost, arc = ask.path(metric, origin, far)
        return (
            one
            and cost == net.weight[0][arc].sum()
            and bool((ask.one_to_all(metric, origin) == table[origin]).all())
        )

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(answer, everyone))


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ([1.0] * 5, "shape"),
        ([1.0, 1.0, -1.0, 1.0, 1.0, 1.0], r"weight\[2\] is -1.0 \(1 such\)"),
        ([1.0, np.nan, -1.0, 1.0, 1.0, 1.0], r"weight\[1\] is nan \(2 such\)"),
        ([-np.inf, 1.0, 1.0, 1.0, 1.0, 1.0], r"weight\[0\] is -inf"),
    ],
)
def test_weights_refused(weight: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        customise(HIERARCHY, weight)


@pytest.mark.parametrize("vertex", [-1, 6])
def test_no_such_vertex(metric: Metric, vertex: int) -> None:
    said = f"no vertex {vertex}; the graph has 6"
    for call in (ask.distance, ask.path, ask.distances, ask.matrix):
        with pytest.raises(IndexError, match=said):
            call(metric, vertex, 0)
        with pytest.raises(IndexError, match=said):
            call(metric, 0, vertex)
    for sweep in (ask.one_to_all, ask.all_to_one):
        with pytest.raises(IndexError, match=said):
            sweep(metric, vertex)


def test_lists_refused(metric: Metric) -> None:
    with pytest.raises(IndexError, match="whole numbers"):
        ask.matrix(metric, [0.5], [1])
    with pytest.raises(ValueError, match="2 origins and 1 destinations"):
        ask.distances(metric, [0, 1], [1])
