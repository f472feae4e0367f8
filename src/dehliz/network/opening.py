"""Opening hours: the part of OpenStreetMap's ``opening_hours`` that the tables use, as hours of a week.

Understood are ``always`` and ``24/7``, ``off``, and rules such as ``Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-13:00;
Su off``: days alone or in spans, times of the day that may pass midnight, a later rule in place of an earlier one
on its days. Hours are in Coordinated Universal Time, as everywhere in the tables. Holidays stand in the table
``holiday``, seasons in ``closure``; months, dates and comments are refused here.
"""

import re
from typing import Final

import numpy as np

from dehliz.base.errors import DataError, Issue, quote
from dehliz.base.sheet import Rule

WEEK_H: Final = 168.0
DAY_H: Final = 24.0
DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ALWAYS: Final = ("", "always", "24/7")
NEVER: Final = ("off", "closed")
OPENING_RULE: Final = Rule(
    "terminal.opening_hours.form",
    "Opening hours are 'always', 'off', or days and times such as 'Mo-Fr 08:00-20:00; Sa 09:00-13:00'",
    "Write them so, in Coordinated Universal Time; holidays go into the table holiday, seasons into closure",
)
_MONDAY: Final = np.datetime64("1970-01-05T00:00", "s")
_PART: Final = re.compile(r"(?:([A-Z][A-Za-z,\- ]*?)\s+)?(off|closed|[0-9].*)")
_SPAN: Final = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])-([01]?[0-9]|2[0-4]):([0-5][0-9])")

Interval = tuple[float, float]
"""Start and end [h], half open."""


def read_week(opening_hours: str) -> list[Interval]:
    """Open intervals of a week.

    Parameters
    ----------
    opening_hours : str
        As in the column ``terminal.opening_hours``; nothing means always.

    Returns
    -------
    list of (float, float)
        Hours since Monday 00:00 UTC within ``[0, 168]``, ascending and disjoint; empty when it never opens.

    Raises
    ------
    DataError
        When the text is not of the part that is understood.

    Examples
    --------
    >>> read_week("Mo-Tu 08:00-20:00")
    [(8.0, 20.0), (32.0, 44.0)]
    """
    text = opening_hours.strip()
    if text in ALWAYS:
        return [(0.0, WEEK_H)]
    if text in NEVER:
        return []
    by_day: dict[int, list[Interval]] = {}
    for part in text.rstrip("; ").split(";"):
        days, hours = _read_part(part.strip(), opening_hours)
        by_day |= dict.fromkeys(days, hours)
    moved = [
        (DAY_H * day + start, DAY_H * day + end) for day, spans in by_day.items() for start, end in spans
    ]
    return _join([piece for span in moved for piece in _fold(span)])


def find_opening_fault(opening_hours: str) -> str:
    """What is wrong with opening hours, for a message; nothing when they are understood."""
    try:
        read_week(opening_hours)
    except DataError as error:
        return error.issues[0].found
    return ""


def list_shut(opening_hours: str, start: np.datetime64, horizon_h: float) -> list[Interval]:
    """When a place is shut by its opening hours.

    Parameters
    ----------
    opening_hours : str
        As in the column ``terminal.opening_hours``.
    start : datetime64
        Hour 0, Coordinated Universal Time.
    horizon_h : float
        End of what is asked for [h].

    Returns
    -------
    list of (float, float)
        Hours since ``start`` within ``[0, horizon_h]``, ascending and disjoint, neighbours joined.

    Raises
    ------
    DataError
        When the opening hours are not understood.

    Examples
    --------
    >>> list_shut("Mo-Fr 08:00-20:00", np.datetime64("2024-01-06T00:00"), 60.0)
    [(0.0, 56.0)]
    """
    open_week = read_week(opening_hours)
    since_monday_h = float((start.astype("datetime64[s]") - _MONDAY) / np.timedelta64(3600, "s")) % WEEK_H
    shut_week = _turn(open_week)
    found: list[Interval] = []
    week_count = int(np.ceil((since_monday_h + horizon_h) / WEEK_H)) if horizon_h > 0 else 0
    for week in range(week_count):
        offset_h = WEEK_H * week - since_monday_h
        for first, last in shut_week:
            begin, end = max(first + offset_h, 0.0), min(last + offset_h, horizon_h)
            if begin < end:
                found.append((begin, end))
    return _join(found)


def _read_part(part: str, whole: str) -> tuple[list[int], list[Interval]]:
    match = _PART.fullmatch(part)
    if match is None:
        raise _refuse(whole, part)
    days = list(range(len(DAYS))) if match[1] is None else _read_days(match[1], whole)
    if match[2] in NEVER:
        return days, []
    return days, [_read_span(span.strip(), whole) for span in match[2].split(",")]


def _read_days(text: str, whole: str) -> list[int]:
    found: list[int] = []
    for piece in text.replace(" ", "").split(","):
        first, _, last = piece.partition("-")
        if first not in DAYS or (last or first) not in DAYS or piece.endswith("-"):
            raise _refuse(whole, piece)
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += [day % len(DAYS) for day in range(begin, end + 1 + (len(DAYS) if end < begin else 0))]
    return found


def _read_span(text: str, whole: str) -> Interval:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise _refuse(whole, text)
    begin, end = (int(match[at]) + int(match[at + 1]) / 60 for at in (1, 3))
    if begin >= DAY_H or end > DAY_H:
        raise _refuse(whole, text)
    return begin, end if end > begin else end + DAY_H


def _fold(span: Interval) -> list[Interval]:
    """A span that may run over the end of the week, as pieces within it."""
    start, end = span
    return [span] if end <= WEEK_H else [(start, WEEK_H), (0.0, end - WEEK_H)]


def _join(spans: list[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return joined


def _turn(open_week: list[Interval]) -> list[Interval]:
    """The rest of the week."""
    edges = [0.0, *(edge for span in open_week for edge in span), WEEK_H]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in pairs if start < end]


def _refuse(whole: str, part: str) -> DataError:
    found = f"{quote(part)} in {quote(whole)}" if part != whole.strip() else f"{quote(whole)}"
    issue = Issue(
        OPENING_RULE.name,
        "column opening_hours",
        (),
        f"{found} is not understood",
        OPENING_RULE.expected,
        OPENING_RULE.remedy,
    )
    return DataError("Opening hours cannot be used.", [issue])
