"""From tables to lines on the sphere: where a link runs, and the way a route takes.

A row's line is its ``shape`` when there is one, else the great circle between its nodes. Nothing here is
drawn yet; ``network_map.py`` and ``routes_map.py`` come next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.projection import densify

Points = npt.NDArray[np.float64]
Tables = Mapping[str, pd.DataFrame]
MOVING_KINDS: Final = ("move", "service")
LINE_TABLES: Final = ("link", "service_leg")


@dataclass(frozen=True, slots=True)
class LineBook:
    """Where nodes lie and where rows run.

    Attributes
    ----------
    node_deg : dict of str to tuple of float
        Longitude and latitude of each node.
    node_name : dict of str to str
        Name of each node.
    ends : dict of str to tuple of str
        First and other node of each link and service leg.
    line_deg : dict of str to array of float, shape (point, 2)
        Longitude and latitude along each of these rows, from the first to the other end [deg]; rows whose nodes are
        not known are left out.
    """

    node_deg: dict[str, tuple[float, float]]
    node_name: dict[str, str]
    ends: dict[str, tuple[str, str]]
    line_deg: dict[str, Points]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One row of a route as it is travelled.

    Attributes
    ----------
    row_id : str
        Link or service leg, or ``from>to`` where no row is known.
    mode_id : str
        Its mode.
    points_deg : array of float, shape (point, 2)
        Longitude and latitude in the direction of travel [deg].
    """

    row_id: str
    mode_id: str
    points_deg: Points


def read_lines(tables: Tables) -> LineBook:
    """The line book of a run's tables ``node``, ``link``, ``service_leg`` and ``shape``; absent ones are empty."""
    node = tables.get("node", pd.DataFrame())
    ends: dict[str, tuple[str, str]] = {}
    for name in LINE_TABLES:
        table = tables.get(name, pd.DataFrame())
        if len(table):
            pairs = zip(table["from_node_id"], table["to_node_id"], strict=True)
            ends.update(zip(table[f"{name}_id"], pairs, strict=True))
    shape = tables.get("shape", pd.DataFrame())
    shapes = dict(zip(shape["row_id"], shape["coordinates"], strict=True)) if len(shape) else {}
    node_deg: dict[str, tuple[float, float]] = {}
    node_name: dict[str, str] = {}
    if len(node):
        places = zip(node["lon_deg"].astype(float), node["lat_deg"].astype(float), strict=True)
        node_deg = dict(zip(node["node_id"], places, strict=True))
        node_name = dict(zip(node["node_id"], node["name"], strict=True))
    lines = {}
    for row_id, (start, end) in ends.items():
        line = _read_shape(shapes.get(row_id, ""))
        line = _straight(node_deg, start, end) if line is None else line
        if line is not None:
            lines[row_id] = line
    return LineBook(node_deg, node_name, ends, lines)


def _read_shape(text: str) -> Points | None:
    """Points of a shape with long pieces bent along great circles, or None when it has fewer than two."""
    if text.count(";") < 1:
        return None
    points_deg = np.array(text.replace(";", " ").split(), dtype=np.float64).reshape(-1, 2)
    return densify(points_deg)


def _straight(node_deg: Mapping[str, tuple[float, float]], start: str, end: str) -> Points | None:
    if start not in node_deg or end not in node_deg:
        return None
    return densify(np.array([node_deg[start], node_deg[end]]))


def route_stretches(book: LineBook, legs: pd.DataFrame) -> list[Stretch]:
    """The way of one route, row by row.

    Parameters
    ----------
    book : LineBook
        Where things are.
    legs : DataFrame
        Rows of ``route_leg`` of one option.

    Returns
    -------
    list of Stretch
        In the order of travel; legs whose places are not known are left out.
    """
    stretches: list[Stretch] = []
    for leg in each_row(legs.sort_values("leg")):
        if leg.kind in MOVING_KINDS:
            stretches += _leg_stretches(
                book, str(leg.row_ids), str(leg.mode_id), str(leg.from_node_id), str(leg.to_node_id)
            )
    return stretches


def _leg_stretches(book: LineBook, row_ids: str, mode_id: str, start: str, end: str) -> list[Stretch]:
    stretches: list[Stretch] = []
    here = start
    for row_id in (row for row in row_ids.split(";") if row in book.ends):
        first, other = book.ends[row_id]
        line = book.line_deg.get(row_id)
        if line is None or here not in (first, other):
            continue
        is_forward = here == first
        stretches.append(Stretch(row_id, mode_id, line if is_forward else line[::-1]))
        here = other if is_forward else first
    if here != end:
        rest = _straight(book.node_deg, here, end)
        if rest is not None:
            stretches.append(Stretch(f"{here}>{end}", mode_id, rest))
    return stretches
