"""``LoadProblem``: everything that an assignment of a network's own demand needs, made once for a year.

Tables come in; graph, costs and trips go out, with the corridors by which the answer is told. Demand that belongs to
markets is loaded market by market: a market is priced as its segment and may be barred from some gateways, such as
boxes that were counted at sea from railways. The next file is ``assignment/assign.py``.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dehliz.assignment.flow_tables import Loaded, load_up
from dehliz.assignment.result import Assignment
from dehliz.graph.compile import compile_graph
from dehliz.graph.graph import BoolArray, FloatArray, Graph
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.price_loads import LoadTables, price_loads
from dehliz.graph.trips import Trips, compile_trips
from dehliz.network.network import Network
from dehliz.routing.corridors import Gateways, find_gateway, read_corridors


@dataclass(frozen=True, slots=True)
class LoadProblem:
    """A network and its demand, as arrays.

    Attributes
    ----------
    network : Network
        Tables of the year.
    graph : Graph
        Compiled from them.
    costs : LoadCosts
        Delays, capacities, money as hours.
    trips : Trips
        Demand of the design day.
    money_usd_t : (n_segment, n_arc) float64
        What a tonne pays on each arc.
    corridors : tuple of Gateways
        In their order of testing.
    segment_of : tuple of str
        Segment of each class of trips; a class is a market, or a segment where demand knows no markets.
    pools : DataFrame or None
        Boxes and wagons that go back empty.
    """

    network: Network
    graph: Graph
    costs: LoadCosts
    trips: Trips
    money_usd_t: FloatArray
    corridors: tuple[Gateways, ...]
    segment_of: tuple[str, ...]
    pools: pd.DataFrame | None = None

    def tell(self, assignment: Assignment) -> Loaded:
        """An answer to this problem, ready for tables."""
        return load_up(
            self.graph, self.network, self.corridors, assignment, self.money_usd_t, self.segment_of, self.pools
        )  # fmt: skip


def prepare_loads(network: Network, demand: pd.DataFrame, tables: LoadTables) -> LoadProblem:
    """A network and the demand of a year as arrays.

    Parameters
    ----------
    network : Network
        In service in the year.
    demand : DataFrame
        Rows of the year: segment, zones, tonnes a year.
    tables : LoadTables
        Capacities, background and delays of the year.

    Returns
    -------
    LoadProblem
        Classes without demand are left out.
    """
    graph = compile_graph(network)
    classes = _find_classes(network, demand)
    rows = demand if "market_id" not in demand else demand.assign(segment_id=demand["market_id"])
    trips = compile_trips(rows, graph, tuple(classes))
    segment_of = tuple(classes.values())
    costs, money = price_loads(
        graph, network, segment_of, tables, _find_bars(graph, network, tables, classes)
    )
    corridors = read_corridors(graph, network)
    return LoadProblem(network, graph, costs, trips, money, corridors, segment_of, tables.pool)


def _find_classes(network: Network, demand: pd.DataFrame) -> dict[str, str]:
    """Class of trips to segment: markets in order of their ids, or segments in the order of their table."""
    if "market_id" in demand:
        pairs = demand[["market_id", "segment_id"]].drop_duplicates().sort_values(["market_id", "segment_id"])
        return dict(zip(pairs["market_id"], pairs["segment_id"], strict=True))
    wanted = set(demand["segment_id"])
    return {one: one for one in network.segment["segment_id"] if one in wanted}


def _find_bars(
    graph: Graph, network: Network, tables: LoadTables, classes: dict[str, str]
) -> list[BoolArray] | None:
    """Arcs that each class may not use besides those of its segment."""
    if tables.market is None:
        return None
    none_of = dict(zip(tables.market["market_id"], tables.market["none_of"], strict=True))
    bars = []
    for class_id in classes:
        bar = np.zeros(graph.n_arc, dtype=bool)
        for token in filter(None, str(none_of.get(class_id, "")).split(";")):
            bar |= find_gateway(graph, network, token)
        bars.append(bar)
    return bars
