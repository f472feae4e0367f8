"""Axes of charts: round ticks, grid lines, and the move from quantities to pixels."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dehliz.report.markup import Markup, tag
from dehliz.report.style import INK, LINE, MUTED

Points = npt.NDArray[np.float64]


def round_ticks(greatest: float, count: int = 5) -> list[float]:
    """Round numbers from 0 up to the first at or above the greatest value, about ``count`` of them.

    >>> round_ticks(17.3)
    [0.0, 5.0, 10.0, 15.0, 20.0]
    """
    if greatest <= 0 or not np.isfinite(greatest):
        return [0.0, 1.0]
    raw = greatest / count
    power = 10.0 ** np.floor(np.log10(raw))
    step = min(
        (m * power for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * power >= raw * 0.999), default=10.0 * power
    )
    return [float(step * number) for number in range(int(np.ceil(greatest / step - 1e-9)) + 1)]


@dataclass(frozen=True, slots=True)
class Axes:
    """A plot area and its two scales, both from 0.

    Attributes
    ----------
    left, top, right, bottom : float
        The area [px].
    x_most, y_most : float
        Quantities at the right and upper sides.
    """

    left: float
    top: float
    right: float
    bottom: float
    x_most: float
    y_most: float

    def x(self, value: float) -> float:
        """Pixel of a quantity on the lower axis."""
        return self.left + value / self.x_most * (self.right - self.left)

    def y(self, value: float) -> float:
        """Pixel of a quantity on the left axis."""
        return self.bottom - value / self.y_most * (self.bottom - self.top)

    def place(self, values: Points) -> Points:
        """Pixels of many pairs of quantities, shape (point, 2)."""
        scale = np.array([(self.right - self.left) / self.x_most, (self.top - self.bottom) / self.y_most])
        return np.asarray(np.array([self.left, self.bottom]) + values * scale)


def draw_axes(
    axes: Axes,
    x_ticks: list[float],
    y_ticks: list[float],
    x_text: Callable[[float], str],
    y_text: Callable[[float], str],
    x_name: str,
    y_name: str,
) -> Markup:
    """Grid, tick labels and names of both axes."""
    parts = []
    for value in y_ticks:
        y = round(axes.y(value), 1)
        parts.append(tag("line", x1=axes.left, x2=axes.right, y1=y, y2=y, stroke=LINE if value else MUTED))
        parts.append(
            tag("text", y_text(value), x=axes.left - 6, y=y + 4, text_anchor="end", fill=MUTED, font_size=11)
        )
    for value in x_ticks:
        x = round(axes.x(value), 1)
        parts.append(tag("line", x1=x, x2=x, y1=axes.bottom, y2=axes.bottom + 4, stroke=MUTED))
        parts.append(
            tag(
                "text", x_text(value), x=x, y=axes.bottom + 17, text_anchor="middle", fill=MUTED, font_size=11
            )
        )
    parts.append(tag("text", y_name, x=0, y=axes.top - 12, fill=INK, font_size=11.5, font_weight=600))
    parts.append(
        tag(
            "text",
            x_name,
            x=axes.right,
            y=axes.bottom + 33,
            text_anchor="end",
            fill=INK,
            font_size=11.5,
            font_weight=600,
        )
    )
    return Markup("".join(parts))
