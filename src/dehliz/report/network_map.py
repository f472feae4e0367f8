"""The map of the whole network, by mode and status.

Built on ``basemap.py`` (what lies behind), ``lines.py`` (where things run) and ``labels.py`` (names).
"""

from typing import Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.basemap import draw_base
from dehliz.report.canvas import Canvas, draw_sea_names, make_canvas
from dehliz.report.figure import Figure
from dehliz.report.labels import Label, Room, place_labels
from dehliz.report.lines import LineBook, Tables, read_lines
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import clip_line, path_text, simplify
from dehliz.report.projection import EURASIA
from dehliz.report.style import INK, MODE_ORDER, PAPER, STATUS_OPACITY, style_mode

LABEL_RANK: Final = {"city": 3, "port": 4, "border": 5, "rail": 6, "road": 7, "sea": 8}
END_WEIGHT: Final = 100
"""An end of a journey counts as many stops on the way; places above it are named first."""


def network_map(tables: Tables, *, is_narrow: bool = False, book: LineBook | None = None) -> Figure:
    """All links and services by mode and status, with ports and border posts.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``node``, ``link``, ``service_leg``, ``terminal`` and, where there are any, ``shape``.
    is_narrow : bool
        For a phone.
    book : LineBook, optional
        ``read_lines(tables)`` where it is at hand already.

    Returns
    -------
    Figure
        The map.
    """
    book = book or read_lines(tables)
    canvas = make_canvas(EURASIA, is_narrow=is_narrow)
    base, shared = draw_base(canvas.view)
    rows = _network_rows(tables)
    paths = [
        _draw_group(canvas, book, group, str(mode), str(status))
        for (mode, status), group in _by_drawing_order(rows)
    ]
    dots, labels = _network_dots(tables, canvas)
    room = Room(canvas.view.width, canvas.view.height, np.empty((0, 2)))
    body = [base, *paths, dots, place_labels(labels, room), draw_sea_names(canvas, room)]
    modes = rows["mode_id"].nunique() if len(rows) else 0
    return Figure(
        canvas.view.width,
        canvas.view.height,
        Markup("".join(body)),
        "Map of the network",
        f"{len(rows)} links and services in {modes} modes between {len(book.node_deg)} places, "
        "from China's coast to Western Europe.",
        shared,
    )


def _network_rows(tables: Tables) -> pd.DataFrame:
    parts = []
    for name in ("link", "service_leg"):
        table = tables.get(name, pd.DataFrame())
        if len(table):
            parts.append(table[[f"{name}_id", "mode_id", "status"]].rename(columns={f"{name}_id": "row_id"}))
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["row_id", "mode_id", "status"])
    )


def _by_drawing_order(rows: pd.DataFrame) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    order = {mode: number for number, mode in enumerate(MODE_ORDER)}
    groups = [
        ((str(mode), str(status)), group) for (mode, status), group in rows.groupby(["mode_id", "status"])
    ]
    return sorted(groups, key=lambda item: (order.get(item[0][0], -1), item[0][1] == "open", item[0]))


def _draw_group(canvas: Canvas, book: LineBook, rows: pd.DataFrame, mode_id: str, status: str) -> Markup:
    """All rows of one mode and status as one path."""
    style = style_mode(mode_id)
    view = canvas.view
    box = (-30.0, -30.0, view.width + 30.0, view.height + 30.0)
    texts = []
    for row_id in rows["row_id"]:
        line = book.line_deg.get(str(row_id))
        if line is not None:
            texts += [path_text(simplify(part, 0.3)) for part in clip_line(view.place(line), box)]
    dash = style.dash if status == "open" else "1.5 3"
    return tag(
        "path",
        tag("title", f"{style.name or mode_id}, {status.replace('_', ' ')}"),
        d="".join(texts),
        fill="none",
        stroke=style.colour,
        stroke_width=style.width * canvas.line_factor,
        stroke_dasharray=dash or None,
        stroke_opacity=STATUS_OPACITY.get(status, 1.0),
        stroke_linejoin="round",
    )


def _network_dots(tables: Tables, canvas: Canvas) -> tuple[Markup, list[Label]]:
    """A dot for each place where cargo stops; names for the weightiest ones."""
    node, terminal = tables.get("node", pd.DataFrame()), tables.get("terminal", pd.DataFrame())
    if not len(node):
        return Markup(""), []
    stops = terminal.groupby("node_id").size() if len(terminal) else pd.Series(dtype=int)
    uses = _count_uses(tables)
    places = canvas.view.place(node[["lon_deg", "lat_deg"]].to_numpy(dtype=float))
    dots, labels = [], []
    for (x, y), row in zip(places, each_row(node), strict=True):
        weight = int(stops.get(row.node_id, 0))
        if not (0 < x < canvas.view.width and 0 < y < canvas.view.height) or weight == 0:
            continue
        radius = (2.5 if row.kind == "port" else 1.7) * canvas.line_factor
        title = tag("title", f"{row.name}, {row.kind}")
        dots.append(tag("circle", title, cx=round(float(x), 1), cy=round(float(y), 1), r=radius))
        rank = _rank(str(row.kind), uses.get(row.node_id, 0), weight)
        labels.append(Label(float(x), float(y), str(row.name), rank, canvas.letter_size - 0.5, gap=5.0))
    most = 14 if canvas.is_narrow else 120
    chosen = sorted(labels, key=lambda label: (label.rank, label.text))[:most]
    group = tag("g", dots, fill=PAPER, stroke=INK, stroke_width=0.8 * canvas.line_factor)
    return group, chosen


def _rank(kind: str, use_count: int, terminal_count: int) -> int:
    """Ends of journeys, then ports and cities on the way, then cities, ports, border posts and the rest."""
    if use_count >= END_WEIGHT:
        return 10
    is_stop = use_count > 0 and kind in {"city", "port"}
    tier = 2 if is_stop else LABEL_RANK.get(kind, 9)
    return 1000 * tier - min(10 * use_count if is_stop else 0, 500) - min(terminal_count, 90)


def _count_uses(tables: Tables) -> dict[str, int]:
    """How much the run's routes make of each place: ends weigh most, then stops on the way."""
    legs = tables.get("route_leg", pd.DataFrame())
    if not len(legs):
        return {}
    stops = legs.loc[legs["kind"].isin(["transfer", "border"]), "from_node_id"].value_counts()
    ends = legs.loc[legs["kind"].isin(["load", "unload"]), "from_node_id"].value_counts()
    total = stops.add(END_WEIGHT * ends, fill_value=0)
    return {str(node_id): int(number) for node_id, number in total.items()}
