"""Services go out to a GTFS feed and come in from one at the command line."""

import json
import shutil
from pathlib import Path

import pytest

from dehliz.cli.main import main
from dehliz.network.files import read_network
from dehliz.network.gtfs import read_gtfs
from tests.cases.run_broken import CASES

OWN = str(CASES / "corridor3")
FEED = str(CASES / "gtfs_small")


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    return int(stop.value.code or 0)


def test_export_and_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feed, target = str(tmp_path / "feed.zip"), tmp_path / "again"
    days = ("--first-date", "2025-03-01", "--last-date", "2025-03-31")
    assert run("network", "export", feed, "--format", "gtfs", "--network", OWN, *days) == 0
    assert run("network", "build", OWN, str(target), "--services", feed) == 0
    assert "Services replaced" in capsys.readouterr().err
    assert read_network(target).fingerprint == read_network(OWN).fingerprint
    assert len(read_gtfs(feed).service_leg) == 2


def test_base_that_only_services_make_whole_is_built(tmp_path: Path) -> None:
    """Berths at which no service of the base calls any more: refused alone, sound with the feed."""
    feed, base = str(tmp_path / "feed.zip"), tmp_path / "base"
    assert run("network", "export", feed, "--format", "gtfs", "--network", OWN) == 0
    shutil.copytree(OWN, base)
    lines = (base / "service_leg.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (base / "service_leg.csv").write_text(lines[0], encoding="utf-8")
    (base / "departure.csv").unlink(missing_ok=True)
    assert run("network", "build", str(base), str(tmp_path / "alone")) == 2
    assert run("network", "build", str(base), str(tmp_path / "joined"), "--services", feed) == 0
    assert read_network(tmp_path / "joined").fingerprint == read_network(OWN).fingerprint


def test_faults_that_services_do_not_mend_name_their_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed, base = str(tmp_path / "feed.zip"), tmp_path / "base"
    assert run("network", "export", feed, "--format", "gtfs", "--network", OWN) == 0
    shutil.copytree(OWN, base)
    rows = (base / "server.csv").read_text(encoding="utf-8")
    (base / "server.csv").write_text(rows.replace(",quay,", ",mark,"), encoding="utf-8")
    assert run("network", "build", str(base), str(tmp_path / "joined"), "--services", feed) == 2
    said = capsys.readouterr().err
    assert "server.csv" in said
    assert "in row 3" in said
    assert "server.server_id.reached" in said


def test_days_are_those_of_the_year(tmp_path: Path) -> None:
    assert (
        run(
            "network",
            "export",
            str(tmp_path / "feed"),
            "--format",
            "gtfs",
            "--network",
            OWN,
            "--year",
            "2030",
        )
        == 0
    )
    info = (tmp_path / "feed" / "feed_info.txt").read_text(encoding="utf-8")
    assert ",20300101,20301231," in info


def test_check_reads_a_feed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("network", "check", FEED, "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["status"] == "ok"
    assert shown["summary"] == "<Services gtfs_small: 5 service legs, 11 departures, 4 stops>"
    assert any("capacity" in note for note in shown["notes"])


def test_foreign_feed_joins_a_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feed = tmp_path / "feed"
    shutil.copytree(FEED, feed)
    for name in ("stops.txt", "stop_times.txt"):
        text = (feed / name).read_text(encoding="utf-8")
        (feed / name).write_text(text.replace("west,", "coast,"), encoding="utf-8")
    assert run("network", "build", OWN, str(tmp_path / "joined"), "--services", str(feed)) == 0
    assert "became nodes" in capsys.readouterr().err
    network = read_network(tmp_path / "joined")
    assert len(network.departure) == 11 + len(read_network(OWN).departure)
    assert {"coast", "isle", "east", "town"} <= set(network.node["node_id"])
