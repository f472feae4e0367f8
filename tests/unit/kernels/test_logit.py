"""Nested logit kernels: by hand, and their derivatives against differences."""

import numpy as np
import pytest

from dehliz.kernels.logit import Nests, flow_changes, nested_shares, response_diagonal
from dehliz.kernels.search import freeze

# Trip 0: nest {0, 1}, nest {2}; trip 1: no route; trip 2: nest {3, 4, 5}.
NESTS = Nests(freeze([0, 2, 2, 3], np.int32), freeze([0, 2, 3, 6], np.int32))
# Routes over four arcs.
FIRST = freeze([0, 2, 4, 5, 7, 8, 10], np.int64)
ARC = freeze([0, 1, 0, 2, 3, 1, 2, 3, 0, 3], np.int32)


def shares(utility: np.ndarray, factor: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    out = np.empty(6), np.empty(6), np.empty(3)
    nested_shares(NESTS, utility, factor, *out)
    return out


def test_shares_by_hand() -> None:
    utility = np.log(np.array([1.0, 3.0, 4.0, 1.0, 2.0, 5.0]))
    share, within, logsum = shares(utility, 1.0)
    np.testing.assert_allclose(share, [1 / 8, 3 / 8, 4 / 8, 1 / 8, 2 / 8, 5 / 8])
    np.testing.assert_allclose(within, [1 / 4, 3 / 4, 1, 1 / 8, 2 / 8, 5 / 8])
    np.testing.assert_allclose(logsum, [np.log(8.0), -np.inf, np.log(8.0)])
    # Half the scale between nests: both weigh sqrt(4) = 2, so they share alike.
    share, _, logsum = shares(utility, 0.5)
    np.testing.assert_allclose(share[:3], [1 / 8, 3 / 8, 1 / 2])
    np.testing.assert_allclose(logsum[0], np.log(4.0) / 0.5)


def test_great_utilities_do_not_overflow() -> None:
    share, _, logsum = shares(np.array([-1e5, -1e5, -2e5, 1e5, 1e5, -1e5]), 0.5)
    np.testing.assert_allclose(share, [0.5, 0.5, 0.0, 0.5, 0.5, 0.0])
    np.testing.assert_allclose(logsum[[0, 2]], [-1e5 + np.log(2.0), 1e5 + np.log(2.0)])


@pytest.mark.parametrize("factor", [1.0, 0.3])
def test_changes_are_derivatives(factor: float) -> None:
    rng = np.random.default_rng(5)
    cost, change = rng.uniform(0, 3, 6), rng.normal(size=6)
    volume, scale = np.array([3.0, 0.0, 2.0]), np.array([0.7, 1.0, 1.9])
    owner = np.array([0, 0, 0, 2, 2, 2])

    def flow(at: np.ndarray) -> np.ndarray:
        return shares(-scale[owner] * at, factor)[0] * volume[owner]

    share, within, _ = shares(-scale[owner] * cost, factor)
    found = np.empty(6)
    flow_changes(NESTS, within, share, scale * volume, factor, change, found)
    step = 1e-6
    numeric = (flow(cost + step * change) - flow(cost - step * change)) / (2 * step)
    np.testing.assert_allclose(found, numeric, atol=1e-9)

    # The diagonal over arcs equals minus the derivative of each arc's volume in its own time.
    use = np.zeros((4, 6))
    for route in range(6):
        use[ARC[FIRST[route] : FIRST[route + 1]], route] = 1.0
    diagonal = np.empty(4)
    inner, outer = np.zeros(4), np.zeros(4)
    response_diagonal(NESTS, FIRST, ARC, within, share, scale * volume, factor, inner, outer, diagonal)
    for arc in range(4):
        moved = np.empty(6)
        flow_changes(NESTS, within, share, scale * volume, factor, use[arc].copy(), moved)
        assert diagonal[arc] == pytest.approx(-(use @ moved)[arc], abs=1e-12)
    assert not inner.any()
    assert not outer.any()


def test_logsum_falls_by_the_share() -> None:
    """Derivative of the expected utility in a route's utility is its share (Williams, Daly and Zachary)."""
    utility = np.array([0.3, -0.2, 0.9, 0.1, 0.5, -1.0])
    share, _, _ = shares(utility, 0.4)
    for route, trip in enumerate([0, 0, 0, 2, 2, 2]):
        step = np.zeros(6)
        step[route] = 1e-6
        slope = (shares(utility + step, 0.4)[2][trip] - shares(utility - step, 0.4)[2][trip]) / 2e-6
        assert slope == pytest.approx(share[route], abs=1e-9)


@pytest.mark.parametrize("kernel", [nested_shares, flow_changes, response_diagonal])
def test_warm(kernel: object) -> None:
    assert kernel.warm()  # type: ignore[attr-defined]
