import pandas as pd

from dehliz.report.story import best_middle, best_per_corridor, merge_scenarios, tell
from tests.unit.report.small import make_legs, make_route


def two_scenarios():
    base = pd.concat([make_route(), make_route(option=2, corridor_id="suez", corridor_name="Sea")])
    more = pd.concat([
        make_route(scenario_id="new_line", corridor_id="zangezur", corridor_name="Zangezur", time_h=120.0),
        make_route(scenario_id="new_line", option=2),
    ])  # fmt: skip
    legs = [make_legs().assign(option=o, scenario_id=s) for s in ("baseline", "new_line") for o in (1, 2)]
    return pd.concat([more, base], ignore_index=True), pd.concat(legs, ignore_index=True)


def test_corridors_of_the_baseline_come_first_then_what_a_scenario_adds():
    routes, legs = merge_scenarios(*two_scenarios())
    assert routes["corridor_id"].tolist() == ["middle_btk", "suez", "zangezur"]
    assert routes["option"].tolist() == [1, 2, 3]
    assert routes["is_only_with"].tolist() == ["", "", "new_line"]
    assert legs.groupby("option").size().tolist() == [6, 6, 6]
    assert legs.loc[legs["option"] == 3, "scenario_id"].unique().tolist() == ["new_line"]


def test_only_the_first_option_of_a_corridor_is_shown():
    routes = pd.concat([make_route(option=2, cost_usd=1.0), make_route(option=1)])
    assert best_per_corridor(routes)["option"].tolist() == [1]


def test_names_come_from_tables_or_from_the_legs():
    routes, legs = two_scenarios()
    story = tell({"route": routes, "route_leg": legs}, {})
    pair = story.pairs[0]
    assert pair.name == "Ostor → Westend"
    assert story.scenario_name == {"baseline": "As it is", "new_line": "New line"}
    assert story.table("fact").empty
    zone = pd.DataFrame([{"zone_id": "ostor", "name": "Ostor City"}])
    scenario = pd.DataFrame([{"scenario_id": "new_line", "name": "With the new line"}])
    named = tell({"route": routes, "route_leg": legs, "zone": zone, "scenario": scenario}, {})
    assert named.pairs[0].origin == "Ostor City"
    assert named.scenario_name["new_line"] == "With the new line"


def test_tables_without_scenarios_are_the_baseline():
    routes, legs = make_route().drop(columns="scenario_id"), make_legs().drop(columns="scenario_id")
    story = tell({"route": routes, "route_leg": legs}, {"shipment": "2 boxes"})
    assert list(story.pairs[0].by_scenario) == ["baseline"]
    assert story.shipment == "2 boxes"


def test_the_quickest_of_the_claimants():
    routes, legs = two_scenarios()
    story = tell({"route": routes, "route_leg": legs}, {})
    best = best_middle(story, story.pairs[0].by_scenario["new_line"])
    assert best is not None
    assert best["corridor_id"] == "zangezur"
    study = {"compare": {"claimants": ["suez"]}}
    other = tell({"route": routes, "route_leg": legs}, {"study": study})
    assert best_middle(other, other.pairs[0].by_scenario["new_line"]) is None
