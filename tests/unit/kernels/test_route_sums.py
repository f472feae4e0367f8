"""Sums over routes, plainly."""

import numpy as np
import pytest

from dehliz.kernels.plateau import plateau_routes
from dehliz.kernels.route_sums import (
    mark_first_routes,
    path_sizes,
    sign_arcs,
    sum_on_arc_rows,
    sum_on_arcs,
    sum_on_routes,
    sum_rows_on_routes,
)
from dehliz.kernels.search import freeze

FIRST = freeze([0, 2, 3, 3, 5], np.int64)
ARC = freeze([0, 1, 2, 1, 2], np.int32)
ROUTES = (FIRST, ARC)


def test_sums() -> None:
    out = np.empty(4)
    sum_on_routes(*ROUTES, np.array([1.0, 2.0, 4.0]), np.array([0.5, 0.0, 7.0, 0.0]), out)
    np.testing.assert_array_equal(out, [3.5, 4.0, 7.0, 6.0])
    rows = freeze([0, 1, 1, 1], np.int32)
    sum_rows_on_routes(*ROUTES, freeze([[1.0, 2.0, 4.0], [10.0, np.inf, 30.0]], np.float64), rows, out)
    np.testing.assert_array_equal(out, [3.0, 30.0, 0.0, np.inf])
    flow, volume = np.array([1.0, 2.0, 3.0, 4.0]), np.empty(3)
    sum_on_arcs(*ROUTES, flow, volume)
    np.testing.assert_array_equal(volume, [1.0, 5.0, 6.0])
    by_row = np.empty((2, 3))
    sum_on_arc_rows(*ROUTES, flow, rows, by_row)
    np.testing.assert_array_equal(by_row, [[1.0, 1.0, 0.0], [0.0, 4.0, 6.0]])


def test_path_sizes() -> None:
    # Routes of one trip: 0-1, 2, nothing, 1-2 with lengths 1, 3, 2.
    size, count = np.empty(4), np.zeros(3, np.int32)
    start, row = freeze([0, 4], np.int32), freeze([0], np.int32)
    path_sizes(start, *ROUTES, freeze([[1.0, 3.0, 2.0]], np.float64), row, count, size)
    np.testing.assert_allclose(size, [(1 + 3 / 2) / 4, 1 / 2, 1.0, 1 / 2])
    path_sizes(start, *ROUTES, freeze([[0.0, 0.0, 0.0]], np.float64), row, count, size)
    np.testing.assert_allclose(size, [3 / 4, 1 / 2, 1.0, 1 / 2])
    assert not count.any()


def test_first_routes_are_marked() -> None:
    first, arc = freeze([0, 2, 4, 6, 7, 9], np.int64), freeze([0, 1, 0, 2, 0, 1, 0, 0, 1], np.int32)
    is_first = np.empty(5, np.bool_)
    mark_first_routes(freeze([0, 4, 5], np.int32), first, arc, is_first)
    np.testing.assert_array_equal(is_first, [True, True, False, True, True])


def test_arcs_of_the_same_routes_have_one_sign() -> None:
    sign = np.empty((4, 2), np.int64)
    key = freeze([[5, 6], [9, 12], [1, 1], [3, 8]], np.int64)
    sign_arcs(FIRST, ARC, key, sign)
    np.testing.assert_array_equal(sign, [[5, 6], [5 ^ 3, 6 ^ 8], [9 ^ 3, 12 ^ 8], [0, 0]])


@pytest.mark.parametrize(
    "kernel",
    [
        sum_on_routes, sum_rows_on_routes, sum_on_arcs, sum_on_arc_rows, path_sizes, mark_first_routes, sign_arcs,
        plateau_routes,
    ],
)  # fmt: skip
def test_warm(kernel: object) -> None:
    assert kernel.warm()  # type: ignore[attr-defined]
