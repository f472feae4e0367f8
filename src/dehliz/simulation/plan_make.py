"""``make_plan``: a network, its graph, loaded routes and capacities to a ``Plan``.

The file before is ``simulation/routes_in.py`` (and whoever loaded the routes); the next ``simulation/draws.py``.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dehliz.base.errors import DataError, say_count
from dehliz.graph.graph import Graph
from dehliz.graph.load_costs import LoadCosts
from dehliz.network.network import Network
from dehliz.simulation.flows import Flow, Lots, choose_routes, cut_lots, make_flow
from dehliz.simulation.plan import Flows, Plan
from dehliz.simulation.plan_chances import Durations
from dehliz.simulation.plan_detours import Detour, find_detours, make_lookout
from dehliz.simulation.plan_lines import Fleet
from dehliz.simulation.plan_parts import Parts, Stage, make_chances
from dehliz.simulation.plan_pools import find_pools
from dehliz.simulation.plan_room import find_rooms
from dehliz.simulation.plan_shut import Calendar
from dehliz.simulation.plan_stages import Stager
from dehliz.simulation.plan_traffic import (
    count_loads,
    list_overloads,
    list_traffic,
    tell_few_ships,
    tell_short_lines,
)
from dehliz.simulation.routes_in import PlanSettings, RouteSet, check_plan_settings
from dehliz.simulation.system import System

WATCHED_COUNT = 12
"""Names in a note at most."""


@dataclass(slots=True)
class _Chains:
    """Stages of all flows, one after the other."""

    stages: list[Stage]
    next_one: list[int]
    detour: list[int]
    entry: list[int]


def make_plan(
    network: Network, graph: Graph, costs: LoadCosts, routes: RouteSet, settings: PlanSettings
) -> Plan:
    """A plan of the operations of a network under a load.

    Parameters
    ----------
    network : Network
        Tables of the year.
    graph : Graph
        Compiled from them.
    costs : LoadCosts
        Capacities and background.
    routes : RouteSet
        Loaded routes, and probes.
    settings : PlanSettings
        Start, horizon, what becomes consignments.

    Returns
    -------
    Plan
        With notes on what was assumed or left out.

    Raises
    ------
    DataError
        When cargo is sent by a service that has a capacity, but none for such cargo or for so large a consignment; or
        when nothing is simulated.
    SettingsError
        When settings are out of bounds; with all of them.

    Notes
    -----
    The wait for a ship is simulated, so the published one is left out; published waits for trains, at borders and in
    gauge yards are drawn, and queues of the simulation come on top.
    """
    check_plan_settings(settings)
    is_simulated = choose_routes(graph, network, routes, settings)
    if not is_simulated.any():
        raise DataError("There is nothing to simulate: no route carries cargo on a service that departs.")
    lots = cut_lots(network, routes, is_simulated, settings)
    rooms = find_rooms(graph, costs, routes, is_simulated, settings.most_used_share)
    parts, durations = Parts(), Durations(network)
    calendar = Calendar(network, settings.start, settings.horizon_h + settings.drain_h)
    fleet = Fleet(network, settings, parts, durations, calendar)
    pools = find_pools(network, graph, routes, is_simulated, lots, parts, durations)
    stager = Stager(network, graph, routes, rooms, lots, settings, parts, durations, calendar, fleet, pools)
    chosen = np.flatnonzero(is_simulated).tolist()
    chains = {route: stager.make_chain(route) for route in chosen}
    if fleet.issues:
        raise DataError("The plan cannot be made", [fleet.issues[key] for key in sorted(fleet.issues)])
    flows = [make_flow(graph, stager.arc_names, routes, lots, route) for route in chosen]
    detours = find_detours(graph, routes, chains, parts)
    laid = _lay_out(graph, routes, chains, detours, parts)
    traffic = list_traffic(graph, rooms, fleet, flows, [chains[route] for route in chosen], settings)
    for flow, stage in [*traffic, *list_overloads(graph, parts, stager.over)]:
        laid.entry.append(len(laid.stages))
        laid.stages.append(stage)
        laid.next_one.append(-1)
        laid.detour.append(-1)
        flows.append(flow)
    notes = [
        *_tell(network, routes, is_simulated, lots, settings, flows),
        *_tell_found(stager, fleet, parts),
        *tell_short_lines(fleet, count_loads(flows, _each_chain(laid))),
        *tell_few_ships(fleet),
        *durations.notes(),
    ]
    return _finish(graph, parts, fleet, laid, flows, settings, tuple(notes))


def _lay_out(
    graph: Graph,
    routes: RouteSet,
    chains: dict[int, list[Stage]],
    detours: dict[int, list[Detour]],
    parts: Parts,
) -> _Chains:
    """Chains one after the other, with the places where consignments look ahead."""
    laid = _Chains([], [], [], [])
    at_step: dict[int, list[tuple[int, int]]] = {}
    asked: list[tuple[int, Detour]] = []
    for route, chain in chains.items():
        lookouts = {detour.step: detour for detour in detours.get(route, [])}
        laid.entry.append(len(laid.stages))
        where: list[tuple[int, int]] = []
        for stage in chain:
            passed = [step for step in lookouts if step <= stage.step]
            for step in sorted(passed):
                asked.append((len(laid.stages), lookouts[step]))
                laid.stages.append(make_lookout(graph, routes, route, lookouts.pop(step), parts))
            where.append((stage.step, len(laid.stages)))
            laid.stages.append(stage)
        at_step[route] = where
        laid.next_one += range(len(laid.next_one) + 1, len(laid.stages) + 1)
        laid.next_one[-1] = -1
    laid.detour = [-1] * len(laid.stages)
    for at, detour in asked:
        laid.detour[at] = next(place for step, place in at_step[detour.other] if step >= detour.step)
    return laid


def _each_chain(laid: _Chains) -> Iterator[list[Stage]]:
    """Stages of each flow; they stand one after the other."""
    for start, end in pairwise([*laid.entry, len(laid.stages)]):
        yield laid.stages[start:end]


def _count_longest(laid: _Chains) -> list[int]:
    """Most stages of each flow, detours included; detours lead forward along the way, so that there is no circle."""
    longest = [0] * len(laid.stages)
    waiting = list(laid.entry)
    while waiting:
        at = waiting[-1]
        ahead = [one for one in (laid.next_one[at], laid.detour[at]) if one >= 0]
        open_ones = [one for one in ahead if not longest[one]]
        if open_ones:
            waiting += open_ones
            continue
        waiting.pop()
        after = laid.next_one[at]
        aside = laid.detour[at]
        longest[at] = max(1 + (longest[after] if after >= 0 else 0), longest[aside] if aside >= 0 else 0)
    return [longest[at] for at in laid.entry]


def _finish(
    graph: Graph,
    parts: Parts,
    fleet: Fleet,
    laid: _Chains,
    flows: list[Flow],
    settings: PlanSettings,
    notes: tuple[str, ...],
) -> Plan:
    stages = laid.stages

    def of_stage(name: str, dtype: type) -> np.ndarray:
        return np.array([getattr(stage, name) for stage in stages], dtype=dtype)

    system = System(
        resource_ids=tuple(row.name for row in parts.rows),
        kind=parts.column("kind", np.int8),
        server_count=parts.column("server_count", np.int32),
        partner=parts.column("partner", np.int32),
        line=parts.column("line", np.int32),
        side=parts.column("side", np.int8),
        lines=fleet.make(),
        stage_resource=of_stage("resource", np.int32),
        stage_time_h=of_stage("time_h", np.float64),
        stage_load=of_stage("load_share", np.float64),
        stage_next=np.array(laid.next_one, dtype=np.int32),
        stage_detour=np.array(laid.detour, dtype=np.int32),
        entry_stage=np.array(laid.entry, dtype=np.int32),
        longest_count=np.array(_count_longest(laid), dtype=np.int32),
        priority=np.zeros(len(flows), dtype=np.int8),
    )
    return Plan(
        system=system,
        flows=_make_flows(flows),
        chances=make_chances(parts, fleet.turns()),
        start=settings.start.astype("datetime64[h]"),
        horizon_h=settings.horizon_h,
        drain_h=settings.drain_h,
        stage_activity=of_stage("activity", np.int8),
        stage_place=of_stage("place", np.int32),
        stage_arc=of_stage("arc", np.int32),
        stage_length_km=of_stage("length_km", np.float64),
        stage_cost_usd=of_stage("cost_usd", np.float64),
        node_ids=graph.node_ids,
        resource_names=tuple(row.title for row in parts.rows),
        notes=notes,
    )


def _make_flows(flows: list[Flow]) -> Flows:
    seen: Counter[str] = Counter()
    ids = []
    for flow in flows:
        seen[flow.flow_id] += 1
        again = seen[flow.flow_id]
        ids.append(flow.flow_id if again == 1 else f"{flow.flow_id}#{again}")

    def texts(name: str) -> tuple[str, ...]:
        return tuple(getattr(flow, name) for flow in flows)

    def numbers(name: str) -> np.ndarray:
        return np.array([getattr(flow, name) for flow in flows], dtype=np.float64)

    return Flows(
        flow_ids=tuple(ids),
        origin_ids=texts("origin_id"),
        destination_ids=texts("destination_id"),
        market_ids=texts("market_id"),
        segment_ids=texts("segment_id"),
        corridor_ids=texts("corridor_id"),
        is_probe=np.array([flow.is_probe for flow in flows], dtype=bool),
        lot_t=numbers("lot_t"),
        rate_d=numbers("rate_d"),
        is_regular=np.array([flow.is_regular for flow in flows], dtype=bool),
        value_usd_t=numbers("value_usd_t"),
        value_of_time_usd_t_h=numbers("value_of_time_usd_t_h"),
    )


def _tell(
    network: Network,
    routes: RouteSet,
    is_simulated: np.ndarray,
    lots: Lots,
    settings: PlanSettings,
    flows: list[Flow],
) -> list[str]:
    """What is simulated, and what not."""
    mine = is_simulated & ~routes.is_probe
    volume, total = float(routes.volume_t_a[mine].sum()), float(routes.volume_t_a[~routes.is_probe].sum())
    notes = [
        f"{say_count(int(mine.sum()), 'route')} with {volume:,.0f} t a year of {total:,.0f} are simulated as"
        " consignments"
        + (
            "; all other cargo takes its part of the capacities."
            if mine.sum() < (~routes.is_probe).sum()
            else "."
        ),
        "Published waits for trains, at borders and in gauge yards are drawn; queues of the simulation come on top."
        " The wait for a ship is simulated.",
    ]
    if lots.scale_count > 1:
        notes.append(
            f"Consignments are {lots.scale_count} boxes, trucks or wagons each, so that they are not more than"
            f" {settings.most_consignment_count:,} a year."
        )
    if settings.level_m is None and len(network.draught_limit):
        notes.append("No level of the Caspian is given: ships load all they can carry.")
    if any(flow.market_id == "returns" for flow in flows):
        notes.append(
            "Wagons and boxes that cross a line which fills and goes come back by it empty, five at a time; trucks go"
            " home as the demand says."
        )
    return notes


def _tell_found(stager: Stager, fleet: Fleet, parts: Parts) -> list[str]:
    """What was found on the way."""
    notes = []
    for what, names in (
        ("No capacity is known of these services; they take all that is there: {}.", fleet.unlimited),
        ("No turn at the berth is known of these services; it takes no time: {}.", fleet.without_turn),
        ("Departures of these services have times of their own, which are not used: {}.", fleet.own_times),
        ("Loaded above capacity, queues there grow: {}.", {parts.rows[one].title for one in stager.over}),
        (
            "Loaded above the capacity of the tables, which is raised so that the cargo passes: {}.",
            stager.raised,
        ),
    ):
        if names:
            shown = sorted(names)
            more = len(shown) - WATCHED_COUNT
            text = ", ".join(shown[:WATCHED_COUNT]) + (f" and {more} more" if more > 0 else "")
            notes.append(what.format(text))
    free_count = sum(not has_queue for has_queue in stager.stops.values())
    if free_count:
        notes.append(
            f"No servers and no capacity are known of {free_count} of {len(stager.stops)} terminals, borders and"
            " connectors; nobody queues there."
        )
    return notes
