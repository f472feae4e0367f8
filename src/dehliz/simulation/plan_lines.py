"""Services to lines: ships and trains that leave full, at even intervals or by a timetable, their berths and loads.

Used by ``simulation/plan_stages.py`` and ``simulation/plan_make.py``. Loads are shares of a ship, so that boxes, wagons
and trucks can fill the same one.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dehliz.base.errors import Issue
from dehliz.base.rows import each_row
from dehliz.network.network import Network
from dehliz.simulation.flows import Lots
from dehliz.simulation.plan_chances import Chance, Durations
from dehliz.simulation.plan_parts import Parts
from dehliz.simulation.plan_shut import Calendar
from dehliz.simulation.routes_in import BLOCK_T, PlanSettings
from dehliz.simulation.system import Departs, Lines, ResourceKind

TEU_PER_TRUCK = 2.0
"""As in the tables: two TEU a truck (facts border_crossing, 36 dollars a truck as 18 a TEU)."""
TEU_PER_WAGON = 2.0
"""A wagon's place on a ferry is some 14 m long, a 40-foot box 12.2 m: one box a place (ISO 668)."""
TRUCK_LANE_M = 17.0
"""An articulated truck of 16.5 m (Directive 96/53/EC, annex I) and half a metre between two."""
T_PER_UNIT = {"wagon": BLOCK_T, "truck": 20.0, "teu": 11.0}
"""Cargo of a loaded unit, as the tables of demand have it."""
UNITS = {
    "wagon": (1.0, "capacity_wagon_count"),
    "truck": (TRUCK_LANE_M, "capacity_lane_m"),
    "teu": (1.0, "capacity_teu"),
}
"""What a unit takes of which capacity."""
RAIL_FERRY, RORO = "rail_ferry", "roro"
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


@dataclass(slots=True)
class _Line:
    row: Any
    resource: tuple[int, int]
    capacity: float
    turn: Chance
    berth: tuple[int, int]
    departure_h: tuple[np.ndarray, np.ndarray]


@dataclass(slots=True)
class Fleet:
    """Lines so far; a service becomes a line when the first route asks for it."""

    network: Network
    settings: PlanSettings
    parts: Parts
    durations: Durations
    calendar: Calendar
    lines: list[_Line] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)
    issues: dict[tuple[str, str], Issue] = field(default_factory=dict)
    unlimited: set[str] = field(default_factory=set)
    without_turn: set[str] = field(default_factory=set)
    own_times: set[str] = field(default_factory=set)
    _legs: dict[str, Any] = field(default_factory=dict)
    _media: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._legs = {row.service_leg_id: row for row in each_row(self.network.service_leg)}
        self._media = dict(zip(self.network.mode["mode_id"], self.network.mode["medium"], strict=True))

    def leg(self, service_leg_id: str) -> Any:
        """Row of a service."""
        return self._legs[service_leg_id]

    def is_line(self, service_leg_id: str) -> bool:
        """Whether departures of a service can be told: it has ``departs`` or a headway."""
        leg = self._legs[service_leg_id]
        return bool(leg.departs) or float(leg.headway_h) > 0.0

    def find_line(self, service_leg_id: str) -> int:
        """Position of the line of a service."""
        if service_leg_id not in self.place:
            self.place[service_leg_id] = len(self.lines)
            self.lines.append(self._make_line(self._legs[service_leg_id], len(self.lines)))
        return self.place[service_leg_id]

    def load(self, service_leg_id: str, segment_id: str, lots: Lots, segment: int) -> float:
        """What a consignment of a segment takes of a ship, as a share of it.

        Where the service has a capacity, but none for such cargo, an issue is kept.
        """
        leg = self._legs[service_leg_id]
        lot_t, lot_teu = float(lots.lot_t[segment]), float(lots.lot_teu[segment])
        kinds = (
            ("capacity_wagon_count", leg.mode_id == RAIL_FERRY, lot_t / BLOCK_T, lot_teu / TEU_PER_WAGON),
            ("capacity_lane_m", leg.mode_id == RORO, np.nan, TRUCK_LANE_M * lot_teu / TEU_PER_TRUCK),
            ("capacity_teu", True, np.nan, lot_teu),
        )
        shares = []
        for column, suits, by_t, by_teu in kinds:
            capacity = float(getattr(leg, column))
            taken = by_t if np.isnan(lot_teu) else by_teu
            if suits and capacity > 0.0 and not np.isnan(taken):
                shares.append(taken / capacity)
        if shares:
            carried = self.lines[self.find_line(service_leg_id)].capacity
            if shares[0] > carried:
                self.issues[service_leg_id, segment_id] = _refuse_lot(
                    service_leg_id, segment_id, shares[0] / carried
                )
            return float(shares[0])
        if any(float(getattr(leg, column)) > 0.0 for column, *_ in kinds):
            self.issues[service_leg_id, segment_id] = _refuse(service_leg_id, segment_id)
        else:
            self.unlimited.add(service_leg_id)
        return 0.0

    def unit(self, service_leg_id: str) -> str:
        """What a service counts its cargo in: ``wagon``, ``truck`` or ``teu``."""
        leg = self._legs[service_leg_id]
        if leg.mode_id == RAIL_FERRY and float(leg.capacity_wagon_count) > 0.0:
            return "wagon"
        return "truck" if leg.mode_id == RORO and float(leg.capacity_lane_m) > 0.0 else "teu"

    def unit_load(self, service_leg_id: str) -> float:
        """Share of a ship that one such unit takes; 0 where no capacity is known."""
        leg = self._legs[service_leg_id]
        taken, column = UNITS[self.unit(service_leg_id)]
        capacity = float(getattr(leg, column))
        return taken / capacity if capacity > 0.0 else 0.0

    def _make_line(self, leg: Any, line: int) -> _Line:
        medium = self._media[leg.mode_id]
        spread = float(leg.crossing_spread_h) / float(leg.time_h)
        crossing = self.durations.find("crossing", medium, "", spread)
        resource, berth = [], []
        for side, node_id in enumerate((leg.from_node_id, leg.to_node_id)):
            resource.append(
                self.parts.add(
                    f"service:{leg.service_leg_id}:{node_id}",
                    f"{leg.name}, from {self._name(node_id)}",
                    ResourceKind.BOARD,
                    chance=crossing,
                    closures=self.calendar.of_service(leg.service_leg_id, node_id),
                    line=line,
                    side=side,
                )
            )
            berth.append(self._find_berth(node_id, leg.mode_id))
        if np.isnan(leg.turn_time_h):
            self.without_turn.add(leg.service_leg_id)
        turn = self.durations.find("turn", medium, "") if float(leg.turn_time_h) > 0.0 else Chance()
        own = self.network.departure[self.network.departure["service_leg_id"] == leg.service_leg_id]
        if leg.departs == "timetable" and own["time_h"].notna().any():
            self.own_times.add(leg.service_leg_id)
        end_h = self.settings.horizon_h + self.settings.drain_h
        return _Line(
            leg,
            (resource[0], resource[1]),
            self._find_capacity(leg),
            turn,
            (berth[0], berth[1]),
            list_departures(self.network, leg, self.settings.start, end_h),
        )

    def _name(self, node_id: str) -> str:
        names = dict(zip(self.network.node["node_id"], self.network.node["name"], strict=True))
        return str(names[node_id])

    def _find_berth(self, node_id: str, mode_id: str) -> int:
        for row in each_row(self.network.server):
            if row.kind == "berth" and row.node_id == node_id and row.mode_id == mode_id:
                return self.parts.add(
                    f"berth:{row.server_id}",
                    f"Berths of {self._name(node_id)}, {mode_id.replace('_', ' ')}",
                    ResourceKind.SERVE,
                    server_count=int(row.server_count),
                    closures=self.calendar.of_node(node_id),
                )
        return -1

    def _find_capacity(self, leg: Any) -> float:
        """Share of a ship that can be loaded at the level of the sea."""
        level_m = self.settings.level_m
        points = sorted(
            (float(row.level_m), float(row.load_share))
            for row in each_row(self.network.draught_limit)
            if row.service_leg_id == leg.service_leg_id
        )
        if level_m is None or not points:
            return 1.0
        return float(np.interp(level_m, [one[0] for one in points], [one[1] for one in points]))

    def turns(self) -> list[Chance]:
        """Distribution of the turns of each line."""
        return [line.turn for line in self.lines]

    def make(self) -> Lines:
        """Lines as arrays."""
        legs = [line.row for line in self.lines]
        departs = [Departs.FILLS if leg.departs == "fills" else Departs.CLOCK for leg in legs]
        departures = [side for line in self.lines for side in line.departure_h]
        return Lines(
            line_ids=tuple(leg.service_leg_id for leg in legs),
            resource=np.array([line.resource for line in self.lines], dtype=np.int32).reshape(-1, 2),
            departs=np.array(departs, dtype=np.int8),
            capacity=np.array([line.capacity for line in self.lines], dtype=np.float64),
            longest_wait_h=np.array([_or(leg.longest_wait_h, np.inf) for leg in legs], dtype=np.float64),
            fleet_count=np.array([count_fleet(leg) for leg in legs], dtype=np.int32),
            crossing_h=np.array([(leg.time_h, leg.time_h) for leg in legs], dtype=np.float64).reshape(-1, 2),
            turn_h=np.array([_or(leg.turn_time_h, 0.0) for leg in legs], dtype=np.float64),
            berth=np.array([line.berth for line in self.lines], dtype=np.int32).reshape(-1, 2),
            cut_off_h=np.array([_or(leg.cut_off_h, 0.0) for leg in legs], dtype=np.float64),
            first_departure=np.cumsum([0, *map(len, departures)]).astype(np.int32),
            departure_h=np.concatenate([np.empty(0), *departures]),
        )


def count_fleet(leg: Any) -> int:
    """Ships of a service; 0, always one at hand, where it is not known or the service runs one way only."""
    return 0 if leg.directed else int(_or(leg.fleet_count, 0.0))


def list_departures(
    network: Network, leg: Any, start: np.datetime64, end_h: float
) -> tuple[np.ndarray, np.ndarray]:
    """Departures of both sides of a service, hours since the start, ascending.

    Parameters
    ----------
    network : Network
        Gives the table ``departure``.
    leg : row of ``service_leg``
        The service.
    start : datetime64
        Hour 0.
    end_h : float
        End of the run [h].

    Notes
    -----
    At even intervals, the first departure stands at a part of the headway that follows from the service's name, the
    same in every replication, and the other side leaves half a headway later: nothing is known of the hours.
    """
    if leg.departs == "fills":
        return np.empty(0), np.empty(0)
    if leg.departs == "timetable":
        rows = [row for row in each_row(network.departure) if row.service_leg_id == leg.service_leg_id]
        first, second = (
            np.unique(
                np.concatenate(
                    [
                        np.empty(0),
                        *(_expand(row, start, end_h) for row in rows if row.from_node_id == node_id),
                    ]
                )
            )
            for node_id in (leg.from_node_id, leg.to_node_id)
        )
        return first, second
    headway_h = float(leg.headway_h)
    digest = hashlib.sha256(str(leg.service_leg_id).encode()).digest()
    offset_h = int.from_bytes(digest[:4], "little") / 2**32 * headway_h
    first = np.arange(offset_h, end_h, headway_h)
    if leg.directed:
        return first, np.empty(0)
    return first, np.arange((offset_h + 0.5 * headway_h) % headway_h, end_h, headway_h)


def _expand(row: Any, start: np.datetime64, end_h: float) -> np.ndarray:
    """Hours at which a weekly departure leaves."""
    days = start.astype("datetime64[D]") + np.arange(int(end_h // 24.0) + 2)
    at_h = (days - start.astype("datetime64[h]")) / np.timedelta64(1, "h") + float(row.clock_h)
    weekdays = [WEEKDAYS.index(word) for word in row.weekdays.split(";") if word]
    leaves = np.isin((days.astype(np.int64) + 3) % 7, weekdays) & (at_h >= 0.0) & (at_h < end_h)
    if row.first_date:
        leaves &= days >= np.datetime64(row.first_date)
    if row.last_date:
        leaves &= days <= np.datetime64(row.last_date)
    found: np.ndarray = at_h[leaves]
    return found


def _or(value: float, other: float) -> float:
    return other if np.isnan(value) else float(value)


def _refuse(service_leg_id: str, segment_id: str) -> Issue:
    return Issue(
        "service_leg.capacity.segment", "service_leg.csv", (service_leg_id,),
        f"cargo of segment {segment_id} is sent by it, and it has no capacity for such cargo",
        "A service with a capacity needs one for all that it carries: capacity_teu for boxes, capacity_wagon_count for"
        " wagons, capacity_lane_m for trucks",
        "Fill the column, or take the mode out of the segment",
    )  # fmt: skip


def _refuse_lot(service_leg_id: str, segment_id: str, departure_count: float) -> Issue:
    return Issue(
        "service_leg.capacity.lot", "service_leg.csv", (service_leg_id,),
        f"one consignment of segment {segment_id} takes {departure_count:.3g} times what a departure carries",
        "A consignment goes aboard in one piece",
        "Correct the capacity of the service or its draught limits, or allow more consignments a year with"
        " --consignments (most_consignment_count in Python)",
    )  # fmt: skip
