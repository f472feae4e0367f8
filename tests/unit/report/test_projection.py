import numpy as np
import pytest

from dehliz.base.units import EARTH_RADIUS_KM
from dehliz.report.projection import (
    CASPIAN,
    CAUCASUS,
    EURASIA,
    FRAMES,
    OCEAN,
    WEST,
    Projection,
    choose_frame,
    densify,
)


def test_published_example():
    # Snyder (1987), USGS Professional Paper 1395, page 332: R = 3, centre 40 N 100 W, point 20 S 100 E.
    point = Projection(-100.0, 40.0).project(np.array([[100.0, -20.0]])) / EARTH_RADIUS_KM * 3.0
    assert point[0] == pytest.approx([-4.2339303, 4.0257775], abs=5e-7)


def test_against_proj():
    pyproj = pytest.importorskip("pyproj", reason="pyproj comes with the geo extra, which is not installed")
    reference = pyproj.Proj(f"+proj=laea +lon_0=60 +lat_0=40 +R={EARTH_RADIUS_KM * 1000}")
    points_deg = np.array([[10.0, 53.5], [121.5, 31.2], [-9.0, 36.8], [60.0, 40.0], [18.0, -35.0]])
    expected_km = np.array([reference(lon, lat) for lon, lat in points_deg]) / 1000
    assert Projection(60.0, 40.0).project(points_deg) == pytest.approx(expected_km, abs=1e-6)


def test_centre_is_origin_and_north_is_up():
    points_km = Projection(60.0, 40.0).project(np.array([[60.0, 40.0], [60.0, 50.0], [70.0, 40.0]]))
    assert points_km[0] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert points_km[1][0] == pytest.approx(0.0, abs=1e-9)
    assert points_km[1][1] > 1000
    assert points_km[2][0] > 800


def test_areas_are_true():
    # A small square degree at the edge of the map keeps its area: R² cos(lat) dlon dlat.
    step = 0.01
    corner = np.array(
        [[110.0, 25.0], [110.0 + step, 25.0], [110.0 + step, 25.0 + step], [110.0, 25.0 + step]]
    )
    x, y = Projection(60.0, 40.0).project(corner).T
    area_km2 = abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2
    true_km2 = EARTH_RADIUS_KM**2 * np.cos(np.radians(25.0 + step / 2)) * np.radians(step) ** 2
    assert area_km2 == pytest.approx(true_km2, rel=1e-4)


def test_densify_follows_the_great_circle():
    line = densify(np.array([[0.0, 50.0], [90.0, 50.0]]), 5.0)
    assert line[0].tolist() == [0.0, 50.0]
    assert line[-1].tolist() == [90.0, 50.0]
    middle = line[np.argmin(abs(line[:, 0] - 45.0))]
    # The vertex of that great circle lies at atan(tan 50 / cos 45) = 59.32 degrees.
    assert middle[1] == pytest.approx(59.32, abs=0.2)
    lon, lat = np.radians(line.T)
    vectors = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    steps_deg = np.degrees(np.arccos(np.sum(vectors[1:] * vectors[:-1], axis=1)))
    assert steps_deg.max() <= 5.0


def test_densify_leaves_short_lines_alone_and_crosses_the_antimeridian():
    short = np.array([[10.0, 50.0], [10.5, 50.0]])
    assert densify(short).tolist() == short.tolist()
    assert len(densify(np.array([[1.0, 2.0]]))) == 1
    across = densify(np.array([[175.0, 10.0], [-175.0, 10.0]]), 2.0)
    assert np.abs(np.diff(across[:-1, 0])).max() < 5


@pytest.mark.parametrize(
    ("points", "frame"),
    [
        ([[51.2, 43.6], [41.65, 42.15]], CAUCASUS),
        ([[51.2, 43.6], [28.95, 41.0]], CASPIAN),
        ([[76.9, 43.2], [4.5, 51.9]], WEST),
        ([[108.9, 34.3], [10.0, 53.5]], EURASIA),
        ([[17.8, -35.2], [119.4, 34.7]], OCEAN),
        ([[-150.0, -60.0], [0.0, 0.0]], OCEAN),
    ],
)
def test_narrowest_frame_that_holds_the_points(points, frame):
    assert choose_frame(np.array(points)) is frame


def test_frames_widen():
    areas = [np.prod(np.subtract(*frame.sides_km())) for frame in FRAMES]
    assert areas[0] == min(areas)
    assert areas[-1] == max(areas)
