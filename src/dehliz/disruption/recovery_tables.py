"""A recovery day by day: what came, went and waits, what it costs, how far performance is down, who bears it.

The file before is ``disruption/recovery.py``; the next ones are ``disruption/disrupt.py`` and ``report``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dehliz.assignment.problem import LoadProblem
from dehliz.base.schema import read_spec
from dehliz.base.units import HOURS_PER_DAY, KG_PER_T
from dehliz.disruption.criticality import find_ends, share_by_country
from dehliz.disruption.impact import Totals
from dehliz.disruption.recovery import Piece, Recovery
from dehliz.graph.graph import FloatArray

RECOVERED_SHARE: Final = 0.9
"""Performance, as a share of the undisturbed one, at which people speak of recovery."""
LONGEST_DAILY_D: Final = 120.0
"""Recoveries up to this long are told by the day, longer ones by the week."""
DAYS_PER_WEEK: Final = 7.0


@dataclass(frozen=True, slots=True)
class _Usual:
    """Undisturbed sums for a tonne of each trip, (n_trip,)."""

    time_h: FloatArray
    money_usd_t: FloatArray
    emission_kgco2e_t: FloatArray


def tell_days(recovery: Recovery, before: Totals, volume_t_d: FloatArray) -> pd.DataFrame:
    """The ``recovery_day`` table: one row for each day, or each week of a long event, from the event on.

    Parameters
    ----------
    recovery : Recovery
        How it ran.
    before : Totals
        Undisturbed sums.
    volume_t_d : (n_trip,) float64
        Undisturbed volumes, which those sums are of.
    """
    usual = _Usual(
        *(
            np.divide(part, volume_t_d, out=np.zeros_like(part), where=volume_t_d > 0.0)
            for part in (before.time_t_h_d, before.money_usd_d, before.emission_kgco2e_d)
        )
    )
    step = 1.0 if recovery.end_d <= LONGEST_DAILY_D else DAYS_PER_WEEK
    rows = []
    for count in range(int(np.ceil(recovery.end_d / step - 1e-9))):
        start, end = count * step, min((count + 1) * step, recovery.end_d)
        rows.append((start, end, *_tell_span(recovery, usual, start, end)))
    return pd.DataFrame(rows, columns=list(read_spec("recovery_day").column_names))


def _tell_span(recovery: Recovery, usual: _Usual, start_d: float, end_d: float) -> tuple[float, ...]:
    """Means over a span, a day; what waits is that at its end."""
    sums = np.zeros(8)
    concerned, waiting = 0.0, 0.0
    for piece in recovery.pieces:
        low, high = max(piece.start_d, start_d), min(piece.end_d, end_d)
        if high > low:
            own, loss = _rate(recovery, piece, usual, 0.5 * (low + high))
            sums += (high - low) * own
            concerned += (high - low) * loss
            waiting = float(piece.stock_at(high).sum())
    length = end_d - start_d
    mean = sums / length
    base = _undisturbed_usd_d(recovery)
    performance = base / (base + max(concerned / length, 0.0)) if base > 0.0 else 1.0
    back, came, gone, *rest = mean.tolist()
    return (back, came, gone, waiting, *rest, performance)


def _rate(recovery: Recovery, piece: Piece, usual: _Usual, day: float) -> tuple[FloatArray, float]:
    """Sums a day at a moment of a piece, and the loss of the trips that are concerned."""
    answer, worth = piece.answer, recovery.response.value_of_time_usd_t_h
    loss = piece.loss_t_h_d(day) * worth
    stock = piece.stock_at(day)
    waiting = HOURS_PER_DAY * stock * worth
    own = np.array(
        [
            piece.back_share, piece.came_t_d.sum(), piece.gone_t_d.sum(),
            loss.sum(), waiting.sum(),
            (answer.time_t_h_d - piece.gone_t_d * usual.time_h).sum() + HOURS_PER_DAY * stock.sum(),
            (answer.money_usd_d - piece.gone_t_d * usual.money_usd_t).sum(),
            (answer.emission_kgco2e_d - piece.gone_t_d * usual.emission_kgco2e_t).sum() / KG_PER_T,
        ]
    )  # fmt: skip
    return own, float(loss[recovery.response.is_concerned].sum())


def _undisturbed_usd_d(recovery: Recovery) -> float:
    """What the trips that are concerned cost a day when nothing is struck."""
    response = recovery.response
    cost = response.come_t_d(1.0) * response.cost_h * response.value_of_time_usd_t_h
    return float(cost[response.is_concerned].sum())


def find_recovered_d(recovery: Recovery, share: float = RECOVERED_SHARE) -> float:
    """Days from the event until performance is at a share of the undisturbed one for good; ``inf`` if never.

    Notes
    -----
    Within a piece the loss changes evenly, so the moment is where the line crosses ``base x (1 / share - 1)``.
    """
    limit = _undisturbed_usd_d(recovery) * (1.0 / share - 1.0)
    chosen = recovery.response.is_concerned
    worth = recovery.response.value_of_time_usd_t_h[chosen]
    for place, piece in enumerate(reversed(recovery.pieces)):
        first, last = (float(piece.loss_t_h_d(day)[chosen] @ worth) for day in (piece.start_d, piece.end_d))
        if last > limit:
            is_open = place == 0 and not recovery.is_cleared
            return float("inf") if is_open else piece.end_d
        if first > limit:
            return piece.start_d + piece.length_d * (first - limit) / (first - last)
    return 0.0


def tell_recovery(recovery: Recovery, days: pd.DataFrame) -> pd.DataFrame:
    """The ``recovery_total`` table: the event in a few numbers.

    Parameters
    ----------
    recovery : Recovery
        How it ran.
    days : DataFrame
        Its ``recovery_day``.
    """
    length = (days["end_d"] - days["start_d"]).to_numpy(dtype=np.float64)

    def add(column: str) -> float:
        return float((days[column].to_numpy(dtype=np.float64) * length).sum())

    triangle = float(((1.0 - days["performance_share"].to_numpy(dtype=np.float64)) * length).sum())
    rows = [
        ("duration", "d", recovery.settings.duration_d),
        ("lag", "d", recovery.settings.lag_d),
        ("time to 90% for good", "d", find_recovered_d(recovery)),
        ("time until nothing waits", "d", recovery.cleared_d),
        ("loss", "USD", add("loss_usd_d")),
        ("loss by waiting", "USD", add("waiting_loss_usd_d")),
        ("extra time, waiting included", "t-h", add("extra_time_t_h_d")),
        ("extra money for the way", "USD", add("extra_cost_usd_d")),
        ("extra emissions", "tCO2e", add("extra_emission_tco2e_d")),
        ("loss triangle", "d", triangle),
        ("least performance", "share", float(days["performance_share"].min()) if len(days) else 1.0),
        ("most cargo waiting", "t", max([0.0, *(float(p.next_stock_t.sum()) for p in recovery.pieces)])),
        ("cargo waiting at the end", "t", float(recovery.pieces[-1].next_stock_t.sum()) if len(days) else 0.0),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(read_spec("recovery_total").column_names))


def tell_bearers(recovery: Recovery, problem: LoadProblem) -> pd.DataFrame:
    """The ``recovery_country`` table: loss of the whole event by country, the greatest first."""
    total = share_by_country(find_ends(problem), recovery.loss_usd, len(problem.graph.country_ids))
    names = dict(zip(problem.network.country["country_id"], problem.network.country["name"], strict=True))
    order = sorted(range(len(total)), key=lambda at: (-total[at], at))
    ids = problem.graph.country_ids
    rows = [(ids[at], names[ids[at]], float(total[at])) for at in order if total[at] != 0.0]
    return pd.DataFrame(rows, columns=list(read_spec("recovery_country").column_names))
