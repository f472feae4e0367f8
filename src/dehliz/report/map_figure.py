"""Maps: the whole network by mode and status, and one pair's corridors over each other.

Built on ``basemap.py`` (what lies behind), ``lines.py`` (where things run), ``bundle.py`` (routes side by side)
and ``labels.py`` (names). Each function gives one ``Figure``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.basemap import View, draw_base, make_view
from dehliz.report.bundle import Track, lay_lanes, pick_badge_place
from dehliz.report.figure import Figure
from dehliz.report.labels import Label, Room, draw_text, place_labels
from dehliz.report.lines import LineBook, Stretch, Tables, read_lines, route_stretches, row_line
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import clip_line, path_text, resample, simplify
from dehliz.report.projection import EURASIA, OCEAN, Frame, choose_frame
from dehliz.report.style import INK, MODE_ORDER, MUTED, PAPER, STATUS_OPACITY, style_corridor, style_mode

Points = npt.NDArray[np.float64]
WIDE_WIDTH: Final = 1080.0
NARROW_WIDTH: Final = 400.0
SEA_NAMES: Final = (
    ("Caspian Sea", 50.9, 41.9),
    ("Black Sea", 34.6, 43.2),
    ("Mediterranean Sea", 18.0, 34.6),
    ("Baltic Sea", 19.6, 57.4),
    ("North Sea", 3.4, 56.3),
    ("Arabian Sea", 64.0, 21.6),
    ("Red Sea", 37.4, 21.8),
)
SEA_INK: Final = "#4d6b7d"
LABEL_RANK: Final = {"city": 4, "port": 3, "border": 4, "rail": 6, "road": 6, "sea": 7}


@dataclass(frozen=True, slots=True)
class Canvas:
    """A view with the sizes that go with its width."""

    view: View
    is_narrow: bool

    @property
    def letter_size(self) -> float:
        """Height of labels [px]."""
        return 10.5 if self.is_narrow else 11.5

    @property
    def line_factor(self) -> float:
        """By how much lines are thinner than on a wide map."""
        return 0.72 if self.is_narrow else 1.0


def make_canvas(frame: Frame, *, is_narrow: bool) -> Canvas:
    """Surface for a frame: the frame's own proportion when wide, less flat when narrow."""
    if not is_narrow:
        return Canvas(make_view(frame, WIDE_WIDTH), is_narrow=False)
    own = make_view(frame, NARROW_WIDTH)
    return Canvas(make_view(frame, NARROW_WIDTH, max(own.height, 250.0)), is_narrow=True)


def network_map(tables: Tables, *, is_narrow: bool = False) -> Figure:
    """All links and services by mode and status, with ports and border posts.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``node``, ``link``, ``service_leg``, ``terminal`` and, where there are any, ``shape``.
    is_narrow : bool
        For a phone.

    Returns
    -------
    Figure
        The map.
    """
    book = read_lines(tables)
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
        line = row_line(book, str(row_id))
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
    """A dot for each place where cargo stops; names for the most used ones."""
    node, terminal = tables.get("node", pd.DataFrame()), tables.get("terminal", pd.DataFrame())
    if not len(node):
        return Markup(""), []
    stops = terminal.groupby("node_id").size() if len(terminal) else pd.Series(dtype=int)
    places = canvas.view.place(node[["lon_deg", "lat_deg"]].to_numpy(dtype=float))
    dots, labels = [], []
    for (x, y), row in zip(places, each_row(node), strict=True):
        weight = int(stops.get(row.node_id, 0))
        if not (0 < x < canvas.view.width and 0 < y < canvas.view.height) or weight == 0:
            continue
        is_port = row.kind == "port"
        radius = (2.6 if is_port else 1.9) * canvas.line_factor
        title = tag("title", f"{row.name}, {row.kind}")
        dots.append(tag("circle", title, cx=round(float(x), 1), cy=round(float(y), 1), r=radius))
        rank = LABEL_RANK.get(str(row.kind), 6) * 100 - min(weight, 60)
        labels.append(Label(float(x), float(y), str(row.name), rank, canvas.letter_size - 1, gap=5.0))
    most = 12 if canvas.is_narrow else 60
    chosen = sorted(labels, key=lambda label: (label.rank, label.text))[:most]
    group = tag("g", dots, fill=PAPER, stroke=INK, stroke_width=0.9 * canvas.line_factor)
    return group, chosen


def draw_sea_names(canvas: Canvas, room: Room) -> Markup:
    """Names of seas, for orientation, where they lie on the surface."""
    if canvas.is_narrow:
        return Markup("")
    names = []
    for name, lon_deg, lat_deg in SEA_NAMES:
        x, y = canvas.view.place(np.array([[lon_deg, lat_deg]]))[0]
        half = 3.1 * len(name)
        box = (float(x) - half, float(y) - 9, float(x) + half, float(y) + 3)
        if room.is_free(box) and room.count_points(box) == 0:
            names.append(
                tag("text", name, x=round(float(x)), y=round(float(y)), text_anchor="middle", font_style="italic",
                    font_size=10.5, fill=SEA_INK)
            )  # fmt: skip
    return Markup("".join(names))


def routes_map(
    tables: Tables, routes: pd.DataFrame, legs: pd.DataFrame, *, is_narrow: bool = False, title: str = ""
) -> Figure:
    """One pair's corridors over each other, with the places that they pass.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``node``, ``link``, ``service_leg`` and, where there are any, ``shape``.
    routes : DataFrame
        Rows of ``route``, one per corridor, in the order of their badges.
    legs : DataFrame
        Rows of ``route_leg`` of these options.
    is_narrow : bool
        For a phone.
    title : str
        What the map shows.

    Returns
    -------
    Figure
        The map; with a small one of the oceans where a route leaves it.
    """
    book = read_lines(tables)
    ways = {str(row.corridor_id): _stretches_of(book, legs, row) for row in each_row(routes)}
    ways = {corridor: way for corridor, way in ways.items() if way}
    frame = choose_frame(_must_see(ways)) if ways else EURASIA
    canvas = make_canvas(frame, is_narrow=is_narrow)
    base, shared = draw_base(canvas.view)
    lines = _lay(canvas.view, ways, 4.2 if not is_narrow else 2.6)
    samples = [resample(line, 5.0) for line in lines.values()]
    room = Room(
        canvas.view.width, canvas.view.height, np.concatenate(samples) if samples else np.empty((0, 2))
    )
    numbers = {str(corridor): number for number, corridor in enumerate(routes["corridor_id"], 1)}
    names = dict(zip(routes["corridor_id"], routes["corridor_name"], strict=True))
    inset, inset_shared = _draw_inset(canvas, ways, room) if _leaves(canvas.view, ways) else (Markup(""), {})
    strokes = [
        draw_route(line, corridor, str(names[corridor]), canvas.line_factor)
        for corridor, line in _drawing_order(lines)
    ]
    badges = _draw_badges(lines, numbers, room, canvas)
    stops, labels = _draw_stops(book, legs, canvas)
    names_drawn = place_labels(labels, room)
    body = [base, *strokes, stops, inset, badges, names_drawn, draw_sea_names(canvas, room)]
    return Figure(
        canvas.view.width,
        canvas.view.height,
        Markup("".join(body)),
        title or "Map of the routes",
        "Corridors shown: " + ", ".join(f"{numbers[key]} {names[key]}" for key in ways) + ".",
        {**shared, **inset_shared},
    )


def _stretches_of(book: LineBook, legs: pd.DataFrame, route: Any) -> list[Stretch]:
    return route_stretches(book, legs[legs["option"] == route.option])


def _must_see(ways: Mapping[str, Sequence[Stretch]]) -> Points:
    """Points that the map must hold: both ends, and all ways but those of ocean ships."""
    points = [way[0].points_deg[:1] for way in ways.values()] + [
        way[-1].points_deg[-1:] for way in ways.values()
    ]
    points += [part.points_deg for way in ways.values() for part in way if part.mode_id != "sea_container"]
    return np.concatenate(points)


def _leaves(view: View, ways: Mapping[str, Sequence[Stretch]]) -> bool:
    places = np.concatenate([view.place(part.points_deg) for way in ways.values() for part in way])
    return bool(((places < -20) | (places > [view.width + 20, view.height + 20])).any())


def _lay(view: View, ways: Mapping[str, Sequence[Stretch]], spacing: float) -> dict[str, Points]:
    tracks = {
        name: [Track(part.row_id, view.place(part.points_deg)) for part in way] for name, way in ways.items()
    }
    return lay_lanes(tracks, spacing)


def _drawing_order(lines: Mapping[str, Points]) -> list[tuple[str, Points]]:
    """The Middle Corridor last, on top."""
    return sorted(
        lines.items(), key=lambda item: (item[0].startswith("middle"), item[0] == "zangezur", item[0])
    )


def draw_route(line: Points, corridor_id: str, name: str, factor: float) -> Markup:
    """A route as a coloured line on a pale one."""
    style = style_corridor(corridor_id)
    text = path_text(line)
    under = tag(
        "path",
        d=text,
        fill="none",
        stroke=PAPER,
        stroke_width=(style.width + 2.0) * factor,
        stroke_opacity=0.85,
    )
    over = tag(
        "path",
        tag("title", name),
        d=text,
        fill="none",
        stroke=style.colour,
        stroke_width=style.width * factor,
        stroke_dasharray=style.dash or None,
    )
    return tag("g", under, over, stroke_linejoin="round", stroke_linecap="butt")


def draw_badge(x: float, y: float, number: int, corridor_id: str, radius: float = 9.0) -> Markup:
    """A corridor's number in a disc of its colour."""
    style = style_corridor(corridor_id)
    disc = tag(
        "circle", cx=round(x, 1), cy=round(y, 1), r=radius, fill=style.colour, stroke=PAPER, stroke_width=1.6
    )
    text = tag(
        "text", str(number), x=round(x, 1), y=round(y + 0.36 * radius * 1.2, 1), text_anchor="middle",
        font_size=round(radius * 1.2, 1), font_weight=700, fill=PAPER,
    )  # fmt: skip
    return Markup(disc + text)


def _draw_badges(
    lines: Mapping[str, Points], numbers: Mapping[str, int], room: Room, canvas: Canvas
) -> Markup:
    radius = 7.5 if canvas.is_narrow else 9.5
    edge = 2.2 * radius
    box = (edge, edge, canvas.view.width - edge, canvas.view.height - edge)
    inside = [*room.boxes]
    taken: list[Points] = [np.array([(b[0] + b[2]) / 2, (b[1] + b[3]) / 2]) for b in inside]
    drawn = []
    for corridor in sorted(lines, key=lambda key: numbers[key]):
        others = [line for key, line in lines.items() if key != corridor]
        place = pick_badge_place(lines[corridor], others, taken, box)
        if place is None:
            continue
        taken.append(place)
        x, y = float(place[0]), float(place[1])
        room.boxes.append((x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1))
        drawn.append(draw_badge(x, y, numbers[corridor], corridor, radius))
    return Markup("".join(drawn))


def _draw_stops(book: LineBook, legs: pd.DataFrame, canvas: Canvas) -> tuple[Markup, list[Label]]:
    """Ends and places where cargo stops on the way, as dots with names."""
    ends = _end_nodes(legs)
    stops = legs[legs["kind"].isin(["transfer", "border"])]
    counts = stops.groupby("from_node_id").size()
    transfers = set(stops.loc[stops["kind"] == "transfer", "from_node_id"])
    dots, labels = [], []
    for node_id in [*ends, *(node for node in counts.index if node not in ends)]:
        if node_id not in book.node_deg:
            continue
        x, y = (float(value) for value in canvas.view.place(np.array([book.node_deg[node_id]]))[0])
        if not (0 < x < canvas.view.width and 0 < y < canvas.view.height):
            continue
        is_end, name = node_id in ends, book.node_name[node_id]
        radius = (5.0 if is_end else 3.0 if node_id in transfers else 2.2) * (
            0.8 if canvas.is_narrow else 1.0
        )
        dots.append(
            tag("circle", tag("title", name), cx=round(x, 1), cy=round(y, 1), r=radius,
                fill=INK if is_end else PAPER, stroke=PAPER if is_end else INK, stroke_width=1.6 if is_end else 1.1)
        )  # fmt: skip
        rank = 1 if is_end else 3 if node_id in transfers else 5
        size = canvas.letter_size + (2.5 if is_end else 0)
        labels.append(Label(x, y, name, rank, size, is_end, INK, gap=radius + 4.5))
    if canvas.is_narrow:
        labels = [label for label in labels if label.rank <= 3]
    return Markup("".join(reversed(dots))), labels


def _end_nodes(legs: pd.DataFrame) -> list[str]:
    if not len(legs):
        return []
    ordered = legs.sort_values(["option", "leg"])
    first, last = ordered.iloc[0], ordered.iloc[-1]
    return [str(first["from_node_id"]), str(last["to_node_id"])]


def _draw_inset(
    canvas: Canvas, ways: Mapping[str, Sequence[Stretch]], room: Room
) -> tuple[Markup, dict[str, Markup]]:
    """A small map of the oceans in the emptiest corner, for routes that leave the surface."""
    width = 118.0 if canvas.is_narrow else 236.0
    view = make_view(OCEAN, width)
    left, top = _find_corner(canvas.view, view, room)
    base, shared = draw_base(view)
    lines = _lay(view, ways, 1.5)
    strokes = [draw_route(line, corridor, "", 0.42) for corridor, line in _drawing_order(lines)]
    frame = tag("rect", width=view.width, height=view.height, fill="none", stroke=MUTED, stroke_width=2)
    heading = draw_text(7, 15, "The way by sea", 10.5, MUTED) if not canvas.is_narrow else None
    group = tag("svg", base, strokes, frame, heading, x=left, y=top, width=view.width, height=view.height)
    room.boxes.append((left - 4, top - 4, left + view.width + 4, top + view.height + 4))
    return group, shared


def _find_corner(view: View, small: View, room: Room) -> tuple[float, float]:
    """Upper left point of a small map in the corner where it covers the least of the routes."""
    right, bottom = view.width - small.width - 8.0, view.height - small.height - 8.0
    corners = [(8.0, bottom), (right, bottom), (8.0, 8.0), (right, 8.0)]
    return min(
        corners, key=lambda at: room.count_points((at[0], at[1], at[0] + small.width, at[1] + small.height))
    )
