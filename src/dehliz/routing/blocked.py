"""Says why there is no way: which closed border or missing mode stands between two places.

The same search is asked again with one thing after another allowed. The first allowance that opens a way names
the obstacle, and the way it opens names the rows that would have to open.
"""

from dataclasses import dataclass, replace

import numpy as np

from dehliz.base.rows import find_row
from dehliz.graph.cost import price_arcs
from dehliz.graph.graph import TABLE_NAME, ArcTable
from dehliz.kernels.search import least_cost_paths, make_star
from dehliz.network.network import Network
from dehliz.routing.bars import Bar
from dehliz.routing.planner import Planner, Question, with_costs

SHOWN_COUNT = 5

BARRED_H = 1e6
"""What a barred arc costs where the way with the fewest of them is sought: more than any way takes [h]."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why there is no way.

    Attributes
    ----------
    kind : str
        ``request`` (what was avoided or asked for), ``closed`` (rows that are not open), ``mode`` (the segment
        cannot use what is there) or ``missing`` (the network has no such link at all).
    row_ids : tuple of str
        Rows on the shortest way that would have to open, or that what was asked for leaves out; empty for ``mode``
        and ``missing``.
    text : str
        One sentence for people.
    words : tuple of str
        What was avoided or left out and blocks: a way is there without these. Empty for all kinds but ``request``.
    """

    kind: str
    row_ids: tuple[str, ...]
    text: str
    words: tuple[str, ...] = ()


def explain_absence(planner: Planner, question: Question) -> Obstacle:
    """Why a question has no answer.

    Parameters
    ----------
    planner : Planner
        The network and the shipment.
    question : Question
        One for which ``planner.find`` found nothing.
    """
    nothing = np.zeros_like(question.forbidden)
    if question.forbidden.any() or len(question.needed):
        free = replace(question, forbidden=nothing, needed=question.needed[:0])
        if len(planner.find(free)):
            return _tell_request(planner, question)
    opened = _open_all(planner)
    bare = replace(question, forbidden=nothing, needed=question.needed[:0])
    way = opened.find(bare)
    if len(way):
        arcs = way.arcs(int(np.argmin(way.total(opened.costs.time_h))))
        shut = [arc for arc in arcs.tolist() if not planner.graph.is_open[arc]]
        return _tell_closed(planner, shut)
    segment = find_row(planner.network.segment, "segment_id", planner.shipment.segment_id)
    modes = segment.mode_ids.replace(";", ", ")
    return Obstacle(
        "mode", (),
        f"Nothing that {planner.shipment.segment_id} can use ({modes}) joins the two places, not even with everything "
        "that is closed or planned open. Look at the modes of both ends with dehliz explain",
    )  # fmt: skip


def _tell_request(planner: Planner, question: Question) -> Obstacle:
    """Which of the things asked for block: those on the way that passes the fewest arcs of them."""
    bars, row_ids, told = _find_barred(planner, question)
    parts = []
    if bars:
        parts.append(f"without {' and '.join(_name_bar(planner.network, bar) for bar in bars)}")
    elif question.forbidden.any():
        parts.append("with what is to be left out")
    if len(question.needed):
        parts.append("by the gateways asked for")
    more = f" and {len(told) - SHOWN_COUNT} more" if len(told) > SHOWN_COUNT else ""
    where = f"; the nearest way would use {', '.join(told[:SHOWN_COUNT])}{more}" if told else ""
    options = list(
        dict.fromkeys([*(bar.option for bar in bars), *(["--via"] if len(question.needed) else [])])
    )
    remedy = f"Drop that from {' and '.join(options)}" if options else "Drop that"
    return Obstacle(
        "request", row_ids, f"None is left {' '.join(parts)}{where}. {remedy}; there is a way then",
        tuple(bar.word for bar in bars),
    )  # fmt: skip


def _find_barred(planner: Planner, question: Question) -> tuple[list[Bar], tuple[str, ...], list[str]]:
    """Bars on the way with the fewest barred arcs, the rows there, and the rows in words."""
    graph = planner.graph
    if not question.forbidden.any():
        return [], (), []
    weight = planner.costs.time_h + np.where(question.forbidden, BARRED_H, 0.0)
    pair = [[question.origin, graph.n_zone + question.destination]]
    _, _, way = least_cost_paths(make_star(graph.first_out, graph.head), weight, pair)
    shut = [arc for arc in way.tolist() if question.forbidden[arc] and graph.table[arc] != ArcTable.NONE]
    bars = [bar for bar in question.bars if bar.arcs[way].any()]
    told = [
        _tell_row(planner.network, ArcTable(graph.table[arc]), int(graph.row[arc]), has_status=False)
        for arc in shut
    ]
    return bars, tuple(dict.fromkeys(graph.row_id(arc) for arc in shut)), list(dict.fromkeys(told))


def _name_bar(network: Network, bar: Bar) -> str:
    """A country or a node by its name and id; anything else as it was asked for."""
    for table, key in (("country", "country_id"), ("node", "node_id")):
        frame = network.table(table)
        names = frame.loc[frame[key] == bar.word, "name"]
        if len(names) and (table == "country") == (bar.option == "--avoid"):
            return f"{names.iat[0]} ({bar.word})"
    return bar.word


def _open_all(planner: Planner) -> Planner:
    graph = replace(planner.graph, is_open=np.ones(planner.graph.n_arc, dtype=bool))
    costs = price_arcs(graph, planner.network, planner.shipment)
    return with_costs(replace(planner, graph=graph), costs)


def _tell_closed(planner: Planner, arcs: list[int]) -> Obstacle:
    graph = planner.graph
    row_ids = tuple(dict.fromkeys(graph.row_id(arc) for arc in arcs))
    told = [_tell_row(planner.network, ArcTable(graph.table[arc]), int(graph.row[arc])) for arc in arcs]
    told = list(dict.fromkeys(told))
    more = f" and {len(told) - SHOWN_COUNT} more" if len(told) > SHOWN_COUNT else ""
    return Obstacle(
        "closed", row_ids,
        f"The shortest way would need what is not open: {'; '.join(told[:SHOWN_COUNT])}{more}. "
        "A scenario can open it (dehliz routes --open ID)",
    )  # fmt: skip


def _tell_row(network: Network, table: ArcTable, row: int, has_status: bool = True) -> str:
    line = network.table(TABLE_NAME[table]).iloc[row]
    row_id = line[f"{TABLE_NAME[table]}_id"]
    if table == ArcTable.CONNECTOR:
        return f"loading or unloading at {line['node_id']} ({row_id})"
    name = line["name"] or row_id
    status = str(line["status"]).replace("_", " ")
    words = [row_id] * (name != row_id) + [status] * has_status
    return f"{name} ({', '.join(words)})" if words else str(name)
