"""Loads: money per tonne by hand, capacities by direction and facility, background, what is missing."""

import numpy as np
import pandas as pd
import pytest

from dehliz.base.errors import DataError
from dehliz.eurasia.load import read_reference
from dehliz.graph.compile import compile_graph
from dehliz.graph.direction import is_forward
from dehliz.graph.graph import Graph
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.price_loads import LoadTables, price_loads
from dehliz.network.network import Network

COLUMNS = ("table_name", "row_id", "capacity_t_a", "direction", "facility_id")


def tables(
    capacity: list[tuple[str, str, float, str, str]], background: list[tuple[str, str, float, str]]
) -> LoadTables:
    return LoadTables(
        capacity=pd.DataFrame(capacity, columns=list(COLUMNS)),
        background=pd.DataFrame(background, columns=["table_name", "row_id", "volume_t_a", "direction"]),
        delay=read_reference("delay"),
    )


def price(network: Network, loads: LoadTables) -> tuple[Graph, LoadCosts, np.ndarray]:
    graph = compile_graph(network)
    return graph, *price_loads(graph, network, ("bulk", "containers"), loads)


def arcs_of(graph: Graph, row_id: str) -> list[int]:
    return [arc for arc in range(graph.n_arc) if graph.row_id(arc) == row_id]


def test_money_is_that_of_a_tonne(corridor3: Network) -> None:
    graph, costs, money = price(corridor3, tables([], []))
    arc = arcs_of(graph, "xa_west_gate")[0]
    assert money[1, arc] == pytest.approx(150 / 10)  # 0.5 USD per TEU-km x 300 km, 10 t in a TEU
    assert costs.fixed_h[1, arc] == pytest.approx(15 / 0.5)  # value of time 0.5 USD/t/h
    road = arcs_of(graph, "xa_west_mark_road")[0]
    assert money[0, road] == np.inf  # bulk does not go by road


def test_both_directions_of_a_track_share_its_capacity(corridor3: Network) -> None:
    graph, costs, _ = price(corridor3, tables([("link", "xa_gate_mark", 36_500.0, "both", "")], []))
    there, back = arcs_of(graph, "xa_gate_mark")
    assert costs.facilities[there] == costs.facilities[back]
    assert costs.capacity_t_d[costs.facilities[there]] == pytest.approx(100.0)
    volume = np.zeros(graph.n_arc)
    volume[there], volume[back] = 60.0, 40.0
    assert costs.shared_t_d(volume)[costs.facilities[there]] == pytest.approx(100.0)
    assert costs.time_h(volume)[[there, back]] == pytest.approx(
        [3.0, 3.0]
    )  # 1.5 h, doubled at capacity (BPR, alpha 1)


def test_each_direction_has_its_own_where_it_says_so(corridor3: Network) -> None:
    graph, costs, _ = price(corridor3, tables([("link", "xa_gate_mark", 36_500.0, "each", "")], []))
    there, back = arcs_of(graph, "xa_gate_mark")
    assert costs.facilities[there] != costs.facilities[back]
    assert costs.capacity_t_d[[there, back]] == pytest.approx([100.0, 100.0])


def test_rows_of_one_pool_share(corridor3: Network) -> None:
    rows = [("terminal", one, 73_000.0, "both", "quay") for one in ("quay_rail_ship", "quay_road_ship")]
    graph, costs, _ = price(corridor3, tables(rows, [("terminal", "quay_rail_ship", 36_500.0, "both")]))
    arcs = arcs_of(graph, "quay_rail_ship") + arcs_of(graph, "quay_road_ship")
    (facility,) = set(costs.facilities[arcs].tolist())
    assert costs.capacity_t_d[facility] == pytest.approx(200.0)
    assert costs.background_t_d.sum() == costs.background_t_d[facility] == pytest.approx(100.0)
    assert costs.free_time_h[facility] == min(costs.free_time_h[arcs])
    slow, quick = arcs_of(graph, "quay_rail_ship")[0], arcs_of(graph, "quay_road_ship")[0]
    time_h = costs.time_h(np.zeros(graph.n_arc))
    # At half its capacity a queue adds alpha = 0.25 of the facility's free time (3 h) to all of its arcs.
    assert time_h[[slow, quick]] == pytest.approx([8 + 0.75, 3 + 0.75])


def test_no_capacity_at_all_forbids(corridor3: Network) -> None:
    graph, costs, money = price(corridor3, tables([("link", "xa_gate_mark", 0.0, "both", "")], []))
    arcs = arcs_of(graph, "xa_gate_mark")
    assert np.isinf(money[:, arcs]).all()
    assert np.isinf(costs.fixed_h[:, arcs]).all()


def test_twins_of_a_border_post_share(corridor3: Network) -> None:
    graph, costs, _ = price(corridor3, tables([("terminal", "mark_rail_ab", 36_500.0, "each", "")], []))
    twins = arcs_of(graph, "mark_rail_ab")
    assert len(twins) == 2
    assert len(set(costs.facilities[twins].tolist())) == 1


def test_forward_runs_from_the_first_end(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    forward = is_forward(graph, corridor3)
    names = np.array(graph.node_ids)[graph.vertex_node]
    for arc in arcs_of(graph, "xa_gate_mark"):
        assert forward[arc] == (names[graph.tail[arc]] == "gate")
    loads = [arc for arc in arcs_of(graph, "west_road") if forward[arc]]
    assert [int(graph.tail[arc]) for arc in loads] == [graph.zone_ids.index("west")]


def test_segment_without_value_of_time_is_named(corridor3: Network) -> None:
    from dataclasses import replace

    bare = replace(corridor3, segment=corridor3.segment.assign(value_of_time_usd_t_h=[np.nan, 0.5]))
    with pytest.raises(DataError, match=r"bulk.*no value of time"):
        price(bare, tables([], []))


def test_kind_without_a_form_is_named(corridor3: Network) -> None:
    loads = tables([], [])
    some = LoadTables(loads.capacity, loads.background, loads.delay[loads.delay["delay_id"] != "rail"])
    with pytest.raises(DataError, match=r"rail.*no form of delay"):
        price(corridor3, some)


def test_a_queue_without_an_end_is_refused(corridor3: Network) -> None:
    loads = tables([], [])
    wrong = loads.delay.assign(
        beta_factor=loads.delay["beta_factor"].where(loads.delay["delay_id"] != "port", "1")
    )
    with pytest.raises(DataError, match=r"port.*does not suit the form"):
        price(corridor3, LoadTables(loads.capacity, loads.background, wrong))
