"""A network's services to the tables of a GTFS feed. ``network/gtfs_files.py`` puts them on a disk."""

from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.errors import list_ids, say_count
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.base.sheet import texts_of
from dehliz.network.gtfs_days import (
    DAY_S,
    find_weekday,
    list_days,
    read_day,
    read_weekdays,
    write_day,
    write_time,
)
from dehliz.network.gtfs_words import DAYS, NO_ADDRESS, NO_OPERATOR, SPECS, TYPE_OF_MEDIUM, UTC
from dehliz.network.network import Network
from dehliz.network.rule import map_column
from dehliz.version import __version__

LONGEST_BLOCK_COUNT: Final = 28
"""Days of the longest repeated block of departures: 672 hours, which fits readers that take three digits of hours."""

_COLUMNS: Final = {
    "agency": ("agency_id", "agency_name", "agency_url", "agency_timezone"),
    "stops": ("stop_id", "stop_code", "stop_name", "stop_lat", "stop_lon"),
    "routes": ("route_id", "agency_id", "route_long_name", "route_type"),
    "trips": ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id"),
    "stop_times": ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "timepoint"),
    "calendar": ("service_id", *DAYS, "start_date", "end_date"),
    "calendar_dates": ("service_id", "date", "exception_type"),
    "frequencies": ("trip_id", "start_time", "end_time", "headway_secs", "exact_times"),
    "feed_info": (
        "feed_publisher_name",
        "feed_publisher_url",
        "feed_lang",
        "feed_start_date",
        "feed_end_date",
        "feed_version",
    ),
    **{name: spec.column_names for name, spec in SPECS.items() if name.startswith("dehliz_")},
}
_NEEDED: Final = ("agency", "stops", "routes", "trips", "stop_times", "feed_info")


@dataclass(slots=True)
class _Draft:
    """Rows of a feed that is being made."""

    first_day: int
    last_day: int
    rows: dict[str, list[tuple[object, ...]]] = field(default_factory=lambda: {name: [] for name in _COLUMNS})
    left_out: dict[str, list[str]] = field(default_factory=dict)
    trip_ids: set[str] = field(default_factory=set)
    service_ids: set[str] = field(default_factory=set)

    def leave_out(self, why: str, name: str) -> None:
        self.left_out.setdefault(why, []).append(name)


def find_headway_h(leg: Any) -> float:
    """Mean time between the departures of a service that GTFS is told [h]; NaN when nothing says it.

    Without ``headway_h`` it is twice the mean wait: a reader who expects to wait for half the headway then waits as
    long as the table says.
    """
    if leg.headway_h > 0:
        return float(leg.headway_h)
    return 2.0 * float(leg.waiting_time_h) if leg.waiting_time_h > 0 else float("nan")


def find_block_count(headway_h: float) -> int:
    """Days after which departures at even intervals are begun anew, so that hardly one is added.

    Examples
    --------
    >>> find_block_count(8), find_block_count(72), find_block_count(84), find_block_count(36)
    (1, 3, 7, 3)
    """
    best, best_share = 0, float("inf")
    for count in range(max(1, ceil(headway_h / 24.0)), LONGEST_BLOCK_COUNT + 1):
        share = ceil(24.0 * count / headway_h - 1e-9) * headway_h / (24.0 * count) - 1.0
        if share < best_share - 1e-9:
            best, best_share = count, share
    return best


def make_feed(
    network: Network, first_day: int, last_day: int, address: str = NO_ADDRESS
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Tables of a feed by file name without ``.txt``, and what was left out.

    Parameters
    ----------
    network : Network
        Its open services are written.
    first_day, last_day : int
        Days of the feed since 1970-01-01, both included.
    address : str
        Address of publisher and agencies, which GTFS asks for.
    """
    draft = _Draft(first_day, last_day)
    draft.trip_ids.update(texts_of(network.departure["departure_id"]))
    types = map_column(network.mode, "mode_id", "medium")
    departures: dict[str, list[Any]] = {}
    for departure in each_row(network.departure):
        departures.setdefault(departure.service_leg_id, []).append(departure)
    for leg in each_row(network.service_leg):
        route_type = TYPE_OF_MEDIUM.get(types.get(leg.mode_id, ""))
        if leg.status != "open":
            draft.leave_out("not open", leg.service_leg_id)
        elif route_type is None:
            draft.leave_out("of a mode that GTFS has no type for", leg.service_leg_id)
        elif _add_trips(draft, leg, departures.get(leg.service_leg_id, [])):
            _add_service(draft, leg, route_type)
    _add_stops(draft, network)
    _add_agencies(draft, address)
    name = f"Dehliz {__version__}, network {network.name}"
    span = (write_day(first_day), write_day(last_day))
    draft.rows["feed_info"].append((name, address, "en", *span, network.fingerprint[:12]))
    tables = {
        table: _make_table(table, draft.rows[table])
        for table in _COLUMNS
        if draft.rows[table] or table in _NEEDED
    }
    notes = [
        f"{say_count(len(ids), 'row')} {why}, left out: {list_ids(ids)}"
        for why, ids in sorted(draft.left_out.items())
    ]
    return tables, notes


def _make_table(table: str, rows: list[tuple[object, ...]]) -> pd.DataFrame:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_COLUMNS[table])
    return pd.DataFrame(
        {
            name: pd.Series([_clean(cell) for cell in cells], dtype=object)
            for name, cells in zip(_COLUMNS[table], columns, strict=True)
        }
    )


def _clean(cell: object) -> object:
    """Text in one line, which GTFS asks for."""
    return cell.translate({9: " ", 10: " ", 13: " "}) if isinstance(cell, str) else cell


def _add_trips(draft: _Draft, leg: Any, departures: list[Any]) -> bool:
    """Trips of one service; whether there are any."""
    if leg.departs == "timetable" and departures:
        added = [_add_departure(draft, leg, departure) for departure in departures]
        return any(added)
    for departure in departures:
        draft.leave_out("of table departure whose service runs to no timetable", departure.departure_id)
    return _add_headway(draft, leg)


def _add_departure(draft: _Draft, leg: Any, departure: Any) -> bool:
    weekdays = read_weekdays(departure.weekdays)
    first = read_day(departure.first_date) if departure.first_date else draft.first_day
    last = read_day(departure.last_date) if departure.last_date else draft.last_day
    if weekdays is None or first is None or last is None:
        draft.leave_out("with days that cannot be read", departure.departure_id)
        return False
    first, last = max(first, draft.first_day), min(last, draft.last_day)
    if first > last or not len(list_days(weekdays, first, last)):
        draft.leave_out("of table departure that do not run in these days", departure.departure_id)
        return False
    service = _take(draft.service_ids, departure.departure_id)
    runs = [int(number in weekdays) for number in range(7)]
    draft.rows["calendar"].append((service, *runs, write_day(first), write_day(last)))
    is_forward = departure.from_node_id == leg.from_node_id
    time_h = leg.time_h if np.isnan(departure.time_h) else departure.time_h
    times = (round(3600.0 * departure.clock_h), round(3600.0 * time_h))
    _add_trip(draft, leg, departure.departure_id, service, is_forward, times, 1)
    values = {name: getattr(departure, name) for name in read_spec("departure").column_names}
    columns = SPECS["dehliz_departure"].column_names
    draft.rows["dehliz_departure"].append(
        tuple((values | {"trip_id": departure.departure_id})[c] for c in columns)
    )
    return True


def _add_headway(draft: _Draft, leg: Any) -> bool:
    headway_h = find_headway_h(leg)
    if np.isnan(headway_h):
        draft.leave_out("with neither headway nor wait, which GTFS needs", leg.service_leg_id)
        return False
    count = find_block_count(headway_h)
    if not count:
        draft.leave_out(f"with a headway above {LONGEST_BLOCK_COUNT} days", leg.service_leg_id)
        return False
    service = _add_block(draft, count)
    for is_forward in (True,) if leg.directed else (True, False):
        trip = _take(draft.trip_ids, f"{leg.service_leg_id}_{'out' if is_forward else 'back'}")
        _add_trip(draft, leg, trip, service, is_forward, (0, round(3600.0 * leg.time_h)), 0)
        end = write_time(count * DAY_S)
        headway_s = max(1, round(3600.0 * headway_h))
        draft.rows["frequencies"].append((trip, write_time(0), end, headway_s, 0))
    return True


def _add_block(draft: _Draft, count: int) -> str:
    """The service that begins anew every so many days from the first day of the feed."""
    service = f"every_{count}_days"
    if service in draft.service_ids:
        return service
    draft.service_ids.add(service)
    if count in (1, 7):
        runs = [int(count == 1 or number == find_weekday(draft.first_day)) for number in range(7)]
        span = (write_day(draft.first_day), write_day(draft.last_day))
        draft.rows["calendar"].append((service, *runs, *span))
    else:
        days = range(draft.first_day, draft.last_day + 1, count)
        draft.rows["calendar_dates"] += [(service, write_day(day), 1) for day in days]
    return service


def _take(taken: set[str], name: str) -> str:
    """A name that nothing else has."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _add_trip(
    draft: _Draft, leg: Any, trip: str, service: str, is_forward: bool, times: tuple[int, int], timepoint: int
) -> None:
    ends = (leg.from_node_id, leg.to_node_id) if is_forward else (leg.to_node_id, leg.from_node_id)
    draft.rows["trips"].append((leg.service_leg_id, service, trip, ends[1], int(not is_forward)))
    depart, arrive = write_time(times[0]), write_time(sum(times))
    draft.rows["stop_times"] += [
        (trip, depart, depart, ends[0], 1, timepoint),
        (trip, arrive, arrive, ends[1], 2, timepoint),
    ]


def _add_service(draft: _Draft, leg: Any, route_type: int) -> None:
    agency = leg.operator or NO_OPERATOR
    draft.rows["routes"].append((leg.service_leg_id, agency, leg.name, route_type))
    values = {name: getattr(leg, name) for name in read_spec("service_leg").column_names}
    columns = SPECS["dehliz_service"].column_names
    draft.rows["dehliz_service"].append(
        tuple((values | {"route_id": leg.service_leg_id})[c] for c in columns)
    )


def _add_stops(draft: _Draft, network: Network) -> None:
    used = {row[3] for row in draft.rows["stop_times"]}
    names: dict[object, str] = {}
    columns = SPECS["dehliz_stop"].column_names
    for node in each_row(network.node[network.node["node_id"].isin(used)]):
        place = (_write_degrees(node.lat_deg), _write_degrees(node.lon_deg))
        draft.rows["stops"].append((node.node_id, node.unlocode, node.name, *place))
        values = {name: getattr(node, name) for name in read_spec("node").column_names}
        draft.rows["dehliz_stop"].append(tuple((values | {"stop_id": node.node_id})[c] for c in columns))
        names[node.node_id] = node.name
    draft.rows["trips"] = [(*row[:3], names.get(row[3], row[3]), *row[4:]) for row in draft.rows["trips"]]


def _write_degrees(value: float) -> str:
    """A coordinate without an exponent."""
    return np.format_float_positional(value, unique=True, trim="0")


def _add_agencies(draft: _Draft, address: str) -> None:
    names = sorted({str(row[1]) for row in draft.rows["routes"]}) or [NO_OPERATOR]
    draft.rows["agency"] = [(name, name, address, UTC) for name in names]
