"""Losses in order, as tables: ``criticality``, ``criticality_bearer``, ``criticality_pair``; pairs of the worst.

``criticality.py`` makes the losses; ``study/critical.py`` makes them over many processes.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Final, Literal

import pandas as pd

from dehliz.base.schema import read_spec
from dehliz.disruption.criticality import Loss
from dehliz.disruption.elements import Element

By = Literal["others", "net", "transit"]
"""What to rank by: the loss of all other countries, of all, or of trips that only pass."""
MEASURES: Final[tuple[By, ...]] = ("others", "net", "transit")


def measure(loss: Loss, by: By) -> float:
    """The figure of a loss that a ranking goes by [USD/d]."""
    return {"others": loss.others_usd_d, "net": loss.net_usd_d, "transit": loss.transit_usd_d}[by]


def order_losses(losses: Sequence[Loss], by: By) -> list[int]:
    """Places of losses in their list, the costliest first; equal ones as they stand."""
    return sorted(range(len(losses)), key=lambda at: (-measure(losses[at], by), at))


def list_pairs(
    elements: Sequence[Element], losses: Sequence[Loss], most: int, by: By = "others"
) -> list[tuple[Element, Element]]:
    """Pairs of the costliest elements, none of which holds the other.

    Parameters
    ----------
    elements, losses
        As ranked.
    most : int
        So many of the costliest are paired. One that lies within a costlier one, such as a canal's section in the
        canal, is passed over.
    by : {"others", "net", "transit"}
        What to rank by.
    """
    chosen: list[Element] = []
    for at in order_losses(losses, by):
        one = elements[at]
        if len(chosen) < most and not any(_holds(other, one) or _holds(one, other) for other in chosen):
            chosen.append(one)
    return list(combinations(chosen, 2))


def _holds(one: Element, other: Element) -> bool:
    return not (other.arcs & ~one.arcs).any()


def tell_losses(
    elements: Sequence[Element], losses: Sequence[Loss], duration_d: float, by: By = "others"
) -> pd.DataFrame:
    """The ``criticality`` table, the costliest first."""
    rows = [
        (
            rank, elements[at].kind, elements[at].element_id, elements[at].name,
            ";".join(elements[at].country_ids), duration_d, *_figures(losses[at]),
        )
        for rank, at in enumerate(order_losses(losses, by), 1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(read_spec("criticality").column_names))


def tell_bearers(
    country_ids: Sequence[str], elements: Sequence[Element], losses: Sequence[Loss]
) -> pd.DataFrame:
    """The ``criticality_bearer`` table: net loss of each element by country, countries without any left out.

    Parameters
    ----------
    country_ids : sequence of str
        Those of the graph.
    elements, losses
        As ranked.
    """
    rows = [
        (element.kind, element.element_id, country_id, value)
        for element, loss in zip(elements, losses, strict=True)
        for country_id, value in zip(country_ids, loss.bearer_usd_d.tolist(), strict=True)
        if value != 0.0
    ]
    return pd.DataFrame(rows, columns=list(read_spec("criticality_bearer").column_names))


def tell_pairs(
    pairs: Sequence[tuple[Element, Element]],
    losses: Sequence[Loss],
    single_usd_d: dict[str, float],
    duration_d: float,
    by: By = "others",
) -> pd.DataFrame:
    """The ``criticality_pair`` table: both at once beside each alone, the costliest first.

    Parameters
    ----------
    pairs, losses
        As ranked.
    single_usd_d : dict of str to float
        Net loss of each element alone, by ``Element.token``.
    duration_d : float
        How long both stay shut.
    by : {"others", "net", "transit"}
        What to rank by.
    """
    rows = []
    for rank, at in enumerate(order_losses(losses, by), 1):
        one, other = pairs[at]
        alone = single_usd_d[one.token] + single_usd_d[other.token]
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
        loss.volume_t_d, loss.net_usd_d, loss.loss_usd_d, loss.gain_usd_d, loss.others_usd_d, loss.transit_usd_d,
        loss.extra_time_t_h_d, loss.extra_cost_usd_d, loss.extra_emission_tco2e_d, loss.held_t_d, loss.cut_t_d,
        loss.cut_share, loss.gap_share, loss.hold_gap_share, loss.is_converged,
    )  # fmt: skip
