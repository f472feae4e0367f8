"""Faults of the ways through a system: circles of stages, ways longer than told, resources that nobody comes to."""

import numpy as np

from dehliz.base.errors import Issue
from dehliz.graph.graph import IntArray
from dehliz.simulation import check_rules as rules
from dehliz.simulation.check_rules import Mask, tell
from dehliz.simulation.system import ResourceKind, System

ENDLESS = -1


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
    names = [system.resource_ids[at] for at in system.stage_resource]
    return [
        *tell(rules.CIRCLE, "stage_next", length == ENDLESS, names),
        *tell(rules.LONGEST, "longest_count", length[system.entry_stage] > system.longest_count),
        *tell(rules.REACH, "stage_resource", _is_unreached(system), system.resource_ids),
    ]


def _longest_ways(system: System) -> IntArray:
    """Stages from each to the end, the longest way, detours instead of stages included; ENDLESS where it never ends.

    Notes
    -----
    Backwards in rounds: a stage is known once what follows it and its detour are known. O(stages x longest way).
    """
    following, detour = system.stage_next, system.stage_detour
    length = np.full(system.n_stage + 1, ENDLESS, np.int32)
    length[-1] = 0  # what -1 points to
    while True:
        is_known = length != ENDLESS
        is_new = ~is_known[:-1] & is_known[following] & is_known[detour]
        if not is_new.any():
            return length[:-1]
        at = np.flatnonzero(is_new)
        length[at] = np.maximum(1 + length[following[at]], length[detour[at]])


def _is_unreached(system: System) -> Mask:
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
    return ~is_used
