"""Every zone can be reached, and a name means one place."""

import json
import zipfile
from pathlib import Path

import pytest
from tools.build_eurasia.facts import build_facts, read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, read_parameters
from tools.build_eurasia.place import (
    ARCHIVE,
    MEMBER,
    fold,
    is_wanted,
    list_curated_names,
    list_other_names,
    make_connectors,
    make_zones,
    settle,
)
from tools.build_eurasia.place_node import make_nodes, read_nodes
from tools.build_eurasia.port import list_transfers


def test_every_zone_has_a_connector_and_stands_at_its_node() -> None:
    zone = make_zones()
    connector = make_connectors(Ledger(read_parameters(build_facts()["fact"])))
    assert set(connector["zone_id"]) == set(zone["zone_id"])
    assert not connector["connector_id"].duplicated().any()
    assert (zone["country_id"].str.len() == 2).all()
    nodes = read_nodes()
    for node_id, country_id in zip(zone["node_id"], zone["country_id"], strict=True):
        assert nodes[node_id]["country_id"] == country_id


def test_a_connector_leads_onto_something_that_moves() -> None:
    roads = {
        row[end] for row in read_rows(CURATED / "road_leg.csv") for end in ("from_node_id", "to_node_id")
    }
    lanes = {
        row[end] for row in read_rows(CURATED / "sea_lane.csv") for end in ("from_node_id", "to_node_id")
    }
    ships = {row[end] for row in read_rows(CURATED / "service_leg.csv") for end in ("from_node_id", "to_node_id")
             if row["mode_id"] == "sea_container"}  # fmt: skip
    pipes = {
        row[end] for row in read_rows(CURATED / "pipeline.csv") for end in ("from_node_id", "to_node_id")
    }
    stations = {row["node_id"] for row in read_rows(CURATED / "rail_node.csv")}
    moving = {"road": roads, "sea_container": lanes | ships, "pipeline": pipes}
    moving |= {"rail_1435": stations, "rail_1520": stations}
    for mode_id in ("sea_bulk", "tanker"):
        moving[mode_id] = {
            row[end]
            for row in read_rows(CURATED / "service_leg.csv")
            for end in ("from_node_id", "to_node_id")
            if row["mode_id"] == mode_id
        }
    for row in read_rows(CURATED / "zone.csv"):
        for mode_id in row["mode_ids"].split(";"):
            assert row["node_id"] in moving[mode_id], (row["node_id"], mode_id)


def test_terminals_and_zones_agree_on_the_gauge() -> None:
    gauges = {(one.node_id, mode) for one in list_transfers() for mode in (one.from_mode_id, one.to_mode_id)}
    for row in read_rows(CURATED / "zone.csv"):
        rails = {mode for mode in row["mode_ids"].split(";") if mode.startswith("rail_1")}
        berths = {mode for node_id, mode in gauges if node_id == row["node_id"] and mode.startswith("rail_1")}
        assert len(rails) <= 1
        assert not berths or berths == rails, row["node_id"]


def test_a_connector_at_a_port_of_weekly_lines_waits_half_a_week() -> None:
    ledger = Ledger(read_parameters(build_facts()["fact"]))
    connector = make_connectors(ledger).set_index("connector_id")
    assert connector.at["shanghai_sea_container", "waiting_time_h"] == 84
    assert connector.at["aktau_sea_container", "waiting_time_h"] == 0
    assert connector.at["almaty_rail_1520", "handling_time_h"] == 6


def test_no_node_is_made_twice() -> None:
    own = make_nodes()
    assert not own["node_id"].duplicated().any()
    sea = {row["node_id"] for row in read_rows(CURATED / "sea_node.csv")}
    assert sea & read_nodes().keys() == set()


@pytest.mark.parametrize(
    ("name", "node_id"),
    [("Сиань", "xian"), ("西安", "xian"), ("Ақтау", "aktau"), ("Istanbul", "istanbul"), ("Стамбул", "istanbul"),
     ("ფოთი", "poti"), ("Köstence", "constanta"), ("Frankfurt", "frankfurt"), ("Khorgos", "khorgos_cn"),
     ("Port of Baku", "alat"), ("Wien", "vienna"), ("تهران", "tehran")],
)  # fmt: skip
def test_known_spellings(name: str, node_id: str) -> None:
    assert {found for spelt, _, found in settle(list(list_curated_names())) if spelt == name} == {node_id}


def test_a_curated_name_means_one_place() -> None:
    found: dict[str, set[str]] = {}
    for name, _, node_id in settle(list(list_curated_names())):
        found.setdefault(name.casefold(), set()).add(node_id)
    assert {name for name, node_ids in found.items() if len(node_ids) > 1} == set()


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [("Aqtau", True), ("Актау", True), ("西安", True), ("akutau", False), ("აქთაუ", True), ("SCO", False),
     ("아크타우", False), ("X9 Port", False)],
)  # fmt: skip
def test_only_spellings_of_the_region_are_taken(name: str, is_kept: bool) -> None:
    assert is_wanted(name) == is_kept


def test_folding_forgets_case_accents_and_brackets() -> None:
    assert fold("Xi'an") == fold("XIAN")
    assert fold("Alat (Port of Baku)") == "alat"
    assert fold("İzmir") == fold("Izmir")


def test_a_town_is_found_by_country_distance_and_name(tmp_path: Path) -> None:
    def town(name: str, country_id: str, lon: float, lat: float, *others: str) -> dict[str, object]:
        return {
            "name": name,
            "countrycode": country_id,
            "longitude": lon,
            "latitude": lat,
            "alternatenames": others,
        }

    towns = {
        "1": town("Poti", "BR", -42.8, -5.1, "Poty"),  # another country
        "2": town("Poti", "GE", 41.67, 42.15, "Poti Port", "pwty", "ფოთი", "Phasis"),
        "3": town("Aqtau", "KZ", 57.2, 50.3, "Aktauville"),  # the name is right, the distance is not
        "4": town("Batum", "GE", 41.64, 41.64, "Batumi", "Batoumi"),
    }
    with zipfile.ZipFile(tmp_path / ARCHIVE, "w") as wheel:
        wheel.writestr(MEMBER, json.dumps(towns))
    found = set(list_other_names(tmp_path))
    assert {("Phasis", "poti"), ("ფოთი", "poti"), ("Batoumi", "batumi")} <= found
    assert {name for name, _ in found} & {"Poty", "Aktauville", "pwty"} == set()
