"""The forecast tried on the past: naive forecasts, logarithms, means, and what is published in parts of years."""

import numpy as np
import pandas as pd
import pytest

from dehliz.base.schema import read_spec
from dehliz.eurasia.load import load_observed
from dehliz.study import forecast_check
from dehliz.study.forecast_check import Counted, check_forecast, find_log_error, read_counted, sum_errors
from dehliz.study.forecast_drivers import read_drivers


def test_log_errors() -> None:
    assert find_log_error(2.0e6, 1.0e6) == pytest.approx(np.log(2.0))
    assert find_log_error(1.0e6, 2.0e6) == pytest.approx(np.log(2.0))
    assert find_log_error(3.0, 3.0) == 0.0
    assert find_log_error(0.0, 1000.0) == pytest.approx(np.log(1000.0))  # nothing counts as one tonne


def test_counts_of_a_part_of_a_year_are_rates() -> None:
    counted = {one.series_id: one for one in read_counted(load_observed())}
    assert counted["btk"].rate_t_a[2021] == pytest.approx(280_878 * 12 / 5)
    assert counted["titr"].rate_t_a[2024] == 4_484_000.0
    assert counted["titr"].fact_id[2024]


def test_naive_forecasts_know_only_what_was_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts double every year to 2022, then stay; the model grows by a tenth a year and starts too low by half."""
    rate = {2020: 100.0, 2021: 200.0, 2022: 400.0, 2023: 400.0}
    one = Counted("s", None, rate, dict.fromkeys(rate, "f"))
    monkeypatch.setattr(forecast_check, "read_counted", lambda _observed: (one,))
    monkeypatch.setattr(forecast_check, "list_demand_years", lambda: (2020, 2021, 2022, 2023))
    monkeypatch.setattr(forecast_check, "_load_past", lambda _drivers, base, year, _gap: (base, year))
    monkeypatch.setattr(
        forecast_check,
        "model_volume_t",
        lambda loaded, _row: 0.5 * rate[loaded[0]] * 1.1 ** (loaded[1] - loaded[0]),
    )
    tables = check_forecast(read_drivers(), (2021,))
    table = tables["forecast_check"].set_index("year")
    assert list(table.index) == [2022, 2023]
    assert table.loc[2023, "model_t_a"] == pytest.approx(0.5 * 200 * 1.21)
    assert table.loc[2023, "anchored_t_a"] == pytest.approx(200 * 1.21)
    assert table.loc[2023, "last_year_t_a"] == 200.0
    assert table.loc[2023, "trend_t_a"] == pytest.approx(800.0)
    assert table.loc[2022, "best"] == "trend"
    assert table.loc[2023, "best"] == "anchored"
    errors = tables["forecast_error"]
    assert errors["series_id"].tolist() == ["s", "all"]
    assert errors["trend_error_factor"].iloc[0] == pytest.approx(np.log(2.0) / 2)
    assert errors["last_year_error_factor"].iloc[0] == pytest.approx(np.log(2.0))
    assert errors["best"].iloc[0] == "trend"  # the table says where a naive one wins


def test_a_mean_needs_every_year_and_all_is_of_equals() -> None:
    rows = [
        (2021, "a", 2022, 10.0, 10.0, 20.0, 20.0, 40.0, "model", "f"),
        (2021, "a", 2023, 10.0, 20.0, 20.0, np.nan, 40.0, "model", "f"),
        (2021, "b", 2022, 10.0, 20.0, 20.0, 10.0, 40.0, "last_year", "f"),
    ]
    checks = pd.DataFrame(rows, columns=list(read_spec("forecast_check").column_names))
    errors = sum_errors(checks).set_index("series_id")
    assert np.isnan(errors.loc["a", "last_year_error_factor"])
    assert errors.loc["a", "model_error_factor"] == pytest.approx(np.log(2.0) / 2)
    assert errors.loc["all", "year_count"] == 1  # of b alone: a has no last year in 2023
    assert errors.loc["all", "best"] == "last_year"
    assert list(sum_errors(checks).columns) == list(read_spec("forecast_error").column_names)
