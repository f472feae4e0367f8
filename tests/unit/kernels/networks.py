"""Small random networks for kernel tests: parallel arcs, loops, zero costs, ties, dead ends, closed arcs."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.search import Star, make_star


class Net(NamedTuple):
    """A network in both forms: arrays for kernels, arcs for oracles."""

    vertex_count: int
    tail: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    weight: npt.NDArray[np.float64]
    star: Star

    def arcs(self, criterion: int = 0) -> list[tuple[int, int, float]]:
        return [
            (int(tail), int(head), float(weight))
            for tail, head, weight in zip(self.tail, self.head, self.weight[criterion], strict=True)
        ]


def build(vertex_count: int, tail: npt.ArrayLike, head: npt.ArrayLike, weight: npt.ArrayLike) -> Net:
    """Sort arcs by tail (stable) and make the star; weight is (n_criterion, n_arc)."""
    tails = np.asarray(tail, np.int32)
    order = np.argsort(tails, kind="stable")
    weights = np.atleast_2d(np.asarray(weight, np.float64))
    first_out = np.zeros(vertex_count + 1, np.int32)
    np.cumsum(np.bincount(tails, minlength=vertex_count), out=first_out[1:])
    heads = np.asarray(head, np.int32)[order]
    return Net(vertex_count, tails[order], heads, weights[:, order].copy(), make_star(first_out, heads))


def random_net(
    seed: int,
    most_vertices: int = 9,
    arc_factors: tuple[float, float] = (0.0, 2.2),
    criteria: int = 1,
    top: int = 4,
) -> Net:
    """A seeded network whose costs are small integers, zero among them, and now and then closed."""
    rng = np.random.default_rng(seed)
    vertex_count = int(rng.integers(2 + most_vertices // 4, most_vertices + 1))
    fewest, most = (int(factor * vertex_count) for factor in arc_factors)
    arc_count = int(rng.integers(fewest + 1, most + 2))
    tail = rng.integers(0, vertex_count, arc_count)
    head = rng.integers(0, vertex_count, arc_count)
    weight = rng.integers(0, top + 1, (criteria, arc_count)).astype(float)
    if seed % 5 == 0:
        weight *= rng.random((criteria, arc_count)) * 7.0
    if seed % 3 == 0:
        weight[:, rng.random(arc_count) < 0.1] = np.inf
    return build(vertex_count, tail, head, weight)


def grid_net(seed: int, side: int, top: int) -> Net:
    """A square grid with arcs both ways and random integer costs in three criteria."""
    rng = np.random.default_rng(seed)
    vertex = np.arange(side * side).reshape(side, side)
    one = np.concatenate([vertex[:, :-1].ravel(), vertex[:-1].ravel()])
    other = np.concatenate([vertex[:, 1:].ravel(), vertex[1:].ravel()])
    weight = rng.integers(0, top + 1, (3, 2 * one.size))
    return build(side * side, np.r_[one, other], np.r_[other, one], weight)
