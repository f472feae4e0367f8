"""A route to its chain of stages: runs of links, terminals and borders, ships.

Used by ``simulation/plan_make.py``. Links that follow each other in one mode and one country become one stage, with
their times and variances added; they queue, if at all, at the fullest of them, because in a row of servers of constant
time the slowest sets the pace and the order does not matter (Friedman, 1965, Operations Research 13, 121-131).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dehliz.base.rows import each_row
from dehliz.graph.direction import is_forward
from dehliz.graph.graph import ArcKind, ArcTable, BoolArray, Graph
from dehliz.network.network import Network
from dehliz.simulation.flows import Lots, name_way
from dehliz.simulation.plan import Activity
from dehliz.simulation.plan_chances import CERTAIN, Durations
from dehliz.simulation.plan_lines import Fleet
from dehliz.simulation.plan_parts import OPEN, Parts, Stage
from dehliz.simulation.plan_pools import Pools
from dehliz.simulation.plan_room import Rooms
from dehliz.simulation.plan_shut import Calendar
from dehliz.simulation.routes_in import PlanSettings, RouteSet
from dehliz.simulation.system import ResourceKind

PROBE_FACTOR = 1e-6
"""Part of a consignment's load and work that a probe takes: it is watched, and is in nobody's way."""
KIND_OF_MEDIUM = {
    "rail": "rail_terminal",
    "road": "road_terminal",
    "sea": "port",
    "water": "barge_port",
    "pipeline": "pipeline_terminal",
}
"""Kind of terminal whose times a connector shares."""
STOPS = ("border_post", "gauge_change")


@dataclass(frozen=True, slots=True)
class _Server:
    """Row of the table ``server`` for a terminal."""

    server_id: str
    count: int
    work_h_t: float


@dataclass(frozen=True, slots=True)
class _Cargo:
    """What the chain under way is for."""

    market: int
    segment: int
    lot_t: float
    factor: float


class Stager:
    """Makes chains; resources and lines grow as routes ask for them."""

    def __init__(
        self,
        network: Network,
        graph: Graph,
        routes: RouteSet,
        rooms: Rooms,
        lots: Lots,
        settings: PlanSettings,
        parts: Parts,
        durations: Durations,
        calendar: Calendar,
        fleet: Fleet,
        pools: Pools,
    ) -> None:
        self.graph, self.routes, self.rooms, self.lots = graph, routes, rooms, lots
        self.settings, self.parts, self.durations = settings, parts, durations
        self.calendar, self.fleet, self.pools = calendar, fleet, pools
        self.full: set[str] = set()
        self._forward: BoolArray = is_forward(graph, network)
        self._terminals: list[Any] = list(each_row(network.terminal))
        self._servers = _read_servers(network)
        self._names = network.node["name"].tolist()
        medium = dict(zip(network.mode["mode_id"], network.mode["medium"], strict=True))
        self._medium = [medium[mode_id] for mode_id in graph.mode_ids]

    def make_chain(self, route: int) -> list[Stage]:
        """Stages of a route in order."""
        graph, routes = self.graph, self.routes
        segment = int(routes.segment[route])
        cargo = _Cargo(
            int(routes.market[route]),
            segment,
            float(self.lots.lot_t[segment]),
            PROBE_FACTOR if routes.is_probe[route] else 1.0,
        )
        segment_id = routes.segment_ids[segment]
        chain: list[Stage] = []
        held: list[Any] = []
        run: list[int] = []
        start = 0
        for step, arc in enumerate(routes.arcs(route).tolist()):
            kind = graph.kind[arc]
            if kind == ArcKind.PASS:
                continue
            if kind == ArcKind.MOVE and run and self._is_same_run(run[0], arc):
                run.append(arc)
                continue
            chain += self._move(run, start, cargo)
            run, start = ([arc], step) if kind == ArcKind.MOVE else ([], step)
            if kind == ArcKind.SERVICE:
                chain += self._sail(arc, step, cargo, segment_id)
            elif kind != ArcKind.MOVE:
                chain += self.pools.take(arc, step, segment_id, held)
                chain += self._stop(arc, step, cargo)
                chain += self.pools.give(arc, step, held)
        return [*chain, *self._move(run, start, cargo)]

    def _is_same_run(self, first: int, arc: int) -> bool:
        graph = self.graph
        return bool(graph.mode[first] == graph.mode[arc] and graph.country[first] == graph.country[arc])

    def _cost_usd(self, arcs: list[int], cargo: _Cargo) -> float:
        money = self.routes.money_usd_t
        return float("nan") if money is None else float(money[cargo.market, arcs].sum()) * cargo.lot_t

    def _node(self, vertex: int) -> str:
        return str(self._names[self.graph.vertex_node[vertex]])

    def _move(self, run: list[int], step: int, cargo: _Cargo) -> list[Stage]:
        """A run of links: its fullest section, if that is busy, and the time of all."""
        if not run:
            return []
        graph = self.graph
        mode_id = graph.mode_ids[graph.mode[run[0]]]
        first, last = graph.tail[run[0]], graph.head[run[-1]]
        place = int(graph.vertex_node[first])
        time_h = float(graph.moving_time_h[run].sum())
        spread = float(np.sqrt((graph.time_spread_h[run] ** 2).sum())) / time_h if time_h > 0.0 else np.nan
        resource = self.parts.add(
            f"move:{mode_id}:{graph.node_ids[place]}>{graph.node_ids[graph.vertex_node[last]]}:{name_way(graph, run)}",
            f"{self._node(first)} to {self._node(last)}, {mode_id.replace('_', ' ')}",
            ResourceKind.DELAY,
            chance=self.durations.find("move", self._medium[graph.mode[run[0]]], "", spread),
        )
        moved = Stage(
            resource, Activity.MOVE, place, run[0], step, time_h,
            length_km=float(graph.length_km[run].sum()), cost_usd=self._cost_usd(run, cargo),
        )  # fmt: skip
        used = self.rooms.used_share[run]
        fullest = run[int(np.argmax(used))]
        if used.max() < self.settings.busy_share:
            return [moved]
        return [self._path(fullest, step, cargo), moved]

    def _path(self, arc: int, step: int, cargo: _Cargo) -> Stage:
        """The wait for a path on a section: one server who gives them out at the pace that is left."""
        graph = self.graph
        own = int(self.rooms.facility[arc])
        tail, head = graph.tail[own], graph.head[own]
        resource = self.parts.add(
            f"path:{graph.row_id(own)}:{graph.node_ids[graph.vertex_node[tail]]}",
            f"Paths {self._node(tail)} to {self._node(head)}",
            ResourceKind.SERVE,
            server_count=1,
        )
        self._watch(arc, resource)
        work_h = cargo.lot_t / self.rooms.room_t_h(arc) * cargo.factor
        return Stage(resource, Activity.PATH, int(graph.vertex_node[graph.tail[arc]]), arc, step, work_h)

    def _watch(self, arc: int, resource: int) -> None:
        if self.rooms.used_share[arc] >= 1.0:
            self.full.add(self.parts.rows[resource].title)

    def _sail(self, arc: int, step: int, cargo: _Cargo, segment_id: str) -> list[Stage]:
        """A service: boarded where its departures are known, else a wait and a crossing."""
        graph = self.graph
        leg_id, place = graph.row_id(arc), int(graph.vertex_node[graph.tail[arc]])
        length_km, cost_usd = float(graph.length_km[arc]), self._cost_usd([arc], cargo)
        leg, medium = self.fleet.leg(leg_id), self._medium[graph.mode[arc]]
        if self.fleet.is_line(leg_id):
            line = self.fleet.find_line(leg_id)
            resource = self.fleet.lines[line].resource[0 if self._forward[arc] else 1]
            load = self.fleet.load(leg_id, segment_id, self.lots, cargo.segment) * cargo.factor
            return [Stage(resource, Activity.SAIL, place, arc, step, 0.0, load, length_km, cost_usd)]
        wait_h, time_h = float(graph.waiting_time_h[arc]), float(graph.moving_time_h[arc])
        crossing_h = float(leg.crossing_spread_h)
        own_h = float(
            np.sqrt(max(leg.time_spread_h**2 - (0.0 if np.isnan(crossing_h) else crossing_h) ** 2, 0.0))
        )
        waits = self.parts.add(
            f"wait:service:{leg_id}", f"{leg.name}, wait", ResourceKind.DELAY,
            chance=self.durations.find("wait", medium, "", own_h / wait_h) if wait_h > 0.0 else CERTAIN,
            closures=self.calendar.of_service(leg_id, graph.node_ids[place]),
        )  # fmt: skip
        crosses = self.parts.add(
            f"cross:service:{leg_id}", f"{leg.name}, crossing", ResourceKind.DELAY,
            chance=self.durations.find("crossing", medium, "", crossing_h / time_h),
        )  # fmt: skip
        stages = [Stage(waits, Activity.SAIL, place, arc, step, wait_h)] if wait_h > 0.0 else []
        return [
            *stages,
            Stage(crosses, Activity.SAIL, place, arc, step, time_h, 0.0, length_km, cost_usd),
        ]

    def _stop(self, arc: int, step: int, cargo: _Cargo) -> list[Stage]:
        """A terminal, a border or a connector: its servers, its handling, its wait."""
        graph = self.graph
        handling_h, waiting_h = float(graph.handling_time_h[arc]), float(graph.waiting_time_h[arc])
        medium, place = self._medium[graph.mode[arc]], int(graph.vertex_node[graph.tail[arc]])
        name, kind, closures = self._describe(arc, medium)
        both_h = float(np.hypot(handling_h, waiting_h))
        spread = float(graph.time_spread_h[arc]) / both_h if both_h > 0.0 else np.nan
        at_border = graph.kind[arc] == ArcKind.BORDER or kind in STOPS
        work = self._work(arc, step, cargo, self.durations.find("handle", medium, kind, spread), at_border)
        stages = [work] if work is not None else []
        handling_h = max(handling_h - sum(one.time_h for one in stages), 0.0)
        title = f"{self._node(graph.tail[arc])}, {kind.replace('_', ' ')} {name.partition(':')[2]}"
        free = OPEN if work is not None else closures
        for activity, what, mean_h in (
            (Activity.HANDLE, "handle", handling_h),
            (Activity.WAIT, "wait", waiting_h),
        ):
            if mean_h > 0.0 or (what == "handle" and free):
                chance = self.durations.find(what, medium, kind, spread) if mean_h > 0.0 else CERTAIN
                resource = self.parts.add(
                    f"{what}:{name}", f"{title}, {what}", ResourceKind.DELAY, chance=chance, closures=free
                )
                doing = Activity.BORDER if at_border else activity
                stages.append(Stage(resource, doing, place, arc, step, mean_h))
                free = OPEN
        return _pay(stages, self._cost_usd([arc], cargo))

    def _describe(self, arc: int, medium: str) -> tuple[str, str, Any]:
        """Name, kind and closures of a stop."""
        graph = self.graph
        if graph.table[arc] == ArcTable.TERMINAL:
            row = self._terminals[graph.row[arc]]
            return f"terminal:{row.terminal_id}", str(row.kind), self.calendar.of_terminal(row)
        doing = "load" if graph.kind[arc] == ArcKind.LOAD else "unload"
        return f"{doing}:{graph.row_id(arc)}", KIND_OF_MEDIUM.get(medium, ""), OPEN

    def _work(self, arc: int, step: int, cargo: _Cargo, chance: Any, at_border: bool) -> Stage | None:
        """The queue of a stop whose servers or capacity are known."""
        graph = self.graph
        own = int(self.rooms.facility[arc])
        server = self._servers.get(graph.row_id(arc)) if graph.table[arc] == ArcTable.TERMINAL else None
        capacity_t_h = float(self.rooms.capacity_t_h[arc])
        name = f"work:{TABLES[int(graph.table[own])]}:{graph.row_id(own)}"
        if server is not None:
            name = f"work:server:{server.server_id}"
            capacity_t_h = server.count / server.work_h_t if server.work_h_t > 0.0 else capacity_t_h
        if graph.table[own] == ArcTable.TERMINAL and not self._forward[own]:
            name += ":back"
        if not np.isfinite(capacity_t_h):
            return None
        count = 1 if server is None else server.count
        closures = self._describe(arc, self._medium[graph.mode[arc]])[2]
        resource = self.parts.add(
            name, f"{self._node(graph.tail[own])}, {graph.row_id(own)}", ResourceKind.SERVE,
            server_count=count, chance=chance, closures=closures,
        )  # fmt: skip
        self._watch(arc, resource)
        work_h = count * cargo.lot_t / self.rooms.room_t_h(arc, capacity_t_h) * cargo.factor
        doing = Activity.BORDER if at_border else Activity.PATH
        return Stage(resource, doing, int(graph.vertex_node[graph.tail[arc]]), arc, step, work_h)


TABLES = {int(ArcTable.TERMINAL): "terminal", int(ArcTable.CONNECTOR): "connector"}


def _pay(stages: list[Stage], cost_usd: float) -> list[Stage]:
    """Money of a stop on its last stage."""
    if not stages:
        return []
    last = stages[-1]
    paid = Stage(
        last.resource, last.activity, last.place, last.arc, last.step, last.time_h, last.load, last.length_km, cost_usd
    )  # fmt: skip
    return [*stages[:-1], paid]


def _read_servers(network: Network) -> dict[str, _Server]:
    return {
        row.terminal_id: _Server(row.server_id, int(row.server_count), float(row.work_h_t))
        for row in each_row(network.server)
        if row.kind == "work" and row.terminal_id
    }
