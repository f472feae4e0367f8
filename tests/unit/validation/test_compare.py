"""Model beside measurement: the comparison is honest, and what it says of itself is true."""

import numpy as np
import pytest

from dehliz.eurasia.facts import read_facts
from dehliz.eurasia.load import load, read_reference
from dehliz.network.changes import Close, Scenario
from dehliz.network.scenario import apply
from dehliz.validation.compare import LENGTH_TOLERANCE_SHARE, Validation, validate


@pytest.fixture(scope="module")
def result() -> Validation:
    return validate(load(2025))


def test_no_published_time_is_an_input_of_the_model() -> None:
    references = set(read_reference("time_reference")["fact_id"])
    used = set(load(2025).value["fact_id"].str.partition(".")[0])
    assert not references & used


def test_every_reference_is_compared(result: Validation) -> None:
    assert set(read_reference("time_reference")["check_id"]) == set(result.time_check["check_id"])
    lengths = {
        *read_reference("length_reference")["check_id"],
        *read_reference("rail_length_check")["link_id"],
    }
    assert lengths == set(result.length_check["check_id"])


def test_every_length_is_near_or_has_a_reason(result: Validation) -> None:
    checks = result.length_check
    far = checks[checks["error_share"].abs() > LENGTH_TOLERANCE_SHARE]
    assert (far["reason"] != "").all(), far[["check_id", "error_share"]].to_string()
    assert np.isfinite(checks["model_km"]).all()


def test_errors_are_what_they_say(result: Validation) -> None:
    for checks, model, published in (
        (result.length_check, "model_km", "published_km"),
        (result.time_check, "model_d", "published_d"),
    ):
        error = (checks[model] - checks[published]) / checks[published]
        np.testing.assert_allclose(checks["error_share"].astype(float), error.astype(float))


def test_published_days_are_those_of_the_fact(result: Validation) -> None:
    facts = read_facts().fact.set_index("fact_id")
    for check in result.time_check.itertuples():
        fact = facts.loc[check.fact_id]
        assert fact["unit"] == "days"
        low, high = fact["value_low"], fact["value_high"]
        if np.isfinite(low):
            assert (check.published_low_d, check.published_high_d) == (low, high)
        else:
            assert check.published_d == fact["value_mean"]


def test_passes_are_bands_that_meet(result: Validation) -> None:
    for check in result.time_check.itertuples():
        meets = check.model_p05_d <= check.published_high_d and check.published_low_d <= check.model_p95_d
        assert check.is_passed == meets
        assert check.model_p05_d < check.model_d < check.model_p95_d


def test_summary_counts_all(result: Validation) -> None:
    assert result.summary["compared_count"].sum() == len(result.length_check) + len(result.time_check)


def test_journey_without_a_way_is_a_miss_and_not_left_out(result: Validation) -> None:
    shut = apply(Scenario("no BTK", (Close(node_ids=("akhalkalaki",)),)), load(2025)).network
    times = validate(shut).time_check
    assert times["check_id"].tolist() == result.time_check["check_id"].tolist()
    lost = times[times["model_d"].isna()]
    assert set(lost["corridor_id"]) == {"middle_btk"}
    assert not lost["is_passed"].any()
