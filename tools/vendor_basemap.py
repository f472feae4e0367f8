"""Cut the world-atlas base map down to what the report draws, and write it as compact integers.

Run it with the unpacked npm package ``world-atlas`` 2.0.2::

    python tools/vendor_basemap.py path/to/world-atlas

It decodes the TopoJSON files, drops the Americas, Antarctica and very small islands, joins rings across the
180th meridian, tells borders from coasts by how many countries use an arc, and writes
``src/dehliz/report/data/basemap_50m.json`` and ``basemap_110m.json``: longitudes and latitudes in hundredths
of a degree, the first point of each line absolute, the others as steps. The data are Natural Earth's, in the
public domain. A second run writes the same bytes.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
TARGET = Path(__file__).parents[1] / "src" / "dehliz" / "report" / "data"
QUANTUM_DEG = 0.01
LEAST_AREA_DEG2 = {"50m": 0.02, "110m": 0.2}
WEST_EDGE_DEG = -30.0
SOUTH_EDGE_DEG = -60.0

# Lines whose course is disputed are drawn dashed: all borders of these features, and borders of these pairs in a box
# (west, south, east, north). The list takes no side; it only keeps a firm line from being drawn.
DISPUTED_FEATURES = {"N. Cyprus", "Siachen Glacier", "Somaliland", "Kosovo", "W. Sahara", "Palestine"}
DISPUTED_PAIRS = [
    ({"Russia", "Ukraine"}, (32.0, 45.8, 36.8, 46.4)),
    ({"India", "Pakistan"}, (72.5, 32.3, 78.5, 37.0)),
    ({"India", "China"}, (73.0, 26.0, 98.0, 37.0)),
]


def decode_arcs(topology: dict[str, Any]) -> list[Points]:
    """Arcs as longitude and latitude [deg], shape (points, 2) each."""
    scale = np.array(topology["transform"]["scale"])
    origin = np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(arc, dtype=np.float64), axis=0) * scale + origin for arc in topology["arcs"]]


def join(arcs: list[Points], numbers: list[int]) -> Points:
    """One ring from its arcs; a negative number means the arc in reverse."""
    parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
    ring = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
    return unwrap(ring)


def unwrap(line: Points) -> Points:
    """Continue a line across the 180th meridian instead of jumping back."""
    line = line.copy()
    steps = np.diff(line[:, 0])
    line[1:, 0] += np.cumsum(np.where(steps > 180, -360.0, np.where(steps < -180, 360.0, 0.0)))
    if line[:, 0].mean() < -100 and line[:, 1].mean() > 50:
        line[:, 0] += 360.0
    return line


def area_deg2(ring: Points) -> float:
    """Area of a ring in square degrees, without sign."""
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2)


def is_wanted(line: Points) -> bool:
    """Whether a line lies in the Old World or Australia."""
    lon_deg, lat_deg = line[:, 0], line[:, 1]
    if lon_deg.min() < -100 or lon_deg.max() > 200:
        return False
    return bool(lon_deg.max() > WEST_EDGE_DEG and lat_deg.max() > SOUTH_EDGE_DEG and lon_deg.mean() < 182)


def collect_rings(topology: dict[str, Any], arcs: list[Points], least_area_deg2: float) -> list[Points]:
    """Rings of all land, outer and inner (the Caspian Sea is an inner one), large ones first."""
    rings = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            rings += [join(arcs, ring) for ring in polygon]
    kept = [ring for ring in rings if is_wanted(ring) and area_deg2(ring) >= least_area_deg2]
    return sorted(kept, key=lambda ring: (-area_deg2(ring), ring[0, 0], ring[0, 1]))


def find_users(topology: dict[str, Any]) -> dict[int, list[str]]:
    """Names of the countries that use each arc."""
    users: dict[int, list[str]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            for ring in polygon:
                for number in ring:
                    users.setdefault(number if number >= 0 else ~number, []).append(
                        geometry["properties"]["name"]
                    )
    return users


def is_disputed(names: set[str], line: Points) -> bool:
    """Whether a border line is one of those drawn dashed."""
    if names & DISPUTED_FEATURES:
        return True
    lon_deg, lat_deg = line.mean(axis=0)
    return any(
        names == pair and west <= lon_deg <= east and south <= lat_deg <= north
        for pair, (west, south, east, north) in DISPUTED_PAIRS
    )


def split_by_box(names: set[str], line: Points) -> list[tuple[bool, Points]]:
    """A border line cut where it enters or leaves a box of dispute: (is disputed, line)."""
    if names & DISPUTED_FEATURES or not any(names == pair for pair, _ in DISPUTED_PAIRS):
        return [(is_disputed(names, line), line)]
    flags = [is_disputed(names, line[i : i + 2]) for i in range(len(line) - 1)]
    pieces, start = [], 0
    for i in range(1, len(flags) + 1):
        if i == len(flags) or flags[i] != flags[start]:
            pieces.append((flags[start], line[start : i + 1]))
            start = i
    return pieces


def collect_borders(topology: dict[str, Any], arcs: list[Points]) -> tuple[list[Points], list[Points]]:
    """Lines between two countries, and those among them whose course is disputed."""
    firm: list[Points] = []
    disputed: list[Points] = []
    for number, names in sorted(find_users(topology).items()):
        line = unwrap(arcs[number])
        if len(names) < 2 or not is_wanted(line):
            continue
        for is_dashed, piece in split_by_box(set(names), line):
            (disputed if is_dashed else firm).append(piece)
    return firm, disputed


def encode(lines: list[Points]) -> list[list[int]]:
    """Lines as integers: first point, then steps, zero steps left out."""
    coded = []
    for line in lines:
        points = np.rint(line / QUANTUM_DEG).astype(np.int64)
        steps = np.diff(points, axis=0)
        steps = steps[np.any(steps != 0, axis=1)]
        coded.append([int(value) for value in np.concatenate([points[:1], steps]).ravel()])
    return [line for line in coded if len(line) >= 4]


def write(package: Path, size: str) -> Path:
    """Write one resolution; returns the file."""
    topology = json.loads((package / f"countries-{size}.json").read_text(encoding="utf-8"))
    arcs = decode_arcs(topology)
    firm, disputed = collect_borders(topology, arcs)
    data = {
        "source": "Natural Earth 4.1 by world-atlas 2.0.2; public domain",
        "quantum_deg": QUANTUM_DEG,
        "land": encode(collect_rings(topology, arcs, LEAST_AREA_DEG2[size])),
        "border": encode(firm),
        "disputed": encode(disputed),
    }
    path = TARGET / f"basemap_{size}.json"
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")
    return path


def main() -> None:
    """Write both resolutions from the package named on the command line."""
    package = Path(sys.argv[1])
    for size in ("50m", "110m"):
        path = write(package, size)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
