"""Route flows as arrays of visits: which route uses which arc, in which order, with how much cargo.

Sums over routes (by border, port, corridor, mode, zone pair) are table operations on these arrays. The file before is
``assignment/unfold.py``; the next is ``assignment/flow_tables.py``.
"""

from dataclasses import dataclass

import numpy as np

from dehliz.assignment.result import RouteFlows
from dehliz.assignment.topology import Topology
from dehliz.graph.graph import BoolArray, FloatArray, Graph, IntArray
from dehliz.graph.trips import Trips
from dehliz.network.network import Network

HIGH_SEA = "XZ"
WATER = ("sea", "water")


@dataclass(frozen=True, slots=True)
class Visits:
    """Routes that carry flow, arc by arc.

    Attributes
    ----------
    flows : RouteFlows
        The routes.
    trips : Trips
        What they carry.
    route : (n_visit,) int64
        Route of each visit, ascending; arcs of a route in the order of travel.
    """

    flows: RouteFlows
    trips: Trips
    route: np.ndarray

    @property
    def n_route(self) -> int:
        """Number of routes."""
        return len(self.flows.trip)

    @property
    def segment(self) -> IntArray:
        """(n_route,) segment of each route."""
        return self.trips.segment[self.flows.trip]

    def total(self, values: FloatArray) -> FloatArray:
        """Sum of an arc quantity over each route, (n_route,)."""
        return np.bincount(self.route, weights=values[self.flows.arc], minlength=self.n_route).astype(
            np.float64
        )

    def touches(self, arcs: BoolArray) -> BoolArray:
        """(n_route,) whether each route uses any arc of a mask."""
        return np.bincount(self.route, weights=arcs[self.flows.arc], minlength=self.n_route) > 0.0


def visit(flows: RouteFlows, trips: Trips) -> Visits:
    """Routes as visits of arcs."""
    return Visits(flows, trips, np.repeat(np.arange(len(flows.trip)), np.diff(flows.first_arc)))


@dataclass(frozen=True, slots=True)
class Events:
    """Things that happen on routes: a border crossed, cargo put aboard.

    Attributes
    ----------
    route : (n_event,) int64
        On which route.
    place, other : (n_event,) int64
        Where: two countries, or a node and 0 for loading, 1 for unloading.
    """

    route: np.ndarray
    place: np.ndarray
    other: np.ndarray


def find_borders(visits: Visits, graph: Graph) -> Events:
    """Countries left and entered, in order; the high sea and the Caspian are passed over."""
    arc = visits.flows.arc
    is_land = graph.country[arc] != _position(graph.country_ids, HIGH_SEA)
    return _changes(visits.route[is_land], graph.country[arc][is_land].astype(np.int64))


def _position(ids: tuple[str, ...], name: str) -> int:
    return ids.index(name) if name in ids else -1


def _changes(route: np.ndarray, value: np.ndarray) -> Events:
    """Where neighbouring values of one route differ."""
    differs = (route[1:] == route[:-1]) & (value[1:] != value[:-1])
    return Events(route[1:][differs], value[:-1][differs], value[1:][differs])


def find_port_calls(visits: Visits, graph: Graph, network: Network) -> Events:
    """Nodes where cargo goes aboard (0) and comes ashore (1): ends of each run of arcs over water.

    A change from one ship to another at a node, of the same or another kind, is no call of the port's shore.
    """
    arc = visits.flows.arc
    medium = dict(zip(network.mode["mode_id"], network.mode["medium"], strict=True))
    by_mode = np.array([medium.get(mode_id) in WATER for mode_id in graph.mode_ids])
    is_move = graph.length_km[arc] > 0.0
    route, moves = visits.route[is_move], arc[is_move]
    afloat = by_mode[graph.mode[moves]]
    first = np.ones(len(moves), dtype=bool)
    first[1:] = (route[1:] != route[:-1]) | ~afloat[:-1]
    last = np.ones(len(moves), dtype=bool)
    last[:-1] = (route[1:] != route[:-1]) | ~afloat[1:]
    boards, lands = afloat & first, afloat & last
    return Events(
        route=np.concatenate((route[boards], route[lands])),
        place=np.concatenate(
            (graph.vertex_node[graph.tail[moves[boards]]], graph.vertex_node[graph.head[moves[lands]]])
        ).astype(np.int64),
        other=np.concatenate((np.zeros(boards.sum()), np.ones(lands.sum()))).astype(np.int64),
    )


def carried_by(visits: Visits, graph: Topology) -> FloatArray:
    """(n_segment, n_arc) volumes that the routes add up to [t/d]."""
    n_arc = len(graph.head)
    key = visits.segment[visits.route].astype(np.int64) * n_arc + visits.flows.arc
    flat = np.bincount(
        key, weights=visits.flows.volume_t_d[visits.route], minlength=visits.trips.n_segment * n_arc
    )
    return flat.reshape(visits.trips.n_segment, n_arc).astype(np.float64)
