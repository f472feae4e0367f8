"""A week at a glance: when cargo arrives for every hour at which it can be ready, as steps.

Between two departures it does not matter when cargo is ready, up to a last moment: one step. Where it depends on no
timetable, every hour later is an hour later there: one step as well. The file before is ``routing/timetable.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from dehliz.base.units import HOURS_PER_DAY
from dehliz.graph.graph import FloatArray, IntArray
from dehliz.kernels.schedule_ask import TimedMetric, find_arrivals, find_departures, find_profile
from dehliz.kernels.schedule_clock import TICK_BITS, find_event, to_ticks
from dehliz.network.network import Network
from dehliz.routing.ask import describe_shipment, read_question
from dehliz.routing.corridors import name_corridor
from dehliz.routing.planner import Planner, Question, prepare
from dehliz.routing.routes import make_empty, make_routes
from dehliz.routing.timetable import (
    TimetableAnswer,
    TimetableSettings,
    forbid,
    judge,
    lay_timetable,
    read_moment,
    tell_basis,
)
from dehliz.routing.timetable_clock import Timetable
from dehliz.routing.timetable_tables import columns
from dehliz.routing.timetable_waits import say_moment

WEEK_D = 7
TICK_H = 2.0**-TICK_BITS


@dataclass(frozen=True, slots=True)
class Step:
    """Hours of departure that belong together.

    Attributes
    ----------
    is_departure : bool
        True when all arrive at one hour; False when each hour later is an hour later there.
    first_h, last_h : float
        First whole hour, and last moment, at which cargo can be ready [h].
    first_arrive_h, last_arrive_h : float
        Their arrivals [h].
    """

    is_departure: bool
    first_h: float
    last_h: float
    first_arrive_h: float
    last_arrive_h: float


def week(
    network: Network | Planner,
    origin: str,
    destination: str,
    first: datetime,
    *,
    avoid: Sequence[str] = (),
    without: Sequence[str] = (),
    timetable: Timetable | None = None,
) -> TimetableAnswer:
    """Earliest arrivals for cargo that is ready at any whole hour of seven days.

    Parameters
    ----------
    network : Network or Planner
        Where to look; a planner when many questions follow.
    origin, destination : str
        Places: a name in any spelling, UN/LOCODE, node id or ``lon,lat``.
    first : datetime
        First hour; without a time zone it is taken as Coordinated Universal Time.
    avoid, without : sequence of str
        Countries not to cross, and rows, nodes or passages not to use.
    timetable : Timetable, optional
        ``lay_timetable`` of the planner for a window that holds the week, when many questions follow.

    Returns
    -------
    TimetableAnswer
        With one table, ``timetable_week``; empty when there is no way.

    Notes
    -----
    Arrivals are those of whole hours, the last moment of a step is exact. A step that lies between two whole hours
    altogether is not seen. The weather is that which cargo of the first hour meets.
    """
    planner = network if isinstance(network, Planner) else prepare(network)
    question, ends = read_question(planner, origin, destination, (), avoid, without)
    moment = read_moment(first)
    settings = TimetableSettings()
    table = timetable or lay_timetable(planner, moment, settings.horizon_d + WEEK_D)
    depart_h = table.hour_h(moment)
    metric = forbid(table.in_weather(question.origin, depart_h)[0], question.forbidden)
    steps = find_steps(metric, planner.graph.n_zone, question, depart_h, table)
    rows = [
        {**_key(ends), "step": number, **_tell_step(planner, metric, question, table, step)}
        for number, step in enumerate(steps, 1)
    ]
    way = np.zeros(1, dtype=np.int32)
    found = make_routes([way], (question.origin, question.destination)) if steps else make_empty()
    status, reason = judge(planner, question, found, settings)
    notes = (*describe_shipment(planner), *tell_basis(planner, table))
    tables = {"timetable_week": pd.DataFrame(rows, columns=columns("timetable_week"))}
    return TimetableAnswer(
        status, reason, *ends, str(moment), planner.shipment.label, planner.network.year, notes, tables
    )


def _key(ends: tuple[str, str]) -> dict[str, str]:
    return {"scenario_id": "baseline", "origin_id": ends[0], "destination_id": ends[1]}


def find_steps(
    metric: TimedMetric, n_zone: int, question: Question, depart_h: float, timetable: Timetable
) -> list[Step]:
    """Steps of the seven days after an hour, in order; hours from which nothing leads there belong to none."""
    hours_h = to_ticks(depart_h) + np.arange(WEEK_D * HOURS_PER_DAY)
    destination = n_zone + question.destination
    arrive_h = find_profile(metric, question.origin, destination, hours_h, timetable.space)
    steps: list[Step] = []
    for at in range(len(hours_h)):
        is_within = at + 1 < len(hours_h) and arrive_h[at + 1] == arrive_h[at]
        if is_within or not np.isfinite(arrive_h[at]):
            continue
        first = int(np.searchsorted(arrive_h, arrive_h[at]))
        leave_h, _ = find_departures(metric, destination, arrive_h[at], question.origin, timetable.space)
        last_h = float(leave_h[question.origin])
        waits = first < at or last_h > hours_h[at] + TICK_H
        here = float(arrive_h[at])
        steps.append(Step(waits, float(hours_h[first]), last_h, here, here))
    return _join(steps)


def _join(steps: list[Step]) -> list[Step]:
    """Steps of single hours that take equally long, one."""
    joined: list[Step] = []
    for step in steps:
        before = joined[-1] if joined else None
        if (
            before is not None
            and not step.is_departure
            and not before.is_departure
            and step.first_h - before.last_h == 1.0
            and step.last_arrive_h - before.last_arrive_h == 1.0
        ):
            joined[-1] = Step(False, before.first_h, step.last_h, before.first_arrive_h, step.last_arrive_h)
        else:
            joined.append(step)
    return joined


def _tell_step(
    planner: Planner, metric: TimedMetric, question: Question, timetable: Timetable, step: Step
) -> dict[str, Any]:
    arcs, ready_h = _trace(planner, metric, question, timetable, step)
    wait_h, taken = _departures(planner, timetable, arcs, ready_h)
    return {
        "kind": "departure" if step.is_departure else "any_time",
        "first_ready_at": str(timetable.moment(step.first_h)),
        "last_ready_at": str(timetable.moment_before(step.last_h)),
        "first_arrives_at": str(timetable.moment(step.first_arrive_h)),
        "last_arrives_at": str(timetable.moment(step.last_arrive_h)),
        "time_h": step.last_arrive_h - step.last_h,
        "corridor_name": name_corridor(planner.teller.corridors, arcs)[1],
        "departure_wait_h": wait_h,
        "cost_usd": float(planner.costs.cost_usd[arcs].sum()),
        "emissions_kgco2e": float(planner.costs.emissions_kgco2e[arcs].sum()),
        "departures_text": "; ".join(taken),
    }


def _trace(
    planner: Planner, metric: TimedMetric, question: Question, timetable: Timetable, step: Step
) -> tuple[IntArray, FloatArray]:
    """Arcs of the fastest way from the last moment of a step, and the hours at which cargo is ready for each."""
    graph = planner.graph
    stop = graph.n_zone + question.destination
    arrive_h, by = find_arrivals(metric, question.origin, step.last_h, stop, timetable.space)
    arcs: list[int] = []
    vertex = stop
    while by[vertex] >= 0:
        arcs.append(int(by[vertex]))
        vertex = int(graph.tail[by[vertex]])
    way = np.array(arcs[::-1], dtype=np.int32)
    return way, np.asarray(arrive_h[graph.tail[way]])


def _departures(
    planner: Planner, timetable: Timetable, arcs: IntArray, ready_h: FloatArray
) -> tuple[float, list[str]]:
    """Time waited for departures of the timetable, and the departures in words."""
    clock = timetable.metric.timed.clock
    total_h, taken = 0.0, []
    for arc, hour_h in zip(arcs.tolist(), ready_h.tolist(), strict=True):
        if clock.is_timed[arc]:
            span = (int(clock.first[arc]), int(clock.first[arc + 1]))
            at = find_event(clock.start_h, *span, hour_h + float(clock.lead_h[arc]))
            start_h = float(clock.start_h[at])
            total_h += start_h - hour_h
            name = planner.network.service_leg["name"].iat[planner.graph.row[arc]]
            taken.append(f"{name}, {say_moment(timetable.moment(start_h))}")
    return total_h, taken
