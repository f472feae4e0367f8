import numpy as np
import pandas as pd
import pytest

from dehliz.report.lines import read_lines, route_stretches
from tests.unit.report.small import make_legs, make_network


def test_a_row_runs_between_its_nodes_or_along_its_shape():
    tables = make_network()
    shape = pd.DataFrame(
        [{"table_name": "link", "row_id": "aa_ostor_mitte", "coordinates": "60 42;57 43;55 42"}]
    )
    book = read_lines({**tables, "shape": shape})
    line = book.line_deg.get("aa_ostor_mitte")
    assert line is not None
    assert [57.0, 43.0] in line.tolist()
    straight = book.line_deg.get("ferry_mitte_hafen")
    assert straight is not None
    assert straight[0].tolist() == [55.0, 42.0]
    assert straight[-1].tolist() == [53.0, 42.0]
    assert book.line_deg.get("nowhere") is None


def test_a_route_follows_its_rows_in_the_direction_of_travel():
    stretches = route_stretches(read_lines(make_network()), make_legs())
    assert [part.row_id for part in stretches] == ["aa_ostor_mitte", "ferry_mitte_hafen", "bb_westend_hafen"]
    assert [part.mode_id for part in stretches] == ["rail_1520", "rail_ferry", "rail_1435"]
    joined = np.concatenate([part.points_deg for part in stretches])
    assert joined[0].tolist() == [60.0, 42.0]
    assert joined[-1].tolist() == [47.0, 42.0]
    assert (np.diff(joined[:, 0]) <= 1e-9).all()


def test_a_leg_without_known_rows_runs_straight():
    legs = make_legs().assign(row_ids="forgotten")
    assert [part.row_id for part in route_stretches(read_lines(make_network()), legs)] == [
        "ostor>mitte", "mitte>hafen", "hafen>westend",
    ]  # fmt: skip


def test_unknown_places_are_left_out():
    book = read_lines({"node": pd.DataFrame()})
    assert route_stretches(book, make_legs()) == []


def test_distances_of_densified_rows_are_small():
    line = read_lines(make_network()).line_deg.get("bb_westend_hafen")
    assert line is not None
    assert np.diff(line[:, 0]) == pytest.approx(6.0 / (len(line) - 1), abs=0.05)
