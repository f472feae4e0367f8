"""Where aid for a place can come from: ports, border posts and neighbouring capitals, as vertices of the graph.

A place's country decides: its ports, where cargo comes ashore; its border posts, where cargo stands on the far side;
where a border has no posts, as inside Schengen, the last nodes before it; and the capitals of the countries beyond.
``disruption/relief.py`` asks.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from dehliz.assignment.route_sums import WATER
from dehliz.base.rows import each_row
from dehliz.graph.graph import ArcKind, ArcTable, BoolArray, Graph, IntArray
from dehliz.network.network import Network

CAPITALS: Final[dict[str, str]] = {
    "AF": "kabul", "AM": "yerevan", "AT": "vienna", "AZ": "baku", "BG": "sofia", "BY": "minsk",
    "CN": "beijing", "CZ": "prague", "DE": "berlin", "ES": "madrid", "FR": "paris", "GE": "tbilisi",
    "HR": "zagreb", "HU": "budapest", "IQ": "baghdad", "IR": "tehran", "KG": "bishkek",
    "KZ": "astana", "LT": "vilnius", "LV": "riga", "MD": "chisinau", "MK": "skopje", "MN": "ulaanbaatar",
    "PL": "warsaw", "RO": "bucharest", "RS": "belgrade", "RU": "moscow", "SI": "ljubljana",
    "SK": "bratislava", "TJ": "dushanbe", "TM": "ashgabat", "TR": "ankara", "UA": "kyiv", "UZ": "tashkent",
}  # fmt: skip
"""Zone of each capital that the bundled network has; those that a network does not have are no gateways."""

PORTS: Final = ("port", "barge_port")


@dataclass(frozen=True, slots=True)
class Gateway:
    """A place from which aid comes.

    Attributes
    ----------
    gateway_id : str
        Node of a port or border post, zone of a capital or an origin.
    kind : str
        ``port``, ``border``, ``capital`` or ``origin``.
    name : str
        Name shown to people.
    country_id : str
        Country from which aid comes.
    vertices : (n,) int32
        Where it starts.
    """

    gateway_id: str
    kind: str
    name: str
    country_id: str
    vertices: IntArray

    @property
    def key(self) -> tuple[str, str, str]:
        """Kind, id and country: what makes it the same gateway before and after an event."""
        return self.kind, self.gateway_id, self.country_id


def find_gateways(graph: Graph, network: Network, country_id: str) -> list[Gateway]:
    """Ports and borders of a country, and the capitals beyond the borders: ports first, each kind by id.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives terminals, nodes and zones.
    country_id : str
        Country of the struck place.
    """
    posts = _find_borders(graph, network, country_id)
    borders = [*posts, *_find_open_borders(graph, network, country_id, {one.country_id for one in posts})]
    beyond = sorted({one.country_id for one in borders})
    capitals = [CAPITALS[one] for one in beyond if CAPITALS.get(one) in graph.zone_ids]
    return [
        *_find_ports(graph, network, country_id),
        *borders,
        *(start_at(graph, network, zone_id, "capital") for zone_id in capitals),
    ]


def start_at(graph: Graph, network: Network, zone_id: str, kind: str = "origin") -> Gateway:
    """A zone as a gateway: aid is loaded there."""
    zone = network.zone.set_index("zone_id").loc[zone_id]
    start = np.array([graph.zone_ids.index(zone_id)], dtype=np.int32)
    return Gateway(zone_id, kind, str(zone["name"]), str(zone["country_id"]), start)


def _find_ports(graph: Graph, network: Network, country_id: str) -> list[Gateway]:
    """Nodes with berths that ships reach from abroad: aid starts aboard and comes ashore by a terminal."""
    medium = dict(zip(network.mode["mode_id"], network.mode["medium"], strict=True))
    is_water = np.array([medium.get(mode_id) in WATER for mode_id in graph.mode_ids])
    is_port = network.terminal["kind"].isin(PORTS).to_numpy()
    ashore = (graph.kind == ArcKind.TRANSFER) & (graph.table == ArcTable.TERMINAL)
    ashore[ashore] = is_port[graph.row[ashore]]
    ashore &= is_water[graph.vertex_mode[graph.tail]] & ~is_water[graph.vertex_mode[graph.head]]
    ashore &= _share_a_sea(graph, network, country_id, is_water)[graph.vertex_node[graph.tail]]
    found = []
    for node in each_row(network.node[network.node["country_id"] == country_id]):
        here = ashore & (graph.vertex_node[graph.tail] == graph.node_ids.index(node.node_id))
        if here.any():
            vertices = np.unique(graph.tail[here]).astype(np.int32)
            found.append(Gateway(node.node_id, "port", node.name, country_id, vertices))
    return sorted(found, key=lambda one: one.gateway_id)


def _share_a_sea(graph: Graph, network: Network, country_id: str, is_water: BoolArray) -> BoolArray:
    """(n_node,) nodes that ships join with another country or with the high sea, over however many calls."""
    sails = ((graph.kind == ArcKind.MOVE) | (graph.kind == ArcKind.SERVICE)) & is_water[graph.mode]
    ends = (graph.vertex_node[graph.tail[sails]], graph.vertex_node[graph.head[sails]])
    n = len(graph.node_ids)
    _, sea = connected_components(csr_array((np.ones(len(ends[0])), ends), shape=(n, n)), directed=False)
    abroad = np.flatnonzero((network.node["country_id"] != country_id).to_numpy())
    return np.asarray(np.isin(sea, sea[abroad]))


def _find_borders(graph: Graph, network: Network, country_id: str) -> list[Gateway]:
    """Border posts, by node and country beyond: aid starts where it arrives on the far side."""
    names = dict(zip(network.node["node_id"], network.node["name"], strict=True))
    far_side = _arrive_from_abroad(graph, country_id)
    starts: dict[tuple[str, str], set[int]] = {}
    for row, post in enumerate(each_row(network.terminal)):
        ends = {post.from_country_id, post.to_country_id}
        if post.kind != "border_post" or country_id not in ends or len(ends) != 2:
            continue
        (beyond,) = ends - {country_id}
        arcs = (graph.table == ArcTable.TERMINAL) & (graph.row == row)
        tails = np.unique(graph.tail[arcs])
        starts.setdefault((post.node_id, beyond), set()).update(tails[far_side[tails]].tolist())
    return [
        Gateway(node_id, "border", names[node_id], beyond, np.array(sorted(vertices), dtype=np.int32))
        for (node_id, beyond), vertices in sorted(starts.items())
        if vertices
    ]


def _find_open_borders(
    graph: Graph, network: Network, country_id: str, with_posts: set[str]
) -> list[Gateway]:
    """Last nodes before borders with countries towards which there is no post: aid starts where it leaves them."""
    names = dict(zip(network.node["node_id"], network.node["name"], strict=True))
    home = np.array(network.node["country_id"], dtype=object)
    medium = dict(zip(network.mode["mode_id"], network.mode["medium"], strict=True))
    is_land = np.array([medium.get(mode_id) not in WATER for mode_id in graph.mode_ids])[graph.mode]
    before, after = (home[graph.vertex_node[end]] for end in (graph.tail, graph.head))
    enters = (graph.kind == ArcKind.MOVE) & is_land & (before != country_id) & (after == country_id)
    enters &= ~np.isin(before.astype(str), sorted(with_posts))
    starts: dict[str, set[int]] = {}
    for vertex in graph.tail[enters].tolist():
        starts.setdefault(graph.node_ids[graph.vertex_node[vertex]], set()).add(vertex)
    country = dict(zip(network.node["node_id"], home, strict=True))
    return [
        Gateway(
            node_id,
            "border",
            names[node_id],
            str(country[node_id]),
            np.array(sorted(vertices), dtype=np.int32),
        )
        for node_id, vertices in sorted(starts.items())
    ]


def _arrive_from_abroad(graph: Graph, country_id: str) -> np.ndarray:
    """(n_vertex,) whether links or services of other countries arrive at a vertex, and none of this one."""
    moves = (graph.kind == ArcKind.MOVE) | (graph.kind == ArcKind.SERVICE)
    is_home = graph.country == graph.country_ids.index(country_id)
    own = np.bincount(graph.head[moves & is_home], minlength=graph.n_vertex) > 0
    foreign = np.bincount(graph.head[moves & ~is_home], minlength=graph.n_vertex) > 0
    return np.asarray(foreign & ~own)
