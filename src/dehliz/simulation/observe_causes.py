"""``Cause``: what a consignment's time went to, as leaves of a tree, and which leaf each stage of a plan belongs to.

Used by the other ``observe_*.py`` files; the hours themselves are added up in ``kernels/observe.py``.
"""

from enum import IntEnum

import numpy as np

from dehliz.graph.graph import ByteArray
from dehliz.kernels import observe_data as kernel
from dehliz.simulation.plan import Activity, Plan
from dehliz.simulation.system import Departs, ResourceKind


class Cause(IntEnum):
    """Leaves of the tree of causes; every hour between release and delivery belongs to one."""

    SEA = kernel.SEA
    """Crosses, from departure until off the other side."""
    BERTH = kernel.BERTH
    """On board off an open port: waits for a berth."""
    WEATHER = kernel.WEATHER
    """Waits while weather shuts what it waits for: the place, or for a ship the port of either side."""
    HOURS = kernel.HOURS
    """Waits out opening hours, holidays and other closures that are known beforehand."""
    LAND = 4
    """Under way on rail, road, pipeline."""
    HANDLE = 5
    """Worked on at a terminal."""
    WAIT = 6
    """Waits at a terminal for what is not simulated: a train, papers, a slot."""
    BORDER = 7
    """Worked on at a border post or in a gauge yard."""
    BORDER_QUEUE = 8
    """Waits there for others."""
    SHIP_FULL = 9
    """Waits at an open port for a ship that leaves when it is full."""
    SHIP_CLOCK = 10
    """Waits at an open port for a departure of the timetable."""
    PATH = 11
    """Waits for a train path, a place or a server."""
    WAGON = 12
    """Waits for a wagon of a pool."""


BRANCH = {
    Cause.LAND: "moving", Cause.SEA: "moving", Cause.HANDLE: "handling", Cause.WAIT: "terminal",
    Cause.BORDER: "border", Cause.BORDER_QUEUE: "border", Cause.SHIP_FULL: "ship", Cause.SHIP_CLOCK: "ship",
    Cause.BERTH: "ship", Cause.WEATHER: "closure", Cause.HOURS: "closure", Cause.PATH: "queue", Cause.WAGON: "wagon",
}  # fmt: skip
"""Branch of the tree that each leaf is on."""
N_CAUSE = len(Cause)

_WORK = {
    Activity.MOVE: Cause.LAND, Activity.HANDLE: Cause.HANDLE, Activity.WAIT: Cause.WAIT,
    Activity.BORDER: Cause.BORDER, Activity.SAIL: Cause.SEA, Activity.PATH: Cause.PATH, Activity.WAGON: Cause.WAGON,
}  # fmt: skip


def find_causes(plan: Plan) -> tuple[ByteArray, ByteArray]:
    """Cause of the wait and of the work of each stage.

    Parameters
    ----------
    plan : Plan
        Gives activities, kinds and lines.

    Returns
    -------
    wait, work : (n_stage,) int8
        ``Cause``. Waits in a closure and waits off a port are told apart later.
    """
    system = plan.system
    resource = system.stage_resource
    kind = system.kind[resource]
    table = np.array([_WORK[activity] for activity in Activity], dtype=np.int8)
    work = table[plan.stage_activity]
    wait = np.full(len(resource), Cause.PATH, dtype=np.int8)
    wait[plan.stage_activity == Activity.BORDER] = Cause.BORDER_QUEUE
    wait[kind == ResourceKind.TAKE] = Cause.WAGON
    boards = np.flatnonzero(kind == ResourceKind.BOARD)
    by_clock = system.lines.departs[system.line[resource[boards]]] == Departs.CLOCK
    wait[boards] = np.where(by_clock, Cause.SHIP_CLOCK, Cause.SHIP_FULL)
    return wait, work
