"""What the time goes to: the tree of causes as one stacked bar per pair or corridor, patterned by branch.

Table ``simulated_cause`` with a ``name`` beside each row in, a ``Figure`` out. Leaves of a branch lie next to each
other and are told apart by thin lines and their titles.
"""

from typing import Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import HOURS_PER_DAY
from dehliz.report import numbers
from dehliz.report.axes import round_ticks
from dehliz.report.bars import shorten
from dehliz.report.figure import Figure
from dehliz.report.labels import draw_text, estimate_width
from dehliz.report.markup import Markup, tag
from dehliz.report.simulation_style import (
    BRANCH,
    CAUSE,
    NARROW,
    WIDE,
    draw_bar,
    draw_key,
    empty_figure,
    key_branches,
    pattern_defs,
    style_branch,
)
from dehliz.report.style import INK, LINE, MUTED

TITLE: Final = "What the time goes to"


def draw_causes(causes: pd.DataFrame, *, is_narrow: bool = False) -> Figure:
    """Mean time by cause, one bar per name, in the order of their first rows.

    Parameters
    ----------
    causes : DataFrame
        Rows of table ``simulated_cause`` (``branch``, ``cause``, ``time_h``, ``time_low_h``, ``time_high_h``) with a
        ``name`` each.
    is_narrow : bool
        For a phone.

    Returns
    -------
    Figure
        The chart.
    """
    if not len(causes):
        return empty_figure(TITLE, "Nobody was observed: there is no tree of causes.", is_narrow=is_narrow)
    width = NARROW if is_narrow else WIDE
    left, right = (4.0, width - 52.0) if is_narrow else (292.0, width - 70.0)
    pitch, thick = (48.0, 20.0) if is_narrow else (36.0, 24.0)
    names = list(dict.fromkeys(causes["name"].tolist()))
    branches = [str(one) for one in dict.fromkeys(causes["branch"])]
    key, y = draw_key(key_branches(branches), 2.0 if is_narrow else left, width - 4)
    top = y + 10.0
    total_h = causes.groupby("name", sort=False)["time_h"].sum()
    ticks = round_ticks(float(total_h.max()) / HOURS_PER_DAY, 4 if is_narrow else 8)
    per_h = (right - left) / (ticks[-1] * HOURS_PER_DAY)
    bottom = top + pitch * len(names)
    parts = [key, _draw_scale(ticks, left, right, top, bottom, per_h)]
    for number, name in enumerate(names):
        own = _order(causes[causes["name"] == name])
        parts.append(_draw_row(str(name), own, left, top + pitch * number, per_h, thick, is_narrow))
    body = Markup("".join(parts))
    return Figure(width, bottom + 26, body, TITLE, _describe(causes, names), pattern_defs(branches))


def _order(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by branch in the order of the key, then by cause in the order of the words."""
    branch, cause = list(BRANCH), list(CAUSE)
    rank = [
        (
            branch.index(row.branch) if row.branch in branch else 99,
            cause.index(row.cause) if row.cause in cause else 99,
        )
        for row in each_row(rows)
    ]
    return rows.iloc[sorted(range(len(rows)), key=rank.__getitem__)]


def _draw_scale(
    ticks: list[float], left: float, right: float, top: float, bottom: float, per_h: float
) -> Markup:
    parts = []
    for tick in ticks:
        x = round(left + tick * HOURS_PER_DAY * per_h, 1)
        text = numbers.group(tick, 0 if float(tick).is_integer() else 1)
        parts.append(tag("line", x1=x, x2=x, y1=top - 4, y2=bottom, stroke=LINE if tick else MUTED))
        parts.append(tag("text", text, x=x, y=bottom + 15, text_anchor="middle", fill=MUTED, font_size=11))
    parts.append(tag("text", "days", x=right + 14, y=bottom + 15, fill=INK, font_size=11.5, font_weight=600))
    return Markup("".join(parts))


def _draw_row(
    name: str, rows: pd.DataFrame, left: float, y: float, per_h: float, thick: float, is_narrow: bool
) -> Markup:
    bar_y = y + (22.0 if is_narrow else 4.0)
    text_y = y + 15.0 if is_narrow else bar_y + thick / 2 + 4.3
    parts = [draw_text(2, text_y, shorten(name, 336.0 if is_narrow else left - 16, 12.5), 12.5, INK)]
    x = left
    for row in each_row(rows):
        width = float(row.time_h) * per_h
        words = f"{name}: {CAUSE.get(row.cause, row.cause)} {_tell(row)}"
        parts.append(draw_bar(str(row.branch), x, bar_y, width, thick, words))
        text = numbers.group(row.time_h / HOURS_PER_DAY, 1)
        style = style_branch(str(row.branch))
        if width > estimate_width(text, 11) + 8:
            middle, base = x + width / 2, bar_y + thick / 2 + 4
            half = estimate_width(text, 11) / 2 + 2
            if style.lines:
                parts.append(tag("rect", x=round(middle - half, 1), y=round(base - 10, 1), width=round(2 * half, 1),
                                 height=13, fill=style.fill))  # fmt: skip
            ink = INK if style.lines else style.ink
            parts.append(
                tag(
                    "text",
                    text,
                    x=round(middle, 1),
                    y=round(base, 1),
                    text_anchor="middle",
                    fill=ink,
                    font_size=11,
                )
            )
        x += width
    total = numbers.days(float(rows["time_h"].sum()), is_short=True)
    parts.append(draw_text(x + 7, bar_y + thick / 2 + 4.3, total, 12, INK, is_bold=True))
    return Markup("".join(parts))


def _tell(row: object) -> str:
    low, high = float(row.time_low_h), float(row.time_high_h)  # type: ignore[attr-defined]
    mean = numbers.days(float(row.time_h))  # type: ignore[attr-defined]
    if not (np.isfinite(low) and np.isfinite(high)):
        return mean
    return f"{mean} (bounds {numbers.days(low)} to {numbers.days(high)})"


def _describe(causes: pd.DataFrame, names: list[object]) -> str:
    texts = []
    for name in names:
        own = causes[causes["name"] == name]
        hours = own.groupby("branch", sort=False)["time_h"].sum().sort_values(ascending=False, kind="stable")
        told = ", ".join(
            f"{style_branch(str(key)).name} {numbers.days(float(value))}" for key, value in hours.items()
        )
        texts.append(f"{name}: {told}")
    return "; ".join(texts) + "."
