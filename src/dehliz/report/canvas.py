"""What all maps share: sizes that go with the width, names of seas, routes as lines, badges.

Before this: ``basemap.py``. After it: ``network_map.py`` and ``routes_map.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from dehliz.report.basemap import View, make_view
from dehliz.report.labels import Room
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import path_text
from dehliz.report.projection import Frame
from dehliz.report.style import PAPER, style_corridor

Points = npt.NDArray[np.float64]
WIDE_WIDTH: Final = 1080.0
NARROW_WIDTH: Final = 344.0
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
    return Canvas(make_view(frame, NARROW_WIDTH, max(own.height, 236.0)), is_narrow=True)


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


def draw_routes(lines: Mapping[str, Points], names: Mapping[str, str], factor: float) -> Markup:
    """Routes as coloured lines on pale grounds, the Middle Corridor on top.

    Each path is written once and used twice; all grounds come before the first line, so that neighbours do not
    eat each other.

    Parameters
    ----------
    lines : mapping of str to array of float, shape (point, 2)
        Line of each corridor [px].
    names : mapping of str to str
        Names of the corridors, for pointing; those left out have none.
    factor : float
        By how much lines are thinner than usual.
    """
    ordered = sorted(lines, key=lambda key: (key.startswith("middle"), key == "zangezur", key))
    texts = {key: path_text(lines[key]) for key in ordered}
    mark = crc32("".join([*texts, *texts.values()]).encode())
    ids = {key: f"way-{mark:x}-{number}" for number, key in enumerate(ordered)}
    paths = [tag("path", id=ids[key], d=texts[key]) for key in ordered]
    grounds = [
        tag("use", href=f"#{ids[key]}", stroke=PAPER, stroke_width=(style_corridor(key).width + 2.0) * factor,
            stroke_opacity=0.85)
        for key in ordered
    ]  # fmt: skip
    colours = [_draw_line(key, ids[key], names.get(key, ""), factor) for key in ordered]
    return tag("g", tag("defs", paths), grounds, colours, fill="none", stroke_linejoin="round")


def _draw_line(corridor_id: str, path_id: str, name: str, factor: float) -> Markup:
    style = style_corridor(corridor_id)
    return tag("use", tag("title", name) if name else None, href=f"#{path_id}", stroke=style.colour,
               stroke_width=style.width * factor, stroke_dasharray=style.dash or None)  # fmt: skip


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
