import re
from html.parser import HTMLParser

import pytest

from dehliz.report.markup import VOID
from dehliz.report.page import build_page, write_report
from tests.unit.report.sample import make_sample
from tests.unit.report.small import make_legs, make_network, make_route

CLOSES_ITSELF = VOID


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed, in order."""

    def __init__(self):
        super().__init__()
        self.stack, self.ids, self.names, self.headings, self.text = [], [], set(), [], []

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in CLOSES_ITSELF:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.names.add(tag)
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.stack):
            self.text.append(data)


@pytest.fixture(scope="module")
def page():
    return build_page(*make_sample())


@pytest.fixture(scope="module")
def read(page):
    reader = Reader()
    reader.feed(page)
    return reader


def test_the_page_is_well_formed(read):
    assert read.stack == []
    assert len(read.ids) == len(set(read.ids))
    assert {"header", "nav", "main", "footer", "h1", "table", "figure", "svg"} <= read.names


def test_headings_go_down_step_by_step(read):
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(read.headings, read.headings[1:], strict=False))


def test_inner_links_lead_somewhere(page, read):
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(read.ids)


def test_nothing_comes_from_elsewhere(page):
    assert not re.search(r'(src|srcset|action|data|poster)="', page)
    assert not re.search(r"<(link|iframe|img|object|embed)\b", page)
    assert not re.search(r"url\(|@import", page)
    assert "default-src &#x27;none&#x27;" in page
    for address in re.findall(r'href="([^"#][^"]*)"', page):
        assert address.startswith("https://example.org/")


def test_names_cannot_break_out():
    bad = "</script><img src=x onerror=alert(1)>"
    tables = {
        **make_network(),
        "route": make_route(corridor_name=bad),
        "route_leg": make_legs().assign(from_name=bad, operator=bad),
    }
    page = build_page(tables, {"title": bad, "notes": [bad], "version": bad, "shipment": bad, "status": bad})
    assert "<img" not in page
    assert page.count("</script>") == 1


def test_no_number_is_left_raw(read):
    text = " ".join(read.text)
    assert not re.search(r"\bnan\b|\binf\b|NaN|None", text)
    assert not re.search(r"\d\.\d{4,}", text)


def test_figures_have_words_and_tables(page):
    labels = re.findall(r'<svg[^>]*role="img"[^>]*aria-label="([^"]+)"', page)
    drawn = len(re.findall(r'<svg[^>]*role="img"', page))
    assert len(labels) == drawn
    assert all(len(label) > 20 for label in labels)


def test_the_page_is_the_same_each_time_and_not_too_heavy(page):
    assert build_page(*make_sample()) == page
    assert len(page.encode()) < 3_000_000


def test_little_is_enough():
    text = build_page({"route": make_route(), "route_leg": make_legs()}, {})
    assert "Freight corridors across Eurasia" in text
    assert "With and without" not in text


def test_a_run_that_is_not_complete_says_so():
    text = build_page({"route": make_route(), "route_leg": make_legs()}, {"status": "incomplete"})
    assert "This run is incomplete" in text


def test_writing(tmp_path, page):
    path = write_report(*make_sample(), tmp_path / "report.html")
    assert path.read_text(encoding="utf-8") == page
