"""The page of a simulation: one HTML file that holds all it needs, status first, then figures, tables, sources, notes.

``draw_simulation`` makes the text from the tables of a simulation and from what describes the run; sections are in
``simulation_sections.py``. Like ``page.py``, it forbids every request to other computers.
"""

import base64
import hashlib
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from dehliz.base.units import HOURS_PER_DAY
from dehliz.report import numbers
from dehliz.report.figure import Figure, collect_shared
from dehliz.report.markup import Markup, tag
from dehliz.report.page import FOOTER, POLICY
from dehliz.report.simulation_beside import beside_section
from dehliz.report.simulation_sections import (
    Drawn,
    cause_section,
    consignment_sections,
    difference_section,
    queue_section,
    ship_section,
    sources_section,
    time_section,
)
from dehliz.report.simulation_words import NO_ROWS, Tables, read_names

TITLE: Final = "Operations of a year, simulated"
KEEPS_UP: Final = "ok"
METHOD: Final = (
    "Consignments move through stages, one after another: ways by land, terminals, border posts, gauge yards, ships. "
    "Each place has servers, opening hours and closures; ships leave when full or by a timetable.",
    "Durations, weather and releases are drawn anew in each replication, each place from a stream of its own. All "
    "figures come from the log of what happened.",
    "Bounds are for the mean over replications, by Student's t. They tell how sure the mean is, not how far single "
    "consignments are apart: percentiles do.",
    "Published times are not an input of the model. Observed ones were measured; scheduled, claimed and target ones "
    "are what somebody promises, says or hopes.",
)


def draw_simulation(tables: Tables, manifest: Mapping[str, Any]) -> str:
    """The page of a simulation.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Results by the names of the data dictionary: ``simulated_time``, ``simulated_cause``, ``resource_use``,
        ``simulated_bottleneck``, ``ship_use``, ``on_time``, ``safety_stock``, ``simulated_difference``,
        ``simulated_time_check``, ``simulated_time_summary``, ``wait_fit``, ``indicator``, ``feedback``, ``sailing``;
        ``event`` of the flows to be drawn, with ``length_km`` and ``cost_usd`` of each stage beside them; names in
        ``zone``, ``node``, ``corridor``, ``market``, ``segment``; ``fact`` and ``source`` of the published times. Two
        are not in the dictionary: ``probe_time`` (``corridor_id``, ``origin_id``, ``destination_id``, ``market_id``,
        ``time_h``: every watched consignment of all replications, infinite where it is not through), and ``shut``
        (``resource_id``, ``from_h``, ``to_h``). Each is optional.
    manifest : mapping
        The document of ``dehliz simulate``: ``status``, ``reason``, ``start``, ``horizon_h``, ``replications``,
        ``seed``, ``warm_up``, ``confidence_share``, ``consignments``, ``events``, ``notes``, ``what_if``; and
        ``title``, ``version``. Each is optional.

    Returns
    -------
    str
        The page.
    """
    book = read_names(tables)
    drawn: list[Drawn] = [
        time_section(tables, book),
        cause_section(tables, book),
        difference_section(tables, book, manifest),
        queue_section(tables, manifest),
        ship_section(tables),
        *consignment_sections(tables, book, manifest),
        beside_section(tables, book),
        sources_section(tables),
    ]
    figures: list[Figure] = [figure for one in drawn for figure in one.figures]
    main = tag("main", (one.markup for one in drawn), _method(manifest), id="main")
    sections = [(one.anchor, one.word) for one in drawn if one.markup and one.word]
    return _wrap(tables, manifest, main, collect_shared(figures), [*sections, ("method", "Method and notes")])


def tell_status(manifest: Mapping[str, Any]) -> str:
    """Whether operations keep up, in a sentence; in a second one that choice and operations have not settled."""
    words = _tell_overload(manifest)
    return (
        f"{words} Choice and operations have not settled." if manifest.get("is_settled") is False else words
    )


def _tell_overload(manifest: Mapping[str, Any]) -> str:
    status = str(manifest.get("status") or "")
    if status == KEEPS_UP:
        reason = str(manifest.get("reason") or "No queue grows in the last quarter until the horizon.")
        return f"Every place keeps up with what comes over the year. {reason}"
    if not status:
        return "The run does not say whether its places keep up."
    reason = str(manifest.get("reason") or "The run does not say where.")
    if status == "too_few":
        return f"Too few consignments to say whether every place keeps up: {reason.rstrip('.')}."
    return f"The system is {status}: {reason.rstrip('.')}."


def _wrap(
    tables: Tables, manifest: Mapping[str, Any], main: Markup, shared: Markup, sections: list[tuple[str, str]]
) -> str:
    title = str(manifest.get("title") or TITLE)
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
    items = [tag("li", tag("a", words, href=f"#{anchor}")) for anchor, words in sections]
    body = tag(
        "body",
        tag("a", "Skip to the report", href="#main", class_="skip"),
        shared,
        _header(tables, manifest, title),
        tag("nav", tag("ul", items), aria_label="Contents"),
        main,
        tag("footer", tag("p", FOOTER.format(version=manifest.get("version", "")))),
        tag("script", Markup(script)),
    )
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en") + "\n"


def _read(name: str) -> str:
    return files("dehliz").joinpath(f"report/data/{name}").read_text(encoding="utf-8")


def _header(tables: Tables, manifest: Mapping[str, Any], title: str) -> Markup:
    is_fine = manifest.get("status") == KEEPS_UP and manifest.get("is_settled") is not False
    status = tell_status(manifest)
    facts = [text for text in _tell_run(manifest) if text]
    content = [
        tag("p", "Dehliz · simulation", class_="kicker"),
        tag("h1", title),
        tag("p", status, class_="answer")
        if is_fine
        else tag("p", status, class_="warning", role="note", style="margin-bottom:1.2rem"),
        tag("ul", [tag("li", text) for text in facts], class_="facts"),
    ]
    return tag("header", tag("div", content, class_="inner"), _tiles(tables, manifest))


def _tell_run(manifest: Mapping[str, Any]) -> list[str]:
    """Warm-up, replications, seed, span: what the figures rest on."""
    told = []
    if "replications" in manifest:
        told.append(numbers.count(float(manifest["replications"]), "replication"))
    if "seed" in manifest:
        told.append(f"Seed {manifest['seed']}")
    told += [_tell_warm_up(manifest), _tell_span(manifest)]
    if "confidence_share" in manifest:
        told.append(f"Bounds at {numbers.percent(float(manifest['confidence_share']))}")
    if manifest.get("replan"):
        told.append("Consignments re-plan where the way ahead is shut")
    return told


def _tell_warm_up(manifest: Mapping[str, Any]) -> str:
    warm_up = manifest.get("warm_up")
    if not warm_up:
        return ""
    text = f"Warm-up left out: {numbers.days(float(warm_up['end_h']))} ({warm_up['method']}"
    return text + (")" if warm_up["is_found"] else ", no end was found: times still rise or have a season)")


def _tell_span(manifest: Mapping[str, Any]) -> str:
    if "start" not in manifest or "horizon_h" not in manifest:
        return ""
    days = numbers.group(float(manifest["horizon_h"]) / HOURS_PER_DAY)
    return f"From {str(manifest['start'])[:10]}, {days} days"


def _tiles(tables: Tables, manifest: Mapping[str, Any]) -> Markup:
    times, rank = tables.get("simulated_time", NO_ROWS), tables.get("simulated_bottleneck", NO_ROWS)
    tiles: list[tuple[str, str]] = []
    if manifest.get("consignments"):
        tiles.append((numbers.group(float(manifest["consignments"])), "consignments observed a replication"))
    rows = times[times["scope"] == "all"] if len(times) else times
    for column, words in (("mean_h", "mean days, all cargo"), ("p95_h", "days within which 95% are in")):
        value = float(rows[column].iloc[0]) if len(rows) else float("nan")
        is_bound = column == "mean_h" and len(rows) and float(rows["unfinished_share"].iloc[0]) > 0.0
        if math.isfinite(value):
            least = "at least: some are still under way" if is_bound else ""
            tiles.append((numbers.group(value / HOURS_PER_DAY, 1), ", ".join(filter(None, (words, least)))))
    if len(times):
        tiles.append((numbers.group(int((times["scope"] == "probe").sum())), "pairs watched"))
    if len(rank):
        tiles.append((numbers.group(int(rank["is_overloaded"].astype(bool).sum())), "places overloaded"))
    items = [tag("li", tag("span", value, class_="big"), tag("span", words)) for value, words in tiles]
    return tag("ul", items, class_="tiles", aria_label="The simulation in numbers")


def _method(manifest: Mapping[str, Any]) -> Markup:
    notes = [str(note) for note in manifest.get("notes", [])]
    own = [tag("h3", "Notes of this run"), tag("ul", [tag("li", note) for note in notes])] if notes else None
    return tag(
        "section",
        tag("h2", "Method and notes", id="method-title"),
        tag("ul", [tag("li", text) for text in METHOD]),
        own,
        id="method",
        aria_labelledby="method-title",
    )
