"""A made-up simulation of a made-up corridor: numbers to draw, worked out by hand, that no run has given.

::

    ostor --- 400 km --- mitte ~~~ ship, 100 km ~~~ hafen <&>
"""

from typing import Any

import numpy as np
import pandas as pd

from dehliz.base.schema import read_spec

INF = float("inf")
NAMES = {"ostor": "Ostor", "mitte": "Mitte", "hafen": "Hafen <&>"}
GROUP = {
    "scope": "probe",
    "corridor_id": "middle",
    "origin_id": "ostor",
    "destination_id": "hafen",
    "market_id": "probe",
}
MANIFEST: dict[str, Any] = {
    "status": "ok", "reason": "", "start": "2024-11-03T06", "horizon_h": 8784.0, "replications": 4, "seed": 7,
    "warm_up": {"end_h": 336.0, "method": "MSER-5", "is_found": True}, "confidence_share": 0.95,
    "consignments": 1234.0, "notes": ["Nothing is <known> of ice."],
}  # fmt: skip


def fill(table: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """A table with all columns of the dictionary; those not given are missing."""
    return pd.DataFrame(rows).reindex(columns=list(read_spec(table).column_names))


def make_event(wait_h: tuple[float, ...] = (10.0, 20.0, 30.0)) -> pd.DataFrame:
    """One consignment per wait: a day on rail, 5 h of handling, the wait for a ship, 12 h of crossing."""
    rows = []
    for number, wait in enumerate(wait_h):
        at = 100.0 * number
        times = (
            ("move", "ostor", at, at, at + 24, 400.0, 300.0),
            ("handle", "mitte", at + 24, at + 24, at + 29, 0.0, 50.0),
            ("sail", "mitte", at + 29, at + 29 + wait, at + 41 + wait, 100.0, 200.0),
        )
        for count, (activity, node_id, ready_h, start_h, end_h, length_km, cost_usd) in enumerate(times, 1):
            rows.append({
                "consignment_id": str(number), "flow_id": "ostor>hafen", "origin_id": "ostor",
                "destination_id": "hafen", "market_id": "probe", "stage_count": count, "activity": activity,
                "node_id": node_id,
                "resource_id": f"{activity}:{node_id}", "ready_h": ready_h, "start_h": start_h, "end_h": end_h,
                "found_count": 0, "length_km": length_km, "cost_usd": cost_usd,
            })  # fmt: skip
    return pd.DataFrame(rows)


def make_use(weeks: int = 6, shut_share: float = 0.25) -> pd.DataFrame:
    """A queue that grows by one a week, at a place shut in its third week."""
    return fill("resource_use", [
        {"resource_id": "sail:mitte", "name": "Quay <of> Mitte", "week_count": week, "came_count": 3.0,
         "from_date": str(np.datetime64("2024-11-03") + 7 * (week - 1)), "queue_count": float(week),
         "queue_most_count": 2.0 * week, "utilisation_share": 0.5, "shut_share": shut_share if week == 3 else 0.0}
        for week in range(1, weeks + 1)
    ])  # fmt: skip


def make_causes() -> pd.DataFrame:
    parts = (("moving", "land", 24.0), ("moving", "sea", 12.0), ("handling", "handle", 6.0),
             ("ship", "ship_full", 18.0), ("closure", "weather", 12.0))  # fmt: skip
    return fill("simulated_cause", [
        {**GROUP, "branch": branch, "cause": cause, "time_h": hours, "time_low_h": hours - 1, "time_high_h": hours + 1,
         "time_share": hours / 72.0}
        for branch, cause, hours in parts
    ])  # fmt: skip


def make_differences() -> pd.DataFrame:
    rows = (
        ("time", "probe:middle|ostor>hafen|probe", "mean_h", 60.0, 50.0, -10.0, -14.0, -6.0, True),
        ("time", "all", "mean_h", 70.0, 69.0, -1.0, -3.0, 1.0, False),
        ("ship", "sail:mitte", "load_share", 0.8, 0.7, -0.1, -0.12, -0.08, True),
        ("resource", "handle:mitte", "wait_h_t", 1.0, 1.1, 0.1, -0.1, 0.3, False),
    )
    names = (
        "kind",
        "row_id",
        "measure",
        "value",
        "rival_value",
        "value_mean",
        "value_low",
        "value_high",
        "is_clear",
    )
    return pd.DataFrame(rows, columns=list(names))


def make_tables() -> dict[str, pd.DataFrame]:
    """All that a page can show."""
    times = {"consignment_count": 100.0, "is_few": False, "unfinished_share": 0.01, "mean_h": 60.0, "mean_low_h": 58.0,
             "mean_high_h": 62.0, "median_h": 58.0, "p90_h": 80.0, "p95_h": 90.0}  # fmt: skip
    every = {"scope": "all", "corridor_id": "", "origin_id": "", "destination_id": "", "market_id": "all"}
    check = {"check_id": "c1", "kind": "observed", "corridor_id": "middle", "origin_id": "ostor",
             "destination_id": "hafen", "model_p05_d": 2.0, "median_d": 2.5, "model_p95_d": 4.0, "model_d": 2.6,
             "wait_share": 0.3, "published_d": 3.0, "error_share": -0.13, "is_inside": True, "year": "2024",
             "fact_id": "transit_times-0001"}  # fmt: skip
    odds = {"promise_d": 3.0, "on_time_share": 0.8, "low_share": 0.7, "high_share": 0.9}
    key = {name: GROUP[name] for name in GROUP if name != "scope"}
    bottleneck = {"resource_id": "sail:mitte", "name": "Quay <of> Mitte", "kind": "board", "wait_rank_count": 1,
                  "use_rank_count": 1, "wait_h_t": 1.5, "came_count": 9.0, "queue_count": 3.0, "queue_most_count": 12.0,
                  "is_overloaded": False}  # fmt: skip
    ship = {"line_id": "f", "resource_id": "sail:mitte", "name": "Quay <of> Mitte", "departs": "fills",
            "fleet_count": 2, "departure_count": 40.0, "empty_count": 1.0, "part_count": 3.0,
            "consignment_count": 100.0, "load_share": 0.9}  # fmt: skip
    return {
        "simulated_time": fill("simulated_time", [{**every, **times}, {**GROUP, **times}]),
        "simulated_cause": make_causes(), "resource_use": make_use(),
        "simulated_bottleneck": fill("simulated_bottleneck", [bottleneck]), "ship_use": fill("ship_use", [ship]),
        "on_time": fill("on_time", [{**GROUP, **odds}]),
        "simulated_time_check": fill("simulated_time_check", [check]),
        "probe_time": pd.DataFrame([{**key, "time_h": hours} for hours in (*np.linspace(48.0, 96.0, 49), INF)]),
        "event": make_event(), "simulated_difference": make_differences(),
        "zone": pd.DataFrame({"zone_id": ["ostor", "hafen"], "name": ["Ostor", "Hafen <&>"]}),
        "node": pd.DataFrame({"node_id": list(NAMES), "name": list(NAMES.values())}),
        "corridor": pd.DataFrame({"corridor_id": ["middle"], "name": ["Middle <script>"]}),
    }  # fmt: skip
