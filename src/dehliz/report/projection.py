"""From longitude and latitude to a plane, in plain NumPy.

One projection serves all maps: Lambert's azimuthal equal-area on a sphere, which shows no country larger than
it is (Snyder, 1987, *Map Projections: A Working Manual*, USGS Professional Paper 1395, pages 182-190). A
``Frame`` is a projection with the stretch of the plane that one family of maps shows. Before this:
coordinates of tables. After it: ``basemap.py`` and ``canvas.py``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dehliz.base.units import EARTH_RADIUS_KM

Points = npt.NDArray[np.float64]
DENSE_STEP_DEG: Final = 1.5
"""Longest straight piece of a great circle, in degrees of arc: under a tenth of a pixel off on our maps."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Lambert's azimuthal equal-area projection on a sphere of the Earth's mean radius.

    Attributes
    ----------
    lon_deg, lat_deg : float
        Centre, where nothing is distorted.
    """

    lon_deg: float
    lat_deg: float

    def project(self, points_deg: Points) -> Points:
        """Plane coordinates, x to the east and y to the north.

        Parameters
        ----------
        points_deg : array of float, shape (point, 2)
            Longitude and latitude [deg].

        Returns
        -------
        array of float, shape (point, 2)
            Distances from the centre [km].
        """
        lon = np.radians(points_deg[:, 0] - self.lon_deg)
        lat = np.radians(points_deg[:, 1])
        sin_centre, cos_centre = np.sin(np.radians(self.lat_deg)), np.cos(np.radians(self.lat_deg))
        sin_lat, cos_lat, cos_lon = np.sin(lat), np.cos(lat), np.cos(lon)
        cos_arc = sin_centre * sin_lat + cos_centre * cos_lat * cos_lon
        stretch = EARTH_RADIUS_KM * np.sqrt(2.0 / np.maximum(1.0 + cos_arc, 1e-9))
        x_km = stretch * cos_lat * np.sin(lon)
        y_km = stretch * (cos_centre * sin_lat - sin_centre * cos_lat * cos_lon)
        return np.column_stack([x_km, y_km])


@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch of the world that maps show.

    Attributes
    ----------
    name : str
        Name used in ids of the page.
    projection : Projection
        How the sphere is laid flat.
    box_deg : tuple of float
        West, south, east, north [deg] of what a map in this frame shows at least.
    detail : str
        Which base map: ``50m`` or ``110m``.
    """

    name: str
    projection: Projection
    box_deg: tuple[float, float, float, float]
    detail: str

    def sides_km(self) -> tuple[Points, Points]:
        """Least and greatest x and y of the box on the plane [km], shape (2,) each."""
        outline_km = self.projection.project(self.outline_deg())
        return outline_km.min(axis=0), outline_km.max(axis=0)

    def holds(self, points_deg: Points) -> bool:
        """Whether all points lie on a map of this frame."""
        low_km, high_km = self.sides_km()
        plane_km = self.projection.project(points_deg)
        return bool((plane_km >= low_km).all() and (plane_km <= high_km).all())

    def outline_deg(self) -> Points:
        """Points along the sides of the box, closely set, shape (point, 2) [deg]."""
        west, south, east, north = self.box_deg
        across, up = np.linspace(west, east, 60), np.linspace(south, north, 60)
        sides = [
            np.column_stack([across, np.full(60, south)]),
            np.column_stack([np.full(60, east), up]),
            np.column_stack([across[::-1], np.full(60, north)]),
            np.column_stack([np.full(60, west), up[::-1]]),
        ]
        return np.concatenate(sides)


def densify(points_deg: Points, step_deg: float = DENSE_STEP_DEG) -> Points:
    """A line with points put in along great circles, so that long pieces bend as ships sail.

    Parameters
    ----------
    points_deg : array of float, shape (point, 2)
        Longitude and latitude [deg].
    step_deg : float
        Longest piece wanted, in degrees of arc.

    Returns
    -------
    array of float, shape (more points, 2)
        The same line; its first and last points are unchanged.
    """
    if len(points_deg) < 2:
        return points_deg
    # No piece is longer on the sphere than its steps of longitude and latitude together.
    long = np.flatnonzero(np.abs(np.diff(points_deg, axis=0)).sum(axis=1) > step_deg)
    parts, done = [points_deg[:1]], 0
    for i in long:
        parts += [points_deg[done + 1 : i + 1], _great_circle(points_deg[i], points_deg[i + 1], step_deg)]
        done = int(i) + 1
    return np.concatenate([*parts, points_deg[done + 1 :]])


def _great_circle(start_deg: Points, end_deg: Points, step_deg: float) -> Points:
    """Points after the start, the end included."""
    start, end = _to_vector(start_deg), _to_vector(end_deg)
    arc = float(np.arccos(np.clip(start @ end, -1.0, 1.0)))
    count = int(np.ceil(np.degrees(arc) / step_deg))
    if count <= 1 or np.isclose(arc, np.pi):
        return end_deg[np.newaxis, :]
    part = np.arange(1, count) / count
    weight_start, weight_end = np.sin((1 - part) * arc), np.sin(part * arc)
    vectors = (weight_start[:, np.newaxis] * start + weight_end[:, np.newaxis] * end) / np.sin(arc)
    lon_deg = np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0]))
    lon_deg += 360.0 * np.round((start_deg[0] - lon_deg) / 360.0)
    lat_deg = np.degrees(np.arcsin(np.clip(vectors[:, 2], -1.0, 1.0)))
    return np.concatenate([np.column_stack([lon_deg, lat_deg]), end_deg[np.newaxis, :]])


def _to_vector(point_deg: Points) -> Points:
    lon, lat = np.radians(point_deg)
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


CAUCASUS: Final = Frame("caucasus", Projection(48.0, 41.5), (33.0, 34.6, 63.0, 47.8), "50m")
EURASIA: Final = Frame("eurasia", Projection(60.0, 40.0), (-10.0, 23.0, 123.0, 56.0), "50m")
WEST: Final = Frame("west", Projection(46.0, 43.0), (-6.0, 28.0, 92.0, 58.0), "50m")
CASPIAN: Final = Frame("caspian", Projection(53.0, 42.0), (24.0, 33.0, 81.0, 52.0), "50m")
EAST: Final = Frame("east", Projection(72.0, 40.0), (23.0, 27.0, 122.0, 52.0), "50m")
SOUTH: Final = Frame("south", Projection(60.0, 30.0), (-12.0, -8.0, 128.0, 62.0), "50m")
OCEAN: Final = Frame("ocean", Projection(58.0, 12.0), (-20.0, -38.0, 128.0, 58.0), "110m")
FRAMES: Final = (CAUCASUS, CASPIAN, WEST, EAST, EURASIA, SOUTH, OCEAN)
"""From the narrowest to the widest; a map takes the first that holds what it must show."""


def choose_frame(points_deg: Points) -> Frame:
    """The narrowest frame that holds all points, else the widest.

    Parameters
    ----------
    points_deg : array of float, shape (point, 2)
        Longitude and latitude [deg] of what must be seen.

    Returns
    -------
    Frame
        One of ``FRAMES``.
    """
    for frame in FRAMES:
        if frame.holds(points_deg):
            return frame
    return FRAMES[-1]
