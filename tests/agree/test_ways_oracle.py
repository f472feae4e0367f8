"""The whole chain from tables to told ways equals a clerk who tries every way by hand, on random small networks.

Border posts, gauges, ports, ferries, one-way and closed rows, tariffs by row, country and segment, traction and grids:
``tests/oracles/ways.py`` computes them from the tables and knows nothing of graphs.
"""

from functools import cache
from itertools import permutations
from math import isnan

import pytest

from dehliz.graph.shipment import read_shipment
from dehliz.network.network import Network
from dehliz.routing.ask import compare, routes
from dehliz.routing.compare import value_of_time_usd_h
from dehliz.routing.planner import Planner, prepare
from tests.oracles.multimodal import random_network
from tests.oracles.pareto import Value, unbeaten
from tests.oracles.ways import Clerk, Load, Way, corridor_of, describe, nodes_of, straight_km, value_of

BOXES = Load("boxes", "teu", 2.0, 22.0)
GRAIN = Load("grain", "t", 37.0, 37.0)
SEEDS = range(32)
CRITERION = {"cost": 0, "time": 1, "emissions": 2}


@cache
def network_of(seed: int) -> Network:
    return random_network(seed)


@cache
def planner_of(seed: int) -> Planner:
    network = network_of(seed)
    return prepare(network, read_shipment(network, "1x40", segment="boxes"))


@cache
def ways_of(seed: int) -> dict[tuple[str, str], list[Way]]:
    network = network_of(seed)
    clerk = Clerk(network, BOXES)
    return {ends: list(clerk.every_way(*ends)) for ends in permutations(network.zone["zone_id"], 2)}


def values_found(planner: Planner, origin: str, destination: str) -> list[Value]:
    found = planner.find(planner.ask(origin, destination))
    totals = [found.total(weight) for weight in planner.costs.weight]
    return sorted(zip(*(total.tolist() for total in totals), strict=True))


def assert_close(mine: list[Value], theirs: list[Value]) -> None:
    assert len(mine) == len(theirs)
    for one, other in zip(mine, theirs, strict=True):
        assert one == pytest.approx(other, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_options_are_those_of_trying_every_way(seed: int) -> None:
    for (origin, destination), ways in ways_of(seed).items():
        expected = unbeaten(value_of(way) for way in ways)
        assert_close(values_found(planner_of(seed), origin, destination), expected)


@pytest.mark.parametrize("seed", range(100, 108))
def test_cargo_in_tonnes_too(seed: int) -> None:
    network = random_network(seed, land_count=12)
    planner = prepare(network, read_shipment(network, tonnes=37.0, segment="grain"))
    clerk = Clerk(network, GRAIN)
    for origin, destination in permutations(network.zone["zone_id"], 2):
        expected = unbeaten(value_of(way) for way in clerk.every_way(origin, destination))
        assert_close(values_found(planner, origin, destination), expected)


def test_there_is_something_to_choose() -> None:
    """Else the tests here would prove nothing: many ways, and borders, gauges, ferries and closed rows among them."""
    ways = [way for seed in SEEDS for found in ways_of(seed).values() for way in found]
    kinds = [{step.kind for step in way} for way in ways]
    assert len(ways) > 5_000
    assert sum("border_post" in found for found in kinds) > 1_000
    assert sum("gauge_change" in found for found in kinds) > 1_000
    assert sum(any(step.table == "service_leg" for step in way) for way in ways) > 1_000
    assert sum(not found for seed in SEEDS for found in ways_of(seed).values()) > 5, "some have no way"


@pytest.mark.parametrize("seed", SEEDS)
def test_told_ways_say_what_their_rows_say(seed: int) -> None:
    network = network_of(seed)
    for (origin, destination), ways in ways_of(seed).items():
        by_rows = {";".join(step.row_id for step in way): way for way in ways}
        answer = routes(planner_of(seed), origin, destination)
        assert (answer.status == "ok") == bool(ways)
        for row in answer.table.to_dict("records"):
            legs = answer.legs[answer.legs["option"] == row["option"]]
            way = by_rows[";".join(legs["row_ids"])]
            expected = describe(network, way, origin, destination)
            for column, value in expected.items():
                if isinstance(value, float) and not isnan(value):
                    assert row[column] == pytest.approx(value, rel=1e-9), column
                elif not isinstance(value, float):
                    assert row[column] == value, column
            assert row["corridor_id"] == corridor_of(network, way)
            straight = straight_km(network, origin, destination)
            assert row["compactness_factor"] == pytest.approx(expected["length_km"] / straight)
            assert legs["cost_usd"].sum() == pytest.approx(expected["cost_usd"])


@pytest.mark.parametrize("best", ["generalised", "time", "cost", "emissions"])
@pytest.mark.parametrize("seed", SEEDS)
def test_best_of_each_corridor_is_the_best_straight_way_of_that_name(seed: int, best: str) -> None:
    network, planner = network_of(seed), planner_of(seed)
    hour_usd = value_of_time_usd_h(planner)

    def score(way: Way) -> float:
        value = value_of(way)
        return value[0] + hour_usd * value[1] if best == "generalised" else value[CRITERION[best]]

    for (origin, destination), ways in ways_of(seed).items():
        expected: dict[str, float] = {}
        for way in ways:
            nodes = nodes_of(way)
            if len(set(nodes)) == len(nodes):
                name = corridor_of(network, way)
                expected[name] = min(score(way), expected.get(name, float("inf")))
        answer = compare(planner, origin, destination, best=best)
        told = " ".join(answer.notes)
        shown = dict(zip(answer.table["corridor_id"], answer.table.to_dict("records"), strict=True))
        for name, corridor_id in zip(network.corridor["name"], network.corridor["corridor_id"], strict=True):
            if corridor_id in shown:
                row = shown[corridor_id]
                mine = {"time": row["time_h"], "cost": row["cost_usd"], "emissions": row["emissions_kgco2e"],
                        "generalised": row["cost_usd"] + hour_usd * row["time_h"]}[best]  # fmt: skip
                assert mine == pytest.approx(expected[corridor_id], rel=1e-7)
            elif corridor_id in expected:
                assert name in told.partition("Left out")[2], (
                    "a corridor with a way is shown or told to be no rival"
                )
            elif ways:
                assert name in told, "a corridor without a way is told"
