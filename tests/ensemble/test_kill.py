"""Kills of workers and of the whole command lose nothing (``python -m tests.ensemble`` does many more)."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ensemble.killing import Killer, make_environment, make_undisturbed

STUDY = """
name = "killed"
[ensemble]
job = "trial"
runs = 150
workers = 2
[trial]
pause_s = 0.01
"""


@pytest.mark.slow
def test_the_command_itself_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    start = [
        sys.executable,
        "-c",
        "from dehliz.cli.main import main; main()",
        "ensemble",
        str(tmp_path / "study.toml"),
    ]

    def begin(name: str) -> "subprocess.Popen[str]":
        words = [*start, "--folder", str(tmp_path / name), "--json"]
        return subprocess.Popen(words, env=make_environment(), stdout=subprocess.PIPE, text=True)

    undisturbed = json.loads(begin("undisturbed").communicate()[0])
    reached = 0
    for _ in range(3):
        with begin("killed") as command:
            while command.poll() is None and len(list((tmp_path / "killed").rglob("*.run"))) < reached + 15:
                time.sleep(0.02)
            command.kill()
        reached = len(list((tmp_path / "killed").rglob("*.run")))
    last = json.loads(begin("killed").communicate()[0])
    assert last["status"] == "ok"
    assert last["tables"] == undisturbed["tables"]
    assert last["new"] <= 150 - 45, "what was done before the kills was not done again"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_300_kills_lose_nothing(tmp_path: Path) -> None:
    hashes = make_undisturbed(tmp_path / "undisturbed", 400, 0.002)
    figures = Killer(tmp_path, 400, 0.002, seed=1).work(300, hashes)
    print(f"\n{figures}")
    assert figures.kills.total() >= 300
    assert figures.acknowledged_count > 0
    figures.assert_nothing_lost()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_1000_runs_with_50_kills_are_equal_to_an_undisturbed_ensemble(tmp_path: Path) -> None:
    hashes = make_undisturbed(tmp_path / "undisturbed", 1000, 0.01)
    figures = Killer(tmp_path, 1000, 0.01, seed=2).work(50, hashes, most_ensembles=1)
    print(f"\n{figures}")
    assert figures.kills.total() == 50, "the ensemble ended before all kills: give it more to do"
    assert figures.ensemble_count == 1
    assert figures.acknowledged_count >= 950, "a kill may come between the record and its witness"
    figures.assert_nothing_lost()
