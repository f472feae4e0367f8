"""Sums over many routes: costs of routes, volumes of arcs, path sizes, routes that stand twice.

Routes are compressed: arcs of route r are ``arc[first_arc[r]:first_arc[r + 1]]``. ``routing/alternatives.py`` makes
them, ``assignment/choice.py`` and ``assignment/fixed_point.py`` sum over them.
"""

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.search import Floats, Ints, freeze

Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@lean_kernel
def sum_on_routes(first_arc: Longs, arc: Ints, value: Floats, base: Floats, out_sum: Floats) -> None:
    """Sum of a value of arcs along each route.

    Parameters
    ----------
    first_arc : (n_route + 1,) int64
    arc : (n,) int32
    value : (n_arc,) float64
        What each arc adds, in any one unit.
    base : (n_route,) float64
        What each route starts from, in the same unit.
    out_sum : (n_route,) float64
        Base plus values of the arcs.

    Notes
    -----
    O(n).
    """
    for route in range(base.shape[0]):
        total = base[route]
        for at in range(first_arc[route], first_arc[route + 1]):
            total += value[arc[at]]
        out_sum[route] = total


@lean_kernel
def sum_rows_on_routes(first_arc: Longs, arc: Ints, value: Floats, row: Ints, out_sum: Floats) -> None:
    """Sum along each route of the row of values that is its own.

    Parameters
    ----------
    first_arc : (n_route + 1,) int64
    arc : (n,) int32
    value : (n_row, n_arc) float64
        What each arc adds, by segment.
    row : (n_route,) int32
        Segment of each route.
    out_sum : (n_route,) float64
        Sum of the values of its arcs; ``inf`` when one of them is forbidden.
    """
    for route in range(row.shape[0]):
        total = 0.0
        for at in range(first_arc[route], first_arc[route + 1]):
            total += value[row[route], arc[at]]
        out_sum[route] = total


@lean_kernel
def sum_on_arcs(first_arc: Longs, arc: Ints, flow: Floats, out_volume: Floats) -> None:
    """Volume of each arc: sum of the flows of the routes that use it.

    Parameters
    ----------
    first_arc : (n_route + 1,) int64
    arc : (n,) int32
    flow : (n_route,) float64
        Flow of each route.
    out_volume : (n_arc,) float64
        Sum of the flows, in order of the routes.
    """
    for at in range(out_volume.shape[0]):
        out_volume[at] = 0.0
    for route in range(flow.shape[0]):
        for at in range(first_arc[route], first_arc[route + 1]):
            out_volume[arc[at]] += flow[route]


@lean_kernel
def sum_on_arc_rows(first_arc: Longs, arc: Ints, flow: Floats, row: Ints, out_volume: Floats) -> None:
    """As ``sum_on_arcs``, apart for each row: ``out_volume`` is (n_row, n_arc), ``row`` (n_route,) int32."""
    for line in range(out_volume.shape[0]):
        for at in range(out_volume.shape[1]):
            out_volume[line, at] = 0.0
    for route in range(flow.shape[0]):
        for at in range(first_arc[route], first_arc[route + 1]):
            out_volume[row[route], arc[at]] += flow[route]


@lean_kernel
def path_sizes(
    first_route: Ints,
    first_arc: Longs,
    arc: Ints,
    length: Floats,
    row: Ints,
    user_count: Ints,
    out_size: Floats,
) -> None:
    """Path size of each route among the routes of its trip.

    Parameters
    ----------
    first_route : (n_trip + 1,) int32
        Routes of each trip.
    first_arc : (n_route + 1,) int64
    arc : (n,) int32
    length : (n_segment, n_arc) float64
        Length L of each arc for each segment, at least 0, in any one unit.
    row : (n_trip,) int32
        Segment of each trip.
    user_count : (n_arc,) int32
        Workspace, all 0 before and after.
    out_size : (n_route,) float64
        Path size, above 0, 1 for a route that shares nothing.

    Notes
    -----
    PS_r = sum over arcs a of r of (L_a / L_r) / N_a, N_a being how many routes of the trip use a. A route without
    length counts each of its arcs alike; one without arcs has size 1. O(n).

    References
    ----------
    Ben-Akiva, M. and Bierlaire, M. (1999), Discrete choice methods and their applications to short term travel
    decisions, Handbook of Transportation Science, section 4.4.
    """
    for trip in range(first_route.shape[0] - 1):
        low, high = first_arc[first_route[trip]], first_arc[first_route[trip + 1]]
        for at in range(low, high):
            user_count[arc[at]] += 1
        for route in range(first_route[trip], first_route[trip + 1]):
            total = 0.0
            size = 0.0
            plain = 0.0
            for at in range(first_arc[route], first_arc[route + 1]):
                part = length[row[trip], arc[at]]
                total += part
                size += part / user_count[arc[at]]
                plain += 1.0 / user_count[arc[at]]
            arc_count = first_arc[route + 1] - first_arc[route]
            if total > 0.0:
                out_size[route] = size / total
            elif arc_count > 0:
                out_size[route] = plain / arc_count
            else:
                out_size[route] = 1.0
        for at in range(low, high):
            user_count[arc[at]] = 0


@lean_kernel
def mark_first_routes(first_route: Ints, first_arc: Longs, arc: Ints, out_is_first: Bools) -> None:
    """Mark each route that no earlier route of its trip equals arc by arc.

    Parameters
    ----------
    first_route : (n_trip + 1,) int32
    first_arc : (n_route + 1,) int64
    arc : (n,) int32
    out_is_first : (n_route,) bool

    Notes
    -----
    O(n r) for r routes of a trip at worst; routes of unlike length are told apart at once.
    """
    for trip in range(first_route.shape[0] - 1):
        for route in range(first_route[trip], first_route[trip + 1]):
            start = first_arc[route]
            length = first_arc[route + 1] - start
            is_first = True
            for other in range(first_route[trip], route):
                begin = first_arc[other]
                if first_arc[other + 1] - begin != length:
                    continue
                step = 0
                while step < length and arc[start + step] == arc[begin + step]:
                    step += 1
                if step == length:
                    is_first = False
                    break
            out_is_first[route] = is_first


@lean_kernel
def sign_arcs(first_arc: Longs, arc: Ints, key: Longs, out_sign: Longs) -> None:
    """Exclusive or of the keys of the routes that use each arc: arcs of equal sign are used by the same routes.

    Parameters
    ----------
    first_arc : (n_route + 1,) int64
    arc : (n,) int32
        No arc twice in a route.
    key : (n_route, 2) int64
        Well mixed numbers.
    out_sign : (n_arc, 2) int64
        0 where no route passes.
    """
    for at in range(out_sign.shape[0]):
        out_sign[at, 0] = 0
        out_sign[at, 1] = 0
    for route in range(key.shape[0]):
        for at in range(first_arc[route], first_arc[route + 1]):
            out_sign[arc[at], 0] ^= key[route, 0]
            out_sign[arc[at], 1] ^= key[route, 1]


def _sample_routes() -> tuple[Longs, Ints]:
    return freeze([0, 1], np.int64), freeze([0], np.int32)


@sum_on_routes.sample
def _sum_on_routes_sample() -> tuple[object, ...]:
    return *_sample_routes(), np.ones(1), np.zeros(1), np.empty(1)


@sum_rows_on_routes.sample
def _sum_rows_on_routes_sample() -> tuple[object, ...]:
    return *_sample_routes(), freeze([[1.0]], np.float64), freeze([0], np.int32), np.empty(1)


@sum_on_arcs.sample
def _sum_on_arcs_sample() -> tuple[object, ...]:
    return *_sample_routes(), np.ones(1), np.empty(1)


@sum_on_arc_rows.sample
def _sum_on_arc_rows_sample() -> tuple[object, ...]:
    return *_sample_routes(), np.ones(1), freeze([0], np.int32), np.empty((1, 1))


@path_sizes.sample
def _path_sizes_sample() -> tuple[object, ...]:
    length, row = freeze([[1.0]], np.float64), freeze([0], np.int32)
    return freeze([0, 1], np.int32), *_sample_routes(), length, row, np.zeros(1, np.int32), np.empty(1)


@mark_first_routes.sample
def _mark_first_routes_sample() -> tuple[object, ...]:
    return freeze([0, 1], np.int32), *_sample_routes(), np.empty(1, np.bool_)


@sign_arcs.sample
def _sign_arcs_sample() -> tuple[object, ...]:
    return *_sample_routes(), freeze([[1, 2]], np.int64), np.empty((1, 2), np.int64)
