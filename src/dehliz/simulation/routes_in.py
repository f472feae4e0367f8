"""What a plan is made of: loaded routes as plain arrays, and how they are cut into consignments.

Whoever loaded them (an assignment, a query, a hand) fills a ``RouteSet``; ``simulation/plan_make.py`` reads it together
with the network, its graph and its capacities.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dehliz.base.errors import Issue, SettingsError
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.simulation.system import LongArray, freeze

BOX_TEU = 2.0
"""A consignment of a segment that travels by TEU: one 40-foot box, or one truck of two TEU."""
BLOCK_T = 60.0
"""A consignment of a segment that travels by tonne: one wagon of 60 t, as in ``empty_pool`` of the bundled tables."""

MOST_CONSIGNMENT_COUNT = 150_000
"""Consignments a year above which lots are made larger."""


@dataclass(frozen=True, slots=True)
class RouteSet:
    """Routes that carry cargo, in the arcs of one graph.

    Attributes
    ----------
    first_arc : (n_route + 1,) int64
        Arcs of route ``r`` are ``arc[first_arc[r]:first_arc[r + 1]]``, in order of travel.
    arc : (n,) int32
        Arcs of the graph.
    origin, destination : (n_route,) int32
        Zones.
    market, segment, corridor : (n_route,) int32
        Positions in the ids below.
    volume_t_a : (n_route,) float64
        Cargo of a year; not read for probes.
    is_probe : (n_route,) bool
        True for a route on which one consignment a day is sent to be watched.
    market_ids, segment_ids, corridor_ids : tuple of str
        Ids behind the positions.
    money_usd_t : (n_market, n_arc) float64 or None
        What a tonne of each market pays on each arc.
    """

    first_arc: LongArray
    arc: IntArray
    origin: IntArray
    destination: IntArray
    market: IntArray
    segment: IntArray
    corridor: IntArray
    volume_t_a: FloatArray
    is_probe: BoolArray
    market_ids: tuple[str, ...]
    segment_ids: tuple[str, ...]
    corridor_ids: tuple[str, ...]
    money_usd_t: FloatArray | None = None

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def n_route(self) -> int:
        """Number of routes."""
        return len(self.origin)

    @property
    def route(self) -> LongArray:
        """(n,) route of each entry of ``arc``."""
        return np.repeat(np.arange(self.n_route), np.diff(self.first_arc))

    def arcs(self, route: int) -> IntArray:
        """Arcs of a route in order of travel."""
        return self.arc[self.first_arc[route] : self.first_arc[route + 1]]

    def touches(self, arcs: BoolArray) -> BoolArray:
        """(n_route,) whether each route uses any arc of a mask."""
        return np.bincount(self.route, weights=arcs[self.arc], minlength=self.n_route) > 0.0


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """How routes become a plan.

    Attributes
    ----------
    start : datetime64[h]
        Hour 0, Coordinated Universal Time.
    horizon_h : float
        Consignments are released in ``[0, horizon_h)``.
    drain_h : float
        Time given to those still under way at the horizon.
    lines_only : bool
        Whether only routes by a service that fills and goes or keeps a timetable become consignments, and all others
        background that takes its part of what they share.
    level_m : float or None
        Level of the Caspian over the Baltic datum, for draught limits; None when nothing limits the draught.
    most_consignment_count : int
        Above this number a year, lots are made larger by a whole factor.
    returns_empty : bool
        Whether wagons and boxes that cross a line which fills and goes come back by it empty.
    busy_share : float
        A run of links queues at its fullest section where that is used at least so far.
    most_used_share : float or None
        Capacities of sections and terminals are raised until all cargo uses no more than this share: for a year that
        has been, whose cargo was carried. None keeps them, and lets queues grow where there is too much.
    """

    start: np.datetime64
    horizon_h: float = 8760.0
    drain_h: float = 1440.0
    lines_only: bool = False
    level_m: float | None = None
    most_consignment_count: int = MOST_CONSIGNMENT_COUNT
    returns_empty: bool = True
    busy_share: float = 0.5
    most_used_share: float | None = None


def check_plan_settings(settings: PlanSettings) -> None:
    """Refuse settings that are out of bounds.

    Parameters
    ----------
    settings : PlanSettings
        Any.

    Raises
    ------
    SettingsError
        With every fault.
    """
    bounds = (
        ("horizon_h", settings.horizon_h, settings.horizon_h > 0.0, "It is above 0"),
        ("drain_h", settings.drain_h, settings.drain_h >= 0.0, "It is at least 0"),
        ("busy_share", settings.busy_share, settings.busy_share > 0.0, "It is above 0"),
        ("most_consignment_count", settings.most_consignment_count, settings.most_consignment_count >= 1,
         "At least one consignment is simulated"),
        ("most_used_share", settings.most_used_share,
         settings.most_used_share is None or 0.0 < settings.most_used_share < 1.0,
         "A capacity is used by more than nothing and less than all; none lets queues grow"),
    )  # fmt: skip
    issues = [
        Issue(
            f"plan.{name}.bounds", f"setting {name}", (), f"{value} was given", needed, "Correct the setting"
        )
        for name, value, is_sound, needed in bounds
        if not is_sound
    ]
    if issues:
        raise SettingsError("The plan cannot be made", issues)


PROBE_MARKET = "probe"
"""Market of consignments that are sent to be watched."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A way to be watched.

    Attributes
    ----------
    origin, destination : int
        Zones.
    corridor_id, segment_id : str
        Corridor of the way; segment of the consignment.
    arc : (n,) int32
        Arcs in order of travel.
    """

    origin: int
    destination: int
    corridor_id: str
    segment_id: str
    arc: IntArray


def add_probes(routes: RouteSet, probes: Sequence[Probe], money_usd_t: FloatArray | None = None) -> RouteSet:
    """Routes, and the ways on which one consignment a day is sent to be watched.

    Parameters
    ----------
    routes : RouteSet
        Loaded routes.
    probes : sequence of Probe
        Ways; equal ones are sent once.
    money_usd_t : (n_arc,) float64, optional
        What a tonne pays on each arc.
    """
    unique = {(one.origin, one.destination, one.segment_id, one.arc.tobytes()): one for one in probes}
    ways = list(unique.values())
    if not ways:
        return routes
    segment_ids = tuple(dict.fromkeys((*routes.segment_ids, *(one.segment_id for one in ways))))
    corridor_ids = tuple(dict.fromkeys((*routes.corridor_ids, *(one.corridor_id for one in ways))))
    money = routes.money_usd_t
    if money is not None:
        own = np.full(money.shape[1], np.nan) if money_usd_t is None else money_usd_t
        money = np.vstack((money, own))

    def longer(before: IntArray, values: Iterable[int]) -> IntArray:
        return np.concatenate((before, np.array(list(values), dtype=np.int32)))

    ends = routes.first_arc[-1] + np.cumsum([len(one.arc) for one in ways])
    return RouteSet(
        first_arc=np.concatenate((routes.first_arc, ends)).astype(np.int64),
        arc=np.concatenate((routes.arc, *(one.arc for one in ways))).astype(np.int32),
        origin=longer(routes.origin, (one.origin for one in ways)),
        destination=longer(routes.destination, (one.destination for one in ways)),
        market=longer(routes.market, [len(routes.market_ids)] * len(ways)),
        segment=longer(routes.segment, (segment_ids.index(one.segment_id) for one in ways)),
        corridor=longer(routes.corridor, (corridor_ids.index(one.corridor_id) for one in ways)),
        volume_t_a=np.concatenate((routes.volume_t_a, np.zeros(len(ways)))),
        is_probe=np.concatenate((routes.is_probe, np.ones(len(ways), dtype=bool))),
        market_ids=(*routes.market_ids, PROBE_MARKET),
        segment_ids=segment_ids,
        corridor_ids=corridor_ids,
        money_usd_t=money,
    )
