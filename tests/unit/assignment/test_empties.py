"""Empties go back the cheapest way, and the charges of loaded trips add up to what they cost."""

import numpy as np
import pytest

from dehliz.assignment.empties import find_empties, find_surplus

# Three zones on a line, 10 USD a step: China (0) - steppe (1) - Europe (2).
LINE = np.array([[0.0, 10.0, 20.0], [10.0, 0.0, 10.0], [20.0, 10.0, 0.0]])


def test_boxes_of_a_one_sided_trade_go_back_and_the_full_direction_pays() -> None:
    """By hand: 100 boxes west, 20 east, 80 go back empty for 20 USD each: 1 600 USD a day."""
    surplus = find_surplus([0, 2], [2, 0], [1100.0, 220.0], 11.0, 3)
    assert surplus == pytest.approx([-80, 0, 80])
    found = find_empties(surplus, LINE)
    assert found.status == "optimal"
    assert (found.origin.tolist(), found.destination.tolist()) == ([2], [0])
    assert found.units_d == pytest.approx([80])
    assert found.cost_usd_d == pytest.approx(1600)
    assert found.charge_usd_t([0, 2], [2, 0], 11.0) == pytest.approx([20 / 11, -20 / 11])


def test_the_nearer_of_two_zones_is_served_first() -> None:
    """By hand: Europe has 30, the steppe 10; China needs 40: 10 x 10 + 30 x 20 = 700 USD."""
    found = find_empties([-40.0, 10.0, 30.0], LINE)
    flows = dict(
        zip(zip(found.origin.tolist(), found.destination.tolist(), strict=True), found.units_d, strict=True)
    )
    assert flows == {(1, 0): pytest.approx(10), (2, 0): pytest.approx(30)}
    assert found.cost_usd_d == pytest.approx(700)
    assert found.price_usd == pytest.approx([20, 10, 0])


@pytest.mark.parametrize("seed", range(5))
def test_charges_add_up_to_the_cost_and_tell_what_one_more_unit_costs(seed: int) -> None:
    draw = np.random.default_rng(seed)
    n = 6
    position = draw.uniform(0, 1000, (n, 2))
    cost = np.hypot(*(position[:, None, :] - position[None, :, :]).transpose(2, 0, 1))
    origin, destination = draw.integers(0, n, (2, 30))
    volume = draw.uniform(1, 100, 30)
    surplus = find_surplus(origin, destination, volume, 10.0, n)
    found = find_empties(surplus, cost)
    charge = found.charge_usd_t(origin, destination, 10.0)
    assert (charge * volume).sum() == pytest.approx(found.cost_usd_d, rel=1e-9)
    step = 1e-6
    changed = surplus.copy()
    changed[[0, 1]] += [-step, step]
    slope = (find_empties(changed, cost).cost_usd_d - found.cost_usd_d) / step
    assert slope == pytest.approx(found.price_usd[0] - found.price_usd[1], abs=1e-3)


def test_flows_balance_every_zone() -> None:
    surplus = np.array([5.0, -3.0, 4.0, -6.0])
    found = find_empties(surplus, np.arange(16.0).reshape(4, 4))
    net = np.bincount(found.origin, found.units_d, 4) - np.bincount(found.destination, found.units_d, 4)
    assert net == pytest.approx(surplus)


def test_a_balanced_pool_moves_nothing() -> None:
    found = find_empties(np.zeros(3), LINE)
    assert (found.status, found.cost_usd_d, len(found.units_d)) == ("balanced", 0.0, 0)
    assert found.charge_usd_t([0], [2], 11.0) == pytest.approx([0])


def test_a_zone_in_balance_pays_by_where_it_lies() -> None:
    """A box that stays in the steppe is worth what the way to China leaves of its price there."""
    found = find_empties([-80.0, 0.0, 80.0], LINE)
    assert found.price_usd == pytest.approx([20, 10, 0])


def test_units_that_cannot_go_back_are_a_result() -> None:
    cost = np.where(LINE == 20, np.inf, LINE)
    found = find_empties([-80.0, 0.0, 80.0], cost)
    assert found.status == "infeasible"
    assert np.isnan(found.cost_usd_d)
    assert np.isnan(found.price_usd).all()


@pytest.mark.parametrize(
    ("surplus", "cost", "word"),
    [
        ([1.0, 1.0], [[0.0, 1.0], [1.0, 0.0]], "add up"),
        ([1.0, -1.0], [[0.0, -1.0], [1.0, 0.0]], "at least 0"),
    ],
)
def test_bad_input_is_refused(surplus: list[float], cost: list[list[float]], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        find_empties(surplus, cost)
