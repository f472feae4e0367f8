"""Tables of a loaded corridor by hand: 150 t a day of bulk by rail, 60 t of boxes by rail and 40 t by road."""

import numpy as np
import pandas as pd
import pytest

from dehliz.assignment.flow_tables import Loaded, name_routes, tell_pairs
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.route_sums import carried_by, find_borders, find_port_calls
from dehliz.base.schema import read_spec
from dehliz.network.network import Network
from tests.unit.assignment.loading import EAST, load, make_problem, split_by_hand

BULK, RAIL, ROAD = 54_750.0, 21_900.0, 14_600.0
"""Tonnes a year: three quarters of the bulk, the rest of which is not served; boxes by rail and by road."""


@pytest.fixture
def problem(corridor3: Network) -> LoadProblem:
    return make_problem(corridor3, EAST)


@pytest.fixture
def loaded(problem: LoadProblem) -> Loaded:
    return split_by_hand(problem, [{"rail": 0.75}, {"rail": 0.6, "road": 0.4}])


@pytest.fixture
def tables(loaded: Loaded) -> dict[str, pd.DataFrame]:
    return loaded.tables()


def rows_of(table: pd.DataFrame, *keys: str) -> dict[tuple[object, ...], dict[str, object]]:
    return {tuple(row[key] for key in keys): row for row in table.to_dict("records")}


def test_every_table_has_the_columns_of_the_dictionary(tables: dict[str, pd.DataFrame]) -> None:
    for name, table in tables.items():
        assert list(table) == list(read_spec(name).column_names), name


def test_borders_pass_over_the_sea(tables: dict[str, pd.DataFrame]) -> None:
    rows = rows_of(tables["border_flow"], "from_country_id", "to_country_id", "segment_id")
    assert set(rows) == {
        (*pair, one) for pair in (("XA", "XB"), ("XB", "XC")) for one in ("bulk", "containers")
    }
    for pair in (("XA", "XB"), ("XB", "XC")):
        assert rows[*pair, "bulk"]["volume_t_a"] == pytest.approx(BULK)
        assert np.isnan(rows[*pair, "bulk"]["volume_teu_a"])
        assert rows[*pair, "containers"]["volume_t_a"] == pytest.approx(RAIL + ROAD)
        assert rows[*pair, "containers"]["volume_teu_a"] == pytest.approx((RAIL + ROAD) / 10)


def test_the_way_back_crosses_the_other_way(corridor3: Network) -> None:
    back = make_problem(corridor3, [("containers", "haven", "west", 3_650.0)])
    flows = split_by_hand(back, [{"road": 1.0}]).tables()["border_flow"]
    assert flows[["from_country_id", "to_country_id"]].to_numpy().tolist() == [["XB", "XA"], ["XC", "XB"]]


def test_ports_load_and_unload(tables: dict[str, pd.DataFrame]) -> None:
    rows = rows_of(tables["port_flow"], "node_id", "segment_id")
    assert set(rows) == {(node, one) for node in ("haven", "quay") for one in ("bulk", "containers")}
    for segment_id, volume in (("bulk", BULK), ("containers", RAIL + ROAD)):
        quay, haven = rows["quay", segment_id], rows["haven", segment_id]
        assert (quay["loaded_t_a"], quay["unloaded_t_a"]) == (pytest.approx(volume), 0.0)
        assert (haven["loaded_t_a"], haven["unloaded_t_a"]) == (0.0, pytest.approx(volume))
        assert quay["volume_t_a"] == haven["volume_t_a"] == pytest.approx(volume)
    assert rows["quay", "containers"]["volume_teu_a"] == pytest.approx((RAIL + ROAD) / 10)
    assert np.isnan(rows["quay", "bulk"]["volume_teu_a"])


def test_corridors_share_a_segment(tables: dict[str, pd.DataFrame]) -> None:
    rows = rows_of(tables["corridor_flow"], "corridor_id", "segment_id")
    shares = {key: row["volume_share"] for key, row in rows.items()}
    assert shares == {
        ("rail_way", "bulk"): pytest.approx(1.0),
        ("rail_way", "containers"): pytest.approx(0.6),
        ("road_way", "containers"): pytest.approx(0.4),
    }
    assert rows["road_way", "containers"]["volume_teu_a"] == pytest.approx(ROAD / 10)
    assert rows["road_way", "containers"]["corridor_name"] == "Road way"


def test_first_corridor_of_the_table_wins_and_others_are_other(loaded: Loaded) -> None:
    both = loaded.corridors
    assert [one.corridor_id for one in both] == ["rail_way", "road_way"]
    assert name_routes(loaded.visits, both).tolist() == [0, 0, 1]
    assert name_routes(loaded.visits, both[::-1]).tolist() == [1, 1, 0]
    assert name_routes(loaded.visits, both[:1]).tolist() == [0, 0, 1]


def test_modes_by_transport_work(tables: dict[str, pd.DataFrame]) -> None:
    rows = rows_of(tables["mode_flow"], "segment_id", "mode_id")
    by_mode = {"rail_1435": RAIL * 300, "rail_1520": RAIL * 300, "rail_ferry": RAIL * 230,
               "road": ROAD * 580, "roro": ROAD * 230}  # fmt: skip
    for mode_id, work in by_mode.items():
        assert rows["containers", mode_id]["work_tkm_a"] == pytest.approx(work)
        assert rows["containers", mode_id]["work_share"] == pytest.approx(work / sum(by_mode.values()))
    assert {key for key in rows if key[0] == "bulk"} == {
        ("bulk", one) for one in ("rail_1435", "rail_1520", "rail_ferry")
    }
    assert rows["bulk", "rail_ferry"]["work_share"] == pytest.approx(230 / 830)


def test_concentration_is_the_sum_of_squared_shares(tables: dict[str, pd.DataFrame]) -> None:
    rows = rows_of(tables["concentration"], "by", "segment_id")
    rail = (BULK + RAIL) / (BULK + RAIL + ROAD)
    assert rows["corridor", "all"]["herfindahl_share"] == pytest.approx(rail**2 + (1 - rail) ** 2)
    assert rows["corridor", "containers"]["herfindahl_share"] == pytest.approx(0.36 + 0.16)
    assert rows["corridor", "containers"]["largest_id"] == "rail_way"
    assert rows["corridor", "containers"]["largest_share"] == pytest.approx(0.6)
    assert rows["corridor", "bulk"]["herfindahl_share"] == pytest.approx(1.0)
    # Every route passes all three countries: three equal shares, the sea not counted.
    assert rows["country", "all"]["herfindahl_share"] == pytest.approx(1 / 3)
    assert rows["passage", "containers"]["largest_id"] == "narrows"
    assert ("passage", "bulk") not in rows


def test_pairs_are_means_over_routes(tables: dict[str, pd.DataFrame]) -> None:
    rows = rows_of(tables["od_result"], "segment_id")
    boxes, bulk = rows["containers",], rows["bulk",]
    assert boxes["volume_t_a"] == pytest.approx(RAIL + ROAD)
    assert boxes["time_h"] == pytest.approx(0.6 * 71.5 + 0.4 * 58)
    assert boxes["cost_usd_t"] == pytest.approx(0.6 * 78 + 0.4 * 127)
    assert boxes["length_km"] == pytest.approx(0.6 * 830 + 0.4 * 810)
    assert (boxes["route_count"], boxes["corridor_id"]) == (2, "rail_way")
    assert bulk["volume_t_a"] == pytest.approx(BULK)
    # Loading, 300 km, gauge, 60 km, border, 240 km, port, ferry, unloading.
    assert bulk["cost_usd_t"] == pytest.approx(4 + 12 + 6 + 1.8 + 2 + 7.2 + 5 + 25 + 4)
    assert (bulk["origin_id"], bulk["destination_id"]) == ("west", "haven")


def test_a_pair_without_flow_has_no_means(problem: LoadProblem) -> None:
    pairs = tell_pairs(split_by_hand(problem, [{}, {"rail": 1.0}])).set_index("segment_id")
    assert pairs.loc["bulk", "volume_t_a"] == 0.0
    assert pairs.loc["bulk", ["time_h", "cost_usd_t", "length_km"]].isna().all()
    assert pairs.loc["bulk", "corridor_id"] == ""
    assert pairs.loc["bulk", "route_count"] == 0


def test_unserved_is_told_with_its_reason(tables: dict[str, pd.DataFrame]) -> None:
    (row,) = tables["unserved"].to_dict("records")
    assert (row["segment_id"], row["origin_id"], row["destination_id"]) == ("bulk", "west", "haven")
    assert (row["volume_t_a"], row["reason"]) == (pytest.approx(73_000 - BULK), "no_route")


def test_routes_add_up_to_the_volumes_of_arcs(loaded: Loaded) -> None:
    assert carried_by(loaded.visits, loaded.graph) == pytest.approx(loaded.assignment.volume_t_d)


def test_visits_know_order_and_sums(loaded: Loaded) -> None:
    visits, graph = loaded.visits, loaded.graph
    assert visits.total(graph.length_km) == pytest.approx([830, 830, 810])
    assert visits.segment.tolist() == [0, 1, 1]
    assert visits.touches(graph.mode == graph.mode_ids.index("road")).tolist() == [False, False, True]
    borders = find_borders(visits, graph)
    names = np.array(graph.country_ids)
    assert names[borders.place].tolist() == ["XA", "XB"] * 3
    assert names[borders.other].tolist() == ["XB", "XC"] * 3
    calls = find_port_calls(visits, graph, loaded.network)
    assert np.array(graph.node_ids)[calls.place].tolist() == ["quay"] * 3 + ["haven"] * 3
    assert calls.other.tolist() == [0, 0, 0, 1, 1, 1]


def test_convergence_is_the_history(corridor3: Network) -> None:
    found = load(make_problem(corridor3, EAST), "ue")
    told = found.tables()["convergence"]
    assert len(told) == len(found.assignment.history) > 0
    assert told.iloc[-1, 1] == pytest.approx(found.assignment.history[-1].relative_gap_share)
