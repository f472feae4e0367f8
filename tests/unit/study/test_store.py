"""Run folders: whole or not at all, same bytes for the same run, damage told."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from dehliz.base.errors import StoreError
from dehliz.study.store import check_target, read_run, write_run

TABLES = {"sample": pd.DataFrame({"name": ["Ələt", "Қорғас"], "time_h": [1.5, float("nan")]})}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_run(tmp_path / "one", {"name": "x"}, TABLES, {"report.html": "<p>"})
    manifest, tables = read_run(tmp_path / "one")
    assert manifest["name"] == "x"
    pd.testing.assert_frame_equal(tables["sample"], TABLES["sample"], check_dtype=False)
    assert (tmp_path / "one" / "report.html").read_text() == "<p>"


def test_same_run_gives_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_run(tmp_path / name, {"name": "x"}, TABLES, {})
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_run_is_not_replaced_unawares(tmp_path: Path) -> None:
    write_run(tmp_path / "one", {}, TABLES, {})
    with pytest.raises(StoreError, match="--overwrite"):
        write_run(tmp_path / "one", {}, TABLES, {})
    write_run(tmp_path / "one", {"name": "new"}, TABLES, {}, overwrite=True)
    assert read_run(tmp_path / "one")[0]["name"] == "new"


def test_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="is not a run folder"):
        write_run(tmp_path / "mine", {}, TABLES, {}, overwrite=True)
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_nothing_is_left_when_a_table_cannot_be_written(tmp_path: Path) -> None:
    bad = {"sample": pd.DataFrame({"x": [1, "a", object()]})}
    with pytest.raises(Exception, match=r"."):
        write_run(tmp_path / "one", {}, bad, {})
    assert list(tmp_path.iterdir()) == []


def test_changed_table_is_told(tmp_path: Path) -> None:
    write_run(tmp_path / "one", {}, TABLES, {})
    path = tmp_path / "one" / "tables" / "sample.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(StoreError, match="not the one that was written"):
        read_run(tmp_path / "one")
    path.unlink()
    with pytest.raises(StoreError, match="is missing"):
        read_run(tmp_path / "one")


@pytest.mark.parametrize("text", ["", "[]", "{}", "no json", "[" * 100_000])
def test_damaged_manifest_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "manifest.json").write_text(text)
    with pytest.raises(StoreError):
        read_run(tmp_path / "one")


def test_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    write_run(tmp_path / "one", {"name": "x"}, TABLES, {})
    assert read_run(tmp_path / "one")[0]["name"] == "x"


def test_older_run_stays_when_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(tmp_path / "one", {"name": "old"}, TABLES, {})
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "run":
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StoreError, match="Permission denied"):
        write_run(tmp_path / "one", {"name": "new"}, TABLES, {}, overwrite=True)
    assert read_run(tmp_path / "one")[0]["name"] == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_manifest_that_points_elsewhere_is_refused(tmp_path: Path) -> None:
    write_run(tmp_path / "one", {}, TABLES, {})
    (tmp_path / "one" / "manifest.json").write_text('{"tables": {"../../other": "x"}}')
    with pytest.raises(StoreError, match="no name of a table"):
        read_run(tmp_path / "one")


def test_table_that_is_not_parquet_is_told(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "one", {}, TABLES, {})
    (folder / "tables" / "sample.parquet").write_bytes(b"no table")
    digest = hashlib.sha256(b"no table").hexdigest()
    (folder / "manifest.json").write_text(json.dumps({"tables": {"sample": digest}}))
    with pytest.raises(StoreError, match="cannot be read"):
        read_run(folder)


def test_table_of_another_version_is_told(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "one", {"version": "0.0.1"}, {"claim": pd.DataFrame({"claim": ["x"]})}, {})
    with pytest.raises(StoreError, match=r"no column scenario_id.*made by version 0\.0\.1"):
        read_run(folder)


def test_table_that_is_needed_is_told(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "one", {}, TABLES, {})
    with pytest.raises(StoreError, match="there is no table route"):
        read_run(folder, needed=("route",))


@pytest.mark.parametrize("value", [5, None, "text"])
def test_manifest_with_other_kinds_of_values_is_told(tmp_path: Path, value: object) -> None:
    folder = write_run(tmp_path / "one", {"notes": value}, TABLES, {})
    with pytest.raises(StoreError, match="key notes has a value of another kind"):
        read_run(folder)


def test_place_inside_a_file_is_told_before_anything_is_computed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="not a folder that can be written to"):
        check_target(tmp_path / "file" / "run", overwrite=False)
