"""Every broken input gets exactly the message that stands beside it, and each rule is broken by one of them."""

import re
import tempfile
from pathlib import Path

import pytest

from dehliz.network.rulebook import CHAPTERS, find_rule
from tests.cases.make_broken import list_cases, make_files
from tests.cases.run_broken import BROKEN, RUNNERS, read_case, run_case

FOLDERS = sorted(BROKEN.iterdir())
CITED = re.compile(r"\(rule ([^)]+)\)")
UNBROKEN = {
    "network.library.geo",  # needs a machine without geopandas: tests/unit/network/test_geofiles.py
    "demand.library.omx",  # needs a machine without openmatrix: tests/unit/network/test_demand_files.py
    "demand.matrix.shape",  # needs a matrix in HDF5, as does the next: the same file
    "demand.matrix.zones",
    "gtfs.feed.size",  # needs a file of 64 MB: tests/unit/network/test_gtfs.py
    "*.table.known",  # files of unknown tables are never read: tests/unit/network/test_network.py
}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_message(folder: Path, tmp_path: Path) -> None:
    assert run_case(folder, tmp_path) == (folder / "expected.txt").read_text(encoding="utf-8")


def test_there_are_many() -> None:
    assert len(FOLDERS) >= 150


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_message_is_for_people(folder: Path) -> None:
    text = (folder / "expected.txt").read_text(encoding="utf-8")
    assert read_case(folder)["kind"] in RUNNERS
    assert "Traceback" not in text
    assert "no error" not in text
    assert not re.search(r"exit code [01]\b|The folder was changed|Dehliz failed", text)
    assert not re.search(r"\bnan\b[^'.]|<NA>|dtype|object at 0x", text)
    assert not re.search(r"[.?!] ?\.(?![./])|  +[a-z]", text)


OF_TABLES = [folder for folder in FOLDERS if read_case(folder)["kind"] not in ("hazard", "study", "command")]
"""Cases of the network floor; the other floors have their own rules."""


@pytest.mark.parametrize("folder", OF_TABLES, ids=lambda folder: folder.name)
def test_cited_rules_are_in_the_rulebook(folder: Path) -> None:
    for name in CITED.findall((folder / "expected.txt").read_text(encoding="utf-8")):
        assert find_rule(name) is not None, f"{folder.name} cites {name}"


def test_every_rule_is_broken() -> None:
    cited = {
        name
        for folder in FOLDERS
        for name in CITED.findall((folder / "expected.txt").read_text(encoding="utf-8"))
    }
    used = {rule.name for name in cited if (rule := find_rule(name))}
    known = {name for rules in CHAPTERS.values() for name in rules}
    assert known - used == UNBROKEN


def test_folders_are_what_the_lists_make() -> None:
    for case in list_cases():
        files = make_files(case)
        folder = BROKEN / case.name
        stored = {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "expected.txt"}
        assert stored == files, f"{case.name}: run python -m tests.cases.make_broken"


def test_a_good_network_gives_no_message() -> None:
    with tempfile.TemporaryDirectory() as target:
        folder = Path(target) / "good"
        folder.mkdir()
        (folder / "case.toml").write_text('kind = "network"\nbase = "corridor3"\nwhat = "nothing"\n')
        assert run_case(folder, Path(target)).startswith("no error: <Network broken: 5 nodes, 6 links")
