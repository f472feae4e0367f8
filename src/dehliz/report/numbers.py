"""Numbers as people read them: rounded, in groups of three, always with a unit.

Groups are parted by a narrow no-break space, numbers and units by a no-break space, and a minus is a minus
sign. A missing number is an en dash with the words "not known" for those who listen.
"""

import math
from typing import Final

from dehliz.base.units import HOURS_PER_DAY

THIN: Final = "\u202f"
SPACE: Final = "\u00a0"
MINUS: Final = "\u2212"
MISSING: Final = "not known"


def group(value: float, digits: int = 0) -> str:
    """A number with thin spaces between groups of three and a true minus sign; no unit.

    >>> group(-12345.6, 1)
    '−12\u202f345.6'
    """
    text = f"{abs(value):,.{digits}f}".replace(",", THIN)
    is_zero = not any(letter in "123456789" for letter in text)
    return f"{MINUS}{text}" if value < 0 and not is_zero else text


def signed(value: float, digits: int = 0) -> str:
    """The same with a plus for what is above zero."""
    text = group(value, digits)
    return (
        text
        if text.startswith(MINUS) or value <= 0 or not any(c in "123456789" for c in text)
        else f"+{text}"
    )


def _with_unit(value: float, text: str, unit: str) -> str:
    return f"{text}{SPACE}{unit}" if math.isfinite(value) else MISSING


def km(value_km: float) -> str:
    """Kilometres: to 10 km from 1 000 on, else to 1 km."""
    if not math.isfinite(value_km):
        return MISSING
    step = 10 if abs(value_km) >= 1000 else 1
    return _with_unit(value_km, group(round(value_km / step) * step), "km")


def days(value_h: float, *, is_short: bool = False) -> str:
    """Hours as days with one decimal.

    Parameters
    ----------
    value_h : float
        Hours.
    is_short : bool
        Write ``d`` instead of ``days``.
    """
    if not math.isfinite(value_h):
        return MISSING
    return _with_unit(value_h, group(value_h / HOURS_PER_DAY, 1), "d" if is_short else "days")


def usd(value_usd: float) -> str:
    """Dollars to the nearest 10."""
    if not math.isfinite(value_usd):
        return MISSING
    return f"USD{SPACE}{group(round(value_usd / 10) * 10)}"


def kgco2e(value_kgco2e: float) -> str:
    """Kilograms of CO2 equivalent to the nearest 10; tonnes with one decimal from 10 t on."""
    if not math.isfinite(value_kgco2e):
        return MISSING
    if abs(value_kgco2e) >= 10_000:
        return _with_unit(value_kgco2e, group(value_kgco2e / 1000, 1), "t CO₂e")
    return _with_unit(value_kgco2e, group(round(value_kgco2e / 10) * 10), "kg CO₂e")


def score(value_score: float) -> str:
    """A governance score with two decimals; its scale is about -2.5 to 2.5."""
    return group(value_score, 2) if math.isfinite(value_score) else MISSING


def factor(value_factor: float) -> str:
    """A ratio with two decimals and a times sign."""
    return f"{group(value_factor, 2)}{SPACE}×" if math.isfinite(value_factor) else MISSING


def percent(value_share: float, digits: int = 0) -> str:
    """A share as per cent."""
    return f"{group(100 * value_share, digits)}{SPACE}%" if math.isfinite(value_share) else MISSING


def signed_days(value_h: float) -> str:
    """A difference of hours as days, with its sign."""
    return f"{signed(value_h / HOURS_PER_DAY, 1)}{SPACE}days" if math.isfinite(value_h) else MISSING


def signed_usd(value_usd: float) -> str:
    """A difference of dollars, with its sign, to the nearest 10."""
    return f"{signed(round(value_usd / 10) * 10)}{SPACE}USD" if math.isfinite(value_usd) else MISSING


def signed_km(value_km: float) -> str:
    """A difference of kilometres, with its sign."""
    return f"{signed(round(value_km))}{SPACE}km" if math.isfinite(value_km) else MISSING


def signed_kgco2e(value_kgco2e: float) -> str:
    """A difference of emissions, with its sign, to the nearest 10 kg."""
    return (
        f"{signed(round(value_kgco2e / 10) * 10)}{SPACE}kg CO₂e" if math.isfinite(value_kgco2e) else MISSING
    )


def count(value: float, one: str, many: str = "") -> str:
    """A whole number of things with the right word: ``1 border``, ``3 borders``."""
    if not math.isfinite(value):
        return MISSING
    number = round(value)
    word = one if number == 1 else (many or f"{one}s")
    return f"{group(number)}{SPACE}{word}"
