"""Repairs the open rail graph with what is curated: gaps closed, closed borders cut, stations put in.

Comes after ``rail_graph.py``; the next step is ``rail_route.py``, which measures legs on the result.
"""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from tools.build_eurasia.rail_graph import (
    FloatArray,
    IntArray,
    RailGraph,
    add_edges,
    find_vectors_km,
    measure_great_circle_km,
)

GAP_DETOUR_FACTOR: Final = 1.05
"""Length of a curated gap over its great circle, the usual detour of track over some kilometres."""
GAP_END_KM: Final = 1.0
"""Ends of gaps are written as points of the graph; farther off they are a slip."""
SNAP_KM: Final = 3.0
"""A station joins the nearest node of the graph within this distance."""
SPLICE_KM: Final = 8.0
"""Beyond this a station is not on the line that it should be on, and the build stops."""
SPLICE_DETOUR_FACTOR: Final = 1.02
"""A station lies on an edge when the ways to both ends together are at most this much longer than the edge."""


def find_nearest(graph: RailGraph, lat_deg: FloatArray, lon_deg: FloatArray) -> tuple[IntArray, FloatArray]:
    """Nearest vertex of each point, and the distance to it [km]."""
    tree = cKDTree(find_vectors_km(graph.lat_deg, graph.lon_deg))
    distance_km, vertex = tree.query(find_vectors_km(lat_deg, lon_deg))
    return np.asarray(vertex, dtype=np.int64), np.asarray(distance_km, dtype=np.float64)


def close_gaps(graph: RailGraph, gap: pd.DataFrame) -> RailGraph:
    """The graph with the curated gaps closed, in the order of the rows.

    Parameters
    ----------
    graph : RailGraph
        The bridged graph.
    gap : pandas.DataFrame
        Columns name, from_lat_deg, from_lon_deg, to_lat_deg, to_lon_deg, length_km and is_new_end. An empty length
        means the great circle times ``GAP_DETOUR_FACTOR``. With ``is_new_end`` the second point becomes a vertex:
        the source ends before the station.

    Raises
    ------
    ValueError
        When an end has no track within ``GAP_END_KM``.
    """
    for row in gap.to_dict("records"):
        start = _find_end(graph, row, "from")
        if row["is_new_end"]:
            end = graph.lat_deg.size
            graph = replace(
                graph,
                lat_deg=np.append(graph.lat_deg, row["to_lat_deg"]),
                lon_deg=np.append(graph.lon_deg, row["to_lon_deg"]),
            )
        else:
            end = _find_end(graph, row, "to")
        one, other = np.array([start]), np.array([end])
        straight_km = measure_great_circle_km(
            graph.lat_deg[one], graph.lon_deg[one], graph.lat_deg[other], graph.lon_deg[other]
        )
        given_km = row["length_km"]
        length_km = straight_km * GAP_DETOUR_FACTOR if np.isnan(given_km) else np.array([given_km])
        graph = add_edges(graph, one, other, length_km)
    return graph


def _find_end(graph: RailGraph, row: dict[Hashable, Any], end: str) -> int:
    vertex, off_km = find_nearest(graph, np.array([row[f"{end}_lat_deg"]]), np.array([row[f"{end}_lon_deg"]]))
    if off_km[0] > GAP_END_KM:
        raise ValueError(f"rail_gap.csv, {row['name']}, {end}: the nearest track is {off_km[0]:.1f} km away.")
    return int(vertex[0])


def cut(graph: RailGraph, join: pd.DataFrame) -> RailGraph:
    """The graph without edges that pass within ``radius_km`` of a closed border point (lat_deg, lon_deg, radius_km)."""
    middle = find_vectors_km(
        (graph.lat_deg[graph.tail] + graph.lat_deg[graph.head]) / 2.0,
        (graph.lon_deg[graph.tail] + graph.lon_deg[graph.head]) / 2.0,
    )
    is_kept = np.ones(graph.tail.size, dtype=bool)
    vectors = find_vectors_km(graph.lat_deg, graph.lon_deg)
    for row in join.itertuples():
        point = find_vectors_km(np.array([row.lat_deg]), np.array([row.lon_deg]))[0]
        near = np.linalg.norm(middle - point, axis=1) <= row.radius_km
        for end in (graph.tail, graph.head):
            near |= np.linalg.norm(vectors[end] - point, axis=1) <= row.radius_km
        if not near.any():
            raise ValueError(f"rail_cut.csv, {row.name}: no track within {row.radius_km} km to cut.")
        is_kept &= ~near
    return RailGraph(
        graph.lat_deg, graph.lon_deg, graph.tail[is_kept], graph.head[is_kept], graph.length_km[is_kept]
    )


def splice(graph: RailGraph, node: pd.DataFrame) -> tuple[RailGraph, IntArray, FloatArray]:
    """Put stations into the graph: at the nearest vertex, or into the edge that they lie on.

    Parameters
    ----------
    graph : RailGraph
        The repaired graph.
    node : pandas.DataFrame
        Columns node_id, lat_deg, lon_deg.

    Returns
    -------
    RailGraph
        With one vertex more for each spliced station.
    (n_node,) int64
        Vertex of each station.
    (n_node,) float64
        How far the station's point is from the track [km].

    Raises
    ------
    ValueError
        When a station has no track within ``SPLICE_KM``.
    """
    lat, lon = node["lat_deg"].to_numpy(float), node["lon_deg"].to_numpy(float)
    vertex, off_km = find_nearest(graph, lat, lon)
    lost = []
    for place in np.flatnonzero(off_km > SNAP_KM):
        edge, extra_km = _find_edge(graph, lat[place], lon[place])
        if edge < 0:
            if off_km[place] > SPLICE_KM:
                lost.append(f"{node['node_id'].iloc[place]} ({off_km[place]:.1f} km)")
            continue
        graph, vertex[place] = _split_edge(graph, edge, lat[place], lon[place])
        off_km[place] = extra_km
    if lost:
        raise ValueError(f"rail_node.csv: no track within {SPLICE_KM} km of {', '.join(lost)}.")
    return graph, vertex, off_km


def _distance_to_ends_km(graph: RailGraph, lat_deg: float, lon_deg: float) -> tuple[FloatArray, FloatArray]:
    away = measure_great_circle_km(graph.lat_deg, graph.lon_deg, np.array(lat_deg), np.array(lon_deg))
    return away[graph.tail], away[graph.head]


def _find_edge(graph: RailGraph, lat_deg: float, lon_deg: float) -> tuple[int, float]:
    """Edge on which a point lies and the detour by the point [km]; -1 when there is none."""
    to_tail, to_head = _distance_to_ends_km(graph, lat_deg, lon_deg)
    detour_factor = (to_tail + to_head) / np.maximum(graph.length_km, 0.001)
    candidates = np.flatnonzero(detour_factor <= SPLICE_DETOUR_FACTOR)
    if candidates.size == 0:
        return -1, np.inf
    edge = int(candidates[np.argmin(graph.length_km[candidates])])
    return edge, float(max(to_tail[edge] + to_head[edge] - graph.length_km[edge], 0.0))


def _split_edge(graph: RailGraph, edge: int, lat_deg: float, lon_deg: float) -> tuple[RailGraph, int]:
    """Cut an edge at a point, its length divided as the straight distances to its ends."""
    tail, head, km = graph.tail[edge], graph.head[edge], graph.length_km[edge]
    to_tail, to_head = _distance_to_ends_km(graph, lat_deg, lon_deg)
    first_share = to_tail[edge] / (to_tail[edge] + to_head[edge])
    new = graph.lat_deg.size
    kept = np.arange(graph.tail.size) != edge
    split = RailGraph(
        np.append(graph.lat_deg, lat_deg),
        np.append(graph.lon_deg, lon_deg),
        np.concatenate([graph.tail[kept], [tail, new]]),
        np.concatenate([graph.head[kept], [new, head]]),
        np.concatenate([graph.length_km[kept], [km * first_share, km * (1.0 - first_share)]]),
    )
    return split, new
