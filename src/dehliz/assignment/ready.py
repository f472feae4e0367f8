"""Kernels of a method, loaded before the clock starts: compiling is no part of the time that a method takes."""

import time
from typing import Any, Final

import numpy as np

from dehliz.assignment.settings import Method
from dehliz.assignment.topology import Topology
from dehliz.graph.trips import Trips
from dehliz.kernels.bush_renew import renew_block
from dehliz.kernels.bush_shift import all_costs, sum_flows, sweep_block
from dehliz.kernels.cascade import cascade_tree, unroll_tree
from dehliz.kernels.delay import delay_integrals, delay_times
from dehliz.kernels.jit import SIZE_GATE_COUNT, Kernel
from dehliz.kernels.least import least_costs
from dehliz.kernels.logit import flow_changes, nested_shares, response_diagonal
from dehliz.kernels.pricing import price_routes
from dehliz.kernels.route_sums import (
    path_sizes,
    sign_arcs,
    sum_on_arc_rows,
    sum_on_arcs,
    sum_on_routes,
    sum_rows_on_routes,
)
from dehliz.kernels.search import grow_tree, mark_runs

_GAP: Final[tuple[Kernel[..., Any], ...]] = (least_costs, all_costs, delay_integrals)
KERNELS: Final[dict[Method, tuple[Kernel[..., Any], ...]]] = {
    "aon": (*_GAP, grow_tree, cascade_tree, unroll_tree),
    "ue": (*_GAP, renew_block, sweep_block, sum_flows),
    "sue": (
        *_GAP, grow_tree, delay_times, nested_shares, flow_changes, response_diagonal, path_sizes, sign_arcs,
        sum_on_routes, sum_on_arcs, sum_on_arc_rows, sum_rows_on_routes,
    ),
    "so": (*_GAP, price_routes),
}  # fmt: skip
"""Kernels that each method calls from Python, as far as a large network is sure to need them."""


def load_kernels(method: Method, graph: Topology, trips: Trips) -> float:
    """Compile the kernels of a method, or load them from the cache, when the work is worth it; returns seconds.

    Parameters
    ----------
    method : {"aon", "ue", "sue", "so"}
        Method.
    graph : Topology
        What is loaded.
    trips : Trips
        With what: each origin of each segment is searched for at least once.
    """
    began = time.perf_counter()
    origin_count = np.count_nonzero(mark_runs(trips.segment, trips.origin))
    # An iterative method searches several times: it passes the gate of a single call sooner.
    if 4 * origin_count * len(graph.head) >= SIZE_GATE_COUNT:
        for kernel in KERNELS[method]:
            kernel.warm()
    return time.perf_counter() - began
