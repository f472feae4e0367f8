"""Path sizes while some routes are shut, plainly."""

import numpy as np
import pytest

from dehliz.kernels.path_sizes import path_sizes_left
from dehliz.kernels.route_sums import path_sizes
from dehliz.kernels.search import freeze


def measure(
    routes: list[list[int]], length: list[float], share: list[float], shut: list[bool]
) -> list[float]:
    first = freeze(np.cumsum([0, *map(len, routes)]), np.int64)
    arc = freeze([at for route in routes for at in route], np.int32)
    most, count, size = np.zeros(len(length)), np.zeros(len(length)), np.empty(len(routes))
    path_sizes_left(
        freeze([0, len(routes)], np.int32), first, arc, freeze([length], np.float64), freeze([0], np.int32),
        freeze(share, np.float64), freeze(shut, np.bool_), most, count, size,
    )  # fmt: skip
    assert not most.any()
    assert not count.any()
    return size.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_with_nothing_shut_sizes_are_the_usual_ones(seed: int) -> None:
    rng = np.random.default_rng(seed)
    routes = [sorted(rng.choice(8, rng.integers(0, 6), replace=False).tolist()) for _ in range(5)]
    length = rng.uniform(0.0, 2.0, 8) * rng.integers(0, 2, 8)
    first = freeze(np.cumsum([0, *map(len, routes)]), np.int64)
    arc = freeze([at for route in routes for at in route], np.int32)
    wanted = np.empty(5)
    path_sizes(
        freeze([0, 5], np.int32), first, arc, freeze([length], np.float64), freeze([0], np.int32),
        np.zeros(8, np.int32), wanted,
    )  # fmt: skip
    found = measure(routes, length.tolist(), rng.uniform(size=5).tolist(), [False] * 5)
    np.testing.assert_allclose(found, wanted, rtol=1e-14)


def test_of_like_routes_those_left_share_the_whole() -> None:
    """Four routes over one arc, a quarter each, two shut: the others have half each."""
    found = measure([[0]] * 4, [1.0], [0.25] * 4, [True, False, True, False])
    assert found == [0.0, 0.5, 0.0, 0.5]


def test_what_nobody_used_leaves_the_rest_as_it_was() -> None:
    """A main route and one that carries nothing share arc 0 of two hours in four: N = 2 there, before and after."""
    before = measure([[0, 1], [0, 2]], [2.0, 2.0, 9.0], [1.0, 0.0], [False, False])
    after = measure([[0, 1], [0, 2]], [2.0, 2.0, 9.0], [1.0, 0.0], [False, True])
    assert before[0] == after[0] == pytest.approx((2.0 / 2 + 2.0) / 4)


def test_a_third_of_the_use_counts_two_thirds() -> None:
    """Shares 0.6 and 0.2 on one arc; the lesser one shut counts 1 - 0.2 / 0.6."""
    found = measure([[0], [0]], [1.0], [0.6, 0.2], [False, True])
    assert found[0] == pytest.approx(1.0 / (1.0 + 2.0 / 3.0))


def test_a_new_route_takes_the_size_of_what_is_gone() -> None:
    """One that carried all and one that carried nothing are shut: the new one is as distinct as the first one was."""
    found = measure([[0, 1], [0, 2], [0, 3]], [3.0, 1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [True, True, False])
    assert found[2] == pytest.approx((3.0 / 2.0 + 1.0) / 4.0)


def test_warm() -> None:
    assert path_sizes_left.warm()
