"""The map of what is worth most: lines by the loss when they fail, marks for places, borders and countries.

Rows of ``criticality`` come in; built on ``basemap.py`` (what lies behind), ``lines.py`` (where things run) and
``labels.py`` (names).
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.basemap import draw_base
from dehliz.report.canvas import Canvas, draw_sea_names, make_canvas
from dehliz.report.criticality_style import (
    CLASSES,
    COLUMN,
    GAIN,
    KIND,
    MILLION,
    WORDS,
    draw_mark,
    find_class,
)
from dehliz.report.figure import Figure
from dehliz.report.labels import Label, Room, draw_text, estimate_width, place_labels
from dehliz.report.lines import LineBook, Tables, read_lines
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import clip_line, path_text, resample, simplify
from dehliz.report.projection import EURASIA
from dehliz.report.style import INK, MUTED, PAPER

LINE_KINDS: Final = ("section", "line", "passage")
POINT_KINDS: Final = ("country", "border", "place")
NAMED_COUNT: Final = {"country": 10, "border": 8, "passage": 8, "place": 10, "line": 6, "section": 0}
"""How many of each kind are named, the costliest first."""
LEAST_NAMED_USD_D: Final = 10_000.0
WIDEST_PX: Final = 22.0
THINNEST_PX: Final = 2.5
Points = dict[str, tuple[float, float]]


def criticality_map(
    tables: Tables, *, by: str = "others", is_narrow: bool = False, book: LineBook | None = None
) -> Figure:
    """What each thing is worth, on the map.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``criticality``, ``node``, ``link``, ``service_leg``, ``terminal`` and, where there are any, ``shape``.
    by : str
        ``others``, ``net`` or ``transit``: which loss is drawn.
    is_narrow : bool
        For a phone.
    book : LineBook, optional
        ``read_lines(tables)`` where it is at hand already.

    Returns
    -------
    Figure
        The map. A ship is drawn as its line, where that was not asked for.
    """
    book = book or read_lines(tables)
    canvas = make_canvas(EURASIA, is_narrow=is_narrow)
    base, shared = draw_base(canvas.view)
    rows = tables["criticality"].assign(loss_usd_d=lambda table: table[COLUMN[by]])
    lines = rows[rows["kind"].isin(LINE_KINDS)].sort_values(["loss_usd_d", "element_id"])
    strokes = [_draw_line(canvas, book, tables, row) for row in each_row(lines)]
    most = float(rows.loc[rows["kind"].isin(POINT_KINDS), "loss_usd_d"].max()) if len(rows) else 1.0
    marks, labels = _draw_points(canvas, _find_points(tables, book), rows, most)
    heavy = lines[lines["loss_usd_d"] >= 0.1 * MILLION]
    room = Room(canvas.view.width, canvas.view.height, _sample(canvas, book, tables, heavy))
    legend = _draw_legend(canvas, room, by)
    labels += _name_lines(canvas, book, tables, lines)
    body = [base, tag("g", strokes, fill="none", stroke_linejoin="round", stroke_linecap="round"), marks, legend,
            place_labels(labels, room), draw_sea_names(canvas, room)]  # fmt: skip
    return Figure(
        canvas.view.width, canvas.view.height, Markup("".join(body)), "What is worth most: " + WORDS[by],
        _describe(rows), shared,
    )  # fmt: skip


def _describe(rows: pd.DataFrame) -> str:
    if not len(rows):
        return "Nothing of these kinds carries cargo."
    first = rows.sort_values(["loss_usd_d", "element_id"], ascending=[False, True]).head(5)
    words = ", ".join(f"{row.name} {row.loss_usd_d / MILLION:.2f}" for row in each_row(first))
    return f"{len(rows)} things that carry cargo; the worst in million USD a day: {words}."


def _row_ids(tables: Tables, kind: str, element_id: str) -> list[str]:
    """Links and services of a section, line or passage."""
    if kind != "passage":
        return [element_id]
    ids: list[str] = []
    for name in ("link", "service_leg"):
        table = tables[name]
        ids += table.loc[table["passage_id"] == element_id, f"{name}_id"].tolist()
    return ids


def _clip(canvas: Canvas, book: LineBook, tables: Tables, row: Any) -> list[Any]:
    box = (-30.0, -30.0, canvas.view.width + 30.0, canvas.view.height + 30.0)
    found = []
    for row_id in _row_ids(tables, row.kind, row.element_id):
        line = book.line_deg.get(row_id)
        if line is not None:
            found += list(clip_line(canvas.view.place(line), box))
    return found


def _sample(canvas: Canvas, book: LineBook, tables: Tables, rows: pd.DataFrame) -> Any:
    points = [resample(part, 6.0) for row in each_row(rows) for part in _clip(canvas, book, tables, row)]
    return np.concatenate(points) if points else np.empty((0, 2))


def _tell(row: Any) -> str:
    return f"{row.name}, {KIND.get(row.kind, row.kind)}: {row.loss_usd_d / MILLION:.3f} million USD a day"


def _draw_line(canvas: Canvas, book: LineBook, tables: Tables, row: Any) -> Markup:
    text = "".join(path_text(simplify(part, 0.3)) for part in _clip(canvas, book, tables, row))
    if not text:
        return Markup("")
    colour, width = find_class(row.loss_usd_d)
    dash = "5 2.5" if row.kind == "line" else None
    return tag("path", tag("title", _tell(row)), d=text, stroke=colour, stroke_dasharray=dash,
               stroke_width=round(width * canvas.line_factor, 2))  # fmt: skip


def _name_lines(canvas: Canvas, book: LineBook, tables: Tables, lines: pd.DataFrame) -> list[Label]:
    """Names of the costliest passages and lines in the middle of where they run."""
    labels = []
    for kind in LINE_KINDS:
        own = lines[(lines["kind"] == kind) & (lines["loss_usd_d"] >= LEAST_NAMED_USD_D)]
        for row in each_row(own.iloc[::-1].head(NAMED_COUNT[kind])):
            parts = _clip(canvas, book, tables, row)
            if not parts:
                continue
            longest = max(parts, key=len)
            x, y = (float(value) for value in longest[len(longest) // 2])
            labels.append(Label(x, y, _caption(row), 2, canvas.letter_size - 0.5, False, "#0b3f66", gap=7.0))
    return labels if not canvas.is_narrow else labels[:3]


def _caption(row: Any) -> str:
    return f"{row.name} {row.loss_usd_d / MILLION:.2f}"


def _find_points(tables: Tables, book: LineBook) -> dict[str, Points]:
    """Longitude and latitude of places, of borders (the mean of their posts) and of countries (of their nodes)."""
    node, terminal = tables["node"], tables["terminal"]
    stops = set(terminal["node_id"])
    used = node[node["node_id"].isin(stops)]
    middle = used.groupby("country_id")[["lon_deg", "lat_deg"]].mean()
    countries = {str(row.country_id): (row.lon_deg, row.lat_deg) for row in each_row(middle.reset_index())}
    posts: dict[str, list[tuple[float, float]]] = {}
    for row in each_row(terminal[terminal["kind"] == "border_post"]):
        pair = "-".join(sorted((str(row.from_country_id), str(row.to_country_id))))
        if row.node_id in book.node_deg:
            posts.setdefault(pair, []).append(book.node_deg[row.node_id])
    borders = {
        pair: (float(np.mean([p[0] for p in at])), float(np.mean([p[1] for p in at])))
        for pair, at in posts.items()
    }
    return {"country": countries, "border": borders, "place": book.node_deg}


def _draw_points(
    canvas: Canvas, points: dict[str, Points], rows: pd.DataFrame, most: float
) -> tuple[Markup, list[Label]]:
    """Marks by kind, large ones below, and names of the costliest."""
    marks, labels = [], []
    for kind in POINT_KINDS:
        own = rows[(rows["kind"] == kind) & (rows["loss_usd_d"] >= LEAST_NAMED_USD_D)]
        own = own.sort_values(["loss_usd_d", "element_id"], ascending=[False, True])
        for place, row in enumerate(each_row(own)):
            at = points[kind].get(row.element_id)
            if at is None:
                continue
            x, y = (float(value) for value in canvas.view.place(np.array([at]))[0])
            if not (0 < x < canvas.view.width and 0 < y < canvas.view.height):
                continue
            size = max(WIDEST_PX * np.sqrt(row.loss_usd_d / most), THINNEST_PX) * canvas.line_factor
            marks.append(draw_mark(kind, x, y, float(size), find_class(row.loss_usd_d)[0], _tell(row)))
            if place < NAMED_COUNT[kind] and not canvas.is_narrow:
                is_land = kind == "country"
                name = (
                    _caption(row) if kind != "border" else f"{row.element_id} {row.loss_usd_d / MILLION:.2f}"
                )
                rank = 1 if is_land else 2
                gap = float(size) + 4.0 if not is_land else 6.0
                labels.append(Label(x, y, name, rank, canvas.letter_size, is_land, INK, gap=gap))
    return tag("g", marks), labels


def _draw_legend(canvas: Canvas, room: Room, by: str) -> Markup:
    """Colours and marks in words, in the lower left corner."""
    if canvas.is_narrow:
        return Markup("")
    size = canvas.letter_size - 1.0
    step, left = size + 6.0, 8.0
    head = "M USD a day, " + WORDS[by]
    width = max(250.0, estimate_width(head, size) + 20.0)
    height = step * (len(CLASSES) + 6) + 10.0
    top = canvas.view.height - height - 8.0
    room.boxes.append((left, top, left + width, top + height))
    y = top + step
    parts = [tag("rect", x=left, y=round(top, 1), width=round(width, 1), height=round(height, 1), fill=PAPER,
                 fill_opacity=0.92, stroke=MUTED, stroke_width=0.6),
             draw_text(left + 8.0, y, head, size, INK)]  # fmt: skip
    for colour, wide, words in [*((c, w, t) for _, c, w, t in reversed(CLASSES)), GAIN]:
        y += step
        parts.append(tag("line", x1=left + 8, x2=left + 36, y1=round(y - 4, 1), y2=round(y - 4, 1), stroke=colour,
                         stroke_width=wide))  # fmt: skip
        parts.append(draw_text(left + 44.0, y, words, size, INK))
    marks = (("country", "a country (middle of its places), area by loss"), ("border", "all posts of a border"),
             ("place", "all that happens at a place"))  # fmt: skip
    for kind, words in marks:
        y += step
        parts.append(draw_mark(kind, left + 22.0, y - 4.0, 6.0, CLASSES[3][1]))
        parts.append(draw_text(left + 44.0, y, words, size, INK))
    y += step
    parts.append(draw_text(left + 8.0, y, "Dashed: ferries and feeders. Numbers: M USD a day", size, MUTED))
    return Markup("".join(parts))
