"""How long it takes, pair by pair: the simulated distribution, its quantiles, and published times beside it.

One row per pair on one scale of days: a histogram, under it a strip from the 5th to the 95th percentile with the
middle half thicker, and the published times, whose shapes tell what kind they are. Frames in, a ``Figure`` out.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import HOURS_PER_DAY
from dehliz.report import numbers
from dehliz.report.axes import round_ticks
from dehliz.report.bars import shorten
from dehliz.report.figure import Figure
from dehliz.report.labels import BOLD_FACTOR, draw_text, estimate_width
from dehliz.report.markup import Markup, tag
from dehliz.report.simulation_style import (
    KIND,
    NARROW,
    OTHER_KIND,
    WIDE,
    KeyItem,
    draw_key,
    draw_kind,
    empty_figure,
    split_name,
)
from dehliz.report.style import ACCENT, INK, LINE, MUTED, PAPER

TITLE: Final = "Delivery time, simulated and published"
HILL: Final = 30.0
"""Height of the highest bin of a row [px]."""
LANE: Final = 15.0
GROUND: Final = "#bcd7e8"
STRIP: Final = "#5b9cc4"
TAIL_FACTOR: Final = 1.25
"""Bins beyond the 95th percentile by this factor run off the chart."""


def draw_times(
    quantiles: pd.DataFrame, bins: pd.DataFrame, published: pd.DataFrame, *, is_narrow: bool = False
) -> Figure:
    """Distribution of the time of delivery of each pair.

    Parameters
    ----------
    quantiles : DataFrame
        A row per pair, drawn in this order: ``name``, ``median_d``, ``p90_d``, ``p95_d``, and where known ``p05_d``,
        ``p25_d``, ``p75_d``; NaN where it cannot be told.
    bins : DataFrame
        ``name``, ``from_d``, ``to_d``, ``share``; may be empty.
    published : DataFrame
        ``name``, ``kind``, ``low_d``, ``high_d``, ``year`` (text); may be empty.
    is_narrow : bool
        For a phone.

    Returns
    -------
    Figure
        The chart.
    """
    if not len(quantiles):
        return empty_figure(TITLE, "No pair was watched: there are no times to draw.", is_narrow=is_narrow)
    width = NARROW if is_narrow else WIDE
    left, right = (8.0, width - 12.0) if is_narrow else (292.0, width - 24.0)
    key, y = draw_key(_key_items(quantiles, published, bool(len(bins))), 2.0 if is_narrow else left, right)
    top = y = y + 22.0
    ticks = round_ticks(_find_most(quantiles, published), 5 if is_narrow else 10)
    per_d = (right - left) / ticks[-1]
    rows = []
    for row in each_row(quantiles):
        own = bins[bins["name"] == row.name]
        facts = published[published["name"] == row.name].sort_values(["low_d", "high_d", "kind", "year"])
        drawn, height = _draw_row(row, own, facts, (left, right), y, per_d, is_narrow)
        rows.append(drawn)
        y += height
    grid = _draw_scale(ticks, left, right, top, y, per_d)
    return Figure(width, y + 32, Markup("".join([key, grid, *rows])), TITLE, _describe(quantiles, published))


def _find_most(quantiles: pd.DataFrame, published: pd.DataFrame) -> float:
    found = [float(quantiles[name].max()) for name in ("median_d", "p90_d", "p95_d")]
    reach = max((one for one in found if np.isfinite(one)), default=1.0) * TAIL_FACTOR
    shown = published[published["name"].isin(quantiles["name"])]
    return max(reach, float(shown["high_d"].max()) * 1.04) if len(shown) else reach


def _draw_strip_sign(x: float, y: float) -> Markup:
    return Markup(
        tag("rect", x=round(x, 1), y=y - 1.5, width=18, height=3, fill=STRIP)
        + tag("rect", x=round(x + 4, 1), y=y - 4.5, width=8, height=9, fill=STRIP)
    )


_STRIP_ITEM: Final[KeyItem] = ("5 to 95% (thick: middle half)", _draw_strip_sign)
_PART_ITEM: Final[KeyItem] = (
    "from the median to 95%", lambda x, y: tag("rect", x=round(x, 1), y=y - 1.5, width=18, height=3, fill=STRIP),
)  # fmt: skip


def _key_items(quantiles: pd.DataFrame, published: pd.DataFrame, has_bins: bool) -> list[KeyItem]:
    items: list[KeyItem] = []
    if has_bins:
        items.append(("simulated consignments", lambda x, y: tag(
            "path", d=f"M{x:.1f} {y + 6}v-5h4v-5h5v3h5v4h3v3Z", fill=GROUND, stroke=ACCENT)))  # fmt: skip
    has_strip = "p05_d" in quantiles.columns and bool(quantiles["p05_d"].notna().any())
    items.append(_STRIP_ITEM if has_strip else _PART_ITEM)
    items += [
        ("median", lambda x, y: tag("rect", x=round(x + 7, 1), y=y - 8, width=3.4, height=16, fill=INK)),
        ("90% and 95% are in by then", lambda x, y: tag(
            "path", d=f"M{x + 4:.1f} {y - 5}v10M{x + 13:.1f} {y - 8}v16", stroke=INK, stroke_width=1.6, fill="none")),
    ]  # fmt: skip
    present = set(published["kind"])
    kinds = [kind for kind in KIND if kind in present] + sorted(present - set(KIND))
    for kind in kinds:
        words = f"published: {KIND.get(kind, (kind,))[0]}"
        items.append((words, lambda x, y, kind=kind: draw_kind(kind, x + 9, y)))  # type: ignore[misc]
    return items


def _draw_scale(
    ticks: list[float], left: float, right: float, top: float, bottom: float, per_d: float
) -> Markup:
    parts = []
    for tick in ticks:
        x = round(left + tick * per_d, 1)
        parts.append(tag("line", x1=x, x2=x, y1=top, y2=bottom, stroke=LINE if tick else MUTED))
        text = numbers.group(tick, 0 if float(tick).is_integer() else 1)
        parts += [
            tag("text", text, x=x, y=y, text_anchor="middle", fill=MUTED, font_size=11)
            for y in (top - 6, bottom + 14)
        ]
    words = "days from release to delivery"
    parts.append(
        tag(
            "text",
            words,
            x=right,
            y=bottom + 29,
            text_anchor="end",
            fill=INK,
            font_size=11.5,
            font_weight=600,
        )
    )
    return Markup("".join(parts))


def _draw_row(
    row: Any, bins: pd.DataFrame, facts: pd.DataFrame, sides: tuple[float, float], y: float, per_d: float,
    is_narrow: bool,
) -> tuple[Markup, float]:  # fmt: skip
    left, right = sides
    head = (56.0 if split_name(str(row.name))[1] else 42.0) if is_narrow else 4.0
    base = y + head + HILL
    lanes, lane_count = _place_facts(facts, left, right, per_d)
    height = max(head + HILL + 16.0 + LANE * lane_count + 8.0, 54.0)
    parts = [
        tag("line", x1=0.0, x2=right, y1=round(y + height, 1), y2=round(y + height, 1), stroke=LINE),
        *_draw_names(row, y, left, right, is_narrow),
        *_draw_hill(str(row.name), bins, left, right, base, per_d),
        *_draw_strip(row, left, base + 8.0, per_d),
        *(_draw_fact(one, base + 23.0 + LANE * one.lane) for one in lanes),
    ]
    return Markup("".join(parts)), height


def _draw_names(row: Any, y: float, left: float, right: float, is_narrow: bool) -> list[Markup]:
    """The pair, its corridor, and its quantiles in words."""
    room = right - 2 if is_narrow else left - 16
    told = (("median", row.median_d), ("90%", row.p90_d), ("95%", row.p95_d))
    known = [f"{words} {_days(value)}" for words, value in told if np.isfinite(value)]
    text = " · ".join(known) + " days" if known else "no quantile can be told"
    ends, under = split_name(str(row.name))
    lines = [draw_text(2, y + 17, shorten(ends, room / BOLD_FACTOR, 13), 13, INK, is_bold=True)]
    for number, words in enumerate(filter(None, (under, text))):
        lines.append(draw_text(2, y + 32 + 14 * number, shorten(words, room, 11), 11, MUTED))
    return lines


def _days(value_d: float) -> str:
    return numbers.group(value_d, 1)


def _draw_hill(
    name: str, bins: pd.DataFrame, left: float, right: float, base: float, per_d: float
) -> list[Markup]:
    """The histogram; what runs off the chart is told at its end."""
    most_d = (right - left) / per_d
    own = bins[bins["to_d"] <= most_d + 1e-9].sort_values("from_d")
    beyond = float(bins["share"].sum() - own["share"].sum())
    parts = []
    if len(own):
        parts.append(tag("line", x1=left, x2=right, y1=round(base, 1), y2=round(base, 1), stroke=LINE))
        scale = HILL / float(bins["share"].max())
        corners, last = [f"M{left + float(own['from_d'].iloc[0]) * per_d:.1f} {base:.1f}"], np.nan
        for bin_ in each_row(own):
            x0, x1 = left + bin_.from_d * per_d, left + bin_.to_d * per_d
            if last < bin_.from_d - 1e-9:
                corners.append(f"V{base:.1f}H{x0:.1f}")
            corners.append(f"V{base - bin_.share * scale:.1f}H{x1:.1f}")
            last = bin_.to_d
        path = "".join(corners) + f"V{base:.1f}Z"
        parts.append(tag("path", tag("title", f"{name}: histogram"), d=path, fill=GROUND, stroke=ACCENT,
                         stroke_width=0.8, stroke_linejoin="round"))  # fmt: skip
    if beyond > 0.0005:
        text = f"{numbers.percent(beyond, 1)} later →"
        parts.append(
            tag("text", text, x=right, y=round(base - 4, 1), text_anchor="end", fill=MUTED, font_size=10.5)
        )
    return parts


def _draw_strip(row: Any, left: float, y: float, per_d: float) -> list[Markup]:
    def x(value_d: float) -> float:
        return round(left + value_d * per_d, 1)

    p05, p25, p75 = (float(getattr(row, name, np.nan)) for name in ("p05_d", "p25_d", "p75_d"))
    median, p90, p95 = float(row.median_d), float(row.p90_d), float(row.p95_d)
    parts = []
    outer = (p05, p95, 3.0, "5 to 95%") if np.isfinite(p05) else (median, p95, 3.0, "50 to 95%")
    for low, high, thick, words in (outer, (p25, p75, 9.0, "25 to 75%")):
        if np.isfinite(low) and np.isfinite(high):
            title = tag("title", f"{row.name}: {words}: {_days(low)} to {_days(high)} days")
            parts.append(tag("rect", title, x=x(low), y=round(y - thick / 2, 1), width=round(x(high) - x(low), 1),
                             height=thick, fill=STRIP))  # fmt: skip
    for value, half, words in ((p90, 5.0, "90%"), (p95, 8.0, "95%")):
        if np.isfinite(value):
            title = tag("title", f"{row.name}: {words} within {_days(value)} days")
            path = f"M{x(value):.1f} {y - half:.1f}v{2 * half:g}"
            parts.append(tag("path", title, d=path, stroke=INK, stroke_width=1.6, fill="none"))
    if np.isfinite(median):
        title = tag("title", f"{row.name}: median {_days(median)} days")
        parts.append(tag("rect", title, x=round(x(median) - 1.7, 1), y=round(y - 8, 1), width=3.4, height=16, fill=INK,
                         stroke=PAPER, stroke_width=0.6))  # fmt: skip
    return parts


@dataclass(frozen=True, slots=True)
class _Placed:
    """A published time, the pixels of its ends, its lane, and whether its year stands left of it."""

    fact: Any
    low: float
    high: float
    lane: int
    is_left: bool


def _place_facts(facts: pd.DataFrame, left: float, right: float, per_d: float) -> tuple[list[_Placed], int]:
    """Each published time in the first lane with room for its mark and its year."""
    ends: list[float] = []
    placed: list[_Placed] = []
    for fact in each_row(facts):
        low, high = left + fact.low_d * per_d, left + fact.high_d * per_d
        room = 11 + estimate_width(_year(fact), 10)
        is_left = high + room > right + 8
        start, stop = (low - room, high + 7) if is_left else (low - 7, high + room)
        lane = next((number for number, end in enumerate(ends) if end + 4 <= start), len(ends))
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = stop
        placed.append(_Placed(fact, low, high, lane, is_left))
    return placed, len(ends)


def _year(fact: Any) -> str:
    text = str(fact.year)
    return text if text not in ("", "nan", "None", "<NA>") else "no year"


def _draw_fact(placed: _Placed, y: float) -> Markup:
    """A mark in the middle of its range, with its year on the side that has room."""
    fact, low, high = placed.fact, placed.low, placed.high
    kind = str(fact.kind)
    words, colour = KIND.get(kind, (kind, OTHER_KIND[1]))
    span = _days(fact.low_d) if fact.low_d == fact.high_d else f"{_days(fact.low_d)} to {_days(fact.high_d)}"
    parts = []
    if high > low:
        path = f"M{low:.1f} {y:.1f}H{high:.1f}M{low:.1f} {y - 3:.1f}v6M{high:.1f} {y - 3:.1f}v6"
        parts.append(tag("path", d=path, stroke=colour, stroke_width=1.5, fill="none"))
    parts.append(draw_kind(kind, (low + high) / 2, y, f"{words} {_year(fact)}: {span} days"))
    x = low - 8 if placed.is_left else high + 8
    parts.append(tag("text", _year(fact), x=round(x, 1), y=round(y + 3.6, 1), fill=MUTED, font_size=10,
                     text_anchor="end" if placed.is_left else None))  # fmt: skip
    return Markup("".join(parts))


def _describe(quantiles: pd.DataFrame, published: pd.DataFrame) -> str:
    texts = []
    for row in each_row(quantiles):
        median, p95 = (numbers.days(value * HOURS_PER_DAY) for value in (row.median_d, row.p95_d))
        text = f"{row.name}: median {median}, 95% within {p95}"
        count = int((published["name"] == row.name).sum())
        texts.append(f"{text}, {numbers.count(count, 'published time')}" if count else text)
    return "; ".join(texts) + "."
