"""``Trips``: the demand of a design day as arrays, between vertices of a compiled network.

Rows of demand come in by id; trips go out by vertex, sorted by segment, origin and destination, so that equal
demand gives equal arrays whatever the order of its rows. ``graph/load_costs.py`` stands beside; ``assignment``
loads them onto arcs.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.base.errors import DataError, Issue, suggest
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.graph import FloatArray, Graph, IntArray


@dataclass(frozen=True, slots=True)
class Trips:
    """Flows of a design day, sorted by (segment, origin, destination), each triple once. Arrays are read-only.

    Attributes
    ----------
    segment : (n_trip,) int32
        Position in ``segment_ids``.
    origin, destination : (n_trip,) int32
        Vertices where each trip starts and ends. They may be two copies of one centroid, so that no route passes
        through somebody's centroid.
    volume_t_d : (n_trip,) float64
        Flow, above 0, in the unit of the capacities: tonnes a day in freight networks, vehicles an hour in most
        test networks.
    segment_ids : tuple of str
        Ids behind the positions.
    """

    segment: IntArray
    origin: IntArray
    destination: IntArray
    volume_t_d: FloatArray
    segment_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def n_trip(self) -> int:
        """Number of trips."""
        return len(self.segment)

    @property
    def n_segment(self) -> int:
        """Number of segments."""
        return len(self.segment_ids)

    def __repr__(self) -> str:
        return f"Trips({self.n_trip} trips of {self.n_segment} segments, {self.volume_t_d.sum():,.1f} a day)"


def make_trips(
    segment: npt.ArrayLike,
    origin: npt.ArrayLike,
    destination: npt.ArrayLike,
    volume_t_d: npt.ArrayLike,
    segment_ids: tuple[str, ...] = ("all",),
) -> Trips:
    """Sorted trips; equal triples are added up, and flows of 0 left out.

    Parameters
    ----------
    segment, origin, destination : (n,) int32
        Segment position and the two vertices of each flow, in any order.
    volume_t_d : (n,) float64
        Flows, at least 0.
    segment_ids : tuple of str
        Ids behind the positions.
    """
    key = np.stack([np.asarray(part, dtype=np.int32) for part in (segment, origin, destination)], axis=1)
    volume = np.asarray(volume_t_d, dtype=np.float64)
    kept = volume > 0.0
    unique, place = np.unique(key[kept].reshape(-1, 3), axis=0, return_inverse=True)
    total: FloatArray = np.bincount(place.reshape(-1), weights=volume[kept], minlength=len(unique)).astype(
        np.float64
    )
    first, second, third = (np.ascontiguousarray(unique[:, at], dtype=np.int32) for at in range(3))
    return Trips(first, second, third, volume_t_d=total, segment_ids=segment_ids)


def compile_trips(demand: pd.DataFrame, graph: Graph, segment_ids: tuple[str, ...]) -> Trips:
    """Trips of a design day from rows of yearly demand.

    Parameters
    ----------
    demand : DataFrame
        ``segment_id, origin_zone_id, destination_zone_id, volume_t_a``; other columns are not read. Rows inside one
        zone are left out.
    graph : Graph
        Gives the vertices of zones.
    segment_ids : tuple of str
        Segments in the order wanted.

    Returns
    -------
    Trips
        A day is the 365th part of a year.

    Raises
    ------
    DataError
        With every zone and segment that is not there.
    """
    zone = {zone_id: vertex for vertex, zone_id in enumerate(graph.zone_ids)}
    place = {segment_id: at for at, segment_id in enumerate(segment_ids)}
    issues = []
    for column, known, remedy in (
        ("segment_id", place, "Correct the segment, or add it to segment.csv"),
        ("origin_zone_id", zone, "Correct the zone, or add it to zone.csv"),
        ("destination_zone_id", zone, "Correct the zone, or add it to zone.csv"),
    ):
        lost = tuple(sorted(set(demand[column]) - set(known)))
        if lost:
            issues.append(
                Issue(f"demand.{column}.known", f"demand, column {column}", lost, "not in the network",
                      "Demand runs between zones of the network", suggest(lost[0], list(known)) or remedy)
            )  # fmt: skip
    if issues:
        raise DataError("The demand cannot be loaded", issues)
    origin, destination = demand["origin_zone_id"].map(zone), demand["destination_zone_id"].map(zone)
    kept = (origin != destination).to_numpy()
    return make_trips(
        demand["segment_id"].map(place).to_numpy()[kept],
        origin.to_numpy()[kept],
        destination.to_numpy()[kept] + graph.n_zone,
        demand["volume_t_a"].to_numpy(dtype=np.float64)[kept] / DAYS_PER_YEAR,
        segment_ids,
    )
