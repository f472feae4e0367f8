"""Published values of the CPMM indicators, read from the bundled facts, for ``validation/indicators.py``."""

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.eurasia.facts import FactBook, read_facts
from dehliz.eurasia.load import load
from dehliz.network.rule import map_column

MEASURED_COLUMNS: Final = (
    "indicator",
    "country_id",
    "medium",
    "place",
    "direction",
    "is_whole",
    "year",
    "measured",
    "sample_count",
    "fact_id",
    "is_assumption",
)
"""Columns of the table of published values; ``is_whole`` where it stands for all of a country or of CAREC."""

_METRIC: Final = {
    "border crossing time": "tfi1",
    "border crossing cost": "tfi2",
    "speed without delay": "tfi4_swod",
    "speed with delay": "tfi4_swd",
}
_SECTION: Final = "USD per 500 km per 20 t"
_REGION: Final = "CAREC"
_COUNTRY: Final = re.compile(r"country: ([A-Z]{2}|CAREC)\b")
_CROSSING: Final = re.compile(r"(?P<place>.+), (?P<medium>rail|road), (?P<direction>both|inbound|outbound)")
_COST: Final = re.compile(r"(?P<medium>rail|road) transport cost, (?P<place>.+)")


def list_measured(book: FactBook | None = None) -> pd.DataFrame:
    """Every published value of a CPMM indicator.

    Parameters
    ----------
    book : FactBook, optional
        Facts; the bundled ones when left out.

    Returns
    -------
    DataFrame
        With ``MEASURED_COLUMNS``; ``country_id`` is ``all`` for the mean of all CAREC countries. ``sample_count`` is
        missing throughout: the pages that the facts come from print none.
    """
    facts = (book or read_facts()).fact
    codes = {name: code for code, name in map_column(load(None).country, "country_id", "name").items()}
    rows = [row for fact in each_row(facts) if (row := _read_fact(fact, codes)) is not None]
    return pd.DataFrame(rows, columns=list(MEASURED_COLUMNS))


def _read_fact(fact: Any, codes: Mapping[str, str]) -> dict[str, object] | None:
    if not fact.source_id.startswith("carec-cpmm") or not fact.year.isdecimal():
        return None
    if fact.unit == _SECTION:
        match, indicator = _COST.fullmatch(fact.entity), "tfi3"
    else:
        match, indicator = _CROSSING.fullmatch(fact.entity), _METRIC.get(fact.metric, "")
    if match is None or not indicator or np.isnan(fact.value_mean):
        return None
    place = match["place"]
    name = place.partition(" (")[0].partition(" mean")[0].partition(" all")[0]
    for ending in (" BCPs", " rail", " road"):
        name = name.removesuffix(ending)
    country = _COUNTRY.search(fact.note)
    code = country[1] if country else codes.get(name, _REGION if name == _REGION else "")
    is_whole = name == _REGION or codes.get(name) == code
    if not code:
        return None
    return {
        "indicator": indicator,
        "country_id": "all" if code == _REGION else code,
        "medium": match["medium"],
        "place": place,
        "direction": match.groupdict().get("direction", "both"),
        "is_whole": is_whole,
        "year": int(fact.year),
        "measured": float(fact.value_mean),
        "sample_count": np.nan,
        "fact_id": fact.fact_id,
        "is_assumption": bool(fact.is_assumption),
    }


def pick_measured(
    measured: pd.DataFrame, indicator: str, country_id: str, medium: str, year: int | None
) -> dict[str, Any]:
    """The published value to stand beside the model's, in columns of table ``indicator``.

    Parameters
    ----------
    measured : DataFrame
        From ``list_measured``.
    indicator, country_id, medium : str
        What was measured in the model.
    year : int or None
        Year wanted: the nearest published one is taken, the later of two; the latest when None.

    Returns
    -------
    dict of str to object
        Without value where nothing fits: only means of a whole country over both directions do, and no assumptions.
    """
    fits = measured[
        (measured["indicator"] == indicator)
        & (measured["country_id"] == country_id)
        & (measured["medium"] == medium)
        & (measured["direction"] == "both")
        & measured["is_whole"].astype(bool)
        & ~measured["is_assumption"].astype(bool)
    ]
    if fits.empty:
        return {"measured": np.nan, "measured_year": None, "sample_count": np.nan, "fact_id": ""}
    best = min(each_row(fits), key=lambda row: (abs(row.year - year) if year else 0, -row.year))
    return {
        "measured": best.measured,
        "measured_year": best.year,
        "sample_count": best.sample_count,
        "fact_id": best.fact_id,
    }
