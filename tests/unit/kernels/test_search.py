"""Trees, matrices and paths against the oracle, networkx-free; stops, closed arcs, dead ends, ties."""

import numpy as np
import pytest

from dehliz.kernels.heap import make_heap
from dehliz.kernels.jit import MODE
from dehliz.kernels.search import (
    Star,
    all_pairs,
    cost_matrix,
    freeze,
    grow_tree,
    least_cost_paths,
    least_cost_tree,
    make_star,
    mark_runs,
    pair_paths,
    reverse_star,
    tails,
)
from tests.oracles.dijkstra import least_costs
from tests.unit.kernels.networks import build, random_net

SEEDS = range(200)


def test_three_vertices_by_hand() -> None:
    """0 -1-> 1 -1-> 2, and 0 -3-> 2: by way of 1 costs 2."""
    net = build(3, [0, 1, 0], [1, 2, 2], [1.0, 1.0, 3.0])
    cost, into = least_cost_tree(net.star, net.weight[0], 0)
    assert cost.tolist() == [0.0, 1.0, 2.0]
    assert into.tolist() == [-1, 0, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_tree_agrees_with_oracle(seed: int) -> None:
    net = random_net(seed, most_vertices=14)
    for origin in range(net.vertex_count):
        cost, into = least_cost_tree(net.star, net.weight[0], origin)
        assert cost.tolist() == pytest.approx(least_costs(net.vertex_count, net.arcs(), origin))
        assert into[origin] == -1
        for vertex in np.flatnonzero(np.isfinite(cost)):
            if vertex != origin:
                arc = into[vertex]
                assert net.head[arc] == vertex
                assert cost[vertex] == cost[net.tail[arc]] + net.weight[0, arc]
        assert (into[np.isinf(cost)] == -1).all()


@pytest.mark.parametrize("seed", range(60))
def test_stop_gives_the_same_cost_and_a_clean_workspace(seed: int) -> None:
    net = random_net(seed, most_vertices=14)
    whole, _ = least_cost_tree(net.star, net.weight[0], 0)
    heap = make_heap(net.vertex_count)
    for stop in range(net.vertex_count):
        cost = np.empty(net.vertex_count)
        into = np.empty(net.vertex_count, np.int32)
        grow_tree(net.star, freeze(net.weight[0], np.float64), 0, stop, heap, cost, into)
        assert cost[stop] == whole[stop]
        settled = np.isfinite(cost)
        assert (cost[settled] == whole[settled]).all()
        assert (into[~settled] == -1).all()
        assert (heap.place == -1).all()


@pytest.mark.parametrize("seed", range(40))
def test_compiled_equals_plain_to_the_bit(seed: int) -> None:
    net = random_net(seed, most_vertices=20)
    weight = freeze(net.weight[0], np.float64)
    answers = []
    for run in (grow_tree.plain, grow_tree.compiled()):
        cost = np.empty(net.vertex_count)
        into = np.empty(net.vertex_count, np.int32)
        run(net.star, weight, 0, -1, make_heap(net.vertex_count), cost, into)
        answers.append((cost, into))
    np.testing.assert_array_equal(answers[0][0], answers[1][0])
    np.testing.assert_array_equal(answers[0][1], answers[1][1])


@pytest.mark.parametrize("seed", range(40))
def test_matrix_rows_are_trees(seed: int) -> None:
    net = random_net(seed, most_vertices=12)
    origins = list(range(net.vertex_count))[::-1]
    matrix = cost_matrix(net.star, net.weight[0], origins)
    for row, origin in zip(matrix, origins, strict=True):
        np.testing.assert_array_equal(row, least_cost_tree(net.star, net.weight[0], origin)[0])


@pytest.mark.parametrize("seed", range(60))
def test_paths_are_connected_cost_what_they_say_and_keep_the_order_of_the_question(seed: int) -> None:
    net = random_net(seed, most_vertices=12)
    rng = np.random.default_rng(seed)
    pair = rng.integers(0, net.vertex_count, (15, 2))
    cost, first_arc, arc = least_cost_paths(net.star, net.weight[0], pair)
    assert first_arc[0] == 0
    assert first_arc[-1] == arc.shape[0]
    for at, (origin, destination) in enumerate(pair):
        path = arc[first_arc[at] : first_arc[at + 1]]
        assert cost[at] == least_cost_tree(net.star, net.weight[0], int(origin))[0][destination]
        if np.isinf(cost[at]) or origin == destination:
            assert path.size == 0
            continue
        assert net.tail[path[0]] == origin
        assert net.head[path[-1]] == destination
        assert (net.head[path[:-1]] == net.tail[path[1:]]).all()
        assert net.weight[0, path].sum() == pytest.approx(cost[at])


def test_long_paths_outgrow_the_first_guess() -> None:
    """A chain of 200 arcs is longer than the 64 arcs a pair that are allocated first."""
    net = build(201, range(200), range(1, 201), np.ones(200))
    cost, first_arc, arc = least_cost_paths(net.star, net.weight[0], [[0, 200]])
    assert cost.tolist() == [200.0]
    assert arc.tolist() == list(range(200))
    assert first_arc.tolist() == [0, 200]


def test_no_pairs_no_paths() -> None:
    net = build(2, [0], [1], [1.0])
    cost, first_arc, arc = least_cost_paths(net.star, net.weight[0], np.empty((0, 2), np.int32))
    assert cost.size == 0
    assert first_arc.tolist() == [0]
    assert arc.size == 0


def test_closed_arc_is_not_used() -> None:
    net = build(3, [0, 1, 0], [1, 2, 2], [1.0, np.inf, 3.0])
    assert least_cost_tree(net.star, net.weight[0], 0)[0].tolist() == [0.0, 1.0, 3.0]
    closed = np.full(3, np.inf)
    assert least_cost_tree(net.star, closed, 0)[0].tolist() == [0.0, np.inf, np.inf]


@pytest.mark.parametrize("seed", range(30))
def test_reverse_star_holds_the_same_arcs(seed: int) -> None:
    net = random_net(seed)
    back = reverse_star(net.star)
    for vertex in range(net.vertex_count):
        arcs = back.arc[back.star.first_out[vertex] : back.star.first_out[vertex + 1]]
        assert arcs.tolist() == np.flatnonzero(net.head == vertex).tolist()
    assert (back.star.head == net.tail[back.arc]).all()
    assert (tails(net.star) == net.tail).all()


def test_star_is_frozen() -> None:
    star = make_star([0, 1, 1], [1])
    with pytest.raises(ValueError, match="read-only"):
        star.head[0] = 0


@pytest.mark.skipif(MODE == "off", reason="nothing is compiled")
def test_one_compiled_form_only() -> None:
    """Arguments from the wrappers, also of stars that can be written to, and from warm-up samples are of one type."""
    kernels = (grow_tree, all_pairs, pair_paths)
    for one in kernels:
        one.warm()
    before = [len(one.compiled().signatures) for one in kernels]  # type: ignore[attr-defined]
    net = random_net(1)
    for star in (net.star, Star(np.array(net.star.first_out), np.array(net.star.head))):
        least_cost_tree(star, net.weight[0], 0)
        cost_matrix(star, net.weight[0], [0, 1])
        least_cost_paths(star, np.array(net.weight[0]), [[0, 1]])
    assert [len(one.compiled().signatures) for one in kernels] == before  # type: ignore[attr-defined]


def test_runs_begin_where_any_key_changes() -> None:
    first, second = np.array([0, 0, 0, 1, 1]), np.array([4, 4, 5, 5, 5])
    assert mark_runs(first, second).tolist() == [True, False, True, True, False]
    assert mark_runs(first[:1]).tolist() == [True]
    assert mark_runs(first[:0], second[:0]).tolist() == []
