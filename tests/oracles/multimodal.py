"""Random networks with all that makes ways hard: borders, gauges, ports, ferries, trucks, closed and one-way rows.

Small enough to try every way, and checked by the rules of the house when they are built. All numbers are drawn.
"""

import math
import random
from itertools import permutations
from typing import Any

import pandas as pd

from dehliz.network.geo import great_circle_km
from dehliz.network.network import Network, build_network

MODES = {"rail_1435": 1435, "rail_1520": 1520, "road": None, "rail_ferry": None, "roro": None}
MEDIUM = {"rail_1435": "rail", "rail_1520": "rail", "road": "road", "rail_ferry": "sea", "roro": "sea"}
LAND = ("rail_1435", "rail_1520", "road")
COUNTRIES = ("XA", "XB", "XC", "XD")
FREE = {"XC", "XD"}
"""Members of the free group: no border post between them."""
SHIFTS = (
    ("gauge_change", "rail_1435", "rail_1520"), ("port", "rail_1520", "rail_ferry"), ("port", "road", "roro"),
    ("rail_terminal", "road", "rail_1435"), ("rail_terminal", "road", "rail_1520"),
)  # fmt: skip
WIRES = ("none", "yes", "25kv_ac", "3kv_dc", "mixed", "unknown", "")
Rows = list[dict[str, Any]]


def random_network(seed: int, node_count: int = 6, land_count: int = 10, sea_count: int = 2) -> Network:
    """A network that passes all rules, the same for the same seed.

    Parameters
    ----------
    seed : int
        Chooses everything.
    node_count, land_count, sea_count : int
        Nodes, links of road and rail, service legs.
    """
    return build_network(random_tables(seed, node_count, land_count, sea_count), name=f"random {seed}")


def random_tables(
    seed: int, node_count: int = 6, land_count: int = 10, sea_count: int = 2
) -> dict[str, pd.DataFrame]:
    """The tables of ``random_network``, to change before they are built."""
    draw = random.Random(seed)
    node = [_make_node(draw, number) for number in range(node_count)]
    link = [_make_link(draw, number, node) for number in range(land_count)]
    leg = [_make_leg(draw, number, node) for number in range(sea_count)]
    touched = {(row[end], row["mode_id"]) for row in (*link, *leg) for end in ("from_node_id", "to_node_id")}
    zones = draw.sample(range(node_count), 3)
    tables = {
        "node": node,
        "link": link,
        "service_leg": leg,
        "terminal": [*_make_posts(draw, link), *_make_shifts(draw, node, touched)],
        **_make_zones(draw, [node[number] for number in zones], touched),
        **_make_economy(draw, link, leg),
        "corridor": _make_corridors(draw, node),
    }
    return {name: pd.DataFrame(rows) for name, rows in tables.items() if rows}


def _make_node(draw: random.Random, number: int) -> dict[str, Any]:
    return {
        "node_id": f"n{number}", "name": f"Place {number}", "country_id": draw.choice(COUNTRIES),
        "lon_deg": 10 + 2 * (number % 3) + round(draw.uniform(0, 1), 2),
        "lat_deg": 2 * (number // 3) + round(draw.uniform(0, 1), 2), "kind": "city",
    }  # fmt: skip


def _make_ends(draw: random.Random, node: Rows) -> tuple[dict[str, Any], dict[str, Any], float]:
    start, end = draw.sample(node, 2)
    straight = great_circle_km(start["lon_deg"], start["lat_deg"], end["lon_deg"], end["lat_deg"])
    return start, end, math.ceil(10 * float(straight) * draw.uniform(1.0, 1.6)) / 10


def _make_link(draw: random.Random, number: int, node: Rows) -> dict[str, Any]:
    start, end, length_km = _make_ends(draw, node)
    mode = draw.choice(LAND)
    return {
        "link_id": f"l{number:02}", "from_node_id": start["node_id"], "to_node_id": end["node_id"],
        "directed": draw.random() < 0.15, "mode_id": mode, "country_id": draw.choice((start, end))["country_id"],
        "length_km": length_km, "speed_km_h": draw.choice((20.0, 35.0, 50.0, 80.0)),
        "time_spread_h": draw.uniform(0, 3), "electrification": draw.choice(WIRES) if mode != "road" else "",
        "status": draw.choice(("open",) * 9 + ("closed", "planned")),
        "passage_id": draw.choice(("", "", "", "pass")), "length_basis": "geometry",
    }  # fmt: skip


def _make_leg(draw: random.Random, number: int, node: Rows) -> dict[str, Any]:
    start, end, length_km = _make_ends(draw, node)
    return {
        "service_leg_id": f"s{number}", "name": f"Ferry {number}", "from_node_id": start["node_id"],
        "to_node_id": end["node_id"], "directed": draw.random() < 0.2,
        "mode_id": draw.choice(("rail_ferry", "roro")), "country_id": "XZ", "length_km": length_km,
        "time_h": round(length_km / 25, 2) + 0.1, "waiting_time_h": draw.uniform(0, 40),
        "time_spread_h": draw.uniform(0, 20), "status": "open", "passage_id": draw.choice(("", "strait")),
        "length_basis": "geometry",
    }  # fmt: skip


def _work(draw: random.Random, most_h: float = 20.0) -> dict[str, Any]:
    """What any stop costs; the parts differ in their proportions, so that nothing can stand for another."""
    return {
        "handling_time_h": draw.uniform(0, most_h), "waiting_time_h": draw.uniform(0, most_h),
        "time_spread_h": draw.uniform(0, most_h), "cost_usd_teu": draw.uniform(0, 90),
        "cost_usd_t": draw.uniform(0, 9), "emissions_kgco2e_t": draw.uniform(0, 2),
    }  # fmt: skip


def _make_posts(draw: random.Random, link: Rows) -> Rows:
    meeting: dict[tuple[str, str], set[str]] = {}
    for row in link:
        for end in ("from_node_id", "to_node_id"):
            meeting.setdefault((row[end], row["mode_id"]), set()).add(row["country_id"])
    return [
        {
            "terminal_id": f"post_{node_id}_{mode}_{one}_{other}", "node_id": node_id, "name": "Post",
            "kind": "border_post", "from_mode_id": mode, "to_mode_id": mode, "from_country_id": one,
            "to_country_id": other, "directed": True, "status": "open", **_work(draw),
        }
        for (node_id, mode), countries in sorted(meeting.items())
        for one, other in permutations(sorted(countries), 2)
        if not {one, other} <= FREE
    ]  # fmt: skip


def _make_shifts(draw: random.Random, node: Rows, touched: set[tuple[str, str]]) -> Rows:
    return [
        {
            "terminal_id": f"shift_{row['node_id']}_{one}_{other}", "node_id": row["node_id"], "name": "Yard",
            "kind": kind, "from_mode_id": one, "to_mode_id": other, "directed": draw.random() < 0.2,
            "status": draw.choice(("open",) * 8 + ("closed",)), **_work(draw),
        }
        for row in node
        for kind, one, other in SHIFTS
        if {(row["node_id"], one), (row["node_id"], other)} <= touched and draw.random() < 0.8
    ]  # fmt: skip


def _make_zones(draw: random.Random, node: Rows, touched: set[tuple[str, str]]) -> dict[str, Rows]:
    zone, connector = [], []
    for row in node:
        zone_id = row["node_id"]
        own = sorted(mode for name, mode in touched if name == zone_id and mode in LAND)
        elsewhere = sorted((name, mode) for name, mode in touched if name != zone_id and mode in LAND)
        doors = [(zone_id, mode) for mode in own] or [draw.choice(elsewhere)]
        zone.append(
            {"zone_id": zone_id, "name": row["name"], "node_id": zone_id, "country_id": row["country_id"]}
        )
        connector += [
            {"connector_id": f"door_{zone_id}_{name}_{mode}", "zone_id": zone_id, "node_id": name, "mode_id": mode,
             **_work(draw, 5.0)}
            for name, mode in doors
        ]  # fmt: skip
    return {"zone": zone, "connector": connector}


def _make_economy(draw: random.Random, link: Rows, leg: Rows) -> dict[str, Rows]:
    mode = [
        {"mode_id": name, "name": name, "medium": MEDIUM[name], "gauge_mm": gauge, "description": "drawn"}
        for name, gauge in MODES.items()
    ]
    country: Rows = [
        {"country_id": name, "name": name, "stability_score": draw.uniform(-2, 2), "stability_year": 2023,
         "grid_gco2e_kwh": draw.uniform(50, 900), "grid_year": 2023}
        for name in COUNTRIES
    ]  # fmt: skip
    group = [
        {"group_id": "eu", "group_name": "Free", "country_id": name, "standing": "member"}
        for name in sorted(FREE)
    ]
    modes = ";".join(MODES)
    segment = [
        {"segment_id": "boxes", "name": "Boxes", "load_unit": "teu", "t_per_teu_factor": 11.0, "mode_ids": modes,
         "value_of_time_usd_t_h": draw.uniform(0, 2)},
        {"segment_id": "grain", "name": "Grain", "load_unit": "t", "mode_ids": "rail_1435;rail_1520;rail_ferry",
         "value_of_time_usd_t_h": draw.uniform(0, 1)},
    ]  # fmt: skip
    container = [{"container_id": "40", "name": "Box", "load_factor": 2.0, "tariff_factor": 2.0}]
    return {
        "mode": mode,
        "country": [*country, {"country_id": "XZ", "name": "Sea"}],
        "country_group": group,
        "segment": segment,
        "container": container,
        "tariff": _make_tariffs(draw, link, leg),
        "emission_factor": _make_factors(draw, leg),
    }


def _make_tariffs(draw: random.Random, link: Rows, leg: Rows) -> Rows:
    """One for each mode, and some for countries, segments and rows that must win over it."""
    rows: Rows = []
    link_id, leg_id = link[0]["link_id"], leg[0]["service_leg_id"]
    particular = [
        ("rail_1520", "XA", "", ""), ("rail_1520", "XA", "boxes", ""), ("road", "", "boxes", ""),
        ("road", "XB", "", ""), (link[0]["mode_id"], "", "", link_id), (leg[0]["mode_id"], "", "", leg_id),
        (link[1]["mode_id"], link[1]["country_id"], "", link[1]["link_id"]),
    ]  # fmt: skip
    for mode, country, segment, row_id in [*((name, "", "", "") for name in MODES), *particular]:
        for unit in ("teu", "t"):
            if unit == "t" and segment == "boxes":
                continue
            rate = draw.uniform(0.1, 2) / (1 if unit == "teu" else 10)
            fixed = draw.choice((math.nan, draw.uniform(1, 500) / (1 if unit == "teu" else 10)))
            key = {"mode_id": mode, "country_id": country, "segment_id": segment, "row_id": row_id}
            price = {f"rate_usd_{unit}_km": rate, f"fixed_usd_{unit}": fixed}
            rows.append(
                {"tariff_id": f"t{len(rows)}", **key, "load_unit": unit, **price, "basis": "assumption"}
            )
    return rows


def _make_factors(draw: random.Random, leg: Rows) -> Rows:
    keys = [
        ("rail_1435", "diesel", ""), ("rail_1435", "electric", ""), ("rail_1520", "diesel", ""),
        ("rail_1520", "electric", ""), ("road", "any", ""), ("rail_ferry", "any", ""), ("roro", "any", ""),
        (leg[0]["mode_id"], "any", leg[0]["service_leg_id"]),
    ]  # fmt: skip
    return [
        {"emission_factor_id": f"f{number}", "mode_id": mode, "traction": traction, "row_id": row_id,
         "basis": "assumption",
         **({"energy_kwh_tkm": draw.uniform(0.01, 0.05)} if traction == "electric"
            else {"wtw_gco2e_tkm": draw.uniform(5, 150)})}
        for number, (mode, traction, row_id) in enumerate(keys)
    ]  # fmt: skip


def _make_corridors(draw: random.Random, node: Rows) -> Rows:
    tokens = [*(row["node_id"] for row in node), "passage:pass", "country:XA", "country:XB", "mode:roro"]
    tokens = [token for token in tokens if token != "passage:pass"]
    first, second, third, fourth = draw.sample(tokens, 4)
    return [
        {"corridor_id": "one", "name": "One", "rank_count": 1, "all_of": first, "none_of": second,
         "description": "drawn"},
        {"corridor_id": "two", "name": "Two", "rank_count": 2, "any_of": f"{second};{third}", "description": "drawn"},
        {"corridor_id": "three", "name": "Three", "rank_count": 3, "all_of": f"{third};{fourth}",
         "description": "drawn"},
    ]  # fmt: skip
