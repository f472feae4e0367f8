"""``dehliz run`` tells how simulated scenarios stand before anything else, and what they change."""

from pathlib import Path

import pandas as pd
import pytest

from dehliz.base.schema import read_spec
from dehliz.cli import job
from dehliz.study.operate import Scene
from dehliz.study.run import Made
from tests.unit.cli.asking import ask

SCENES = (
    Scene("base", "As it is", "ok", "", None, "Quay", "Quay"),
    Scene("storms", "Storms", "overloaded", "Quay cannot keep up since 2024-03-01", False, "Quay", "Haven"),
)
CHANGES = (
    ("time", "all", "mean_h", 240.0, 264.0, True),
    ("time", "all", "p90_h", 400.0, 440.0, True),
    ("time", "corridor:middle", "mean_h", 300.0, 348.0, True),
    ("time", "corridor:north", "mean_h", 300.0, 301.0, False),
    ("resource", "board:quay", "wait_h_t", 1.5, 4.5, True),
    ("resource", "board:quay", "queue_count", 9.0, 12.0, True),
)


def make(scenes: tuple[Scene, ...]) -> Made:
    rows = [
        {
            "kind": kind, "row_id": row_id, "measure": measure, "value": before, "rival_value": after,
            "value_mean": after - before, "value_low": after - before - 0.5, "value_high": after - before + 0.5,
            "is_clear": is_clear, "scenario_id": "storms",
        }
        for kind, row_id, measure, before, after, is_clear in CHANGES
    ]  # fmt: skip
    route = {
        "scenario_id": "base", "origin_id": "west", "destination_id": "haven", "corridor_name": "Rail", "time_h": 99.0,
        "cost_usd": 700.0,
    }  # fmt: skip
    feedback = pd.DataFrame(columns=list(read_spec("feedback").column_names))
    feedback.loc[0] = {"round_count": 1, "corridor_id": "middle", "volume_t_a": 1e6, "residual_h": 2.0}
    feedback["change_share"] = float("nan")
    tables = {
        "route": pd.DataFrame([route]),
        "claim": pd.DataFrame({"holds": [True]}),
        "scenario_difference": pd.DataFrame(rows),
        "simulated_bottleneck": pd.DataFrame({"resource_id": ["board:quay"], "name": ["Quay of the ferry"]}),
        "feedback": feedback,
    }
    notes = ("As it is: cargo was loaded once: simulated times have not returned into the choice of ways",)
    return Made(Path("runs/x"), Path("runs/x/report.html"), False, tables, notes, scenes)


def test_states_come_first_and_differences_are_in_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "run", lambda *_: make(SCENES))
    asked = ask("run", "study.toml")
    lines = asked.shown.splitlines()
    assert asked.code == 3
    assert lines[:2] == [
        "As it is: The system keeps up.",
        "Storms: The system cannot keep up. Quay cannot keep up since 2024-03-01",
    ]
    assert lines[2] == "Storms: Choice and operations have not settled: more rounds may be needed."
    assert "cargo was loaded once" in asked.shown
    assert "What if: Storms, on the same draws" in asked.shown
    shown = {tuple(line.split()) for line in lines}
    assert ("all", "cargo", "mean", "days", "10.00", "11.00", "+1.00", "+0.98", "to", "+1.02") in shown
    assert any(
        line.startswith("Quay of the ferry") and "h/t waited" in line and "+3.00" in line for line in lines
    )
    assert any(line.startswith("middle ") for line in lines)
    assert not any(line.startswith("north ") for line in lines)
    assert "queue_count" not in asked.shown
    assert "First bottleneck: Haven, before: Quay" in asked.shown
    assert max(len(line.rstrip()) for line in lines) <= 100


def test_a_study_without_simulation_says_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "run", lambda *_: make(()))
    shown = ask("run", "study.toml").shown
    assert "keep" not in shown
    assert "What if" not in shown
    assert "Rounds" not in shown
