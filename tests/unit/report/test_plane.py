import re

import numpy as np
import pytest

from dehliz.report.plane import clip_line, clip_ring, measure, path_text, resample, simplify

BOX = (0.0, 0.0, 10.0, 10.0)


def test_simplify_keeps_what_stands_out():
    line = np.array([[0.0, 0.0], [1.0, 0.05], [2.0, 0.0], [3.0, 4.0], [4.0, 0.0]])
    assert simplify(line, 0.1).tolist() == [[0.0, 0.0], [2.0, 0.0], [3.0, 4.0], [4.0, 0.0]]


@pytest.mark.parametrize("seed", range(5))
def test_simplified_lines_stay_within_the_tolerance(seed):
    line = np.cumsum(np.random.default_rng(seed).normal(size=(200, 2)), axis=0)
    thin = simplify(line, 0.8)
    fine = resample(thin, 0.02)
    distance = np.hypot(*(line[:, np.newaxis] - fine[np.newaxis]).transpose(2, 0, 1)).min(axis=1)
    assert distance.max() <= 0.8 + 0.02
    assert len(thin) < len(line)


def test_simplify_of_a_closed_ring_keeps_its_farthest_point():
    ring = np.array([[0.0, 0.0], [5.0, 0.0], [5.0, 5.0], [0.0, 5.0], [0.0, 0.0]])
    assert len(simplify(ring, 0.5)) == 5


def test_clip_ring_cuts_a_square_that_overhangs():
    ring = np.array([[5.0, 5.0], [15.0, 5.0], [15.0, 15.0], [5.0, 15.0]])
    clipped = clip_ring(ring, BOX)
    x, y = clipped.T
    assert abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2 == pytest.approx(25.0)
    assert clipped.max() <= 10.0


def test_clip_ring_of_all_and_of_nothing():
    inside = np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]])
    assert clip_ring(inside, BOX).tolist() == inside.tolist()
    assert len(clip_ring(inside + 100.0, BOX)) == 0


def test_clip_line_gives_each_stretch_inside():
    line = np.array([[-5.0, 5.0], [5.0, 5.0], [5.0, 25.0], [8.0, 25.0], [8.0, 5.0]])
    parts = clip_line(line, BOX)
    assert [part.tolist() for part in parts] == [
        [[-5.0, 5.0], [5.0, 5.0], [5.0, 25.0]],
        [[8.0, 25.0], [8.0, 5.0]],
    ]
    assert clip_line(line[:1], BOX) == []


def test_measure_and_resample():
    line = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 14.0]])
    assert measure(line).tolist() == [0.0, 5.0, 15.0]
    points = resample(line, 5.0)
    assert points.tolist() == [[0.0, 0.0], [3.0, 4.0], [3.0, 9.0], [3.0, 14.0]]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ([[0.04, 0.0], [1.26, -0.5]], "M0 0l1.3-.5"),
        ([[10.0, 20.0], [10.0, 20.01], [9.5, 20.0]], "M10 20l-.5 0"),
        ([[1.0, 1.0], [1.01, 1.01]], ""),
    ],
)
def test_path_text(line, text):
    assert path_text(np.array(line)) == text


def test_path_text_draws_what_it_was_given():
    line = np.random.default_rng(1).uniform(-500, 500, size=(50, 2))
    numbers = [float(text) for text in re.findall(r"-?\d*\.?\d+", path_text(line, is_closed=True))]
    points = np.cumsum(np.array(numbers).reshape(-1, 2), axis=0)
    assert np.abs(points - line).max() <= 0.051
    assert path_text(line, is_closed=True).endswith("z")


def test_path_text_without_decimals():
    assert path_text(np.array([[1.4, 2.6], [4.0, 0.0]]), digits=0) == "M1 3l3-3"
