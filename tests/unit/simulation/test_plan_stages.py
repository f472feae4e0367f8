"""Chains of stages on `corridor3` against the table of its README, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from dehliz.base.errors import DataError
from dehliz.graph.compile import compile_graph
from dehliz.network.network import build_network
from dehliz.simulation.plan import Activity, Family
from dehliz.simulation.plan_make import make_plan
from dehliz.simulation.routes_in import PlanSettings, Probe, add_probes
from dehliz.simulation.system import ResourceKind
from tests.unit.simulation.corridor_plans import (
    RAIL,
    ROAD,
    START,
    Tables,
    add,
    chain_of,
    change,
    find_way,
    no_costs,
    plan_of,
    resource_at,
    route_set,
    stage_at,
    strip,
    tell_chain,
)

RAIL_HOURS = [2, 6, 6, 4, 8, 1.5, 2, 4, 6, 3, 5, 0, 2]
"""Of the README: load, wait, line, gauge yard, line, border, line, port, ship (simulated), unload."""


@pytest.fixture
def bare(corridor3_tables: Tables) -> Tables:
    """`corridor3` without operations."""
    return strip(corridor3_tables)


def test_rail_chain_is_that_of_the_readme(bare: Tables) -> None:
    told = tell_chain(plan_of(bare))
    assert [hours for _, hours in told] == pytest.approx(RAIL_HOURS)
    kinds = "handle wait move handle wait move handle wait move handle wait service handle"
    assert [name.partition(":")[0] for name, _ in told] == kinds.split()
    # 71.5 h together, less 12 h of waiting for the ferry and 10 h of crossing, which the line has.
    assert sum(hours for _, hours in told) == pytest.approx(71.5 - 12 - 10)


def test_activities_and_places(bare: Tables) -> None:
    plan = plan_of(bare)
    stages = chain_of(plan)
    done = [Activity(plan.stage_activity[stage]) for stage in stages]
    names = "HANDLE WAIT MOVE BORDER BORDER MOVE BORDER BORDER MOVE HANDLE WAIT SAIL HANDLE"
    assert [one.name for one in done] == names.split()
    places = [plan.node_ids[plan.stage_place[stage]] for stage in stages]
    assert places == ["west"] * 3 + ["gate"] * 3 + ["mark"] * 3 + ["quay"] * 3 + ["haven"]
    assert sum(plan.stage_length_km[stages]) == pytest.approx(830.0)


def test_money_of_a_box_is_that_of_the_readme(bare: Tables) -> None:
    plan = plan_of(bare)
    assert np.nansum(plan.stage_cost_usd[chain_of(plan)]) == pytest.approx(2 * 780.0), "two TEU by rail"


def test_volumes_are_conserved(bare: Tables) -> None:
    plan = plan_of(bare, (73_000.0, 36_500.0))
    carried = plan.flows.lot_t * plan.flows.rate_d * 365.0
    assert carried[:2] == pytest.approx([73_000.0, 36_500.0])
    assert plan.flows.lot_t[0] == pytest.approx(20.0), "one 40-foot box: two TEU of 10 t"


def test_lots_grow_where_consignments_would_be_too_many(bare: Tables) -> None:
    plan = plan_of(bare, (73_000.0, 36_500.0), most_consignment_count=2_000)
    # 109,500 t are 5,475 boxes; three at a time are 1,825.
    assert plan.flows.lot_t[0] == pytest.approx(60.0)
    assert (plan.flows.lot_t * plan.flows.rate_d).sum() * 365.0 == pytest.approx(109_500.0)
    assert any("3 boxes" in note for note in plan.notes)


def test_spread_of_a_stop_is_shared_by_handling_and_wait(bare: Tables) -> None:
    plan = plan_of(bare)
    chances, mean_h, variance_h2 = plan.chances, 0.0, 0.0
    for name in ("handle:terminal:gate_gauge", "wait:terminal:gate_gauge"):
        stage = stage_at(plan, name)
        resource = plan.system.stage_resource[stage]
        mean_h += plan.system.stage_time_h[stage]
        variance_h2 += (plan.system.stage_time_h[stage] * chances.spread_factor[resource]) ** 2
    assert (mean_h, np.sqrt(variance_h2)) == pytest.approx((12.0, 3.0)), "4 + 8 h, spread 3 h, in the table"


def test_family_comes_from_duration(bare: Tables) -> None:
    rows = [
        {
            "duration_id": "a",
            "activity": "move",
            "family": "lognormal",
            "spread_factor": 0.9,
            "fit": "invented",
        },
        {
            "duration_id": "b",
            "activity": "move",
            "media": "rail",
            "family": "weibull",
            "least_factor": 0.5,
            "fit": "x",
        },
        {
            "duration_id": "c",
            "activity": "wait",
            "terminal_kinds": "port",
            "family": "exponential",
            "fit": "x",
        },
    ]
    plan = plan_of(add(bare, "duration", *rows))
    chances = plan.chances
    line = plan.system.stage_resource[stage_at(plan, "move:rail_1435")]
    assert (chances.family[line], chances.least_factor[line]) == (Family.WEIBULL, 0.5), (
        "the row that says more"
    )
    assert chances.spread_factor[line] == pytest.approx(1 / 6), "the link's own spread of 1 h over 6 h"
    port = plan.system.stage_resource[stage_at(plan, "wait:terminal:quay_rail_ship")]
    assert (chances.family[port], chances.spread_factor[port]) == (Family.EXPONENTIAL, 1.0)


def test_what_has_no_spread_is_fixed_and_told(bare: Tables) -> None:
    plan = plan_of(change(bare, "link", "xb_mark_quay", time_spread_h=""))
    line = plan.system.stage_resource[stage_at(plan, "move:rail_1520:mark")]
    assert plan.chances.family[line] == Family.FIXED
    assert any("No spread is known for" in note and "move by rail" in note for note in plan.notes)


def test_links_in_a_row_become_one_stage(bare: Tables) -> None:
    tables = add(bare, "node", {
        "node_id": "mid", "name": "Mid", "country_id": "XB", "lon_deg": 14.0, "lat_deg": 0, "kind": "rail",
    })  # fmt: skip
    link = tables["link"]
    old = link[link["link_id"] == "xb_mark_quay"].iloc[0].to_dict()
    parts = [
        {**old, "link_id": "xb_mark_mid", "to_node_id": "mid", "length_km": 120.0, "time_spread_h": 1.5},
        {**old, "link_id": "xb_mid_quay", "from_node_id": "mid", "length_km": 120.0, "time_spread_h": 2.0},
    ]
    tables["link"] = pd.concat(
        [link[link["link_id"] != "xb_mark_quay"], pd.DataFrame(parts)], ignore_index=True
    )
    plan = plan_of(tables)
    stage = stage_at(plan, "move:rail_1520:mark>quay")
    resource = plan.system.stage_resource[stage]
    assert plan.system.stage_time_h[stage] == pytest.approx(6.0)
    assert plan.stage_length_km[stage] == pytest.approx(240.0)
    assert plan.chances.spread_factor[resource] * 6.0 == pytest.approx(2.5), (
        "variances add: 1.5 and 2 give 2.5"
    )


def test_terminal_with_capacity_has_a_queue(bare: Tables) -> None:
    capacity = [("terminal", "gate_gauge", 146_000.0)]
    plan = plan_of(bare, capacity=capacity)
    work, handle = stage_at(plan, "work:terminal:gate_gauge"), stage_at(plan, "handle:terminal:gate_gauge")
    hours = plan.system.stage_time_h
    assert hours[work] == pytest.approx(20.0 / (146_000.0 / 8760.0)), "20 t at the pace of the yard"
    assert hours[work] + hours[handle] == pytest.approx(4.0), "work is part of the handling"
    assert plan.system.server_count[plan.system.stage_resource[work]] == 1
    assert any("of 4 of 5 terminals" in note for note in plan.notes), (
        "load, border, port and unload have none"
    )
    shared = plan_of(bare, capacity=capacity, background=[("terminal", "gate_gauge", 36_500.0)])
    work = stage_at(shared, "work:terminal:gate_gauge")
    assert shared.system.stage_time_h[work] == pytest.approx(20.0 / (109_500.0 / 8760.0)), (
        "other cargo takes its part"
    )


def test_servers_of_a_terminal(bare: Tables) -> None:
    row = {
        "server_id": "cranes",
        "kind": "work",
        "terminal_id": "gate_gauge",
        "server_count": 3,
        "work_h_t": 0.09,
    }
    plan = plan_of(add(bare, "server", row))
    work = stage_at(plan, "work:server:cranes")
    assert plan.system.server_count[plan.system.stage_resource[work]] == 3
    assert plan.system.stage_time_h[work] == pytest.approx(0.09 * 20.0)


def test_capacity_of_a_terminal_in_its_own_row(bare: Tables) -> None:
    boxes = change(bare, "terminal", "gate_gauge", capacity_teu_a=87_600)
    plan = plan_of(boxes)
    work = stage_at(plan, "work:terminal:gate_gauge")
    assert plan.system.stage_time_h[work] == pytest.approx(0.2), "two TEU at 10 TEU an hour"
    row = {"server_id": "cranes", "kind": "work", "terminal_id": "gate_gauge", "server_count": 3}
    cranes = plan_of(add(boxes, "server", row))
    work = stage_at(cranes, "work:server:cranes")
    assert cranes.system.stage_time_h[work] == pytest.approx(0.6), "three of them, each a third as fast"


def test_fullest_link_gives_out_paths(bare: Tables) -> None:
    busy = [("link", "xb_mark_quay", 100_000.0)]
    plan = plan_of(bare, capacity=busy)
    path = stage_at(plan, "path:xb_mark_quay:mark")
    assert plan.system.stage_time_h[path] == pytest.approx(20.0 / (100_000.0 / 8760.0))
    idle = plan_of(bare, capacity=[("link", "xb_mark_quay", 200_000.0)])
    assert not any(name.startswith("path") for name, _ in tell_chain(idle)), "used for less than half"


def test_too_much_cargo_queues_or_raises_the_capacity(bare: Tables) -> None:
    capacity, background = [("link", "xb_mark_quay", 100_000.0)], [("link", "xb_mark_quay", 50_000.0)]
    over = plan_of(bare, capacity=capacity, background=background)
    other = over.flows.flow_ids.index("background:path:xb_mark_quay:mark")
    path = stage_at(over, "path:xb_mark_quay:mark")
    assert over.system.stage_time_h[path] == pytest.approx(20.0 / (100_000.0 / 8760.0)), "all of the capacity"
    lot_h = over.system.stage_time_h[over.system.entry_stage[other]]
    use = over.flows.rate_d[other] * lot_h / 24.0 + 73_000.0 / 100_000.0
    assert use == pytest.approx(1.23), "the queue has 123,000 t for 100,000"
    assert any("queues there grow" in note and "Mark to Quay" in note for note in over.notes)
    raised = plan_of(bare, capacity=capacity, background=background, most_used_share=0.95)
    path = stage_at(raised, "path:xb_mark_quay:mark")
    room_t_h = (123_000.0 / 0.95 - 50_000.0) / 8760.0
    assert raised.system.stage_time_h[path] == pytest.approx(20.0 / room_t_h)
    assert any("is raised" in note for note in raised.notes)


def test_probes_take_no_room(bare: Tables) -> None:
    network = build_network(bare)
    graph = compile_graph(network)
    routes = route_set(graph, [(find_way(graph, RAIL), "containers", 73_000.0)])
    ends = (int(routes.origin[0]), int(routes.destination[0]))
    probe = Probe(*ends, "road_way", "containers", find_way(graph, ROAD))
    plan = make_plan(network, graph, no_costs(graph), add_probes(routes, [probe, probe]), PlanSettings(START))
    assert plan.flows.is_probe.tolist() == [False, True], "equal ones are sent once"
    assert (plan.flows.rate_d[1], plan.flows.is_regular[1]) == (1.0, True)
    assert plan.flows.corridor_ids[1] == "road_way"
    board = stage_at(plan, "service:roro_quay_haven:quay", 1)
    assert 0.0 < plan.system.stage_load[board] < 1e-6


def test_nothing_to_simulate(bare: Tables) -> None:
    with pytest.raises(DataError, match="nothing to simulate"):
        plan_of(bare, lines_only=True)


def test_wagons_of_a_pool_are_taken_and_given_back(bare: Tables) -> None:
    pool = {
        "wagon_pool_id": "flats", "mode_id": "rail_1520", "terminal_ids": "gate_gauge", "segment_ids": "containers",
        "wagon_count": 30, "load_t": 40, "return_time_h": 100,
    }  # fmt: skip
    plan = plan_of(add(bare, "wagon_pool", pool))
    names = [name for name, _ in tell_chain(plan)]
    take, give = resource_at(plan, "take:flats"), resource_at(plan, "give:flats")
    assert plan.system.kind[[take, give]].tolist() == [ResourceKind.TAKE, ResourceKind.GIVE]
    assert plan.system.partner[give] == take
    assert plan.system.server_count[take] == 60, "30 wagons of 40 t are 60 boxes of 20 t"
    assert names.index("take:flats") == names.index("handle:terminal:gate_gauge") - 1
    assert names[-1] == "give:flats", "wagons go along on the ferry, and are free at the end"
