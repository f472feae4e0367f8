"""Trips: sorted, added up, zones become vertices; what is unknown is said all at once."""

import pandas as pd
import pytest

from dehliz.base.errors import DataError
from dehliz.graph.compile import compile_graph
from dehliz.graph.trips import compile_trips, make_trips
from dehliz.network.network import Network

ROWS = pd.DataFrame(
    {
        "segment_id": ["containers", "bulk", "containers", "containers"],
        "origin_zone_id": ["west", "haven", "west", "west"],
        "destination_zone_id": ["haven", "west", "haven", "west"],
        "volume_t_a": [3650.0, 730.0, 365.0, 99.0],
    }
)


def test_equal_triples_are_added_and_empty_ones_left_out() -> None:
    trips = make_trips([1, 0, 1, 0], [5, 2, 5, 2], [6, 3, 6, 4], [1.0, 2.0, 3.0, 0.0], ("a", "b"))
    assert trips.segment.tolist() == [0, 1]
    assert trips.origin.tolist() == [2, 5]
    assert trips.volume_t_d.tolist() == [2.0, 4.0]
    assert not trips.volume_t_d.flags.writeable


def test_a_year_becomes_days_between_centroids(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    trips = compile_trips(ROWS, graph, ("bulk", "containers"))
    haven, west = graph.zone_ids.index("haven"), graph.zone_ids.index("west")
    assert list(zip(trips.origin.tolist(), trips.destination.tolist(), strict=True)) == [
        (haven, graph.n_zone + west),
        (west, graph.n_zone + haven),
    ]
    assert trips.volume_t_d == pytest.approx([2.0, 11.0])


def test_order_of_rows_does_not_matter(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    one = compile_trips(ROWS, graph, ("bulk", "containers"))
    other = compile_trips(ROWS.iloc[::-1], graph, ("bulk", "containers"))
    assert one.volume_t_d.tobytes() == other.volume_t_d.tobytes()


def test_unknown_zones_and_segments_come_together(corridor3: Network) -> None:
    broken = ROWS.assign(
        segment_id=["containers", "balk", "containers", "containers"],
        origin_zone_id=["west", "haven", "wast", "x"],
    )
    with pytest.raises(DataError) as error:
        compile_trips(broken, compile_graph(corridor3), ("bulk", "containers"))
    assert [issue.rule for issue in error.value.issues] == [
        "demand.segment_id.known",
        "demand.origin_zone_id.known",
    ]
    assert error.value.issues[1].ids == ("wast", "x")
    assert "bulk" in error.value.issues[0].remedy
