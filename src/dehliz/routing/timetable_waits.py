"""Why cargo waits: the time of an arc between two hours, split into moving, handling and waits with their causes.

The hours come from ``routing/timetable.py``; the tables are made in ``routing/timetable_tables.py``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from dehliz.graph.graph import ArcKind, ArcTable, Graph
from dehliz.kernels.schedule_clock import Clock, find_event
from dehliz.network.network import Network
from dehliz.routing.timetable_clock import Timetable, Weather

LEAST_WAIT_H = 1.0 / 120.0
"""Waits of less than half a minute are rounding of the clock."""


class Cause(StrEnum):
    """What cargo waits for."""

    DEPARTURE = "departure"
    SHUT = "shut"
    WEATHER = "weather"
    FILLS = "fills"
    HEADWAY = "headway"
    TERMINAL = "terminal"
    BORDER = "border"
    GAUGE = "gauge"


_NOUN = {
    "sea": ("a ship", "sailing"),
    "water": ("a barge", "departure"),
    "rail": ("a train", "train"),
    "road": ("a truck", "departure"),
    "pipeline": ("the pipeline", "departure"),
}
"""By medium of a mode: what is waited for, and what its departure is called."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait.

    Attributes
    ----------
    cause : Cause
        What is waited for.
    text : str
        The same in words.
    from_h, wait_h : float
        When it begins, and its length [h].
    """

    cause: Cause
    text: str
    from_h: float
    wait_h: float


@dataclass(frozen=True, slots=True)
class Passage:
    """An arc in time.

    Attributes
    ----------
    starts_h : float
        When cargo begins to be moved or worked on [h].
    moving_time_h, handling_time_h : float
        Its parts [h].
    waits : tuple of Wait
        The rest.
    """

    starts_h: float
    moving_time_h: float
    handling_time_h: float
    waits: tuple[Wait, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """All that is looked up to tell waits.

    Attributes
    ----------
    graph, network : Graph, Network
        What is travelled.
    timetable : Timetable
        Events of its arcs.
    weather : Weather
        Weather of the question.
    """

    graph: Graph
    network: Network
    timetable: Timetable
    weather: Weather

    @property
    def clock(self) -> Clock:
        """Events of the arcs."""
        return self.timetable.metric.timed.clock

    def pass_arc(self, arc: int, ready_h: float, arrive_h: float) -> Passage:
        """What happens on an arc between the hour at which cargo is ready for it and that of its arrival."""
        graph = self.graph
        if self.clock.is_timed[arc]:
            return self._ride(arc, ready_h)
        planned_h = float(graph.waiting_time_h[arc])
        fixed_h = float(self.clock.time_h[arc] + self.weather.extra_h[arc])
        shut_h = max(arrive_h - ready_h - fixed_h, 0.0)
        opens_h = ready_h + shut_h
        waits = [
            Wait(Cause.SHUT, f"closed until {say_moment(self.timetable.moment(opens_h))}", ready_h, shut_h),
            Wait(*self._planned(arc), opens_h, planned_h),
            self._weather(arc, opens_h + planned_h),
        ]
        starts_h = opens_h + planned_h + float(self.weather.extra_h[arc])
        moving_h, handling_h = float(graph.moving_time_h[arc]), float(graph.handling_time_h[arc])
        return Passage(starts_h, moving_h, handling_h, _worth_telling(waits))

    def _ride(self, arc: int, ready_h: float) -> Passage:
        """A departure of the timetable; a delay by weather is counted at its end."""
        clock = self.clock
        first, last = int(clock.first[arc]), int(clock.first[arc + 1])
        at = find_event(clock.start_h, first, last, ready_h + float(clock.lead_h[arc]))
        start_h, end_h = float(clock.start_h[at]), float(clock.end_h[at])
        noun = self._noun(arc)[1]
        text = f"waits for the {noun} of {say_moment(self.timetable.moment(start_h), is_full=True)}"
        waits = [Wait(Cause.DEPARTURE, text, ready_h, start_h - ready_h), self._weather(arc, end_h)]
        return Passage(start_h, end_h - start_h, 0.0, _worth_telling(waits))

    def _weather(self, arc: int, from_h: float) -> Wait:
        cause = self.timetable.weather_cause.get((int(self.weather.month[arc]), arc), "")
        text = f"{cause}, expected"
        return Wait(Cause.WEATHER, text, from_h, float(self.weather.extra_h[arc]))

    def _noun(self, arc: int) -> tuple[str, str]:
        mode = self.network.mode
        medium = mode["medium"].iat[mode["mode_id"].tolist().index(self.graph.mode_ids[self.graph.mode[arc]])]
        return _NOUN[str(medium)]

    def _planned(self, arc: int) -> tuple[Cause, str]:
        """Cause of the mean wait that the tables give."""
        kind = ArcKind(self.graph.kind[arc])
        noun = self._noun(arc)[0]
        row: Any = None
        if self.graph.table[arc] == ArcTable.SERVICE_LEG:
            row = self.network.service_leg.iloc[self.graph.row[arc]]
            if row["departs"] == "fills":
                return Cause.FILLS, f"expected wait for {noun} that fills"
            if not np.isnan(row["headway_h"]):
                return (
                    Cause.HEADWAY,
                    f"expected wait for {noun}, one every {say_hours(float(row['headway_h']))}",
                )
            return Cause.HEADWAY, f"expected wait for {noun}"
        if kind == ArcKind.TRANSFER and self._is_gauge(arc):
            return Cause.GAUGE, "gauge yard"
        if kind == ArcKind.BORDER:
            return Cause.BORDER, "border"
        return Cause.TERMINAL, f"expected wait for {noun}"

    def _is_gauge(self, arc: int) -> bool:
        return bool(self.network.terminal["kind"].iat[self.graph.row[arc]] == "gauge_change")


def _worth_telling(waits: list[Wait]) -> tuple[Wait, ...]:
    return tuple(wait for wait in waits if wait.wait_h >= LEAST_WAIT_H)


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_moment(moment: np.datetime64, is_full: bool = False) -> str:
    """A moment for people: ``Sat 8 Nov 18:00``, or with the whole name of the day.

    Examples
    --------
    >>> say_moment(np.datetime64("2025-11-08T18:00"), is_full=True)
    'Saturday 8 Nov 18:00'
    """
    when = moment.astype("datetime64[m]").item()
    day = _WEEKDAYS[when.weekday()]
    return f"{day if is_full else day[:3]} {when.day} {_MONTHS[when.month - 1]} {when:%H:%M}"


def say_hours(hours: float) -> str:
    """A length of time for people: hours below two days, else days.

    Examples
    --------
    >>> say_hours(12.0), say_hours(84.0)
    ('12 h', '3.5 days')
    """
    return f"{hours:.3g} h" if hours < 48.0 else f"{hours / 24.0:.3g} days"
