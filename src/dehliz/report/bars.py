"""Bars: the parts of each corridor's time, and all pairs at a glance as small multiples."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import HOURS_PER_DAY
from dehliz.report import numbers
from dehliz.report.axes import round_ticks
from dehliz.report.canvas import draw_badge
from dehliz.report.figure import Figure
from dehliz.report.labels import estimate_width
from dehliz.report.markup import Markup, tag
from dehliz.report.style import INK, LINE, MUTED, PAPER, PHASE, style_corridor

NAME_SIZE: Final = 12.0


def shorten(text: str, width: float, size: float) -> str:
    """A text cut with an ellipsis so that it fits a width [px]."""
    if estimate_width(text, size) <= width:
        return text
    while text and estimate_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def time_bars(routes: pd.DataFrame, *, is_narrow: bool = False) -> Figure:
    """Moving, handling and waiting, stacked, one bar per corridor, with the 95th percentile as a mark.

    Parameters
    ----------
    routes : DataFrame
        Rows of ``route``, one per corridor, in the order of their badges.
    is_narrow : bool
        For a phone.

    Returns
    -------
    Figure
        The chart.
    """
    width = 344.0 if is_narrow else 1080.0
    left, right = (4.0, width - 56.0) if is_narrow else (300.0, width - 70.0)
    pitch, thick, top = (46.0, 18.0, 50.0) if is_narrow else (34.0, 22.0, 34.0)
    most_h = float(np.nanmax(routes[["time_h", "time_p95_h"]].to_numpy(dtype=float))) if len(routes) else 24.0
    ticks_d = round_ticks(most_h / HOURS_PER_DAY, 4 if is_narrow else 8)
    per_h = (right - left) / (ticks_d[-1] * HOURS_PER_DAY)
    bottom = top + pitch * len(routes)
    parts = [_draw_key(is_narrow)]
    for tick_d in ticks_d:
        x = round(left + tick_d * HOURS_PER_DAY * per_h, 1)
        parts.append(tag("line", x1=x, x2=x, y1=top - 4, y2=bottom, stroke=LINE if tick_d else MUTED))
        parts.append(
            tag(
                "text",
                numbers.group(tick_d),
                x=x,
                y=bottom + 15,
                text_anchor="middle",
                fill=MUTED,
                font_size=11,
            )
        )
    parts.append(tag("text", "days", x=right + 14, y=bottom + 15, fill=INK, font_size=11.5, font_weight=600))
    for number, route in enumerate(each_row(routes), 1):
        y = top + pitch * (number - 1)
        parts.append(_draw_bar(route, number, left, y, per_h, thick, is_narrow))
    return Figure(
        width, bottom + 26, Markup("".join(parts)), "Where the time goes", _describe_bars(routes)
    )  # fmt: skip


def _describe_bars(routes: pd.DataFrame) -> str:
    texts = []
    for number, row in enumerate(each_row(routes), 1):
        parts = ", ".join(
            f"{words} {numbers.days(float(getattr(row, key)))}" for key, (words, _, _) in PHASE.items()
        )
        texts.append(f"{number} {row.corridor_name}: {parts}")
    return "; ".join(texts) + "."


def _draw_key(is_narrow: bool) -> Markup:
    x, y, parts = (4.0 if is_narrow else 300.0), 6.0, []
    for words, fill, _ in PHASE.values():
        parts.append(tag("rect", x=x, y=y, width=13, height=13, fill=fill, stroke=MUTED, stroke_width=0.6))
        parts.append(tag("text", words, x=x + 18, y=y + 11, fill=INK, font_size=12))
        x += 30 + estimate_width(words, 12)
    mark_y = y + 6.5
    if is_narrow:
        x, mark_y = 4.0, y + 24.0
    parts.append(tag("path", d=f"M{x} {mark_y}h16m0-5v10", fill="none", stroke=INK, stroke_width=1.4))
    parts.append(
        tag("text", "19 of 20 shipments arrive by then", x=x + 23, y=mark_y + 4.5, fill=INK, font_size=12)
    )
    return Markup("".join(parts))


def _draw_bar(
    route: Any, number: int, left: float, y: float, per_h: float, thick: float, is_narrow: bool
) -> Markup:
    name, corridor_id = str(route.corridor_name), str(route.corridor_id)
    time_h, p95_h = float(route.time_h), float(route.time_p95_h)
    bar_y = y + (20.0 if is_narrow else 2.0)
    name_y = y + 10.0 if is_narrow else y + 2.0 + thick / 2
    parts = [draw_badge(12.0, name_y, number, corridor_id, 8.5)]
    short = shorten(name, 310.0 if is_narrow else 262.0, NAME_SIZE)
    parts.append(tag("text", short, x=27, y=round(name_y + 4.3, 1), fill=INK, font_size=NAME_SIZE))
    x = left
    for key, (words, fill, ink) in PHASE.items():
        width = float(getattr(route, key)) * per_h
        words_all = f"{name}: {words} {numbers.days(float(getattr(route, key)))}"
        parts.append(tag("rect", tag("title", words_all), x=round(x, 1), y=bar_y, width=round(max(width, 0.0), 1),
                         height=thick, fill=fill, stroke=PAPER, stroke_width=0.8))  # fmt: skip
        text = numbers.group(float(getattr(route, key)) / HOURS_PER_DAY, 1)
        if width > estimate_width(text, 11) + 6:
            parts.append(tag("text", text, x=round(x + width / 2, 1), y=bar_y + thick / 2 + 4, text_anchor="middle",
                             fill=ink, font_size=11))  # fmt: skip
        x += width
    reach = x
    if np.isfinite(p95_h):
        reach, middle = left + p95_h * per_h, bar_y + thick / 2
        mark = f"M{x:.1f} {middle:.1f}H{reach:.1f}m0-5v10"
        parts.append(tag("path", d=mark, fill="none", stroke=INK, stroke_width=1.4))
    parts.append(tag("text", numbers.days(time_h, is_short=True), x=round(reach + 7, 1), y=bar_y + thick / 2 + 4.3,
                     fill=INK, font_size=12, font_weight=700))  # fmt: skip
    return Markup("".join(parts))


def overview_bars(pairs: Mapping[str, pd.DataFrame], *, is_narrow: bool = False) -> Figure:
    """All pairs at a glance: one small panel each, days by corridor on one scale, the quickest in bold.

    Parameters
    ----------
    pairs : mapping of str to DataFrame
        Rows of ``route`` by the pair's name, one per corridor.
    is_narrow : bool
        For a phone.

    Returns
    -------
    Figure
        The chart.
    """
    columns, width, gap = (1, 344.0, 0.0) if is_narrow else (3, 1080.0, 30.0)
    panel_width = (width - gap * (columns - 1)) / columns
    most_h = max((float(rows["time_h"].max()) for rows in pairs.values()), default=24.0)
    heights = [30.0 + 18.0 * len(rows) + 16.0 for rows in pairs.values()]
    parts, y = [], 0.0
    items = list(pairs.items())
    for start in range(0, len(items), columns):
        for column, (name, rows) in enumerate(items[start : start + columns]):
            x = column * (panel_width + gap)
            panel = _draw_panel(name, rows.sort_values(["time_h", "corridor_id"]), panel_width, most_h)
            parts.append(tag("g", panel, transform=f"translate({x:g} {y:g})"))
        y += max(heights[start : start + columns])
    return Figure(
        width, max(y, 20.0), Markup("".join(parts)), "Mean door-to-door days of each corridor, pair by pair",
        "; ".join(_describe_panel(name, rows) for name, rows in items) + ".",
    )  # fmt: skip


def _describe_panel(name: str, rows: pd.DataFrame) -> str:
    best = rows.sort_values(["time_h", "corridor_id"]).iloc[0]
    return f"{name}: quickest is {best['corridor_name']}, {numbers.days(float(best['time_h']))}"


def _draw_panel(name: str, rows: pd.DataFrame, width: float, most_h: float) -> Markup:
    name_width, value_width = 0.5 * width, 48.0
    room = width - name_width - value_width
    parts = [
        tag("text", shorten(name, width, 14), x=0, y=15, fill=INK, font_size=13.5, font_weight=700),
        tag("line", x1=name_width, x2=name_width, y1=22, y2=24 + 18 * len(rows), stroke=MUTED),
    ]
    for number, row in enumerate(each_row(rows)):
        y = 26.0 + 18.0 * number
        style, time_h = style_corridor(str(row.corridor_id)), float(row.time_h)
        length = room * time_h / most_h
        weight = 700 if number == 0 else None
        short = shorten(str(row.corridor_name), name_width - 8, 11)
        words = f"{row.corridor_name}: {numbers.days(time_h)}"
        parts += [
            tag("text", tag("title", str(row.corridor_name)), short, x=name_width - 7, y=y + 10, text_anchor="end",
                fill=INK, font_size=11, font_weight=weight),
            tag("rect", tag("title", words), x=name_width, y=y, width=round(length, 1), height=13, fill=style.colour),
            tag("text", numbers.days(time_h, is_short=True), x=round(name_width + length + 5, 1), y=y + 10.5, fill=INK,
                font_size=11, font_weight=weight),
        ]  # fmt: skip
        if style.dash:
            dash_y = y + 6.5
            end_x = round(name_width + length, 1)
            parts.append(tag("line", x1=name_width, x2=end_x, y1=dash_y, y2=dash_y, stroke=PAPER, stroke_width=2.2,
                             stroke_dasharray=style.dash))  # fmt: skip
    return Markup("".join(parts))
