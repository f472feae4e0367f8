"""The door: exit codes, JSON and nothing else, words in any form, and what happens when the machine refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dehliz.base.schema import read_spec
from dehliz.cli.main import _JIT_WORDS, _read_words
from dehliz.kernels.jit import MODES
from tests.unit.cli.asking import ask

CASES = Path(__file__).parents[2] / "cases"
OWN = ("--network", str(CASES / "corridor3"))
WAY = ("routes", "west", "haven", *OWN)
STUDY = 'name = "s"\ntitle = "T"\nyear = 2025\nnetwork = "net"\n[compare]\npairs = [["west", "haven"]]\n'


def test_answer_is_0_and_says_nothing_else() -> None:
    asked = ask(*WAY)
    assert (asked.code, asked.said) == (0, "")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ((), "ok"),
        (("--without", "mark"), "no_way"),
        (("--via", "mode:roro,mode:rail_ferry"), "no_way"),
        (("--tonnes", "20", "--segment", "bulk"), "ok"),
        (("--max", "1"), "ok"),
    ],
)
def test_routes_as_json(words: tuple[str, ...], status: str) -> None:
    asked = ask(*WAY, "--json", *words)
    document = asked.document()
    assert asked.code == (0 if status == "ok" else 3)
    assert document["status"] == status
    assert bool(document["reason"]) == (status != "ok")
    assert bool(document["route"]) == (status == "ok")
    for name in ("route", "route_leg"):
        for row in document[name]:
            assert list(row) == list(read_spec(name).column_names)
    assert asked.said == ""


@pytest.mark.parametrize("words", [(), ("--without", "mark")])
def test_compare_as_json(words: tuple[str, ...]) -> None:
    asked = ask("compare", *WAY[1:], "--json", *words)
    assert asked.code == (3 if words else 0)
    assert set(asked.document()) >= {"status", "reason", "route", "route_leg", "claim"}
    assert asked.said == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("places", *OWN), 0),
        (("places", "nothing", *OWN), 3),
        (("network", "info", str(CASES / "corridor3")), 0),
        (("network", "info", str(CASES / "gmns_small")), 0),
        (("network", "check", str(CASES / "corridor3")), 0),
        (("network", "check", str(CASES / "none")), 2),
        (("network", "check", str(CASES / "broken")), 2),
        (("explain", "KZAAU"), 0),
        (("explain", "country", "KZ"), 0),
    ],
)
def test_other_commands_as_json(words: tuple[str, ...], code: int) -> None:
    asked = ask(*words, "--json")
    assert asked.code == code
    assert asked.document() is not None
    assert asked.said == ""


@pytest.mark.parametrize("words", [("--avoid", "XA"), ("--year", "x"), ("--via", "nowhere"), ("--nothing",)])
def test_wrong_input_is_2_and_leaves_standard_output_alone(words: tuple[str, ...]) -> None:
    asked = ask(*WAY, "--json", *words)
    assert (asked.code, asked.shown) == (2, "")
    assert asked.said


def test_spent_budget_is_3(monkeypatch: pytest.MonkeyPatch) -> None:
    import dehliz.routing.ask

    read = dehliz.routing.ask.ParetoSettings
    monkeypatch.setattr(
        "dehliz.routing.ask.ParetoSettings", lambda label_limit_count: read(label_limit_count=1)
    )
    asked = ask(*WAY, "--json")
    assert asked.code == 3
    assert asked.document()["status"] == "truncated"


def test_fault_of_the_program_is_1_and_has_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dehliz.routing.ask.routes", lambda *_, **__: 1 / 0)
    asked = ask(*WAY)
    assert asked.code == 1
    assert "fault of the program" in asked.said
    assert "Traceback" not in asked.said
    with pytest.raises(ZeroDivisionError):
        ask("--debug", *WAY)


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt, 130), (BrokenPipeError, 0)])
def test_being_stopped_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException], code: int
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("dehliz.routing.ask.routes", stop)
    asked = ask(*WAY)
    assert asked.code == code
    assert asked.said == ("Stopped. Nothing was left half-written.\n" if code else "")


def test_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr("dehliz.routing.ask.routes", refuse)
    asked = ask(*WAY)
    assert asked.code == 2
    assert asked.said.startswith("somewhere: No space left on device. ")


def test_misspelt_way_to_run_kernels_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEHLIZ_JIT", "fast")
    asked = ask(*WAY)
    assert asked.code == 2
    assert "'fast' was found" in asked.said
    assert set(_JIT_WORDS) == set(MODES)


def test_words_are_read_in_any_locale() -> None:
    garbled = os.fsencode("Сиань").decode("ascii", "surrogateescape")
    assert _read_words([garbled, "Сиань"]) == ["Сиань", "Сиань"]


def test_coordinates_may_begin_with_a_minus() -> None:
    assert _read_words(["-9.1,38.7", "-v", "-9", "--max"]) == [" -9.1,38.7", "-v", "-9", "--max"]


def test_options_may_be_given_more_than_once() -> None:
    once, twice = ask(*WAY, "--without", "gate,quay"), ask(*WAY, "--without", "gate", "--without", "quay")
    assert once == twice
    assert once.code == 3


def test_names_are_shown_as_they_are(tmp_path: Path) -> None:
    """Brackets and colons of people's names are no markup and no emoji."""
    network = tmp_path / "net"
    network.mkdir()
    for file in (CASES / "corridor3").glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        (network / file.name).write_text(text.replace("Haven", "[/bold]:ship:[red]x"), encoding="utf-8")
    for words in (("routes", "west", "haven"), ("compare", "west", "haven"), ("places",)):
        asked = ask(*words, "--network", str(network))
        assert asked.code == 0, asked.said
        if words[0] != "compare":
            assert "[/bold]:ship:[red]x" in asked.shown.replace("\n", "")


def run_dehliz(*words: str, **kwargs: object) -> subprocess.CompletedProcess[bytes]:
    code = "import sys; from dehliz.cli.main import main; main(sys.argv[1:])"
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-c", code, *words], check=False, timeout=120, **kwargs
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [("places", *OWN), ("places", *OWN, "--json")])
def test_full_output_is_told_once(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run_dehliz(*words, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("The output: No space left on device.")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="pipes close otherwise elsewhere")
@pytest.mark.parametrize("words", [("places",), ("places", "--json")])
def test_reader_that_goes_away_is_no_fault(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run_dehliz(*words, stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1251"])
def test_output_of_few_letters_still_gets_an_answer(encoding: str) -> None:
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    table = run_dehliz("places", *OWN, env=env, capture_output=True)
    assert (table.returncode, table.stderr) == (0, b"")
    assert b"Westburg" in table.stdout
    document = run_dehliz("places", *OWN, "--json", env=env, capture_output=True)
    assert (document.returncode, document.stderr) == (0, b"")
    assert "Вестбург" in json.loads(document.stdout)["place"][1]["spellings"]


def test_study_that_exists_is_not_replaced_unawares(tmp_path: Path) -> None:
    (tmp_path / "net").symlink_to(CASES / "corridor3")
    study, run = tmp_path / "study.toml", tmp_path / "run"
    study.write_text(STUDY)
    words = ("run", str(study), "--folder", str(run))
    assert ask(*words).code == 0
    before = (run / "manifest.json").read_bytes()
    assert ask(*words).code == 2
    assert ask(*words, "--overwrite").code == 0
    assert (run / "manifest.json").read_bytes() == before
    assert ask("report", str(run)).code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net", "run", "study.toml"]
