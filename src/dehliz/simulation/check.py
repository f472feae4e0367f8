"""Faults of a ``System`` and its ``Draws``, all in one list.

Makers of plans call ``check_system``; ``run_events`` asks only ``check_vitals``, what it could not run with.
"""

import numpy as np

from dehliz.base.errors import Issue
from dehliz.simulation.system import Draws, ResourceKind, System

CAPACITY_TOLERANCE = 1e-9


def _issue(rule: str, place: str, ids: list[str], found: str, expected: str, remedy: str) -> Issue:
    return Issue(f"system.{rule}", place, tuple(ids), found, expected, remedy)


def check_vitals(system: System, draws: Draws) -> list[Issue]:
    """Faults that would stop the event loop or let it read outside its arrays.

    Parameters
    ----------
    system : System
        What is to be run.
    draws : Draws
        Its draws.

    Returns
    -------
    list of Issue
        Empty when it can be run.
    """
    return [*_check_shapes(system, draws), *_check_loads(system)]


def _check_shapes(system: System, draws: Draws) -> list[Issue]:
    found = []
    for name, length, needed in (
        ("first_draw", len(draws.first_draw), system.n_stream + 1),
        ("first_closure", len(draws.first_closure), system.n_resource + 1),
        ("release_h", len(draws.release_h), len(draws.flow)),
        ("lines.first_departure", len(system.lines.first_departure), 2 * system.n_line + 1),
    ):
        if length != needed:
            found.append(
                _issue(
                    "shape",
                    name,
                    [],
                    f"It has {length} entries",
                    f"This system needs {needed}",
                    "Draw it for this system",
                )
            )
    return found


def _check_loads(system: System) -> list[Issue]:
    is_board = system.kind[system.stage_resource] == ResourceKind.BOARD
    stages = np.flatnonzero(is_board)
    line = system.line[system.stage_resource[stages]]
    is_heavy = ~(system.stage_load[stages] <= system.lines.capacity[line] + CAPACITY_TOLERANCE)
    if not is_heavy.any():
        return []
    ids = sorted({system.lines.line_ids[at] for at in line[is_heavy]})
    return [
        _issue(
            "load",
            "stage_load",
            ids,
            f"{int(is_heavy.sum())} stages load more than a departure carries",
            "A load is at most the capacity of the line",
            "Use smaller lots, or give the line more room",
        )
    ]


def check_system(system: System, draws: Draws) -> list[Issue]:
    """Every fault of a system and its draws.

    Parameters
    ----------
    system : System
        What is to be run.
    draws : Draws
        Its draws.

    Returns
    -------
    list of Issue
        Empty when all is well.
    """
    return [*check_vitals(system, draws)]
