"""Stochastic user equilibrium: logit choice of corridor and route in equilibrium with congestion.

Network, costs and trips come in, an ``Assignment`` goes out in which every route carries the share that its cost at
the final volumes gives it. ``routing/alternatives.py`` makes the first choice sets, ``assignment/fixed_point.py``
balances them, and routes that congestion has made the best are added until there is none. ``assign.py`` calls it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dehliz.assignment.choice import RouteChoice, make_route_choice, segment_scales
from dehliz.assignment.fixed_point import Balance, refine, settle, sum_volumes
from dehliz.assignment.gap import beckmann, paid_fixed_h
from dehliz.assignment.result import (
    Assignment,
    AssignStatus,
    Iteration,
    OnIteration,
    RouteFlows,
    UnservedReason,
)
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.topology import Topology
from dehliz.base.errors import Issue, SettingsError
from dehliz.graph.graph import FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips
from dehliz.kernels.route_sums import sum_on_arc_rows, sum_on_routes
from dehliz.kernels.search import freeze
from dehliz.routing.alternatives import (
    AlternativeLimits,
    ChoiceSets,
    find_alternatives,
    find_best_routes,
    join_choice_sets,
)

Labeller = Callable[[ChoiceSets], tuple[FloatArray, IntArray]]
"""Gives constants [h] and nests of the routes of any choice sets, each (n_route,)."""

ROUGH_GAP_SHARE = 0.02
"""Gap to which flows are balanced while routes are still being added."""
REFRESH_LIMIT_COUNT = 50
"""Times that routes are added at most."""
TIE_SHARE = 1e-9
"""Differences of costs below this share are rounding."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """What stays the same while routes are added."""

    graph: Topology
    costs: LoadCosts
    trips: Trips
    settings: AssignmentSettings
    scale: FloatArray
    free_h: FloatArray
    label: Labeller


class _Log:
    """Keeps the history, tells the listener, and says when to stop."""

    def __init__(self, settings: AssignmentSettings, listener: OnIteration | None) -> None:
        self.settings = settings
        self.listener = listener
        self.history: list[Iteration] = []
        self.start_s = time.perf_counter()

    def __call__(self, gap_share: float) -> bool:
        """Write down a gap; True when the limits of iterations or time are reached."""
        self.history.append(Iteration(len(self.history) + 1, gap_share, time.perf_counter() - self.start_s))
        if self.listener is not None:
            self.listener(self.history[-1])
        return self.is_over

    @property
    def is_over(self) -> bool:
        """Whether a limit is reached."""
        is_late = time.perf_counter() - self.start_s >= self.settings.time_limit_s
        return is_late or len(self.history) >= self.settings.iteration_limit_count


def find_stochastic_equilibrium(
    graph: Topology,
    costs: LoadCosts,
    trips: Trips,
    settings: AssignmentSettings,
    on_iteration: OnIteration | None = None,
    choice_sets: ChoiceSets | None = None,
    constants_h: FloatArray | None = None,
    route_nest: IntArray | None = None,
    label_routes: Labeller | None = None,
    segment_scale: FloatArray | None = None,
) -> Assignment:
    """Logit choice of route, in nests, with path sizes, in equilibrium with congestion.

    Parameters
    ----------
    graph : Topology
        The network.
    costs : LoadCosts
        Delays and fixed costs.
    trips : Trips
        What to load.
    settings : AssignmentSettings
        Uses ``scale_factor`` or ``scale_per_usd_t``, ``overlap_factor``, ``nest_factor``, ``target_gap_share``, the
        limits of iterations and time, and those of the choice sets.
    on_iteration : callable, optional
        Told each iteration.
    choice_sets : ChoiceSets, optional
        Routes to choose among; alternatives at free costs when left out.
    constants_h : (n_route,) float64, optional
        What each route of ``choice_sets`` costs besides [h], of any sign. Then no routes are added.
    route_nest : (n_route,) int32, optional
        Nest of each route of ``choice_sets``, such as its corridor. Then no routes are added.
    label_routes : callable, optional
        Gives constants and nests of any choice sets, in place of the two arrays; then routes can be added.
    segment_scale : (n_segment,) float64, optional
        Scale of each segment, per hour, in place of the settings.

    Returns
    -------
    Assignment
        With ``routes``. Its gap is sum |f_r - q P_r(C(f))| / sum f over all routes, recomputed from the flows.

    Raises
    ------
    SettingsError
        When a scale or factor is out of range or an array has the wrong length.

    Notes
    -----
    Routes r of a trip have utility V_r = overlap_factor ln PS_r - scale C_r, PS being the path size at free costs and
    C_r = sum (t_a + fixed_a) + constant_r. Nests are chosen with ``nest_factor`` times the scale. With sets fixed, this
    is the least of Beckmann's objective plus the entropy of the flows over their scales, so it exists and is unique.
    Routes are added while the best route of some trip at the final costs beats all of its set by ``refresh_share``.
    No randomness, one thread: equal input gives equal bytes.

    References
    ----------
    Fisk, C. (1980), Some developments in equilibrium traffic assignment, Transportation Research B 14(3), 243-255.
    Ben-Akiva, M. and Bierlaire, M. (1999), Discrete choice methods and their applications to short term travel
    decisions, Handbook of Transportation Science. Bekhor, S. and Prashker, J. N. (1999), Formulations of extended logit
    stochastic user equilibrium assignments, 14th ISTTT, 351-372.
    """
    log = _Log(settings, on_iteration)
    _check(costs, settings, choice_sets, constants_h, route_nest, segment_scale)
    scale = (
        segment_scales(costs, settings) if segment_scale is None else np.asarray(segment_scale, np.float64)
    )
    free_h = costs.time_h(np.zeros(len(costs.form))) + costs.fixed_h
    given = (constants_h, route_nest)
    problem = _Problem(graph, costs, trips, settings, scale, free_h, label_routes or _Given(*given))
    limits = AlternativeLimits(
        settings.route_limit_count, settings.stretch_share, settings.overlap_limit_share
    )
    sets = find_alternatives(graph, free_h, trips, limits) if choice_sets is None else choice_sets
    is_open = label_routes is not None or (constants_h is None and route_nest is None)
    choice, flow_t_d, is_complete = _balance_and_add(problem, sets, is_open, log)
    return _report(problem, choice, flow_t_d, is_complete, log)


class _Given:
    """Constants and nests as they were given, or none."""

    def __init__(self, constants_h: FloatArray | None, route_nest: IntArray | None) -> None:
        self.constants_h = constants_h
        self.route_nest = route_nest

    def __call__(self, sets: ChoiceSets) -> tuple[FloatArray, IntArray]:
        zeros = np.zeros(sets.n_route)
        constants_h = zeros if self.constants_h is None else np.asarray(self.constants_h, np.float64)
        nest = zeros.astype(np.int32) if self.route_nest is None else np.asarray(self.route_nest, np.int32)
        return constants_h, nest


def _balance_and_add(
    problem: _Problem, sets: ChoiceSets, is_open: bool, log: _Log
) -> tuple[RouteChoice, FloatArray, bool]:
    """Balance flows and add routes in turn; the last choice model, its flows, and whether its sets are complete."""
    target = problem.settings.target_gap_share
    time_h = problem.costs.time_h(np.zeros(len(problem.costs.form)))
    for refresh_count in range(REFRESH_LIMIT_COUNT + 1):
        choice = make_route_choice(
            sets, problem.trips, problem.costs, problem.settings, problem.scale, problem.free_h,
            *problem.label(sets),
        )  # fmt: skip
        balance = Balance(choice, problem.costs)
        goal = max(target, ROUGH_GAP_SHARE) if is_open else target
        state, _ = settle(balance, time_h, goal, log)
        while True:
            volume = sum_volumes(choice.sets, state.flow_t_d, len(problem.costs.form))
            time_h = problem.costs.time_h(volume)
            wider = _add_routes(problem, choice, sets, time_h) if is_open else sets
            is_complete = wider.n_route == sets.n_route
            if not is_complete or log.is_over or goal == target:
                break
            goal = target
            state, _ = refine(balance, state, goal, log)
        if is_complete or log.is_over or refresh_count == REFRESH_LIMIT_COUNT:
            break
        sets = wider
    return choice, state.flow_t_d, is_complete


def _add_routes(problem: _Problem, choice: RouteChoice, sets: ChoiceSets, time_h: FloatArray) -> ChoiceSets:
    """Choice sets with the best routes at these times that are cheaper than all routes of their trips."""
    best_h, best = find_best_routes(problem.graph, time_h + problem.costs.fixed_h, problem.trips)
    known_h = np.full(problem.trips.n_trip, np.inf)
    np.minimum.at(known_h, choice.sets.trip, _route_costs(choice, time_h))
    is_cheaper = best_h < known_h * (1.0 - max(TIE_SHARE, problem.settings.refresh_share))
    return join_choice_sets(sets, best.take(np.flatnonzero(is_cheaper[best.trip])))


def _route_costs(choice: RouteChoice, time_h: FloatArray) -> FloatArray:
    """Times of the arcs of each route, and what it costs besides."""
    cost = np.empty(choice.sets.n_route)
    routes = (freeze(choice.sets.first_arc, np.int64), freeze(choice.sets.arc, np.int32))
    sum_on_routes.pick(len(choice.sets.arc))(*routes, time_h, choice.fixed_h, cost)
    return cost


def _report(
    problem: _Problem, choice: RouteChoice, flow_t_d: FloatArray, is_complete: bool, log: _Log
) -> Assignment:
    """The assignment of these flows, with everything computed from them anew."""
    costs, trips, settings = problem.costs, problem.trips, problem.settings
    volume = np.empty((costs.n_segment, len(costs.form)))
    routes = (freeze(choice.sets.first_arc, np.int64), freeze(choice.sets.arc, np.int32))
    row = freeze(trips.segment[choice.sets.trip], np.int32)
    sum_on_arc_rows.pick(len(choice.sets.arc))(*routes, flow_t_d, row, volume)
    time_h = costs.time_h(volume.sum(axis=0))
    demand = choice.volume_t_d[choice.sets.trip]
    wanted = choice.shares(_route_costs(choice, time_h)).share * demand
    loaded = float(flow_t_d.sum())
    gap = float(np.abs(flow_t_d - wanted).sum()) / loaded if loaded > 0.0 else 0.0
    is_unserved = choice.volume_t_d < trips.volume_t_d
    has_reached = gap <= settings.target_gap_share and is_complete
    carries = np.flatnonzero(flow_t_d > 0.0)
    used = choice.sets.take(carries)
    return Assignment(
        method="sue",
        status=AssignStatus.CONVERGED if has_reached else AssignStatus.NOT_CONVERGED,
        volume_t_d=volume,
        time_h=time_h,
        relative_gap_share=gap,
        beckmann_objective=beckmann(costs, volume),
        total_time=float((volume * time_h).sum()) + paid_fixed_h(costs, volume),
        lower_bound=float("nan"),
        history=tuple(log.history),
        unserved=np.where(is_unserved, trips.volume_t_d, 0.0),
        unserved_reason=tuple(str(UnservedReason.NO_ROUTE) if one else "" for one in is_unserved.tolist()),
        price_usd_t=None,
        routes=RouteFlows(used.trip, flow_t_d[carries], used.first_arc, used.arc),
        bushes=None,
        trips=trips,
        costs=costs,
    )


def _check(
    costs: LoadCosts,
    settings: AssignmentSettings,
    choice_sets: ChoiceSets | None,
    constants_h: FloatArray | None,
    route_nest: IntArray | None,
    segment_scale: FloatArray | None,
) -> None:
    """Complain of everything that is wrong with the settings and arrays at once."""
    issues = []
    scale = segment_scales(costs, settings) if segment_scale is None else np.asarray(segment_scale)
    is_long = scale.shape == (costs.n_segment,)
    if not (is_long and np.isfinite(scale).all() and (scale > 0.0).all()):
        need = f"{costs.n_segment} finite numbers above 0, one for each segment"
        name = "scale_factor" if settings.scale_per_usd_t is None else "scale_per_usd_t"
        issues.append(
            _issue("scale", name if segment_scale is None else "segment_scale", scale.tolist(), need)
        )
    if not 0.0 < settings.nest_factor <= 1.0:
        issues.append(_issue("nest", "nest_factor", settings.nest_factor, "a number above 0 and at most 1"))
    if not 0.0 <= settings.overlap_factor < np.inf:
        issues.append(_issue("overlap", "overlap_factor", settings.overlap_factor, "a number of at least 0"))
    if settings.route_limit_count < 1:
        issues.append(_issue("routes", "route_limit_count", settings.route_limit_count, "at least 1"))
    if not 0.0 <= settings.refresh_share < 1.0:
        issues.append(
            _issue("refresh", "refresh_share", settings.refresh_share, "a number from 0 to below 1")
        )
    count = 0 if choice_sets is None else choice_sets.n_route
    for name, array in (("constants_h", constants_h), ("route_nest", route_nest)):
        if array is not None and not (np.shape(array) == (count,) and np.isfinite(array).all()):
            need = f"{count} finite numbers, one for each route of choice_sets"
            issues.append(_issue(name, name, f"shape {np.shape(array)}", need))
    if issues:
        raise SettingsError("The stochastic equilibrium cannot start", issues)


def _issue(rule: str, name: str, found: object, need: str) -> Issue:
    return Issue(f"assignment.sue.{rule}", name, (), f"It is {found}", f"It needs {need}", "Correct it")
