import pandas as pd
import pytest

from dehliz.report.sections import (
    network_section,
    overview_section,
    pair_section,
    scenario_section,
    summarise,
)
from dehliz.report.story import tell
from tests.unit.report.small import make_legs, make_network, make_route


def make_story(*routes, **tables):
    legs = pd.concat([make_legs().assign(option=n) for n in range(1, 4)])
    legs = pd.concat([legs, legs.assign(scenario_id="new_line")])
    return tell({**make_network(), "route": pd.concat(routes), "route_leg": legs, **tables}, {})


def rival(**changes):
    return make_route(**{"option": 2, "corridor_id": "suez", "corridor_name": "Sea", **changes})


def test_the_network_has_a_legend_and_a_table():
    text, figures = network_section(make_story(make_route()))
    assert len(figures) == 2
    assert "Rail, 1520 mm gauge" in text
    assert "400\u00a0km" in text
    assert "planned" in text
    assert "no opinion implied" in text


def test_overview_has_a_table():
    text, _ = overview_section(make_story(make_route(), rival(time_h=24.0)))
    assert "Sea: 1.0\u00a0days; Middle &lt;by&gt; BTK: 6.5\u00a0days" in text


def test_a_pair_has_its_map_cards_charts_and_tables():
    story = make_story(make_route(), rival())
    text, figures = pair_section(story, story.pairs[0])
    assert len(figures) == 8
    assert text.count("<figure>") == 4
    assert 'id="pair-ostor-westend"' in text
    assert text.count("<article") == 2
    assert text.count("leg by leg") == 2


@pytest.mark.parametrize(
    ("routes", "words"),
    [
        ([make_route()], "One corridor serves this journey"),
        ([make_route(), rival(time_h=36.0)], "takes 6.5\u00a0days (+5.0\u00a0days)"),
        ([make_route(time_h=24.0), rival()], "Quickest: <b>Middle &lt;by&gt; BTK</b>"),
        ([rival(), rival(option=3, corridor_id="cape")], "No Middle Corridor way"),
    ],
)
def test_summary(routes, words):
    story = make_story(*routes)
    assert words in summarise(story, story.pairs[0])


def test_a_scenario_is_told_as_differences():
    story = make_story(make_route(), make_route(scenario_id="new_line", time_h=132.0, cost_usd=1500.0))
    text = scenario_section(story)
    assert '<span class="gain">−1.0\u00a0days</span>' in text
    assert '<span class="loss">+50\u00a0USD</span>' in text
    assert "about equal" in text


def test_without_scenarios_there_is_no_such_section():
    assert scenario_section(make_story(make_route())) == ""


def test_a_way_that_a_scenario_alone_makes():
    story = make_story(rival(), make_route(scenario_id="new_line"))
    text = scenario_section(story)
    assert "no way" in text
    assert "the first Middle Corridor way" in text


@pytest.mark.parametrize(
    ("time_h", "words"), [(120.0, "the quickest Middle Corridor way"), (170.0, "one more choice")]
)
def test_a_way_that_a_scenario_opens_is_compared_with_the_best_of_today(time_h, words):
    new = make_route(
        scenario_id="new_line", option=2, corridor_id="zangezur", corridor_name="New", time_h=time_h
    )
    text = scenario_section(make_story(make_route(), make_route(scenario_id="new_line"), new))
    assert words in text
    assert f"New, {time_h / 24:.1f}\u00a0days" in text
