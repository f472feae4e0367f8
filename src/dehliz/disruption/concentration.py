"""How concentrated cargo is on corridors, countries, passages and operators: as it goes, and as it could go.

Routes with their flows come in; the ``diversification`` table goes out. The Herfindahl-Hirschman index is the sum of
squared shares (Hirschman, 1945, National Power and the Structure of Foreign Trade, University of California Press,
appendix to chapter 6, in its square root; Herfindahl, 1950, Concentration in the Steel Industry, Columbia University).
Its inverse is the number of equal parts that are as concentrated (Adelman, 1969, Review of Economics and Statistics
51, 99-101). The index of all cargo by corridor, country and passage is that of the table ``concentration``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from dehliz.assignment.corridor_choice import find_corridor_sets
from dehliz.assignment.flow_tables import name_routes
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.result import RouteFlows
from dehliz.assignment.route_sums import HIGH_SEA, Visits, visit
from dehliz.base.schema import read_spec
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.graph import ArcTable, BoolArray, FloatArray, Graph
from dehliz.network.network import Network
from dehliz.routing.alternatives import ChoiceSets
from dehliz.routing.corridors import OTHER_ID

NOT_ONE = -1
"""Position of an arc that lies on no thing of the kind, or of a route that passes none."""

JOINT = " and "
"""Stands between the operators of a line that several run."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cargo is looked at.

    Attributes
    ----------
    kind : str
        ``all``, ``market`` or ``regions``.
    scope_id : str
        Its id.
    is_in : (n_trip,) bool
        Trips that belong to it.
    """

    kind: str
    scope_id: str
    is_in: BoolArray


@dataclass(frozen=True, slots=True)
class Things:
    """What routes pass, as pairs of route and thing.

    Attributes
    ----------
    ids : tuple of str
        The things.
    route, thing : (n_pair,) int64
        A route and a thing that it passes; each pair once.
    work_km : (n_pair,) float64
        Kilometres of the route on the thing; 0 where length says nothing.
    """

    ids: tuple[str, ...]
    route: np.ndarray
    thing: np.ndarray
    work_km: FloatArray


MEASURES: tuple[tuple[str, str], ...] = (
    ("corridor", "through"), ("country", "through"), ("country", "work"), ("transit", "through"), ("transit", "work"),
    ("passage", "through"), ("operator", "work"),
)  # fmt: skip
"""What is told: passages have no length that would say how much hangs on them, and each route has one corridor."""


def spread_evenly(problem: LoadProblem, sets: ChoiceSets | None = None) -> Visits:
    """The feasible routes of each trip, each with the same part of its cargo.

    Parameters
    ----------
    problem : LoadProblem
        Network and demand of a year.
    sets : ChoiceSets, optional
        ``find_corridor_sets(problem)`` where it is at hand already.
    """
    found = find_corridor_sets(problem) if sets is None else sets
    per_trip = np.bincount(found.trip, minlength=problem.trips.n_trip)
    volume = problem.trips.volume_t_d[found.trip] / per_trip[found.trip]
    return visit(RouteFlows(found.trip, volume, found.first_arc, found.arc), problem.trips)


def list_scopes(
    problem: LoadProblem, regions: Sequence[tuple[str, BoolArray, BoolArray]] = ()
) -> list[Scope]:
    """All cargo, each market, and cargo between regions.

    Parameters
    ----------
    problem : LoadProblem
        Gives trips.
    regions : sequence of (str, (n_zone,) bool, (n_zone,) bool)
        Id, zones of origin and zones of destination.
    """
    trips = problem.trips
    scopes = [Scope("all", "all", np.ones(trips.n_trip, dtype=bool))]
    scopes += [Scope("market", name, trips.segment == at) for at, name in enumerate(trips.segment_ids)]
    end = trips.destination - problem.graph.n_zone
    scopes += [Scope("regions", name, origin[trips.origin] & goal[end]) for name, origin, goal in regions]
    return scopes


def tell_diversification(
    problem: LoadProblem, ways: dict[str, Visits], scopes: Iterable[Scope]
) -> pd.DataFrame:
    """The ``diversification`` table.

    Parameters
    ----------
    problem : LoadProblem
        What was loaded.
    ways : dict of str to Visits
        ``flow`` and ``route``: routes with what they carry.
    scopes : iterable of Scope
        Whose cargo to look at; one without cargo has no rows.
    """
    rows = []
    chosen = list(scopes)
    for of, visits in ways.items():
        things = _find_things(problem, visits)
        for scope in chosen:
            volume = np.where(scope.is_in[visits.flows.trip], visits.flows.volume_t_d, 0.0)
            for by, measure in MEASURES:
                row = _measure(things[by], volume, measure, visits.total(problem.graph.length_km))
                if row:
                    rows.append({"scope": scope.kind, "scope_id": scope.scope_id, "of": of, "by": by, **row})
    return pd.DataFrame(rows, columns=list(read_spec("diversification").column_names))


def _measure(things: Things, volume: FloatArray, measure: str, length_km: FloatArray) -> dict[str, Any]:
    """Index, largest part and reliance of one scope; nothing when none of its cargo passes such a thing."""
    carried = volume[things.route] * (things.work_km if measure == "work" else 1.0)
    parts = np.bincount(things.thing, weights=carried, minlength=len(things.ids)).astype(np.float64)
    if not parts.sum() > 0.0:
        return {}
    share = parts / parts.sum()
    top = int(np.argmax(share))
    through = np.bincount(things.thing, weights=volume[things.route], minlength=len(things.ids))
    is_passing = np.zeros(len(volume), dtype=bool)
    is_passing[things.route] = True
    whole = float(volume @ length_km) if measure == "work" else float(volume.sum())
    covered = float(parts.sum()) if measure == "work" else float(volume[is_passing].sum())
    herfindahl = float(share @ share)
    return {
        "measure": measure,
        "volume_t_a": float(volume.sum()) * DAYS_PER_YEAR,
        "part_count": int((parts > 0.0).sum()),
        "herfindahl_share": herfindahl,
        "equal_count": 1.0 / herfindahl,
        "largest_id": things.ids[top],
        "largest_share": float(share[top]),
        "reliance_share": min(1.0, float(through[top] / volume.sum())),
        "covered_share": min(1.0, covered / whole),
    }


def _find_things(problem: LoadProblem, visits: Visits) -> dict[str, Things]:
    graph, network = problem.graph, problem.network
    country = _pair(visits, graph, graph.country_ids, [_list_countries(graph)])
    return {
        "corridor": _by_corridor(problem, visits),
        "country": country,
        "transit": _drop_ends(problem, visits, country),
        "passage": _by_passage(problem, visits),
        "operator": _by_operator(graph, network, visits),
    }


def _list_countries(graph: Graph) -> np.ndarray:
    is_land = np.array([name != HIGH_SEA for name in graph.country_ids])
    return np.where(is_land[graph.country], graph.country.astype(np.int64), NOT_ONE)


def _pair(visits: Visits, graph: Graph, ids: tuple[str, ...], things_of_arc: Sequence[np.ndarray]) -> Things:
    """Routes and the things that their arcs lie on; an arc of several things gives each an even part of its length."""
    routes, things, lengths = [], [], []
    parts = np.stack([of_arc != NOT_ONE for of_arc in things_of_arc]).sum(axis=0)
    for of_arc in things_of_arc:
        is_on = of_arc[visits.flows.arc] != NOT_ONE
        arc = visits.flows.arc[is_on]
        routes.append(visits.route[is_on])
        things.append(of_arc[arc])
        lengths.append(graph.length_km[arc] / parts[arc])
    key = np.concatenate(routes) * max(len(ids), 1) + np.concatenate(things)
    pairs, place = np.unique(key, return_inverse=True)
    work = np.bincount(place.reshape(-1), weights=np.concatenate(lengths), minlength=len(pairs))
    return Things(ids, pairs // max(len(ids), 1), pairs % max(len(ids), 1), work.astype(np.float64))


def _drop_ends(problem: LoadProblem, visits: Visits, country: Things) -> Things:
    """Countries that are neither that of a route's origin nor of its destination."""
    place = {one: at for at, one in enumerate(problem.graph.country_ids)}
    home = np.array([place[one] for one in problem.network.zone["country_id"]], dtype=np.int64)
    trip = visits.flows.trip[country.route]
    origin = home[problem.trips.origin[trip]]
    goal = home[problem.trips.destination[trip] - problem.graph.n_zone]
    is_transit = (country.thing != origin) & (country.thing != goal)
    return replace(
        country,
        route=country.route[is_transit],
        thing=country.thing[is_transit],
        work_km=country.work_km[is_transit],
    )


def _by_corridor(problem: LoadProblem, visits: Visits) -> Things:
    ids = (*(one.corridor_id for one in problem.corridors), OTHER_ID)
    return Things(
        ids, np.arange(visits.n_route), name_routes(visits, problem.corridors), np.zeros(visits.n_route)
    )  # fmt: skip


def _by_passage(problem: LoadProblem, visits: Visits) -> Things:
    graph, network = problem.graph, problem.network
    ids = tuple(sorted({*network.link["passage_id"], *network.service_leg["passage_id"]} - {""}))
    return _pair(visits, graph, ids, [_of_rows(graph, network, "passage_id", ids)])


def _of_rows(graph: Graph, network: Network, column: str, ids: tuple[str, ...]) -> np.ndarray:
    """(n_arc,) position of each arc's value of a column of links and service legs."""
    place = {one: at for at, one in enumerate(ids)}
    out = np.full(graph.n_arc, NOT_ONE, dtype=np.int64)
    for code, table in ((ArcTable.LINK, network.link), (ArcTable.SERVICE_LEG, network.service_leg)):
        arcs = graph.table == code
        positions = np.array([place.get(one, NOT_ONE) for one in table[column]], dtype=np.int64)
        out[arcs] = positions[graph.row[arcs]]
    return out


def _by_operator(graph: Graph, network: Network, visits: Visits) -> Things:
    """Operators of links and services; the work on a line that several run is divided evenly among them."""
    names = [
        str(one).split(JOINT) if one else []
        for one in (*network.link["operator"], *network.service_leg["operator"])
    ]
    ids = tuple(sorted({name for several in names for name in several}))
    place = {one: at for at, one in enumerate(ids)}
    most = max((len(several) for several in names), default=1)
    table = np.full((len(names), max(most, 1)), NOT_ONE, dtype=np.int64)
    for row, several in enumerate(names):
        table[row, : len(several)] = [place[name] for name in several]
    line = np.full(graph.n_arc, -1, dtype=np.int64)
    line[graph.table == ArcTable.LINK] = graph.row[graph.table == ArcTable.LINK]
    legs = graph.table == ArcTable.SERVICE_LEG
    line[legs] = graph.row[legs] + len(network.link)
    of_arc = np.where((line >= 0)[:, None], table[line], NOT_ONE)
    return _pair(visits, graph, ids, list(of_arc.T))
