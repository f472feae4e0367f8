"""Routes in words and numbers, at the edges."""

import numpy as np
import pandas as pd
import pytest

from dehliz.network.network import Network, replace_tables
from dehliz.routing.ask import compare, routes


@pytest.fixture
def side_by_side(corridor3: Network) -> Network:
    """Two zones at one point, a short road apart."""

    def add(frame: pd.DataFrame, row: int, **cells: object) -> pd.DataFrame:
        return pd.concat([frame, frame.iloc[[row]].assign(**cells)], ignore_index=True)

    node, link = corridor3.node.set_index("node_id"), corridor3.link.set_index("link_id")
    west, road = node.index.get_loc("west"), link.index.get_loc("xa_west_mark_road")
    door = corridor3.connector["connector_id"].tolist().index("west_road")
    return replace_tables(
        corridor3,
        {
            "node": add(corridor3.node, west, node_id="yard", name="Yard", unlocode=""),
            "zone": add(corridor3.zone, 1, zone_id="yard", name="Yard", node_id="yard"),
            "link": add(corridor3.link, road, link_id="yard_road", to_node_id="yard", length_km=5.0),
            "connector": add(
                corridor3.connector, door, connector_id="yard_road", zone_id="yard", node_id="yard"
            ),
        },
    )


def test_places_at_one_point_have_no_compactness(side_by_side: Network) -> None:
    answer = routes(side_by_side, "west", "yard")
    assert answer.table["length_km"].tolist() == [5.0]
    assert np.isnan(answer.table["compactness_factor"].iloc[0])
    assert answer.to_document()["route"][0]["compactness_factor"] is None
    assert compare(side_by_side, "west", "yard").status == "ok"
