"""Lanes are measured as the sea runs, and a passage is closed where its name stands."""

import numpy as np
import pytest
from tools.build_eurasia.sea import Anchor, format_shape, measure_lane, simplify
from tools.build_eurasia.sea_graph import SeaGraph, measure_km, read_passages

from dehliz.base.units import EARTH_RADIUS_KM

# 0 --- 1 === 2 --- 3   the double line is a strait; 0 - 4 - 3 is the long way round
LON_DEG = np.array([0.0, 1.0, 2.0, 3.0, 1.5])
LAT_DEG = np.array([0.0, 0.0, 0.0, 0.0, -5.0])
PAIR = np.array([(0, 1), (1, 2), (2, 3), (0, 4), (4, 3)])
PASSAGE = np.array(["", "strait", "", "", ""])


def make_graph() -> SeaGraph:
    tail, head = PAIR[:, 0], PAIR[:, 1]
    length_km = measure_km(LON_DEG[tail], LAT_DEG[tail], LON_DEG[head], LAT_DEG[head])
    return SeaGraph(LON_DEG, LAT_DEG, tail, head, length_km, PASSAGE)


def test_a_degree_of_the_equator_is_a_degree_of_the_circle() -> None:
    degree_km = 2 * np.pi * EARTH_RADIUS_KM / 360
    assert measure_km(np.array(0.0), np.array(0.0), np.array(1.0), np.array(0.0)) == pytest.approx(degree_km)


def test_a_closed_strait_is_gone_round() -> None:
    graph = make_graph()
    degree_km = 2 * np.pi * EARTH_RADIUS_KM / 360
    length_km, path = graph.find_path(0, 3, frozenset({"strait"}))
    assert length_km == pytest.approx(3 * degree_km)
    assert path == [0, 1, 2, 3]
    longer_km, path = graph.find_path(0, 3, frozenset())
    assert longer_km > 3 * length_km
    assert path == [0, 4, 3]


def test_no_way_has_no_length() -> None:
    graph = make_graph()
    assert graph.find_path(1, 2, frozenset())[1] != []
    cut = SeaGraph(LON_DEG, LAT_DEG, graph.tail[1:3], graph.head[1:3], graph.length_km[1:3], PASSAGE[1:3])
    assert cut.find_path(1, 3, frozenset()) == (float("inf"), [])
    with pytest.raises(ValueError, match="all closed"):
        measure_lane(cut, Anchor(1, 1.0, 0.0, 0.0), Anchor(3, 3.0, 0.0, 0.0), frozenset())


def test_the_way_from_the_quay_counts() -> None:
    graph = make_graph()
    plain_km, _ = measure_lane(graph, Anchor(0, 0.0, 0.0, 0.0), Anchor(1, 1.0, 0.0, 0.0), frozenset())
    with_quay_km, points = measure_lane(
        graph, Anchor(0, 0.1, 0.1, 16.0), Anchor(1, 1.0, 0.0, 0.0), frozenset()
    )
    assert with_quay_km == pytest.approx(plain_km + 16.0)
    assert points[0] == (0.1, 0.1)
    assert points[-1] == (1.0, 0.0)


def test_a_point_snaps_to_the_open_sea_and_not_into_a_strait() -> None:
    alone = SeaGraph(LON_DEG, LAT_DEG, PAIR[:2, 0], PAIR[:2, 1], np.ones(2), PASSAGE[:2])
    vertex, away_km = alone.snap(2.0, 0.0)
    assert vertex == 1
    assert away_km == pytest.approx(2 * np.pi * EARTH_RADIUS_KM / 360)


def test_a_simpler_line_stays_near_the_first() -> None:
    line = [(0.0, 0.0), (1.0, 0.05), (2.0, 0.0), (3.0, 2.0)]
    assert simplify(line, 0.1) == [(0.0, 0.0), (2.0, 0.0), (3.0, 2.0)]
    assert simplify(line, 0.01) == line
    assert format_shape(line[2:]) == "2.000 0.000;3.000 2.000"


def test_every_passage_has_a_tag_or_a_box() -> None:
    passages = read_passages()
    assert len({row["passage_id"] for row in passages}) == len(passages)
    assert all(row["tag"] or row["west_deg"] for row in passages)
