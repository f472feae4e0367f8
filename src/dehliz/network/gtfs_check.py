"""What has to be right in a feed beyond its columns: times, days, zones, stops of a trip. Called by ``gtfs_read``."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from dehliz.base.errors import Issue, quote, say_count
from dehliz.base.sheet import Sheet, rows_where, texts_of
from dehliz.network.gtfs_days import Days, list_days, read_day, read_time_s
from dehliz.network.gtfs_words import DAYS, GTFS_RULES, LONGEST_CALENDAR_COUNT, MOST_EXACT_COUNT

Sheets = Mapping[str, Sheet]


def check_feed(sheets: Sheets, issues: Sequence[Issue] = ()) -> list[Issue]:
    """Faults of a feed beyond its columns.

    Parameters
    ----------
    sheets : mapping of str to Sheet
        Typed tables.
    issues : sequence of Issue
        What the columns have brought up; what would only repeat it is left out.
    """
    found = _check_texts(sheets) + _check_zone(sheets["agency"])
    unsound = {issue.rule.partition(".")[0].removeprefix("gtfs_") for issue in (*issues, *found)}
    if unsound.isdisjoint(("stops", "stop_times", "gtfs")):
        found += _check_stops(sheets)
    if unsound.isdisjoint(("trips", "stop_times", "calendar", "calendar_dates", "gtfs")):
        found += _check_trips(sheets)
    unordered = {issue.rule for issue in (*issues, *found) if not issue.rule.endswith(".refers")}
    if not any(rule.startswith("gtfs_stop_times.") for rule in unordered):
        found += _check_order(sheets)
    if unsound.isdisjoint(("frequencies",)):
        found += _check_frequencies(sheets["frequencies"])
    if unsound.isdisjoint(("calendar", "calendar_dates", "trips", "gtfs")):
        found += _check_days(sheets)
    return found


def _find(sheet: Sheet, rule: str, faults: Mapping[int, str]) -> list[Issue]:
    return sheet.find(GTFS_RULES[f"{sheet.spec.name}.{rule}"], rule.partition(".")[0], faults)


def _check_texts(sheets: Sheets) -> list[Issue]:
    """Cells that are no day or no time."""
    issues: list[Issue] = []
    columns: tuple[tuple[str, str, str, Callable[[str], int | None]], ...] = (
        ("stop_times", "arrival_time", "time", read_time_s),
        ("stop_times", "departure_time", "time", read_time_s),
        ("calendar", "start_date", "date", read_day),
        ("calendar", "end_date", "date", read_day),
        ("calendar_dates", "date", "date", read_day),
        ("frequencies", "start_time", "time", read_time_s),
        ("frequencies", "end_time", "time", read_time_s),
        ("feed_info", "feed_start_date", "date", read_day),
        ("feed_info", "feed_end_date", "date", read_day),
    )
    for table, column, what, read in columns:
        sheet = sheets[table]
        faults = {
            row: quote(text)
            for row, text in enumerate(texts_of(sheet.frame[column]))
            if text and read(text) is None
        }
        issues += _find(sheet, f"{column}.{what}", faults)
    return issues


def _check_zone(agency: Sheet) -> list[Issue]:
    zones = texts_of(agency.frame["agency_timezone"])
    unknown = {row: quote(text) for row, text in enumerate(zones) if text and not _is_zone(text)}
    other = {
        row: f"{quote(text)} beside {quote(zones[0])}"
        for row, text in enumerate(zones)
        if text and zones[0] and text != zones[0]
    }
    return _find(agency, "agency_timezone.known", unknown) + _find(agency, "agency_timezone.same", other)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _check_stops(sheets: Sheets) -> list[Issue]:
    stop = sheets["stops"].frame
    parent = dict(zip(texts_of(stop["stop_id"]), texts_of(stop["parent_station"]), strict=True))
    used = {parent.get(text) or text for text in texts_of(sheets["stop_times"].frame["stop_id"])}
    bare = stop["stop_id"].isin(used) & (stop["stop_lat"].isna() | stop["stop_lon"].isna())
    nested = {
        row: f"'{text}' belongs to '{parent[text]}'"
        for row, text in enumerate(texts_of(stop["parent_station"]))
        if parent.get(text)
    }
    return _find(
        sheets["stops"], "stop_lat.given", dict.fromkeys(rows_where(bare), "no coordinates")
    ) + _find(sheets["stops"], "parent_station.top", nested)


def _check_trips(sheets: Sheets) -> list[Issue]:
    trip = sheets["trips"].frame
    stop_count = sheets["stop_times"].frame["trip_id"].value_counts()
    counts = [int(stop_count.get(text, 0)) for text in texts_of(trip["trip_id"])]
    short = {row: say_count(count, "stop time") for row, count in enumerate(counts) if count < 2}
    known = {
        *texts_of(sheets["calendar"].frame["service_id"]),
        *texts_of(sheets["calendar_dates"].frame["service_id"]),
    }
    lost = {row: f"'{text}'" for row, text in enumerate(texts_of(trip["service_id"])) if text not in known}
    return _find(sheets["trips"], "trip_id.stops", short) + _find(sheets["trips"], "service_id.refers", lost)


def sort_stop_times(stop_times: pd.DataFrame) -> pd.DataFrame:
    """Stop times in order along each trip, with seconds; a time that only one of the two columns has is both."""
    arrive = [read_time_s(text) for text in texts_of(stop_times["arrival_time"])]
    depart = [read_time_s(text) for text in texts_of(stop_times["departure_time"])]
    pairs = list(zip(arrive, depart, strict=True))
    frame = stop_times.assign(
        row=np.arange(len(stop_times)),
        arrive_s=np.array([a if a is not None else d for a, d in pairs], dtype=float),
        depart_s=np.array([d if d is not None else a for a, d in pairs], dtype=float),
    )
    return frame.sort_values(["trip_id", "stop_sequence"], kind="stable").reset_index(drop=True)


def _check_order(sheets: Sheets) -> list[Issue]:
    sheet = sheets["stop_times"]
    times = sort_stop_times(sheet.frame)
    trip = times["trip_id"].to_numpy(dtype=object)
    is_first = np.r_[True, trip[1:] != trip[:-1]] if len(trip) else np.zeros(0, dtype=bool)
    is_last = np.r_[is_first[1:], True] if len(trip) else is_first
    row = times["row"].to_numpy()
    arrive, depart = times["arrive_s"].to_numpy(), times["depart_s"].to_numpy()
    bare = {int(row[at]): "no time" for at in rows_where((is_first | is_last) & np.isnan(depart))}
    come, left = texts_of(sheet.frame["arrival_time"]), texts_of(sheet.frame["departure_time"])
    faults = {
        int(row[at]): f"it arrives at {come[row[at]]} and leaves at {left[row[at]]}"
        for at in rows_where(depart < arrive)
    }
    for before, at in pairwise(np.flatnonzero(~np.isnan(depart))):
        if trip[before] == trip[at] and arrive[at] < depart[before]:
            earlier = left[row[before]] or come[row[before]]
            faults[int(row[at])] = f"{come[row[at]] or left[row[at]]} after {earlier} at the stop before"
    return _find(sheet, "departure_time.given", bare) + _find(sheet, "arrival_time.order", faults)


def _check_frequencies(frequency: Sheet) -> list[Issue]:
    starts, ends = texts_of(frequency.frame["start_time"]), texts_of(frequency.frame["end_time"])
    wrong = {
        number: f"from {start} to {end}"
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
        if (read_time_s(start) or 0) >= (read_time_s(end) or 0)
    }
    rows = zip(starts, ends, frequency.frame["headway_secs"], frequency.frame["exact_times"], strict=True)
    counts = [((read_time_s(b) or 0) - (read_time_s(a) or 0)) // step * exact for a, b, step, exact in rows]
    many = {row: f"{count:,.0f}" for row, count in enumerate(counts) if count > MOST_EXACT_COUNT}
    return _find(frequency, "end_time.order", wrong) + _find(frequency, "headway_secs.many", many)


def _check_days(sheets: Sheets) -> list[Issue]:
    calendar = sheets["calendar"]
    starts = [read_day(text) or 0 for text in texts_of(calendar.frame["start_date"])]
    ends = [read_day(text) or 0 for text in texts_of(calendar.frame["end_date"])]
    wrong = {
        row: f"from {calendar.frame['start_date'].iat[row]} to {calendar.frame['end_date'].iat[row]}"
        for row, (start, end) in enumerate(zip(starts, ends, strict=True))
        if end < start
    }
    long = {
        row: f"{end - start:,} days"
        for row, (start, end) in enumerate(zip(starts, ends, strict=True))
        if end - start > LONGEST_CALENDAR_COUNT
    }
    found = _find(calendar, "end_date.order", wrong) + _find(calendar, "end_date.span", long)
    if found:
        return found
    days = find_service_days(sheets)
    trips = sheets["trips"]
    idle = {
        row: f"service '{text}' runs on no day"
        for row, text in enumerate(texts_of(trips.frame["service_id"]))
        if text in days and not len(days[text])
    }
    return _find(trips, "service_id.runs", idle)


def find_service_days(sheets: Sheets) -> dict[str, Days]:
    """Days on which each service runs: its weekly pattern, with days added and days left out."""
    calendar, dates = sheets["calendar"].frame, sheets["calendar_dates"].frame
    found: dict[str, Days] = {}
    for row, service in enumerate(texts_of(calendar["service_id"])):
        weekdays = [number for number, day in enumerate(DAYS) if calendar[day].iat[row] == 1]
        first, last = (read_day(str(calendar[name].iat[row])) for name in ("start_date", "end_date"))
        found[service] = list_days(weekdays, first or 0, last or 0)
    changed: dict[str, dict[int, int]] = {}
    cells: Sequence[tuple[str, str, int]] = list(
        zip(
            texts_of(dates["service_id"]),
            texts_of(dates["date"]),
            dates["exception_type"].tolist(),
            strict=True,
        )
    )
    for service, text, kind in cells:
        changed.setdefault(service, {})[read_day(text) or 0] = int(kind)
    for service, kinds in changed.items():
        days = set(found.get(service, np.zeros(0, dtype=np.int64)).tolist())
        days |= {day for day, kind in kinds.items() if kind == 1}
        days -= {day for day, kind in kinds.items() if kind == 2}
        found[service] = np.array(sorted(days), dtype=np.int64)
    return found
