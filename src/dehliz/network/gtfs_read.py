"""A GTFS feed to rows of service_leg, departure and node: what the feed says, what the extension adds, what is assumed.

Times come out in Coordinated Universal Time. Where the feed and the extension say different things of the same time,
the feed holds, and a note says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.check import check_table
from dehliz.base.errors import DataError, Issue, list_ids, say_count
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.network.geo import great_circle_km
from dehliz.network.gmns_words import UNASSIGNED
from dehliz.network.gtfs_check import find_service_days
from dehliz.network.gtfs_days import (
    DAY_S,
    Days,
    find_instants,
    find_offset_s,
    find_patterns,
    list_days,
    read_day,
    read_weekdays,
    write_day,
    write_weekdays,
)
from dehliz.network.gtfs_hops import Hop, HopsOfLeg, Sheets, group_hops, list_hops, pick_routes
from dehliz.network.gtfs_words import MODE_OF_TYPE, NO_OPERATOR, UTC
from dehliz.network.gtfs_write import find_headway_h

_KINDS: Final = {4: "port", 2: "rail", 3: "road"}
_SHORTEST_KM: Final = 0.1


@dataclass(slots=True)
class _Reader:
    """A feed that is being read."""

    sheets: Sheets
    zone: str
    days: dict[str, Days]
    routes: dict[str, Any]
    services: dict[str, Any]
    departures: dict[str, Any]
    span: tuple[int, int]
    said: dict[str, list[str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def say(self, what: str, name: str) -> None:
        self.said.setdefault(what, []).append(name)


def read_rows(sheets: Sheets, name: str) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Rows of node, service_leg and departure of a feed without faults, with notes.

    Raises
    ------
    DataError
        When what comes out does not fit the data dictionary.
    """
    notes: list[str] = []
    reader = _make_reader(sheets)
    routes = pick_routes(sheets, notes)
    hops = list_hops(sheets, routes, reader.days, notes)
    ends = {
        key: (row.from_node_id, row.to_node_id)
        for key, row in reader.services.items()
        if row.from_node_id and row.to_node_id
    }
    legs = group_hops(hops, ends, notes)
    place = {row.stop_id: row for row in each_row(sheets["stops"].frame)}
    leg_rows: list[dict[str, Any]] = []
    departure_rows: list[dict[str, Any]] = []
    for leg_id, leg in legs.items():
        row = _make_leg(reader, leg_id, leg, routes[leg.route_id], place)
        leg_rows.append(row)
        departure_rows += _make_departures(reader, row, leg)
    node_rows = _make_nodes(reader, legs, routes, place)
    tables, issues = {}, []
    for table, rows in (("node", node_rows), ("service_leg", leg_rows), ("departure", departure_rows)):
        frame = pd.DataFrame(rows, columns=list(read_spec(table).column_names))
        tables[table], faults = check_table(frame, read_spec(table), f"rows of {table} made of the feed")
        issues += faults
    if issues:
        raise _refuse(name, issues)
    notes += [f"{what}: {list_ids(ids)}" for what, ids in reader.said.items()]
    return tables, notes + _note_zone(reader, legs)


def _refuse(name: str, issues: list[Issue]) -> DataError:
    return DataError(f"The feed {name} cannot be used: {say_count(len(issues), 'fault')}.", issues)


def _make_reader(sheets: Sheets) -> _Reader:
    days = find_service_days(sheets)
    all_days = np.concatenate([np.zeros(0, dtype=np.int64), *days.values()])
    info = sheets["feed_info"].frame
    first, last = (
        read_day(str(info[column].iat[0])) if len(info) else None
        for column in ("feed_start_date", "feed_end_date")
    )
    first = first if first is not None or not len(all_days) else int(all_days.min())
    last = last if last is not None or not len(all_days) else int(all_days.max())
    return _Reader(
        sheets,
        str(sheets["agency"].frame["agency_timezone"].iat[0]) if len(sheets["agency"].frame) else UTC,
        days,
        {row.route_id: row for row in each_row(sheets["routes"].frame)},
        {row.route_id: row for row in each_row(sheets["dehliz_service"].frame)},
        {row.trip_id: row for row in each_row(sheets["dehliz_departure"].frame)},
        (first or 0, last or 0),
    )


def _make_leg(
    reader: _Reader, leg_id: str, leg: HopsOfLeg, route_type: int, place: Mapping[str, Any]
) -> dict[str, Any]:
    """One row of service_leg: what the hops say, overlaid with what the extension says."""
    route = reader.routes[leg.route_id]
    a, b = place[leg.from_id], place[leg.to_id]
    straight = float(great_circle_km(a.stop_lon, a.stop_lat, b.stop_lon, b.stop_lat))
    headway_h = _find_mean_headway(reader, leg)
    row: dict[str, Any] = {
        "service_leg_id": leg_id,
        "name": route.route_long_name or route.route_short_name or leg_id,
        "from_node_id": leg.from_id,
        "to_node_id": leg.to_id,
        "directed": leg.is_directed,
        "mode_id": MODE_OF_TYPE[route_type],
        "country_id": UNASSIGNED,
        "operator": _find_operator(reader, route.agency_id),
        "length_km": max(_SHORTEST_KM, round(straight, 1)),
        "time_h": _find_mean_time(reader, leg),
        "waiting_time_h": headway_h / 2.0,
        "headway_h": headway_h,
        "departs": "timetable" if all(hop.depart_s for hop in leg.hops) else "headway",
        "status": "open",
        "length_basis": "geometry",
        "note": "Straight line between the stops of a GTFS feed",
    }
    given = reader.services.get(leg.route_id)
    for column, what in (
        (
            "mode_id",
            "Services whose mode is assumed from their route type, of which GTFS knows no gauge and no ship",
        ),
        ("country_id", f"Services without a country, given {UNASSIGNED}"),
        (
            "length_km",
            "Services as long as the straight line between their stops, as the feed gives no length",
        ),
    ):
        if given is None or not _is_given(getattr(given, column)):
            reader.say(what, leg_id)
    if given is not None:
        _overlay(reader, row, given, leg)
    if not any(
        _is_given(row.get(column)) for column in ("capacity_teu", "capacity_wagon_count", "capacity_lane_m")
    ):
        reader.say("Services without a capacity, which GTFS does not give; it stays missing", leg_id)
    return row


def _is_given(value: object) -> bool:
    return value is not None and value != "" and not (isinstance(value, float) and np.isnan(value))


def _overlay(reader: _Reader, row: dict[str, Any], given: Any, leg: HopsOfLeg) -> None:
    """Write what the extension gives over what the hops say, but for times of which they say something else."""
    said = dict(row)
    is_whole = bool(given.from_node_id and given.to_node_id)
    emptied = ("headway_h", "departs", "operator", "note") if is_whole else ()
    for column in read_spec("service_leg").column_names:
        value = getattr(given, column, "")
        if column != "directed" and (_is_given(value) or column in emptied):
            row[column] = value
    if _is_given(given.length_km) and not is_whole:
        row["note"] = given.note
    if is_whole:
        row["directed"] = given.directed and leg.is_directed
        if given.directed and not leg.is_directed:
            reader.say(
                "Services with trips both ways, which dehliz_service.txt calls one way", row["service_leg_id"]
            )
    if not is_whole or any(hop.depart_s for hop in leg.hops):
        row["departs"] = said["departs"] if said["departs"] == "timetable" else row["departs"]
    if not all(hop.depart_s for hop in leg.hops):
        _keep_intervals(reader, row, said, given, leg)


def _keep_intervals(
    reader: _Reader, row: dict[str, Any], said: Mapping[str, Any], given: Any, leg: HopsOfLeg
) -> None:
    """Times of a service at intervals: the extension's when they round to those of the feed, else the feed's."""
    if round(3600.0 * row["time_h"]) not in {hop.time_s for hop in leg.hops}:
        row["time_h"] = said["time_h"]
        reader.say(
            "Services whose time_h of dehliz_service.txt is not that of stop_times.txt, which holds",
            row["service_leg_id"],
        )
    headway_h = find_headway_h(given)
    steps = {hop.headway_s for hop in leg.hops}
    if not np.isnan(headway_h) and steps != {max(1, round(3600.0 * headway_h))}:
        row["headway_h"], row["waiting_time_h"] = said["headway_h"], said["waiting_time_h"]
        reader.say(
            "Services whose headway of dehliz_service.txt is not that of frequencies.txt, which holds",
            row["service_leg_id"],
        )
    if any(hop.depart_s for hop in leg.hops):
        row["departs"] = "headway"


def _find_operator(reader: _Reader, agency_id: str) -> str:
    agency = reader.sheets["agency"].frame
    rows = (
        agency[agency["agency_id"] == agency_id] if agency_id else agency.iloc[: 1 if len(agency) == 1 else 0]
    )
    name = str(rows["agency_name"].iat[0]) if len(rows) else ""
    return "" if name == NO_OPERATOR else name


def _find_mean_time(reader: _Reader, leg: HopsOfLeg) -> float:
    """Mean time of the departures of a service [h]; trips at intervals count by their days."""
    weights = [len(reader.days[hop.service_id]) * max(1, len(hop.depart_s)) for hop in leg.hops]
    return float(np.average([hop.time_s for hop in leg.hops], weights=weights)) / 3600.0


def _find_mean_headway(reader: _Reader, leg: HopsOfLeg) -> float:
    """Mean time between departures of a side [h], averaged over the sides that have any."""
    sides = [[hop for hop in leg.hops if (hop.from_id == leg.from_id) == side] for side in (True, False)]
    return float(np.mean([_find_side_headway(reader, hops) for hops in sides if hops]))


def _find_side_headway(reader: _Reader, hops: list[Hop]) -> float:
    times = [
        find_instants(reader.days[hop.service_id], depart_s, reader.zone)
        for hop in hops
        for depart_s in hop.depart_s
    ]
    rate_h = sum(1.0 / hop.headway_h for hop in hops if not hop.depart_s)
    if times:
        instants = np.unique(np.concatenate(times))
        if len(instants) > 1:
            rate_h += 3600.0 * (len(instants) - 1) / float(instants[-1] - instants[0])
        else:  # one departure in all the days of the feed
            rate_h += 1.0 / (24.0 * (reader.span[1] - reader.span[0] + 1))
    return 1.0 / rate_h


def _make_departures(reader: _Reader, row: Mapping[str, Any], leg: HopsOfLeg) -> list[dict[str, Any]]:
    """Rows of departure of a service to the clock."""
    if not all(hop.depart_s for hop in leg.hops):
        if any(hop.depart_s for hop in leg.hops):
            reader.say(
                "Services both to the clock and at intervals, told by their mean headway",
                row["service_leg_id"],
            )
        return []
    made: list[dict[str, Any]] = []
    for hop in leg.hops:
        is_same = abs(hop.time_s - 3600.0 * row["time_h"]) <= 0.5
        common = {
            "service_leg_id": row["service_leg_id"],
            "from_node_id": hop.from_id,
            "time_h": None if is_same else hop.time_s / 3600.0,
        }
        given = reader.departures.get(hop.trip_id) if hop.is_alone else None
        own = _match(reader, hop, given, row) if given is not None else None
        patterns = [own] if own is not None else _find_rows(reader, hop)
        for number, pattern in enumerate(patterns, 1):
            alone = hop.is_alone and len(patterns) == 1
            name = hop.trip_id if alone else f"{hop.trip_id}_{hop.from_id}_{number}"
            while name in reader.taken:
                name += "_"
            reader.taken.add(name)
            made.append(common | {"departure_id": name} | pattern)
    return made


def _match(reader: _Reader, hop: Hop, given: Any, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The extension's row of a departure when it says the same as the feed; else None, with a note."""
    weekdays = read_weekdays(given.weekdays)
    first = read_day(given.first_date) if given.first_date else reader.span[0]
    last = read_day(given.last_date) if given.last_date else reader.span[1]
    if (
        weekdays is None
        or first is None
        or last is None
        or not _is_given(given.clock_h)
        or len(hop.depart_s) > 1
    ):
        return None
    days = list_days(weekdays, max(first, reader.span[0]), min(last, reader.span[1]))
    said = find_instants(reader.days[hop.service_id], hop.depart_s[0], reader.zone)
    time_h = given.time_h if _is_given(given.time_h) else row["time_h"]
    if not np.array_equal(days * DAY_S + round(3600.0 * given.clock_h), said) or (
        round(3600.0 * time_h) != hop.time_s
    ):
        reader.say(
            "Trips whose row in dehliz_departure.txt says another time than the feed, which holds",
            hop.trip_id,
        )
        return None
    names = ("weekdays", "clock_h", "time_h", "first_date", "last_date", "fact_ids", "note")
    return {name: getattr(given, name) for name in names}


def _find_rows(reader: _Reader, hop: Hop) -> list[dict[str, Any]]:
    """Weekly patterns of a hop, in Coordinated Universal Time."""
    rows: list[dict[str, Any]] = []
    for depart_s in hop.depart_s:
        instants = find_instants(reader.days[hop.service_id], depart_s, reader.zone)
        for clock_s in np.unique(instants % DAY_S):
            days = instants[instants % DAY_S == clock_s] // DAY_S
            rows += [
                {
                    "weekdays": write_weekdays(weekdays),
                    "clock_h": float(clock_s) / 3600.0,
                    "first_date": write_day(first, "-"),
                    "last_date": write_day(last, "-"),
                }
                for weekdays, first, last in find_patterns(days)
            ]
    return rows


def _make_nodes(
    reader: _Reader, legs: Mapping[str, HopsOfLeg], routes: Mapping[str, int], place: Mapping[str, Any]
) -> list[dict[str, Any]]:
    kinds: dict[str, str] = {}
    for leg in legs.values():
        for stop_id in (leg.from_id, leg.to_id):
            kinds.setdefault(stop_id, _KINDS[routes[leg.route_id]])
    given = {row.stop_id: row for row in each_row(reader.sheets["dehliz_stop"].frame)}
    rows: list[dict[str, Any]] = []
    for stop_id, kind in sorted(kinds.items()):
        stop, own = place[stop_id], given.get(stop_id)
        row = {
            "node_id": stop_id,
            "name": stop.stop_name or stop_id,
            "country_id": UNASSIGNED,
            "lon_deg": stop.stop_lon,
            "lat_deg": stop.stop_lat,
            "kind": kind,
        }
        if own is not None:
            row |= {name: getattr(own, name) for name in ("country_id", "kind") if getattr(own, name)}
            row |= {"unlocode": own.unlocode, "fact_ids": own.fact_ids}
        rows.append(row)
    return rows


def _note_zone(reader: _Reader, legs: Mapping[str, HopsOfLeg]) -> list[str]:
    if reader.zone == UTC:
        return []
    used = [reader.days[hop.service_id] for leg in legs.values() for hop in leg.hops if hop.depart_s]
    offsets = {find_offset_s(reader.zone, int(day)) for days in used for day in days}
    note = f"Times of day are in {reader.zone} and were converted to Coordinated Universal Time"
    if len(offsets) > 1:
        note += "; its clock changes in these days, so that a departure has one row for each season"
    return [note]
