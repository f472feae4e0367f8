"""Each transfer has two directions, and cargo waits for a ship in one place only."""

import math

import pytest
from tools.build_eurasia.facts import build_facts, read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, read_parameters
from tools.build_eurasia.place_node import read_nodes
from tools.build_eurasia.port import find_spread_h, list_transfers, make_row

TRANSFERS = {transfer.terminal_id: transfer for transfer in list_transfers()}


def test_terminals_have_their_own_ids_and_known_nodes() -> None:
    assert len(TRANSFERS) == len(list_transfers())
    assert {one.node_id for one in TRANSFERS.values()} <= read_nodes().keys()


def test_every_transfer_has_its_way_back() -> None:
    ways = {(one.node_id, one.from_mode_id, one.to_mode_id) for one in TRANSFERS.values()}
    assert {(node_id, to_mode_id, from_mode_id) for node_id, from_mode_id, to_mode_id in ways} == ways


@pytest.mark.parametrize(
    "terminal_id", ["aktau_rail_ship", "alat_rail_ship", "kuryk_rail_ferry", "alat_ferry_rail"]
)
def test_the_terminals_of_the_caspian_are_there(terminal_id: str) -> None:
    assert terminal_id in TRANSFERS


def test_cargo_waits_for_a_ship_at_the_quay_or_with_the_service_but_not_twice() -> None:
    served = {
        row[end]
        for row in read_rows(CURATED / "service_leg.csv")
        if row["mode_id"] == "sea_container"
        for end in ("from_node_id", "to_node_id")
    }
    lanes = {
        row[end] for row in read_rows(CURATED / "sea_lane.csv") for end in ("from_node_id", "to_node_id")
    }
    for row in read_rows(CURATED / "port.csv"):
        if row["ship"] == "service":
            assert row["node_id"] in served
            assert row["node_id"] not in lanes
            assert row["wait_ship"] == "wait_none_h"
        elif row["ship"] == "ocean":
            assert row["node_id"] in lanes
            assert row["wait_ship"] in {"wait_ship_weekly_h", "wait_ship_hub_h"}


def test_a_row_holds_the_measured_times_of_baku() -> None:
    ledger = Ledger(read_parameters(build_facts()["fact"]))
    row = make_row(TRANSFERS["alat_rail_ship"], "Alat", ledger)
    # 20.1 h for the ship, 6 h for the train
    assert row["handling_time_h"] == pytest.approx(26.1)
    assert row["waiting_time_h"] == 0
    assert row["capacity_teu_a"] == 150_000
    assert {"terminals-0058", "terminals-0065"} <= set(str(row["fact_ids"]).split(";"))
    weekly = make_row(TRANSFERS["shanghai_rail_ship"], "Shanghai", ledger)
    assert weekly["waiting_time_h"] == 84
    noted = set(zip(ledger.make_table()["row_id"], ledger.make_table()["column_name"], strict=True))
    assert ("alat_rail_ship", "emissions_kgco2e_t") in noted


def test_the_spread_of_a_wait_is_that_of_an_even_draw() -> None:
    assert find_spread_h(0, 12) == pytest.approx(24 / math.sqrt(12), abs=0.01)
    assert find_spread_h(10, 0) == 5
