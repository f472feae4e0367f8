"""Other ways for consignments when what lies ahead is shut: where they look, and where they go on instead.

Used by ``simulation/plan_make.py``. Two routes of one market between the same zones share their first arcs; at the last
terminal before they part, a consignment looks ahead. Looking is a stage of kind GIVE of a pool that nobody takes from,
whose token never comes back: it takes no time, holds nobody up, and carries the closures of what lies ahead, so that
the engine's rule for detours applies to it.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from dehliz.graph.graph import ArcKind, BoolArray, Graph
from dehliz.simulation.plan import Activity
from dehliz.simulation.plan_parts import Closures, Parts, Stage
from dehliz.simulation.routes_in import RouteSet
from dehliz.simulation.system import ResourceKind

NEVER_H = 1e9
"""Beyond the end of any run."""
STOP_KINDS = (ArcKind.TRANSFER, ArcKind.BORDER, ArcKind.LOAD)


@dataclass(frozen=True, slots=True)
class Detour:
    """A place on a route from which another route can be taken.

    Attributes
    ----------
    step : int
        Position in the route of the first arc after the place.
    other : int
        Route that goes on instead, with the same arcs before ``step``.
    closures : Closures
        Of what lies ahead.
    title : str
        What lies ahead, for people.
    """

    step: int
    other: int
    closures: Closures
    title: str


def find_detours(
    graph: Graph, routes: RouteSet, chains: dict[int, list[Stage]], parts: Parts
) -> dict[int, list[Detour]]:
    """Detours of each route, in order of their places; at most one at a place.

    Parameters
    ----------
    graph : Graph
        Gives kinds of arcs.
    routes : RouteSet
        Routes.
    chains : dict of int to list of Stage
        Stages of each simulated route.
    parts : Parts
        Gives closures.
    """
    groups: dict[tuple[int, int, int, bool], list[int]] = defaultdict(list)
    for route in chains:
        key = (int(routes.origin[route]), int(routes.destination[route]), int(routes.market[route]))
        groups[(*key, bool(routes.is_probe[route]))].append(route)
    found = {}
    is_stop = np.isin(graph.kind, STOP_KINDS)
    for mates in groups.values():
        mates.sort(key=lambda route: (-routes.volume_t_a[route], route))
        for route in mates if len(mates) > 1 else []:
            detours = _find_for(is_stop, routes, chains, parts, route, mates)
            if detours:
                found[route] = detours
    return found


def _find_for(
    is_stop: BoolArray,
    routes: RouteSet,
    chains: dict[int, list[Stage]],
    parts: Parts,
    route: int,
    mates: list[int],
) -> list[Detour]:
    arcs = routes.arcs(route)
    shared = {mate: _count_shared(arcs, routes.arcs(mate)) for mate in mates if mate != route}
    stops = np.flatnonzero(is_stop[arcs]) + 1
    taken: dict[int, Detour] = {}
    for stage in chains[route]:
        closures = parts.closures_of(stage.resource)
        if not closures.weather or parts.rows[stage.resource].kind == ResourceKind.GIVE:
            continue
        keys = {one.key for one in closures.weather}
        best: tuple[int, int] | None = None
        for mate, count in shared.items():
            step = _last_stop(stops, min(count, stage.step))
            if step > 0 and (best is None or step > best[0]) and not _meets(chains[mate], step, keys, parts):
                best = (step, mate)
        if best is not None and best[0] not in taken:
            taken[best[0]] = Detour(*best, closures, parts.rows[stage.resource].title)
    return [taken[step] for step in sorted(taken)]


def _count_shared(first: np.ndarray, second: np.ndarray) -> int:
    """Arcs that two routes share from their start on."""
    count = min(len(first), len(second))
    differs = np.flatnonzero(first[:count] != second[:count])
    return int(differs[0]) if len(differs) else count


def _last_stop(stops: np.ndarray, limit: int) -> int:
    """Last of the positions after terminals that is not beyond a limit; 0 when there is none."""
    count = int(np.searchsorted(stops, limit, side="right"))
    return int(stops[count - 1]) if count else 0


def _meets(chain: list[Stage], step: int, keys: set[str], parts: Parts) -> bool:
    """Whether the rest of a chain passes a place with the same weather."""
    return any(
        one.key in keys
        for stage in chain
        if stage.step >= step
        for one in parts.closures_of(stage.resource).weather
    )


def make_lookout(graph: Graph, routes: RouteSet, route: int, detour: Detour, parts: Parts) -> Stage:
    """The stage at which a consignment looks ahead."""
    arc = int(routes.arcs(route)[detour.step])
    place = int(graph.vertex_node[graph.tail[arc]])
    nobody = parts.add("lookout", "Nobody's pool", ResourceKind.TAKE, server_count=1)
    keys = ";".join(sorted(one.key for one in detour.closures.weather))
    resource = parts.add(
        f"lookout:{graph.node_ids[place]}:{keys}",
        f"Look ahead to {detour.title}",
        ResourceKind.GIVE,
        closures=detour.closures,
        partner=nobody,
    )
    return Stage(resource, Activity.MOVE, place, -1, detour.step, NEVER_H)
