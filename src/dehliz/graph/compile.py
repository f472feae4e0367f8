"""``Network`` to ``Graph``: expands nodes by mode and border side, and makes arcs of rows.

Here ids are left behind. Four kinds of rows become arcs: links (MOVE), service legs (SERVICE), terminals
(TRANSFER between modes, BORDER within one) and connectors (LOAD, UNLOAD). Rows that are not open become arcs
too, marked closed, so that vertex and arc numbers stay the same when a scenario only opens and closes things.
The file before is ``network/network.py``, the next one ``graph/cost.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from dehliz.base.errors import DataError, Issue
from dehliz.base.rows import each_row
from dehliz.graph.graph import ArcKind, ArcTable, Graph
from dehliz.network.network import Network

Vertex = tuple[str, str, str, str]
"""Node id, mode id, country id where a border post splits the node (else empty), and in, out, start or end."""

Place = tuple[str, str, str]
"""The same without its last part: both vertices of a stop."""


@dataclass(frozen=True, slots=True)
class _Arc:
    """One directed arc before vertices have numbers."""

    tail: Vertex
    head: Vertex
    kind: ArcKind
    table: ArcTable
    row: int
    mode_id: str
    country_id: str


class _Sides:
    """Which nodes are split by country in which mode, and on which side a row attaches."""

    def __init__(self, network: Network) -> None:
        self._home = dict(zip(network.node["node_id"], network.node["country_id"], strict=True))
        self._sides: dict[tuple[str, str], set[str]] = {}
        for post in each_row(network.terminal):
            if post.from_mode_id == post.to_mode_id and post.from_country_id and post.to_country_id:
                sides = self._sides.setdefault((post.node_id, post.from_mode_id), set())
                sides |= {post.from_country_id, post.to_country_id}

    def home(self, node_id: str) -> str:
        """Country of a node."""
        return str(self._home[node_id])

    def place(self, node_id: str, mode_id: str, country_id: str) -> Place:
        """Stop at which something of a country attaches: its own side, else the node's home side.

        A home without tracks of its own is a side that no border post reaches: nothing crosses a border unseen.
        """
        sides = self._sides.get((node_id, mode_id))
        if not sides:
            return (node_id, mode_id, "")
        return (node_id, mode_id, country_id if country_id in sides else self.home(node_id))


def compile_graph(network: Network) -> Graph:
    """The expanded, directed, compiled form of a network.

    Parameters
    ----------
    network : Network
        Checked tables.

    Returns
    -------
    Graph
        Vertices: zone starts, zone ends, then one per node, mode and border side, sorted by id. Arcs sorted by
        tail, head, table and row, so that equal networks give equal arrays whatever the order of their rows.

    Raises
    ------
    DataError
        When no zone or no link is there to compile.
    """
    sides = _Sides(network)
    arcs = [*_move_arcs(network, sides), *_terminal_arcs(network, sides), *_connector_arcs(network, sides)]
    if not arcs or network.zone.empty:
        raise DataError("The network cannot be compiled", [_empty_issue(network)])
    arcs += _pass_arcs(arcs, sides)
    return _number(network, arcs)


def revalue(graph: Graph, network: Network) -> Graph:
    """The same topology with the values and states of changed tables.

    Parameters
    ----------
    graph : Graph
        Compiled from a network with the same rows.
    network : Network
        The network after changes that added and removed no rows and moved no ends.

    Returns
    -------
    Graph
        Shares topology arrays with ``graph``; vertex and arc numbers are the same.

    Raises
    ------
    DataError
        When rows were added or removed: then the network must be compiled again.
    """
    if tuple(_table_ids(network)) != graph.row_ids:
        issue = Issue(
            "graph.rows.same", "network", (), "rows were added or removed",
            "Revaluing keeps the topology", "Compile the network again with compile_graph",
        )  # fmt: skip
        raise DataError("The graph cannot be revalued", [issue])
    values = _values(network, graph.table, graph.row, graph.kind)
    return replace(graph, **values)  # type: ignore[arg-type]


def _empty_issue(network: Network) -> Issue:
    what = "no zone" if network.zone.empty else "no link, service leg, terminal or connector"
    return Issue(
        "network.rows.present", "network", (), f"there is {what}",
        "A network needs at least one zone, one connector and one link", "Fill zone.csv, connector.csv and link.csv",
    )  # fmt: skip


def _arriving(place: Place) -> Vertex:
    return (*place, "in")


def _departing(place: Place) -> Vertex:
    return (*place, "out")


def _move_arcs(network: Network, sides: _Sides) -> Iterator[_Arc]:
    for table, kind, frame in (
        (ArcTable.LINK, ArcKind.MOVE, network.link),
        (ArcTable.SERVICE_LEG, ArcKind.SERVICE, network.service_leg),
    ):
        for row, line in enumerate(each_row(frame)):
            start = sides.place(line.from_node_id, line.mode_id, line.country_id)
            end = sides.place(line.to_node_id, line.mode_id, line.country_id)
            about = (kind, table, row, line.mode_id, line.country_id)
            yield _Arc(_departing(start), _arriving(end), *about)
            if not line.directed:
                yield _Arc(_departing(end), _arriving(start), *about)


def _terminal_arcs(network: Network, sides: _Sides) -> Iterator[_Arc]:
    for row, stop in enumerate(each_row(network.terminal)):
        home = sides.home(stop.node_id)
        start = sides.place(stop.node_id, stop.from_mode_id, stop.from_country_id or home)
        end = sides.place(stop.node_id, stop.to_mode_id, stop.to_country_id or home)
        if start == end:
            continue
        yield from _stop_arcs(stop, row, home, start, end, stop.to_mode_id)
        if not stop.directed:
            yield from _stop_arcs(stop, row, home, end, start, stop.from_mode_id)


def _stop_arcs(stop: Any, row: int, home: str, start: Place, end: Place, mode_id: str) -> Iterator[_Arc]:
    """A transfer ends in departing; a border or a change of gauge leaves the cargo as it is, arriving or departing."""
    is_border = stop.from_mode_id == stop.to_mode_id
    kind = ArcKind.BORDER if is_border else ArcKind.TRANSFER
    about = (kind, ArcTable.TERMINAL, row, mode_id, home)
    if is_border or stop.kind == "gauge_change":
        yield _Arc(_arriving(start), _arriving(end), *about)
        yield _Arc(_departing(start), _departing(end), *about)
    else:
        yield _Arc(_arriving(start), _departing(end), *about)


def _connector_arcs(network: Network, sides: _Sides) -> Iterator[_Arc]:
    for row, door in enumerate(each_row(network.connector)):
        home = sides.home(door.node_id)
        stop = sides.place(door.node_id, door.mode_id, home)
        start, end = (door.zone_id, "", "", "start"), (door.zone_id, "", "", "end")
        yield _Arc(start, _departing(stop), ArcKind.LOAD, ArcTable.CONNECTOR, row, door.mode_id, home)
        yield _Arc(_arriving(stop), end, ArcKind.UNLOAD, ArcTable.CONNECTOR, row, door.mode_id, home)


def _pass_arcs(arcs: list[_Arc], sides: _Sides) -> Iterator[_Arc]:
    """From arriving to departing, at every stop that cargo can both reach and leave."""
    reached = {arc.head[:3] for arc in arcs if arc.head[3] == "in"}
    left = {arc.tail[:3] for arc in arcs if arc.tail[3] == "out"}
    for place in sorted(reached & left):
        about = (ArcKind.PASS, ArcTable.NONE, 0, place[1], sides.home(place[0]))
        yield _Arc(_arriving(place), _departing(place), *about)


def _table_ids(network: Network) -> Iterator[tuple[str, ...]]:
    yield tuple(network.link["link_id"])
    yield tuple(network.service_leg["service_leg_id"])
    yield tuple(network.terminal["terminal_id"])
    yield tuple(network.connector["connector_id"])


def _number(network: Network, arcs: list[_Arc]) -> Graph:
    zone_ids = tuple(network.zone["zone_id"])
    starts: list[Vertex] = [(zone_id, "", "", "start") for zone_id in zone_ids]
    ends: list[Vertex] = [(zone_id, "", "", "end") for zone_id in zone_ids]
    stops = sorted({arc.tail for arc in arcs} | {arc.head for arc in arcs} - set(starts) - set(ends))
    stops = [vertex for vertex in stops if vertex[1]]
    vertices = [*starts, *ends, *stops]
    number = {vertex: index for index, vertex in enumerate(vertices)}

    tail = np.array([number[arc.tail] for arc in arcs], dtype=np.int32)
    head = np.array([number[arc.head] for arc in arcs], dtype=np.int32)
    table = np.array([arc.table for arc in arcs], dtype=np.int8)
    row = np.array([arc.row for arc in arcs], dtype=np.int32)
    order = np.lexsort((row, table, head, tail))
    kind = np.array([arc.kind for arc in arcs], dtype=np.int8)[order]
    table, row = table[order], row[order]

    node_ids = tuple(network.node["node_id"])
    mode_ids = tuple(network.mode["mode_id"])
    country_ids = tuple(
        sorted({*network.country["country_id"], *network.node["country_id"], *(a.country_id for a in arcs)})
    )
    zone_node = dict(zip(network.zone["zone_id"], network.zone["node_id"], strict=True))
    node_of = {node_id: index for index, node_id in enumerate(node_ids)}
    mode_of = {mode_id: index for index, mode_id in enumerate(mode_ids)}
    country_of = {country_id: index for index, country_id in enumerate(country_ids)}
    first_out = np.zeros(len(vertices) + 1, dtype=np.int32)
    np.cumsum(np.bincount(tail, minlength=len(vertices)), out=first_out[1:])
    return Graph(
        first_out=first_out,
        tail=tail[order],
        head=head[order],
        kind=kind,
        table=table,
        row=row,
        mode=np.array([mode_of[arc.mode_id] for arc in arcs], dtype=np.int16)[order],
        country=np.array([country_of[arc.country_id] for arc in arcs], dtype=np.int16)[order],
        vertex_node=np.array([node_of[v[0] if v[1] else zone_node[v[0]]] for v in vertices], dtype=np.int32),
        vertex_mode=np.array([mode_of[v[1]] if v[1] else -1 for v in vertices], dtype=np.int16),
        node_ids=node_ids,
        mode_ids=mode_ids,
        country_ids=country_ids,
        zone_ids=zone_ids,
        row_ids=tuple(_table_ids(network)),
        **_values(network, table, row, kind),
    )


def _values(network: Network, table: np.ndarray, row: np.ndarray, kind: np.ndarray) -> dict[str, np.ndarray]:
    """Values of every arc, gathered from the rows it comes from."""
    link, leg, stop, door = network.link, network.service_leg, network.terminal, network.connector
    zeros = {name: np.zeros(len(frame)) for name, frame in zip("ltsd", (link, stop, leg, door), strict=True)}

    def gather(*by_table: np.ndarray) -> np.ndarray:
        out = np.zeros(len(row), dtype=by_table[0].dtype)
        for code, values in enumerate(by_table):
            chosen = table == code
            out[chosen] = values[row[chosen]]
        return out

    def column(frame: pd.DataFrame, name: str) -> np.ndarray:
        return frame[name].to_numpy(dtype=np.float64)

    waiting = gather(
        zeros["l"],
        column(leg, "waiting_time_h"),
        column(stop, "waiting_time_h"),
        column(door, "waiting_time_h"),
    )
    waiting[kind == ArcKind.UNLOAD] = 0.0  # the wait of a connector is for the first departure
    return {
        "length_km": gather(column(link, "length_km"), column(leg, "length_km"), zeros["t"], zeros["d"]),
        "moving_time_h": gather(
            column(link, "length_km") / column(link, "speed_km_h"),
            column(leg, "time_h"),
            zeros["t"],
            zeros["d"],
        ),
        "handling_time_h": gather(
            zeros["l"], zeros["s"], column(stop, "handling_time_h"), column(door, "handling_time_h")
        ),
        "waiting_time_h": waiting,
        "time_spread_h": gather(*(column(frame, "time_spread_h") for frame in (link, leg, stop, door))),
        "is_open": gather(
            (link["status"] == "open").to_numpy(),
            (leg["status"] == "open").to_numpy(),
            (stop["status"] == "open").to_numpy(),
            np.ones(len(door), dtype=bool),
        )
        | (table == ArcTable.NONE),
    }
