"""GeoPackage and GeoParquet of others, and a machine without the libraries for them."""

import sys
from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
import pytest
import shapely

from dehliz.base.errors import DataError
from dehliz.network.files import read_network, write_network
from dehliz.network.network import Network


def test_layers_are_points_and_lines(corridor3: Network, tmp_path: Path) -> None:
    path = write_network(corridor3, tmp_path / "net.gpkg", "gpkg")
    kinds = dict(pyogrio.list_layers(path))
    assert kinds["node"] == "Point"
    assert kinds["link"] == kinds["service_leg"] == "LineString"
    assert kinds["country"] is None
    link = pyogrio.read_dataframe(path, layer="link")
    assert link.crs.to_epsg() == 4326
    line = link.set_index("link_id").geometry["xa_west_gate"]
    assert line.equals(shapely.LineString([(10, 0), (11, 0.2), (12.5, 0)]))


def test_coordinates_may_come_from_points_in_another_system(corridor3: Network, tmp_path: Path) -> None:
    path = write_network(corridor3, tmp_path / "net.gpkg", "gpkg")
    node = pyogrio.read_dataframe(path, layer="node").drop(columns=["lon_deg", "lat_deg"]).to_crs("EPSG:3857")
    pyogrio.write_dataframe(node, path, layer="node", driver="GPKG")
    again = read_network(path)
    assert again.node["lon_deg"].to_numpy() == pytest.approx(corridor3.node["lon_deg"].to_numpy())


def test_other_layers_are_noted(corridor3: Network, tmp_path: Path) -> None:
    path = write_network(corridor3, tmp_path / "net.gpkg", "gpkg")
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), path, layer="census", driver="GPKG")
    assert read_network(path).notes == ("net.gpkg: layer 'census' is not a table and was left out",)


def test_missing_layer_names_the_nearest(corridor3: Network, tmp_path: Path) -> None:
    path = tmp_path / "net.gpkg"
    nodes = geopandas.GeoDataFrame(corridor3.node, geometry=[shapely.Point(0, 0)] * 5, crs="EPSG:4326")
    pyogrio.write_dataframe(nodes, path, layer="nodes", driver="GPKG")
    with pytest.raises(DataError, match=r"layer node: there is no such layer.*Did you mean 'nodes'"):
        read_network(path)


def test_faults_inside_layers_name_the_layer(corridor3: Network, tmp_path: Path) -> None:
    path = write_network(corridor3, tmp_path / "net.gpkg", "gpkg")
    mode = corridor3.mode.assign(medium="air")
    pyogrio.write_dataframe(mode, path, layer="mode", driver="GPKG")
    with pytest.raises(DataError, match=r"net\.gpkg, layer mode, column medium"):
        read_network(path)


def test_writing_twice_replaces_only_when_asked(corridor3: Network, tmp_path: Path) -> None:
    path = write_network(corridor3, tmp_path / "net.gpkg", "gpkg")
    with pytest.raises(DataError, match="not replaced unawares"):
        write_network(corridor3, path, "gpkg")
    write_network(corridor3, path, "gpkg", overwrite=True)
    assert read_network(path).fingerprint == corridor3.fingerprint


def test_geopackage_needs_its_ending(corridor3: Network, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"end in \.gpkg"):
        write_network(corridor3, tmp_path / "net.db", "gpkg")


def test_geoparquet_opens_in_geopandas(corridor3: Network, tmp_path: Path) -> None:
    write_network(corridor3, tmp_path, "geoparquet")
    node = geopandas.read_parquet(tmp_path / "node.parquet")
    assert node.crs.to_epsg() == 4326
    assert (tmp_path / "datapackage.json").exists()


def test_damaged_geoparquet_is_told(corridor3: Network, tmp_path: Path) -> None:
    write_network(corridor3, tmp_path, "geoparquet")
    (tmp_path / "terminal.parquet").write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(DataError, match=r"terminal\.parquet: it cannot be read"):
        read_network(tmp_path)


@pytest.mark.parametrize("form", ["gpkg", "geoparquet"])
def test_missing_library_is_told(
    corridor3: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setitem(sys.modules, "geopandas", None)
    with pytest.raises(DataError, match=r"pip install 'dehliz\[geo\]'.*rule network\.library\.geo"):
        write_network(corridor3, tmp_path / "net.gpkg", form)
