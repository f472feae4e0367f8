"""System optimum under hard capacities: the cheapest way for all trips together, with prices and a proof.

Volumes minimise the sum of value of time x (free time + fixed cost) x volume [USD/d] over routes, with the total
volume at most the capacity where it is hard. There is no delay below the capacity. What cannot be carried stays
unserved; as little as possible does, and only then the cost counts. Column generation: ``system_problem.py`` poses it,
``system_pricing.py`` finds routes and bounds, ``system_master.py`` solves over what was found.
"""

import time

import numpy as np

from dehliz.assignment.result import (
    Assignment,
    AssignStatus,
    Iteration,
    OnIteration,
    RouteFlows,
    UnservedReason,
)
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.system_master import Master, Point
from dehliz.assignment.system_pricing import Bounder, seek_prices
from dehliz.assignment.system_problem import Floats, Longs, Problem, add_up, arc_costs_usd_t, pose_problem
from dehliz.assignment.topology import Topology
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips

SMOOTH_FACTOR = 0.5
"""Weight of the best prices so far when routes are looked for; the rest is the master's."""

SMOOTH_GAP_SHARE = 1e-3
"""Gap below which the master's prices are used as they are: smoothed ones would only halve it each round."""

WORTH_TOLERANCE = 1e-11
"""A route comes in when it costs less than the worth of its trip by this share."""

UNSERVED_SHARE = 1e-9
"""Share of all volume within which the unserved part is proven least, and share of a trip that counts as nothing."""

FLOW_SHARE = 1e-11
"""Share of a trip below which the flow on a route is rounding."""

PENALTY_STEP_FACTOR = 10.0
PENALTY_STEP_COUNT = 8
"""By how much the penalty of what stays unserved is raised at a time, and how many penalties are tried at most: the
last is a hundred million times the dearest of all cheapest routes."""


def find_system_optimum(
    graph: Topology,
    costs: LoadCosts,
    trips: Trips,
    settings: AssignmentSettings,
    on_iteration: OnIteration | None = None,
) -> Assignment:
    """Volumes of least total cost under hard capacities.

    Parameters
    ----------
    graph : Topology
        The network.
    costs : LoadCosts
        Free times, fixed costs, values of time; capacities that are hard where ``is_capped``, less the background.
        Background above a capacity leaves nothing of it.
    trips : Trips
        What is to be carried.
    settings : AssignmentSettings
        Reads ``target_gap_share``, ``iteration_limit_count`` and ``time_limit_s``.
    on_iteration : callable, optional
        Called after each round.

    Returns
    -------
    Assignment
        ``time_h`` is the free time; ``total_time`` and ``beckmann_objective`` are both the sum of volume times (free
        time + fixed cost) in hours, background not included. ``lower_bound`` [USD/d]: no loading that leaves no more
        unserved costs less; ``relative_gap_share`` is (cost - lower_bound) / cost, see ``system_cost_usd``.
        ``price_usd_t`` holds the prices that prove the bound: what one more tonne a day of capacity saves, exactly so
        where the duals are unique; all arcs of a facility show its price. Status ``INFEASIBLE``: the capacities do
        not carry everything; what stays unserved is proven least (within 1e-9 of all volume), and prices count each
        tonne that more capacity would serve at a penalty.

    Notes
    -----
    Dantzig and Wolfe (1960) decomposition with routes as columns (Ford and Fulkerson, 1958), capacity rows added
    when violated, prices smoothed half way to the best so far (Pessoa et al., 2018). The penalty of what stays
    unserved starts at ten times the dearest of all cheapest routes; when anything is unserved in the end, a second
    programme that counts nothing else must confirm that no loading serves more, or the penalty is raised tenfold.
    """
    search = _Search(pose_problem(graph, costs, trips), settings, on_iteration)
    search.run()
    return _report(search, costs, trips)


def system_cost_usd(costs: LoadCosts, volume_t_d: Floats) -> float:
    """What the system optimum minimises [USD/d]: value of time x (free time + fixed cost) x volume of each segment.

    Parameters
    ----------
    costs : LoadCosts
        Costs.
    volume_t_d : (n_segment, n_arc) float64
        Volumes.
    """
    is_used = volume_t_d > 0.0
    return float((arc_costs_usd_t(costs)[is_used] * volume_t_d[is_used]).sum())


class _Search:
    """One column generation: master, prices, best answer so far."""

    def __init__(
        self, problem: Problem, settings: AssignmentSettings, on_iteration: OnIteration | None
    ) -> None:
        self.start_s = time.perf_counter()
        self.problem, self.settings = problem, settings
        self.on_iteration = on_iteration
        self.penalty = problem.first_penalty
        self.master = Master(problem, self.penalty)
        self.bounder = Bounder(problem, problem.cost, self.penalty)
        self.history: list[Iteration] = []
        self.is_stopped = False
        self.is_least_unserved = True
        self.point: Point | None = None

    def run(self) -> None:
        """Until the gap is closed and what stays unserved is proven least, or a limit is met."""
        if self.problem.trip_count == 0:
            return
        seek_prices(self.problem, self.master, self.bounder)
        for _ in range(PENALTY_STEP_COUNT):
            self.point = self._converge()
            self.is_least_unserved = self._is_least(float(self.point.unserved.sum()))
            if self.is_least_unserved or self.is_stopped:
                return
            self.penalty *= PENALTY_STEP_FACTOR
            self.bounder.set_penalty(self.penalty)
            self.master.set_costs(self.master.route_cost, self.penalty)

    def gap_share(self, point: Point) -> float:
        """Relative gap of the cost of what is served."""
        penalties = self.penalty * float(point.unserved.sum())
        return system_gap(point.objective - penalties, self.bounder.best - penalties)

    def _converge(self) -> Point:
        """Rounds of solving and pricing at one penalty."""
        while True:
            point = self.master.solve()
            new_count = self._price(point)
            violated = self.master.violated(point.load)
            gap_share = np.inf if len(violated) else self.gap_share(point)
            self._tell(gap_share)
            if gap_share <= self.settings.target_gap_share or not (new_count or len(violated)):
                return point
            if self._is_over():
                self.is_stopped = True
                return self._close(point)
            if len(violated):
                self.master.add_capacities(violated)

    def _price(self, point: Point) -> int:
        """New routes at prices between the best and the master's, or else at the master's."""
        worth = point.worth - WORTH_TOLERANCE * np.maximum(1.0, np.abs(point.worth))
        if self.gap_share(point) > SMOOTH_GAP_SHARE and np.isfinite(self.bounder.best):
            between = SMOOTH_FACTOR * self.bounder.price + (1.0 - SMOOTH_FACTOR) * point.price
            new_count = self.master.add_routes(*self.bounder.routes(between, point.price, worth))
            if new_count:
                return new_count
        return self.master.add_routes(*self.bounder.routes(point.price, point.price, worth))

    def _close(self, point: Point) -> Point:
        """Keep all capacities with the routes at hand."""
        while len(violated := self.master.violated(point.load)):
            self.master.add_capacities(violated)
            point = self.master.solve()
        return point

    def _is_least(self, unserved: float) -> bool:
        """Whether no loading leaves less unserved, by a programme that counts nothing else."""
        problem, master = self.problem, self.master
        most = unserved - UNSERVED_SHARE * float(problem.volume.sum())
        if most <= 0.0 or self.is_stopped:
            return most <= 0.0
        free = np.where(np.isfinite(problem.cost), 0.0, np.inf)
        bounder = Bounder(problem, free, 1.0)
        is_least = False
        while True:
            master.set_costs(np.zeros(len(master.route_trip)), 1.0)
            point = master.solve()
            new_count = master.add_routes(
                *bounder.routes(point.price, point.price, point.worth - WORTH_TOLERANCE)
            )
            violated = master.violated(point.load)
            if bounder.best >= most:
                is_least = True
                break
            if len(violated):
                master.add_capacities(violated)
            elif float(point.unserved.sum()) < most or not new_count:
                break
            if self._is_over():
                self.is_stopped = True
                break
        master.set_costs(master.route_cost, self.penalty)
        return is_least

    def _is_over(self) -> bool:
        spent_s = time.perf_counter() - self.start_s
        return (
            spent_s >= self.settings.time_limit_s or len(self.history) >= self.settings.iteration_limit_count
        )

    def _tell(self, gap_share: float) -> None:
        step = Iteration(len(self.history) + 1, gap_share, time.perf_counter() - self.start_s)
        self.history.append(step)
        if self.on_iteration is not None:
            self.on_iteration(step)


def system_gap(cost_usd: float, bound_usd: float) -> float:
    """(cost - bound) / cost, at least 0; 0 where the cost is 0, since no cost is less. Both in any one unit."""
    if cost_usd <= 0.0:
        return 0.0
    return max(0.0, cost_usd - max(0.0, bound_usd)) / cost_usd


def _report(search: _Search, costs: LoadCosts, trips: Trips) -> Assignment:
    """Translate the last point back into tonnes, dollars and arcs."""
    problem = search.problem
    unserved = np.where(problem.has_route, 0.0, trips.volume_t_d)
    reason = np.where(problem.has_route, "", UnservedReason.NO_ROUTE.value).astype(object)
    flows, lost = _tidy(search)
    unserved[problem.number] = lost * problem.volume_scale_t_d
    reason[problem.number[lost > 0.0]] = UnservedReason.NO_CAPACITY.value
    routes = _routes(search, flows * problem.volume_scale_t_d, trips)
    shape = (costs.n_segment, len(costs.free_time_h))
    place = (
        np.repeat(trips.segment[routes.trip], np.diff(routes.first_arc)).astype(np.int64) * shape[1]
        + routes.arc
    )
    volume = add_up(place, np.repeat(routes.volume_t_d, np.diff(routes.first_arc)), shape[0] * shape[1])
    volume_t_d = volume.reshape(shape)
    cost_usd = system_cost_usd(costs, volume_t_d)
    bound = search.bounder.best - search.penalty * float(lost.sum()) if len(lost) else 0.0
    bound_usd = max(0.0, bound * problem.cost_scale_usd_t * problem.volume_scale_t_d)
    gap_share = system_gap(cost_usd, bound_usd)
    is_proven = search.is_least_unserved and gap_share <= search.settings.target_gap_share
    is_full = bool((lost > 0.0).any())
    is_used = volume_t_d > 0.0
    hours = float(((costs.free_time_h + costs.fixed_h)[is_used] * volume_t_d[is_used]).sum())
    return Assignment(
        method="so",
        status=_status(is_proven, is_full),
        volume_t_d=volume_t_d,
        time_h=costs.free_time_h,
        relative_gap_share=gap_share,
        beckmann_objective=hours,
        total_time=hours,
        lower_bound=bound_usd,
        history=tuple(search.history),
        unserved=unserved,
        unserved_reason=tuple(str(word) for word in reason),
        price_usd_t=search.bounder.price[problem.facility] * problem.cost_scale_usd_t,
        routes=routes,
        bushes=None,
        trips=trips,
        costs=costs,
    )


def _status(is_proven: bool, is_full: bool) -> AssignStatus:
    if not is_proven:
        return AssignStatus.NOT_CONVERGED
    return AssignStatus.INFEASIBLE if is_full else AssignStatus.CONVERGED


def _tidy(search: _Search) -> tuple[Floats, Floats]:
    """Flows of routes and what stays unserved of trips, without rounding: both add up to the volume of each trip."""
    volume = search.problem.volume
    if search.point is None:
        return np.empty(0), np.zeros(len(volume))
    trip = search.master.route_trip[: len(search.point.flow)]
    lost = np.where(search.point.unserved > UNSERVED_SHARE * volume, search.point.unserved, 0.0)
    lost = np.where(lost < (1.0 - UNSERVED_SHARE) * volume, lost, volume)
    flow = np.where(search.point.flow > FLOW_SHARE * volume[trip], search.point.flow, 0.0)
    total = add_up(trip, flow, len(volume))
    share = np.divide(volume - lost, total, out=np.zeros(len(volume)), where=total > 0.0)
    return flow * share[trip], lost


def _routes(search: _Search, flow_t_d: Floats, trips: Trips) -> RouteFlows:
    """Routes with flow by trip, those of trips that end where they start included."""
    master, problem = search.master, search.problem
    used = np.flatnonzero(flow_t_d > 0.0)
    staying = np.flatnonzero(problem.has_route & (trips.origin == trips.destination))
    trip = np.concatenate([problem.number[master.route_trip[used]], staying])
    volume = np.concatenate([flow_t_d[used], trips.volume_t_d[staying]])
    order = np.argsort(trip, kind="stable")
    length = np.concatenate([np.diff(master.first_arc)[used], np.zeros(len(staying), np.int64)])[order]
    start = np.concatenate([master.first_arc[used], np.zeros(len(staying), np.int64)])[order]
    first_arc: Longs = np.zeros(len(trip) + 1, np.int64)
    np.cumsum(length, out=first_arc[1:])
    place = np.repeat(start - first_arc[:-1], length) + np.arange(first_arc[-1])
    return RouteFlows(trip[order].astype(np.int32), volume[order], first_arc, master.arc[place])
