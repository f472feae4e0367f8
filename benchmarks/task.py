"""What every tool is asked on one graph; a file of arrays, so that each tool can run in a process of its own.

Needs NumPy only: rivals live in an environment without Dehliz.
"""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """A directed graph and questions on it.

    Attributes
    ----------
    first_out, head : (n_vertex + 1,) and (n_arc,) int64
        Forward star.
    weight, other_weight : (n_arc,) int64
        Two metrics [m], both at least 1.
    coordinate : (n_vertex, 2) float64
        Latitude and longitude [deg].
    pair : (n_pair, 2) int64
        Asked one by one.
    batch : (n_batch, 2) int64
        Asked all together.
    origin, destination : (n,) int64
        Asked as a matrix.
    changed : (n,) int64
        Arcs whose weights change to ``other_weight``.
    """

    first_out: Ints
    head: Ints
    weight: Ints
    other_weight: Ints
    coordinate: npt.NDArray[np.float64]
    pair: Ints
    batch: Ints
    origin: Ints
    destination: Ints
    changed: Ints

    @property
    def vertex_count(self) -> int:
        """Vertices of the graph."""
        return len(self.first_out) - 1

    @property
    def tail(self) -> Ints:
        """Tail of each arc."""
        return np.repeat(np.arange(self.vertex_count), np.diff(self.first_out))

    def save(self, path: Path) -> None:
        """Write all arrays to one file."""
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(self)})


def load_task(path: Path) -> Task:
    """Read what ``save`` wrote."""
    with np.load(path) as stored:
        return Task(**{field.name: stored[field.name] for field in fields(Task)})


def ask(
    first_out: Ints,
    head: Ints,
    weight: Ints,
    coordinate: npt.NDArray[np.float64],
    pair_count: int = 200,
    batch_count: int = 20_000,
    set_count: int = 500,
    seed: int = 42,
) -> Task:
    """Draw the questions on a graph: random pairs, a random batch, two random sets, arcs to change."""
    rng = np.random.default_rng(seed)
    n_vertex = len(first_out) - 1
    factor = rng.integers(50, 200, len(weight))
    return Task(
        first_out=np.asarray(first_out, np.int64),
        head=np.asarray(head, np.int64),
        weight=np.asarray(weight, np.int64),
        other_weight=np.maximum(1, np.asarray(weight, np.int64) * factor // 100),
        coordinate=coordinate,
        pair=rng.integers(0, n_vertex, (pair_count, 2)),
        batch=rng.integers(0, n_vertex, (batch_count, 2)),
        origin=rng.integers(0, n_vertex, set_count),
        destination=rng.integers(0, n_vertex, set_count),
        changed=rng.choice(len(weight), min(100, len(weight)), replace=False),
    )
