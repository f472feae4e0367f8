"""Staircases against a plain list of pairs; growth of the pool; boundary cases of covering."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dehliz.kernels.front import FIRST_ROOM_COUNT, Fronts, front_covers, front_insert, front_need, make_fronts
from dehliz.kernels.jit import Kernel

Pair = tuple[float, float]


def entries(fronts: Fronts, vertex: int) -> list[Pair]:
    first, size = int(fronts.start[vertex]), int(fronts.size[vertex])
    both = zip(fronts.second[first : first + size], fronts.third[first : first + size], strict=True)
    return [(float(second), float(third)) for second, third in both]


def test_by_hand() -> None:
    """Enter (3, 3), (1, 5), (5, 1); then (2, 2) pushes out the first and covers what is as good or worse."""
    fronts = make_fronts(3, 4_000)
    taken = 0
    for pair in ((3.0, 3.0), (1.0, 5.0), (5.0, 1.0)):
        assert not front_covers(fronts, 1, *pair)
        taken = front_insert(fronts, taken, 1, *pair)
    assert entries(fronts, 1) == [(1.0, 5.0), (3.0, 3.0), (5.0, 1.0)]
    assert front_covers(fronts, 1, 3.0, 3.0)
    assert not front_covers(fronts, 1, 2.0, 2.0)
    front_insert(fronts, taken, 1, 2.0, 2.0)
    assert entries(fronts, 1) == [(1.0, 5.0), (2.0, 2.0), (5.0, 1.0)]
    assert front_covers(fronts, 1, 2.0, 3.0)
    assert not front_covers(fronts, 1, 0.9, 99.0)
    assert not front_covers(fronts, 1, 99.0, 0.9)
    assert not front_covers(fronts, 0, 99.0, 99.0), "other vertices have their own"


def test_one_entry_can_push_out_many() -> None:
    fronts = make_fronts(3, 4_000)
    taken = 0
    for at in range(10):
        taken = front_insert(fronts, taken, 0, float(at), float(10 - at))
    front_insert(fronts, taken, 0, 1.0, 0.5)
    assert entries(fronts, 0) == [(0.0, 10.0), (1.0, 0.5)]


def test_need_is_what_an_insertion_takes() -> None:
    fronts = make_fronts(3, 4_000)
    taken = 0
    for at in range(40):
        need = front_need(fronts, 2)
        now = front_insert(fronts, taken, 2, float(at), -float(at))
        assert now == taken + need
        taken = now
    assert fronts.room[2] >= 40
    assert taken < 4 * 40 + FIRST_ROOM_COUNT


@pytest.mark.parametrize("form", ["plain", "compiled"])
@pytest.mark.parametrize("seed", range(10))
def test_against_a_list(form: str, seed: int) -> None:
    def pick(one: Kernel[..., Any]) -> Callable[..., Any]:
        return one.plain if form == "plain" else one.compiled()

    covers, insert = pick(front_covers), pick(front_insert)
    rng = np.random.default_rng(seed)
    fronts = make_fronts(3, 4_000)
    plain: list[list[Pair]] = [[], [], []]
    taken = 0
    for _ in range(500):
        vertex = int(rng.integers(3))
        second, third = (float(value) for value in rng.integers(0, 40, 2))
        is_covered = any(one <= second and other <= third for one, other in plain[vertex])
        assert covers(fronts, vertex, second, third) == is_covered
        if not is_covered:
            taken = insert(fronts, taken, vertex, second, third)
            plain[vertex] = [(a, b) for a, b in plain[vertex] if not (second <= a and third <= b)]
            plain[vertex] = sorted([*plain[vertex], (second, third)])
            assert entries(fronts, vertex) == plain[vertex]
