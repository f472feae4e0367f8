"""Balances route shares with congestion: volumes make times, times make shares, shares make volumes.

A ``RouteChoice`` and delays come in, flows of routes go out that reproduce themselves. Arcs that the same routes use
are one *strand* here, and arcs whose time never changes are none, so that routes become short. The fixed point is
the least of a smooth function of the volumes, and is found by Newton steps. ``assignment/stochastic.py`` calls it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dehliz.assignment.choice import RouteChoice, Shares
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.kernels.delay import BPR, Delay, delay_integrals, delay_times
from dehliz.kernels.logit import flow_changes, response_diagonal
from dehliz.kernels.route_sums import sign_arcs, sum_on_arcs, sum_on_routes
from dehliz.kernels.search import freeze
from dehliz.routing.alternatives import ChoiceSets

LongArray = npt.NDArray[np.int64]

LEAST_ACCURACY_SHARE = 1e-8
"""Newton steps are solved to the gap that is left, and no better than this."""
DESCENT_SHARE = 1e-4
"""Part of the descent promised by the slope that a step must bring (Armijo's rule)."""
SOFTENING_FACTOR = 8.0
"""By how much scales fall and rise at a time on the way from even choices to sharp ones."""
LEAST_SCALE_SHARE = 1e-6
LEAST_RISE_FACTOR = 1.5
STEEP_GAP_SHARE = 0.5
"""Above this gap, choices are made softer first."""
SOFT_GAP_SHARE = 0.1
"""Gap to which softer choices are balanced."""
HALVING_LIMIT_COUNT = 30
INNER_LIMIT_COUNT = 300
"""Conjugate gradient steps of one Newton step at most."""
NOISE_SHARE = 1e-13
"""Differences of the merit below this share of its terms are rounding."""


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


@dataclass(frozen=True, slots=True)
class State:
    """Everything that follows from the times that are believed.

    Attributes
    ----------
    belief_h, time_h : (n_strand,) float64
        Times of strands that the choices believe in, and those that follow from the choices.
    slope : (n_strand,) float64
        Time gained per unit of volume.
    shares : Shares
        Choices.
    flow_t_d : (n_route,) float64
        Flows of the choices.
    merit, noise : float
        Function that the fixed point minimises, and how far it is rounded.
    """

    belief_h: FloatArray
    time_h: FloatArray
    slope: FloatArray
    shares: Shares
    flow_t_d: FloatArray
    merit: float
    noise: float


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
    still_h = np.empty(sets.n_route)
    still_time = np.where(
        is_varying[costs.facilities], costs.offset_h, costs.time_h(np.zeros(len(costs.form)))
    )
    routes = (freeze(sets.first_arc, np.int64), freeze(sets.arc, np.int32))
    sum_on_routes.pick(len(sets.arc))(*routes, still_time, choice.fixed_h, still_h)
    return Strands(
        arc=arc,
        strand=strand.reshape(-1).astype(np.int32),
        n_strand=len(first),
        delay=Delay(*(freeze(part[arc], part.dtype.type) for part in costs.delay)),
        background_t_d=costs.background_t_d[arc],
        first_strand=freeze(count[sets.first_arc], np.int64),
        route_strand=freeze(along[is_kept], np.int32),
        still_h=still_h,
    )


def _sign(sets: ChoiceSets, shared: IntArray, arc_count: int) -> LongArray:
    """Signature of the routes that use each arc, (n_arc, 2) int64; of each arc by itself where a route comes twice."""
    sign = np.empty((arc_count, 2), np.int64)
    run = sign_arcs.pick(len(shared))
    run(
        freeze(sets.first_arc, np.int64),
        freeze(shared, np.int32),
        freeze(_keys(sets.n_route), np.int64),
        sign,
    )
    owner = np.repeat(np.arange(sets.n_route), np.diff(sets.first_arc))
    if len(np.unique(owner * arc_count + shared)) < len(shared):
        is_used = np.bincount(shared, minlength=arc_count) > 0
        sign[:, 0], sign[:, 1] = np.where(is_used, np.arange(1, arc_count + 1), 0), 0
    return sign


def _keys(count: int) -> LongArray:
    """Well mixed numbers, (count, 2) int64: splitmix64 (Steele, Lea and Flood, 2014, OOPSLA, figure 2)."""
    mixed = np.arange(1, 2 * count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))).view(np.int64).reshape(count, 2)


def _times(delay: Delay, volume: FloatArray) -> tuple[FloatArray, FloatArray]:
    time, slope = np.empty(len(volume)), np.empty(len(volume))
    delay_times.pick(len(volume))(delay, volume, time, slope)
    return time, slope


def _integrals(delay: Delay, volume: FloatArray) -> FloatArray:
    integral = np.empty(len(volume))
    delay_integrals.pick(len(volume))(delay, volume, integral)
    return integral


class Balance:
    """The fixed point of one choice model under congestion: evaluates times that are believed, and improves them.

    Notes
    -----
    Let b be the times of strands that choices believe in, x(b) the volumes to which they add up and t(x) the times
    that follow. Wanted is t(x(b)) = b. The merit is Fisk's objective of the flows: the sum of the integrals of t, less
    b x, less the expected utility of all trips over their scales. Its gradient is -A (t - b) with the response
    A = -dx/db, which is symmetric and positive semidefinite, so it vanishes only where flows no longer change. The
    Newton step d solves (I + T A) d = t - b, T being the slopes of t; with w = T^(1/2) dx it is solved by conjugate
    gradients, without making A. Believed times move gently where the volumes of an overloaded strand would leap.

    References
    ----------
    Fisk, C. (1980), Some developments in equilibrium traffic assignment, Transportation Research B 14(3), 243-255,
    equation 9.
    """

    def __init__(self, choice: RouteChoice, costs: LoadCosts, strands: Strands | None = None) -> None:
        self.costs = costs
        self.choice = choice
        self.strands = make_strands(choice, costs) if strands is None else strands
        self.stiffness = choice.scale * choice.volume_t_d
        self.base = _integrals(self.strands.delay, self.strands.background_t_d)
        self.has_route = np.diff(choice.nests.first_nest) > 0
        self.demand = float(choice.volume_t_d.sum())

    def soften(self, share: float) -> "Balance":
        """The same with all scales multiplied by a share: choices that care less for cost."""
        choice = replace(self.choice, scale=self.choice.scale * share)
        return Balance(choice, self.costs, self.strands)

    def gather_times(self, time_h: FloatArray) -> FloatArray:
        """Times of strands from those of all arcs of the network."""
        return self._by_strand(time_h[self.strands.arc])

    def _on_routes(self, value: FloatArray, base: FloatArray) -> FloatArray:
        total = np.empty(len(base))
        strands = self.strands
        run = sum_on_routes.pick(len(strands.route_strand))
        run(strands.first_strand, strands.route_strand, value, base, total)
        return total

    def _on_strands(self, flow: FloatArray) -> FloatArray:
        volume = np.empty(self.strands.n_strand)
        run = sum_on_arcs.pick(len(self.strands.route_strand))
        run(self.strands.first_strand, self.strands.route_strand, flow, volume)
        return volume

    def _by_strand(self, value: FloatArray) -> FloatArray:
        return np.bincount(self.strands.strand, weights=value, minlength=self.strands.n_strand)

    def _choose(self, belief_h: FloatArray) -> tuple[Shares, FloatArray]:
        shares = self.choice.shares(self._on_routes(belief_h, self.strands.still_h))
        return shares, shares.share * self.choice.volume_t_d[self.choice.sets.trip]

    def evaluate(self, belief_h: FloatArray) -> State:
        """Choices, times and merit when these times are believed, (n_strand,) float64."""
        choice, strands = self.choice, self.strands
        shares, flow = self._choose(belief_h)
        volume = self._on_strands(flow)
        total = volume[strands.strand] + strands.background_t_d
        time, slope = _times(strands.delay, total)
        area = _integrals(strands.delay, total) - self.base
        cost = belief_h * volume
        gain = (
            choice.volume_t_d[self.has_route] * shares.logsum[self.has_route] / choice.scale[self.has_route]
        )
        size = float(np.abs(area).sum() + np.abs(cost).sum() + np.abs(gain).sum())
        return State(
            belief_h, self._by_strand(time), self._by_strand(slope), shares, flow,
            float(area.sum() - cost.sum() - gain.sum()), NOISE_SHARE * size,
        )  # fmt: skip

    def measure(self, state: State) -> float:
        """Relative change of the route flows when choices believe in the times that follow from them."""
        _, flow = self._choose(state.time_h)
        moved = float(np.abs(flow - state.flow_t_d).sum())
        return moved / self.demand if self.demand > 0.0 else 0.0

    def _respond(self, state: State, change: FloatArray) -> FloatArray:
        """A times a change of the times of strands: how much volume leaves them."""
        choice = self.choice
        cost_change = self._on_routes(change, np.zeros(choice.sets.n_route))
        flow_change = np.empty(len(cost_change))
        flow_changes.pick(4 * len(cost_change))(
            choice.nests, state.shares.within, state.shares.share, self.stiffness, float(choice.nest_factor),
            cost_change, flow_change,
        )  # fmt: skip
        return -self._on_strands(flow_change)

    def _diagonal(self, state: State) -> FloatArray:
        strands, choice = self.strands, self.choice
        inner, outer = np.zeros(strands.n_strand), np.zeros(strands.n_strand)
        diagonal = np.empty(strands.n_strand)
        response_diagonal.pick(3 * len(strands.route_strand))(
            choice.nests, strands.first_strand, strands.route_strand, state.shares.within,
            state.shares.share, self.stiffness, float(choice.nest_factor), inner, outer, diagonal,
        )  # fmt: skip
        return np.maximum(diagonal, 0.0)

    def newton_step(self, state: State, accuracy_share: float) -> FloatArray:
        """Change of the believed times that would reach the fixed point if everything were straight lines."""
        error = state.time_h - state.belief_h
        root = np.sqrt(state.slope)
        rest = -root * self._respond(state, error)
        relief = 1.0 / (1.0 + state.slope * self._diagonal(state))
        eased = relief * rest
        direction = eased.copy()
        strength = float(rest @ eased)
        least = accuracy_share * accuracy_share * strength
        found = np.zeros_like(rest)
        for _ in range(INNER_LIMIT_COUNT):
            if not strength > least:
                break
            image = direction + root * self._respond(state, root * direction)
            length = strength / float(direction @ image)
            found += length * direction
            rest -= length * image
            eased = relief * rest
            before, strength = strength, float(rest @ eased)
            direction = eased + (strength / before) * direction
        return np.asarray(error + root * found)

    def advance(self, state: State, gap: float, accuracy_share: float) -> State:
        """The next state: along the Newton step when that helps, else by averaging; the same when neither does."""
        for step in (self.newton_step(state, accuracy_share), state.time_h - state.belief_h):
            better = self._search(state, step, gap)
            if better is not None:
                return better
        return state

    def _search(self, state: State, step: FloatArray, gap: float) -> State | None:
        """The first of ever shorter steps that lowers the merit enough, or the gap where merits are alike."""
        promised = -float(self._respond(state, step) @ (state.time_h - state.belief_h))
        length = 1.0
        for _ in range(HALVING_LIMIT_COUNT):
            trial = self.evaluate(state.belief_h + length * step)
            if trial.merit <= state.merit + DESCENT_SHARE * length * promised - trial.noise:
                return trial
            if abs(trial.merit - state.merit) <= 2.0 * trial.noise and self.measure(trial) < 0.9 * gap:
                return trial
            length *= 0.5
        return None


def settle(
    balance: Balance,
    start_h: FloatArray,
    target_gap_share: float,
    is_over: Callable[[float], bool],
) -> tuple[State, float]:
    """The fixed point, as near as asked for.

    Parameters
    ----------
    balance : Balance
        The problem.
    start_h : (n_strand,) float64
        Times of strands to believe in at first.
    target_gap_share : float
        Gap at which to stop, see ``Balance.measure``.
    is_over : callable
        Told the gap after each step; True stops.

    Returns
    -------
    state : State
        Its flows are the answer.
    gap : float
        Their gap.
    """
    belief_h, share = start_h, 1.0
    while share > LEAST_SCALE_SHARE and _gap_at(balance, share, belief_h) > STEEP_GAP_SHARE:
        share /= SOFTENING_FACTOR
    while True:
        goal = target_gap_share if share == 1.0 else max(target_gap_share, SOFT_GAP_SHARE)
        state, gap, has_stopped = _descend(balance.soften(share), belief_h, goal, is_over)
        if share == 1.0:
            return state, gap
        if has_stopped:
            state = balance.evaluate(state.belief_h)
            return state, balance.measure(state)
        belief_h = state.time_h
        further = min(1.0, SOFTENING_FACTOR * share)
        while further > LEAST_RISE_FACTOR * share and _gap_at(balance, further, belief_h) > STEEP_GAP_SHARE:
            further = float(np.sqrt(further * share))
        share = further


def _gap_at(balance: Balance, share: float, belief_h: FloatArray) -> float:
    softer = balance.soften(share)
    return softer.measure(softer.evaluate(belief_h))


def _descend(
    balance: Balance, start_h: FloatArray, goal: float, is_over: Callable[[float], bool]
) -> tuple[State, float, bool]:
    """Newton steps up to a gap; the state, its gap, and whether the limits have stopped them."""
    state = balance.evaluate(start_h)
    while True:
        gap = balance.measure(state)
        has_stopped = is_over(gap)
        if has_stopped or gap <= goal:
            return state, gap, has_stopped
        following = balance.advance(state, gap, min(0.1, max(gap, LEAST_ACCURACY_SHARE)))
        if following is state:
            return state, gap, has_stopped
        state = following


def sum_volumes(sets: ChoiceSets, flow_t_d: FloatArray, arc_count: int) -> FloatArray:
    """Volumes of arcs from flows of routes, (n_arc,) float64."""
    volume = np.empty(arc_count)
    routes = (freeze(sets.first_arc, np.int64), freeze(sets.arc, np.int32))
    sum_on_arcs.pick(len(sets.arc))(*routes, flow_t_d, volume)
    return volume
