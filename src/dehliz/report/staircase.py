"""The staircase: how time and money grow along the way, one line per corridor.

Slopes are movement; upright steps are terminals, borders, gauge changes and waits for ships. The tallest steps
carry their place and height. A thin line above an end reaches to the 95th percentile of the time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import HOURS_PER_DAY
from dehliz.report import numbers
from dehliz.report.axes import Axes, draw_axes, round_ticks
from dehliz.report.canvas import draw_badge
from dehliz.report.figure import Figure
from dehliz.report.labels import Box, Label, Room, draw_text, estimate_width, place_labels
from dehliz.report.lines import MOVING_KINDS
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import path_text, resample
from dehliz.report.style import PAPER, style_corridor

Points = npt.NDArray[np.float64]
Quantity = Literal["time", "cost"]
SMALLEST_STEP_SHARE: Final = 0.035
"""Steps lower than this share of the axis carry no name."""
LONG_FACTOR: Final = 1.7
"""A way this many times longer than the shortest runs off the chart, so that the others keep their detail."""
BADGE_RADIUS: Final = 8.0


@dataclass(frozen=True, slots=True)
class Step:
    """An upright step: where along the way, from which height, how tall, and the place's name."""

    length_km: float
    low: float
    high: float
    name: str


@dataclass(frozen=True, slots=True)
class Stair:
    """One corridor's line: corner points (km, days or USD) and its steps."""

    corridor_id: str
    name: str
    points: Points
    steps: tuple[Step, ...]
    p95: float


def climb(legs: pd.DataFrame, quantity: Quantity) -> tuple[Points, tuple[Step, ...]]:
    """Corners and steps of one route.

    Parameters
    ----------
    legs : DataFrame
        Rows of ``route_leg`` of one option.
    quantity : str
        ``time`` (days) or ``cost`` (USD).

    Returns
    -------
    array of float, shape (corner, 2)
        Distance [km] and time [d] or cost [USD] so far.
    tuple of Step
        The steps; neighbouring ones at one place are joined.
    """
    here_km, here = 0.0, 0.0
    corners = [(0.0, 0.0)]
    steps: list[Step] = []
    for leg in each_row(legs.sort_values("leg")):
        rise, slope = _parts(leg, quantity)
        if rise > 0:
            corners.append((here_km, here + rise))
            if steps and steps[-1].length_km == here_km:
                last = steps.pop()
                steps.append(Step(here_km, last.low, here + rise, last.name))
            else:
                steps.append(Step(here_km, here, here + rise, str(leg.from_name)))
            here += rise
        if leg.kind in MOVING_KINDS:
            here_km, here = here_km + float(leg.length_km), here + slope
            corners.append((here_km, here))
    return np.array(corners), tuple(steps)


def _parts(leg: Any, quantity: Quantity) -> tuple[float, float]:
    """Upright and sloping part of a leg."""
    is_moving = leg.kind in MOVING_KINDS
    if quantity == "time":
        stop_h = float(leg.handling_time_h) + float(leg.waiting_time_h)
        moving_h = float(leg.moving_time_h)
        if not is_moving:
            return (stop_h + moving_h) / HOURS_PER_DAY, 0.0
        return stop_h / HOURS_PER_DAY, moving_h / HOURS_PER_DAY
    cost_usd = float(leg.cost_usd)
    return (0.0, cost_usd) if is_moving else (cost_usd, 0.0)


def staircase(
    routes: pd.DataFrame, legs: pd.DataFrame, quantity: Quantity = "time", *, is_narrow: bool = False
) -> Figure:
    """Time or cost against distance, one line per corridor.

    Parameters
    ----------
    routes : DataFrame
        Rows of ``route``, one per corridor, in the order of their badges.
    legs : DataFrame
        Rows of ``route_leg`` of these options.
    quantity : str
        ``time`` or ``cost``.
    is_narrow : bool
        For a phone.

    Returns
    -------
    Figure
        The chart.
    """
    width, height = (344.0, 340.0) if is_narrow else (530.0, 420.0)
    stairs = [_make_stair(row, legs[legs["option"] == row.option], quantity) for row in each_row(routes)]
    axes, x_ticks, y_ticks = _fit_axes(stairs, quantity, width, height)
    y_name = "Days since departure" if quantity == "time" else "USD spent so far"
    grid = draw_axes(
        axes, x_ticks, y_ticks, numbers.group, _tick_text(y_ticks), "Distance travelled, km", y_name
    )
    lines = [_draw_stair(axes, stair) for stair in sorted(stairs, key=_is_middle)]
    # A surface of its own cuts the lines that run off the plot area.
    plot = tag(
        "svg", lines, x=axes.left, y=axes.top - 8, width=axes.right - axes.left + 6, height=axes.bottom - axes.top + 9,
        viewBox=f"{axes.left} {axes.top - 8} {axes.right - axes.left + 6} {axes.bottom - axes.top + 9}",
    )  # fmt: skip
    names = _draw_names(axes, stairs, quantity, width, height)
    title = "Time against distance" if quantity == "time" else "Cost against distance"
    return Figure(width, height, Markup("".join([grid, plot, names])), title, _describe(stairs, quantity))


def _fit_axes(
    stairs: list[Stair], quantity: Quantity, width: float, height: float
) -> tuple[Axes, list[float], list[float]]:
    """Axes that hold all ways but the very long ones."""
    reach_km = [float(stair.points[-1, 0]) for stair in stairs] or [1.0]
    near = [stair for stair, km in zip(stairs, reach_km, strict=True) if km <= LONG_FACTOR * min(reach_km)]
    x_ticks = round_ticks(max((float(stair.points[-1, 0]) for stair in near), default=1.0), 4)
    tops = [float(np.nanmax([stair.points[-1, 1], stair.p95])) for stair in near]
    y_ticks = round_ticks(max(tops, default=1.0))
    left = 42.0 if quantity == "time" else 54.0
    return Axes(left, 34.0, width - 44.0, height - 42.0, x_ticks[-1], y_ticks[-1]), x_ticks, y_ticks


def _is_middle(stair: Stair) -> bool:
    return stair.corridor_id.startswith("middle") or stair.corridor_id == "zangezur"


def _tick_text(ticks: list[float]) -> Callable[[float], str]:
    digits = 0 if len(ticks) < 2 or float(ticks[1]).is_integer() else 1
    return lambda value: numbers.group(value, digits)


def _make_stair(route: Any, legs: pd.DataFrame, quantity: Quantity) -> Stair:
    points, steps = climb(legs, quantity)
    p95_h = float(route.time_p95_h) if quantity == "time" else np.nan
    return Stair(
        str(route.corridor_id),
        str(route.corridor_name),
        points,
        steps,
        p95_h / HOURS_PER_DAY,
    )


def _describe(stairs: list[Stair], quantity: Quantity) -> str:
    ends = []
    for number, stair in enumerate(stairs, 1):
        reach = float(stair.points[-1, 1])
        amount = numbers.days(reach * HOURS_PER_DAY) if quantity == "time" else numbers.usd(reach)
        ends.append(f"{number} {stair.name}: {amount} over {numbers.km(float(stair.points[-1, 0]))}")
    return "; ".join(ends) + "."


def _draw_stair(axes: Axes, stair: Stair) -> Markup:
    style = style_corridor(stair.corridor_id)
    line = axes.place(stair.points)
    text = path_text(line)
    parts = [
        tag("path", d=text, fill="none", stroke=PAPER, stroke_width=style.width * 0.7 + 2, stroke_opacity=0.8),
        tag(
            "path", tag("title", stair.name), d=text, fill="none", stroke=style.colour,
            stroke_width=max(1.7, style.width * 0.7), stroke_dasharray=style.dash or None,
        ),
    ]  # fmt: skip
    if np.isfinite(stair.p95):
        x, low, high = axes.x(stair.points[-1, 0]), axes.y(stair.points[-1, 1]), axes.y(stair.p95)
        whisker = f"M{x:.1f} {low:.1f}V{high:.1f}M{x - 4:.1f} {high:.1f}h8"
        words = f"{stair.name}: 19 of 20 within {numbers.days(stair.p95 * HOURS_PER_DAY)}"
        parts.append(
            tag("path", tag("title", words), d=whisker, fill="none", stroke=style.colour, stroke_width=1.3)
        )
    return tag("g", parts, stroke_linejoin="round")


def _draw_names(axes: Axes, stairs: list[Stair], quantity: Quantity, width: float, height: float) -> Markup:
    samples = [resample(axes.place(stair.points), 4.0) for stair in stairs]
    for stair in stairs:
        if np.isfinite(stair.p95):
            end_km, end = stair.points[-1]
            samples.append(resample(axes.place(np.array([[end_km, end], [end_km, stair.p95]])), 4.0))
    room = Room(width, height, np.concatenate(samples) if samples else np.empty((0, 2)), most_covered=6)
    room.boxes += [
        (0.0, axes.bottom + 1, width, height),
        (0.0, 0.0, width, axes.top - 10),
        (0.0, 0.0, axes.left - 2, height),
    ]
    badges = _draw_end_badges(axes, stairs, quantity, room)
    labels = [_name_step(axes, stair, step, quantity) for stair in stairs for step in stair.steps]
    tall = _drop_twins([label for label in labels if label is not None])
    return Markup(badges + place_labels(tall[:14], room))


def _drop_twins(labels: list[Label]) -> list[Label]:
    """Steps that many corridors share are named once, the tallest first."""
    kept: list[Label] = []
    for label in sorted(labels, key=lambda label: (label.rank, label.text)):
        if not any(label.text == other.text and abs(label.x - other.x) < 40 for other in kept):
            kept.append(label)
    return kept


def _name_step(axes: Axes, stair: Stair, step: Step, quantity: Quantity) -> Label | None:
    rise = step.high - step.low
    share = rise / axes.y_most
    x, y = axes.x(step.length_km), axes.y((step.low + step.high) / 2)
    if share < SMALLEST_STEP_SHARE or x > axes.right or y < axes.top:
        return None
    amount = (
        f"+{numbers.days(rise * HOURS_PER_DAY, is_short=True)}"
        if quantity == "time"
        else f"+{numbers.usd(rise)}"
    )
    colour = style_corridor(stair.corridor_id).colour
    return Label(x, y, f"{step.name} {amount}", 1000 - round(1000 * share), 10.5, False, colour, gap=6.0)


def _draw_end_badges(axes: Axes, stairs: list[Stair], quantity: Quantity, room: Room) -> Markup:
    """Numbers beside the ends in the order of their heights, moved apart where they would touch.

    A way that runs off the chart gets its number where it leaves, with what it reaches in the end.
    """
    inside = [(number, stair) for number, stair in enumerate(stairs, 1) if stair.points[-1, 0] <= axes.x_most]
    outside = [(number, stair) for number, stair in enumerate(stairs, 1) if stair.points[-1, 0] > axes.x_most]
    drawn = [_draw_cluster(axes, cluster, room) for cluster in _cluster_ends(axes, inside)]
    for number, stair in outside:
        drawn.append(_draw_exit(axes, number, stair, quantity, room))
    return Markup("".join(drawn))


def _cluster_ends(axes: Axes, ends: list[tuple[int, Stair]]) -> list[list[tuple[int, Stair]]]:
    """Ends whose badges would stand above each other, together; from left to right."""
    clusters: list[list[tuple[int, Stair]]] = []
    for item in sorted(ends, key=lambda item: float(item[1].points[-1, 0])):
        x = axes.x(item[1].points[-1, 0])
        if clusters and x - axes.x(clusters[-1][-1][1].points[-1, 0]) < 3 * BADGE_RADIUS:
            clusters[-1].append(item)
        else:
            clusters.append([item])
    return clusters


def _draw_cluster(axes: Axes, ends: list[tuple[int, Stair]], room: Room) -> Markup:
    """Badges right of a group of ends, each joined to its end by a thin line."""
    ordered = sorted(ends, key=lambda item: axes.y(item[1].points[-1, 1]))
    x = max(axes.x(stair.points[-1, 0]) for _, stair in ends) + BADGE_RADIUS + 8
    heights = spread([axes.y(stair.points[-1, 1]) for _, stair in ordered], 2 * BADGE_RADIUS + 1.5)
    drawn = []
    for (number, stair), y in zip(ordered, heights, strict=True):
        start_x, start_y = axes.x(stair.points[-1, 0]), axes.y(stair.points[-1, 1])
        colour = style_corridor(stair.corridor_id).colour
        path = f"M{start_x:.1f} {start_y:.1f}L{x:.1f} {y:.1f}"
        drawn.append(tag("path", d=path, stroke=colour, stroke_width=0.8, stroke_opacity=0.7, fill="none"))
        drawn.append(draw_badge(x, y, number, stair.corridor_id, BADGE_RADIUS))
        room.boxes.append((x - BADGE_RADIUS, y - BADGE_RADIUS, x + BADGE_RADIUS, y + BADGE_RADIUS))
    return Markup("".join(drawn))


def _draw_exit(axes: Axes, number: int, stair: Stair, quantity: Quantity, room: Room) -> Markup:
    height = float(np.interp(axes.x_most, stair.points[:, 0], stair.points[:, 1]))
    reach = float(stair.points[-1, 1])
    amount = numbers.days(reach * HOURS_PER_DAY, is_short=True) if quantity == "time" else numbers.usd(reach)
    text = f"{amount} at {numbers.km(float(stair.points[-1, 0]))} →"
    x, exit_y = axes.right - BADGE_RADIUS - 2, max(axes.y(height), axes.top)
    reach_left = x - BADGE_RADIUS - 8 - estimate_width(text, 10.5, is_bold=True)

    def box_at(y: float) -> Box:
        return (reach_left, y - BADGE_RADIUS, axes.right, y + BADGE_RADIUS)

    steps = sorted(range(-40, 41), key=lambda step: (abs(step), -step))
    spots = [exit_y + step * BADGE_RADIUS for step in steps if abs(step) > 1]
    spots = [y for y in spots if axes.top <= y <= axes.bottom - BADGE_RADIUS]
    free = [y for y in spots if room.is_free(box_at(y), 0.0)] or [exit_y]
    y = min(free, key=lambda y: (room.count_points(box_at(y)) > 2, abs(y - exit_y)))
    room.boxes.append(box_at(y))
    colour = style_corridor(stair.corridor_id).colour
    words = draw_text(x - BADGE_RADIUS - 4, y + 4, text, 10.5, colour, "end", is_bold=True)
    return Markup(words + draw_badge(x, y, number, stair.corridor_id, BADGE_RADIUS))


def spread(heights: list[float], gap: float) -> list[float]:
    """Sorted heights moved apart to at least a gap, as little as possible and in the same order.

    >>> spread([10.0, 11.0], 5.0)
    [8.0, 13.0]
    """
    # Blocks of touching marks: (sum of wanted centres less their places in the block, members).
    blocks: list[tuple[float, int]] = []
    for wanted in heights:
        blocks.append((wanted, 1))
        while len(blocks) > 1:
            (total, count), (last_total, last_count) = blocks[-2], blocks[-1]
            if total / count + gap * count <= last_total / last_count + 1e-9:
                break
            blocks[-2:] = [(total + last_total - gap * count * last_count, count + last_count)]
    return [total / count + gap * place for total, count in blocks for place in range(count)]
