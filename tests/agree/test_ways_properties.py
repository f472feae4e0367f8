"""What must hold of ways through any network: names and order mean nothing, there is as good as back, closing harms."""

import random
from functools import cache
from itertools import permutations
from typing import Any

import pandas as pd
import pytest

from dehliz.graph.shipment import read_shipment
from dehliz.network.changes import Close, Open, Scenario
from dehliz.network.network import Network, build_network
from dehliz.network.scenario import apply
from dehliz.routing.ask import compare
from dehliz.routing.layers import NO_NODE, find_turn
from dehliz.routing.planner import Planner, prepare
from tests.oracles.multimodal import random_network, random_tables
from tests.oracles.pareto import Value

Front = list[Value]
Tables = dict[str, pd.DataFrame]
SEEDS = range(200, 212)


def prepare_boxes(network: Network) -> Planner:
    return prepare(network, read_shipment(network, "1x40", segment="boxes"))


@cache
def planner_of(seed: int) -> Planner:
    return prepare_boxes(random_network(seed))


def front(planner: Planner, origin: str, destination: str, **options: Any) -> Front:
    found = planner.find(planner.ask(origin, destination, **options))
    totals = [found.total(weight).tolist() for weight in planner.costs.weight]
    return sorted(zip(*totals, strict=True))


def fronts(planner: Planner) -> dict[tuple[str, str], Front]:
    return {ends: front(planner, *ends) for ends in permutations(planner.graph.zone_ids, 2)}


def assert_equal(mine: Front, theirs: Front) -> None:
    assert len(mine) == len(theirs)
    for one, other in zip(mine, theirs, strict=True):
        assert one == pytest.approx(other, rel=1e-9)


def covers(better: Front, worse: Front) -> bool:
    """Whether every option of the second has one of the first that is at least as good."""
    return all(
        any(all(a <= b * (1 + 1e-9) for a, b in zip(good, bad, strict=True)) for good in better)
        for bad in worse
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_rows_means_nothing(seed: int) -> None:
    mixed = {name: frame.sample(frac=1, random_state=seed) for name, frame in random_tables(seed).items()}
    again = prepare_boxes(build_network(mixed))
    for ends, options in fronts(planner_of(seed)).items():
        assert front(again, *ends) == options


@pytest.mark.parametrize("seed", SEEDS)
def test_names_of_places_and_countries_mean_nothing(seed: int) -> None:
    tables = random_tables(seed)
    node = {name: f"z{99 - number}" for number, name in enumerate(tables["node"]["node_id"])}
    country = {"XA": "YD", "XB": "YC", "XC": "YB", "XD": "YA"}
    new = {name: _rename(frame, {**node, **country}) for name, frame in tables.items()}
    planner, again = planner_of(seed), prepare_boxes(build_network(new))
    for (origin, destination), options in fronts(planner).items():
        assert_equal(front(again, node[origin], node[destination]), options)
        mine = compare(again, node[origin], node[destination]).table
        theirs = compare(planner, origin, destination).table
        assert mine["corridor_id"].tolist() == theirs["corridor_id"].tolist()
        assert mine["cost_usd"].tolist() == pytest.approx(theirs["cost_usd"].tolist())


def _rename(frame: pd.DataFrame, new: dict[str, str]) -> pd.DataFrame:
    """A table with every id that has a new name renamed; of a list of gateways, each."""

    def rename(cell: object) -> object:
        if not isinstance(cell, str):
            return cell
        parts = [part.rpartition(":") for part in cell.split(";")]
        return ";".join(f"{kind}{colon}{new.get(name, name)}" for kind, colon, name in parts)

    return frame.map(rename)


@pytest.mark.parametrize("seed", SEEDS)
def test_back_is_as_good_as_there(seed: int) -> None:
    """When no row has a direction and nothing waits at the door of departure."""
    tables = random_tables(seed)
    post = tables["terminal"][tables["terminal"]["kind"] == "border_post"]
    if len(post):
        twin = post[post["from_country_id"] > post["to_country_id"]]
        tables["terminal"] = tables["terminal"].drop(index=twin.index)
    tables["terminal"] = tables["terminal"].assign(directed=False)
    tables["link"] = tables["link"].assign(directed=False)
    tables["service_leg"] = tables["service_leg"].assign(directed=False)
    tables["connector"] = tables["connector"].assign(waiting_time_h=0.0)
    planner = prepare_boxes(build_network(tables))
    for (origin, destination), options in fronts(planner).items():
        assert_equal(front(planner, destination, origin), options)


@pytest.mark.parametrize("seed", SEEDS)
def test_closing_never_helps_and_opening_never_harms(seed: int) -> None:
    planner = planner_of(seed)
    network, before = planner.network, fronts(planner)
    draw = random.Random(seed)
    open_ids = network.link.loc[network.link["status"] == "open", "link_id"].tolist()
    shut = Scenario("shut", (Close(link_ids=tuple(draw.sample(open_ids, 2))),))
    after = fronts(prepare_boxes(apply(shut, network).network))
    assert all(covers(before[ends], after[ends]) for ends in before)
    shut_ids = tuple(network.link.loc[network.link["status"] != "open", "link_id"])
    if shut_ids:
        wider = fronts(prepare_boxes(apply(Scenario("open", (Open(link_ids=shut_ids),)), network).network))
        assert all(covers(wider[ends], before[ends]) for ends in before)


def test_closing_and_opening_do_change_something() -> None:
    """Else the test above would prove nothing."""
    changed = 0
    for seed in SEEDS:
        planner = planner_of(seed)
        for (origin, destination), options in fronts(planner).items():
            found = planner.find(planner.ask(origin, destination))
            used = sorted({planner.graph.row_id(arc) for arc in found.arc.tolist()} - {""})
            if used:
                changed += front(planner, origin, destination, without=used[:1]) != options
    assert changed > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_leaving_out_what_is_not_used_changes_nothing(seed: int) -> None:
    planner = planner_of(seed)
    for (origin, destination), options in fronts(planner).items():
        found = planner.find(planner.ask(origin, destination))
        used = {planner.graph.row_id(arc) for arc in found.arc.tolist()}
        unused = [row_id for rows in planner.graph.row_ids[:3] for row_id in rows if row_id not in used]
        assert front(planner, origin, destination, without=unused) == options


def test_passing_what_is_passed_anyway_changes_nothing() -> None:
    """A gateway that every option passes gives the same options when it is asked for."""
    asked = 0
    for seed in SEEDS:
        planner = planner_of(seed)
        graph = planner.graph
        for (origin, destination), options in fronts(planner).items():
            found = planner.find(planner.ask(origin, destination))
            ways = [found.arcs(route) for route in range(len(found))]
            if any(find_turn(graph, arcs) != NO_NODE for arcs in ways):
                continue
            passed = [set(graph.vertex_node[graph.head[arcs]].tolist()) for arcs in ways]
            for node in set.intersection(*passed) if passed else ():
                assert front(planner, origin, destination, via=[graph.node_ids[node]]) == options
                asked += 1
    assert asked > 100
