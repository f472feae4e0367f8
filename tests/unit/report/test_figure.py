import xml.etree.ElementTree as ET

from dehliz.report.figure import Figure, collect_shared
from dehliz.report.markup import tag

PATH = tag("path", id="base-x", d="M0 0l1 1")


def make(**changes):
    return Figure(**{
        "width": 100.0, "height": 50.0, "body": tag("use", href="#base-x"), "title": "A <b> & c",
        "description": "What there is.", "shared": {"base-x": PATH}, **changes,
    })  # fmt: skip


def test_a_figure_that_stands_alone_is_sound_and_whole():
    root = ET.fromstring(make().svg)
    assert root.attrib["viewBox"] == "0 0 100 50"
    assert root[0].text == "A <b> & c"
    assert root[1].text == "What there is."
    assert "base-x" in make().svg.split("</defs>")[0]


def test_a_figure_in_the_page_leaves_shared_paths_to_the_page():
    text = make().inline("wide")
    assert "<defs>" not in text
    assert 'role="img"' in text
    assert 'aria-label="A &lt;b&gt; &amp; c. What there is."' in text
    assert 'class="wide"' in text


def test_shared_paths_are_written_once():
    assert collect_shared([make(), make()]).count('id="base-x"') == 1
    assert collect_shared([make(shared={})]) == ""


def test_notebook_and_file(tmp_path):
    figure = make()
    assert figure._repr_svg_() == figure.svg
    assert "<figcaption>A &lt;b&gt; &amp; c</figcaption>" in figure._repr_html_()
    path = figure.save(tmp_path / "map.svg")
    assert ET.parse(path).getroot().tag.endswith("svg")
