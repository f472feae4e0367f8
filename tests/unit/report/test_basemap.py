import re

import numpy as np
import pytest

from dehliz.report.basemap import draw_base, make_view, read_lines, shared_paths
from dehliz.report.plane import measure
from dehliz.report.projection import CASPIAN, EURASIA, FRAMES, OCEAN


def is_inside(point, ring):
    """Even-odd test of a point against one ring."""
    x, y = point
    a, b = ring, np.roll(ring, -1, axis=0)
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    at = a[crosses, 0] + (y - a[crosses, 1]) / (b[crosses, 1] - a[crosses, 1]) * (
        b[crosses, 0] - a[crosses, 0]
    )
    return int(np.count_nonzero(at > x)) % 2 == 1


@pytest.mark.parametrize("detail", ["50m", "110m"])
@pytest.mark.parametrize(
    ("place", "is_land"),
    [
        ((51.0, 42.0), False),  # the Caspian Sea
        ((35.0, 43.3), False),  # the Black Sea
        ((66.9, 48.0), True),  # Kazakhstan
        ((47.5, 40.5), True),  # Azerbaijan
        ((175.0, 66.5), True),  # Chukotka, west of the 180th meridian
        ((65.0, 15.0), False),  # the Arabian Sea
        ((10.5, 51.0), True),  # Germany
    ],
)
def test_land_is_land_and_sea_is_sea(detail, place, is_land):
    count = sum(is_inside(place, ring) for ring in read_lines(detail)["land"])
    assert (count % 2 == 1) == is_land


def test_no_line_jumps_across_the_world():
    for kind, lines in read_lines("50m").items():
        steps = np.concatenate([np.abs(np.diff(line[:, 0])) for line in lines])
        assert steps.max() < 20, kind


def test_view_holds_the_box_of_its_frame():
    for frame in FRAMES:
        view = make_view(frame, 1080.0)
        places = view.place(frame.outline_deg())
        assert places.min() >= -0.51
        assert (places <= [view.width + 0.51, view.height + 0.51]).all()
        tall = make_view(frame, 400.0, 400.0)
        inside = tall.place(frame.outline_deg())
        assert inside.min() >= -0.01
        assert inside.max() <= 400.01


def test_paths_of_a_frame_are_made_once_and_fit_every_view():
    wide, shared = draw_base(make_view(EURASIA, 1080.0))
    narrow, again = draw_base(make_view(EURASIA, 400.0, 260.0))
    assert shared is again
    assert re.findall(r'href="#([\w-]+)"', wide) == list(shared)
    assert "scale(1.0000)" in wide
    scale = float(re.findall(r"scale\(([\d.]+)\)", narrow)[0])
    assert scale == pytest.approx(400 / 1080, abs=0.001)


def test_the_scaled_path_lies_where_the_view_says():
    place = np.array([[51.2, 43.6]])
    wide, narrow = make_view(EURASIA, 1080.0), make_view(EURASIA, 400.0, 300.0)
    text, _ = draw_base(narrow)
    x, y, scale = (
        float(value) for value in re.findall(r"translate\(([\d.-]+) ([\d.-]+)\) scale\(([\d.]+)\)", text)[0]
    )
    moved = wide.place(place) * scale + [x, y]
    assert moved == pytest.approx(narrow.place(place), abs=0.1)


def test_base_maps_stay_small():
    sizes = {
        frame.name: sum(len(path) for path in shared_paths(frame).values())
        for frame in (CASPIAN, EURASIA, OCEAN)
    }
    assert max(sizes.values()) < 150_000, sizes


def test_borders_are_lines_and_not_dots():
    lengths = [measure(line)[-1] for line in read_lines("50m")["border"]]
    assert len(lengths) > 150
    assert sum(lengths) > 1000
