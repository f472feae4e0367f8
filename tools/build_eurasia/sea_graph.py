"""Turns the open marine network into a graph on which lanes are measured, with every strait under control.

The source (searoute, from Eurostat and Oak Ridge National Laboratory lanes) joins the Caspian to the ocean by
the Volga and the Don, and tags straits on single edges. Here the Caspian and its rivers are dropped, and an
edge belongs to a passage by its tag or because it runs through the passage's box (``curated/sea_passage.csv``).
``sea.py`` and ``service.py`` ask for distances and paths.
"""

import itertools
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from dehliz.base.units import EARTH_RADIUS_KM
from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED

ARCHIVE: Final = "searoute-1.6.0.tar.gz"
MEMBER: Final = "searoute-1.6.0/searoute/data/marnet_searoute.geojson"
CASPIAN_BOX_DEG: Final = (46.0, 36.3, 55.5, 48.7)
"""West, south, east, north: the Caspian with the lower Volga. The upper Volga and the Don then lead nowhere."""
MODEL_BOX_DEG: Final = (-25.0, -45.0, 150.0, 66.0)
"""What can be sailed in the model: no Arctic, no Americas, so neither Panama nor the northern passages."""
SAMPLE_COUNT: Final = 9
"""Points looked at along an edge when it is tested against a box."""

FloatArray = NDArray[np.float64]


def measure_km(lon_a: FloatArray, lat_a: FloatArray, lon_b: FloatArray, lat_b: FloatArray) -> FloatArray:
    """Great-circle distances [km] between points in degrees (haversine on the mean sphere)."""
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    turn = np.radians(np.asarray(lon_b) - np.asarray(lon_a))
    half = np.sin((phi_b - phi_a) / 2) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin(turn / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))


@dataclass(frozen=True, slots=True)
class SeaGraph:
    """Undirected sea graph.

    Attributes
    ----------
    lon_deg, lat_deg : (n_vertex,) float64
        Positions [deg].
    tail, head : (n_edge,) int64
        Ends of each edge.
    length_km : (n_edge,) float64
        Great circle between the ends [km].
    passage : (n_edge,) str
        Passage that the edge runs through, empty on the open sea.
    """

    lon_deg: FloatArray
    lat_deg: FloatArray
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    length_km: FloatArray
    passage: NDArray[np.str_]

    def snap(self, lon_deg: float, lat_deg: float) -> tuple[int, float]:
        """Nearest vertex on the open sea to a point, and the great circle to it [km]."""
        is_sea = self.passage == ""
        vertices = np.unique(np.concatenate([self.tail[is_sea], self.head[is_sea]]))
        place = np.array(lon_deg), np.array(lat_deg)
        away_km = measure_km(self.lon_deg[vertices], self.lat_deg[vertices], *place)
        nearest = int(np.argmin(away_km))
        return int(vertices[nearest]), float(away_km[nearest])

    def open_matrix(self, open_passages: frozenset[str]) -> csr_array:
        """Sparse matrix of lengths in which only the named passages can be sailed."""
        is_open = np.isin(self.passage, ["", *open_passages])
        tail, head, length_km = self.tail[is_open], self.head[is_open], self.length_km[is_open]
        low, high = np.minimum(tail, head), np.maximum(tail, head)
        order = np.lexsort((length_km, high, low))
        low, high, length_km = low[order], high[order], length_km[order]
        is_first = np.ones(len(low), dtype=bool)
        is_first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
        size = len(self.lon_deg)
        return csr_array((length_km[is_first], (low[is_first], high[is_first])), shape=(size, size))

    def find_path(self, start: int, end: int, open_passages: frozenset[str]) -> tuple[float, list[int]]:
        """Shortest way between two vertices: its length [km] (inf when there is none) and its vertices."""
        matrix = self.open_matrix(open_passages)
        found = dijkstra(matrix, directed=False, indices=np.array([start]), return_predecessors=True)
        reached_km, before = found[0][0], found[1][0]
        if not np.isfinite(reached_km[end]):
            return float("inf"), []
        path = [end]
        while path[-1] != start:
            path.append(int(before[path[-1]]))
        return float(reached_km[end]), path[::-1]


def read_passages(path: Path = CURATED / "sea_passage.csv") -> list[dict[str, str]]:
    """Passages with the tag that the source gives them and the box that they fill."""
    return read_rows(path)


def read_sea_graph(inputs: Path) -> SeaGraph:
    """The marine network of the model, without the Caspian, the Arctic and the Americas.

    Parameters
    ----------
    inputs : Path
        Folder that holds the package file of searoute.
    """
    with tarfile.open(inputs / ARCHIVE) as archive:
        stream = archive.extractfile(MEMBER)
        if stream is None:
            raise ValueError(f"{ARCHIVE} has no file {MEMBER}. Delete the package file and build again.")
        features = json.load(stream)["features"]
    points: dict[tuple[float, float], int] = {}
    pairs: list[tuple[int, int]] = []
    tags: list[str] = []
    for feature in features:
        shape = feature["geometry"]
        lines = [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
        for line in lines:
            indices = [points.setdefault((point[0], point[1]), len(points)) for point in line]
            steps = [pair for pair in itertools.pairwise(indices) if pair[0] != pair[1]]
            pairs += steps
            tags += [feature["properties"].get("passage") or ""] * len(steps)
    return _trim(np.array(list(points)), np.array(pairs), np.array(tags))


def _trim(point: FloatArray, pair: NDArray[np.int64], tag: NDArray[np.str_]) -> SeaGraph:
    lon_deg, lat_deg = point[:, 0], point[:, 1]
    is_kept = _inside(lon_deg, lat_deg, MODEL_BOX_DEG) & ~_inside(lon_deg, lat_deg, CASPIAN_BOX_DEG)
    passage = _name_passages(lon_deg, lat_deg, pair, tag)
    chosen = is_kept[pair[:, 0]] & is_kept[pair[:, 1]]
    tail, head = pair[chosen, 0], pair[chosen, 1]
    length_km = measure_km(lon_deg[tail], lat_deg[tail], lon_deg[head], lat_deg[head])
    return SeaGraph(lon_deg, lat_deg, tail, head, length_km, passage[chosen])


def _inside(
    lon_deg: FloatArray, lat_deg: FloatArray, box: tuple[float, float, float, float]
) -> NDArray[np.bool_]:
    west, south, east, north = box
    return (west < lon_deg) & (lon_deg < east) & (south < lat_deg) & (lat_deg < north)


def _name_passages(
    lon_deg: FloatArray, lat_deg: FloatArray, pair: NDArray[np.int64], tag: NDArray[np.str_]
) -> NDArray[np.str_]:
    """Passage of each edge: by the source's tag, and by the box that it touches where the tag leaves a gap."""
    passage = np.full(len(pair), "", dtype="<U32")
    share = np.linspace(0, 1, SAMPLE_COUNT)[:, None]
    lon = lon_deg[pair[:, 0]] * (1 - share) + lon_deg[pair[:, 1]] * share
    lat = lat_deg[pair[:, 0]] * (1 - share) + lat_deg[pair[:, 1]] * share
    for row in read_passages():
        if row["tag"]:
            passage[tag == row["tag"]] = row["passage_id"]
        if row["west_deg"]:
            west, south, east, north = (
                float(row[f"{side}_deg"]) for side in ("west", "south", "east", "north")
            )
            passage[_inside(lon, lat, (west, south, east, north)).any(axis=0)] = row["passage_id"]
    return passage
