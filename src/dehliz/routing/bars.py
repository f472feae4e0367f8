"""What a question leaves out, word by word: countries to avoid, and rows, nodes or passages not to use.

Words in, masks over arcs out, each with its word, so that an answer can name what stands in the way.
``routing/planner.py`` asks questions with them; ``routing/blocked.py`` names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dehliz.base.errors import DataError, LookupFailed, quote, suggest
from dehliz.graph.graph import TABLE_NAME, BoolArray, Graph
from dehliz.network.network import Network
from dehliz.routing.corridors import find_gateway


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that may not be used.

    Attributes
    ----------
    option : str
        ``--avoid`` or ``--without``.
    word : str
        What was asked for.
    arcs : (n_arc,) bool
        Its arcs.
    """

    option: str
    word: str
    arcs: BoolArray


def bar_countries(graph: Graph, country_ids: Sequence[str]) -> list[Bar]:
    """Countries of the graph as bars."""
    return [
        Bar("--avoid", one, np.asarray(graph.country == graph.country_ids.index(one))) for one in country_ids
    ]


def bar_rows(graph: Graph, network: Network, ids: Sequence[str]) -> list[Bar]:
    """Rows, nodes, passages and other gateways as bars.

    Raises
    ------
    LookupFailed
        With all ids that mean nothing.
    """
    bars, unknown = [], []
    for row_id in dict.fromkeys(ids):
        arcs = _find_arcs(graph, network, row_id)
        if arcs is None:
            unknown.append(row_id)
        else:
            bars.append(Bar("--without", row_id, arcs))
    if unknown:
        raise LookupFailed("\n".join(_say_unknown(graph, row_id) for row_id in unknown))
    return bars


def join_bars(graph: Graph, bars: Sequence[Bar]) -> BoolArray:
    """(n_arc,) arcs that any of the bars leaves out."""
    out = np.zeros(graph.n_arc, dtype=bool)
    for bar in bars:
        out |= bar.arcs
    return out


def _find_arcs(graph: Graph, network: Network, row_id: str) -> BoolArray | None:
    mask = np.zeros(graph.n_arc, dtype=bool)
    is_known = False
    for code in TABLE_NAME:
        if row_id in graph.row_ids[code]:
            row = graph.row_ids[code].index(row_id)
            mask |= (graph.table == code) & (graph.row == row)
            is_known = True
    for token in (row_id, f"passage:{row_id}"):
        try:
            mask |= find_gateway(graph, network, token)
            is_known = True
        except DataError:
            continue
    return mask if is_known else None


def _say_unknown(graph: Graph, row_id: str) -> str:
    known = [known_id for rows in graph.row_ids for known_id in rows] + list(graph.node_ids)
    hint = suggest(row_id, known)
    if row_id.upper() in graph.country_ids:
        hint = f"Countries are left out by --avoid {row_id.upper()}."
    if row_id in graph.mode_ids:
        hint = f"A mode is written mode:{row_id}."
    return (
        f"Option --without: {quote(row_id)} is not in the network. Ids of links, services, terminals, nodes or "
        f"passages are needed. {hint or 'dehliz explain and dehliz places name them.'}"
    )
