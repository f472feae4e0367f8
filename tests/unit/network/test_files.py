"""Every form of a network is read, written, and read again as the same network."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from dehliz.base.errors import DataError, SettingsError, StoreError
from dehliz.network.files import FORMS, find_form, read_network, write_network
from dehliz.network.network import Network


def target(folder: Path, form: str) -> Path:
    return folder / ("out.gpkg" if form == "gpkg" else f"out_{form}")


@pytest.mark.parametrize("form", FORMS)
def test_there_and_back(corridor3: Network, tmp_path: Path, form: str) -> None:
    path = write_network(corridor3, target(tmp_path, form), form)
    again = read_network(path)
    assert again.fingerprint == corridor3.fingerprint
    assert again.shape.equals(corridor3.shape)
    assert again.notes == ()


@pytest.mark.parametrize("form", FORMS)
def test_form_is_found(corridor3: Network, tmp_path: Path, form: str) -> None:
    assert find_form(write_network(corridor3, target(tmp_path, form), form)) == form


@pytest.mark.parametrize("form", ["csv", "gmns"])
def test_text_forms_are_written_to_the_byte(corridor3: Network, tmp_path: Path, form: str) -> None:
    first = write_network(corridor3, tmp_path / "first", form)
    second = write_network(read_network(first, name="corridor3"), tmp_path / "second", form)
    for file in first.iterdir():
        assert file.read_bytes() == (second / file.name).read_bytes(), file.name


def test_the_example_is_stored_as_it_is_written(
    corridor3: Network, corridor3_folder: Path, tmp_path: Path
) -> None:
    write_network(corridor3, tmp_path, "csv")
    for file in corridor3_folder.glob("*.csv"):
        assert file.read_bytes() == (tmp_path / file.name).read_bytes(), file.name


def test_name_is_that_of_the_folder_or_the_one_given(corridor3_folder: Path) -> None:
    assert read_network(corridor3_folder).name == "corridor3"
    assert read_network(str(corridor3_folder), name="mine").name == "mine"


def test_descriptor_may_be_given_as_the_path(corridor3: Network, tmp_path: Path) -> None:
    write_network(corridor3, tmp_path, "csv")
    assert read_network(tmp_path / "datapackage.json").fingerprint == corridor3.fingerprint


def test_descriptor_says_where_files_are(corridor3: Network, corridor3_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(corridor3_folder, tmp_path / "net" / "data")
    resources = [
        {"name": file.stem, "path": f"data/{file.name}"} for file in (tmp_path / "net" / "data").glob("*.csv")
    ]
    (tmp_path / "net" / "datapackage.json").write_text(json.dumps({"resources": resources}))
    assert read_network(tmp_path / "net").fingerprint == corridor3.fingerprint


def test_other_files_are_noted(corridor3_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(corridor3_folder, tmp_path / "net")
    (tmp_path / "net" / "population.csv").write_text("a,b\n1,2\n")
    (tmp_path / "net" / "fact.csv").write_text("a,b\n1,2\n")
    notes = read_network(tmp_path / "net").notes
    assert notes == ("population.csv is not a table of a network and was left out",)


def test_byte_order_mark_is_read_and_noted(
    corridor3: Network, corridor3_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(corridor3_folder, tmp_path / "net")
    file = tmp_path / "net" / "node.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    network = read_network(tmp_path / "net")
    assert network.fingerprint == corridor3.fingerprint
    assert len(network.notes) == 1


def test_parquet_with_other_types_is_read(corridor3: Network, tmp_path: Path) -> None:
    write_network(corridor3, tmp_path, "parquet")
    node = corridor3.node.assign(lon_deg=corridor3.node["lon_deg"].astype(str), fact_ids=None)
    node.to_parquet(tmp_path / "node.parquet")
    assert read_network(tmp_path).fingerprint == corridor3.fingerprint


def test_numeric_ids_in_parquet_become_text(corridor3: Network, tmp_path: Path) -> None:
    write_network(corridor3, tmp_path, "parquet")
    container = corridor3.container.assign(container_id=[20, 40])
    container.to_parquet(tmp_path / "container.parquet")
    assert read_network(tmp_path).container["container_id"].tolist() == ["20", "40"]


def test_unknown_form_is_refused(corridor3: Network, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Did you mean 'parquet'"):
        write_network(corridor3, tmp_path, "parqet")


@pytest.mark.parametrize("form", ["csv", "parquet", "gmns", "geoparquet"])
def test_a_file_in_the_way_is_refused(corridor3: Network, tmp_path: Path, form: str) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(DataError, match="is a file"):
        write_network(corridor3, tmp_path / "taken", form)


@pytest.mark.parametrize("form", ["csv", "parquet", "gmns", "geoparquet"])
def test_files_are_not_replaced_unawares(corridor3: Network, tmp_path: Path, form: str) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "node.csv").write_text("years of work")
    with pytest.raises(DataError, match=r"not empty.*unawares.*--overwrite"):
        write_network(corridor3, mine, form)
    assert [(file.name, file.read_text()) for file in mine.iterdir()] == [("node.csv", "years of work")]


def test_overwriting_leaves_other_files(corridor3: Network, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for _ in range(2):
        write_network(corridor3, tmp_path, "csv", overwrite=True)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert read_network(tmp_path).fingerprint == corridor3.fingerprint


def test_nothing_is_left_when_the_disk_refuses(
    corridor3: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dehliz.network.files.write_descriptor", refuse)
    with pytest.raises(StoreError, match="No space left on device"):
        write_network(corridor3, tmp_path / "new", "csv")
    assert list(tmp_path.iterdir()) == []


def test_place_that_cannot_be_written_is_told(corridor3: Network, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(StoreError, match="could not be written"):
        write_network(corridor3, tmp_path / "taken" / "net")


def test_missing_path_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "network").mkdir()
    with pytest.raises(DataError, match="Did you mean 'network'"):
        read_network(tmp_path / "netwrok")


def test_missing_parent_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_network(tmp_path / "a" / "b" / "c")


def test_reading_does_not_depend_on_pandas_options(corridor3: Network, corridor3_folder: Path) -> None:
    with pd.option_context("display.precision", 2):
        assert read_network(corridor3_folder).fingerprint == corridor3.fingerprint
