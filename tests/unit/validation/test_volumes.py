"""Published volumes beside a corridor loaded by hand: directions, periods, naive forecasts, which is nearest."""

import math

import pandas as pd
import pytest

from dehliz.assignment.flow_tables import Loaded
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.network.network import Network
from dehliz.validation.volumes import check_volumes, find_period_share, model_volume_t, naive_trend
from tests.unit.assignment.loading import make_problem, split_by_hand

EAST_T, WEST_T, BULK_T = 36_500.0, 7_300.0, 73_000.0
"""Boxes there and back, and bulk there; all by rail."""


@pytest.fixture
def loaded(corridor3: Network) -> Loaded:
    flows = [
        ("containers", "west", "haven", EAST_T),
        ("containers", "haven", "west", WEST_T),
        ("bulk", "west", "haven", BULK_T),
    ]
    problem = make_problem(corridor3, flows)
    return split_by_hand(problem, [{"rail": 1.0}] * 3)


def row(**given: object) -> dict[str, object]:
    known = {
        "observed_id": "main_2024", "scope": "line", "scope_id": "main", "year": 2024, "period": "",
        "segment_ids": "", "value": 100.0, "unit": "t", "volume_t": 100_000.0, "direction": "both",
        "table_name": "link", "row_ids": "xa_west_gate", "basis": "fact", "fact_id": "f-1", "rival_fact_ids": "",
        "note": "",
    }  # fmt: skip
    assert set(given) <= set(known)
    return known | given


def observe(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows)


def model(loaded: Loaded, **given: object) -> float:
    (only,) = each_row(observe(row(**given)))
    return model_volume_t(loaded, only)


def test_directions_are_those_of_the_compass(loaded: Loaded) -> None:
    assert model(loaded) == pytest.approx(EAST_T + WEST_T + BULK_T)
    assert model(loaded, direction="east") == pytest.approx(EAST_T + BULK_T)
    assert model(loaded, direction="west") == pytest.approx(WEST_T)
    ferry = {"table_name": "service_leg", "row_ids": "ferry_quay_haven"}
    assert model(loaded, direction="west", **ferry) == pytest.approx(WEST_T)


def test_segments_and_rows_that_are_named_are_added(loaded: Loaded) -> None:
    assert model(loaded, segment_ids="bulk") == pytest.approx(BULK_T)
    assert model(loaded, segment_ids="containers", direction="east") == pytest.approx(EAST_T)
    assert model(loaded, segment_ids="bulk;containers") == model(loaded)
    assert model(loaded, row_ids="xa_west_gate;xa_west_mark_road") == model(loaded)
    assert model(loaded, row_ids="xa_west_gate;xb_mark_quay") == pytest.approx(2 * model(loaded))


def test_terminals_count_each_passage_once(loaded: Loaded) -> None:
    assert model(loaded, table_name="terminal", row_ids="quay_rail_ship") == pytest.approx(
        EAST_T + WEST_T + BULK_T
    )
    assert model(loaded, table_name="terminal", row_ids="mark_rail_ab") == pytest.approx(EAST_T + BULK_T)


def test_a_terminal_has_no_direction_of_the_compass(loaded: Loaded) -> None:
    gate = {"table_name": "terminal", "row_ids": "gate_gauge"}
    assert math.isnan(model(loaded, direction="west", **gate))
    assert math.isnan(model(loaded, direction="east", **gate))


def test_a_count_that_no_row_answers_to_has_no_model(loaded: Loaded) -> None:
    assert math.isnan(model(loaded, row_ids=""))
    assert math.isnan(model(loaded, table_name=""))


@pytest.mark.parametrize(
    ("period", "share"),
    [("", 1.0), ("Jan-Jun", 0.5), ("Jan-Dec", 1.0), ("Mar", 1 / 12), ("Sep-Oct", 2 / 12), ("Apr-Apr", 1 / 12)],
)  # fmt: skip
def test_share_of_a_period(period: str, share: float) -> None:
    assert find_period_share(period) == pytest.approx(share)


@pytest.mark.parametrize("period", ["Q1", "January", "Jan-Juni", "to 3 Dec", "Oct-Mar"])
def test_a_period_that_is_not_understood_has_no_share(period: str) -> None:
    assert math.isnan(find_period_share(period))


def test_trend_is_the_line_through_logarithms() -> None:
    doubling = {2019: 100.0, 2020: 200.0, 2021: 400.0}
    assert naive_trend(doubling, 2022, 2022) == pytest.approx(800)
    assert naive_trend(doubling, 2024, 2022) == pytest.approx(3_200)
    # By hand: ln 1, ln 4, ln 4 has the slope ln 2 and the mean 2/3 ln 4, so that a year later it is 2^(4/3 + 2).
    assert naive_trend({2019: 1.0, 2020: 4.0, 2021: 4.0}, 2022, 2022) == pytest.approx(2 ** (4 / 3 + 2))


def test_trend_knows_nothing_of_later_years() -> None:
    series = {2019: 100.0, 2020: 200.0, 2022: 5_000.0, 2023: 1.0}
    assert naive_trend(series, 2023, 2021) == pytest.approx(1_600)
    assert naive_trend(series, 2021, 2022) == pytest.approx(400)
    assert naive_trend({2019: 100.0, 2020: 200.0}, 2020, 2022) != naive_trend(
        {2019: 100.0, 2020: 200.0}, 2021, 2022
    )
    assert math.isnan(naive_trend({2019: 100.0, 2020: 200.0}, 2020, 2022))
    assert math.isnan(naive_trend({2019: 100.0, 2020: 0.0}, 2022, 2022))


def test_check_by_hand(loaded: Loaded) -> None:
    """Half of 2024 by count 50, by model 58.4; last year's 80 halved is 40, the trend 2020 to 2022 160 halved is 80."""
    half = row(period="Jan-Jun", volume_t=50_000.0)
    past = [
        row(observed_id=f"main_{year}", year=year, volume_t=volume)
        for year, volume in ((2020, 40_000.0), (2022, 80_000.0), (2023, 80_000.0))
    ]
    other = row(observed_id="other", scope_id="branch", year=2023, volume_t=1.0)
    table = check_volumes({2024: loaded}, observe(half, *past, other), 2022)
    assert list(table) == list(read_spec("volume_check").column_names)
    (found,) = table.to_dict("records")
    modelled = (EAST_T + WEST_T + BULK_T) / 2
    assert (found["observed_id"], found["year"], found["period"]) == ("main_2024", 2024, "Jan-Jun")
    assert found["observed_t"] == 50_000.0
    assert found["model_t"] == pytest.approx(modelled)
    assert found["error_share"] == pytest.approx(modelled / 50_000 - 1)
    assert found["last_year_t"] == pytest.approx(40_000)
    assert found["trend_t"] == pytest.approx(160_000 / 2)
    assert found["best"] == "model"
    assert not found["is_fitted"]


@pytest.mark.parametrize(
    ("last_year_t", "observed_t", "best"),
    [(100_000.0, 101_000.0, "last_year"), (100_000.0, 116_000.0, "model")],
)
def test_the_nearest_is_named(loaded: Loaded, last_year_t: float, observed_t: float, best: str) -> None:
    rows = row(volume_t=observed_t), row(observed_id="before", year=2023, volume_t=last_year_t)
    (found,) = check_volumes({2024: loaded}, observe(*rows), 2022).to_dict("records")
    assert found["best"] == best
    assert math.isnan(found["trend_t"])


def test_of_several_counts_of_a_year_the_longest_is_last_year(loaded: Loaded) -> None:
    rows = [
        row(),
        row(observed_id="b", year=2023, period="Jan-Mar", volume_t=10_000.0),
        row(observed_id="a", year=2023, period="Jan-Jun", volume_t=30_000.0),
    ]
    (found,) = check_volumes({2024: loaded}, observe(*rows), 2022).to_dict("records")
    assert found["last_year_t"] == pytest.approx(60_000)


def test_counts_that_cannot_be_compared_are_left_out(loaded: Loaded) -> None:
    rows = [
        row(observed_id="no_row", row_ids=""), row(observed_id="no_tonnes", volume_t=float("nan")),
        row(observed_id="odd_period", period="Q1"), row(observed_id="other_year", year=2019),
    ]  # fmt: skip
    table = check_volumes({2024: loaded}, observe(*rows), 2022)
    assert len(table) == 0
    assert list(table) == list(read_spec("volume_check").column_names)


def test_years_that_were_fitted_prove_nothing(loaded: Loaded) -> None:
    table = check_volumes(
        {2022: loaded, 2023: loaded}, observe(row(year=2022), row(observed_id="b", year=2023)), 2022
    )
    assert dict(zip(table["year"], table["is_fitted"], strict=True)) == {2022: True, 2023: False}
