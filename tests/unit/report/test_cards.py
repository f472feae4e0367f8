import numpy as np
import pandas as pd

from dehliz.report.cards import cards, compare_table, find_best, ways
from dehliz.report.story import tell
from tests.unit.report.small import make_legs, make_route


def make_pair(*routes, **tables):
    legs = pd.concat([make_legs().assign(option=n) for n in range(1, len(routes) + 1)])
    story = tell({"route": pd.concat(routes), "route_leg": legs, **tables}, {})
    return story, story.pairs[0]


def rival(**changes):
    return make_route(option=2, corridor_id="suez", corridor_name="Sea", **changes)


def test_best_values():
    _, pair = make_pair(make_route(), rival(time_h=100.0, stability_mean_score=0.1, border_count=3))
    best = find_best(pair.routes)
    assert best["time_h"] == {2}
    assert best["stability_mean_score"] == {2}
    assert best["border_count"] == {1}
    assert "cost_usd" not in best  # a draw of all is not a win


def test_missing_values_are_never_best():
    _, pair = make_pair(make_route(time_p95_h=np.nan), rival())
    assert find_best(pair.routes)["time_p95_h"] == {2}
    _, alone = make_pair(make_route())
    assert find_best(alone.routes) == {}


def test_a_card_shows_every_figure_with_its_unit():
    text = cards(*make_pair(make_route(), rival(cost_usd=900.0)))
    for words in ("6.5\u00a0days", "19 of 20 within 8.0\u00a0days", "USD\u00a01\u202f450", "140\u00a0kg CO₂e",
                  "1\u202f000\u00a0km",
                  "1.25\u00a0×", "1\u00a0border", "1\u00a0gauge change", "2\u00a0transshipments", "−0.50\u00a0points",
                  "−1.25\u00a0points",
                  "Stands on 2\u00a0facts and 2\u00a0assumptions"):  # fmt: skip
        assert words in text, words
    assert "Middle &lt;by&gt; BTK" in text
    assert '<dd>USD\u00a0900<span class="best">best</span></dd>' in text


def test_countries_are_named():
    country = pd.DataFrame([{"country_id": "AA", "name": "Aland <x>"}])
    assert "Aland &lt;x&gt;, BB" in cards(*make_pair(make_route(), country=country))


def test_what_only_a_scenario_opens_is_marked():
    text = cards(*make_pair(make_route(), rival(scenario_id="new_line").assign(option=1)))
    assert "Only in scenario “New line”" in text


def test_legs_are_listed_with_units():
    _, pair = make_pair(make_route())
    text = ways(pair)
    assert "Mitte – Hafen &lt;&amp;&gt;" in text
    assert "change of mode" in text
    assert "Rail ferry" in text
    assert "12\u00a0h" in text
    assert "2.0\u00a0days" in text


def test_the_table_can_be_sorted_by_value():
    _, pair = make_pair(make_route(), rival(time_p95_h=np.nan))
    text = compare_table(pair)
    assert 'data-value="156"' in text
    assert 'data-value=""' in text
    assert "sortable" in text
