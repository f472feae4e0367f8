"""How near a model is to a report; historic events as tests of truth, in sign and order of magnitude."""

from pathlib import Path

import numpy as np
import pytest

from dehliz.base.errors import SettingsError
from dehliz.eurasia.load import load_event_reports
from dehliz.validation.event_measures import MEASURES
from dehliz.validation.event_words import REASONS
from dehliz.validation.events import judge, replay_events

FOLDER = Path(__file__).parents[3] / "studies" / "scenarios"
NAN = float("nan")


@pytest.mark.parametrize(
    ("model", "value", "low", "high", "verdict"),
    [
        (10.0, 10.0, NAN, NAN, "met"), (-20.0, -10.0, NAN, NAN, "met"), (-20.1, -10.0, NAN, NAN, "order"),
        (-99.0, -10.0, NAN, NAN, "order"), (-101.0, -10.0, NAN, NAN, "missed"), (1.0, -10.0, NAN, NAN, "missed"),
        (0.0, -10.0, NAN, NAN, "missed"), (0.0, 0.0, NAN, NAN, "met"), (12.2, 9.0, 8.0, 10.0, "met"),
        (5.8, 9.0, 8.0, 10.0, "met"), (30.0, 130.0, 130.0, 300.0, "order"), (NAN, 3.0, NAN, NAN, "missed"),
    ],
)  # fmt: skip
def test_judge(model: float, value: float, low: float, high: float, verdict: str) -> None:
    assert judge(model, value, low, high) == verdict


def test_every_indicator_has_a_measure_and_every_reason_a_figure() -> None:
    reports = load_event_reports()
    assert set(reports["indicator"]) <= set(MEASURES)
    assert set(REASONS) <= set(reports["event_reported_id"])


def test_scenario_without_reports_is_refused() -> None:
    with pytest.raises(SettingsError, match="Nothing is reported of zangezur"):
        replay_events(FOLDER, ("zangezur",))


@pytest.mark.slow
def test_red_sea_lengthens_the_way_as_reported() -> None:
    """The way by the Cape is geography: the model must have it, in length and in days."""
    made = replay_events(FOLDER, ("red_sea_closed",))
    assert made.statuses == {"red_sea_closed": "converged"}
    rows = made.event_check.set_index("event_reported_id")
    assert rows.loc["red_sea_2023_length", "model_value"] == pytest.approx(5927.0, rel=0.1)
    assert 8.0 <= rows.loc["red_sea_2023_days_observed", "model_value"] <= 16.0
    assert rows.loc["red_sea_2023_rate", "model_value"] > 0.0
    assert rows.loc["red_sea_2023_rate", "reason"]


@pytest.mark.slow
def test_northern_route_shunned_sends_boxes_south() -> None:
    """Boxes of the Middle Corridor rose in 2022: sign and order of magnitude."""
    rows = replay_events(FOLDER, ("north_sanctioned",)).event_check.set_index("event_reported_id")
    for name in ("north_2022_middle_boxes", "north_2022_aktau_boxes", "north_2022_btk_tonnes"):
        assert rows.loc[name, "verdict"] in ("order", "met"), name
    assert rows.loc["north_2022_russia", "verdict"] == "set"


@pytest.mark.slow
def test_poland_belarus_border_carries_the_share_and_holds_trains() -> None:
    rows = replay_events(FOLDER, ("poland_belarus_shut",)).event_check.set_index("event_reported_id")
    assert rows.loc["poland_belarus_2025_share", "verdict"] == "met"
    assert rows.loc["poland_belarus_2025_queue", "verdict"] in ("order", "met")
    assert np.isnan(rows.loc["poland_belarus_2025_loss", "model_value"])
