"""The open rail graph is read, bridged, repaired and searched; checked on graphs small enough to draw."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.build_eurasia.rail_graph import (
    MEMBER_NAME,
    WHEEL_NAME,
    RailGraph,
    bridge,
    crop,
    measure_great_circle_km,
    parse_graph,
)
from tools.build_eurasia.rail_repair import close_gaps, cut, splice
from tools.build_eurasia.rail_route import Router, thin, write_line

KM_PER_DEG = 111.195


def make_line(*lon_deg: float) -> RailGraph:
    """Vertices on the equator, each joined to the next."""
    lon = np.array(lon_deg)
    size = lon.size
    tail, head = np.arange(size - 1), np.arange(1, size)
    return RailGraph(np.zeros(size), lon, tail, head, (lon[1:] - lon[:-1]) * KM_PER_DEG)


def without_edge(graph: RailGraph, edge: int) -> RailGraph:
    kept = np.arange(graph.tail.size) != edge
    return RailGraph(graph.lat_deg, graph.lon_deg, graph.tail[kept], graph.head[kept], graph.length_km[kept])


def test_parse_reads_the_member_as_text_and_keeps_the_shorter_of_two_directions(tmp_path: Path) -> None:
    text = (
        "from scgraph import GeoGraph\ngraph=[{1: 2.0, 0: 0.0}, {0: 1.5, 2: 3.25}, {1: 3.25}]\n"
        "nodes=[[50.0, 10.0], [-1.5, 20.25], [0.0, -3.0]]\nworld = GeoGraph(graph=graph, nodes=nodes)\n"
    )
    with zipfile.ZipFile(tmp_path / WHEEL_NAME, "w") as wheel:
        wheel.writestr(MEMBER_NAME, text)
    graph = parse_graph(tmp_path / WHEEL_NAME)
    assert graph.lat_deg.tolist() == [50.0, -1.5, 0.0]
    assert graph.lon_deg.tolist() == [10.0, 20.25, -3.0]
    edges = sorted(zip(graph.tail.tolist(), graph.head.tolist(), graph.length_km.tolist(), strict=True))
    assert edges == [(0, 1, 1.5), (1, 2, 3.25)]


def test_crop_lengthens_an_edge_that_is_shorter_than_its_great_circle() -> None:
    graph = make_line(0.0, 1.0, 2.0)
    short = RailGraph(graph.lat_deg, graph.lon_deg, graph.tail, graph.head, np.array([10.0, 500.0]))
    kept = crop(short, (-1.0, 1.0, -1.0, 1.5))
    assert kept.tail.size == 1
    assert kept.length_km[0] == pytest.approx(KM_PER_DEG, rel=1e-4)


def test_bridge_joins_a_dead_end_over_a_small_hole_and_leaves_a_wide_one() -> None:
    gap_deg = 0.2 / KM_PER_DEG
    small = without_edge(make_line(0.0, 1.0, 1.0 + gap_deg, 2.0), 1)
    assert np.isinf(Router(small).find_way([0, 3]).length_km)
    assert Router(bridge(small)).find_way([0, 3]).length_km == pytest.approx(2 * KM_PER_DEG, rel=1e-4)
    wide = without_edge(make_line(0.0, 1.0, 1.01, 2.0), 1)
    assert np.isinf(Router(bridge(wide)).find_way([0, 3]).length_km)


def make_gap(**cells: object) -> pd.DataFrame:
    row = {
        "name": "hole", "from_lat_deg": 0.0, "from_lon_deg": 1.0, "to_lat_deg": 0.0, "to_lon_deg": 1.1,
        "length_km": np.nan, "is_new_end": False,
    }  # fmt: skip
    return pd.DataFrame([row | cells])


def test_a_curated_gap_gets_its_given_length_or_the_great_circle_with_detour() -> None:
    graph = without_edge(make_line(0.0, 1.0, 1.1, 2.0), 1)
    plain = Router(close_gaps(graph, make_gap())).find_way([1, 2])
    assert plain.length_km == pytest.approx(0.1 * KM_PER_DEG * 1.05, rel=1e-3)
    assert Router(close_gaps(graph, make_gap(length_km=40.0))).find_way([1, 2]).length_km == 40.0


def test_a_gap_with_a_new_end_adds_a_vertex() -> None:
    graph = make_line(0.0, 1.0)
    longer = close_gaps(graph, make_gap(to_lon_deg=1.5, length_km=60.0, is_new_end=True))
    assert longer.lon_deg.tolist() == [0.0, 1.0, 1.5]
    assert Router(longer).find_way([0, 2]).length_km == pytest.approx(KM_PER_DEG + 60.0, rel=1e-4)


def test_a_gap_whose_end_is_off_the_track_is_refused() -> None:
    with pytest.raises(ValueError, match=r"hole, from: the nearest track is 22\.\d km away"):
        close_gaps(make_line(0.0, 1.0), make_gap(from_lon_deg=1.2))


def test_cut_removes_what_passes_a_closed_border_and_nothing_else() -> None:
    graph = make_line(0.0, 1.0, 1.02, 2.0)
    join = pd.DataFrame([{"name": "closed", "lat_deg": 0.0, "lon_deg": 1.01, "radius_km": 0.5}])
    router = Router(cut(graph, join))
    assert np.isinf(router.find_way([0, 3]).length_km)
    assert np.isfinite(router.find_way([0, 1]).length_km)
    assert np.isfinite(router.find_way([2, 3]).length_km)


def test_cut_complains_when_there_is_nothing_to_cut() -> None:
    join = pd.DataFrame([{"name": "nowhere", "lat_deg": 10.0, "lon_deg": 0.0, "radius_km": 1.0}])
    with pytest.raises(ValueError, match="nowhere: no track within"):
        cut(make_line(0.0, 1.0), join)


def test_a_station_on_a_long_edge_splits_it_in_the_right_place() -> None:
    """Nearest-vertex snapping would put this station 55 km off."""
    node = pd.DataFrame(
        [{"node_id": "a", "lat_deg": 0.0, "lon_deg": 0.0}, {"node_id": "b", "lat_deg": 0.0, "lon_deg": 0.5}]
    )
    graph, vertex, _ = splice(make_line(0.0, 2.0), node)
    way = Router(graph).find_way([int(vertex[0]), int(vertex[1])])
    assert way.length_km == pytest.approx(0.5 * KM_PER_DEG, rel=1e-3)
    assert Router(graph).find_way([0, 1]).length_km == pytest.approx(2 * KM_PER_DEG, rel=1e-4)


def test_a_station_off_the_track_stops_the_build() -> None:
    node = pd.DataFrame([{"node_id": "lost", "lat_deg": 0.3, "lon_deg": 0.0}])
    with pytest.raises(ValueError, match=r"no track within 8.0 km of lost \(33\.4 km\)"):
        splice(make_line(0.0, 1.0), node)


def test_a_way_passes_its_stops_in_order() -> None:
    router = Router(make_line(0.0, 1.0, 2.0))
    way = router.find_way([0, 2, 1])
    assert way.length_km == pytest.approx(3 * KM_PER_DEG, rel=1e-4)
    assert [lon for lon, _ in way.line] == [0.0, 1.0, 2.0, 1.0]


def test_thinning_keeps_corners_and_drops_points_on_a_straight_stroke() -> None:
    line = [(0.0, 0.0), (1.0, 0.001), (2.0, 0.0), (2.0, 1.0), (2.0, 2.0)]
    assert thin(line) == [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0)]


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=2, max_size=30))
def test_a_thinned_line_keeps_its_ends_and_adds_no_point(line: list[tuple[float, float]]) -> None:
    thinned = thin(line)
    assert thinned[0] == line[0]
    assert thinned[-1] == line[-1]
    rest = iter(line)
    assert all(point in rest for point in thinned)


def test_a_written_line_has_no_point_twice_in_a_row() -> None:
    assert write_line([(1.0, 2.0), (1.0001, 2.0), (3.0, 4.5)]) == "1.000 2.000;3.000 4.500"


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(-80, 80), st.floats(-170, 170))
def test_great_circle_is_symmetric_and_bounded(
    lat: float, lon: float, other_lat: float, other_lon: float
) -> None:
    there, back = (
        measure_great_circle_km(*(np.array([x]) for x in points))[0]
        for points in ((lat, lon, other_lat, other_lon), (other_lat, other_lon, lat, lon))
    )
    assert there == pytest.approx(back, abs=1e-6)
    assert 0.0 <= there <= 20015.2
