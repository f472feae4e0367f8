"""One pair's corridors over each other, with the places that they pass.

Built on ``basemap.py`` (what lies behind), ``lines.py`` (where routes run), ``bundle.py`` (routes side by side)
and ``labels.py`` (names).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.basemap import View, draw_base, make_view
from dehliz.report.bundle import Track, lay_lanes, pick_badge_place
from dehliz.report.canvas import Canvas, draw_badge, draw_routes, draw_sea_names, make_canvas
from dehliz.report.figure import Figure
from dehliz.report.labels import Label, Room, draw_text, place_labels
from dehliz.report.lines import LineBook, Stretch, Tables, read_lines, route_stretches
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import resample
from dehliz.report.projection import EURASIA, OCEAN, choose_frame
from dehliz.report.style import INK, MUTED, PAPER

Points = npt.NDArray[np.float64]


def routes_map(
    tables: Tables,
    routes: pd.DataFrame,
    legs: pd.DataFrame,
    *,
    is_narrow: bool = False,
    title: str = "",
    book: LineBook | None = None,
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
    book : LineBook, optional
        ``read_lines(tables)`` where it is at hand already.

    Returns
    -------
    Figure
        The map; with a small one of the oceans where a route leaves it.
    """
    book = book or read_lines(tables)
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
    strokes = draw_routes(lines, names, canvas.line_factor)
    badges = _draw_badges(lines, numbers, room, canvas)
    stops, labels = _draw_stops(book, legs, canvas)
    names_drawn = place_labels(labels, room)
    body = [base, strokes, stops, inset, badges, names_drawn, draw_sea_names(canvas, room)]
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
    if not ways:
        return False
    places = np.concatenate([view.place(part.points_deg) for way in ways.values() for part in way])
    return bool(((places < -20) | (places > [view.width + 20, view.height + 20])).any())


def _lay(view: View, ways: Mapping[str, Sequence[Stretch]], spacing: float) -> dict[str, Points]:
    tracks = {
        name: [Track(part.row_id, view.place(part.points_deg)) for part in way] for name, way in ways.items()
    }
    return lay_lanes(tracks, spacing)


def _draw_badges(
    lines: Mapping[str, Points], numbers: Mapping[str, int], room: Room, canvas: Canvas
) -> Markup:
    radius = 8.0 if canvas.is_narrow else 9.5
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
    strokes = draw_routes(lines, {}, 0.42)
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
