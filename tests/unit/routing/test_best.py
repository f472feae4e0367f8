"""The best way of a corridor: straight, of its own name, and what is told when there is none."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dehliz.network.network import Network
from dehliz.routing import best, compare
from dehliz.routing.ask import compare as ask_compare
from dehliz.routing.ask import routes
from dehliz.routing.best import Ask, Verdict, find_least, find_own
from dehliz.routing.corridors import Gateways, find_gateway
from dehliz.routing.layers import NO_NODE, find_turn, lay_out
from dehliz.routing.planner import Planner, prepare


@pytest.fixture
def planner(corridor3: Network) -> Planner:
    return prepare(corridor3)


def corridor_by(planner: Planner, corridor_id: str, *tokens: str) -> Gateways:
    masks = [find_gateway(planner.graph, planner.network, token) for token in tokens]
    nothing = np.zeros(planner.graph.n_arc, dtype=bool)
    return Gateways(corridor_id, corridor_id, np.array(masks).reshape(len(masks), -1), nothing)


def ask_cheapest(planner: Planner) -> Ask:
    nothing = np.zeros((0, planner.graph.n_arc), dtype=bool)
    return Ask(
        (planner.graph.zone_ids.index("west"), planner.graph.zone_ids.index("haven")),
        nothing,
        planner.costs.cost_usd,
    )


def with_spur(network: Network) -> Network:
    """A place beside the road from mark to quay: cheap to dip into from mark, dear to pass on from."""
    link = network.link
    road = link[link["link_id"] == "xb_mark_quay_road"]
    spur = road.assign(link_id="xb_mark_spur", to_node_id="spur", length_km=120.0)
    onward = road.assign(link_id="xb_spur_quay", from_node_id="spur", length_km=700.0)
    node = network.node[network.node["node_id"] == "quay"].assign(
        node_id="spur", lon_deg=14.0, name="Spur", unlocode=""
    )
    tables = network.tables()
    return replace(
        network,
        link=pd.concat([tables["link"], spur, onward], ignore_index=True).sort_values(
            "link_id", ignore_index=True
        ),
        node=pd.concat([tables["node"], node], ignore_index=True).sort_values("node_id", ignore_index=True),
    )


def test_way_that_dips_to_a_gateway_does_not_hide_the_straight_one(corridor3: Network) -> None:
    planner = prepare(with_spur(corridor3))
    spur = corridor_by(planner, "spur", "spur")
    ask = ask_cheapest(planner)
    dipping, arcs = find_least(planner.graph, replace(ask, needed=spur.needed))
    assert find_turn(planner.graph, arcs) != NO_NODE, "there and back is the cheapest"
    arcs, verdict = find_own(planner.graph, ask, (spur,), spur)
    assert verdict is Verdict.FOUND
    assert "xb_spur_quay" in {planner.graph.row_id(arc) for arc in arcs}
    assert planner.costs.cost_usd[arcs].sum() > dipping


def test_options_by_a_gateway_are_straight_too(corridor3: Network) -> None:
    table = routes(with_spur(corridor3), "west", "haven", via=["spur"]).table
    assert table["length_km"].tolist() == [350.0 + 120.0 + 700.0 + 230.0]


def test_returning_way_is_told_when_there_is_no_other(corridor3: Network) -> None:
    network = with_spur(corridor3)
    dead_end = replace(
        network, link=network.link[network.link["link_id"] != "xb_spur_quay"].reset_index(drop=True)
    )
    answer = routes(dead_end, "west", "haven", via=["spur"])
    assert answer.status == "ok"
    assert any("comes back" in note for note in answer.notes)
    spur = corridor_by(planner := prepare(dead_end), "spur", "spur")
    assert find_own(planner.graph, ask_cheapest(planner), (spur,), spur)[1] is Verdict.NO_WAY


def test_name_of_an_earlier_corridor_is_not_taken(planner: Planner) -> None:
    """Both corridors pass mark; the first takes the rail ferry's ways, so that the second has the road's."""
    ferry, mark = corridor_by(planner, "ferry", "mode:rail_ferry"), corridor_by(planner, "mark", "mark")
    arcs, verdict = find_own(planner.graph, ask_cheapest(planner), (ferry, mark), mark)
    assert verdict is Verdict.FOUND
    assert "roro_quay_haven" in {planner.graph.row_id(arc) for arc in arcs}


def test_search_stops_at_its_limits(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    ferry, mark = corridor_by(planner, "ferry", "mode:rail_ferry"), corridor_by(planner, "mark", "mark")
    ask = ask_cheapest(planner)
    assert find_own(planner.graph, ask, (mark,), mark, limit=1.0)[1] is Verdict.DEAR
    monkeypatch.setattr(best, "SEARCH_LIMIT_COUNT", 1)
    arcs, verdict = find_own(planner.graph, ask, (ferry, mark), mark)
    assert verdict is Verdict.UNSETTLED
    assert len(arcs) == 0


def test_corridor_that_is_not_settled_is_told(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best, "SEARCH_LIMIT_COUNT", 0)
    answer = ask_compare(planner, "west", "haven")
    assert "Not settled within the limit of the search: Rail way, Road way" in answer.notes


def test_way_that_another_beats_in_everything_is_no_rival(
    planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Road against rail (README): 1.63 times the money, 0.81 times the time, 3.0 times the emissions.
    assert len(ask_compare(planner, "west", "haven").table) == 2
    monkeypatch.setattr(compare, "WORSE_FACTOR", 0.8)
    answer = ask_compare(planner, "west", "haven")
    assert answer.table["corridor_id"].tolist() == ["rail_way"]
    assert "Left out as a detour or far worse than another: Road way" in answer.notes


def test_node_that_was_left_is_shut(planner: Planner) -> None:
    graph = planner.graph
    mark = graph.node_ids.index("mark")
    layers = lay_out(graph, np.zeros((0, graph.n_arc), dtype=bool), [mark])
    weight = layers.spread(np.ones((1, graph.n_arc)))[0].reshape(2, graph.n_arc)
    assert np.isfinite(weight[0]).all(), "nothing is shut before"
    shut = np.flatnonzero(np.isinf(weight[1]))
    assert len(shut)
    assert (graph.vertex_node[graph.head[shut]] == mark).all()
    assert (graph.vertex_node[graph.tail[shut]] != mark).all()
