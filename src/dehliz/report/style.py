"""The one style table: colours, widths and dashes of modes, corridors and bars, for every figure.

Colours start from Okabe and Ito's set (*Color Universal Design*, 2008), darkened until each stands out from
land and sea by at least 3 to 1, and from white by 4.5 to 1 where it carries text. Corridors of a family share a
hue and differ by dash, so that no difference rests on colour alone. Tests compute the contrasts.
"""

from dataclasses import dataclass
from typing import Final

SEA: Final = "#e6eef3"
LAND: Final = "#fbf9f4"
COAST: Final = "#a9bcc8"
BORDER: Final = "#cbc5b8"
INK: Final = "#1d2b36"
MUTED: Final = "#53626d"
LINE: Final = "#d6dde2"
PAPER: Final = "#ffffff"
ACCENT: Final = "#0b4f7d"
GOOD: Final = "#00664a"
BAD: Final = "#a33b00"
FONT: Final = "'Helvetica Neue', Arial, 'Liberation Sans', 'Noto Sans', sans-serif"
"""Fonts of figures: all of one width, so that estimates of label sizes hold."""


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How a line is drawn.

    Attributes
    ----------
    colour : str
        Stroke, ``#rrggbb``.
    width : float
        Stroke width [px].
    dash : str
        Dash pattern of SVG, or empty for a whole line.
    name : str
        Words of the legend; empty when the table's own name is used.
    """

    colour: str
    width: float
    dash: str = ""
    name: str = ""


MODE: Final[dict[str, LineStyle]] = {
    "rail_1520": LineStyle("#0072b2", 1.7, "", "Rail, 1520 mm gauge"),
    "rail_1435": LineStyle("#b4470b", 1.7, "", "Rail, 1435 mm gauge"),
    "sea_container": LineStyle("#4f7f96", 1.1, "1 2.6", "Container ship"),
    "rail_ferry": LineStyle("#8f2f72", 2.1, "6 2.5", "Rail ferry"),
    "roro": LineStyle("#8f2f72", 1.6, "2 2.5", "Truck ferry (ro-ro)"),
    "road": LineStyle("#8a6d00", 0.9, "5 2", "Road"),
    "barge": LineStyle("#00735a", 1.5, "7 2 2 2", "Barge"),
    "pipeline": LineStyle("#5b5b5b", 1.0, "1 3", "Pipeline"),
}
OTHER_MODE: Final = LineStyle("#5b5b5b", 1.2, "", "")
MODE_ORDER: Final = (
    "sea_container",
    "pipeline",
    "road",
    "barge",
    "rail_1435",
    "rail_1520",
    "roro",
    "rail_ferry",
)
"""Drawn in this order, the last on top."""
STATUS_OPACITY: Final = {"open": 1.0, "closed": 0.4, "under_construction": 0.75, "planned": 0.6}
STATUS_NAME: Final = {
    "open": "open",
    "closed": "closed",
    "under_construction": "under construction",
    "planned": "planned",
}

CORRIDOR: Final[dict[str, LineStyle]] = {
    "middle_btk": LineStyle("#0069a8", 3.4),
    "middle_black_sea": LineStyle("#0069a8", 3.0, "8 3.5"),
    "middle_caspian": LineStyle("#0069a8", 3.0, "2.5 3"),
    "zangezur": LineStyle("#c24a00", 3.4),
    "northern_malaszewicze": LineStyle("#93397a", 2.8),
    "northern_kaliningrad": LineStyle("#93397a", 2.8, "8 3.5"),
    "northern_other": LineStyle("#93397a", 2.8, "2.5 3"),
    "caspian_north": LineStyle("#6b4a1e", 2.8, "10 3 2 3"),
    "suez": LineStyle("#00715a", 2.6),
    "cape": LineStyle("#00715a", 2.6, "8 3.5"),
    "southern_iran": LineStyle("#664b00", 2.8),
    "lapis_lazuli": LineStyle("#664b00", 2.8, "8 3.5"),
    "southern_turkmenistan": LineStyle("#664b00", 2.8, "2.5 3"),
    "instc_west": LineStyle("#4a4f57", 2.6),
    "instc_east": LineStyle("#4a4f57", 2.6, "8 3.5"),
    "instc_caspian": LineStyle("#4a4f57", 2.6, "2.5 3"),
}
SPARE_COLOURS: Final = ("#6b4a1e", "#3d5a17", "#5a3fa0", "#8c1d3f")
SPARE_DASHES: Final = ("", "8 3.5", "2.5 3")

PHASE: Final[dict[str, tuple[str, str, str]]] = {
    "moving_time_h": ("moving", "#0069a8", PAPER),
    "handling_time_h": ("handling", "#e0a100", INK),
    "waiting_time_h": ("waiting", "#c9d2d9", INK),
}
"""Parts of a route's time: name, fill, colour of the text upon it."""

BASIS: Final[dict[str, tuple[str, str, str]]] = {
    "fact": ("fact", "#00664a", "#e3f3ec"),
    "derived": ("derived", "#0b4f7d", "#e4eff7"),
    "geometry": ("measured on the map", "#0b4f7d", "#e4eff7"),
    "calibrated": ("calibrated", "#6b3f8f", "#f1e9f7"),
    "assumption": ("assumption", "#8a3b00", "#fdeee0"),
}
"""Badges of what a number stands on: words, colour of text, colour of ground."""


def style_corridor(corridor_id: str) -> LineStyle:
    """The line of a corridor; one not in the table gets a spare one that depends on its id only.

    Parameters
    ----------
    corridor_id : str
        Identifier, such as ``middle_btk``.

    Returns
    -------
    LineStyle
        Colour, width and dash.
    """
    if corridor_id in CORRIDOR:
        return CORRIDOR[corridor_id]
    number = sum(position * ord(letter) for position, letter in enumerate(corridor_id, 1))
    dash = SPARE_DASHES[number // len(SPARE_COLOURS) % len(SPARE_DASHES)]
    return LineStyle(SPARE_COLOURS[number % len(SPARE_COLOURS)], 2.6, dash)


def style_mode(mode_id: str) -> LineStyle:
    """The line of a mode; a plain grey one when the table has none."""
    return MODE.get(mode_id, OTHER_MODE)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours by WCAG 2.2, from 1 to 21.

    Parameters
    ----------
    first, second : str
        Colours as ``#rrggbb``.
    """
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of a colour by WCAG 2.2, from 0 to 1."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
