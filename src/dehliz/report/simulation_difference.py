"""What a change does: paired differences with their bounds, a dot and an interval per row, one panel per measure.

Table ``simulated_difference`` with a ``name`` beside each row in, a ``Figure`` out. Both runs have the same draws, so
what is left is the change. A filled dot says that the bounds leave out 0, a hollow one that they do not.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import HOURS_PER_DAY, find_suffix
from dehliz.report import numbers
from dehliz.report.axes import round_ticks
from dehliz.report.bars import shorten
from dehliz.report.figure import Figure
from dehliz.report.labels import draw_text
from dehliz.report.markup import Markup, tag
from dehliz.report.simulation_style import NARROW, WIDE, KeyItem, draw_key, empty_figure
from dehliz.report.style import ACCENT, INK, LINE, MUTED, PAPER

TITLE: Final = "What the change does"
FROM_DAYS_H: Final = 36.0
"""Hours from which on differences are told in days."""


def draw_differences(rows: pd.DataFrame, title: str = TITLE, *, is_narrow: bool = False) -> Figure:
    """Paired differences of two runs.

    Parameters
    ----------
    rows : DataFrame
        Rows of table ``simulated_difference`` (``measure``, ``value``, ``rival_value``, ``value_mean``, ``value_low``,
        ``value_high``, ``is_clear``) with a ``name`` each; a measure's rows make a panel with one scale.
    title : str
        What is compared.
    is_narrow : bool
        For a phone.

    Returns
    -------
    Figure
        The chart.
    """
    known = rows[rows["value_mean"].notna()]
    if not len(known):
        return empty_figure(
            title, "No difference can be told: nobody was observed in both runs.", is_narrow=is_narrow
        )
    width = NARROW if is_narrow else WIDE
    left, right = (12.0, width - 12.0) if is_narrow else (380.0, width - 170.0)
    key, y = draw_key(_key_items(), 2.0 if is_narrow else left, width - 2)
    parts, y = [key], y + 10.0
    for measure, own in known.groupby("measure", sort=False):
        panel, tall = _draw_panel(str(measure), own, left, right, is_narrow)
        parts.append(tag("g", panel, transform=f"translate(0 {y:g})"))
        y += tall
    return Figure(width, y, Markup("".join(parts)), title, _describe(known))


def _key_items() -> list[KeyItem]:
    def draw(is_clear: bool) -> Any:
        return lambda x, y: Markup(
            tag("path", d=f"M{x:.1f} {y}h18", stroke=ACCENT, stroke_width=2)
            + tag(
                "circle",
                cx=round(x + 9, 1),
                cy=y,
                r=4.2,
                fill=ACCENT if is_clear else PAPER,
                stroke=ACCENT,
                stroke_width=1.8,
            )
        )

    return [("difference with its bounds", draw(True)), ("the bounds hold 0: not clear", draw(False))]


def read_scale(measure: str, rows: pd.DataFrame) -> tuple[float, str, int]:
    """By what values are divided, their unit in words, and decimals."""
    reach = float(np.nanmax(np.abs(rows[["value_mean", "value_low", "value_high"]].to_numpy(float))))
    suffix = find_suffix(measure) or ""
    if suffix == "_h":
        return (HOURS_PER_DAY, "days", 1) if reach >= FROM_DAYS_H else (1.0, "hours", 1)
    if suffix == "_share":
        return 0.01, "percentage points", 1
    unit = {"_count": "", "_d": "days"}.get(suffix, suffix.removeprefix("_").replace("_", "/"))
    return 1.0, unit, 0 if reach >= 100 else 1 if reach >= 1 else 2


def _draw_panel(
    measure: str, rows: pd.DataFrame, left: float, right: float, is_narrow: bool
) -> tuple[Markup, float]:
    factor, unit, digits = read_scale(measure, rows)
    ends = rows[["value_mean", "value_low", "value_high"]].to_numpy(float) / factor
    low_ticks, high_ticks = _find_ticks(float(np.nanmin(ends)), float(np.nanmax(ends)))
    ticks = sorted({-tick for tick in low_ticks} | set(high_ticks))
    per = (right - left) / (ticks[-1] - ticks[0])

    def x(value: float) -> float:
        return round(left + (value - ticks[0]) * per, 1)

    pitch, top = (44.0 if is_narrow else 27.0), 24.0
    bottom = top + pitch * len(rows)
    head = tell_measure(measure) + (f" [{unit}]" if unit else "")
    parts = [draw_text(2, 14, head, 13, INK, is_bold=True)]
    for tick in ticks:
        at, text = (
            x(tick),
            numbers.signed(tick, 0 if float(tick).is_integer() else 1 if abs(tick) >= 0.1 else 2),
        )
        is_zero = abs(tick) < 1e-12
        parts.append(tag("line", x1=at, x2=at, y1=top, y2=bottom, stroke=INK if is_zero else LINE,
                         stroke_width=1.2 if is_zero else 1))  # fmt: skip
        parts.append(tag("text", text, x=at, y=bottom + 14, text_anchor="middle", fill=MUTED, font_size=11))
    for number, row in enumerate(each_row(rows)):
        parts.append(_draw_row(row, x, top + pitch * number, left, right, (factor, unit, digits), is_narrow))
    return Markup("".join(parts)), bottom + 34.0


def _find_ticks(least: float, most: float) -> tuple[list[float], list[float]]:
    """Round ticks on both sides of 0, with one step."""
    ticks = round_ticks(max(-least, most, 1e-9), 3)
    step = ticks[1]

    def until(reach: float) -> list[float]:
        return [step * number for number in range(int(np.ceil(max(reach, 0.0) / step - 1e-9)) + 1)]

    low, high = until(-least), until(most)
    if len(low) == 1 and len(high) == 1:
        high = [0.0, step]
    return low, high


def _draw_row(
    row: Any, x: Any, y: float, left: float, right: float, scale: tuple[float, str, int], is_narrow: bool
) -> Markup:
    factor, unit, digits = scale
    middle = y + (32.0 if is_narrow else 14.0)
    mean, low, high = (float(one) / factor for one in (row.value_mean, row.value_low, row.value_high))
    value = f"{numbers.signed(mean, digits)}"
    has_bounds = np.isfinite(low) and np.isfinite(high)
    told = (
        f"{value} ({numbers.signed(low, digits)} to {numbers.signed(high, digits)})" if has_bounds else value
    )
    base, rival = (numbers.group(float(one) / factor, digits) for one in (row.value, row.rival_value))
    words = f"{row.name}: {told} {unit}".rstrip()
    if np.isfinite(row.value) and np.isfinite(row.rival_value):
        words += f", from {base} to {rival}"
    room = right - 130 if is_narrow else left - 18
    parts = [
        draw_text(2, y + 17 if is_narrow else middle + 4, shorten(str(row.name), room, 12), 12, INK),
        draw_text(right + 4 if is_narrow else right + 14, y + 17 if is_narrow else middle + 4, told, 11.5, INK,
                  "end" if is_narrow else "start", is_bold=bool(row.is_clear)),
    ]  # fmt: skip
    if has_bounds:
        top, x_low, x_high = middle - 4, x(low), x(high)
        path = f"M{x_low:.1f} {middle:.1f}H{x_high:.1f}M{x_low:.1f} {top:.1f}v8M{x_high:.1f} {top:.1f}v8"
        parts.append(tag("path", d=path, stroke=ACCENT, stroke_width=2, fill="none"))
    parts.append(tag("circle", tag("title", words), cx=x(mean), cy=round(middle, 1), r=4.6,
                     fill=ACCENT if row.is_clear else PAPER, stroke=ACCENT, stroke_width=1.8))  # fmt: skip
    return Markup("".join(parts))


def tell_measure(measure: str) -> str:
    """A measure in words, without its unit: ``p95_h`` becomes ``95th percentile``."""
    plain = measure.removesuffix(find_suffix(measure) or "")
    known = {"median": "Median time", "mean": "Mean time", "p90": "90th percentile of the time",
             "p95": "95th percentile of the time", "spread": "Spread of the time"}  # fmt: skip
    return known.get(plain, plain.replace("_", " ").capitalize())


def _describe(rows: pd.DataFrame) -> str:
    texts = []
    for measure, own in rows.groupby("measure", sort=False):
        factor, unit, digits = read_scale(str(measure), own)
        for row in each_row(own):
            low, high = (
                numbers.signed(float(one) / factor, digits) for one in (row.value_low, row.value_high)
            )
            mean = numbers.signed(float(row.value_mean) / factor, digits)
            bounds = (
                f" ({low} to {high})" if np.isfinite(row.value_low) and np.isfinite(row.value_high) else ""
            )
            texts.append(f"{row.name}, {tell_measure(str(measure))}: {mean}{bounds} {unit}".rstrip())
    return "; ".join(texts) + "."
