"""When cargo arrives: the Pareto options of one departure over arrival, cost and CO2e, by the timetable.

``depart`` answers for one moment, ``routing/timetable_week.py`` for all hours of a week. Both take a ``Network`` or a
``Planner``. The hours of arcs come from ``routing/timetable_clock.py``, the words from
``routing/timetable_tables.py``. Moments are in Coordinated Universal Time.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from dehliz.base.rows import to_records
from dehliz.base.units import HOURS_PER_DAY
from dehliz.graph.graph import BoolArray, FloatArray, Graph
from dehliz.kernels.jit import Status
from dehliz.kernels.labels import LABEL_LIMIT
from dehliz.kernels.schedule_ask import TimedMetric, find_timed_options
from dehliz.kernels.search import freeze, make_star, reverse_star
from dehliz.network.network import Network
from dehliz.routing.ask import TRUNCATED, describe_shipment, read_question
from dehliz.routing.ask import Status as AnswerStatus
from dehliz.routing.blocked import explain_absence
from dehliz.routing.corridors import name_corridor
from dehliz.routing.layers import BIT_LIMIT_COUNT, NO_NODE, Layers, find_turn, lay_out
from dehliz.routing.planner import Planner, Question, prepare
from dehliz.routing.routes import Routes
from dehliz.routing.thin import thin
from dehliz.routing.timetable_clock import Timetable, make_timetable
from dehliz.routing.timetable_tables import tell_journeys
from dehliz.routing.timetable_waits import Witness

HORIZON_D = 120.0
"""Days after a departure for which the timetable is laid out: twice the slowest way through Eurasia."""


@dataclass(frozen=True, slots=True)
class TimetableSettings:
    """How far a search by the clock goes.

    Attributes
    ----------
    most_count : int
        How many options to keep at most.
    epsilon_share : float
        0 for all options; above, each way has an option that arrives no later and is at most this share worse.
    label_limit_count : int
        Labels that a search may make before it stops and says that it is truncated.
    horizon_d : float
        Days after the departure for which departures are known [d].
    """

    most_count: int = 8
    epsilon_share: float = 0.0
    label_limit_count: int = LABEL_LIMIT
    horizon_d: float = HORIZON_D


@dataclass(frozen=True, slots=True)
class TimetableAnswer:
    """An answer with its status.

    Attributes
    ----------
    status : {"ok", "no_way", "truncated"}
        ``truncated`` when a label budget was spent: there may be better options than those told.
    reason : str
        Why there is no way, or what is missing; empty when all is well.
    origin_id, destination_id : str
        Zones that the names were found to mean.
    depart_at : str
        When cargo is ready, ``YYYY-MM-DDTHH:MM``.
    shipment : str
        What is moved.
    year : int or None
        Year of the network.
    notes : tuple of str
        What a reader should know.
    tables : dict of str to DataFrame
        ``timetable_option``, ``timetable_leg`` and ``timetable_wait``, or ``timetable_week``.
    """

    status: AnswerStatus
    reason: str
    origin_id: str
    destination_id: str
    depart_at: str
    shipment: str
    year: int | None
    notes: tuple[str, ...]
    tables: dict[str, pd.DataFrame]

    @property
    def table(self) -> pd.DataFrame:
        """One row per option, or per step of the week."""
        return next(iter(self.tables.values()))

    def to_document(self) -> dict[str, Any]:
        """The answer as plain values for JSON: keys are column names, missing numbers are null."""
        names = ("status", "reason", "origin_id", "destination_id", "depart_at", "shipment", "year")
        head = {name: getattr(self, name) for name in names}
        records = {name: to_records(table) for name, table in self.tables.items()}
        return {**head, "notes": list(self.notes), **records}


def depart(
    network: Network | Planner,
    origin: str,
    destination: str,
    when: datetime,
    *,
    via: Sequence[str] = (),
    avoid: Sequence[str] = (),
    without: Sequence[str] = (),
    settings: TimetableSettings | None = None,
    timetable: Timetable | None = None,
) -> TimetableAnswer:
    """The Pareto options over arrival, cost and CO2e for cargo that is ready at one moment.

    Parameters
    ----------
    network : Network or Planner
        Where to look; a planner when many questions follow.
    origin, destination : str
        Places: a name in any spelling, UN/LOCODE, node id or ``lon,lat``.
    when : datetime
        When cargo is ready; without a time zone it is taken as Coordinated Universal Time.
    via, avoid, without : sequence of str
        Gateways to pass, countries not to cross, and rows, nodes or passages not to use.
    settings : TimetableSettings, optional
        Budget, tolerance and horizon.
    timetable : Timetable, optional
        ``lay_timetable`` of the planner for a window that holds the departure, when many questions follow.

    Returns
    -------
    TimetableAnswer

    Raises
    ------
    LookupFailed
        When a place or an id is not known.
    SettingsError
        When the question contradicts itself.
    """
    chosen = settings or TimetableSettings()
    planner = network if isinstance(network, Planner) else prepare(network)
    question, ends = read_question(planner, origin, destination, via, avoid, without)
    moment = read_moment(when)
    table = timetable or lay_timetable(planner, moment, chosen.horizon_d)
    depart_h = table.hour_h(moment)
    metric, weather = table.in_weather(question.origin, depart_h)
    found, arrive_h = find_journeys(planner.graph, metric, question, depart_h, chosen, table)
    names = [name_corridor(planner.teller.corridors, found.arcs(route))[0] for route in range(len(found))]
    criteria = _sum_criteria(planner, found, arrive_h, depart_h)
    kept = thin(planner.graph, found, criteria, names, chosen.most_count)
    kept.sort(key=lambda route: (criteria[route, 1], *criteria[route]))
    status, reason = judge(planner, question, found, chosen)
    notes = [*describe_shipment(planner), *tell_basis(planner, table)]
    if kept:
        notes.append(f"{len(kept)} of {len(found)} Pareto options are shown")
    witness = Witness(planner.graph, planner.network, table, weather)
    hours = [arrive_h[found.first_arc[route] : found.first_arc[route + 1]] for route in kept]
    tables = tell_journeys(planner.teller, planner.costs, witness, found.pick(kept), hours, depart_h)
    said = str(moment)
    return TimetableAnswer(
        status, reason, *ends, said, planner.shipment.label, planner.network.year, tuple(notes), tables
    )


def read_moment(when: datetime) -> np.datetime64:
    """A moment in Coordinated Universal Time, to the minute."""
    there = when if when.tzinfo is None else when.astimezone(UTC).replace(tzinfo=None)
    return np.datetime64(there, "m")


def lay_timetable(planner: Planner, first: np.datetime64, horizon_d: float = HORIZON_D) -> Timetable:
    """The timetable of a planner from the day of a moment on, for so many days."""
    horizon_h = (np.ceil(horizon_d) + 1.0) * HOURS_PER_DAY
    return make_timetable(
        planner.graph, planner.network, planner.costs, planner.metric.back, first, float(horizon_h)
    )


def find_journeys(
    graph: Graph,
    metric: TimedMetric,
    question: Question,
    depart_h: float,
    settings: TimetableSettings,
    timetable: Timetable,
) -> tuple[Routes, FloatArray]:
    """All options of a question as routes, and the hour at the head of each of their arcs [h].

    Notes
    -----
    Options that go to a gateway and come back the same way are left out as in ``routing/pareto.py``: the node to which
    most of them come back may be left once only, and the search is made again.
    """
    barred = forbid(metric, question.forbidden)
    ends = (question.origin, question.destination)
    last = graph.n_zone + question.destination
    if not len(question.needed):
        return _search(graph, barred, ends, last, depart_h, settings, timetable)
    once: list[int] = []
    while True:
        layers = lay_out(graph, question.needed, once)
        spread = _lay_metric(barred, layers)
        found, hours_h = _search(graph, spread, ends, layers.last(last), depart_h, settings, None)
        turns = [find_turn(graph, found.arcs(route)) for route in range(len(found))]
        straight = [route for route, turn in enumerate(turns) if turn == NO_NODE]
        is_over = len(straight) == len(found) or found.is_truncated
        if is_over or len(question.needed) + len(once) == BIT_LIMIT_COUNT:
            kept = [hours_h[found.first_arc[route] : found.first_arc[route + 1]] for route in straight]
            picked = replace(found.pick(straight), is_truncated=found.is_truncated or not is_over)
            return picked, np.concatenate([np.empty(0), *kept])
        once.append(Counter(turn for turn in turns if turn != NO_NODE).most_common(1)[0][0])


def _search(
    graph: Graph,
    metric: TimedMetric,
    ends: tuple[int, int],
    last: int,
    depart_h: float,
    settings: TimetableSettings,
    timetable: Timetable | None,
) -> tuple[Routes, FloatArray]:
    found = find_timed_options(
        metric, ends[0], last, depart_h,
        epsilon_share=settings.epsilon_share, label_limit=settings.label_limit_count,
        space=None if timetable is None else timetable.space,
    )  # fmt: skip
    count = len(found.first_arc) - 1
    routes = Routes(
        origin=np.full(count, ends[0], dtype=np.int32),
        destination=np.full(count, ends[1], dtype=np.int32),
        first_arc=found.first_arc,
        arc=found.arc % graph.n_arc,
        is_truncated=found.status == Status.TRUNCATED,
        found_count=count,
    )
    return routes, found.arrive_h


def forbid(metric: TimedMetric, arcs: BoolArray) -> TimedMetric:
    """The same metric with the arcs of a mask forbidden."""
    if not arcs.any():
        return metric
    timed, back = metric.timed, metric.back
    clock = timed.clock._replace(time_h=freeze(np.where(arcs, np.inf, timed.clock.time_h), np.float64))
    charge = freeze(np.where(arcs[:, None], np.inf, timed.charge), np.float64)
    least_in = freeze(np.where(arcs[back.arc][None, :], np.inf, metric.least_in), np.float64)
    return replace(metric, timed=timed._replace(clock=clock, charge=charge), least_in=least_in)


def _lay_metric(metric: TimedMetric, layers: Layers) -> TimedMetric:
    """The metric in layers of gateways: every layer has the events of its arcs."""
    (_, clock, charge), count = metric.timed, layers.n_layer
    star = make_star(layers.first_out, layers.head)
    back = reverse_star(star)
    event_count = len(clock.start_h)
    first = [clock.first[:-1] + layer * event_count for layer in range(count)]
    laid = clock._replace(
        is_timed=freeze(np.tile(clock.is_timed, count), np.bool_),
        time_h=freeze(layers.spread(clock.time_h), np.float64),
        lead_h=freeze(np.tile(clock.lead_h, count), np.float64),
        first=freeze(np.append(np.concatenate(first), count * event_count), np.int32),
        start_h=freeze(np.tile(clock.start_h, count), np.float64),
        end_h=freeze(np.tile(clock.end_h, count), np.float64),
    )
    charges = freeze(layers.spread(charge.T).T, np.float64)
    least = np.empty_like(metric.least_in)
    least[:, metric.back.arc] = metric.least_in
    timed = metric.timed._replace(star=star, clock=laid, charge=charges)
    return TimedMetric(timed, back, freeze(layers.spread(least)[:, back.arc], np.float64))


def _sum_criteria(planner: Planner, found: Routes, arrive_h: FloatArray, depart_h: float) -> FloatArray:
    """Cost, time and emissions of each option, (n_route, 3) float64."""
    last_h = arrive_h[found.first_arc[1:] - 1] - depart_h
    cost, carbon = found.total(planner.costs.cost_usd), found.total(planner.costs.emissions_kgco2e)
    return np.stack((cost, last_h, carbon), axis=1).reshape(-1, 3)


def judge(
    planner: Planner, question: Question, found: Routes, settings: TimetableSettings
) -> tuple[AnswerStatus, str]:
    """Status of what was found, and its reason."""
    if found.is_truncated:
        return "truncated", TRUNCATED
    if len(found):
        return "ok", ""
    if len(planner.find(question)) == 0:
        return "no_way", explain_absence(planner, question).text
    return (
        "no_way",
        f"No departure of the timetable leads there within {settings.horizon_d:g} days. Ask for another day, "
        "or look at routes without --depart, which takes mean waits",
    )


def tell_basis(planner: Planner, timetable: Timetable) -> tuple[str, ...]:
    """What the hours of an answer stand on, as notes."""
    count = int(np.count_nonzero(timetable.is_timed & np.isfinite(planner.costs.time_h)))
    lines = int(np.count_nonzero((planner.graph.table == 1) & np.isfinite(planner.costs.time_h)))
    return (
        "Times are in Coordinated Universal Time (UTC)",
        f"{count} of {lines} directions of services for this cargo leave by timetable, the others after a mean wait",
    )
