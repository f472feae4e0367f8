"""Study files of ensembles: read whole, or refused with every fault at once."""

from pathlib import Path

import pytest

from dehliz.base.errors import SettingsError
from dehliz.study.designs import make_design
from dehliz.study.ensemble_job import write_spec
from dehliz.study.ensemble_settings import EnsembleSettings, read_ensemble_study

GOOD = """
name = "storms"
title = "Storms and tariffs"

[ensemble]
job = "trial"
runs = 200
seed = 7
design = "latin_hypercube"
workers = 3
deadline_s = 3600

[trial]
rows = 4

[[uncertain]]
name = "demand"
target = "demand"
form = "triangular"
low = 0.8
mode = 1.0
high = 1.3

[[uncertain]]
name = "kazakh_links"
table = "link"
column = "length_km"
ids = ["a", "b"]
form = "normal"
mean = 1.0
sd = 0.1
at_least = 0.5

[[uncertain]]
name = "storms"
target = "rate:storm"
form = "discrete"
values = [0.5, 1.0, 2.0]
weights = [1, 2, 1]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def find_rules(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_ensemble_study(write(folder, text))
    assert all(issue.remedy for issue in caught.value.issues)
    return [issue.rule.removeprefix("ensemble.") for issue in caught.value.issues]


def test_a_study_is_read_whole(tmp_path: Path) -> None:
    study = read_ensemble_study(write(tmp_path, GOOD))
    assert study.ensemble == EnsembleSettings("trial", 200, 7, "latin_hypercube", 3, 3600)
    assert [one.name for one in study.uncertain] == ["demand", "kazakh_links", "storms"]
    assert study.uncertain[1].ids == ("a", "b")
    assert study.study == {"rows": 4}
    spec = study.make_spec()
    assert (spec["kind"], spec["seed"], spec["runs"]) == ("trial", 7, 200)
    assert write_spec(spec) == write_spec(study.make_spec(200, 7))
    assert study.make_spec(100, 8)["runs"] == 100
    drawn = make_design(spec).draw(3)
    assert list(drawn) == ["demand", "kazakh_links", "storms"]
    assert 0.8 <= drawn["demand"] <= 1.3
    assert drawn["storms"] in (0.5, 1.0, 2.0)


def test_only_a_latin_hypercube_depends_on_the_number_of_runs(tmp_path: Path) -> None:
    for design in ("sobol", "monte_carlo"):
        study = read_ensemble_study(write(tmp_path, GOOD.replace("latin_hypercube", design)))
        assert study.make_spec(100) == study.make_spec(200)


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ('name = "storms"\ntitle', "title", ["key.present"]),
        ('name = "storms"\ntitle', 'name = "../x"\ntitle', ["name.form"]),
        ("title = ", "titel = ", ["key.known"]),
        ('title = "Storms and tariffs"', "title = 3", ["value.type"]),
        ("runs = 200", "run = 200", ["key.known"]),
        ("runs = 200", "runs = 0", ["value.bounds"]),
        ("runs = 200", "runs = 2.5", ["value.bounds"]),
        ("runs = 200", "runs = true", ["value.bounds"]),
        ("deadline_s = 3600", "deadline_s = nan", ["value.bounds"]),
        ("deadline_s = 3600", 'deadline_s = "soon"', ["value.bounds"]),
        ('"latin_hypercube"', '"latin"', ["design.known"]),
        ('"latin_hypercube"', "3", ["design.known"]),
        ('job = "trial"', 'job = "trail"', ["job.known", "key.known", "key.present"]),
        ("rows = 4", "row = 4", ["key.known"]),
        ("rows = 4", "rows = -4", ["value.bounds"]),
        ("high = 1.3", "high = 0.3", ["uncertain.numbers", "uncertain.numbers"]),
        ("high = 1.3", "hihg = 1.3", ["key.known", "key.present"]),
        ("sd = 0.1", "sd = 0", ["uncertain.numbers"]),
        ("sd = 0.1", "sd = nan", ["uncertain.numbers"]),
        ('form = "normal"', 'form = "norml"', ["uncertain.form"]),
        ('form = "normal"', "form = 3", ["uncertain.form"]),
        ('target = "demand"', 'target = "demnd"', ["uncertain.target"]),
        ('target = "demand"', "", ["uncertain.target"]),
        ('target = "demand"', "target = 3", ["value.type"]),
        ('target = "demand"', 'target = "demand"\ntable = "link"', ["uncertain.target"]),
        ('"rate:storm"', '"rate:"', ["uncertain.target"]),
        ('table = "link"', 'table = "lnk"', ["uncertain.target"]),
        ('table = "link"', "", ["key.present"]),
        ('"length_km"', '"length"', ["uncertain.target"]),
        ('"length_km"', '"name"', ["uncertain.target"]),
        ('ids = ["a", "b"]', "ids = [1]", ["value.type"]),
        ('name = "kazakh_links"', 'name = "demand"', ["uncertain.unique"]),
        ('name = "kazakh_links"', "", ["key.present"]),
        ("weights = [1, 2, 1]", "weights = [1, 2]", ["uncertain.numbers"]),
    ],
)
def test_each_fault_is_told_by_its_rule(tmp_path: Path, old: str, new: str, rules: list[str]) -> None:
    assert old in GOOD
    assert find_rules(tmp_path, GOOD.replace(old, new, 1)) == rules


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = (
        GOOD.replace("runs = 200", "runs = -1").replace("sd = 0.1", "sd = -1").replace("rows = 4", "row = 4")
    )
    assert find_rules(tmp_path, text) == ["value.bounds", "uncertain.numbers", "key.known"]


def test_files_that_are_no_study_are_told(tmp_path: Path) -> None:
    assert find_rules(tmp_path, "name = ") == ["file.readable"]
    assert find_rules(tmp_path, "ensemble = 3\nname = 'x'\nuncertain = 4")[0] == "value.type"
    with pytest.raises(SettingsError, match="No such file"):
        read_ensemble_study(tmp_path / "nothing.toml")
    path = tmp_path / "study.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        read_ensemble_study(path)


def test_nearest_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"unknown key 'ensemble.desgin'.*Did you mean 'design'\?"):
        read_ensemble_study(write(tmp_path, GOOD.replace("design =", "desgin =")))
