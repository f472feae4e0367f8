"""What pictures of a ranking share: classes of loss, marks of kinds, words.

Classes get darker and wider with the loss and kinds differ by shape, so that no difference rests on colour alone.
"""

from typing import Final

from dehliz.report.markup import Markup, tag
from dehliz.report.style import INK, PAPER

MILLION: Final = 1e6
CLASSES: Final = (
    (0.01, "#8f9aa3", 0.9, "below 0.01"),
    (0.1, "#c9962b", 1.7, "0.01 to 0.1"),
    (1.0, "#d2601a", 2.8, "0.1 to 1"),
    (10.0, "#a3203c", 4.2, "1 to 10"),
    (float("inf"), "#4c0d4f", 6.0, "10 and more"),
)
"""Upper end of each class of loss [M USD/d], colour, width of lines, words."""
GAIN: Final = ("#2a7f9e", 1.7, "less than nothing: shut, others gain")
LEAST_GAIN_USD_D: Final = -1_000.0
"""Gains smaller than this are drawn as no loss."""
COLUMN: Final = {"others": "others_usd_d", "net": "net_usd_d", "transit": "transit_usd_d"}
WORDS: Final = {
    "others": "loss of countries where it does not lie",
    "net": "loss of all, less what others gain",
    "transit": "loss of cargo that only passes its countries",
}
KIND: Final = {
    "country": "country", "border": "border", "passage": "sea passage", "place": "place",
    "line": "ferry or feeder line", "ship": "one ship", "section": "section of line",
}  # fmt: skip
BAR_FILL: Final = {
    "country": "#4c0d4f", "border": "#a3203c", "passage": "#0069a8", "place": "#00664a", "line": "#8f2f72",
    "ship": "#c08bb0", "section": "#8a6d00",
}  # fmt: skip
OTHER_FILL: Final = "#5b5b5b"


def find_class(loss_usd_d: float) -> tuple[str, float]:
    """Colour and width of a loss."""
    if loss_usd_d < LEAST_GAIN_USD_D:
        return GAIN[0], GAIN[1]
    return next((colour, width) for end, colour, width, _ in CLASSES if loss_usd_d < end * MILLION)


def draw_mark(kind: str, x: float, y: float, size: float, fill: str, title: str = "") -> Markup:
    """The mark of a kind: a ring for a country, a diamond for a border, a disc for a place, a square for the rest.

    Parameters
    ----------
    kind : str
        Kind of element.
    x, y : float
        Middle [px].
    size : float
        Radius [px].
    fill : str
        Colour.
    title : str
        Words when pointed at.
    """
    head = tag("title", title) if title else None
    if kind == "country":
        return tag("circle", head, cx=round(x, 1), cy=round(y, 1), r=round(size, 1), fill=fill, fill_opacity=0.16,
                   stroke=fill, stroke_width=2)  # fmt: skip
    if kind == "place":
        return tag("circle", head, cx=round(x, 1), cy=round(y, 1), r=round(size, 1), fill=fill, stroke=PAPER,
                   stroke_width=1.2)  # fmt: skip
    if kind == "border":
        path = (
            f"M{x:.1f} {y - size:.1f}l{size:.1f} {size:.1f}l{-size:.1f} {size:.1f}l{-size:.1f} {-size:.1f}z"
        )
        return tag("path", head, d=path, fill=fill, stroke=PAPER, stroke_width=1.2)
    side = 1.7 * size
    return tag("rect", head, x=round(x - side / 2, 1), y=round(y - side / 2, 1), width=round(side, 1),
               height=round(side, 1), fill=fill, stroke=INK, stroke_width=0.8)  # fmt: skip
