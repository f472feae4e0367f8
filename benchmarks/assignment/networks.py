"""Networks to assign on as Dehliz takes them: test networks, and a city of any size on a square grid."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.assignment.task import read_tntp
from dehliz.graph.load_costs import LoadCosts, plain_load_costs
from dehliz.graph.trips import Trips, make_trips


class Star(NamedTuple):
    """A forward star; ``row`` is the link of the file behind each arc."""

    first_out: npt.NDArray[np.int32]
    tail: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    row: npt.NDArray[np.int64]


class Task(NamedTuple):
    """What to assign."""

    name: str
    graph: Star
    costs: LoadCosts
    trips: Trips


def make_task(
    name: str,
    link: npt.NDArray[np.float64],
    fixed: npt.NDArray[np.float64],
    od: npt.NDArray[np.float64],
    n_vertex: int,
) -> Task:
    """A task from links (tail, head, capacity, free time, alpha, power) and rows of origin, destination, volume."""
    order = np.lexsort((link[:, 1], link[:, 0]))
    link = link[order]
    tail, head = link[:, 0].astype(np.int32), link[:, 1].astype(np.int32)
    first_out = np.searchsorted(tail, np.arange(n_vertex + 1)).astype(np.int32)
    form = np.ones(len(link), np.int8)
    costs = plain_load_costs(link[:, 3], link[:, 2], link[:, 4], link[:, 5], form, fixed_h=fixed[order])
    trips = make_trips(np.zeros(len(od)), od[:, 0], od[:, 1], od[:, 2])
    return Task(name, Star(first_out, tail, head, order), costs, trips)


def read_task(folder: Path) -> Task:
    """Network and trips of a folder in the TNTP format; nodes below FIRST THRU NODE are split in two."""
    read = read_tntp(folder)
    closed = read.first_thru
    tail = np.where(read.tail < closed, read.tail + read.node_count, read.tail)
    origin = np.where(read.origin < closed, read.origin + read.node_count, read.origin)
    link = np.stack([tail, read.head, read.capacity, read.free_time, read.alpha, read.power], axis=1)
    od = np.stack([origin, read.destination, read.volume], axis=1)
    return make_task(folder.name, link, read.fixed, od, read.node_count + closed)


def make_city(side_count: int, origin_count: int, seed: int = 1) -> Task:
    """A square grid with faster avenues, and gravity trips among some of its crossings, loaded to congestion."""
    rng = np.random.default_rng(seed)
    vertex = np.arange(side_count * side_count).reshape(side_count, side_count)
    across = np.stack([vertex[:, :-1].ravel(), vertex[:, 1:].ravel()], axis=1)
    along = np.stack([vertex[:-1].ravel(), vertex[1:].ravel()], axis=1)
    is_avenue = np.concatenate([across[:, 0] // side_count % 8 == 0, along[:, 0] % side_count % 8 == 0])
    ends = np.concatenate([across, along])
    ends = np.concatenate([ends, ends[:, ::-1]])
    fast = np.concatenate([is_avenue, is_avenue])
    free = rng.uniform(0.8, 1.2, len(ends)) * np.where(fast, 0.5, 1.0)
    capacity = np.where(fast, 3000.0, 800.0) * rng.uniform(0.8, 1.2, len(ends))
    link = np.stack(
        [ends[:, 0], ends[:, 1], capacity, free, np.full(len(ends), 0.15), np.full(len(ends), 4.0)], 1
    )
    zone = np.sort(rng.choice(side_count * side_count, origin_count, replace=False))
    x, y = zone % side_count, zone // side_count
    far = np.abs(x[:, None] - x) + np.abs(y[:, None] - y)
    wish = np.exp(-far / (0.15 * side_count)) * rng.lognormal(0.0, 0.5, far.shape)
    np.fill_diagonal(wish, 0.0)
    # vehicle distance over capacity distance: three fifths of all capacity are used on shortest ways
    wish *= 0.6 * capacity.sum() / (wish * far).sum()
    row, column = np.nonzero(wish > 0.02)
    od = np.stack([zone[row], zone[column], wish[row, column]], axis=1)
    return make_task(f"city-{side_count}", link, np.zeros(len(link)), od, side_count * side_count)
