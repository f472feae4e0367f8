"""Rules that a ``System`` and its ``Draws`` must follow, and how a broken one is told."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dehliz.base.errors import Issue, say_count
from dehliz.base.sheet import Rule

Mask = npt.NDArray[np.bool_]

SHAPE = Rule(
    "system.array.shape", "Arrays of draws are as long as the system needs", "Draw it for this system"
)
NUMBER = Rule(
    "system.array.number",
    "Numbers point to things of the system; -1 stands for none where there may be none",
    "Number things as they stand in the system",
)
LOAD = Rule(
    "system.stage.load",
    "A load is at most the capacity of its line",
    "Use smaller lots, or give the line more room",
)
RELEASE = Rule(
    "system.draws.release", "Releases are at hour 0 or later, in order", "Sort them, and cut them at hour 0"
)
FACTOR = Rule("system.draws.factor", "Draws are at least 0", "Draw them again")
CLOSURE = Rule(
    "system.draws.closure",
    "Closures of a resource end after they begin, one after the other",
    "Join those that overlap",
)
END = Rule("system.draws.end", "A run ends at an hour or at inf", "Give its end")
DEPARTURE = Rule("system.line.departure", "Departures of a side are in order", "Sort them")
QUANTITY = Rule("system.array.quantity", "Times and loads are at least 0 and not endless", "Correct the plan")
WAIT = Rule("system.line.wait", "A longest wait is at least 0; inf waits until full", "Correct the line")
SERVER = Rule(
    "system.resource.server",
    "A SERVE or TAKE has at least one server or token",
    "Correct the terminal or the pool",
)
POOL = Rule("system.resource.pool", "A GIVE gives back to a TAKE", "Name its pool")
CAPACITY = Rule("system.line.capacity", "A line carries more than 0", "Give its capacity")
FLEET = Rule(
    "system.line.fleet", "A line has ships, or 0 where there is always one at hand", "Count its ships"
)
SIDE = Rule(
    "system.line.side",
    "Each side of a line is a BOARD resource that names the line and the side",
    "Give it two BOARD resources",
)
BERTH = Rule("system.line.berth", "Berths are a SERVE resource", "Correct the berth")
BERTH_USE = Rule(
    "system.stage.berth", "Consignments do not come to berths", "Give the berths a resource of their own"
)
TIMETABLE = Rule(
    "system.line.timetable",
    "A side of a CLOCK line that cargo comes to has departures",
    "Give it a timetable",
)
CIRCLE = Rule("system.stage.circle", "A way ends", "Let the last stage lead to -1")
LONGEST = Rule(
    "system.flow.longest",
    "A flow passes no more stages than longest_count says",
    "Count the longest way, detours included",
)
REACH = Rule(
    "system.resource.reach", "Somebody comes to every resource", "Leave it out, or correct the stages"
)


def tell(rule: Rule, place: str, is_bad: Mask, ids: Sequence[str] = ()) -> list[Issue]:
    """Where a rule does not hold, as one issue or none.

    Parameters
    ----------
    rule : Rule
        The rule.
    place : str
        The array.
    is_bad : (n,) bool
        Where it does not hold.
    ids : sequence of str
        Names of the n things; none where they have none.

    Returns
    -------
    list of Issue
        Empty when it holds everywhere.
    """
    at = np.flatnonzero(is_bad).tolist()
    if not at:
        return []
    names = dict.fromkeys(ids[one] for one in at) if ids else [f"row {one}" for one in at[:100]]
    found = f"It does not hold in {say_count(len(at), 'place')} of {is_bad.size}"
    return [Issue(rule.name, place, tuple(names), found, rule.expected, rule.remedy)]
