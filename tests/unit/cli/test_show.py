"""What is shown fits 100 columns, and narrower screens without cutting anything."""

import io
import json
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from dehliz.cli import show
from dehliz.network.network import Network
from dehliz.routing.ask import compare, routes
from tests.unit.cli.asking import ask

OWN = ("--network", str(Path(__file__).parents[2] / "cases" / "corridor3"))


@pytest.mark.parametrize(
    "words",
    [
        ("routes", "west", "haven", *OWN),
        ("routes", "west", "haven", *OWN, "--containers", "99999x40"),
        ("routes", "west", "haven", *OWN, "--without", "mark"),
        ("compare", "west", "haven", *OWN),
        ("compare", "west", "haven", *OWN, "--containers", "99999x40"),
        ("routes", "Xi'an", "Hamburg"),
        ("compare", "Xi'an", "Hamburg"),
        ("places",),
        ("places", "nothing at all"),
        ("network", "info"),
        ("network", "check", *OWN[1:]),
        ("validate", "--all"),
    ],
)
def test_output_fits_100_columns(words: tuple[str, ...]) -> None:
    asked = ask(*words)
    assert asked.shown
    wide = [line for line in asked.shown.splitlines() if cell_len(line.rstrip()) > show.WIDTH]
    assert wide == []


def draw(monkeypatch: pytest.MonkeyPatch, width: int, network: Network, text: str) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, markup=False, emoji=False, highlight=False)
    monkeypatch.setattr(show, "make_console", lambda: console)
    if text == "routes":
        show.answer(routes(network, "west", "haven"), False, show.routes_text)
    else:
        show.answer(compare(network, "west", "haven"), False, show.compare_text)
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 60, 99])
@pytest.mark.parametrize("text", ["routes", "compare"])
def test_narrow_screens_lose_columns_and_not_digits(
    corridor3: Network, monkeypatch: pytest.MonkeyPatch, width: int, text: str
) -> None:
    shown = draw(monkeypatch, width, corridor3, text)
    assert "…" not in shown
    assert max(cell_len(line) for line in shown.splitlines()) <= width
    assert "3.0" in shown
    assert "830" in shown
    assert "1,560" in shown
    assert ("Too narrow for moving, handled, waiting" in " ".join(shown.split())) == (width <= 60)


def test_wide_screens_have_all_columns(corridor3: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = draw(monkeypatch, 100, corridor3, "routes")
    assert all(title in shown for title in (*show.TITLES, *show.LEG_TITLES))
    assert "Too narrow" not in shown


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "cp1251"])
def test_json_holds_letters_that_the_output_does_not(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding=encoding))
    show.dump({"name": "Małaszewicze 西安"})
    assert ("西安" in raw.getvalue().decode("utf-8")) == (encoding == "utf-8")
    assert json.loads(raw.getvalue()) == {"name": "Małaszewicze 西安"}
