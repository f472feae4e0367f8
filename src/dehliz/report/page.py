"""The report: one HTML file that holds all it needs and opens by double click.

``build_page`` makes the text from a run's tables and manifest; ``write_report`` writes it. Styles and the small
script come from ``data/``; a content security policy in the page forbids every outside request.
"""

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from dehliz.report import numbers
from dehliz.report.claims import answer, claim_section
from dehliz.report.evidence import method_section, sources_section, validation_section, values_section
from dehliz.report.figure import Figure, collect_shared
from dehliz.report.lines import Tables
from dehliz.report.markup import Markup, tag
from dehliz.report.sections import network_section, overview_section, pair_section, scenario_section
from dehliz.report.story import Story, tell

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
"""Nothing from elsewhere, and no script but ours."""
FOOTER = (
    "Made by Dehliz {version}, an open planner for freight corridors. Every number is traced to a source or called an "
    "assumption. This file makes no request to any other computer."
)
DEFAULT_TITLE = "Freight corridors across Eurasia"


def build_page(tables: Tables, manifest: Mapping[str, Any]) -> str:
    """The report of a run.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of the run, by the names of the data dictionary. ``route`` and ``route_leg`` are needed; ``claim``,
        ``node``, ``link``, ``service_leg``, ``terminal``, ``shape``, ``zone``, ``country``, ``scenario``, ``fact``,
        ``source``, ``value``, ``length_check`` and ``time_check`` are shown where present.
    manifest : mapping
        Manifest of the run; used are ``title``, ``answer``, ``year``, ``data_date``, ``version``, ``shipment``,
        ``status``, ``notes``, ``name``, ``licences``, ``network_fingerprint`` and ``study_hash``, each optional.

    Returns
    -------
    str
        The page.
    """
    story = tell(tables, manifest)
    figures: list[Figure] = []
    network, drawn = network_section(story)
    figures += drawn
    overview, drawn = overview_section(story)
    figures += drawn
    pairs = []
    for pair in story.pairs:
        section, drawn = pair_section(story, pair)
        pairs.append(section)
        figures += drawn
    main = tag(
        "main",
        network,
        claim_section(story),
        overview,
        scenario_section(story),
        tag("h2", "Journey by journey", id="journeys"),
        pairs,
        validation_section(story),
        values_section(story),
        sources_section(story),
        method_section(story),
        id="main",
    )
    return _wrap(story, main, collect_shared(figures))


def write_report(tables: Tables, manifest: Mapping[str, Any], target: Path) -> Path:
    """Write the report of a run.

    Parameters
    ----------
    tables, manifest : mapping
        As for ``build_page``.
    target : Path
        File to write; an existing one is replaced.

    Returns
    -------
    Path
        The file.
    """
    page = build_page(tables, manifest)
    target.write_text(page, encoding="utf-8", newline="\n")
    return target


def _wrap(story: Story, main: Markup, shared: Markup) -> str:
    title = str(story.manifest.get("title") or DEFAULT_TITLE)
    script = _read("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = POLICY.format(digest=digest)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
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
        _header(story, title),
        _navigation(story),
        main,
        _footer(story),
        tag("script", Markup(script)),
    )
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en") + "\n"


def _read(name: str) -> str:
    return files("dehliz").joinpath(f"report/data/{name}").read_text(encoding="utf-8")


def _header(story: Story, title: str) -> Markup:
    facts = [
        f"Network of {story.manifest['year']}" if story.manifest.get("year") else None,
        f"Data of {story.manifest['data_date']}" if story.manifest.get("data_date") else None,
        f"Shipment: {story.shipment}",
        f"Dehliz {story.manifest['version']}" if story.manifest.get("version") else None,
    ]
    status = story.manifest.get("status")
    warning = None
    if status and status != "complete":
        warning = tag(
            "p",
            f"This run is {status}: see the notes under “Method and terms”.",
            class_="warning",
            role="note",
        )
    return tag(
        "header",
        tag(
            "div",
            tag("p", "Dehliz · corridor report", class_="kicker"),
            tag("h1", title),
            tag("p", answer(story), class_="answer"),
            tag("ul", [tag("li", text) for text in facts if text], class_="facts"),
            warning,
            class_="inner",
        ),
        _tiles(story),
    )


def _tiles(story: Story) -> Markup:
    links = len(story.table("link")) + len(story.table("service_leg"))
    tiles = [
        (len(story.pairs), "journeys compared"),
        (len(story.corridor_name), "corridors side by side"),
        (links, "links and services"),
        (len(story.table("terminal")), "stops and borders"),
        (len(story.table("fact")), "facts with a source"),
        (_count_assumed(story), "values still assumed"),
    ]
    items = [
        tag("li", tag("span", numbers.group(value), class_="big"), tag("span", words))
        for value, words in tiles
        if value
    ]
    return tag("ul", items, class_="tiles", aria_label="The report in numbers")


def _count_assumed(story: Story) -> int:
    value = story.table("value")
    return int((value["basis"] == "assumption").sum()) if len(value) else 0


def _navigation(story: Story) -> Markup:
    present = [
        ("network", "Network", True),
        ("answer", "The answer", True),
        ("overview", "At a glance", True),
        ("scenarios", "With and without", len(story.scenario_name) > 1),
        ("journeys", "Journeys", True),
        ("sure", "How sure", bool(len(story.table("length_check")) or len(story.table("time_check")))),
        ("values", "Assumptions", bool(len(story.table("value")))),
        ("sources", "Sources", bool(len(story.table("fact")))),
        ("method", "Method", True),
    ]
    items = [tag("li", tag("a", words, href=f"#{key}")) for key, words, is_there in present if is_there]
    return tag("nav", tag("ul", items), aria_label="Contents")


def _footer(story: Story) -> Markup:
    return tag("footer", tag("p", FOOTER.format(version=story.manifest.get("version", ""))))
