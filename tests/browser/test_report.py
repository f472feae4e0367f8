"""The report in a real browser: no outside request, readable at every width, by keyboard and without scripts."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dehliz.report.page import write_report
from tests.unit.report.sample import make_sample

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="no Chromium on this machine: looked for chromium, chromium-browser, google-chrome",
    ),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    return write_report(*make_sample(), tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed (extra: test)"
    )
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser, report):
    contexts = []

    def opened(width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(report.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def test_no_outside_request_and_no_complaint(open_page, report):
    page = open_page()
    page.wait_for_timeout(300)
    assert page.asked == [report.as_uri()]
    assert page.said == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_sideways_scrolling(open_page, width):
    page = open_page(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "shown", "hidden"), [(390, "narrow", "wide"), (1280, "wide", "narrow")])
def test_each_screen_gets_its_own_drawing(open_page, width, shown, hidden):
    page = open_page(width)
    assert page.locator(f"figure > svg.{shown}").first.is_visible()
    assert not page.locator(f"figure > svg.{hidden}").first.is_visible()


def test_letters_of_figures_are_readable(open_page):
    for width in (320, 1280):
        page = open_page(width)
        least = page.evaluate("""() => Math.min(...[...document.querySelectorAll('figure > svg text')]
            .filter(text => text.getClientRects().length)
            .map(text => parseFloat(getComputedStyle(text).fontSize) * text.getCTM().a))""")
        assert least >= 8.0, width


def test_landmarks(open_page):
    page = open_page()
    for role in ("banner", "navigation", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("img").count() > 5


def test_keyboard_goes_from_top_to_bottom(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    tops = []
    for _ in range(25):
        page.keyboard.press("Tab")
        tops.append(page.evaluate("document.activeElement.compareDocumentPosition(document.body.lastChild)"))
        box = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert box != "none"
    assert len(tops) == 25


def test_the_skip_link_leads_to_the_report(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_folds_open_and_tables_sort_by_keyboard(open_page):
    page = open_page()
    fold = page.locator("details", has_text="All figures in one table").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    table = fold.locator("table")
    assert table.is_visible()
    table.get_by_role("button", name="Cost", exact=True).focus()
    page.keyboard.press("Enter")
    values = table.locator("tbody tr td:nth-child(4) [data-value]").evaluate_all(
        "cells => cells.map(cell => parseFloat(cell.dataset.value))"
    )
    assert values == sorted(values)
    assert table.locator("th[aria-sort=ascending]").count() == 1


def test_without_scripts_nothing_is_missing(open_page):
    page = open_page(java_script_enabled=False)
    assert page.locator("h1").is_visible()
    assert page.locator("table.claims").is_visible()
    assert page.locator("figure > svg.wide").first.is_visible()
    assert page.locator("table button").count() == 0


def test_paper(open_page):
    page = open_page()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("figure > svg.wide").first.is_visible()
