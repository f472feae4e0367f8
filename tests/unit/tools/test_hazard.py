"""The build of the hazards: counted rates, and a reason for each number."""

import numpy as np
import pandas as pd
import pytest
from tools.build_eurasia.facts import build_facts
from tools.build_eurasia.hazard import build, count_rate, read_rates
from tools.build_eurasia.inputs import INPUTS_FOLDER

NUMBERS = (
    "capacity_factor", "time_factor", "waiting_add_h", "tariff_factor", "rate_per_a", "rate_low_per_a",
    "rate_high_per_a", "duration_d", "duration_spread_d",
)  # fmt: skip


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return build_facts()["fact"]


@pytest.fixture(scope="module")
def made(facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return build(INPUTS_FOLDER, facts)


@pytest.mark.parametrize(("event_count", "years_count"), [(1, 10), (3, 4), (2, 11)])
def test_a_counted_rate_has_the_ends_of_its_posterior(event_count: int, years_count: int) -> None:
    # density of the rate r: r^(n - 1/2) exp(-r T), summed on a fine grid
    rate, low, high = count_rate(event_count, years_count)
    r = np.linspace(0, 30 / years_count, 2_000_001)[1:]
    density = r ** (event_count - 0.5) * np.exp(-r * years_count)
    below = np.cumsum(density) / density.sum()
    assert rate == event_count / years_count
    assert np.interp([low, high], r, below) == pytest.approx([0.05, 0.95], abs=1e-5)


def test_each_number_has_a_reason(made: dict[str, pd.DataFrame]) -> None:
    hazard, value = made["hazard"].set_index("hazard_id"), made["value"]
    stated = set(zip(value["row_id"], value["column_name"], strict=True))
    filled = {
        (row_id, name)
        for name in NUMBERS
        for row_id in hazard.index[hazard[name].notna() & (hazard[name] != "")]
    }
    assert filled == stated
    assert value["rule"].str.len().gt(5).all()
    rates = value[value["column_name"].isin(["rate_per_a", "rate_low_per_a", "rate_high_per_a"])]
    assert set(rates["basis"]) == {"assumption"}
    assert (rates["low"] < rates["high"]).all()


def test_a_hazard_that_is_called_a_fact_names_facts_that_exist(
    made: dict[str, pd.DataFrame], facts: pd.DataFrame
) -> None:
    known = set(facts["fact_id"])
    for row in made["hazard"].itertuples():
        ids = set(str(row.fact_ids).split(";")) - {""}
        assert ids <= known
        assert ids or row.basis == "assumption", row.hazard_id


def test_rates_of_unknown_facts_are_refused(facts: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="risk-0058"):
        read_rates(facts[facts["fact_id"] != "risk-0058"])
