import numpy as np
import pytest

from dehliz.report.bundle import Track, lay_lanes, pick_badge_place

WAY = np.array([[0.0, 100.0], [300.0, 100.0]])


def test_a_lone_route_stays_on_its_track():
    lines = lay_lanes({"a": [Track("r", WAY)]}, 4.0)
    assert lines["a"][:, 1] == pytest.approx(np.full(len(lines["a"]), 100.0))
    assert lines["a"][[0, -1]].tolist() == WAY.tolist()


@pytest.mark.parametrize("way", [WAY, WAY[::-1]])
def test_routes_on_shared_tracks_lie_side_by_side_the_northern_one_above(way):
    end = way[-1]
    north, south = end + np.array([[0.0, 0.0], [0.0, -80.0]]), end + np.array([[0.0, 0.0], [0.0, 80.0]])
    lines = lay_lanes(
        {"south": [Track("r", way), Track("s", south)], "north": [Track("r", way), Track("n", north)]}, 4.0
    )
    assert lines["north"][0, 1] == pytest.approx(98.0)
    assert lines["south"][0, 1] == pytest.approx(102.0)


def test_a_route_may_use_one_row_twice_and_empty_ones_are_left_out():
    twice = [Track("r", WAY), Track("r", WAY[::-1])]
    lines = lay_lanes({"a": twice, "b": [], "c": [Track("p", WAY[:1])]}, 4.0)
    assert set(lines) == {"a"}
    assert lay_lanes({}, 4.0) == {}


def test_badges_keep_away_from_other_lines():
    other = np.array([[0.0, 100.0], [150.0, 100.0], [300.0, 20.0]])
    place = pick_badge_place(WAY, [other], [], (10.0, 10.0, 290.0, 190.0))
    assert place is not None
    assert place[0] > 220
    second = pick_badge_place(WAY, [other], [place], (10.0, 10.0, 290.0, 190.0))
    assert second is not None
    assert abs(second[0] - place[0]) > 20
    assert pick_badge_place(WAY, [], [], (400.0, 0.0, 500.0, 50.0)) is None
