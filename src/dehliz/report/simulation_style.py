"""What the figures of a simulation share: branches of the tree of causes, marks of published times, a key that wraps.

Every branch has a fill and a pattern, every kind of published time a shape, so that no difference rests on colour
alone. Before this: ``style.py``. After it: the other ``simulation_*.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from dehliz.report.figure import Figure
from dehliz.report.labels import estimate_width
from dehliz.report.markup import Markup, tag
from dehliz.report.style import ACCENT, BAD, INK, MUTED, PAPER

WIDE: Final = 1080.0
NARROW: Final = 344.0
CELL: Final = 7
"""Side of a pattern's tile [px]."""
KEY_PITCH: Final = 19.0


@dataclass(frozen=True, slots=True)
class BranchStyle:
    """How a branch of the tree of causes is drawn.

    Attributes
    ----------
    name : str
        Words of the key.
    fill : str
        Ground, ``#rrggbb``.
    ink : str
        Colour of text and of the pattern upon it.
    lines : str
        Path of the pattern in a tile of ``CELL`` pixels; empty for none.
    """

    name: str
    fill: str
    ink: str
    lines: str = ""


BRANCH: Final[dict[str, BranchStyle]] = {
    "moving": BranchStyle("moving", "#0069a8", PAPER),
    "handling": BranchStyle("handling", "#e0a100", INK),
    "terminal": BranchStyle("wait at a terminal", "#c9d2d9", INK),
    "border": BranchStyle("border and gauge", "#f0b79a", INK, "M0 3.5H7"),
    "ship": BranchStyle("wait for a ship or berth", "#e3bcd9", INK, "M-1 8L8-1M-1 1L1-1M6 8L8 6"),
    "closure": BranchStyle("shut: weather, hours", "#ffffff", "#a33b00", "M-1 8L8-1M-1-1L8 8"),
    "queue": BranchStyle("wait for a path or place", "#bfe3d5", INK, "M3.5 0V7"),
    "wagon": BranchStyle("wait for a wagon", "#f3e7b0", INK, "M2.5 3.5h2"),
}
"""Branches of table ``simulated_cause``, in the order in which they are stacked."""
OTHER_BRANCH: Final = BranchStyle("other", "#eef2f4", INK)

CAUSE: Final[dict[str, str]] = {
    "land": "by land", "sea": "at sea", "handle": "handling", "wait": "wait at a terminal",
    "border": "work at a border",
    "border_queue": "queue at a border", "ship_full": "wait for a ship that fills", "berth": "wait for a berth",
    "ship_clock": "wait for the timetable", "weather": "shut by weather", "hours": "closed hours, holidays",
    "path": "wait for a path or place", "wagon": "wait for a wagon",
}  # fmt: skip
"""Words of the leaves."""

KIND: Final[dict[str, tuple[str, str]]] = {
    "observed": ("observed", INK),
    "scheduled": ("scheduled", ACCENT),
    "claimed": ("claimed", BAD),
    "target": ("target", "#6b3f8f"),
}
"""Kinds of published times: words and colour; shapes are in ``draw_kind``."""
OTHER_KIND: Final = ("other", MUTED)


def style_branch(branch: str) -> BranchStyle:
    """The style of a branch; a plain one when the table has none."""
    return BRANCH.get(branch, OTHER_BRANCH)


def pattern_defs(branches: Sequence[str]) -> dict[str, Markup]:
    """Patterns of branches by id, for ``Figure.shared``; equal ids are equal drawings."""
    found = {}
    for branch in branches:
        style = style_branch(branch)
        if style.lines:
            name = f"branch-{branch}"
            found[name] = tag(
                "pattern", tag("rect", width=CELL, height=CELL, fill=style.fill),
                tag("path", d=style.lines, stroke=style.ink, stroke_width=0.9, stroke_opacity=0.75, fill="none"),
                id=name, width=CELL, height=CELL, patternUnits="userSpaceOnUse",
            )  # fmt: skip
    return found


def fill_branch(branch: str) -> str:
    """Value of ``fill`` for a branch: its pattern, or its plain colour."""
    style = style_branch(branch)
    return f"url(#branch-{branch})" if style.lines else style.fill


def draw_kind(kind: str, x: float, y: float, words: str = "") -> Markup:
    """Mark of a published time: disc observed, square scheduled, hollow diamond claimed, hollow triangle target."""
    colour = KIND.get(kind, OTHER_KIND)[1]
    title = tag("title", words) if words else None
    x, y = round(x, 1), round(y, 1)
    if kind == "observed":
        return tag("circle", title, cx=x, cy=y, r=4.4, fill=colour, stroke=PAPER, stroke_width=1)
    if kind == "scheduled":
        return tag(
            "rect", title, x=x - 4, y=y - 4, width=8, height=8, fill=colour, stroke=PAPER, stroke_width=1
        )
    shape = {
        "claimed": f"M{x:.1f} {y - 5.2:.1f}l5.2 5.2l-5.2 5.2l-5.2-5.2Z",
        "target": f"M{x:.1f} {y - 5:.1f}l5 9h-10Z",
    }
    path = shape.get(kind, f"M{x - 4:.1f} {y - 4:.1f}l8 8m0-8l-8 8")
    return tag("path", title, d=path, fill=PAPER, stroke=colour, stroke_width=1.8)


KeyItem = tuple[str, Callable[[float, float], Markup]]
"""Words, and what draws the sign: gets the left end and the middle height of a space of 18 px."""


def draw_key(items: Sequence[KeyItem], left: float, right: float) -> tuple[Markup, float]:
    """The key above a figure, in as many lines as it needs.

    Parameters
    ----------
    items : sequence of KeyItem
        What is explained.
    left, right : float
        Room across [px].

    Returns
    -------
    Markup
        The key.
    float
        Its height [px].
    """
    x, y, parts = left, 9.0, []
    for words, draw in items:
        width = 24 + estimate_width(words, 12)
        if x > left and x + width > right:
            x, y = left, y + KEY_PITCH
        parts.append(draw(x, y))
        parts.append(tag("text", words, x=round(x + 23, 1), y=y + 4.2, fill=INK, font_size=12))
        x += width + 18
    return Markup("".join(parts)), (y + 12.0 if items else 0.0)


def key_branches(branches: Sequence[str]) -> list[KeyItem]:
    """Key items of branches, in their own order."""

    def swatch(branch: str) -> Callable[[float, float], Markup]:
        return lambda x, y: tag(
            "rect",
            x=round(x, 1),
            y=y - 6.5,
            width=17,
            height=13,
            fill=fill_branch(branch),
            stroke=MUTED,
            stroke_width=0.7,
        )

    ordered = [one for one in BRANCH if one in branches] + sorted(set(branches) - set(BRANCH))
    return [(style_branch(branch).name, swatch(branch)) for branch in ordered]


def draw_bar(branch: str, x: float, y: float, width: float, height: float, words: str) -> Markup:
    """A piece of a bar in its branch's fill and pattern."""
    return tag(
        "rect", tag("title", words), x=round(x, 1), y=round(y, 1), width=round(max(width, 0.0), 1),
        height=round(height, 1), fill=fill_branch(branch),
        stroke=MUTED if style_branch(branch).lines else PAPER, stroke_width=0.7,
    )  # fmt: skip


def empty_figure(title: str, words: str, *, is_narrow: bool) -> Figure:
    """A figure that says that there is nothing to draw, and why."""
    width = NARROW if is_narrow else WIDE
    text = tag("text", words, x=4, y=24, fill=MUTED, font_size=12 if is_narrow else 13)
    return Figure(width, 40.0, text, title, words)
