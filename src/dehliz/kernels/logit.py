"""Nested logit in arrays: shares of routes, how flows follow costs, and the diagonal of that response.

Routes of a nest stand together, nests of a trip stand together. Utilities come in, shares go out;
``assignment/choice.py`` makes the utilities and ``assignment/fixed_point.py`` balances the flows with congestion.
"""

from typing import NamedTuple

import numpy as np

from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.route_sums import Longs
from dehliz.kernels.search import Floats, Ints, freeze


class Nests(NamedTuple):
    """Which routes a trip chooses among.

    Attributes
    ----------
    first_nest : (n_trip + 1,) int32
        Nests of trip ``i`` are ``first_nest[i]:first_nest[i + 1]``; none where the trip has no route.
    first_route : (n_nest + 1,) int32
        Routes of nest ``n`` are ``first_route[n]:first_route[n + 1]``, at least one.
    """

    first_nest: Ints
    first_route: Ints


@lean_kernel
def nested_shares(
    nests: Nests,
    utility: Floats,
    nest_factor: float,
    out_share: Floats,
    out_within: Floats,
    out_logsum: Floats,
) -> None:
    """Nested logit shares of the routes of each trip.

    Parameters
    ----------
    nests : Nests
        The choices.
    utility : (n_route,) float64
        Utility V of each route, finite, in units of the lower scale.
    nest_factor : float
        Scale between nests over scale within them, above 0 and at most 1; 1 is plain logit.
    out_share : (n_route,) float64
        Share of the trip, 0 to 1.
    out_within : (n_route,) float64
        Share of the nest.
    out_logsum : (n_trip,) float64
        Logsum of the trip; ``-inf`` without a route.

    Notes
    -----
    I_n = ln sum exp V_r; share = exp(V_r - I_n) exp(m I_n) / sum exp(m I_n), m being the nest factor. The logsum is
    ln(sum exp(m I_n)) / m. Exponents are taken from the greatest, so nothing overflows. O(n_route).

    References
    ----------
    McFadden, D. (1978), Modelling the choice of residential location, in Spatial Interaction Theory and Planning
    Models, 75-96, equations 14 to 16.
    """
    first_nest, first_route = nests
    for trip in range(first_nest.shape[0] - 1):
        best = -np.inf
        for nest in range(first_nest[trip], first_nest[trip + 1]):
            top = -np.inf
            for route in range(first_route[nest], first_route[nest + 1]):
                top = max(top, utility[route])
            total = 0.0
            for route in range(first_route[nest], first_route[nest + 1]):
                out_within[route] = np.exp(utility[route] - top)
                total += out_within[route]
            inclusive = nest_factor * (top + np.log(total))
            for route in range(first_route[nest], first_route[nest + 1]):
                out_within[route] /= total
                out_share[route] = inclusive
            best = max(best, inclusive)
        total = 0.0
        for nest in range(first_nest[trip], first_nest[trip + 1]):
            total += np.exp(out_share[first_route[nest]] - best)
        for nest in range(first_nest[trip], first_nest[trip + 1]):
            weight = np.exp(out_share[first_route[nest]] - best) / total
            for route in range(first_route[nest], first_route[nest + 1]):
                out_share[route] = weight * out_within[route]
        out_logsum[trip] = (best + np.log(total)) / nest_factor if total > 0.0 else -np.inf


@lean_kernel
def flow_changes(
    nests: Nests,
    within: Floats,
    share: Floats,
    stiffness: Floats,
    nest_factor: float,
    cost_change: Floats,
    out_change: Floats,
) -> None:
    """How route flows answer to a small change of route costs.

    Parameters
    ----------
    nests : Nests
        The choices.
    within, share : (n_route,) float64
        As ``nested_shares`` gave them.
    stiffness : (n_trip,) float64
        Scale times flow of each trip.
    nest_factor : float
        As in ``nested_shares``.
    cost_change : (n_route,) float64
        Direction in which costs change.
    out_change : (n_route,) float64
        Derivative of the flows in that direction.

    Notes
    -----
    f_r' = -scale f_r ((c_r - c_n) + m (c_n - c)), c_n and c being means of c_r over the nest and the trip. The matrix
    is symmetric and negative semidefinite. O(n_route).
    """
    first_nest, first_route = nests
    for trip in range(first_nest.shape[0] - 1):
        mean = 0.0
        for nest in range(first_nest[trip], first_nest[trip + 1]):
            for route in range(first_route[nest], first_route[nest + 1]):
                mean += share[route] * cost_change[route]
        for nest in range(first_nest[trip], first_nest[trip + 1]):
            inner = 0.0
            for route in range(first_route[nest], first_route[nest + 1]):
                inner += within[route] * cost_change[route]
            shift = nest_factor * (inner - mean) - inner
            for route in range(first_route[nest], first_route[nest + 1]):
                out_change[route] = -stiffness[trip] * share[route] * (cost_change[route] + shift)


@lean_kernel
def response_diagonal(
    nests: Nests,
    first_arc: Longs,
    arc: Ints,
    within: Floats,
    share: Floats,
    stiffness: Floats,
    nest_factor: float,
    inner: Floats,
    outer: Floats,
    out_diagonal: Floats,
) -> None:
    """How much the volume of each arc falls when its own time rises, per hour: the diagonal of the response.

    Parameters
    ----------
    nests, within, share, stiffness, nest_factor
        As in ``flow_changes``.
    first_arc : (n_route + 1,) int64
    arc : (n,) int32
        Arcs of the routes.
    inner, outer : (n_arc,) float64
        Workspace, all 0 before and after.
    out_diagonal : (n_arc,) float64
        Diagonal, at least 0 but for rounding.

    Notes
    -----
    With x_n the share of a nest that uses the arc, P_n that of the nest and x that of the trip, each trip adds
    stiffness (sum P_n x_n - (1 - m) sum P_n x_n^2 - m x^2). O(n).
    """
    first_nest, first_route = nests
    for at in range(out_diagonal.shape[0]):
        out_diagonal[at] = 0.0
    for trip in range(first_nest.shape[0] - 1):
        low, high = first_nest[trip], first_nest[trip + 1]
        for nest in range(low, high):
            chance = 0.0
            for route in range(first_route[nest], first_route[nest + 1]):
                chance += share[route]
                for at in range(first_arc[route], first_arc[route + 1]):
                    inner[arc[at]] += within[route]
            for at in range(first_arc[first_route[nest]], first_arc[first_route[nest + 1]]):
                here = inner[arc[at]]
                part = chance * here
                out_diagonal[arc[at]] += stiffness[trip] * part * (1.0 - (1.0 - nest_factor) * here)
                outer[arc[at]] += part
                inner[arc[at]] = 0.0
        for at in range(first_arc[first_route[low]], first_arc[first_route[high]]):
            here = outer[arc[at]]
            out_diagonal[arc[at]] -= stiffness[trip] * nest_factor * here * here
            outer[arc[at]] = 0.0


def _sample() -> Nests:
    return Nests(freeze([0, 1], np.int32), freeze([0, 1], np.int32))


@nested_shares.sample
def _nested_shares_sample() -> tuple[object, ...]:
    return _sample(), np.zeros(1), 1.0, np.empty(1), np.empty(1), np.empty(1)


@flow_changes.sample
def _flow_changes_sample() -> tuple[object, ...]:
    return _sample(), np.ones(1), np.ones(1), np.ones(1), 1.0, np.ones(1), np.empty(1)


@response_diagonal.sample
def _response_diagonal_sample() -> tuple[object, ...]:
    routes = (freeze([0, 1], np.int64), freeze([0], np.int32))
    return _sample(), *routes, np.ones(1), np.ones(1), np.ones(1), 1.0, np.zeros(1), np.zeros(1), np.empty(1)
