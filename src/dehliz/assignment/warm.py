"""Answers to many changes of one loaded network: routes, labels and strands are found once, each answer starts warm.

A problem and its choice model come in; ``WarmNetwork.settle`` then gives the equilibrium of corridors and routes at
other costs (arcs closed, slower, dearer, with less capacity) or other volumes. It is the equilibrium that
``choose_corridors`` would find, since routes that a change has made the best are added here too, but for the path
sizes where routes are shut. ``disruption`` asks it thousands of times.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dehliz.assignment.choice import (
    RouteChoice,
    make_nests,
    make_route_choice,
    segment_scales,
    sum_segment_costs,
)
from dehliz.assignment.corridor_choice import (
    ChoiceModel,
    choose_corridors,
    find_corridor_sets,
    label_corridors,
)
from dehliz.assignment.fixed_point import Balance, State, refine, settle, sum_volumes
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.result import Assignment, AssignStatus
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.settled import Settled, append_sets, expect_costs, measure_sizes_left
from dehliz.assignment.stochastic import ROUGH_GAP_SHARE, TIE_SHARE, Labeller
from dehliz.assignment.strands import Strands, find_varying, keep_strands, make_strands
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips
from dehliz.kernels.route_sums import sum_on_routes
from dehliz.kernels.search import freeze
from dehliz.routing.alternatives import (
    ChoiceSets,
    find_best_routes,
    join_choice_sets,
    make_choice_sets,
)

STEP_LIMIT_COUNT: Final = 400
"""Steps of one answer at most."""
REFRESH_LIMIT_COUNT: Final = 20
"""Times that one answer adds routes at most."""


@dataclass(frozen=True, slots=True)
class WarmNetwork:
    """A loaded network, ready for changes.

    Attributes
    ----------
    problem : LoadProblem
        Network and demand.
    settings : AssignmentSettings
        Gap and weights; scale and nest factor are the model's.
    scale : (n_segment,) float64
        Scale of each segment's choice, per hour.
    label : Labeller
        Constants and corridors of routes.
    sets : ChoiceSets
        Routes known beforehand, sorted by trip and corridor.
    constants_h : (n_route,) float64
        What each costs besides.
    nest : (n_route,) int32
        Corridor of each.
    log_size : (n_route,) float64
        Logarithm of the path size of each among all of them.
    share : (n_route,) float64
        Share of its trip that each has in the network as it is.
    strands : Strands
        Of all of them.
    is_varying : (n_arc,) bool
        Arcs whose time depended on volume when the strands were made.
    assignment : Assignment
        The network as it is.
    time_h : (n_arc,) float64
        Times of its arcs: where every answer starts.
    """

    problem: LoadProblem
    settings: AssignmentSettings
    scale: FloatArray
    label: Labeller
    sets: ChoiceSets
    constants_h: FloatArray
    nest: IntArray
    log_size: FloatArray
    share: FloatArray
    strands: Strands
    is_varying: BoolArray
    assignment: Assignment
    time_h: FloatArray

    def settle(
        self,
        costs: LoadCosts | None = None,
        volume_t_d: FloatArray | None = None,
        near: Settled | None = None,
        target_gap_share: float | None = None,
    ) -> Settled:
        """The equilibrium at other costs or volumes.

        Parameters
        ----------
        costs : LoadCosts, optional
            On the same arcs; those of the network as it is when left out.
        volume_t_d : (n_trip,) float64, optional
            Flow of each trip, at least 0; that of the problem when left out.
        near : Settled, optional
            An answer at the same costs, to start from.
        target_gap_share : float, optional
            Gap to reach, where that of the settings is more than is needed.

        Returns
        -------
        Settled

        Notes
        -----
        Equal input gives equal bytes, whatever came between: what an answer finds is kept in the answer. The work grows
        with the arcs of all routes, plus one tree for each origin and segment and round of new routes.

        Routes that are shut go on counting in the path sizes of others as far as nobody used them, see
        ``kernels/path_sizes.py``. Were they left out, a route that nobody uses would make all others more distinct,
        and so more welcome, by vanishing: a gain of 173,000 USD a day from closing Iraq, through which next to
        nothing goes.
        """
        own = self.problem.costs if costs is None else costs
        trips = self.problem.trips
        if volume_t_d is not None:
            trips = replace(trips, volume_t_d=np.array(volume_t_d, dtype=np.float64))
        target = self.settings.target_gap_share if target_gap_share is None else target_gap_share
        routes = self._start(own, trips) if near is None else _start_near(near, trips)
        time_h = self.time_h if near is None else near.time_h
        for round_count in range(REFRESH_LIMIT_COUNT + 1):
            balance = Balance(routes.choice, own, routes.strands)
            state, gap, has_stopped = _settle(balance, time_h, None, max(target, ROUGH_GAP_SHARE))
            while True:
                time_h = own.time_h(sum_volumes(routes.choice.sets, state.flow_t_d, len(own.form)))
                new = self._find_better(routes, own, trips, time_h)
                if new.n_route > 0 or gap <= target or has_stopped:
                    break
                state, gap, has_stopped = _settle(balance, time_h, state, target)
            if new.n_route == 0 or round_count == REFRESH_LIMIT_COUNT:
                break
            routes = self._widen(routes, new, own, trips)
        is_converged = gap <= target and new.n_route == 0
        cost_h = expect_costs(routes.choice, state)
        return Settled(
            routes.choice, routes.constants_h, routes.nest, routes.strands, routes.base_share, state.flow_t_d, cost_h,
            time_h, own, gap, is_converged,
        )  # fmt: skip

    def find_least_h(self, costs: LoadCosts) -> FloatArray:
        """Cost of the best route of each trip at other costs and the times of the network as it is, (n_trip,) [h].

        ``inf`` without a route. Constants of gateways are not in it.
        """
        trips = self.problem.trips
        slower_h = np.maximum(self.time_h, costs.time_h(np.zeros(len(costs.form))))
        return find_best_routes(self.problem.graph, slower_h + costs.fixed_h, trips)[0]

    def _start(self, costs: LoadCosts, trips: Trips) -> "_Routes":
        """The routes known beforehand that can be used at these costs."""
        is_shut = self._find_shut(costs)
        kept = np.flatnonzero(~is_shut)
        sets, constants_h, nest = self.sets.take(kept), self.constants_h[kept], self.nest[kept]
        share, touched = self.share[kept], np.unique(self.sets.trip[is_shut])
        log_size = self._resize(sets, share, self.log_size[kept], touched, costs)
        choice = self._choose(sets, constants_h, nest, log_size, costs, trips)
        has_same_strands = np.array_equal(find_varying(costs), self.is_varying)
        strands = (
            keep_strands(self.strands, kept, choice, costs)
            if has_same_strands
            else make_strands(choice, costs)
        )
        return _Routes(choice, constants_h, nest, strands, share)

    def _find_shut(self, costs: LoadCosts) -> BoolArray:
        """(n_route,) whether each known route cannot be used at these costs."""
        along_h = sum_segment_costs(self.sets, self.problem.trips, costs.fixed_h)
        return np.asarray(~np.isfinite(along_h))

    def _resize(
        self, sets: ChoiceSets, share: FloatArray, log_size: FloatArray, touched: IntArray, costs: LoadCosts
    ) -> FloatArray:
        """Logarithms of path sizes, (n_route,), with those of some trips measured anew.

        Parameters
        ----------
        sets : ChoiceSets
            Routes that can be used, sorted by trip.
        share, log_size : (n_route,) float64
            Shares in the network as it is, sizes so far.
        touched : (n,) int32
            Trips of which a route was shut or has come in.
        costs : LoadCosts
            What routes are shut by.
        """
        trips = self.problem.trips
        is_touched = np.zeros(trips.n_trip, dtype=bool)
        is_touched[touched] = True
        own = np.flatnonzero(is_touched[sets.trip])
        if len(own) == 0:
            return log_size
        shut = np.flatnonzero(self._find_shut(costs) & is_touched[self.sets.trip])
        both = append_sets(sets.take(own), self.sets.take(shut))
        order = np.argsort(both.trip, kind="stable")
        is_shut = (np.arange(len(order)) >= len(own))[order]
        weight = np.concatenate([share[own], self.share[shut]])[order]
        size = np.empty(len(order))
        size[order] = measure_sizes_left(both.take(order), trips, self._lengths(costs), weight, is_shut)
        found = log_size.copy()
        found[own] = self.settings.overlap_factor * np.log(size[: len(own)])
        return found

    def _lengths(self, costs: LoadCosts) -> FloatArray:
        """(n_segment, n_arc) generalised cost without traffic as it is, or as it becomes where it was shut [h]."""
        found = np.zeros_like(costs.fixed_h)
        for one in (costs, self.problem.costs):
            free_h = one.time_h(np.zeros(len(one.form))) + one.fixed_h
            np.copyto(found, free_h, where=np.isfinite(free_h))
        return found

    def _choose(
        self,
        sets: ChoiceSets,
        constants_h: FloatArray,
        nest: IntArray,
        log_size: FloatArray,
        costs: LoadCosts,
        trips: Trips,
    ) -> RouteChoice:
        """Choice among routes that can be used, sorted by trip and nest, with sizes that are known."""
        is_served = np.bincount(sets.trip, minlength=trips.n_trip) > 0
        return RouteChoice(
            sets=sets,
            nests=make_nests(sets.trip, nest, trips.n_trip),
            fixed_h=sum_segment_costs(sets, trips, costs.fixed_h) + constants_h,
            log_size=log_size,
            scale=self.scale[trips.segment],
            nest_factor=self.settings.nest_factor,
            volume_t_d=np.where(is_served, trips.volume_t_d, 0.0),
        )

    def _find_better(
        self, routes: "_Routes", costs: LoadCosts, trips: Trips, time_h: FloatArray
    ) -> ChoiceSets:
        """The best routes at these times of the trips that know none as good, with and without their constants."""
        choice = routes.choice
        best_h, best = find_best_routes(self.problem.graph, time_h + costs.fixed_h, trips)
        cost_h = np.empty(choice.sets.n_route)
        arcs = (freeze(choice.sets.first_arc, np.int64), freeze(choice.sets.arc, np.int32))
        sum_on_routes.pick(len(choice.sets.arc))(*arcs, time_h, choice.fixed_h, cost_h)
        known_h, plain_h = np.full(trips.n_trip, np.inf), np.full(trips.n_trip, np.inf)
        np.minimum.at(known_h, choice.sets.trip, cost_h)
        np.minimum.at(plain_h, choice.sets.trip, cost_h - routes.constants_h)
        is_better = best_h < known_h * (1.0 - max(TIE_SHARE, self.settings.refresh_share))
        is_new = best_h < plain_h * (1.0 - TIE_SHARE)
        return best.take(np.flatnonzero((is_better & is_new)[best.trip]))

    def learn(self, new: ChoiceSets, problem: LoadProblem) -> "WarmNetwork":
        """The same network knowing more routes, such as those over lines that have opened.

        New routes take no size from those known before; their own is reckoned among all.

        Parameters
        ----------
        new : ChoiceSets
            Routes that are not known yet, usable at the costs of ``problem``.
        problem : LoadProblem
            On the same arcs and trips.
        """
        constants_h, nest = self.label(new)
        joined = append_sets(self.sets, new)
        nests = np.concatenate([self.nest, nest])
        usable = np.isfinite(sum_segment_costs(joined, problem.trips, problem.costs.fixed_h))
        order = np.lexsort((nests, joined.trip))
        order = order[usable[order]]
        sets, nests = joined.take(order), nests[order]
        constants = np.concatenate([self.constants_h, constants_h])[order]
        share = np.concatenate([self.share, np.zeros(new.n_route)])[order]
        log_size = np.concatenate([self.log_size, np.zeros(new.n_route)])[order]
        made = replace(self, problem=problem, sets=sets, constants_h=constants, nest=nests, share=share)
        resized = made._resize(sets, share, log_size, np.unique(new.trip), problem.costs)
        log_size = np.where(order < self.sets.n_route, log_size, resized)
        choice = made._choose(sets, constants, nests, log_size, problem.costs, problem.trips)
        strands = make_strands(choice, problem.costs)
        return replace(made, log_size=log_size, strands=strands, is_varying=find_varying(problem.costs))

    def _widen(self, routes: "_Routes", new: ChoiceSets, costs: LoadCosts, trips: Trips) -> "_Routes":
        """The routes with new ones, sorted by trip and corridor."""
        known = routes.choice.sets
        constants_h, nest = self.label(new)
        joined = append_sets(known, new)
        nests = np.concatenate([routes.nest, nest])
        order = np.lexsort((nests, joined.trip))
        sets, nests = joined.take(order), nests[order]
        constants = np.concatenate([routes.constants_h, constants_h])[order]
        share = np.concatenate([routes.base_share, np.zeros(new.n_route)])[order]
        log_size = np.concatenate([routes.choice.log_size, np.zeros(new.n_route)])[order]
        log_size = self._resize(sets, share, log_size, np.unique(new.trip), costs)
        choice = self._choose(sets, constants, nests, log_size, costs, trips)
        return _Routes(choice, constants, nests, make_strands(choice, costs), share)


@dataclass(frozen=True, slots=True)
class _Routes:
    """What an answer chooses among at its costs."""

    choice: RouteChoice
    constants_h: FloatArray
    nest: IntArray
    strands: Strands
    base_share: FloatArray


def _start_near(near: Settled, trips: Trips) -> _Routes:
    """The routes of an answer at the same costs, for other volumes."""
    is_served = np.diff(near.choice.nests.first_nest) > 0
    choice = replace(near.choice, volume_t_d=np.where(is_served, trips.volume_t_d, 0.0))
    return _Routes(choice, near.constants_h, near.nest, near.strands, near.base_share)


def warm_up_network(
    problem: LoadProblem, model: ChoiceModel, settings: AssignmentSettings | None = None
) -> WarmNetwork:
    """Load a network once and keep what later answers need.

    Parameters
    ----------
    problem : LoadProblem
        Network and demand.
    model : ChoiceModel
        Parameters of the choice of corridor and route.
    settings : AssignmentSettings, optional
        Gap of all answers, ``target_gap_share``.

    Returns
    -------
    WarmNetwork
        ``assignment.status`` says whether the network as it is has converged.
    """
    given = settings or AssignmentSettings(method="sue")
    own = replace(given, method="sue", scale_per_usd_t=model.scale_per_usd_t, nest_factor=model.nest_factor)
    first = find_corridor_sets(problem)
    assignment = choose_corridors(problem, model, own, first)
    found = assignment.routes
    sets = (
        first
        if found is None
        else join_choice_sets(first, make_choice_sets(found.trip, found.first_arc, found.arc))
    )
    label = label_corridors(problem, model)
    constants_h, nest = label(sets)
    order = np.lexsort((nest, sets.trip))
    sets, constants_h, nest = sets.take(order), constants_h[order], nest[order]
    usable = np.flatnonzero(np.isfinite(sum_segment_costs(sets, problem.trips, problem.costs.fixed_h)))
    sets, constants_h, nest = sets.take(usable), constants_h[usable], nest[usable]
    scale = segment_scales(problem.costs, own)
    free_h = problem.costs.time_h(np.zeros(problem.graph.n_arc)) + problem.costs.fixed_h
    choice = make_route_choice(sets, problem.trips, problem.costs, own, scale, free_h, constants_h, nest)
    time_h = problem.costs.time_h(assignment.volume_t_d.sum(axis=0))
    share = choice.shares(
        sum_segment_costs(sets, problem.trips, time_h + problem.costs.fixed_h) + constants_h
    ).share
    return WarmNetwork(
        problem, own, scale, label, sets, constants_h, nest, choice.log_size, share,
        make_strands(choice, problem.costs), find_varying(problem.costs), assignment, time_h,
    )  # fmt: skip


def is_loaded(warm: WarmNetwork) -> bool:
    """Whether the network as it is has converged."""
    return warm.assignment.status == AssignStatus.CONVERGED


def _settle(
    balance: Balance, time_h: FloatArray, state: State | None, target_gap_share: float
) -> tuple[State, float, bool]:
    """The fixed point from times or from a state that is near; its gap, and whether the limit of steps was reached."""
    step_count = 0

    def is_over(_: float) -> bool:
        nonlocal step_count
        step_count += 1
        return step_count >= STEP_LIMIT_COUNT

    if state is None:
        found, gap = settle(balance, time_h, target_gap_share, is_over)
    else:
        found, gap = refine(balance, state, target_gap_share, is_over)
    return found, gap, gap > target_gap_share
