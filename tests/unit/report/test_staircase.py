import numpy as np
import pandas as pd
import pytest

from dehliz.report.staircase import climb, spread, staircase
from tests.unit.report.sample import make_sample
from tests.unit.report.small import make_legs, make_route


def test_time_climbs_by_steps_and_slopes():
    # By hand: load 24 h, rail 24 h over 400 km, wait 36 h and ferry 12 h over 100 km, transfer 24 h, rail 24 h over
    # 500 km, unload 12 h: 6.5 days over 1 000 km.
    points, steps = climb(make_legs(), "time")
    assert points.tolist() == [
        [0, 0], [0, 1.0], [400, 2.0], [400, 3.5], [500, 4.0], [500, 5.0], [1000, 6.0], [1000, 6.5],
    ]  # fmt: skip
    assert [(step.name, step.high - step.low) for step in steps] == [
        ("Ostor", 1.0), ("Mitte", 1.5), ("Hafen <&>", 1.0), ("Westend", 0.5),
    ]  # fmt: skip


def test_cost_climbs_to_the_cost_of_the_route():
    points, steps = climb(make_legs(), "cost")
    assert points[-1].tolist() == [1000.0, 1450.0]
    assert (np.diff(points, axis=0) >= 0).all()
    assert len(steps) == 3


def test_steps_at_one_place_are_one_step():
    legs = make_legs()
    border = legs[legs["kind"] == "transfer"].assign(kind="border", leg=4.5)
    _, steps = climb(pd.concat([legs, border]), "time")
    assert [(step.name, step.high - step.low) for step in steps][2] == ("Hafen <&>", 2.0)


def test_the_chart_tells_its_ends_in_words():
    figure = staircase(make_route(), make_legs())
    assert "1 Middle <by> BTK: 6.5\u00a0days over 1\u202f000\u00a0km." in figure.description
    assert "Mitte +1.5\u00a0d" in figure.svg
    assert "19 of 20 within 8.0\u00a0days" in figure.svg
    cost = staircase(make_route(), make_legs(), "cost", is_narrow=True)
    assert "USD\u00a01\u202f450" in cost.description
    assert cost.width < figure.width


def test_without_a_percentile_there_is_no_whisker():
    assert "19 of 20" not in staircase(make_route(time_p95_h=np.nan), make_legs()).svg


def test_a_very_long_way_runs_off_the_chart_and_says_how_far():
    tables, _ = make_sample()
    own = [
        t[(t["scenario_id"] == "baseline") & (t["destination_id"] == "hamburg")]
        for t in (tables["route"], tables["route_leg"])
    ]
    svg = staircase(*own).svg
    assert "km →" in svg
    assert ">15\u202f000<" in svg
    assert ">30\u202f000<" not in svg


@pytest.mark.parametrize("seed", range(6))
def test_spread_keeps_order_and_gap_and_the_middle(seed):
    wanted = sorted(np.random.default_rng(seed).uniform(0, 60, 7).tolist())
    got = spread(wanted, 10.0)
    assert (np.diff(got) >= 10.0 - 1e-9).all()
    assert np.mean(got) == pytest.approx(np.mean(wanted))
    assert spread([0.0, 50.0], 10.0) == [0.0, 50.0]
    assert spread([10.0, 11.0], 5.0) == [8.0, 13.0]
    assert spread([], 5.0) == []
