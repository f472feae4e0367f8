"""Reads the curated nodes: stations and ports of ``rail_node.csv``, and those that only sea and road have.

``road.py``, ``service.py``, ``pipeline.py`` and ``place.py`` take positions and countries from here.
"""

from pathlib import Path

import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED


def read_nodes(folder: Path = CURATED) -> dict[str, dict[str, str]]:
    """Curated nodes of both files by id; a place that has a station is where the station is."""
    nodes: dict[str, dict[str, str]] = {}
    for name in ("rail_node.csv", "place_node.csv"):
        for row in read_rows(folder / name):
            nodes.setdefault(row["node_id"], row)
    return nodes


def read_places(folder: Path = CURATED) -> dict[str, tuple[float, float]]:
    """Longitude and latitude [deg] of every curated node."""
    return {
        node_id: (float(row["lon_deg"]), float(row["lat_deg"])) for node_id, row in read_nodes(folder).items()
    }


def make_nodes(folder: Path = CURATED) -> pd.DataFrame:
    """The table ``node`` of places that have no railway in the model, and of codes for those that do."""
    code = {row["node_id"]: row["unlocode"] for row in read_rows(folder / "unlocode.csv")}
    stations = {row["node_id"] for row in read_rows(folder / "rail_node.csv")}
    columns = ["node_id", "name", "country_id", "lon_deg", "lat_deg", "kind"]
    rows = [
        {column: row[column] for column in columns} | {"unlocode": row["unlocode"] or code.get(node_id, "")}
        for node_id, row in read_nodes(folder).items()
        if node_id not in stations or (code.get(node_id) and not row["unlocode"])
    ]
    return pd.DataFrame(rows)
