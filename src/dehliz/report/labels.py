"""Puts names beside points so that none covers another, the weightiest first.

SVG has no label engine: widths are estimated from the metrics of Helvetica and its like, and each label tries
eight sides of its point. What finds no room is left out, so a crowded map stays readable.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from dehliz.report.markup import Markup, tag
from dehliz.report.style import INK, PAPER

Points = npt.NDArray[np.float64]
# Widths of Helvetica's letters in thousandths of the size (Adobe's font metrics), by groups of equal width.
WIDTHS: Final = {
    letter: width
    for width, letters in {
        191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[]ft", 333: "()-r`", 355: '"', 389: "*", 500: "ckJsvxyz",
        556: "0123456789abdeghnopqu?_$#L", 584: "+<=>~", 611: "FTZ", 667: "ABEKPSVXY&", 722: "CDHNRUw",
        778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1015: "@", 1000: "…→", 400: "°",
    }.items()
    for letter in letters
}  # fmt: skip
OTHER_WIDTH: Final = 600
BOLD_FACTOR: Final = 1.08
# Shift of the label's anchor from the point, in units of (gap, line height), and where the text is anchored.
SIDES: Final = (
    (1.0, 0.35, "start"),
    (-1.0, 0.35, "end"),
    (0.0, -0.55, "middle"),
    (0.0, 1.2, "middle"),
    (0.75, -0.35, "start"),
    (0.75, 1.0, "start"),
    (-0.75, -0.35, "end"),
    (-0.75, 1.0, "end"),
)
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A name and the point it belongs to.

    Attributes
    ----------
    x, y : float
        The point [px].
    text : str
        The name.
    rank : int
        1 is placed first; labels of rank 3 and more are left out rather than laid over lines.
    size : float
        Height of the letters [px].
    is_bold : bool
        Weight.
    colour : str
        Fill.
    gap : float
        Distance from the point [px].
    """

    x: float
    y: float
    text: str
    rank: int = 3
    size: float = 11.0
    is_bold: bool = False
    colour: str = INK
    gap: float = 7.0


@dataclass(slots=True)
class Room:
    """What is taken on a drawing surface.

    Attributes
    ----------
    width, height : float
        Size of the surface [px].
    line_points : array of float, shape (point, 2)
        Points along lines that labels should not cover [px].
    boxes : list of Box
        Places already taken.
    most_covered : int
        How many points of lines a label of rank 3 or more may cover.
    """

    width: float
    height: float
    line_points: Points
    boxes: list[Box] = field(default_factory=list)
    most_covered: int = 3

    def is_free(self, box: Box, margin: float = 1.5) -> bool:
        """Whether a box lies on the surface and off all others."""
        left, top, right, bottom = box
        if left < 2 or top < 2 or right > self.width - 2 or bottom > self.height - 2:
            return False
        return not any(
            left < other[2] + margin
            and right > other[0] - margin
            and top < other[3] + margin
            and bottom > other[1] - margin
            for other in self.boxes
        )

    def count_points(self, box: Box) -> int:
        """How many points of lines a box covers."""
        if len(self.line_points) == 0:
            return 0
        left, top, right, bottom = box
        x, y = self.line_points[:, 0], self.line_points[:, 1]
        return int(np.count_nonzero((x > left) & (x < right) & (y > top) & (y < bottom)))


def estimate_width(text: str, size: float, *, is_bold: bool = False) -> float:
    """Width of a text [px]; letters with accents count as their plain ones."""
    plain = unicodedata.normalize("NFKD", text)
    letters = [letter for letter in plain if not unicodedata.combining(letter)]
    total = sum(WIDTHS.get(letter, OTHER_WIDTH) for letter in letters)
    return total / 1000 * size * (BOLD_FACTOR if is_bold else 1.0)


def place_labels(labels: Sequence[Label], room: Room) -> Markup:
    """Draw as many labels as find room; those of lower rank number first.

    Parameters
    ----------
    labels : sequence of Label
        What to write.
    room : Room
        What is taken; the boxes of placed labels are added to it.

    Returns
    -------
    Markup
        Text elements with a pale halo.
    """
    drawn = []
    for label in sorted(labels, key=lambda label: (label.rank, label.text, label.x)):
        choice = _choose_side(label, room)
        if choice is not None:
            box, x, y, anchor = choice
            room.boxes.append(box)
            drawn.append(draw_text(x, y, label.text, label.size, label.colour, anchor, is_bold=label.is_bold))
    return Markup("".join(drawn))


def _choose_side(label: Label, room: Room) -> tuple[Box, float, float, str] | None:
    width = estimate_width(label.text, label.size, is_bold=label.is_bold)
    best, best_cost = None, np.inf
    for number, (right, down, anchor) in enumerate(SIDES):
        x = label.x + right * label.gap
        y = (
            label.y
            + down * label.size
            + (label.gap * 0.55 * np.sign(down - 0.35) if anchor == "middle" else 0.0)
        )
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        box = (left, y - 0.8 * label.size, left + width, y + 0.25 * label.size)
        if not room.is_free(box):
            continue
        covered = room.count_points(box)
        if covered > room.most_covered and label.rank >= 3:
            continue
        cost = covered + 0.4 * number
        if cost < best_cost:
            best, best_cost = (box, x, y, anchor), cost
    return best


def draw_text(
    x: float,
    y: float,
    text: str,
    size: float,
    colour: str,
    anchor: str = "start",
    *,
    is_bold: bool = False,
    halo: str = PAPER,
) -> Markup:
    """A text element with a halo that keeps it readable over lines."""
    return tag(
        "text",
        text,
        x=round(float(x), 1),
        y=round(float(y), 1),
        font_size=size,
        fill=colour,
        text_anchor=anchor if anchor != "start" else None,
        font_weight=600 if is_bold else None,
        stroke=halo,
        stroke_width=3.0,
        stroke_opacity=0.85,
        stroke_linejoin="round",
        paint_order="stroke",
    )
