"""Bars of what is worth most: the loss of others dark, that of the countries where it lies pale, kind by letter."""

from typing import Any, Final

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report import numbers
from dehliz.report.axes import round_ticks
from dehliz.report.bars import shorten
from dehliz.report.criticality_style import BAR_FILL, COLUMN, KIND, MILLION, OTHER_FILL, WORDS
from dehliz.report.figure import Figure
from dehliz.report.labels import estimate_width
from dehliz.report.markup import Markup, tag
from dehliz.report.style import INK, LINE, MUTED, PAPER

NAME_SIZE: Final = 12.0
PALE: Final = 0.35
"""Opacity of the part that countries bear where the thing lies."""


def criticality_bars(
    rows: pd.DataFrame, *, by: str = "others", most: int = 20, is_narrow: bool = False
) -> Figure:
    """The worst as bars: dark what others lose, pale what is lost in its own countries.

    Parameters
    ----------
    rows : DataFrame
        Table ``criticality``.
    by : str
        ``others``, ``net`` or ``transit``.
    most : int
        Bars to draw.
    is_narrow : bool
        For a phone.
    """
    shown = rows.sort_values([COLUMN[by], "rank_count"], ascending=[False, True]).head(most)
    width = 344.0 if is_narrow else 1080.0
    left, right = (4.0, width - 52.0) if is_narrow else (400.0, width - 70.0)
    pitch, thick, top = (40.0, 15.0, 52.0) if is_narrow else (24.0, 16.0, 40.0)
    highest = (
        max([float(shown[name].max()) for name in ("others_usd_d", "net_usd_d")] or [0.0])
        if len(shown)
        else 0.0
    )
    ticks = round_ticks(max(highest, 1.0) / MILLION, 4 if is_narrow else 8)
    per_usd = (right - left) / (ticks[-1] * MILLION)
    bottom = top + pitch * len(shown)
    parts = [_draw_key(0.0 if is_narrow else left, is_narrow)]
    for tick in ticks:
        x = round(left + tick * MILLION * per_usd, 1)
        parts.append(tag("line", x1=x, x2=x, y1=top - 4, y2=bottom, stroke=LINE if tick else MUTED))
        parts.append(
            tag("text", f"{tick:g}", x=x, y=bottom + 15, text_anchor="middle", fill=MUTED, font_size=11)
        )
    parts.append(tag("text", "M USD a day", x=right, y=bottom + 30, text_anchor="end", fill=INK, font_size=11.5,
                     font_weight=600))  # fmt: skip
    for place, row in enumerate(each_row(shown)):
        parts.append(_draw_bar(row, place + 1, left, top + pitch * place, per_usd, thick, is_narrow))
    return Figure(
        width, bottom + 38, Markup("".join(parts)), "The worst: " + WORDS[by],
        "; ".join(
            f"{place} {row.name}: {row.others_usd_d / MILLION:.2f} to others, {row.net_usd_d / MILLION:.2f} net"
            for place, row in enumerate(each_row(shown), 1)
        ) + ".",
    )  # fmt: skip


def _draw_key(left: float, is_narrow: bool) -> Markup:
    x, y, parts = left + 4.0, 8.0, []
    for words, opacity in (("lost by others", 1.0), ("lost where it lies", PALE)):
        parts.append(tag("rect", x=x, y=y, width=13, height=13, fill=OTHER_FILL, fill_opacity=opacity))
        parts.append(tag("text", words, x=x + 18, y=y + 11, fill=INK, font_size=12))
        x += 34 + estimate_width(words, 12)
    if is_narrow:
        x, y = left + 4.0, 27.0
    parts.append(
        tag(
            "text", "colour by kind; the kind stands before the name", x=x, y=y + 11, fill=MUTED, font_size=11
        )
    )
    return Markup("".join(parts))


def _draw_bar(
    row: Any, place: int, left: float, y: float, per_usd: float, thick: float, is_narrow: bool
) -> Markup:
    fill = BAR_FILL.get(row.kind, OTHER_FILL)
    bar_y = y + (20.0 if is_narrow else 3.0)
    name_y = y + 14.0 if is_narrow else bar_y + thick - 3.5
    kind = KIND.get(row.kind, row.kind)
    room = (336.0 if is_narrow else left - 12.0) - estimate_width(f"{place} {kind} ", NAME_SIZE)
    words = (
        f"{place} ",
        tag("tspan", f"{kind} ", fill=fill, font_weight=600),
        shorten(str(row.name), room, NAME_SIZE),
    )
    anchor = "start" if is_narrow else "end"
    parts = [tag("text", *words, x=4 if is_narrow else left - 8, y=round(name_y, 1), text_anchor=anchor, fill=INK,
                 font_size=NAME_SIZE)]  # fmt: skip
    x = left
    home_usd_d = row.net_usd_d - row.others_usd_d
    for value, opacity, who in ((row.others_usd_d, 1.0, "others"), (home_usd_d, PALE, "where it lies")):
        length = max(value * per_usd, 0.0)
        title = f"{row.name}: {value / MILLION:.2f} million USD a day lost by {who}"
        parts.append(tag("rect", tag("title", title), x=round(x, 1), y=round(bar_y, 1), width=round(length, 1),
                         height=thick, fill=fill, fill_opacity=opacity, stroke=PAPER, stroke_width=0.6))  # fmt: skip
        x += length
    parts.append(tag("text", numbers.group(row.others_usd_d / MILLION, 2), x=round(x + 6, 1),
                     y=round(bar_y + thick - 3.5, 1), fill=INK, font_size=11.5, font_weight=600))  # fmt: skip
    return Markup("".join(parts))
