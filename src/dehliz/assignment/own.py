"""A network of one's own with its capacities and demand as a problem to be loaded.

Tables of Dehliz's own form come in from a folder; a ``LoadProblem`` goes out, with notes on what was taken for granted.
Beside ``assignment/year.py``, which does the same for the bundled network; the next file is ``assignment/assign.py``.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from dehliz.assignment.problem import LoadProblem, prepare_loads
from dehliz.base.errors import SettingsError
from dehliz.eurasia.load import read_reference
from dehliz.graph.price_loads import LoadTables
from dehliz.network.demand_files import read_yearly
from dehliz.network.files import read_network
from dehliz.network.load_files import read_load_files
from dehliz.network.scenario_year import select_year


@dataclass(frozen=True, slots=True)
class OwnLoads:
    """A problem and the year that its capacities are of; None where no table names a year."""

    problem: LoadProblem
    year: int | None


def prepare_own(path: Path, year: int | None = None, demand: Path | None = None) -> OwnLoads:
    """A network of one's own and its demand as arrays.

    Parameters
    ----------
    path : Path
        Folder or file of a network. A folder may hold ``capacity``, ``background`` and ``delay``, and ``demand.csv``.
    year : int, optional
        Year of the network and of the rows of capacity and background. Without, the network is as its tables give it,
        and the year is the last in which one of those rows begins.
    demand : Path, optional
        File of demand; ``demand.csv`` of the folder when left out.

    Returns
    -------
    OwnLoads
        The network's notes say what is not in the folder.

    Raises
    ------
    DataError
        With the faults of the network, of the capacities, or of the demand.
    SettingsError
        When there is no demand.
    """
    network = read_network(path)
    folder = path if path.is_dir() else path.parent
    own = read_load_files(folder, network)
    file = folder / "demand.csv" if demand is None else demand
    if demand is None and not file.is_file():
        raise SettingsError(
            f"Network {path} has no demand. It needs some. Say --demand FILE, or put demand.csv into its folder."
        )
    if year is not None:
        network = select_year(network, year)
    rows = read_yearly(file, network)
    held = own.last_year if year is None else year
    capacity, background = (own.capacity, own.background) if held is None else own.in_year(held)
    notes = list(own.notes)
    if not len(capacity):
        notes.append(
            "no capacities" + ("" if held is None else f" in {held}") + ": nothing fills, and no time grows"
        )
    delay = own.delay
    if delay is None:
        delay = read_reference("delay")
        notes.append("no table delay in the folder: forms of delay are those of the bundled network")
    problem = prepare_loads(network, rows, LoadTables(capacity, background, delay))
    told = replace(problem.network, notes=(*problem.network.notes, *notes))
    return OwnLoads(replace(problem, network=told), held)
