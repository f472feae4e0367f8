"""A route to its chain of stages: runs of links, terminals and borders, ships.

Used by ``simulation/plan_make.py``. Links that follow each other in one mode and one country become one stage, with
their times and variances added; they queue, if at all, at the fullest of them, because in a row of servers of constant
time the slowest sets the pace and the order does not matter (Friedman, 1965, Operations Research 13, 121-131).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dehliz.base.rows import each_row
from dehliz.graph.direction import is_forward
from dehliz.graph.graph import ArcKind, ArcTable, BoolArray, Graph
from dehliz.network.network import Network
from dehliz.simulation.flows import Lots, name_arcs, name_way
from dehliz.simulation.plan import Activity
from dehliz.simulation.plan_chances import CERTAIN, Durations
from dehliz.simulation.plan_lines import Fleet
from dehliz.simulation.plan_parts import OPEN, Parts, Stage
from dehliz.simulation.plan_pools import Pools
from dehliz.simulation.plan_room import HOURS_PER_YEAR, Rooms
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
PASS, MOVE, SERVICE = int(ArcKind.PASS), int(ArcKind.MOVE), int(ArcKind.SERVICE)
WATER = ("sea", "water")
STOPS = ("border_post", "gauge_change")


@dataclass(frozen=True, slots=True)
class _Server:
    """Row of the table ``server`` for a terminal."""

    server_id: str
    count: int
    work_h_t: float


@dataclass(frozen=True, slots=True)
class Overload:
    """A queue with more cargo than it can bear: an arc of it, its capacity, and the cargo that is not of the plan."""

    arc: int
    capacity_t_h: float
    other_t_h: float


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
        self.over: dict[int, Overload] = {}
        self.raised: set[str] = set()
        self.stops: dict[str, bool] = {}
        self.arc_names = name_arcs(graph)
        self._used = rooms.used_share
        self._kind: list[int] = graph.kind.tolist()
        self._set: list[tuple[int, int]] = list(zip(graph.mode.tolist(), graph.country.tolist(), strict=True))
        self._made: dict[tuple[tuple[int, ...], int, int, float], list[Stage]] = {}
        self._forward: BoolArray = is_forward(graph, network)
        self._terminals: list[Any] = list(each_row(network.terminal))
        self._servers = _read_servers(network)
        self._names = network.node["name"].tolist()
        medium = dict(zip(network.mode["mode_id"], network.mode["medium"], strict=True))
        self._medium = [medium[mode_id] for mode_id in graph.mode_ids]

    def make_chain(self, route: int) -> list[Stage]:
        """Stages of a route in order."""
        routes = self.routes
        segment = int(routes.segment[route])
        cargo = _Cargo(
            int(routes.market[route]),
            segment,
            float(self.lots.lot_t[segment]),
            PROBE_FACTOR if routes.is_probe[route] else 1.0,
        )
        chain: list[Stage] = []
        held: list[Any] = []
        run: list[int] = []
        start = 0
        for step, arc in enumerate(routes.arcs(route).tolist()):
            kind = self._kind[arc]
            if kind == PASS:
                continue
            if kind == MOVE and run and self._set[run[0]] == self._set[arc]:
                run.append(arc)
                continue
            if run:
                chain += self._repeat(tuple(run), start, cargo)
            run, start = ([arc], step) if kind == MOVE else ([], step)
            if kind == SERVICE:
                chain += self._repeat((arc,), step, cargo)
            elif kind != MOVE:
                chain += self.pools.take(arc, step, routes.segment_ids[segment], held)
                chain += self._repeat((arc,), step, cargo)
                chain += self.pools.give(arc, step, held)
        return chain + self._repeat(tuple(run), start, cargo) if run else chain

    def _repeat(self, arcs: tuple[int, ...], step: int, cargo: _Cargo) -> list[Stage]:
        """Stages of a run of links, a service or a stop; made once for equal cargo: routes share most of them."""
        key = (arcs, cargo.market, cargo.segment, cargo.factor)
        made = self._made.get(key)
        if made is None:
            kind = self._kind[arcs[0]]
            if kind == MOVE:
                made = self._move(list(arcs), cargo)
            else:
                made = self._sail(arcs[0], cargo) if kind == SERVICE else self._stop(arcs[0], cargo)
            self._made[key] = made
        return [one.at(step) for one in made]

    def _cost_usd(self, arcs: list[int], cargo: _Cargo) -> float:
        money = self.routes.money_usd_t
        return float("nan") if money is None else float(money[cargo.market, arcs].sum()) * cargo.lot_t

    def _node(self, vertex: int) -> str:
        return str(self._names[self.graph.vertex_node[vertex]])

    def _move(self, run: list[int], cargo: _Cargo) -> list[Stage]:
        """A run of links: its fullest section, if that is busy, and the time of all."""
        graph = self.graph
        mode_id = graph.mode_ids[graph.mode[run[0]]]
        first, last = graph.tail[run[0]], graph.head[run[-1]]
        place = int(graph.vertex_node[first])
        time_h = float(graph.moving_time_h[run].sum())
        spread = float(np.sqrt((graph.time_spread_h[run] ** 2).sum())) / time_h if time_h > 0.0 else np.nan
        ends = f"{graph.node_ids[place]}>{graph.node_ids[graph.vertex_node[last]]}"
        resource = self.parts.add(
            f"move:{mode_id}:{ends}:{name_way(self.arc_names, run)}",
            f"{self._node(first)} to {self._node(last)}, {mode_id.replace('_', ' ')}",
            ResourceKind.DELAY,
            chance=self.durations.find("move", self._medium[graph.mode[run[0]]], "", spread),
        )
        moved = Stage(
            resource, Activity.MOVE, place, run[0], 0, time_h,
            length_km=float(graph.length_km[run].sum()), cost_usd=self._cost_usd(run, cargo),
        )  # fmt: skip
        used = self._used[run]
        fullest = run[int(np.argmax(used))]
        if used.max() < self.settings.busy_share:
            return [moved]
        return [self._path(fullest, cargo), moved]

    def _path(self, arc: int, cargo: _Cargo) -> Stage:
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
        self._watch(arc, resource, float(self.rooms.capacity_t_h[arc]))
        work_h = cargo.lot_t / self.rooms.room_t_h(arc) * cargo.factor
        return Stage(resource, Activity.PATH, int(graph.vertex_node[graph.tail[arc]]), arc, 0, work_h)

    def _watch(self, arc: int, resource: int, capacity_t_h: float) -> None:
        """Keep in mind where there is too much cargo, or was for the tables."""
        if self.rooms.is_raised[arc]:
            self.raised.add(self.parts.rows[resource].title)
        if self.rooms.is_over(arc, capacity_t_h):
            self.over.setdefault(resource, Overload(arc, capacity_t_h, float(self.rooms.other_t_h[arc])))

    def _sail(self, arc: int, cargo: _Cargo) -> list[Stage]:
        """A service: boarded where its departures are known, else a wait and a crossing."""
        graph = self.graph
        leg_id, place = graph.row_id(arc), int(graph.vertex_node[graph.tail[arc]])
        length_km, cost_usd = float(graph.length_km[arc]), self._cost_usd([arc], cargo)
        leg, medium = self.fleet.leg(leg_id), self._medium[graph.mode[arc]]
        if self.fleet.is_line(leg_id):
            line = self.fleet.find_line(leg_id)
            resource = self.fleet.lines[line].resource[0 if self._forward[arc] else 1]
            load = (
                self.fleet.load(leg_id, self.routes.segment_ids[cargo.segment], self.lots, cargo.segment)
                * cargo.factor
            )
            return [Stage(resource, Activity.SAIL, place, arc, 0, 0.0, load, length_km, cost_usd)]
        wait_h, time_h = float(graph.waiting_time_h[arc]), float(graph.moving_time_h[arc])
        crossing_h = float(leg.crossing_spread_h)
        crosses = self.parts.add(
            f"cross:service:{leg_id}", f"{leg.name}, crossing", ResourceKind.DELAY,
            chance=self.durations.find("crossing", medium, "", crossing_h / time_h),
        )  # fmt: skip
        crossing = Stage(crosses, Activity.SAIL, place, arc, 0, time_h, 0.0, length_km, cost_usd)
        if wait_h <= 0.0:
            return [crossing]
        own_h2 = float(leg.time_spread_h) ** 2 - (0.0 if np.isnan(crossing_h) else crossing_h) ** 2
        waits = self.parts.add(
            f"wait:service:{leg_id}:{graph.node_ids[place]}", f"{leg.name}, wait", ResourceKind.DELAY,
            chance=self.durations.find("wait", medium, "", float(np.sqrt(max(own_h2, 0.0))) / wait_h),
            closures=self.calendar.of_service(leg_id, graph.node_ids[place]),
        )  # fmt: skip
        return [Stage(waits, Activity.SAIL, place, arc, 0, wait_h), crossing]

    def _stop(self, arc: int, cargo: _Cargo) -> list[Stage]:
        """A terminal, a border or a connector: its servers, its handling, its wait."""
        graph = self.graph
        handling_h, waiting_h = float(graph.handling_time_h[arc]), float(graph.waiting_time_h[arc])
        medium, place = self._medium[graph.mode[arc]], int(graph.vertex_node[graph.tail[arc]])
        name, kind, closures = self._describe(arc, medium)
        both_h = float(np.hypot(handling_h, waiting_h))
        spread = float(graph.time_spread_h[arc]) / both_h if both_h > 0.0 else np.nan
        at_border = graph.kind[arc] == ArcKind.BORDER or kind in STOPS
        work = self._work(arc, cargo, self.durations.find("handle", medium, kind, spread), at_border)
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
                stages.append(Stage(resource, doing, place, arc, 0, mean_h))
                free = OPEN
        return _pay(stages, self._cost_usd([arc], cargo))

    def _find_own_capacity(self, terminal: Any, cargo: _Cargo) -> float:
        """Capacity in the terminal's own row [t/h], for cargo of this kind; ``inf`` where there is none."""
        if terminal.capacity_t_a > 0.0:
            return float(terminal.capacity_t_a) / HOURS_PER_YEAR
        t_per_teu = float(self.lots.lot_t[cargo.segment] / self.lots.lot_teu[cargo.segment])
        teu_h = float(terminal.capacity_teu_a) / HOURS_PER_YEAR
        return teu_h * t_per_teu if teu_h * t_per_teu > 0.0 else np.inf

    def _title(self, own: int) -> str:
        """A facility for people: where, and the ships that use it or the row that stands for it."""
        graph = self.graph
        ends = [int(graph.vertex_mode[vertex]) for vertex in (graph.head[own], graph.tail[own])]
        ships = [mode for mode in ends if mode >= 0 and self._medium[mode] in WATER]
        what = graph.mode_ids[ships[0]].replace("_", " ") + " quay" if ships else graph.row_id(own)
        return f"{self._node(graph.tail[own])}, {what}"

    def _describe(self, arc: int, medium: str) -> tuple[str, str, Any]:
        """Name, kind and closures of a stop."""
        graph = self.graph
        if graph.table[arc] == ArcTable.TERMINAL:
            row = self._terminals[graph.row[arc]]
            return f"terminal:{row.terminal_id}", str(row.kind), self.calendar.of_terminal(row)
        doing = "load" if graph.kind[arc] == ArcKind.LOAD else "unload"
        return f"{doing}:{graph.row_id(arc)}", KIND_OF_MEDIUM.get(medium, ""), OPEN

    def _work(self, arc: int, cargo: _Cargo, chance: Any, at_border: bool) -> Stage | None:
        """The queue of a stop whose servers or capacity are known."""
        graph = self.graph
        own = int(self.rooms.facility[arc])
        server = self._servers.get(graph.row_id(arc)) if graph.table[arc] == ArcTable.TERMINAL else None
        capacity_t_h = float(self.rooms.capacity_t_h[arc])
        name = f"work:{TABLES[int(graph.table[own])]}:{graph.row_id(own)}"
        if server is not None:
            name = f"work:server:{server.server_id}"
            capacity_t_h = server.count / server.work_h_t if server.work_h_t > 0.0 else capacity_t_h
        if np.isinf(capacity_t_h) and graph.table[arc] == ArcTable.TERMINAL:
            capacity_t_h = self._find_own_capacity(self._terminals[graph.row[arc]], cargo)
        if graph.table[own] == ArcTable.TERMINAL and not self._forward[own]:
            name += ":back"
        self.stops[name] = bool(np.isfinite(capacity_t_h))
        if not self.stops[name]:
            return None
        count = 1 if server is None else server.count
        closures = self._describe(arc, self._medium[graph.mode[arc]])[2]
        resource = self.parts.add(
            name, self._title(own), ResourceKind.SERVE,
            server_count=count, chance=chance, closures=closures,
        )  # fmt: skip
        self._watch(arc, resource, capacity_t_h)
        work_h = count * cargo.lot_t / self.rooms.room_t_h(arc, capacity_t_h) * cargo.factor
        doing = Activity.BORDER if at_border else Activity.PATH
        return Stage(resource, doing, int(graph.vertex_node[graph.tail[arc]]), arc, 0, work_h)


TABLES = {int(ArcTable.TERMINAL): "terminal", int(ArcTable.CONNECTOR): "connector"}


def _pay(stages: list[Stage], cost_usd: float) -> list[Stage]:
    """Money of a stop on its last stage."""
    if not stages:
        return []
    return [*stages[:-1], replace(stages[-1], cost_usd=cost_usd)]


def _read_servers(network: Network) -> dict[str, _Server]:
    return {
        row.terminal_id: _Server(row.server_id, int(row.server_count), float(row.work_h_t))
        for row in each_row(network.server)
        if row.kind == "work" and row.terminal_id
    }
