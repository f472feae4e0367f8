"""CPMM indicators of three journeys worked out by hand, of a small simulation, and of published values."""

import numpy as np
import pandas as pd
import pytest

from dehliz.base.rows import find_row
from dehliz.base.schema import read_spec
from dehliz.graph.compile import compile_graph
from dehliz.graph.graph import Graph
from dehliz.network.network import Network
from dehliz.simulation.log import EventLog
from dehliz.simulation.plan import Activity, Chances, Flows, Plan
from dehliz.simulation.run import run_events
from dehliz.validation.indicators import JOURNEY_COLUMNS, make_journeys, measure_indicators
from dehliz.validation.measured import MEASURED_COLUMNS, list_measured, pick_measured
from tests.properties.systems import Yard

Rows = list[tuple[object, ...]]
NONE = np.nan


def journey(number: int, corridor: str, cargo_t: float, rows: Rows) -> Rows:
    return [(number, corridor, *row, cargo_t) for row in rows]


TABLE = pd.DataFrame(
    [
        # Way 600 km in KZ with a stay of 4 + 6 h at the border, of which 2 h are the wait for a wagon; then by sea.
        *journey(0, "middle", 20.0, [
            ("KZ", "dostyk", "rail", "wait", 2.0, 0.0, 0.0),
            ("KZ", "dostyk", "rail", "border", 8.0, 0.0, 300.0),
            ("KZ", "dostyk", "rail", "move", 12.0, 600.0, 540.0),
            ("KZ", "aktogay", "rail", "path", 3.0, 0.0, 0.0),
            ("KZ", "aktau", "sea", "border", 5.0, 0.0, 80.0),
            ("XZ", "aktau", "sea", "sail", 20.0, 460.0, 400.0),
        ]),
        # The same border in 20 h with 40 t, 400 km at the same price for each tonne; then a border and 100 km in CN.
        *journey(1, "north", 40.0, [
            ("CN", "khorgos", "rail", "move", 2.0, 100.0, 200.0),
            ("CN", "khorgos", "rail", "border", 4.0, 0.0, NONE),
            ("KZ", "dostyk", "rail", "border", 19.0, 0.0, 500.0),
            ("KZ", "dostyk", "rail", "wagon", 1.0, 0.0, NONE),
            ("KZ", "dostyk", "rail", "move", 10.0, 400.0, 720.0),
        ]),
        # A truck that stops at a terminal, which is no border.
        *journey(2, "middle", 20.0, [
            ("GE", "tbilisi", "road", "handle", 1.0, 0.0, 30.0),
            ("GE", "tbilisi", "road", "move", 4.0, 200.0, 250.0),
        ]),
    ],
    columns=["journey_id", "corridor_id", "country_id", "node_id", "medium", "activity", "time_h", "length_km",
             "cost_usd", "cargo_t"],
)  # fmt: skip
EMPTY = pd.DataFrame(columns=list(MEASURED_COLUMNS))


def pick(
    found: pd.DataFrame, indicator: str, country: str, medium: str = "rail", corridor: str = "all"
) -> pd.Series:
    rows = found[
        (found["indicator"] == indicator)
        & (found["country_id"] == country)
        & (found["medium"] == medium)
        & (found["corridor_id"] == corridor)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return measure_indicators(TABLE, measured=EMPTY)


def test_the_table_is_that_of_the_dictionary(found: pd.DataFrame) -> None:
    assert tuple(TABLE.columns) == JOURNEY_COLUMNS
    assert tuple(found.columns) == read_spec("indicator").column_names
    assert not found.duplicated(list(read_spec("indicator").key)).any()
    assert set(found["medium"]) == {"rail", "road"}
    assert found["measured"].isna().all()


def test_time_and_cost_of_a_crossing(found: pd.DataFrame) -> None:
    time = pick(found, "tfi1", "KZ")
    assert (time["value"], time["model_count"], time["unit"]) == ((10.0 + 20.0) / 2, 2, "h")
    assert (time["low"], time["high"]) == (10.5, 19.5)
    assert pick(found, "tfi1", "CN")["value"] == 4.0
    assert pick(found, "tfi1", "all")["value"] == pytest.approx((10.0 + 20.0 + 4.0) / 3)
    assert pick(found, "tfi1", "KZ", corridor="north")["value"] == 20.0
    cost = pick(found, "tfi2", "KZ")
    assert cost["value"] == (300.0 + 500.0 * 20.0 / 40.0) / 2
    assert pick(found, "tfi2", "all")["model_count"] == 2  # what Khorgos costs is not known
    assert not ((found["indicator"] == "tfi1") & (found["medium"] == "road")).any()


def test_cost_of_a_section(found: pd.DataFrame) -> None:
    total = 300.0 + 540.0 + (500.0 + 720.0) / 2
    assert pick(found, "tfi3", "KZ")["value"] == pytest.approx(500.0 * total / 1000.0)
    assert pick(found, "tfi3", "KZ", corridor="middle")["value"] == pytest.approx(500.0 * 840.0 / 600.0)
    assert pick(found, "tfi3", "GE", "road")["value"] == pytest.approx(500.0 * 280.0 / 200.0)
    assert not ((found["indicator"] == "tfi3") & (found["country_id"] == "CN")).any()
    assert pick(found, "tfi3", "all")["model_count"] == 1


def test_speeds(found: pd.DataFrame) -> None:
    assert pick(found, "tfi4_swod", "KZ")["value"] == pytest.approx(1000.0 / 22.0)
    assert pick(found, "tfi4_swd", "KZ")["value"] == pytest.approx(1000.0 / (25.0 + 30.0))
    assert pick(found, "tfi4_swd", "all")["value"] == pytest.approx(1100.0 / (25.0 + 36.0))
    assert pick(found, "tfi4_swd", "GE", "road")["value"] == 40.0
    spread = pick(found, "tfi4_swd", "KZ")
    assert spread["low"] == pytest.approx(np.quantile([600.0 / 25.0, 400.0 / 30.0], 0.05))


def test_published_values_stand_beside() -> None:
    found = measure_indicators(TABLE, year=2022)
    time = pick(found, "tfi1", "KZ")
    assert (time["measured"], time["measured_year"], time["fact_id"]) == (67.4, 2022, "border_crossing-0010")
    assert time["error_share"] == pytest.approx(15.0 / 67.4 - 1.0)
    assert np.isnan(time["sample_count"])
    assert pick(found, "tfi1", "KZ", corridor="north")["measured"] == 67.4
    assert pick(found, "tfi4_swod", "KZ")["measured_year"] == 2021  # none of 2022
    assert pick(found, "tfi3", "KZ")["measured"] == 924.0
    assert pick(measure_indicators(TABLE), "tfi1", "KZ")["measured_year"] == 2023
    assert pick(found, "tfi4_swd", "all")["measured"] == 12.4


def test_only_means_of_a_whole_country_both_ways_stand_beside() -> None:
    measured = list_measured()
    assert set(measured["indicator"]) == {"tfi1", "tfi2", "tfi3", "tfi4_swod", "tfi4_swd"}
    assert measured["fact_id"].is_unique
    khorgos = find_row(measured, "fact_id", "border_crossing-0054")
    assert (khorgos.place, khorgos.direction, khorgos.is_whole) == ("Khorgos", "outbound", False)
    assert pick_measured(measured, "tfi1", "CN", "road", 2023)["fact_id"] == "border_crossing-0057"
    misprint = find_row(measured, "fact_id", "border_crossing-0078")
    assert misprint.is_assumption
    assert pick_measured(measured, "tfi4_swd", "all", "rail", 2021)["measured_year"] == 2022
    assert (
        pick_measured(measured, "tfi3", "AZ", "road", 2022)["fact_id"] == ""
    )  # implausible ones are left out


def find_arc(graph: Graph, row_id: str, start: str, end: str) -> int:
    return next(
        arc
        for arc in range(graph.n_arc)
        if graph.row_id(arc) == row_id
        and graph.node_ids[graph.vertex_node[graph.tail[arc]]] == start
        and graph.node_ids[graph.vertex_node[graph.head[arc]]] == end
    )


def simulate(network: Network, graph: Graph, lot_t: float = 50.0) -> tuple[Plan, EventLog, np.ndarray]:
    """Two wagons over a border with one officer, then a ferry every 24 h; the second does not arrive in time."""
    yard = Yard()
    officer, line, way = (
        yard.serve(),
        yard.line(capacity=9.0, longest_wait_h=5.0, crossing_h=(10.0, 10.0))[0],
        yard.delay(),
    )
    pool = yard.delay()
    yard.flow((pool, 1.0), (way, 6.0), (officer, 4.0), (way, 8.0), (line, 0.0, 1.0))
    system = yard.system()
    arcs = [
        -1,
        find_arc(graph, "xa_gate_mark", "gate", "mark"),
        find_arc(graph, "mark_rail_ab", "mark", "mark"),
        find_arc(graph, "xb_mark_quay", "mark", "quay"),
        find_arc(graph, "ferry_quay_haven", "quay", "haven"),
    ]
    kinds = [Activity.WAGON, Activity.MOVE, Activity.BORDER, Activity.MOVE, Activity.SAIL]
    one = np.array([1.0])
    flows = Flows(
        ("a",), ("west",), ("haven",), ("boxes",), ("containers",), ("middle",), np.array([False]), lot_t * one, one,
        np.array([True]), one, one,
    )  # fmt: skip
    none = np.zeros(0)
    bounds = np.zeros(system.n_resource + 1, np.int32)
    chances = Chances(
        np.zeros(system.n_stream, np.int8), np.zeros(system.n_stream), np.zeros(system.n_stream),
        bounds, none.astype(np.int8), none, none, (), bounds.copy(), none.copy(), none.copy(),
    )  # fmt: skip
    nodes = ("gate", "mark", "quay")
    plan = Plan(
        system, flows, chances, np.datetime64("2024-01-01T00", "h"), 100.0, 100.0,
        np.array(kinds, np.int8), np.array([0, 0, 1, 1, 2], np.int32), np.array(arcs, np.int32),
        np.array([NONE, 300.0, 0.0, 400.0, 230.0]), np.array([NONE, 900.0, 100.0, 1200.0, 500.0]),
        nodes, system.resource_ids,
    )  # fmt: skip
    draws = yard.release((0, 0.0), (0, 1.0), (0, 80.0), end_h=90.0)
    return plan, run_events(system, draws), draws.flow


def test_journeys_of_a_simulation(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    plan, log, flow = simulate(corridor3, graph)
    journeys = make_journeys(plan, log, flow, graph, corridor3, first_id=7)
    assert sorted(set(journeys["journey_id"])) == [7, 8]  # the third is under way at the end
    first = journeys[journeys["journey_id"] == 7].reset_index(drop=True)
    assert first["activity"].tolist() == ["wagon", "move", "border", "move", "wait", "sail"]
    assert first["country_id"].tolist() == ["XA", "XA", "XA", "XB", "XZ", "XZ"]
    assert first["medium"].tolist() == ["rail", "rail", "rail", "rail", "sea", "sea"]
    assert first["node_id"].tolist() == ["gate", "gate", "mark", "mark", "quay", "quay"]
    assert first["time_h"].tolist() == [1.0, 6.0, 4.0, 8.0, 5.0, 10.0]
    assert first["length_km"].tolist() == [0.0, 300.0, 0.0, 400.0, 0.0, 230.0]
    second = journeys[journeys["journey_id"] == 8].reset_index(drop=True)
    assert second["time_h"].tolist() == [
        1.0,
        6.0,
        3.0 + 4.0,
        8.0,
        1.0,
        10.0,
    ]  # waits for the officer, not for the ship
    assert (journeys["cargo_t"] == 50.0).all()
    found = measure_indicators(journeys, measured=EMPTY)
    assert pick(found, "tfi1", "XA")["value"] == (4.0 + 7.0) / 2
    assert pick(found, "tfi2", "XA")["value"] == 100.0 * 20.0 / 50.0
    assert pick(found, "tfi3", "all")["value"] == pytest.approx(500.0 * (2200.0 * 20.0 / 50.0) / 700.0)
    assert pick(found, "tfi4_swod", "all")["value"] == pytest.approx(1400.0 / 28.0)
    assert pick(found, "tfi4_swd", "all", corridor="middle")["value"] == pytest.approx(1400.0 / (19.0 + 22.0))


def test_only_counted_consignments_are_taken(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    plan, log, flow = simulate(corridor3, graph)
    journeys = make_journeys(plan, log, flow, graph, corridor3, is_counted=np.array([False, True, True]))
    assert set(journeys["journey_id"]) == {1}
    empties, log, flow = simulate(corridor3, graph, lot_t=0.0)
    assert make_journeys(empties, log, flow, graph, corridor3).empty
    nothing = make_journeys(plan, log, flow, graph, corridor3, is_counted=np.zeros(3, dtype=bool))
    assert nothing.empty
    assert measure_indicators(nothing, measured=EMPTY).empty
