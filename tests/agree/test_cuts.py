"""What is cut is not used, and is named where no way is left: every strait, border, ferry and country in turn."""

from dataclasses import replace

import numpy as np
import pytest

from dehliz.eurasia.load import load
from dehliz.graph.graph import ArcKind, ArcTable
from dehliz.routing.blocked import explain_absence
from dehliz.routing.describe import HIGH_SEA
from dehliz.routing.planner import Planner, Question, prepare

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


def list_countries() -> list[str]:
    """Countries in which something can be used, the high sea left out."""
    network = load(2025)
    return sorted({*network.link["country_id"], *network.node["country_id"]} - {HIGH_SEA})


def test_there_is_something_to_cut() -> None:
    cuts = list_cuts()
    assert {"suez", "bosporus", "malacca"} <= set(cuts)
    assert len(cuts) > 60
    assert len(list_countries()) > 40


@pytest.mark.slow
@pytest.mark.parametrize("cut", list_cuts())
def test_no_route_uses_what_is_cut(planner: Planner, cut: str) -> None:
    for origin, destination in PAIRS:
        check_cut(planner, planner.ask(origin, destination, without=[cut]), cut)


@pytest.mark.slow
@pytest.mark.parametrize("country_id", list_countries())
def test_no_route_crosses_a_country_to_avoid(planner: Planner, country_id: str) -> None:
    home = dict(zip(planner.network.zone["zone_id"], planner.network.zone["country_id"], strict=True))
    asked = [pair for pair in PAIRS if country_id not in {home[place] for place in pair}]
    assert asked
    for origin, destination in asked:
        check_cut(planner, planner.ask(origin, destination, avoid=[country_id]), country_id)


def check_cut(planner: Planner, question: Question, cut: str) -> None:
    """No way uses what is cut; where none is left, the answer names the cut, and what of it is in the way."""
    assert question.forbidden.any()
    found = planner.find(question)
    assert not question.forbidden[found.arc].any()
    shut = set(find_rows(planner, question.forbidden))
    used = {planner.graph.row_id(arc) for arc in found.arc.tolist()} - {""}
    assert not shut & used
    if len(found) == 0:
        check_obstacle(planner, question, cut)


def check_obstacle(planner: Planner, question: Question, cut: str) -> None:
    graph = planner.graph
    obstacle = explain_absence(planner, question)
    assert obstacle.kind == "request"
    assert obstacle.words == (cut,)
    assert cut in obstacle.text
    barred = {graph.row_id(arc) for arc in np.flatnonzero(question.forbidden).tolist()}
    assert obstacle.row_ids
    assert set(obstacle.row_ids) <= barred
    opened = np.isin([graph.row_id(arc) for arc in range(graph.n_arc)], [*obstacle.row_ids, ""])
    assert len(planner.find(replace(question, forbidden=question.forbidden & ~opened))), (
        "these rows do not open a way"
    )


def test_the_only_place_of_loading_is_named(planner: Planner) -> None:
    question = planner.ask("aktau", "poti", without=["aktau"])
    assert len(planner.find(question)) == 0
    check_obstacle(planner, question, "aktau")


def test_a_country_around_a_place_is_named(planner: Planner) -> None:
    """Mongolia lies between Russia and China: without both no way leads there."""
    question = planner.ask("ulaanbaatar", "hamburg", avoid=["RU", "CN"])
    assert len(planner.find(question)) == 0
    obstacle = explain_absence(planner, question)
    assert set(obstacle.words) <= {"RU", "CN"}
    assert obstacle.words
    left = [country for country in ("RU", "CN") if country not in obstacle.words]
    assert len(planner.find(planner.ask("ulaanbaatar", "hamburg", avoid=left)))


@pytest.mark.slow
@pytest.mark.parametrize(("origin", "destination"), PAIRS)
def test_what_is_named_is_enough_to_open_a_way(planner: Planner, origin: str, destination: str) -> None:
    """All other countries, Suez and the Cape are left out: dropping those that are named opens a way."""
    home = dict(zip(planner.network.zone["zone_id"], planner.network.zone["country_id"], strict=True))
    avoid = [one for one in list_countries() if one not in (home[origin], home[destination])]
    without = ["suez", "cape_good_hope"]
    question = planner.ask(origin, destination, avoid=avoid, without=without)
    if len(planner.find(question)):
        assert (origin, destination) == ("moscow", "tehran"), (
            "only these two meet by sea and have no other country"
        )
        return
    words = explain_absence(planner, question).words
    assert words
    for one in words:
        bars = [bar.word for bar in question.bars if bar.arcs.any()]
        assert one in bars
    left = [one for one in avoid if one not in words], [one for one in without if one not in words]
    assert len(planner.find(planner.ask(origin, destination, avoid=left[0], without=left[1])))


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
