"""Other simulators on the same corridor and draws: each as its own documentation shows, in the quickest way found.

Runs in an environment of its own, without Dehliz. An adapter has ``prepare`` (arrays to the tool's own objects, not
timed) and ``solve`` (the one call that runs the simulation, timed). A prepared model is run once.
"""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.simulation.task import Answer, SimulationTask


def timed(call: Callable[[], Any]) -> float:
    """CPU seconds of a call."""
    start = time.process_time()
    call()
    return time.process_time() - start


class SimPy:
    """SimPy, a process per server: each takes a box from its store, works, and puts it into the next one."""

    def prepare(self, task: SimulationTask) -> None:
        simpy: Any = import_module("simpy")
        self.task, self.env = task, simpy.Environment()
        self.stays: list[float] = []
        self.sailing_count = self.timeout_count = 0
        self.stores = [simpy.Store(self.env) for _ in task.server_count]
        self.aboard: list[float] = []
        self.env.process(self._source(np.diff(task.release_h, prepend=0.0).tolist()))
        for at, server_count in enumerate(task.server_count.tolist()):
            service = iter(task.service_h[at].tolist())
            for _ in range(server_count):
                self.env.process(self._serve(at, service, self._then(at + 1)))

    def _then(self, at: int) -> Callable[[float], Any]:
        """What is done with a box that comes to a station."""
        if at == len(self.stores):
            return self._finish
        return self._board if at == self.task.ship_before else self.stores[at].put

    def _finish(self, came_h: float) -> None:
        self.stays.append(self.env.now - came_h)

    def _source(self, gaps: list[float]) -> Any:
        for gap_h in gaps:
            yield self.env.timeout(gap_h)
            self.stores[0].put(self.env.now)

    def _serve(self, at: int, service: Any, then: Callable[[float], Any]) -> Any:
        get, timeout = self.stores[at].get, self.env.timeout
        while True:
            came_h = yield get()
            yield timeout(next(service))
            then(came_h)

    def _board(self, came_h: float) -> None:
        self.aboard.append(came_h)
        if len(self.aboard) == 1:
            self.full = self.env.event()
            self.env.process(self._sail(self.aboard, self.full))
        if len(self.aboard) == self.task.ship_capacity:
            self.full.succeed()
            self.aboard = []

    def _sail(self, aboard: list[float], full: Any) -> Any:
        yield full | self.env.timeout(self.task.longest_wait_h)
        self.sailing_count += 1
        if not full.triggered:
            self.timeout_count += 1
            self.aboard = []
        yield self.env.timeout(self.task.sail_h)
        for came_h in aboard:
            self.stores[self.task.ship_before].put(came_h)

    def solve(self) -> Answer:
        spent = timed(self.env.run)
        stays = self.stays
        return Answer(sum(stays) / len(stays), len(stays), self.sailing_count, self.timeout_count, spent)


class SimPyBoxes:
    """SimPy, a process per box that requests resources."""

    def prepare(self, task: SimulationTask) -> None:
        simpy: Any = import_module("simpy")
        self.task, self.env = task, simpy.Environment()
        self.resources = [simpy.Resource(self.env, count) for count in task.server_count.tolist()]
        self.services = [iter(row) for row in task.service_h.tolist()]
        self.stays: list[float] = []
        self.load = self.sailing_count = self.timeout_count = 0
        self.env.process(self._source(np.diff(task.release_h, prepend=0.0).tolist()))

    def _source(self, gaps: list[float]) -> Any:
        for gap_h in gaps:
            yield self.env.timeout(gap_h)
            self.env.process(self._travel())

    def _travel(self) -> Any:
        env, ship_before = self.env, self.task.ship_before
        came_h = env.now
        for at, resource in enumerate(self.resources):
            if at == ship_before:
                yield self._board()
            request = resource.request()
            yield request
            yield env.timeout(next(self.services[at]))
            resource.release(request)
        self.stays.append(env.now - came_h)

    def _board(self) -> Any:
        if self.load == 0:
            self.full, self.shore = self.env.event(), self.env.event()
            self.env.process(self._sail(self.full, self.shore))
        self.load += 1
        if self.load == self.task.ship_capacity:
            self.full.succeed()
            self.load = 0
        return self.shore

    def _sail(self, full: Any, shore: Any) -> Any:
        yield full | self.env.timeout(self.task.longest_wait_h)
        self.sailing_count += 1
        if not full.triggered:
            self.timeout_count += 1
            self.load = 0
        yield self.env.timeout(self.task.sail_h)
        shore.succeed()

    def solve(self) -> Answer:
        spent = timed(self.env.run)
        stays = self.stays
        return Answer(sum(stays) / len(stays), len(stays), self.sailing_count, self.timeout_count, spent)


class Salabim:
    """salabim in yield style, a component per box, monitors off (they are not read, and it is quicker without)."""

    def prepare(self, task: SimulationTask) -> None:
        sim: Any = import_module("salabim")
        sim.yieldless(False)
        self.task, self.env = task, sim.Environment(trace=False, yieldless=False)
        self.resources = [sim.Resource(capacity=count, monitor=False) for count in task.server_count.tolist()]
        self.services = [iter(row) for row in task.service_h.tolist()]
        self.stays: list[float] = []
        self.load = self.sailing_count = self.timeout_count = 0
        corridor = self

        class Ship(sim.Component):  # type: ignore[misc]
            def setup(self) -> None:
                self.aboard: list[Any] = []
                self.is_full = False

            def process(self) -> Any:
                yield self.hold(task.longest_wait_h)
                corridor.sailing_count += 1
                if not self.is_full:
                    corridor.timeout_count += 1
                    corridor.load = 0
                yield self.hold(task.sail_h)
                for box in self.aboard:
                    box.activate()

        class Box(sim.Component):  # type: ignore[misc]
            def process(self) -> Any:
                came_h = corridor.env.now()
                for at, resource in enumerate(corridor.resources):
                    if at == task.ship_before:
                        corridor.board(self, Ship)
                        yield self.passivate()
                    yield self.request(resource)
                    yield self.hold(next(corridor.services[at]))
                    self.release(resource)
                corridor.stays.append(corridor.env.now() - came_h)

        class Source(sim.Component):  # type: ignore[misc]
            def process(self) -> Any:
                for release_h in task.release_h.tolist():
                    yield self.hold(till=release_h)
                    Box(process="process", suppress_trace=True)

        Source()

    def board(self, box: Any, make_ship: Callable[[], Any]) -> None:
        """A box that is about to sleep comes to the quay."""
        if self.load == 0:
            self.ship = make_ship()
        self.load += 1
        self.ship.aboard.append(box)
        if self.load == self.task.ship_capacity:
            self.ship.is_full = True
            self.ship.activate()
            self.load = 0

    def solve(self) -> Answer:
        spent = timed(self.env.run)
        stays = self.stays
        return Answer(sum(stays) / len(stays), len(stays), self.sailing_count, self.timeout_count, spent)


class Ciw:
    """Ciw, which has no "full or timeout": a ship of the same capacity leaves every 20 h. Another model and mean."""

    slot_h = 20.0

    def prepare(self, task: SimulationTask) -> None:
        ciw: Any = import_module("ciw")
        at = task.ship_before
        servers: list[Any] = task.server_count.tolist()
        servers.insert(at, ciw.Slotted(slots=[self.slot_h], slot_sizes=[task.ship_capacity]))
        services = [ciw.dists.Sequential(row) for row in task.service_h.tolist()]
        services.insert(at, ciw.dists.Deterministic(task.sail_h))
        gaps = [*np.diff(task.release_h, prepend=0.0).tolist(), float("inf")]
        node_count = len(servers)
        network = ciw.create_network(
            arrival_distributions=[ciw.dists.Sequential(gaps), *[None] * (node_count - 1)],
            service_distributions=services,
            number_of_servers=servers,
            routing=np.eye(node_count, k=1).tolist(),
        )
        ciw.seed(1)
        self.task, self.simulation = task, ciw.Simulation(network)

    def solve(self) -> Answer:
        box_count = len(self.task.release_h)
        spent = timed(lambda: self.simulation.simulate_until_max_customers(box_count, method="Complete"))
        stays, sailings = [], set()
        for individual in self.simulation.nodes[-1].all_individuals:
            records = individual.data_records
            stays.append(records[-1].service_end_date - records[0].arrival_date)
            sailings.add(records[self.task.ship_before].service_start_date)
        return Answer(sum(stays) / len(stays), len(stays), len(sailings), 0, spent)


def _cimba(style: str) -> Any:
    return getattr(import_module("benchmarks.simulation.rivals_cimba"), style)()


RIVALS: dict[str, tuple[str, Callable[[], Any]]] = {
    "simpy": ("simpy", SimPy),
    "simpy-boxes": ("simpy", SimPyBoxes),
    "cimba": ("cimba", lambda: _cimba("Cimba")),
    "cimba-boxes": ("cimba", lambda: _cimba("CimbaBoxes")),
    "salabim": ("salabim", Salabim),
    "ciw": ("ciw", Ciw),
}
"""Tool to the module it needs and its adapter."""

OTHER_MODEL = ("ciw",)
"""Tools whose model differs, so that their means are told and not compared."""
