"""Modelled volumes beside published ones, and beside two naive forecasts.

Rows of ``observed_volume`` name the links, terminals and services whose flows answer to a published count. The naive
forecasts know only the counts: the year before, and the trend of the years up to the last fitted one. The file
before is ``assignment/flow_tables.py``.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.assignment.flow_tables import Loaded, frame
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.graph import ArcTable, BoolArray, FloatArray

_TABLES = {"link": ArcTable.LINK, "terminal": ArcTable.TERMINAL, "service_leg": ArcTable.SERVICE_LEG}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FEWEST_TREND_YEARS = 2
LAST_FITTED_YEAR: Final = 2022
"""Last year that the bundled parameters of choice were fitted to; what comes later is predicted."""


def find_period_share(period: str) -> float:
    """Share of a year that a period such as ``Jan-Oct`` is; 1 for none, NaN for one not understood.

    Examples
    --------
    >>> find_period_share("Jan-Jun")
    0.5
    """
    if not period:
        return 1.0
    first, _, last = period.partition("-")
    if first not in _MONTHS or (last and last not in _MONTHS):
        return float("nan")
    months = _MONTHS.index(last or first) - _MONTHS.index(first) + 1
    return months / len(_MONTHS) if months > 0 else float("nan")


def model_volume_t(loaded: Loaded, row: Any) -> float:
    """Modelled volume that answers to a row of ``observed_volume``, of a whole year [t].

    Parameters
    ----------
    loaded : Loaded
        A loaded year.
    row : named tuple
        Row of ``observed_volume``.

    Returns
    -------
    float
        Sum over the rows and segments named, in the direction counted; NaN when no row is named, and for one direction
        of a terminal, which has none.
    """
    is_turned = row.direction != "both"
    if not row.table_name or not row.row_ids or (is_turned and row.table_name == "terminal"):
        return float("nan")
    arcs = _arcs_of(loaded, row.table_name, row.row_ids.split(";"))
    if is_turned:
        arcs &= _heads_west(loaded) == (row.direction == "west")
    wanted = set(row.segment_ids.split(";")) if row.segment_ids else set(loaded.segment_ids)
    chosen = np.array([segment_id in wanted for segment_id in loaded.segment_ids])
    return float(loaded.volume_t_d[chosen][:, arcs].sum()) * DAYS_PER_YEAR


def _arcs_of(loaded: Loaded, table_name: str, row_ids: Iterable[str]) -> BoolArray:
    """Arcs of the rows; an arc that stands twice for one border post counts once a passage, which is what flows."""
    graph, table = loaded.graph, _TABLES[table_name]
    wanted = set(row_ids)
    rows = np.array([row_id in wanted for row_id in graph.row_ids[table]])
    out = np.zeros(graph.n_arc, dtype=bool)
    mine = graph.table == table
    out[mine] = rows[graph.row[mine]]
    return out


def _heads_west(loaded: Loaded) -> BoolArray:
    """(n_arc,) whether an arc ends west of where it starts."""
    node = loaded.network.node.set_index("node_id")["lon_deg"].reindex(list(loaded.graph.node_ids))
    lon_deg: FloatArray = node.to_numpy(dtype=np.float64)[loaded.graph.vertex_node]
    return np.asarray(lon_deg[loaded.graph.head] < lon_deg[loaded.graph.tail])


def check_volumes(
    loaded: Mapping[int, Loaded], observed: pd.DataFrame, last_fitted_year: int
) -> pd.DataFrame:
    """The ``volume_check`` table.

    Parameters
    ----------
    loaded : mapping of int to Loaded
        Loaded years.
    observed : DataFrame
        The ``observed_volume`` table.
    last_fitted_year : int
        Last year that parameters were fitted to.

    Returns
    -------
    DataFrame
        One row for each published volume of a loaded year that rows of the network answer to.
    """
    rows = []
    for row in each_row(observed.sort_values(["scope", "scope_id", "segment_ids", "year", "observed_id"])):
        share = find_period_share(row.period)
        if int(row.year) not in loaded or np.isnan(share) or pd.isna(row.volume_t):
            continue
        model_t = model_volume_t(loaded[int(row.year)], row) * share
        if np.isnan(model_t):
            continue
        series = _series_of(observed, row)
        rows.append(_tell(row, share, model_t, series, last_fitted_year))
    names = read_spec("volume_check").column_names
    return frame("volume_check", {name: [row[name] for row in rows] for name in names})


def find_rates(rows: pd.DataFrame) -> dict[int, tuple[float, str]]:
    """Volume by year at the rate of a whole year [t/a], and the fact behind it.

    Parameters
    ----------
    rows : DataFrame
        Rows of ``observed_volume`` of one count. Of several periods of a year the longest is taken, the first among
        equals; periods that are not understood and volumes that are missing are left out.
    """
    best: dict[int, tuple[float, float, str]] = {}
    for row in each_row(rows):
        share = find_period_share(row.period)
        is_longer = share > best.get(int(row.year), (0.0,))[0]  # never so for NaN
        if is_longer and not pd.isna(row.volume_t):
            best[int(row.year)] = (share, float(row.volume_t) / share, row.fact_id)
    return {year: (rate, fact_id) for year, (_, rate, fact_id) in best.items()}


def _series_of(observed: pd.DataFrame, row: Any) -> dict[int, float]:
    """Yearly rates of the same count, by year."""
    same = observed[
        (observed["scope_id"] == row.scope_id)
        & (observed["segment_ids"] == row.segment_ids)
        & (observed["unit"] == row.unit)
        & (observed["direction"] == row.direction)
    ]
    return {year: rate for year, (rate, _) in find_rates(same).items()}


def naive_trend(series: Mapping[int, float], year: int, last_year: int) -> float:
    """Straight line through the logarithms of the years up to ``last_year`` and before ``year``, at ``year``.

    NaN with fewer than two of them; years of nothing have no logarithm and are left out.
    """
    known = sorted(
        (one, value) for one, value in series.items() if one <= min(last_year, year - 1) and value > 0
    )
    if len(known) < _FEWEST_TREND_YEARS:
        return float("nan")
    slope, start = np.polyfit([one for one, _ in known], np.log([value for _, value in known]), 1)
    return float(np.exp(start + slope * year))


def _tell(
    row: Any, share: float, model_t: float, series: Mapping[int, float], last_fitted_year: int
) -> dict[str, Any]:
    observed_t, year = float(row.volume_t), int(row.year)
    naive = {
        "last_year": series.get(year - 1, float("nan")) * share,
        "trend": naive_trend(series, year, last_fitted_year) * share,
    }
    misses = {"model": abs(model_t - observed_t)} | {
        name: abs(value - observed_t) for name, value in naive.items() if not np.isnan(value)
    }
    return {
        "observed_id": row.observed_id, "scope": row.scope, "scope_id": row.scope_id,
        "segment_ids": row.segment_ids, "year": year, "period": row.period, "observed_t": observed_t,
        "model_t": model_t, "error_share": (model_t - observed_t) / observed_t if observed_t else float("nan"),
        "last_year_t": naive["last_year"], "trend_t": naive["trend"], "best": min(misses, key=lambda key: misses[key]),
        "is_fitted": year <= last_fitted_year, "fact_id": row.fact_id, "note": row.note,
    }  # fmt: skip
