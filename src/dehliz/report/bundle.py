"""Draws several routes that share tracks side by side, as maps of metros do.

Each row of the network that more than one route uses is split into lanes, the northern route to the north. The
lanes are eased into each other along the way, so that lines part and join without steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dehliz.report.plane import measure, simplify

Points = npt.NDArray[np.float64]
STEP: Final = 3.0
"""Distance of the points at which the sideways shift is worked out [px]."""
EASE: Final = 9
"""Number of such points over which a change of lane is spread."""
CALM: Final = 5
"""Number of such points over which bends are evened out."""


@dataclass(frozen=True, slots=True)
class Track:
    """A row as one route travels it: its id and its points on the surface, shape (point, 2) [px]."""

    row_id: str
    points: Points


def lay_lanes(routes: Mapping[str, Sequence[Track]], spacing: float) -> dict[str, Points]:
    """One line per route, shifted sideways where routes share a row.

    Parameters
    ----------
    routes : mapping of str to sequence of Track
        Tracks of each route in the order of travel, by the route's id.
    spacing : float
        Distance of neighbouring lanes [px].

    Returns
    -------
    dict of str to array of float, shape (point, 2)
        Lines on the surface [px]; routes without tracks are left out.
    """
    tracks = {name: [track for track in own if len(track.points) > 1] for name, own in routes.items()}
    tracks = {name: own for name, own in tracks.items() if own}
    if not tracks:
        return {}
    order = sorted(
        tracks, key=lambda name: float(np.mean(np.concatenate([t.points for t in tracks[name]])[:, 1]))
    )
    users: dict[str, list[str]] = {}
    for name in order:
        for row_id in dict.fromkeys(track.row_id for track in tracks[name]):
            users.setdefault(row_id, []).append(name)
    return {name: _shift(tracks[name], _lanes(name, tracks[name], users), spacing) for name in order}


def _lanes(name: str, tracks: Sequence[Track], users: Mapping[str, Sequence[str]]) -> list[float]:
    """Lane of each track, 0 in the middle, below it positive."""
    return [users[track.row_id].index(name) - (len(users[track.row_id]) - 1) / 2 for track in tracks]


def _shift(tracks: Sequence[Track], lanes: Sequence[float], spacing: float) -> Points:
    line: Points = np.concatenate([track.points for track in tracks])
    lane = np.concatenate(
        [np.full(len(track.points), value) for track, value in zip(tracks, lanes, strict=True)]
    )
    along = measure(line)
    keep = np.concatenate([[True], np.diff(along) > 1e-9])
    line, lane, along = line[keep], lane[keep], along[keep]
    if len(line) < 2:
        return line
    count = max(2, int(np.ceil(along[-1] / STEP)) + 1)
    at = np.linspace(0.0, along[-1], count)
    points = _calm(np.column_stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)]))
    offset = _smooth(np.interp(at, along, lane), EASE) * spacing
    shifted = points + offset[:, np.newaxis] * _normals(points)
    return simplify(np.asarray(shifted), 0.35)


def _calm(points: Points) -> Points:
    """A line with its small bends taken out, so that lanes beside each other stay lanes; the ends are kept."""
    calm = np.column_stack([_smooth(points[:, axis], CALM) for axis in (0, 1)])
    fade = np.minimum(np.minimum(np.arange(len(points)), np.arange(len(points))[::-1]) / CALM, 1.0)[
        :, np.newaxis
    ]
    return np.asarray(fade * calm + (1 - fade) * points)


def _normals(points: Points) -> Points:
    """Unit vectors across the way, on the side that points down the page for a way from left to right or back."""
    tangent = np.gradient(points, axis=0)
    tangent = np.column_stack([_smooth(tangent[:, axis], EASE) for axis in (0, 1)])
    length = np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-9)
    overall = points[-1] - points[0]
    side = 1.0 if overall[0] >= 0 else -1.0
    return np.asarray(side * np.column_stack([-tangent[:, 1], tangent[:, 0]]) / length[:, np.newaxis])


def _smooth(values: Points, width: int) -> Points:
    """Moving mean; the ends are held."""
    if len(values) < 3:
        return values
    width = min(width, 2 * ((len(values) - 1) // 2) - 1)
    if width < 3:
        return values
    padded = np.pad(values, width // 2, mode="edge")
    return np.asarray(np.convolve(padded, np.full(width, 1 / width), mode="valid"))


def pick_badge_place(
    line: Points, others: Sequence[Points], taken: Sequence[Points], box: tuple[float, float, float, float]
) -> Points | None:
    """Where along a line a badge is best put: far from other lines and badges, inside a box.

    Parameters
    ----------
    line : array of float, shape (point, 2)
        The line [px].
    others : sequence of array of float
        Other lines [px].
    taken : sequence of array of float, shape (2,)
        Places of badges already put.
    box : tuple of float
        Left, top, right, bottom within which it may lie [px].

    Returns
    -------
    array of float, shape (2,), or None
        The place, or None when the line never enters the box.
    """
    along = measure(line)
    at = np.linspace(0.0, along[-1], 90)
    spots = np.column_stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)])
    left, top, right, bottom = box
    spots = spots[(spots[:, 0] > left) & (spots[:, 0] < right) & (spots[:, 1] > top) & (spots[:, 1] < bottom)]
    if len(spots) == 0:
        return None
    clear = np.full(len(spots), 60.0)
    for other in others:
        reach = measure(other)
        dense_at = np.linspace(0.0, reach[-1], 120)
        dense = np.column_stack([np.interp(dense_at, reach, other[:, axis]) for axis in (0, 1)])
        distance = np.hypot(*(spots[:, np.newaxis, :] - dense[np.newaxis, :, :]).transpose(2, 0, 1)).min(
            axis=1
        )
        clear = np.minimum(clear, distance)
    for place in taken:
        clear = np.minimum(clear, 1.5 * np.hypot(*(spots - place).T) - 20.0)
    return np.asarray(spots[int(np.argmax(clear))])
