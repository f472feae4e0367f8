"""What the loss of one thing, or of two at once, costs: the ranking of everything that can fail.

Elements come in; each is closed in turn on a ``Baseline`` and its impact summed up as a ``Loss``. The files before are
``elements.py`` and ``impact.py``; ``ranking.py`` makes tables of losses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dehliz.assignment.problem import LoadProblem
from dehliz.base.units import KG_PER_T
from dehliz.disruption.elements import Element
from dehliz.disruption.impact import Baseline, Impact, find_mean_wait_h, measure_impact
from dehliz.disruption.shock import Effect, strike
from dehliz.graph.graph import FloatArray, IntArray

OnElement = Callable[[Element, int], None]
"""Told of each element and how many are done."""
SHARE_OF_ENDS: Final = 0.5
"""Part of a loss that each end of a trip bears: who pays in the end is not known, so both do alike."""


@dataclass(frozen=True, slots=True)
class Loss:
    """The impact of closing some elements at once, summed up, a day.

    Attributes
    ----------
    element_ids : tuple of str
        ``kind:id`` of what was closed.
    volume_t_d : float
        Cargo that used any of it before.
    loss_usd_d : float
        Loss of all trips that lose.
    gain_usd_d : float
        Gain of all trips that gain, from less congestion.
    others_usd_d : float
        Net loss borne by countries where none of the elements lies: what they are worth to the rest.
    transit_usd_d : float
        Net loss of trips that neither start nor end in countries of the elements.
    extra_time_t_h_d, extra_cost_usd_d, extra_emission_tco2e_d : float
        Tonne-hours, money and CO2e that cargo which goes uses more than the same cargo did before.
    held_t_d : float
        Cargo that waits.
    cut_t_d : float
        Cargo that has no way at all, part of the held one.
    bearer_usd_d : (n_country,) float64
        Net loss by country of ``graph.country_ids``, half at each end of a trip.
    gap_share, hold_gap_share : float
        Of the equilibrium, and of the choice to wait.
    is_converged : bool
        Whether both are small enough.
    """

    element_ids: tuple[str, ...]
    volume_t_d: float
    loss_usd_d: float
    gain_usd_d: float
    others_usd_d: float
    transit_usd_d: float
    extra_time_t_h_d: float
    extra_cost_usd_d: float
    extra_emission_tco2e_d: float
    held_t_d: float
    cut_t_d: float
    bearer_usd_d: FloatArray
    gap_share: float
    hold_gap_share: float
    is_converged: bool

    @property
    def net_usd_d(self) -> float:
        """Loss less gain."""
        return self.loss_usd_d - self.gain_usd_d

    @property
    def cut_share(self) -> float:
        """Cargo without any other way over all that used the elements; 0 where none did."""
        return min(self.cut_t_d / self.volume_t_d, 1.0) if self.volume_t_d > 0.0 else 0.0


def close_elements(baseline: Baseline, elements: Sequence[Element], duration_d: float) -> Loss:
    """What closing some elements at once for some days costs a day.

    Parameters
    ----------
    baseline : Baseline
        The network as it is.
    elements : sequence of Element
        What is closed.
    duration_d : float
        How long, which is known to all from the start: cargo waits when going round would cost it more.
    """
    shock = strike(baseline, [_fail(one) for one in elements])
    impact = measure_impact(baseline, shock.costs, shock.weights, find_mean_wait_h(duration_d))
    arcs = np.logical_or.reduce([one.arcs for one in elements])
    return sum_impact(baseline, impact, elements, find_through_t_d(baseline, arcs))


def _fail(element: Element) -> Effect:
    """What the loss of an element does to its arcs."""
    if element.left_share > 0.0:
        return Effect(element.arcs, capacity_factor=element.left_share)
    return Effect(element.arcs, is_closed=True)


def find_through_t_d(baseline: Baseline, arcs: np.ndarray) -> float:
    """Cargo whose routes use any of some arcs in the network as it is, each tonne once [t/d]."""
    settled = baseline.settled
    sets = settled.choice.sets
    hit = np.concatenate([np.zeros(1, np.int64), np.cumsum(arcs[sets.arc])])
    uses = hit[sets.first_arc[1:]] > hit[sets.first_arc[:-1]]
    return float(settled.flow_t_d[uses].sum())


def sum_impact(baseline: Baseline, impact: Impact, elements: Sequence[Element], volume_t_d: float) -> Loss:
    """An impact summed up over trips.

    Parameters
    ----------
    baseline : Baseline
        The network as it is.
    impact : Impact
        Of losing the elements.
    elements : sequence of Element
        What was lost.
    volume_t_d : float
        Cargo that used any of it before.
    """
    net = impact.loss_usd_d
    ends = find_ends(baseline.warm.problem)
    ids = baseline.warm.problem.graph.country_ids
    is_home = np.isin(ids, [place for one in elements for place in one.country_ids])
    bearer = share_by_country(ends, net, len(ids))
    going = 1.0 - impact.held_share
    before, after = baseline.totals, impact.after
    cut = np.isfinite(baseline.settled.cost_h) & ~np.isfinite(impact.settled.cost_h)

    def extra(now: FloatArray, was: FloatArray) -> float:
        return float((now - going * was).sum())

    return Loss(
        element_ids=tuple(one.token for one in elements),
        volume_t_d=volume_t_d,
        loss_usd_d=float(np.maximum(net, 0.0).sum()),
        gain_usd_d=float(np.maximum(-net, 0.0).sum()),
        others_usd_d=float(bearer[~is_home].sum()),
        transit_usd_d=float(net[~is_home[ends[0]] & ~is_home[ends[1]]].sum()),
        extra_time_t_h_d=extra(after.time_t_h_d, before.time_t_h_d),
        extra_cost_usd_d=extra(after.money_usd_d, before.money_usd_d),
        extra_emission_tco2e_d=extra(after.emission_kgco2e_d, before.emission_kgco2e_d) / KG_PER_T,
        held_t_d=float(impact.held_t_d.sum()),
        cut_t_d=float(impact.volume_t_d[cut].sum()),
        bearer_usd_d=bearer,
        gap_share=impact.settled.relative_gap_share,
        hold_gap_share=impact.hold_gap_share,
        is_converged=impact.is_converged,
    )


def find_ends(problem: LoadProblem) -> tuple[IntArray, IntArray]:
    """Countries of ``graph.country_ids`` where each trip starts and ends, each (n_trip,) int."""
    graph, trips = problem.graph, problem.trips
    zone = dict(zip(problem.network.zone["zone_id"], problem.network.zone["country_id"], strict=True))
    place = np.array([graph.country_ids.index(str(zone[one])) for one in graph.zone_ids], dtype=np.int32)
    return place[trips.origin], place[trips.destination - graph.n_zone]


def share_by_country(
    ends: tuple[IntArray, IntArray], loss_usd_d: FloatArray, country_count: int
) -> FloatArray:
    """Losses of trips by country, (n_country,): half at each end of a trip.

    Parameters
    ----------
    ends : tuple of (n_trip,) int
        As ``find_ends`` gives them.
    loss_usd_d : (n_trip,) float64
        Of any sign.
    country_count : int
        Countries of the graph.
    """
    total = np.zeros(country_count)
    for end in ends:
        total += np.bincount(end, weights=SHARE_OF_ENDS * loss_usd_d, minlength=country_count)
    return total


def rank_elements(
    baseline: Baseline, elements: Sequence[Element], duration_d: float, on_element: OnElement | None = None
) -> list[Loss]:
    """The loss of each element, in the order of the elements; see ``close_elements``."""
    losses = []
    for count, element in enumerate(elements, 1):
        losses.append(close_elements(baseline, [element], duration_d))
        if on_element is not None:
            on_element(element, count)
    return losses
