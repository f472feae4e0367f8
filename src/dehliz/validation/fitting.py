"""Fits the choice of corridor to published volumes: scale and constants of gateways, on early years only.

The table ``choice_parameter`` says what is fitted, from where to where; ``observed_volume`` what is to be met. Later
years are then predicted by ``validation/hindcast.py`` with what was found here. Run by ``tools/calibrate_choice.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.assignment.calibrate import FitResult, fit_choice
from dehliz.assignment.corridor_choice import find_corridor_sets, label_corridors
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.stochastic import find_stochastic_equilibrium
from dehliz.assignment.year import prepare_year, read_choice_model
from dehliz.base.rows import each_row
from dehliz.graph.graph import FloatArray
from dehliz.routing.alternatives import ChoiceSets
from dehliz.validation.volumes import find_period_share, model_volume_t

FLOOR_SHARE: Final = 0.01
"""Part of a published volume that is added to both sides before logarithms, so that no model volume is too small."""
PRIOR_USD_T: Final = 50.0
"""Standard deviation of a constant before anything is known of it: keeps what no volume tells apart near 0."""
ERROR_LOG: Final = 0.5
"""Standard deviation of the logarithm of a volume about its prediction that goes with that prior."""
GAP_SHARE: Final = 1e-6
STEP_SHARE: Final = 0.02


@dataclass(frozen=True, slots=True)
class FitYear:
    """A year to be fitted.

    Attributes
    ----------
    year : int
        Which.
    problem : LoadProblem
        Network and demand.
    sets : ChoiceSets
        Routes to choose among.
    rows : tuple
        Rows of ``observed_volume`` to be met, each with the share of the year that it covers.
    """

    year: int
    problem: LoadProblem
    sets: ChoiceSets
    rows: tuple[tuple[Any, float], ...]


def prepare_fit(observed: pd.DataFrame, years: Sequence[int]) -> list[FitYear]:
    """Problems, choice sets and published volumes of the years."""
    made = []
    for year in years:
        rows = []
        for row in each_row(observed[observed["year"] == year].sort_values("observed_id")):
            share = find_period_share(row.period)
            if row.row_ids and not np.isnan(share) and not pd.isna(row.volume_t):
                rows.append((row, share))
        problem = prepare_year(year)
        made.append(FitYear(year, problem, find_corridor_sets(problem), tuple(rows)))
    return made


def predict_logs(fit_year: FitYear, table: pd.DataFrame) -> FloatArray:
    """Logarithm of modelled over published volume of each row of a year, both with their floor."""
    model = read_choice_model(fit_year.year, table)
    problem, sets = fit_year.problem, fit_year.sets
    constants_h, nest = label_corridors(problem, model)(sets)
    settings = AssignmentSettings(
        method="sue",
        target_gap_share=GAP_SHARE,
        scale_per_usd_t=model.scale_per_usd_t,
        nest_factor=model.nest_factor,
    )
    result = find_stochastic_equilibrium(
        problem.graph, problem.costs, problem.trips, settings,
        choice_sets=sets, constants_h=constants_h, route_nest=nest,
    )  # fmt: skip
    loaded = problem.tell(result)
    out = []
    for row, share in fit_year.rows:
        floor_t = FLOOR_SHARE * float(row.volume_t)
        model_t = model_volume_t(loaded, row) * share
        out.append(np.log((model_t + floor_t) / (float(row.volume_t) + floor_t)))
    return np.array(out)


def fit_corridors(
    years: Sequence[FitYear],
    table: pd.DataFrame,
    on_evaluation: Callable[[int, float, FloatArray], None] | None = None,
    evaluation_limit_count: int = 20,
) -> tuple[pd.DataFrame, FitResult]:
    """The table ``choice_parameter`` with fitted values and standard errors.

    Parameters
    ----------
    years : sequence of FitYear
        Years to fit.
    table : DataFrame
        Parameters; those with basis ``calibrated`` are fitted from their value, within low and high.
    on_evaluation : callable, optional
        Told the number of the evaluation, the sum of squares and the parameters.
    evaluation_limit_count : int
        Steps of the solver at most.

    Notes
    -----
    Least squares of the logarithms of modelled over published volumes, each with the same weight, and a weak pull of
    constants to 0 (a normal prior), without which cargo that no published volume shows would decide nothing.
    """
    fitted = (table["basis"] == "calibrated").to_numpy()
    start = table.loc[fitted, "value"].to_numpy(dtype=np.float64)
    is_constant = (table.loc[fitted, "gateway"] != "").to_numpy()
    count = 0

    def predict(parameters: FloatArray) -> FloatArray:
        nonlocal count
        own = table.copy()
        own["value"] = own["value"].astype(np.float64)
        own.loc[fitted, "value"] = parameters
        logs = np.concatenate([predict_logs(one, own) for one in years])
        count += 1
        if on_evaluation is not None:
            on_evaluation(count, float(logs @ logs), parameters)
        return np.concatenate([logs, parameters[is_constant] * (ERROR_LOG / PRIOR_USD_T)])

    size = sum(len(one.rows) for one in years) + int(is_constant.sum())
    low, high = (table.loc[fitted, name].to_numpy(dtype=np.float64) for name in ("low", "high"))
    result = fit_choice(
        predict, np.zeros(size), None, start, (low, high), table.loc[fitted, "parameter_id"].tolist(),
        step_share=STEP_SHARE, evaluation_limit_count=evaluation_limit_count,
    )  # fmt: skip
    out = table.copy()
    out["value"] = out["value"].astype(np.float64)
    out["standard_error"] = pd.to_numeric(out["standard_error"], errors="coerce")
    out.loc[fitted, "value"] = result.parameters
    out.loc[fitted, "standard_error"] = result.standard_errors
    return out, result
