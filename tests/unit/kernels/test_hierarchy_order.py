"""Neighbour lists, the queue, and which vertex leaves when."""

import numpy as np
import pytest

from dehliz.kernels.hierarchy_order import DONE, GONE, clear_queue, eliminate, fill_queue, list_neighbours
from dehliz.kernels.jit import Status
from tests.unit.kernels.hierarchies import Start, start
from tests.unit.kernels.networks import build, random_net


def run(at: Start, max_degree: int = 99) -> int:
    everyone = np.arange(len(at.order), dtype=np.int32)
    fill_queue(at.rest, everyone, 0, at.queue, at.used)
    return eliminate(at.rest, at.queue, at.pool, max_degree, at.used, at.order)


def test_neighbours_lose_direction_copies_and_loops() -> None:
    """0 <-> 1 twice over, 1 -> 2, a loop at 2, 3 alone."""
    net = build(4, [0, 0, 1, 1, 2], [1, 1, 0, 2, 2], [1.0] * 5)
    first, neighbour = np.empty(5, np.int32), np.empty(10, np.int32)
    used = list_neighbours(net.star.first_out, net.head, first, neighbour)
    assert first.tolist() == [0, 1, 3, 4, 4]
    assert neighbour[:used].tolist() == [1, 0, 2, 1]


def test_leaves_go_before_the_hub() -> None:
    """Four leaves around vertex 0: with three gone, hub and last leaf have one neighbour each."""
    at = start(build(5, [0, 0, 0, 0], [1, 2, 3, 4], [1.0] * 4))
    assert run(at) == Status.OK
    assert set(at.order[:3].tolist()) < {1, 2, 3, 4}
    assert (at.rest.level == GONE).all()


def test_square_gets_one_diagonal() -> None:
    """0-1-2-3-0: the first to leave joins its two neighbours, so the rest is a triangle."""
    at = start(build(4, [0, 1, 2, 3], [1, 2, 3, 0], [1.0] * 4))
    assert run(at) == Status.OK
    left = [int(at.rest.length[vertex]) for vertex in at.order]
    assert left == [2, 2, 1, 0]


def test_high_degrees_wait() -> None:
    """Of a complete graph of five and a tail of two, only the tail leaves at most degree three."""
    pairs = [(a, b) for a in range(5) for b in range(a)] + [(5, 4), (6, 5)]
    at = start(build(7, [a for a, _ in pairs], [b for _, b in pairs], [1.0] * len(pairs)))
    assert run(at, max_degree=3) == Status.OK
    assert at.used[DONE] == 2
    assert at.order[:2].tolist() == [6, 5]
    clear_queue(at.queue)
    assert (at.queue.head == -1).all()
    assert run(at) == Status.OK
    assert at.used[DONE] == 7


@pytest.mark.parametrize("seed", range(30))
def test_small_pool_is_an_overflow_that_can_be_resumed(seed: int) -> None:
    net = random_net(seed, most_vertices=14)
    whole, tight = start(net, room=99), start(net, room=1)
    run(whole)
    everyone = np.arange(net.vertex_count, dtype=np.int32)
    fill_queue(tight.rest, everyone, 0, tight.queue, tight.used)
    pool = tight.pool
    overflow_count = 0
    while eliminate(tight.rest, tight.queue, pool, 99, tight.used, tight.order) == Status.OVERFLOW:
        overflow_count += 1
        pool = np.concatenate([pool, np.zeros(5, np.int32)])
    assert tight.order.tolist() == whole.order.tolist()
    assert overflow_count > 0 or len(whole.pool) == 0


@pytest.mark.parametrize("seed", range(60))
def test_lists_are_those_of_a_plain_elimination(seed: int) -> None:
    """Every vertex leaves with the neighbours that a dictionary of sets gives it."""
    net = random_net(seed, most_vertices=14)
    around: dict[int, set[int]] = {vertex: set() for vertex in range(net.vertex_count)}
    for tail, head, _ in net.arcs():
        if tail != head:
            around[tail].add(head)
            around[head].add(tail)
    at = start(net, room=99)
    run(at)
    first, length = at.rest.first, at.rest.length
    for vertex in at.order.tolist():
        left = around.pop(vertex)
        assert set(at.pool[first[vertex] : first[vertex] + length[vertex]].tolist()) == left
        assert length[vertex] == len(left)
        for other in left:
            around[other] = (around[other] | left) - {vertex, other}
