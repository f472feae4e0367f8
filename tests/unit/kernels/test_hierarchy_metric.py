"""Weights of edges by hand, on the smallest hierarchy with a triangle."""

import numpy as np

from dehliz.kernels.hierarchy_build import DOWN, FIRST, UP
from dehliz.kernels.hierarchy_metric import enter_weights, relax_triangles


def test_lightest_parallel_arc_counts_then_the_lowest() -> None:
    entry = np.array([[0, -1]], np.int32)
    extra = np.array([[0, 1], [0, 2], [0, 3]], np.int32)
    weight, low = np.empty((2, 1)), np.empty((1, 2), np.int32)
    enter_weights(entry, extra, np.array([5.0, 3.0, 3.0, 4.0]), weight, low)
    assert weight[:, 0].tolist() == [3.0, np.inf]
    assert low[0].tolist() == [-1 - 1, 0]


def test_way_over_the_vertex_below_counts_when_it_is_less() -> None:
    """Rank 0 has edges to 1 (up 2, down 3) and to 2 (up 4, down 5); the edge 1 - 2 costs 9 up, 6 down.

    Up over 0: down to 0 from 1 (3) and up to 2 (4) = 7 < 9. Down over 0: from 2 (5), to 1 (2) = 7 > 6.
    """
    row = np.array([[0, 1, 2, 0], [2, 2, 1, 1], [3, 3, 0, 2], [3, 3, -1, -1]], np.int32)
    triangle = np.array([2], np.int32)
    weight = np.array([[2.0, 4.0, 9.0], [3.0, 5.0, 6.0]])
    low = np.array([[-1, -2], [-3, -4], [-5, -6]], np.int32)
    relax_triangles(row, triangle, weight, low)
    assert row[:, FIRST].tolist() == [0, 2, 3, 3]
    assert weight[UP].tolist() == [2.0, 4.0, 7.0]
    assert weight[DOWN].tolist() == [3.0, 5.0, 6.0]
    assert low.tolist() == [[-1, -2], [-3, -4], [0, -6]]
