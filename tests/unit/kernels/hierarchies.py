"""What the kernels of a hierarchy hand to each other, for tests that look at one of them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.hierarchy_flow import Core, Flow
from dehliz.kernels.hierarchy_order import KEY_COUNT, Queue, Rest, list_neighbours
from tests.unit.kernels.networks import Net, build

Ints = npt.NDArray[np.int32]


class Start(NamedTuple):
    """A graph before any vertex has left."""

    rest: Rest
    queue: Queue
    pool: Ints
    used: npt.NDArray[np.int64]
    order: Ints


def start(net: Net, room: int = 4) -> Start:
    """Neighbour lists of a network, in a pool ``room`` times as long as they need."""
    n = net.vertex_count
    first, pool = np.empty(n + 1, np.int32), np.empty(2 * len(net.head), np.int32)
    used = list_neighbours(net.star.first_out, net.head, first, pool)
    length = np.diff(first)
    zeros = np.zeros(n, np.int32)
    rest = Rest(first[:-1].copy(), length, length.copy(), zeros, zeros.copy(), np.full(n, -1, np.int32))
    queue = Queue(
        np.full(KEY_COUNT, -1, np.int32),
        np.full(n, -1, np.int32),
        np.full(n, -1, np.int32),
        np.full(n, -1, np.int32),
    )
    whole = np.empty(room * used, np.int32)
    whole[:used] = pool[:used]
    return Start(rest, queue, whole, np.array([0, used, 0]), np.empty(n, np.int32))


def core_of(net: Net) -> Core:
    """A whole network as one part of a core."""
    first, pool = np.empty(net.vertex_count + 1, np.int32), np.empty(2 * len(net.head), np.int32)
    used = list_neighbours(net.star.first_out, net.head, first, pool)
    return Core(first, pool[:used].copy(), np.zeros(net.vertex_count, np.int32))


def empty_flow(n: int) -> Flow:
    """No paths yet."""
    return Flow(
        np.full(n, -1, np.int32),
        np.full(n, -1, np.int32),
        np.zeros(n, np.int8),
        np.zeros(2 * n, np.bool_),
        np.empty(2 * n, np.int32),
        np.empty(2 * n, np.int32),
    )


def corridor(length: int, width: int, seed: int) -> Net:
    """A long thin network with sidings: chains of stations between junctions, dead ends, one-way pieces."""
    rng = np.random.default_rng(seed)
    vertex = np.arange(length * width).reshape(length, width)
    one = [vertex[:-1].ravel()]
    other = [vertex[1:].ravel()]
    across = rng.random((length, width - 1)) < 0.05
    one.append(vertex[:, :-1][across])
    other.append(vertex[:, 1:][across])
    siding = np.arange(length * width, length * width + length)
    one.append(siding)
    other.append(rng.integers(0, length * width, length))
    there, back = np.concatenate(one), np.concatenate(other)
    keeps = rng.random(len(there)) < 0.97
    tail, head = np.r_[there, back[keeps]], np.r_[back, there[keeps]]
    return build(length * (width + 1), tail, head, rng.integers(1, 50, len(tail)))
