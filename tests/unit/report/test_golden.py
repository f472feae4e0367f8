"""Small figures, letter by letter. After a wanted change: ``python -m tests.unit.report.test_golden`` renews them."""

from pathlib import Path

import pytest

from dehliz.report.bars import overview_bars, time_bars
from dehliz.report.figure import Figure
from dehliz.report.routes_map import routes_map
from dehliz.report.staircase import staircase
from tests.unit.report.small import make_legs, make_network, make_route

GOLDEN = Path(__file__).parent / "golden"
DRAWN = {
    "staircase": lambda: staircase(make_route(), make_legs()),
    "time_bars": lambda: time_bars(make_route(), is_narrow=True),
    "overview_bars": lambda: overview_bars({"Ostor → Westend": make_route()}, is_narrow=True),
    "routes_map": lambda: routes_map(make_network(), make_route(), make_legs()),
}


def write_lines(figure: Figure) -> str:
    """The figure without its base map, an element a line."""
    return figure.inline().replace("><", ">\n<") + "\n"


@pytest.mark.parametrize("name", DRAWN)
def test_figures_are_as_they_were(name):
    assert write_lines(DRAWN[name]()) == (GOLDEN / f"{name}.svg").read_text(encoding="utf-8")


if __name__ == "__main__":
    for name, draw in DRAWN.items():
        (GOLDEN / f"{name}.svg").write_text(write_lines(draw()), encoding="utf-8", newline="\n")
