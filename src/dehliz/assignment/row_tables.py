"""What each link, service, terminal and connector carries, and where it is full: ``link_flow``, ``bottleneck``.

Arcs are summed back into the rows that they come from, both directions together. Rows that share a capacity (a
facility) share one saturation. The file before is ``assignment/result.py``.
"""

import numpy as np
import pandas as pd

from dehliz.assignment.flow_tables import Loaded, frame
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.direction import is_forward
from dehliz.graph.graph import TABLE_NAME, ArcTable, FloatArray
from dehliz.kernels.delay import delay_times

SHOWN_ARC_TABLES = (ArcTable.LINK, ArcTable.SERVICE_LEG, ArcTable.TERMINAL, ArcTable.CONNECTOR)


def tell_rows(loaded: Loaded) -> pd.DataFrame:
    """The ``link_flow`` table: every row that carries something, or has a capacity."""
    parts = [_tell_table(loaded, table) for table in SHOWN_ARC_TABLES]
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else parts[0]


def _tell_table(loaded: Loaded, table: ArcTable) -> pd.DataFrame:
    graph, assignment, costs = loaded.graph, loaded.assignment, loaded.assignment.costs
    source = loaded.network.table(TABLE_NAME[table])
    arcs = np.flatnonzero(graph.table == table)
    row = graph.row[arcs]
    volume = assignment.volume_t_d.sum(axis=0)[arcs]
    forward_arc = is_forward(graph, loaded.network)[arcs]
    n_row = len(source)

    def by_row(values: FloatArray) -> FloatArray:
        return np.bincount(row, weights=values, minlength=n_row).astype(np.float64) * DAYS_PER_YEAR

    first = np.full(n_row, -1, dtype=np.int64)
    first[row[::-1]] = arcs[::-1]
    shown = np.flatnonzero(
        (first >= 0) & ((by_row(volume) > 0.0) | np.isfinite(costs.capacity_t_d[costs.facilities[first]]))
    )
    one = first[shown]
    facility = costs.facilities[one]
    capacity = costs.capacity_t_d[facility] * DAYS_PER_YEAR
    shared = costs.shared_t_d(assignment.volume_t_d.sum(axis=0)) * DAYS_PER_YEAR
    forward = by_row(np.where(forward_arc, volume, 0.0))[shown]
    price = (
        np.full(len(shown), np.nan) if assignment.price_usd_t is None else assignment.price_usd_t[facility]
    )
    names = source["name"] if "name" in source else source[f"{TABLE_NAME[table]}_id"]
    ends = ("node_id", "node_id") if "from_node_id" not in source else ("from_node_id", "to_node_id")
    country = np.array(graph.country_ids, dtype=object)[graph.country[one]]
    return frame(
        "link_flow",
        {
            "table_name": TABLE_NAME[table],
            "row_id": source[f"{TABLE_NAME[table]}_id"].to_numpy()[shown],
            "name": names.to_numpy()[shown],
            "mode_id": np.array(graph.mode_ids, dtype=object)[graph.mode[one]],
            "country_id": country,
            "from_node_id": source[ends[0]].to_numpy()[shown],
            "to_node_id": source[ends[1]].to_numpy()[shown],
            "volume_t_a": by_row(volume)[shown],
            "forward_t_a": forward,
            "backward_t_a": by_row(volume)[shown] - forward,
            "background_t_a": costs.background_t_d[facility] * DAYS_PER_YEAR,
            "capacity_t_a": np.where(np.isfinite(capacity), capacity, np.nan),
            "saturation_share": np.where(np.isfinite(capacity), shared[facility] / capacity, np.nan),
            "free_time_h": costs.free_time_h[one],
            "time_h": assignment.time_h[one],
            "price_usd_t": price,
        },
    )


def tell_bottlenecks(loaded: Loaded, least_saturation_share: float = 0.7) -> pd.DataFrame:
    """The ``bottleneck`` table: facilities near or above their capacity, the costliest first.

    Notes
    -----
    Without hard capacities the price is what one tonne less would save all others: volume, weighted with values of
    time, times the slope of the time, ``sum_k w_k x_k t'(x)``.
    """
    assignment, costs, graph = loaded.assignment, loaded.assignment.costs, loaded.graph
    volume = costs.shared_t_d(assignment.volume_t_d.sum(axis=0))
    time_h, slope = np.empty_like(volume), np.empty_like(volume)
    delay_times.pick(len(volume))(costs.delay, volume, time_h, slope)
    worth = costs.value_of_time_usd_t_h @ assignment.volume_t_d  # USD/h that waits on each arc
    worth = np.bincount(costs.facilities, weights=worth, minlength=graph.n_arc).astype(np.float64)
    marginal = worth * slope
    price = marginal if assignment.price_usd_t is None else assignment.price_usd_t
    delay_h = time_h - costs.free_time_h
    is_facility = (costs.facilities == np.arange(graph.n_arc)) & np.isfinite(costs.capacity_t_d)
    with np.errstate(divide="ignore", invalid="ignore"):
        saturation = np.where(is_facility, volume / costs.capacity_t_d, 0.0)
    chosen = np.flatnonzero(is_facility & (saturation >= least_saturation_share) & (volume > 0.0))
    loss = worth * delay_h * DAYS_PER_YEAR
    key = loss if assignment.price_usd_t is None else price
    chosen = chosen[np.lexsort((chosen, -saturation[chosen], -key[chosen]))]
    names = [_name_row(loaded, int(arc)) for arc in chosen]
    return frame(
        "bottleneck",
        {
            "rank_count": np.arange(1, len(chosen) + 1),
            "table_name": [TABLE_NAME[ArcTable(int(graph.table[arc]))] for arc in chosen],
            "row_id": [graph.row_id(int(arc)) for arc in chosen],
            "name": names,
            "country_id": np.array(graph.country_ids, dtype=object)[graph.country[chosen]],
            "volume_t_a": volume[chosen] * DAYS_PER_YEAR,
            "capacity_t_a": costs.capacity_t_d[chosen] * DAYS_PER_YEAR,
            "saturation_share": saturation[chosen],
            "delay_h": delay_h[chosen],
            "loss_usd_a": loss[chosen],
            "price_usd_t": price[chosen],
        },
    )


def _name_row(loaded: Loaded, arc: int) -> str:
    """Name of what an arc comes from; a link by its ends in the direction of the arc, as each way fills by itself."""
    graph = loaded.graph
    table = ArcTable(int(graph.table[arc]))
    line = loaded.network.table(TABLE_NAME[table]).iloc[int(graph.row[arc])]
    name = str(line.get("name", "") or "")
    if name and table != ArcTable.LINK:
        return name
    tail, head = (graph.node_ids[graph.vertex_node[end[arc]]] for end in (graph.tail, graph.head))
    ends = tail if tail == head else f"{tail} - {head}"
    return f"{name}, {ends}" if name else ends
