# ruff: noqa: E501
"""Ways to break gtfs_small: (folder name, what is wrong, edits ...)."""

import io
import zipfile
from pathlib import Path
from typing import Any

from tests.cases.broken_network import gone
from tests.cases.edits import Edit, Files, cell, copy_row, drop, drop_row, raw, rename, text

ZIP = "feed.zip"


def read_feed() -> Files:
    """The feed that is broken here."""
    folder = Path(__file__).parent / "gtfs_small"
    return {file.name: file.read_bytes() for file in folder.glob("*.txt")}


def pack(files: Files) -> bytes:
    """A zip file; stored, so that every machine makes the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name])
    return out.getvalue()


def packed(change: str) -> Edit:
    """The feed as a zip file, packed wrongly."""

    def edit(files: Files) -> None:
        place = {"folder": "feed/", "climbs": "../"}.get(change, "")
        kept = {
            place + name: data for name, data in files.items() if change != "climbs" or name == "stops.txt"
        }
        data = pack(kept)
        if change == "locked":
            # Bit 0 of the flags, 6 bytes into a local header and 8 into a central one, says that it is encrypted.
            data = _set_bit(_set_bit(data, b"PK\x03\x04", 6), b"PK\x01\x02", 8)
        files.clear()
        files[ZIP] = data[:-40] if change == "cut" else data

    return edit


def _set_bit(data: bytes, mark: bytes, offset: int) -> bytes:
    at = data.index(mark) + offset
    return data[:at] + bytes([data[at] | 1]) + data[at + 1 :]


def _zip(what: str) -> tuple[Any, ...]:
    return ({"path": ZIP}, packed(what))


GTFS: list[tuple[Any, ...]] = [
    ("gtfs.feed.form", "a file that is no feed", {"path": "stops.txt"}),
    ("gtfs.feed.missing", "no such path", {"path": "fede"}),
    ("gtfs.feed.archive", "a zip file that was cut", *_zip("cut")),
    ("gtfs.feed.archive.locked", "a zip file with a password", *_zip("locked")),
    ("gtfs.feed.place", "files in a folder of the zip file", *_zip("folder")),
    ("gtfs.feed.place.climbs", "a file that would climb out of the folder", *_zip("climbs")),
    ("gtfs.file.exists.trips", "no trips.txt", gone("trips.txt")),
    ("gtfs.file.exists.nearest", "stops.txt misspelt", gone("stops.txt"), raw("stop.txt", b"stop_id\n")),
    ("gtfs.file.separator", "semicolons in routes.txt", raw("routes.txt", lambda data: data.replace(b",", b";"))),
    ("gtfs.calendar.given", "no calendar at all", gone("calendar.txt"), gone("calendar_dates.txt")),
    ("gtfs_agency.agency_timezone.known", "a time zone that does not exist", text("agency.txt", "Europe/Bucharest", "Europe/Constanta")),
    ("gtfs_agency.agency_timezone.same", "two time zones", cell("agency.txt", "rail", "agency_timezone", "Asia/Baku")),
    ("gtfs_agency.agency_timezone.column", "agency.txt without a time zone", drop("agency.txt", "agency_timezone")),
    ("gtfs_stops.stop_lat.given", "a stop without coordinates", cell("stops.txt", "isle", "stop_lat", "")),
    ("gtfs_stops.stop_lat.bounds", "a latitude beyond the pole", cell("stops.txt", "isle", "stop_lat", "143.5")),
    ("gtfs_stops.parent_station.top", "a station of a station", cell("stops.txt", "west", "parent_station", "isle")),
    ("gtfs_stops.parent_station.refers", "a station that does not exist", cell("stops.txt", "west_pier_2", "parent_station", "wset")),
    ("gtfs_stops.stop_id.present", "stop_id misspelt", rename("stops.txt", "stop_id", "stopid")),
    ("gtfs_routes.route_type.type", "text as a type", cell("routes.txt", "sea_b", "route_type", "ferry")),
    ("gtfs_trips.route_id.refers", "a trip of no route", text("trips.txt", "sea_b,daily,b_out", "sea_c,daily,b_out")),
    ("gtfs_trips.trip_id.stops", "a trip with one stop", text("stop_times.txt", "b_out,24:00:00,24:00:00,isle,1\n", "")),
    ("gtfs_trips.service_id.refers", "a service without days", text("trips.txt", "sea_b,daily,b_out", "sea_b,dialy,b_out")),
    ("gtfs_trips.service_id.runs", "a calendar that never runs", cell("calendar.txt", "tuesdays", "tuesday", "0")),
    ("gtfs_stop_times.stop_id.refers", "a stop that does not exist", text("stop_times.txt", "24:00:00,isle", "24:00:00,ilse")),
    ("gtfs_stop_times.stop_sequence.unique", "the same place in a trip twice", text("stop_times.txt", "isle,5", "isle,1")),
    ("gtfs_stop_times.arrival_time.time", "times that are none", text("stop_times.txt", "37:00:00,40:00:00", "1 pm,40.00")),
    ("gtfs_stop_times.departure_time.given", "a last stop without a time", text("stop_times.txt", "27:45:00", "")),
    ("gtfs_stop_times.arrival_time.order", "a trip that runs backwards", text("stop_times.txt", "70:30:00,70:30:00", "10:30:00,10:30:00")),
    ("gtfs_stop_times.arrival_time.leaves", "a ship that leaves before it comes", text("stop_times.txt", "37:00:00,40:00:00", "40:00:00,37:00:00")),
    ("gtfs_calendar.start_date.date", "days that are none", cell("calendar.txt", "daily", "start_date", "20250230"), cell("calendar.txt", "daily", "end_date", "April")),
    ("gtfs_calendar.end_date.order", "a calendar that runs backwards", cell("calendar.txt", "daily", "end_date", "20240430")),
    ("gtfs_calendar.end_date.span", "a calendar for ever", cell("calendar.txt", "daily", "end_date", "99991231")),
    ("gtfs_frequencies.headway_secs.many", "a ship every second", cell("frequencies.txt", "b_out", "headway_secs", "1"), cell("frequencies.txt", "b_out", "exact_times", "1")),
    ("gtfs_calendar.monday.bounds", "a weekday that is neither 0 nor 1", cell("calendar.txt", "daily", "monday", "2")),
    ("gtfs_calendar_dates.date.date", "a day that is none", cell("calendar_dates.txt", "weekdays", "date", "2025.03.03")),
    ("gtfs_calendar_dates.exception_type.bounds", "an exception of no known kind", cell("calendar_dates.txt", "weekdays", "exception_type", "3")),
    ("gtfs_frequencies.time", "times of a headway that are none", cell("frequencies.txt", "b_out", "start_time", "six"), cell("frequencies.txt", "b_out", "end_time", "18")),
    ("gtfs_frequencies.end_time.order", "an end before the start", cell("frequencies.txt", "b_out", "end_time", "05:00:00")),
    ("gtfs_frequencies.headway_secs.bounds", "a headway of nothing", cell("frequencies.txt", "b_out", "headway_secs", "0")),
    ("gtfs_feed_info.date", "a feed of no days", raw("feed_info.txt", b"feed_publisher_name,feed_start_date,feed_end_date\nSea,soon,later\n")),
    ("dehliz_service.capacity_teu.bounds", "a ship with less than no room", raw("dehliz_service.txt", b"route_id,capacity_teu\nsea_b,-100\n")),
    ("dehliz_service.route_id.refers", "freight of a route that does not exist", raw("dehliz_service.txt", b"route_id,capacity_teu\nsea_d,100\n")),
    ("dehliz_departure.clock_h.type", "text as a time of day", raw("dehliz_departure.txt", b"trip_id,clock_h\ns_out,late\n")),
    ("dehliz_stop.kind.choice", "a kind of place that does not exist", raw("dehliz_stop.txt", b"stop_id,country_id,kind\nisle,GE,harbour\n")),
    ("gtfs.rows.bounds", "a crossing that takes no time", text("stop_times.txt", "b_out,24:00:00,24:00:00", "b_out,06:00:00,06:00:00"), text("stop_times.txt", "b_back,24:00:00,24:00:00", "b_back,06:00:00,06:00:00")),
    ("gtfs.feed.rows", "files without rows", *(drop_row(f"{name}.txt", "*") for name in ("agency", "trips", "stop_times", "frequencies"))),
    (
        "gtfs.many",
        "six faults in five files, told in one list",
        cell("stops.txt", "isle", "stop_lon", "33 E"),
        cell("calendar.txt", "daily", "start_date", "1 February"),
        copy_row("trips.txt", "sea_b", route_id="sea_x", trip_id="b_new"),
        text("stop_times.txt", "70:30:00,70:30:00,east", "10:30:00,10:30:00,eats"),
        cell("frequencies.txt", "b_out", "headway_secs", "-60"),
    ),
]  # fmt: skip
