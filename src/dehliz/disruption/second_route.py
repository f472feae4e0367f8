"""What a second route is worth before it is needed: the same drawn years lived with and without it.

Two futures of each run come in, the tables ``future_second`` and ``second_route`` go out. The streams of chance belong
to the hazards, so that both networks meet the same events and the difference is the route's.
"""

import numpy as np
import pandas as pd

from dehliz.base.schema import read_spec
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.disruption.future import Future
from dehliz.disruption.response import COUNTRY, SYSTEM, Responder
from dehliz.disruption.risk import find_mean


def tell_second(first: Responder, future: Future, second: Responder, other: Future) -> pd.DataFrame:
    """The ``future_second`` table of a run: what the year loses in the first and in the second network.

    Parameters
    ----------
    first, second : Responder
        Of both networks.
    future, other : Future
        The year in each.
    """
    calm = value_calm_year(first, second)
    lost = dict(zip(second.scopes.ids, other.by_scope[:, 0].tolist(), strict=True))
    rows = [
        (kind, scope_id, future.by_scope[at, 0], lost.get(scope_id, 0.0), calm.get((kind, scope_id), 0.0))
        for at, (kind, scope_id) in enumerate(zip(first.scopes.kinds, first.scopes.ids, strict=True))
        if kind in (SYSTEM, COUNTRY)
    ]
    return pd.DataFrame(rows, columns=list(read_spec("future_second").column_names))


def value_calm_year(first: Responder, second: Responder) -> dict[tuple[str, str], float]:
    """What the second network saves in a year without any event, by scope [USD]; trips with a way in both."""
    before, after = first.baseline.settled.cost_h, second.baseline.settled.cost_h
    both = np.isfinite(before) & np.isfinite(after)
    saved_h = np.zeros(len(before))
    saved_h[both] = before[both] - after[both]
    volume = first.baseline.warm.problem.trips.volume_t_d
    saved = first.scopes.share @ (saved_h * volume * first.baseline.value_of_time_usd_t_h * DAYS_PER_YEAR)
    return dict(zip(zip(first.scopes.kinds, first.scopes.ids, strict=True), saved.tolist(), strict=True))


def value_second_route(table: pd.DataFrame) -> pd.DataFrame:
    """The ``second_route`` table: what the second network saves of the yearly loss, by the same draws.

    Parameters
    ----------
    table : DataFrame
        ``future_second`` of all runs.

    Returns
    -------
    DataFrame
        The system first, then countries by what they save.
    """
    rows = []
    for (kind, scope_id), own in table.groupby(["scope_kind", "scope_id"], sort=True):
        first, second = own["loss_usd"].to_numpy(dtype=float), own["second_usd"].to_numpy(dtype=float)
        saved = find_mean(first - second)
        rows.append(
            (
                kind,
                scope_id,
                len(own),
                first.mean(),
                second.mean(),
                saved.value,
                saved.low,
                saved.high,
                own["calm_usd"].mean(),
            )
        )
    made = pd.DataFrame(rows, columns=list(read_spec("second_route").column_names))
    order = made.assign(first=made["scope_kind"] != SYSTEM, worth=-made["saved_usd"])
    return (
        order.sort_values(["first", "worth", "scope_id"], kind="stable")
        .drop(columns=["first", "worth"])
        .reset_index(drop=True)
    )
