"""The way back from an event: performance with the loss triangle above, cargo that waits below, on one axis of days.

Table ``recovery_day`` comes in, a ``Figure`` goes out. The two panels differ by place and words, not colour alone.
"""

from typing import Final

import numpy as np
import pandas as pd

from dehliz.report.axes import Axes, draw_axes, round_ticks
from dehliz.report.figure import Figure
from dehliz.report.markup import Markup, tag
from dehliz.report.plane import path_text
from dehliz.report.style import ACCENT, BAD, INK, MUTED

WIDTH: Final = 1080.0
NARROW_WIDTH: Final = 344.0
HEIGHT: Final = 470.0
TOP: Final = (44.0, 214.0)
"""Upper and lower side of the panel of performance [px]."""
LOW: Final = (272.0, 428.0)
"""The same of the panel of waiting cargo [px]."""
KILO: Final = 1e3


def draw_recovery(
    days: pd.DataFrame, duration_d: float, recovered_d: float, *, is_narrow: bool = False
) -> Figure:
    """Performance and waiting cargo over the days since an event.

    Parameters
    ----------
    days : DataFrame
        Table ``recovery_day``, with rows.
    duration_d : float
        When all is back.
    recovered_d : float
        When performance is at 90% for good; ``inf`` if never.
    is_narrow : bool
        Whether it is for a phone.
    """
    width = NARROW_WIDTH if is_narrow else WIDTH
    last = float(days["end_d"].iloc[-1])
    ticks = [tick for tick in round_ticks(last, 5 if is_narrow else 10) if tick <= last * 1.001]
    right = width - 12.0
    performance = days["performance_share"].to_numpy(dtype=np.float64)
    upper = Axes(46.0, *TOP[:1], right, TOP[1], last, 100.0)
    most = round_ticks(float(days["waiting_t"].max()) / KILO, 4)
    lower = Axes(46.0, LOW[0], right, LOW[1], last, most[-1])
    parts = [
        draw_axes(
            upper,
            ticks,
            [0.0, 25.0, 50.0, 75.0, 90.0, 100.0],
            _say,
            _say,
            "",
            "performance, % of undisturbed",
        ),
        _draw_triangle(upper, days, performance),
        draw_axes(lower, ticks, most, _say, _say, "days since the event", "thousand tonnes that wait"),
        _draw_waiting(lower, days),
        *_draw_mark(upper, lower, duration_d, "all is back", is_narrow, 0),
    ]
    if np.isfinite(recovered_d) and recovered_d > 0.0:
        parts += _draw_mark(upper, lower, recovered_d, "90% for good", is_narrow, 1)
    least = float(performance.min())
    words = (
        f"Performance falls to {least:.0%}; most cargo waiting {float(days['waiting_t'].max()) / KILO:,.1f} thousand "
        f"tonnes; the last has gone on day {last:.0f}."
    )
    return Figure(width, HEIGHT, Markup("".join(parts)), "The event and the way back", words)


def _say(value: float) -> str:
    return f"{value:g}"


def _steps(days: pd.DataFrame, values: np.ndarray) -> np.ndarray:
    """Corners of a line that is level within each row."""
    edges = np.stack([days["start_d"], days["end_d"]], axis=1).reshape(-1)
    return np.stack([edges, np.repeat(values, 2)], axis=1)


def _draw_triangle(axes: Axes, days: pd.DataFrame, performance: np.ndarray) -> Markup:
    """The line of performance, and what is lost above it."""
    line = axes.place(_steps(days, 100.0 * performance))
    roof = axes.place(np.array([[axes.x_most, 100.0], [0.0, 100.0]]))
    area = path_text(np.concatenate((line, roof))) + "Z"
    return Markup(
        tag("path", d=area, fill=BAD, fill_opacity=0.22, stroke="none")
        + tag("path", d=path_text(line), fill="none", stroke=BAD, stroke_width=2.2, stroke_linejoin="round")
    )


def _draw_waiting(axes: Axes, days: pd.DataFrame) -> Markup:
    ends = np.stack([days["end_d"], days["waiting_t"].to_numpy(dtype=np.float64) / KILO], axis=1)
    line = axes.place(np.concatenate((np.zeros((1, 2)), ends)))
    floor = axes.place(np.array([[axes.x_most, 0.0]]))
    area = path_text(np.concatenate((line, floor))) + "Z"
    return Markup(
        tag("path", d=area, fill=ACCENT, fill_opacity=0.2, stroke="none")
        + tag(
            "path", d=path_text(line), fill="none", stroke=ACCENT, stroke_width=2.2, stroke_linejoin="round"
        )
    )


def _draw_mark(upper: Axes, lower: Axes, day: float, words: str, is_narrow: bool, place: int) -> list[Markup]:
    """An upright dashed line through both panels with words beside it."""
    if day > upper.x_most:
        return []
    x = round(upper.x(day), 1)
    is_right = x > 0.75 * upper.right
    y = upper.bottom - 10.0 - 17.0 * place
    text = words if is_narrow else f"{words}, day {day:.3g}"
    return [
        tag("line", x1=x, x2=x, y1=upper.top, y2=upper.bottom, stroke=MUTED, stroke_dasharray="5 4"),
        tag("line", x1=x, x2=x, y1=lower.top, y2=lower.bottom, stroke=MUTED, stroke_dasharray="5 4"),
        tag(
            "text", text, x=x + (-6 if is_right else 6), y=y, text_anchor="end" if is_right else "start", fill=INK,
            font_size=12,
        ),
    ]  # fmt: skip
