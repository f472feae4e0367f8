"""Lines on a plane: cut at a rectangle, made simpler, measured, and written as SVG paths.

All functions take arrays of shape (point, 2) in pixels and know nothing of maps.
"""

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom [px]."""


def simplify(line: Points, tolerance: float) -> Points:
    """Fewest points of a line that stay within a tolerance (Douglas and Peucker, 1973, Cartographica 10, 112-122).

    Parameters
    ----------
    line : array of float, shape (point, 2)
        The line [px].
    tolerance : float
        How far a left-out point may lie from what remains [px].

    Returns
    -------
    array of float, shape (fewer points, 2)
        First and last points are always kept.
    """
    line = _drop_crowded(line, tolerance / 4)
    if len(line) < 3:
        return line
    keep: npt.NDArray[np.bool_] = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    stack = [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        distance = _distance_to_chord(line[first + 1 : last], line[first], line[last])
        farthest = int(np.argmax(distance))
        if distance[farthest] > tolerance:
            middle = first + 1 + farthest
            keep[middle] = True
            stack += [(first, middle), (middle, last)]
    return line[keep]


def _drop_crowded(line: Points, cell: float) -> Points:
    """A line without points that fall into the same small cell as the one before."""
    if len(line) < 3:
        return line
    grid = np.floor(line / cell)
    keep = np.concatenate([[True], np.any(grid[1:] != grid[:-1], axis=1)])
    keep[-1] = True
    return np.asarray(line[keep])


def _distance_to_chord(points: Points, start: Points, end: Points) -> Points:
    across, down = points[:, 0] - start[0], points[:, 1] - start[1]
    chord_x, chord_y = float(end[0] - start[0]), float(end[1] - start[1])
    length2 = chord_x * chord_x + chord_y * chord_y
    if length2 == 0.0:
        return np.asarray(np.hypot(across, down))
    part = np.minimum(np.maximum((across * chord_x + down * chord_y) / length2, 0.0), 1.0)
    return np.asarray(np.hypot(across - part * chord_x, down - part * chord_y))


def clip_ring(ring: Points, box: Box) -> Points:
    """The part of a closed ring inside a rectangle (Sutherland and Hodgman, 1974, CACM 17, 32-42).

    Pieces of the rectangle's own sides may be part of the result: it's for filling. Empty when nothing is inside.
    """
    left, top, right, bottom = box
    for axis, bound, sign in ((0, left, 1.0), (0, right, -1.0), (1, top, 1.0), (1, bottom, -1.0)):
        if len(ring) == 0:
            break
        ring = _clip_side(ring, axis, bound, sign)
    return ring


def _clip_side(ring: Points, axis: int, bound: float, sign: float) -> Points:
    depth = sign * (ring[:, axis] - bound)
    inside = depth >= 0
    if inside.all():
        return ring
    if not inside.any():
        return ring[:0]
    following, depth_next = np.roll(ring, -1, axis=0), np.roll(depth, -1)
    crosses = inside != np.roll(inside, -1)
    pieces: list[Points] = []
    for i in range(len(ring)):
        if inside[i]:
            pieces.append(ring[i])
        if crosses[i]:
            part = depth[i] / (depth[i] - depth_next[i])
            pieces.append(ring[i] + part * (following[i] - ring[i]))
    return np.array(pieces)


def clip_line(line: Points, box: Box) -> list[Points]:
    """Stretches of an open line whose pieces touch a rectangle's bounds; whole pieces are kept.

    The drawing surface hides what overhangs, so nothing is cut exactly.
    """
    if len(line) < 2:
        return []
    left, top, right, bottom = box
    low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
    touches = (high[:, 0] >= left) & (low[:, 0] <= right) & (high[:, 1] >= top) & (low[:, 1] <= bottom)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], touches, [False]]).astype(np.int8)))
    return [line[start : end + 1] for start, end in zip(edges[::2], edges[1::2], strict=True)]


def measure(line: Points) -> Points:
    """Distance along a line at each of its points [px], from 0."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def resample(line: Points, step: float) -> Points:
    """Points at equal distances along a line, both ends included, shape (point, 2) [px]."""
    along = measure(line)
    count = max(2, int(np.ceil(along[-1] / step)) + 1)
    at = np.linspace(0.0, along[-1], count)
    return np.column_stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])])


def path_text(line: Points, *, is_closed: bool = False, digits: int = 1) -> str:
    """The ``d`` of an SVG path, in steps, rounded; empty when fewer than two points differ.

    Parameters
    ----------
    line : array of float, shape (point, 2)
        The line [px].
    is_closed : bool
        Whether to join the end to the start.
    digits : int
        Decimals kept.
    """
    scale = 10**digits
    grid = np.rint(line * scale).astype(np.int64)
    steps = np.diff(grid, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    if len(steps) == 0:
        return ""
    start = _pair(int(grid[0, 0]), int(grid[0, 1]), digits).removeprefix(" ")
    return (
        "M"
        + start
        + "l"
        + "".join(_pair(int(x), int(y), digits) for x, y in steps).removeprefix(" ")
        + ("z" if is_closed else "")
    )


def _pair(x: int, y: int, digits: int) -> str:
    """Two numbers in SVG's short form: a minus sign needs no space before it."""
    first, second = _short(x, digits), _short(y, digits)
    return (first if first[0] == "-" else f" {first}") + (second if second[0] == "-" else f" {second}")


def _short(value: int, digits: int) -> str:
    if digits == 0:
        return str(value)
    text = f"{abs(value) / 10**digits:.{digits}f}".rstrip("0").rstrip(".")
    text = text.removeprefix("0") or "0"
    return f"-{text}" if value < 0 else text
