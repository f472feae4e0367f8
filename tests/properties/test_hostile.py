"""Spoilt scenarios and tables of operations: an answer or a message that names the file, and never a traceback."""

import random
from collections import Counter
from pathlib import Path

import pytest

from dehliz.base.errors import ScenarioError
from dehliz.network.files import read_network
from dehliz.network.network import Network
from dehliz.network.scenario import apply
from dehliz.network.scenario_file import read_scenario
from tests.cases.edits import Files
from tests.properties.hostile import make_files, spoil_scenario, spoil_table, write_files
from tests.unit.cli.asking import Asked, ask

CASES_PER_PART = 10
SIMULATED = 6
"""Parts of ten spoilt networks each, of which every one is checked and those without a fault are simulated."""
SCENARIOS = 24
"""Parts of ten spoilt scenarios each."""


@pytest.fixture(scope="module")
def files() -> Files:
    return make_files()


@pytest.fixture(scope="module")
def network(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read_network(write_files(files, tmp_path_factory.mktemp("whole")))


def _simulate(folder: Path, *words: str) -> Asked:
    own = ("--network", str(folder), "--demand", str(folder / "demand.csv"))
    return ask("simulate", *own, "--replications", "2", "--threads", "1", "--json", *words)


def test_the_network_that_is_spoilt_is_whole(files: Files, tmp_path: Path) -> None:
    asked = _simulate(write_files(files, tmp_path))
    assert (asked.code, asked.said) == (0, "")
    assert asked.document()["consignments"] > 100


@pytest.mark.parametrize("part", range(SIMULATED))
def test_spoilt_tables_of_operations(part: int, files: Files, tmp_path: Path) -> None:
    codes: Counter[int] = Counter()
    for seed in range(CASES_PER_PART * part, CASES_PER_PART * (part + 1)):
        spoilt = dict(files)
        name = spoil_table(spoilt, random.Random(seed))
        asked = _simulate(write_files(spoilt, tmp_path / str(seed)))
        codes[asked.code] += 1
        assert asked.code in (0, 2, 3), f"seed {seed}, {name}: {asked.said}"
        assert "Traceback" not in asked.said
        if asked.code == 2:
            assert name.removesuffix(".csv") in asked.said, f"seed {seed}: {asked.said}"
            assert asked.shown == ""
        else:
            assert asked.document()["status"] in ("ok", "overloaded"), f"seed {seed}"
    assert codes[2], "nothing was spoilt"


@pytest.mark.parametrize("part", range(SCENARIOS))
def test_spoilt_scenarios(part: int, network: Network, tmp_path: Path) -> None:
    file = tmp_path / "what_if.toml"
    refusals: list[tuple[int, ScenarioError]] = []
    for seed in range(CASES_PER_PART * part, CASES_PER_PART * (part + 1)):
        file.write_bytes(spoil_scenario(random.Random(seed)))
        try:
            apply(read_scenario(file), network)
        except ScenarioError as error:
            refusals.append((seed, error))
    assert refusals, "nothing was spoilt"
    for seed, refusal in refusals:
        assert refusal.issues, f"seed {seed}"
        assert file.name in str(refusal), f"seed {seed}: {refusal}"
        assert all(issue.place and issue.found and issue.expected for issue in refusal.issues), f"seed {seed}"


@pytest.mark.parametrize("seed", range(6))
def test_spoilt_scenarios_by_command(seed: int, files: Files, tmp_path: Path) -> None:
    folder = write_files(files, tmp_path / "network")
    file = tmp_path / "what_if.toml"
    file.write_bytes(spoil_scenario(random.Random(1_000 + seed)))
    asked = _simulate(folder, "--scenario", str(file))
    assert asked.code in (0, 2, 3), asked.said
    assert "Traceback" not in asked.said
    assert asked.code != 2 or "what_if.toml" in asked.said or "--scenario" in asked.said, asked.said
