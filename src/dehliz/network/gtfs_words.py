"""The words of GTFS (General Transit Feed Specification) that are read and written, and those of our freight extension.

Files of GTFS as tables in the form of the data dictionary, the rules of a feed, route types and modes. The extension
is three files whose names begin with ``dehliz_``; readers that do not know them pass over them.

References
----------
MobilityData, GTFS Schedule Reference, sections agency.txt to feed_info.txt.
"""

from dataclasses import replace
from typing import Final

from dehliz.base.schema import ColumnSpec, ColumnType, TableSpec, read_spec
from dehliz.base.sheet import Rule

NEEDED_FILES: Final = ("agency", "stops", "routes", "trips", "stop_times")
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
"""Days of a week as in column ``weekdays`` of table departure, in the order of ``DAYS``."""
UTC: Final = "Etc/UTC"
NO_OPERATOR: Final = "Operator not named"
NO_ADDRESS: Final = "https://example.org/"
"""Address of agencies and publisher, which GTFS asks for and we do not have: reserved for examples in RFC 2606."""

TYPE_OF_MEDIUM: Final = {"sea": 4, "water": 4, "rail": 2, "road": 3}
"""Medium -> route type: ferry, rail, bus; GTFS has no other type for a road, and none for a pipeline."""
MODE_OF_TYPE: Final = {4: "roro", 2: "rail_1435", 3: "road"}
"""Route type -> mode, where a feed does not say it: GTFS knows no gauge and no kind of ship."""
BUS: Final = 3
_BASE_TYPE: Final = {1: 2, 2: 3, 7: 3, 10: 4, 12: 4}
"""Hundreds of the extended route types (railway, coach, bus, water, ferry) -> type."""


def find_base_type(route_type: int) -> int | None:
    """Route type 2, 3 or 4 of a route that could carry freight; None for trams, metros, lifts and aeroplanes.

    Examples
    --------
    >>> find_base_type(4), find_base_type(1200), find_base_type(0)
    (4, 4, None)
    """
    if route_type in MODE_OF_TYPE:
        return route_type
    return _BASE_TYPE.get(route_type // 100) if route_type >= 100 else None


def _column(
    name: str,
    kind: ColumnType,
    description: str,
    *,
    needed: bool = False,
    key: bool = False,
    bounds: tuple[float | None, float | None] = (None, None),
    refers: str = "",
    default: str = "",
) -> ColumnSpec:
    return ColumnSpec(name, kind, "", (), needed, default, *bounds, key, refers, "input", description, "GTFS")


def _optional(table: str, left_out: tuple[str, ...], refers: dict[str, str]) -> tuple[ColumnSpec, ...]:
    """Columns of one of our tables, none of them needed."""
    return tuple(
        replace(column, is_required=False, is_key=False, refers_to=refers.get(column.name, ""))
        for column in read_spec(table).columns
        if column.name not in left_out
    )


_STOP: Final = {"from_node_id": "stops.stop_id", "to_node_id": "stops.stop_id"}

SPECS: Final = {
    spec.name.removeprefix("gtfs_"): spec
    for spec in (
        TableSpec(
            "gtfs_agency",
            (
                _column("agency_id", "text", "Identifier", key=True),
                _column("agency_name", "text", "Name", needed=True),
                _column("agency_timezone", "text", "Time zone of all times", needed=True),
            ),
        ),
        TableSpec(
            "gtfs_stops",
            (
                _column("stop_id", "id", "Identifier", needed=True, key=True),
                _column("stop_code", "text", "Code; UN/LOCODE in our feeds"),
                _column("stop_name", "text", "Name"),
                _column("stop_lat", "float", "Latitude [deg]", bounds=(-90.0, 90.0)),
                _column("stop_lon", "float", "Longitude [deg]", bounds=(-180.0, 180.0)),
                _column("parent_station", "id", "Station that it belongs to", refers="stops.stop_id"),
            ),
        ),
        TableSpec(
            "gtfs_routes",
            (
                _column("route_id", "id", "Identifier", needed=True, key=True),
                _column("agency_id", "text", "Who runs it"),
                _column("route_short_name", "text", "Short name"),
                _column("route_long_name", "text", "Name"),
                _column("route_type", "int", "Kind of vehicle", needed=True, bounds=(0.0, 1799.0)),
            ),
        ),
        TableSpec(
            "gtfs_trips",
            (
                _column("trip_id", "id", "Identifier", needed=True, key=True),
                _column("route_id", "id", "Route", needed=True, refers="routes.route_id"),
                _column("service_id", "text", "Days on which it runs", needed=True),
            ),
        ),
        TableSpec(
            "gtfs_stop_times",
            (
                _column("trip_id", "id", "Trip", needed=True, key=True, refers="trips.trip_id"),
                _column("stop_sequence", "int", "Order", needed=True, key=True, bounds=(0.0, None)),
                _column("stop_id", "id", "Stop", needed=True, refers="stops.stop_id"),
                _column("arrival_time", "text", "Arrival"),
                _column("departure_time", "text", "Departure"),
            ),
        ),
        TableSpec(
            "gtfs_calendar",
            (
                _column("service_id", "text", "Identifier", needed=True, key=True),
                *(_column(day, "int", f"1 when it runs on {day}", needed=True, bounds=(0.0, 1.0)) for day in DAYS),
                _column("start_date", "text", "First day", needed=True),
                _column("end_date", "text", "Last day", needed=True),
            ),
        ),
        TableSpec(
            "gtfs_calendar_dates",
            (
                _column("service_id", "text", "Service", needed=True, key=True),
                _column("date", "text", "Day", needed=True, key=True),
                _column("exception_type", "int", "1 added, 2 removed", needed=True, bounds=(1.0, 2.0)),
            ),
        ),
        TableSpec(
            "gtfs_frequencies",
            (
                _column("trip_id", "id", "Trip", needed=True, key=True, refers="trips.trip_id"),
                _column("start_time", "text", "First departure", needed=True, key=True),
                _column("end_time", "text", "Departures before this time", needed=True),
                _column("headway_secs", "int", "Seconds between departures", needed=True, bounds=(1.0, None)),
                _column("exact_times", "int", "1 when they are to the clock", bounds=(0.0, 1.0), default="0"),
            ),
        ),
        TableSpec(
            "gtfs_feed_info",
            (_column("feed_start_date", "text", "First day"), _column("feed_end_date", "text", "Last day")),
        ),
        TableSpec(
            "dehliz_service",
            (
                _column("route_id", "id", "Route", needed=True, key=True, refers="routes.route_id"),
                *_optional("service_leg", ("service_leg_id", "name"), _STOP),
            ),
        ),
        TableSpec(
            "dehliz_departure",
            (
                _column("trip_id", "id", "Trip", needed=True, key=True, refers="trips.trip_id"),
                *_optional("departure", ("departure_id", "service_leg_id", "from_node_id"), {}),
            ),
        ),
        TableSpec(
            "dehliz_stop",
            (
                _column("stop_id", "id", "Stop", needed=True, key=True, refers="stops.stop_id"),
                *_optional("node", ("node_id", "name", "lon_deg", "lat_deg"), {}),
            ),
        ),
    )
}  # fmt: skip
"""Files of a feed that are read, without ``.txt``, in the form of the data dictionary."""

NOT_READ: Final = frozenset(
    {
        "agency_url", "agency_lang", "agency_phone", "agency_fare_url", "agency_email", "tts_stop_name", "stop_desc",
        "zone_id", "stop_url", "location_type", "stop_timezone", "wheelchair_boarding", "level_id", "platform_code",
        "route_desc", "route_url", "route_color", "route_text_color", "route_sort_order", "continuous_pickup",
        "continuous_drop_off", "network_id", "trip_headsign", "trip_short_name", "direction_id", "block_id", "shape_id",
        "wheelchair_accessible", "bikes_allowed", "stop_headsign", "pickup_type", "drop_off_type",
        "shape_dist_traveled", "timepoint",
    }
)  # fmt: skip
"""Columns of GTFS that are right where they stand, and say nothing of freight."""

LONGEST_CALENDAR_COUNT: Final = 50 * 366
"""Days of the longest calendar that is read: more is a slip, and takes long."""
MOST_EXACT_COUNT: Final = 10_000
"""Departures of one row of frequencies.txt with exact times."""

_CORRECT_DATE: Final = ("A day as YYYYMMDD is needed, such as 20250301", "Correct the date")
_CORRECT_TIME: Final = (
    "A time as HH:MM:SS is needed; after midnight it goes on, such as 25:30:00",
    "Correct the time",
)

GTFS_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule("gtfs.feed.form", "A feed is a folder or a .zip file with stop_times.txt in it", "Give another path"),
        Rule("gtfs.feed.archive", "A readable zip file without a password is needed", "Pack the feed again"),
        Rule("gtfs.feed.place", "The files of a feed lie at the top of the zip file, each once", "Pack the feed again"),
        Rule("gtfs.feed.rows", "A feed has agencies, stops, routes, trips and their stop times", "Add the rows"),
        Rule("gtfs.feed.size", "A file of a feed has at most 64 MB", "Cut the feed to the services wanted"),
        Rule("gtfs.calendar.given", "Days come from calendar.txt or calendar_dates.txt", "Add one of the files"),
        Rule("gtfs_agency.agency_timezone.known", "A name of the time zone database is needed", "Correct the name"),
        Rule("gtfs_agency.agency_timezone.same", "A feed has one time zone", "Split the feed by time zone"),
        Rule("gtfs_stops.stop_lat.given", "A stop with departures needs stop_lat and stop_lon", "Fill in both"),
        Rule("gtfs_stops.parent_station.top", "A station belongs to no other station", "Empty the cell"),
        Rule(
            "gtfs_stops.stop_id.place",
            "A stop with the id or the UN/LOCODE of a node lies within 50 km of it",
            "Rename the stop, or correct its coordinates",
        ),
        Rule("gtfs_trips.trip_id.stops", "A trip has two stops or more", "Add the stop times, or remove the trip"),
        Rule("gtfs_trips.service_id.refers", "A service of calendar.txt or calendar_dates.txt", "Correct the id"),
        Rule("gtfs_trips.service_id.runs", "A service runs on one day at least", "Correct its days"),
        Rule("gtfs_stop_times.arrival_time.time", *_CORRECT_TIME),
        Rule("gtfs_stop_times.departure_time.time", *_CORRECT_TIME),
        Rule("gtfs_stop_times.departure_time.given", "The first and last stop of a trip need times", "Fill them in"),
        Rule("gtfs_stop_times.arrival_time.order", "Times never run backwards along a trip", "Correct the times"),
        Rule("gtfs_calendar.start_date.date", *_CORRECT_DATE),
        Rule("gtfs_calendar.end_date.date", *_CORRECT_DATE),
        Rule("gtfs_calendar.end_date.order", "The last day is not before the first", "Correct one of the two days"),
        Rule("gtfs_calendar.end_date.span", "A calendar covers at most 50 years", "Correct one of the two days"),
        Rule("gtfs_calendar_dates.date.date", *_CORRECT_DATE),
        Rule("gtfs_frequencies.start_time.time", *_CORRECT_TIME),
        Rule("gtfs_frequencies.end_time.time", *_CORRECT_TIME),
        Rule("gtfs_frequencies.end_time.order", "The end is after the start", "Correct one of the two times"),
        Rule(
            "gtfs_frequencies.headway_secs.many",
            "A row with exact_times 1 stands for at most 10,000 departures",
            "Correct the interval or the times",
        ),
        Rule("gtfs_feed_info.feed_start_date.date", *_CORRECT_DATE),
        Rule("gtfs_feed_info.feed_end_date.date", *_CORRECT_DATE),
    )
}  # fmt: skip
"""Rules of a feed beyond the columns themselves."""
