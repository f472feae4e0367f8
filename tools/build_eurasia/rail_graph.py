"""Turns the open rail graph of the world into one connected Eurasian graph that legs can be measured on.

The source (OpenStreetMap, by way of the package scgraph-data) holds lengths and topology only, with holes:
rounded coordinates split joints, some tracks are missing, closed borders are joined. Here it is parsed, cropped
and small holes are bridged; ``rail_repair.py`` adds what is curated.
"""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from dehliz.base.units import EARTH_RADIUS_KM

WHEEL_NAME: Final = "scgraph_data-2.0.0-py3-none-any.whl"
MEMBER_NAME: Final = "scgraph_data/world_railways.py"
BOX_DEG: Final = (22.0, 72.0, -11.0, 141.0)
"""South, north, west and east edge of what is kept."""
BRIDGE_KM: Final = 0.35
"""Widest hole that is closed without a look: coordinates are rounded to 0.001 degree, so joints open up to this."""

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RailGraph:
    """Undirected rail graph.

    Attributes
    ----------
    lat_deg, lon_deg : (n_vertex,) float64
        Positions [deg].
    tail, head : (n_edge,) int64
        Ends of each edge.
    length_km : (n_edge,) float64
        Length of the track [km].
    """

    lat_deg: FloatArray
    lon_deg: FloatArray
    tail: IntArray
    head: IntArray
    length_km: FloatArray


def measure_great_circle_km(
    lat_deg: FloatArray, lon_deg: FloatArray, other_lat_deg: FloatArray, other_lon_deg: FloatArray
) -> FloatArray:
    """Great-circle distances between pairs of points, by the haversine formula [km]."""
    phi, other_phi = np.radians(lat_deg), np.radians(other_lat_deg)
    half_lat = (other_phi - phi) / 2.0
    half_lon = np.radians(np.asarray(other_lon_deg) - np.asarray(lon_deg)) / 2.0
    chord = np.sin(half_lat) ** 2 + np.cos(phi) * np.cos(other_phi) * np.sin(half_lon) ** 2
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)), dtype=np.float64)


def parse_graph(wheel: Path) -> RailGraph:
    """The world rail graph, read as text from the package file; nothing of the package is run.

    Parameters
    ----------
    wheel : Path
        The wheel of scgraph-data 2.0.0.
    """
    text = zipfile.ZipFile(wheel).read(MEMBER_NAME).decode("ascii")
    split = text.index("\nnodes=[[")
    points = re.findall(r"\[(-?[\d.]+), (-?[\d.]+)\]", text[split:])
    position = np.array(points, dtype=np.float64)
    tail: list[int] = []
    head: list[str] = []
    length: list[str] = []
    for vertex, row in enumerate(text[text.index("graph=[{") : split].split("}, {")):
        for other, length_km in re.findall(r"(\d+): ([\d.]+)", row):
            tail.append(vertex)
            head.append(other)
            length.append(length_km)
    km = np.array(length, dtype=np.float64)
    one, other = np.array(tail, dtype=np.int64), np.array(head, dtype=np.int64)
    is_edge = one != other
    return RailGraph(
        position[:, 0], position[:, 1], *_keep_shortest(one[is_edge], other[is_edge], km[is_edge])
    )


def _keep_shortest(
    tail: IntArray, head: IntArray, length_km: FloatArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Each pair of ends once, lower vertex first, with the shortest of its edges."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    order = np.lexsort((length_km, high, low))
    low, high, length_km = low[order], high[order], length_km[order]
    is_first = np.ones(low.size, dtype=bool)
    is_first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return low[is_first], high[is_first], length_km[is_first]


def crop(graph: RailGraph, box_deg: tuple[float, float, float, float] = BOX_DEG) -> RailGraph:
    """The part of the graph inside a box (south, north, west, east), with no edge shorter than its great circle."""
    south, north, west, east = box_deg
    inside = (
        (graph.lat_deg >= south)
        & (graph.lat_deg <= north)
        & (graph.lon_deg >= west)
        & (graph.lon_deg <= east)
    )
    new = np.cumsum(inside) - 1
    kept = inside[graph.tail] & inside[graph.head]
    lat_deg, lon_deg = graph.lat_deg[inside], graph.lon_deg[inside]
    tail, head = new[graph.tail[kept]], new[graph.head[kept]]
    straight_km = measure_great_circle_km(lat_deg[tail], lon_deg[tail], lat_deg[head], lon_deg[head])
    return RailGraph(lat_deg, lon_deg, tail, head, np.maximum(graph.length_km[kept], straight_km))


def to_matrix(graph: RailGraph) -> csr_matrix:
    """Sparse matrix with the shortest of parallel edges; zero lengths become a metre, so that they stay edges."""
    low, high, length_km = _keep_shortest(graph.tail, graph.head, np.maximum(graph.length_km, 0.001))
    size = graph.lat_deg.size
    return csr_matrix((length_km, (low, high)), shape=(size, size))


def add_edges(graph: RailGraph, tail: IntArray, head: IntArray, length_km: FloatArray) -> RailGraph:
    """The graph with more edges [km]."""
    return RailGraph(
        graph.lat_deg,
        graph.lon_deg,
        np.concatenate([graph.tail, tail]),
        np.concatenate([graph.head, head]),
        np.concatenate([graph.length_km, length_km]),
    )


def find_vectors_km(lat_deg: FloatArray, lon_deg: FloatArray) -> FloatArray:
    """Points on a sphere of the earth's size, for searches by straight distance [km]."""
    phi, lam = np.radians(lat_deg), np.radians(lon_deg)
    vectors = np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
    return np.asarray(EARTH_RADIUS_KM * vectors, dtype=np.float64)


def bridge(graph: RailGraph, width_km: float = BRIDGE_KM) -> RailGraph:
    """The graph with holes of up to ``width_km`` closed, where a dead end or another component lies so near."""
    matrix = to_matrix(graph)
    _, component = connected_components(matrix, directed=False)
    degree = np.bincount(np.concatenate([graph.tail, graph.head]), minlength=graph.lat_deg.size)
    tree = cKDTree(find_vectors_km(graph.lat_deg, graph.lon_deg))
    pairs = tree.query_pairs(width_km, output_type="ndarray").astype(np.int64)
    one, other = pairs[:, 0], pairs[:, 1]
    is_wanted = (component[one] != component[other]) | (degree[one] == 1) | (degree[other] == 1)
    one, other = one[is_wanted], other[is_wanted]
    km = measure_great_circle_km(
        graph.lat_deg[one], graph.lon_deg[one], graph.lat_deg[other], graph.lon_deg[other]
    )
    return add_edges(graph, one, other, km)
