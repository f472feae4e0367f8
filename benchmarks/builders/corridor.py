"""A made-up long thin network: stations in chains, junctions, sidings; needs no download."""

import numpy as np

from benchmarks.task import Task, ask


def corridor(length: int, width: int, seed: int = 1) -> Task:
    """Lines of ``length`` stations side by side, crossed here and there, with dead ends; arcs both ways."""
    rng = np.random.default_rng(seed)
    station = np.arange(length * width).reshape(length, width)
    across = rng.random((length, width - 1)) < 0.05
    across[[0, -1]] = True
    siding = np.arange(length * width, length * width + length)
    one = np.concatenate([station[:-1].ravel(), station[:, :-1][across], siding])
    other = np.concatenate(
        [station[1:].ravel(), station[:, 1:][across], rng.integers(0, length * width, length)]
    )
    metre = rng.integers(200, 20_000, len(one))
    tail, head, weight = np.r_[one, other], np.r_[other, one], np.r_[metre, metre]
    order = np.argsort(tail, kind="stable")
    n_vertex = length * (width + 1)
    first_out = np.zeros(n_vertex + 1, np.int64)
    np.cumsum(np.bincount(tail, minlength=n_vertex), out=first_out[1:])
    place = np.arange(n_vertex)
    is_siding = place >= length * width
    line = np.where(is_siding, width, place % width)
    along = np.where(is_siding, place - length * width, place // width)
    coordinate = np.stack([40.0 + 0.1 * line, 30.0 + 60.0 * along / length], axis=1)
    counts = {"pair_count": 40, "batch_count": 400, "set_count": 30}
    return ask(first_out, head[order], weight[order], coordinate, **counts)
