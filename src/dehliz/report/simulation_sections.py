"""Sections of the page of a simulation: each a figure in two sizes, what it says, and its table.

``simulation_page.py`` puts them together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row, find_row
from dehliz.base.units import HOURS_PER_DAY
from dehliz.report import numbers
from dehliz.report import simulation_tables as shown
from dehliz.report.figure import Figure
from dehliz.report.markup import Child, Markup, join, tag
from dehliz.report.parts import both_sizes, make_table, slug
from dehliz.report.simulation_bins import SHARES, bin_samples, tell_quantiles
from dehliz.report.simulation_causes import draw_causes
from dehliz.report.simulation_difference import draw_differences
from dehliz.report.simulation_gantt import draw_gantt
from dehliz.report.simulation_parts import climb_events, split_events
from dehliz.report.simulation_queues import draw_queues
from dehliz.report.simulation_stairs import draw_stairs
from dehliz.report.simulation_tables import fold_table
from dehliz.report.simulation_times import draw_times
from dehliz.report.simulation_words import (
    KEY,
    NO_ROWS,
    Book,
    Tables,
    pick_differences,
    pick_groups,
    pick_resources,
)

MOST_FLOWS: Final = 4
FACTS: Final = ("name", "kind", "low_d", "high_d", "year")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A section, its figures, and where the contents point; no word leaves it out of the contents."""

    markup: Markup
    figures: list[Figure] = field(default_factory=list)
    anchor: str = ""
    word: str = ""


def _section(anchor: str, word: str, title: str, figures: list[Figure], *children: Child) -> Drawn:
    head = tag("h2", title, id=f"{anchor}-title")
    return Drawn(
        tag("section", head, children, id=anchor, aria_labelledby=f"{anchor}-title"), figures, anchor, word
    )


def _name(rows: pd.DataFrame, book: Book, *, has_market: bool = False) -> pd.DataFrame:
    return rows.assign(name=[book.tell(row, has_market=has_market) for row in each_row(rows)])


def time_section(tables: Tables, book: Book) -> Drawn:
    """Distribution of delivery times, published times beside it, and both as tables."""
    times = tables.get("simulated_time", NO_ROWS)
    quantiles, bins = _read_distribution(tables, book)
    checks = tables.get("simulated_time_check", NO_ROWS)
    published = _read_published(checks, book)
    figure, figures = both_sizes(
        lambda is_narrow: draw_times(quantiles, bins, published, is_narrow=is_narrow),
        "Days from release to delivery. Of watched pairs the consignments of all replications are pooled; of all cargo "
        "and corridors, quantiles are means of those of the replications.",
    )
    odds = tables.get("on_time", NO_ROWS)
    return _section(
        "times", "How long", "How long it takes, and how sure", figures, figure,
        fold_table("Times of delivery", _name(times, book, has_market=True), shown.TIMES) if len(times) else None,
        fold_table("Odds of the promise", _name(odds, book, has_market=True), shown.ON_TIME) if len(odds) else None,
        fold_table("Published times beside the model", _name(checks, book), shown.CHECKS) if len(checks) else None,
        _stock(tables, book),
    )  # fmt: skip


def _stock(tables: Tables, book: Book) -> Markup | None:
    rows = tables.get("safety_stock", NO_ROWS)
    return fold_table("Safety stock", _name(rows, book, has_market=True), shown.STOCK) if len(rows) else None


def _read_distribution(tables: Tables, book: Book) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Quantiles and bins of every watched consignment, or the quantiles of groups where these were not kept."""
    probes = tables.get("probe_time", NO_ROWS)
    if len(probes):
        groups = probes.groupby(list(KEY), sort=False, observed=True)["time_h"]
        samples = {book.tell_ids(*map(str, key[:3])): own.to_numpy(float) for key, own in groups}
        return tell_quantiles(samples), bin_samples(samples)
    rows = pick_groups(tables.get("simulated_time", NO_ROWS))
    if "is_few" in rows.columns:
        rows = rows[~rows["is_few"].astype(bool)]
    columns: dict[str, object] = {"name": [book.tell(row) for row in each_row(rows)] if len(rows) else []}
    for name in SHARES:
        source = name.replace("_d", "_h")
        columns[name] = rows[source].to_numpy(float) / HOURS_PER_DAY if source in rows.columns else np.nan
    quantiles = pd.DataFrame(columns)
    return quantiles, pd.DataFrame(columns=["name", "from_d", "to_d", "share"])


def _read_published(checks: pd.DataFrame, book: Book) -> pd.DataFrame:
    rows = []
    for row in each_row(checks) if len(checks) else ():
        low, high = (
            row.published_d if pd.isna(one) else one for one in (row.published_low_d, row.published_high_d)
        )
        rows.append((book.tell(row), str(row.kind), float(low), float(high), str(row.year)))
    return pd.DataFrame(rows, columns=list(FACTS))


def cause_section(tables: Tables, book: Book) -> Drawn:
    """The tree of causes."""
    causes = tables.get("simulated_cause", NO_ROWS)
    named = _name(pick_groups(causes), book) if len(causes) else causes
    figure, figures = both_sizes(
        lambda is_narrow: draw_causes(named, is_narrow=is_narrow),
        "Mean days by cause. Pieces of one pattern are leaves of one branch of the tree; point at one for its name.",
    )
    every = _name(causes, book, has_market=True) if len(causes) else causes
    table = fold_table("Causes of the time", every, shown.CAUSES)
    return _section("causes", "Causes", "What the time goes to", figures, figure, table)


def difference_section(tables: Tables, book: Book, manifest: Mapping[str, Any]) -> Drawn:
    """What a what-if changes; nothing when none was asked for."""
    rows = tables.get("simulated_difference", NO_ROWS)
    what_if = manifest.get("what_if")
    if not len(rows) and not what_if:
        return Drawn(Markup(""))
    told = dict(what_if or {})
    name = str(told.get("name") or "the change")
    chosen, every = pick_differences(rows, book), pick_differences(rows, book, has_corridors=True)
    figure, figures = both_sizes(
        lambda is_narrow: draw_differences(chosen, f"What if: {name}", is_narrow=is_narrow),
        "The what-if less the base, on the same draws, replication by replication. Of many rows without effect, one "
        "in twenty looks clear at bounds of 95%.",
    )
    columns = (("measure", "Measure"), ("value", "Base"), ("rival_value", "What-if"), ("value_mean", "Difference"),
               ("value_low value_high", "Bounds"), ("is_clear", "Clear"))  # fmt: skip
    return _section(
        "what-if", "What if", f"What if: {name}", figures, _tell_what_if(told), figure,
        fold_table("Differences, each in the unit of its measure", every, columns),
    )  # fmt: skip


def _tell_what_if(what_if: Mapping[str, Any]) -> Markup:
    before, after = (str(what_if.get(key) or "") for key in ("base_bottleneck", "other_bottleneck"))
    texts = []
    if what_if.get("status") not in (None, "ok"):
        status = str(what_if["status"]).replace("_", " ")
        texts.append(f"The what-if is {status}: {str(what_if.get('reason') or '').rstrip('.')}.")
    if before or after:
        is_same = before == after
        texts.append(
            f"The first bottleneck stays {before}."
            if is_same
            else f"The first bottleneck moves from {before or 'nowhere'} to {after or 'nowhere'}."
        )
    return tag("p", " ".join(texts), class_="lead") if texts else Markup("")


def queue_section(tables: Tables, manifest: Mapping[str, Any]) -> Drawn:
    """Queues by week and the ranks of bottlenecks."""
    use, rank = tables.get("resource_use", NO_ROWS), tables.get("simulated_bottleneck", NO_ROWS)
    if not len(use):
        use = pd.DataFrame(columns=["resource_id"])
    resource_ids = pick_resources(tables)
    overloaded = list(rank.loc[rank["is_overloaded"].astype(bool), "resource_id"]) if len(rank) else []
    warm_up_h = float((manifest.get("warm_up") or {}).get("end_h", 0.0))
    figure, figures = both_sizes(
        lambda is_narrow: draw_queues(use, resource_ids, warm_up_h, overloaded, is_narrow=is_narrow),
        "Places where cargo waits most, and those that cannot keep up. Each panel has its own scale.",
    )
    ordered = rank.sort_values(["wait_rank_count", "resource_id"]) if len(rank) else rank
    ordered = ordered[(ordered["wait_rank_count"] > 0) | ordered["is_overloaded"]] if len(rank) else ordered
    table = fold_table("Bottlenecks", ordered, shown.BOTTLENECKS, head="Place")
    return _section("queues", "Queues", "Where it waits, week by week", figures, figure, table)


def ship_section(tables: Tables) -> Drawn:
    """Ships, as a table; nothing when none sails."""
    rows = tables.get("ship_use", NO_ROWS)
    if not len(rows):
        return Drawn(Markup(""))
    table = fold_table("Departures in the time observed", rows, shown.SHIPS, head="Quay", is_open=True)
    return _section("ships", "Ships", "Ships and their loads", [], table)


def consignment_sections(tables: Tables, book: Book, manifest: Mapping[str, Any]) -> list[Drawn]:
    """For each flow in the log: staircases over its consignments, and the one of median time on the calendar."""
    event = tables.get("event", NO_ROWS)
    if not len(event):
        return []
    sections = []
    for number, (_, own) in enumerate(event.groupby("flow_id", sort=False, observed=True)):
        if number == MOST_FLOWS:
            break
        sections.append(_draw_flow(own, tables, book, manifest, is_first=number == 0))
    return sections


def _draw_flow(
    event: pd.DataFrame, tables: Tables, book: Book, manifest: Mapping[str, Any], *, is_first: bool
) -> Drawn:
    first = event.iloc[0]
    name = book.tell_ids("", str(first["origin_id"]), str(first["destination_id"]), str(first["market_id"]))
    anchor = f"flow-{slug(str(first['flow_id']))}"
    drawings: list[Markup] = []
    figures: list[Figure] = []
    if "length_km" in event.columns:
        stages = climb_events(event, book.place)
        count = numbers.count(
            float(stages["consignment_count"].iloc[-1]) if len(stages) else 0.0, "consignment"
        )
        words = (
            f"Time against distance: {count} on the most travelled way, with the band of 5 to 95%. Upright steps are "
            "places, slopes are movement.",
            "Cost against distance on the same way, by price.",
        )
        for quantity, caption in zip(("time", "cost"), words, strict=True):
            part, more = both_sizes(partial(_stairs, stages, quantity), caption)
            drawings.append(part)
            figures += more
    chosen = event[event["consignment_id"] == pick_median(event)]
    sailing = tables.get("sailing")
    parts = split_events(chosen, sailing, tables.get("shut"))
    start = np.datetime64(str(manifest.get("start") or "1970-01-01T00"))
    gantt, more = both_sizes(
        lambda is_narrow: draw_gantt(parts, start, book.place, sailing, is_narrow=is_narrow),
        f"Consignment {chosen['consignment_id'].iloc[0]} of the first replication, whose time is the median of its "
        "flow there.",
    )
    two = tag("div", drawings, class_="two") if drawings else None
    word = "On the way" if is_first else ""
    return _section(anchor, word, f"On the way: {name}", figures + more, two, gantt)


def _stairs(stages: pd.DataFrame, quantity: Any, is_narrow: bool) -> Figure:
    return draw_stairs(stages, quantity, is_narrow=is_narrow)


def pick_median(event: pd.DataFrame) -> object:
    """The consignment of median time among those that are through; the first one when none is."""
    groups = event.groupby("consignment_id", sort=False, observed=True)
    ends = groups["end_h"].last()
    is_done = groups["end_h"].count() == groups.size()
    time_h = ends - groups["ready_h"].min()
    known = time_h[is_done].dropna().sort_values(kind="stable")
    return known.index[(len(known) - 1) // 2] if len(known) else event["consignment_id"].iloc[0]


def sources_section(tables: Tables) -> Drawn:
    """Publishers of the published times; nothing when none is shown."""
    checks, facts = tables.get("simulated_time_check", NO_ROWS), tables.get("fact", NO_ROWS)
    sources = tables.get("source", NO_ROWS)
    if not len(checks):
        return Drawn(Markup(""))
    rows: list[list[Child]] = []
    known = set(facts["fact_id"]) if len(facts) else set()
    for fact_id in dict.fromkeys(checks["fact_id"].astype(str)):
        kind = str(find_row(checks, "fact_id", fact_id).kind)
        if fact_id not in known:
            rows.append([fact_id, kind, "not among the tables of the run"])
            continue
        fact = find_row(facts, "fact_id", fact_id)
        entity = join([str(fact.entity), tag("small", f" {fact_id}", class_="id")])
        rows.append([entity, kind, _tell_source(fact, sources)])
    heads = ["Published time", "Kind", "Source"]
    table = make_table("What is held against the model", heads, rows, class_="small", is_sortable=True)
    return _section("sources", "Sources", "Sources of the published times", [], table)


def _tell_source(fact: Any, sources: pd.DataFrame) -> Markup | str:
    if not len(sources) or not (sources["source_id"] == fact.source_id).any():
        return str(fact.source_id)
    source = find_row(sources, "source_id", fact.source_id)
    url = source.url if isinstance(source.url, str) else ""
    link = (
        tag("a", url, href=url, rel="noreferrer", class_="url")
        if url.startswith(("https://", "http://"))
        else url
    )
    return join([str(source.publisher), " ", link])
