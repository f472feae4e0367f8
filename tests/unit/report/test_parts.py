from dehliz.report.figure import Figure
from dehliz.report.markup import Markup
from dehliz.report.parts import badge, basis_badge, both_sizes, fold, make_table, slug, swatch


def test_tables_have_a_caption_heads_and_labels_for_phones():
    text = make_table("Caption <1>", ["Place", "Days"], [["A & B", "3 d"]], class_="small", is_sortable=True)
    assert "<caption>Caption &lt;1&gt;</caption>" in text
    assert '<th scope="col">Days</th>' in text
    assert '<th scope="row">A &amp; B</th>' in text
    assert '<td data-label="Days">3 d</td>' in text
    assert 'class="stack sortable small"' in text


def test_both_sizes_are_drawn():
    def draw(is_narrow):
        return Figure(100.0 if is_narrow else 300.0, 10.0, Markup(""), "Title <t>")

    text, figures = both_sizes(draw)
    assert [figure.width for figure in figures] == [300.0, 100.0]
    assert 'class="wide"' in text
    assert 'class="narrow"' in text
    assert "<figcaption>Title &lt;t&gt;</figcaption>" in text


def test_small_pieces():
    assert (
        fold("More <x>", "text", is_open=True)
        == "<details open><summary>More &lt;x&gt;</summary>text</details>"
    )
    assert ">3<" in badge(3, "suez")
    assert "stroke-dasharray" in swatch("cape")
    assert "assumption" in basis_badge("assumption")
    assert "derived" in basis_badge("something new")
    assert slug("Xi'an – Ürümqi 2") == "xi-an----r-mqi-2"
