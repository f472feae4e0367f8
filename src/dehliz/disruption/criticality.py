"""What the loss of one thing, or of two at once, costs: the ranking of everything that can fail.

Elements come in; each is closed in turn on a ``Baseline`` and its impact becomes rows of the tables ``criticality``,
``criticality_bearer`` and ``criticality_pair``. The files before are ``elements.py`` and ``impact.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from dehliz.assignment.problem import LoadProblem
from dehliz.base.schema import read_spec
from dehliz.base.units import KG_PER_T
from dehliz.disruption.elements import Element
from dehliz.disruption.impact import Baseline, Impact, find_mean_wait_h, measure_impact
from dehliz.disruption.shock import Effect, strike
from dehliz.graph.graph import FloatArray

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
    arcs = np.logical_or.reduce([one.arcs for one in elements])
    shock = strike(baseline, [Effect(arcs, is_closed=True)])
    impact = measure_impact(baseline, shock.costs, shock.weights, find_mean_wait_h(duration_d))
    ids = tuple(f"{one.kind}:{one.element_id}" for one in elements)
    return sum_impact(baseline, impact, ids, find_through_t_d(baseline, arcs))


def find_through_t_d(baseline: Baseline, arcs: np.ndarray) -> float:
    """Cargo whose routes use any of some arcs in the network as it is, each tonne once [t/d]."""
    settled = baseline.settled
    sets = settled.choice.sets
    hit = np.concatenate([np.zeros(1, np.int64), np.cumsum(arcs[sets.arc])])
    uses = hit[sets.first_arc[1:]] > hit[sets.first_arc[:-1]]
    return float(settled.flow_t_d[uses].sum())


def sum_impact(baseline: Baseline, impact: Impact, element_ids: tuple[str, ...], volume_t_d: float) -> Loss:
    """An impact summed up over trips."""
    net = impact.loss_usd_d
    going = 1.0 - impact.held_share
    before, after = baseline.totals, impact.after
    cut = ~np.isfinite(impact.settled.cost_h)

    def extra(now: FloatArray, was: FloatArray) -> float:
        return float((now - going * was).sum())

    return Loss(
        element_ids=element_ids,
        volume_t_d=volume_t_d,
        loss_usd_d=float(np.maximum(net, 0.0).sum()),
        gain_usd_d=float(np.maximum(-net, 0.0).sum()),
        extra_time_t_h_d=extra(after.time_t_h_d, before.time_t_h_d),
        extra_cost_usd_d=extra(after.money_usd_d, before.money_usd_d),
        extra_emission_tco2e_d=extra(after.emission_kgco2e_d, before.emission_kgco2e_d) / KG_PER_T,
        held_t_d=float(impact.held_t_d.sum()),
        cut_t_d=float(impact.volume_t_d[cut].sum()),
        bearer_usd_d=share_by_country(baseline.warm.problem, net),
        gap_share=impact.settled.relative_gap_share,
        hold_gap_share=impact.hold_gap_share,
        is_converged=impact.is_converged,
    )


def share_by_country(problem: LoadProblem, loss_usd_d: FloatArray) -> FloatArray:
    """Losses of trips by country of ``graph.country_ids``, (n_country,): half at each end of a trip."""
    graph, trips = problem.graph, problem.trips
    zone = problem.network.zone.set_index("zone_id")["country_id"]
    place = np.array([graph.country_ids.index(str(zone[one])) for one in graph.zone_ids])
    ends = (place[trips.origin], place[trips.destination - graph.n_zone])
    total = np.zeros(len(graph.country_ids))
    for end in ends:
        total += np.bincount(end, weights=SHARE_OF_ENDS * loss_usd_d, minlength=len(total))
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


def list_pairs(
    elements: Sequence[Element], losses: Sequence[Loss], most: int
) -> list[tuple[Element, Element]]:
    """Pairs of the costliest elements of each other's kind or not, none of which holds the other.

    Parameters
    ----------
    elements, losses
        As ranked.
    most : int
        So many of the costliest are paired.
    """
    order = sorted(range(len(elements)), key=lambda at: (-losses[at].net_usd_d, at))[:most]
    chosen = [elements[at] for at in sorted(order)]
    return [
        (one, other)
        for one, other in combinations(chosen, 2)
        if (one.arcs & ~other.arcs).any() and (other.arcs & ~one.arcs).any()
    ]


def tell_losses(elements: Sequence[Element], losses: Sequence[Loss], duration_d: float) -> pd.DataFrame:
    """The ``criticality`` table, the costliest first."""
    order = sorted(range(len(elements)), key=lambda at: (-losses[at].net_usd_d, at))
    rows = [
        (
            rank, elements[at].kind, elements[at].element_id, elements[at].name,
            ";".join(elements[at].country_ids), duration_d, *_figures(losses[at]),
        )
        for rank, at in enumerate(order, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(read_spec("criticality").column_names))


def tell_bearers(problem: LoadProblem, elements: Sequence[Element], losses: Sequence[Loss]) -> pd.DataFrame:
    """The ``criticality_bearer`` table: net loss of each element by country, countries without any left out."""
    rows = [
        (element.kind, element.element_id, country_id, value)
        for element, loss in zip(elements, losses, strict=True)
        for country_id, value in zip(problem.graph.country_ids, loss.bearer_usd_d.tolist(), strict=True)
        if value != 0.0
    ]
    return pd.DataFrame(rows, columns=list(read_spec("criticality_bearer").column_names))


def tell_pairs(
    pairs: Sequence[tuple[Element, Element]],
    losses: Sequence[Loss],
    single_usd_d: dict[str, float],
    duration_d: float,
) -> pd.DataFrame:
    """The ``criticality_pair`` table: both at once beside each alone, the costliest first."""
    order = sorted(range(len(pairs)), key=lambda at: (-losses[at].net_usd_d, at))
    rows = []
    for rank, at in enumerate(order, 1):
        one, other = pairs[at]
        alone = sum(single_usd_d[f"{each.kind}:{each.element_id}"] for each in (one, other))
        rows.append(
            (
                rank, one.kind, one.element_id, other.kind, other.element_id, f"{one.name} and {other.name}",
                duration_d, losses[at].net_usd_d - alone, *_figures(losses[at]),
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(read_spec("criticality_pair").column_names))


def _figures(loss: Loss) -> tuple[float | bool, ...]:
    """Columns that a single loss and a pair have in common."""
    return (
        loss.volume_t_d, loss.net_usd_d, loss.loss_usd_d, loss.gain_usd_d, loss.extra_time_t_h_d,
        loss.extra_cost_usd_d, loss.extra_emission_tco2e_d, loss.held_t_d, loss.cut_t_d,
        loss.gap_share, loss.hold_gap_share, loss.is_converged,
    )  # fmt: skip
