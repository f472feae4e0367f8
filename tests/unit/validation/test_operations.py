"""Simulated times beside published ones, by hand arithmetic on made-up comparisons."""

import math

import pandas as pd
import pytest

from dehliz.base.schema import read_spec
from dehliz.validation.operations import fit_waits, summarise_times


def make_checks(rows: list[tuple[str, str, str, float, float, float]]) -> pd.DataFrame:
    """Comparisons of (id, kind, corridor, model days, published days, share of waiting)."""
    return pd.DataFrame(
        [
            {
                "check_id": check_id, "kind": kind, "corridor_id": corridor, "model_d": model, "published_d": published,
                "wait_share": wait, "error_share": (model - published) / published,
                "is_inside": abs(model - published) <= 1.0,
            }
            for check_id, kind, corridor, model, published, wait in rows
        ]
    )  # fmt: skip


def test_kinds_are_told_apart_and_observed_ones_by_corridor() -> None:
    checks = make_checks(
        [
            ("a", "observed", "north", 9.0, 10.0, 0.5),
            ("b", "observed", "south", 12.0, 10.0, 0.5),
            ("c", "target", "north", 5.0, 10.0, 0.5),
        ]
    )
    told = summarise_times(checks).set_index(["kind", "corridor_id"])
    assert list(told.index) == [
        ("observed", "all"),
        ("target", "all"),
        ("observed", "north"),
        ("observed", "south"),
    ]
    assert told.loc[("observed", "all"), "inside_count"] == 1
    assert told.loc[("observed", "all"), "mean_error_share"] == pytest.approx(0.05)
    assert told.loc[("observed", "all"), "mean_absolute_error_share"] == pytest.approx(0.15)
    assert told.loc[("target", "all"), "mean_error_share"] == pytest.approx(-0.5)
    assert list(summarise_times(checks).columns) == list(read_spec("simulated_time_summary").column_names)


def test_a_factor_on_waits_is_found_again() -> None:
    """Every published time is what twice the waits would give, so the factor is 2 and nothing is left to err."""
    rows = [
        (f"{place}", "observed", "north", 10.0, 10.0 * (1.0 - wait + 2.0 * wait), wait)
        for place, wait in enumerate((0.2, 0.3, 0.4, 0.5))
    ]
    fitted, rest = fit_waits(make_checks(rows)).to_dict("records")
    assert (fitted["part"], rest["part"]) == ("fitted", "rest")
    assert (fitted["compared_count"], rest["compared_count"]) == (2, 2)
    assert fitted["wait_factor"] == pytest.approx(2.0)
    assert rest["error_after_factor"] == pytest.approx(1.0)
    before = math.sqrt(1.3 * 1.5)
    assert rest["error_before_factor"] == pytest.approx(before)
    assert rest["bias_before_factor"] == pytest.approx(1.0 / before)


def test_the_rest_has_no_say_in_the_fit() -> None:
    rows = [
        ("0", "observed", "north", 10.0, 15.0, 0.5), ("1", "observed", "north", 10.0, 90.0, 0.5),
        ("2", "observed", "north", 10.0, 15.0, 0.5), ("3", "observed", "north", 10.0, 90.0, 0.5),
        ("4", "target", "north", 10.0, 900.0, 0.5),
    ]  # fmt: skip
    fitted, rest = fit_waits(make_checks(rows)).to_dict("records")
    assert fitted["wait_factor"] == pytest.approx(2.0)
    assert rest["error_after_factor"] == pytest.approx(6.0)


def test_too_few_observed_times_fit_nothing() -> None:
    checks = make_checks([("a", "observed", "north", 9.0, 10.0, 0.5)] * 3)
    assert fit_waits(checks).empty
