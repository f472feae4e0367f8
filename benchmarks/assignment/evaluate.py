"""What a tool's flows are worth, found without any of the tools: balance of nodes, relative gap, objective.

The search is SciPy's; sums are exact to rounding, so that gaps of 1e-12 can be told from 0.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from benchmarks.assignment.task import AssignmentTask

Floats = npt.NDArray[np.float64]

BALANCE_SHARE = 1e-6
"""Imbalance of a node as a share of the whole demand from which flows are no answer."""
GAP_FACTOR = 1.5
GAP_FLOOR_SHARE = 2e-13
"""A tool's gap may be this many times the asked one and this much above (rounding) when it is found again."""


def find_costs(task: AssignmentTask, flow: Floats) -> Floats:
    """(n_arc,) generalised cost of each arc at the flows."""
    share = np.maximum(flow, 0.0) / task.capacity
    return np.asarray(task.free_time * (1.0 + task.alpha * share**task.power) + task.fixed)


def find_distances(task: AssignmentTask, cost: Floats) -> Floats:
    """(n_trip,) least cost of each pair; no way leads through nodes below ``first_thru``."""
    split = np.where(task.tail < task.first_thru, task.tail + task.node_count, task.tail)
    order = np.lexsort((cost, task.head, split))
    key = split[order] * (2 * task.node_count) + task.head[order]
    order = order[np.r_[True, key[1:] != key[:-1]]]  # cheapest of parallel arcs
    size = task.node_count + task.first_thru
    first = np.searchsorted(split[order], np.arange(size + 1))
    graph = csr_matrix((cost[order], task.head[order], first), shape=(size, size))
    start = np.where(task.origin < task.first_thru, task.origin + task.node_count, task.origin)
    distance = np.empty(len(start))
    for origin in np.unique(start):
        of_origin = start == origin
        distance[of_origin] = dijkstra(graph, indices=origin)[task.destination[of_origin]]
    return distance


def evaluate(task: AssignmentTask, flow: Floats) -> dict[str, float]:
    """Measures of flows.

    Returns
    -------
    dict
        ``gap_share``: (flow x cost - demand x least cost) / (flow x cost). ``imbalance_share``: worst difference of
        what enters, leaves, starts and ends at a node, over the whole demand. ``least_flow``, ``objective``
        (Beckmann's), ``total_cost``.
    """
    cost = find_costs(task, flow)
    total = math.fsum(flow * cost)
    least = math.fsum(task.volume * find_distances(task, cost))
    count = task.node_count
    net = np.bincount(task.tail, flow, count) - np.bincount(task.head, flow, count)
    net -= np.bincount(task.origin, task.volume, count) - np.bincount(task.destination, task.volume, count)
    share = np.maximum(flow, 0.0) / task.capacity
    integral = (
        task.free_time * (1.0 + task.alpha / (task.power + 1.0) * share**task.power) + task.fixed
    ) * flow
    return {
        "gap_share": (total - least) / total,
        "imbalance_share": float(np.abs(net).max() / task.volume.sum()),
        "least_flow": float(flow.min()),
        "objective": math.fsum(integral),
        "total_cost": total,
    }


def judge(measures: dict[str, float], asked_gap_share: float, optimum: float | None) -> list[str]:
    """What is wrong with an answer, in words; nothing when it holds.

    Parameters
    ----------
    measures : dict
        Of ``evaluate``.
    asked_gap_share : float
        Gap that the tool says it reached.
    optimum : float, optional
        Known least objective. The objective of flows with gap g is at most g x their cost above it.
    """
    wrong = []
    if not measures["imbalance_share"] <= BALANCE_SHARE:
        wrong.append(f"infeasible: {measures['imbalance_share']:.2g} of the demand is lost or made at a node")
    if measures["least_flow"] < 0.0:
        wrong.append(f"a flow is {measures['least_flow']:.2g}")
    if wrong:
        return wrong
    if not measures["gap_share"] <= GAP_FACTOR * asked_gap_share + GAP_FLOOR_SHARE:
        wrong.append(f"gap is {measures['gap_share']:.2g}, not {asked_gap_share:.2g}")
    if optimum is not None:
        room = (abs(measures["gap_share"]) + 1e-11) * measures["total_cost"]
        if not -1e-10 * optimum <= measures["objective"] - optimum <= room:
            wrong.append(f"objective is {measures['objective']:.12g}, the optimum {optimum:.12g}")
    return wrong
