"""Small networks as the methods take them, written as lists of arcs."""

from dataclasses import dataclass

import numpy as np

from dehliz.graph.graph import IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.kernels.delay import DelayForm


@dataclass
class Net:
    first_out: IntArray
    tail: IntArray
    head: IntArray


def make_net(vertex_count: int, tail: list[int], head: list[int]) -> Net:
    """A forward star; arcs must come sorted by tail."""
    assert tail == sorted(tail)
    first = np.searchsorted(tail, np.arange(vertex_count + 1)).astype(np.int32)
    return Net(first, np.array(tail, dtype=np.int32), np.array(head, dtype=np.int32))


def make_costs(
    free: list[float] | np.ndarray,
    capacity: list[float] | np.ndarray,
    fixed: list[list[float]] | np.ndarray | None = None,
    alpha: float | np.ndarray = 0.15,
    beta: float | np.ndarray = 4.0,
    value: list[float] | None = None,
    background: list[float] | None = None,
) -> LoadCosts:
    count = len(free)
    rows = np.zeros((1, count)) if fixed is None else np.array(fixed, dtype=np.float64)
    return LoadCosts(
        form=np.full(count, DelayForm.BPR, dtype=np.int8),
        free_time_h=np.array(free, dtype=np.float64),
        capacity_t_d=np.array(capacity, dtype=np.float64),
        alpha_factor=np.broadcast_to(np.float64(alpha), (count,)).copy(),
        beta_factor=np.broadcast_to(np.float64(beta), (count,)).copy(),
        fixed_h=rows,
        value_of_time_usd_t_h=np.ones(len(rows)) if value is None else np.array(value),
        background_t_d=np.zeros(count) if background is None else np.array(background),
        is_capped=np.zeros(count, dtype=bool),
    )
