"""A total that is spread over zones stays the same, and both margins hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.build_eurasia.demand_gravity import balance, fit_deterrence, spread


def test_a_table_by_hand() -> None:
    """Rows 30 and 70, columns 40 and 60, even guess: the product of the margins over 100."""
    assert balance([[1.0, 1.0], [1.0, 1.0]], [30.0, 70.0], [40.0, 60.0]) == pytest.approx(
        np.array([[12.0, 18.0], [28.0, 42.0]])
    )


def test_the_odds_of_the_guess_are_kept() -> None:
    """Scaling rows and columns leaves x11 x22 / (x12 x21) as it was: 6 here."""
    flow = balance([[3.0, 1.0], [1.0, 2.0]], [10.0, 20.0], [12.0, 18.0])
    assert flow[0, 0] * flow[1, 1] / (flow[0, 1] * flow[1, 0]) == pytest.approx(6.0)


margins = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(margins, margins, st.floats(1.0, 1e8), st.floats(0.0, 2e-3), st.integers(0, 1000))
def test_margins_hold_to_a_billionth(
    origins: list[float], destinations: list[float], total: float, per_km: float, seed: int
) -> None:
    origins, destinations = [*origins, 1.0], [*destinations, 1.0]
    distance = np.random.default_rng(seed).uniform(0.0, 5000.0, (len(origins), len(destinations)))
    flow = spread(total, origins, destinations, distance, per_km)
    assert abs(flow.sum() - total) <= 1e-9 * total
    assert flow.sum(axis=1) == pytest.approx(
        total * np.array(origins) / sum(origins), rel=1e-9, abs=1e-9 * total
    )
    assert flow.sum(axis=0) == pytest.approx(
        total * np.array(destinations) / sum(destinations), rel=1e-9, abs=1e-9 * total
    )
    assert (flow >= 0.0).all()


def test_a_zero_stays_a_zero() -> None:
    flow = balance([[0.0, 1.0], [1.0, 1.0]], [10.0, 20.0], [15.0, 15.0])
    assert flow == pytest.approx(np.array([[0.0, 10.0], [15.0, 5.0]]))


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "word"),
    [
        ([[1.0, 1.0]], [5.0], [2.0, 2.0], "rows add up"),
        ([[-1.0, 1.0]], [4.0], [2.0, 2.0], "negative"),
        ([[1.0, 0.0], [1.0, 0.0]], [2.0, 2.0], [2.0, 2.0], "zeros"),
    ],
)
def test_what_cannot_be_balanced_is_refused(
    seed: list[list[float]], rows: list[float], columns: list[float], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        balance(seed, rows, columns)


def test_nothing_to_spread_is_nothing() -> None:
    assert (balance([[1.0, 1.0]], [0.0], [0.0, 0.0]) == 0.0).all()


def test_a_known_deterrence_is_found_again() -> None:
    draw = np.random.default_rng(1)
    mass, distance = draw.uniform(1e4, 1e6, 400), draw.uniform(100, 6000, 400)
    volume = draw.poisson(mass * np.exp(-1.0 - 4e-4 * distance))
    found, error = fit_deterrence(volume, mass, distance)
    assert found == pytest.approx(4e-4, abs=4 * error)
    assert 0.0 < error < 1e-5
