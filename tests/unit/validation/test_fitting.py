"""The fit finds parameters that made the volumes, by logit of 42.25 USD a tonne between rail and road."""

import math

import numpy as np
import pandas as pd
import pytest

from dehliz.assignment.calibrate import FitStatus
from dehliz.assignment.corridor_choice import find_corridor_sets
from dehliz.assignment.problem import LoadProblem
from dehliz.base.rows import each_row
from dehliz.network.network import Network
from dehliz.validation import fitting
from dehliz.validation.fitting import FLOOR_SHARE, FitYear, fit_corridors, predict_logs, prepare_fit
from tests.unit.assignment.loading import make_problem

BOXES_T = 36_500.0
DEARER_USD_T = 42.25


@pytest.fixture
def problem(corridor3: Network) -> LoadProblem:
    return make_problem(corridor3, [("containers", "west", "haven", BOXES_T)])


def observe(*rows: tuple[str, float, str]) -> pd.DataFrame:
    """Rows of service leg, tonnes and period."""
    table = pd.DataFrame(rows, columns=["row_ids", "volume_t", "period"])
    return table.assign(
        observed_id=[f"o{at}" for at in range(len(rows))], year=2020, table_name="service_leg", direction="both",
        segment_ids="", scope="line", scope_id="line",
    )  # fmt: skip


def parameters(*constants: tuple[str, str, float, str], scale: float = 0.05) -> pd.DataFrame:
    """Rows of id, gateway, value and basis, after scale (fitted) and nest factor (1, assumed)."""
    rows = [("scale_per_usd_t", "", scale, "calibrated"), ("nest_factor", "", 1.0, "assumption"), *constants]
    table = pd.DataFrame(rows, columns=["parameter_id", "gateway", "value", "basis"])
    return table.assign(
        segment_ids="", first_year="2019", last_year="", standard_error="",
        low=np.where(table["gateway"] == "", 0.001, -100.0), high=np.where(table["gateway"] == "", 1.0, 100.0),
    )  # fmt: skip


def make_year(problem: LoadProblem, *rows: tuple[str, float, str]) -> FitYear:
    return FitYear(
        2020,
        problem,
        find_corridor_sets(problem),
        tuple((row, 0.5 if row.period else 1.0) for row in each_row(observe(*rows))),
    )


def road_share(scale: float, constant_usd_t: float = 0.0) -> float:
    return 1 / (1 + math.exp(scale * (DEARER_USD_T + constant_usd_t)))


def test_logs_are_model_over_published_with_their_floors(problem: LoadProblem) -> None:
    year = make_year(problem, ("roro_quay_haven", 5_000.0, ""), ("ferry_quay_haven", 10_000.0, "Jan-Jun"))
    road = road_share(0.05)
    expected = [
        math.log((road * BOXES_T + FLOOR_SHARE * 5_000) / (5_000 * (1 + FLOOR_SHARE))),
        math.log(((1 - road) * BOXES_T / 2 + FLOOR_SHARE * 10_000) / (10_000 * (1 + FLOOR_SHARE))),
    ]
    assert predict_logs(year, parameters()) == pytest.approx(expected, abs=1e-6)


def test_the_scale_that_made_the_volumes_is_found(problem: LoadProblem) -> None:
    true = 0.08
    road = road_share(true) * BOXES_T
    year = make_year(problem, ("roro_quay_haven", road, ""), ("ferry_quay_haven", BOXES_T - road, ""))
    seen: list[tuple[int, float]] = []
    table, result = fit_corridors(
        [year], parameters(scale=0.03), lambda count, squares, _: seen.append((count, squares))
    )
    assert result.status == FitStatus.CONVERGED
    assert table["value"].tolist() == [pytest.approx(true, rel=1e-4), 1.0]
    assert seen[0][0] == 1
    assert [count for count, _ in seen] == list(range(1, len(seen) + 1))
    assert min(squares for _, squares in seen) < 1e-8 < seen[0][1]
    assert table["standard_error"].notna().tolist() == [True, False]


def test_a_constant_is_pulled_to_nothing_only_weakly(problem: LoadProblem) -> None:
    """Both ways of 20 USD a tonne: the prior of 50 USD takes less than a tenth of it."""
    scale = 0.05
    known = parameters(("narrows", "passage:narrows", 0.0, "calibrated"), scale=scale)
    known.loc[0, "basis"] = "assumption"
    for true in (-20.0, 20.0):
        road = road_share(scale, true) * BOXES_T
        year = make_year(problem, ("roro_quay_haven", road, ""), ("ferry_quay_haven", BOXES_T - road, ""))
        table, _ = fit_corridors([year], known)
        found = table["value"].iloc[2]
        assert abs(found) < abs(true)
        assert found == pytest.approx(true, rel=0.1)
        assert table["value"].iloc[0] == scale


def test_a_constant_that_no_volume_tells_stays_at_nothing(problem: LoadProblem) -> None:
    """Every route passes the port, so a constant there changes nothing: only the prior speaks."""
    known = parameters(("quay", "quay", 30.0, "calibrated"))
    known.loc[0, "basis"] = "assumption"
    year = make_year(problem, ("roro_quay_haven", 5_000.0, ""), ("ferry_quay_haven", 30_000.0, ""))
    table, _ = fit_corridors([year], known)
    assert table["value"].iloc[2] == pytest.approx(0.0, abs=1e-3)


def test_only_counts_that_rows_answer_to_are_fitted(
    problem: LoadProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "prepare_year", lambda _year: problem)
    observed = observe(
        ("roro_quay_haven", 5_000.0, "Jan-Jun"), ("", 1.0, ""), ("ferry_quay_haven", float("nan"), ""),
        ("ferry_quay_haven", 1.0, "Q1"), ("ferry_quay_haven", 7.0, ""),
    )  # fmt: skip
    (made,) = prepare_fit(pd.concat([observed, observed.assign(year=2021)]), [2020])
    assert made.year == 2020
    assert [(row.observed_id, share) for row, share in made.rows] == [("o0", 0.5), ("o4", 1.0)]
    assert made.sets.n_route == 2
