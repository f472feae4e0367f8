"""Pictures from what is at hand: a network, an answer."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from dehliz.base.errors import SettingsError
from dehliz.network.network import Network
from dehliz.report.notebook import explore, plot
from dehliz.routing.ask import compare, routes
from dehliz.routing.planner import prepare


def test_network_is_drawn(corridor3: Network) -> None:
    figure = plot(corridor3)
    assert "5 places" in figure.svg
    ElementTree.fromstring(figure.svg)


@pytest.mark.parametrize("what", ["map", "time", "cost"])
def test_answer_is_drawn(corridor3: Network, what: str) -> None:
    answer = compare(prepare(corridor3), "west", "haven", best="time")
    ElementTree.fromstring(plot(corridor3, answer, what).svg)  # type: ignore[arg-type]


def test_page_holds_all_pictures_and_asks_for_nothing(corridor3: Network, tmp_path: Path) -> None:
    answer = routes(corridor3, "west", "haven")
    text = explore(corridor3, answer, tmp_path / "ways.html").read_text(encoding="utf-8")
    assert text.count("<figure>") == 3
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_what_cannot_be_drawn_is_told(corridor3: Network) -> None:
    with pytest.raises(SettingsError, match="without an answer"):
        plot(corridor3, what="time")
    with pytest.raises(SettingsError, match="Did you mean 'cost'"):
        plot(corridor3, what="costs")  # type: ignore[arg-type]
    nothing = routes(corridor3, "west", "haven", without=["mark"])
    with pytest.raises(SettingsError, match="no routes"):
        plot(corridor3, nothing)


def test_answer_shows_itself_escaped(corridor3: Network) -> None:
    html = routes(corridor3, "west", "haven")._repr_html_()
    assert "<table" in html
    assert "<script" not in html
