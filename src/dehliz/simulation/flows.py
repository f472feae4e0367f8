"""Routes to flows of consignments: which are simulated, how large a consignment is, how often one sets out.

Used by ``simulation/plan_make.py``. A flow is a route; it carries its yearly volume in lots: tonnes a year are
consignments a day, times tonnes a consignment, times 365.
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from dehliz.base.rows import each_row
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.graph import ArcTable, BoolArray, FloatArray, Graph
from dehliz.network.network import Network
from dehliz.simulation.routes_in import BLOCK_T, BOX_TEU, PlanSettings, RouteSet

PROBE_RATE_D = 1.0
"""Consignments a day that a probe sends."""


@dataclass(frozen=True, slots=True)
class Lots:
    """How large a consignment of each segment is.

    Attributes
    ----------
    lot_t, lot_teu : (n_segment,) float64
        Cargo; TEU, NaN for segments that do not travel by TEU.
    value_usd_t, value_of_time_usd_t_h : (n_segment,) float64
        Of the cargo; NaN where not known.
    scale_count : int
        Factor by which lots were made larger than one box, truck or wagon.
    """

    lot_t: FloatArray
    lot_teu: FloatArray
    value_usd_t: FloatArray
    value_of_time_usd_t_h: FloatArray
    scale_count: int


def choose_routes(graph: Graph, network: Network, routes: RouteSet, settings: PlanSettings) -> BoolArray:
    """Routes that become consignments, (n_route,) bool: all, or those by a service that fills or keeps a timetable.

    A service at even intervals takes no notice of how much cargo there is; its cargo alone needs no simulation. Probes
    are always simulated.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives services.
    routes : RouteSet
        All that is loaded.
    settings : PlanSettings
        Says which.
    """
    carries = routes.is_probe | (routes.volume_t_a > 0.0)
    if not settings.lines_only:
        return np.asarray(carries)
    departs = network.service_leg["departs"].isin(("fills", "timetable")).to_numpy()
    is_line = np.zeros(graph.n_arc, dtype=bool)
    arcs = graph.table == ArcTable.SERVICE_LEG
    is_line[arcs] = departs[graph.row[arcs]]
    return np.asarray(routes.is_probe | (carries & routes.touches(is_line)))


def cut_lots(network: Network, routes: RouteSet, is_simulated: BoolArray, settings: PlanSettings) -> Lots:
    """How large a consignment of each segment of the routes is.

    Parameters
    ----------
    network : Network
        Gives segments.
    routes : RouteSet
        Gives segments and volumes.
    is_simulated : (n_route,) bool
        Routes that become consignments.
    settings : PlanSettings
        Gives the most consignments a year.
    """
    by_id = {row.segment_id: row for row in each_row(network.segment)}
    rows = [by_id[segment_id] for segment_id in routes.segment_ids]
    is_box = np.array([row.load_unit == "teu" for row in rows], dtype=bool)
    t_per_teu = np.array([float(row.t_per_teu_factor) for row in rows])
    lot_t = np.where(is_box, BOX_TEU * t_per_teu, BLOCK_T)
    chosen = is_simulated & ~routes.is_probe
    count = float((routes.volume_t_a / lot_t[routes.segment])[chosen].sum()) if chosen.any() else 0.0
    scale = max(1, int(np.ceil(count / settings.most_consignment_count)))
    return Lots(
        lot_t=lot_t * scale,
        lot_teu=np.where(is_box, BOX_TEU * scale, np.nan),
        value_usd_t=np.array([float(row.value_usd_t) for row in rows]),
        value_of_time_usd_t_h=np.array([float(row.value_of_time_usd_t_h) for row in rows]),
        scale_count=scale,
    )


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow before it is an array: names, lot, rate, and where its chain of stages begins."""

    flow_id: str
    origin_id: str
    destination_id: str
    market_id: str
    segment_id: str
    corridor_id: str
    lot_t: float
    rate_d: float
    is_probe: bool = False
    is_regular: bool = False
    value_usd_t: float = np.nan
    value_of_time_usd_t_h: float = np.nan


def make_flow(graph: Graph, names: list[str], routes: RouteSet, lots: Lots, route: int) -> Flow:
    """The flow of a route; its name is made of what it is, not of its position, so that others do not change it."""
    segment = int(routes.segment[route])
    lot_t = float(lots.lot_t[segment])
    is_probe = bool(routes.is_probe[route])
    origin, destination = graph.zone_ids[routes.origin[route]], graph.zone_ids[routes.destination[route]]
    market_id = routes.market_ids[routes.market[route]]
    digest = name_way(names, routes.arcs(route).tolist())
    head = "probe:" if is_probe else ""
    return Flow(
        flow_id=f"{head}{origin}>{destination}|{market_id}|{digest}",
        origin_id=origin,
        destination_id=destination,
        market_id=market_id,
        segment_id=routes.segment_ids[segment],
        corridor_id=routes.corridor_ids[routes.corridor[route]],
        lot_t=lot_t,
        rate_d=PROBE_RATE_D if is_probe else float(routes.volume_t_a[route]) / DAYS_PER_YEAR / lot_t,
        is_probe=is_probe,
        is_regular=is_probe,
        value_usd_t=float(lots.value_usd_t[segment]),
        value_of_time_usd_t_h=float(lots.value_of_time_usd_t_h[segment]),
    )


def name_arcs(graph: Graph) -> list[str]:
    """Table and row of each arc; empty for arcs that only pass through a node."""
    return [
        f"{table}:{graph.row_ids[table][row]}" if table >= 0 else ""
        for table, row in zip(graph.table.tolist(), graph.row.tolist(), strict=True)
    ]


def name_way(names: list[str], arcs: list[int]) -> str:
    """Eight digits of a digest of the rows that a way uses, in order.

    Parameters
    ----------
    names : list of str
        ``name_arcs`` of the graph.
    arcs : list of int
        Arcs of the way.
    """
    return hashlib.sha256("|".join(filter(None, map(names.__getitem__, arcs))).encode()).hexdigest()[:8]
