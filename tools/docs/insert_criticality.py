"""Tables of ``docs/background/criticality.md``: what is worth most, and the worst pairs."""

from functools import cache
from typing import Final

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.study.critical import Criticality, CriticalSettings, criticality
from tools.docs.markdown import table

MILLION: Final = 1e6
WATCHED: Final = ("KZ", "AZ")
FIRST_COUNT: Final = 10
KINDS: Final = ("country", "border", "passage", "place", "line", "ship")
SETTINGS: Final = CriticalSettings(kinds=KINDS, paired_count=12, worker_count=2)


@cache
def find() -> Criticality:
    """The ranking that the page tells."""
    return criticality(2024, SETTINGS)


def make_criticality_ranking() -> str:
    """The first ten of all kinds, of countries, and of what is no country."""
    found = find()
    losses = found.tables()["criticality"]
    countries = losses[losses["kind"] == "country"]
    named = countries[countries["element_id"].isin(WATCHED)]
    places = [
        f"{row.name} is {countries['element_id'].tolist().index(row.element_id) + 1} of {len(countries)}"
        for row in each_row(named)
    ]
    half_d = 0.5 * SETTINGS.duration_d
    head = (
        f"2024, each shut for {SETTINGS.duration_d:g} days (whoever waits does so for {half_d:g} days on average). "
        f"{len(losses)} countries, borders, passages, places, lines and ships carry cargo; "
        f"{found.status.replace('_', ' ')}. {found.gainer_count} of them are worth less than nothing.\n\n"
    )
    return (
        head + "Countries, by what the rest loses:\n\n" + _table(countries.head(FIRST_COUNT))
        + f"\nOf the watched ones, {' and '.join(places)}.\n\nAll else:\n\n"
        + _table(losses[losses["kind"] != "country"].head(FIRST_COUNT))
    )  # fmt: skip


def _table(rows: pd.DataFrame) -> str:
    titles = (
        "",
        "kind",
        "Mt a year>",
        "to the rest, M USD/d>",
        "net, M USD/d>",
        "in transit>",
        "waits, kt/d>",
        "no way>",
    )
    return table(titles, [
        (
            row.name, row.kind, f"{row.volume_t_d * DAYS_PER_YEAR / MILLION:.1f}", _million(row.others_usd_d),
            _million(row.net_usd_d), _million(row.transit_usd_d), f"{row.held_t_d / 1e3:.1f}", f"{row.cut_share:.0%}",
        )
        for row in each_row(rows)
    ])  # fmt: skip


def make_criticality_pairs() -> str:
    """The ten pairs that cost most beyond both alone."""
    found = find().tables()["criticality_pair"]
    pairs = found.sort_values("beyond_usd_d", ascending=False, kind="stable").head(FIRST_COUNT)
    titles = ("both", "to the rest, M USD/d>", "net, M USD/d>", "beyond both alone>", "no way>")
    return table(titles, [
        (
            row.name, _million(row.others_usd_d), _million(row.net_usd_d), _million(row.beyond_usd_d),
            f"{row.cut_share:.0%}",
        )
        for row in each_row(pairs)
    ])  # fmt: skip


def _million(value: float) -> str:
    return f"{round(value / MILLION, 2) + 0.0:.2f}"
