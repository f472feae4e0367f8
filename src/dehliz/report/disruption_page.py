"""The page of an event or a change: one HTML file, status first, then with and without, then the way back.

``draw_disruption`` makes the text from the tables of ``dehliz disrupt``. Like ``page.py``, it forbids every request to
other computers.
"""

import base64
import hashlib
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report import numbers
from dehliz.report.beside_figure import draw_corridors, draw_gains
from dehliz.report.markup import Markup, tag
from dehliz.report.page import FOOTER, POLICY
from dehliz.report.parts import both_sizes, make_table
from dehliz.report.recovery_figure import draw_recovery
from dehliz.version import __version__

Tables = Mapping[str, pd.DataFrame]
SHOWN_COUNT: Final = 12
METHOD: Final = (
    "Cargo chooses corridor and route in equilibrium with congestion, before and after. Loss is the change of the "
    "expected generalised cost of each trip, in money of its value of time.",
    "Half of a loss is told at each end of a trip: who pays in the end is not known. Revenue of carriers, ports and "
    "treasuries is not in it.",
    "Cargo waits where that costs less than going round. What waits leaves when the way is open again, with what room "
    "is to spare. Performance is the undisturbed cost of the cargo concerned over its cost on the day.",
)


def draw_disruption(tables: Tables, document: Mapping[str, Any]) -> str:
    """The page of an event or a change.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of ``Disruption``.
    document : mapping
        Its ``to_document``: ``name``, ``description``, ``year``, ``status``, ``reason``, ``duration_d``, ``notes``.
    """
    back = [_recovery(tables, document)] if "recovery_day" in tables else []
    main = tag("main", *back, _beside(tables), _method(document), id="main")
    return _wrap(document, main)


def _section(anchor: str, title: str, *content: Markup) -> Markup:
    return tag(
        "section",
        tag("h2", title, id=f"{anchor}-title"),
        content,
        id=anchor,
        aria_labelledby=f"{anchor}-title",
    )


def _beside(tables: Tables) -> Markup:
    corridor, _ = both_sizes(lambda small: draw_corridors(tables["beside_corridor"], is_narrow=small))
    gain, _ = both_sizes(lambda small: draw_gains(tables["beside_country"], is_narrow=small))
    total = make_table(
        "All cargo, a day",
        ("", "unit", "as it is", "with the change", "change"),
        [
            (str(row.measure), str(row.unit), _say(row.value), _say(row.value_after), _say(row.change))
            for row in each_row(tables["beside_total"])
        ],
    )
    flows = tables["beside_flow"]
    chosen = flows[flows["rank_count"] <= SHOWN_COUNT]
    flow = make_table(
        "Largest changes of flow, thousand tonnes a year",
        ("", "kind", "as it is", "with the change", "change"),
        [
            (
                str(row.name), str(row.kind), _say(row.volume_t_a / 1e3), _say(row.volume_after_t_a / 1e3),
                _say(row.change_t_a / 1e3),
            )
            for row in each_row(chosen)
        ],
        is_sortable=True,
    )  # fmt: skip
    return _section("beside", "With and without", corridor, gain, total, flow)


def _recovery(tables: Tables, document: Mapping[str, Any]) -> Markup:
    total = tables["recovery_total"]
    value = dict(zip(total["measure"], total["value"].astype(float), strict=True))
    days = tables["recovery_day"]
    drawn: list[Markup] = []
    if len(days):
        figure, _ = both_sizes(
            lambda small: draw_recovery(
                days, float(document["duration_d"]), value["time to 90% for good"], is_narrow=small
            )
        )
        drawn.append(figure)
    summary = make_table(
        "The whole event",
        ("", "unit", "value"),
        [(str(row.measure), str(row.unit), _say(row.value)) for row in each_row(total)],
    )
    bearer = make_table(
        "Who bears it",
        ("country", "USD lost"),
        [
            (str(row.name), _say(row.loss_usd))
            for row in each_row(tables["recovery_country"].head(SHOWN_COUNT))
        ],
    )
    return _section("recovery", "The event and the way back", *drawn, summary, bearer)


def _say(value: float) -> str:
    if math.isnan(value):
        return "–"
    if value in (float("inf"), float("-inf")):
        return "never"
    size = abs(value)
    digits = 0 if size >= 1000 or size == 0 else 1 if size >= 100 else 2 if size >= 1 else 4
    return numbers.group(value, digits)


def _method(document: Mapping[str, Any]) -> Markup:
    notes = tag("ul", [tag("li", str(note)) for note in document.get("notes", [])])
    return _section(
        "method",
        "Method and notes",
        tag("ul", [tag("li", text) for text in METHOD]),
        tag("h3", "Changes"),
        notes,
    )


def _wrap(document: Mapping[str, Any], main: Markup) -> str:
    script = _read("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    title = str(document["name"])
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
        _header(document, title),
        main,
        tag("footer", tag("p", FOOTER.format(version=__version__))),
        tag("script", Markup(script)),
    )
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en") + "\n"


def _header(document: Mapping[str, Any], title: str) -> Markup:
    is_fine = document["status"] == "ok"
    duration = document["duration_d"]
    lasts = "a change that stays" if duration is None else f"an event of {duration:g} days"
    said = f"{document['description'] or title}: {lasts}, on the network and cargo of {document['year']}."
    warning = None if is_fine else tag("p", str(document["reason"]), class_="warning", role="note")
    return tag(
        "header",
        tag(
            "div", tag("p", "Dehliz · disruption", class_="kicker"), tag("h1", title), warning,
            tag("p", said, class_="answer"), class_="inner",
        ),
    )  # fmt: skip


def _read(name: str) -> str:
    return files("dehliz").joinpath(f"report/data/{name}").read_text(encoding="utf-8")
