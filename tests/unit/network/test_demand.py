"""Demand is checked against its network, and everything that is wrong is said at once."""

import pandas as pd
import pytest

from dehliz.base.errors import DataError, SettingsError
from dehliz.eurasia.load import load, load_demand
from dehliz.network.demand import Demand, build_demand
from dehliz.network.network import Network, replace_tables

ROWS = pd.DataFrame(
    {
        "year": [2024, 2024, 2023],
        "market_id": ["a", "b", "a"],
        "segment_id": ["grain", "oil", "grain"],
        "origin_zone_id": ["astana", "tengiz", "astana"],
        "destination_zone_id": ["tehran", "trieste", "tehran"],
        "volume_t_a": [1000.0, 2000.0, 500.0],
        "basis": ["published", "spread", "published"],
        "total_ids": ["x", "y", "z"],
    }
)
CAPACITY = pd.DataFrame(
    {
        "table_name": ["service_leg", "service_leg"],
        "row_id": ["bulk_aktau_amirabad"] * 2,
        "first_year": [2019, 2024],
        "last_year": [2023, 2030],
        "capacity_t_a": [1.0, 2.0],
        "direction": ["each", "each"],
        "basis": ["derived", "derived"],
        "rule": ["r", "r"],
    }
)


@pytest.fixture(scope="module")
def network() -> Network:
    return load(None)


def test_one_year_is_taken_and_sorted(network: Network) -> None:
    found = build_demand({"demand": ROWS, "capacity": CAPACITY}, network, 2024)
    assert isinstance(found, Demand)
    assert found.demand["volume_t_a"].tolist() == [1000.0, 2000.0]
    assert found.capacity["capacity_t_a"].tolist() == [2.0]
    assert found.volume_t_a("grain") == 1000.0
    assert "2 rows of 2 segments" in repr(found)
    assert "0 backgrounds, 1 capacities" in repr(found)


def test_the_order_of_rows_means_nothing(network: Network) -> None:
    turned = build_demand({"demand": ROWS.iloc[::-1]}, network, 2024).demand
    pd.testing.assert_frame_equal(turned, build_demand({"demand": ROWS}, network, 2024).demand)


@pytest.mark.parametrize(
    ("column", "value", "rule", "word"),
    [
        ("origin_zone_id", "nowhere", "demand.origin_zone_id.refers", "nowhere"),
        ("segment_id", "cheese", "demand.segment_id.refers", "cheese"),
        ("volume_t_a", -1.0, "demand.volume_t_a.bounds", "-1"),
        ("volume_t_a", "much", "demand.volume_t_a.type", "much"),
        ("destination_zone_id", "astana", "demand.destination_zone_id.differs", "itself"),
        ("basis", "guess", "demand.basis.choice", "guess"),
        ("origin_zone_id", "", "demand.origin_zone_id.present", ""),
    ],
)
def test_a_fault_of_a_row_is_named(
    network: Network, column: str, value: object, rule: str, word: str
) -> None:
    rows = ROWS.astype(object)
    rows.loc[0, column] = value
    with pytest.raises(DataError) as error:
        build_demand({"demand": rows}, network, 2024)
    assert rule in [issue.rule for issue in error.value.issues]
    assert any(word in issue.found for issue in error.value.issues)


def test_a_segment_without_a_value_of_time_is_refused(network: Network) -> None:
    segment = network.segment.copy()
    segment.loc[segment["segment_id"] == "grain", "value_of_time_usd_t_h"] = float("nan")
    with pytest.raises(DataError) as error:
        build_demand({"demand": ROWS}, replace_tables(network, {"segment": segment}), 2024)
    assert [issue.rule for issue in error.value.issues] == ["demand.segment_id.value_of_time"]


def test_a_capacity_of_nothing_is_refused(network: Network) -> None:
    lost = CAPACITY.assign(row_id=["bulk_aktau_amirabad", "bulk_moon"])
    with pytest.raises(DataError) as error:
        build_demand({"demand": ROWS, "capacity": lost}, network, 2024)
    assert [issue.rule for issue in error.value.issues] == ["capacity.row_id.row"]
    assert "bulk_moon" in error.value.issues[0].found


def test_all_faults_come_together(network: Network) -> None:
    rows = ROWS.assign(origin_zone_id="nowhere", volume_t_a=-1.0)
    with pytest.raises(DataError) as error:
        build_demand({"demand": rows}, network, 2030)
    assert {issue.rule for issue in error.value.issues} == {
        "demand.origin_zone_id.refers",
        "demand.volume_t_a.bounds",
        "demand.year.rows",
    }


def test_a_year_without_demand_is_refused() -> None:
    with pytest.raises(SettingsError, match="2019 to 2025"):
        load_demand(2018)


@pytest.mark.parametrize("year", [2019, 2024])
def test_the_bundled_demand_passes_its_own_rules(network: Network, year: int) -> None:
    held = load_demand(year)
    tables = {name: getattr(held, name) for name in ("market", "demand", "background", "capacity")}
    again = build_demand(tables, network, year)
    pd.testing.assert_frame_equal(again.demand, held.demand)
    assert len(again.capacity) == len(held.capacity)
