"""A test network or GMNS folder with its demand, from path to what ``assign`` takes.

The one place that knows the whole way: ``network/tntp.py`` or ``network/gmns_load.py``, then ``graph/standard.py``, and
``network/demand_files.py`` where the demand comes from a file of its own.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.standard import (
    StandardCase,
    StandardGraph,
    ZoneTrips,
    compile_gmns,
    compile_tntp,
    connect_trips,
)
from dehliz.graph.trips import Trips
from dehliz.network.demand_files import read_demand, require_plain
from dehliz.network.gmns import is_gmns
from dehliz.network.gmns_load import read_gmns_roads
from dehliz.network.tntp import read_tntp

TNTP: Final = "tntp:"
"""What stands before the folder of a test network."""


@dataclass(frozen=True, slots=True)
class Roads:
    """A network with its trips, ready to be loaded.

    Attributes
    ----------
    name : str
        Name of the folder.
    graph : StandardGraph
        Vertices and arcs.
    costs : LoadCosts
        Costs in the time unit.
    demand : ZoneTrips
        Trips, and what stays within zones.
    notes : tuple of str
        What is odd and no fault.
    time_unit : str
        ``h`` for GMNS; ``as in the file`` for test networks, whose format does not name it.
    """

    name: str
    graph: StandardGraph
    costs: LoadCosts
    demand: ZoneTrips
    notes: tuple[str, ...]
    time_unit: str

    @property
    def trips(self) -> Trips:
        """What can be loaded."""
        return self.demand.trips


def is_roads(network: str | None) -> bool:
    """Whether a network is a test network or a GMNS folder, which know no freight."""
    if network is None:
        return False
    return network.startswith(TNTP) or (Path(network).is_dir() and is_gmns(Path(network)))


def find_folder(network: str) -> Path:
    """Folder of a network, with a ``~`` that the shell has left behind ``tntp:``."""
    return Path(network.removeprefix(TNTP)).expanduser()


def read_roads(
    network: str,
    toll_factor: float = 0.0,
    distance_factor: float = 0.0,
    bpr: tuple[float, float] | None = None,
    demand: Path | None = None,
) -> Roads:
    """A network of roads with its demand.

    Parameters
    ----------
    network : str
        ``tntp:FOLDER``, or a GMNS folder.
    toll_factor, distance_factor : float
        Time per unit of toll and of length (GMNS: per kilometre), added to the cost of links.
    bpr : (float, float), optional
        Factor and power of the delay of GMNS links that name none.
    demand : Path, optional
        File of demand instead of the trips beside the network.

    Returns
    -------
    Roads

    Raises
    ------
    DataError
        With every fault of the files.
    """
    folder = find_folder(network)
    if not network.startswith(TNTP):
        roads = read_gmns_roads(folder, bpr, is_toll_needed=toll_factor > 0.0)
        case = compile_gmns(roads, toll_factor, distance_factor)
        trips = _read_demand(demand or folder / "demand.csv", case.graph)
        return _join(roads.name, case, trips, roads.notes, "h")
    found = read_tntp(
        folder,
        is_toll_needed=toll_factor > 0.0,
        is_length_needed=distance_factor > 0.0,
        has_trips=demand is None,
    )
    case = compile_tntp(found, toll_factor, distance_factor)
    flows = found.trips
    if demand is not None or flows is None:
        trips = _read_demand(demand or folder, case.graph)
    else:
        zero = np.zeros(len(flows.flow), np.int32)
        trips = connect_trips(case.graph, zero, flows.origin - 1, flows.destination - 1, flows.flow)
    return _join(found.name, case, trips, found.notes, "as in the file")


def _join(name: str, case: StandardCase, trips: ZoneTrips, notes: tuple[str, ...], unit: str) -> Roads:
    return Roads(name, case.graph, case.costs, trips, (*notes, *case.notes), unit)


def _read_demand(path: Path, graph: StandardGraph) -> ZoneTrips:
    """Demand of a file between the zones of a graph."""
    frame = require_plain(read_demand(path, graph.zone_ids), path.name)
    place = {key: at for at, key in enumerate(graph.zone_ids)}
    start, stop = (
        frame[column].map(place).to_numpy(dtype=np.int64) for column in ("origin_id", "destination_id")
    )
    return connect_trips(graph, np.zeros(len(frame), np.int32), start, stop, frame["volume"].to_numpy())
