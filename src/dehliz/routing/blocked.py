"""Says why there is no way: which closed border or missing mode stands between two places.

The same search is asked again with one thing after another allowed. The first allowance that opens a way names
the obstacle, and the way it opens names the rows that would have to open.
"""

from dataclasses import dataclass, replace

import numpy as np

from dehliz.base.rows import find_row
from dehliz.graph.cost import price_arcs
from dehliz.graph.graph import TABLE_NAME, ArcTable
from dehliz.network.network import Network
from dehliz.routing.planner import Planner, Question, with_costs

SHOWN_COUNT = 5


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why there is no way.

    Attributes
    ----------
    kind : str
        ``request`` (what was avoided or asked for), ``closed`` (rows that are not open), ``mode`` (the segment
        cannot use what is there) or ``missing`` (the network has no such link at all).
    row_ids : tuple of str
        Rows on the shortest way that would have to open; empty for ``mode`` and ``missing``.
    text : str
        One sentence for people.
    """

    kind: str
    row_ids: tuple[str, ...]
    text: str


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
            return Obstacle("request", (), _tell_request(question))
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


def _tell_request(question: Question) -> str:
    parts = []
    if question.forbidden.any():
        parts.append("what is to be avoided or left out")
    if len(question.needed):
        parts.append("the gateways asked for")
    return (
        f"None is left with {' and '.join(parts)}. Drop some of the options --avoid, --without or --via; without "
        "them there is a way"
    )


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


def _tell_row(network: Network, table: ArcTable, row: int) -> str:
    frame = network.table(TABLE_NAME[table])
    line = frame.iloc[row]
    row_id = line[f"{TABLE_NAME[table]}_id"]
    name = line["name"] or row_id
    status = str(line["status"]).replace("_", " ")
    return f"{name} ({row_id}, {status})" if name != row_id else f"{row_id} ({status})"
