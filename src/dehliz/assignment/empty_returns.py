"""Empties of a loaded network: what piles up where in each pool, the cheapest way back, and what it adds to each trip.

Boxes balance zone by zone. Cargo in wagons may change to a ship or to the other gauge, so wagons balance at the nodes
where routes join and leave the rails of their gauge. The file before is ``assignment/route_sums.py``; the programme
stands in ``assignment/empties.py``, the tables go out by ``assignment/flow_tables.py``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dehliz.assignment.empties import NOISE_SHARE, Empties, find_empties, find_surplus
from dehliz.assignment.route_sums import Visits
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.cost import price_arcs
from dehliz.graph.graph import ArcTable, BoolArray, FloatArray, Graph, IntArray
from dehliz.graph.shipment import Shipment
from dehliz.kernels.search import cost_matrix, make_star
from dehliz.network.network import Network


@dataclass(frozen=True, slots=True)
class PoolReturn:
    """Empties of one pool.

    Attributes
    ----------
    pool_id, name : str
        Of the table ``empty_pool``.
    is_boxed : bool
        Whether units are TEU; wagons if not.
    place_ids : tuple of str
        Zones of boxes, nodes of wagons.
    loaded_units_d : float
        Loaded units a day.
    empties : Empties
        Flows and prices between places.
    cost_usd : (n_place, n_place) float64
        What an empty unit pays from place to place.
    """

    pool_id: str
    name: str
    is_boxed: bool
    place_ids: tuple[str, ...]
    loaded_units_d: float
    empties: Empties
    cost_usd: FloatArray


@dataclass(frozen=True, slots=True)
class Returns:
    """Empties of all pools.

    Attributes
    ----------
    pools : tuple of PoolReturn
        Pools with loaded units, in the order of their table.
    charge_usd_t : (n_trip,) float64
        What a tonne of each trip owes, the mean over its routes; NaN where it uses no pool.
    """

    pools: tuple[PoolReturn, ...]
    charge_usd_t: FloatArray

    def tables(self) -> dict[str, pd.DataFrame]:
        """``empty_flow`` and ``empty_summary``."""
        flows = [row for pool in self.pools for row in _tell_flows(pool)]
        return {
            "empty_flow": pd.DataFrame(flows, columns=list(read_spec("empty_flow").column_names)),
            "empty_summary": pd.DataFrame(
                [_tell_pool(pool) for pool in self.pools],
                columns=list(read_spec("empty_summary").column_names),
            ),
        }


def return_empties(
    graph: Graph, network: Network, visits: Visits, segment_of: tuple[str, ...], pools: pd.DataFrame | None
) -> Returns:
    """The way back of all empties that loaded routes leave behind.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives tariffs, which empties pay a share of.
    visits : Visits
        Loaded routes.
    segment_of : tuple of str
        Segment of each class of trips.
    pools : DataFrame or None
        The table ``empty_pool``; None for a network without pools.
    """
    n_trip = visits.trips.n_trip
    served = np.bincount(visits.flows.trip, weights=visits.flows.volume_t_d, minlength=n_trip)
    owed, is_used = np.zeros(n_trip), np.zeros(n_trip, dtype=bool)
    found = []
    for row in each_row(pools) if pools is not None else ():
        pool = _read_pool(row, graph, network, segment_of)
        units = (_find_boxes if pool.is_boxed else _find_wagons)(pool, graph, network, visits)
        if not len(units.trip):
            continue
        made = _send_back(pool, units, graph, network)
        charge = made.empties.charge_usd_t(units.origin, units.destination, 1.0) / units.t_per_unit
        part = units.volume_t_d / served[units.trip]
        owed += np.bincount(units.trip, weights=charge * part, minlength=n_trip)
        is_used[units.trip] = True
        found.append(made)
    return Returns(tuple(found), np.where(is_used, owed, np.nan))


@dataclass(frozen=True, slots=True)
class _Pool:
    """A row of ``empty_pool`` on a graph: its classes of trips, their cargo in a unit [t], its modes, first its own."""

    row: Any
    is_boxed: bool
    segment_ids: tuple[str, ...]
    classes: BoolArray
    t_per_unit: FloatArray
    modes: IntArray


def _read_pool(row: Any, graph: Graph, network: Network, segment_of: tuple[str, ...]) -> _Pool:
    wanted, is_boxed = row.segment_ids.split(";"), row.load_unit == "teu"
    of_box = dict(zip(network.segment["segment_id"], network.segment["t_per_teu_factor"], strict=True))
    return _Pool(
        row=row,
        is_boxed=is_boxed,
        segment_ids=tuple(one for one in dict.fromkeys(segment_of) if one in wanted),
        classes=np.array([one in wanted for one in segment_of], dtype=bool),
        t_per_unit=np.array(
            [float(of_box[one] if is_boxed else row.t_per_unit_factor) for one in segment_of]
        ),
        modes=np.array(
            [graph.mode_ids.index(one) for one in row.mode_ids.split(";") if one in graph.mode_ids],
            dtype=np.int32,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Units:
    """Journeys of loaded units: trip, places where filled and emptied, cargo [t/d], cargo in a unit [t].

    An empty unit leaves a place from its ``starts`` and comes to it at its ``ends`` (vertices), over ``usable`` arcs.
    """

    trip: np.ndarray
    origin: np.ndarray
    destination: np.ndarray
    volume_t_d: FloatArray
    t_per_unit: FloatArray
    place_ids: tuple[str, ...]
    starts: list[np.ndarray]
    ends: list[np.ndarray]
    usable: BoolArray


def _find_boxes(pool: _Pool, graph: Graph, _: Network, visits: Visits) -> _Units:
    """Boxes are filled in the zone where a trip starts and emptied where it ends."""
    trips, zones = visits.trips, np.arange(graph.n_zone)
    total = np.bincount(visits.flows.trip, weights=visits.flows.volume_t_d, minlength=trips.n_trip)
    trip = np.flatnonzero(pool.classes[trips.segment] & (total > 0.0))
    return _Units(
        trip=trip,
        origin=trips.origin[trip].astype(np.int64),
        destination=trips.destination[trip].astype(np.int64) - graph.n_zone,
        volume_t_d=total[trip].astype(np.float64),
        t_per_unit=pool.t_per_unit[trips.segment[trip]],
        place_ids=graph.zone_ids,
        starts=[np.array([zone]) for zone in zones],
        ends=[np.array([zone + graph.n_zone]) for zone in zones],
        usable=np.isin(graph.mode, pool.modes),
    )


def _find_wagons(pool: _Pool, graph: Graph, network: Network, visits: Visits) -> _Units:
    """Wagons are filled where a route joins the rails of the gauge and emptied where it leaves them."""
    arc = visits.flows.arc
    is_mine = pool.classes[visits.segment[visits.route]] & (graph.length_km[arc] > 0.0)
    route, move = visits.route[is_mine], arc[is_mine]
    aboard = _own_moves(pool, graph, network, route, move)
    first, last = aboard.copy(), aboard.copy()
    same_route = route[1:] == route[:-1]
    first[1:] &= ~(same_route & aboard[:-1])
    last[:-1] &= ~(same_route & aboard[1:])
    nodes = graph.vertex_node[graph.tail[move[first]]], graph.vertex_node[graph.head[move[last]]]
    places, at = np.unique(np.concatenate(nodes), return_inverse=True)
    origin, destination = np.split(at.reshape(-1), 2)
    in_pool = np.isin(graph.vertex_mode, pool.modes)
    stops = [np.flatnonzero(in_pool & (graph.vertex_node == node)) for node in places]
    taken = route[first]
    return _Units(
        trip=visits.flows.trip[taken].astype(np.int64),
        origin=origin,
        destination=destination,
        volume_t_d=visits.flows.volume_t_d[taken],
        t_per_unit=pool.t_per_unit[visits.segment[taken]],
        place_ids=tuple(graph.node_ids[node] for node in places),
        starts=stops,
        ends=stops,
        usable=np.asarray(in_pool[graph.tail] & in_pool[graph.head]),
    )


def _own_moves(pool: _Pool, graph: Graph, network: Network, route: np.ndarray, move: np.ndarray) -> BoolArray:
    """(n_move,) whether a move is made in wagons of the pool.

    What carries wagons, such as a rail ferry, carries those of the railway before it on the route, or else after it.
    """
    medium = dict(zip(network.mode["mode_id"], network.mode["medium"], strict=True))
    is_rail = np.array([medium.get(one) == "rail" for one in graph.mode_ids])
    mode = graph.mode[move].astype(np.int64)
    carries = np.isin(mode, pool.modes[1:])
    breaks = ~(is_rail[mode] | carries)
    owner = pd.Series(np.where(carries, np.nan, np.where(breaks, -1, mode)))
    by_route = owner.groupby(route)
    filled = by_route.ffill()
    filled = filled.where(~(carries & (filled == -1)), np.nan).groupby(route).bfill()
    return np.asarray(filled == pool.modes[0])


def _send_back(pool: _Pool, units: _Units, graph: Graph, network: Network) -> PoolReturn:
    n_place, a_unit = len(units.place_ids), units.volume_t_d / units.t_per_unit
    surplus = find_surplus(units.origin, units.destination, a_unit, 1.0, n_place)
    surplus[np.abs(surplus) < NOISE_SHARE * a_unit.sum()] = 0.0
    cost = _skim(units, graph, np.where(units.usable, _price_unit(pool, graph, network), np.inf))
    return PoolReturn(
        pool.row.pool_id, pool.row.name, pool.is_boxed, units.place_ids, float(a_unit.sum()),
        find_empties(surplus, cost), cost,
    )  # fmt: skip


def _price_unit(pool: _Pool, graph: Graph, network: Network) -> FloatArray:
    """What an empty unit pays on each arc: its share of the cheapest loaded tariff of the pool's segments [USD]."""
    loaded = np.full(graph.n_arc, np.inf)
    for segment_id in pool.segment_ids:
        t_per_unit = float(pool.row.t_per_unit_factor)
        quantity = (
            Shipment(segment_id, "teu", 1.0, 1.0, "1 TEU")
            if pool.is_boxed
            else Shipment(segment_id, "t", 0.0, t_per_unit, "1 wagon")
        )
        loaded = np.minimum(loaded, price_arcs(graph, network, quantity).cost_usd)
    on_the_way = np.isin(graph.table, (ArcTable.LINK, ArcTable.SERVICE_LEG))
    share = np.where(on_the_way, float(pool.row.tariff_share), float(pool.row.terminal_share))
    return np.asarray(share * loaded)


def _skim(units: _Units, graph: Graph, weight: FloatArray) -> FloatArray:
    """(n_place, n_place) least cost between places, 0 on the diagonal, ``inf`` where there is no way."""
    star = make_star(graph.first_out, graph.head)
    out = np.empty((len(units.starts), len(units.starts)))
    for at, start in enumerate(units.starts):
        least = cost_matrix(star, weight, start.astype(np.int32)).min(axis=0)
        out[at] = [least[end].min() for end in units.ends]
    np.fill_diagonal(out, 0.0)
    return out


def _tell_flows(pool: PoolReturn) -> list[tuple[object, ...]]:
    empties, yearly = pool.empties, pool.empties.units_d * DAYS_PER_YEAR
    paid = yearly * pool.cost_usd[empties.origin, empties.destination]
    rows: list[tuple[object, ...]] = []
    for origin, destination, units, cost in zip(
        empties.origin, empties.destination, yearly, paid, strict=True
    ):
        boxes, wagons = (units, np.nan) if pool.is_boxed else (np.nan, units)
        rows.append((pool.pool_id, pool.place_ids[origin], pool.place_ids[destination], boxes, wagons, cost))
    return rows


def _tell_pool(pool: PoolReturn) -> tuple[object, ...]:
    known = pool.empties.status != "infeasible"
    counts = (
        pool.loaded_units_d * DAYS_PER_YEAR,
        float(pool.empties.units_d.sum()) * DAYS_PER_YEAR if known else np.nan,
    )
    nothing = (np.nan, np.nan)
    both = (*counts, *nothing) if pool.is_boxed else (*nothing, *counts)
    cost_usd_a = pool.empties.cost_usd_d * DAYS_PER_YEAR
    return (pool.pool_id, pool.name, str(pool.empties.status), *both, cost_usd_a)
