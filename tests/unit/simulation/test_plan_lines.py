"""Services of `corridor3` as lines: departures, loads, berths, closures, what is aboard besides, detours."""

import numpy as np
import pytest

from dehliz.base.errors import DataError, SettingsError
from dehliz.graph.compile import compile_graph
from dehliz.graph.graph import ArcKind, ArcTable
from dehliz.network.network import build_network
from dehliz.simulation.check import check_system
from dehliz.simulation.draws import draw_replication
from dehliz.simulation.plan import Plan
from dehliz.simulation.plan_detours import NEVER_H
from dehliz.simulation.plan_make import make_plan
from dehliz.simulation.routes_in import PlanSettings
from dehliz.simulation.run import run_events
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.system import Departs, ResourceKind
from tests.unit.simulation.corridor_plans import (
    RAIL,
    START,
    Tables,
    add,
    chain_of,
    change,
    closures_at,
    find_way,
    no_costs,
    plan_of,
    resource_at,
    route_set,
    stage_at,
    strip,
    weather_at,
)

FERRY, RORO = "ferry_quay_haven", "roro_quay_haven"


@pytest.fixture
def bare(corridor3_tables: Tables) -> Tables:
    """`corridor3` without operations."""
    return strip(corridor3_tables)


def fill(tables: Tables, leg: str = FERRY, **cells: object) -> Tables:
    """The ferry fills and goes."""
    chosen = {"departs": "fills", "longest_wait_h": 36, "fleet_count": 2, "turn_time_h": 6, "cut_off_h": 3}
    return change(tables, "service_leg", leg, **{**chosen, **cells})


def departures(plan: Plan, quay: int) -> list[float]:
    """Departures of one side of the first line."""
    lines = plan.system.lines
    return lines.departure_h[lines.first_departure[quay] : lines.first_departure[quay + 1]].tolist()


def test_line_that_fills_and_goes(bare: Tables) -> None:
    plan = plan_of(fill(bare, crossing_spread_h=2))
    lines = plan.system.lines
    assert lines.line_ids == (FERRY,)
    assert lines.departs.tolist() == [Departs.FILLS]
    assert (lines.longest_wait_h[0], lines.fleet_count[0], lines.turn_h[0], lines.cut_off_h[0]) == (
        36,
        2,
        6,
        3,
    )
    assert lines.crossing_h.tolist() == [[10.0, 10.0]]
    quay = resource_at(plan, f"service:{FERRY}:quay")
    assert lines.resource[0, 0] == quay
    assert (plan.system.line[quay], plan.system.side[quay]) == (0, 0)
    assert plan.chances.spread_factor[quay] == pytest.approx(0.2)
    assert len(lines.departure_h) == 0
    load = plan.system.stage_load[stage_at(plan, f"service:{FERRY}:quay")]
    assert load == pytest.approx(1 / 52), "a 40-foot box takes the place of a wagon"


def test_even_intervals_keep_their_hours(bare: Tables) -> None:
    plan = plan_of(bare)
    there, back = departures(plan, 0), departures(plan, 1)
    assert plan.system.lines.departs.tolist() == [Departs.CLOCK]
    assert np.diff(there) == pytest.approx(24.0)
    assert (back[0] - there[0]) % 24.0 == pytest.approx(12.0)
    assert there == departures(plan_of(bare, (1_000.0, 0.0)), 0), "not drawn, and nobody else's matter"


def test_timetable_has_its_days(bare: Tables) -> None:
    rows = [
        {"departure_id": "a", "service_leg_id": FERRY, "from_node_id": "quay", "weekdays": "we;su", "clock_h": 18},
        {"departure_id": "b", "service_leg_id": FERRY, "from_node_id": "haven", "weekdays": "mo", "clock_h": 6.5,
         "first_date": "2024-01-08", "last_date": "2024-01-15"},
    ]  # fmt: skip
    tables = change(add(bare, "departure", *rows), "service_leg", FERRY, departs="timetable")
    plan = plan_of(tables, horizon_h=336.0, drain_h=24.0)
    assert not any("times of their own" in note for note in plan.notes)
    own = plan_of(change(tables, "departure", "a", time_h=30), horizon_h=336.0)
    assert any("times of their own" in note and FERRY in note for note in own.notes)
    # 1 January 2024 was a Monday.
    assert departures(plan, 0) == [2 * 24 + 18, 6 * 24 + 18, 9 * 24 + 18, 13 * 24 + 18]
    assert departures(plan, 1) == [7 * 24 + 6.5, 14 * 24 + 6.5]


def test_low_sea_takes_part_of_the_ship(bare: Tables) -> None:
    points = [
        {"draught_limit_id": "a", "service_leg_id": FERRY, "level_m": -28, "load_share": 1},
        {"draught_limit_id": "b", "service_leg_id": FERRY, "level_m": -30, "load_share": 0.6},
    ]
    tables = add(fill(bare), "draught_limit", *points)
    assert plan_of(tables, level_m=-29.5).system.lines.capacity.tolist() == pytest.approx([0.7])
    free = plan_of(tables)
    assert free.system.lines.capacity.tolist() == [1.0]
    assert any("No level of the Caspian" in note for note in free.notes)


def test_trucks_take_lane_metres(bare: Tables) -> None:
    tables = change(bare, "service_leg", RORO, capacity_lane_m=850, capacity_teu="")
    plan = plan_of(tables, (0.0, 73_000.0))
    load = plan.system.stage_load[stage_at(plan, f"service:{RORO}")]
    assert load == pytest.approx(17.0 / 850.0)


def test_cargo_that_a_ship_has_no_room_for_is_refused(bare: Tables) -> None:
    tables = change(bare, "service_leg", FERRY, capacity_wagon_count="", capacity_teu=40)
    network = build_network(tables)
    graph = compile_graph(network)
    routes = route_set(graph, [(find_way(graph, RAIL), "bulk", 1_000.0)])
    with pytest.raises(DataError, match="no capacity for such cargo") as caught:
        make_plan(network, graph, no_costs(graph), routes, PlanSettings(START))
    assert [issue.rule for issue in caught.value.issues] == ["service_leg.capacity.segment"]
    assert caught.value.issues[0].ids == (FERRY,)


def test_consignment_larger_than_a_ship_is_refused(bare: Tables) -> None:
    tables = change(bare, "service_leg", FERRY, capacity_wagon_count=2)
    assert plan_of(tables).system.lines.capacity.tolist() == [1.0]
    with pytest.raises(DataError, match=r"takes 1\.5 times") as caught:
        plan_of(tables, most_consignment_count=1_300)
    assert [issue.rule for issue in caught.value.issues] == ["service_leg.capacity.lot"]


def test_settings_out_of_bounds_are_told_together(bare: Tables) -> None:
    wrong = {
        "horizon_h": 0.0,
        "drain_h": -1.0,
        "most_consignment_count": 0,
        "most_used_share": 1.0,
        "busy_share": 0.0,
    }
    with pytest.raises(SettingsError) as caught:
        plan_of(bare, **wrong)
    assert {issue.place for issue in caught.value.issues} == {f"setting {name}" for name in wrong}


def test_ship_of_unknown_capacity_takes_all_and_says_so(bare: Tables) -> None:
    plan = plan_of(change(bare, "service_leg", FERRY, capacity_wagon_count=""))
    assert plan.system.stage_load[stage_at(plan, f"service:{FERRY}")] == 0.0
    assert any(FERRY in note and "No capacity is known" in note for note in plan.notes)


def test_service_without_departures_is_a_drawn_wait(bare: Tables) -> None:
    plan = plan_of(change(bare, "service_leg", FERRY, headway_h="", crossing_spread_h=3.6))
    assert plan.system.n_line == 0
    wait, cross = stage_at(plan, f"wait:service:{FERRY}:quay"), stage_at(plan, f"cross:service:{FERRY}")
    assert plan.system.stage_time_h[[wait, cross]].tolist() == [12.0, 10.0]
    spread = plan.chances.spread_factor[plan.system.stage_resource[[wait, cross]]] * [12.0, 10.0]
    assert spread == pytest.approx([4.8, 3.6]), "6 h together: 4.8 and 3.6 in squares"


def test_berths_are_shared_by_the_lines_of_a_mode(bare: Tables) -> None:
    row = {
        "server_id": "quay_ramp",
        "kind": "berth",
        "node_id": "quay",
        "mode_id": "rail_ferry",
        "server_count": 2,
    }
    plan = plan_of(add(fill(bare), "server", row))
    berth = resource_at(plan, "berth:quay_ramp")
    assert plan.system.lines.berth.tolist() == [[berth, -1]]
    assert (plan.system.kind[berth], plan.system.server_count[berth]) == (ResourceKind.SERVE, 2)


def test_weather_of_a_node_shuts_all_of_it(bare: Tables) -> None:
    rows = [
        {"closure_id": "a", "node_id": "quay", "month": 11, "closed_share": 0.5, "spell_h": 48, "cause": "wind"},
        {"closure_id": "b", "node_id": "quay", "month": 1, "closed_share": 0.1, "spell_h": 48, "cause": "ice"},
        {"closure_id": "c", "service_leg_id": FERRY, "month": 3, "closed_share": 0.2, "spell_h": 9, "cause": "works"},
        {"closure_id": "d", "terminal_id": "gate_gauge", "month": 3, "closed_share": 0.2, "spell_h": 9, "cause": "ice"},
    ]  # fmt: skip
    server = {
        "server_id": "ramp",
        "kind": "berth",
        "node_id": "quay",
        "mode_id": "rail_ferry",
        "server_count": 2,
    }
    plan = plan_of(add(add(fill(bare), "closure", *rows), "server", server))
    node = {"node:quay|wind", "node:quay|ice"}
    assert weather_at(plan, "berth:ramp") == node
    assert weather_at(plan, "handle:terminal:quay_rail_ship") == node
    assert weather_at(plan, "wait:terminal:quay_rail_ship") == set(), "who is in is handled on"
    assert weather_at(plan, f"service:{FERRY}:quay") == node | {f"service_leg:{FERRY}|works"}
    assert weather_at(plan, f"service:{FERRY}:haven") == {f"service_leg:{FERRY}|works"}
    assert weather_at(plan, "handle:terminal:gate_gauge") == {"terminal:gate_gauge|ice"}


def test_opening_hours_and_holidays(bare: Tables) -> None:
    hours = change(bare, "terminal", "mark_rail_ab", opening_hours="Mo-Sa 00:00-24:00")
    holiday = {"holiday_id": "h", "country_id": "XA", "date": "2024-01-03", "terminal_kinds": "border_post"}
    plan = plan_of(add(hours, "holiday", holiday), horizon_h=168.0, drain_h=24.0)
    # Node Mark lies in XA: shut on Wednesday the 3rd, and on Sunday the 7th.
    assert closures_at(plan, "handle:terminal:mark_rail_ab") == [(48.0, 72.0), (144.0, 168.0)]
    assert closures_at(plan, "handle:terminal:gate_gauge") == []
    queue = plan_of(
        add(hours, "holiday", holiday), horizon_h=168.0, capacity=[("terminal", "mark_rail_ab", 200_000.0)]
    )
    assert closures_at(queue, "handle:terminal:mark_rail_ab") == [], (
        "the servers are shut, who is through goes on"
    )
    assert closures_at(queue, "work:terminal:mark_rail_ab")[0] == (48.0, 72.0)


def test_what_crosses_comes_back_empty(bare: Tables) -> None:
    plan = plan_of(fill(bare), background=[("service_leg", FERRY, 36_500.0)])
    flows, system = plan.flows, plan.system
    load_d = np.zeros(system.n_resource)
    for flow in range(system.n_flow):
        for stage in chain_of(plan, flow):
            load_d[system.stage_resource[stage]] += system.stage_load[stage] * flows.rate_d[flow]
    there, back = system.lines.resource[0]
    # 73,000 t of boxes of 20 t are 10 places a day, and 36,500 t of local cargo 36,500 / 60 / 365 wagons, each way.
    assert load_d[there] * 52 == pytest.approx(10.0 + 100.0 / 60.0)
    assert load_d[back] == pytest.approx(load_d[there])
    assert [flow_id for flow_id in flows.flow_ids if flow_id.startswith("returns")] == [
        f"returns:{FERRY}:haven"
    ]
    assert flows.lot_t[1:].tolist() == [0.0] * 3, "nobody's tonnes"
    alone = plan_of(fill(bare), returns_empty=False)
    assert alone.system.n_flow == 1


def test_ships_that_cannot_carry_it_all_are_told(bare: Tables) -> None:
    # Two ships, 10 h over and 6 h at the berth: 1.5 departures a day of 52 boxes of 20 t are 569,400 t a year.
    def notes(volume_t_a: float) -> list[str]:
        plan = plan_of(fill(bare), (volume_t_a, 0.0))
        return [note for note in plan.notes if "Ships cannot carry" in note]

    assert notes(560_000.0) == []
    assert FERRY in notes(580_000.0)[0]


def test_hours_that_ships_cannot_keep_are_told(bare: Tables) -> None:
    # 10 h over and 6 h at the berth are 32 h a round: daily departures take 32 / 24 ships.
    def notes(fleet_count: int) -> list[str]:
        plan = plan_of(change(bare, "service_leg", FERRY, fleet_count=fleet_count, turn_time_h=6))
        return [note for note in plan.notes if "too few ships" in note]

    assert f"{FERRY} (1.3 ships are needed, it has 1)" in notes(1)[0]
    assert notes(2) == []
    directed = change(bare, "service_leg", FERRY, fleet_count=1, turn_time_h=6, directed="true")
    assert any("one way only" in note and FERRY in note for note in plan_of(directed).notes)


def detour_tables(tables: Tables) -> Tables:
    """A second ferry beside the first, which is shut nearly all January."""
    closure = {
        "closure_id": "a",
        "service_leg_id": FERRY,
        "month": 1,
        "closed_share": 0.999,
        "spell_h": 700,
        "cause": "wind",
    }
    twin = tables["service_leg"].set_index("service_leg_id").loc[FERRY].to_dict()
    twin |= {"service_leg_id": "ferry_two", "name": "Second ferry"}
    return add(add(tables, "closure", closure), "service_leg", twin)


def two_ways(tables: Tables) -> Plan:
    """By either ferry."""
    network = build_network(tables)
    graph = compile_graph(network)
    way = find_way(graph, RAIL)
    at = int(np.flatnonzero(graph.kind[way] == ArcKind.SERVICE)[0])
    ways = []
    for leg in (FERRY, "ferry_two"):
        row = graph.row_ids[ArcTable.SERVICE_LEG].index(leg)
        arcs = np.flatnonzero((graph.table == ArcTable.SERVICE_LEG) & (graph.row == row))
        way[at] = arcs[graph.tail[arcs] == graph.tail[way[at]]][0]
        ways.append(way.copy())
    first, second = ways
    routes = route_set(graph, [(first, "containers", 73_000.0), (second, "containers", 7_300.0)])
    return make_plan(network, graph, no_costs(graph), routes, PlanSettings(START, 720.0, 2_000.0))


def test_consignments_look_ahead_at_the_last_terminal(bare: Tables) -> None:
    plan = two_ways(detour_tables(bare))
    system = plan.system
    looks = np.flatnonzero(system.stage_detour >= 0)
    assert len(looks) == 1, "only the ferry that can be shut"
    look, other = int(looks[0]), int(system.stage_detour[looks[0]])
    assert system.kind[system.stage_resource[look]] == ResourceKind.GIVE
    assert system.stage_time_h[look] == NEVER_H
    assert system.resource_ids[system.stage_resource[system.stage_next[look]]] == f"service:{FERRY}:quay"
    assert system.resource_ids[system.stage_resource[other]] == "service:ferry_two:quay"
    assert weather_at(plan, system.resource_ids[system.stage_resource[look]]) == {f"service_leg:{FERRY}|wind"}
    assert system.longest_count.tolist() == [14, 13]


def test_detours_are_taken_only_when_asked_for(bare: Tables) -> None:
    plan = two_ways(detour_tables(bare))
    draws = draw_replication(plan, SimulationSettings(), 0)
    assert check_system(plan.system, draws) == []
    stays = run_events(plan.system, draws)
    goes = run_events(plan.system, draws, can_replan=True)
    mine = draws.flow == int(np.argmax(plan.flows.rate_d))
    time_h = [(log.done_h - draws.release_h)[mine] for log in (stays, goes)]
    assert np.isfinite(time_h).all()
    assert np.median(time_h[1]) < 100.0 < np.median(time_h[0])


def test_ways_that_part_at_once_have_no_detour(bare: Tables) -> None:
    closure = {
        "closure_id": "a",
        "node_id": "quay",
        "month": 1,
        "closed_share": 0.5,
        "spell_h": 700,
        "cause": "wind",
    }
    plan = plan_of(add(bare, "closure", closure), (1_000.0, 1_000.0))
    assert (plan.system.stage_detour == -1).all(), "rail and road have no terminal in common"


def test_the_example_with_its_weather_and_berths(corridor3_tables: Tables) -> None:
    """`corridor3` as it is, with a ferry that fills and goes: only its cargo is simulated when lines are asked for."""
    tables = fill(corridor3_tables, longest_wait_h=24)
    plan = plan_of(tables, (73_000.0, 36_500.0), lines_only=True, horizon_h=1_000.0)
    assert plan.system.lines.line_ids == (FERRY,)
    assert (plan.system.lines.berth >= 0).all()
    assert weather_at(plan, f"service:{FERRY}:haven") == {"node:haven|wind"}
    assert plan.notes[0].startswith("1 route with 73,000 t a year of 109,500")
    draws = draw_replication(plan, SimulationSettings(), 0)
    assert check_system(plan.system, draws) == []
    log = run_events(plan.system, draws)
    assert np.isfinite(log.done_h).all(), "nobody is left behind"
    by_rail = (log.done_h - draws.release_h)[draws.flow == 0]
    # 49.5 h without the ferry, 10 h of crossing, and up to a day until the ship is full or has waited its longest.
    assert 59.5 < np.median(by_rail) < 49.5 + 10.0 + 24.0 + 4.0
