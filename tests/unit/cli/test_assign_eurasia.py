"""``dehliz assign`` on Eurasia: one year by two methods, held against itself; own demand; what is refused."""

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from dehliz.base.schema import read_spec
from dehliz.eurasia.load import load, load_demand
from tests.unit.cli.asking import Asked, ask

TABLES = (
    "bottleneck", "volume_check", "border_flow", "port_flow", "corridor_flow", "mode_flow", "concentration",
    "od_result", "unserved", "convergence", "link_flow", "empty_flow", "empty_summary",
)  # fmt: skip
KEYS = {
    "status", "reason", "method", "name", "year", "relative_gap", "beckmann_objective", "total_time", "lower_bound",
    "iterations", "seconds_total", "seconds_to_gap", "volume_t_a", "unserved_t_a", "trips", "zones", "segments",
    "notes", "selected",
}  # fmt: skip
SELECT = ("aktau", "country:AZ", "feeder_aktau_alat")
Document = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("assigned")


@pytest.fixture(scope="module")
def equilibrium(folder: Path) -> Document:
    """User equilibrium of 2024, with the file of flows and the map."""
    words = [word for text in SELECT for word in ("--select", text)]
    files = ["--flows", str(folder / "flows.csv"), "--map", str(folder / "map.svg")]
    asked = ask("assign", "--year", "2024", "--method", "ue", "--json", *words, *files)
    assert asked.code == 0, asked.said
    return asked.document()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def choice() -> Document:
    """The calibrated choice model on 2024, which is what Eurasia gets without --method and --year."""
    asked = ask("assign", "--json", "--gap", "1e-4", "--select", "aktau")
    assert asked.code == 0, asked.said
    return asked.document()  # type: ignore[no-any-return]


@pytest.fixture(scope="module", params=["ue", "sue"])
def document(request: pytest.FixtureRequest, equilibrium: Document, choice: Document) -> Document:
    return equilibrium if request.param == "ue" else choice


def total(rows: list[Document], column: str = "volume_t_a", **where: str) -> float:
    return sum(row[column] for row in rows if all(row[name] == value for name, value in where.items()))


def test_document_has_its_keys_and_tables(document: Document) -> None:
    assert set(document) == KEYS | set(TABLES)
    for name in TABLES:
        if document[name]:
            assert list(document[name][0]) == list(read_spec(name).column_names), name
    for name in set(TABLES) - {"unserved"}:
        assert document[name], name


def test_status_is_honest(equilibrium: Document, choice: Document) -> None:
    for document, method, gap in ((equilibrium, "ue", 1e-6), (choice, "sue", 1e-4)):
        assert (document["status"], document["reason"], document["method"]) == ("converged", "", method)
        assert (document["name"], document["year"]) == ("Eurasia", 2024)
        assert 0.0 <= document["relative_gap"] <= gap
        assert document["iterations"] == len(document["convergence"]) >= 1
        assert document["lower_bound"] is None
        assert set(document["seconds_to_gap"]) >= {"1e-1", "1e-2"}
    assert equilibrium["beckmann_objective"] < equilibrium["total_time"]


def test_all_demand_of_the_year_is_on_the_network(document: Document) -> None:
    demand = load_demand(2024).demand
    between = demand[demand["origin_zone_id"] != demand["destination_zone_id"]]
    assert document["volume_t_a"] == pytest.approx(between["volume_t_a"].sum(), rel=1e-9)
    assert document["unserved_t_a"] == 0.0
    assert document["unserved"] == []
    assert document["trips"] == len(document["od_result"])
    by_segment = between.groupby("segment_id")["volume_t_a"].sum()
    assert {row["segment_id"]: row["volume_t_a"] for row in document["segments"]} == {
        name: pytest.approx(volume, rel=1e-9) for name, volume in by_segment.items()
    }


def test_pairs_add_up_to_what_is_served(document: Document) -> None:
    assert total(document["od_result"]) == pytest.approx(document["volume_t_a"], rel=1e-6)
    for row in document["segments"]:
        pairs = total(document["od_result"], segment_id=row["segment_id"])
        assert pairs == pytest.approx(row["volume_t_a"], rel=1e-6)
    assert all(row["route_count"] >= 1 and row["time_h"] > 0.0 for row in document["od_result"])


def test_corridors_share_each_segment(document: Document) -> None:
    for row in document["segments"]:
        mine = [one for one in document["corridor_flow"] if one["segment_id"] == row["segment_id"]]
        assert sum(one["volume_share"] for one in mine) == pytest.approx(1.0)
        assert total(mine) == pytest.approx(row["volume_t_a"], rel=1e-6)


def test_modes_share_the_work_of_each_segment(document: Document) -> None:
    for row in document["segments"]:
        mine = [one for one in document["mode_flow"] if one["segment_id"] == row["segment_id"]]
        assert sum(one["work_share"] for one in mine) == pytest.approx(1.0)


def test_countries_keep_nothing(document: Document) -> None:
    """What enters a country and starts there leaves it or ends there."""
    country = dict(zip(load(2024).zone["zone_id"], load(2024).zone["country_id"], strict=True))
    balance: dict[str, float] = defaultdict(float)
    for row in document["border_flow"]:
        balance[row["to_country_id"]] += row["volume_t_a"]
        balance[row["from_country_id"]] -= row["volume_t_a"]
    for row in document["od_result"]:
        balance[country[row["origin_id"]]] += row["volume_t_a"]
        balance[country[row["destination_id"]]] -= row["volume_t_a"]
    assert max(map(abs, balance.values())) < 1e-6 * document["volume_t_a"]


def test_what_enters_azerbaijan_over_the_caspian_came_by_its_ships(document: Document) -> None:
    """Kazakhstan and Turkmenistan have no border with Azerbaijan but the sea."""
    node = load(2024).node.set_index("node_id")["country_id"]
    over = {"KZ", "TM"}
    ships = defaultdict(float)
    for row in document["link_flow"]:
        ends = node[row["from_node_id"]], node[row["to_node_id"]]
        if row["table_name"] in ("link", "service_leg") and set(ends) & over and "AZ" in ends:
            into, out = ("forward_t_a", "backward_t_a")[:: 1 if ends[1] == "AZ" else -1]
            ships["in"] += row[into]
            ships["out"] += row[out]
    borders = document["border_flow"]
    came = sum(total(borders, from_country_id=one, to_country_id="AZ") for one in over)
    left = sum(total(borders, from_country_id="AZ", to_country_id=one) for one in over)
    assert came == pytest.approx(ships["in"], rel=1e-6)
    assert left == pytest.approx(ships["out"], rel=1e-6, abs=1.0)
    assert came > 0.0


def test_ports_of_the_caspian_handle_what_their_ships_carry(document: Document) -> None:
    for node_id in ("alat", "aktau", "kuryk"):
        ships = sum(
            row["volume_t_a"]
            for row in document["link_flow"]
            if row["table_name"] == "service_leg" and node_id in (row["from_node_id"], row["to_node_id"])
        )
        # What goes from ship to ship (a few thousand tonnes of the logit do) does not touch the shore.
        shore = total(document["port_flow"], node_id=node_id)
        assert 0.0 < shore <= ships * (1 + 1e-9)
        assert shore == pytest.approx(ships, rel=1e-6 if document["method"] == "ue" else 0.01)


def test_ports_load_and_unload_what_they_handle(document: Document) -> None:
    for row in document["port_flow"]:
        assert row["loaded_t_a"] + row["unloaded_t_a"] == pytest.approx(row["volume_t_a"])
    assert total(document["port_flow"], "loaded_t_a") == pytest.approx(
        total(document["port_flow"], "unloaded_t_a"), rel=1e-6
    )


def test_bottlenecks_come_by_what_they_cost(document: Document) -> None:
    rows = document["bottleneck"]
    losses = [row["loss_usd_a"] for row in rows]
    assert losses == sorted(losses, reverse=True)
    assert [row["rank_count"] for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert row["saturation_share"] == pytest.approx(row["volume_t_a"] / row["capacity_t_a"])
        assert row["saturation_share"] >= 0.7
        assert row["price_usd_t"] >= 0.0


def test_concentration_is_between_one_over_the_parts_and_one(document: Document) -> None:
    for row in document["concentration"]:
        assert 0.0 < row["largest_share"] ** 2 <= row["herfindahl_share"] * (1 + 1e-12)
        assert row["herfindahl_share"] <= row["largest_share"] * (1 + 1e-12)


def test_empties_balance_each_place_and_charges_pay_for_them(document: Document) -> None:
    by_pool = {row["pool_id"]: row for row in document["empty_summary"]}
    assert {"boxes", "dry_wagons_1435", "dry_wagons_1520", "tank_wagons_1520"} <= set(by_pool)
    for pool_id, row in by_pool.items():
        assert row["status"] == "optimal", pool_id
        assert total(document["empty_flow"], "cost_usd_a", pool_id=pool_id) == pytest.approx(
            row["cost_usd_a"], rel=1e-6
        )
    factor = load(2024).segment.set_index("segment_id")["t_per_teu_factor"]
    surplus: dict[str, float] = defaultdict(float)
    for row in document["od_result"]:
        if row["segment_id"] in ("container_high_value", "container_other"):
            boxes = row["volume_t_a"] / factor[row["segment_id"]]
            surplus[row["destination_id"]] += boxes
            surplus[row["origin_id"]] -= boxes
    for row in document["empty_flow"]:
        if row["pool_id"] == "boxes":
            surplus[row["origin_id"]] -= row["volume_teu_a"]
            surplus[row["destination_id"]] += row["volume_teu_a"]
    assert max(map(abs, surplus.values())) < 1.0
    owed = sum(row["empty_charge_usd_t"] * row["volume_t_a"] for row in document["od_result"]
               if row["empty_charge_usd_t"] is not None)  # fmt: skip
    assert owed == pytest.approx(total(document["empty_summary"], "cost_usd_a"), rel=1e-6)
    full = {row["class_id"]: row["empty_charge_usd_t"] for row in document["od_result"]}
    assert full["china_europe_sea"] > 0.0 > full["europe_china_sea"]
    assert full["turkiye_asia_trucks"] is None  # trucks come back by themselves, with cargo or without


def test_selected_users_are_part_of_their_pairs(document: Document) -> None:
    pairs = {(row["class_id"], row["origin_id"], row["destination_id"]): row["volume_t_a"]
             for row in document["od_result"]}  # fmt: skip
    for chosen in document["selected"]:
        volumes = [row["volume_t_a"] for row in chosen["trips"]]
        assert volumes == sorted(volumes, reverse=True)
        assert sum(volumes) == pytest.approx(chosen["volume_t_a"])
        for row in chosen["trips"]:
            pair = pairs[row["class_id"], row["origin_id"], row["destination_id"]]
            assert 0.0 < row["volume_t_a"] <= pair * (1 + 1e-6)


def test_selected_country_has_all_cargo_of_its_zones(equilibrium: Document) -> None:
    country = dict(zip(load(2024).zone["zone_id"], load(2024).zone["country_id"], strict=True))
    chosen = equilibrium["selected"][SELECT.index("country:AZ")]
    uses = {
        (row["class_id"], row["origin_id"], row["destination_id"]): row["volume_t_a"]
        for row in chosen["trips"]
    }
    own = [
        row
        for row in equilibrium["od_result"]
        if "AZ" in (country[row["origin_id"]], country[row["destination_id"]])
    ]
    assert len(own) > 10
    for row in own:
        key = row["class_id"], row["origin_id"], row["destination_id"]
        assert uses[key] == pytest.approx(row["volume_t_a"], rel=1e-6), key


def test_selected_node_and_row_carry_what_the_tables_say(equilibrium: Document, choice: Document) -> None:
    for document in (equilibrium, choice):
        chosen = document["selected"][0]
        assert chosen["select"] == "aktau"
        assert chosen["volume_t_a"] >= total(document["port_flow"], node_id="aktau") * (1 - 1e-6)
    feeder = equilibrium["selected"][SELECT.index("feeder_aktau_alat")]
    assert feeder["volume_t_a"] == pytest.approx(
        total(equilibrium["link_flow"], row_id="feeder_aktau_alat"), rel=1e-6, abs=1.0
    )


def test_published_volumes_stand_beside_the_model(document: Document) -> None:
    assert {row["year"] for row in document["volume_check"]} == {2024}
    assert not any(row["is_fitted"] for row in document["volume_check"])
    for row in document["volume_check"]:
        assert row["error_share"] == pytest.approx((row["model_t"] - row["observed_t"]) / row["observed_t"])
    (boxes,) = [row for row in document["volume_check"] if row["observed_id"] == "aktau_baku_boxes_2024"]
    feeder = total(document["link_flow"], row_id="feeder_aktau_alat")
    assert boxes["model_t"] == pytest.approx(feeder, rel=1e-6, abs=1.0)


def test_file_of_flows_is_the_table(equilibrium: Document, folder: Path) -> None:
    with (folder / "flows.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == list(read_spec("link_flow").column_names)
    assert [row["row_id"] for row in rows] == [row["row_id"] for row in equilibrium["link_flow"]]
    for row, told in zip(rows, equilibrium["link_flow"], strict=True):
        assert float(row["volume_t_a"]) == pytest.approx(told["volume_t_a"], rel=1e-12)
        assert float(row["forward_t_a"]) + float(row["backward_t_a"]) == pytest.approx(
            told["volume_t_a"], abs=1e-3
        )


@pytest.mark.usefixtures("equilibrium")
def test_map_is_an_svg_that_names_what_it_shows(folder: Path) -> None:
    root = ElementTree.parse(folder / "map.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Flows of 2024, ue" in "".join(root.itertext())
    lines = [item for item in root.iter() if item.tag.endswith(("path", "line", "polyline"))]
    assert len(lines) > 100


# One's own demand: two flows, so that a run takes about a second.

OWN = [("aktau", "baku", "grain", 100_000.0), ("almaty", "baku", "container_other", 22_000.0)]


def write(path: Path, rows: list[tuple[str, str, str, float]] = OWN, volume: str = "volume_t_a") -> Path:
    frame = pd.DataFrame(rows, columns=["origin_id", "destination_id", "segment_id", volume])
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    return path


def own(path: Path, *words: str) -> Asked:
    return ask("assign", "--method", "aon", "--demand", str(path), *words)


def test_own_demand_from_csv_and_parquet(tmp_path: Path) -> None:
    documents = [own(write(tmp_path / name), "--json").document() for name in ("own.csv", "own.parquet")]
    for document in documents:
        document.pop("seconds_total")
        document.pop("seconds_to_gap")
        document.pop("convergence")
    assert json.dumps(documents[0]) == json.dumps(documents[1])
    told = documents[0]
    assert told["volume_t_a"] == pytest.approx(122_000)
    pairs = {
        (row["origin_id"], row["destination_id"], row["class_id"]): row["volume_t_a"]
        for row in told["od_result"]
    }
    assert pairs == {row[:3]: pytest.approx(row[3]) for row in OWN}
    assert told["volume_check"] == []  # published volumes answer to all demand of a year, not to this


def test_own_demand_as_a_table_for_people(tmp_path: Path) -> None:
    asked = own(write(tmp_path / "own.csv"), "--select", "kuryk")
    assert asked.code == 0
    assert "0.1 Mt a year on the network, 0.00 Mt not served; 2 flows between 3 zones" in asked.shown
    for word in ("Corridors", "Ports", "Empties", "baku - almaty", "Users of kuryk: 0.100 Mt"):
        assert word in asked.shown
    assert "Beside published volumes" not in asked.shown
    assert max(map(len, asked.shown.splitlines())) <= 100


def test_own_demand_of_nothing_is_loaded(tmp_path: Path) -> None:
    asked = own(write(tmp_path / "own.csv", [("almaty", "baku", "oil", 0.0)]), "--json")
    assert asked.code == 0
    assert asked.document()["od_result"] == []
    assert asked.document()["empty_summary"] == []


@pytest.mark.parametrize(
    ("rows", "volume", "words"),
    [
        ([("aktau", "bakku", "grain", 1.0)], "volume_t_a", ("'bakku'", "Did you mean 'baku'", "row 2")),
        ([("aktau", "baku", "grains", 1.0)], "volume_t_a", ("'grains'", "Did you mean 'grain'")),
        ([("aktau", "baku", "grain", -1.0)], "volume_t_a", ("-1", "at least 0", "row 2")),
        (OWN, "volume_teu_a", ("volumes in teu_a", "call the column volume_t_a")),
        (OWN, "volume", ("volumes without a unit", "call the column volume_t_a")),
    ],
)
def test_own_demand_with_a_fault_is_refused(
    tmp_path: Path, rows: list[tuple[str, str, str, float]], volume: str, words: tuple[str, ...]
) -> None:
    asked = own(write(tmp_path / "own.csv", rows, volume))
    assert (asked.code, asked.shown) == (2, "")
    for word in words:
        assert word in asked.said, word


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--year", "2010"), ("2010", "2019 to 2025")),
        (("--year", "2030"), ("2030", "2019 to 2025")),
        (("--method", "best"), ("'best'", "aon, ue, sue, so")),
        (("--gap", "0"), ("'0'", "a share above 0")),
        (("--toll-factor", "1"), ("--toll-factor", "Leave the option out")),
        (("--distance-factor", "1"), ("--distance-factor", "Leave the option out")),
        (("--bpr", "0.15,4"), ("--bpr", "Leave the option out")),
        (("--network", "nowhere"), ("no network at nowhere", "no such file or folder")),
        (("--select", "aktauu"), ("aktauu", "--select", "Did you mean 'aktau'")),
        (("--select", "country:ZZ"), ("country:ZZ", "no such country")),
        (("--demand", "nothing.csv"), ("nothing.csv", "there is no such file")),
        (("--map", "no_folder/map.svg"), ("--map", "no folder no_folder", "Make it first")),
        (("--flows", "no_folder/flows.csv"), ("--flows", "no folder no_folder")),
    ],
)  # fmt: skip
def test_bad_options_are_refused(words: tuple[str, ...], said: tuple[str, ...]) -> None:
    asked = ask("assign", *words)
    assert asked.code == 2
    assert asked.shown == ""
    for word in said:
        assert word in asked.said, asked.said
