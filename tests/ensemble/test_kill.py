"""Kills of workers and of the whole command lose nothing (``python -m tests.ensemble`` does many more)."""

from pathlib import Path

import pytest

from tests.ensemble.killing import Killer, make_undisturbed


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
    assert figures.acknowledged_count >= 1000
    figures.assert_nothing_lost()
