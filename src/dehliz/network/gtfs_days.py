"""Days and times of day of GTFS: text to whole seconds and days, calendars to days, days to weekly patterns.

Days are whole numbers since 1970-01-01, times are whole seconds since the start of a service day.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from dehliz.network.gtfs_words import WEEKDAYS

Days = NDArray[np.int64]
"""Days, ascending, each once."""

DAY_S: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)
_TIME: Final = re.compile(r"\s*(\d{1,4}):([0-5]?\d):([0-5]?\d)\s*", re.ASCII)
_COMPACT: Final = re.compile(r"\d{8}", re.ASCII)
_DASHED: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_time_s(text: str) -> int | None:
    """Seconds of ``HH:MM:SS``, or None.

    Examples
    --------
    >>> read_time_s("25:30:00"), read_time_s("noon")
    (91800, None)
    """
    match = _TIME.fullmatch(text)
    return None if match is None else 3600 * int(match[1]) + 60 * int(match[2]) + int(match[3])


def write_time(time_s: int) -> str:
    """Seconds as ``HH:MM:SS``; hours go on after 24.

    Examples
    --------
    >>> write_time(91800)
    '25:30:00'
    """
    return f"{time_s // 3600:02d}:{time_s // 60 % 60:02d}:{time_s % 60:02d}"


def read_day(text: str) -> int | None:
    """Day of ``YYYYMMDD`` or ``YYYY-MM-DD``, or None.

    Examples
    --------
    >>> read_day("19700102"), read_day("1970-01-02"), read_day("19701301")
    (1, 1, None)
    """
    text = text.strip()
    if not (_COMPACT.fullmatch(text) or _DASHED.fullmatch(text)):
        return None
    try:
        return (date.fromisoformat(text) - _EPOCH).days
    except ValueError:
        return None


def write_day(day: int, mark: str = "") -> str:
    """A day as ``YYYYMMDD``, or with marks between: ``YYYY-MM-DD``."""
    return (_EPOCH + timedelta(days=day)).strftime(f"%Y{mark}%m{mark}%d").rjust(8 + 2 * len(mark), "0")


def find_weekday(day: int) -> int:
    """Weekday of a day: 0 is Monday; 1970-01-01 was a Thursday."""
    return (day + 3) % 7


def list_days(weekdays: Iterable[int], first_day: int, last_day: int) -> Days:
    """Days from first to last, both included, that fall on certain weekdays."""
    days = np.arange(first_day, last_day + 1, dtype=np.int64)
    return days[np.isin((days + 3) % 7, list(weekdays))]


def read_weekdays(text: str) -> tuple[int, ...] | None:
    """Weekdays of ``mo;we``, or None when a word is none."""
    words = [word for word in text.split(";") if word]
    if not words or not set(words) <= set(WEEKDAYS):
        return None
    return tuple(WEEKDAYS.index(word) for word in words)


def write_weekdays(weekdays: Iterable[int]) -> str:
    """Weekdays as ``mo;we``."""
    return ";".join(WEEKDAYS[number] for number in sorted(weekdays))


def find_patterns(days: Days) -> list[tuple[tuple[int, ...], int, int]]:
    """The fewest weekly patterns found greedily that give exactly some days.

    Parameters
    ----------
    days : (n,) int64 array
        Days, ascending.

    Returns
    -------
    list of (weekdays, first_day, last_day)
        Each stands for ``list_days(weekdays, first_day, last_day)``; together they give each day once.

    Notes
    -----
    Rule 1. The days of one weekday fall apart into runs without a missing week.
    Rule 2. Runs join when each of them fills the common span: the week before its first day and the week after its
    last lie outside. So a calendar with a weekday pattern and no exception gives one pattern, a day that was added
    or left out gives more.
    """
    runs: list[tuple[int, int]] = []
    for weekday in range(7):
        of_weekday = days[(days + 3) % 7 == weekday]
        ends = np.flatnonzero(np.diff(of_weekday) != 7)
        starts = [0, *(int(end) + 1 for end in ends)] if len(of_weekday) else []
        stops = [*(int(end) for end in ends), len(of_weekday) - 1]
        runs += [(int(of_weekday[a]), int(of_weekday[b])) for a, b in zip(starts, stops, strict=False)]
    groups: list[list[tuple[int, int]]] = []
    for run in sorted(runs):  # Rule 2
        for group in groups:
            first = min(run[0], *(other[0] for other in group))
            last = max(run[1], *(other[1] for other in group))
            if all(a - 7 < first and last < b + 7 for a, b in (run, *group)):
                group.append(run)
                break
        else:
            groups.append([run])
    return [
        (
            tuple(sorted(find_weekday(a) for a, _ in group)),
            min(a for a, _ in group),
            max(b for _, b in group),
        )
        for group in groups
    ]


@cache
def find_offset_s(zone: str, day: int) -> int:
    """Local time minus Coordinated Universal Time at noon of a day [s].

    Notes
    -----
    GTFS counts the times of a service day from twelve hours before its noon, so that the offset of noon holds for
    the whole service day, also where the clock changes in its night.
    """
    noon = datetime.combine(_EPOCH + timedelta(days=day), datetime.min.time(), UTC) + timedelta(hours=12)
    offset = noon.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def find_instants(days: Days, time_s: int, zone: str) -> Days:
    """Seconds since 1970-01-01 UTC of a time of day on service days of a time zone."""
    offsets = np.fromiter((find_offset_s(zone, int(day)) for day in days), dtype=np.int64, count=len(days))
    return days * DAY_S + time_s - offsets
