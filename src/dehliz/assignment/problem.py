"""``LoadProblem``: everything that an assignment of a network's own demand needs, made once for a year.

Tables come in; graph, costs and trips go out, with the corridors by which the answer is told. The next file is
``assignment/assign.py``.
"""

from dataclasses import dataclass

import pandas as pd

from dehliz.assignment.flow_tables import Loaded, load_up
from dehliz.assignment.result import Assignment
from dehliz.graph.compile import compile_graph
from dehliz.graph.graph import FloatArray, Graph
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.price_loads import LoadTables, price_loads
from dehliz.graph.trips import Trips, compile_trips
from dehliz.network.network import Network
from dehliz.routing.corridors import Gateways, read_corridors


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
    """

    network: Network
    graph: Graph
    costs: LoadCosts
    trips: Trips
    money_usd_t: FloatArray
    corridors: tuple[Gateways, ...]

    def tell(self, assignment: Assignment) -> Loaded:
        """An answer to this problem, ready for tables."""
        return load_up(self.graph, self.network, self.corridors, assignment, self.money_usd_t)


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
        Segments without demand are left out.
    """
    graph = compile_graph(network)
    wanted = set(demand["segment_id"])
    segment_ids = tuple(one for one in network.segment["segment_id"] if one in wanted)
    trips = compile_trips(demand, graph, segment_ids)
    costs, money = price_loads(graph, network, segment_ids, tables)
    return LoadProblem(network, graph, costs, trips, money, read_corridors(graph, network))
