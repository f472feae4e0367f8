"""Two figures of yearly risk: how the estimates settle with the number of drawn years, and how often a loss is passed.

Tables ``risk_convergence``, ``risk_exceedance`` and ``risk`` come in, a ``Figure`` each goes out.
"""

from typing import Final

import numpy as np
import pandas as pd

from dehliz.report.axes import Axes, Points, draw_axes, round_ticks
from dehliz.report.figure import Figure
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import path_text
from dehliz.report.style import ACCENT, BAD, INK, PAPER

WIDTH: Final = 760.0
HEIGHT: Final = 400.0
AREA: Final = (52.0, 44.0, 600.0, 340.0)
"""Left, top, right and bottom of the plot [px]."""
BILLION: Final = 1e9
BAND_OPACITY: Final = 0.18
YEARS: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0)
"""Return periods that carry a tick."""


def draw_convergence(table: pd.DataFrame) -> Figure:
    """Mean and mean of the worst 5 % over the first runs, with their bounds.

    Parameters
    ----------
    table : DataFrame
        ``risk_convergence``.
    """
    counts = table["run_count"].to_numpy(dtype=np.float64)
    place = np.log10(counts / counts[0]) if len(counts) > 1 else np.zeros(1)
    tops = table[["loss_high_usd", "cvar95_high_usd", "cvar95_usd"]].to_numpy(dtype=np.float64)
    ticks = round_ticks(float(np.nanmax(tops)) / BILLION)
    axes = Axes(*AREA, max(float(place[-1]), 1e-9), ticks[-1])
    x_ticks = [float(np.log10(one / counts[0])) for one in _decades(counts[0], counts[-1])]
    parts = [
        draw_axes(
            axes, x_ticks, ticks, lambda at: f"{counts[0] * 10**at:,.0f}", _say_billion, "Drawn years",
            "Loss of a year, billion USD",
        )
    ]  # fmt: skip
    ends = []
    for key, name, colour in (("cvar95", "Worst 5 % of years", BAD), ("loss", "Expected", ACCENT)):
        low, value, high = (
            table[f"{key}{part}_usd"].to_numpy(dtype=np.float64) / BILLION for part in ("_low", "", "_high")
        )
        parts += _draw_band(axes, place, np.maximum(low, 0.0), high, colour)
        line = axes.place(np.column_stack([place, value]))
        parts.append(tag("path", d=path_text(line), fill="none", stroke=colour, stroke_width=2))
        ends.append((float(line[-1, 1]), f"{name} {value[-1]:,.3g}", colour))
    parts += _draw_ends(axes, ends)
    title = "How the estimates settle with the number of drawn years"
    last = table.iloc[-1]
    told = (
        f"After {int(last.run_count):,} years the expected loss is {last.loss_usd / BILLION:,.3g} billion USD a year, "
        f"from {last.loss_low_usd / BILLION:,.3g} to {last.loss_high_usd / BILLION:,.3g}."
    )
    return Figure(WIDTH, HEIGHT, Markup("".join(parts)), title, told)


def draw_exceedance(table: pd.DataFrame, risk: pd.DataFrame) -> Figure:
    """Loss against the mean number of years between years that lose as much.

    Parameters
    ----------
    table : DataFrame
        ``risk_exceedance``.
    risk : DataFrame
        ``risk``; its first row is the system.
    """
    years = 1.0 / table["probability_share"].to_numpy(dtype=np.float64)
    loss = np.maximum(table["loss_usd"].to_numpy(dtype=np.float64) / BILLION, 0.0)
    place = np.log10(years)
    ticks = round_ticks(float(loss.max()))
    axes = Axes(*AREA, max(float(place.max()), 1e-9), ticks[-1])
    x_ticks = [float(np.log10(one)) for one in YEARS if one <= years.max() * 1.0001]
    parts = [
        draw_axes(
            axes, x_ticks, ticks, lambda at: f"{10**at:,.0f}", _say_billion,
            "Years between years that lose as much or more", "Loss of a year, billion USD",
        )
    ]  # fmt: skip
    line = axes.place(np.column_stack([place, loss])[::-1])
    parts.append(tag("path", d=path_text(line), fill="none", stroke=ACCENT, stroke_width=2))
    ends = []
    for level, period in ((99, 100.0), (95, 20.0)):
        value = max(float(risk[f"var{level}_usd"].iloc[0]) / BILLION, 0.0)
        if period <= years.max():
            x, y = axes.x(float(np.log10(period))), axes.y(value)
            parts.append(
                tag("circle", cx=round(x, 1), cy=round(y, 1), r=4, fill=BAD, stroke=PAPER, stroke_width=1.5)
            )
            ends.append((y, f"At risk at {level} %: {value:,.3g}", BAD))
    mean = max(float(risk["loss_usd"].iloc[0]) / BILLION, 0.0)
    y = axes.y(mean)
    parts.append(
        tag(
            "line",
            x1=axes.left,
            x2=axes.right,
            y1=round(y, 1),
            y2=round(y, 1),
            stroke=INK,
            stroke_dasharray="4 3",
        )
    )
    ends.append((y, f"Expected {mean:,.3g}", INK))
    parts += _draw_ends(axes, ends)
    title = "How often a year loses how much"
    told = f"Of {len(table):,} drawn years the worst loses {float(loss.max()):,.3g} billion USD."
    return Figure(WIDTH, HEIGHT, Markup("".join(parts)), title, told)


def _say_billion(value: float) -> str:
    return f"{value:,.4g}"


def _decades(first: float, last: float) -> list[float]:
    """Round numbers of runs between two."""
    found = [
        step * 10.0**power
        for power in range(7)
        for step in (1.0, 2.0, 5.0)
        if first <= step * 10.0**power <= last
    ]
    return found or [first]


def _draw_band(axes: Axes, place: Points, low: Points, high: Points, colour: str) -> list[Markup]:
    known = np.isfinite(low) & np.isfinite(high)
    if known.sum() < 2:
        return []
    upper = np.column_stack([place[known], high[known]])
    lower = np.column_stack([place[known], low[known]])[::-1]
    shape = axes.place(np.vstack([upper, lower]))
    return [tag("path", d=path_text(shape, is_closed=True), fill=colour, fill_opacity=BAND_OPACITY)]


def _draw_ends(axes: Axes, ends: list[tuple[float, str, str]]) -> list[Markup]:
    """Names to the right of the plot, at least a line apart, from above."""
    parts, last = [], -np.inf
    for y, text, colour in sorted(ends):
        last = max(y, last + 16.0)
        parts.append(
            tag(
                "text",
                text,
                x=axes.right + 8,
                y=round(last + 4, 1),
                fill=colour,
                font_size=12,
                font_weight=600,
            )
        )
    return parts
