"""Names the corridor of a route by the gateways that it passes.

A gateway is a mask over arcs: a node (``aktau``), a strait or canal (``passage:suez``), a country
(``country:IR``), a mode (``mode:rail_ferry``) or one row (``link:ID``). A route passes a gateway when it uses an
arc of the mask. How a search is made to pass gateways stands in ``routing/layers.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from dehliz.base.errors import DataError, Issue, suggest
from dehliz.graph.graph import TABLE_NAME, ArcTable, BoolArray, Graph, IntArray
from dehliz.network.network import Network

OTHER_ID = "other"
"""Corridor of a route that passes no corridor's gateways."""
OTHER_NAME = "Other"

_WORDS = "A gateway is a node id, passage:ID, country:ID, mode:ID, link:ID, terminal:ID or service_leg:ID"

ROW_TABLES = (ArcTable.LINK, ArcTable.TERMINAL, ArcTable.SERVICE_LEG)
"""Tables of which one row can be a gateway."""


@dataclass(frozen=True, slots=True)
class Gateways:
    """A corridor as masks over arcs.

    Attributes
    ----------
    corridor_id, name : str
        As in the corridor table.
    needed : (n_needed, n_arc) bool
        Masks that must each be touched: one per gateway of ``all_of``, and one for all of ``any_of`` together.
    forbidden : (n_arc,) bool
        Arcs of the gateways of ``none_of``.
    """

    corridor_id: str
    name: str
    needed: BoolArray
    forbidden: BoolArray

    def is_passed_by(self, arcs: IntArray) -> bool:
        """Whether a route along these arcs belongs to the corridor."""
        return bool(self.needed[:, arcs].any(axis=1).all() and not self.forbidden[arcs].any())


def find_gateway(graph: Graph, network: Network, token: str) -> BoolArray:
    """Arcs that pass a gateway.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives passages.
    token : str
        ``node id``, ``passage:id``, ``country:ID``, ``mode:id``, ``link:id``, ``terminal:id`` or ``service_leg:id``.

    Returns
    -------
    (n_arc,) bool

    Raises
    ------
    DataError
        When the token names nothing in the network.
    """
    kind, _, name = token.rpartition(":")
    finders: dict[str, Callable[[Graph, Network, str], BoolArray]] = {
        "": _pass_node,
        "passage": _pass_passage,
        "country": _pass_country,
        "mode": _pass_mode,
        **{TABLE_NAME[code]: partial(_pass_row, code=code) for code in ROW_TABLES},
    }
    if kind not in finders:
        raise DataError("A gateway is not understood", [_issue(token, "no such kind", list(finders))])
    return finders[kind](graph, network, name)


def _pass_node(graph: Graph, _: Network, name: str) -> BoolArray:
    if name not in graph.node_ids:
        raise DataError("A gateway is not in the network", [_issue(name, "no such node", graph.node_ids)])
    node = graph.node_ids.index(name)
    # A centroid stands at a node without passing it; loading or unloading at the node's own stops counts.
    is_stop = graph.vertex_mode >= 0
    here = (graph.vertex_node == node) & is_stop
    return np.asarray(here[graph.tail] | here[graph.head])


def _pass_passage(graph: Graph, network: Network, name: str) -> BoolArray:
    mask = np.zeros(graph.n_arc, dtype=bool)
    found = False
    for code, frame in ((ArcTable.LINK, network.link), (ArcTable.SERVICE_LEG, network.service_leg)):
        rows = (frame["passage_id"] == name).to_numpy()
        found |= bool(rows.any())
        arcs = graph.table == code
        mask[arcs] = rows[graph.row[arcs]]
    if not found:
        known = sorted({*network.link["passage_id"], *network.service_leg["passage_id"]} - {""})
        raise DataError(
            "A gateway is not in the network", [_issue(f"passage:{name}", "no such passage", known)]
        )
    return mask


def _pass_country(graph: Graph, _: Network, name: str) -> BoolArray:
    if name not in graph.country_ids:
        raise DataError(
            "A gateway is not in the network",
            [_issue(f"country:{name}", "no such country", graph.country_ids)],
        )
    return np.asarray(graph.country == graph.country_ids.index(name))


def _pass_mode(graph: Graph, _: Network, name: str) -> BoolArray:
    if name not in graph.mode_ids:
        raise DataError(
            "A gateway is not in the network", [_issue(f"mode:{name}", "no such mode", graph.mode_ids)]
        )
    moving = (graph.table == ArcTable.LINK) | (graph.table == ArcTable.SERVICE_LEG)
    return np.asarray((graph.mode == graph.mode_ids.index(name)) & moving)


def _pass_row(graph: Graph, _: Network, name: str, code: ArcTable) -> BoolArray:
    rows = graph.row_ids[code]
    if name not in rows:
        token = f"{TABLE_NAME[code]}:{name}"
        found = f"no such {TABLE_NAME[code].replace('_', ' ')}"
        raise DataError("A gateway is not in the network", [_issue(token, found, rows)])
    return np.asarray((graph.table == code) & (graph.row == rows.index(name)))


def _issue(token: str, found: str, known: "list[str] | tuple[str, ...]") -> Issue:
    hint = suggest(token.rpartition(":")[2], list(known)) or "Look at dehliz network info for what there is"
    return Issue(
        "corridor.gateway.known", "corridor.csv, option --via or --select", (token,), found,
        _WORDS, hint,
    )  # fmt: skip


def read_corridors(graph: Graph, network: Network) -> tuple[Gateways, ...]:
    """The corridors of a network's table, in their order of testing."""
    ranked = network.corridor.sort_values(["rank_count", "corridor_id"])
    return tuple(_read_corridor(graph, network, row) for _, row in ranked.iterrows())


def _read_corridor(graph: Graph, network: Network, row: "pd.Series[str]") -> Gateways:
    def masks(tokens: str) -> list[BoolArray]:
        return [find_gateway(graph, network, token) for token in str(tokens).split(";") if token]

    needed = masks(row["all_of"])
    any_of = masks(row["any_of"])
    if any_of:
        needed.append(np.logical_or.reduce(any_of))
    none_of = masks(row["none_of"])
    nothing = np.zeros(graph.n_arc, dtype=bool)
    return Gateways(
        corridor_id=str(row["corridor_id"]),
        name=str(row["name"]),
        needed=np.array(needed, dtype=bool).reshape(len(needed), graph.n_arc),
        forbidden=np.logical_or.reduce(none_of) if none_of else nothing,
    )


def name_corridor(corridors: tuple[Gateways, ...], arcs: IntArray) -> tuple[str, str]:
    """Id and name of the first corridor that a route passes; ``("other", "Other")`` when there is none."""
    for corridor in corridors:
        if corridor.is_passed_by(arcs):
            return corridor.corridor_id, corridor.name
    return OTHER_ID, OTHER_NAME
