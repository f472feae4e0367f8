"""``System``: what consignments pass through, as arrays: resources, the lines of ships and trains, their order.

``simulation/plan.py`` makes a ``System`` of a network and its flows, and ``kernels/events.py`` runs it. Nothing here
is drawn: what is random stands in ``simulation/draws.py``.
"""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from dehliz.graph.graph import ByteArray, FloatArray, IntArray

LongArray = NDArray[np.int64]


def freeze(owner: object) -> None:
    """Make every array of a frozen value read-only."""
    for field in fields(owner):  # type: ignore[arg-type]
        value = getattr(owner, field.name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False


class ResourceKind(IntEnum):
    """How a resource treats those who come."""

    DELAY = 0
    """Takes time only: everyone at once."""
    SERVE = 1
    """Equal servers, first come first served within a priority; work that has begun is finished in a closure."""
    BOARD = 2
    """One direction of a line: cargo waits at the quay and leaves in batches."""
    TAKE = 3
    """Takes one token of a pool (a wagon of one gauge), and waits when there is none; takes no time itself."""
    GIVE = 4
    """Gives the token back, which is at hand again after the stage's time; the consignment goes on at once."""


class Departs(IntEnum):
    """How a line leaves."""

    FILLS = 0
    """When full, or ``longest_wait_h`` after its first cargo came (or the ship was ready, if that is later)."""
    CLOCK = 1
    """At given times, with whatever is there; a closure postpones a departure to its end."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Ships and trains that carry batches between two sides, 0 and 1.

    Attributes
    ----------
    line_ids : tuple of str
        Names, such as ``ferry_kuryk_alat``.
    resource : (n_line, 2) int32
        BOARD resource of each side, whose closures shut the port of that side for departure and berthing.
    departs : (n_line,) int8
        ``Departs``.
    capacity : (n_line,) float64
        Load that a departure carries, in the unit of the stages' loads (shares of a ship, TEU).
    longest_wait_h : (n_line,) float64
        For FILLS; ``inf`` waits until full.
    fleet_count : (n_line,) int32
        Ships; 0 means that there is always one at hand. Ship ``i`` begins at side ``i % 2``, ready at hour 0.
    crossing_h : (n_line, 2) float64
        Mean time from departure at a side to arrival off the other; times the draw of that side's BOARD stream.
    turn_h : (n_line,) float64
        Mean time at a berth until ready again; times the draw of the line's turn stream.
    berth : (n_line, 2) int32
        SERVE resource where ships turn at each side, shared by lines; -1 where there is always room.
    cut_off_h : (n_line,) float64
        For CLOCK: cargo ready later than this before a departure misses it.
    first_departure : (2 n_line + 1,) int32
        Side ``s`` of line ``l`` leaves at the rows of ``departure_h`` from ``first_departure[2 l + s]`` on.
    departure_h : (n,) float64
        For CLOCK: times since the start, ascending.
    """

    line_ids: tuple[str, ...]
    resource: IntArray
    departs: ByteArray
    capacity: FloatArray
    longest_wait_h: FloatArray
    fleet_count: IntArray
    crossing_h: FloatArray
    turn_h: FloatArray
    berth: IntArray
    cut_off_h: FloatArray
    first_departure: IntArray
    departure_h: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class System:
    """Resources and the chains of stages that lead through them.

    Attributes
    ----------
    resource_ids : tuple of str
        Names, such as ``terminal:altynkol_gauge_1435_1520`` or ``link:kz_0412``; streams of draws are seeded by them.
    kind : (n_resource,) int8
        ``ResourceKind``.
    server_count : (n_resource,) int32
        Servers of SERVE, tokens of TAKE; 0 else.
    partner : (n_resource,) int32
        TAKE resource whose token a GIVE resource gives back; -1 else.
    line, side : (n_resource,) int32, int8
        Line and side of a BOARD resource; -1 else.
    lines : Lines
        Ships and trains.
    stage_resource : (n_stage,) int32
        Resource of each stage.
    stage_time_h : (n_stage,) float64
        Mean time there; times the draw. 0 for BOARD (the line's crossing) and TAKE.
    stage_load : (n_stage,) float64
        What the consignment takes of a departure; 0 for other kinds.
    stage_next : (n_stage,) int32
        Stage that follows; -1 at the end.
    stage_detour : (n_stage,) int32
        Stage to go on with instead where this one's resource is shut; -1 where there is none.
    entry_stage : (n_flow,) int32
        First stage of each flow.
    longest_count : (n_flow,) int32
        Most stages that a consignment of the flow can pass, detours included.
    priority : (n_flow,) int8
        Lower is served first.
    """

    resource_ids: tuple[str, ...]
    kind: ByteArray
    server_count: IntArray
    partner: IntArray
    line: IntArray
    side: ByteArray
    lines: Lines
    stage_resource: IntArray
    stage_time_h: FloatArray
    stage_load: FloatArray
    stage_next: IntArray
    stage_detour: IntArray
    entry_stage: IntArray
    longest_count: IntArray
    priority: ByteArray

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def n_resource(self) -> int:
        """Number of resources."""
        return len(self.kind)

    @property
    def n_line(self) -> int:
        """Number of lines."""
        return len(self.lines.line_ids)

    @property
    def n_stage(self) -> int:
        """Number of stages."""
        return len(self.stage_resource)

    @property
    def n_flow(self) -> int:
        """Number of flows."""
        return len(self.entry_stage)

    @property
    def n_stream(self) -> int:
        """Number of streams of draws: one per resource, then one per line for its turns at the berth."""
        return self.n_resource + self.n_line


@dataclass(frozen=True, slots=True)
class Draws:
    """Everything random of one replication, drawn beforehand.

    Attributes
    ----------
    flow : (n_consignment,) int32
        Flow of each consignment.
    release_h : (n_consignment,) float64
        When it begins, ascending, hours since the start.
    first_draw : (n_stream + 1,) int64
        Draws of stream ``s`` are ``factor[first_draw[s]:first_draw[s + 1]]``; the k-th to begin at a resource (the
        k-th departure of a BOARD, the k-th turn of a line) takes the k-th, and begins again at the first when they
        are spent. A stream without draws gives 1.
    factor : (n_draw,) float64
        Drawn time over mean time, at least 0.
    first_closure : (n_resource + 1,) int32
        Closures of resource ``r`` are ``first_closure[r]:first_closure[r + 1]``.
    closure_start_h, closure_end_h : (n_closure,) float64
        Half-open spells ``[start, end)`` in which it is shut, ascending and disjoint within a resource.
    end_h : float
        Nothing that would happen later happens.
    """

    flow: IntArray
    release_h: FloatArray
    first_draw: LongArray
    factor: FloatArray
    first_closure: IntArray
    closure_start_h: FloatArray
    closure_end_h: FloatArray
    end_h: float

    def __post_init__(self) -> None:
        freeze(self)
