"""``dehliz forecast``: the document, the tables, the chart, and what is refused."""

from pathlib import Path

import pytest

from dehliz.base.schema import read_spec
from tests.unit.cli.asking import Asked, ask

SMALL = ("--to", "2026", "--draws", "2", "--scenario", "central,north_closed", "--no-check")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--to", "2040"), "The forecast to 2040 was asked for. It needs a year from 2026 to 2035"),
        (("--to", "2025"), "It needs a year from 2026 to 2035"),
        (("--to", "soon"), "'soon' was given. It needs a whole number"),
        (("--draws", "0"), "0 was given. It needs a whole number from 1 to 10,000"),
        (("--seed", "-1"), "-1 was given. It needs a whole number from 0"),
        (("--scenario", "central,north"), "The scenario 'north' was asked for. There is no such scenario"),
    ],
)
def test_what_cannot_be_is_refused(words: tuple[str, ...], text: str) -> None:
    asked = ask("forecast", *words)
    assert asked.code == 2
    assert text in " ".join(asked.said.split())
    assert asked.shown == ""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Asked, Path]:
    chart = tmp_path_factory.mktemp("chart") / "fan.svg"
    return ask("forecast", *SMALL, "--json", "--figure", str(chart)), chart


@pytest.mark.slow
def test_document(told: tuple[Asked, Path]) -> None:
    asked, _ = told
    assert asked.code == 0
    assert asked.said == ""
    document = asked.document()
    assert document["status"] == "converged"
    assert document["reason"] == ""
    assert document["years"] == [2026]
    assert (document["draws"], document["seed"], document["assignments"]) == (2, 1, 6)
    for name in ("forecast", "forecast_demand", "forecast_comparison", "forecast_scenario"):
        assert list(document[name][0]) == list(read_spec(name).column_names), name
    assert "forecast_error" not in document
    titr = next(one for one in document["series"] if one["series_id"] == "titr")
    assert titr["base_observed_t_a"] == 4_119_000
    assert {row["reference_id"] for row in document["forecast_comparison"]} >= {
        "world_bank_2030",
        "ebrd_boxes_2040",
    }


@pytest.mark.slow
def test_chart_is_one_drawing(told: tuple[Asked, Path]) -> None:
    text = told[1].read_text(encoding="utf-8")
    assert text.count("<svg") == 1
    assert "Cargo of the Trans-Caspian route" in text


@pytest.mark.slow
def test_tables_fit_and_begin_with_the_status() -> None:
    asked = ask("forecast", *SMALL)
    lines = asked.shown.splitlines()
    assert asked.code == 0
    assert lines[0].startswith("Converged: 6 assignments, 2 draws, seed 1")
    assert max(map(len, lines)) <= 100
    assert any(line.startswith("World Bank, all measures, 2030") for line in lines)
    assert any(line.startswith("North closed") for line in lines)
