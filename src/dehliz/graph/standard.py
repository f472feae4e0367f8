"""Test networks and road networks of one's own as arrays: ``StandardGraph``, costs and trips between zones.

Links and zones of ``network/tntp.py`` (or of a GMNS folder) come in; ``assignment`` loads what goes out. A zone
through which no route may pass gets two vertices, one where arcs leave and one where they arrive, so that
nothing after this file knows of centroids.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from dehliz.base.errors import list_ids, say_count
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts, plain_load_costs
from dehliz.graph.trips import Trips
from dehliz.kernels.delay import DelayForm
from dehliz.network.gmns_load import GmnsRoads
from dehliz.network.tntp import TntpNetwork


@dataclass(frozen=True, slots=True)
class StandardGraph:
    """A network of links as a forward star. Arrays are read-only; arcs are sorted by tail.

    Attributes
    ----------
    first_out : (n_vertex + 1,) int32
        Arcs of vertex ``v`` are ``first_out[v]:first_out[v + 1]``.
    tail, head : (n_arc,) int32
        Vertices of each arc.
    row : (n_arc,) int32
        Link behind each arc: its position in the file.
    node : (n_vertex,) int32
        Node behind each vertex: its position in ``node_ids``.
    zone_start, zone_end : (n_zone,) int32
        Vertices where the trips of each zone start and end.
    node_ids, zone_ids, link_ids : tuple of str
        Ids behind the positions.
    is_closed : (n_arc,) bool
        Arcs without capacity, which nothing may use.
    """

    first_out: IntArray
    tail: IntArray
    head: IntArray
    row: IntArray
    node: IntArray
    zone_start: IntArray
    zone_end: IntArray
    node_ids: tuple[str, ...]
    zone_ids: tuple[str, ...]
    link_ids: tuple[str, ...]
    is_closed: BoolArray

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def n_vertex(self) -> int:
        """Number of vertices."""
        return len(self.first_out) - 1

    @property
    def n_arc(self) -> int:
        """Number of arcs."""
        return len(self.head)

    def __repr__(self) -> str:
        return f"StandardGraph({self.n_vertex} vertices, {self.n_arc} arcs, {len(self.zone_ids)} zones)"


@dataclass(frozen=True, slots=True)
class StandardCase:
    """A network that can be loaded.

    Attributes
    ----------
    graph : StandardGraph
        Vertices and arcs.
    costs : LoadCosts
        Costs in the time unit of the source.
    notes : tuple of str
        What was done with unusual links.
    """

    graph: StandardGraph
    costs: LoadCosts
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneTrips:
    """Trips between zones, and what stays inside them.

    Attributes
    ----------
    trips : Trips
        What can be loaded.
    within_count : int
        Pairs of a zone with itself that have a flow.
    within_t_d : float
        Their flow, which uses no link and is left out.
    """

    trips: Trips
    within_count: int
    within_t_d: float


@dataclass(frozen=True, slots=True)
class Links:
    """Directed links with their delay, in the units of their source.

    Attributes
    ----------
    from_node, to_node : (n_link,) int32
        Positions of nodes.
    free_time_h : (n_link,) float64
        Time at no volume.
    capacity_t_d : (n_link,) float64
        Practical capacity, ``inf`` where there is none, 0 where nothing may pass.
    alpha_factor, beta_factor : (n_link,) float64
        Time is ``free_time_h * (1 + alpha * (volume / capacity) ** beta)``.
    fixed_h : (n_link,) float64
        What is paid besides.
    """

    from_node: IntArray
    to_node: IntArray
    free_time_h: FloatArray
    capacity_t_d: FloatArray
    alpha_factor: FloatArray
    beta_factor: FloatArray
    fixed_h: FloatArray


def compile_tntp(
    network: TntpNetwork, toll_factor: float = 0.0, distance_factor: float = 0.0
) -> StandardCase:
    """A test network as vertices, arcs and costs.

    Parameters
    ----------
    network : TntpNetwork
        What was read.
    toll_factor, distance_factor : float
        Time per unit of toll and of length: the fixed cost of a link is
        ``toll_factor * toll + distance_factor * length``.

    Returns
    -------
    StandardCase
        Vertex ``n - 1`` is node ``n``; the vertices where trips to nodes below ``first_thru_node`` end follow.
    """
    fixed = np.zeros(network.n_link)
    for factor, column in ((toll_factor, network.toll), (distance_factor, network.length)):
        if factor != 0.0 and column is not None:
            fixed = fixed + factor * column
    links = Links(
        network.init_node - 1, network.term_node - 1, network.free_flow_time, network.capacity,
        network.b, network.power, fixed,
    )  # fmt: skip
    numbers = tuple(str(node) for node in range(1, network.node_count + 1))
    is_centroid = np.arange(1, network.node_count + 1) < network.first_thru_node
    zone = np.arange(network.zone_count, dtype=np.int32)
    ids = tuple(str(row) for row in range(1, network.n_link + 1))
    return compile_links(links, is_centroid, zone, (numbers, numbers[: network.zone_count], ids))


def compile_gmns(roads: GmnsRoads, toll_factor: float = 0.0, distance_factor: float = 0.0) -> StandardCase:
    """The roads of a GMNS folder as vertices, arcs and costs in hours.

    Parameters
    ----------
    roads : GmnsRoads
        What was read.
    toll_factor, distance_factor : float
        Hours per unit of toll and per kilometre.
    """
    links = Links(
        roads.from_node, roads.to_node, roads.free_time_h, roads.capacity_veh_h, roads.alpha_factor,
        roads.beta_factor, toll_factor * roads.toll + distance_factor * roads.length_km,
    )  # fmt: skip
    return compile_links(
        links, roads.is_centroid, roads.zone_node, (roads.node_ids, roads.zone_ids, roads.link_ids)
    )


def compile_links(
    links: Links,
    is_centroid: BoolArray,
    zone_node: IntArray,
    ids: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
) -> StandardCase:
    """Links as vertices, arcs and costs of one segment.

    Parameters
    ----------
    links : Links
        Directed links.
    is_centroid : (n_node,) bool
        Nodes that no route may pass through.
    zone_node : (n_zone,) int32
        Node of each zone.
    ids : (node_ids, zone_ids, link_ids)
        Ids behind the positions.
    """
    n_node = len(is_centroid)
    end = np.arange(n_node, dtype=np.int32)
    end[is_centroid] = n_node + np.arange(np.count_nonzero(is_centroid))
    order = np.argsort(links.from_node, kind="stable")
    n_vertex = n_node + np.count_nonzero(is_centroid)
    first_out = np.zeros(n_vertex + 1, np.int32)
    np.cumsum(np.bincount(links.from_node, minlength=n_vertex), out=first_out[1:])
    ordered = replace(links, **{field.name: getattr(links, field.name)[order] for field in fields(links)})
    costs, is_closed = _price(ordered)
    graph = StandardGraph(
        first_out=first_out,
        tail=ordered.from_node.astype(np.int32),
        head=end[ordered.to_node],
        row=order.astype(np.int32),
        node=np.concatenate([np.arange(n_node), np.flatnonzero(is_centroid)]).astype(np.int32),
        zone_start=zone_node.astype(np.int32),
        zone_end=end[zone_node],
        node_ids=ids[0],
        zone_ids=ids[1],
        link_ids=ids[2],
        is_closed=is_closed,
    )
    return StandardCase(graph, costs, _note_closed(graph))


def _price(links: Links) -> tuple[LoadCosts, BoolArray]:
    """Costs of ordered links; without a capacity that matters, the time is constant or the link is closed."""
    has_delay = (links.alpha_factor > 0.0) & (links.beta_factor > 0.0)
    is_closed = np.asarray((links.capacity_t_d == 0.0) & has_delay)
    has_delay &= ~is_closed
    free = links.free_time_h * np.where(links.beta_factor == 0.0, 1.0 + links.alpha_factor, 1.0)
    costs = plain_load_costs(
        free_time_h=free,
        capacity_t_d=np.where(links.capacity_t_d == 0.0, np.inf, links.capacity_t_d),
        alpha_factor=np.where(has_delay, links.alpha_factor, 0.0),
        beta_factor=np.where(has_delay, links.beta_factor, 0.0),
        form=np.where(has_delay, DelayForm.BPR, DelayForm.CONSTANT).astype(np.int8),
        fixed_h=np.where(is_closed, np.inf, links.fixed_h),
    )
    return costs, is_closed


def _note_closed(graph: StandardGraph) -> tuple[str, ...]:
    names = list(dict.fromkeys(graph.link_ids[row] for row in np.sort(graph.row[graph.is_closed])))
    if not names:
        return ()
    verb = "carries" if len(names) == 1 else "carry"
    return (f"{say_count(len(names), 'link')} of capacity 0 {verb} nothing: {list_ids(names)}",)


def connect_trips(
    graph: StandardGraph,
    segment: npt.ArrayLike,
    origin: npt.ArrayLike,
    destination: npt.ArrayLike,
    volume_t_d: npt.ArrayLike,
    segment_ids: tuple[str, ...] = ("all",),
) -> ZoneTrips:
    """Flows between zones as trips between vertices.

    Parameters
    ----------
    graph : StandardGraph
        Where the zones are.
    segment, origin, destination : (n,) int32
        Positions of segment and zones; each triple once.
    volume_t_d : (n,) float64
        Flows, at least 0.
    segment_ids : tuple of str
        Ids behind the positions.
    """
    of, start, stop = (np.asarray(part, dtype=np.int64) for part in (segment, origin, destination))
    volume = np.asarray(volume_t_d, dtype=np.float64)
    is_within = (start == stop) & (volume > 0.0)
    kept = np.flatnonzero((volume > 0.0) & ~is_within)
    first, last = graph.zone_start[start[kept]], graph.zone_end[stop[kept]]
    order = np.lexsort((last, first, of[kept]))
    trips = Trips(
        np.ascontiguousarray(of[kept][order], dtype=np.int32),
        np.ascontiguousarray(first[order]),
        np.ascontiguousarray(last[order]),
        volume_t_d=np.ascontiguousarray(volume[kept][order]),
        segment_ids=segment_ids,
    )
    return ZoneTrips(trips, int(np.count_nonzero(is_within)), float(volume[is_within].sum()))
