"""``dehliz routes --depart`` and ``--week``: what is shown, and that it fits."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
import typer

from dehliz.cli.depart import read_moment
from tests.cases.run_broken import CASES
from tests.unit.cli.asking import ask

OWN = ("--network", str(CASES / "corridor3"))
WAY = ("routes", "west", "haven", *OWN, "--depart", "2025-11-03T08:00")


@pytest.fixture
def sailing(tmp_path: Path) -> tuple[str, ...]:
    """The words of a question on corridor3 whose ro-ro leaves on Tuesdays and Saturdays."""
    for file in (CASES / "corridor3").glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    head = "departure_id,service_leg_id,from_node_id,weekdays,clock_h"
    for name in ("closure", "holiday", "server", "duration"):
        (tmp_path / f"{name}.csv").unlink(missing_ok=True)
    services = pd.read_csv(tmp_path / "service_leg.csv", dtype=str, keep_default_na=False)
    services.loc[services["service_leg_id"] == "roro_quay_haven", ["departs", "cut_off_h"]] = (
        "timetable",
        "2",
    )
    services.to_csv(tmp_path / "service_leg.csv", index=False)
    head = "departure_id,service_leg_id,from_node_id,weekdays,clock_h"
    rows = "roro,roro_quay_haven,quay,tu;sa,18\nback,roro_quay_haven,haven,mo,6"
    (tmp_path / "departure.csv").write_text(f"{head}\n{rows}\n", encoding="utf-8")
    return ("routes", "west", "haven", "--network", str(tmp_path), "--depart", "2025-11-03T08:00")


def test_options_legs_and_causes_are_shown(sailing: tuple[str, ...]) -> None:
    asked = ask(*sailing)
    assert asked.code == 0
    assert "Wed 5 Nov 03:00" in asked.shown
    assert "9.0 waits for the sailing of" in asked.shown
    assert "gauge yard" in asked.shown
    assert "Network of 2025, the year of the departure" in asked.shown
    assert max(len(line) for line in asked.shown.splitlines()) <= 100


def test_kinds_of_waits_that_nobody_has_are_no_column(sailing: tuple[str, ...]) -> None:
    assert " timetable " in ask(*sailing).shown.splitlines()[0]
    head = ask(*WAY, "--without", "roro_quay_haven").shown.splitlines()[0]
    assert "timetable" not in head
    assert "weather" not in head
    assert "mean" in head


def test_the_year_that_is_given_is_told() -> None:
    assert "Network of 2030, as --year says" in ask(*WAY, "--year", "2030").shown


def test_a_week_is_shown_in_steps(sailing: tuple[str, ...]) -> None:
    asked = ask(*sailing, "--week")
    assert asked.code == 0
    lines = asked.shown.splitlines()
    assert max(len(line) for line in lines) <= 100
    assert "Mon 3 Nov 15:00" in lines[1]  # two hours of cut-off before those 25
    assert "Ro-ro Quay - Haven" in lines[1]
    assert any("by the hour" in line for line in lines)


def test_json_is_one_document_with_its_tables(sailing: tuple[str, ...]) -> None:
    document = ask(*sailing, "--json").document()
    assert document["status"] == "ok"
    assert document["depart_at"] == "2025-11-03T08:00"
    assert [row["option"] for row in document["timetable_option"]] == [1, 2]
    assert {"departure", "border"} <= {row["cause"] for row in document["timetable_wait"]}
    assert len(document["timetable_leg"]) > 10
    week = ask(*sailing, "--week", "--json").document()
    assert {row["kind"] for row in week["timetable_week"]} == {"departure", "any_time"}


def test_an_offset_is_read_as_such() -> None:
    there = ask(*WAY[:-1], "2025-11-03T13:00+05:00", "--json").document()
    assert there["depart_at"] == "2025-11-03T08:00"


@pytest.mark.parametrize("text", ["2025-11-03508:00", "2025-11-03x08:00", "1" * 40, "2025-11-03T", ""])
def test_any_sign_between_date_and_time_is_no_moment(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="It needs a date and a time"):
        read_moment(text)


@pytest.mark.parametrize(
    "text", ["2025-11-03T08:00", "2025-11-03 08:00", "20251103T0800", "2025-11-03T12:30+04:30"]
)
def test_forms_of_a_moment(text: str) -> None:
    assert read_moment(text) == datetime(2025, 11, 3, 8)


def test_a_spent_budget_and_no_way_have_their_code() -> None:
    asked = ask(*WAY, "--without", "mark")
    assert asked.code == 3
    assert asked.shown.startswith("No way.")


def test_a_narrow_screen_does_without_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    from dehliz.cli import show

    monkeypatch.setattr(show, "WIDTH", 60)
    asked = ask(*WAY)
    assert "Too narrow for" in asked.shown
    assert max(len(line) for line in asked.shown.splitlines()) <= 60
