"""The array face: what it refuses, what it returns at the edges, growth, budget, reuse of buffers."""

from typing import Any

import numpy as np
import pytest

from dehliz.kernels.jit import MODE, Status
from dehliz.kernels.options import Options, Space, find_options, make_metric, on_grid
from dehliz.kernels.pareto import pareto_search
from tests.unit.kernels.networks import build, grid_net, random_net


def same(one: Options, other: Options) -> None:
    np.testing.assert_array_equal(one.value, other.value)
    np.testing.assert_array_equal(one.first_arc, other.first_arc)
    np.testing.assert_array_equal(one.arc, other.arc)
    assert (one.status, one.label_count) == (other.status, other.label_count)


def test_three_ways_by_hand() -> None:
    """0 to 3 by 1: (2, 8, 5); by 2: (4, 4, 4); direct: (5, 5, 5), which the way by 2 beats.

    0 -(1,4,2)-> 1 -(1,4,3)-> 3
    0 -(2,2,2)-> 2 -(2,2,2)-> 3
    0 ----------(5,5,5)-----> 3
    """
    net = build(4, [0, 0, 0, 1, 2], [1, 2, 3, 3, 3], [[1, 2, 5, 1, 2], [4, 2, 5, 4, 2], [2, 2, 5, 3, 2]])
    options = find_options(make_metric(net.star, net.weight), 0, 3)
    assert options.value.tolist() == [[2.0, 8.0, 5.0], [4.0, 4.0, 4.0]]
    assert options.first_arc.tolist() == [0, 2, 4]
    assert options.arc.tolist() == [0, 3, 1, 4]
    assert options.status == Status.OK


def test_same_place_is_one_option_without_arcs() -> None:
    net = random_net(2, criteria=3)
    options = find_options(make_metric(net.star, net.weight), 1, 1)
    assert options.value.tolist() == [[0.0, 0.0, 0.0]]
    assert options.arc.size == 0


def test_no_way_is_no_option_and_no_error() -> None:
    net = build(3, [0], [1], np.ones((3, 1)))
    options = find_options(make_metric(net.star, net.weight), 0, 2)
    assert options.value.shape == (0, 3)
    assert options.first_arc.tolist() == [0]
    assert options.status == Status.OK


def test_closed_in_one_criterion_is_closed() -> None:
    net = build(2, [0, 0], [1, 1], np.array([[1.0, 9.0], [np.inf, 9.0], [1.0, 9.0]]))
    options = find_options(make_metric(net.star, net.weight), 0, 1)
    assert options.value.tolist() == [[9.0, 9.0, 9.0]]


def test_equal_values_are_one_option_with_the_fewest_arcs() -> None:
    """3 to 0 in three, two or one arcs, all of no cost and so all equal: the one arc, numbered last, is shown."""
    net = build(4, [1, 1, 2, 3, 3, 3], [2, 0, 0, 1, 2, 0], np.zeros((3, 6)))
    options = find_options(make_metric(net.star, net.weight), 3, 0)
    assert options.value.tolist() == [[0.0, 0.0, 0.0]]
    assert options.arc.tolist() == [5]


def test_free_circle_is_not_travelled() -> None:
    """1 and 2 are joined both ways for nothing; the way 0-1-3 does not go round."""
    net = build(4, [0, 1, 2, 1], [1, 2, 1, 3], np.tile([1, 0, 0, 1], (3, 1)))
    options = find_options(make_metric(net.star, net.weight), 0, 3)
    assert options.arc.tolist() == [0, 2]


def test_options_come_in_ascending_order() -> None:
    net = grid_net(3, 6, 9)
    value = find_options(make_metric(net.star, net.weight), 0, 35).value
    assert len(value) > 5
    assert value.tolist() == sorted(value.tolist())


def test_space_grows_and_is_used_again() -> None:
    """A grid of 14 by 14 has more labels than fit at first; the same buffers then serve other pairs."""
    net = grid_net(1, 14, 30)
    metric = make_metric(net.star, net.weight)
    space = Space(metric.star)
    before = space.labels.arc.shape[0]
    fresh = find_options(metric, 0, 195)
    same(find_options(metric, 0, 195, space=space), fresh)
    assert space.labels.arc.shape[0] > before
    for pair in ((5, 177), (195, 0), (3, 3), (0, 195)):
        same(find_options(metric, *pair, space=space), find_options(metric, *pair))


@pytest.mark.parametrize("limit", [1, 10, 100, 1_000, 3_000])
def test_truncated_search_says_so_and_gives_the_first_options(limit: int) -> None:
    net = grid_net(1, 7, 30)
    metric = make_metric(net.star, net.weight)
    whole = find_options(metric, 0, 48)
    part = find_options(metric, 0, 48, label_limit=limit)
    assert whole.status == Status.OK
    assert part.status == (Status.TRUNCATED if limit < whole.label_count else Status.OK)
    assert part.label_count == min(limit, whole.label_count)
    np.testing.assert_array_equal(part.value, whole.value[: len(part.value)])


def test_budget_that_just_suffices_is_not_called_truncated() -> None:
    net = grid_net(1, 5, 9)
    metric = make_metric(net.star, net.weight)
    needed = find_options(metric, 0, 24).label_count
    assert find_options(metric, 0, 24, label_limit=needed - 1).status == Status.TRUNCATED
    assert find_options(metric, 0, 24, label_limit=needed).status == Status.OK


def test_sums_on_the_grid_are_exact_in_any_order() -> None:
    rng = np.random.default_rng(8)
    weight = rng.random((3, 2_000)) * np.array([[1e4], [1.0], [1e-3]])
    exact = on_grid(weight)
    np.testing.assert_allclose(exact, weight, rtol=0, atol=weight.sum(axis=1).max() * 2.0**-51)
    for row in exact:
        total = row.sum()
        for _ in range(20):
            assert rng.permutation(row).cumsum()[-1] == total
    assert on_grid(np.array([[np.inf, 1.0, 0.0]])).tolist() == [[np.inf, 1.0, 0.0]]
    assert on_grid(np.zeros((3, 0))).shape == (3, 0)


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (np.ones((2, 1)), "weight has shape (2, 1). It needs (3, 1)."),
        (np.full((3, 1), -1.0), "weight holds values below 0 or NaN. It needs costs of at least 0; forbid with inf."),
        (np.full((3, 1), np.nan), "weight holds values below 0 or NaN. It needs costs of at least 0; forbid with inf."),
    ],
)  # fmt: skip
def test_wrong_weights_are_refused(weight: np.ndarray, message: str) -> None:
    net = build(2, [0], [1], np.ones((3, 1)))
    with pytest.raises(ValueError) as caught:
        make_metric(net.star, weight)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"origin": -1}, "origin is -1. It needs a vertex from 0 to 1."),
        ({"destination": 2}, "destination is 2. It needs a vertex from 0 to 1."),
        ({"epsilon_share": -0.1}, "epsilon_share is -0.1. It needs a number of at least 0."),
        ({"epsilon_share": np.nan}, "epsilon_share is nan. It needs a number of at least 0."),
        ({"label_limit": 0}, "label_limit is 0. It needs at least 1."),
    ],
)  # fmt: skip
def test_wrong_questions_are_refused(question: dict[str, Any], message: str) -> None:
    asked: dict[str, Any] = {"origin": 0, "destination": 1, **question}
    net = build(2, [0], [1], np.ones((3, 1)))
    with pytest.raises(ValueError) as caught:
        find_options(make_metric(net.star, net.weight), **asked)
    assert str(caught.value) == message


@pytest.mark.skipif(MODE == "off", reason="nothing is compiled")
def test_one_compiled_form_only() -> None:
    """Writeable stars from elsewhere and the warm-up sample must come down to one type."""
    pareto_search.warm()
    dispatcher = pareto_search.compiled()
    before = len(dispatcher.signatures)  # type: ignore[attr-defined]
    net = grid_net(2, 3, 3)
    star = type(net.star)(net.star.first_out.copy(), net.star.head.copy())
    find_options(make_metric(star, net.weight), 0, 8, label_limit=50, epsilon_share=0)
    assert len(dispatcher.signatures) == before  # type: ignore[attr-defined]
