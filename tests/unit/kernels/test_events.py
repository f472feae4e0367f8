"""The agenda against a plain heap, and the steps of the event loop that stand alone."""

import heapq

import numpy as np
import pytest

from dehliz.kernels.events import run_loop
from dehliz.kernels.events_agenda import (
    IS_OPEN_ROOT,
    IS_OVERFULL,
    MOVE,
    TIMER,
    Agenda,
    make_agenda,
    post,
    tidy,
)
from dehliz.kernels.events_make import sample_run
from dehliz.kernels.jit import Status


def take(agenda: Agenda) -> tuple[float, int]:
    """Take the first entry, as the loop does."""
    entry = float(agenda.time_h[0]), int(agenda.code[0])
    agenda.size[IS_OPEN_ROOT] = 1
    return entry


@pytest.mark.parametrize("seed", range(10))
def test_the_agenda_gives_what_a_plain_heap_gives(seed: int) -> None:
    """Entries with many equal times; some are put in the place of the one just taken, some are not."""
    rng = np.random.default_rng(seed)
    agenda = make_agenda(200)
    plain: list[tuple[float, int]] = []
    for number in range(200):
        if plain and rng.random() < 0.4:
            assert tidy(agenda) == len(plain)
            assert take(agenda) == heapq.heappop(plain)
        if len(plain) < 199:
            entry = float(rng.integers(0, 9)), MOVE + number
            post(agenda, *entry)
            heapq.heappush(plain, entry)
    while tidy(agenda):
        assert take(agenda) == heapq.heappop(plain)
    assert not plain


def test_ties_fall_by_rank_then_by_number() -> None:
    agenda = make_agenda(4)
    for code in (TIMER + 1, MOVE + 7, TIMER + 0, MOVE + 2):
        post(agenda, 5.0, code)
    taken = []
    while tidy(agenda):
        taken.append(take(agenda)[1])
    assert taken == [MOVE + 2, MOVE + 7, TIMER + 0, TIMER + 1]


def test_what_does_not_fit_is_told() -> None:
    agenda = make_agenda(1)
    post(agenda, 1.0, MOVE)
    assert not agenda.size[IS_OVERFULL]
    post(agenda, 2.0, MOVE)
    assert agenda.size[IS_OVERFULL]


@pytest.mark.parametrize("run", [run_loop.plain, run_loop.compiled()], ids=["plain", "compiled"])
def test_the_sample_is_served(run) -> None:  # type: ignore[no-untyped-def]
    arguments = sample_run()
    assert run(*arguments) == Status.OK
    assert arguments[-1].time_h.tolist() == [[0.0, 0.0, 1.0]]
    assert arguments[-1].done_h.tolist() == [1.0]
