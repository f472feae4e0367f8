import numpy as np
import pandas as pd

from dehliz.report.claims import answer, claim_section, claims_of, count_claims
from dehliz.report.story import tell
from tests.unit.report.small import ENDS, make_legs, make_route


def make_claims(holds=(True, False, True), **changes):
    figures = {"compact": (1.2, 1.4), "stable": (-0.5, 0.25), "faster": (240.0, 360.0)}
    rows = [
        {**ENDS, "claim": claim, "holds": is_held, "value": figures[claim][0], "rival_value": figures[claim][1],
         "rival_corridor_id": "suez", "text": "finding <in> words", **changes}
        for claim, is_held in zip(figures, holds, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def make_story(claims, **manifest):
    routes = pd.concat([make_route(), make_route(option=2, corridor_id="suez", corridor_name="Sea & sun")])
    return tell({"route": routes, "route_leg": make_legs(), "claim": claims}, manifest)


def test_counts_and_the_sentence():
    story = make_story(make_claims())
    assert count_claims(claims_of(story)) == {"compact": (1, 1), "stable": (0, 1), "faster": (1, 1)}
    assert answer(story) == (
        "Of 1\u00a0journey, the Middle Corridor is the most compact way on 1, the fastest on 1, "
        "and crosses the most stable countries on none."
    )
    assert answer(make_story(make_claims(), answer="Our words.")) == "Our words."
    assert "could not be tested" in answer(make_story(pd.DataFrame()))


def test_cells_show_both_figures_with_units_and_the_rival():
    text = claim_section(make_story(make_claims()))
    assert "<b>1.20\u00a0×</b> against 1.40\u00a0× (Sea &amp; sun)" in text
    assert "<b>−0.50 points</b> against 0.25 points" in text
    assert "<b>10.0\u00a0days</b> against 15.0\u00a0days" in text
    assert text.count("mark yes") == 2
    assert text.count("mark no") == 1


def test_a_scenario_that_changes_the_answer_is_told():
    both = pd.concat([make_claims(), make_claims((True, True, True), scenario_id="new_line")])
    routes = pd.concat([make_route(), make_route(scenario_id="new_line")])
    story = tell({"route": routes, "route_leg": make_legs(), "claim": both}, {})
    assert claim_section(story).count("holds in scenario “New line”") == 1


def test_missing_scores_and_missing_pairs_are_said():
    unknown = make_claims(value=np.nan, rival_value=np.nan)
    assert "finding &lt;in&gt; words" in claim_section(make_story(unknown))
    assert claim_section(make_story(pd.DataFrame())).count("not tested") == 3
