"""Lines as well-known text (``LINESTRING (71.4 51.1, 76.9 43.2)``) and as the pairs of table ``shape``."""

import re
from math import isfinite
from typing import Final

from dehliz.network.geo import path_length_km

_LINE: Final = re.compile(r"\s*(?:SRID=4326;)?LINESTRING(?:\s*Z)?\s*\(([^()]*)\)\s*", re.IGNORECASE)


def parse_line(text: str) -> list[tuple[float, float]] | None:
    """Points of a line in well-known text [deg], or None when it is not one.

    Parameters
    ----------
    text : str
        ``LINESTRING`` with two points or more; heights are dropped.
    """
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    try:
        points = [tuple(float(number) for number in pair.split()) for pair in match[1].split(",")]
    except ValueError:
        return None
    if len(points) < 2 or any(len(point) not in (2, 3) or not all(map(isfinite, point)) for point in points):
        return None
    return [(point[0], point[1]) for point in points]


def line_length_km(points: list[tuple[float, float]]) -> float:
    """Length of a line on the sphere [km]."""
    return path_length_km([lon for lon, _ in points], [lat for _, lat in points])


def to_pairs(points: list[tuple[float, float]]) -> str:
    """A line as table ``shape`` holds it: ``lon lat;lon lat``."""
    return ";".join(f"{_number(lon)} {_number(lat)}" for lon, lat in points)


def from_pairs(text: str) -> list[tuple[float, float]]:
    """Points of a line of table ``shape`` [deg]."""
    return [(float(lon), float(lat)) for lon, lat in (pair.split() for pair in text.split(";"))]


def to_wkt(points: list[tuple[float, float]]) -> str:
    """A line as well-known text."""
    return "LINESTRING (" + ", ".join(f"{_number(lon)} {_number(lat)}" for lon, lat in points) + ")"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
