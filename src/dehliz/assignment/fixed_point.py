"""Balances route shares with congestion: volumes make times, times make shares, shares make volumes.

A ``RouteChoice`` and delays come in, flows of routes go out that reproduce themselves. Arcs that the same routes use
are one *strand* here, and arcs whose time never changes are none, so that routes become short. The fixed point is
the least of a smooth function of the volumes, and is found by Newton steps. ``assignment/stochastic.py`` calls it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dehliz.assignment.choice import RouteChoice, Shares
from dehliz.assignment.strands import Strands, evaluate_integrals, evaluate_times, make_strands
from dehliz.graph.graph import FloatArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.kernels.logit import flow_changes, response_diagonal
from dehliz.kernels.route_sums import sum_on_arcs, sum_on_routes
from dehliz.kernels.search import freeze
from dehliz.routing.alternatives import ChoiceSets

ROUGH_ACCURACY_SHARE = 0.1
LEAST_ACCURACY_SHARE = 1e-8
"""Newton steps are solved to the gap that is left, and no better than this."""
DESCENT_SHARE = 1e-4
"""Part of the descent promised by the slope that a step must bring (Armijo's rule)."""
SOFTENING_FACTOR = 8.0
"""By how much scales fall and rise at a time on the way from even choices to sharp ones."""
LEAST_SCALE_SHARE = 1e-6
STEEP_GAP_SHARE = 1.0
"""Above this gap, choices are made softer first."""
SOFT_GAP_SHARE = 0.1
"""Gap to which softer choices are balanced."""
LEAST_RISE_SHARE = 1e-6
"""Rises below this share of a volume have no secant that differs from the slope."""
HALVING_LIMIT_COUNT = 30
INNER_LIMIT_COUNT = 300
"""Conjugate gradient steps of one Newton step at most."""
NOISE_SHARE = 1e-13
"""Differences of the merit below this share of its terms are rounding."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What choices go by: utility is the log of the size, less scale times (weight x still cost + times).

    Attributes
    ----------
    weight : float
        Weight of what routes cost besides the times of strands; 1 at the end.
    time_h : (n_strand,) float64
        Times of strands, weighted alike.
    """

    weight: float
    time_h: FloatArray


@dataclass(frozen=True, slots=True)
class State:
    """Everything that follows from a belief.

    Attributes
    ----------
    belief : Belief
        What the choices go by.
    shares : Shares
        Choices.
    flow_t_d : (n_route,) float64
        Flows of the choices.
    time_h, slope : (n_strand,) float64
        Times of strands that follow, and time gained per unit of volume.
    terms : tuple of float
        Terms of the merit: integrals of the times, what flows pay besides, entropy; and how far their sum is rounded.
    """

    belief: Belief
    shares: Shares
    flow_t_d: FloatArray
    time_h: FloatArray
    slope: FloatArray
    terms: tuple[float, float, float, float]

    def merit(self, share: float) -> float:
        """Fisk's objective at a share of the full scales, times that share."""
        area, still, gain, _ = self.terms
        return share * area + (share - self.belief.weight) * still + gain

    @property
    def noise(self) -> float:
        """Differences of the merit below this are rounding."""
        return self.terms[3]


class Balance:
    """The fixed point of one choice model under congestion: evaluates what choices go by, and improves it.

    Notes
    -----
    At a share r of the full scales, wanted are times s of strands such that flows x(s) chosen by s have times t(x(s))
    with r t = s. The merit is Fisk's objective of the flows (times r): r times the integrals of t, less s x, less the
    expected utility of all trips over their scales. Its gradient is -A (r t - s) with the response A = -dx/ds, which is
    symmetric and positive semidefinite, so it vanishes only where flows no longer change. The Newton step d solves
    (I + r T A) d = r t - s, T being the slopes of t; in T^(1/2) dx it is solved by conjugate gradients, without A.
    A step changes the logarithms of flows along a line, so flows stay positive and add up.

    References
    ----------
    Fisk, C. (1980), Some developments in equilibrium traffic assignment, Transportation Research B 14(3), 243-255,
    equation 9.
    """

    def __init__(self, choice: RouteChoice, costs: LoadCosts, strands: Strands | None = None) -> None:
        self.choice = choice
        self.strands = make_strands(choice, costs) if strands is None else strands
        self.stiffness = choice.scale * choice.volume_t_d
        self.base = evaluate_integrals(self.strands.delay, self.strands.background_t_d)
        self.has_route = np.diff(choice.nests.first_nest) > 0
        self.demand = float(choice.volume_t_d.sum())

    def believe(self, time_h: FloatArray, share: float) -> Belief:
        """What choices go by at a share of the full scales when these are the times of all arcs of the network."""
        return Belief(share, share * self._by_strand(time_h[self.strands.arc]))

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
        total = np.bincount(self.strands.strand, weights=value, minlength=self.strands.n_strand)
        return np.asarray(total, dtype=np.float64)

    def _choose(self, belief: Belief) -> tuple[Shares, FloatArray]:
        shares = self.choice.shares(self._on_routes(belief.time_h, belief.weight * self.strands.still_h))
        return shares, shares.share * self.choice.volume_t_d[self.choice.sets.trip]

    def evaluate(self, belief: Belief) -> State:
        """Choices, times and terms of the merit when choices go by this."""
        choice, strands = self.choice, self.strands
        shares, flow = self._choose(belief)
        volume = self._on_strands(flow)
        total = volume[strands.strand] + strands.background_t_d
        time, slope = evaluate_times(strands.delay, total)
        area = float((evaluate_integrals(strands.delay, total) - self.base).sum())
        still = float(strands.still_h @ flow)
        paid = float(belief.time_h @ volume)
        gain = (
            choice.volume_t_d[self.has_route] * shares.logsum[self.has_route] / choice.scale[self.has_route]
        )
        size = area + abs(still) + abs(paid) + float(np.abs(gain).sum())
        terms = (area, still, -paid - float(gain.sum()), NOISE_SHARE * size)
        return State(belief, shares, flow, self._by_strand(time), self._by_strand(slope), terms)

    def answer(self, state: State, share: float) -> FloatArray:
        """Flows of the routes when choices go by the times that follow from the state, (n_route,) float64."""
        return self._choose(Belief(share, share * state.time_h))[1]

    def measure(self, state: State, answer_t_d: FloatArray) -> float:
        """Relative change from the flows of a state to those that answer it."""
        moved = float(np.abs(answer_t_d - state.flow_t_d).sum())
        return moved / self.demand if self.demand > 0.0 else 0.0

    def _secants(self, state: State, answer_t_d: FloatArray) -> FloatArray:
        """Slopes of the times of strands, from the volume to that of the answer where the answer is more.

        A strand that is empty now may have no slope, and yet fill up at the next step: the secant knows.
        """
        strands = self.strands
        before, after = self._on_strands(state.flow_t_d), self._on_strands(answer_t_d)
        total = after[strands.strand] + strands.background_t_d
        time = self._by_strand(evaluate_times(strands.delay, total)[0])
        rise = np.maximum(after - before, 0.0)
        is_more = rise > LEAST_RISE_SHARE * before
        secant = np.divide(time - state.time_h, rise, out=np.zeros_like(rise), where=is_more)
        return np.maximum(state.slope, secant)

    def _follow(self, state: State, change: FloatArray, still: float = 0.0) -> FloatArray:
        """Change of the flows of routes after one of the times of strands and of the weight of still costs."""
        choice = self.choice
        cost_change = self._on_routes(change, still * self.strands.still_h)
        flow_change = np.empty(len(cost_change))
        flow_changes.pick(4 * len(cost_change))(
            choice.nests, state.shares.within, state.shares.share, self.stiffness, float(choice.nest_factor),
            cost_change, flow_change,
        )  # fmt: skip
        return flow_change

    def _respond(self, state: State, change: FloatArray, still: float = 0.0) -> FloatArray:
        """A times such a change: how much volume leaves strands."""
        return -self._on_strands(self._follow(state, change, still))

    def _diagonal(self, state: State) -> FloatArray:
        strands, choice = self.strands, self.choice
        inner, outer = np.zeros(strands.n_strand), np.zeros(strands.n_strand)
        diagonal = np.empty(strands.n_strand)
        response_diagonal.pick(3 * len(strands.route_strand))(
            choice.nests, strands.first_strand, strands.route_strand, state.shares.within,
            state.shares.share, self.stiffness, float(choice.nest_factor), inner, outer, diagonal,
        )  # fmt: skip
        return np.maximum(diagonal, 0.0)

    def newton_step(self, state: State, share: float, slope_h: FloatArray, accuracy_share: float) -> Belief:
        """Change of what choices go by that would reach the fixed point if everything were straight lines."""
        error = share * state.time_h - state.belief.time_h
        lack = share - state.belief.weight
        slope = share * slope_h
        root = np.sqrt(slope)
        rest = -root * self._respond(state, error, lack)
        relief = 1.0 / (1.0 + slope * self._diagonal(state))
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
        return Belief(lack, error + root * found)

    def advance(self, state: State, share: float, answer_t_d: FloatArray) -> State:
        """The next state: along a Newton step when one helps, else by averaging; the same when nothing does.

        Slopes at the state are tried first: where a bottleneck is about to empty, secants would take it there one
        small step after the other (131 steps in place of 9 with a border of Mongolia shut).
        """
        gap = self.measure(state, answer_t_d)
        accuracy_share = min(ROUGH_ACCURACY_SHARE, max(gap, LEAST_ACCURACY_SHARE))
        better = self._search(state, share, self.newton_step(state, share, state.slope, accuracy_share), gap)
        if better is None:
            slope = self._secants(state, answer_t_d)
            better = self._search(state, share, self.newton_step(state, share, slope, accuracy_share), gap)
        if better is None:
            plain = Belief(share - state.belief.weight, share * state.time_h - state.belief.time_h)
            better = self._search(state, share, plain, gap)
        return state if better is None else better

    def _search(self, state: State, share: float, step: Belief, gap: float) -> State | None:
        """The first step that lowers the merit enough, or the gap where merits are alike; None when none is found.

        Steps that go too far are halved. Where choices are so sure that nothing moves at first, and too much soon
        after, the length is sought between.
        """
        error = share * state.time_h - state.belief.time_h
        moved = self._follow(state, step.time_h, step.weight)
        lack = share - state.belief.weight
        promised = float(self._on_strands(moved) @ error) + lack * float(self.strands.still_h @ moved)
        here = state.merit(share)
        low, length = 0.0, 1.0
        high = length
        for _ in range(HALVING_LIMIT_COUNT):
            weight = share if length == 1.0 else state.belief.weight + length * step.weight
            trial = self.evaluate(Belief(weight, state.belief.time_h + length * step.time_h))
            there = trial.merit(share)
            if there <= here + DESCENT_SHARE * length * promised - trial.noise:
                return trial
            is_alike = abs(there - here) <= 2.0 * trial.noise
            if is_alike and self.measure(trial, self.answer(trial, share)) < 0.9 * gap:
                return trial
            if is_alike and length < high:
                low = length
            else:
                high = length
            length = 0.5 * (low + high)
        return None


def settle(
    balance: Balance,
    time_h: FloatArray,
    target_gap_share: float,
    is_over: Callable[[float], bool],
) -> tuple[State, float]:
    """The fixed point, as near as asked for.

    Parameters
    ----------
    balance : Balance
        The problem.
    time_h : (n_arc,) float64
        Times of all arcs to go by at first.
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

    Notes
    -----
    Where choices would leap at first, all scales are lowered until they don't, and raised again step by step.
    """
    share = 1.0
    state = balance.evaluate(balance.believe(time_h, share))
    while share > LEAST_SCALE_SHARE and _gap(balance, state, share) > STEEP_GAP_SHARE:
        share /= SOFTENING_FACTOR
        state = balance.evaluate(balance.believe(time_h, share))
    while share < 1.0:
        state, has_stopped = _descend(balance, state, share, max(target_gap_share, SOFT_GAP_SHARE), is_over)
        if has_stopped:
            return state, _gap(balance, state)
        share = min(1.0, SOFTENING_FACTOR * share)
    return refine(balance, state, target_gap_share, is_over)


def refine(
    balance: Balance, state: State, target_gap_share: float, is_over: Callable[[float], bool]
) -> tuple[State, float]:
    """The fixed point from a state that is near, see ``settle``."""
    nearer, _ = _descend(balance, state, 1.0, target_gap_share, is_over)
    return nearer, _gap(balance, nearer)


def _gap(balance: Balance, state: State, share: float = 1.0) -> float:
    return balance.measure(state, balance.answer(state, share))


def _descend(
    balance: Balance, state: State, share: float, goal: float, is_over: Callable[[float], bool]
) -> tuple[State, bool]:
    """Newton steps up to a gap; the state, and whether the limits have stopped them."""
    while True:
        answer = balance.answer(state, share)
        gap = balance.measure(state, answer)
        has_stopped = is_over(gap)
        if has_stopped or gap <= goal:
            return state, has_stopped
        following = balance.advance(state, share, answer)
        if following is state:
            return state, has_stopped
        state = following


def sum_volumes(sets: ChoiceSets, flow_t_d: FloatArray, arc_count: int) -> FloatArray:
    """Volumes of arcs from flows of routes, (n_arc,) float64."""
    volume = np.empty(arc_count)
    routes = (freeze(sets.first_arc, np.int64), freeze(sets.arc, np.int32))
    sum_on_arcs.pick(len(sets.arc))(*routes, flow_t_d, volume)
    return volume
