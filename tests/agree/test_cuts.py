"""What is cut is not used: every strait, border post and ferry of the bundled network, one after another."""

import numpy as np
import pytest

from dehliz.eurasia.load import load
from dehliz.graph.graph import ArcKind, ArcTable
from dehliz.routing.planner import Planner, prepare

PAIRS = [
    ("xian", "hamburg"), ("xian", "baku"), ("almaty", "mersin"), ("shanghai", "rotterdam"), ("tashkent", "constanta"),
    ("moscow", "tehran"), ("chengdu", "budapest"), ("aktau", "poti"), ("urumqi", "trabzon"), ("baku", "warsaw"),
]  # fmt: skip


@pytest.fixture(scope="module")
def planner() -> Planner:
    return prepare(load(2025))


def list_cuts() -> list[str]:
    network = load(2025)
    passages = {*network.link["passage_id"], *network.service_leg["passage_id"]} - {""}
    borders = network.terminal.loc[network.terminal["kind"].isin(["border_post", "gauge_change"]), "node_id"]
    return sorted({*passages, *borders, *network.service_leg["service_leg_id"]})


def test_there_is_something_to_cut() -> None:
    cuts = list_cuts()
    assert {"suez", "bosporus", "malacca"} <= set(cuts)
    assert len(cuts) > 60


@pytest.mark.slow
@pytest.mark.parametrize("cut", list_cuts())
def test_no_route_uses_what_is_cut(planner: Planner, cut: str) -> None:
    for origin, destination in PAIRS:
        question = planner.ask(origin, destination, without=[cut])
        assert question.forbidden.any()
        found = planner.find(question)
        assert not question.forbidden[found.arc].any()
        shut = set(find_rows(planner, question.forbidden))
        used = {planner.graph.row_id(arc) for arc in found.arc.tolist()} - {""}
        assert not shut & used


def find_rows(planner: Planner, forbidden: np.ndarray) -> list[str]:
    """Rows of which every arc is forbidden."""
    graph = planner.graph
    real = graph.table != ArcTable.NONE
    rows = {(int(graph.table[arc]), int(graph.row[arc])) for arc in np.flatnonzero(forbidden & real)}
    open_rows = {(int(graph.table[arc]), int(graph.row[arc])) for arc in np.flatnonzero(~forbidden)}
    return [graph.row_ids[table][row] for table, row in rows - open_rows]


def test_suez_closed_means_the_cape(planner: Planner) -> None:
    found = planner.find(planner.ask("shanghai", "rotterdam", without=["suez"]))
    passed = {
        planner.network.link["passage_id"].iat[planner.graph.row[arc]] for arc in sea_arcs(planner, found.arc)
    }
    assert "cape_good_hope" in passed
    assert not passed & {"suez", "panama", "northwest"}


def sea_arcs(planner: Planner, arcs: np.ndarray) -> list[int]:
    graph = planner.graph
    sea = graph.mode_ids.index("sea_container")
    return [
        arc for arc in arcs.tolist()
        if graph.kind[arc] == ArcKind.MOVE and graph.table[arc] == ArcTable.LINK and graph.mode[arc] == sea
    ]  # fmt: skip


def test_the_ocean_does_not_reach_the_caspian(planner: Planner) -> None:
    graph = planner.graph
    sea = graph.mode_ids.index("sea_container")
    lanes = (graph.mode == sea) & (graph.table == ArcTable.LINK)
    reached = {graph.vertex_node[graph.tail[arc]] for arc in np.flatnonzero(lanes)}
    for node in ("aktau", "alat", "baku", "turkmenbashi", "kuryk"):
        if node in graph.node_ids:
            assert graph.node_ids.index(node) not in reached


def test_what_is_not_open_is_never_used(planner: Planner) -> None:
    for origin, destination in PAIRS:
        found = planner.find(planner.ask(origin, destination))
        assert len(found), f"no way from {origin} to {destination}"
        assert planner.graph.is_open[found.arc].all()
