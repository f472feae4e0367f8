# ruff: noqa: E501
"""SAMPLE tables for looking at figures and for tests: places are real, every other number is made by a rule of thumb.

Lengths are great circles times 1.25, times and costs follow from one speed and one rate per mode. Nothing here is
a result of Dehliz.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

PLACES = {
    "xian": ("Xi'an", "CN", 108.94, 34.34, "city"),
    "chengdu": ("Chengdu", "CN", 104.07, 30.67, "city"),
    "urumqi": ("Ürümqi", "CN", 87.6, 43.8, "city"),
    "khorgos": ("Khorgos", "KZ", 80.4, 44.2, "border"),
    "dostyk": ("Dostyk", "KZ", 82.5, 45.25, "border"),
    "almaty": ("Almaty", "KZ", 76.95, 43.24, "city"),
    "zhezkazgan": ("Zhezkazgan", "KZ", 67.7, 47.8, "rail"),
    "astana": ("Astana", "KZ", 71.4, 51.15, "city"),
    "aktau": ("Aktau", "KZ", 51.2, 43.6, "port"),
    "kuryk": ("Kuryk", "KZ", 51.66, 43.16, "port"),
    "alat": ("Baku/Alat", "AZ", 49.42, 39.98, "port"),
    "ganja": ("Ganja", "AZ", 46.36, 40.68, "rail"),
    "horadiz": ("Horadiz", "AZ", 47.33, 39.45, "rail"),
    "nakhchivan": ("Nakhchivan", "AZ", 45.4, 39.2, "rail"),
    "tbilisi": ("Tbilisi", "GE", 44.8, 41.7, "city"),
    "akhalkalaki": ("Akhalkalaki", "GE", 43.5, 41.4, "border"),
    "poti": ("Poti", "GE", 41.65, 42.15, "port"),
    "kars": ("Kars", "TR", 43.1, 40.6, "rail"),
    "ankara": ("Ankara", "TR", 32.85, 39.93, "city"),
    "istanbul": ("Istanbul", "TR", 28.95, 41.0, "city"),
    "sofia": ("Sofia", "BG", 23.3, 42.7, "city"),
    "constanta": ("Constanța", "RO", 28.65, 44.17, "port"),
    "budapest": ("Budapest", "HU", 19.05, 47.5, "city"),
    "vienna": ("Vienna", "AT", 16.37, 48.2, "city"),
    "orenburg": ("Orenburg", "RU", 55.1, 51.8, "rail"),
    "yekaterinburg": ("Yekaterinburg", "RU", 60.6, 56.8, "city"),
    "moscow": ("Moscow", "RU", 37.6, 55.75, "city"),
    "brest": ("Brest", "BY", 23.7, 52.1, "border"),
    "malaszewicze": ("Małaszewicze", "PL", 23.5, 52.0, "border"),
    "warsaw": ("Warsaw", "PL", 21.0, 52.2, "city"),
    "kaliningrad": ("Kaliningrad", "RU", 20.5, 54.7, "port"),
    "kaunas": ("Kaunas", "LT", 23.9, 54.9, "rail"),
    "hamburg": ("Hamburg", "DE", 9.99, 53.55, "port"),
    "duisburg": ("Duisburg", "DE", 6.76, 51.43, "city"),
    "saryagash": ("Saryagash", "KZ", 69.16, 41.45, "border"),
    "tashkent": ("Tashkent", "UZ", 69.2, 41.3, "city"),
    "turkmenabat": ("Türkmenabat", "TM", 63.57, 39.1, "border"),
    "sarakhs": ("Sarakhs", "IR", 61.2, 36.5, "border"),
    "tehran": ("Tehran", "IR", 51.4, 35.7, "city"),
    "razi": ("Razi/Kapıköy", "IR", 44.3, 38.5, "border"),
    "lianyungang": ("Lianyungang", "CN", 119.4, 34.7, "port"),
    "taiwan_s": ("Strait", "XZ", 118.6, 23.5, "sea"),
    "singapore": ("Singapore", "SG", 103.8, 1.2, "sea"),
    "malacca": ("Malacca", "XZ", 95.3, 6.0, "sea"),
    "dondra": ("South of Sri Lanka", "XZ", 80.5, 5.6, "sea"),
    "aden": ("Gulf of Aden", "XZ", 51.5, 12.5, "sea"),
    "bab": ("Bab el-Mandeb", "XZ", 43.3, 12.6, "sea"),
    "redsea": ("Red Sea", "XZ", 38.0, 20.0, "sea"),
    "suez": ("Suez", "EG", 32.5, 29.9, "port"),
    "portsaid": ("Port Said", "EG", 32.3, 31.3, "port"),
    "crete": ("South of Crete", "XZ", 23.5, 34.3, "sea"),
    "sicily": ("Strait of Sicily", "XZ", 11.2, 37.3, "sea"),
    "alboran": ("Alborán", "XZ", -2.0, 36.2, "sea"),
    "gibraltar": ("Gibraltar", "XZ", -5.6, 35.95, "sea"),
    "vincent": ("Cape St Vincent", "XZ", -9.6, 36.8, "sea"),
    "finisterre": ("Finisterre", "XZ", -9.9, 43.3, "sea"),
    "ushant": ("Ushant", "XZ", -5.9, 48.8, "sea"),
    "dover": ("Dover Strait", "XZ", 1.4, 51.0, "sea"),
    "texel": ("Texel", "XZ", 4.2, 53.4, "sea"),
    "capetown": ("Off Cape Town", "XZ", 17.8, -35.2, "sea"),
    "dakar": ("Off Dakar", "XZ", -18.5, 14.7, "sea"),
    "mauritius": ("South-east of Madagascar", "XZ", 52.0, -28.0, "sea"),
}
SPEED_KM_H = {"rail_1520": 33.0, "rail_1435": 38.0, "sea_container": 30.0, "rail_ferry": 22.0}
RATE_USD_KM = {"rail_1520": 0.62, "rail_1435": 0.75, "sea_container": 0.11, "rail_ferry": 2.1}
RATE_KGCO2E_KM = {"rail_1520": 0.33, "rail_1435": 0.3, "sea_container": 0.14, "rail_ferry": 0.8}
STABILITY = {
    "CN": -0.5, "KZ": -0.3, "AZ": -0.9, "GE": -0.4, "TR": -1.1, "RU": -1.3, "BY": -0.7, "PL": 0.5, "DE": 0.6,
    "UZ": -0.4, "TM": -0.2, "IR": -1.7, "BG": 0.3, "RO": 0.5, "HU": 0.7, "AT": 0.8, "LT": 0.7, "EG": -1.0, "SG": 1.4,
    "XZ": np.nan,
}  # fmt: skip
NAMES = {
    "middle_btk": "Middle Corridor by Baku–Tbilisi–Kars",
    "middle_black_sea": "Middle Corridor by the Black Sea",
    "zangezur": "Zangezur",
    "northern_malaszewicze": "Northern by Małaszewicze",
    "northern_kaliningrad": "Northern by Kaliningrad",
    "southern_iran": "Southern by Iran",
    "suez": "Ocean by Suez",
    "cape": "Ocean round the Cape",
}
C, S, K, F = "rail_1435", "rail_1520", "sea_container", "rail_ferry"
EAST = [
    (C, "urumqi"),
    (C, "khorgos"),
    (S, "almaty"),
    (S, "zhezkazgan"),
    (S, "aktau"),
    (F, "alat"),
    (S, "ganja"),
]
EUROPE = [(C, "ankara"), (C, "istanbul"), (C, "sofia"), (C, "budapest"), (C, "vienna"), (C, "hamburg")]
BTK = [*EAST, (S, "tbilisi"), (S, "akhalkalaki"), (C, "kars")]
ZANGEZUR = [*EAST[:6], (S, "horadiz"), (S, "nakhchivan"), (C, "kars")]
BLACK = [*EAST, (S, "tbilisi"), (S, "poti"), (K, "constanta")]
NORTH = [*EAST[:2], (S, "almaty"), (S, "astana"), (S, "yekaterinburg"), (S, "moscow")]
IRAN = [
    *EAST[:3],
    (S, "saryagash"),
    (S, "tashkent"),
    (S, "turkmenabat"),
    (S, "sarakhs"),
    (C, "tehran"),
    (C, "razi"),
]
SEA = [(C, "lianyungang"), (K, "taiwan_s"), (K, "singapore"), (K, "malacca"), (K, "dondra")]
MED = [(K, "aden"), (K, "bab"), (K, "redsea"), (K, "suez"), (K, "portsaid"), (K, "crete")]
ATLANTIC = [(K, "finisterre"), (K, "ushant"), (K, "dover"), (K, "texel"), (K, "hamburg")]
WAYS = {
    ("xian", "hamburg"): {
        "middle_btk": [*BTK, *EUROPE],
        "middle_black_sea": [*BLACK, *EUROPE[3:]],
        "northern_malaszewicze": [*NORTH, (S, "brest"), (C, "warsaw"), (C, "hamburg")],
        "northern_kaliningrad": [*NORTH, (S, "kaunas"), (S, "kaliningrad"), (K, "hamburg")],
        "southern_iran": [*IRAN, (C, "ankara"), *EUROPE[1:]],
        "suez": [*SEA, *MED, (K, "sicily"), (K, "alboran"), (K, "gibraltar"), (K, "vincent"), *ATLANTIC],
        "cape": [*SEA, (K, "mauritius"), (K, "capetown"), (K, "dakar"), *ATLANTIC],
    },
    ("xian", "istanbul"): {
        "middle_btk": [*BTK, *EUROPE[:2]],
        "southern_iran": [*IRAN, *EUROPE[:2]],
        "suez": [*SEA, *MED, (K, "istanbul")],
    },
    ("aktau", "poti"): {
        "middle_black_sea": [*EAST[5:], (S, "tbilisi"), (S, "poti")],
    },
}
ZANGEZUR_WAYS = {
    ("xian", "hamburg"): {"zangezur": [*ZANGEZUR, *EUROPE]},
    ("xian", "istanbul"): {"zangezur": [*ZANGEZUR, *EUROPE[:2]]},
}


def great_circle_km(first: str, other: str) -> float:
    """Great circle between two places [km], by the haversine formula."""
    (lon1, lat1), (lon2, lat2) = (np.radians(PLACES[key][2:4]) for key in (first, other))
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return float(2 * 6371.0088 * np.arcsin(np.sqrt(half)))


@dataclass
class Trip:
    """Collects the legs of one route."""

    ends: dict[str, object]
    legs: list[dict[str, object]] = field(default_factory=list)

    def add(self, kind: str, mode: str, start: str, end: str, **numbers: float) -> None:
        """One more leg; numbers not named are 0."""
        row: dict[str, object] = {
            **self.ends, "leg": len(self.legs) + 1, "kind": kind, "mode_id": mode, "operator": "",
            "country_id": PLACES[end][1], "from_node_id": start, "to_node_id": end,
            "from_name": PLACES[start][0], "to_name": PLACES[end][0], "length_km": 0.0, "moving_time_h": 0.0,
            "handling_time_h": 0.0, "waiting_time_h": 0.0, "time_spread_h": 3.0, "cost_usd": 0.0,
            "emissions_kgco2e": 0.0, "row_ids": "", "fact_ids": "sample-1;sample-2",
        }  # fmt: skip
        row.update(numbers)
        self.legs.append(row)


def row_name(start: str, end: str, mode: str) -> str:
    """Id of the link between two places, the same in both directions."""
    return "_".join([*sorted((start, end)), mode])


def make_legs(
    scenario: str, origin: str, destination: str, option: int, way: list[tuple[str, str]]
) -> pd.DataFrame:
    """Rows of ``route_leg`` for one way."""
    trip = Trip(
        {"scenario_id": scenario, "origin_id": origin, "destination_id": destination, "option": option}
    )
    here, mode = origin, way[0][0]
    trip.add(
        "load",
        mode,
        here,
        here,
        handling_time_h=10.0,
        waiting_time_h=14.0,
        cost_usd=120.0,
        emissions_kgco2e=9.0,
    )
    for next_mode, place in way:
        if next_mode != mode:
            wait = 60.0 if "ferry" in next_mode + mode else 30.0
            trip.add("transfer", next_mode, here, here, handling_time_h=14.0, waiting_time_h=wait, cost_usd=190.0,
                     emissions_kgco2e=14.0)  # fmt: skip
        elif "rail" in mode and PLACES[here][1] != PLACES[place][1]:
            trip.add("border", mode, here, here, handling_time_h=3.0, waiting_time_h=6.0, cost_usd=40.0)
        mode = next_mode
        km = 1.25 * great_circle_km(here, place)
        trip.add("service" if mode == F else "move", mode, here, place, length_km=km, moving_time_h=km / SPEED_KM_H[mode],
                 cost_usd=km * RATE_USD_KM[mode], emissions_kgco2e=km * RATE_KGCO2E_KM[mode],
                 waiting_time_h=40.0 if mode == F else 0.0)  # fmt: skip
        trip.legs[-1]["row_ids"] = row_name(here, place, mode)
        here = place
    trip.add("unload", mode, here, here, handling_time_h=10.0, cost_usd=120.0, emissions_kgco2e=9.0)
    return pd.DataFrame(trip.legs)


def make_route(legs: pd.DataFrame, corridor: str) -> dict[str, object]:
    """The row of ``route`` that sums the legs."""
    first, last = legs.iloc[0], legs.iloc[-1]
    parts = {name: float(legs[name].sum()) for name in ("moving_time_h", "handling_time_h", "waiting_time_h")}
    time_h = sum(parts.values())
    countries = list(dict.fromkeys(legs["country_id"]))
    land = [country for country in countries if country != "XZ"]
    km = float(legs["length_km"].sum())
    return {
        **{key: first[key] for key in ("scenario_id", "origin_id", "destination_id", "option")},
        "corridor_id": corridor, "corridor_name": NAMES[corridor], "length_km": km, "time_h": time_h, **parts,
        "time_p95_h": 1.22 * time_h, "cost_usd": float(legs["cost_usd"].sum()),
        "emissions_kgco2e": float(legs["emissions_kgco2e"].sum()), "border_count": len(land) - 1,
        "gauge_change_count": 1, "transshipment_count": int((legs["kind"] == "transfer").sum()),
        "country_ids": ";".join(land),
        "compactness_factor": km / great_circle_km(str(first["from_node_id"]), str(last["to_node_id"])),
        "stability_mean_score": float(np.mean([STABILITY[c] for c in land])),
        "stability_worst_score": float(min(STABILITY[c] for c in land)),
        "assumption_count": 3, "fact_ids": "sample-1;sample-2",
    }  # fmt: skip


def make_routes() -> tuple[pd.DataFrame, pd.DataFrame]:
    """``route`` and ``route_leg`` of both scenarios."""
    routes, legs = [], []
    for scenario, sets in (("baseline", [WAYS]), ("zangezur", [WAYS, ZANGEZUR_WAYS])):
        for pair in WAYS:
            ways = {key: way for group in sets for key, way in group.get(pair, {}).items()}
            for option, (corridor, way) in enumerate(ways.items(), 1):
                own = make_legs(scenario, *pair, option, way)
                routes.append(make_route(own, corridor))
                legs.append(own)
    return pd.DataFrame(routes), pd.concat(legs, ignore_index=True)


def make_claims(routes: pd.DataFrame) -> pd.DataFrame:
    """``claim``: the best Middle route beside the best rival, pair by pair."""
    rows = []
    kinds = (
        ("compact", "compactness_factor", "factor", 1),
        ("stable", "stability_mean_score", "score", -1),
        ("faster", "time_h", "h", 1),
    )
    for (scenario, origin, destination), group in routes.groupby(
        ["scenario_id", "origin_id", "destination_id"]
    ):
        is_own = group["corridor_id"].isin(["middle_btk", "middle_black_sea", "zangezur"])
        if not is_own.any() or is_own.all():
            continue
        for claim, column, unit, sign in kinds:
            own = group[is_own].loc[(sign * group[is_own][column]).idxmin()]
            rival = group[~is_own].loc[(sign * group[~is_own][column]).idxmin()]
            rows.append({
                "scenario_id": scenario, "origin_id": origin, "destination_id": destination, "claim": claim,
                "holds": bool(sign * own[column] < sign * rival[column]), "corridor_id": own["corridor_id"],
                "value": own[column], "rival_value": rival[column], "unit": unit,
                "rival_corridor_id": rival["corridor_id"], "text": f"sample finding against {rival['corridor_name']}",
            })  # fmt: skip
    return pd.DataFrame(rows)


def make_network(legs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """``node``, ``link``, ``service_leg``, ``terminal`` and ``zone`` that the routes use."""
    node = pd.DataFrame(
        [{"node_id": key, "name": name, "country_id": country, "lon_deg": lon, "lat_deg": lat, "kind": kind, "fact_ids": ""}
         for key, (name, country, lon, lat, kind) in PLACES.items()]
    )  # fmt: skip
    moves = legs[legs["kind"].isin(["move", "service"])].drop_duplicates("row_ids")
    rows = [
        {"id": r.row_ids, "name": "", "from_node_id": r.from_node_id, "to_node_id": r.to_node_id, "mode_id": r.mode_id,
         "country_id": r.country_id, "length_km": r.length_km, "status": "open", "fact_ids": "sample-1", "kind": r.kind}
        for r in moves.itertuples()
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    stops = legs[legs["kind"].isin(["transfer", "border"])].drop_duplicates("from_node_id")
    terminal = pd.DataFrame(
        [{"terminal_id": f"{r.from_node_id}_{r.kind}", "node_id": r.from_node_id, "name": r.from_name,
          "kind": "port" if r.kind == "transfer" else "border_post", "status": "open", "fact_ids": "sample-2"}
         for r in stops.itertuples()]
    )  # fmt: skip
    return {
        "node": node,
        "link": table[table["kind"] == "move"].rename(columns={"id": "link_id"}),
        "service_leg": table[table["kind"] == "service"].rename(columns={"id": "service_leg_id"}),
        "terminal": terminal,
        "zone": pd.DataFrame(
            [{"zone_id": k, "name": v[0], "node_id": k, "country_id": v[1]} for k, v in PLACES.items()]
        ),
        "country": pd.DataFrame(
            [{"country_id": k, "name": k, "stability_score": v} for k, v in STABILITY.items()]
        ),
    }


def make_sample() -> tuple[dict[str, pd.DataFrame], dict[str, object]]:
    """All tables and a manifest."""
    routes, legs = make_routes()
    facts = pd.DataFrame([
        {"fact_id": "sample-1", "topic": "segments", "entity": "Sample line", "metric": "length", "value": "836",
         "value_mean": 836.0, "unit": "km", "year": "2025", "source_id": "sample", "source_date": "2025-09-30",
         "confidence": "high", "is_assumption": False, "note": "sample"},
        {"fact_id": "sample-2", "topic": "terminals", "entity": "Sample <port>", "metric": "dwell", "value": "3",
         "value_low": 1.0, "value_high": 5.0, "value_mean": 3.0, "unit": "d", "year": "2024", "source_id": "sample",
         "source_date": "", "confidence": "low", "is_assumption": True, "note": ""},
    ])  # fmt: skip
    source = pd.DataFrame([{"source_id": "sample", "publisher": "Sample & Co", "url": "https://example.org/a?b=1&c=2",
                            "kind": "press", "licence_note": "sample"}])  # fmt: skip
    length = pd.DataFrame([
        {"check_id": f"l{i}", "kind": "rail_leg", "name": f"Sample leg {i}", "model_km": 100.0 + i, "published_km": 102.0,
         "error_share": (100.0 + i) / 102.0 - 1, "is_input": i == 0, "is_passed": i < 6, "reason": "", "fact_id": "sample-1"}
        for i in range(8)
    ])  # fmt: skip
    time = pd.DataFrame([
        {"check_id": f"t{i}", "kind": "observed", "corridor_id": "middle_btk", "origin_id": "xian", "destination_id": "istanbul",
         "model_d": 17.0, "model_p95_d": 21.0, "published_low_d": 14.0, "published_high_d": 18.0, "published_d": 16.0,
         "error_share": 0.0625, "is_passed": True, "year": "2024", "fact_id": "sample-2"}
        for i in range(3)
    ])  # fmt: skip
    value = pd.DataFrame([
        {"table_name": "terminal", "row_id": "aktau_transfer", "column_name": "waiting_time_h", "value": "60",
         "basis": "assumption", "fact_id": "", "rival_fact_ids": "", "rule": "sample rule", "low": 24.0, "high": 120.0},
        {"table_name": "link", "row_id": legs["row_ids"].loc[legs["row_ids"] != ""].iloc[0], "column_name": "length_km",
         "value": "836", "basis": "fact", "fact_id": "sample-1", "rival_fact_ids": "", "rule": "official before press",
         "low": np.nan, "high": np.nan},
    ])  # fmt: skip
    tables = {
        "route": routes, "route_leg": legs, "claim": make_claims(routes), **make_network(legs), "fact": facts,
        "source": source, "length_check": length, "time_check": time, "value": value,
    }  # fmt: skip
    manifest: dict[str, object] = {
        "title": "SAMPLE: the Middle Corridor beside its rivals", "version": "0.0.0", "created": "2026-01-01",
        "data_date": "2026-01-01", "shipment": "one 40-foot container",
        "scenarios": {"baseline": "As it is", "zangezur": "With the Zangezur line"},
    }  # fmt: skip
    return tables, manifest
