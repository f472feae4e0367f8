"""The example corridor with hand-made demand, capacities and an assignment whose routes are known."""

import numpy as np
import pandas as pd

from dehliz.assignment.assign import assign
from dehliz.assignment.flow_tables import Loaded
from dehliz.assignment.problem import LoadProblem, prepare_loads
from dehliz.assignment.result import Assignment, AssignStatus, RouteFlows
from dehliz.assignment.settings import AssignmentSettings
from dehliz.eurasia.load import read_reference
from dehliz.graph.price_loads import LoadTables
from dehliz.kernels.search import least_cost_paths, make_star
from dehliz.network.network import Network

DAYS = 365.0
Capacity = tuple[str, str, float, str, str]
Flow = tuple[str, str, str, float]
EAST = [("containers", "west", "haven", 36_500.0), ("bulk", "west", "haven", 73_000.0)]


def make_problem(
    network: Network,
    demand: list[Flow],
    capacity: list[Capacity] | None = None,
    background: list[tuple[str, str, float, str]] | None = None,
    pools: pd.DataFrame | None = None,
    market: pd.DataFrame | None = None,
) -> LoadProblem:
    columns = ["segment_id", "origin_zone_id", "destination_zone_id", "volume_t_a"]
    rows = pd.DataFrame(demand, columns=columns)
    if market is not None:
        rows = rows.rename(columns={"segment_id": "market_id"})
        rows["segment_id"] = rows["market_id"].map(market.set_index("market_id")["segment_id"])
    tables = LoadTables(
        pd.DataFrame(
            capacity or [], columns=["table_name", "row_id", "capacity_t_a", "direction", "facility_id"]
        ),
        pd.DataFrame(background or [], columns=["table_name", "row_id", "volume_t_a", "direction"]),
        read_reference("delay"),
        market,
        pools,
    )
    return prepare_loads(network, rows, tables)


def load(problem: LoadProblem, method: str = "aon") -> Loaded:
    settings = AssignmentSettings(method=method)  # type: ignore[arg-type]
    return problem.tell(assign(problem.graph, problem.costs, problem.trips, settings))


def ways(problem: LoadProblem, origin: str, destination: str) -> dict[str, list[int]]:
    """Arcs by rail and by road from zone to zone, in order of travel."""
    graph = problem.graph
    found = {}
    for name, modes in (("rail", ("rail_1435", "rail_1520", "rail_ferry")), ("road", ("road", "roro"))):
        own = np.isin(graph.mode, [graph.mode_ids.index(one) for one in modes]) & graph.is_open
        star = make_star(graph.first_out, graph.head)
        weight = np.where(own, graph.time_h, np.inf)
        start, end = graph.zone_ids.index(origin), graph.n_zone + graph.zone_ids.index(destination)
        found[name] = least_cost_paths(star, weight, [[start, end]])[2].tolist()
    return found


def split_by_hand(problem: LoadProblem, shares: list[dict[str, float]]) -> Loaded:
    """Each trip on its ways by rail and road in the shares given; the rest of it is not served."""
    graph, trips = problem.graph, problem.trips
    volume = np.zeros((trips.n_segment, graph.n_arc))
    trip, flow, arcs = [], [], []
    for at, share in enumerate(shares):
        origin = graph.zone_ids[trips.origin[at]]
        destination = graph.zone_ids[trips.destination[at] - graph.n_zone]
        for name, way in ways(problem, origin, destination).items():
            if share.get(name, 0.0) > 0.0:
                trip.append(at)
                flow.append(share[name] * trips.volume_t_d[at])
                arcs.append(np.array(way, dtype=np.int32))
                volume[trips.segment[at], way] += flow[-1]
    lost = np.array([(1.0 - sum(share.values())) * trips.volume_t_d[at] for at, share in enumerate(shares)])
    total = volume.sum(axis=0)
    routes = RouteFlows(
        np.array(trip, dtype=np.int32), np.array(flow), np.cumsum([0, *map(len, arcs)]), np.concatenate(arcs)
    )
    return problem.tell(
        Assignment(
            method="sue", status=AssignStatus.CONVERGED, volume_t_d=volume, time_h=problem.costs.time_h(total),
            relative_gap_share=0.0, beckmann_objective=0.0, total_time=0.0, lower_bound=np.nan, history=(),
            unserved=lost, unserved_reason=tuple("no_route" if one > 0 else "" for one in lost),
            price_usd_t=None, routes=routes, bushes=None, trips=trips, costs=problem.costs,
        )
    )  # fmt: skip
