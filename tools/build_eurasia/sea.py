"""Makes the ocean lanes: sea nodes, links of mode sea_container, and their shapes.

``curated/sea_lane.csv`` says which nodes are joined and which passage a lane goes through; the length is the
shortest way in the open marine network (``sea_graph.py``) with every other passage closed, so closing one
passage in a scenario cuts exactly the lanes that bear its name. No lane enters the Caspian or the Black Sea:
ships there are services (``service.py``).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, Parameter, read_parameters, spread
from tools.build_eurasia.sea_graph import SeaGraph, read_sea_graph

MODE = "sea_container"
HIGH_SEA = "XZ"
QUAY_NOTE = "Measured from the quay, which lies nearer to the sea than the place that the node marks"
SIMPLIFY_DEG = 0.1
"""A drawn lane may stray this far from the way that was measured."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a node joins the sea graph: vertex, drawn position [deg], and way from the quay to it [km]."""

    vertex: int
    lon_deg: float
    lat_deg: float
    reach_km: float
    is_quay: bool = False


def read_anchors(graph: SeaGraph, folder: Path = CURATED) -> dict[str, Anchor]:
    """Sea nodes and ports by id, joined to the nearest vertex of the sea graph."""
    anchors: dict[str, Anchor] = {}
    for row in read_rows(folder / "sea_node.csv"):
        vertex, _ = graph.snap(float(row["lon_deg"]), float(row["lat_deg"]))
        anchors[row["node_id"]] = Anchor(
            vertex, float(graph.lon_deg[vertex]), float(graph.lat_deg[vertex]), 0.0
        )
    for row in read_rows(folder / "sea_port.csv"):
        lon_deg, lat_deg = float(row["quay_lon_deg"]), float(row["quay_lat_deg"])
        vertex, reach_km = graph.snap(lon_deg, lat_deg)
        anchors[row["node_id"]] = Anchor(vertex, lon_deg, lat_deg, reach_km, is_quay=True)
    return anchors


def measure_lane(
    graph: SeaGraph, start: Anchor, end: Anchor, passages: frozenset[str]
) -> tuple[float, list[tuple[float, float]]]:
    """Length [km] of a way by sea and its positions, with only the named passages open.

    Raises
    ------
    ValueError
        When there is no way.
    """
    length_km, path = graph.find_path(start.vertex, end.vertex, passages)
    if not path:
        raise ValueError("no way by sea with the passages " + (", ".join(sorted(passages)) or "all closed"))
    points = [(float(graph.lon_deg[vertex]), float(graph.lat_deg[vertex])) for vertex in path]
    whole = [(start.lon_deg, start.lat_deg), *points, (end.lon_deg, end.lat_deg)]
    return length_km + start.reach_km + end.reach_km, list(dict.fromkeys(whole))


def simplify(points: list[tuple[float, float]], most_deg: float = SIMPLIFY_DEG) -> list[tuple[float, float]]:
    """The line with fewer points, none of the left-out ones farther off than allowed (Douglas and Peucker, 1973)."""
    if len(points) < 3:
        return points
    line = np.array(points)
    along = line[-1] - line[0]
    away = line - line[0]
    norm = float(np.hypot(*along)) or 1.0
    off = np.abs(along[0] * away[:, 1] - along[1] * away[:, 0]) / norm
    farthest = int(np.argmax(off))
    if off[farthest] <= most_deg:
        return [points[0], points[-1]]
    return simplify(points[: farthest + 1], most_deg)[:-1] + simplify(points[farthest:], most_deg)


def format_shape(points: list[tuple[float, float]]) -> str:
    """Positions as the table ``shape`` writes them."""
    return ";".join(f"{lon_deg:.3f} {lat_deg:.3f}" for lon_deg, lat_deg in simplify(points))


def note_lane_length(ledger: Ledger, table: str, row_id: str, length_km: float) -> float:
    """Note a length that was measured on the marine network; returns it rounded."""
    rule = "Shortest way in the open marine network of searoute 1.6.0, from quay to quay"
    parameter = Parameter("", round(length_km, 1), "geometry", "", "", np.nan, np.nan, rule)
    return ledger.note(table, row_id, "length_km", parameter)


def make_lanes(graph: SeaGraph, ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables ``link`` and ``shape`` of the ocean lanes."""
    anchors = read_anchors(graph)
    voyage_km, voyage_h = ledger.find("sea_lane_voyage_km"), ledger.find("sea_lane_voyage_spread_h")
    links, shapes = [], []
    for row in read_rows(CURATED / "sea_lane.csv"):
        start, end, passage = row["from_node_id"], row["to_node_id"], row["passage_id"]
        link_id = f"xz_{start}_{end}"
        passages = frozenset({passage} if passage else ())
        length_km, points = measure_lane(graph, anchors[start], anchors[end], passages)
        spread_h = round(voyage_h.value * float(np.sqrt(length_km / voyage_km.value)), 2)
        links.append(
            {
                "link_id": link_id,
                "name": "",
                "from_node_id": start,
                "to_node_id": end,
                "directed": False,
                "mode_id": MODE,
                "country_id": HIGH_SEA,
                "length_km": note_lane_length(ledger, "link", link_id, length_km),
                "speed_km_h": ledger.take("link", link_id, "speed_km_h", "sea_lane_speed_km_h"),
                "time_spread_h": ledger.note(
                    "link", link_id, "time_spread_h", _spread_lane(voyage_h, spread_h)
                ),
                "status": "open",
                "passage_id": passage,
                "length_basis": "graph",
                "fact_ids": ledger.list_facts("link", link_id),
                "note": QUAY_NOTE if anchors[start].is_quay or anchors[end].is_quay else "",
            }
        )
        shapes.append({"table_name": "link", "row_id": link_id, "coordinates": format_shape(points)})
    return pd.DataFrame(links), pd.DataFrame(shapes)


def _spread_lane(voyage: Parameter, spread_h: float) -> Parameter:
    rule = f"Share of the lane in a voyage of 19 631 km with a standard deviation of {voyage.value:g} h, as variance"
    chosen = spread(spread_h, rule)
    return Parameter(
        "", spread_h, "derived", voyage.fact_id, voyage.rival_fact_ids, chosen.low, chosen.high, rule
    )


def make_nodes(graph: SeaGraph) -> pd.DataFrame:
    """The table ``node`` of passages and lane junctions."""
    anchors = read_anchors(graph)
    return pd.DataFrame(
        {
            "node_id": row["node_id"],
            "name": row["name"],
            "country_id": HIGH_SEA,
            "lon_deg": round(anchors[row["node_id"]].lon_deg, 4),
            "lat_deg": round(anchors[row["node_id"]].lat_deg, 4),
            "kind": "sea",
        }
        for row in read_rows(CURATED / "sea_node.csv")
    )


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of the ocean lanes.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``node``, ``link``, ``shape`` and ``value``.
    """
    ledger = Ledger(read_parameters(facts))
    graph = read_sea_graph(inputs)
    link, shape = make_lanes(graph, ledger)
    return {"node": make_nodes(graph), "link": link, "shape": shape, "value": ledger.make_table()}
