"""The corridor in Dehliz: the same arrays as a ``System`` and its ``Draws``."""

import time
from functools import partial
from typing import Any

import numpy as np

from benchmarks.simulation.task import Answer, SimulationTask
from dehliz.simulation.log import EventLog
from dehliz.simulation.run import Method, run_events
from dehliz.simulation.system import Departs, Draws, Lines, ResourceKind, System


def make_system(task: SimulationTask) -> System:
    """Stations, then the two sides of the ship's line; one flow."""
    station_count = len(task.server_count)
    outward, homeward = station_count, station_count + 1
    stage_resource = np.insert(np.arange(station_count), task.ship_before, outward)
    mean_h = np.insert(task.service_h.mean(axis=1), task.ship_before, 0.0)
    stage_count = station_count + 1
    lines = Lines(
        line_ids=("ship",),
        resource=np.array([[outward, homeward]], np.int32),
        departs=np.array([Departs.FILLS], np.int8),
        capacity=np.array([float(task.ship_capacity)]),
        longest_wait_h=np.array([task.longest_wait_h]),
        fleet_count=np.zeros(1, np.int32),
        crossing_h=np.full((1, 2), task.sail_h),
        turn_h=np.zeros(1),
        berth=np.full((1, 2), -1, np.int32),
        cut_off_h=np.zeros(1),
        first_departure=np.zeros(3, np.int32),
        departure_h=np.empty(0),
    )
    kind = np.full(station_count + 2, ResourceKind.SERVE, np.int8)
    kind[station_count:] = ResourceKind.BOARD
    return System(
        resource_ids=(*(f"station_{at}" for at in range(station_count)), "outward", "homeward"),
        kind=kind,
        server_count=np.append(task.server_count, [0, 0]).astype(np.int32),
        partner=np.full(station_count + 2, -1, np.int32),
        line=np.where(kind == ResourceKind.BOARD, 0, -1).astype(np.int32),
        side=np.append(np.full(station_count, -1), [0, 1]).astype(np.int8),
        lines=lines,
        stage_resource=stage_resource.astype(np.int32),
        stage_time_h=mean_h,
        stage_load=(stage_resource == outward).astype(np.float64),
        stage_next=np.append(np.arange(1, stage_count), -1).astype(np.int32),
        stage_detour=np.full(stage_count, -1, np.int32),
        entry_stage=np.zeros(1, np.int32),
        longest_count=np.array([stage_count], np.int32),
        priority=np.zeros(1, np.int8),
    )


def make_draws(task: SimulationTask) -> Draws:
    """The task's services over their means."""
    station_count, box_count = task.service_h.shape
    stream_count = station_count + 3
    first_draw = np.minimum(np.arange(stream_count + 1), station_count) * box_count
    return Draws(
        flow=np.zeros(box_count, np.int32),
        release_h=task.release_h.copy(),
        first_draw=first_draw.astype(np.int64),
        factor=(task.service_h / task.service_h.mean(axis=1, keepdims=True)).ravel(),
        first_closure=np.zeros(station_count + 3, np.int32),
        closure_start_h=np.empty(0),
        closure_end_h=np.empty(0),
        end_h=np.inf,
    )


class Dehliz:
    """One run, with the full log or without, resource by resource (as it chooses itself here) or event by event."""

    def __init__(self, *, keeps_log: bool = True, method: Method = "auto") -> None:
        self.keeps_log, self.method = keeps_log, method

    def prepare(self, task: SimulationTask) -> None:
        self.task = task
        self.system, self.draws = make_system(task), make_draws(task)

    def run(self) -> EventLog:
        return run_events(self.system, self.draws, keeps_log=self.keeps_log, method=self.method)

    def solve(self) -> Answer:
        start = time.process_time()
        log = self.run()
        spent = time.process_time() - start
        stay_h = log.done_h - self.draws.release_h
        if self.keeps_log:
            self.check(log)
        full = log.departure_load >= self.task.ship_capacity - 0.5
        return Answer(
            float(stay_h.mean()), int(np.isfinite(stay_h).sum()), len(full), int((~full).sum()), spent
        )

    def check(self, log: EventLog) -> None:
        """The log has a whole record of every stage of every box."""
        stage_count = self.system.n_stage
        rows = len(self.draws.release_h) * stage_count
        if len(log.stage) != rows or not np.isfinite(log.end_h).all():
            raise SystemExit(
                f"The log has {len(log.stage)} records, some without an end. It needs {rows} whole ones."
            )


OURS: dict[str, Any] = {
    "dehliz": Dehliz,
    "dehliz-no-log": partial(Dehliz, keeps_log=False),
    "dehliz-events": partial(Dehliz, method="events"),
    "dehliz-events-no-log": partial(Dehliz, keeps_log=False, method="events"),
}
"""Name to adapter."""
