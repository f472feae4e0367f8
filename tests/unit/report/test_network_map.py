import pandas as pd

from dehliz.report.network_map import network_map
from tests.unit.report.small import make_legs, make_network


def test_modes_and_statuses_are_drawn_apart():
    svg = network_map(make_network()).svg
    for words in (
        "Rail, 1520 mm gauge, open",
        "Rail, 1435 mm gauge, open",
        "Rail ferry, open",
        "Road, planned",
    ):
        assert f"<title>{words}</title>" in svg


def test_places_where_cargo_stops_have_a_dot_and_a_name():
    figure = network_map(make_network())
    assert figure.svg.count("<circle") == 4
    assert ">Mitte<" in figure.svg
    assert "Hafen &lt;&amp;&gt;" in figure.svg
    assert "Hafen <" not in figure.svg


def test_ferries_lie_over_rail():
    svg = network_map(make_network()).svg
    assert svg.index("Rail ferry, open") > svg.index("Rail, 1520") > svg.index("Road, planned")


def test_an_empty_network_is_a_base_map():
    figure = network_map({"node": pd.DataFrame()})
    assert "base-eurasia-land" in figure.svg
    assert "<circle" not in figure.svg


def test_narrow():
    assert network_map(make_network(), is_narrow=True).width == 344


def test_ends_of_journeys_are_named_before_all_else():
    tables = {**make_network(), "route_leg": make_legs()}
    crowd = [{**tables["node"].iloc[1].to_dict(), "node_id": f"n{i}", "name": f"Nearby{i}"} for i in range(8)]
    west = [{**tables["node"].iloc[3].to_dict(), "node_id": f"w{i}", "name": f"Beside{i}"} for i in range(12)]
    tables["node"] = pd.concat([pd.DataFrame(crowd + west), tables["node"]], ignore_index=True)
    ids = [f"n{i}" for i in range(8)] + [f"w{i}" for i in range(12)]
    more = pd.DataFrame([{"terminal_id": f"{i}_t", "node_id": i} for i in ids])
    tables["terminal"] = pd.concat([more, tables["terminal"]])
    svg = network_map(tables).svg
    assert ">Westend</text>" in svg
    assert ">Ostor</text>" in svg
    assert svg.count("Beside") < 2 * 12
