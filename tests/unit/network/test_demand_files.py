"""Demand of one's own: every form gives the same table, and every fault is told with its place."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dehliz.base.errors import DataError
from dehliz.network.demand_files import OwnDemand, read_demand, require_plain

ZONES = ("a", "b", "c")
CSV = "origin_id,destination_id,volume\na,b,5\nb,c,0\nc,a,2.5\n"


def write(folder: Path, text: str, name: str = "d.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rows(demand: OwnDemand) -> list[tuple[str, str, str, float]]:
    return [tuple(row) for row in demand.frame.itertuples(index=False)]


def fail(path: Path, zones: tuple[str, ...] = ZONES, segments: tuple[str, ...] | None = None) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_demand(path, zones, segments)
    return [f"{issue.rule} {'; '.join(issue.ids)}".strip() for issue in caught.value.issues]


def test_csv(tmp_path: Path) -> None:
    found = read_demand(write(tmp_path, CSV), ZONES)
    assert rows(found) == [("a", "b", "all", 5.0), ("b", "c", "all", 0.0), ("c", "a", "all", 2.5)]
    assert found.unit == ""
    assert list(found.frame.columns) == ["origin_id", "destination_id", "segment_id", "volume"]


@pytest.mark.parametrize(
    "header", ["o_zone_id,d_zone_id,volume", "origin,destination,volume", "from_zone_id,to_zone_id,volume"]
)
def test_names_of_other_makers(tmp_path: Path, header: str) -> None:
    found = read_demand(write(tmp_path, CSV.replace("origin_id,destination_id,volume", header)), ZONES)
    assert rows(found)[0] == ("a", "b", "all", 5.0)


def test_columns_that_nobody_asked_for_are_passed_over(tmp_path: Path) -> None:
    text = "remark,volume,destination_id,origin_id,distance_km\nx,5,b,a,300\n"
    assert rows(read_demand(write(tmp_path, text), ZONES)) == [("a", "b", "all", 5.0)]


def test_segments(tmp_path: Path) -> None:
    text = "origin_id,destination_id,segment_id,volume_t_a\na,b,grain,5\na,b,oil,6\n"
    found = read_demand(write(tmp_path, text), ZONES, ("grain", "oil"))
    assert rows(found) == [("a", "b", "grain", 5.0), ("a", "b", "oil", 6.0)]
    assert found.unit == "_t_a"
    assert fail(tmp_path / "d.csv", ZONES, ("grain",)) == ["demand.segment_id.refers a / b / oil in row 3"]
    assert fail(tmp_path / "d.csv") == ["demand.segment_id.none"]
    assert fail(write(tmp_path, CSV), ZONES, ("grain", "oil")) == ["demand.segment_id.present"]
    assert rows(read_demand(tmp_path / "d.csv", ZONES, ("grain",)))[0][2] == "grain"


@pytest.mark.parametrize("unit", ["_t_a", "_t_d", "_teu_a", "_teu_d", "_veh_d"])
def test_units_are_read_from_the_name(tmp_path: Path, unit: str) -> None:
    path = write(tmp_path, CSV.replace("volume", f"volume{unit}"))
    found = read_demand(path, ZONES)
    assert found.unit == unit
    assert found.frame["volume"].tolist() == [5.0, 0.0, 2.5]
    with pytest.raises(DataError, match=rf"d\.csv, column volume{unit}: another unit"):
        require_plain(found, "d.csv")


def test_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame({"origin_id": [1, 2], "destination_id": [2, 1], "volume": [3.0, 4.0]})
    frame.to_parquet(tmp_path / "d.parquet")
    assert rows(read_demand(tmp_path / "d.parquet", ("1", "2"))) == [
        ("1", "2", "all", 3.0),
        ("2", "1", "all", 4.0),
    ]
    frame.assign(volume=[np.nan, -1.0], origin_id=[1, 3]).to_parquet(tmp_path / "d.parquet")
    assert fail(tmp_path / "d.parquet", ("1", "2")) == [
        "demand.volume.present 1 / 2", "demand.volume.bounds 3 / 1", "demand.origin_id.refers 3 / 1",
    ]  # fmt: skip
    (tmp_path / "d.parquet").write_bytes(b"PAR1 no more")
    assert fail(tmp_path / "d.parquet") == ["demand.file.damaged"]


def test_tntp_trips(tmp_path: Path) -> None:
    text = "<NUMBER OF ZONES> 3\n<END OF METADATA>\nOrigin 1\n2 : 5;\nOrigin 3\n1 : 2.5;\n"
    path = write(tmp_path, text, "d_trips.tntp")
    assert rows(read_demand(path, ZONES)) == [("a", "b", "all", 5.0), ("c", "a", "all", 2.5)]
    assert fail(path, ("a", "b")) == ["tntp_trips.zone.count row 1", "tntp_trips.zone.refers row 5"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("a,b,5", "x,b,5", "demand.origin_id.refers x / b in row 2"),
        ("a,b,5", "a,x,5", "demand.destination_id.refers a / x in row 2"),
        ("a,b,5", "a,b,-5", "demand.volume.bounds a / b in row 2"),
        ("a,b,5", "a,b,", "demand.volume.present a / b in row 2"),
        ("a,b,5", ",b,5", "demand.origin_id.present b in row 2"),
        ("a,b,5", "a,b,five", "demand.volume.type a / b in row 2"),
        ("a,b,5", "a,b,nan", "demand.volume.type a / b in row 2"),
        ("a,b,5", "a,b,inf", "demand.volume.type a / b in row 2"),
        ("a,b,5", "b,c,5", "demand.origin_id.unique b / c in row 2; b / c in row 3"),
        ("a,b,5", "a,b,5,6", "demand.file.ragged row 2"),
        ("volume", "tonnes", "demand.volume.present"),
        ("origin_id", "start", "demand.origin_id.present"),
        (",", ";", "demand.file.separator"),
        (CSV, "", "demand.file.empty"),
    ],
)
def test_faults(tmp_path: Path, old: str, new: str, rule: str) -> None:
    assert fail(write(tmp_path, CSV.replace(old, new) if old == "," else CSV.replace(old, new, 1))) == [rule]


def test_faults_come_together(tmp_path: Path) -> None:
    text = "origin_id,destination_id,volume,volume_t_a\nx,b,-5,1\na,y,no,1\n"
    assert fail(write(tmp_path, text)) == [
        "demand.volume.single", "demand.volume.type a / y in row 3", "demand.volume.bounds x / b in row 2",
        "demand.origin_id.refers x / b in row 2", "demand.destination_id.refers a / y in row 3",
    ]  # fmt: skip


def test_files_that_are_not_there_or_of_another_kind(tmp_path: Path) -> None:
    write(tmp_path, CSV)
    with pytest.raises(DataError, match=r"there is no such file\..*Did you mean 'd\.csv'"):
        read_demand(tmp_path / "e.csv", ZONES)
    assert fail(write(tmp_path, "", "d.xlsx")) == ["demand.file.form"]


def write_omx(path: Path, matrices: dict[str, list[list[float]]], zones: list[int] | None = None) -> Path:
    openmatrix = pytest.importorskip("openmatrix")
    with openmatrix.open_file(str(path), "w") as file:
        for name, matrix in matrices.items():
            file[name] = np.array(matrix)
        if zones is not None:
            file.create_mapping("zone", zones)
    return path


def test_omx(tmp_path: Path) -> None:
    path = write_omx(tmp_path / "d.omx", {"flow": [[0.0, 5.0], [2.0, 0.0]]})
    assert rows(read_demand(path, ("a", "b"))) == [("a", "b", "all", 5.0), ("b", "a", "all", 2.0)]
    path = write_omx(
        tmp_path / "m.omx", {"grain": [[0.0, 5.0], [2.0, 0.0]], "oil": [[1.0, 0.0], [0.0, 0.0]]}, [7, 3]
    )
    assert rows(read_demand(path, ("3", "7"), ("grain", "oil"))) == [
        ("7", "3", "grain", 5.0), ("3", "7", "grain", 2.0), ("7", "7", "oil", 1.0),
    ]  # fmt: skip
    assert fail(path, ("3", "7")) == ["demand.segment_id.none"]
    assert fail(path, ("3",), ("grain", "oil")) == [
        "demand.origin_id.refers 7 / 3 / grain; 7 / 7 / oil", "demand.destination_id.refers 3 / 7 / grain; 7 / 7 / oil",
    ]  # fmt: skip


def test_faults_of_omx(tmp_path: Path) -> None:
    path = write_omx(tmp_path / "d.omx", {"flow": [[0.0, -5.0], [np.nan, 0.0]]})
    assert fail(path, ("a", "b")) == ["demand.volume.present b / a", "demand.volume.bounds a / b"]
    assert fail(path, ZONES) == ["demand.matrix.shape"]
    assert fail(write_omx(tmp_path / "n.omx", {})) == ["demand.file.empty"]
    assert fail(write(tmp_path, "no", "e.omx")) == ["demand.file.damaged"]
    openmatrix = pytest.importorskip("openmatrix")
    with openmatrix.open_file(str(path), "a") as file:
        for name in ("one", "other"):
            file.create_mapping(name, [1, 2])
    assert fail(path, ("1", "2")) == ["demand.matrix.zones"]


def test_omx_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openmatrix", None)
    assert fail(write(tmp_path, "", "d.omx")) == ["demand.library.omx"]
