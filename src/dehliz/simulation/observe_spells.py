"""Closures as the lists that waits are held against: those of a resource, for a ship those of both its ports.

Used by ``simulation/observe_outline.py`` and ``simulation/observe.py``.
"""

import numpy as np

from dehliz.graph.graph import FloatArray, IntArray
from dehliz.kernels.observe_data import Spells
from dehliz.kernels.search import freeze
from dehliz.simulation.system import System


def make_spells(system: System, first: IntArray, start_h: FloatArray, end_h: FloatArray) -> Spells:
    """Lists by resource, then by quay.

    Parameters
    ----------
    system : System
        Gives lines and their sides.
    first : (n_resource + 1,) int32
        Rows of each resource.
    start_h, end_h : (n,) float64
        Closures, ascending and disjoint within a resource [h].

    Returns
    -------
    Spells
        The list of a BOARD is the union of both sides of its line; the lists of quays hold one side each.
    """
    n = system.n_resource
    starts = [start_h[first[row] : first[row + 1]] for row in range(n)]
    ends = [end_h[first[row] : first[row + 1]] for row in range(n)]
    own = system.lines.resource.reshape(-1)
    quay_starts, quay_ends = [starts[row] for row in own], [ends[row] for row in own]
    for pair in system.lines.resource:
        both = [np.concatenate([part[row] for row in pair]) for part in (starts, ends)]
        joined = join(*both)
        for row in pair:
            starts[row], ends[row] = joined
    starts, ends = starts + quay_starts, ends + quay_ends
    firsts = np.cumsum([0, *map(len, starts)])
    empty = np.zeros(0)
    return Spells(
        freeze(firsts, np.int32),
        freeze(np.concatenate([empty, *starts]), np.float64),
        freeze(np.concatenate([empty, *ends]), np.float64),
    )


def join(start_h: FloatArray, end_h: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The union of spells as ascending, disjoint ones.

    Examples
    --------
    >>> join(np.array([5.0, 0.0, 1.0]), np.array([6.0, 2.0, 3.0]))
    (array([0., 5.]), array([3., 6.]))
    """
    order = np.argsort(start_h, kind="stable")
    start_h, end_h = start_h[order], end_h[order]
    reach = np.maximum.accumulate(end_h)
    begins = np.ones(len(start_h), dtype=bool)
    begins[1:] = start_h[1:] > reach[:-1]
    places = np.flatnonzero(begins)
    last = np.append(places[1:], len(start_h)) - 1
    return start_h[places], reach[last[: len(places)]]
