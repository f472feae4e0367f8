"""Pages that are written by hand: numbers of the code told rightly, every page in the table of contents."""

import re

import pytest

from dehliz.routing.compare import DETOUR_FACTOR
from dehliz.routing.thin import LEAST_DIFFERENCE_SHARE
from dehliz.validation.compare import LENGTH_TOLERANCE_SHARE
from tests.docs.pages import DOCS, ROOT, list_pages, read_page

COUNTS = {2.0: "two", 3.0: "three", 4.0: "four", 5.0: "five"}


def test_every_page_is_in_the_contents() -> None:
    listed = set(re.findall(r"[\w/]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    assert listed == set(list_pages())


def test_numbers_of_the_code_are_told_rightly() -> None:
    assert f"more than\n{COUNTS[DETOUR_FACTOR]} times" in read_page("background/routing.md")
    assert f"at least {LEAST_DIFFERENCE_SHARE:.0%} of its length" in read_page("background/routing.md")
    assert f"within {LENGTH_TOLERANCE_SHARE:.0%} of the published" in read_page("background/validation.md")


def test_glossary_has_the_words_of_the_tables() -> None:
    page = read_page("reference/glossary.md").casefold()
    for word in ("node", "link", "mode", "terminal", "service leg", "zone", "connector", "segment", "tariff",
                 "emission factor", "corridor", "route", "leg", "fact", "source", "claim", "shape"):  # fmt: skip
        assert f"| {word}" in page, word


@pytest.mark.parametrize("name", list_pages())
def test_page_is_plain(name: str) -> None:
    text = read_page(name)
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    assert len(re.findall(r"^# ", prose, flags=re.M)) == 1, "one title"
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "TODO" not in text


def test_no_page_asks_the_internet_for_a_picture() -> None:
    for path in DOCS.rglob("*"):
        if path.suffix in (".md", ".css", ".js"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"!\[[^\]]*\]\(https?:|@import|url\(\s*['\"]?https?:|src=\"https?:", text), (
                path
            )
