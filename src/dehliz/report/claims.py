"""The claims made for the Middle Corridor, pair by pair, and the one sentence that sums them up."""

from typing import Any, Final

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report import numbers
from dehliz.report.markup import Markup, join, tag
from dehliz.report.parts import make_table
from dehliz.report.story import BASELINE, Pair, Story

CLAIMS: Final = ("compact", "stable", "faster")
QUESTION: Final = {
    "compact": "Compact?",
    "stable": "Stable?",
    "faster": "Faster?",
}
MEANING: Final = {
    "compact": "the way is shorter, against the great circle, than that of every rival",
    "stable": "the countries crossed are more stable on average, weighted by length",
    "faster": "the mean door-to-door time is less than that of every rival",
}


def count_claims(claims: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """For each claim: for how many pairs it holds, of how many tested."""
    counted = {}
    for claim in CLAIMS:
        own = claims[claims["claim"] == claim] if len(claims) else claims
        counted[claim] = (int(own["holds"].astype(bool).sum()) if len(own) else 0, len(own))
    return counted


def claims_of(story: Story, scenario_id: str = BASELINE) -> pd.DataFrame:
    """Rows of ``claim`` of one scenario."""
    claims = story.table("claim")
    if not len(claims) or "scenario_id" not in claims.columns:
        return claims
    return claims[claims["scenario_id"].replace("", BASELINE).fillna(BASELINE) == scenario_id]


def answer(story: Story) -> str:
    """The report's finding in one sentence.

    Returns
    -------
    str
        For how many pairs each claim holds.
    """
    if story.manifest.get("answer"):
        return str(story.manifest["answer"])
    counted = count_claims(claims_of(story))
    tested = max(total for _, total in counted.values())
    if tested == 0:
        compared = numbers.count(len(story.pairs), "journey")
        return f"{compared} compared; the claims for the Middle Corridor could not be tested on them."
    compact, stable, faster = (str(counted[claim][0]) if counted[claim][0] else "none" for claim in CLAIMS)
    return (
        f"Of {numbers.count(tested, 'journey')}, the Middle Corridor is the most compact way on {compact}, "
        f"the fastest on {faster}, and crosses the most stable countries on {stable}."
    )


def claim_section(story: Story) -> Markup:
    """The table of claims with its explanation."""
    rows = []
    baseline = claims_of(story)
    others = {key: claims_of(story, key) for key in story.scenario_name if key != BASELINE}
    for pair in story.pairs:
        link = tag("a", pair.name, href=f"#{pair.anchor}")
        cells = [_cell(story, baseline, others, pair, claim) for claim in CLAIMS]
        rows.append([link, *cells])
    counted = count_claims(baseline)
    sums = [tag("strong", f"holds for {held} of {total}") for held, total in counted.values()]
    meanings = [tag("li", tag("strong", f"{claim.capitalize()}: "), MEANING[claim], ".") for claim in CLAIMS]
    return tag(
        "section",
        tag("h2", "The answer in one table", id="answer-title"),
        tag("p", "Three things are said of the Middle Corridor. A claim holds only where the corridor's best way beats "
            "the best way of every rival corridor; a draw is not a win.", class_="lead"),
        make_table(
            "Where the claims hold, and by how much",
            ["Journey", *(QUESTION[claim] for claim in CLAIMS)],
            [*rows, ["All journeys", *sums]],
            class_="claims",
        ),
        tag("ul", meanings, class_="meanings"),
        id="answer",
        aria_labelledby="answer-title",
    )  # fmt: skip


def _find(claims: pd.DataFrame, pair: Pair, claim: str) -> Any | None:
    if not len(claims):
        return None
    is_own = (claims["origin_id"] == pair.origin_id) & (claims["destination_id"] == pair.destination_id)
    return next(each_row(claims[is_own & (claims["claim"] == claim)]), None)


def _cell(
    story: Story, baseline: pd.DataFrame, others: dict[str, pd.DataFrame], pair: Pair, claim: str
) -> Markup:
    row = _find(baseline, pair, claim)
    if row is None:
        return tag("span", "not tested: no Middle Corridor way, or no rival", class_="figures")
    parts = [mark(bool(row.holds)), _figures(story, row, claim)]
    for key, table in others.items():
        other = _find(table, pair, claim)
        if other is not None and bool(other.holds) != bool(row.holds):
            words = "holds" if other.holds else "does not hold"
            parts.append(
                tag("span", f"{words} in scenario “{story.scenario_name[key]}”", class_="figures changed")
            )
    return join(parts)


def mark(holds: bool) -> Markup:
    """Yes or no, as a sign and a word."""
    sign, word, name = ("✓", "holds", "yes") if holds else ("✗", "does not hold", "no")
    return tag("span", tag("span", sign, aria_hidden="true"), f" {word}", class_=f"mark {name}")


def _figures(story: Story, row: Any, claim: str) -> Markup:
    if pd.isna(row.value) or pd.isna(row.rival_value):
        return tag("span", str(row.text) if isinstance(row.text, str) else "", class_="figures")
    form = {"compact": numbers.factor, "stable": numbers.score, "faster": numbers.days}[claim]
    rival = story.corridor_name.get(str(row.rival_corridor_id), str(row.rival_corridor_id))
    unit = " points" if claim == "stable" else ""
    own = tag("b", form(float(row.value)), unit)
    return tag("span", own, " against ", form(float(row.rival_value)), unit, f" ({rival})", class_="figures")
