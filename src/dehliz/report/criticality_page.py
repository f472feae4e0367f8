"""The page of a ranking: one HTML file with status, map, bars, tables and what the figures mean.

``draw_criticality`` makes the text from tables and from what describes the run. Like ``page.py``, it forbids every
request to other computers.
"""

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.report import numbers
from dehliz.report.basemap import BOUNDARY_NOTE
from dehliz.report.criticality_bars import criticality_bars
from dehliz.report.criticality_map import criticality_map
from dehliz.report.criticality_style import COLUMN, KIND, MILLION, WORDS
from dehliz.report.figure import collect_shared
from dehliz.report.lines import Tables, read_lines
from dehliz.report.markup import Child, Markup, tag
from dehliz.report.page import FOOTER, POLICY
from dehliz.report.parts import both_sizes, make_table
from dehliz.version import __version__

ROW_COUNT: Final = 100
PAIR_COUNT: Final = 30
BEARER_COUNT: Final = 12
METHOD: Final = (
    "Each thing is shut in turn and the cargo of the year finds its ways again, by choice of corridor and route, until "
    "choices and congestion agree. Where going round costs more than waiting for the end, cargo waits.",
    "A loss is the change of what a trip expects to pay in money and hours (the logsum), times its cargo. Half is "
    "borne at each end of a trip: who pays in the end is not known.",
    "The loss of others leaves out the countries where the thing lies. What a tonne is worth that never comes, what "
    "shops and factories lose, and what trade does in the long run are not in it.",
    "A figure below nothing means that shutting the thing takes cargo off a bottleneck, which others gain from "
    "(Braess's paradox).",
)


def draw_criticality(tables: Tables, manifest: Mapping[str, Any]) -> str:
    """The page of a ranking.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``criticality``, ``criticality_bearer``, ``criticality_pair``, and ``node``, ``link``, ``service_leg``,
        ``terminal``, ``country`` and ``shape`` of the network.
    manifest : mapping
        The document of ``dehliz criticality``.

    Returns
    -------
    str
        The page.
    """
    by, book = str(manifest["by"]), read_lines(tables)
    rows = tables["criticality"]
    map_part, figures = both_sizes(
        lambda is_narrow: criticality_map(tables, by=by, is_narrow=is_narrow, book=book),
        f"What is lost a day while each thing is shut: {WORDS[by]}. {BOUNDARY_NOTE}",
    )
    bar_part, more = both_sizes(lambda is_narrow: criticality_bars(rows, by=by, is_narrow=is_narrow))
    sections = [
        _section("map", "Where it is", map_part),
        _section("worst", "The worst", bar_part, _rank_table(rows)),
        _section("bearer", "Who bears it", _bearer_table(tables, by)),
    ]
    if len(tables["criticality_pair"]):
        sections.append(_section("pairs", "Two at once", _pair_table(tables["criticality_pair"])))
    sections.append(_section("method", "Method", tag("ul", [tag("li", text) for text in METHOD])))
    return _wrap(manifest, tag("main", sections, id="main"), collect_shared([*figures, *more]))


def _section(anchor: str, title: str, *content: Child) -> Markup:
    heading = tag("h2", title, id=f"{anchor}-title")
    return tag("section", heading, *content, id=anchor, aria_labelledby=f"{anchor}-title")


def _million(value: float) -> str:
    return numbers.group(value / MILLION, 2)


def _rank_table(rows: pd.DataFrame) -> Markup:
    heads = ["Name", "#", "Kind", "Mt a year", "Others, M USD/d", "Net, M USD/d", "In transit, M USD/d",
             "CO₂e, t/d", "Waits, kt/d", "No way"]  # fmt: skip
    cells: list[list[Child]] = [
        [
            row.name, str(row.rank_count), KIND.get(row.kind, row.kind),
            numbers.group(row.volume_t_d * DAYS_PER_YEAR / MILLION, 2), _million(row.others_usd_d),
            _million(row.net_usd_d), _million(row.transit_usd_d), numbers.group(row.extra_emission_tco2e_d),
            numbers.group(row.held_t_d / 1e3, 1), numbers.percent(row.cut_share),
        ]
        for row in each_row(rows.head(ROW_COUNT))
    ]  # fmt: skip
    caption = f"The first {min(ROW_COUNT, len(rows))} of {len(rows)}"
    return make_table(caption, heads, cells, is_sortable=True)


def _bearer_table(tables: Tables, by: str) -> Markup:
    """The ten worst by the countries that bear most of them."""
    worst = tables["criticality"].sort_values([COLUMN[by], "rank_count"], ascending=[False, True]).head(10)
    bearers = tables["criticality_bearer"]
    names = dict(zip(tables["country"]["country_id"], tables["country"]["name"], strict=True))
    keys = list(zip(worst["kind"], worst["element_id"], strict=True))
    is_worst = [key in keys for key in zip(bearers["kind"], bearers["element_id"], strict=True)]
    own = bearers[is_worst]
    sums = own.groupby("country_id")["net_usd_d"].sum().sort_values(ascending=False, kind="stable")
    chosen = sums.index[:BEARER_COUNT].tolist()
    value = {(row.kind, row.element_id, row.country_id): row.net_usd_d for row in each_row(own)}
    cells: list[list[Child]] = [
        [row.name, *(_million(value.get((row.kind, row.element_id, one), 0.0)) for one in chosen)]
        for row in each_row(worst)
    ]
    heads = ["Name", *(str(names.get(one, one)) for one in chosen)]
    return make_table("Net loss by country, M USD a day, half at each end of a trip", heads, cells)


def _pair_table(pairs: pd.DataFrame) -> Markup:
    cells: list[list[Child]] = [
        [
            row.name, str(row.rank_count), _million(row.others_usd_d), _million(row.net_usd_d),
            _million(row.beyond_usd_d), numbers.percent(row.cut_share),
        ]
        for row in each_row(pairs.head(PAIR_COUNT))
    ]  # fmt: skip
    heads = ["Both", "#", "Others, M USD/d", "Net, M USD/d", "Net beyond both alone", "No way"]
    return make_table(
        f"The first {min(PAIR_COUNT, len(pairs))} of {len(pairs)}", heads, cells, is_sortable=True
    )


def _wrap(manifest: Mapping[str, Any], main: Markup, shared: Markup) -> str:
    title = f"What is worth most, {manifest['year']}"
    script = _read("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY.format(digest=digest)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light"),
        tag("title", title),
        tag("style", Markup(_read("page.css"))),
    )
    body = tag(
        "body",
        tag("a", "Skip to the report", href="#main", class_="skip"),
        shared,
        _header(manifest, title),
        main,
        tag("footer", tag("p", FOOTER.format(version=__version__))),
        tag("script", Markup(script)),
    )
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en") + "\n"


def _header(manifest: Mapping[str, Any], title: str) -> Markup:
    is_fine = manifest["status"] == "converged"
    words = "All of it converged." if is_fine else f"Not converged: {manifest['reason']}."
    facts = [
        f"{manifest['used']} things that carry cargo, of {manifest['elements']}",
        f"Each shut for {manifest['days']:g} days",
        f"Ranked by {WORDS[str(manifest['by'])]}",
        f"{manifest['gainers']} are worth less than nothing",
    ]
    if manifest["scenario"]:
        facts.append(f"Scenario {manifest['scenario']}")
    content = [
        tag("p", "Dehliz · criticality", class_="kicker"),
        tag("h1", title),
        tag("p", words, class_="answer" if is_fine else "warning", role=None if is_fine else "note"),
        tag("ul", [tag("li", text) for text in facts], class_="facts"),
    ]
    return tag("header", tag("div", content, class_="inner"))


def _read(name: str) -> str:
    return files("dehliz").joinpath(f"report/data/{name}").read_text(encoding="utf-8")
