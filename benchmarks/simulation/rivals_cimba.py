"""The corridor in cimba, in two styles: a process per server, and a process per box. Imported where cimba is."""

import time

import cimba as cb
import numpy as np
from cimba import inputs

from benchmarks.simulation.task import Answer, SimulationTask


class Ship(cb.Model):
    """Boxes wait in ``boxes``; each sailing puts its load and hour into stores, and a process lands them in order."""

    boxes: cb.Store[float]
    loads: cb.Store[int]
    left: cb.Store[float]
    then: cb.Ref[cb.Store[float]]
    capacity: cb.Param[int] = 0
    longest_wait_h: cb.Param[float] = 0.0
    sail_h: cb.Param[float] = 0.0
    load: int = 0
    first_h: float = 0.0
    sailings: int = 0
    timeouts: int = 0
    sailing_count: cb.Output[int]
    timeout_count: cb.Output[int]

    @cb.function
    def leave(self) -> None:
        self.sailings += 1
        self.loads.put(self.load)
        self.left.put(cb.now())
        self.load = 0

    @cb.event
    def time_up(self):
        if self.load > 0 and cb.now() >= self.first_h + self.longest_wait_h:
            self.timeouts += 1
            self.leave()

    @cb.function
    def board(self, came_h: float) -> None:
        self.boxes.put(came_h)
        self.load += 1
        if self.load == 1:
            self.first_h = cb.now()
            cb.schedule(self.time_up, self.longest_wait_h)
        if self.load == self.capacity:
            self.leave()

    @cb.process
    def sail(self):
        while True:
            left_h = self.left.get()
            count = self.loads.get()
            cb.hold(left_h + self.sail_h - cb.now())
            for _ in range(count):
                self.then.put(self.boxes.get())

    @cb.on_end
    def tell(self):
        self.sailing_count = self.sailings
        self.timeout_count = self.timeouts


class Station(cb.Model):
    """A store in which boxes wait, as the hour when they came; subclasses have the processes of its servers."""

    service: cb.Input[float]
    queue: cb.Store[float]
    then: cb.Ref[cb.Store[float]]
    ship: cb.Ref[Ship]


class OneServer(Station):
    @cb.process(copies=1)
    def serve(self):
        while True:
            came_h = self.queue.get()
            cb.hold(self.service.next())
            self.then.put(came_h)


class TwoServers(Station):
    @cb.process(copies=2)
    def serve(self):
        while True:
            came_h = self.queue.get()
            cb.hold(self.service.next())
            self.then.put(came_h)


class ThreeServers(Station):
    @cb.process(copies=3)
    def serve(self):
        while True:
            came_h = self.queue.get()
            cb.hold(self.service.next())
            self.then.put(came_h)


class FourServers(Station):
    @cb.process(copies=4)
    def serve(self):
        while True:
            came_h = self.queue.get()
            cb.hold(self.service.next())
            self.then.put(came_h)


class TwoServersAtQuay(Station):
    @cb.process(copies=2)
    def serve(self):
        while True:
            came_h = self.queue.get()
            cb.hold(self.service.next())
            self.ship.board(came_h)


class LastFourServers(Station):
    count: int = 0
    sum_h: float = 0.0
    mean_stay_h: cb.Output[float]
    box_count: cb.Output[int]

    @cb.process(copies=4)
    def serve(self):
        while True:
            came_h = self.queue.get()
            cb.hold(self.service.next())
            self.sum_h += cb.now() - came_h
            self.count += 1

    @cb.on_end
    def tell(self):
        self.mean_stay_h = self.sum_h / self.count
        self.box_count = self.count


class Corridor(cb.Model):
    """All of it, and the source."""

    gap_h: cb.Input[float]
    box_count: cb.Param[int] = 0
    stations: list[Station]
    ship: Ship
    first: cb.Ref[cb.Store[float]]

    @cb.process
    def release(self):
        for _ in range(self.box_count):
            cb.hold(self.gap_h.next())
            self.first.put(cb.now())


SERVERS = {1: OneServer, 2: TwoServers, 3: ThreeServers, 4: FourServers}


def _check(task: SimulationTask) -> None:
    """The number of copies of a process is fixed in its class, so the classes above are for one corridor."""
    if task.server_count[task.ship_before - 1] != 2 or task.server_count[-1] != 4:
        raise SystemExit("The corridor has other servers than its cimba model. Change the model.")


def _run(model: cb.Model) -> tuple[cb.Results, float]:
    experiment = cb.Experiment(model, replications=1, window=cb.Window.until_idle())
    start = time.process_time()
    results = experiment.run(workers=1)
    spent = time.process_time() - start
    if results.failed.any():
        raise SystemExit(str(results.failure_reasons[0, 0]))
    return results, spent


class Cimba:
    """A process per server, stores of boxes between."""

    def prepare(self, task: SimulationTask) -> None:
        _check(task)
        self.model, self.ship = Corridor(), Ship()
        self.ship.boxes, self.ship.loads, self.ship.left = cb.Store(), cb.Store(), cb.Store()
        self.ship.capacity, self.ship.sail_h = task.ship_capacity, task.sail_h
        self.ship.longest_wait_h = task.longest_wait_h
        stations = []
        for at, server_count in enumerate(task.server_count.tolist()):
            kind = SERVERS[server_count]
            if at == task.ship_before - 1:
                kind = TwoServersAtQuay
            elif at == len(task.server_count) - 1:
                kind = LastFourServers
            station = kind()
            station.service, station.queue = inputs.trace(task.service_h[at]), cb.Store()
            station.ship = self.ship
            stations.append(station)
        for at, station in enumerate(stations):
            station.then = stations[(at + 1) % len(stations)].queue
        self.ship.then = stations[task.ship_before].queue
        self.last = stations[-1]
        self.model.stations, self.model.ship, self.model.first = stations, self.ship, stations[0].queue
        self.model.gap_h = inputs.trace(np.diff(task.release_h, prepend=0.0))
        self.model.box_count = len(task.release_h)

    def solve(self) -> Answer:
        results, spent = _run(self.model)
        last, ship = results[self.last], results[self.ship]
        numbers = (last.mean_stay_h, last.box_count, ship.sailing_count, ship.timeout_count)
        mean_h, *counts = (part.values[0, 0] for part in numbers)
        return Answer(float(mean_h), *(int(count) for count in counts), spent)


class BoxShip(cb.Model):
    """Boxes wait for tickets of the shore, which a landing ship gives out in order."""

    shore: cb.Container
    loads: cb.Store[int]
    left: cb.Store[float]
    capacity: cb.Param[int] = 0
    longest_wait_h: cb.Param[float] = 0.0
    sail_h: cb.Param[float] = 0.0
    load: int = 0
    first_h: float = 0.0
    sailings: int = 0
    timeouts: int = 0
    sailing_count: cb.Output[int]
    timeout_count: cb.Output[int]

    @cb.function
    def leave(self) -> None:
        self.sailings += 1
        self.loads.put(self.load)
        self.left.put(cb.now())
        self.load = 0

    @cb.event
    def time_up(self):
        if self.load > 0 and cb.now() >= self.first_h + self.longest_wait_h:
            self.timeouts += 1
            self.leave()

    @cb.function
    def board(self) -> None:
        self.load += 1
        if self.load == 1:
            self.first_h = cb.now()
            cb.schedule(self.time_up, self.longest_wait_h)
        if self.load == self.capacity:
            self.leave()

    @cb.process
    def sail(self):
        while True:
            left_h = self.left.get()
            count = self.loads.get()
            cb.hold(left_h + self.sail_h - cb.now())
            self.shore.put(count)

    @cb.on_end
    def tell(self):
        self.sailing_count = self.sailings
        self.timeout_count = self.timeouts


class BoxStation(cb.Model):
    """Servers that boxes acquire."""

    service: cb.Input[float]
    servers: cb.Resource
    is_quay: cb.Param[bool] = False


class Sums(cb.Model):
    """What the boxes add up."""

    count: int = 0
    sum_h: float = 0.0
    mean_stay_h: cb.Output[float]
    box_count: cb.Output[int]

    @cb.on_end
    def tell(self):
        self.mean_stay_h = self.sum_h / self.count
        self.box_count = self.count


class BoxCorridor(cb.Model):
    """All of it, and the source, which makes a process for each box."""

    gap_h: cb.Input[float]
    box_count: cb.Param[int] = 0
    stations: list[BoxStation]
    ship: BoxShip
    sums: Sums

    @cb.process
    def release(self):
        for _ in range(self.box_count):
            cb.hold(self.gap_h.next())
            cb.spawn(Box, corridor=self)


class Box(cb.Model):
    """A box on its way."""

    corridor: cb.Ref[BoxCorridor]

    @cb.process
    def travel(self):
        came_h = cb.now()
        for at in range(len(self.corridor.stations)):
            station = self.corridor.stations[at]
            if station.is_quay:
                self.corridor.ship.board()
                self.corridor.ship.shore.get(1)
            station.servers.acquire()
            cb.hold(station.service.next())
            station.servers.release()
        self.corridor.sums.sum_h += cb.now() - came_h
        self.corridor.sums.count += 1
        cb.release(self)


class CimbaBoxes:
    """A process per box, resources with servers."""

    def prepare(self, task: SimulationTask) -> None:
        self.model = BoxCorridor()
        stations = []
        for at, server_count in enumerate(task.server_count.tolist()):
            station = BoxStation()
            station.service = inputs.trace(task.service_h[at])
            station.servers = cb.Resource(capacity=server_count)
            station.is_quay = at == task.ship_before
            stations.append(station)
        self.ship, self.sums = BoxShip(), Sums()
        self.ship.shore, self.ship.loads, self.ship.left = cb.Container(), cb.Store(), cb.Store()
        self.ship.capacity, self.ship.sail_h = task.ship_capacity, task.sail_h
        self.ship.longest_wait_h = task.longest_wait_h
        self.model.stations, self.model.ship, self.model.sums = stations, self.ship, self.sums
        self.model.gap_h = inputs.trace(np.diff(task.release_h, prepend=0.0))
        self.model.box_count = len(task.release_h)

    def solve(self) -> Answer:
        results, spent = _run(self.model)
        sums, ship = results[self.sums], results[self.ship]
        numbers = (sums.mean_stay_h, sums.box_count, ship.sailing_count, ship.timeout_count)
        mean_h, *counts = (part.values[0, 0] for part in numbers)
        return Answer(float(mean_h), *(int(count) for count in counts), spent)
