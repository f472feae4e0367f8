"""Volume-delay functions against numbers: slopes by central differences, integrals by Simpson's rule, and edges."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from dehliz.kernels.delay import (
    Delay,
    DelayForm,
    arc_cost,
    arc_delay,
    arc_integral,
    delay_integrals,
    delay_times,
    power,
)

CURVES = [
    (DelayForm.CONSTANT, 2.0, 3.0, 0.7, 4.0),
    (DelayForm.BPR, 2.0, 3.0, 0.15, 4.0),
    (DelayForm.BPR, 1.0, 2.0, 0.8, 1.0),
    (DelayForm.BPR, 1.0, 2.0, 0.8, 2.0),
    (DelayForm.BPR, 1.0, 2.0, 0.8, 3.0),
    (DelayForm.BPR, 1.0, 2.0, 0.8, 5.0),
    (DelayForm.BPR, 1.0, 2.0, 0.8, 6.87),
    (DelayForm.BPR, 1.0, 2.0, 0.8, 1.5),
    (DelayForm.BPR, 1.0, 2.0, 0.8, 0.5),
    (DelayForm.BPR, 1.0, 2.0, 0.8, 0.0),
    (DelayForm.BPR, 1.0, 2.0, 0.0, 4.0),
    (DelayForm.BPR, 0.0, 2.0, 0.15, 4.0),
    (DelayForm.BPR, 1.0, np.inf, 0.15, 4.0),
    (DelayForm.CONICAL, 2.0, 3.0, 0.0, 4.0),
    (DelayForm.CONICAL, 1.0, 2.0, 0.0, 1.2),
    (DelayForm.CONICAL, 1.0, np.inf, 0.0, 4.0),
    (DelayForm.QUEUE, 2.0, 3.0, 0.4, 0.9),
    (DelayForm.QUEUE, 1.0, 2.0, 1.0, 0.95),
    (DelayForm.QUEUE, 1.0, np.inf, 1.0, 0.95),
]
VOLUMES = [0.3, 1.0, 1.88, 1.92, 2.69, 2.71, 3.0, 7.5]


def delay_of(form: int, free: float, capacity: float, alpha: float, beta: float) -> Delay:
    columns = (np.array([value]) for value in (free, capacity, alpha, beta))
    return Delay(np.array([form], np.int8), *columns)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("volume", VOLUMES)
def test_slope_is_the_central_difference(
    curve: tuple[int, float, float, float, float], volume: float
) -> None:
    delay = delay_of(*curve)
    step = 1e-5
    for is_marginal in (False, True):
        _, slope = arc_cost(delay, is_marginal, 0, volume)
        above, below = (arc_cost(delay, is_marginal, 0, volume + sign * step)[0] for sign in (1.0, -1.0))
        assert slope == pytest.approx((above - below) / (2.0 * step), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("volume", VOLUMES)
def test_marginal_cost_is_the_derivative_of_the_total(
    curve: tuple[int, float, float, float, float], volume: float
) -> None:
    delay = delay_of(*curve)
    marginal, _ = arc_cost(delay, True, 0, volume)
    step = 1e-5
    above, below = ((volume + d) * arc_delay(delay, 0, volume + d)[0] for d in (step, -step))
    assert marginal == pytest.approx((above - below) / (2.0 * step), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("volume", VOLUMES)
def test_integral_is_simpson_s(curve: tuple[int, float, float, float, float], volume: float) -> None:
    delay = delay_of(*curve)
    grid = np.linspace(0.0, volume, 4001)
    if curve[4] == 0.5:
        grid = volume * np.linspace(0.0, 1.0, 4001) ** 4  # steep at 0: finer there
    middle = 0.5 * (grid[1:] + grid[:-1])

    def at(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.array([arc_delay(delay, 0, float(x))[0] for x in points])

    expected = float(((at(grid[:-1]) + 4.0 * at(middle) + at(grid[1:])) * np.diff(grid) / 6.0).sum())
    assert arc_integral(delay, 0, volume) == pytest.approx(expected, rel=1e-7, abs=1e-10)
    assert arc_integral(delay, 0, 0.0) == 0.0


@pytest.mark.parametrize("curve", CURVES)
def test_time_at_no_volume_is_the_free_time_and_never_falls(
    curve: tuple[int, float, float, float, float],
) -> None:
    delay = delay_of(*curve)
    expected = curve[1] * (1.0 + curve[3]) if curve[0] == DelayForm.BPR and curve[4] == 0.0 else curve[1]
    assert arc_delay(delay, 0, 0.0)[0] == pytest.approx(expected, rel=1e-14)
    for is_marginal in (False, True):
        values = [arc_cost(delay, is_marginal, 0, volume) for volume in np.linspace(0.0, 9.0, 91)]
        assert np.isfinite(values).all()
        assert all(slope >= 0.0 for _, slope in values)
        assert all(one[0] <= other[0] + 1e-12 for one, other in pairwise(values))


@pytest.mark.parametrize("capacity", [0.5, 3.0, 1e6])
def test_bpr_below_power_one_has_a_steep_but_finite_slope_at_0(capacity: float) -> None:
    delay = delay_of(DelayForm.BPR, 1.0, capacity, 0.8, 0.5)
    _, slope = arc_delay(delay, 0, 0.0)
    assert slope == pytest.approx(0.8 * 0.5 * 1e-6**-0.5 / capacity)


def test_marginal_bpr_is_a_bpr() -> None:
    plain, marginal = delay_of(1, 2.0, 3.0, 0.15, 4.0), delay_of(1, 2.0, 3.0, 0.15 * 5.0, 4.0)
    assert arc_cost(plain, True, 0, 2.5) == pytest.approx(arc_delay(marginal, 0, 2.5), rel=1e-14)


def test_conical_is_two_at_capacity() -> None:
    # Spiess (1990), condition: the time at capacity is twice the free time, whatever the steepness
    for beta in (1.5, 4.0, 10.0):
        assert arc_delay(delay_of(DelayForm.CONICAL, 3.0, 5.0, 0.0, beta), 0, 5.0)[0] == pytest.approx(
            6.0, rel=1e-12
        )


def test_powers_by_multiplication_are_powers() -> None:
    for exponent in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 2.5):
        for base in (0.0, 0.3, 1.0, 2.0):
            assert power(base, exponent) == pytest.approx(base**exponent, rel=1e-14)


def test_compiled_arrays_equal_plain_ones() -> None:
    columns = np.array([curve[1:] for curve in CURVES]).T.copy()
    delay = Delay(
        np.array([curve[0] for curve in CURVES], np.int8), *(np.ascontiguousarray(row) for row in columns)
    )
    volume = np.linspace(0.0, 4.0, len(CURVES))
    plain, fast = (tuple(np.empty(len(CURVES)) for _ in range(3)) for _ in range(2))
    delay_times(delay, volume, plain[0], plain[1])
    delay_integrals(delay, volume, plain[2])
    delay_times.compiled()(delay, volume, fast[0], fast[1])
    delay_integrals.compiled()(delay, volume, fast[2])
    for one, other in zip(plain, fast, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)
