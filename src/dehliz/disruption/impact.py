"""What a change of the network costs: lost hours, money, CO2e, held cargo, and who bears it.

A ``WarmNetwork`` gives the equilibrium before and after; ``measure_impact`` compares them trip by trip. Cargo that
would lose more by going round than by waiting for the end of the event waits, and so does cargo without any way.
``disruption/shock.py`` makes the costs of an event; criticality, recovery and yearly risk are made of impacts.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dehliz.assignment.choice import sum_segment_costs
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.warm import Settled, WarmNetwork
from dehliz.base.rows import find_row
from dehliz.base.units import HOURS_PER_DAY
from dehliz.graph.cost import price_arcs
from dehliz.graph.graph import BoolArray, FloatArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.shipment import Shipment

ROUND_LIMIT_COUNT: Final = 40
"""Rounds in which the share of each trip that waits is sought at most."""
HOLD_GAP_SHARE: Final = 1e-4
"""Hours that cargo could save by choosing otherwise between waiting and going, over those that all of it would wait."""
ROUGH_GAP_SHARE: Final = 2e-3
"""Gap of the equilibria on the way."""
FIRST_STEP_SHARE: Final = 0.5
LEAST_STEP_SHARE: Final = 1e-3
GROWTH_FACTOR: Final = 1.3
"""Steps of a trip's share that waits: the first, the least, and how they grow while they go the same way."""
LEAST_LOSS_H: Final = 1e-6
"""Losses of a trip below this are rounding of the equilibrium."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a tonne of each segment is charged with on each arc.

    Attributes
    ----------
    money_usd_t, emission_kgco2e_t : (n_segment, n_arc) float64
        Money and well-to-wheel emissions; 0 where the segment may not go.
    """

    money_usd_t: FloatArray
    emission_kgco2e_t: FloatArray


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the flows of each trip, (n_trip,) float64."""

    time_t_h_d: FloatArray
    money_usd_d: FloatArray
    emission_kgco2e_d: FloatArray
    work_tkm_d: FloatArray


@dataclass(frozen=True, slots=True)
class Impact:
    """An event beside the network as it is, a design day, trip by trip.

    Attributes
    ----------
    loss_h : (n_trip,) float64
        Generalised hours that a tonne loses: by the logsum when it goes round, by the mean wait when it waits. Below 0
        for those who gain. 0 for held cargo when nothing is said of how long the event lasts.
    held_share : (n_trip,) float64
        Share of each trip that waits.
    volume_t_d : (n_trip,) float64
        What each trip ships in all.
    value_of_time_usd_t_h : (n_trip,) float64
        What an hour costs each trip.
    before, after : Totals
        Of the cargo that goes.
    settled : Settled
        The equilibrium after.
    hold_gap_share : float
        Hours that cargo could save by choosing otherwise between waiting and going, over those that all of it would
        wait.
    is_wait_known : bool
        Whether waiting has a price here; without one only cargo without a way is held, at no cost in ``loss_h``.
    """

    loss_h: FloatArray
    held_share: FloatArray
    volume_t_d: FloatArray
    value_of_time_usd_t_h: FloatArray
    before: Totals
    after: Totals
    settled: Settled
    hold_gap_share: float
    is_wait_known: bool

    @property
    def loss_usd_d(self) -> FloatArray:
        """(n_trip,) what each trip loses a day, in money of its value of time."""
        return np.asarray(self.volume_t_d * self.value_of_time_usd_t_h * self.loss_h)

    @property
    def held_t_d(self) -> FloatArray:
        """(n_trip,) what waits each day."""
        return np.asarray(self.volume_t_d * self.held_share)

    @property
    def is_converged(self) -> bool:
        """Whether the equilibrium reached its gap and the choice of waiting its own."""
        return self.settled.is_converged and self.hold_gap_share <= HOLD_GAP_SHARE


class Baseline:
    """The network as it is, with all that impacts are measured against.

    Attributes
    ----------
    warm : WarmNetwork
        Ready for changes.
    settled : Settled
        Its equilibrium.
    weights : Weights
        Money and emissions of its arcs.
    totals : Totals
        Sums of its flows.
    least_h : (n_trip,) float64
        Cost of the best route of each trip, without constants of gateways.
    value_of_time_usd_t_h : (n_trip,) float64
        What an hour costs each trip.
    """

    def __init__(self, warm: WarmNetwork) -> None:
        self.warm = warm
        self.settled = warm.settle()
        self.weights = weigh_arcs(warm.problem)
        self.totals = sum_up(warm.problem, self.settled, self.weights)
        self.least_h = warm.find_least_h(warm.problem.costs)
        problem = warm.problem
        self.value_of_time_usd_t_h = problem.costs.value_of_time_usd_t_h[problem.trips.segment]


def weigh_arcs(problem: LoadProblem) -> Weights:
    """Money and emissions of a tonne of each class of trips on each arc of a problem."""
    emission: dict[str, FloatArray] = {}
    for segment_id in dict.fromkeys(problem.segment_of):
        row = find_row(problem.network.segment, "segment_id", segment_id)
        teu = 1.0 / float(row.t_per_teu_factor) if row.load_unit == "teu" else 0.0
        shipment = Shipment(segment_id, row.load_unit, teu, 1.0, "1 t")
        costs = price_arcs(problem.graph, problem.network, shipment)
        emission[segment_id] = np.nan_to_num(costs.emissions_kgco2e, nan=0.0, posinf=0.0)
    money = np.where(np.isfinite(problem.money_usd_t), problem.money_usd_t, 0.0)
    return Weights(money, np.stack([emission[one] for one in problem.segment_of]))


def sum_up(problem: LoadProblem, settled: Settled, weights: Weights) -> Totals:
    """What the flows of an equilibrium add up to, trip by trip.

    Parameters
    ----------
    problem : LoadProblem
        Gives trips and lengths.
    settled : Settled
        Flows.
    weights : Weights
        Money and emissions of its arcs.
    """
    sets, trips = settled.choice.sets, problem.trips
    shape = (trips.n_segment, problem.graph.n_arc)

    def total(value: FloatArray) -> FloatArray:
        along = sum_segment_costs(sets, trips, np.ascontiguousarray(np.broadcast_to(value, shape)))
        added = np.bincount(sets.trip, weights=along * settled.flow_t_d, minlength=trips.n_trip)
        return np.asarray(added, dtype=np.float64)

    return Totals(
        total(np.where(np.isfinite(settled.time_h), settled.time_h, 0.0)),
        total(weights.money_usd_t),
        total(weights.emission_kgco2e_t),
        total(problem.graph.length_km),
    )


def measure_impact(
    baseline: Baseline,
    costs: LoadCosts,
    weights: Weights | None = None,
    wait_h: float | FloatArray | None = None,
    volume_t_d: FloatArray | None = None,
    warm: WarmNetwork | None = None,
) -> Impact:
    """What other costs of the same arcs mean for every trip.

    Parameters
    ----------
    baseline : Baseline
        The network as it is.
    costs : LoadCosts
        Costs during the event, see ``disruption/shock.py``.
    weights : Weights, optional
        Money and emissions during it; those of the baseline when left out.
    wait_h : float or (n_trip,) float64, optional
        Mean wait of cargo that waits for the end, of all trips or of each: half of how long the event lasts. When left
        out the event has no end: all that has a way goes.
    volume_t_d : (n_trip,) float64, optional
        Other volumes than those of the problem.
    warm : WarmNetwork, optional
        A network with other arcs but the same trips, when the event adds or removes rows; ``costs`` are on its arcs.

    Returns
    -------
    Impact

    Notes
    -----
    A trip's loss by going is C1 - C0, C being its expected generalised cost -logsum / scale, so that the loss is the
    change of consumers' surplus in hours (Small and Rosen, 1981, Econometrica 49(1), 105-130). Of each trip a share
    waits such that nobody who goes loses more than ``wait_h`` and, while somebody of the trip waits, nobody less. It is
    sought trip by trip with steps that grow while they go the same way and are halved when they turn (the sign of the
    slope alone, as in Riedmiller and Braun, 1993, IEEE International Conference on Neural Networks, 586-591).
    A trip that had no way before neither loses nor gains.
    """
    own = baseline.warm if warm is None else warm
    problem = own.problem
    volume = problem.trips.volume_t_d if volume_t_d is None else volume_t_d
    before_h = baseline.settled.cost_h
    held, settled, gap_share = _hold(own, costs, volume, baseline, wait_h)
    has_way = np.isfinite(settled.cost_h) & np.isfinite(before_h)
    going_h = np.zeros(len(before_h))
    going_h[has_way] = settled.cost_h[has_way] - before_h[has_way]
    going_h[np.abs(going_h) < LEAST_LOSS_H] = 0.0
    wait = 0.0 if wait_h is None else wait_h
    loss_h = (1.0 - held) * going_h + held * wait
    return Impact(
        loss_h, held, np.asarray(volume), baseline.value_of_time_usd_t_h, baseline.totals,
        sum_up(problem, settled, baseline.weights if weights is None else weights), settled, gap_share,
        wait_h is not None,
    )  # fmt: skip


def _hold(
    warm: WarmNetwork,
    costs: LoadCosts,
    volume_t_d: FloatArray,
    baseline: Baseline,
    given_h: float | FloatArray | None,
) -> tuple[FloatArray, Settled, float]:
    """Share of each trip that waits, the equilibrium of the rest, and how far the choice of both is from settled."""
    had_way = np.isfinite(baseline.settled.cost_h)
    if given_h is None:
        settled = warm.settle(costs, volume_t_d)
        return np.where(had_way & ~np.isfinite(settled.cost_h), 1.0, 0.0), settled, 0.0
    wait_h = np.broadcast_to(np.asarray(given_h, dtype=np.float64), volume_t_d.shape)
    limit_h = np.where(had_way, baseline.settled.cost_h, 0.0) + wait_h
    rise_h = warm.find_least_h(costs)[had_way] - baseline.least_h[had_way]
    held = np.zeros(len(volume_t_d))
    held[had_way] = np.where(rise_h > wait_h[had_way], 1.0, 0.0)
    rough = max(ROUGH_GAP_SHARE, warm.settings.target_gap_share)
    settled = warm.settle(costs, volume_t_d * (1.0 - held), None, rough)
    step, turn = np.full(len(held), FIRST_STEP_SHARE), np.zeros(len(held))
    for _ in range(ROUND_LIMIT_COUNT):
        wrong_h = _find_wrong_h(settled, limit_h, had_way, held, wait_h)
        if _share_wrong(wrong_h, volume_t_d, wait_h) <= HOLD_GAP_SHARE:
            exact = warm.settle(costs, volume_t_d * (1.0 - held), settled)
            wrong_h = _find_wrong_h(exact, limit_h, had_way, held, wait_h)
            settled, rough = exact, warm.settings.target_gap_share
            if _share_wrong(wrong_h, volume_t_d, wait_h) <= HOLD_GAP_SHARE:
                break
        way = np.sign(wrong_h)
        step = np.where(way * turn < 0.0, np.maximum(0.5 * step, LEAST_STEP_SHARE), step)
        step = np.where(way * turn > 0.0, np.minimum(GROWTH_FACTOR * step, 1.0), step)
        turn = np.where(way != 0.0, way, turn)
        held = np.clip(held + way * step, 0.0, 1.0)
        settled = warm.settle(costs, volume_t_d * (1.0 - held), settled, rough)
    else:
        settled = warm.settle(costs, volume_t_d * (1.0 - held), settled)
    wrong_h = _find_wrong_h(settled, limit_h, had_way, held, wait_h)
    return held, settled, _share_wrong(wrong_h, volume_t_d, wait_h)


def _find_wrong_h(
    settled: Settled, limit_h: FloatArray, had_way: BoolArray, held: FloatArray, wait_h: FloatArray
) -> FloatArray:
    """Hours that a tonne of each trip could save by waiting (above 0) or by going (below), at most the wait.

    0 where all who would save have chosen so.
    """
    excess_h = np.zeros(len(held))
    excess_h[had_way] = np.clip(settled.cost_h[had_way] - limit_h[had_way], -wait_h[had_way], wait_h[had_way])
    return np.where(((excess_h > 0.0) & (held < 1.0)) | ((excess_h < 0.0) & (held > 0.0)), excess_h, 0.0)


def _share_wrong(wrong_h: FloatArray, volume_t_d: FloatArray, wait_h: FloatArray) -> float:
    """Hours that could be saved over those that all cargo would wait."""
    total = float(volume_t_d @ wait_h)
    return float(np.abs(wrong_h) @ volume_t_d) / total if total > 0.0 else 0.0


def find_mean_wait_h(duration_d: float) -> float:
    """Mean wait of cargo that comes evenly while an event lasts and leaves at its end: half of it."""
    return 0.5 * duration_d * HOURS_PER_DAY
