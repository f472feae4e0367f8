"""Fitting: against the linear model, whose answer and errors are known."""

import numpy as np
import pytest

from dehliz.assignment.calibrate import FitStatus, fit_choice

RNG = np.random.default_rng(11)
DESIGN = np.column_stack([np.ones(20), RNG.normal(size=20)])
SEEN = DESIGN @ np.array([2.0, -3.0]) + RNG.normal(scale=0.1, size=20)


def test_linear_model_is_solved_with_its_errors() -> None:
    weight = RNG.uniform(0.5, 2.0, 20)
    fit = fit_choice(lambda p: DESIGN @ p, SEEN, weight, np.array([1.0, -1.0]), names=("level", "slope"))
    inverse = np.linalg.inv(DESIGN.T @ (weight[:, None] * DESIGN))
    best = inverse @ DESIGN.T @ (weight * SEEN)
    rest = SEEN - DESIGN @ best
    errors = np.sqrt(np.diag(inverse) * (weight @ rest**2) / 18)
    assert fit.status == FitStatus.CONVERGED
    np.testing.assert_allclose(fit.parameters, best, rtol=1e-7)
    np.testing.assert_allclose(fit.standard_errors, errors, rtol=1e-5)
    np.testing.assert_allclose(fit.residual, rest, atol=1e-7)
    around = SEEN - np.average(SEEN, weights=weight)
    assert fit.explained_share == pytest.approx(1 - (weight @ rest**2) / (weight @ around**2))


def test_scale_of_a_logit_is_found_again() -> None:
    cost = np.linspace(-3.0, 3.0, 15)
    fit = fit_choice(
        lambda p: 1 / (1 + np.exp(p[0] * (cost - p[1]))), 1 / (1 + np.exp(0.7 * (cost - 0.4))), None,
        np.array([0.2, 0.0]), (np.array([0.0, -5.0]), np.array([5.0, 5.0])),
    )  # fmt: skip
    np.testing.assert_allclose(fit.parameters, [0.7, 0.4], rtol=1e-6)
    assert fit.explained_share == pytest.approx(1.0)


def test_a_bound_that_holds_has_no_error() -> None:
    fit = fit_choice(
        lambda p: DESIGN @ p, SEEN, None, np.array([1.0, -1.0]), (np.array([0.0, -2.0]), np.array([9.0, 0.0]))
    )
    np.testing.assert_array_equal(fit.is_at_bound, [False, True])
    assert fit.parameters[1] == pytest.approx(-2.0)
    assert np.isnan(fit.standard_errors[1])
    assert fit.standard_errors[0] > 0.0


def test_what_cannot_be_told_is_said() -> None:
    fit = fit_choice(lambda p: (p[0] + p[1]) * np.ones(20), SEEN, None, np.array([1.0, 1.0]))
    assert fit.status == FitStatus.NOT_IDENTIFIED
    assert np.isnan(fit.standard_errors).all()


def test_too_few_steps_is_a_status() -> None:
    fit = fit_choice(
        lambda p: np.exp(p[0] * DESIGN[:, 1]), np.exp(2.0 * DESIGN[:, 1]), None, np.array([0.1]),
        evaluation_limit_count=1,
    )  # fmt: skip
    assert fit.status == FitStatus.NOT_CONVERGED


def test_observations_without_weight_do_not_count() -> None:
    weight = np.ones(20)
    weight[3] = 0.0
    wild = SEEN.copy()
    wild[3] = 1e6
    kept = np.arange(20) != 3
    fit = fit_choice(lambda p: DESIGN @ p, wild, weight, np.array([1.0, -1.0]))
    same = fit_choice(lambda p: DESIGN[kept] @ p, SEEN[kept], None, np.array([1.0, -1.0]))
    np.testing.assert_allclose(fit.parameters, same.parameters, rtol=1e-8)
    np.testing.assert_allclose(fit.standard_errors, same.standard_errors, rtol=1e-5)
    assert fit.predicted[3] == pytest.approx(DESIGN[3] @ fit.parameters)


@pytest.mark.parametrize(
    ("observed", "weights", "start", "bounds", "word"),
    [
        ([np.nan], None, [1.0], None, "observed"),
        ([], None, [1.0], None, "observed"),
        ([1.0], [-1.0], [1.0], None, "weights"),
        ([1.0], [1.0, 2.0], [1.0], None, "weights"),
        ([1.0], None, [], None, "start"),
        ([1.0], None, [1.0], ([2.0], [3.0]), "outside"),
        ([1.0, 2.0], None, [1.0], None, "predict"),
    ],
)
def test_bad_input_is_named(
    observed: object, weights: object, start: object, bounds: object, word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        fit_choice(lambda p: p, observed, weights, start, bounds)  # type: ignore[arg-type]
