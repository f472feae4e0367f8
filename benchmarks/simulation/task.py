"""The corridor that every tool simulates, and its draws: stations in series with a ship between.

Needs NumPy only: rivals live in an environment without Dehliz.
"""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LOAD_SHARE = 0.75
YEAR_H = 8760.0
ARRIVAL_SHAPE, SERVICE_SHAPE = 2.0, 4.0


@dataclass(frozen=True)
class SimulationTask:
    """Boxes through stations, first come first served; a ship is always at hand before one of them.

    Attributes
    ----------
    server_count : (n_station,) int64
        Equal servers of each station.
    release_h : (n_box,) float64
        When each box comes, ascending.
    service_h : (n_station, n_box) float64
        Service time of the k-th to begin at each station.
    ship_before, ship_capacity : int
        Station before which the ship sails; boxes that fill it.
    longest_wait_h, sail_h : float
        A ship leaves when full or so long after its first box came; time over.
    """

    server_count: Ints
    release_h: Floats
    service_h: Floats
    ship_before: int = 6
    ship_capacity: int = 50
    longest_wait_h: float = 24.0
    sail_h: float = 20.0

    def save(self, path: Path) -> None:
        """Write everything to one file."""
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    def count_events(self, box_count: int, sailing_count: int, timeout_count: int) -> int:
        """Model events: boxes that come, services that end, ships that leave and land, longest waits that are over."""
        return (1 + len(self.server_count)) * box_count + 2 * sailing_count + timeout_count

    @property
    def about(self) -> str:
        """Its size in words."""
        return f"{len(self.release_h):,} boxes, {len(self.server_count)} stations"


@dataclass(frozen=True)
class Answer:
    """What a tool found, and what it took.

    Attributes
    ----------
    mean_stay_h : float
        Mean time from coming to the end of the last service.
    box_count : int
        Boxes that came through.
    sailing_count, timeout_count : int
        Ships that left; those of them that were not full.
    cpu_s : float
        CPU time of the run, draws and imports left out.
    """

    mean_stay_h: float
    box_count: int
    sailing_count: int
    timeout_count: int
    cpu_s: float


@dataclass(frozen=True)
class Size:
    """How many boxes in a year through how many stations, and how large the ship is."""

    box_count: int
    station_count: int
    ship_capacity: int
    span_h: float


SIZES: dict[str, Size] = {
    "smoke": Size(300, 12, 50, 0.015 * YEAR_H),
    "year": Size(20_000, 12, 50, YEAR_H),
    "large": Size(100_000, 28, 250, YEAR_H),
}
"""``smoke`` is the beginning of ``year``; ``large`` has some three million events."""


def make_task(size: Size, seed: int = 1) -> SimulationTask:
    """The corridor with 1 to 4 servers a station, all three quarters busy, on gamma gaps and services."""
    rng = np.random.default_rng(seed)
    rate_h = size.box_count / size.span_h
    server_count = np.tile(np.arange(1, 5), size.station_count // 4)
    gap_h = rng.gamma(ARRIVAL_SHAPE, 1.0 / (ARRIVAL_SHAPE * rate_h), size.box_count)
    factor = rng.gamma(SERVICE_SHAPE, 1.0 / SERVICE_SHAPE, (size.station_count, size.box_count))
    mean_h = LOAD_SHARE * server_count / rate_h
    return SimulationTask(
        server_count, np.cumsum(gap_h), factor * mean_h[:, None], ship_capacity=size.ship_capacity
    )


def load_task(path: Path) -> SimulationTask:
    """Read what ``save`` wrote."""
    with np.load(path) as stored:
        parts = {field.name: stored[field.name] for field in fields(SimulationTask)}
    for name in ("ship_before", "ship_capacity"):
        parts[name] = int(parts[name])
    for name in ("longest_wait_h", "sail_h"):
        parts[name] = float(parts[name])
    return SimulationTask(**parts)
