"""Path sizes when some routes are shut: what nobody used goes on counting, what was used does not.

``assignment/warm.py`` calls it for the trips of which a route was shut or has come in.
"""

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.search import Floats, Ints, freeze

Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@lean_kernel
def path_sizes_left(
    first_route: Ints,
    first_arc: Longs,
    arc: Ints,
    length: Floats,
    row: Ints,
    share: Floats,
    is_shut: Bools,
    most: Floats,
    count: Floats,
    out_size: Floats,
) -> None:
    """Path size of each route among the routes of its trip, shut ones counting as far as they were not used.

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
    share : (n_route,) float64
        Share p of its trip that each route carried before, 0 for those that have come in since.
    is_shut : (n_route,) bool
    most, count : (n_arc,) float64
        Workspace, all 0 before and after.
    out_size : (n_route,) float64
        Path size, above 0; 0 for shut routes.

    Notes
    -----
    PS_r = sum over arcs a of r of (L_a / L_r) / N_a. N_a counts each route of the trip on a: one that is open as 1, one
    that is shut as 1 - p / P_a, P_a being the largest p on a. Of n like routes those that are left share out the
    whole, as path sizes do; a route that carried next to nothing leaves the sizes of others as they were. With
    nothing shut this is the path size of ``route_sums.path_sizes``. O(n).
    """
    for trip in range(first_route.shape[0] - 1):
        routes = range(first_route[trip], first_route[trip + 1])
        for route in routes:
            for at in range(first_arc[route], first_arc[route + 1]):
                most[arc[at]] = max(most[arc[at]], share[route])
        for route in routes:
            for at in range(first_arc[route], first_arc[route + 1]):
                if not is_shut[route]:
                    count[arc[at]] += 1.0
                elif most[arc[at]] > 0.0:
                    count[arc[at]] += 1.0 - share[route] / most[arc[at]]
        for route in routes:
            out_size[route] = 0.0
            if is_shut[route]:
                continue
            total = 0.0
            size = 0.0
            plain = 0.0
            for at in range(first_arc[route], first_arc[route + 1]):
                part = length[row[trip], arc[at]]
                total += part
                size += part / count[arc[at]]
                plain += 1.0 / count[arc[at]]
            arc_count = first_arc[route + 1] - first_arc[route]
            if total > 0.0:
                out_size[route] = size / total
            elif arc_count > 0:
                out_size[route] = plain / arc_count
            else:
                out_size[route] = 1.0
        for route in routes:
            for at in range(first_arc[route], first_arc[route + 1]):
                most[arc[at]] = 0.0
                count[arc[at]] = 0.0


@path_sizes_left.sample
def _path_sizes_left_sample() -> tuple[object, ...]:
    routes = freeze([0, 1], np.int32), freeze([0, 1], np.int64), freeze([0], np.int32)
    length, row = freeze([[1.0]], np.float64), freeze([0], np.int32)
    share, is_shut = freeze([1.0], np.float64), freeze([False], np.bool_)
    return *routes, length, row, share, is_shut, np.zeros(1), np.zeros(1), np.empty(1)
