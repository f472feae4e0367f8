"""Policies of a group: who is in it, which posts get faster, and which tariffs hold afterwards."""

import pandas as pd
import pytest

from dehliz.graph.cost import Tariffs
from dehliz.graph.shipment import read_shipment
from dehliz.network.changes import Policy, Scenario
from dehliz.network.changing_policy import list_members
from dehliz.network.network import Network, build_network
from dehliz.network.scenario import Applied, apply

TIMES = ["handling_time_h", "waiting_time_h", "time_spread_h"]


def run(network: Network, policy: Policy) -> Applied:
    return apply(Scenario("test", (policy,)), network)


def times(network: Network) -> dict[str, list[float]]:
    frame = network.terminal
    return dict(zip(frame["terminal_id"], frame[TIMES].to_numpy().tolist(), strict=True))


def test_posts_between_members_get_faster(corridor3: Network) -> None:
    made = run(corridor3, Policy("pact", border_factor=0.5))
    before, after = times(corridor3), times(made.network)
    posts = {name for name in before if name.startswith("mark_")}
    assert {name for name in before if before[name] != after[name]} == posts
    for name in posts:
        assert after[name] == [0.5 * hours for hours in before[name]]


def test_a_stated_stay_holds_where_it_is_shorter(corridor3: Network) -> None:
    after = times(run(corridor3, Policy("pact", border_time_h=8.0)).network)
    assert after["mark_rail_ba"] == pytest.approx([8.0, 0.0, 2 * 8 / 9])
    assert after["mark_road_ab"] == pytest.approx([8.0, 0.0, 6 * 8 / 10])
    assert after["mark_rail_ab"] == [2.0, 4.0, 2.0]
    assert after["mark_road_ba"] == [1.0, 5.0, 4.0]


def test_observers_and_those_that_left_are_no_members(corridor3_tables: dict[str, pd.DataFrame]) -> None:
    group = pd.DataFrame(
        {
            "group_id": "club",
            "group_name": "Club",
            "country_id": ["XA", "XB", "XC", "XZ"],
            "standing": ["founder", "observer", "member", "candidate"],
            "to_date": ["", "", "2020-01-01", ""],
        }
    )
    tables = {**corridor3_tables, "country_group": group}
    network = build_network(tables)
    assert list_members(Policy("club"), network.tables()) == ("XA",)
    assert list_members(Policy("club", country_ids=("XB",)), network.tables()) == ("XA", "XB")
    assert list_members(Policy(country_ids=("XC",)), network.tables()) == ("XC",)


def rates(network: Network) -> dict[str, float]:
    """Rate of a box on each link and service leg, as it is charged."""
    tariffs = Tariffs(network.tariff, read_shipment(network, containers="1x40"))
    found = {}
    for name in ("link", "service_leg"):
        frame = network.table(name)
        for row_id, mode_id, country_id in zip(
            frame[f"{name}_id"], frame["mode_id"], frame["country_id"], strict=True
        ):
            rate = tariffs.find(mode_id, country_id, row_id)
            assert rate is not None
            found[row_id] = rate.per_km + rate.fixed
    return found


def test_members_pay_less_and_others_what_they_paid(corridor3: Network) -> None:
    before = rates(corridor3)
    after = rates(run(corridor3, Policy(country_ids=("XA",), tariff_factor=0.5)).network)
    for row_id, rate in before.items():
        assert after[row_id] == (0.5 * rate if row_id.startswith("xa_") else rate)


def test_ships_between_members_belong_to_them(corridor3: Network) -> None:
    before = rates(corridor3)
    after = rates(run(corridor3, Policy(country_ids=("XB", "XC"), tariff_factor=0.5)).network)
    assert after["ferry_quay_haven"] == 0.5 * before["ferry_quay_haven"]
    assert after["xb_mark_quay"] == 0.5 * before["xb_mark_quay"]
    assert after["xa_gate_mark"] == before["xa_gate_mark"]


def test_one_rate_for_boxes(corridor3: Network) -> None:
    policy = Policy("pact", rate_usd_teu_km=0.3, mode_ids=("rail_1435", "rail_1520"))
    made = run(corridor3, policy)
    after = rates(made.network)
    assert after["xa_west_gate"] == after["xa_gate_mark"] == after["xb_mark_quay"] == 0.3
    assert after["xa_west_mark_road"] == 1.0
    new = made.network.tariff[made.network.tariff["note"] == "scenario: policy of pact"]
    assert set(new["tariff_id"]) == {"rail_1435_teu_xa", "rail_1520_teu_xa", "rail_1520_teu_xb"}
    assert set(new["basis"]) == {"assumption"}


def test_a_country_with_a_rate_of_its_own_keeps_one_row(corridor3_tables: dict[str, pd.DataFrame]) -> None:
    tables = corridor3_tables
    own = tables["tariff"].iloc[[3]].assign(tariff_id="own", country_id="XB", rate_usd_teu_km=0.2)
    tables["tariff"] = pd.concat([tables["tariff"], own], ignore_index=True)
    network = build_network(tables)
    made = run(network, Policy(country_ids=("XB",), tariff_factor=2.0, mode_ids=("rail_1520",))).network
    assert rates(made)["xb_mark_quay"] == 0.4
    assert "rail_1520_teu_xb" not in set(made.tariff["tariff_id"])
    assert made.value.set_index("row_id").loc["own", "value"] == "0.4"
