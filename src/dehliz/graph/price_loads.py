"""Tables to ``LoadCosts``: delays and capacities of arcs in a year, and what a tonne of each segment pays on them.

Capacities stand in the table ``capacity`` by row and year, what was there before in ``background``, forms of delay in
``delay``. Rows that share a capacity (all berths of a port, both directions of a track) become one facility. The file
before is ``graph/compile.py``; the next ones are in ``assignment``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dehliz.base.errors import DataError, Issue
from dehliz.base.rows import each_row, find_row
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.cost import price_arcs
from dehliz.graph.direction import is_forward
from dehliz.graph.graph import TABLE_NAME, ArcTable, BoolArray, FloatArray, Graph, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.shipment import Shipment
from dehliz.kernels.delay import DelayForm
from dehliz.network.network import Network

_LINK_DELAY = {"rail": "rail", "road": "road", "sea": "sea", "water": "sea", "pipeline": "pipeline"}
"""Row of the table ``delay`` for links of each medium."""


SERVICE = "service_leg"
BULK_MODES = ("tanker", "sea_bulk")
"""Modes whose service legs have a row of ``delay`` of their own: cargo of low value, which does not mind to wait."""


@dataclass(frozen=True, slots=True)
class LoadTables:
    """Tables of one year that say how a network fills.

    Attributes
    ----------
    capacity, background : DataFrame
        Rows that hold in the year.
    delay : DataFrame
        Forms of delay by kind of row.
    market : DataFrame, optional
        Markets with the gateways that each may not pass (``none_of``).
    """

    capacity: pd.DataFrame
    background: pd.DataFrame
    delay: pd.DataFrame
    market: pd.DataFrame | None = None


def price_loads(
    graph: Graph,
    network: Network,
    segment_ids: Sequence[str],
    tables: LoadTables,
    bars: Sequence[BoolArray] | None = None,
) -> tuple[LoadCosts, FloatArray]:
    """What loading the network costs, and the money in it.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives tariffs, charges and segments.
    segment_ids : sequence of str
        Segment of each class of trips, in their order; classes may share a segment.
    tables : LoadTables
        Capacities, background and delays.
    bars : sequence of (n_arc,) bool, optional
        Arcs that each class may not use besides those of its segment.

    Returns
    -------
    costs : LoadCosts
        In tonnes a day.
    money_usd_t : (n_segment, n_arc) float64
        What a tonne pays on each arc; ``inf`` where it may not go.

    Raises
    ------
    DataError
        When a segment has no value of time, or a row's kind no form of delay.
    """
    value_of_time = _values_of_time(network, segment_ids)
    by_segment = {one: _money(graph, network, one) for one in dict.fromkeys(segment_ids)}
    money = np.stack([by_segment[one] for one in segment_ids])
    if bars is not None:
        money[np.stack(bars)] = np.inf
    facility, capacity, background = _facilities(graph, network, tables)
    form, alpha, beta = _forms(graph, network, tables.delay)
    closed = capacity <= 0.0
    money[:, closed[facility]] = np.inf
    capacity[closed] = np.inf
    costs = LoadCosts(
        form=form,
        free_time_h=graph.time_h,
        capacity_t_d=capacity,
        alpha_factor=alpha,
        beta_factor=beta,
        fixed_h=money / value_of_time[:, None],
        value_of_time_usd_t_h=value_of_time,
        background_t_d=background,
        is_capped=np.isfinite(capacity),
        facility=facility,
    )
    return costs, money


def _values_of_time(network: Network, segment_ids: Sequence[str]) -> FloatArray:
    values = [
        float(find_row(network.segment, "segment_id", one).value_of_time_usd_t_h) for one in segment_ids
    ]
    lost = tuple(
        dict.fromkeys(one for one, value in zip(segment_ids, values, strict=True) if not value > 0.0)
    )
    if lost:
        issue = Issue(
            "segment.value_of_time_usd_t_h.present", "segment.csv, column value_of_time_usd_t_h", lost,
            "no value of time", "A segment that chooses its way needs one above 0", "Fill the column",
        )  # fmt: skip
        raise DataError("The segments cannot be loaded", [issue])
    return np.array(values)


def _money(graph: Graph, network: Network, segment_id: str) -> FloatArray:
    """Money for one tonne of a segment on every arc."""
    segment = find_row(network.segment, "segment_id", segment_id)
    teu = 1.0 / float(segment.t_per_teu_factor) if segment.load_unit == "teu" else 0.0
    return price_arcs(graph, network, Shipment(segment_id, segment.load_unit, teu, 1.0, "1 t")).cost_usd


def _forms(graph: Graph, network: Network, delay: pd.DataFrame) -> tuple[np.ndarray, FloatArray, FloatArray]:
    rows = {row.delay_id: row for row in each_row(delay)}
    _check_forms(delay)
    ids = _delay_ids(graph, network)
    missing = sorted(set(ids) - set(rows) - {""})
    if missing:
        issue = Issue(
            "delay.delay_id.present", "delay.csv", tuple(missing), "no form of delay for rows of this kind",
            "Each kind of row needs one, constant where it never fills", "Add a row to delay.csv",
        )  # fmt: skip
        raise DataError("The network cannot be loaded", [issue])
    form = [DelayForm[rows[one].form.upper()] if one else DelayForm.CONSTANT for one in ids]
    alpha = [float(rows[one].alpha_factor) if one else 0.0 for one in ids]
    beta = [float(rows[one].beta_factor) if one else 1.0 for one in ids]
    return np.array(form, dtype=np.int8), np.array(alpha), np.array(beta)


def _check_forms(delay: pd.DataFrame) -> None:
    """Refuse parameters with which a form is not defined."""
    beta = delay["beta_factor"].astype(np.float64)
    wrong = ((delay["form"] == "queue") & ~(beta < 1.0)) | ((delay["form"] == "conical") & ~(beta > 1.0))
    if wrong.any():
        issue = Issue(
            "delay.beta_factor.form", "delay.csv, column beta_factor", tuple(delay["delay_id"][wrong]),
            "the value does not suit the form",
            "A queue needs a share of the capacity below 1, a conical function a steepness above 1",
            "Correct the value",
        )  # fmt: skip
        raise DataError("The network cannot be loaded", [issue])


def _delay_ids(graph: Graph, network: Network) -> list[str]:
    """Row of the table ``delay`` that holds for each arc; empty where an arc only passes through a node."""
    medium = dict(zip(network.mode["mode_id"], network.mode["medium"], strict=True))
    own = {mode_id: f"{SERVICE}_{mode_id}" for mode_id in BULK_MODES}
    of_row = {
        ArcTable.LINK: [_LINK_DELAY[medium[mode_id]] for mode_id in network.link["mode_id"]],
        ArcTable.SERVICE_LEG: [own.get(mode_id, SERVICE) for mode_id in network.service_leg["mode_id"]],
        ArcTable.TERMINAL: network.terminal["kind"].tolist(),
        ArcTable.CONNECTOR: ["connector"] * len(network.connector),
    }
    return [
        of_row[ArcTable(table)][row] if table != ArcTable.NONE else ""
        for table, row in zip(graph.table.tolist(), graph.row.tolist(), strict=True)
    ]


def _facilities(
    graph: Graph, network: Network, tables: LoadTables
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Pool of each arc; capacity and background of each facility at the arc that stands for it [t/d]."""
    arcs_of = _arcs_by_row(graph)
    forward = is_forward(graph, network)
    facility = np.arange(graph.n_arc, dtype=np.int32)
    capacity = np.full(graph.n_arc, np.inf)
    members: dict[tuple[str, bool], list[int]] = {}
    limit: dict[tuple[str, bool], float] = {}
    for row in each_row(tables.capacity):
        arcs = arcs_of.get((row.table_name, row.row_id), np.empty(0, dtype=np.int64))
        name = getattr(row, "facility_id", "") or f"{row.table_name}:{row.row_id}"
        for direction in (True, False) if row.direction == "each" else (True,):
            chosen = arcs[forward[arcs] == direction] if row.direction == "each" else arcs
            members.setdefault((name, direction), []).extend(chosen.tolist())
            limit[name, direction] = float(row.capacity_t_a) / DAYS_PER_YEAR
    for key, mates in members.items():
        if mates:
            own = min(mates, key=lambda arc: (graph.time_h[arc], arc))
            facility[mates] = own
            capacity[own] = limit[key]
    return facility, capacity, _background(graph, tables.background, arcs_of, facility)


def _arcs_by_row(graph: Graph) -> dict[tuple[str, str], np.ndarray]:
    key = graph.table.astype(np.int64) * (graph.row.max() + 1) + graph.row
    order = np.argsort(key, kind="stable")
    order = order[graph.table[order] != ArcTable.NONE]
    runs = np.split(order, np.flatnonzero(np.diff(key[order])) + 1)
    return {
        (TABLE_NAME[ArcTable(int(graph.table[run[0]]))], graph.row_id(int(run[0]))): run
        for run in runs
        if len(run)
    }


def _background(
    graph: Graph,
    table: pd.DataFrame,
    arcs_of: dict[tuple[str, str], np.ndarray],
    facility: IntArray,
) -> FloatArray:
    """What is there before any trip, at the arc that stands for each facility [t/d].

    A row without a capacity carries its background unseen: nothing there fills.
    """
    background = np.zeros(graph.n_arc)
    for row in each_row(table):
        arcs = arcs_of.get((row.table_name, row.row_id), np.empty(0, dtype=np.int64))
        facilities = np.unique(facility[arcs])
        share = 1.0 if row.direction == "each" else 1.0 / max(len(facilities), 1)
        background[facilities] += share * float(row.volume_t_a) / DAYS_PER_YEAR
    return background
