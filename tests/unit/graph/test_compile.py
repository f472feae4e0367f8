"""Compiling: links become arcs, border posts split nodes, closed rows keep their place."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dehliz.base.errors import DataError
from dehliz.graph.compile import compile_graph, revalue
from dehliz.graph.graph import ArcKind, ArcTable, Graph
from dehliz.network.network import Network


def arcs_of(graph: Graph, row_id: str) -> list[int]:
    return [arc for arc in range(graph.n_arc) if graph.row_id(arc) == row_id]


def test_arc_is_made_for_each_direction_of_an_undirected_row(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    two_way = (~corridor3.link["directed"].astype(bool)).sum()
    assert (graph.table == ArcTable.LINK).sum() == len(corridor3.link) + two_way


def test_arcs_are_sorted_by_tail_and_counted(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    assert (np.diff(graph.tail) >= 0).all()
    for vertex in range(graph.n_vertex):
        out = slice(graph.first_out[vertex], graph.first_out[vertex + 1])
        assert (graph.tail[out] == vertex).all()
    assert graph.first_out[-1] == graph.n_arc


def test_border_post_splits_its_node_by_country(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    mark = graph.node_ids.index("mark")
    rail = graph.mode_ids.index("rail_1520")
    vertices = ((graph.vertex_node == mark) & (graph.vertex_mode == rail)).sum()
    assert vertices == 2 * 2  # arriving and departing, on two sides


def test_after_a_transfer_the_cargo_has_to_move(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    gauge = corridor3.terminal["kind"].eq("gauge_change").to_numpy()
    for arc in np.flatnonzero(graph.kind == ArcKind.TRANSFER):
        if gauge[graph.row[arc]]:
            continue
        after = slice(graph.first_out[graph.head[arc]], graph.first_out[graph.head[arc] + 1])
        assert set(graph.kind[after]) <= {ArcKind.MOVE, ArcKind.SERVICE, ArcKind.BORDER}


def test_passing_costs_nothing(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    passing = graph.kind == ArcKind.PASS
    assert passing.any()
    assert graph.time_h[passing].sum() == 0
    assert graph.is_open[passing].all()
    assert (graph.vertex_node[graph.tail[passing]] == graph.vertex_node[graph.head[passing]]).all()


def test_home_without_tracks_stands_on_no_side_of_a_border(corridor3: Network) -> None:
    """Cargo loaded there must not slip into one of the two countries, whichever comes first in the alphabet."""
    node = corridor3.node.assign(
        country_id=corridor3.node["country_id"].where(corridor3.node["node_id"] != "mark", "XC")
    )
    door = corridor3.connector.iloc[[0]].assign(connector_id="mark_door", node_id="mark", mode_id="road")
    network = replace(
        corridor3, node=node, connector=pd.concat([corridor3.connector, door], ignore_index=True)
    )
    graph = compile_graph(network)
    loaded = graph.head[[arc for arc in arcs_of(graph, "mark_door") if graph.kind[arc] == ArcKind.LOAD]]
    assert len(loaded) == 1
    assert not np.isin(graph.tail, loaded).any()


def test_nothing_passes_through_a_centroid(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    starts = np.arange(graph.n_zone)
    ends = graph.n_zone + starts
    assert not np.isin(graph.head, starts).any()
    assert not np.isin(graph.tail, ends).any()


def test_planned_link_keeps_its_place_but_is_not_open(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    planned = arcs_of(graph, "xb_mark_quay_fast")
    assert len(planned) == 2
    assert not graph.is_open[planned].any()


def test_wait_of_a_connector_is_for_departure_only(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    assert (graph.waiting_time_h[graph.kind == ArcKind.UNLOAD] == 0).all()
    assert (graph.waiting_time_h[graph.kind == ArcKind.LOAD] > 0).any()


def test_arrays_cannot_be_written(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    with pytest.raises(ValueError, match="read-only"):
        graph.length_km[0] = 1.0


def test_revalue_equals_compiling_again(corridor3: Network) -> None:
    slower = replace(corridor3, link=corridor3.link.assign(speed_km_h=corridor3.link["speed_km_h"] / 2))
    graph = compile_graph(corridor3)
    again = revalue(graph, slower)
    whole = compile_graph(slower)
    np.testing.assert_array_equal(again.moving_time_h, whole.moving_time_h)
    assert again.head is graph.head
    assert again.moving_time_h.sum() > graph.moving_time_h.sum()


def test_revalue_refuses_other_rows(corridor3: Network) -> None:
    fewer = replace(corridor3, link=corridor3.link.iloc[1:])
    with pytest.raises(DataError, match=r"rows were added or removed.*compile_graph"):
        revalue(compile_graph(corridor3), fewer)


def test_network_without_zones_is_told(corridor3: Network) -> None:
    empty = replace(corridor3, zone=corridor3.zone.iloc[:0], connector=corridor3.connector.iloc[:0])
    with pytest.raises(DataError, match="there is no zone"):
        compile_graph(empty)
