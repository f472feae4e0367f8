"""The wait for a service follows its rule, and both ends of a service have a berth for its mode."""

import math

import pandas as pd
import pytest
from tools.build_eurasia.facts import build_facts, read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, read_parameters
from tools.build_eurasia.port import list_transfers
from tools.build_eurasia.service import find_spread, find_time, find_wait


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger(read_parameters(build_facts()["fact"]))


def find_row(service_leg_id: str) -> dict[str, str]:
    rows = {row["service_leg_id"]: row for row in read_rows(CURATED / "service_leg.csv")}
    return rows[service_leg_id]


def test_the_wait_is_half_the_headway_and_what_is_named(ledger: Ledger) -> None:
    # 12.2 h between departures; 4 h weather; 24 h until the ferry is full
    wait = find_wait(find_row("ferry_kuryk_alat"), ledger)
    assert wait.value == pytest.approx(12.2 / 2 + 4 + 24)
    assert wait.basis == "assumption"
    assert wait.low < wait.value < wait.high


def test_no_headway_means_no_half_of_it(ledger: Ledger) -> None:
    assert find_wait(find_row("liner_istanbul_constanta"), ledger).value == 0


def test_the_crossing_follows_from_length_and_speed(ledger: Ledger) -> None:
    assert find_time(find_row("ferry_kuryk_alat"), 423.0, ledger).value == pytest.approx(423 / 18, abs=0.01)
    assert find_time(find_row("feeder_aktau_alat"), 462.0, ledger).value == 21.9


def test_the_spread_grows_with_headway_and_crossing(ledger: Ledger) -> None:
    row = find_row("ferry_tatvan_van")
    assert find_spread(row, 3.5, ledger).value == pytest.approx(
        math.sqrt((25.5 / math.sqrt(12)) ** 2 + 2**2 + (0.15 * 3.5) ** 2), abs=0.01
    )
    assert find_spread(row, 35.0, ledger).value > find_spread(row, 3.5, ledger).value


def test_both_ends_of_every_service_have_a_berth() -> None:
    berths = {(one.node_id, one.from_mode_id) for one in list_transfers()}
    berths |= {
        (row["node_id"], mode_id)
        for row in read_rows(CURATED / "zone.csv")
        for mode_id in row["mode_ids"].split(";")
    }
    legs = pd.DataFrame(read_rows(CURATED / "service_leg.csv"))
    for column in ("from_node_id", "to_node_id"):
        wanted = set(zip(legs[column], legs["mode_id"], strict=True))
        assert wanted - berths == set()


def test_the_caspian_is_served_by_services_only() -> None:
    caspian = {"aktau", "kuryk", "alat", "turkmenbashi", "anzali", "amirabad", "olya", "makhachkala"}
    caspian |= {"baku", "sangachal"}
    lanes = read_rows(CURATED / "sea_lane.csv")
    assert caspian & {row[end] for row in lanes for end in ("from_node_id", "to_node_id")} == set()
    legs = [
        row
        for row in read_rows(CURATED / "service_leg.csv")
        if caspian & {row["from_node_id"], row["to_node_id"]}
    ]
    assert len(legs) >= 10
    assert all({row["from_node_id"], row["to_node_id"]} <= caspian for row in legs)


def test_no_lane_and_no_cargo_line_of_the_black_sea_escapes_the_bosporus() -> None:
    inside = {"poti", "batumi", "constanta", "varna", "burgas", "odesa", "chornomorsk", "novorossiysk", "samsun",
              "trabzon", "karasu"}  # fmt: skip
    lanes = read_rows(CURATED / "sea_lane.csv")
    assert inside & {row[end] for row in lanes for end in ("from_node_id", "to_node_id")} == set()
    for row in read_rows(CURATED / "service_leg.csv"):
        ends = {row["from_node_id"], row["to_node_id"]}
        assert (len(ends & inside) == 1) == (row["passage_id"] == "bosporus")
