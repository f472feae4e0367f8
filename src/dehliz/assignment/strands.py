"""Strands: arcs that the same routes use, taken as one, so that routes become short.

Routes of a ``RouteChoice`` and delays come in; strands of the arcs whose time depends on their volume go out. Arcs
whose time never changes add to what a route costs in any case. ``assignment/fixed_point.py`` works on strands only.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dehliz.assignment.choice import RouteChoice
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.kernels.delay import BPR, Delay, delay_integrals, delay_times
from dehliz.kernels.route_sums import sign_arcs, sum_on_routes
from dehliz.kernels.search import freeze
from dehliz.routing.alternatives import ChoiceSets

LongArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Strands:
    """Arcs whose time depends on their volume, put together where the same routes use them.

    Attributes
    ----------
    arc, strand : (n_member,) int32
        Arcs, ascending, and the strand of each.
    n_strand : int
        Number of strands.
    delay : Delay
        Delays of the members.
    background_t_d : (n_member,) float64
        Background of the members.
    first_strand : (n_route + 1,) int64
    route_strand : (n,) int32
        Strands of each route.
    still_h : (n_route,) float64
        What each route costs on arcs whose time never changes, and besides time.
    """

    arc: IntArray
    strand: IntArray
    n_strand: int
    delay: Delay
    background_t_d: FloatArray
    first_strand: LongArray
    route_strand: IntArray
    still_h: FloatArray


def find_varying(costs: LoadCosts) -> BoolArray:
    """Arcs that stand for a facility whose time depends on its volume, (n_arc,) bool."""
    is_flat = (costs.form == BPR) & ((costs.alpha_factor == 0.0) | (costs.beta_factor == 0.0))
    is_loaded = (costs.form != 0) & np.isfinite(costs.capacity_t_d) & (costs.free_time_h > 0.0)
    return np.asarray(is_loaded & ~is_flat & costs.stands)


def make_strands(choice: RouteChoice, costs: LoadCosts) -> Strands:
    """Strands of the arcs of routes.

    Notes
    -----
    Each route gets two 64-bit keys; arcs of equal exclusive ors of keys are used by the same routes (other sets of
    routes agree in both with a chance of 2^-128 a pair).
    """
    sets = choice.sets
    shared = np.ascontiguousarray(costs.facilities[sets.arc])
    sign = _sign(sets, shared, len(costs.form))
    is_varying = find_varying(costs)
    arc = np.flatnonzero(is_varying & sign.any(axis=1)).astype(np.int32)
    _, first, strand = np.unique(sign[arc], axis=0, return_index=True, return_inverse=True)
    strand_of = np.full(len(costs.form), -1, np.int32)
    strand_of[arc[first]] = np.arange(len(first), dtype=np.int32)  # the first arc stands for its strand
    along = strand_of[shared]
    is_kept = along >= 0
    count = np.concatenate([np.zeros(1, np.int64), np.cumsum(is_kept)])
    return Strands(
        arc=arc,
        strand=strand.reshape(-1).astype(np.int32),
        n_strand=len(first),
        delay=_take(costs.delay, arc),
        background_t_d=costs.background_t_d[arc],
        first_strand=freeze(count[sets.first_arc], np.int64),
        route_strand=freeze(along[is_kept], np.int32),
        still_h=_sum_still(choice, costs, is_varying),
    )


def keep_strands(
    strands: Strands, kept: npt.NDArray[np.intp], choice: RouteChoice, costs: LoadCosts
) -> Strands:
    """Strands of some of the routes that strands were made of, at other delays and costs.

    Parameters
    ----------
    strands : Strands
        Of all routes.
    kept : (n_kept,) int64
        Which of them are left, ascending.
    choice : RouteChoice
        Of the routes that are left, in the same order.
    costs : LoadCosts
        With the same arcs varying and the same facilities as when the strands were made.

    Notes
    -----
    Arcs that the same routes use are used by the same ones of a part of them, so strands stay strands; finding them
    again would take five times as long as all else that a change of costs needs.
    """
    length = np.diff(strands.first_strand)[kept]
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(length)])
    place = np.repeat(strands.first_strand[:-1][kept] - first[:-1], length) + np.arange(first[-1])
    return replace(
        strands,
        delay=_take(costs.delay, strands.arc),
        background_t_d=costs.background_t_d[strands.arc],
        first_strand=freeze(first, np.int64),
        route_strand=freeze(strands.route_strand[place], np.int32),
        still_h=_sum_still(choice, costs, find_varying(costs)),
    )


def _sum_still(choice: RouteChoice, costs: LoadCosts, is_varying: BoolArray) -> FloatArray:
    """What each route costs on arcs whose time never changes, and besides time, (n_route,) float64 [h]."""
    sets = choice.sets
    still_h = np.empty(sets.n_route)
    empty_h = costs.time_h(np.zeros(len(costs.form)))
    still_time = np.where(is_varying[costs.facilities], costs.offset_h, empty_h)
    routes = (freeze(sets.first_arc, np.int64), freeze(sets.arc, np.int32))
    sum_on_routes.pick(len(sets.arc))(*routes, still_time, choice.fixed_h, still_h)
    return still_h


def _sign(sets: ChoiceSets, shared: IntArray, arc_count: int) -> LongArray:
    """Signature of the routes that use each facility, (n_arc, 2) int64; its own number where a route comes twice."""
    sign = np.empty((arc_count, 2), np.int64)
    keys = freeze(_keys(sets.n_route), np.int64)
    sign_arcs.pick(len(shared))(freeze(sets.first_arc, np.int64), freeze(shared, np.int32), keys, sign)
    owner = np.repeat(np.arange(sets.n_route), np.diff(sets.first_arc))
    visit = np.sort(owner * arc_count + shared)  # numpy's unique hashes, which takes four times as long here
    if (visit[1:] == visit[:-1]).any():  # exclusive ors would cancel out
        is_used = np.bincount(shared, minlength=arc_count) > 0
        sign[:, 0], sign[:, 1] = np.where(is_used, np.arange(1, arc_count + 1), 0), 0
    return sign


def _keys(count: int) -> LongArray:
    """Well mixed numbers, (count, 2) int64: splitmix64 (Steele, Lea and Flood, 2014, OOPSLA, figure 2)."""
    mixed = np.arange(1, 2 * count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))).view(np.int64).reshape(count, 2)


def _take(delay: Delay, arc: IntArray) -> Delay:
    """Delays of some arcs."""
    form, free, capacity, alpha, beta = delay
    numbers = [freeze(part[arc], np.float64) for part in (free, capacity, alpha, beta)]
    return Delay(freeze(form[arc], np.int8), *numbers)


def evaluate_times(delay: Delay, volume: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Times and slopes of arcs at their volumes."""
    time, slope = np.empty(len(volume)), np.empty(len(volume))
    delay_times.pick(len(volume))(delay, volume, time, slope)
    return time, slope


def evaluate_integrals(delay: Delay, volume: FloatArray) -> FloatArray:
    """Integrals of the times of arcs up to their volumes."""
    integral = np.empty(len(volume))
    delay_integrals.pick(len(volume))(delay, volume, integral)
    return integral
