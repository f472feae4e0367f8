"""What a network in equilibrium answers to a recovery: costs while part is back, each distinct state once.

The file before is ``disruption/scenes.py``; the next one is ``disruption/recovery.py``.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from dehliz.disruption.impact import Baseline, measure_impact, sum_up
from dehliz.disruption.opened import touches
from dehliz.disruption.recovery import Answer
from dehliz.disruption.scenes import find_struck
from dehliz.disruption.shock import Shock
from dehliz.graph.graph import BoolArray, FloatArray
from dehliz.graph.load_costs import LoadCosts

UNKNOWN_ROOM_FACTOR: Final = 0.25
"""Declared: what takes held cargo besides what usually passes, where no capacity is known."""
CONCERNED_SHARE: Final = 0.01
"""Trips of which less uses what is struck are not told in the performance."""
ROUNDING_SHARE: Final = 1e-6
"""Volumes that differ by less, as a share of all, are the same state."""


class NetworkResponse:
    """A shock on a baseline, as ``recover`` asks it.

    Parameters
    ----------
    baseline : Baseline
        The network as it is.
    shock : Shock
        What strikes it.
    clearing_factor : float, optional
        What held cargo adds to what usually passes; spare capacity when left out, and where no capacity is known
        ``UNKNOWN_ROOM_FACTOR``.
    """

    def __init__(self, baseline: Baseline, shock: Shock, clearing_factor: float | None = None) -> None:
        self.baseline, self.shock = baseline, shock
        problem = baseline.warm.problem
        self.value_of_time_usd_t_h = baseline.value_of_time_usd_t_h
        self.cost_h = np.where(np.isfinite(baseline.settled.cost_h), baseline.settled.cost_h, 0.0)
        self._factor = clearing_factor
        struck = find_struck(baseline, shock)
        self._shut = _find_shut(baseline, shock)
        self._facilities = np.unique(problem.costs.facilities[struck])
        self.committed_share = _share_over(baseline, self._shut)
        self.use_share = self._find_use(struck)
        uses = _share_over(baseline, struck) >= CONCERNED_SHARE
        self.is_concerned = uses if uses.any() else np.ones(len(uses), dtype=bool)
        self._usual_t_d = self._on_facilities(baseline.settled.volume_t_d)
        self._known: dict[tuple[object, ...], Answer] = {}

    @property
    def answer_count(self) -> int:
        """Distinct states that were asked for."""
        return len(self._known)

    def come_t_d(self, back_share: float) -> FloatArray:
        """(n_trip,) what comes a day: other volumes while the event lasts, where the scenario has them."""
        volume = self.shock.volume_t_d
        if back_share >= 1.0 or volume is None:
            return self.baseline.warm.problem.trips.volume_t_d
        return volume

    def ask(
        self, back_share: float, wait_h: float | None, kept_share: FloatArray | None, added_t_d: FloatArray
    ) -> Answer:
        """See ``Response.ask``; equal questions are answered once."""
        unit = ROUNDING_SHARE * float(self.come_t_d(back_share).sum())
        key = (
            back_share, wait_h, None if kept_share is None else np.round(kept_share, 6).tobytes(),
            np.round(added_t_d / unit).tobytes(),
        )  # fmt: skip
        if key not in self._known:
            self._known[key] = self._answer(back_share, wait_h, kept_share, added_t_d)
        return self._known[key]

    def _answer(
        self, back_share: float, wait_h: float | None, kept_share: FloatArray | None, added_t_d: FloatArray
    ) -> Answer:
        base, shock, volume = self.baseline, self.shock, self.come_t_d(back_share)
        is_back = back_share >= 1.0
        warm = base.warm if is_back or shock.warm is None else shock.warm
        weights = base.weights if is_back or shock.weights is None else shock.weights
        costs = (
            base.warm.problem.costs
            if is_back
            else restore(base.warm.problem.costs, shock.costs, self._shut, back_share)
        )
        if kept_share is None:
            impact = measure_impact(base, costs, weights, wait_h, volume, None if is_back else shock.warm)
            settled, held, is_converged = impact.settled, impact.held_share, impact.is_converged
        else:
            settled = warm.settle(costs, volume * (1.0 - kept_share) + added_t_d)
            cut = ~np.isfinite(settled.cost_h)
            held, is_converged = np.where(cut, 1.0, kept_share), settled.is_converged
        is_cut = ~np.isfinite(settled.cost_h)
        loss_h = np.where(is_cut, 0.0, np.where(is_cut, 0.0, settled.cost_h) - self.cost_h)
        sums = sum_up(warm.problem, settled, weights)
        room = self._find_room(costs, settled.volume_t_d)
        return Answer(
            held,
            loss_h,
            sums.time_t_h_d,
            sums.money_usd_d,
            sums.emission_kgco2e_d,
            room,
            is_cut,
            is_converged,
        )

    def _find_room(self, costs: LoadCosts, volume_t_d: FloatArray) -> FloatArray:
        """(n_facility,) what each struck facility takes besides."""
        closed = ~np.isfinite(costs.fixed_h).any(axis=0) & self._shut
        is_open = (
            np.bincount(costs.facilities, weights=closed, minlength=len(closed))[self._facilities] == 0.0
        )
        if self._factor is not None:
            return np.where(is_open, self._factor * self._usual_t_d, 0.0)
        capacity = costs.capacity_t_d[self._facilities]
        known = np.isfinite(capacity)
        spare = np.maximum(np.where(known, capacity, 0.0) - self._on_facilities(volume_t_d), 0.0)
        return np.where(is_open, np.where(known, spare, UNKNOWN_ROOM_FACTOR * self._usual_t_d), 0.0)

    def _on_facilities(self, volume_t_d: FloatArray) -> FloatArray:
        return self.baseline.warm.problem.costs.shared_t_d(volume_t_d)[self._facilities]

    def _find_use(self, struck: BoolArray) -> FloatArray:
        """(n_trip, n_facility) passes of each struck facility by a tonne of each trip that uses any of them."""
        problem, settled = self.baseline.warm.problem, self.baseline.settled
        sets = settled.choice.sets
        route = np.repeat(np.arange(sets.n_route), np.diff(sets.first_arc))
        hit = struck[sets.arc]
        place = np.full(problem.graph.n_arc, -1)
        place[self._facilities] = np.arange(len(self._facilities))
        column = place[problem.costs.facilities[sets.arc[hit]]]
        total = np.zeros((problem.trips.n_trip, len(self._facilities)))
        np.add.at(total, (sets.trip[route[hit]], column), settled.flow_t_d[route[hit]])
        uses = np.zeros(sets.n_route, dtype=bool)
        uses[route[hit]] = True
        passing = np.bincount(
            sets.trip, weights=np.where(uses, settled.flow_t_d, 0.0), minlength=problem.trips.n_trip
        )
        return np.divide(total, passing[:, None], out=np.zeros_like(total), where=passing[:, None] > 0.0)


def restore(before: LoadCosts, struck: LoadCosts, shut: BoolArray, back_share: float) -> LoadCosts:
    """Costs when a share of the capacity is back: room, times and money on the straight line between the two.

    Parameters
    ----------
    before, struck : LoadCosts
        Without and with the event, on the same arcs.
    shut : (n_arc,) bool
        Arcs that the event shuts. Those with a known capacity open with the share of it; the others once all is back.
    back_share : float
        0 for nothing, 1 for all.
    """
    if back_share <= 0.0:
        return struck
    opens = shut & np.isfinite(before.capacity_t_d[before.facilities])
    fixed = np.where(opens, before.fixed_h, struck.fixed_h)
    both = np.isfinite(before.fixed_h) & np.isfinite(fixed)
    fixed[both] = (1.0 - back_share) * fixed[both] + back_share * before.fixed_h[both]
    capacity = struck.capacity_t_d.copy()
    capacity[np.unique(before.facilities[opens])] = 0.0
    narrower = np.isfinite(before.capacity_t_d) & np.isfinite(capacity)
    capacity[narrower] += back_share * (before.capacity_t_d[narrower] - capacity[narrower])
    time_h = (1.0 - back_share) * struck.free_time_h + back_share * before.free_time_h
    return replace(struck, fixed_h=fixed, capacity_t_d=capacity, free_time_h=time_h)


def _find_shut(baseline: Baseline, shock: Shock) -> BoolArray:
    """Arcs that some segment could use before and cannot during the event, (n_arc,) bool."""
    before, after = baseline.warm.problem.costs, shock.costs
    if len(before.form) != len(after.form):
        return np.zeros(len(before.form), dtype=bool)
    return np.asarray((np.isfinite(before.fixed_h) & ~np.isfinite(after.fixed_h)).any(axis=0))


def _share_over(baseline: Baseline, arcs: BoolArray) -> FloatArray:
    """(n_trip,) share of each trip whose route uses any of some arcs in the network as it is."""
    sets, flow = baseline.settled.choice.sets, baseline.settled.flow_t_d
    uses = touches(sets, arcs)
    n_trip = baseline.warm.problem.trips.n_trip
    total = np.bincount(sets.trip, weights=flow, minlength=n_trip)
    passing = np.bincount(sets.trip, weights=np.where(uses, flow, 0.0), minlength=n_trip)
    return np.divide(passing, total, out=np.zeros(n_trip), where=total > 0.0)
