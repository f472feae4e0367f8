"""The log as parts, the staircase and the Gantt chart made of them."""

import numpy as np
import pandas as pd
import pytest

from dehliz.report.simulation_gantt import draw_gantt, find_blocks, tell_day
from dehliz.report.simulation_parts import climb_events, split_events
from dehliz.report.simulation_stairs import draw_stairs, find_rises
from tests.unit.report.simulation_sample import NAMES, make_event

START = np.datetime64("2024-11-03T06")


def test_parts_fill_the_time_of_a_consignment() -> None:
    event = make_event()
    parts = split_events(event)
    for consignment_id, own in parts.groupby("consignment_id"):
        mine = event[event["consignment_id"] == consignment_id]
        assert own["from_h"].iloc[0] == mine["ready_h"].iloc[0]
        assert own["to_h"].iloc[-1] == mine["end_h"].iloc[-1]
        assert own["from_h"].tolist()[1:] == own["to_h"].tolist()[:-1]
    assert parts["branch"].tolist()[:4] == ["moving", "handling", "ship", "moving"]


def test_a_wait_is_cut_where_the_place_was_shut() -> None:
    event = make_event((10.0,))  # waits from 29 to 39
    shut = pd.DataFrame(
        {"resource_id": ["sail:mitte"] * 3, "from_h": [0.0, 31.0, 38.0], "to_h": [30.0, 33.0, 99.0]}
    )
    waits = split_events(event, shut=shut).query("activity == 'sail' and not is_work")
    told = list(zip(waits["branch"], waits["from_h"], waits["to_h"], strict=True))
    assert told == [("closure", 29.0, 30.0), ("ship", 30.0, 31.0), ("closure", 31.0, 33.0), ("ship", 33.0, 38.0),
                    ("closure", 38.0, 39.0)]  # fmt: skip


def test_the_wait_for_a_berth_is_no_crossing() -> None:
    sailing = pd.DataFrame(
        {"resource_id": ["sail:mitte"], "depart_h": [39.0], "arrive_h": [48.0], "load_share": [0.5]}
    )
    works = split_events(make_event((10.0,)), sailing).query("activity == 'sail' and is_work")
    assert list(zip(works["branch"], works["to_h"], strict=True)) == [("moving", 48.0), ("ship", 51.0)]


def test_what_did_not_happen_is_left_out() -> None:
    event = make_event((10.0,))
    event.loc[2, ["start_h", "end_h"]] = np.nan
    parts = split_events(event)
    assert parts["to_h"].max() == 29.0
    assert len(climb_events(event)) == 0


def test_the_staircase_adds_up() -> None:
    stages = climb_events(make_event(), NAMES)
    last = stages.iloc[-1]
    assert last["length_km"] == 500.0
    assert last["cost_usd"] == 550.0
    assert last["time_h"] == pytest.approx(24 + 5 + 20 + 12)
    assert (last["time_low_h"], last["time_high_h"]) == (pytest.approx(52.0), pytest.approx(70.0))
    assert last["consignment_count"] == 3
    points, rises = find_rises(stages, "time")
    assert points[-1].tolist() == [500.0, pytest.approx(61 / 24)]
    assert [(rise.name, rise.branch, round(24 * (rise.high - rise.low), 6)) for rise in rises] == [
        ("Mitte", "handling", 5.0), ("Mitte", "ship", 20.0),
    ]  # fmt: skip


def test_the_most_travelled_way_is_climbed() -> None:
    event = make_event()
    event.loc[event["consignment_id"] == "0", "resource_id"] = "detour"
    stages = climb_events(event)
    assert stages["consignment_count"].unique().tolist() == [2]
    assert stages.iloc[-1]["time_h"] == pytest.approx(24 + 5 + 25 + 12)


@pytest.mark.parametrize("is_narrow", [False, True])
@pytest.mark.parametrize("quantity", ["time", "cost"])
def test_staircases_are_drawn(quantity: str, is_narrow: bool) -> None:
    stages = climb_events(make_event(), NAMES)
    figure = draw_stairs(stages, quantity, is_narrow=is_narrow)  # type: ignore[arg-type]
    assert "nan" not in figure.svg.lower()
    assert ("Mitte +1.0\u00a0d" in figure.svg) == (quantity == "time")
    assert ("5 to 95%" in figure.svg) == (quantity == "time")
    assert "500\u00a0km" in figure.description
    assert "no time to draw" in draw_stairs(stages[:0], is_narrow=is_narrow).svg


def test_a_cost_that_is_not_known_is_said() -> None:
    stages = climb_events(make_event(), NAMES)
    assert "is not known" in draw_stairs(stages.assign(cost_usd=np.nan), "cost").svg
    later = stages.assign(cost_usd=stages["cost_usd"].where(stages.index < 3))
    svg = draw_stairs(later, "cost").svg
    assert "nan" not in svg.lower()


def test_blocks_are_places_and_ways() -> None:
    parts = split_events(make_event((10.0,)))
    assert [(block.name, block.is_way) for block in find_blocks(parts, NAMES)] == [
        ("way to Mitte", True), ("Mitte", False), ("by ship from Mitte", True),
    ]  # fmt: skip


@pytest.mark.parametrize("is_narrow", [False, True])
def test_a_consignment_on_the_calendar(is_narrow: bool) -> None:
    sailing = pd.DataFrame(
        {"resource_id": ["sail:mitte"] * 4, "depart_h": [20.0, 30.0, 39.0, 45.0],
         "arrive_h": [30.0, np.nan, 50.0, 55.0], "load_share": [1.0, 0.95, 0.5, 0.1]}
    )  # fmt: skip
    parts = split_events(make_event((10.0,)), sailing)
    figure = draw_gantt(parts, START, {"mitte": "Mitte <&>"}, sailing, is_narrow=is_narrow)
    svg = figure.svg
    assert "nan" not in svg.lower()
    assert "Mitte &lt;&amp;&gt;" in svg
    assert "3 Nov 2024 06:00 to 4 Nov 2024 06:00" in svg
    assert "Ships until it has left: 2" in svg
    assert "50\u00a0% full, with it" in svg
    assert "10\u00a0% full" not in svg
    assert "url(#branch-ship)" in svg
    assert 'id="branch-ship"' in svg
    assert "moving 1.5\u00a0days" in figure.description
    assert svg == draw_gantt(parts, START, {"mitte": "Mitte <&>"}, sailing, is_narrow=is_narrow).svg


def test_a_ship_without_a_known_capacity_is_not_told_empty() -> None:
    sailing = pd.DataFrame(
        {"resource_id": ["sail:mitte"], "depart_h": [39.0], "arrive_h": [50.0], "load_share": [0.0]}
    )
    svg = draw_gantt(split_events(make_event((10.0,)), sailing), START, NAMES, sailing).svg
    assert "with it" in svg
    assert "full, with it" not in svg


def test_no_stage_no_chart() -> None:
    assert "has no stage" in draw_gantt(split_events(make_event()[:0]), START).svg


def test_days_are_told_without_zeros() -> None:
    assert tell_day(np.datetime64("2025-03-01T23:59")) == "1 Mar"
