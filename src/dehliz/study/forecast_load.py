"""Loads many draws of one year quickly: routes and their corridors are found once, shares and congestion each time.

A problem comes in, volumes of the forecast's series go out for each draw. The file before is
``study/forecast_year.py``; ``study/forecast.py`` goes through the years and scenarios.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.assignment.choice import RouteChoice, make_route_choice, segment_scales
from dehliz.assignment.corridor_choice import (
    ChoiceModel,
    choose_corridors,
    find_corridor_sets,
    sum_constants_h,
)
from dehliz.assignment.fixed_point import Balance, settle
from dehliz.assignment.flow_tables import name_routes
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.result import AssignStatus, RouteFlows
from dehliz.assignment.route_sums import visit
from dehliz.assignment.settings import AssignmentSettings
from dehliz.base.rows import each_row
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.graph.trips import Trips
from dehliz.routing.alternatives import ChoiceSets, join_choice_sets, make_choice_sets
from dehliz.routing.corridors import find_gateway

SERIES: Final = (
    ("titr", "titr", ""),
    ("titr_boxes", "titr", "container_high_value;container_other"),
    ("btk", "btk", ""),
)
"""Series of a forecast: its id, and scope and segments in ``observed_volume``."""
BY_SEGMENT: Final = "titr"
STEP_LIMIT_COUNT: Final = 200
LEAST_ANCHOR_SHARE: Final = 0.05
"""A series is anchored to what was observed when the model carries at least this share of it."""


@dataclass(frozen=True, slots=True)
class Series:
    """A volume that is forecast.

    Attributes
    ----------
    series_id : str
        Its id.
    segment_ids : tuple of str
        Segments that count; all when empty.
    gateways : tuple of str
        Rows whose volumes add up to it, such as ``service_leg:feeder_aktau_alat``.
    observed_t_a : mapping of int to float
        What was published, whole years only.
    t_per_teu : float
        Tonnes of a TEU by which it was counted; NaN when it was counted in tonnes.
    """

    series_id: str
    segment_ids: tuple[str, ...]
    gateways: tuple[str, ...]
    observed_t_a: Mapping[int, float]
    t_per_teu: float = float("nan")


def read_series(observed: pd.DataFrame, segment_ids: Sequence[str]) -> tuple[Series, ...]:
    """Series of the forecast by the rows of the network that answer to published counts.

    Parameters
    ----------
    observed : DataFrame
        Table ``observed_volume``.
    segment_ids : sequence of str
        Segments for which the corridor is told apart.
    """
    found = []
    for series_id, scope_id, segments in SERIES:
        is_mine = (observed["scope_id"] == scope_id) & (observed["segment_ids"] == segments)
        rows = observed[is_mine & (observed["row_ids"] != "") & (observed["direction"] == "both")]
        rows = rows.sort_values("year", kind="stable")
        last = list(each_row(rows))[-1]
        whole = rows[(rows["period"] == "") & rows["volume_t"].notna()]
        known = dict(zip(whole["year"].astype(int).tolist(), whole["volume_t"].tolist(), strict=True))
        gateways = tuple(f"{last.table_name}:{row_id}" for row_id in last.row_ids.split(";"))
        t_per_teu = float(last.volume_t / last.value) if last.unit == "TEU" else float("nan")
        found.append(Series(series_id, tuple(filter(None, segments.split(";"))), gateways, known, t_per_teu))
    whole_route = next(one for one in found if one.series_id == BY_SEGMENT)
    parts = [
        replace(whole_route, series_id=f"{BY_SEGMENT}_{one}", segment_ids=(one,), observed_t_a={})
        for one in sorted(segment_ids)
    ]
    return (*found, *parts)


@dataclass(frozen=True, slots=True)
class Answer:
    """Volumes of one draw.

    Attributes
    ----------
    volume_t_a : (n_series,) float64
        Volume of each series.
    relative_gap_share : float
        Gap of the assignment.
    is_converged : bool
        Whether it is at most the one asked for, and the whole assignment that routes were taken from had converged.
    """

    volume_t_a: FloatArray
    relative_gap_share: float
    is_converged: bool


class WarmLoad:
    """One problem, ready for draws of demand and of parameters.

    Notes
    -----
    Routes are those of ``find_corridor_sets`` and those that congestion adds in one whole assignment with the
    parameters given; draws choose among them and add none. Two calls with equal input give equal bytes,
    whatever came between.
    """

    def __init__(
        self, problem: LoadProblem, model: ChoiceModel, settings: AssignmentSettings, series: Sequence[Series]
    ) -> None:
        self.problem = problem
        self.settings = settings
        first_sets = find_corridor_sets(problem)
        first = choose_corridors(problem, model, settings, first_sets)
        self.is_warm = first.status == AssignStatus.CONVERGED
        self.sets: ChoiceSets = first_sets
        if first.routes is not None:
            found = first.routes
            added = make_choice_sets(found.trip, found.first_arc, found.arc)
            self.sets = join_choice_sets(first_sets, added)
        self.visits = visit(
            RouteFlows(self.sets.trip, np.zeros(self.sets.n_route), self.sets.first_arc, self.sets.arc),
            problem.trips,
        )
        self.nest: IntArray = name_routes(self.visits, problem.corridors).astype(np.int32)
        self.free_h = problem.costs.time_h(np.zeros(problem.graph.n_arc)) + problem.costs.fixed_h
        self._touches: dict[str, BoolArray] = {}
        choice = self._choose(problem.trips, model)
        self.balance = Balance(choice, problem.costs)
        self.still_time_h: FloatArray = self.balance.strands.still_h - choice.fixed_h
        self.start_h = problem.costs.time_h(first.volume_t_d.sum(axis=0))
        self.weights = np.array([self._weigh(choice, one) for one in series])

    def _touch(self, gateway: str) -> BoolArray:
        if gateway not in self._touches:
            mask = find_gateway(self.problem.graph, self.problem.network, gateway)
            self._touches[gateway] = self.visits.touches(mask)
        return self._touches[gateway]

    def _choose(self, trips: Trips, model: ChoiceModel) -> RouteChoice:
        own = replace(
            self.settings, method="sue", scale_per_usd_t=model.scale_per_usd_t, nest_factor=model.nest_factor
        )
        scale = segment_scales(self.problem.costs, own)
        constants_h = sum_constants_h(self.problem, model, self.visits, self._touch)
        return make_route_choice(
            self.sets, trips, self.problem.costs, own, scale, self.free_h, constants_h, self.nest
        )

    def _rebalance(self, choice: RouteChoice) -> Balance:
        """The fixed point of another choice among the same routes.

        Strands depend on the routes alone, and finding them takes ten times as long as all else: 0.31 of 0.34 s.
        """
        balance = copy(self.balance)
        balance.choice = choice
        balance.strands = replace(self.balance.strands, still_h=self.still_time_h + choice.fixed_h)
        balance.stiffness = choice.scale * choice.volume_t_d
        balance.demand = float(choice.volume_t_d.sum())
        return balance

    def _weigh(self, choice: RouteChoice, series: Series) -> FloatArray:
        """How often a tonne on each route counts in a series."""
        mask = np.zeros(self.problem.graph.n_arc, dtype=bool)
        for gateway in series.gateways:
            mask |= find_gateway(self.problem.graph, self.problem.network, gateway)
        owner = np.repeat(np.arange(choice.sets.n_route), np.diff(choice.sets.first_arc))
        passes = np.bincount(owner, weights=mask[choice.sets.arc], minlength=choice.sets.n_route)
        counts = [
            not series.segment_ids or segment in series.segment_ids for segment in self.problem.segment_of
        ]
        return np.asarray(passes * np.array(counts)[self.problem.trips.segment[choice.sets.trip]])

    def load(self, factors: Mapping[str, float], model: ChoiceModel) -> Answer:
        """Load one draw.

        Parameters
        ----------
        factors : mapping of str to float
            Size of each market over that in the problem, above 0.
        model : ChoiceModel
            Parameters of the draw.
        """
        trips = self.problem.trips
        by_class = np.array([factors[market_id] for market_id in trips.segment_ids])
        grown = replace(trips, volume_t_d=trips.volume_t_d * by_class[trips.segment])
        choice = self._choose(grown, model)
        steps: list[float] = []

        def is_over(gap: float) -> bool:
            steps.append(gap)
            return len(steps) >= STEP_LIMIT_COUNT

        target = self.settings.target_gap_share
        state, gap = settle(self._rebalance(choice), self.start_h, target, is_over)
        is_converged = self.is_warm and gap <= target
        return Answer((self.weights @ state.flow_t_d) * DAYS_PER_YEAR, gap, is_converged)


def tell_market_volumes(load: WarmLoad, factors: Mapping[str, float]) -> dict[str, float]:
    """Size of each market [t/a] after growth."""
    trips: Any = load.problem.trips
    sums = np.bincount(trips.segment, weights=trips.volume_t_d, minlength=trips.n_segment) * DAYS_PER_YEAR
    return {one: float(total) * factors[one] for one, total in zip(trips.segment_ids, sums, strict=True)}
