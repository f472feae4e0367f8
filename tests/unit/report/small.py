"""A fictional corridor of four places: everything about it can be worked out by hand.

::

    ostor --- rail 400 km --- mitte ~~~ ferry 100 km ~~~ hafen --- rail 500 km --- westend
"""

import pandas as pd

ENDS = {"scenario_id": "baseline", "origin_id": "ostor", "destination_id": "westend"}


def make_network() -> dict[str, pd.DataFrame]:
    """``node``, ``link``, ``service_leg``, ``terminal`` of the fictional corridor."""
    places = [
        ("ostor", "Ostor", 60.0),
        ("mitte", "Mitte", 55.0),
        ("hafen", "Hafen <&>", 53.0),
        ("westend", "Westend", 47.0),
    ]
    node = pd.DataFrame(
        [
            {"node_id": i, "name": n, "country_id": "AA", "lon_deg": x, "lat_deg": 42.0, "kind": "port"}
            for i, n, x in places
        ]
    )
    link = pd.DataFrame([
        {"link_id": "aa_ostor_mitte", "from_node_id": "ostor", "to_node_id": "mitte", "mode_id": "rail_1520",
         "length_km": 400.0, "status": "open"},
        {"link_id": "bb_westend_hafen", "from_node_id": "westend", "to_node_id": "hafen", "mode_id": "rail_1435",
         "length_km": 500.0, "status": "open"},
        {"link_id": "aa_spur", "from_node_id": "ostor", "to_node_id": "mitte", "mode_id": "road",
         "length_km": 450.0, "status": "planned"},
    ])  # fmt: skip
    service = pd.DataFrame([
        {"service_leg_id": "ferry_mitte_hafen", "from_node_id": "mitte", "to_node_id": "hafen", "mode_id": "rail_ferry",
         "length_km": 100.0, "status": "open"},
    ])  # fmt: skip
    terminal = pd.DataFrame(
        [{"terminal_id": f"{i}_t", "node_id": i, "name": n, "kind": "port"} for i, n, _ in places]
    )
    return {"node": node, "link": link, "service_leg": service, "terminal": terminal}


def make_legs() -> pd.DataFrame:
    """One way: load, 400 km of rail, ferry of 100 km with a wait, transfer, 500 km of rail, unload."""
    rows = [
        ("load", "rail_1520", "ostor", "ostor", 0.0, 0.0, 12.0, 12.0, 100.0, 10.0, "connector_1"),
        ("move", "rail_1520", "ostor", "mitte", 400.0, 24.0, 0.0, 0.0, 400.0, 40.0, "aa_ostor_mitte"),
        ("service", "rail_ferry", "mitte", "hafen", 100.0, 12.0, 0.0, 36.0, 300.0, 30.0, "ferry_mitte_hafen"),
        ("transfer", "rail_1435", "hafen", "hafen", 0.0, 0.0, 6.0, 18.0, 50.0, 5.0, "hafen_t"),
        ("move", "rail_1435", "hafen", "westend", 500.0, 24.0, 0.0, 0.0, 500.0, 50.0, "bb_westend_hafen"),
        ("unload", "rail_1435", "westend", "westend", 0.0, 0.0, 12.0, 0.0, 100.0, 10.0, "connector_2"),
    ]
    names = {"ostor": "Ostor", "mitte": "Mitte", "hafen": "Hafen <&>", "westend": "Westend"}
    columns = ("kind", "mode_id", "from_node_id", "to_node_id", "length_km", "moving_time_h", "handling_time_h",
               "waiting_time_h", "cost_usd", "emissions_kgco2e", "row_ids")  # fmt: skip
    legs = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows])
    return legs.assign(
        **ENDS, option=1, leg=range(1, len(rows) + 1), operator="", country_id="AA", fact_ids="f-1",
        from_name=legs["from_node_id"].map(names), to_name=legs["to_node_id"].map(names), time_spread_h=2.0,
    )  # fmt: skip


def make_route(**changes: object) -> pd.DataFrame:
    """The row of ``route`` that the legs add up to: 1 000 km, 156 h, 1 450 USD, 145 kg."""
    row: dict[str, object] = {
        **ENDS, "option": 1, "corridor_id": "middle_btk", "corridor_name": "Middle <by> BTK", "length_km": 1000.0,
        "time_h": 156.0, "moving_time_h": 60.0, "handling_time_h": 30.0, "waiting_time_h": 66.0, "time_p95_h": 192.0,
        "cost_usd": 1450.0, "emissions_kgco2e": 145.0, "border_count": 1, "gauge_change_count": 1,
        "transshipment_count": 2, "country_ids": "AA;BB", "compactness_factor": 1.25, "stability_mean_score": -0.5,
        "stability_worst_score": -1.25, "assumption_count": 2, "fact_ids": "f-1;f-2",
    }  # fmt: skip
    return pd.DataFrame([{**row, **changes}])
