"""``Ground``: the network of a year as one kind of cargo finds it, section by section, with what each can carry.

Tables in, arcs that can be used and the sections that they belong to out. ``disruption/cuts.py``,
``disruption/disjoint.py`` and ``disruption/relief.py`` stand on it; ``graph/price_loads.py`` is the floor below.
"""

from dataclasses import dataclass, replace

import numpy as np

from dehliz.base.rows import each_row, find_row
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.disruption.max_flow import NO_SECTION, Layout
from dehliz.eurasia.load import load_demand, read_reference
from dehliz.graph.compile import compile_graph
from dehliz.graph.graph import TABLE_NAME, ArcTable, BoolArray, FloatArray, Graph, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.price_loads import LoadTables, price_loads
from dehliz.network.network import Network

BOXES = "container_high_value"
"""Cargo that is looked at when none is named."""

CUTTABLE = (ArcTable.LINK, ArcTable.SERVICE_LEG, ArcTable.TERMINAL)
"""Tables whose rows can be shut; connectors and the way through a station cannot."""


@dataclass(frozen=True, slots=True)
class Sections:
    """Arcs grouped by what is shut as one.

    Attributes
    ----------
    of_arc : (n_arc,) int32
        Section of each arc, or ``NO_SECTION``.
    first_arc : (n_section,) int32
        The lowest arc of each section, which stands for it.
    """

    of_arc: IntArray
    first_arc: IntArray

    @property
    def count(self) -> int:
        """Number of sections."""
        return len(self.first_arc)


@dataclass(frozen=True, slots=True)
class Ground:
    """A network as one segment of cargo finds it.

    Attributes
    ----------
    network : Network
        Its tables.
    graph : Graph
        Compiled from them.
    costs : LoadCosts
        Of the one segment: facilities and capacities [t/d].
    is_usable : (n_arc,) bool
        Arcs that are open, allowed to the segment, and not barred.
    segment_id : str
        The segment.
    t_per_teu_factor : float
        Tonnes in a loaded TEU; NaN for cargo that does not travel in boxes.
    basis_of : dict
        Table and row to what its capacity stands on: fact, derived or assumption.
    """

    network: Network
    graph: Graph
    costs: LoadCosts
    is_usable: BoolArray
    segment_id: str
    t_per_teu_factor: float
    basis_of: dict[tuple[str, str], str]

    @property
    def capacity_t_d(self) -> FloatArray:
        """(n_arc,) capacity of the facility of each arc; ``inf`` where none is known."""
        return np.asarray(self.costs.capacity_t_d[self.costs.facilities])

    def without(self, arcs: BoolArray) -> "Ground":
        """The same with the arcs of a mask barred."""
        return replace(self, is_usable=self.is_usable & ~arcs)

    def in_countries(self, country_ids: tuple[str, ...]) -> BoolArray:
        """(n_arc,) arcs that lie in these countries."""
        chosen = [self.graph.country_ids.index(one) for one in country_ids if one in self.graph.country_ids]
        return np.asarray(np.isin(self.graph.country, chosen))

    def by_capacity(self) -> Sections:
        """Sections that share a capacity: a facility where one is known, else the row; each direction by itself."""
        facilities = self.costs.facilities
        is_capped = np.isfinite(self.capacity_t_d)
        return _group(self.graph, np.where(is_capped, facilities, NO_SECTION))

    def by_row(self) -> Sections:
        """Sections that are shut as one: a link in both directions, a service, a port's terminals of one capacity."""
        facilities = self.costs.facilities
        members = np.bincount(facilities, minlength=self.graph.n_arc)
        is_port = (members[facilities] > 1) & (self.graph.table[facilities] == ArcTable.TERMINAL)
        return _group(self.graph, np.where(is_port, facilities, NO_SECTION))

    def layout(self, sections: Sections, source: IntArray, sink: IntArray) -> Layout:
        """The usable arcs between two sets of vertices."""
        arcs = np.flatnonzero(self.is_usable)
        return Layout(
            tail=self.graph.tail[arcs],
            head=self.graph.head[arcs],
            section=sections.of_arc[arcs],
            n_vertex=self.graph.n_vertex,
            n_section=sections.count,
            source=np.asarray(source, dtype=np.int32),
            sink=np.asarray(sink, dtype=np.int32),
        )

    def teu_a(self, volume_t_d: FloatArray) -> FloatArray:
        """Tonnes a day as loaded TEU a year; NaN where the cargo does not travel in boxes."""
        return np.asarray(volume_t_d * DAYS_PER_YEAR / self.t_per_teu_factor)


def prepare_ground(network: Network, tables: LoadTables, segment_id: str = BOXES) -> Ground:
    """A network as one segment finds it.

    Parameters
    ----------
    network : Network
        In service in the year.
    tables : LoadTables
        Capacities of the year, and forms of delay.
    segment_id : str
        The segment.
    """
    graph = compile_graph(network)
    costs, _ = price_loads(graph, network, (segment_id,), tables)
    segment = find_row(network.segment, "segment_id", segment_id)
    is_boxed = segment.load_unit == "teu"
    basis_of = {(row.table_name, row.row_id): row.basis for row in each_row(tables.capacity)}
    return Ground(
        network, graph, costs, np.isfinite(costs.fixed_h[0]), segment_id,
        float(segment.t_per_teu_factor) if is_boxed else np.nan, basis_of,
    )  # fmt: skip


def load_tables(year: int) -> LoadTables:
    """The bundled capacities of a year.

    Raises
    ------
    SettingsError
        When there are none of the year.
    """
    bundled = load_demand(year)
    return LoadTables(bundled.capacity, bundled.background, read_reference("delay"))


def _group(graph: Graph, shared: IntArray) -> Sections:
    """Sections by a key that arcs share, else by table and row; those of no table belong to none."""
    row = graph.table.astype(np.int64) * (int(graph.row.max(initial=0)) + 1) + graph.row
    key = np.where(shared == NO_SECTION, row + graph.n_arc, shared)
    is_cuttable = np.isin(graph.table, CUTTABLE)
    key[~is_cuttable] = NO_SECTION
    _, first, section = np.unique(key, return_index=True, return_inverse=True)
    skipped = 0 if is_cuttable.all() else 1
    return Sections((section.reshape(-1) - skipped).astype(np.int32), first[skipped:].astype(np.int32))


def name_section(ground: Ground, sections: Sections, section: int) -> tuple[str, str, str]:
    """Table, rows joined by ``;`` and a name for people of one section."""
    graph = ground.graph
    arcs = np.flatnonzero(sections.of_arc == section)
    table = ArcTable(int(graph.table[arcs[0]]))
    row_ids = tuple(dict.fromkeys(graph.row_id(arc) for arc in arcs.tolist()))
    name = name_row(ground, int(arcs[0]))
    if table == ArcTable.TERMINAL and len(row_ids) > 1:
        node_id = graph.node_ids[int(graph.vertex_node[graph.tail[arcs[0]]])]
        name = f"{_name_node(ground.network, node_id)}, {len(row_ids)} terminals"
    return TABLE_NAME[table], ";".join(row_ids), name


def name_row(ground: Ground, arc: int) -> str:
    """Name for people of the row that an arc comes from: a link by its ends, anything else as its table names it."""
    network, graph = ground.network, ground.graph
    table = ArcTable(int(graph.table[arc]))
    line = network.table(TABLE_NAME[table]).iloc[int(graph.row[arc])]
    if table == ArcTable.CONNECTOR:
        return f"loading at {_name_node(network, str(line['node_id']))}"
    if table == ArcTable.LINK:
        return f"{_name_node(network, str(line['from_node_id']))} - {_name_node(network, str(line['to_node_id']))}"
    return str(line["name"])


def _name_node(network: Network, node_id: str) -> str:
    return str(find_row(network.node, "node_id", node_id).name)
