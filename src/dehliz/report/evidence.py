"""Sections of the page that say how far to trust it: validation, what the values stand on, facts, licences, method."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import UNIT_SUFFIX, find_suffix
from dehliz.report import numbers
from dehliz.report.basemap import BOUNDARY_NOTE
from dehliz.report.markup import Child, Markup, join, tag
from dehliz.report.parts import basis_badge, fold, make_table
from dehliz.report.story import Story

CHECK_KIND: Final = {
    "rail_leg": "Rail legs",
    "rail_chain": "Chains of rail legs",
    "sea_lane": "Sea lanes",
    "ferry": "Ferries",
    "through_distance": "Through distances",
    "observed": "Observed times",
    "scheduled": "Scheduled times",
    "claimed": "Claimed times",
    "target": "Target times",
}
UNIT_SHORT: Final = {
    "_km": "km", "_km_h": "km/h", "_h": "h", "_d": "d", "_usd": "USD", "_usd_teu": "USD/TEU", "_usd_t": "USD/t",
    "_usd_teu_km": "USD/TEU-km", "_usd_t_km": "USD/t-km", "_kgco2e_t": "kg CO₂e/t", "_gco2e_tkm": "g CO₂e/t-km",
    "_gco2e_kwh": "g CO₂e/kWh", "_kwh_tkm": "kWh/t-km", "_teu_a": "TEU/year", "_t_a": "t/year",
    "_veh_d": "vehicles/day", "_share": "(share)",
    "_factor": "(factor)", "_score": "points", "_count": "", "_year": "", "_teu": "TEU", "_mm": "mm", "_deg": "°",
}  # fmt: skip


VALIDATION_LEAD: Final = (
    "The model beside what others have published. A length passes within 5% or with a written reason; a time passes "
    "when the published range meets the model's band from the 5th to the 95th percentile. Comparisons whose published "
    "value is itself in the tables prove nothing and are counted apart."
)
VALUES_LEAD: Final = (
    "Every value behind the routes of this page is a published fact, is derived from facts by a stated rule, is fitted "
    "to published figures, or is an assumption of ours. Assumptions carry the range within which we would not be "
    "surprised."
)


def validation_section(story: Story) -> Markup:
    """Model beside measurement: counts by kind, then every comparison."""
    lengths, times = story.table("length_check"), story.table("time_check")
    if not len(lengths) and not len(times):
        return Markup("")
    rows = _count_checks(lengths) + _count_checks(times)
    heads = ["What is compared", "Comparisons", "Passed", "Typical error", "Published value used as input"]
    return tag(
        "section",
        tag("h2", "How sure is it?", id="sure-title"),
        tag("p", VALIDATION_LEAD, class_="lead"),
        make_table("Comparisons with published values", heads, rows, class_="numbers"),
        fold(f"Every length ({len(lengths)})", _length_table(lengths)) if len(lengths) else None,
        fold(f"Every time ({len(times)})", _time_table(story, times)) if len(times) else None,
        id="sure",
        aria_labelledby="sure-title",
    )  # fmt: skip


def _count_checks(checks: pd.DataFrame) -> list[list[Child]]:
    rows: list[list[Child]] = []
    for kind, group in checks.groupby("kind", sort=False) if len(checks) else ():
        is_input = (
            group["is_input"].astype(bool) if "is_input" in group else pd.Series(False, index=group.index)
        )
        proving = group[~is_input]
        passed = int(proving["is_passed"].astype(bool).sum())
        error = float(proving["error_share"].astype(float).abs().median()) if len(proving) else np.nan
        rows.append([
            CHECK_KIND.get(str(kind), str(kind).replace("_", " ").capitalize()),
            numbers.count(len(proving), "comparison"),
            f"{passed} of {len(proving)}",
            numbers.percent(error, 1),
            numbers.count(int(is_input.sum()), "comparison"),
        ])  # fmt: skip
    return rows


def _pass_mark(is_passed: bool) -> Markup:
    word, name = ("✓ passed", "yes") if is_passed else ("✗ not passed", "no")
    return tag("span", word, class_=f"mark {name}")


def _length_table(checks: pd.DataFrame) -> Markup:
    rows: list[list[Child]] = []
    for row in each_row(checks.sort_values(["is_passed", "kind", "name"])):
        reason = str(row.reason) if isinstance(row.reason, str) else ""
        note = "published value is the input" if row.is_input else reason
        rows.append([
            str(row.name), CHECK_KIND.get(row.kind, str(row.kind)), numbers.km(float(row.model_km)),
            numbers.km(float(row.published_km)), _signed_percent(float(row.error_share)),
            _pass_mark(bool(row.is_passed)), note,
        ])  # fmt: skip
    heads = ["Stretch", "Kind", "Model", "Published", "Difference", "Result", "Note"]
    return make_table("Lengths", heads, rows, class_="small", is_sortable=True)


def _time_table(story: Story, checks: pd.DataFrame) -> Markup:
    zones = story.table("zone")
    names = dict(zip(zones["zone_id"], zones["name"], strict=True)) if len(zones) else {}
    rows: list[list[Child]] = []
    for row in each_row(checks):
        corridor = story.corridor_name.get(str(row.corridor_id), str(row.corridor_id or ""))
        rows.append([
            f"{names.get(row.origin_id, row.origin_id)} – {names.get(row.destination_id, row.destination_id)}",
            f"{CHECK_KIND.get(row.kind, row.kind)}, {row.year}" if row.year else CHECK_KIND.get(row.kind, row.kind),
            corridor, numbers.days(24 * float(row.model_d)), _published_days(row),
            _signed_percent(float(row.error_share)),
            _pass_mark(bool(row.is_passed)),
        ])  # fmt: skip
    heads = ["Journey", "Kind and year", "Corridor", "Model, mean", "Published", "Difference", "Result"]
    return make_table("Times", heads, rows, class_="small", is_sortable=True)


def _published_days(row: Any) -> str:
    low, high = float(row.published_low_d), float(row.published_high_d)
    if np.isfinite(low) and np.isfinite(high) and low != high:
        return f"{numbers.group(low)} to {numbers.days(24 * high)}"
    return numbers.days(24 * float(row.published_d))


def _signed_percent(share: float) -> str:
    return f"{numbers.signed(100 * share, 1)}{numbers.SPACE}%" if np.isfinite(share) else numbers.MISSING


def values_section(story: Story) -> Markup:
    """What the values of the routes stand on, and every assumption with its range."""
    values = story.table("value")
    if not len(values):
        return Markup("")
    counts = values["basis"].value_counts()
    tally = [
        tag("li", basis_badge(str(basis)), " ", numbers.count(int(counts[basis]), "value"))
        for basis in ("fact", "derived", "geometry", "calibrated", "assumption")
        if basis in counts
    ]
    folds = [
        _group_fold(values[values["basis"] == basis], basis)
        for basis in ("assumption", "calibrated", "derived")
        if basis in counts
    ]
    return tag(
        "section",
        tag("h2", "What the numbers stand on", id="values-title"),
        tag("p", VALUES_LEAD, class_="lead"),
        tag("ul", tally, class_="tally"),
        folds,
        id="values",
        aria_labelledby="values-title",
    )  # fmt: skip


def _group_fold(values: pd.DataFrame, basis: str) -> Markup:
    """Values of one basis, those of one column with the same rule together."""
    rows: list[list[Child]] = []
    for (table, column, rule), group in values.groupby(["table_name", "column_name", "rule"], sort=True):
        names = sorted(set(group["row_id"].astype(str)))
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        where = f"{numbers.count(len(names), 'row')}: {shown}"
        name, spread = _read_column(str(table), str(column)), _range(group, str(column))
        rows.append([name, _value_range(group, str(column)), spread, str(rule), where])
    title = {"assumption": "Assumptions", "calibrated": "Calibrated values", "derived": "Derived values"}[
        basis
    ]
    heads = ["Quantity", "Value", "Plausible range", "Why", "Where"]
    return fold(
        join([title, f" ({len(values)}, in {len(rows)} kinds)"]), make_table(title, heads, rows, class_="small"),
        is_open=basis == "assumption" and len(rows) <= 12,
    )  # fmt: skip


def _read_column(table: str, column: str) -> str:
    suffix = find_suffix(column)
    words = column.removesuffix(suffix) if suffix else column
    return f"{table.replace('_', ' ')}: {words.replace('_', ' ')}"


def read_unit(column: str) -> str:
    """Unit of a column, short, by its suffix; empty when it has none."""
    suffix = find_suffix(column)
    if suffix is None:
        return ""
    return UNIT_SHORT.get(suffix, UNIT_SUFFIX[suffix])


def _plain(value: float) -> str:
    if float(value).is_integer():
        return numbers.group(value)
    return (
        numbers.group(value, 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 4).rstrip("0").rstrip(".")
    )


def _value_range(group: pd.DataFrame, column: str) -> str:
    found = pd.to_numeric(group["value"], errors="coerce").dropna()
    if not len(found):
        return ", ".join(sorted(set(group["value"].astype(str)))[:3])
    low, high = float(found.min()), float(found.max())
    text = _plain(low) if low == high else f"{_plain(low)} to {_plain(high)}"
    return f"{text}{numbers.SPACE}{read_unit(column)}".strip()


def _range(group: pd.DataFrame, column: str) -> str:
    low, high = float(group["low"].astype(float).min()), float(group["high"].astype(float).max())
    if not np.isfinite(low) or not np.isfinite(high):
        return "–"
    return f"{_plain(float(low))} to {_plain(float(high))}{numbers.SPACE}{read_unit(column)}".strip()


def sources_section(story: Story) -> Markup:
    """Every fact that the results lean on, by topic, with publisher and address."""
    facts, sources = story.table("fact"), story.table("source")
    if not len(facts):
        return Markup("")
    book = {str(row.source_id): row for row in each_row(sources)}
    folds = [
        fold(
            f"{str(topic).replace('_', ' ').capitalize()} ({len(group)})",
            _facts_table(str(topic), group, book),
        )
        for topic, group in facts.sort_values(["topic", "fact_id"]).groupby("topic")
    ]
    weak = int(facts["is_assumption"].astype(bool).sum())
    counts = f"{numbers.count(len(facts), 'fact')} from {numbers.count(len(sources), 'source')}"
    return tag(
        "section",
        tag("h2", "Sources", id="sources-title"),
        tag("p", f"{counts} stand behind this page; {weak} of them are weak or unsourced and are shown as assumptions.",
            class_="lead"),
        folds,
        fold(f"Publishers and terms ({len(sources)})", _sources_table(sources)),
        id="sources",
        aria_labelledby="sources-title",
    )  # fmt: skip


def _facts_table(topic: str, facts: pd.DataFrame, book: Mapping[str, Any]) -> Markup:
    rows: list[list[Child]] = []
    for fact in each_row(facts):
        basis = "assumption" if bool(fact.is_assumption) else "fact"
        source = book.get(str(fact.source_id))
        dates = ", ".join(
            filter(None, (_text(fact.source_date), f"for {fact.year}" if _text(fact.year) else ""))
        )
        rows.append([
            join([f"{fact.entity}: {fact.metric}", tag("small", f" {fact.fact_id}", class_="id")]),
            f"{_text(fact.value)}{numbers.SPACE}{_text(fact.unit)}".strip(),
            join([basis_badge(basis), f" {fact.confidence} confidence"]),
            dates or "no date",
            _source_link(source) if source is not None else "no source",
        ])  # fmt: skip
    heads = ["Fact", "Value as published", "Standing", "Date", "Source"]
    return make_table(topic.replace("_", " ").capitalize(), heads, rows, class_="small", is_sortable=True)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _source_link(source: Any) -> Markup:
    """Publisher and address; only web addresses become links."""
    url = _text(source.url)
    if not url.startswith(("https://", "http://")):
        return join([str(source.publisher), f" {url}" if url else None])
    return join([str(source.publisher), " ", tag("a", url, href=url, rel="noreferrer", class_="url")])


def _sources_table(sources: pd.DataFrame) -> Markup:
    rows: list[list[Child]] = [
        [str(row.publisher), str(row.kind).replace("_", " "), _text(row.licence_note), _text(row.url)]
        for row in each_row(sources.sort_values(["publisher", "source_id"]))
    ]
    return make_table("Publishers", ["Publisher", "Kind", "Terms of use", "Address"], rows, class_="small")


METHOD: Final = (
    "For each journey and corridor the best way through the network is searched by generalised cost (money plus the "
    "value of time); the corridor is named by the gateways that the way passes.",
    "Times run from terminal to terminal: movement, handling in terminals and at borders, and waiting for trains, "
    "ships and slots. The time within which 19 of 20 shipments arrive comes from the spreads of the parts, taken as "
    "independent.",
    "Costs are in US dollars as published, for the whole shipment; emissions are well-to-wheel after ISO 14083 and "
    "include the work of terminals.",
    "Compactness is the length of the way over the great circle between its ends. Stability is the political "
    "stability estimate of the Worldwide Governance Indicators, from about −2.5 (weak) to 2.5 (strong), of the "
    "countries crossed on land.",
    "Closed and planned lines are not used unless a scenario opens them.",
)


def method_section(story: Story) -> Markup:
    """How it was computed, terms of the data, boundaries, and what the run itself noted."""
    notes = [str(note) for note in story.manifest.get("notes", [])]
    facts = [
        ("Study", story.manifest.get("name")),
        ("Network of the year", story.manifest.get("year")),
        ("Shipment", story.shipment),
        ("Status", story.manifest.get("status")),
        ("Dehliz version", story.manifest.get("version")),
        ("Fingerprint of the network", story.manifest.get("network_fingerprint")),
        ("Fingerprint of the study", story.manifest.get("study_hash")),
    ]
    rows = [tag("div", tag("dt", name), tag("dd", str(value))) for name, value in facts if value]
    licences = [str(text) for text in story.manifest.get("licences", LICENCES)]
    return tag(
        "section",
        tag("h2", "Method and terms", id="method-title"),
        tag("ul", [tag("li", text) for text in METHOD]),
        [tag("h3", "Notes of this run"), tag("ul", [tag("li", note) for note in notes])] if notes else None,
        tag("h3", "Terms of the data"),
        tag("ul", [tag("li", text) for text in licences]),
        tag("p", BOUNDARY_NOTE),
        tag("h3", "This run"),
        tag("dl", rows, class_="run"),
        id="method",
        aria_labelledby="method-title",
    )


LICENCES: Final = (
    "Code: Apache-2.0.",
    "Base map: Natural Earth, public domain, by way of world-atlas (ISC).",
    "Shapes of railways: OpenStreetMap contributors, Open Database Licence (ODbL) 1.0.",
    "Facts: single figures quoted with their sources; terms of each publisher are listed under Sources.",
)
