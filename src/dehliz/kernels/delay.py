"""Volume-delay functions of arcs: time, its slope and its integral as functions of volume.

Arrays of parameters and volumes come in, one number goes out. Four forms: constant; BPR; conical; and a queue that
rises like an M/M/1 wait and goes on as its tangent beyond a share of the capacity. Used by the bush and loading
kernels, and tested against numeric derivatives and integrals.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import kernel, lean_kernel

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.int8]


class DelayForm(IntEnum):
    """Form of a volume-delay function."""

    CONSTANT = 0
    BPR = 1
    CONICAL = 2
    QUEUE = 3


BPR = int(DelayForm.BPR)
CONICAL = int(DelayForm.CONICAL)
QUEUE = int(DelayForm.QUEUE)

LEAST_SHARE = 1e-6
"""Share of the capacity whose slope stands for all smaller ones where a BPR power below 1 makes it infinite at 0."""


class Delay(NamedTuple):
    """Parameters of volume-delay functions, one entry per arc.

    Attributes
    ----------
    form : (n_arc,) int8
        ``DelayForm``.
    free_time : (n_arc,) float64
        Time at no volume, t0.
    capacity : (n_arc,) float64
        Practical capacity, c, above 0; ``inf`` means no delay.
    alpha : (n_arc,) float64
        BPR: factor of the delay, a. QUEUE: wait at half the capacity as a share of t0. Not used by CONICAL.
    beta : (n_arc,) float64
        BPR: power, b. CONICAL: steepness, above 1. QUEUE: share of the capacity beyond which the tangent goes on.
    """

    form: Bytes
    free_time: Floats
    capacity: Floats
    alpha: Floats
    beta: Floats


@lean_kernel
def power(base: float, exponent: float) -> float:
    """``base ** exponent`` for ``base >= 0``, by multiplication where the exponent is 0, 1, 2, 3, 4 or 5."""
    if exponent == 4.0:
        square = base * base
        return square * square
    if exponent == 1.0:
        return base
    if exponent == 3.0:
        return base * base * base
    if exponent == 2.0:
        return base * base
    if exponent == 5.0:
        square = base * base
        return square * square * base
    if exponent == 0.0:
        return 1.0
    return float(base**exponent)


@lean_kernel
def arc_delay(delay: Delay, arc: int, volume: float) -> tuple[float, float]:
    """Time of an arc at a volume, and its slope.

    Parameters
    ----------
    delay : Delay
        Parameters.
    arc : int
        Which arc.
    volume : float
        Volume x, at least 0, in the unit of the capacity c.

    Returns
    -------
    time, slope : float
        t(x) and dt/dx.

    Notes
    -----
    With s = x / c. BPR: t0 (1 + a s^b). CONICAL: t0 (2 + sqrt(b^2 (1 - s)^2 + g^2) - b (1 - s) - g) with
    g = (2 b - 1) / (2 b - 2). QUEUE: t0 (1 + a s / (1 - s)) up to s = b, then its tangent.

    References
    ----------
    Bureau of Public Roads (1964), Traffic Assignment Manual. Spiess, H. (1990), Conical volume-delay functions,
    Transportation Science 24(2), 153-158, equation 10. Davidson, K. B. (1966), A flow travel time relationship for use
    in transportation planning, Proc. 3rd ARRB Conference 3(1), 183-194; tangent after Akcelik, R. (1991), Travel time
    functions for transport planning purposes, Australian Road Research 21(3), 49-59.
    """
    free = delay.free_time[arc]
    form = delay.form[arc]
    capacity = delay.capacity[arc]
    if form == 0 or capacity == np.inf:
        return free, 0.0
    alpha = delay.alpha[arc]
    beta = delay.beta[arc]
    share = volume / capacity
    if form == BPR:
        if beta == 0.0 or alpha == 0.0:
            return free * (1.0 + alpha), 0.0
        if beta < 1.0 and share < LEAST_SHARE:  # the slope is infinite at 0: a finite one lets Newton set out
            return free * (1.0 + alpha * power(share, beta)), (
                free * alpha * beta * power(LEAST_SHARE, beta - 1.0) / capacity
            )
        below = power(share, beta - 1.0)
        return free * (1.0 + alpha * below * share), free * alpha * beta * below / capacity
    if form == CONICAL:
        gamma = (2.0 * beta - 1.0) / (2.0 * beta - 2.0)
        rest = beta * (1.0 - share)
        root = np.sqrt(rest * rest + gamma * gamma)
        return free * (2.0 + root - rest - gamma), free * beta * (1.0 - rest / root) / capacity
    knee = min(share, beta)
    slope = alpha / ((1.0 - knee) * (1.0 - knee))
    return free * (1.0 + alpha * knee / (1.0 - knee) + slope * (share - knee)), free * slope / capacity


@lean_kernel
def arc_cost(delay: Delay, is_marginal: bool, arc: int, volume: float) -> tuple[float, float]:
    """Time of an arc at a volume and its slope, or the marginal time t + x t' and its slope 2 t' + x t''.

    Parameters
    ----------
    delay : Delay
        Parameters.
    is_marginal : bool
        Whether to count what one more traveller costs all, those of the background too.
    arc : int
        Which arc.
    volume : float
        Volume x, background included.

    Returns
    -------
    cost, slope : float
        Cost at x, and its derivative; that of a BPR below ``LEAST_SHARE`` as in ``arc_delay``.

    Notes
    -----
    The marginal BPR is a BPR of factor a (b + 1). With s = x / c, t'' is t0 b^2 g^2 / (c^2 r^3) for CONICAL, where r is
    its root, and 2 t0 a / (c^2 (1 - s)^3) for QUEUE up to its tangent, 0 on it.
    """
    time, slope = arc_delay(delay, arc, volume)
    if not is_marginal or slope == 0.0:
        return time, slope
    beta = delay.beta[arc]
    form = delay.form[arc]
    if form == BPR:
        return time + beta * (time - delay.free_time[arc]), (beta + 1.0) * slope
    capacity = delay.capacity[arc]
    share = volume / capacity
    bend = 0.0
    if form == CONICAL:
        gamma = (2.0 * beta - 1.0) / (2.0 * beta - 2.0)
        rest = beta * (1.0 - share)
        root = np.sqrt(rest * rest + gamma * gamma)
        bend = delay.free_time[arc] * (beta * gamma) ** 2 / (capacity * capacity * root * root * root)
    elif share < beta:
        idle = 1.0 - share
        bend = 2.0 * delay.free_time[arc] * delay.alpha[arc] / (capacity * capacity * idle * idle * idle)
    return time + volume * slope, 2.0 * slope + volume * bend


@lean_kernel
def arc_integral(delay: Delay, arc: int, volume: float) -> float:
    """Integral of the time of an arc from volume 0 to a volume: its term of the Beckmann objective."""
    free = delay.free_time[arc]
    form = delay.form[arc]
    capacity = delay.capacity[arc]
    if form == 0 or capacity == np.inf:
        return float(free * volume)
    alpha = delay.alpha[arc]
    beta = delay.beta[arc]
    share = volume / capacity
    if form == BPR:
        return float(free * volume * (1.0 + alpha / (beta + 1.0) * power(share, beta)))
    if form == CONICAL:
        gamma = (2.0 * beta - 1.0) / (2.0 * beta - 2.0)
        rest = beta * (1.0 - share)
        roots = _root_integral(beta, gamma) - _root_integral(rest, gamma)
        lines = 0.5 * (beta * beta - rest * rest)
        return float(free * capacity * ((2.0 - gamma) * share + (roots - lines) / beta))
    knee = min(share, beta)
    beyond = share - knee
    slope = alpha / ((1.0 - knee) * (1.0 - knee))
    below = knee + alpha * (-knee - np.log(1.0 - knee))
    above = beyond * (1.0 + alpha * knee / (1.0 - knee)) + 0.5 * slope * beyond * beyond
    return float(free * capacity * (below + above))


@lean_kernel
def _root_integral(u: float, gamma: float) -> float:
    """Integral of sqrt(u^2 + g^2)."""
    root = np.sqrt(u * u + gamma * gamma)
    return float(0.5 * (u * root + gamma * gamma * np.arcsinh(u / gamma)))


@kernel
def delay_times(delay: Delay, volume: Floats, out_time: Floats, out_slope: Floats) -> None:
    """Times and slopes of all arcs at their volumes."""
    for arc in range(volume.shape[0]):
        out_time[arc], out_slope[arc] = arc_delay(delay, arc, volume[arc])


@kernel
def delay_integrals(delay: Delay, volume: Floats, out_integral: Floats) -> None:
    """Beckmann terms of all arcs at their volumes."""
    for arc in range(volume.shape[0]):
        out_integral[arc] = arc_integral(delay, arc, volume[arc])


def _sample() -> tuple[Delay, Floats]:
    one = np.ones(4)
    form = np.arange(4, dtype=np.int8)
    parts = (form, one.copy(), one.copy(), one.copy(), np.full(4, 0.9))
    for part in parts:
        part.flags.writeable = False
    return Delay(*parts), np.ones(4)


@delay_times.sample
def _delay_times_sample() -> tuple[object, ...]:
    return *_sample(), np.empty(4), np.empty(4)


@delay_integrals.sample
def _delay_integrals_sample() -> tuple[object, ...]:
    return *_sample(), np.empty(4)
