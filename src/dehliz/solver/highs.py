"""Linear programmes on HiGHS: arrays in; solution, duals, bound and gap out. The only file that imports highspy.

``GrowingProgram`` is a linear programme that gains columns and rows while it is being solved: each solve starts
from the basis of the last one. One thread, no log, fixed seed: the same calls give the same bytes.
"""

from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Outcome = Literal["optimal", "infeasible", "unbounded", "limit", "failed"]
Simplex = Literal["dual", "primal"]

_OUTCOME: dict[highspy.HighsModelStatus, Outcome] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kTimeLimit: "limit",
    highspy.HighsModelStatus.kIterationLimit: "limit",
}
_STRATEGY = {"dual": 1, "primal": 4}


@dataclass(frozen=True, slots=True)
class Solution:
    """What a solve ended with.

    Attributes
    ----------
    outcome : str
        ``optimal``, ``infeasible``, ``unbounded``, ``limit`` or ``failed``.
    objective : float
        Value of the objective.
    value : (n_column,) float64
        Columns.
    reduced_cost : (n_column,) float64
        Their reduced costs.
    dual : (n_row,) float64
        Duals of rows: the change of the objective for one more unit on the right-hand side.
    iteration_count : int
        Simplex iterations of this solve.
    """

    outcome: Outcome
    objective: float
    value: Floats
    reduced_cost: Floats
    dual: Floats
    iteration_count: int


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse matrix by lines (columns or rows): line ``i`` holds entries ``first[i]:first[i + 1]``."""

    first: Ints
    index: Ints
    value: Floats


class GrowingProgram:
    """Minimise ``cost @ x`` subject to row and column bounds; columns and rows are added between solves.

    Parameters
    ----------
    tolerance : float
        How far a value may be out of its bounds and a reduced cost on the wrong side, in the units given.
    """

    def __init__(self, tolerance: float = 1e-9) -> None:
        self._tolerance = tolerance
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        options: dict[str, str | int | float | bool] = {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "solver": "simplex",
            "presolve": "off",
            "simplex_scale_strategy": 0,
            "primal_feasibility_tolerance": tolerance,
            "dual_feasibility_tolerance": tolerance,
        }
        for name, value in options.items():
            self._highs.setOptionValue(name, value)

    @property
    def column_count(self) -> int:
        """Columns so far."""
        return int(self._highs.getNumCol())

    @property
    def row_count(self) -> int:
        """Rows so far."""
        return int(self._highs.getNumRow())

    def add_columns(self, cost: Floats, lower: Floats, upper: Floats, entries: Sparse | None = None) -> None:
        """New columns, with their entries in the rows that there are."""
        put = _parts(entries, len(cost))
        self._highs.addCols(len(cost), cost, lower, upper, *put)

    def add_rows(self, lower: Floats, upper: Floats, entries: Sparse | None = None) -> None:
        """New rows, with their entries in the columns that there are."""
        put = _parts(entries, len(lower))
        self._highs.addRows(len(lower), lower, upper, *put)

    def set_costs(self, column: Ints, cost: Floats) -> None:
        """Other costs for some columns."""
        self._highs.changeColsCost(len(column), column, cost)

    def set_column_bounds(self, column: Ints, lower: Floats, upper: Floats) -> None:
        """Other bounds for some columns."""
        self._highs.changeColsBounds(len(column), column, lower, upper)

    def drop_columns(self, column: Ints) -> None:
        """Take columns out; those after them move up."""
        self._highs.deleteCols(len(column), column)

    def solve(self, simplex: Simplex = "dual", time_limit_s: float = np.inf) -> Solution:
        """Solve from the last basis.

        Parameters
        ----------
        simplex : {"dual", "primal"}
            Dual after new rows, primal after new columns.
        time_limit_s : float
            Seconds for this solve.
        """
        highs = self._highs
        highs.setOptionValue("simplex_strategy", _STRATEGY[simplex])
        highs.setOptionValue("time_limit", min(time_limit_s + highs.getRunTime(), highspy.kHighsInf))
        highs.run()
        outcome = _OUTCOME.get(highs.getModelStatus(), "failed")
        solution = highs.getSolution()
        return Solution(
            outcome=outcome,
            objective=float(highs.getInfo().objective_function_value),
            value=np.array(solution.col_value),
            reduced_cost=np.array(solution.col_dual),
            dual=np.array(solution.row_dual),
            iteration_count=max(0, int(highs.getInfo().simplex_iteration_count)),
        )

    def prove(self, solution: Solution) -> tuple[float, float]:
        """Bound of the objective from duals and reduced costs alone, and |objective - bound| / max(1, |objective|).

        Each dual is multiplied by the side of its row or column that it presses on. One that presses on no side
        proves nothing: then the bound is -inf, unless it is within the tolerance.
        """
        programme = self._highs.getLp()
        sides = (
            (solution.dual, programme.row_lower_, programme.row_upper_),
            (solution.reduced_cost, programme.col_lower_, programme.col_upper_),
        )
        bound = float(programme.offset_)
        for dual, lower, upper in sides:
            side = np.where(dual > 0.0, np.asarray(lower, float), np.asarray(upper, float))
            side[np.abs(dual) <= self._tolerance] = 0.0
            bound += float(dual @ side) if np.isfinite(side).all() else -np.inf
        return bound, abs(solution.objective - bound) / max(1.0, abs(solution.objective))


def _parts(entries: Sparse | None, line_count: int) -> tuple[int, Ints, Ints, Floats]:
    if entries is None:
        return 0, np.zeros(line_count, np.int32), np.empty(0, np.int32), np.empty(0)
    return len(entries.index), entries.first[:-1], entries.index, entries.value
