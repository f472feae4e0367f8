"""A road network and its demand as arrays, read from a TNTP folder: what every tool is given.

Needs NumPy only: rivals live in an environment without Dehliz, and the reader is not the product's.
"""

import re
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FACTORS: dict[str, tuple[float, float]] = {
    "Chicago-Sketch": (0.02, 0.04),
    "chicago-regional": (0.1, 0.25),
    "Chicago-Regional": (0.1, 0.25),
}
"""By network: cost of a unit of toll and of length, in the network's unit of time, as published with them."""


@dataclass(frozen=True)
class AssignmentTask:
    """A network with BPR delays and the trips to load. Nodes count from 0, self-loops and trips within a zone are out.

    Attributes
    ----------
    tail, head : (n_arc,) int64
        Ends of each arc, in the order of the file.
    capacity, free_time, alpha, power : (n_arc,) float64
        Time of an arc is ``free_time (1 + alpha (flow / capacity) ** power)``.
    fixed : (n_arc,) float64
        Cost besides time, in the unit of time.
    origin, destination : (n_trip,) int64
        Nodes; each pair once.
    volume : (n_trip,) float64
        Flow of each pair, above 0.
    node_count, first_thru : int64
        Nodes, and the first that a route may pass through.
    """

    tail: Ints
    head: Ints
    capacity: Floats
    free_time: Floats
    alpha: Floats
    power: Floats
    fixed: Floats
    origin: Ints
    destination: Ints
    volume: Floats
    node_count: int
    first_thru: int

    def save(self, path: Path) -> None:
        """Write all arrays to one file."""
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    @property
    def about(self) -> str:
        """Its size in words."""
        origins = len(np.unique(self.origin))
        return f"{self.node_count:,} nodes, {len(self.tail):,} arcs, {origins:,} origins, {len(self.volume):,} pairs"


def load_task(path: Path) -> AssignmentTask:
    """Read what ``save`` wrote."""
    with np.load(path) as stored:
        parts = {field.name: stored[field.name] for field in fields(AssignmentTask)}
    counts = {name: int(parts.pop(name)) for name in ("node_count", "first_thru")}
    return AssignmentTask(**parts, **counts)


def _only(folder: Path, ending: str) -> str:
    found = sorted(folder.glob(f"*{ending}"))
    if len(found) != 1:
        raise SystemExit(f"{folder} has {len(found)} files *{ending}. It needs one. Name another folder.")
    return found[0].read_text(encoding="utf-8", errors="replace")


def _count(text: str, name: str) -> int:
    match = re.search(rf"<{name}>\s*(\d+)", text)
    if match is None:
        raise SystemExit(f"The network has no <{name}>. It needs one. Take a whole TNTP file.")
    return int(match.group(1))


def read_tntp(folder: Path, factors: tuple[float, float] | None = None) -> AssignmentTask:
    """The task of a TNTP folder.

    Parameters
    ----------
    folder : Path
        Has ``*_net.tntp`` and ``*_trips.tntp``.
    factors : tuple of float, optional
        Cost of a unit of toll and of length; those of ``FACTORS`` when left out, 0 for networks not named there.
    """
    text = _only(folder, "_net.tntp")
    body = text.split("<END OF METADATA>", 1)[1]
    lines = [line.replace(";", " ").split() for line in body.splitlines() if line.strip()[:1].isdigit()]
    row = np.array([line[:9] for line in lines], dtype=np.float64)
    if len(row) != _count(text, "NUMBER OF LINKS"):
        raise SystemExit(f"{folder} has {len(row)} links, its head says {_count(text, 'NUMBER OF LINKS')}.")
    toll_factor, length_factor = FACTORS.get(folder.name, (0.0, 0.0)) if factors is None else factors
    row = row[row[:, 0] != row[:, 1]]
    tail, head, capacity, length, free_time, alpha, power, _, toll = row.T.copy()
    origin, destination, volume = _read_trips(_only(folder, "_trips.tntp"))
    return AssignmentTask(
        tail=tail.astype(np.int64) - 1,
        head=head.astype(np.int64) - 1,
        capacity=capacity,
        free_time=free_time,
        alpha=alpha,
        power=power,
        fixed=toll_factor * toll + length_factor * length,
        origin=origin - 1,
        destination=destination - 1,
        volume=volume,
        node_count=_count(text, "NUMBER OF NODES"),
        first_thru=_count(text, "FIRST THRU NODE") - 1,
    )


def _read_trips(text: str) -> tuple[Ints, Ints, Floats]:
    """Pairs of different zones with a flow, sorted; a pair that comes twice is added up."""
    total: dict[tuple[int, int], float] = {}
    for part in re.split(r"Origin\s+", text.split("<END OF METADATA>", 1)[1])[1:]:
        origin = int(part.split(None, 1)[0])
        for destination, volume in re.findall(r"(\d+)\s*:\s*([-+.\deE]+)", part):
            if float(volume) > 0.0 and int(destination) != origin:
                pair = (origin, int(destination))
                total[pair] = total.get(pair, 0.0) + float(volume)
    pairs = np.array(sorted(total), dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy(), np.array([total[pair] for pair in sorted(total)])


def one_way_dead_end() -> AssignmentTask:
    """The smallest network with a node that two arcs enter and none leaves: the pattern of node 1008 of Barcelona.

    From 0 to 1 by 2, then 2 → 4 (dear), then 4 → 1. Node 3 is entered cheaply from 2 and from 4; who takes it
    for a node to pass through drives 2 → 3 → 4 against the one-way arc 4 → 3.
    """
    tail, head = np.array([0, 2, 2, 4, 4, 1]), np.array([2, 4, 3, 3, 1, 4])
    return AssignmentTask(
        tail=tail,
        head=head,
        capacity=np.full(6, 1000.0),
        free_time=np.array([1.0, 10.0, 1.0, 1.0, 1.0, 1.0]),
        alpha=np.full(6, 0.15),
        power=np.full(6, 4.0),
        fixed=np.zeros(6),
        origin=np.array([0]),
        destination=np.array([1]),
        volume=np.array([100.0]),
        node_count=5,
        first_thru=2,
    )
