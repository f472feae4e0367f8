"""``Graph``: the compiled network, read-only arrays of vertices and arcs and the way back to table rows.

Before this file a line is a *link* with an id; after it, two *arcs* with numbers. ``graph/compile.py`` makes a
``Graph``; ``graph/cost.py`` prices it; ``routing`` searches it. A vertex is a node in a mode (and, at a border
post, on one side of the border), so that changing mode or crossing a border is travelling along an arc.
"""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.int8]
BoolArray = NDArray[np.bool_]


class ArcKind(IntEnum):
    """What happens on an arc."""

    MOVE = 0
    SERVICE = 1
    TRANSFER = 2
    BORDER = 3
    LOAD = 4
    UNLOAD = 5
    PASS = 6


class ArcTable(IntEnum):
    """Table that an arc comes from."""

    NONE = -1
    LINK = 0
    SERVICE_LEG = 1
    TERMINAL = 2
    CONNECTOR = 3


TABLE_NAME = {
    ArcTable.LINK: "link",
    ArcTable.SERVICE_LEG: "service_leg",
    ArcTable.TERMINAL: "terminal",
    ArcTable.CONNECTOR: "connector",
}
"""Name in the data dictionary of each table that arcs come from."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The compiled network. Arcs are sorted by tail; all arrays are read-only and C-contiguous.

    Each node, mode and border side has two vertices: one for cargo that arrives and one for cargo that departs,
    joined by an arc that costs nothing (PASS). A transfer leads from the first to the second, so that after a
    transfer the cargo has to move: two transfers at one place cannot pass for one.

    Zone ``z`` starts at vertex ``z`` (arcs only leave it) and ends at vertex ``n_zone + z`` (arcs only enter it),
    so that no route can change mode by passing through somebody's centroid.

    Attributes
    ----------
    first_out : (n_vertex + 1,) int32
        Arcs of vertex ``v`` are ``first_out[v]:first_out[v + 1]``.
    tail, head : (n_arc,) int32
        Vertices of each arc.
    kind, table : (n_arc,) int8
        ``ArcKind`` and ``ArcTable`` of each arc.
    row : (n_arc,) int32
        Position of the arc's row in its table.
    is_open : (n_arc,) bool
        False where the row is closed, planned or under construction: such an arc keeps its place and costs ``inf``.
    mode, country : (n_arc,) int16
        Position in ``mode_ids`` and ``country_ids``: mode of the movement (of the onward movement at a terminal)
        and country in which it happens.
    length_km, moving_time_h, handling_time_h, waiting_time_h : (n_arc,) float64
        Length and the three parts of the mean time.
    time_spread_h : (n_arc,) float64
        Standard deviation of the time; NaN where the tables give none.
    vertex_node : (n_vertex,) int32
        Position of each vertex's node in ``node_ids``.
    vertex_mode : (n_vertex,) int16
        Position of its mode in ``mode_ids``; -1 at a centroid.
    node_ids, mode_ids, country_ids, zone_ids : tuple of str
        The ids behind the positions.
    row_ids : tuple of tuple of str
        Ids of the rows of each table, by ``ArcTable``.
    """

    first_out: IntArray
    tail: IntArray
    head: IntArray
    kind: ByteArray
    table: ByteArray
    row: IntArray
    is_open: BoolArray
    mode: NDArray[np.int16]
    country: NDArray[np.int16]
    length_km: FloatArray
    moving_time_h: FloatArray
    handling_time_h: FloatArray
    waiting_time_h: FloatArray
    time_spread_h: FloatArray
    vertex_node: IntArray
    vertex_mode: NDArray[np.int16]
    node_ids: tuple[str, ...]
    mode_ids: tuple[str, ...]
    country_ids: tuple[str, ...]
    zone_ids: tuple[str, ...]
    row_ids: tuple[tuple[str, ...], ...]

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

    @property
    def n_zone(self) -> int:
        """Number of zones."""
        return len(self.zone_ids)

    @property
    def time_h(self) -> FloatArray:
        """Mean time of each arc: moving, handling and waiting [h]."""
        return self.moving_time_h + self.handling_time_h + self.waiting_time_h

    def row_id(self, arc: int) -> str:
        """Id of the row that an arc comes from; empty for an arc that only passes through a node."""
        if self.table[arc] == ArcTable.NONE:
            return ""
        return self.row_ids[int(self.table[arc])][int(self.row[arc])]

    def __repr__(self) -> str:
        return f"Graph({self.n_vertex} vertices, {self.n_arc} arcs, {self.n_zone} zones)"
