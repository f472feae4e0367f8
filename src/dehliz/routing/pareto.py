"""The exact set of Pareto options over cost, time and CO2e, for one question.

Lays the graph out in layers of gateways when some must be passed, forbids what must not be used, and asks the
kernel (``kernels/options.py``). The next files are ``routing/thin.py`` and ``routing/describe.py``.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from dehliz.graph.cost import Costs
from dehliz.graph.graph import BoolArray, Graph
from dehliz.kernels.jit import Status
from dehliz.kernels.labels import LABEL_LIMIT
from dehliz.kernels.options import Metric, Options, Space, make_metric
from dehliz.kernels.options import find_options as search
from dehliz.kernels.search import Star
from dehliz.routing.layers import BIT_LIMIT_COUNT, NO_NODE, find_turn, lay_out
from dehliz.routing.routes import Routes


@dataclass(frozen=True, slots=True)
class ParetoSettings:
    """How far a search goes.

    Attributes
    ----------
    epsilon_share : float
        0 for all options; above, each way has an option at most this share worse in every criterion.
    label_limit_count : int
        Labels that a search may make before it stops and says that it is truncated.
    """

    epsilon_share: float = 0.0
    label_limit_count: int = LABEL_LIMIT


def make_plain_metric(graph: Graph, costs: Costs) -> Metric:
    """The metric of all questions that pass and avoid nothing, made once for many."""
    return make_metric(Star(graph.first_out, graph.head), costs.weight)


def find_routes(
    graph: Graph,
    costs: Costs,
    ends: tuple[int, int],
    needed: BoolArray,
    settings: ParetoSettings,
    is_return_allowed: bool = False,
) -> Routes:
    """All Pareto options between two zones that pass every gateway needed.

    Parameters
    ----------
    graph : Graph
        The compiled network.
    costs : Costs
        Its metric; ``inf`` forbids.
    ends : (int, int)
        Zones of origin and destination.
    needed : (n_needed, n_arc) bool
        Gateways to pass.
    settings : ParetoSettings
        Budget and tolerance.
    is_return_allowed : bool
        Whether routes are kept that go to a gateway and come back through a node where they have been.

    Returns
    -------
    Routes
        By cost, then time, then emissions; empty when there is no way. Routes that come back are left out unless
        they are allowed: such a one is no way *of* a corridor.

    Notes
    -----
    A route that comes back can beat a straight one, so that it does not do to leave it out afterwards. The node to
    which most of them come back is named as one to be left for good, and the search is made again, until all options
    are straight: the options are then exactly those among all straight ways.
    """
    once: list[int] = []
    while True:
        layers = lay_out(graph, needed, once)
        metric = make_metric(Star(layers.first_out, layers.head), layers.spread(costs.weight))
        vertices = (ends[0], layers.last(graph.n_zone + ends[1]))
        found = _search(graph, metric, ends, vertices, settings, None)
        if is_return_allowed or not len(needed):
            return found
        turns = [find_turn(graph, found.arcs(route)) for route in range(len(found))]
        straight = found.pick([route for route, turn in enumerate(turns) if turn == NO_NODE])
        if len(straight) == len(found) or found.is_truncated:
            return straight
        if len(needed) + len(once) == BIT_LIMIT_COUNT:
            return replace(straight, is_truncated=True)
        once.append(Counter(turn for turn in turns if turn != NO_NODE).most_common(1)[0][0])


def find_plain_routes(
    graph: Graph, metric: Metric, ends: tuple[int, int], settings: ParetoSettings, space: Space | None
) -> Routes:
    """The same without gateways, on a metric made before and in buffers that are used again."""
    return _search(graph, metric, ends, (ends[0], graph.n_zone + ends[1]), settings, space)


def _search(
    graph: Graph,
    metric: Metric,
    ends: tuple[int, int],
    vertices: tuple[int, int],
    settings: ParetoSettings,
    space: Space | None,
) -> Routes:
    found: Options = search(
        metric,
        *vertices,
        epsilon_share=settings.epsilon_share,
        label_limit=settings.label_limit_count,
        space=space,
    )
    count = len(found.first_arc) - 1
    return Routes(
        origin=np.full(count, ends[0], dtype=np.int32),
        destination=np.full(count, ends[1], dtype=np.int32),
        first_arc=found.first_arc,
        arc=found.arc % graph.n_arc,
        is_truncated=found.status == Status.TRUNCATED,
        found_count=count,
    )
