import pandas as pd

from dehliz.report.routes_map import routes_map
from tests.unit.report.sample import make_sample
from tests.unit.report.small import make_legs, make_network, make_route


def test_a_route_has_a_line_a_badge_and_its_stops():
    figure = routes_map(make_network(), make_route(), make_legs(), title="Test")
    assert figure.title == "Test"
    assert "1 Middle <by> BTK" in figure.description
    svg = figure.svg
    assert "<title>Middle &lt;by&gt; BTK</title>" in svg
    assert "Hafen &lt;&amp;&gt;" in svg
    assert ">1</text>" in svg
    assert "base-caucasus-land" in svg


def test_routes_on_one_track_are_drawn_apart():
    routes = pd.concat([make_route(), make_route(corridor_id="zangezur", corridor_name="Zangezur", option=2)])
    legs = pd.concat([make_legs(), make_legs().assign(option=2)])
    svg = routes_map(make_network(), routes, legs).svg
    lines = [part.split('"')[0] for part in svg.split('d="M')[1:]]
    assert len({line for line in lines if len(line) < 400}) >= 2


def test_a_way_by_sea_that_leaves_the_map_gets_a_small_map_of_oceans():
    tables, _ = make_sample()
    route, legs = tables["route"], tables["route_leg"]
    is_pair = (route["scenario_id"] == "baseline") & (route["destination_id"] == "hamburg")
    is_leg = (legs["scenario_id"] == "baseline") & (legs["destination_id"] == "hamburg")
    figure = routes_map(tables, route[is_pair], legs[is_leg])
    assert "base-ocean-land" in figure.shared
    assert "The way by sea" in figure.svg
    is_pair = (route["scenario_id"] == "baseline") & (route["destination_id"] == "poti")
    is_leg = (legs["scenario_id"] == "baseline") & (legs["destination_id"] == "poti")
    assert "base-ocean-land" not in routes_map(tables, route[is_pair], legs[is_leg]).shared


def test_unknown_places_leave_a_base_map():
    figure = routes_map({"node": pd.DataFrame()}, make_route(), make_legs())
    assert "base-eurasia-land" in figure.shared


def test_the_same_tables_give_the_same_text():
    assert (
        routes_map(make_network(), make_route(), make_legs()).svg
        == routes_map(make_network(), make_route(), make_legs()).svg
    )
