import numpy as np

from dehliz.report.canvas import draw_badge, draw_routes, draw_sea_names, make_canvas
from dehliz.report.labels import Room
from dehliz.report.projection import CASPIAN, EURASIA
from dehliz.report.style import CORRIDOR


def test_a_narrow_canvas_is_for_a_phone():
    wide, narrow = make_canvas(EURASIA, is_narrow=False), make_canvas(EURASIA, is_narrow=True)
    assert wide.view.width == 1080
    assert narrow.view.width == 344
    assert narrow.view.height >= 236
    assert narrow.line_factor < wide.line_factor


def test_names_of_seas_give_way():
    canvas = make_canvas(CASPIAN, is_narrow=False)
    empty = Room(canvas.view.width, canvas.view.height, np.empty((0, 2)))
    assert "Caspian Sea" in draw_sea_names(canvas, empty)
    assert "Baltic Sea" not in draw_sea_names(canvas, empty)
    full = Room(
        canvas.view.width,
        canvas.view.height,
        np.empty((0, 2)),
        [(0, 0, canvas.view.width, canvas.view.height)],
    )
    assert draw_sea_names(canvas, full) == ""
    assert draw_sea_names(make_canvas(CASPIAN, is_narrow=True), empty) == ""


def test_routes_carry_their_name_and_lie_on_pale_grounds():
    line = np.array([[0.0, 0.0], [5.0, 5.0]])
    text = draw_routes({"middle_btk": line, "cape": line + 1}, {"cape": "By <sea>"}, 1.0)
    assert "<title>By &lt;sea&gt;</title>" in text
    assert text.count(" d=") == 2
    assert text.count("<use") == 4
    assert text.index("stroke-dasharray") > text.rindex("stroke-opacity")
    assert text.index(CORRIDOR["cape"].colour) < text.index(CORRIDOR["middle_btk"].colour)


def test_badges_carry_their_number():
    assert ">7</text>" in draw_badge(10, 10, 7, "suez")
