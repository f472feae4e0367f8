"""With and without: what each corridor or country gains and loses by a scenario, as bars to either side of a line.

Gains are filled, losses hatched by an outline, so that the side and the form say it without colour. Tables
``beside_corridor`` and ``beside_country`` come in, a ``Figure`` goes out.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.bars import shorten
from dehliz.report.figure import Figure
from dehliz.report.markup import Markup, tag
from dehliz.report.style import ACCENT, BAD, INK, LINE, MUTED, PAPER

WIDTH: Final = 1080.0
NARROW_WIDTH: Final = 344.0
PITCH: Final = 24.0
BAR: Final = 13.0
KILO: Final = 1e3
SHOWN_COUNT: Final = 12
LEAST_T_A: Final = 5.0
LEAST_USD_D: Final = 5.0
"""Smaller changes would read as 0."""

Row = tuple[str, float, str]
"""Name, change, and words beside it."""


def draw_corridors(rows: pd.DataFrame, *, is_narrow: bool = False) -> Figure:
    """Change of cargo by corridor, the largest first.

    Parameters
    ----------
    rows : DataFrame
        Table ``beside_corridor``.
    is_narrow : bool
        Whether it is for a phone.
    """
    order = rows.reindex(rows["change_t_a"].abs().sort_values(ascending=False, kind="stable").index)
    items = [
        (
            str(row.corridor_name), float(row.change_t_a) / KILO,
            f"{row.volume_t_a / KILO:,.1f} to {row.volume_after_t_a / KILO:,.1f}",
        )
        for row in each_row(order.head(SHOWN_COUNT))
        if abs(row.change_t_a) >= LEAST_T_A
    ]  # fmt: skip
    return _draw(items, "Cargo by corridor, change in thousand tonnes a year", is_narrow)


def draw_gains(rows: pd.DataFrame, *, is_narrow: bool = False) -> Figure:
    """Net gain of the trade of countries, the largest first.

    Parameters
    ----------
    rows : DataFrame
        Table ``beside_country``.
    is_narrow : bool
        Whether it is for a phone.
    """
    order = rows.reindex(rows["gain_usd_d"].abs().sort_values(ascending=False, kind="stable").index)
    items = [
        (str(row.name), float(row.gain_usd_d) / KILO, "")
        for row in each_row(order.head(SHOWN_COUNT))
        if abs(row.gain_usd_d) >= LEAST_USD_D
    ]
    return _draw(items, "Net gain of trade by country, thousand USD a day", is_narrow)


def _draw(items: Sequence[Row], title: str, is_narrow: bool) -> Figure:
    width = NARROW_WIDTH if is_narrow else WIDTH
    name_width, word_width = (112.0, 0.0) if is_narrow else (250.0, 200.0)
    most = max([1e-9, *(abs(change) for _, change, _ in items)])
    left, right = name_width + 52.0, width - word_width - 52.0
    middle = 0.5 * (left + right)
    scale = (right - left) / 2.0 / most
    top = 12.0
    bottom = top + PITCH * len(items)
    parts = [
        tag("line", x1=middle, x2=middle, y1=top - 6, y2=bottom, stroke=MUTED),
    ]
    for at, (name, change, words) in enumerate(items):
        y = top + PITCH * at
        parts += _draw_row(name, change, words, y, (name_width, middle, scale, width), is_narrow)
    told = "; ".join(f"{name} {_say(change)}" for name, change, _ in items[:6])
    return Figure(width, bottom + 8.0, Markup("".join(parts)), title, f"{told}." if told else "No change.")


def _draw_row(
    name: str, change: float, words: str, y: float, sizes: tuple[float, float, float, float], is_narrow: bool
) -> list[Markup]:
    name_width, middle, scale, width = sizes
    size = 10.5 if is_narrow else 12.0
    length = abs(change) * scale
    gains = change >= 0.0
    x = middle if gains else middle - length
    style = {"fill": ACCENT, "stroke": ACCENT} if gains else {"fill": PAPER, "stroke": BAD}
    end = middle + length + 6 if gains else middle - length - 6
    base = y + BAR - 2.5
    return [
        tag("line", x1=0, x2=width, y1=y + PITCH - 5, y2=y + PITCH - 5, stroke=LINE, stroke_opacity=0.6),
        tag("text", shorten(name, name_width, size), x=0, y=base, fill=INK, font_size=size),
        tag("rect", x=round(x, 1), y=y, width=round(length, 1), height=BAR, stroke_width=1.8, **style),
        tag(
            "text", _say(change), x=round(end, 1), y=base, text_anchor="start" if gains else "end", fill=INK,
            font_size=size,
        ),
        tag("text", "" if is_narrow else words, x=width, y=base, text_anchor="end", fill=MUTED, font_size=size),
    ]  # fmt: skip


def _say(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    sign = "+" if value > 0 else "−" if np.round(value, digits) < 0 else ""
    return f"{sign}{abs(value):,.{digits}f}"
