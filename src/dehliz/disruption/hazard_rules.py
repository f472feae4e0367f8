"""Rules of the table ``hazard`` that look at more than one column, and of changes to rates."""

from typing import Final

import numpy as np

from dehliz.base.errors import Issue
from dehliz.base.sheet import Faults, Rule, Sheet, rows_where, texts_of

KINDS_OF_TARGET: Final = (
    "border", "country", "link", "mode", "passage", "service_leg", "terminal",
)  # fmt: skip
EFFECTS: Final = ("capacity_factor", "time_factor", "waiting_add_h", "tariff_factor")

HAZARD_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "hazard.targets.form",
            f"A target is a node id, or one of {', '.join(f'{kind}:ID' for kind in KINDS_OF_TARGET)}",
            "Correct the target",
        ),
        Rule(
            "hazard.is_closed.effect",
            f"A hazard closes, or changes one of {', '.join(EFFECTS)}",
            "Write what it does",
        ),
        Rule(
            "hazard.is_closed.alone",
            "What is closed has no capacity, time, waiting or tariff",
            "Leave the other effects empty, or let it be open",
        ),
        Rule(
            "hazard.rate_per_a.range",
            "The rate lies between the ends of the range believed possible",
            "Correct one of rate_low_per_a, rate_per_a, rate_high_per_a",
        ),
        Rule(
            "hazard.first_month.season",
            "A season has a first and a last month",
            "Fill in the other month, or leave both empty",
        ),
        Rule(
            "hazard.duration_spread_d.form",
            "A length of the form lognormal has a spread, one of another form has none",
            "Write duration_spread_d, or leave it empty",
        ),
        Rule(
            "hazard.to_year.order", "A hazard holds from from_year to to_year", "Correct one of the two years"
        ),
        Rule(
            "hazard.country_id.instability",
            "A hazard of the kind instability names the country whose borders are shut, one row for each",
            "Write the country, or choose another kind",
        ),
    )
}
"""Rules of one's own table of hazards, beside those of its columns."""

RATE_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "hazard.rate.known",
            "A rate belongs to a hazard, or to country:ID of a country with a hazard of the kind instability",
            "Choose a hazard of the table",
        ),
        Rule("hazard.rate.bounds", "A number of times per year from 0 to 365", "Correct the number"),
        Rule(
            "hazard.draw.factor",
            "A factor of a rate or of a length is a number above 0 that is not too large",
            "Correct the factor",
        ),
        Rule(
            "hazard.draw.kind", "A factor belongs to a kind of hazard", "Choose a kind of the data dictionary"
        ),
    )
}
"""Rules of changes to hazards by settings."""


def check_hazards(sheet: Sheet) -> list[Issue]:
    """Everything that breaks the rules of a typed table of hazards."""
    finders = {
        "hazard.targets.form": _find_bad_targets,
        "hazard.is_closed.effect": _find_no_effect,
        "hazard.is_closed.alone": _find_closed_and_more,
        "hazard.rate_per_a.range": _find_out_of_range,
        "hazard.first_month.season": _find_half_seasons,
        "hazard.duration_spread_d.form": _find_wrong_spreads,
        "hazard.to_year.order": _find_turned_years,
        "hazard.country_id.instability": _find_no_country,
    }
    return [
        issue
        for name, find in finders.items()
        for issue in sheet.find(HAZARD_RULES[name], name.split(".")[1], find(sheet))
    ]


def _find_bad_targets(sheet: Sheet) -> Faults:
    faults: dict[int, str] = {}
    for row, cell in enumerate(texts_of(sheet.frame["targets"])):
        wrong = [token for token in cell.split(";") if cell and not _is_target(token)]
        if wrong:
            faults[row] = ", ".join(f"'{token}'" for token in wrong)
    return faults


def _is_target(token: str) -> bool:
    kind, colon, name = token.partition(":")
    return bool(name) and ":" not in name and kind in KINDS_OF_TARGET if colon else bool(token)


def _is_given(sheet: Sheet) -> np.ndarray:
    return np.asarray(sheet.frame[list(EFFECTS)].notna().any(axis=1).to_numpy(), dtype=bool)


def _is_closed(sheet: Sheet) -> np.ndarray:
    return np.asarray(sheet.frame["is_closed"].fillna(False).to_numpy(), dtype=bool)


def _find_no_effect(sheet: Sheet) -> Faults:
    return dict.fromkeys(rows_where(~_is_closed(sheet) & ~_is_given(sheet)), "it does nothing")


def _find_closed_and_more(sheet: Sheet) -> Faults:
    given = {name: sheet.frame[name].notna().to_numpy() for name in EFFECTS}
    return {
        row: f"closed, and {' and '.join(name for name in EFFECTS if given[name][row])}"
        for row in rows_where(_is_closed(sheet) & _is_given(sheet))
    }


def _find_out_of_range(sheet: Sheet) -> Faults:
    low, rate, high = (
        sheet.frame[name].to_numpy(dtype=float)
        for name in ("rate_low_per_a", "rate_per_a", "rate_high_per_a")
    )
    return {
        row: f"{rate[row]:g}, with a range from {low[row]:g} to {high[row]:g}"
        for row in rows_where((rate < low) | (rate > high))
    }


def _find_half_seasons(sheet: Sheet) -> Faults:
    first, last = (sheet.frame[name].isna().to_numpy() for name in ("first_month", "last_month"))
    return {row: "no last_month" if last[row] else "no first_month" for row in rows_where(first != last)}


def _find_wrong_spreads(sheet: Sheet) -> Faults:
    is_bare = sheet.frame["duration_spread_d"].isna().to_numpy()
    forms = texts_of(sheet.frame["duration_form"])
    return {
        row: f"{form}, {'without a spread' if is_bare[row] else 'with a spread'}"
        for row, form in enumerate(forms)
        if form and (form == "lognormal") == is_bare[row]
    }


def _find_turned_years(sheet: Sheet) -> Faults:
    first, last = (sheet.frame[name].to_numpy(dtype=float) for name in ("from_year", "to_year"))
    return {row: f"from {first[row]:g} to {last[row]:g}" for row in rows_where(last < first)}


def _find_no_country(sheet: Sheet) -> Faults:
    faults: dict[int, str] = {}
    seen: set[str] = set()
    pairs = zip(texts_of(sheet.frame["kind"]), texts_of(sheet.frame["country_id"]), strict=True)
    for row, (kind, country) in enumerate(pairs):
        if kind == "instability" and (not country or country in seen):
            faults[row] = f"'{country}' once more" if country else "no country"
        if kind == "instability":
            seen.add(country)
    return faults
