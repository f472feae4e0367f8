"""Zone-to-zone matrices of one criterion, all pairs at once.

For whoever needs many least values and no routes: gravity models, screening, tests that nothing is cut off. The file
before is ``graph/cost.py``.
"""

from typing import Literal

import numpy as np

from dehliz.graph.graph import FloatArray
from dehliz.kernels.search import cost_matrix, make_star
from dehliz.routing.planner import Planner

Criterion = Literal["cost_usd", "time_h", "emissions_kgco2e"]


def skim(planner: Planner, criterion: Criterion = "time_h") -> FloatArray:
    """Least value of one criterion between all zones.

    Parameters
    ----------
    planner : Planner
        The network and the shipment.
    criterion : {"cost_usd", "time_h", "emissions_kgco2e"}
        What is minimised.

    Returns
    -------
    (n_zone, n_zone) float64
        Row is the origin, column the destination, in the order of ``graph.zone_ids``; 0 on the diagonal, ``inf``
        where there is no way.
    """
    graph = planner.graph
    star = make_star(graph.first_out, graph.head)
    labels = cost_matrix(star, getattr(planner.costs, criterion), np.arange(graph.n_zone, dtype=np.int32))
    matrix = np.ascontiguousarray(labels[:, graph.n_zone : 2 * graph.n_zone])
    np.fill_diagonal(matrix, 0.0)
    return matrix
