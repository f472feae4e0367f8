"""Small plans and logs written by hand, for tests of what is read from them."""

from collections.abc import Sequence

import numpy as np

from dehliz.simulation.log import EventLog
from dehliz.simulation.plan import Chances, Flows, Plan
from dehliz.simulation.system import Lines, ResourceKind, System

Record = tuple[int, float, float]
"""Stage, when the consignment came, when it was through."""


def make_lines(line_ids: tuple[str, ...] = ()) -> Lines:
    """Lines on which somebody can be booked, none by itself."""
    count = len(line_ids)
    nothing = np.zeros(0)
    return Lines(
        line_ids=line_ids, resource=np.full((count, 2), -1, np.int32), departs=np.zeros(count, np.int8),
        capacity=np.ones(count), longest_wait_h=np.full(count, 24.0), fleet_count=np.zeros(count, np.int32),
        crossing_h=np.full((count, 2), 10.0), turn_h=np.zeros(count), berth=np.full((count, 2), -1, np.int32),
        cut_off_h=np.zeros(count), first_departure=np.zeros(2 * count + 1, np.int32), departure_h=nothing,
    )  # fmt: skip


def make_plan(kinds: Sequence[ResourceKind], arcs: Sequence[int]) -> Plan:
    """One flow through resources of these kinds, one stage at each."""
    count = len(kinds)
    ints, zeros = np.arange(count, dtype=np.int32), np.zeros(count)
    none = np.full(count, -1, np.int32)
    lines = make_lines()
    system = System(
        resource_ids=tuple(f"r{number}" for number in range(count)), kind=np.array(kinds, np.int8),
        server_count=np.ones(count, np.int32), partner=none.copy(), line=none.copy(), side=np.full(count, -1, np.int8),
        lines=lines, stage_resource=ints.copy(), stage_time_h=zeros.copy(), stage_load=zeros.copy(),
        stage_next=np.array([*range(1, count), -1], np.int32), stage_detour=none.copy(),
        entry_stage=np.zeros(1, np.int32), longest_count=np.array([count], np.int32), priority=np.zeros(1, np.int8),
    )  # fmt: skip
    empty, first = np.zeros(0), np.zeros(count + 1, np.int32)
    chances = Chances(
        family=np.zeros(count, np.int8), spread_factor=zeros.copy(), least_factor=zeros.copy(),
        shut_first=first.copy(), shut_month=np.zeros(0, np.int8), shut_share=empty.copy(), shut_spell_h=empty.copy(),
        shut_key=(), fixed_first=first.copy(), fixed_start_h=empty.copy(), fixed_end_h=empty.copy(),
    )  # fmt: skip
    flows = Flows(
        ("a>b",), ("a",), ("b",), ("boxes",), ("boxes",), ("middle",), np.array([False]), np.array([20.0]),
        np.array([1.0]), np.array([False]), np.array([np.nan]), np.array([np.nan]),
    )  # fmt: skip
    return Plan(
        system, flows, chances, np.datetime64("2024-01-01T00", "h"), 8760.0, 720.0, np.zeros(count, np.int8),
        np.zeros(count, np.int32), np.array(arcs, np.int32), zeros.copy(), zeros.copy(), ("a", "b"),
        tuple(f"Resource {number}" for number in range(count)),
    )  # fmt: skip


def make_log(journeys: Sequence[Sequence[Record]]) -> EventLog:
    """A log of journeys: work begins at once, and nobody is found waiting."""
    records = [record for journey in journeys for record in journey]
    stage, ready, end = (np.array(column) for column in zip(*records, strict=True))
    nothing, byte = np.zeros(0), np.zeros(0, np.int8)
    return EventLog(
        first_record=np.cumsum([0, *(len(journey) for journey in journeys)]), stage=stage.astype(np.int32),
        ready_h=ready, start_h=ready.copy(), end_h=end, found_count=np.zeros(len(stage), np.int32),
        done_h=np.array([journey[-1][2] for journey in journeys]), departure_line=np.zeros(0, np.int32),
        departure_side=byte, departure_load=nothing, departure_count=np.zeros(0, np.int32), depart_h=nothing,
        arrive_h=nothing, berth_h=nothing, turned_h=nothing, event_count=len(stage),
    )  # fmt: skip
