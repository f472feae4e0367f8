"""How far predictions were off, told by hand; what "six times in five years" can mean; statuses."""

import math

import pandas as pd
import pytest

from dehliz.base.schema import read_spec
from dehliz.validation.hindcast import Hindcast, all_converged, read_growth, summarise_volumes

NAN = float("nan")


def check(*rows: tuple[str, float, float, float, float, bool]) -> pd.DataFrame:
    """Rows of scope, count, model, last year, trend, whether fitted."""
    names = ["scope_id", "observed_t", "model_t", "last_year_t", "trend_t", "is_fitted"]
    return pd.DataFrame(rows, columns=names).assign(segment_ids="")


def summary(*rows: tuple[str, float, float, float, float, bool]) -> dict[str, dict[str, object]]:
    table = summarise_volumes(check(*rows))
    assert list(table) == list(read_spec("volume_summary").column_names)
    return {row["scope_id"]: row for row in table.to_dict("records")}


def test_factor_is_the_same_for_too_much_and_too_little() -> None:
    """Twice and half: a factor of two. Last year exactly right and four times too much: two as well."""
    rows = summary(
        ("a", 100.0, 200.0, 100.0, 100.0, False),
        ("a", 100.0, 50.0, 400.0, 100.0, False),
    )
    assert rows["a"]["compared_count"] == rows["a"]["naive_count"] == 2
    assert rows["a"]["model_factor"] == pytest.approx(2.0)
    assert rows["a"]["model_there_factor"] == pytest.approx(2.0)
    assert rows["a"]["last_year_factor"] == pytest.approx(2.0)
    assert rows["a"]["trend_factor"] == pytest.approx(1.0)
    assert rows["a"]["best"] == "trend"


def test_forecasts_are_compared_on_the_same_counts() -> None:
    """The model's miss where no naive forecast exists is in its factor, and not in that beside the others."""
    rows = summary(
        ("a", 100.0, 110.0, 120.0, 130.0, False),
        ("a", 100.0, 1_000.0, NAN, 100.0, False),
    )
    assert rows["a"]["compared_count"] == 2
    assert rows["a"]["naive_count"] == 1
    assert rows["a"]["model_factor"] == pytest.approx(math.sqrt(1.1 * 10))
    assert rows["a"]["model_there_factor"] == pytest.approx(1.1)
    assert rows["a"]["best"] == "model"


def test_fitted_years_and_counts_of_nothing_prove_nothing() -> None:
    rows = summary(
        ("a", 100.0, 300.0, 100.0, 100.0, True),
        ("a", 0.0, 5.0, 1.0, 1.0, False),
        ("b", 100.0, 300.0, NAN, NAN, False),
    )
    assert set(rows) == {"b", "all"}
    assert rows["all"]["compared_count"] == 1
    assert (rows["b"]["naive_count"], rows["b"]["best"]) == (0, "")
    assert math.isnan(float(rows["b"]["model_there_factor"]))  # type: ignore[arg-type]


def test_a_prediction_of_nothing_is_a_thousandfold_miss() -> None:
    assert summary(("a", 100.0, 0.0, 100.0, 100.0, False))["a"]["model_factor"] == pytest.approx(1_000)


def test_all_counts_together_stand_last() -> None:
    table = summarise_volumes(
        check(("b", 100.0, 200.0, 1.0, 1.0, False), ("a", 100.0, 800.0, 1.0, 1.0, False))
    )
    assert table["scope_id"].tolist() == ["a", "b", "all"]
    assert table["model_factor"].tolist() == pytest.approx([8, 2, 4])


def test_without_predictions_there_is_no_summary() -> None:
    assert len(summarise_volumes(check(("a", 100.0, 100.0, 1.0, 1.0, True)))) == 0


def observe(**volumes: float) -> pd.DataFrame:
    rows = [(int(year.removeprefix("y")), volume) for year, volume in volumes.items()]
    table = pd.DataFrame(rows, columns=["year", "volume_t"])
    return table.assign(scope_id="titr", segment_ids="", period="", direction="both")


def test_growth_is_read_over_four_to_six_years() -> None:
    table = read_growth(observe(y2018=1.0, y2021=2.0, y2022=5.6, y2023=6.4, y2024=6.6))
    assert list(table) == list(read_spec("growth_claim").column_names)
    found = {(row["first_year"], row["last_year"]): row for row in table.to_dict("records")}
    assert set(found) == {(2018, 2022), (2018, 2023), (2018, 2024)}
    assert {years: row["growth_factor"] for years, row in found.items()} == {
        (2018, 2022): pytest.approx(5.6), (2018, 2023): pytest.approx(6.4), (2018, 2024): pytest.approx(6.6),
    }  # fmt: skip
    assert {years: row["holds"] for years, row in found.items()} == {
        (2018, 2022): True, (2018, 2023): True, (2018, 2024): False,
    }  # fmt: skip


def test_growth_over_six_years_never_holds_and_parts_of_years_do_not_count() -> None:
    assert read_growth(observe(y2018=1.0, y2024=6.0))["holds"].tolist() == [False]
    part = pd.concat([observe(y2018=1.0), observe(y2023=6.0).assign(period="Jan-Oct")])
    assert len(read_growth(part)) == 0
    west = pd.concat([observe(y2018=1.0), observe(y2023=6.0).assign(direction="west")])
    assert len(read_growth(west)) == 0


def test_one_year_that_failed_is_enough() -> None:
    none = pd.DataFrame()
    good = Hindcast(none, none, none, {2023: "converged", 2024: "converged"})
    assert all_converged(good)
    assert not all_converged(Hindcast(none, none, none, {2023: "converged", 2024: "not_converged"}))
    assert set(good.tables()) == {"volume_check", "volume_summary", "growth_claim"}
