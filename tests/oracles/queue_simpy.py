"""The discrete-event engine once more, written from its contract and its rules on top of SimPy.

One process per consignment and per ship under way; stations, token pools and quays decide in plain Python who is next.
The contract is ``System`` and ``Draws``; what it leaves open is settled by the rules in ``kernels/events.py``: which
ship goes over empty, who is first where times are equal. Times are put on SimPy's calendar as they are, not as
differences from now, so that equal sums are equal times; at one time, appointments happen by rank and number, after
whatever SimPy itself has still to do then.
"""

from collections.abc import Callable, Generator
from enum import IntEnum
from heapq import heappush
from itertools import count as counting
from math import inf, nan
from typing import Any

import numpy as np
import simpy

from dehliz.simulation.log import EventLog
from dehliz.simulation.system import Departs, Draws, ResourceKind, System

TOLERANCE = 1e-9
Steps = Generator[Any, Any, None]


class Rank(IntEnum):
    """What is first at one time. SimPy's own priorities are 0 and 1, so all of these come after them."""

    OPEN = 10
    TOKEN = 11
    TURNED = 12
    OFF = 13
    JOIN = 14
    MOVE = 15
    TIMER = 16
    CLOCK = 17


class Calendar(simpy.Environment):
    """SimPy's environment with appointments at a time, by rank and number, instead of after a delay."""

    def __init__(self) -> None:
        super().__init__()
        self.order = counting()

    def at(self, time_h: float, rank: Rank, number: int) -> Any:
        """An event at a time, not before now."""
        event = simpy.Event(self)
        event._ok, event._value = True, None
        heappush(self._queue, (max(time_h, self.now), int(rank), (number, next(self.order)), event))
        return event

    def call(self, time_h: float, rank: Rank, number: int, what: Callable[[], None]) -> None:
        """Do something at a time."""
        self.at(time_h, rank, number).callbacks.append(lambda _: what())


class World:
    """One run: the calendar, the draws, the closures and the records."""

    def __init__(self, system: System, draws: Draws) -> None:
        self.system, self.draws = system, draws
        self.calendar = Calendar()
        self.used = [0] * system.n_stream
        self.departures: list[dict[str, Any]] = []
        self.records: list[list[dict[str, Any]]] = [[] for _ in draws.flow]
        self.done_h = [nan] * len(draws.flow)
        self.delayed: dict[int, list[float]] = {}
        self.event_count = self.off_count = 0

    def draw(self, stream: int) -> float:
        """The next factor of a stream."""
        first, after = self.draws.first_draw[stream : stream + 2].tolist()
        if first == after:
            return 1.0
        k = self.used[stream]
        self.used[stream] = k + 1
        return float(self.draws.factor[first + k % (after - first)])

    def closure(self, resource: int) -> tuple[float, float] | None:
        """The spell in which a resource is shut now, from the first of those that touch it before."""
        first, after = self.draws.first_closure[resource : resource + 2].tolist()
        since_h = last_end_h = -inf
        for row in range(first, after):
            start_h, end_h = float(self.draws.closure_start_h[row]), float(self.draws.closure_end_h[row])
            if start_h > last_end_h:
                since_h = start_h
            last_end_h = end_h
            if start_h <= self.calendar.now < end_h:
                return since_h, end_h
        return None

    def opening(self, resource: int) -> float:
        """When a resource that is shut now opens; spells that touch are one."""
        first, after = self.draws.first_closure[resource : resource + 2].tolist()
        open_h = self.calendar.now
        for row in range(first, after):
            if self.draws.closure_start_h[row] <= open_h < self.draws.closure_end_h[row]:
                open_h = float(self.draws.closure_end_h[row])
        return open_h

    def tell_openings(self, resource: int, what: Callable[[], None]) -> None:
        """Have something done at each end of a closure."""
        first, after = self.draws.first_closure[resource : resource + 2].tolist()
        for row in range(first, after):
            self.calendar.call(float(self.draws.closure_end_h[row]), Rank.OPEN, resource, what)


class Station:
    """Equal servers or tokens, by priority and then in order of arrival, none taken while shut."""

    def __init__(self, world: World, resource: int) -> None:
        self.world, self.resource = world, resource
        self.free_count = int(world.system.server_count[resource])
        self.waiting: list[tuple[int, int, Callable[[], bool], Any]] = []
        self.asked_count = 0
        world.tell_openings(resource, self.go_on)

    def ask(self, priority: int, is_open: Callable[[], bool] = lambda: True) -> Any:
        """An event that happens when it is one's turn."""
        event = self.world.calendar.event()
        self.waiting.append((priority, self.asked_count, is_open, event))
        self.asked_count += 1
        self.waiting.sort(key=lambda row: row[:2])
        self.go_on()
        return event

    def give_back(self) -> None:
        """One server or token more."""
        self.free_count += 1
        self.go_on()

    def go_on(self) -> None:
        """Let in whom there is room for."""
        if self.world.closure(self.resource):
            return
        for row in list(self.waiting):
            if self.free_count == 0:
                return
            if not row[2]():
                return
            self.waiting.remove(row)
            self.free_count -= 1
            row[3].succeed(self.world.draw(self.resource) if row[0] >= 0 else None)


class Line:
    """A line of ships or trains: the cargo at its two quays, its ships."""

    def __init__(self, world: World, line: int, stations: dict[int, Station]) -> None:
        self.world, self.line = world, line
        lines = world.system.lines
        self.resource: list[int] = lines.resource[line].tolist()
        self.capacity = float(lines.capacity[line])
        self.longest_wait_h = float(lines.longest_wait_h[line])
        self.is_clock = lines.departs[line] == Departs.CLOCK
        self.is_endless = self.is_clock or lines.fleet_count[line] == 0
        self.waiting: list[list[tuple[float, float, Any]]] = [[], []]
        self.ready_h: list[list[float]] = [[], []]
        self.ship_count = [0, 0]
        self.is_due = [False, False]
        self.berth = [stations.get(int(row)) for row in lines.berth[line]]
        for ship in range(0 if self.is_endless else int(lines.fleet_count[line])):
            self.ready_h[ship % 2].append(0.0)
            self.ship_count[ship % 2] += 1
        for side in (0, 1):
            if self.is_clock:
                world.calendar.process(self.keep_timetable(side))
            else:
                world.tell_openings(self.resource[side], lambda side=side: self.open(side))
            if self.berth[side] is not None:
                world.tell_openings(self.resource[side], self.berth[side].go_on)

    def is_shut(self, side: int) -> bool:
        return self.world.closure(self.resource[side]) is not None

    def board(self, side: int, load: float) -> Any:
        """Come to the quay: an event that brings the departure, then another the shore."""
        event = self.world.calendar.event()
        self.waiting[side].append((self.world.calendar.now, load, event))
        if not self.is_clock:
            self.look(side)
        return event

    def filled(self, side: int, ready_by_h: float = inf) -> tuple[int, float, bool]:
        """How many of those who wait go aboard, their load, and whether the ship is full with them."""
        load = 0.0
        for count, (ready_h, more, _) in enumerate(self.waiting[side]):
            if ready_h > ready_by_h:
                return count, load, False
            if load + more > self.capacity + TOLERANCE:
                return count, load, True
            load += more
        return len(self.waiting[side]), load, load >= self.capacity - TOLERANCE

    def look(self, side: int) -> None:
        """Leave from a side if there is reason to, then send an empty ship over to where one is needed."""
        calendar = self.world.calendar
        while self.waiting[side] and (self.is_endless or self.ready_h[side]):
            count, load, is_full = self.filled(side)
            ready_h = 0.0 if self.is_endless else self.ready_h[side][0]
            latest_h = max(self.waiting[side][0][0], ready_h) + self.longest_wait_h
            if not is_full and calendar.now < latest_h:
                if latest_h < inf:
                    calendar.call(latest_h, Rank.TIMER, 2 * self.line + side, lambda: self.look(side))
                break
            if self.is_shut(side):
                self.is_due[side] = True
                break
            self.leave(side, count, load)
        self.send_empty(side)
        self.send_empty(1 - side)

    def send_empty(self, side: int) -> None:
        """Go over when cargo waits there and no ship is there or on its way; one ready ship stays with cargo here."""
        spare_count = len(self.ready_h[side]) - (1 if self.waiting[side] else 0)
        if spare_count > 0 and self.waiting[1 - side] and self.ship_count[1 - side] == 0:
            if self.is_shut(side):
                self.is_due[side] = True
            else:
                self.leave(side, 0, 0.0)

    def open(self, side: int) -> None:
        """The end of a closure: what was due meanwhile happens, if there is still reason to."""
        if self.is_due[side]:
            self.is_due[side] = False
            self.look(side)

    def leave(self, side: int, count: int, load: float) -> None:
        """A ship leaves with the first of those who wait."""
        if not self.is_endless:
            self.ready_h[side].pop(0)
            self.ship_count[side] -= 1
            self.ship_count[1 - side] += 1
        aboard, self.waiting[side] = self.waiting[side][:count], self.waiting[side][count:]
        departure = {"line": self.line, "side": side, "load": load, "count": count}
        departure.update(depart=self.world.calendar.now, arrive=nan, berth=nan, turned=nan)
        number = len(self.world.departures)
        self.world.departures.append(departure)
        self.world.event_count += 1
        crossing_h = float(self.world.system.lines.crossing_h[self.line, side])
        crossing_h *= self.world.draw(self.resource[side])
        ashore = self.world.calendar.event()
        for _, _, event in aboard:
            event.succeed(ashore)
        off_h = self.world.calendar.now + crossing_h
        self.world.calendar.process(self.sail(departure, number, 1 - side, off_h, ashore))

    def sail(self, departure: dict[str, Any], number: int, side: int, off_h: float, ashore: Any) -> Steps:
        """A ship on its way to a side, its wait for the berth, its turn there."""
        calendar, system = self.world.calendar, self.world.system
        yield calendar.at(off_h, Rank.OFF, number)
        departure["arrive"] = calendar.now
        self.world.event_count += 1
        order = self.world.off_count
        self.world.off_count += 1
        while shut := self.world.closure(self.resource[side]):
            yield calendar.at(shut[1], Rank.JOIN, order)
        berth = self.berth[side]
        if berth is not None:
            yield berth.ask(-1, lambda: not self.is_shut(side))
        departure["berth"] = calendar.now
        ashore.succeed()
        turn_h = float(system.lines.turn_h[self.line]) * self.world.draw(system.n_resource + self.line)
        yield calendar.at(calendar.now + turn_h, Rank.TURNED, number)
        departure["turned"] = calendar.now
        self.world.event_count += berth is not None or not self.is_endless
        if berth is not None:
            berth.give_back()
        if not self.is_endless:
            self.ready_h[side].append(calendar.now)
            self.look(side)

    def keep_timetable(self, side: int) -> Steps:
        lines = self.world.system.lines
        first, after = lines.first_departure[2 * self.line + side : 2 * self.line + side + 2].tolist()
        for depart_h in lines.departure_h[first:after].tolist():
            number = 2 * (2 * self.line + side)
            yield self.world.calendar.at(depart_h, Rank.CLOCK, number)
            while shut := self.world.closure(self.resource[side]):
                yield self.world.calendar.at(shut[1], Rank.CLOCK, number + 1)
            cut_off_h = float(lines.cut_off_h[self.line])
            count, load, _ = self.filled(side, self.world.calendar.now - cut_off_h)
            if count:
                self.leave(side, count, load)


def run_simpy(
    system: System, draws: Draws, *, can_replan: bool = False, patience_h: float = 24.0
) -> EventLog:
    """Run a system with SimPy and return the same records as the engine."""
    world = World(system, draws)
    stations = {
        resource: Station(world, resource)
        for resource in range(system.n_resource)
        if system.kind[resource] in (ResourceKind.SERVE, ResourceKind.TAKE)
    }
    lines = [Line(world, line, stations) for line in range(system.n_line)]
    for consignment in range(len(draws.flow)):
        world.calendar.process(
            _travel(world, stations, lines, consignment, patience_h if can_replan else inf)
        )
    while (next_h := world.calendar.peek()) <= draws.end_h and next_h < inf:
        world.calendar.step()
    return _log(world)


def _travel(
    world: World, stations: dict[int, Station], lines: list[Line], consignment: int, patience_h: float
) -> Steps:
    """A consignment from its release to its end."""
    system, calendar = world.system, world.calendar
    yield calendar.at(float(world.draws.release_h[consignment]), Rank.MOVE, consignment)
    world.event_count += 1
    flow = int(world.draws.flow[consignment])
    stage = int(system.entry_stage[flow])
    while stage >= 0:
        stage = _detour(world, stage, patience_h)
        record = {"stage": stage, "ready": calendar.now, "start": nan, "end": nan, "found": 0}
        world.records[consignment].append(record)
        resource, mean_h = int(system.stage_resource[stage]), float(system.stage_time_h[stage])
        kind = system.kind[resource]
        if kind == ResourceKind.DELAY:
            yield from _pass(world, resource, mean_h, record, consignment)
        elif kind == ResourceKind.BOARD:
            line, side = lines[system.line[resource]], int(system.side[resource])
            record["found"] = len(line.waiting[side])
            ashore = yield line.board(side, float(system.stage_load[stage]))
            record["start"] = calendar.now
            yield ashore
            record["end"] = calendar.now
            yield calendar.at(calendar.now, Rank.MOVE, consignment)
        elif kind == ResourceKind.GIVE:
            record["start"] = calendar.now
            at_hand_h = calendar.now + mean_h * world.draw(resource)
            pool = int(system.partner[resource])
            calendar.call(at_hand_h, Rank.TOKEN, pool, _token_back(world, stations[pool]))
        else:
            station = stations[resource]
            record["found"] = len(station.waiting)
            factor = yield station.ask(int(system.priority[flow]))
            record["start"] = calendar.now
            is_serve = kind == ResourceKind.SERVE
            through_h = calendar.now + mean_h * factor if is_serve else calendar.now
            yield calendar.at(through_h, Rank.MOVE, consignment)
            if is_serve:
                station.give_back()
        world.event_count += kind != ResourceKind.BOARD
        record["end"] = calendar.now
        stage = int(system.stage_next[stage])
    world.done_h[consignment] = calendar.now


def _token_back(world: World, pool: Station) -> Callable[[], None]:
    def give_back() -> None:
        world.event_count += 1
        pool.give_back()

    return give_back


def _pass(world: World, resource: int, mean_h: float, record: dict[str, Any], consignment: int) -> Steps:
    """A stage that takes time only, begun when it is open; the k-th to come takes the k-th draw."""
    factor = world.draw(resource)
    delayed = world.delayed.setdefault(resource, [])
    shut = world.closure(resource)
    if shut:
        record["found"] = sum(start_h > world.calendar.now for start_h in delayed)
        start_h = world.opening(resource)
        delayed.append(start_h)
        yield world.calendar.at(start_h, Rank.OPEN, resource)
    record["start"] = world.calendar.now
    yield world.calendar.at(world.calendar.now + mean_h * factor, Rank.MOVE, consignment)


def _detour(world: World, stage: int, patience_h: float) -> int:
    """The stage to go on with, where those that have been shut for long are left out."""
    while patience_h < inf and world.system.stage_detour[stage] >= 0:
        shut = world.closure(int(world.system.stage_resource[stage]))
        if shut is None or world.calendar.now - shut[0] < patience_h:
            break
        stage = int(world.system.stage_detour[stage])
    return stage


def _log(world: World) -> EventLog:
    records = [record for rows in world.records for record in rows]
    rows = world.departures

    def column(name: str, source: list[dict[str, Any]], kind: Any = np.float64) -> Any:
        return np.array([row[name] for row in source], dtype=kind)

    return EventLog(
        first_record=np.cumsum([0, *(len(rows) for rows in world.records)]).astype(np.int64),
        stage=column("stage", records, np.int32),
        ready_h=column("ready", records),
        start_h=column("start", records),
        end_h=column("end", records),
        found_count=column("found", records, np.int32),
        done_h=np.array(world.done_h, dtype=np.float64),
        departure_line=column("line", rows, np.int32),
        departure_side=column("side", rows, np.int8),
        departure_load=column("load", rows),
        departure_count=column("count", rows, np.int32),
        depart_h=column("depart", rows),
        arrive_h=column("arrive", rows),
        berth_h=column("berth", rows),
        turned_h=column("turned", rows),
        event_count=world.event_count,
    )
