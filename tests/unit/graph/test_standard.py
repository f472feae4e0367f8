"""Test networks become vertices and arcs; centroids stay out of the way of others."""

from pathlib import Path

import numpy as np
import pytest

from dehliz.graph.standard import (
    Links,
    StandardCase,
    compile_gmns,
    compile_links,
    compile_tntp,
    connect_trips,
)
from dehliz.kernels.delay import DelayForm
from dehliz.network.gmns_load import read_gmns_roads
from dehliz.network.tntp import read_tntp

SMALL = Path(__file__).parents[2] / "cases" / "tntp_small"


def make_links(capacity: float = 10.0, alpha: float = 0.15, beta: float = 4.0) -> StandardCase:
    one = np.ones(1)
    ends = np.array([1], np.int32), np.array([0], np.int32)
    links = Links(*ends, 2.0 * one, capacity * one, alpha * one, beta * one, 3.0 * one)
    zones = np.array([0, 1], np.int32)
    return compile_links(links, np.zeros(2, bool), zones, (("a", "b"), ("a", "b"), ("x",)))


def test_centroids_have_two_vertices() -> None:
    graph = compile_tntp(read_tntp(SMALL)).graph
    # Vertices 0 to 4 are nodes 1 to 5; trips to nodes 1, 2 and 3 end at 5, 6 and 7.
    assert graph.node.tolist() == [0, 1, 2, 3, 4, 0, 1, 2]
    assert graph.zone_start.tolist() == [0, 1, 2]
    assert graph.zone_end.tolist() == [5, 6, 7]
    arcs = list(zip(graph.tail.tolist(), graph.head.tolist(), graph.row.tolist(), strict=True))
    assert arcs == [(0, 3, 0), (0, 7, 1), (1, 3, 6), (2, 6, 2), (3, 6, 3), (3, 4, 4), (3, 7, 7), (4, 6, 5)]
    assert graph.first_out.tolist() == [0, 2, 3, 4, 7, 8, 8, 8, 8]
    assert repr(graph) == "StandardGraph(8 vertices, 8 arcs, 3 zones)"
    assert (graph.n_arc, graph.n_vertex) == (8, 8)
    assert graph.link_ids == tuple("12345678")


def test_without_centroids_a_node_is_a_vertex(tmp_path: Path) -> None:
    for path in SMALL.glob("*.tntp"):
        text = path.read_text(encoding="utf-8").replace("THRU NODE> 4", "THRU NODE> 1")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    graph = compile_tntp(read_tntp(tmp_path)).graph
    assert graph.n_vertex == 5
    assert graph.zone_end.tolist() == graph.zone_start.tolist()


def test_costs_are_those_of_the_file_in_the_order_of_arcs() -> None:
    costs = compile_tntp(read_tntp(SMALL), toll_factor=0.1, distance_factor=2.0).costs
    assert costs.free_time_h.tolist() == [1, 1, 1, 1, 10, 2, 2, 3]
    assert costs.capacity_t_d.tolist() == [20, 20, 20, 20, 10, 10, 20, 10]
    # toll 100 at 0.1 and length 4 at 2 on link 5
    assert costs.fixed_h.tolist() == [[2, 2, 2, 2, 10, 18, 2, 8]]
    assert costs.form.tolist() == [1, 1, DelayForm.CONSTANT, 1, 1, 1, 1, 1]
    assert costs.alpha_factor.tolist() == [0.15, 0.15, 0, 0.15, 0.15, 0.15, 0.15, 0.15]


def test_trips_go_from_one_vertex_to_the_other() -> None:
    network = read_tntp(SMALL)
    graph = compile_tntp(network).graph
    trips = network.trips
    assert trips is not None
    zero = np.zeros(5, np.int32)
    found = connect_trips(graph, zero, trips.origin - 1, trips.destination - 1, trips.flow)
    assert found.trips.origin.tolist() == [0, 0, 1]
    assert found.trips.destination.tolist() == [6, 7, 7]
    assert found.trips.volume_t_d.tolist() == [10, 4, 5]
    assert (found.within_count, found.within_t_d) == (1, 7.0)


def test_trips_are_sorted_by_segment_origin_and_destination() -> None:
    graph = compile_tntp(read_tntp(SMALL)).graph
    found = connect_trips(graph, [1, 0, 0, 1], [0, 1, 0, 2], [1, 0, 2, 0], [1.0, 2.0, 3.0, 4.0], ("a", "b"))
    trips = found.trips
    rows = zip(trips.segment, trips.origin, trips.destination, trips.volume_t_d, strict=True)
    assert [tuple(row) for row in rows] == [(0, 0, 7, 3.0), (0, 1, 5, 2.0), (1, 0, 6, 1.0), (1, 2, 5, 4.0)]
    assert trips.segment_ids == ("a", "b")


def test_a_link_without_capacity_is_closed() -> None:
    case = make_links(capacity=0.0)
    assert case.costs.fixed_h.tolist() == [[np.inf]]
    assert case.costs.form.tolist() == [DelayForm.CONSTANT]
    assert case.graph.is_closed.tolist() == [True]
    assert case.notes == ("1 link of capacity 0 carries nothing: x",)


@pytest.mark.parametrize(("alpha", "beta", "time"), [(0.0, 4.0, 2.0), (0.0, 0.0, 2.0), (0.5, 0.0, 3.0)])
def test_a_capacity_that_does_not_matter_may_be_zero(alpha: float, beta: float, time: float) -> None:
    case = make_links(capacity=0.0, alpha=alpha, beta=beta)
    assert case.costs.free_time_h.tolist() == [time]
    assert case.costs.form.tolist() == [DelayForm.CONSTANT]
    assert case.costs.fixed_h.tolist() == [[3.0]]
    assert case.costs.capacity_t_d.tolist() == [np.inf]
    assert case.notes == ()


GMNS = {
    "config.csv": "long_length,speed\nkm,km/h\n",
    "node.csv": "node_id,node_type,zone_id\nA,centroid,1\nM,,\nB,centroid,2\nC,,2\n",
    "link.csv": "link_id,from_node_id,to_node_id,directed,length,free_speed,capacity,lanes,vdf_alpha,vdf_beta,toll\n"
    "am,A,M,false,50,100,1800,2,0.15,4,5\nmb,M,B,true,30,60,,,0,,\n",
}


def test_a_gmns_folder(tmp_path: Path) -> None:
    for name, text in GMNS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    roads = read_gmns_roads(tmp_path)
    assert roads.zone_ids == ("1", "2")
    assert roads.zone_node.tolist() == [0, 2]
    case = compile_gmns(roads, toll_factor=0.1, distance_factor=0.01)
    graph, costs = case.graph, case.costs
    named = [(graph.node_ids[graph.node[t]], graph.node_ids[graph.node[h]], graph.link_ids[row])
             for t, h, row in zip(graph.tail, graph.head, graph.row, strict=True)]  # fmt: skip
    assert named == [("A", "M", "am"), ("M", "B", "mb"), ("M", "A", "am")]
    assert costs.free_time_h.tolist() == [0.5, 0.5, 0.5]
    assert costs.capacity_t_d.tolist() == [3600, np.inf, 3600]
    assert costs.fixed_h[0] == pytest.approx([1.0, 0.3, 1.0])
    assert graph.zone_end.tolist() == [4, 5]
    assert roads.notes == ("link.csv: 1 link not directed: capacity holds for each direction",)
