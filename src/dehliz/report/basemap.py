"""The base map: land, coasts and thin neutral borders behind every map.

The points come from ``data/basemap_*.json`` (Natural Earth, public domain, cut by ``tools/vendor_basemap.py``).
A ``View`` lays a frame on a drawing surface; the base map of a frame is one set of paths at one reference
size, which every view of that frame uses at its own scale.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from dehliz.report.markup import Markup, tag
from dehliz.report.plane import clip_line, clip_ring, path_text, simplify
from dehliz.report.projection import Frame
from dehliz.report.style import BORDER, COAST, LAND, SEA

Points = npt.NDArray[np.float64]
REFERENCE_WIDTH: Final = 1080.0
TOLERANCE: Final = 0.6
SMALLEST_ISLAND: Final = 1.2
"""Islands whose longer side is under this many pixels are left out."""
BOUNDARY_NOTE: Final = (
    "Boundaries: Natural Earth, de facto lines; no opinion implied. Disputed lines are dashed."
)


@dataclass(frozen=True, slots=True)
class View:
    """A frame laid on a drawing surface.

    Attributes
    ----------
    frame : Frame
        Projection and stretch.
    width, height : float
        Size of the surface [px].
    scale : float
        Pixels per kilometre.
    left_km, top_km : float
        Plane coordinates of the upper left corner.
    """

    frame: Frame
    width: float
    height: float
    scale: float
    left_km: float
    top_km: float

    def place(self, points_deg: Points) -> Points:
        """Pixels of longitudes and latitudes, shape (point, 2)."""
        plane = self.frame.projection.project(np.asarray(points_deg, dtype=np.float64).reshape(-1, 2))
        return np.column_stack(
            [(plane[:, 0] - self.left_km) * self.scale, (self.top_km - plane[:, 1]) * self.scale]
        )


def make_view(frame: Frame, width: float, height: float | None = None) -> View:
    """A view that shows the whole box of a frame, centred.

    Parameters
    ----------
    frame : Frame
        What to show.
    width : float
        Width of the surface [px].
    height : float, optional
        Height [px]; the frame's own proportion when not given.
    """
    low, high = frame.sides_km()
    span = high - low
    if height is None:
        height = float(np.round(width * span[1] / span[0]))
    scale = float(min(width / span[0], height / span[1]))
    middle = (low + high) / 2
    return View(
        frame,
        width,
        height,
        scale,
        float(middle[0] - width / scale / 2),
        float(middle[1] + height / scale / 2),
    )


def draw_base(view: View) -> tuple[Markup, dict[str, Markup]]:
    """Sea, land, coasts and borders of a view.

    Returns
    -------
    Markup
        What to draw first.
    dict of str to Markup
        Paths that it uses by id, the same for all views of the frame.
    """
    reference = make_view(view.frame, REFERENCE_WIDTH)
    ratio = view.scale / reference.scale
    shift_x = (reference.left_km - view.left_km) * view.scale
    shift_y = (view.top_km - reference.top_km) * view.scale
    name = view.frame.name
    lines = [
        tag("use", href=f"#base-{name}-land", fill=LAND, stroke=COAST, stroke_width=0.7),
        tag("use", href=f"#base-{name}-border", fill="none", stroke=BORDER, stroke_width=0.8),
        tag(
            "use",
            href=f"#base-{name}-disputed",
            fill="none",
            stroke=BORDER,
            stroke_width=0.8,
            stroke_dasharray="3 3",
        ),
    ]
    move = f"translate({shift_x:.2f} {shift_y:.2f}) scale({ratio:.4f})"
    sea = tag("rect", width=view.width, height=view.height, fill=SEA)
    return Markup(sea + tag("g", lines, transform=move, stroke_linejoin="round")), shared_paths(view.frame)


@cache
def shared_paths(frame: Frame) -> dict[str, Markup]:
    """Paths of a frame's base map at reference size, by id; treat as read-only."""
    view = make_view(frame, REFERENCE_WIDTH)
    spare = 0.75 * REFERENCE_WIDTH
    box = (-20.0, -spare, REFERENCE_WIDTH + 20.0, view.height + spare)
    data = read_lines(frame.detail)
    land = [clip_ring(view.place(ring), box) for ring in data["land"]]
    texts = {
        "land": "".join(
            path_text(simplify(ring, TOLERANCE), is_closed=True) for ring in land if _is_seen(ring)
        ),
        "border": _open_paths(view, data["border"], box),
        "disputed": _open_paths(view, data["disputed"], box),
    }
    return {
        f"base-{frame.name}-{kind}": tag(
            "path",
            id=f"base-{frame.name}-{kind}",
            d=text,
            fill_rule="evenodd",
            vector_effect="non-scaling-stroke",
        )
        for kind, text in texts.items()
    }


def _is_seen(ring: Points) -> bool:
    return len(ring) > 2 and bool(np.ptp(ring, axis=0).max() >= SMALLEST_ISLAND)


def _open_paths(view: View, lines: list[Points], box: tuple[float, float, float, float]) -> str:
    stretches = [stretch for line in lines for stretch in clip_line(view.place(line), box)]
    return "".join(path_text(simplify(stretch, TOLERANCE)) for stretch in stretches)


@cache
def read_lines(detail: str) -> dict[str, list[Points]]:
    """Land rings, borders and disputed lines of one resolution, longitude and latitude [deg]; read-only.

    Parameters
    ----------
    detail : str
        ``50m`` or ``110m``.
    """
    text = files("dehliz").joinpath(f"report/data/basemap_{detail}.json").read_text(encoding="utf-8")
    data = json.loads(text)
    quantum_deg = float(data["quantum_deg"])
    return {
        kind: [np.cumsum(np.array(line).reshape(-1, 2), axis=0) * quantum_deg for line in data[kind]]
        for kind in ("land", "border", "disputed")
    }
