"""``Timetable``: what each arc of a graph makes of the hour, for a window of days.

Departures, opening hours and holidays of a network become events of arcs here, and weather becomes the extra hours
that it costs on average. The file before is ``graph/cost.py``, the next ones are ``routing/timetable.py``, which asks,
and ``routing/timetable_waits.py``, which tells why cargo waits. Hour 0 is a midnight, Coordinated Universal Time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dehliz.base.rows import each_row
from dehliz.base.units import HOURS_PER_DAY
from dehliz.graph.cost import Costs
from dehliz.graph.graph import ArcTable, BoolArray, FloatArray, Graph, IntArray
from dehliz.kernels.schedule_ask import TimedMetric, TimedSpace, find_arrivals, make_timed
from dehliz.kernels.schedule_clock import TICK_BITS, make_clock, to_ticks
from dehliz.kernels.search import Reverse, Star, freeze
from dehliz.network.network import Network
from dehliz.network.opening import ALWAYS, list_shut

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
MONTH_COUNT = 12

Event = tuple[int, float, float]
"""Arc, start and end [h]."""


@dataclass(frozen=True, slots=True)
class Weather:
    """Weather that one departure meets.

    Attributes
    ----------
    extra_h : (n_arc,) float64
        Mean extra wait [h].
    month : (n_arc,) int64
        Month that it is of, from 0.
    """

    extra_h: FloatArray
    month: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Timetable:
    """A network ready for questions about hours.

    Attributes
    ----------
    metric : TimedMetric
        Graph, events and charges as the kernels take them; without weather.
    midnight : datetime64
        Hour 0, Coordinated Universal Time.
    horizon_h : float
        Departures and shut hours are known from hour 0 to this one [h].
    weather_h : (12, n_arc) float64
        Mean extra wait of each month [h].
    weather_cause : dict of (int, int) to str
        What brings it, by month from 0 and arc.
    space : TimedSpace
        Buffers of plain questions: not for two threads at once.
    """

    metric: TimedMetric
    midnight: np.datetime64
    horizon_h: float
    weather_h: FloatArray
    weather_cause: dict[tuple[int, int], str]
    space: TimedSpace

    @property
    def is_timed(self) -> BoolArray:
        """Arcs that leave by departures."""
        return self.metric.timed.clock.is_timed

    def hour_h(self, moment: np.datetime64) -> float:
        """A moment as hours since midnight of the first day [h]."""
        return float((moment - self.midnight) / np.timedelta64(1, "s")) / 3600.0

    def moment(self, hour_h: float) -> np.datetime64:
        """The other way round, to the minute."""
        return self.midnight + np.timedelta64(round(hour_h * 60.0), "m")

    def moment_before(self, hour_h: float) -> np.datetime64:
        """The last whole minute that is not after an hour: somebody ready then is ready in time."""
        return self.midnight + np.timedelta64(int(np.floor(hour_h * 60.0)), "m")

    def in_weather(self, origin: int, depart_h: float) -> tuple[TimedMetric, "Weather"]:
        """The metric with the weather that cargo meets, and that weather.

        Notes
        -----
        Each arc has the weather of the month in which cargo from the origin could be there at the earliest.
        """
        if not self.weather_h.any():
            calm = self.weather_h[0]
            return self.metric, Weather(calm, np.zeros(len(calm), dtype=np.int64))
        arrive_h, _ = find_arrivals(self.metric, origin, depart_h)
        tails = np.repeat(np.arange(len(arrive_h)), np.diff(self.metric.timed.star.first_out))
        reached_h = np.where(np.isfinite(arrive_h), arrive_h, depart_h)[tails]
        days = self.midnight + np.floor(reached_h / HOURS_PER_DAY).astype(np.int64) * np.timedelta64(1, "D")
        month = days.astype("datetime64[M]").astype(np.int64) % MONTH_COUNT
        extra_h = _round_down(np.take_along_axis(self.weather_h, month[None, :], axis=0)[0])
        timed, back = self.metric.timed, self.metric.back
        clock = timed.clock._replace(time_h=freeze(timed.clock.time_h + extra_h, np.float64))
        least = np.vstack([self.metric.least_in[0] + extra_h[back.arc], self.metric.least_in[1:]])
        slower = replace(self.metric, timed=timed._replace(clock=clock), least_in=freeze(least, np.float64))
        return slower, Weather(extra_h, month)


def make_timetable(
    graph: Graph, network: Network, costs: Costs, back: Reverse, first_day: np.datetime64, horizon_h: float
) -> Timetable:
    """The timetable of a window of days.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives departures, opening hours, holidays and closures.
    costs : Costs
        What each arc costs the shipment.
    back : Reverse
        The graph seen from the heads.
    first_day : datetime64
        Day whose midnight is hour 0.
    horizon_h : float
        Length of the window [h].

    Returns
    -------
    Timetable

    Notes
    -----
    Rule 1. A service leg with rows of ``departure`` at an end leaves from that end by these rows alone; its mean wait
    is then left out. All other service legs have their mean wait, as in the graph.
    Rule 2. A terminal does not start work outside its opening hours, nor on a holiday that its kind (or it by name)
    rests on: of its country, or of either country of a border post. Work that has started goes on.
    Rule 3. Weather shuts a place for a share p of a month in spells of mean length s: cargo finds it shut with the
    chance p and, as spells have no memory, waits s more. The extra wait is p times s.
    """
    midnight = first_day.astype("datetime64[D]").astype("datetime64[m]")
    departures = list(_departures(graph, network, midnight, horizon_h))
    shut = list(_shut_hours(graph, network, midnight, horizon_h))
    is_timed = np.zeros(graph.n_arc, dtype=bool)
    lead_h = np.zeros(graph.n_arc)
    for arc, cut_off_h, _ in departures:
        is_timed[arc] = True
        lead_h[arc] = 0.0 if np.isnan(cut_off_h) else cut_off_h
    events = [event for _, _, events in departures for event in events] + shut
    columns = np.array(events, dtype=np.float64).reshape(-1, 3).T
    time_h = np.where(np.isfinite(costs.time_h), np.where(is_timed, 0.0, _round_down(graph.time_h)), np.inf)
    clock = make_clock(is_timed, time_h, lead_h, columns[0].astype(np.int32), columns[1], columns[2])
    charge = np.stack((costs.cost_usd, costs.emissions_kgco2e))
    metric = make_timed(Star(graph.first_out, graph.head), clock, charge, back)
    return Timetable(metric, midnight, horizon_h, *_weather(graph, network), TimedSpace(metric.timed.star))


def _round_down(hours: FloatArray) -> FloatArray:
    """Hours on the grid of the clock, none longer than it is, so that nobody misses a ship by rounding [h]."""
    ticks = to_ticks(hours)
    return np.where(ticks > hours, to_ticks(ticks - 2.0**-TICK_BITS), ticks)


def _departures(
    graph: Graph, network: Network, midnight: np.datetime64, horizon_h: float
) -> Iterator[tuple[int, float, list[Event]]]:
    """Arc, cut-off and events of each row of departure; Rule 1."""
    if network.departure.empty:
        return
    service = network.service_leg
    row_of = {row_id: row for row, row_id in enumerate(graph.row_ids[ArcTable.SERVICE_LEG])}
    arcs = np.flatnonzero(graph.table == ArcTable.SERVICE_LEG)
    starts = graph.vertex_node[graph.tail[arcs]]
    arc_of = {
        (int(graph.row[arc]), graph.node_ids[node]): int(arc) for arc, node in zip(arcs, starts, strict=True)
    }
    time_h, cut_off_h = (service[name].to_numpy(dtype=np.float64) for name in ("time_h", "cut_off_h"))
    first_day = midnight.astype("datetime64[D]")
    days = first_day + np.arange(int(np.ceil(horizon_h / HOURS_PER_DAY)))
    weekday = (days.astype(np.int64) + 3) % len(DAYS)  # 1 January 1970 was a Thursday
    for row in each_row(network.departure):
        leg = row_of[row.service_leg_id]
        arc = arc_of.get((leg, row.from_node_id))
        if arc is None:
            continue
        chosen = np.isin(weekday, [DAYS.index(day) for day in row.weekdays.split(";")])
        if row.first_date:
            chosen &= days >= np.datetime64(row.first_date)
        if row.last_date:
            chosen &= days <= np.datetime64(row.last_date)
        start_h = -_round_down(-(np.flatnonzero(chosen) * HOURS_PER_DAY + row.clock_h))
        ride_h = time_h[leg] if np.isnan(row.time_h) else row.time_h
        yield arc, float(cut_off_h[leg]), [(arc, hour, hour + ride_h) for hour in start_h.tolist()]


def _shut_hours(graph: Graph, network: Network, midnight: np.datetime64, horizon_h: float) -> Iterator[Event]:
    """Hours in which the arcs of terminals do not start work; Rule 2."""
    arcs_of = _arcs_by_row(graph, ArcTable.TERMINAL)
    country_of = dict(zip(network.node["node_id"], network.node["country_id"], strict=True))
    rest = _holidays(network, midnight)
    for row, stop in enumerate(each_row(network.terminal)):
        shut = [] if stop.opening_hours in ALWAYS else list_shut(stop.opening_hours, midnight, horizon_h)
        countries = {stop.from_country_id, stop.to_country_id} - {""} or {country_of[stop.node_id]}
        days = {
            day
            for country_id in countries
            for day, terminal_ids in rest.get((country_id, stop.kind), ())
            if not terminal_ids or stop.terminal_id in terminal_ids
        }
        shut = shut + [(day * HOURS_PER_DAY, (day + 1) * HOURS_PER_DAY) for day in sorted(days) if day >= 0]
        for begin, end in shut:
            last = np.inf if end >= horizon_h else end
            yield from ((arc, begin, last) for arc in arcs_of.get(row, ()) if begin < horizon_h)


def _holidays(
    network: Network, midnight: np.datetime64
) -> dict[tuple[str, str], list[tuple[int, frozenset[str]]]]:
    """Days of rest of each country and kind of terminal, from the first day on, and the terminals if not all rest."""
    found: dict[tuple[str, str], list[tuple[int, frozenset[str]]]] = {}
    for row in each_row(network.holiday):
        day = int((np.datetime64(row.date, "D") - midnight.astype("datetime64[D]")).astype(np.int64))
        terminal_ids = frozenset(row.terminal_ids.split(";")) - {""}
        for kind in row.terminal_kinds.split(";"):
            found.setdefault((row.country_id, kind), []).append((day, terminal_ids))
    return found


def _weather(graph: Graph, network: Network) -> tuple[FloatArray, dict[tuple[int, int], str]]:
    """Mean extra wait of each month and arc, and its causes; Rule 3."""
    extra_h = np.zeros((MONTH_COUNT, graph.n_arc))
    causes: dict[tuple[int, int], list[str]] = {}
    for row in each_row(network.closure):
        month = int(row.month) - 1
        arcs = _struck_arcs(graph, network, row)
        extra_h[month, arcs] += row.closed_share * row.spell_h
        for arc in arcs.tolist():
            causes.setdefault((month, arc), []).append(row.cause)
    return extra_h, {key: " and ".join(dict.fromkeys(names)) for key, names in causes.items()}


def _struck_arcs(graph: Graph, network: Network, row: Any) -> IntArray:
    """Arcs that a closure shuts.

    A node's closure holds up the ships that leave or reach it, and those of its terminals that serve none of these
    ships: cargo that changes to a ship waits for the weather once.
    """
    if row.service_leg_id:
        return _arcs_of(graph, ArcTable.SERVICE_LEG, row.service_leg_id)
    if row.terminal_id:
        return _arcs_of(graph, ArcTable.TERMINAL, row.terminal_id)
    node = graph.node_ids.index(row.node_id)
    at_tail, at_head = (graph.vertex_node[ends] == node for ends in (graph.tail, graph.head))
    sails = (graph.table == ArcTable.SERVICE_LEG) & (at_tail | at_head)
    sailed = {graph.mode_ids[mode] for mode in np.unique(graph.mode[sails])}
    stops = network.terminal
    serves_none = ~(stops["from_mode_id"].isin(sailed) | stops["to_mode_id"].isin(sailed)).to_numpy()
    works = (graph.table == ArcTable.TERMINAL) & at_tail
    works[works] = serves_none[graph.row[works]]
    return np.flatnonzero(sails | works).astype(np.int32)


def _arcs_of(graph: Graph, table: ArcTable, row_id: str) -> IntArray:
    row = graph.row_ids[table].index(row_id)
    return np.flatnonzero((graph.table == table) & (graph.row == row)).astype(np.int32)


def _arcs_by_row(graph: Graph, table: ArcTable) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for arc in np.flatnonzero(graph.table == table).tolist():
        found.setdefault(int(graph.row[arc]), []).append(arc)
    return found
