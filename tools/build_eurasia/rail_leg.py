"""Measures every leg of the rail network: on the repaired open graph, or by its published length.

``curated/rail_leg.csv`` names the pairs of stations that are neighbours on a line, with points to pass where a
passenger high-speed line would be shorter; ``curated/rail_missing.csv`` holds what the graph does not have: new,
planned and closed lines. Comes after ``rail_route.py``; ``rail.py`` makes links of the legs.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED
from tools.build_eurasia.rail_graph import (
    WHEEL_NAME,
    RailGraph,
    bridge,
    crop,
    measure_great_circle_km,
    parse_graph,
)
from tools.build_eurasia.rail_repair import close_gaps, cut, find_nearest, splice
from tools.build_eurasia.rail_route import Line, Router, Way

GRAPH_FACTOR: Final = 1.015
"""Ordinary lines come out 1 to 3% short on the open graph, because its polylines cut curves."""
GRAPH_RULE: Final = (
    f"Shortest way on the open rail graph times {GRAPH_FACTOR:g}: its polylines cut curves by 1 to 3%"
)
END_COLUMNS: Final = ("from_node_id", "to_node_id")
ON_GRAPH: Final = "graph"
"""In ``rail_missing.csv``: the track is in the source, so that the leg is measured there before borders are cut."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of the rail network between neighbouring stations.

    Attributes
    ----------
    row : dict of str to str
        The curated row.
    graph_km : float
        Length on the open graph [km], NaN when the graph does not have the line.
    straight_km : float
        Great circle by the points to pass [km].
    line : list of (float, float)
        Points as (lon, lat) [deg].
    """

    row: dict[str, str]
    graph_km: float
    straight_km: float
    line: Line = field(repr=False)

    @property
    def link_id(self) -> str:
        """Identifier of the link: country, ends in the order of the file, and a suffix for a second line."""
        parts = [self.row["country_id"].lower(), self.row["from_node_id"], self.row["to_node_id"]]
        return "_".join([*parts, *filter(None, [self.row.get("suffix", "")])])


def read_table(name: str) -> pd.DataFrame:
    """A curated table as text."""
    return pd.DataFrame(read_rows(CURATED / f"{name}.csv"))


def read_stations() -> pd.DataFrame:
    """Rail stations with coordinates as numbers."""
    node = read_table("rail_node")
    return node.assign(lat_deg=node["lat_deg"].astype(float), lon_deg=node["lon_deg"].astype(float))


def read_gaps() -> pd.DataFrame:
    """Curated gaps with numbers where numbers belong."""
    gap = read_table("rail_gap")
    numbers = ["from_lat_deg", "from_lon_deg", "to_lat_deg", "to_lon_deg", "length_km"]
    return gap.assign(**{c: pd.to_numeric(gap[c]) for c in numbers}, is_new_end=gap["is_new_end"] == "true")


def repair_graph(inputs: Path) -> tuple[RailGraph, RailGraph]:
    """The repaired graph without closed borders, and the same with them."""
    graph = close_gaps(bridge(crop(parse_graph(inputs / WHEEL_NAME))), read_gaps())
    join = read_table("rail_cut")
    join = join.assign(**{c: join[c].astype(float) for c in ("lat_deg", "lon_deg", "radius_km")})
    return cut(graph, join), graph


def parse_via(text: str) -> list[tuple[float, float]]:
    """Points to pass, written ``lat lon;lat lon``, as (lon, lat)."""
    pairs = (pair.split() for pair in text.split(";") if pair.strip())
    return [(float(lon), float(lat)) for lat, lon in pairs]


class Surveyor:
    """Measures legs on one graph."""

    def __init__(self, graph: RailGraph, station: pd.DataFrame) -> None:
        graph, vertex, self.off_km = splice(graph, station)
        self._vertex = dict(zip(station["node_id"], map(int, vertex), strict=True))
        self._router = Router(graph)

    def measure(self, row: dict[str, str]) -> Way:
        """The leg's way on the graph; infinite when there is none."""
        points = parse_via(row["via"])
        stops = [self._vertex[row["from_node_id"]]]
        if points:
            lon, lat = (np.array(axis) for axis in zip(*points, strict=True))
            stops += map(int, find_nearest(self._router.graph, lat, lon)[0])
        return self._router.find_way([*stops, self._vertex[row["to_node_id"]]])


def measure_straight_km(line: Line) -> float:
    """Sum of the great circles along a line [km]."""
    lon, lat = (np.array(axis) for axis in zip(*line, strict=True))
    return float(measure_great_circle_km(lat[:-1], lon[:-1], lat[1:], lon[1:]).sum())


def _draw_straight(row: dict[str, str], station: pd.DataFrame) -> Line:
    at = station.set_index("node_id")
    ends = [
        (float(str(at.at[row[key], "lon_deg"])), float(str(at.at[row[key], "lat_deg"])))
        for key in END_COLUMNS
    ]
    return [ends[0], *parse_via(row["via"]), ends[1]]


def measure_legs(inputs: Path) -> list[Leg]:
    """Every leg with its length on the open graph and its line.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages.

    Raises
    ------
    ValueError
        When stations are off the track, or legs of ``rail_leg.csv`` are not connected on the graph.
    """
    station = read_stations()
    rows, missing = read_rows(CURATED / "rail_leg.csv"), read_rows(CURATED / "rail_missing.csv")
    uncut_rows = [row for row in missing if row["length_fact_id"] == ON_GRAPH]
    graph, uncut = repair_graph(inputs)
    legs = _measure_on(graph, station, rows) + _measure_on(uncut, station, uncut_rows)
    for row in missing:
        if row["length_fact_id"] != ON_GRAPH:
            line = _draw_straight(row, station)
            legs.append(Leg(row, np.nan, measure_straight_km(line), line))
    lost = [leg.link_id for leg in legs if np.isinf(leg.graph_km)]
    if lost:
        raise ValueError(f"rail_leg.csv: no way on the graph for {', '.join(lost)}.")
    return sorted(legs, key=lambda leg: leg.link_id)


def _measure_on(graph: RailGraph, station: pd.DataFrame, rows: list[dict[str, str]]) -> list[Leg]:
    used = {row[key] for row in rows for key in END_COLUMNS}
    surveyor = Surveyor(graph, station[station["node_id"].isin(used)])
    legs = []
    for row in rows:
        way = surveyor.measure(row)
        legs.append(Leg(row, way.length_km, measure_straight_km(_draw_straight(row, station)), way.line))
    return legs


def snap_line(leg: Leg, station: pd.DataFrame) -> Leg:
    """The leg with the line's ends moved to the stations, so that neighbouring lines meet."""
    at = station.set_index("node_id")
    ends = [
        (float(str(at.at[leg.row[key], "lon_deg"])), float(str(at.at[leg.row[key], "lat_deg"])))
        for key in END_COLUMNS
    ]
    return replace(leg, line=[ends[0], *leg.line[1:-1], ends[1]])
