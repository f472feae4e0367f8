"""Reads a published quantity into low, high and mean without adding anything to it.

``12-15`` is a range whose middle is the mean; ``over 90%`` has a lower end only; ``2 x 700`` is a product;
``1.2 million containers`` is a number with a multiplier. Text with several quantities (``15 Mt; 0.1 M TEU``)
or none stays text: its numbers are empty. ``tools/build_eurasia/facts.py`` calls this for every value.
"""

import math
import re
from dataclasses import dataclass

NUMBER = r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d{1,3}(?: \d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?"
RANGE = re.compile(rf"({NUMBER})\s*(?:-|–|to)\s*({NUMBER})")
PRODUCT = re.compile(rf"({NUMBER})\s*x\s*({NUMBER})")
SINGLE = re.compile(
    rf"(?P<word>over|more than|up to|about|under|less than|at least|at most)?\s*(?P<number>{NUMBER})"
    r"\s*(?:(?P<multiple>million|M|bn|billion|trillion)\b)?\s*(?P<unit>[^\d;]*?)\s*(?:\([^()]*\))?"
)
MULTIPLE = {"million": 1e6, "M": 1e6, "bn": 1e9, "billion": 1e9, "trillion": 1e12}
LOWER_WORDS = frozenset({"over", "more than", "at least"})
UPPER_WORDS = frozenset({"up to", "under", "less than", "at most"})
DATE_UNITS = frozenset({"date", "text"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value as published, and its numbers where it has any (NaN where not).

    Attributes
    ----------
    text : str
        The value as published.
    low, high : float
        Ends of a range, or the one end that is stated.
    mean : float
        The number, or the middle of the range.
    """

    text: str
    low: float = math.nan
    high: float = math.nan
    mean: float = math.nan

    @property
    def is_number(self) -> bool:
        """Whether there is a number in it."""
        return not math.isnan(self.mean)


def _read_number(text: str) -> float:
    return float(text.replace(",", "").replace(" ", ""))


def parse_quantity(text: str, unit: str = "") -> Quantity:
    """Numbers of a published value.

    Parameters
    ----------
    text : str
        The value as published; may be empty.
    unit : str
        Its unit; with ``date`` or ``text`` the value is never a number.

    Returns
    -------
    Quantity
        With NaN for every number that the text does not state.
    """
    text = text.strip()
    if not text or unit in DATE_UNITS:
        return Quantity(text)
    if match := RANGE.fullmatch(text):
        low, high = _read_number(match[1]), _read_number(match[2])
        return Quantity(text, low, high, (low + high) / 2) if low < high else Quantity(text)
    if match := PRODUCT.fullmatch(text):
        return Quantity(text, mean=_read_number(match[1]) * _read_number(match[2]))
    if match := SINGLE.fullmatch(text):
        return _read_single(text, match)
    return Quantity(text)


def _read_single(text: str, match: re.Match[str]) -> Quantity:
    if match["unit"].strip().startswith(("-", "+", "x ", ":")):
        return Quantity(text)
    number = _read_number(match["number"]) * MULTIPLE.get(match["multiple"] or "", 1.0)
    word = match["word"] or ""
    return Quantity(
        text,
        low=number if word in LOWER_WORDS else math.nan,
        high=number if word in UPPER_WORDS else math.nan,
        mean=number,
    )


def join_range(low_text: str, high_text: str, mean_text: str) -> Quantity:
    """A quantity from separate low, high and mean cells, any of which may be empty.

    Notes
    -----
    Without a mean, the middle of the ends stands for it; with one end only, that end does, as published.
    """
    low, high, mean = (parse_quantity(text).mean for text in (low_text, high_text, mean_text))
    ends = low_text if low_text == high_text else "-".join(part for part in (low_text, high_text) if part)
    if math.isnan(mean):
        given = [number for number in (low, high) if not math.isnan(number)]
        mean = sum(given) / len(given) if given else math.nan
    text = f"{mean_text} ({ends})" if mean_text and ends else mean_text or ends
    return Quantity(text, low, high, mean)
