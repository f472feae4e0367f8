"""What the model says of each kind of figure that is reported of events.

A ``Replay`` and a row of ``event_reported`` come in, a number in the unit of the row goes out; ``Untold`` says why
there is none. The file after is ``validation/events.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from dehliz.assignment.flow_tables import Loaded, name_routes
from dehliz.base.units import DAYS_PER_YEAR, HOURS_PER_DAY
from dehliz.disruption.compare import Comparison
from dehliz.disruption.impact import Baseline
from dehliz.disruption.recovery import RecoverySettings, recover
from dehliz.disruption.recovery_states import NetworkResponse
from dehliz.disruption.scenes import Scene
from dehliz.graph.graph import BoolArray, FloatArray
from dehliz.routing.corridors import find_gateway

TEU_PER_TRAIN: Final = 86.0
"""A block train of 43 forty-foot boxes (note of the rows of table value for rail terminals; fact terminals-0066)."""
ROUTES: Final = {"asia_europe": ("CN", ""), "shanghai_rotterdam": ("shanghai", "rotterdam")}
"""Ends of routes that reports name: zones, or a country and everything by sea from it."""
SEA_MARKET: Final = "china_europe_sea"


class Untold(Exception):
    """Why the model has no figure."""


@dataclass(frozen=True, slots=True)
class Replay:
    """An event replayed.

    Attributes
    ----------
    baseline : Baseline
        The year before.
    scene : Scene
        The event.
    comparison : Comparison
        Both equilibria.
    """

    baseline: Baseline
    scene: Scene
    comparison: Comparison

    @property
    def sides(self) -> tuple[Loaded, Loaded]:
        """Before and after."""
        return self.comparison.before, self.comparison.after


def _boxes(loaded: Loaded) -> BoolArray:
    """(n_route,) whether a route carries boxes; wheeled cargo counts its units in TEU too and is left out."""
    is_box = np.array([one.startswith("container") for one in loaded.segment_of])
    return np.asarray(is_box[loaded.visits.segment])


def _passes(loaded: Loaded, subject: str) -> BoolArray:
    """(n_route,) whether a route passes the subject of a report."""
    kind, _, name = subject.partition(":")
    if kind == "corridor":
        ids = np.array([*(one.corridor_id.startswith(name) for one in loaded.corridors), False])
        return np.asarray(ids[name_routes(loaded.visits, loaded.corridors)])
    if kind == "node":
        return loaded.visits.touches(find_gateway(loaded.graph, loaded.network, name))
    if kind in ("link", "service_leg", "country", "passage", "mode"):
        return loaded.visits.touches(find_gateway(loaded.graph, loaded.network, subject))
    raise Untold(f"The model has no {kind}")


def _is_of_boxes(row: Any) -> bool:
    return row.unit == "TEU" or str(row.measure).lower().startswith(("boxes", "container"))


def _flow_t_a(loaded: Loaded, row: Any) -> float:
    """Cargo of the subject [t/a]."""
    chosen = _passes(loaded, row.subject)
    if _is_of_boxes(row):
        chosen &= _boxes(loaded)
    if "EU and China" in row.measure:
        chosen &= _joins_china(loaded)
    return float(loaded.visits.flows.volume_t_d[chosen].sum()) * DAYS_PER_YEAR


def _joins_china(loaded: Loaded) -> BoolArray:
    """(n_route,) boxes of the markets between China and the EU."""
    markets = np.array(
        ["china" in one and "europe" in one for one in loaded.assignment.trips.segment_ids], dtype=bool
    )
    return np.asarray(markets[loaded.visits.segment])


def _volume_change(replay: Replay, row: Any) -> float:
    was, now = (_flow_t_a(side, row) for side in replay.sides)
    if was <= 0.0:
        raise Untold("The model has no such cargo before the event")
    return 100.0 * (now / was - 1.0)


def _volume(replay: Replay, row: Any) -> float:
    volume_t_a = _flow_t_a(replay.sides[0], row)
    if row.unit == "t":
        return volume_t_a
    factor = replay.baseline.warm.problem.network.segment.set_index("segment_id")["t_per_teu_factor"]
    return volume_t_a / float(factor["container_other"])


def _share(replay: Replay, row: Any) -> float:
    """Share of a market over what is struck, or of all boxes over a passage."""
    loaded = replay.sides[0]
    flow = loaded.visits.flows.volume_t_d
    kind, _, name = row.subject.partition(":")
    if kind == "market":
        ids = np.array([one == name for one in loaded.assignment.trips.segment_ids])
        of = ids[loaded.visits.segment]
        shut = ~np.isfinite(replay.scene.shock.costs.fixed_h).any(axis=0)
        was_open = np.isfinite(replay.baseline.warm.problem.costs.fixed_h).any(axis=0)
        part = of & loaded.visits.touches(np.asarray(shut & was_open))
    else:
        of = _boxes(loaded)
        part = of & _passes(loaded, row.subject)
    return 100.0 * float(flow[part].sum() / flow[of].sum())


def _trips_of(replay: Replay, row: Any) -> BoolArray:
    """(n_trip,) trips of a route that a report names, or of a corridor that most of them use."""
    loaded = replay.sides[0]
    kind, _, name = row.subject.partition(":")
    problem = replay.baseline.warm.problem
    graph, trips = problem.graph, problem.trips
    is_sea = np.array([one == SEA_MARKET for one in trips.segment_ids])[trips.segment]
    if kind == "route":
        start, end = ROUTES[name]
        zone = np.array(graph.zone_ids, dtype=object)
        if not end:
            return np.asarray(is_sea)
        chosen = is_sea & (zone[trips.origin] == start) & (zone[trips.destination - graph.n_zone] == end)
        return np.asarray(chosen)
    if kind == "corridor":
        flow, passes = loaded.visits.flows.volume_t_d, _passes(loaded, row.subject)
        part = np.bincount(
            loaded.visits.flows.trip, weights=np.where(passes, flow, 0.0), minlength=trips.n_trip
        )
        return np.asarray(part > 0.5 * trips.volume_t_d)
    raise Untold(f"No time or price of a {kind} is in the model")


def _means(replay: Replay, row: Any, per_tonne: str) -> tuple[float, float]:
    """Mean before and after of a sum by trip, over the trips of a report."""
    chosen = _trips_of(replay, row)
    if not chosen.any():
        raise Untold("The model has no such cargo")
    impact = replay.comparison.impact
    usual = replay.baseline.warm.problem.trips.volume_t_d
    was = getattr(impact.before, per_tonne)[chosen].sum() / usual[chosen].sum()
    now = getattr(impact.after, per_tonne)[chosen].sum() / impact.volume_t_d[chosen].sum()
    return float(was), float(now)


def _time_change(replay: Replay, row: Any) -> float:
    was, now = _means(replay, row, "time_t_h_d")
    return (now - was) / HOURS_PER_DAY


def _length_change(replay: Replay, row: Any) -> float:
    was, now = _means(replay, row, "work_tkm_d")
    return now - was


def _price_change(replay: Replay, row: Any) -> float:
    if "than the north" in row.measure:
        raise Untold("A level of one corridor against another, not a change by the event")
    was, now = _means(replay, row, "money_usd_d")
    return 100.0 * (now / was - 1.0)


def _time(replay: Replay, row: Any) -> float:
    event = replay.scene.scenario.event
    if row.unit != "days" or event is None or event.length_d is None:
        raise Untold("The scenario says no length")
    return event.length_d


def _time_factor(replay: Replay, row: Any) -> float:
    """Time at the terminals of a node after over before, weighted by the cargo of each."""
    name = row.subject.partition(":")[2]
    found = []
    for loaded in replay.sides:
        graph = loaded.graph
        node = np.array(graph.node_ids, dtype=object)[np.maximum(graph.vertex_node[graph.tail], 0)] == name
        arcs = node & (graph.length_km == 0.0)
        volume: FloatArray = loaded.assignment.volume_t_d.sum(axis=0)[arcs]
        found.append(float(volume @ loaded.assignment.time_h[arcs] / volume.sum()))
    return found[1] / found[0]


def _queue(replay: Replay, _: Any) -> float:
    """Trains that wait when the event ends: boxes of the rail markets over those of a block train."""
    event = replay.scene.scenario.event
    if event is None or event.length_d is None:
        raise Untold("The scenario says no length")
    recovery = recover(NetworkResponse(replay.baseline, replay.scene.shock), RecoverySettings(event.length_d))
    problem = replay.baseline.warm.problem
    is_rail = np.array(["europe" in one and one.endswith("_rail") for one in problem.trips.segment_ids])
    factor = problem.network.segment.set_index("segment_id")["t_per_teu_factor"]
    most = max(float(piece.next_stock_t[is_rail[problem.trips.segment]].sum()) for piece in recovery.pieces)
    return most / float(factor["container_other"]) / TEU_PER_TRAIN


def _untold(reason: str) -> Callable[[Replay, Any], float]:
    def say(_: Replay, __: Any) -> float:
        raise Untold(reason)

    return say


MEASURES: Final[dict[str, Callable[[Replay, Any], float]]] = {
    "volume_change": _volume_change,
    "volume": _volume,
    "share": _share,
    "time_change": _time_change,
    "length_change": _length_change,
    "price_change": _price_change,
    "time": _time,
    "time_factor": _time_factor,
    "queue": _queue,
    "load_change": _untold("Loads of ships are what the scenario sets"),
    "price": _untold("Prices of fuel are not in the model"),
    "loss": _untold("The report values goods that are late, the model the time that they lose"),
    "closed_share": _untold("Hours of closure are not in a design day"),
}
"""Indicator -> what the model says."""
