"""Corridor cards: one corridor's figures at a glance, the best of each marked, its legs on demand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import HOURS_PER_DAY
from dehliz.report import numbers
from dehliz.report.markup import Child, Markup, join, tag
from dehliz.report.parts import badge, fold, make_table
from dehliz.report.story import Pair, Story
from dehliz.report.style import style_corridor, style_mode


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a card.

    Attributes
    ----------
    column : str
        Column of ``route``.
    name : str
        Words for people.
    form : callable
        Number to text, with its unit.
    is_less_better : bool or None
        What is best; None when nothing is.
    """

    column: str
    name: str
    form: Callable[[float], str]
    is_less_better: bool | None


def _times(one: str, many: str = "") -> Callable[[float], str]:
    return lambda value: numbers.count(value, one, many)


def _points(value_score: float) -> str:
    text = numbers.score(value_score)
    return text if text == numbers.MISSING else f"{text}{numbers.SPACE}points"


MEASURES: Final = (
    Measure("time_h", "Mean time", numbers.days, True),
    Measure("time_p95_h", "19 of 20 within", numbers.days, True),
    Measure("cost_usd", "Cost", numbers.usd, True),
    Measure("emissions_kgco2e", "Emissions", numbers.kgco2e, True),
    Measure("length_km", "Length", numbers.km, True),
    Measure("compactness_factor", "Against the great circle", numbers.factor, True),
    Measure("border_count", "Borders", _times("border"), True),
    Measure("gauge_change_count", "Gauge changes", _times("gauge change"), True),
    Measure("transshipment_count", "Transshipments", _times("transshipment"), True),
    Measure("stability_mean_score", "Stability, mean", _points, False),
    Measure("stability_worst_score", "Stability, least", _points, False),
)
MINOR: Final = ("border_count", "gauge_change_count", "transshipment_count")
"""Measures on which many corridors draw: the best is marked only when it stands alone."""


def find_best(routes: pd.DataFrame) -> dict[str, set[int]]:
    """Options that are best in each measure; draws are all named, except where they say little."""
    best: dict[str, set[int]] = {}
    for measure in MEASURES:
        values = routes[measure.column].astype(float)
        if measure.is_less_better is None or values.isna().all() or len(routes) < 2:
            continue
        most = values.min() if measure.is_less_better else values.max()
        winners = {int(option) for option in routes.loc[np.isclose(values, most), "option"]}
        if len(winners) == 1 or (measure.column not in MINOR and len(winners) < len(routes)):
            best[measure.column] = winners
    return best


def cards(story: Story, pair: Pair) -> Markup:
    """A card for each corridor of a pair, in a list."""
    best = find_best(pair.routes)
    items = [tag("li", _card(story, row, best)) for row in each_row(pair.routes)]
    return tag("ul", items, class_="cards", aria_label=f"Corridors from {pair.origin} to {pair.destination}")


def _card(story: Story, route: Any, best: dict[str, set[int]]) -> Markup:
    option = int(route.option)
    head = tag("h4", badge(option, route.corridor_id), " ", str(route.corridor_name))
    only = None
    if route.is_only_with:
        name = story.scenario_name.get(str(route.is_only_with), str(route.is_only_with))
        only = tag("p", f"Not open today. Only in scenario “{name}”.", class_="only")
    big = tag(
        "p",
        tag("span", numbers.days(float(route.time_h)), class_="big"),
        _best_mark(best, "time_h", option),
        tag(
            "span",
            f"19 of 20 within {numbers.days(float(route.time_p95_h))}",
            _best_mark(best, "time_p95_h", option),
            class_="under",
        ),
        class_="hero",
    )
    rows = [_figure(measure, route, best) for measure in MEASURES[2:] if measure.column not in MINOR]
    counts = [_chip(measure, route, best) for measure in MEASURES if measure.column in MINOR]
    return tag(
        "article",
        head,
        only,
        big,
        tag("dl", rows),
        tag("ul", counts, class_="chips"),
        tag("p", tag("b", "Through "), _countries(story, str(route.country_ids)), class_="countries"),
        tag("p", _basis(route), class_="note"),
        style=f"border-top-color:{style_corridor(route.corridor_id).colour}",
    )


def _chip(measure: Measure, route: Any, best: dict[str, set[int]]) -> Markup:
    is_best = int(route.option) in best.get(measure.column, set())
    words = tag("span", " (fewest)", class_="hidden") if is_best else None
    return tag(
        "li", measure.form(float(getattr(route, measure.column))), words, class_="fewest" if is_best else None
    )


def ways(pair: Pair) -> Markup:
    """Each corridor's way leg by leg, on demand."""
    folds = []
    for route in each_row(pair.routes):
        legs = pair.legs[pair.legs["option"] == route.option]
        head = join([badge(int(route.option), route.corridor_id), f" {route.corridor_name}, leg by leg"])
        folds.append(fold(head, _legs_table(legs, str(route.corridor_name))))
    return tag("div", folds, class_="ways")


def _figure(measure: Measure, route: Any, best: dict[str, set[int]]) -> Markup:
    text = measure.form(float(getattr(route, measure.column)))
    marked = _best_mark(best, measure.column, int(route.option))
    return tag("div", tag("dt", measure.name), tag("dd", text, marked))


def _best_mark(best: dict[str, set[int]], column: str, option: int) -> Markup | None:
    return tag("span", "best", class_="best") if option in best.get(column, set()) else None


def _countries(story: Story, country_ids: str) -> str:
    names = [story.country_name.get(key, key) for key in country_ids.split(";") if key and key != "XZ"]
    return ", ".join(names)


def _basis(route: Any) -> str:
    fact_count = len([key for key in str(route.fact_ids).split(";") if key])
    assumptions = numbers.count(float(route.assumption_count), "assumption")
    return f"Stands on {numbers.count(fact_count, 'fact')} and {assumptions}."


KIND: Final = {
    "load": "loading",
    "unload": "unloading",
    "transfer": "change of mode",
    "border": "border",
    "move": "",
    "service": "",
}


def _legs_table(legs: pd.DataFrame, name: str) -> Markup:
    rows: list[list[Child]] = []
    for leg in each_row(legs.sort_values("leg")):
        hours = float(leg.moving_time_h) + float(leg.handling_time_h) + float(leg.waiting_time_h)
        rows.append([
            _place(leg),
            _what(leg),
            numbers.km(float(leg.length_km)) if float(leg.length_km) else "",
            _hours(hours),
            numbers.usd(float(leg.cost_usd)),
            numbers.kgco2e(float(leg.emissions_kgco2e)),
        ])  # fmt: skip
    heads = ["Where", "What", "Length", "Time", "Cost", "Emissions"]
    return make_table(f"Legs of {name}", heads, rows, class_="small leg-table", is_labelled=False)


def _place(leg: Any) -> str:
    same = leg.from_node_id == leg.to_node_id
    return str(leg.from_name) if same else f"{leg.from_name} – {leg.to_name}"


def _what(leg: Any) -> str:
    mode = style_mode(str(leg.mode_id)).name or str(leg.mode_id).replace("_", " ")
    operator = f", {leg.operator}" if isinstance(leg.operator, str) and leg.operator else ""
    return KIND[leg.kind] if KIND.get(leg.kind) else f"{mode}{operator}"


def _hours(value_h: float) -> str:
    if value_h < HOURS_PER_DAY:
        return f"{numbers.group(value_h, 0)}{numbers.SPACE}h"
    return numbers.days(value_h)


def compare_table(pair: Pair) -> Markup:
    """All figures of a pair in one table, corridors as rows, sortable."""
    best = find_best(pair.routes)
    rows: list[list[Child]] = []
    for route in each_row(pair.routes):
        option = int(route.option)
        cells: list[Child] = [join([badge(option, route.corridor_id), " ", str(route.corridor_name)])]
        for measure in MEASURES:
            value = float(getattr(route, measure.column))
            text = measure.form(value)
            is_best = option in best.get(measure.column, set())
            number = f"{value:.6g}" if np.isfinite(value) else ""
            cells.append(tag("span", tag("b", text) if is_best else text, data_value=number))
        rows.append(cells)
    heads = ["Corridor", *(measure.name for measure in MEASURES)]
    return make_table(
        f"All figures, {pair.name}; the best in bold",
        heads,
        rows,
        class_="small wide-table",
        is_sortable=True,
    )
