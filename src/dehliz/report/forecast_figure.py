"""The fan chart: what was counted, what is forecast with its band, and what others have said, on one pair of axes.

Scenarios differ by dash and by the name at their end, so that no difference rests on colour alone. Tables of a forecast
come in, a ``Figure`` goes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.axes import Axes, draw_axes, round_ticks
from dehliz.report.figure import Figure
from dehliz.report.labels import estimate_width
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import path_text
from dehliz.report.style import ACCENT, BAD, INK, MUTED, PAPER

Points = npt.NDArray[np.float64]

WIDTH: Final = 1080.0
HEIGHT: Final = 492.0
"""Height without the names of published forecasts [px]."""
AREA: Final = (52.0, 62.0, 820.0, 440.0)
"""Left, top, right and bottom of the plot [px]."""
MEGA: Final = 1e6
CENTRAL: Final = "central"
BAND_OPACITY: Final = 0.22
LINE_GAP: Final = 16.0
"""Least distance of two names at the right side [px]."""
SCENARIO_DASH: Final = {
    "low": ("#4a4f57", "2 3"), "high": ("#4a4f57", "9 4"), "no_projects": ("#6b4a1e", "12 3 2 3"),
    "late": ("#6b4a1e", "4 4"), "north_closed": ("#c24a00", "6 3"), "north_reopened": ("#93397a", "1.5 3"),
}  # fmt: skip
OTHER_DASH: Final = ("#3d5a17", "3 2")


@dataclass(frozen=True, slots=True)
class Mark:
    """A published forecast or target.

    Attributes
    ----------
    year : int
        Year that it is for.
    volume_mt : float
        Million tonnes a year.
    letter : str
        What stands beside the mark.
    name : str
        Who says it.
    """

    year: int
    volume_mt: float
    letter: str
    name: str


def draw_fan(tables: Mapping[str, pd.DataFrame], series_id: str, observed_t_a: Mapping[int, float]) -> Figure:
    """Counted and forecast volumes of one series.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables ``forecast``, ``forecast_scenario`` and ``forecast_comparison``.
    series_id : str
        Series to draw.
    observed_t_a : mapping of int to float
        What was counted, by year [t/a].

    Returns
    -------
    Figure
        Anchored volumes where there are any in all scenarios, else those of the model.
    """
    rows = tables["forecast"]
    rows = rows[rows["series_id"] == series_id].sort_values("year", kind="stable")
    is_anchored = bool(rows["anchored_median_t_a"].notna().all())
    prefix = "anchored_" if is_anchored else ""
    comparison = tables["forecast_comparison"]
    marks = _read_marks(comparison[comparison["series_id"] == series_id], int(rows["year"].max()))
    scenario = tables["forecast_scenario"]
    names = dict(zip(scenario["scenario_id"], scenario["name"], strict=True))
    axes, first_year = _make_axes(rows, prefix, observed_t_a, marks)
    start = (
        (max(observed_t_a), observed_t_a[max(observed_t_a)] / MEGA) if observed_t_a and is_anchored else None
    )
    parts = [_draw_grid(axes, first_year), *_draw_band(axes, first_year, rows, prefix, start)]
    ends = []
    for scenario_id in sorted(dict.fromkeys(rows["scenario_id"].tolist()), key=lambda one: one == CENTRAL):
        line = _read_line(rows[rows["scenario_id"] == scenario_id], f"{prefix}median_t_a", start)
        parts.append(_draw_line(axes, first_year, line, str(scenario_id)))
        ends.append((axes.y(line[-1][1]), str(scenario_id), f"{names[scenario_id]} {line[-1][1]:.1f}"))
    parts += [*_draw_ends(axes, ends), *_draw_observed(axes, first_year, observed_t_a)]
    parts += [*_draw_marks(axes, first_year, marks), _draw_key(is_anchored)]
    title = (
        "Cargo of the Trans-Caspian route, counted and forecast"
        if series_id == "titr"
        else f"Forecast of {series_id}"
    )
    return Figure(WIDTH, HEIGHT + 18.0 * len(marks), Markup("".join(parts)), title, _describe(ends, marks))


def _read_marks(comparison: pd.DataFrame, last_year: int) -> list[Mark]:
    """Published volumes inside the years of the chart, lettered in the order of their years."""
    inside = comparison[comparison["year"] <= last_year].sort_values(["year", "volume_t_a", "reference_id"])
    return [
        Mark(
            int(row.year),
            row.volume_t_a / MEGA,
            chr(ord("A") + at),
            f"{row.name}: {row.volume_t_a / MEGA:g} Mt",
        )
        for at, row in enumerate(each_row(inside))
    ]


def _make_axes(
    rows: pd.DataFrame, prefix: str, observed_t_a: Mapping[int, float], marks: list[Mark]
) -> tuple[Axes, int]:
    first_year = min([*observed_t_a, int(rows["year"].min())])
    last_year = int(rows["year"].max())
    greatest = max(
        [
            rows[f"{prefix}high_t_a"].max() / MEGA,
            *(one / MEGA for one in observed_t_a.values()),
            *(m.volume_mt for m in marks),
        ]
    )
    return Axes(*AREA, float(last_year - first_year), round_ticks(float(greatest))[-1]), first_year


def _draw_grid(axes: Axes, first_year: int) -> Markup:
    years = [float(at) for at in range(int(axes.x_most) + 1)]
    return draw_axes(
        axes, years, round_ticks(axes.y_most), lambda at: str(first_year + int(at)), lambda value: f"{value:g}",
        "year", "million tonnes a year",
    )  # fmt: skip


def _read_line(rows: pd.DataFrame, column: str, start: tuple[int, float] | None) -> list[tuple[int, float]]:
    line = [(int(row.year), getattr(row, column) / MEGA) for row in each_row(rows)]
    return line if start is None else [start, *line]


def _place(axes: Axes, first_year: int, line: list[tuple[int, float]]) -> Points:
    return axes.place(np.array([(year - first_year, value) for year, value in line], dtype=np.float64))


def _draw_band(
    axes: Axes, first_year: int, rows: pd.DataFrame, prefix: str, start: tuple[int, float] | None
) -> list[Markup]:
    """The band of the central scenario, when it is there."""
    mine = rows[rows["scenario_id"] == CENTRAL]
    if not len(mine):
        return []
    low, high = (_read_line(mine, f"{prefix}{end}_t_a", start) for end in ("low", "high"))
    corners = np.concatenate((_place(axes, first_year, high), _place(axes, first_year, low)[::-1]))
    return [tag("path", d=path_text(corners) + "Z", fill=ACCENT, fill_opacity=BAND_OPACITY, stroke="none")]


def _draw_line(axes: Axes, first_year: int, line: list[tuple[int, float]], scenario_id: str) -> Markup:
    colour, dash = (ACCENT, "") if scenario_id == CENTRAL else SCENARIO_DASH.get(scenario_id, OTHER_DASH)
    width = 3.0 if scenario_id == CENTRAL else 1.8
    return tag(
        "path", d=path_text(_place(axes, first_year, line)), fill="none", stroke=colour, stroke_width=width,
        stroke_dasharray=dash or None, stroke_linejoin="round",
    )  # fmt: skip


def _draw_ends(axes: Axes, ends: list[tuple[float, str, str]]) -> list[Markup]:
    """Names at the right side, pushed apart, each with a line to its end."""
    parts = []
    below = -np.inf
    for y, scenario_id, text in sorted(ends):
        at = max(y, below + LINE_GAP)
        below = at
        colour, dash = (ACCENT, "") if scenario_id == CENTRAL else SCENARIO_DASH.get(scenario_id, OTHER_DASH)
        x = axes.right
        parts.append(
            tag("path", d=f"M{x + 3:.1f} {y:.1f}L{x + 12:.1f} {at:.1f}H{x + 34:.1f}", fill="none", stroke=colour,
                stroke_width=1.8, stroke_dasharray=dash or None)
        )  # fmt: skip
        weight = 700 if scenario_id == CENTRAL else None
        parts.append(
            tag("text", text, x=x + 39, y=round(at + 4, 1), fill=INK, font_size=12, font_weight=weight)
        )
    return parts


def _draw_observed(axes: Axes, first_year: int, observed_t_a: Mapping[int, float]) -> list[Markup]:
    line = [(year, observed_t_a[year] / MEGA) for year in sorted(observed_t_a)]
    if not line:
        return []
    points = _place(axes, first_year, line)
    parts = [tag("path", d=path_text(points), fill="none", stroke=INK, stroke_width=1.6)]
    for (year, value), (x, y) in zip(line, points.tolist(), strict=True):
        title = tag("title", f"{year}: {value:.2f} Mt counted")
        parts.append(tag("circle", title, cx=round(x, 1), cy=round(y, 1), r=4, fill=INK, stroke=PAPER))
    return parts


def _draw_marks(axes: Axes, first_year: int, marks: list[Mark]) -> list[Markup]:
    """Diamonds with letters; who says what stands below the chart."""
    parts = []
    for at, mark in enumerate(marks):
        x, y = axes.x(mark.year - first_year), axes.y(mark.volume_mt)
        diamond = f"M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6-6Z"
        parts.append(tag("path", tag("title", mark.name), d=diamond, fill=PAPER, stroke=BAD, stroke_width=2))
        side = -1 if any(other.year == mark.year for other in marks[:at]) else 1
        anchor = "end" if side < 0 else "start"
        parts.append(
            tag("text", mark.letter, x=round(x + side * 10, 1), y=round(y + 4, 1), text_anchor=anchor, fill=BAD,
                font_size=12, font_weight=700)
        )  # fmt: skip
        y_text = AREA[3] + 60.0 + 18.0 * at
        parts.append(tag("text", mark.letter, x=AREA[0], y=y_text, fill=BAD, font_size=12, font_weight=700))
        parts.append(tag("text", mark.name, x=AREA[0] + 18, y=y_text, fill=INK, font_size=12))
    return parts


def _draw_key(is_anchored: bool) -> Markup:
    """What the marks mean, in one line above the chart."""
    x, y, parts = AREA[0], 16.0, []
    central = (
        "central scenario, anchored to the last count" if is_anchored else "central scenario, as modelled"
    )
    items: tuple[tuple[str, Any], ...] = (
        ("counted", lambda at: tag("circle", cx=at + 8, cy=y, r=4, fill=INK)),
        (central, lambda at: tag("path", d=f"M{at} {y}h18", stroke=ACCENT, stroke_width=3)),
        (
            "10% to 90% of draws",
            lambda at: tag(
                "rect", x=at, y=y - 6, width=18, height=12, fill=ACCENT, fill_opacity=BAND_OPACITY
            ),
        ),
        (
            "published forecast or target",
            lambda at: tag(
                "path", d=f"M{at + 8} {y - 6}l6 6l-6 6l-6-6Z", fill=PAPER, stroke=BAD, stroke_width=2
            ),
        ),
    )
    for text, draw in items:
        parts.append(draw(x))
        parts.append(tag("text", text, x=x + 24, y=y + 4, fill=MUTED, font_size=12))
        x += 46 + estimate_width(text, 12)
    return Markup("".join(parts))


def _describe(ends: list[tuple[float, str, str]], marks: list[Mark]) -> str:
    texts = [f"{text} million tonnes in the last year" for _, _, text in ends]
    return "; ".join([*texts, *(f"{mark.name} for {mark.year}" for mark in marks)]) + "."
