"""Faults of the ways through a system: circles of stages, ways longer than told, resources that nobody comes to."""

import numpy as np

from dehliz.base.errors import Issue, say_count
from dehliz.graph.graph import IntArray
from dehliz.simulation.system import ResourceKind, System

CIRCLE = -1


def check_ways(system: System) -> list[Issue]:
    """Faults of the ways of flows, detours included.

    Parameters
    ----------
    system : System
        Its numbers point inside its arrays.

    Returns
    -------
    list of Issue
        Empty when all is well.
    """
    length = _longest_ways(system)
    issues = []
    circling = np.flatnonzero(length == CIRCLE)
    if len(circling):
        ids = tuple(sorted({system.resource_ids[at] for at in system.stage_resource[circling]}))
        found = f"{say_count(len(circling), 'stage')} lead back to themselves"
        issues.append(
            Issue("system.circle", "stage_next", ids, found, "A way ends", "Let the last stage lead to -1")
        )
    needed = length[system.entry_stage]
    short = np.flatnonzero(needed > system.longest_count)
    if len(short):
        ids = tuple(f"flow {at}" for at in short[:100])
        found = f"{say_count(len(short), 'flow')} can pass more stages than it says"
        remedy = "Count the longest way, detours included"
        issues.append(
            Issue("system.longest", "longest_count", ids, found, "It is at least the longest way", remedy)
        )
    lonely = _unreached(system)
    if lonely:
        found = f"Nobody comes to {say_count(len(lonely), 'resource')}"
        remedy = "Leave it out, or correct the stages"
        issues.append(Issue("system.reach", "stage_resource", lonely, found, "Somebody does", remedy))
    return issues


def _longest_ways(system: System) -> IntArray:
    """Stages from each to the end, the longest way, detours instead of stages included; CIRCLE where it never ends.

    Notes
    -----
    Backwards in rounds: a stage is known once what follows it and its detour are known. O(stages x longest way).
    """
    following, detour = system.stage_next, system.stage_detour
    length = np.full(system.n_stage + 1, CIRCLE, np.int32)
    length[-1] = 0  # what -1 points to
    while True:
        is_known = length != CIRCLE
        is_new = ~is_known[:-1] & is_known[following] & is_known[detour]
        if not is_new.any():
            return length[:-1]
        at = np.flatnonzero(is_new)
        length[at] = np.maximum(1 + length[following[at]], length[detour[at]])


def _unreached(system: System) -> tuple[str, ...]:
    """Resources that no way leads to; berths, and sides of lines whose other side is used, may be such."""
    is_reached = np.zeros(system.n_stage + 1, dtype=bool)
    wave = np.unique(system.entry_stage)
    while len(wave):
        is_reached[wave] = True
        ahead = np.unique(np.concatenate([system.stage_next[wave], system.stage_detour[wave]]))
        wave = ahead[(ahead >= 0) & ~is_reached[ahead]]
    is_used = np.zeros(system.n_resource, dtype=bool)
    is_used[system.stage_resource[is_reached[:-1]]] = True
    lines = system.lines
    is_used[lines.resource[is_used[lines.resource].any(axis=1)].reshape(-1)] = True
    is_used[lines.berth[lines.berth >= 0]] = True
    is_used[system.partner[(system.kind == ResourceKind.GIVE) & is_used]] = True
    return tuple(system.resource_ids[at] for at in np.flatnonzero(~is_used))
