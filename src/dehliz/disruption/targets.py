"""What a hazard strikes, as arcs: the gateways of ``routing/corridors.py``, and the border posts of countries.

``border:BY`` means the posts at which cargo enters or leaves a country on land, ``border:BY-PL`` those between two
countries in both directions. Pipelines have no posts in this sense.
"""

from typing import Final

import numpy as np

from dehliz.base.errors import DataError, Issue, suggest
from dehliz.base.sheet import texts_of
from dehliz.graph.graph import ArcTable, BoolArray, Graph
from dehliz.network.network import Network
from dehliz.routing.corridors import find_gateway

BORDER: Final = "border:"
PIPELINE: Final = "pipeline"


def find_target(graph: Graph, network: Network, token: str) -> BoolArray:
    """Arcs that a target means.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives passages and border posts.
    token : str
        A gateway, ``border:ID`` or ``border:ID-ID``.

    Returns
    -------
    (n_arc,) bool

    Raises
    ------
    DataError
        When the token names nothing in the network.
    """
    if not token.startswith(BORDER):
        return find_gateway(graph, network, token)
    terminal = network.terminal
    countries = token.removeprefix(BORDER).split("-")
    sides = (texts_of(terminal[name]) for name in ("from_country_id", "to_country_id"))
    ends = [set(pair) for pair in zip(*sides, strict=True)]
    is_post = (terminal["kind"] == "border_post").to_numpy() & (
        terminal["from_mode_id"] != PIPELINE
    ).to_numpy()
    rows = np.array([set(countries) <= pair for pair in ends], dtype=bool) & is_post
    if not rows.any():
        raise DataError("A target is not in the network", [_say_no_border(token, countries, ends)])
    mask = np.zeros(graph.n_arc, dtype=bool)
    arcs = graph.table == ArcTable.TERMINAL
    mask[arcs] = rows[graph.row[arcs]]
    return mask


def _say_no_border(token: str, countries: list[str], ends: list[set[str]]) -> Issue:
    known = sorted({country for pair in ends for country in pair if country})
    hint = suggest(countries[0], known) or f"Border posts stand in {', '.join(known) or 'no country'}"
    return Issue(
        "hazard.targets.border", "hazard.csv, column targets", (token,), "no such border post",
        "border:ID names a country with border posts, border:ID-ID two that share one", hint,
    )  # fmt: skip
