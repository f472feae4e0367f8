import numpy as np
import pytest

from dehliz.report.axes import Axes, draw_axes, round_ticks


@pytest.mark.parametrize(
    ("greatest", "ticks"),
    [
        (17.3, [0, 5, 10, 15, 20]),
        (0.9, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.0, [0, 1]),
        (float("nan"), [0, 1]),
        (100.0, [0, 20, 40, 60, 80, 100]),
    ],
)
def test_round_ticks(greatest, ticks):
    assert round_ticks(greatest) == pytest.approx(ticks)


@pytest.mark.parametrize("greatest", np.random.default_rng(3).uniform(0.01, 1e5, 40))
def test_ticks_reach_the_greatest_and_not_much_more(greatest):
    ticks = round_ticks(float(greatest))
    assert ticks[-1] >= greatest
    assert ticks[-2] < greatest
    assert 3 <= len(ticks) <= 8


def test_scales():
    axes = Axes(10.0, 20.0, 110.0, 220.0, 50.0, 10.0)
    assert axes.place(np.array([[0.0, 0.0], [50.0, 10.0], [25.0, 5.0]])).tolist() == [
        [10, 220],
        [110, 20],
        [60, 120],
    ]
    assert (axes.x(25.0), axes.y(5.0)) == (60.0, 120.0)


def test_axes_are_named():
    text = draw_axes(Axes(10, 20, 110, 220, 50, 10), [0, 50], [0, 10], str, str, "Way, km", "Days")
    assert "Way, km" in text
    assert "Days" in text
