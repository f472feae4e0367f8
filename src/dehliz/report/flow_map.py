"""The map of a loaded network: width is cargo, colour is how full, dark edges mark what is nearly full.

Rows of ``link_flow`` come in; built on ``basemap.py`` (what lies behind), ``lines.py`` (where things run) and
``labels.py`` (names).
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.basemap import draw_base
from dehliz.report.canvas import Canvas, draw_sea_names, make_canvas
from dehliz.report.figure import Figure
from dehliz.report.labels import Label, Room, draw_text, place_labels
from dehliz.report.lines import LineBook, Tables, read_lines
from dehliz.report.markup import Markup, tag
from dehliz.report.numbers import percent
from dehliz.report.plane import clip_line, path_text, resample, simplify
from dehliz.report.projection import EURASIA
from dehliz.report.style import BAD, INK, MUTED, PAPER

LEAST_T_A: Final = 1_000.0
"""Rows that carry less are not drawn: they would be thinner than a border."""
WIDEST_PX: Final = 15.0
THINNEST_PX: Final = 0.7
CLASSES: Final = (
    (np.nan, "#7d8c97", "no capacity known"),
    (0.5, "#4f9bcb", "below half"),
    (0.8, "#0069a8", "50 to 80%"),
    (1.0, "#d98200", "80 to 100%, dark edge"),
    (np.inf, "#9c1c1c", "above its capacity, dark edge"),
)
"""Upper end of each class of saturation, colour, words; the first is for rows without a capacity."""
EDGED_SHARE: Final = 0.8


def flow_map(
    tables: Tables,
    flows: pd.DataFrame,
    *,
    title: str = "",
    is_narrow: bool = False,
    book: LineBook | None = None,
) -> Figure:
    """A loaded network on the map.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``node``, ``link``, ``service_leg`` and, where there are any, ``shape``.
    flows : DataFrame
        The ``link_flow`` table.
    title : str
        What the map shows.
    is_narrow : bool
        For a phone.
    book : LineBook, optional
        ``read_lines(tables)`` where it is at hand already.

    Returns
    -------
    Figure
        The map. Terminals that are nearly full are named with their saturation.
    """
    book = book or read_lines(tables)
    canvas = make_canvas(EURASIA, is_narrow=is_narrow)
    base, shared = draw_base(canvas.view)
    is_line = flows["table_name"].isin(["link", "service_leg"]) & (flows["volume_t_a"] >= LEAST_T_A)
    drawn = flows[is_line].sort_values(["volume_t_a", "row_id"])
    widest_t_a = float(drawn["volume_t_a"].max()) if len(drawn) else 1.0
    room = Room(canvas.view.width, canvas.view.height, _sample(canvas, book, drawn))
    strokes = [_draw_row(canvas, book, row, widest_t_a) for row in each_row(drawn)]
    legend = _draw_legend(canvas, widest_t_a, room)
    dots, labels = _draw_full_terminals(canvas, book, flows)
    body = [base, tag("g", strokes, fill="none", stroke_linejoin="round", stroke_linecap="butt"),
            dots, legend, place_labels(labels, room), draw_sea_names(canvas, room)]  # fmt: skip
    full = flows[flows["saturation_share"] >= 1.0]
    return Figure(
        canvas.view.width,
        canvas.view.height,
        Markup("".join(body)),
        title or "Map of the flows",
        f"{len(drawn)} links and services that carry cargo; the widest carries {widest_t_a / 1e6:.1f} million "
        f"tonnes a year; {len(full)} rows are at or above their capacity.",
        shared,
    )


def _width(volume_t_a: float, widest_t_a: float, canvas: Canvas) -> float:
    """Width of a line: as the square root of its cargo, so that small flows can be seen beside large ones."""
    share = np.sqrt(volume_t_a / widest_t_a)
    return round(float(max(share * WIDEST_PX, THINNEST_PX)) * canvas.line_factor, 2)


def _colour(saturation_share: float) -> str:
    if np.isnan(saturation_share):
        return CLASSES[0][1]
    return next(colour for end, colour, _ in CLASSES[1:] if saturation_share < end or end == np.inf)


def _clip(canvas: Canvas, book: LineBook, row_id: str) -> list[Any]:
    line = book.line_deg.get(row_id)
    if line is None:
        return []
    box = (-30.0, -30.0, canvas.view.width + 30.0, canvas.view.height + 30.0)
    return list(clip_line(canvas.view.place(line), box))


def _sample(canvas: Canvas, book: LineBook, drawn: pd.DataFrame) -> Any:
    heavy = drawn.tail(120)
    points = [resample(part, 6.0) for row_id in heavy["row_id"] for part in _clip(canvas, book, str(row_id))]
    return np.concatenate(points) if points else np.empty((0, 2))


def _draw_row(canvas: Canvas, book: LineBook, row: Any, widest_t_a: float) -> Markup:
    text = "".join(path_text(simplify(part, 0.3)) for part in _clip(canvas, book, str(row.row_id)))
    if not text:
        return Markup("")
    width = _width(row.volume_t_a, widest_t_a, canvas)
    full = "" if np.isnan(row.saturation_share) else f", {percent(row.saturation_share)} of its capacity"
    name = f"{row.name or row.row_id}: {row.volume_t_a / 1e6:.2f} million tonnes a year{full}"
    line = tag("path", tag("title", name), d=text, stroke=_colour(row.saturation_share), stroke_width=width)
    if row.saturation_share >= EDGED_SHARE:
        return Markup(tag("path", d=text, stroke=INK, stroke_width=width + 2.4) + line)
    return line


def _draw_full_terminals(canvas: Canvas, book: LineBook, flows: pd.DataFrame) -> tuple[Markup, list[Label]]:
    """Dots and names of places whose terminals are nearly full, the fullest first."""
    rows = flows[(flows["table_name"] == "terminal") & (flows["saturation_share"] >= EDGED_SHARE)]
    fullest = rows.sort_values("saturation_share", ascending=False).drop_duplicates("from_node_id")
    dots, labels = [], []
    for row in each_row(fullest):
        if row.from_node_id not in book.node_deg:
            continue
        x, y = (float(value) for value in canvas.view.place(np.array([book.node_deg[row.from_node_id]]))[0])
        if not (0 < x < canvas.view.width and 0 < y < canvas.view.height):
            continue
        text = f"{book.node_name[row.from_node_id]} {percent(row.saturation_share)}"
        fill = BAD if row.saturation_share >= 1.0 else PAPER
        dots.append(tag("circle", tag("title", text), cx=round(x, 1), cy=round(y, 1), r=4.2 * canvas.line_factor,
                        fill=fill, stroke=INK, stroke_width=1.4))  # fmt: skip
        labels.append(Label(x, y, text, 1, canvas.letter_size, True, INK, gap=8.0))
    return Markup("".join(dots)), labels


def _draw_legend(canvas: Canvas, widest_t_a: float, room: Room) -> Markup:
    """Colours and widths in words, in the lower left corner."""
    size = canvas.letter_size - 1.0
    step = size + 6.0
    sizes = [value for value in (1e5, 1e6, 1e7, 5e7) if value <= widest_t_a * 1.05]
    height = step * (len(CLASSES) + len(sizes) + 2) + 10.0
    width, left, top = 200.0, 8.0, canvas.view.height - height - 8.0
    if canvas.is_narrow:
        return Markup("")
    room.boxes.append((left, top, left + width, top + height))
    parts = [tag("rect", x=left, y=round(top, 1), width=width, height=round(height, 1), fill=PAPER,
                 fill_opacity=0.9, stroke=MUTED, stroke_width=0.6)]  # fmt: skip
    y = top + step
    parts.append(draw_text(left + 8.0, y, "How full (share of capacity)", size, INK))
    for end, colour, words in CLASSES:
        y += step
        if np.isfinite(end) is False or end >= 1.0:
            parts.append(tag("line", x1=left + 8, x2=left + 36, y1=round(y - 4, 1), y2=round(y - 4, 1), stroke=INK,
                             stroke_width=8.4))  # fmt: skip
        parts.append(tag("line", x1=left + 8, x2=left + 36, y1=round(y - 4, 1), y2=round(y - 4, 1), stroke=colour,
                         stroke_width=6))  # fmt: skip
        parts.append(draw_text(left + 44.0, y, words, size, INK))
    y += step
    parts.append(draw_text(left + 8.0, y, "Cargo, million tonnes a year", size, INK))
    for value in sizes:
        y += step
        parts.append(tag("line", x1=left + 8, x2=left + 36, y1=round(y - 4, 1), y2=round(y - 4, 1), stroke=MUTED,
                         stroke_width=_width(value, widest_t_a, canvas)))  # fmt: skip
        parts.append(draw_text(left + 44.0, y, f"{value / 1e6:g}", size, INK))
    return Markup("".join(parts))
