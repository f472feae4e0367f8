"""The heap gives vertices in order of (key, vertex), whatever is lowered on the way."""

import heapq
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dehliz.kernels.heap import heap_pop, heap_push, make_heap
from dehliz.kernels.jit import Kernel


def drain(keys: list[float], order: list[int]) -> list[int]:
    heap = make_heap(len(keys))
    key = np.array(keys)
    n = 0
    for vertex in order:
        n = heap_push(heap, n, key[vertex], vertex)
    out = []
    while n:
        out.append(heap_pop(heap, n))
        n -= 1
    assert (heap.place == -1).all()
    return out


def test_order_by_key_then_vertex() -> None:
    keys = [2.0, 1.0, 1.0, 0.0, 2.0]
    assert drain(keys, [4, 2, 0, 1, 3]) == [3, 1, 2, 0, 4]


def test_order_does_not_depend_on_order_of_insertion() -> None:
    rng = np.random.default_rng(3)
    keys = rng.integers(0, 5, 60).astype(float).tolist()
    expected = sorted(range(60), key=lambda vertex: (keys[vertex], vertex))
    for _ in range(20):
        assert drain(keys, rng.permutation(60).tolist()) == expected


@pytest.mark.parametrize("form", ["plain", "compiled"])
def test_against_heapq_with_decreases(form: str) -> None:
    def pick(one: Kernel[..., Any]) -> Callable[..., Any]:
        return one.plain if form == "plain" else one.compiled()

    push, pop = pick(heap_push), pick(heap_pop)
    rng = np.random.default_rng(11)
    heap = make_heap(40)
    key = np.full(40, np.inf)
    inside: set[int] = set()
    n = 0
    for _ in range(3_000):
        if inside and rng.random() < 0.35:
            expected = heapq.nsmallest(1, ((key[vertex], vertex) for vertex in inside))[0][1]
            assert pop(heap, n) == expected
            n -= 1
            inside.remove(expected)
            key[expected] = np.inf
        else:
            vertex = int(rng.integers(40))
            lower = float(rng.integers(0, 12))
            if lower < key[vertex]:
                key[vertex] = lower
                n = push(heap, n, lower, vertex)
                inside.add(vertex)
        assert n == len(inside)
