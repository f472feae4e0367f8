"""Recovery on one link, where the answer is known by hand, and what must hold on any network."""

import dataclasses
import itertools

import numpy as np
import pytest

from dehliz.base.errors import SettingsError
from dehliz.disruption.recovery import Answer, Recovery, RecoverySettings, recover
from dehliz.disruption.recovery_tables import find_recovered_d

WORTH_USD_T_H = 2.0
COST_H = 10.0


class OneLink:
    """One trip on one link of a given capacity, with no way round; or with one that costs ``round_h`` more."""

    def __init__(self, volume_t_d: float, capacity_t_d: float, round_h: float = np.inf) -> None:
        self.volume = np.array([volume_t_d])
        self.capacity, self.round_h = capacity_t_d, round_h
        self.value_of_time_usd_t_h = np.array([WORTH_USD_T_H])
        self.cost_h = np.array([COST_H])
        self.committed_share = np.array([1.0])
        self.use_share = np.array([[1.0]])
        self.is_concerned = np.array([True])

    def come_t_d(self, back_share: float) -> np.ndarray:
        return self.volume

    def ask(
        self, back_share: float, wait_h: float | None, kept_share: np.ndarray | None, added_t_d: np.ndarray
    ) -> Answer:
        """With a part back, that part of the capacity passes; the rest waits or goes round."""
        passes = min(1.0, back_share * self.capacity / self.volume[0])
        has_round = np.isfinite(self.round_h)
        goes_round = has_round and (wait_h is None or self.round_h < wait_h)
        held = (0.0 if goes_round else 1.0 - passes) if kept_share is None else float(kept_share[0])
        is_cut = back_share == 0.0 and not has_round
        loss = 0.0 if back_share >= 1.0 or is_cut else self.round_h if goes_round or has_round else 0.0
        gone = self.volume * (1.0 - held) + added_t_d
        room = max(back_share * self.capacity - self.volume[0] * (1.0 - held), 0.0)
        return Answer(
            np.array([held]), np.array([loss]), gone * (COST_H + loss), gone, gone,
            np.array([room if back_share > 0.0 else 0.0]), np.array([is_cut]), True,
        )  # fmt: skip


def _balance(recovery: Recovery) -> None:
    """In every piece: what came is what has gone and what waits more."""
    for piece in recovery.pieces:
        came, gone = (piece.length_d * part.sum() for part in (piece.came_t_d, piece.gone_t_d))
        more = piece.next_stock_t.sum() - piece.stock_t.sum()
        assert came == pytest.approx(gone + more, rel=1e-12, abs=1e-9)
        assert (piece.next_stock_t >= 0.0).all()
    for one, other in zip(recovery.pieces[:-1], recovery.pieces[1:], strict=True):
        assert one.end_d == other.start_d
        np.testing.assert_array_equal(one.next_stock_t, other.stock_t)


@pytest.mark.parametrize("lag_d", [0.0, 2.0])
@pytest.mark.parametrize(("volume", "capacity", "days"), [(100.0, 150.0, 4.0), (80.0, 100.0, 10.0)])
def test_backlog_is_cleared_after_backlog_over_spare_rate(
    volume: float, capacity: float, days: float, lag_d: float
) -> None:
    recovery = recover(OneLink(volume, capacity), RecoverySettings(days, lag_d=lag_d))
    backlog, spare = volume * days, capacity - volume
    assert recovery.is_cleared
    assert recovery.cleared_d == pytest.approx(days + backlog / spare)
    # All loss is waiting: the triangle of the queue has base D + B/r and height B (deterministic queue).
    area_t_d = 0.5 * backlog * (days + backlog / spare)
    assert recovery.loss_usd.sum() == pytest.approx(area_t_d * 24.0 * WORTH_USD_T_H)
    _balance(recovery)


def test_event_without_length_costs_nothing() -> None:
    recovery = recover(OneLink(100.0, 150.0), RecoverySettings(0.0))
    assert recovery.pieces == ()
    assert recovery.loss_usd.sum() == 0.0
    assert recovery.cleared_d == 0.0
    assert find_recovered_d(recovery) == 0.0


@pytest.mark.parametrize("round_h", [np.inf, 60.0, 5.0])
def test_loss_grows_with_the_length_of_the_event(round_h: float) -> None:
    losses = [
        recover(OneLink(100.0, 140.0, round_h), RecoverySettings(days)).loss_usd.sum()
        for days in (0.0, 0.5, 1.0, 3.0, 7.0, 20.0)
    ]
    assert all(one < other for one, other in itertools.pairwise(losses))


def test_cargo_waits_only_near_the_end_when_the_way_round_costs_less_than_a_long_wait() -> None:
    recovery = recover(OneLink(100.0, 140.0, 60.0), RecoverySettings(16.0, lag_d=0.0))
    held = {(piece.start_d, piece.end_d): piece.answer.held_share[0] for piece in recovery.pieces}
    assert held[(0.0, 8.0)] == 0.0
    assert held[(15.0, 16.0)] == 1.0
    _balance(recovery)


def test_cargo_on_its_way_is_turned_round_after_the_lag() -> None:
    recovery = recover(OneLink(100.0, 140.0, 5.0), RecoverySettings(20.0, lag_d=3.0))
    after_lag = next(piece for piece in recovery.pieces if piece.start_d == 3.0)
    assert after_lag.stock_t.sum() == pytest.approx(300.0)
    assert after_lag.gone_t_d.sum() == pytest.approx(200.0)
    assert next(piece for piece in recovery.pieces if piece.start_d == 6.0).stock_t.sum() == pytest.approx(
        0.0
    )
    _balance(recovery)


def test_staged_repair_costs_less_than_one_step() -> None:
    link = OneLink(100.0, 140.0)
    one_step = recover(link, RecoverySettings(10.0)).loss_usd.sum()
    staged = recover(link, RecoverySettings(10.0, repair=((4.0, 0.5), (7.0, 0.9))))
    assert staged.loss_usd.sum() < one_step
    assert [piece.back_share for piece in staged.pieces if piece.start_d in (0.0, 4.0, 7.0)] == [
        0.0,
        0.5,
        0.9,
    ]
    _balance(staged)


def test_a_way_without_room_to_spare_is_never_cleared() -> None:
    recovery = recover(OneLink(100.0, 100.0), RecoverySettings(5.0, horizon_d=30.0))
    assert not recovery.is_cleared
    assert recovery.cleared_d == float("inf")
    assert recovery.end_d == pytest.approx(35.0)
    assert recovery.pieces[-1].next_stock_t.sum() == pytest.approx(500.0)
    assert find_recovered_d(recovery) == float("inf")


def test_time_to_ninety_percent_is_where_the_queue_costs_a_ninth_of_the_usual() -> None:
    volume, capacity, days = 100.0, 150.0, 4.0
    recovery = recover(OneLink(volume, capacity), RecoverySettings(days))
    # C0 / (C0 + L) = 0.9 with C0 = volume x cost and L = 24 h x queue; the queue falls by 50 t a day from 400 t.
    queue_t = volume * COST_H / 9.0 / 24.0
    expected = days + (volume * days - queue_t) / (capacity - volume)
    assert find_recovered_d(recovery) == pytest.approx(expected)


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration_d": -1.0}, {"duration_d": float("inf")}, {"lag_d": 15.0}, {"lag_d": -1.0}, {"clearing_factor": 0.0},
        {"repair": ((5.0, 0.5), (4.0, 0.9))}, {"repair": ((12.0, 0.5),)}, {"repair": ((1.0, 1.5),)},
    ],
)  # fmt: skip
def test_settings_that_contradict_each_other_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="Correct it"):
        dataclasses.replace(RecoverySettings(10.0), **wrong)
