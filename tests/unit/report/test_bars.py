import re

import numpy as np
import pandas as pd
import pytest

from dehliz.report.bars import overview_bars, shorten, time_bars
from tests.unit.report.small import make_route


def widths(svg, words):
    return [float(w) for w in re.findall(rf'<rect [^>]* width="([\d.]+)"[^>]*><title>[^<]*{words}', svg)]


def test_parts_of_a_bar_are_in_proportion():
    svg = time_bars(make_route()).svg
    moving, handling, waiting = (widths(svg, words)[0] for words in ("moving", "handling", "waiting"))
    assert moving / handling == pytest.approx(60 / 30, rel=0.02)
    assert waiting / handling == pytest.approx(66 / 30, rel=0.02)
    assert "6.5\u00a0d" in svg


@pytest.mark.parametrize("is_narrow", [False, True])
def test_a_missing_percentile_is_no_fault(is_narrow):
    figure = time_bars(make_route(time_p95_h=np.nan), is_narrow=is_narrow)
    assert "nan" not in figure.svg.lower()
    assert "moving 2.5\u00a0days" in figure.description


def test_no_routes_no_bars():
    assert "<rect" in time_bars(make_route()[:0]).svg
    assert overview_bars({}).height > 0


def test_overview_puts_the_quickest_first():
    rows = pd.concat([make_route(), make_route(corridor_id="suez", corridor_name="Sea", time_h=78.0)])
    svg = overview_bars({"A → B": rows}).svg
    assert svg.index(">Sea<") < svg.index("Middle &lt;by&gt; BTK")
    sea, middle = (widths(svg, words)[0] for words in ("Sea", "Middle"))
    assert middle / sea == pytest.approx(2.0, rel=0.01)
    assert "quickest is Sea, 3.2\u00a0days" in overview_bars({"A → B": rows}).description


def test_shorten():
    assert shorten("short", 500, 12) == "short"
    assert shorten("a very long name indeed", 60, 12).endswith("…")
