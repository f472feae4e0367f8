"""Great circles against values known by hand, and their properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehliz.base.units import EARTH_RADIUS_KM
from dehliz.network.geo import great_circle_km, path_length_km

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


def test_one_degree_on_the_equator() -> None:
    assert float(great_circle_km(0, 0, 1, 0)) == pytest.approx(np.pi * EARTH_RADIUS_KM / 180)


def test_pole_to_pole_is_half_the_earth() -> None:
    assert float(great_circle_km(0, -90, 77, 90)) == pytest.approx(np.pi * EARTH_RADIUS_KM)


def test_across_the_date_line() -> None:
    assert float(great_circle_km(179.5, 0, -179.5, 0)) == pytest.approx(np.pi * EARTH_RADIUS_KM / 180)


def test_baku_to_aktau() -> None:
    # Spherical law of cosines by hand: 40.37 N 49.85 E to 43.65 N 51.17 E.
    first, second = np.radians([40.37, 43.65])
    turn = np.radians(51.17 - 49.85)
    cosine = np.sin(first) * np.sin(second) + np.cos(first) * np.cos(second) * np.cos(turn)
    assert float(great_circle_km(49.85, 40.37, 51.17, 43.65)) == pytest.approx(
        EARTH_RADIUS_KM * np.arccos(cosine)
    )


def test_arrays_broadcast_and_nan_stays() -> None:
    distance = great_circle_km([0.0, np.nan], [0.0, 0.0], 0.0, 0.0)
    assert distance[0] == 0
    assert np.isnan(distance[1])


@given(LON, LAT, LON, LAT)
def test_symmetric_and_at_most_half_the_earth(a: float, b: float, c: float, d: float) -> None:
    there, back = float(great_circle_km(a, b, c, d)), float(great_circle_km(c, d, a, b))
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= np.pi * EARTH_RADIUS_KM + 1e-6


def test_path_is_the_sum_of_its_parts() -> None:
    assert path_length_km([0, 1, 1], [0, 0, 1]) == pytest.approx(2 * np.pi * EARTH_RADIUS_KM / 180, rel=1e-9)
    assert path_length_km([5], [5]) == 0
