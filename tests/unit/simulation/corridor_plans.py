"""Plans of `corridor3` for tests: its two routes by hand, tables that can be changed, plans made of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from dehliz.graph.compile import compile_graph
from dehliz.graph.graph import Graph
from dehliz.graph.load_costs import LoadCosts, plain_load_costs
from dehliz.graph.price_loads import LoadTables, price_loads
from dehliz.kernels.search import Star, least_cost_paths
from dehliz.network.network import Network, build_network
from dehliz.simulation.plan import Plan
from dehliz.simulation.plan_make import make_plan
from dehliz.simulation.routes_in import PlanSettings, RouteSet
from dehliz.simulation.system import ResourceKind

Tables = dict[str, pd.DataFrame]
START = np.datetime64("2024-01-01T00", "h")
RAIL = ("rail_1435", "rail_1520", "rail_ferry")
ROAD = ("road", "roro")


OPERATIONS = ("departure", "closure", "holiday", "server", "wagon_pool", "duration", "draught_limit")
OPERATION_CELLS = (
    "departs", "longest_wait_h", "fleet_count", "turn_time_h", "cut_off_h", "crossing_spread_h", "capacity_lane_m",
)  # fmt: skip


def strip(tables: Tables) -> Tables:
    """Tables that say nothing of operations and capacities: each test adds what it is about."""
    leg = tables["service_leg"].astype(object)
    leg[list(OPERATION_CELLS)] = ""
    terminal = tables["terminal"].astype(object)
    terminal[["capacity_teu_a", "capacity_t_a"]] = ""
    rest = {name: tables[name].iloc[:0] for name in OPERATIONS}
    return {**tables, **rest, "service_leg": leg, "terminal": terminal}


def change(tables: Tables, table: str, row_id: str, **cells: Any) -> Tables:
    """Tables with some cells of one row changed."""
    frame = tables[table].copy()
    row = frame.index[frame.iloc[:, 0] == row_id][0]
    for column, value in cells.items():
        frame[column] = frame[column].astype(object)
        frame.loc[row, column] = value
    return {**tables, table: frame}


def add(tables: Tables, table: str, *rows: Mapping[str, Any]) -> Tables:
    """Tables with rows more; what is not said is empty."""
    frame = tables[table].astype(object)
    more = pd.DataFrame([{**dict.fromkeys(frame.columns, ""), **row} for row in rows])
    return {**tables, table: pd.concat([frame, more], ignore_index=True)}


def find_way(graph: Graph, modes: tuple[str, ...], ends: tuple[str, str] = ("west", "haven")) -> np.ndarray:
    """Arcs of the fastest way by some modes only."""
    allowed = np.isin(np.array(graph.mode_ids)[graph.mode], modes) & graph.is_open
    cost = np.where(allowed, graph.time_h + 1e-9, np.inf)
    pair = (graph.zone_ids.index(ends[0]), graph.n_zone + graph.zone_ids.index(ends[1]))
    return least_cost_paths(Star(graph.first_out, graph.head), cost, [pair])[2].astype(np.int32)


def route_set(graph: Graph, ways: list[tuple[np.ndarray, str, float]], is_probe: bool = False) -> RouteSet:
    """Routes from arcs, segment and tonnes a year, all from west to haven; markets are segments."""
    segments = tuple(dict.fromkeys(way[1] for way in ways))
    place = np.array([segments.index(way[1]) for way in ways], dtype=np.int32)
    count = len(ways)
    return RouteSet(
        first_arc=np.cumsum([0, *(len(way[0]) for way in ways)]).astype(np.int64),
        arc=np.concatenate([way[0] for way in ways]).astype(np.int32),
        origin=np.full(count, graph.zone_ids.index("west"), dtype=np.int32),
        destination=np.full(count, graph.zone_ids.index("haven"), dtype=np.int32),
        market=place,
        segment=place.copy(),
        corridor=np.zeros(count, dtype=np.int32),
        volume_t_a=np.array([way[2] for way in ways]),
        is_probe=np.full(count, is_probe),
        market_ids=segments,
        segment_ids=segments,
        corridor_ids=("any",),
    )


def no_costs(graph: Graph) -> LoadCosts:
    """No capacity, no background."""
    count = graph.n_arc
    return plain_load_costs(
        graph.time_h, np.full(count, np.inf), np.zeros(count), np.ones(count), np.zeros(count, dtype=np.int8)
    )


def capacity_costs(
    graph: Graph,
    network: Network,
    capacity: list[tuple[str, str, float]],
    background: list[tuple[str, str, float]],
) -> tuple[LoadCosts, np.ndarray]:
    """Capacities, background and money from rows of table, id and tonnes a year, in each direction."""

    def rows(cells: list[tuple[str, str, float]], column: str) -> pd.DataFrame:
        columns = ["table_name", "row_id", column, "direction"]
        return pd.DataFrame([(*cell, "each") for cell in cells], columns=columns)

    kinds = ["rail", "road", "sea", "service_leg", "connector", "gauge_change", "border_post", "port"]
    delay = pd.DataFrame({"delay_id": kinds, "form": "constant", "alpha_factor": 0.0, "beta_factor": 1.0})
    tables = LoadTables(rows(capacity, "capacity_t_a"), rows(background, "volume_t_a"), delay)
    return price_loads(graph, network, ["containers"], tables)


def plan_of(
    tables: Tables,
    volumes: tuple[float, float] = (73_000.0, 0.0),
    capacity: list[tuple[str, str, float]] | None = None,
    background: list[tuple[str, str, float]] | None = None,
    **settings: Any,
) -> Plan:
    """A plan of containers from west to haven, by rail and by road [t/a], of changed tables."""
    network = build_network(tables)
    graph = compile_graph(network)
    ways = [
        (find_way(graph, modes), "containers", volume)
        for modes, volume in zip((RAIL, ROAD), volumes, strict=True)
    ]
    routes = route_set(graph, [way for way in ways if way[2] > 0.0])
    costs, money = capacity_costs(graph, network, capacity or [], background or [])
    routes = replace(routes, money_usd_t=money)
    chosen = {"start": START, "horizon_h": 8760.0, "drain_h": 240.0, **settings}
    return make_plan(network, graph, costs, routes, PlanSettings(**chosen))


def chain_of(plan: Plan, flow: int = 0) -> list[int]:
    """Stages of a flow in order."""
    stages, stage = [], int(plan.system.entry_stage[flow])
    while stage >= 0:
        stages.append(stage)
        stage = int(plan.system.stage_next[stage])
    return stages


def tell_chain(plan: Plan, flow: int = 0) -> list[tuple[str, float]]:
    """Names of resources and mean times of a flow, without places where one only looks ahead."""
    system = plan.system
    return [
        (system.resource_ids[system.stage_resource[stage]], float(system.stage_time_h[stage]))
        for stage in chain_of(plan, flow)
        if system.kind[system.stage_resource[stage]] != ResourceKind.GIVE
        or not system.resource_ids[system.stage_resource[stage]].startswith("lookout")
    ]


def stage_at(plan: Plan, start: str, flow: int = 0) -> int:
    """The stage of a flow whose resource's name begins so."""
    system = plan.system
    found = [
        stage
        for stage in chain_of(plan, flow)
        if system.resource_ids[system.stage_resource[stage]].startswith(start)
    ]
    assert len(found) == 1, (start, [system.resource_ids[row] for row in system.stage_resource])
    return found[0]


def resource_at(plan: Plan, name: str) -> int:
    """A resource by its name."""
    return plan.system.resource_ids.index(name)


def closures_at(plan: Plan, name: str) -> list[tuple[float, float]]:
    """Closures of a resource that are known beforehand."""
    resource = resource_at(plan, name)
    first, last = plan.chances.fixed_first[resource : resource + 2]
    return list(
        zip(
            plan.chances.fixed_start_h[first:last].tolist(),
            plan.chances.fixed_end_h[first:last].tolist(),
            strict=True,
        )
    )


def weather_at(plan: Plan, name: str) -> set[str]:
    """Keys of the weather of a resource."""
    resource = resource_at(plan, name)
    first, last = plan.chances.shut_first[resource : resource + 2]
    return set(plan.chances.shut_key[first:last])
