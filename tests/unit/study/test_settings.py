"""Study files: every fault of a file is told at once, with the nearest known key."""

from pathlib import Path

import pytest

from dehliz.base.errors import SettingsError
from dehliz.study.settings import read_study

GOOD = """
name = "s"
title = "A study"
year = 2025
[compare]
pairs = [["a", "b"]]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_good_study_is_read(tmp_path: Path) -> None:
    settings = read_study(write(tmp_path, GOOD))
    assert settings.compare.pairs == (("a", "b"),)
    assert settings.scenario[0].id == "baseline"


def test_bundled_study_is_good() -> None:
    settings = read_study(Path(__file__).parents[3] / "studies" / "middle-corridor.toml")
    assert len(settings.compare.pairs) >= 12
    assert [scenario.id for scenario in settings.scenario] == ["baseline", "zangezur"]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (GOOD.replace("title", "titel"), ["unknown key 'titel'", "Did you mean 'title'?", "no key 'title'"]),
        (GOOD.replace("2025", '"2025"'), ["key year", "'2025' was found", "a whole number"]),
        (GOOD.replace("2025", "true"), ["key year", "true was found"]),
        (GOOD.replace("pairs", "pears"), ["unknown key 'compare.pears'", "no key 'compare.pairs'"]),
        (GOOD.replace('[["a", "b"]]', '[["a"], ["b", "c", "d"]]'), ["2 of 2 pairs are not two places"]),
        (GOOD.replace('[["a", "b"]]', "[]"), ["there is at least one"]),
        (GOOD.replace('[["a", "b"]]', '"a-b"'), ["key compare.pairs", "It must be a list"]),
        (GOOD + 'claimants = "x"', ["key compare.claimants"]),
        ("name = 'x", ["is not TOML"]),
        ("compare = 3\n" + GOOD.split("[compare]", maxsplit=1)[0], ["key compare", "It must be a table"]),
        (GOOD + '[[scenario]]\nid = "a"\nname = "A"\nfile = "no.toml"', ["there is no file no.toml"]),
        (GOOD + '[[scenario]]\nid = "a"\nname = "A"\n' * 2, ["two scenarios are called 'a'"]),
        (GOOD + '[[scenario]]\nid = "a"', ["no key 'scenario[1].name'"]),
        (GOOD + "[shipment]\ntonnes = '20'", ["key shipment.tonnes", "a number"]),
        (GOOD.replace("2025", "2025-01-01"), ["key year", "a date was found"]),
        (GOOD + "[scenario]\nid = 'a'", ["key scenario", "a table was found", "Write [[scenario]] tables"]),
        ("scenario = ['a']" + GOOD, ["key scenario[1]", "'a' was found", "Write [[scenario]] and keys"]),
        (GOOD.replace('"s"', '""'), ["key name", "'' was found"]),
        (GOOD.replace('"s"', '"../../s"'), ["key name", "'../../s' was found"]),
        (GOOD.replace('"s"', '".."'), ["key name", "'..' was found"]),
        (GOOD.replace('"s"', '"a/b"'), ["key name", "'a/b' was found"]),
        (GOOD.replace('"s"', f'"{"x" * 61}"'), ["key name", "up to 60 letters"]),
        (GOOD + '[[scenario]]\nid = "a;b"\nname = "A"', ["key scenario.id", "'a;b' was found"]),
        ("x = " + "[" * 5000 + "]" * 5000, ["too deeply nested"]),
        (GOOD + "[shipment]\nboxes = 1", ["unknown key 'shipment.boxes'"]),
    ],
)
def test_wrong_study_is_told(tmp_path: Path, text: str, messages: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        read_study(write(tmp_path, text))
    for message in messages:
        assert message in str(caught.value)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        read_study(tmp_path / "none.toml")


def test_wrong_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes("name = 'Ü'".encode("cp1251", "replace") + b"\xff")
    with pytest.raises(SettingsError, match="not UTF-8"):
        read_study(path)
