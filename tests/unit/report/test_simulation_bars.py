"""Causes, queues and differences as figures; the styles that they share."""

import re

import numpy as np
import pandas as pd
import pytest

from dehliz.report.simulation_causes import draw_causes
from dehliz.report.simulation_difference import draw_differences, read_scale, tell_measure
from dehliz.report.simulation_queues import draw_queues
from dehliz.report.simulation_stairs import STEP_COLOUR
from dehliz.report.simulation_style import BRANCH, CAUSE, KIND, pattern_defs
from dehliz.report.style import PAPER, contrast
from dehliz.simulation.observe_causes import BRANCH as BRANCH_OF
from tests.unit.report.simulation_sample import make_causes, make_differences, make_use

NAMED = make_causes().assign(name="Ostor → Hafen <&>, middle")


def test_every_cause_of_the_simulation_has_a_word_and_a_branch() -> None:
    assert {cause.name.lower() for cause in BRANCH_OF} == set(CAUSE)
    assert set(BRANCH_OF.values()) == set(BRANCH) == set(STEP_COLOUR)


def test_styles_stand_out_and_differ_by_more_than_colour() -> None:
    for style in BRANCH.values():
        assert contrast(style.ink, style.fill) >= 4.5
    patterned = [style.lines for style in BRANCH.values() if style.lines]
    assert len(set(patterned)) == len(patterned)
    plain = [style.fill for style in BRANCH.values() if not style.lines]
    for number, fill in enumerate(plain):
        assert all(contrast(fill, other) >= 1.4 for other in plain[:number])
    for colour in (*STEP_COLOUR.values(), *(colour for _, colour in KIND.values())):
        assert contrast(colour, PAPER) >= 4.5
    assert set(pattern_defs(list(BRANCH))) == {
        f"branch-{name}" for name, style in BRANCH.items() if style.lines
    }


@pytest.mark.parametrize("is_narrow", [False, True])
def test_bars_of_causes_are_in_proportion(is_narrow: bool) -> None:
    svg = draw_causes(NAMED, is_narrow=is_narrow).svg
    widths = {
        words: float(width) for width, words in
        re.findall(r'<rect [^>]* width="([\d.]+)"[^>]*><title>[^<]*middle: ([a-z ]+) \d', svg)
    }  # fmt: skip
    assert widths["by land"] / widths["at sea"] == pytest.approx(2.0, rel=0.02)
    assert widths["wait for a ship that fills"] / widths["handling"] == pytest.approx(3.0, rel=0.05)
    assert ">3.0\u00a0d<" in svg
    assert "Hafen &lt;&amp;&gt;" in svg


def test_causes_of_unknown_bounds_and_of_nobody() -> None:
    svg = draw_causes(NAMED.assign(time_low_h=np.nan, time_high_h=np.nan)).svg
    assert "nan" not in svg.lower()
    assert "no tree of causes" in draw_causes(NAMED[:0]).svg


def test_an_unknown_branch_is_drawn_plain() -> None:
    figure = draw_causes(NAMED.assign(branch="new", cause="thing"))
    assert "other" in figure.svg
    assert figure.shared == {}


def test_a_queue_with_its_closure_and_warm_up() -> None:
    figure = draw_queues(make_use(), ["sail:mitte", "unknown"], 336.0, ["sail:mitte"])
    svg = figure.svg
    assert "Quay &lt;of&gt; Mitte" in svg
    assert "overloaded" in svg
    assert svg.count("shut 25\u00a0% of the time") == 1
    left, right = (
        float(x) for x in re.search(r'<line x1="([\d.]+)" x2="([\d.]+)"[^>]*stroke="#53626d"', svg).groups()
    )  # type: ignore[union-attr]
    wide = re.search(r'<rect [^>]* width="([\d.]+)"[^>]*><title>Warm-up', svg)
    assert wide
    assert float(wide[1]) == pytest.approx((right - left) * 2 / 6, abs=0.1)
    tall = re.search(r' height="([\d.]+)"[^>]*><title>Week of 2024-11-17', svg)
    assert tall
    assert float(tall[1]) == pytest.approx(116.0 / 4, abs=0.1)
    assert "6.0 in the week of 2024-12-08" in figure.description


def test_queues_without_warm_up_one_week_or_rows() -> None:
    assert "warm-up" not in draw_queues(make_use(), ["sail:mitte"]).svg
    single = draw_queues(make_use(1), ["sail:mitte"], is_narrow=True).svg
    assert "<circle" in single
    assert "nan" not in single.lower()
    assert "no queue to draw" in draw_queues(make_use()[:0], ["sail:mitte"]).svg


def test_differences_lie_where_they_should() -> None:
    rows = make_differences().assign(name="x <y>")
    svg = draw_differences(rows[:2]).svg
    ticks = {text: float(x) for x, text in re.findall(r'<text x="([\d.]+)"[^>]*>([\u2212+\d]+)</text>', svg)}
    dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"[^>]*><title>', svg)]
    step = (ticks["0"] - ticks["\u221210"]) / 10.0
    assert dots == [pytest.approx(ticks["0"] - 10 * step, abs=0.2), pytest.approx(ticks["0"] - step, abs=0.2)]
    fills = re.findall(r'<circle [^>]*fill="([^"]+)"[^>]*><title>', svg)
    assert fills[0] != PAPER
    assert fills[1] == PAPER
    assert "from 60.0 to 50.0" in svg
    assert "x &lt;y&gt;" in svg


def test_units_of_differences() -> None:
    rows = make_differences()
    assert read_scale("mean_h", rows[:2]) == (1.0, "hours", 1)
    assert read_scale("mean_h", rows[:2].assign(value_low=-50.0)) == (24.0, "days", 1)
    assert read_scale("load_share", rows[2:3])[1] == "percentage points"
    assert read_scale("wait_h_t", rows[3:])[1] == "h/t"
    assert tell_measure("p95_h") == "95th percentile of the time"


@pytest.mark.parametrize("is_narrow", [False, True])
def test_differences_without_bounds_or_rows(is_narrow: bool) -> None:
    rows = make_differences().assign(name="x", value_low=np.nan, value_high=np.nan)
    assert "nan" not in draw_differences(rows, is_narrow=is_narrow).svg.lower()
    assert "No difference can be told" in draw_differences(rows[:0], is_narrow=is_narrow).svg
    zero = rows[:1].assign(value_mean=0.0)
    assert "nan" not in draw_differences(pd.concat([zero]), is_narrow=is_narrow).svg.lower()
