"""``dehliz ensemble``: what it says, its exit codes, and that the same command goes on."""

import json
from pathlib import Path

import pytest

from dehliz.cli.main import main
from dehliz.cli.show_ensemble import describe
from dehliz.study.ensemble import Progress

STUDY = """
name = "trial"
[ensemble]
job = "trial"
runs = 6
workers = 1
[trial]
rows = 2
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def call(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["ensemble", *map(str, words)])
    shown = capsys.readouterr()
    assert isinstance(caught.value.code, int)
    return caught.value.code, shown.out, shown.err


def test_complete_ensemble_is_told(study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, study, "--folder", tmp_path / "e")
    assert code == 0
    assert "Complete: 6 of 6 runs" in out
    assert "overhead ms/run" in out
    assert "Sum of a run" in out
    assert max(len(line) for line in out.splitlines() if str(tmp_path) not in line) <= 100


def test_the_same_command_goes_on_and_json_is_one_document(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = call(capsys, study, "--folder", tmp_path / "e", "--runs", 4, "--json")
    first = json.loads(out)
    assert (code, first["status"], first["new"], first["workers"]) == (0, "ok", 4, 1)
    second = json.loads(call(capsys, study, "--folder", tmp_path / "e", "--json")[1])
    assert (second["done"], second["new"]) == (6, 2)
    assert second["summary"]["Sum of a run"][0]["runs"] == 6
    whole = json.loads(call(capsys, study, "--folder", tmp_path / "other", "--workers", 2, "--json")[1])
    assert whole["tables"] == second["tables"]
    other = json.loads(call(capsys, study, "--folder", tmp_path / "seed", "--seed", 9, "--json")[1])
    assert other["tables"] != second["tables"]


def test_failed_runs_are_told_with_their_reason(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study.write_text(STUDY + "fails = [0, 1, 2, 3, 4, 5]\n", encoding="utf-8")
    code, out, _ = call(capsys, study, "--folder", tmp_path / "e")
    assert code == 3
    assert out.startswith("Not complete: 0 of 6 runs")
    assert "Run 0 failed: ArithmeticError: the trial was told that run 0 fails" in out
    assert "and 1 more (table ensemble_run has all)" in out


def test_deadline_is_told(study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = STUDY.replace("workers = 1", "workers = 1\ndeadline_s = 0.01") + "pause_s = 0.1\n"
    study.write_text(text, encoding="utf-8")
    code, out, _ = call(capsys, study, "--folder", tmp_path / "e")
    assert code == 3
    assert "The deadline came first. The same command goes on." in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--runs", "0"], "from 1 to 1,000,000"),
        (["--workers", "0"], "from 1 to 256"),
        (["--seed", "-1"], "from 0 to"),
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], "together with --scheduler"),
    ],
)
def test_wrong_options_are_told(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    code, _, err = call(capsys, study, "--folder", tmp_path / "e", *words)
    assert code == 2
    assert said in err
    assert not (tmp_path / "e").exists()


def test_cluster_without_dask_is_told(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dehliz.study.ensemble_job.CLUSTER", "dehliz.study.no_such_module:make")
    code, _, err = call(capsys, study, "--folder", tmp_path / "e", "--scheduler", "tcp://127.0.0.1:1")
    assert code == 2
    assert "dehliz[cluster]" in err


def test_wrong_study_and_folder_are_told(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "No such file" in call(capsys, tmp_path / "nothing.toml")[2]
    (tmp_path / "precious.txt").write_text("x", encoding="utf-8")
    code, _, err = call(capsys, study, "--folder", tmp_path)
    assert code == 2
    assert "holds other things" in err


def test_progress_is_told_in_words() -> None:
    running = Progress("run", 340, 2, 1000, 140, 3, 7.0)
    words, share = describe(running)
    assert words == "340 of 1,000 runs, 20.0/s, 0:33 left, 2 failed, 3 workers lost"
    assert share == pytest.approx(0.34)
    assert describe(Progress("run", 0, 0, 10, 0, 0, 0.1))[0] == "0 of 10 runs"
    assert describe(Progress("gather", 5, 0, 10, 0, 0, 9.0)) == ("Writing tables of 10 runs", 0.5)
    slow = Progress("run", 10, 0, 100_000, 10, 1, 100.0)
    assert "277:45:00 left, 1 worker lost" in describe(slow)[0]
