"""Fits of spreads: by hand, on drawn samples, and as they stand in the table."""

import math

import numpy as np
import pandas as pd
import pytest
from tools.build_eurasia.durations import (
    LIMIT_SHARES,
    NORMAL_QUANTILES,
    build,
    find_spread_factor,
    fit_limit,
    fit_range,
    fit_series,
    make_fit,
    read_samples,
)
from tools.build_eurasia.facts import build_facts
from tools.build_eurasia.inputs import INPUTS_FOLDER
from tools.build_eurasia.parameter import Ledger, read_parameters


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return build_facts()["fact"]


def test_the_spread_within_a_series_by_hand() -> None:
    # logarithms 0 and 2: squares about their mean 1 + 1, one degree of freedom; the second series adds 0 and one more
    spread, error = fit_series([[1.0, math.e**2], [5.0, 5.0]])
    assert spread == pytest.approx(1.0)
    assert error == pytest.approx(1 / math.sqrt(4))


def test_levels_of_places_do_not_matter_and_units_neither() -> None:
    series = [[3.0, 4.0, 9.0], [40.0, 70.0]]
    scaled = [[10 * value for value in series[0]], [value / 7 for value in series[1]]]
    assert fit_series(series) == pytest.approx(fit_series(scaled))


def test_a_drawn_spread_is_found_within_its_error() -> None:
    # 400 series of 5: the estimate lies within 4 standard errors but for 6 in 100,000 seeds
    generator = np.random.default_rng(7)
    levels = generator.uniform(1, 5, size=(400, 1))
    drawn = np.exp(levels + 0.4 * generator.standard_normal((400, 5)))
    spread, error = fit_series(drawn.tolist())
    assert abs(spread - 0.4) < 4 * error
    assert error == pytest.approx(0.4 / math.sqrt(2 * 1600), rel=0.1)


def test_the_spread_factor_of_a_lognormal() -> None:
    generator = np.random.default_rng(11)
    drawn = np.exp(0.5 * generator.standard_normal(400_000))
    assert find_spread_factor(0.5) == pytest.approx(drawn.std() / drawn.mean(), rel=0.02)
    assert find_spread_factor(0.0) == 0.0


def test_an_even_range_has_its_length_over_root_twelve() -> None:
    assert fit_range([(6.0, 8.0)]) == [pytest.approx(2 / math.sqrt(12) / 7)]


@pytest.mark.parametrize("share", LIMIT_SHARES)
def test_the_share_that_keeps_the_limit_comes_out_again(share: float) -> None:
    spread = fit_limit(20.1, 30.0, share)
    # a lognormal of mean m has median m exp(-s^2 / 2); its share below the limit is the normal one
    at_limit = (math.log(30.0 / 20.1) + spread**2 / 2) / spread
    assert 0.5 * (1 + math.erf(at_limit / math.sqrt(2))) == pytest.approx(share, abs=1e-4)
    assert at_limit == pytest.approx(NORMAL_QUANTILES[share])


def test_each_fact_of_a_sample_is_used_once() -> None:
    for sample in read_samples().values():
        named = [fact_id for fact_ids in sample.values() for fact_id in fact_ids]
        assert len(named) == len(set(named))


def test_an_unknown_spread_is_refused(facts: pd.DataFrame) -> None:
    ledger = Ledger(read_parameters(facts))
    for words in ("series:nothing", "no_such_parameter"):
        with pytest.raises(KeyError):
            make_fit(words, facts, ledger)


def test_each_row_says_how_it_was_fitted(facts: pd.DataFrame) -> None:
    made = build(INPUTS_FOLDER, facts)
    duration, value = made["duration"].set_index("duration_id"), made["value"]
    assert duration["fit"].str.len().min() > 10
    assumed = value[(value["column_name"] == "spread_factor") & (value["basis"] == "assumption")]
    assert (assumed["low"] <= assumed["value"].astype(float)).all()
    assert (assumed["value"].astype(float) <= assumed["high"]).all()
    border = duration.loc["wait_border_rail"]
    assert border["sample_count"] == 15
    assert "standard error" in border["fit"]
    # between the years as large as the spread that borders.py assumes for single crossings
    assert border["spread_factor"] == pytest.approx(0.5, abs=0.1)
