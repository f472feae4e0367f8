"""Cuts as one finds them first: every set of sections tried; and the flow that no cut can be below, as a programme."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from dehliz.disruption.max_flow import NO_SECTION, Layout


def reaches(layout: Layout, shut: set[int]) -> bool:
    """Whether a way leads from the source to the sink when some sections are shut."""
    arcs = list(zip(layout.tail.tolist(), layout.head.tolist(), layout.section.tolist(), strict=True))
    reached = set(layout.source.tolist())
    while True:
        more = {head for tail, head, section in arcs if tail in reached and section not in shut} - reached
        if not more:
            return bool(reached & set(layout.sink.tolist()))
        reached |= more


def least_cut(layout: Layout, capacity: npt.NDArray[np.float64]) -> tuple[int, float] | None:
    """Fewest sections without a capacity in any cut, and the least capacity of the others with so few; None without."""
    found = []
    for count in range(layout.n_section + 1):
        for chosen in combinations(range(layout.n_section), count):
            if not reaches(layout, set(chosen)):
                known = [capacity[one] for one in chosen if np.isfinite(capacity[one])]
                found.append((len(chosen) - len(known), float(sum(known))))
    return min(found, default=None)


def most_flow(layout: Layout, capacity: npt.NDArray[np.float64]) -> float:
    """Most that can pass when all arcs of a section share its capacity, each knowing whence and whither it leads."""
    n_arc, n = len(layout.tail), layout.n_vertex
    tail = np.concatenate([layout.tail, np.full(len(layout.source), n), layout.sink])
    head = np.concatenate([layout.head, layout.source, np.full(len(layout.sink), n + 1)])
    ones = np.ones(len(tail))
    arcs = np.arange(len(tail))
    balance = csr_matrix((ones, (head, arcs)), (n + 2, len(tail))) - csr_matrix(
        (ones, (tail, arcs)), (n + 2, len(tail))
    )
    shared = np.flatnonzero(layout.section != NO_SECTION)
    limits = csr_matrix(
        (np.ones(len(shared)), (layout.section[shared], shared)), (layout.n_section, len(tail))
    )
    is_known = np.isfinite(capacity)
    goal = np.zeros(len(tail))
    goal[n_arc : n_arc + len(layout.source)] = -1.0
    done = linprog(
        goal,
        A_eq=balance[:n],
        b_eq=np.zeros(n),
        A_ub=limits[is_known],
        b_ub=capacity[is_known],
        method="highs",
    )
    return float(-done.fun) if done.status == 0 else np.inf
