"""A demand on corridor3: three flows of two markets, a ship and a port that share nothing, and two berths that do."""

import pandas as pd

from dehliz.network.demand import Demand, build_demand
from dehliz.network.network import Network

YEAR = 2024


def make_demand(network: Network) -> Demand:
    """Boxes both ways between west and haven, and bulk eastward."""
    market = pd.DataFrame(
        {
            "market_id": ["boxes", "ore"],
            "name": ["Boxes", "Ore"],
            "segment_id": ["containers", "bulk"],
            "choice": ["open", "captive"],
            "corridor_note": "invented for the test",
            "description": "invented for the test",
        }
    )
    demand = pd.DataFrame(
        {
            "year": YEAR,
            "market_id": ["boxes", "boxes", "ore"],
            "segment_id": ["containers", "containers", "bulk"],
            "origin_zone_id": ["west", "haven", "west"],
            "destination_zone_id": ["haven", "west", "haven"],
            "volume_t_a": [1000.0, 200.0, 50.0],
            "basis": ["published", "spread", "assumption"],
            "low_t_a": [None, None, 40.0],
            "high_t_a": [None, None, 60.0],
            "total_ids": ["boxes_2024", "boxes_2024", "ore_2024"],
        }
    )
    rows = {"first_year": 2019, "last_year": 2035, "basis": "assumption", "rule": "invented for the test"}
    capacity = pd.DataFrame(
        {
            "table_name": ["service_leg", "terminal", "terminal", "link"],
            "row_id": ["ferry_quay_haven", "quay_rail_ship", "quay_road_ship", "xb_mark_quay"],
            "facility_id": ["", "quay", "quay", ""],
            "capacity_t_a": [365000.0, 500000.0, 500000.0, 900000.0],
            "direction": ["each", "both", "both", "each"],
            "low_t_a": [200000.0, None, None, None],
            "high_t_a": [400000.0, None, None, None],
            **rows,
        }
    )
    background = pd.DataFrame(
        {
            "table_name": ["service_leg"],
            "row_id": ["ferry_quay_haven"],
            "volume_t_a": [18250.0],
            "direction": ["each"],
            **rows,
        }
    )
    tables = {"market": market, "demand": demand, "capacity": capacity, "background": background}
    return build_demand(tables, network, YEAR)
