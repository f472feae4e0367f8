"""Queues week by week: one small panel per resource, with its closures shaded and the warm-up marked.

Table ``resource_use`` in, a ``Figure`` out. The line is the mean over replications, the dots the most of all of them; a
panel's grey columns are as tall as the share of the week in which the place was shut.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report import numbers
from dehliz.report.axes import Axes, round_ticks
from dehliz.report.bars import shorten
from dehliz.report.figure import Figure
from dehliz.report.labels import draw_text, estimate_width
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import path_text
from dehliz.report.simulation_gantt import MONTHS
from dehliz.report.simulation_style import CELL, NARROW, WIDE, KeyItem, draw_key, empty_figure
from dehliz.report.style import ACCENT, BAD, INK, LINE, MUTED

TITLE: Final = "Queues, week by week"
PANEL: Final = 168.0
SHUT: Final = "#d9c4b8"
WARM: Final = {
    "warm-up": tag(
        "pattern", tag("path", d="M-1 8L8-1", stroke=MUTED, stroke_width=0.8, stroke_opacity=0.6, fill="none"),
        id="warm-up", width=CELL, height=CELL, patternUnits="userSpaceOnUse",
    )
}  # fmt: skip
WEEK_H: Final = 168.0


def draw_queues(
    use: pd.DataFrame,
    resource_ids: Sequence[str],
    warm_up_h: float = 0.0,
    overloaded: Sequence[str] = (),
    *,
    is_narrow: bool = False,
) -> Figure:
    """Who waits at each of some resources.

    Parameters
    ----------
    use : DataFrame
        Table ``resource_use``.
    resource_ids : sequence of str
        Which, in this order; those without a row are left out.
    warm_up_h : float
        What is left out of the results at the beginning of the run [h].
    overloaded : sequence of str
        Resources whose queue grows until the horizon: told in their panel.
    is_narrow : bool
        For a phone.

    Returns
    -------
    Figure
        The chart; each panel has its own scale, named at its side.
    """
    present = [one for one in resource_ids if (use["resource_id"] == one).any()]
    if not present:
        return empty_figure(
            TITLE, "No resource was chosen or used: there is no queue to draw.", is_narrow=is_narrow
        )
    columns, gap = (1, 0.0) if is_narrow else (3, 34.0)
    width = NARROW if is_narrow else WIDE
    panel_width = (width - gap * (columns - 1)) / columns
    key, key_height = draw_key(_key_items(warm_up_h > 0), 2.0, width - 2)
    top = key_height + 10.0
    parts, told = [key], []
    for number, resource_id in enumerate(present):
        rows = use[use["resource_id"] == resource_id].sort_values("week_count")
        x, y = (number % columns) * (panel_width + gap), top + number // columns * (PANEL + 14.0)
        panel = _draw_panel(rows, panel_width, warm_up_h / WEEK_H, resource_id in overloaded)
        parts.append(tag("g", panel, transform=f"translate({x:g} {y:g})"))
        told.append(_tell(rows, resource_id in overloaded))
    height = top + -(-len(present) // columns) * (PANEL + 14.0)
    body = Markup("".join(parts))
    return Figure(width, height, body, TITLE, "; ".join(told) + ".", dict(WARM) if warm_up_h > 0 else {})


def _tell(rows: pd.DataFrame, is_overloaded: bool) -> str:
    peak = rows.loc[rows["queue_count"].idxmax()]
    mean = numbers.group(float(rows["queue_count"].mean()), 1)
    text = f"{peak['name']}: {mean} wait on average, {numbers.group(float(peak['queue_count']), 1)} in the week of "
    return text + str(peak["from_date"]) + (", and the queue grows without end" if is_overloaded else "")


def _key_items(has_warm_up: bool) -> list[KeyItem]:
    items: list[KeyItem] = [
        ("mean number waiting", lambda x, y: tag("path", d=f"M{x:.1f} {y}h17", stroke=ACCENT, stroke_width=2.4)),
        ("most, of all replications", lambda x, y: tag(
            "path", d=f"M{x:.1f} {y}h17", stroke=INK, stroke_width=1.3, stroke_dasharray="1.5 2.5")),
        ("share of the week that it is shut (full height: all of it)", lambda x, y: tag(
            "rect", x=round(x, 1), y=y - 6, width=17, height=12, fill=SHUT)),
    ]  # fmt: skip
    if has_warm_up:
        items.append(("warm-up, left out", lambda x, y: tag(
            "rect", x=round(x, 1), y=y - 6.5, width=17, height=13, fill="url(#warm-up)", stroke=MUTED, stroke_width=0.7)))  # fmt: skip
    return items


def _draw_panel(rows: pd.DataFrame, width: float, warm_up_weeks: float, is_overloaded: bool) -> Markup:
    weeks = float(rows["week_count"].max())
    most = float(np.nanmax(rows[["queue_count", "queue_most_count"]].to_numpy(float)))
    ticks = round_ticks(max(most, 1.0), 3)
    axes = Axes(34.0, 28.0, width - 6.0, PANEL - 24.0, weeks, ticks[-1])
    name = shorten(str(rows["name"].iloc[0]), width - (76 if is_overloaded else 4), 12.5 * 1.08)
    parts = [draw_text(0, 13, name, 12.5, INK, is_bold=True)]
    if is_overloaded:
        parts.append(draw_text(width - 4, 13, "overloaded", 11.5, BAD, "end", is_bold=True))
    parts += [*_draw_shut(rows, axes), _draw_warm_up(axes, warm_up_weeks), *_draw_grid(axes, ticks)]
    parts += [*_draw_months(rows, axes)]
    for column, colour, thick, dash in (
        ("queue_most_count", INK, 1.3, "1.5 2.5"),
        ("queue_count", ACCENT, 2.4, None),
    ):
        points = rows[["week_count", column]].to_numpy(float) - [0.5, 0.0]
        points = points[np.isfinite(points).all(axis=1)]
        if len(points) > 1:
            path = path_text(axes.place(points))
            parts.append(
                tag("path", d=path, stroke=colour, stroke_width=thick, stroke_dasharray=dash, fill="none")
            )
        elif len(points):
            x, y = axes.place(points)[0]
            parts.append(tag("circle", cx=round(float(x), 1), cy=round(float(y), 1), r=2.5, fill=colour))
    return Markup("".join(parts))


def _draw_shut(rows: pd.DataFrame, axes: Axes) -> list[Markup]:
    parts = []
    for row in each_row(rows):
        if row.shut_share > 0.005:
            x0, x1 = axes.x(row.week_count - 1), axes.x(row.week_count)
            tall = (axes.bottom - axes.top) * min(row.shut_share, 1.0)
            title = tag(
                "title", f"Week of {row.from_date}: shut {numbers.percent(row.shut_share)} of the time"
            )
            parts.append(tag("rect", title, x=round(x0, 1), y=round(axes.bottom - tall, 1), width=round(x1 - x0, 1),
                             height=round(tall, 1), fill=SHUT))  # fmt: skip
    return parts


def _draw_warm_up(axes: Axes, weeks: float) -> Markup:
    if weeks <= 0:
        return Markup("")
    wide = axes.x(min(weeks, axes.x_most)) - axes.left
    return tag("rect", tag("title", "Warm-up, left out"), x=axes.left, y=axes.top, width=round(wide, 1),
               height=axes.bottom - axes.top, fill="url(#warm-up)", stroke=MUTED, stroke_width=0.7)  # fmt: skip


def _draw_grid(axes: Axes, ticks: list[float]) -> list[Markup]:
    parts = []
    for tick in ticks:
        y = round(axes.y(tick), 1)
        text = numbers.group(tick, 0 if float(tick).is_integer() else 1)
        parts.append(tag("line", x1=axes.left, x2=axes.right, y1=y, y2=y, stroke=LINE if tick else MUTED))
        parts.append(draw_text(axes.left - 5, y + 4, text, 10.5, MUTED, "end"))
    return parts


def _draw_months(rows: pd.DataFrame, axes: Axes) -> list[Markup]:
    """Names of the months where they begin, as many as fit; a January carries its year."""
    parts: list[Markup] = []
    reach, last = -np.inf, ""
    for row in each_row(rows):
        month = str(row.from_date)[:7]
        if month == last:
            continue
        last = month
        text = MONTHS[int(month[5:7]) - 1] + (f" {month[:4]}" if month.endswith("-01") or not parts else "")
        x = axes.x(row.week_count - 1)
        if x < reach + 8 or x + estimate_width(text, 10) > axes.right + 6:
            continue
        reach = x + estimate_width(text, 10)
        parts.append(
            tag("line", x1=round(x, 1), x2=round(x, 1), y1=axes.bottom, y2=axes.bottom + 4, stroke=MUTED)
        )
        parts.append(tag("text", text, x=round(x, 1), y=axes.bottom + 15, fill=MUTED, font_size=10))
    return parts
