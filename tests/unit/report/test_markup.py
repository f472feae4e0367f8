import pytest

from dehliz.report.markup import Markup, clean, join, number_text, tag

NASTY = '</script><b onclick="x">&\''


def test_text_is_escaped_and_markup_is_not():
    assert tag("p", NASTY) == "<p>&lt;/script&gt;&lt;b onclick=&quot;x&quot;&gt;&amp;&#x27;</p>"
    assert tag("p", Markup("<b>x</b>")) == "<p><b>x</b></p>"
    assert tag("p", tag("b", "<")) == "<p><b>&lt;</b></p>"


def test_attributes_are_escaped():
    assert (
        tag("p", title=NASTY) == '<p title="&lt;/script&gt;&lt;b onclick=&quot;x&quot;&gt;&amp;&#x27;"></p>'
    )


def test_names_of_attributes():
    assert tag("path", stroke_width=1.50, class_="a", viewBox="0", hidden=True, title=None, open=False) == (
        '<path stroke-width="1.5" class="a" viewBox="0" hidden/>'
    )
    assert tag("meta", name="x") == '<meta name="x">'


def test_children_of_all_kinds():
    assert clean(["a", 3, None, [Markup("<i>"), "<"]]) == "a3<i>&lt;"
    assert join(["a", "<"], ", ") == "a, &lt;"
    assert join([]) == ""


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (0.004, "0"), (-0.001, "0"), (12.345, "12.35"), (100.0, "100")]
)
def test_numbers_of_attributes(value, text):
    assert number_text(value) == text
