"""Sections of the page that show results: the network, all pairs at a glance, each pair, scenario beside scenario."""

from functools import partial

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report import numbers
from dehliz.report.bars import overview_bars, time_bars
from dehliz.report.basemap import BOUNDARY_NOTE
from dehliz.report.cards import cards, compare_table, ways
from dehliz.report.figure import Figure
from dehliz.report.markup import Child, Markup, join, tag
from dehliz.report.network_map import network_map
from dehliz.report.parts import badge, both_sizes, fold, make_table, swatch
from dehliz.report.routes_map import routes_map
from dehliz.report.staircase import staircase
from dehliz.report.story import BASELINE, Pair, Story, best_middle
from dehliz.report.style import MODE_ORDER, STATUS_NAME, style_mode

Drawn = tuple[Markup, list[Figure]]


def network_section(story: Story) -> Drawn:
    """The map of the whole network with its legend and a table of what it holds."""
    map_part, figures = both_sizes(
        lambda is_narrow: network_map(story.tables, is_narrow=is_narrow, book=story.book),
        f"The network: rail, ferries, roads and ocean lanes that the routes are chosen from. {BOUNDARY_NOTE}",
        _network_legend(story),
    )
    section = tag(
        "section",
        tag("h2", "The network", id="network-title"),
        map_part,
        fold("The network in figures", _network_table(story)),
        id="network",
        aria_labelledby="network-title",
    )
    return section, figures


def _network_rows(story: Story) -> pd.DataFrame:
    columns = ["mode_id", "status", "length_km"]
    parts = [story.table(name) for name in ("link", "service_leg")]
    return pd.concat([part[columns] for part in parts if len(part)] or [pd.DataFrame(columns=columns)])


def _network_legend(story: Story) -> Markup:
    present = set(_network_rows(story)["mode_id"])
    items = []
    for mode_id in [mode for mode in reversed(MODE_ORDER) if mode in present]:
        style = style_mode(mode_id)
        line = tag("line", x1=0, x2=34, y1=5, y2=5, stroke=style.colour, stroke_width=style.width * 1.4,
                   stroke_dasharray=style.dash or None)  # fmt: skip
        drawn = tag("svg", line, width=34, height=10, class_="swatch", aria_hidden="true")
        items.append(tag("li", drawn, " ", style.name))
    if (_network_rows(story)["status"] != "open").any():
        items.append(tag("li", "Pale and dotted: closed, planned or under construction"))
    return tag("ul", items, class_="legend", aria_label="Legend")


def _network_table(story: Story) -> Markup:
    rows: list[list[Child]] = []
    for (mode_id, status), group in _network_rows(story).groupby(["mode_id", "status"]):
        name = style_mode(str(mode_id)).name or str(mode_id)
        length_km = float(group["length_km"].sum())
        rows.append(
            [
                name,
                STATUS_NAME.get(str(status), str(status)),
                numbers.count(len(group), "row"),
                numbers.km(length_km),
            ]
        )
    return make_table(
        "Links and services by mode and status", ["Mode", "Status", "Links and services", "Length"], rows
    )


def overview_section(story: Story) -> Drawn:
    """All pairs as small multiples."""
    pairs = {pair.name: pair.by_scenario.get(BASELINE, pair.routes) for pair in story.pairs}
    rows: list[list[Child]] = []
    for pair in story.pairs:
        own = pairs[pair.name].sort_values(["time_h", "corridor_id"])
        texts = [f"{row.corridor_name}: {numbers.days(float(row.time_h))}" for row in each_row(own)]
        rows.append([pair.name, "; ".join(texts)])
    figure, figures = both_sizes(
        lambda is_narrow: overview_bars(pairs, is_narrow=is_narrow),
        "Mean days from terminal to terminal of the best way of each corridor, quickest first, all on one scale.",
        fold(
            "The figures as a table",
            make_table("Days by corridor", ["Journey", "Corridors, quickest first"], rows),
        ),
    )
    section = tag(
        "section", tag("h2", "All journeys at a glance", id="overview-title"), figure, id="overview",
        aria_labelledby="overview-title",
    )  # fmt: skip
    return section, figures


def pair_section(story: Story, pair: Pair) -> Drawn:
    """One pair: map, cards, staircases, parts of the time, all figures."""
    map_part, figures = both_sizes(
        lambda is_narrow: routes_map(
            story.tables,
            pair.routes,
            pair.legs,
            is_narrow=is_narrow,
            title=f"Map of the corridors, {pair.name}",
            book=story.book,
        ),
        "Routes on shared tracks are drawn side by side.",
        _corridor_legend(pair),
    )
    stairs = []
    for quantity in ("time", "cost"):
        draw = partial(_draw_stairs, pair, quantity)
        part, more = both_sizes(draw, STAIR_CAPTION[quantity])
        stairs.append(part)
        figures += more
    bars, more = both_sizes(
        lambda is_narrow: time_bars(pair.routes, is_narrow=is_narrow),
        "Where the time goes: in motion, worked on in terminals and at borders, or waiting.",
    )
    figures += more
    section = tag(
        "section",
        tag("h3", pair.name, id=f"{pair.anchor}-title"),
        tag("p", summarise(story, pair), class_="lead"),
        map_part,
        cards(story, pair),
        tag("div", stairs, class_="two"),
        bars,
        fold("All figures in one table", compare_table(pair)),
        ways(pair),
        id=pair.anchor,
        aria_labelledby=f"{pair.anchor}-title",
        class_="pair",
    )
    return section, figures


STAIR_CAPTION = {
    "time": "Time against distance. Upright steps are terminals, borders and waits; slopes are movement. "
    "The thin line above an end reaches to the time within which 19 of 20 shipments arrive.",
    "cost": "Cost against distance for the same ways.",
}


def _draw_stairs(pair: Pair, quantity: str, is_narrow: bool) -> Figure:
    return staircase(pair.routes, pair.legs, "cost" if quantity == "cost" else "time", is_narrow=is_narrow)


def _corridor_legend(pair: Pair) -> Markup:
    items = [
        tag(
            "li",
            badge(int(row.option), row.corridor_id),
            " ",
            swatch(row.corridor_id),
            " ",
            str(row.corridor_name),
        )
        for row in each_row(pair.routes)
    ]
    return tag("ul", items, class_="legend", aria_label="Corridors")


def summarise(story: Story, pair: Pair) -> Markup:
    """Two sentences: the quickest, the cheapest, and where the Middle Corridor stands."""
    routes = pair.by_scenario.get(BASELINE, pair.routes)
    quick = routes.sort_values(["time_h", "corridor_id"]).iloc[0]
    cheap = routes.sort_values(["cost_usd", "corridor_id"]).iloc[0]
    if len(routes) == 1:
        figures = f"{numbers.days(float(quick['time_h']))}, {numbers.usd(float(quick['cost_usd']))}"
        return join(
            ["One corridor serves this journey: ", tag("b", str(quick["corridor_name"])), f", {figures}."]
        )
    parts: list[Child] = [
        "Quickest: ", tag("b", str(quick["corridor_name"])), f", {numbers.days(float(quick['time_h']))}. ",
        "Cheapest: ", tag("b", str(cheap["corridor_name"])), f", {numbers.usd(float(cheap['cost_usd']))}. ",
    ]  # fmt: skip
    middle = best_middle(story, routes)
    if middle is not None and middle["corridor_id"] != quick["corridor_id"]:
        more_h = float(middle["time_h"]) - float(quick["time_h"])
        parts.append(
            f"The Middle Corridor's best way, {middle['corridor_name']}, takes {numbers.days(float(middle['time_h']))} "
            f"({numbers.signed_days(more_h)}) and costs {numbers.usd(float(middle['cost_usd']))}."
        )
    elif middle is None:
        parts.append("No Middle Corridor way was found.")
    return join(parts)


def scenario_section(story: Story) -> Markup:
    """What each scenario changes for the Middle Corridor, pair by pair."""
    tables = [
        _difference_table(story, key, name) for key, name in story.scenario_name.items() if key != BASELINE
    ]
    if not tables:
        return Markup("")
    return tag(
        "section",
        tag("h2", "With and without", id="scenarios-title"),
        tag("p", SCENARIO_LEAD, class_="lead"),
        tables,
        id="scenarios",
        aria_labelledby="scenarios-title",
    )


SCENARIO_LEAD = (
    "The Middle Corridor's quickest way today, beside the way that the scenario opens; where it opens none, beside the "
    "quickest way under it. A minus is a gain."
)


def _difference_table(story: Story, scenario_id: str, name: str) -> Markup:
    rows: list[list[Child]] = []
    for pair in story.pairs:
        before = best_middle(story, pair.by_scenario.get(BASELINE, pair.routes[:0]))
        under = pair.by_scenario.get(scenario_id, pair.routes[:0])
        best = best_middle(story, under)
        opened = best_middle(story, under[under["corridor_id"].isin(_new_corridors(pair, scenario_id))])
        after = best if opened is None else opened
        verdict = _judge(before, best, opened)
        rows.append([tag("a", pair.name, href=f"#{pair.anchor}"), *_difference(before, after), verdict])
    heads = [
        "Journey",
        "Today",
        "Under the scenario",
        "Time",
        "Cost",
        "Length",
        "Emissions",
        "The new way is",
    ]
    return make_table(name, heads, rows, class_="numbers")


def _new_corridors(pair: Pair, scenario_id: str) -> set[str]:
    known = set(pair.by_scenario.get(BASELINE, pair.routes[:0])["corridor_id"])
    return set(pair.by_scenario.get(scenario_id, pair.routes[:0])["corridor_id"]) - known


def _judge(before: pd.Series | None, best: pd.Series | None, opened: pd.Series | None) -> str:
    """What the way that a scenario opens is to the Middle Corridor."""
    if opened is None:
        return "none"
    if before is None:
        return "the first Middle Corridor way"
    if best is not None and best["corridor_id"] == opened["corridor_id"]:
        return "the quickest Middle Corridor way"
    return "one more choice"


def _difference(before: pd.Series | None, after: pd.Series | None) -> list[Child]:
    shown: list[Child] = [_describe_way(before), _describe_way(after)]
    if before is None or after is None:
        return [*shown, "–", "–", "–", "–"]
    forms = (
        ("time_h", numbers.signed_days),
        ("cost_usd", numbers.signed_usd),
        ("length_km", numbers.signed_km),
        ("emissions_kgco2e", numbers.signed_kgco2e),
    )
    for column, form in forms:
        change = float(after[column]) - float(before[column])
        text = form(change)
        if not text.startswith(("+", numbers.MINUS)):
            shown.append(tag("span", "about equal", class_="same"))
        else:
            shown.append(tag("span", text, class_="gain" if change < 0 else "loss"))
    return shown


def _describe_way(row: pd.Series | None) -> Child:
    if row is None:
        return "no way"
    return f"{row['corridor_name']}, {numbers.days(float(row['time_h']))}"
