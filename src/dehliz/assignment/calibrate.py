"""Fits parameters of a model to what was observed, with standard errors.

A function from parameters to predictions comes in, with observations and weights; the best parameters go out with
how sure they are. It knows nothing of networks: whoever calls it runs the assignment inside ``predict``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.optimize import least_squares

from dehliz.graph.graph import BoolArray, FloatArray

STEP_SHARE = 1e-4
"""Step of the numeric derivatives as a share of each parameter: well above the noise of predictions that are balanced
to a gap of 1e-6 or better."""
RANK_SHARE = 1e-7
"""A direction whose scaled singular value is below this share of the greatest is not told apart by the observations."""


class FitStatus(StrEnum):
    """How a fit ended."""

    CONVERGED = "converged"
    NOT_CONVERGED = "not_converged"
    NOT_IDENTIFIED = "not_identified"


@dataclass(frozen=True, slots=True)
class FitResult:
    """Fitted parameters and how sure they are.

    Attributes
    ----------
    names : tuple of str
        Names of the parameters.
    parameters : (n_parameter,) float64
        Best values found.
    standard_errors : (n_parameter,) float64
        Standard errors; NaN for a parameter at a bound, for all when the fit is not identified or when there are no
        more observations than parameters.
    covariance : (n_parameter, n_parameter) float64
        What the errors are from; NaN likewise.
    is_at_bound : (n_parameter,) bool
        Parameters that a bound holds.
    predicted, residual : (n_observation,) float64
        Predictions, and observations less them.
    status : FitStatus
        ``not_identified`` when the observations cannot tell some combination of the free parameters.
    message : str
        What the solver says.
    explained_share : float
        1 less the weighted sum of squares that is left over that around the weighted mean; NaN without variation.
    evaluation_count : int
        Calls of ``predict``, those for derivatives included.
    """

    names: tuple[str, ...]
    parameters: FloatArray
    standard_errors: FloatArray
    covariance: FloatArray
    is_at_bound: BoolArray
    predicted: FloatArray
    residual: FloatArray
    status: FitStatus
    message: str
    explained_share: float
    evaluation_count: int


def fit_choice(
    predict: Callable[[FloatArray], FloatArray],
    observed: FloatArray,
    weights: FloatArray | None,
    start: FloatArray,
    bounds: tuple[FloatArray, FloatArray] | None = None,
    names: Sequence[str] | None = None,
    step_share: float = STEP_SHARE,
    evaluation_limit_count: int = 200,
) -> FitResult:
    """Parameters whose predictions leave the least weighted sum of squares.

    Parameters
    ----------
    predict : callable
        From (n_parameter,) parameters to (n_observation,) finite predictions; must be smooth and give the same for the
        same.
    observed : (n_observation,) float64
        Observations, finite.
    weights : (n_observation,) float64 or None
        Weight of each squared residual, at least 0: one over the variance, up to a factor. 1 when None.
    start : (n_parameter,) float64
        Where to start, within the bounds. Sizes of parameters are told from it.
    bounds : pair of (n_parameter,) float64, optional
        Lowest and highest values; ``inf`` where there is none.
    names : sequence of str, optional
        Names of the parameters.
    step_share : float
        Step of the derivatives as a share of each parameter (of its size at the start when it is nearly 0).
    evaluation_limit_count : int
        Steps of the solver at most.

    Returns
    -------
    FitResult

    Raises
    ------
    ValueError
        When shapes do not match, a number is not finite, a weight is negative or the start is out of bounds.

    Notes
    -----
    Trust region reflective least squares. Covariance: s^2 (J' W J)^-1 over the parameters that no bound holds, with
    s^2 the weighted sum of squares over observations (of weight above 0) less free parameters: the weights matter up to
    a factor only. It is the linear approximation at the optimum, and says nothing of errors in the model itself.

    References
    ----------
    Branch, M. A., Coleman, T. F. and Li, Y. (1999), A subspace, interior, and conjugate gradient method for large-scale
    bound-constrained minimization problems, SIAM Journal on Scientific Computing 21(1), 1-23. Seber, G. A. F. and Wild,
    C. J. (1989), Nonlinear Regression, section 2.1.

    Examples
    --------
    >>> time_h = np.array([1.0, 2.0, 3.0])
    >>> fit = fit_choice(lambda p: p[0] * time_h, np.array([2.0, 4.0, 6.0]), None, np.array([1.0]))
    >>> float(fit.parameters.round(6)[0])
    2.0
    """
    first = np.array(start, dtype=np.float64).reshape(-1)
    seen = np.asarray(observed, dtype=np.float64).reshape(-1)
    weight = np.ones(len(seen)) if weights is None else np.asarray(weights, dtype=np.float64).reshape(-1)
    free = (np.full(len(first), -np.inf), np.full(len(first), np.inf))
    low, high = (
        np.asarray(end, dtype=np.float64).reshape(-1) for end in (free if bounds is None else bounds)
    )
    labels = tuple(names) if names is not None else tuple(f"p{at}" for at in range(len(first)))
    _check(first, seen, weight, low, high, labels)
    root = np.sqrt(weight)
    count = 0

    def errors(parameters: FloatArray) -> FloatArray:
        nonlocal count
        count += 1
        made = np.asarray(predict(parameters), dtype=np.float64).reshape(-1)
        if made.shape != seen.shape or not np.isfinite(made).all():
            raise ValueError(
                f"predict gave shape {made.shape} or values that are not finite. It needs {seen.shape}."
            )
        return np.asarray(root * (made - seen))

    size = np.where(first == 0.0, 1.0, np.abs(first))
    found = least_squares(
        errors, first, bounds=(low, high), x_scale=size, diff_step=step_share, max_nfev=evaluation_limit_count,
        ftol=1e-10, xtol=1e-10, gtol=1e-10,
    )  # fmt: skip
    is_at_bound = np.asarray(found.active_mask != 0)
    covariance, is_known = _covariance(found.jac, found.fun, int((weight > 0.0).sum()), is_at_bound, size)
    residual = -np.divide(found.fun, root, out=np.zeros_like(seen), where=root > 0.0)
    predicted = np.where(root > 0.0, seen - residual, np.nan)
    if not (root > 0.0).all():
        predicted = np.asarray(predict(found.x), dtype=np.float64).reshape(-1)
        count += 1
    status = FitStatus.CONVERGED if found.status > 0 else FitStatus.NOT_CONVERGED
    return FitResult(
        names=labels,
        parameters=found.x,
        standard_errors=np.sqrt(np.diag(covariance)),
        covariance=covariance,
        is_at_bound=is_at_bound,
        predicted=predicted,
        residual=seen - predicted,
        status=status if is_known else FitStatus.NOT_IDENTIFIED,
        message=str(found.message),
        explained_share=_explained(found.fun, seen, weight),
        evaluation_count=count,
    )


def _covariance(
    jacobian: FloatArray, error: FloatArray, seen_count: int, is_at_bound: BoolArray, size: FloatArray
) -> tuple[FloatArray, bool]:
    """Covariance of the parameters, and whether the observations tell the free ones."""
    covariance = np.full((len(size), len(size)), np.nan)
    free = np.flatnonzero(~is_at_bound)
    if len(free) == 0:
        return covariance, True
    scaled = jacobian[:, free] * size[free]
    _, strength, turn = np.linalg.svd(scaled, full_matrices=False)
    is_known = len(strength) == len(free) and strength[-1] > RANK_SHARE * strength[0]
    spare = seen_count - len(free)
    if is_known and spare > 0:
        variance = float(error @ error) / spare
        inverse = (turn.T / strength**2) @ turn
        covariance[np.ix_(free, free)] = variance * inverse * np.outer(size[free], size[free])
    return covariance, bool(is_known)


def _explained(error: FloatArray, seen: FloatArray, weight: FloatArray) -> float:
    if not weight.sum() > 0.0:
        return float("nan")
    around = seen - np.average(seen, weights=weight)
    total = float(weight @ (around * around))
    return 1.0 - float(error @ error) / total if total > 0.0 else float("nan")


def _check(
    start: FloatArray, observed: FloatArray, weights: FloatArray, low: FloatArray, high: FloatArray,
    names: tuple[str, ...],
) -> None:  # fmt: skip
    if not len(observed) or not np.isfinite(observed).all():
        raise ValueError("observed is empty or not finite. It needs one finite number for each observation.")
    if weights.shape != observed.shape or not np.isfinite(weights).all() or (weights < 0.0).any():
        raise ValueError(f"weights has shape {weights.shape} or values below 0. It needs {observed.shape}.")
    if not len(start) or len(names) != len(start) or low.shape != start.shape or high.shape != start.shape:
        raise ValueError(
            f"start, bounds and names differ in length. Each needs {len(start)} entries, at least 1."
        )
    if not ((low <= start) & (start <= high)).all():
        raise ValueError("start lies outside the bounds. It needs a start within them.")
