"""Which uncertain numbers drive the expected yearly loss: first-order and total Sobol indices by SALib.

Uncertain factors of rates, lengths, demand and the value of time come in, the table ``risk_sensitivity`` goes out. The
model is the closed form of ``expected.py``; demand and the value of time act on it through the losses of single
hazards at a grid of their values, between which it is interpolated. SALib comes with ``dehliz[sensitivity]``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.errors import SettingsError
from dehliz.base.schema import read_spec
from dehliz.disruption.expected import SingleLosses, expect_losses
from dehliz.disruption.hazards import Hazards
from dehliz.graph.graph import FloatArray

SAMPLE_COUNT: Final = 1024
CONFIDENCE_SHARE: Final = 0.95
RESAMPLE_COUNT: Final = 200
Quantile = Callable[[float], float]
Model = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class Grid:
    """Losses of single hazards at a grid of demand and value of time.

    Attributes
    ----------
    demand_factor : (n_demand,) float64
        Ascending; one value when demand is not uncertain.
    value_of_time_factor : (n_value,) float64
        Ascending.
    singles : tuple of tuple of SingleLosses
        By demand, then by value of time.
    """

    demand_factor: FloatArray
    value_of_time_factor: FloatArray
    singles: tuple[tuple[SingleLosses, ...], ...]

    def find(self, demand_factor: float, value_of_time_factor: float) -> SingleLosses:
        """Losses between the points of the grid, linear in each factor; beyond its ends as at the ends."""
        total_going = np.zeros_like(self.singles[0][0].going_usd_d)
        total_held = np.zeros_like(total_going)
        for row, row_share in _place(self.demand_factor, demand_factor):
            for column, column_share in _place(self.value_of_time_factor, value_of_time_factor):
                one, share = self.singles[row][column], row_share * column_share
                total_going += share * one.going_usd_d
                total_held += share * one.held_usd_d2
        return SingleLosses(total_going, total_held)


def _place(points: FloatArray, value: float) -> list[tuple[int, float]]:
    if len(points) == 1:
        return [(0, 1.0)]
    at = int(np.clip(np.searchsorted(points, value) - 1, 0, len(points) - 2))
    share = float(np.clip((value - points[at]) / (points[at + 1] - points[at]), 0.0, 1.0))
    return [(at, 1.0 - share), (at + 1, share)]


def make_loss_model(hazards: Hazards, grid: Grid, targets: Sequence[str], longest_wait_d: float) -> Model:
    """Expected yearly loss of the system as a function of factors.

    Parameters
    ----------
    hazards : Hazards
        Rates and lengths.
    grid : Grid
        Losses of single hazards.
    targets : sequence of str
        What each factor multiplies: ``rate:KIND``, ``duration:KIND``, ``demand`` or ``value_of_time``.
    longest_wait_d : float
        Longest wait that is counted.

    Returns
    -------
    callable
        From (n_point, n_factor) to (n_point,) [USD].
    """

    def lose(points: FloatArray) -> FloatArray:
        found = np.empty(len(points))
        for at, point in enumerate(points.tolist()):
            given: dict[str, dict[str, float]] = {"rate": {}, "duration": {}}
            plain = {"demand": 1.0, "value_of_time": 1.0}
            for target, value in zip(targets, point, strict=True):
                head, _, kind = target.partition(":")
                if kind:
                    given[head][kind] = value
                else:
                    plain[target] = value
            singles = grid.find(plain["demand"], plain["value_of_time"])
            first = SingleLosses(singles.going_usd_d[:, :1], singles.held_usd_d2[:, :1])
            found[at] = expect_losses(hazards, first, longest_wait_d, given["rate"], given["duration"]).sum()
        return found

    return lose


def find_indices(
    model: Model, quantiles: Mapping[str, Quantile], sample_count: int = SAMPLE_COUNT, seed: int = 1
) -> pd.DataFrame:
    """The ``risk_sensitivity`` table of any model.

    Parameters
    ----------
    model : callable
        From (n_point, n_factor) to (n_point,).
    quantiles : mapping of str to callable
        By name of each factor, its quantile function.
    sample_count : int
        Base samples, a power of two; the model is evaluated ``sample_count`` x (factors + 2) times.
    seed : int
        Of sequence and bootstrap.

    Returns
    -------
    DataFrame
        The greatest total index first.

    Raises
    ------
    SettingsError
        When SALib is not installed.

    Notes
    -----
    Saltelli's design on a scrambled Sobol sequence; estimators of Saltelli et al., 2010, Computer Physics
    Communications 181, 259-270; bounds by resampling.
    """
    sample, analyze = _find_salib()
    names = list(quantiles)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    shares = sample(problem, sample_count, calc_second_order=False, seed=seed)
    points = np.column_stack(
        [[quantile(share) for share in shares[:, at]] for at, quantile in enumerate(quantiles.values())]
    )
    answer = model(points)
    found = analyze(
        problem,
        answer,
        calc_second_order=False,
        num_resamples=RESAMPLE_COUNT,
        conf_level=CONFIDENCE_SHARE,
        seed=seed,
    )
    table = pd.DataFrame(
        zip(names, found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True),
        columns=list(read_spec("risk_sensitivity").column_names),
    )
    return table.sort_values("total_score", ascending=False, kind="stable").reset_index(drop=True)


def _find_salib() -> tuple[Callable[..., Any], Callable[..., Any]]:
    try:
        from SALib.analyze.sobol import analyze
        from SALib.sample.sobol import sample
    except ImportError as error:
        raise SettingsError(
            f"Sensitivity: {error}. It needs SALib. Install it with pip install 'dehliz[sensitivity]'."
        ) from error
    return sample, analyze
