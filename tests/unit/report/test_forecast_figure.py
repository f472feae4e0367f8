"""The fan chart: what is drawn of a forecast, and that lines differ by more than colour."""

import pandas as pd
import pytest

from dehliz.base.schema import read_spec
from dehliz.report.forecast_figure import SCENARIO_DASH, draw_fan
from dehliz.report.style import ACCENT, BAD, INK, PAPER, contrast

OBSERVED = {2024: 2.0e6, 2025: 2.5e6}


def make_tables(anchored: float = 1.0) -> dict[str, pd.DataFrame]:
    rows = [
        (one, "titr", year, *(value * share * 1e6 for share in (0.9, 1.0, 1.1)),
         *(value * share * anchored * 1e6 for share in (0.9, 1.0, 1.1)), float("nan"), 4, 0)
        for one, start in (("central", 3.0), ("late", 2.8))
        for year, value in ((2026, start), (2030, start + 1.0))
    ]  # fmt: skip
    comparison = [
        ("a", "Bank", "titr", 2030, 11e6, 2030, 1.0, 2.0, 3.0, True, "forecast", "f", ""),
        ("b", "Later <one>", "titr", 2040, 12e6, 2030, 1.0, 2.0, 3.0, True, "target", "f", ""),
        ("c", "Boxes", "titr_boxes", 2030, 4e6, 2030, 1.0, 2.0, 3.0, True, "target", "f", ""),
    ]
    scenario = pd.DataFrame({"scenario_id": ["central", "late"], "name": ["Central", "Projects late"]})
    return {
        "forecast": pd.DataFrame(rows, columns=list(read_spec("forecast").column_names)),
        "forecast_comparison": pd.DataFrame(
            comparison, columns=list(read_spec("forecast_comparison").column_names)
        ),
        "forecast_scenario": scenario,
    }


def test_what_is_drawn() -> None:
    figure = draw_fan(make_tables(), "titr", OBSERVED)
    text = figure.svg
    assert text.count("<circle") == len(OBSERVED) + 1  # and one in the key
    assert "Bank: 11 Mt" in text
    assert "Later" not in text  # beyond the last year
    assert "Boxes" not in text
    assert "Central 4.0" in text
    assert "Projects late 3.8" in text
    assert "anchored to the last count" in text
    assert "Central 4.0 million tonnes" in figure.description


def test_without_an_anchor_the_model_is_drawn_and_said() -> None:
    tables = make_tables(float("nan"))
    text = draw_fan(tables, "titr", OBSERVED).svg
    assert "as modelled" in text
    assert "Central 4.0" in text


def test_lines_differ_by_dash_and_stand_out() -> None:
    dashes = [dash for _, dash in SCENARIO_DASH.values()]
    assert len(set(dashes)) == len(dashes)
    for colour in (ACCENT, BAD, INK, *(colour for colour, _ in SCENARIO_DASH.values())):
        assert contrast(colour, PAPER) >= 4.5


@pytest.mark.parametrize(
    "scenario_id", ["low", "high", "no_projects", "late", "north_closed", "north_reopened"]
)
def test_each_bundled_scenario_has_its_line(scenario_id: str) -> None:
    assert scenario_id in SCENARIO_DASH
