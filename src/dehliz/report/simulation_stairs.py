"""The staircase of a simulated flow: time or money against distance, stage by stage, with the band of 5 to 95%.

Slopes are movement, upright steps are what happens at a place, in the colour of their cause; the tallest carry place
and height. As ``staircase.py`` does for routes; frames of ``simulation_parts.climb_events`` in, a ``Figure`` out.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import HOURS_PER_DAY
from dehliz.report import numbers
from dehliz.report.axes import Axes, draw_axes, round_ticks
from dehliz.report.figure import Figure
from dehliz.report.labels import Label, Room, place_labels
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import path_text, resample
from dehliz.report.simulation_style import KeyItem, draw_key, empty_figure, style_branch
from dehliz.report.style import ACCENT, INK, PAPER

Points = npt.NDArray[np.float64]
Quantity = Literal["time", "cost"]
TITLE: Final = {"time": "Time against distance, simulated", "cost": "Cost against distance, simulated"}
BAND: Final = "#bcd7e8"
SMALLEST_SHARE: Final = 0.03
"""Steps lower than this share of the axis carry no name."""
STEP_COLOUR: Final = {
    "moving": "#0069a8", "handling": "#9a6e00", "terminal": "#53626d", "border": "#b4470b", "ship": "#8f2f72",
    "closure": "#a33b00", "queue": "#00664a", "wagon": "#6b4a1e",
}  # fmt: skip
"""Darker than the fills of bars, for thin lines and letters on white."""


@dataclass(frozen=True, slots=True)
class Rise:
    """An upright step: where, from which height to which, place and branch."""

    length_km: float
    low: float
    high: float
    name: str
    branch: str


def draw_stairs(stages: pd.DataFrame, quantity: Quantity = "time", *, is_narrow: bool = False) -> Figure:
    """Time or cost against distance for one simulated flow.

    Parameters
    ----------
    stages : DataFrame
        As ``climb_events`` returns them.
    quantity : str
        ``time`` or ``cost``.
    is_narrow : bool
        For a phone.

    Returns
    -------
    Figure
        The chart. The band is drawn for the time only: the price of a stage is not drawn at random.
    """
    column = "time_h" if quantity == "time" else "cost_usd"
    if not len(stages) or stages[column].isna().all():
        words = "No consignment came through: there is no time to draw."
        if len(stages):
            words = "The cost of these stages is not known."
        return empty_figure(TITLE[quantity], words, is_narrow=is_narrow)
    width, height = (344.0, 380.0) if is_narrow else (530.0, 440.0)
    points, rises = find_rises(stages, quantity)
    band = _find_band(stages) if quantity == "time" else np.empty((0, 2))
    top = float(max(points[:, 1].max(), band[:, 1].max() if len(band) else 0.0))
    x_ticks, y_ticks = round_ticks(float(points[-1, 0]), 4), round_ticks(top)
    key, key_height = draw_key(_key_items(rises, quantity), 2.0, width - 2)
    left = 42.0 if quantity == "time" else 54.0
    axes = Axes(left, key_height + 30.0, width - 20.0, key_height + height - 42.0, x_ticks[-1], y_ticks[-1])
    digits = 0 if all(float(tick).is_integer() for tick in y_ticks) else 1
    y_name = "Days since release" if quantity == "time" else "USD spent so far"
    grid = draw_axes(
        axes,
        x_ticks,
        y_ticks,
        numbers.group,
        lambda value: numbers.group(value, digits),
        "Distance travelled, km",
        y_name,
    )
    body = [key, grid, _draw_band(axes, band), _draw_line(axes, points), *_draw_rises(axes, rises, quantity)]
    body.append(_draw_names(axes, points, rises, quantity, width, key_height + height))
    return Figure(
        width, key_height + height, Markup("".join(body)), TITLE[quantity], _describe(stages, quantity)
    )


def find_rises(stages: pd.DataFrame, quantity: Quantity) -> tuple[Points, tuple[Rise, ...]]:
    """Corners of the line (km; days or USD), and its upright steps; neighbours of one place and branch are joined."""
    scale = HOURS_PER_DAY if quantity == "time" else 1.0
    column = "time_h" if quantity == "time" else "cost_usd"
    here_km = here = 0.0
    corners = [(0.0, 0.0)]
    rises: list[Rise] = []
    for stage in each_row(stages):
        km, reach = float(stage.length_km), float(getattr(stage, column)) / scale
        if not np.isfinite(reach):
            break
        corners.append((km, reach))
        if km == here_km and reach > here:
            one = Rise(km, here, reach, str(stage.name), str(stage.branch))
            if rises and (rises[-1].length_km, rises[-1].name, rises[-1].branch) == (
                km,
                one.name,
                one.branch,
            ):
                one = Rise(km, rises.pop().low, reach, one.name, one.branch)
            rises.append(one)
        here_km, here = km, reach
    return np.array(corners), tuple(rises)


def _find_band(stages: pd.DataFrame) -> Points:
    """Ring of the 5th percentiles forwards and the 95th backwards [km, d]."""
    km = np.concatenate([[0.0], stages["length_km"].to_numpy(float)])
    low, high = (
        np.concatenate([[0.0], stages[name].to_numpy(float) / HOURS_PER_DAY])
        for name in ("time_low_h", "time_high_h")
    )
    return np.concatenate([np.column_stack([km, low]), np.column_stack([km, high])[::-1]])


def _key_items(rises: tuple[Rise, ...], quantity: Quantity) -> list[KeyItem]:
    items: list[KeyItem] = []
    if quantity == "time":
        items.append(
            ("5 to 95%", lambda x, y: tag("rect", x=round(x, 1), y=y - 6, width=17, height=12, fill=BAND))
        )
    items.append((
        "mean" if quantity == "time" else "by price",
        lambda x, y: tag("path", d=f"M{x:.1f} {y + 5}L{x + 17:.1f} {y - 5}", stroke=ACCENT, stroke_width=2.4),
    ))  # fmt: skip
    for branch in [one for one in STEP_COLOUR if one in {rise.branch for rise in rises}]:

        def draw(x: float, y: float, branch: str = branch) -> Markup:
            return tag("path", d=f"M{x + 8:.1f} {y - 7}v14", stroke=STEP_COLOUR[branch], stroke_width=4)

        items.append((style_branch(branch).name, draw))
    return items


def _draw_band(axes: Axes, band: Points) -> Markup:
    if not len(band):
        return Markup("")
    return tag("path", d=path_text(axes.place(band), is_closed=True), fill=BAND, stroke="none")


def _draw_line(axes: Axes, points: Points) -> Markup:
    path = path_text(axes.place(points))
    return tag("path", d=path, fill="none", stroke=ACCENT, stroke_width=2.4, stroke_linejoin="round")


def _draw_rises(axes: Axes, rises: tuple[Rise, ...], quantity: Quantity) -> list[Markup]:
    parts = []
    for rise in rises:
        x, low, high = axes.x(rise.length_km), axes.y(rise.low), axes.y(rise.high)
        words = f"{rise.name}, {style_branch(rise.branch).name}: {_amount(rise, quantity)}"
        colour = STEP_COLOUR.get(rise.branch, INK)
        path = f"M{x:.1f} {low:.1f}V{high:.1f}"
        parts.append(tag("path", tag("title", words), d=path, stroke=colour, stroke_width=4, fill="none"))
    x, y = (
        axes.place(np.array([[rises[-1].length_km, rises[-1].high]]))[0]
        if rises
        else (axes.left, axes.bottom)
    )
    parts.append(tag("circle", cx=round(float(x), 1), cy=round(float(y), 1), r=4, fill=ACCENT, stroke=PAPER))
    return parts


def _amount(rise: Rise, quantity: Quantity) -> str:
    if quantity == "time":
        return f"+{numbers.days((rise.high - rise.low) * HOURS_PER_DAY, is_short=True)}"
    return f"+{numbers.usd(rise.high - rise.low)}"


def _draw_names(
    axes: Axes, points: Points, rises: tuple[Rise, ...], quantity: Quantity, width: float, height: float
) -> Markup:
    """Places of the tallest steps, whatever their causes."""
    room = Room(width, height, resample(axes.place(points), 4.0), most_covered=2)
    room.boxes += [
        (0.0, axes.bottom + 1, width, height),
        (0.0, 0.0, width, axes.top - 10),
        (0.0, 0.0, axes.left - 2, height),
    ]
    labels = []
    for rise in _join_places(rises):
        share = (rise.high - rise.low) / axes.y_most
        if share >= SMALLEST_SHARE:
            x, y = axes.x(rise.length_km), axes.y((rise.low + rise.high) / 2)
            text = f"{rise.name} {_amount(rise, quantity)}"
            labels.append(Label(x, y, text, 1000 - round(1000 * share), 10.5, False, INK, gap=7.0))
    return place_labels(labels[:16], room)


def _join_places(rises: tuple[Rise, ...]) -> list[Rise]:
    """Steps above each other at one place as one, named after it."""
    joined: list[Rise] = []
    for rise in rises:
        if joined and joined[-1].length_km == rise.length_km and joined[-1].high == rise.low:
            last = joined.pop()
            joined.append(Rise(rise.length_km, last.low, rise.high, last.name, last.branch))
        else:
            joined.append(rise)
    return joined


def _describe(stages: pd.DataFrame, quantity: Quantity) -> str:
    last = stages.iloc[-1]
    way = f"over {numbers.km(float(last['length_km']))}"
    if quantity == "cost":
        return f"{numbers.usd(float(last['cost_usd']))} {way}."
    mean, low, high = (numbers.days(float(last[name])) for name in ("time_h", "time_low_h", "time_high_h"))
    count = numbers.count(float(last["consignment_count"]), "consignment")
    return f"Mean {mean} {way}, 5 to 95% from {low} to {high}; {count}."
