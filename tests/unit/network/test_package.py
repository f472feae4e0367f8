"""The data-package descriptor: written for all columns, read for the paths of files."""

import json
from pathlib import Path

import pytest

from dehliz.base.schema import read_spec
from dehliz.network.network import TABLES, Network
from dehliz.network.package import DESCRIPTOR, read_descriptor, write_descriptor


def test_descriptor_describes_every_column(corridor3: Network, tmp_path: Path) -> None:
    write_descriptor(tmp_path, "corridor3", corridor3.tables(), "csv")
    content = json.loads((tmp_path / DESCRIPTOR).read_text(encoding="utf-8"))
    assert content["name"] == "corridor3"
    assert [resource["name"] for resource in content["resources"]] == list(TABLES)
    for resource in content["resources"]:
        fields = resource["schema"]["fields"]
        assert tuple(field["name"] for field in fields) == read_spec(resource["name"]).column_names
        assert all(field["type"] in ("string", "number", "integer", "boolean") for field in fields)


def test_descriptor_tells_bounds_choices_and_references(corridor3: Network, tmp_path: Path) -> None:
    write_descriptor(tmp_path, "x", {"link": corridor3.link}, "parquet")
    (link,) = json.loads((tmp_path / DESCRIPTOR).read_text(encoding="utf-8"))["resources"]
    fields = {field["name"]: field for field in link["schema"]["fields"]}
    assert link["path"] == "link.parquet"
    assert fields["length_km"]["constraints"] == {"required": True, "minimum": 0.001, "maximum": 30000.0}
    assert fields["length_km"]["unit"] == "km"
    assert "open" in fields["status"]["constraints"]["enum"]
    assert {"fields": "mode_id", "reference": {"resource": "mode", "fields": "mode_id"}} in link["schema"][
        "foreignKeys"
    ]


def test_paths_come_from_the_descriptor(tmp_path: Path) -> None:
    resources = [{"name": "node", "path": "data/points.csv"}, {"name": "census", "path": "census.csv"}]
    (tmp_path / DESCRIPTOR).write_text(json.dumps({"resources": resources}))
    files, issues, notes = read_descriptor(tmp_path, TABLES)
    assert files == {"node": tmp_path / "data/points.csv"}
    assert issues == []
    assert notes == ["datapackage.json: resource 'census' is not a table of a network and was left out"]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../node.csv", "a/../../b.csv", "C:\\x.csv", "http://a/b", "", 5, None]
)
def test_paths_outside_the_folder_are_refused(tmp_path: Path, path: object) -> None:
    (tmp_path / DESCRIPTOR).write_text(json.dumps({"resources": [{"name": "node", "path": path}]}))
    files, issues, _ = read_descriptor(tmp_path, TABLES)
    assert files == {}
    assert [issue.rule for issue in issues] == ["package.resources.path"]
