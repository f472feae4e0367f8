"""Which way an arc runs along the row that it comes from: from the first to the other end, or back."""

import numpy as np

from dehliz.graph.graph import TABLE_NAME, ArcTable, BoolArray, Graph
from dehliz.network.network import Network


def is_forward(graph: Graph, network: Network) -> BoolArray:
    """Whether each arc runs in the direction of its row.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Its tables.

    Returns
    -------
    (n_arc,) bool
        Links and services: from the first node to the other. Terminals: from ``from_mode_id`` to ``to_mode_id``.
        Connectors: loading. Arcs that only pass through a node run forward.
    """
    out = np.ones(graph.n_arc, dtype=bool)
    node, mode = np.array(graph.node_ids, dtype=object), np.array(graph.mode_ids, dtype=object)
    for table in (ArcTable.LINK, ArcTable.SERVICE_LEG, ArcTable.TERMINAL):
        arcs = np.flatnonzero(graph.table == table)
        rows, tail = graph.row[arcs], graph.tail[arcs]
        source = network.table(TABLE_NAME[table])
        if table == ArcTable.TERMINAL:
            out[arcs] = source["from_mode_id"].to_numpy()[rows] == mode[graph.vertex_mode[tail]]
        else:
            out[arcs] = source["from_node_id"].to_numpy()[rows] == node[graph.vertex_node[tail]]
    loads = graph.table == ArcTable.CONNECTOR
    out[loads] = graph.tail[loads] < graph.n_zone
    return out
