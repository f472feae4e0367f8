"""Lays a graph out in layers of what a route has passed and left, so that any search on them obeys.

A layer stands for a set of things done: gateways passed, and nodes left for good. A route that ends in the last
layer has passed all gateways; arcs back to a node that was left for good are shut. This is exact for any search.
Nodes are named one by one, by whoever finds that routes come back to them: to name all would need too many layers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dehliz.graph.graph import ArcKind, BoolArray, FloatArray, Graph, IntArray

BIT_LIMIT_COUNT = 8
"""Gateways and nodes of one search at most: there are two to this power of layers."""

NO_NODE = -1


@dataclass(frozen=True, slots=True)
class Layers:
    """A graph laid out in layers; arc ``i`` is arc ``i % n_arc`` of the graph.

    Attributes
    ----------
    first_out, head : int32
        Forward star of the layers; vertex ``layer * n_vertex + v``.
    is_shut : (n_layer * n_arc,) bool
        Arcs that lead back to a node that was left for good.
    n_arc, n_vertex : int
        Size of the graph underneath.
    n_layer : int
        Number of layers, a power of two.
    """

    first_out: IntArray
    head: IntArray
    is_shut: BoolArray
    n_arc: int
    n_vertex: int
    n_layer: int

    def spread(self, weight: FloatArray) -> FloatArray:
        """Weights of the graph's arcs, (..., n_arc), for every layer: (..., n_layer * n_arc), ``inf`` where shut."""
        repeated = np.concatenate([weight] * self.n_layer, axis=-1)
        repeated[..., self.is_shut] = np.inf
        return repeated

    def last(self, vertex: int) -> int:
        """A vertex in the layer in which all has been done."""
        return (self.n_layer - 1) * self.n_vertex + vertex


def lay_out(graph: Graph, needed: BoolArray, once: Sequence[int] = ()) -> Layers:
    """The layers of a search that must pass every mask of ``needed`` and come back to no node of ``once``.

    Parameters
    ----------
    graph : Graph
        The graph to search.
    needed : (n_needed, n_arc) bool
        Gateways.
    once : sequence of int
        Nodes that a route may stay at once only. Together with the gateways at most ``BIT_LIMIT_COUNT``.
    """
    n_layer = 2 ** (len(needed) + len(once))
    layer = np.arange(n_layer, dtype=np.int32)[:, None]
    is_shut = np.zeros((n_layer, graph.n_arc), dtype=bool)
    bits = np.zeros(graph.n_arc, dtype=np.int32)
    for position, mask in enumerate(needed):
        bits |= mask.astype(np.int32) << position
    node = _stop_nodes(graph)
    for position, place in enumerate(once, len(needed)):
        leaves = (node[graph.tail] == place) & (node[graph.head] != place)
        enters = (node[graph.head] == place) & (node[graph.tail] != place)
        bits |= (leaves | (graph.kind == ArcKind.UNLOAD)).astype(np.int32) << position
        is_shut |= ((layer >> position) & 1).astype(bool) & enters[None, :]
    head = (layer | bits[None, :]) * graph.n_vertex + graph.head[None, :]
    first_out = (layer * graph.n_arc + graph.first_out[None, :-1]).ravel()
    return Layers(
        first_out=np.append(first_out, n_layer * graph.n_arc).astype(np.int32),
        head=np.ascontiguousarray(head.ravel(), dtype=np.int32),
        is_shut=is_shut.ravel(),
        n_arc=graph.n_arc,
        n_vertex=graph.n_vertex,
        n_layer=n_layer,
    )


def find_turn(graph: Graph, arcs: IntArray) -> int:
    """Node to which a route comes back the soonest after having left it, or ``NO_NODE`` when it is straight."""
    vertices = np.append(graph.tail[arcs[:1]], graph.head[arcs])
    stays = _stop_nodes(graph)[vertices]
    stays = stays[stays != NO_NODE]
    visits = stays[np.append(True, stays[1:] != stays[:-1])] if len(stays) else stays
    last: dict[int, int] = {}
    best = (len(visits), NO_NODE)
    for position, node in enumerate(visits.tolist()):
        if node in last:
            best = min(best, (position - last[node], node))
        last[node] = position
    return best[1]


def _stop_nodes(graph: Graph) -> IntArray:
    """Node of each vertex; centroids, which stand at a node without passing it, have none."""
    return np.where(graph.vertex_mode >= 0, graph.vertex_node, NO_NODE).astype(np.int32)
