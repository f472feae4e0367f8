"""A small study of Eurasia that simulates its year, with one what-if."""

from pathlib import Path

import pandas as pd
import pytest

from dehliz.base.schema import read_spec
from dehliz.cli.job import run
from dehliz.study.run import Made
from dehliz.study.store import read_run

pytestmark = pytest.mark.slow
STUDY = """
name = "small"
title = "A small study"
year = 2024
[compare]
pairs = [["Xi'an", "Baku"]]
[simulation]
replications = 2
rounds = 2
[[scenario]]
id = "baseline"
name = "As it is"
[[scenario]]
id = "storms"
name = "November storms at Kuryk"
file = "{scenario}"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("study")
    scenario = Path("studies/scenarios/kuryk_november.toml").absolute().as_posix()
    (folder / "study.toml").write_text(STUDY.format(scenario=scenario), encoding="utf-8")
    return run(folder / "study.toml", folder / "run")


def test_the_run_folder_has_the_simulation_and_its_pages(made: Made) -> None:
    manifest, tables = read_run(made.folder, needed=("simulated_time", "feedback", "scenario_difference"))
    assert manifest["status"] in ("complete", "incomplete")
    for name in ("simulated_time", "feedback", "simulated_time_check", "indicator", "scenario_difference"):
        assert list(tables[name].columns) == list(read_spec(name).column_names), name
    for page in ("operations_baseline.html", "operations_storms.html", "report.html"):
        text = (made.folder / page).read_text(encoding="utf-8")
        assert text.startswith("<!doctype html>") or text.startswith("<!DOCTYPE html>")


def test_rounds_that_were_cut_short_are_told(made: Made) -> None:
    assert sorted(set(made.tables["feedback"]["round_count"])) == [1, 2]
    assert not made.is_complete
    assert any("not settled in 2 rounds" in note for note in made.notes)
    assert [scene.name for scene in made.scenes] == ["As it is", "November storms at Kuryk"]
    assert {scene.is_settled for scene in made.scenes} == {False}


def test_storms_at_kuryk_cost_time_at_its_quays(made: Made) -> None:
    rows = made.tables["scenario_difference"]
    quays = rows[rows["row_id"].astype(str).str.contains("kuryk") & (rows["scenario_id"] == "storms")]
    assert len(quays)
    waits = pd.to_numeric(quays.loc[quays["measure"].str.contains("wait|off"), "value_mean"])
    assert waits.max() > 0.0
