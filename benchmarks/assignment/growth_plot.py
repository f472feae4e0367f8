"""The plot of growth: CPU time and memory over arcs, both axes logarithmic, by the report's own axes."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.assignment.growth import exponents, lines_of
from dehliz.report.axes import Axes, draw_axes
from dehliz.report.markup import Markup, tag
from dehliz.report.style import FONT, INK, PAPER

WIDTH, HEIGHT = 970.0, 400.0
STYLES = {
    "grid, sparse": ("#0069a8", None),
    "grid, denser": ("#0069a8", "7 4"),
    "corridor, sparse": ("#c24a00", None),
    "corridor, denser": ("#c24a00", "7 4"),
}
"""Colour and dash of each line: colour by shape, dash by demand."""


def _decades(values: list[float]) -> tuple[int, int]:
    least, most = math.floor(math.log10(min(values)) + 0.05), math.ceil(math.log10(max(values)) - 0.05)
    return least, max(most, least + 1)


def _text(unit: str) -> Callable[[float], str]:
    def tell(exponent: float) -> str:
        value = 10.0 ** round(exponent)
        return f"{value:,.0f}{unit}" if value >= 1.0 else f"{value:g}{unit}"

    return tell


def _draw_panel(points: list[dict[str, Any]], figure: str, name: str, unit: str, left: float) -> Markup:
    lines = lines_of(points)
    values = [max(p[figure], 1e-3) for line in lines.values() for p in line]
    sizes = [p["arc_count"] for line in lines.values() for p in line]
    (x_least, x_most), (y_least, y_most) = _decades(sizes), _decades(values)
    axes = Axes(left + 62.0, 40.0, left + 436.0, 300.0, float(x_most - x_least), float(y_most - y_least))
    x_tell, y_tell = _text(""), _text(unit)
    parts = [
        draw_axes(
            axes,
            [float(at) for at in range(x_most - x_least + 1)],
            [float(at) for at in range(y_most - y_least + 1)],
            lambda at: x_tell(at + x_least),
            lambda at: y_tell(at + y_least),
            "arcs",
            "",
        ),
        tag("text", name, x=left + 12.0, y=22.0, fill=INK, font_size=13, font_weight=600),
    ]
    slopes = exponents(points, figure)
    for at, (line, of_line) in enumerate(lines.items()):
        colour, dash = STYLES[line]
        log = np.array([[math.log10(p["arc_count"]), math.log10(max(p[figure], 1e-3))] for p in of_line])
        place = axes.place(log - np.array([x_least, y_least]))
        track = " ".join(f"{x:.1f},{y:.1f}" for x, y in place)
        parts.append(
            tag("polyline", points=track, fill="none", stroke=colour, stroke_width=2, stroke_dasharray=dash)
        )
        parts += [tag("circle", cx=round(x, 1), cy=round(y, 1), r=3, fill=colour) for x, y in place]
        x, y = left + 12.0 + 228.0 * (at % 2), 352.0 + 20.0 * (at // 2)
        parts.append(
            tag("line", x1=x, x2=x + 24, y1=y, y2=y, stroke=colour, stroke_width=2, stroke_dasharray=dash)
        )
        slope = "" if math.isnan(slopes[line]) else f": exponent {slopes[line]:.2f}"
        parts.append(tag("text", f"{line}{slope}", x=x + 30, y=y + 4, fill=INK, font_size=11))
    return Markup("".join(parts))


def draw_growth(points: list[dict[str, Any]]) -> Markup:
    """SVG with two panels."""
    panels = []
    if lines_of(points):
        panels = [
            _draw_panel(points, "cpu_s", "CPU time to a relative gap of 1e-6, one thread", " s", 0.0),
            _draw_panel(points, "added_mb", "Memory added at the peak", " MB", 490.0),
        ]
    ground = tag("rect", width=WIDTH, height=HEIGHT, fill=PAPER)
    title = tag("title", "Growth of a user equilibrium with the size of the network")
    return tag(
        "svg",
        title,
        ground,
        *panels,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        font_family=FONT,
        role="img",
    )
