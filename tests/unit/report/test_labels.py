import re

import numpy as np
import pytest

from dehliz.report.labels import Label, Room, draw_text, estimate_width, place_labels

NOTHING = np.empty((0, 2))


def texts(markup):
    return re.findall(r">([^<]+)</text>", markup)


def test_width_grows_with_letters_size_and_weight():
    assert estimate_width("mm", 10) > estimate_width("ii", 10)
    assert estimate_width("abc", 20) == pytest.approx(2 * estimate_width("abc", 10))
    assert estimate_width("abc", 10, is_bold=True) > estimate_width("abc", 10)


def test_labels_never_cover_each_other():
    labels = [Label(100 + 3 * i, 100 + 2 * i, f"Place {i}", rank=i) for i in range(30)]
    room = Room(300, 200, NOTHING)
    place_labels(labels, room)
    for number, a in enumerate(room.boxes):
        for b in room.boxes[number + 1 :]:
            assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]
    assert 3 < len(room.boxes) < 30


def test_the_weightiest_comes_first_and_stays_on_the_surface():
    labels = [Label(12, 10, "Small", rank=9), Label(12, 10, "Capital", rank=1)]
    assert texts(place_labels(labels, Room(78, 21, NOTHING))) == ["Capital"]
    assert texts(place_labels([Label(5, 5, "Far too long for this", rank=1)], Room(30, 30, NOTHING))) == []


def test_lesser_labels_do_not_cover_lines_but_great_ones_may():
    everywhere = np.array([[x, y] for x in range(0, 200, 3) for y in range(0, 100, 3)], dtype=float)
    assert texts(place_labels([Label(100, 50, "Village", rank=3)], Room(200, 100, everywhere))) == []
    assert texts(place_labels([Label(100, 50, "Capital", rank=1)], Room(200, 100, everywhere))) == ["Capital"]


def test_names_are_escaped():
    assert "&lt;x&gt;" in draw_text(1, 2, "<x>", 10, "#000000")
