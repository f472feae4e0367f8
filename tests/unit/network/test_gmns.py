"""A GMNS folder of another tool: the expected numbers stand in tests/cases/gmns_small/README.md."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dehliz.base.errors import DataError
from dehliz.network.files import read_network, write_network
from dehliz.network.gmns import is_gmns
from dehliz.network.network import Network


@pytest.fixture
def small(gmns_folder: Path) -> Network:
    return read_network(gmns_folder)


@pytest.fixture
def copy(gmns_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(gmns_folder, tmp_path / "gmns"))


def edit(folder: Path, file: str, change: Callable[[str], str]) -> None:
    path = folder / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_units_are_converted(small: Network) -> None:
    link = small.link.set_index("link_id")
    assert link["length_km"]["11"] == pytest.approx(112.65408)
    assert link["speed_km_h"]["11"] == pytest.approx(80.4672)


def test_missing_length_is_measured_on_the_line(small: Network) -> None:
    link = small.link.set_index("link_id")
    assert link["length_km"]["12"] == pytest.approx(111.2, abs=0.05)
    assert link["length_basis"]["12"] == "geometry"
    assert small.shape.to_dict("records") == [
        {"table_name": "link", "row_id": "12", "coordinates": "11 1;11.5 1.01;12 1"}
    ]


def test_uses_become_modes(small: Network) -> None:
    assert dict(zip(small.link["link_id"], small.link["mode_id"], strict=True)) == {
        "11": "road", "12": "road", "13": "rail_1435", "14": "rail_1435", "14_road": "road", "16": "road",
    }  # fmt: skip
    assert small.mode["mode_id"].tolist() == ["rail_1435", "road"]


def test_zones_lie_at_their_centroids(small: Network) -> None:
    assert dict(zip(small.zone["zone_id"], small.zone["node_id"], strict=True)) == {"100": "1", "200": "3"}
    assert small.zone["name"].tolist() == ["West", "East"]


def test_connectors_are_without_time_and_cost(small: Network) -> None:
    assert small.connector["connector_id"].tolist() == [
        "100_rail_1435",
        "100_road",
        "200_rail_1435",
        "200_road",
    ]
    assert (small.connector["handling_time_h"] == 0).all()


def test_everything_assumed_is_noted(small: Network) -> None:
    said = "\n".join(small.notes)
    for words in ("ZZ", "1435 mm is assumed", "road is assumed", "without time, cost", "left out: 300",
                  "measured", "not used: parent_link_id", "without freight", "split"):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize("form", ["csv", "parquet", "gmns", "gpkg", "geoparquet"])
def test_imported_network_goes_through_every_form(small: Network, tmp_path: Path, form: str) -> None:
    path = write_network(small, tmp_path / ("x.gpkg" if form == "gpkg" else "x"), form)
    assert read_network(path).fingerprint == small.fingerprint


def test_kilometres_when_config_says_so(copy: Path) -> None:
    edit(copy, "config.csv", lambda text: text.replace(",miles,mph,", ",km,km/h,"))
    edit(
        copy,
        "link.csv",
        lambda text: text.replace(",70,", ",112,").replace(",100,", ",160,").replace(",140,", ",225,"),
    )
    assert read_network(copy).link.set_index("link_id")["length_km"]["11"] == 112


def test_speed_unit_follows_length_when_it_is_missing(copy: Path) -> None:
    edit(copy, "config.csv", lambda text: text.replace(",mph,", ",,"))
    network = read_network(copy)
    assert network.link.set_index("link_id")["speed_km_h"]["11"] == pytest.approx(80.4672)
    assert any("no unit of speed" in note for note in network.notes)


def test_without_zones_every_node_is_one(copy: Path) -> None:
    (copy / "zone.csv").unlink()
    edit(copy, "node.csv", lambda text: text.replace(",100,", ",,").replace(",200,", ",,"))
    network = read_network(copy)
    assert network.zone["zone_id"].tolist() == ["1", "2", "3", "4"]
    assert any("has no zones" in note for note in network.notes)


def test_use_groups_are_unfolded(copy: Path) -> None:
    (copy / "use_group.csv").write_text('use_group,uses,description\nfreight,"truck,rail",\n')
    edit(copy, "link.csv", lambda text: text.replace('"rail,truck"', "freight"))
    assert "14_rail_1435" in read_network(copy).link["link_id"].tolist()


def test_lines_may_stand_in_geometry_csv(copy: Path) -> None:
    (copy / "geometry.csv").write_text('geometry_id,geometry\ng1,"LINESTRING (11 1, 11.5 1.01, 12 1)"\n')
    edit(copy, "link.csv", lambda text: text.replace(',0,,"LINESTRING (11 1, 11.5 1.01, 12 1)"', ",0,g1,"))
    assert read_network(copy).shape["row_id"].tolist() == ["12"]


def test_own_tables_and_columns_are_read(copy: Path) -> None:
    (copy / "country.csv").write_text("country_id,name\nKZ,Kazakhstan\n")
    (copy / "mode.csv").write_text("mode_id,name,medium,gauge_mm,description\nroad,Road,road,,Trucks\n"
                                   "rail_1520,Rail,rail,1520,Trains\n")  # fmt: skip
    edit(
        copy,
        "link.csv",
        lambda text: text.replace(",rail,", ",rail_1520,").replace("rail,truck", "rail_1520,truck"),
    )
    for file in ("node.csv", "link.csv"):
        edit(copy, file, lambda text: "\n".join(
            f"{line},{'KZ' if row else 'country_id'}" for row, line in enumerate(text.splitlines())
        ) + "\n")  # fmt: skip
    network = read_network(copy)
    assert set(network.node["country_id"]) == {"KZ"}
    assert set(network.link["country_id"]) == {"KZ"}
    assert set(network.mode["mode_id"]) == {"road", "rail_1520"}
    assert not any("ZZ" in note for note in network.notes)


def test_folders_of_ours_are_not_gmns(corridor3_folder: Path, gmns_folder: Path, tmp_path: Path) -> None:
    assert is_gmns(gmns_folder)
    assert not is_gmns(corridor3_folder)
    assert not is_gmns(tmp_path)


def test_gmns_of_ours_is_gmns(corridor3: Network, tmp_path: Path) -> None:
    write_network(corridor3, tmp_path, "gmns")
    header = (tmp_path / "link.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    for column in (
        "link_id",
        "from_node_id",
        "to_node_id",
        "directed",
        "geometry",
        "length",
        "free_speed",
        "allowed_uses",
    ):
        assert column in header
    assert "length_km" not in header


def test_all_faults_of_all_files_come_together(copy: Path) -> None:
    edit(copy, "node.csv", lambda text: text.replace("1,Alpha,10,", "1,Alpha,east,"))
    edit(copy, "link.csv", lambda text: text.replace(",70,", ",-70,", 1))
    edit(copy, "config.csv", lambda text: text.replace("EPSG:4326", "EPSG:3857"))
    with pytest.raises(DataError) as caught:
        read_network(copy)
    assert {issue.rule for issue in caught.value.issues} == {
        "gmns_node.x_coord.type", "gmns_link.length.bounds", "gmns_config.crs.known",
    }  # fmt: skip
