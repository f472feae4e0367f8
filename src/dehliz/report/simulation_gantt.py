"""One consignment on the calendar: a row per place or stretch of way, bars by cause, and the ships that it waits for.

Parts of ``simulation_parts.split_events`` in, a ``Figure`` out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import HOURS_PER_DAY
from dehliz.report import numbers
from dehliz.report.bars import shorten
from dehliz.report.figure import Figure
from dehliz.report.labels import draw_text, estimate_width
from dehliz.report.markup import Markup, tag
from dehliz.report.simulation_style import (
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

TITLE: Final = "One consignment, day by day"
MOVING: Final = ("move", "path")
THICK: Final = 16.0
STEPS_D: Final = (1, 2, 5, 7, 14, 28, 56, 112, 224, 365)
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHIP_INK: Final = "#4f7f96"
LEAST_TOLD_SHARE: Final = 0.005
"""Loads below it are 0 % as they are told."""
SHORT_H: Final = 2.4
"""Blocks below are told in hours."""


@dataclass(slots=True)
class Block:
    """Parts at one place, or on the way between two."""

    name: str
    is_way: bool
    parts: list[Any] = field(default_factory=list)


def draw_gantt(
    parts: pd.DataFrame,
    start: np.datetime64,
    names: Mapping[str, str] | None = None,
    sailing: pd.DataFrame | None = None,
    *,
    is_narrow: bool = False,
) -> Figure:
    """Stages of one consignment over calendar dates.

    Parameters
    ----------
    parts : DataFrame
        As ``split_events`` returns them, of one consignment.
    start : datetime64
        Hour 0 of the run, Coordinated Universal Time.
    names : mapping of str to str, optional
        Names of nodes.
    sailing : DataFrame, optional
        Table ``sailing``: departures of its quays from when it waits there to the one that it takes stand below.
    is_narrow : bool
        For a phone.

    Returns
    -------
    Figure
        The chart.
    """
    if not len(parts):
        return empty_figure(TITLE, "The log has no stage of this consignment.", is_narrow=is_narrow)
    blocks = find_blocks(parts, names or {})
    width = NARROW if is_narrow else WIDE
    left, right = (6.0, width - 8.0) if is_narrow else (270.0, width - 16.0)
    pitch = 38.0 if is_narrow else 27.0
    branches = [str(one) for one in dict.fromkeys(parts["branch"])]
    key, y = draw_key(key_branches(branches), 2.0 if is_narrow else left, right)
    top = y + 30.0
    low_h, high_h = float(parts["from_h"].min()), float(parts["to_h"].max())
    scale = Scale(start, low_h, max(high_h, low_h + 1.0), left, right)
    rows, y = [], top
    for block in blocks:
        rows.append(_draw_block(block, scale, y, pitch, is_narrow))
        y += pitch
    ships, y = _draw_ships(parts, sailing, scale, y + 8.0, is_narrow)
    dates = _draw_dates(scale, top, y, 4 if is_narrow else 12)
    body = Markup("".join([key, dates, *rows, ships]))
    return Figure(width, y + 8, body, TITLE, _describe(parts, scale), pattern_defs(branches))


@dataclass(frozen=True, slots=True)
class Scale:
    """From hours of the run to pixels and dates."""

    start: np.datetime64
    low_h: float
    high_h: float
    left: float
    right: float

    def x(self, when_h: float) -> float:
        """Pixel of a moment."""
        return self.left + (when_h - self.low_h) / (self.high_h - self.low_h) * (self.right - self.left)

    def date(self, when_h: float) -> np.datetime64:
        """Moment, to the minute."""
        first: np.datetime64 = np.datetime64(str(self.start), "m")
        return first + np.timedelta64(round(when_h * 60), "m")

    def tell(self, when_h: float) -> str:
        """A moment in words, such as ``3 Nov 2025 14:05``."""
        date = self.date(when_h)
        return f"{tell_day(date)} {date.astype('datetime64[Y]')!s} {str(date)[11:16]}"


def tell_day(date: np.datetime64) -> str:
    """A day in words, such as ``3 Nov``."""
    _, month, day = str(date.astype("datetime64[D]")).split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]}"


def find_blocks(parts: pd.DataFrame, names: Mapping[str, str]) -> list[Block]:
    """Parts that follow each other at one place, or on one stretch of way, together.

    A way is told by the place where it ends, which is where the next block begins.
    """
    blocks: list[Block] = []
    keys: list[tuple[bool, str]] = []
    for part in each_row(parts.sort_values(["from_h", "stage_count"], kind="stable")):
        is_way = str(part.activity) in MOVING or (str(part.activity) == "sail" and bool(part.is_work))
        node_id = str(part.node_id)
        key = (
            is_way,
            node_id if not is_way else str(part.resource_id) if str(part.activity) == "sail" else "",
        )
        if not keys or keys[-1] != key:
            keys.append(key)
            blocks.append(Block(names.get(node_id, node_id), is_way))
        blocks[-1].parts.append(part)
    for at, block in enumerate(blocks):
        if block.is_way:
            is_sea = str(block.parts[0].activity) == "sail"
            goal = next(
                (one.name for one in blocks[at + 1 :] if not one.is_way or one.name != block.name), ""
            )
            what = "by ship" if is_sea else "way"
            block.name = f"{what} to {goal}" if goal else f"{what} from {block.name}"
    return blocks


def _draw_block(block: Block, scale: Scale, y: float, pitch: float, is_narrow: bool) -> Markup:
    bar_y = y + (19.0 if is_narrow else (pitch - THICK) / 2)
    text_y = y + 14.0 if is_narrow else bar_y + 12.0
    total_h = sum(part.to_h - part.from_h for part in block.parts)
    amount = numbers.days(total_h, is_short=True) if total_h >= SHORT_H else f"{total_h:.1f}{numbers.SPACE}h"
    room = (scale.right if is_narrow else scale.left) - 14 - estimate_width(amount, 11)
    name = shorten(block.name, room, 12)
    bold = not block.is_way
    parts = [
        tag(
            "line",
            x1=0.0,
            x2=scale.right,
            y1=round(y + pitch, 1),
            y2=round(y + pitch, 1),
            stroke=LINE,
            stroke_width=0.6,
        ),
        draw_text(2.0, text_y, name, 12, INK if bold else MUTED, is_bold=bold),
        draw_text(scale.right if is_narrow else scale.left - 8, text_y, amount, 11, MUTED, "end"),
    ]
    for part in block.parts:
        x0, x1 = scale.x(part.from_h), scale.x(part.to_h)
        words = (
            f"{block.name}, {style_branch(str(part.branch)).name}: {numbers.days(part.to_h - part.from_h)}, "
            f"{scale.tell(part.from_h)} to {scale.tell(part.to_h)}"
        )
        parts.append(draw_bar(str(part.branch), x0, bar_y, max(x1 - x0, 0.8), THICK, words))
    return Markup("".join(parts))


def _draw_dates(scale: Scale, top: float, bottom: float, most: int) -> Markup:
    """Days above the rows: a line at each midnight that is told."""
    span_d = (scale.high_h - scale.low_h) / HOURS_PER_DAY
    step_d = next((step for step in STEPS_D if span_d / step <= most), STEPS_D[-1])
    first = scale.date(scale.low_h).astype("datetime64[D]")
    parts = []
    for number in range(0, int(span_d) + 2, step_d):
        day = first + np.timedelta64(number, "D")
        when_h = float(
            (day.astype("datetime64[m]") - scale.start.astype("datetime64[m]")) / np.timedelta64(60, "m")
        )
        if not scale.low_h <= when_h <= scale.high_h:
            continue
        x = round(scale.x(when_h), 1)
        parts.append(tag("line", x1=x, x2=x, y1=top - 5, y2=bottom, stroke=LINE))
        text = tell_day(day)
        half = estimate_width(text, 11) / 2
        at = min(max(x, scale.left + half - 4), scale.right - half + 6)
        parts.append(
            tag("text", text, x=round(at, 1), y=top - 10, text_anchor="middle", fill=MUTED, font_size=11)
        )
    return Markup("".join(parts))


def _draw_ships(
    parts: pd.DataFrame, sailing: pd.DataFrame | None, scale: Scale, y: float, is_narrow: bool
) -> tuple[Markup, float]:
    """Ships that leave its quays from the time it waits there: a line from port to port, bold for the one it takes."""
    sails = parts[parts["activity"] == "sail"]
    if sailing is None or not len(sailing) or not len(sails):
        return Markup(""), y
    drawn = []
    for quay, own in sails.groupby("resource_id", sort=False, observed=True):
        mine_h = own[own["is_work"].astype(bool)].groupby("stage_count")["from_h"].min().tolist()
        low_h, high_h = float(own["from_h"].min()), max(mine_h, default=float(own["to_h"].max()))
        rows = sailing[(sailing["resource_id"] == quay) & sailing["depart_h"].between(low_h, high_h)]
        text = f"Ships until it has left: {len(rows)}"
        drawn.append(draw_text(2.0, y + 12, text, 11.5, INK))
        y += 20.0 if is_narrow else 2.0
        for row in each_row(rows.sort_values("depart_h")):
            end_h = min(row.arrive_h if np.isfinite(row.arrive_h) else scale.high_h, scale.high_h)
            x0, x1 = scale.x(row.depart_h), scale.x(end_h)
            is_mine = any(abs(row.depart_h - one) < 1e-6 for one in mine_h)
            full = f"{numbers.percent(row.load_share)} full"
            words = f"Leaves {scale.tell(row.depart_h)}, {full}"
            colour = style_branch("moving").fill if is_mine else SHIP_INK
            path = f"M{x0:.1f} {y + 3:.1f}v10M{x0:.1f} {y + 8:.1f}H{x1:.1f}"
            dash = None if is_mine else "5 2.5"
            drawn.append(tag("path", tag("title", words), d=path, stroke=colour, fill="none",
                             stroke_width=3.2 if is_mine else 1.6, stroke_dasharray=dash))  # fmt: skip
            # A ship that takes this cargo and is not filled by it has no known capacity.
            told = (
                full
                if not is_mine
                else f"{full}, with it"
                if row.load_share >= LEAST_TOLD_SHARE
                else "with it"
            )
            drawn.append(_tell_ship(told, x0, x1, y + 11.5, scale))
            y += 15.0
        y += 8.0
    return Markup("".join(drawn)), y


def _tell_ship(text: str, x0: float, x1: float, y: float, scale: Scale) -> Markup:
    """Words after a ship's line, or before it where the chart ends."""
    if x1 + 6 + estimate_width(text, 10.5) <= scale.right + 6:
        return draw_text(x1 + 6, y, text, 10.5, MUTED)
    return draw_text(x0 - 6, y, text, 10.5, MUTED, "end")


def _describe(parts: pd.DataFrame, scale: Scale) -> str:
    hours = (
        (parts["to_h"] - parts["from_h"])
        .groupby(parts["branch"], observed=True)
        .sum()
        .sort_values(ascending=False)
    )
    told = ", ".join(
        f"{style_branch(str(key)).name} {numbers.days(float(value))}" for key, value in hours.items()
    )
    return f"Released {scale.tell(scale.low_h)}, through {scale.tell(scale.high_h)}: {told}."
