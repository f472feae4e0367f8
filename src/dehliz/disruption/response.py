"""What a network loses while some hazards are active at once: one equilibrium, kept as a few sums for each scope.

A ``Responder`` answers for any set of hazards and remembers its answers; an answer is a function of network, hazards
and set alone. Money is linear in the waits: what goes loses by the day, what is held loses by the day and by the day
of its wait, told by the hazard for whose end it waits. ``disruption/future.py`` adds answers up over a drawn year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from dehliz.assignment.flow_tables import name_routes
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.result import RouteFlows
from dehliz.assignment.route_sums import visit
from dehliz.base.units import HOURS_PER_DAY, KG_PER_T
from dehliz.disruption.criticality import find_ends
from dehliz.disruption.hazards import Hazards
from dehliz.disruption.impact import Baseline, Impact, measure_impact
from dehliz.disruption.shock import Effect, strike
from dehliz.disruption.waits import find_expected_wait_d
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.routing.corridors import OTHER_ID

SYSTEM: Final = "system"
CORRIDOR: Final = "corridor"
COUNTRY: Final = "country"
MEASURES: Final = ("loss_usd_d", "extra_t_h_d", "emission_tco2e_d")
TOUCH_H: Final = 1.0
"""A trip that loses at least so much by one hazard alone may wait for the end of it when several are active."""
LEAST_FLOW_T_D: Final = 1.0
"""Less cargo than this a day is none."""
Set = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scopes:
    """Who bears a loss: the system, corridors, countries; all are sums over trips.

    Attributes
    ----------
    kinds, ids : tuple of str
        Of each scope.
    share : (n_scope, n_trip) float64
        Part of each trip that belongs to it: all to the system; to corridors by the flows of the network as it is; half
        to the country at each end.
    """

    kinds: tuple[str, ...]
    ids: tuple[str, ...]
    share: FloatArray

    def find(self, kind: str) -> IntArray:
        """Positions of the scopes of a kind."""
        return np.array([at for at, one in enumerate(self.kinds) if one == kind], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Response:
    """The state of a network under a set of hazards.

    Attributes
    ----------
    going : (3, n_scope) float64
        ``MEASURES`` of the cargo that goes, a day.
    held_t_d : (n_hazard, n_scope) float64
        Cargo that waits for the end of each hazard of the set.
    held_usd_d2 : (n_hazard, n_scope) float64
        What it loses a day for each day of its wait.
    is_converged : bool
        Whether the equilibrium is settled.
    """

    going: FloatArray
    held_t_d: FloatArray
    held_usd_d2: FloatArray
    is_converged: bool

    def cost_usd_d(self, waits_d: FloatArray) -> FloatArray:
        """(n_scope,) loss a day when cargo waits so many days for the end of each hazard."""
        return np.asarray(self.going[0] + waits_d @ self.held_usd_d2)


@dataclass(frozen=True, slots=True)
class _Single:
    """What one hazard alone does to each trip."""

    held_share: FloatArray
    is_touched: BoolArray
    volume_t_d: FloatArray
    loss_usd_d: FloatArray


def make_scopes(baseline: Baseline) -> Scopes:
    """System, corridors and countries of a network with their shares of each trip."""
    problem, settled = baseline.warm.problem, baseline.settled
    n_trip = problem.trips.n_trip
    corridor_ids = [*(one.corridor_id for one in problem.corridors), OTHER_ID]
    sets = settled.choice.sets
    visits = visit(RouteFlows(sets.trip, settled.flow_t_d, sets.first_arc, sets.arc), problem.trips)
    by_corridor = np.zeros((len(corridor_ids), n_trip))
    np.add.at(by_corridor, (name_routes(visits, problem.corridors), sets.trip), settled.flow_t_d)
    total = by_corridor.sum(axis=0)
    by_corridor[-1, total <= 0.0] = 1.0
    by_corridor /= np.where(total > 0.0, total, 1.0)
    by_country = _share_ends(problem)
    share = np.vstack([np.ones((1, n_trip)), by_corridor, by_country])
    kinds = (SYSTEM, *[CORRIDOR] * len(corridor_ids), *[COUNTRY] * len(by_country))
    return Scopes(kinds, (SYSTEM, *corridor_ids, *problem.graph.country_ids), share)


def _share_ends(problem: LoadProblem) -> FloatArray:
    share = np.zeros((len(problem.graph.country_ids), problem.trips.n_trip))
    for end in find_ends(problem):
        np.add.at(share, (end, np.arange(problem.trips.n_trip)), 0.5)
    return share


class Responder:
    """Answers for sets of hazards; each is computed once.

    Attributes
    ----------
    baseline : Baseline
        The network as it is.
    hazards : Hazards
        With their arcs.
    scopes : Scopes
        Who bears.
    waits_d : (n_hazard,) float64
        Wait by which cargo decides, see ``find_expected_wait_d``.
    count : int
        Equilibria computed so far.
    """

    def __init__(
        self, baseline: Baseline, hazards: Hazards, longest_wait_d: float, overlap_usd_d: float = 0.0
    ) -> None:
        """Prepare answers.

        Parameters
        ----------
        baseline : Baseline
            The network as it is.
        hazards : Hazards
            With their arcs.
        longest_wait_d : float
            Longest wait that is counted.
        overlap_usd_d : float
            Hazards that cost together so much more or less than alone interact. Two that would not, by how the flows
            of each run through what the other strikes, are added up; more than two are computed at once where each
            two interact. 0: every set has its own equilibrium.
        """
        self.baseline, self.hazards, self.scopes = baseline, hazards, make_scopes(baseline)
        self.longest_wait_d, self._overlap_usd_d = longest_wait_d, overlap_usd_d
        self.waits_d = np.array(
            [find_expected_wait_d(hazards, at, longest_wait_d) for at in range(len(hazards))]
        )
        self._effects = [_read_effect(baseline, hazards, at) for at in range(len(hazards))]
        self._exact: dict[Set, Response] = {}
        self._known: dict[Set, Response] = {}
        self._singles: dict[int, _Single] = {}
        self._may_meet: dict[Set, bool] = {}

    @property
    def count(self) -> int:
        """Equilibria computed so far."""
        return len(self._exact)

    def respond(self, active: Set) -> Response:
        """The state under a set of hazards.

        Parameters
        ----------
        active : tuple of int
            Positions of hazards, ascending, at least one.
        """
        if active not in self._known:
            is_exact = self._overlap_usd_d <= 0.0 or len(active) == 1
            self._known[active] = self.compute(active) if is_exact else self._compose(active)
        return self._known[active]

    def compute(self, active: Set) -> Response:
        """The same from an equilibrium of its own."""
        if active not in self._exact:
            self._exact[active] = self._settle(active)
        return self._exact[active]

    def _settle(self, active: Set) -> Response:
        place = self._choose_waits(active)
        wait_h = HOURS_PER_DAY * self.waits_d[np.array(active)][place]
        shock = strike(self.baseline, [self._effects[at] for at in active])
        impact = measure_impact(self.baseline, shock.costs, shock.weights, wait_h)
        if len(active) == 1:
            self._singles[active[0]] = _Single(
                impact.held_share, impact.loss_h > TOUCH_H, impact.settled.volume_t_d, impact.loss_usd_d
            )
        return self._sum_up(impact, place, wait_h, len(active))

    def _choose_waits(self, active: Set) -> IntArray:
        """Hazard of the set for whose end each trip would wait, (n_trip,) int.

        The longest of those that alone make some of it wait; where none does, the shortest of those that it loses by.
        """
        n_trip = self.scopes.share.shape[1]
        if len(active) == 1:
            return np.zeros(n_trip, dtype=np.int32)
        for at in active:
            self.compute((at,))
        waits_d = self.waits_d[np.array(active)][:, None]
        held = np.array([self._singles[at].held_share > 0.0 for at in active])
        touched = np.array([self._singles[at].is_touched for at in active])
        longest = np.where(held, waits_d, -1.0).argmax(axis=0)
        soonest = np.where(touched, waits_d, np.inf).argmin(axis=0)
        last = np.full(n_trip, int(waits_d[:, 0].argmax()))
        return np.where(held.any(axis=0), longest, np.where(touched.any(axis=0), soonest, last)).astype(
            np.int32
        )

    def _sum_up(self, impact: Impact, place: IntArray, wait_h: FloatArray, count: int) -> Response:
        share, held = self.scopes.share, impact.held_share
        worth = impact.volume_t_d * impact.value_of_time_usd_t_h
        before, after, going = impact.before, impact.after, 1.0 - held
        measures = np.stack(
            [
                worth * (impact.loss_h - held * wait_h),
                after.time_t_h_d - going * before.time_t_h_d,
                (after.emission_kgco2e_d - going * before.emission_kgco2e_d) / KG_PER_T,
            ]
        )
        is_here = place == np.arange(count)[:, None]
        return Response(
            measures @ share.T,
            (is_here * impact.held_t_d) @ share.T,
            (is_here * (worth * held * HOURS_PER_DAY)) @ share.T,
            impact.is_converged,
        )

    def _compose(self, active: Set) -> Response:
        """A state of three hazards or more from its parts; see ``docs/background/risk.md``."""
        cliques = [one for size in range(1, len(active) + 1) for one in self._list_cliques(active, size)]
        weight: dict[Set, int] = dict.fromkeys(cliques, 0)
        for whole in cliques:
            for size in range(1, len(whole) + 1):
                for part in combinations(whole, size):
                    weight[part] += (-1) ** (len(whole) - size)
        n_scope = len(self.scopes.ids)
        going = np.zeros((len(MEASURES), n_scope))
        held_t, held_usd = np.zeros((len(active), n_scope)), np.zeros((len(active), n_scope))
        is_converged = True
        for part, factor in weight.items():
            if factor == 0:
                continue
            found = self.compute(part)
            rows = [active.index(at) for at in part]
            going += factor * found.going
            held_t[rows] += factor * found.held_t_d
            held_usd[rows] += factor * found.held_usd_d2
            is_converged &= found.is_converged
        return Response(going, held_t, held_usd, is_converged)

    def _list_cliques(self, active: Set, size: int) -> Iterator[Set]:
        """Parts whose interaction counts: each hazard, two that may interact, more where each two do."""
        for part in combinations(active, size):
            pairs = combinations(part, 2)
            meets = self._may_interact if size == 2 else self._is_strong
            if size == 1 or all(meets(pair) for pair in pairs):
                yield part

    def _is_strong(self, pair: Set) -> bool:
        if not self._may_interact(pair):
            return False
        alone = sum(self.find_system_usd_d((at,)) for at in pair)
        return abs(self.find_system_usd_d(pair) - alone) >= self._overlap_usd_d

    def _may_interact(self, pair: Set) -> bool:
        if pair not in self._may_meet:
            moved = max(self.guess_overlap_usd_d(*pair), self.guess_overlap_usd_d(*pair[::-1]))
            one, other = (np.abs(self._singles[at].loss_usd_d) for at in pair)
            shared = float(np.minimum(one, other).sum())
            self._may_meet[pair] = max(moved, shared) >= self._overlap_usd_d
        return self._may_meet[pair]

    def guess_overlap_usd_d(self, one: int, other: int) -> float:
        """What one hazard may cost more or less because another has moved cargo to or from what it strikes, a day.

        Its loss alone times the change of the flow through what it strikes; all the loss of the other where there
        was next to no flow before.
        """
        alone = abs(self.find_system_usd_d((one,)))
        arcs = self.hazards.arcs_of(one)
        self.compute((other,))
        before = float(self.baseline.settled.volume_t_d[arcs].sum())
        moved = np.abs(self._singles[other].volume_t_d[arcs] - self.baseline.settled.volume_t_d[arcs])
        if float(moved.sum()) < LEAST_FLOW_T_D:
            return 0.0
        if before < LEAST_FLOW_T_D:
            return max(alone, abs(self.find_system_usd_d((other,))))
        return alone * float(moved.sum()) / before

    def find_system_usd_d(self, active: Set) -> float:
        """Loss of the system a day at the waits by which cargo decides."""
        found = self.compute(active)
        return float(found.cost_usd_d(self.waits_d[np.array(active)])[0])


def _read_effect(baseline: Baseline, hazards: Hazards, hazard: int) -> Effect:
    arcs = np.zeros(baseline.warm.problem.graph.n_arc, dtype=bool)
    arcs[hazards.arcs_of(hazard)] = True
    factors = (hazards.capacity_factor, hazards.time_factor, hazards.tariff_factor)
    capacity, time, tariff = (1.0 if np.isnan(one[hazard]) else float(one[hazard]) for one in factors)
    added_h = hazards.waiting_add_h[hazard]
    return Effect(
        arcs,
        bool(hazards.is_closed[hazard]),
        capacity,
        time,
        tariff,
        0.0 if np.isnan(added_h) else float(added_h),
    )
