"""The things that can fail: countries, borders, sea passages, places, lines, ships and sections, each as arcs.

A loaded network comes in, ``Element`` after element goes out, most general kind first. ``criticality.py`` closes them
one after another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dehliz.assignment.problem import LoadProblem
from dehliz.base.errors import Issue, SettingsError, suggest
from dehliz.base.rows import each_row
from dehliz.graph.graph import ArcTable, BoolArray, IntArray
from dehliz.routing.corridors import find_gateway
from dehliz.routing.describe import HIGH_SEA

KINDS: Final = ("country", "border", "passage", "place", "line", "ship", "section")
"""Kinds of elements: a country, the border of two, a strait or canal, all that happens at a node, a service, one of
the ships of a service that has several, a link."""
BORDER_SEPARATOR: Final = "-"
LEAST_FLEET_COUNT: Final = 2.0


@dataclass(frozen=True, slots=True)
class Element:
    """Something that can fail.

    Attributes
    ----------
    kind : str
        One of ``KINDS``.
    element_id : str
        Id in its table; two country codes for a border, such as ``BY-PL``.
    name : str
        What people call it.
    country_ids : tuple of str
        Countries where it lies, sorted; none at sea.
    arcs : (n_arc,) bool
        What closes with it, or loses capacity.
    left_share : float
        Share of the capacity that is left without it: 0 where all closes, (n - 1) / n where one of n ships is lost.
    """

    kind: str
    element_id: str
    name: str
    country_ids: tuple[str, ...]
    arcs: BoolArray
    left_share: float = 0.0

    @property
    def token(self) -> str:
        """Kind and id, such as ``border:BY-PL``."""
        return f"{self.kind}:{self.element_id}"


def list_elements(problem: LoadProblem, kinds: Sequence[str] = KINDS) -> list[Element]:
    """Everything of some kinds that can fail in a network, by kind and id.

    Raises
    ------
    SettingsError
        When there is no such kind.
    """
    check_kinds(kinds)
    makers = {
        "country": _countries, "border": _borders, "passage": _passages,
        "place": _places, "line": _lines,
        "ship": _ships, "section": _sections,
    }  # fmt: skip
    return [one for kind in KINDS if kind in kinds for one in makers[kind](problem)]


def check_kinds(kinds: Sequence[str]) -> None:
    """Refuse kinds that there are not.

    Raises
    ------
    SettingsError
        With all that are not known.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise SettingsError("The kinds are not all known", [_say_unknown(kind) for kind in unknown])


def keep_used(elements: Sequence[Element], volume_t_d: np.ndarray) -> list[Element]:
    """Those of which some arc carries cargo; closing any other changes nothing.

    Parameters
    ----------
    elements : sequence of Element
        Things that can fail.
    volume_t_d : (n_arc,) float64
        Cargo on each arc.
    """
    return [one for one in elements if float(volume_t_d[one.arcs].sum()) > 0.0]


def _say_unknown(kind: str) -> Issue:
    hint = suggest(kind, KINDS, most=1) or f"Kinds are {', '.join(KINDS)}"
    return Issue(
        "disruption.kind.known",
        "kinds",
        (kind,),
        "there is no such kind",
        "A kind of element is needed",
        hint,
    )


def _countries(problem: LoadProblem) -> Iterator[Element]:
    names = dict(zip(problem.network.country["country_id"], problem.network.country["name"], strict=True))
    for country_id in sorted(set(problem.graph.country_ids) - {HIGH_SEA}):
        arcs = find_gateway(problem.graph, problem.network, f"country:{country_id}")
        yield Element("country", country_id, str(names[country_id]), (country_id,), arcs)


def _borders(problem: LoadProblem) -> Iterator[Element]:
    """Borders by their posts: all posts between two countries, of all modes and both directions."""
    rows: dict[tuple[str, str], list[int]] = {}
    for at, post in enumerate(each_row(problem.network.terminal)):
        if post.kind == "border_post" and post.from_country_id and post.to_country_id:
            first, last = sorted((post.from_country_id, post.to_country_id))
            rows.setdefault((first, last), []).append(at)
    for pair in sorted(rows):
        arcs = _arcs_of(problem, ArcTable.TERMINAL, np.array(rows[pair], dtype=np.int32))
        yield Element("border", BORDER_SEPARATOR.join(pair), f"Border {pair[0]} - {pair[1]}", pair, arcs)


def _passages(problem: LoadProblem) -> Iterator[Element]:
    network = problem.network
    ids = {*network.link["passage_id"], *network.service_leg["passage_id"]} - {""}
    for passage_id in sorted(map(str, ids)):
        arcs = find_gateway(problem.graph, network, f"passage:{passage_id}")
        yield Element("passage", passage_id, passage_id.replace("_", " ").capitalize(), (), arcs)


def _places(problem: LoadProblem) -> Iterator[Element]:
    """Nodes with terminals or posts; what passes through a mere junction fails with its sections."""
    network = problem.network
    stops = set(network.terminal["node_id"])
    for node in each_row(network.node):
        if node.node_id in stops:
            arcs = find_gateway(problem.graph, network, str(node.node_id))
            yield Element("place", str(node.node_id), str(node.name), (str(node.country_id),), arcs)


def _lines(problem: LoadProblem) -> Iterator[Element]:
    for at, leg in enumerate(each_row(problem.network.service_leg)):
        arcs = _arcs_of(problem, ArcTable.SERVICE_LEG, np.array([at], dtype=np.int32))
        place = () if leg.country_id == HIGH_SEA else (str(leg.country_id),)
        yield Element("line", str(leg.service_leg_id), str(leg.name), place, arcs)


def _ships(problem: LoadProblem) -> Iterator[Element]:
    """A ship of each line that has several and whose capacity is known; the last ship of a line is the line."""
    capacity_t_d = problem.costs.capacity_t_d[problem.costs.facilities]
    for at, leg in enumerate(each_row(problem.network.service_leg)):
        if not leg.fleet_count >= LEAST_FLEET_COUNT:
            continue
        arcs = _arcs_of(problem, ArcTable.SERVICE_LEG, np.array([at], dtype=np.int32))
        if np.isfinite(capacity_t_d[arcs]).any():
            place = () if leg.country_id == HIGH_SEA else (str(leg.country_id),)
            count = float(leg.fleet_count)
            name = f"One of {count:.0f} ships, {leg.name}"
            yield Element("ship", str(leg.service_leg_id), name, place, arcs, (count - 1.0) / count)


def _sections(problem: LoadProblem) -> Iterator[Element]:
    network = problem.network
    names = dict(zip(network.node["node_id"], network.node["name"], strict=True))
    for at, link in enumerate(each_row(network.link)):
        arcs = _arcs_of(problem, ArcTable.LINK, np.array([at], dtype=np.int32))
        place = () if link.country_id == HIGH_SEA else (str(link.country_id),)
        name = f"{names[link.from_node_id]} - {names[link.to_node_id]}, {link.mode_id}"
        yield Element("section", str(link.link_id), name, place, arcs)


def _arcs_of(problem: LoadProblem, table: ArcTable, rows: IntArray) -> BoolArray:
    graph = problem.graph
    return np.asarray((graph.table == table) & np.isin(graph.row, rows))
