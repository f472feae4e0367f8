"""Opening hours: what is understood, what is refused, and a slow oracle hour by hour."""

from itertools import pairwise

import numpy as np
import pytest

from dehliz.base.errors import DataError
from dehliz.network.opening import DAYS, find_opening_fault, list_shut, read_week

MONDAY = np.datetime64("2024-01-01T00:00")  # a Monday


def test_always_and_never() -> None:
    for text in ("", "always", "24/7", " 24/7 "):
        assert read_week(text) == [(0.0, 168.0)]
        assert list_shut(text, MONDAY, 8760.0) == []
    for text in ("off", "closed", "Mo-Su off"):
        assert read_week(text) == []
        assert list_shut(text, MONDAY, 8760.0) == [(0.0, 8760.0)]


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Mo 08:00-12:00,13:00-17:30", [(8.0, 12.0), (13.0, 17.5)]),
        ("Mo-Tu 8:00-20:00; Sa 09:00-13:00", [(8.0, 20.0), (32.0, 44.0), (129.0, 133.0)]),
        ("Mo,We 00:00-24:00", [(0.0, 24.0), (48.0, 72.0)]),
        ("Tu-We 22:00-06:00", [(46.0, 54.0), (70.0, 78.0)]),
        ("Su 22:00-06:00", [(0.0, 6.0), (166.0, 168.0)]),
        ("Sa-Mo 00:00-24:00", [(0.0, 24.0), (120.0, 168.0)]),
        ("00:00-24:00; Su off", [(0.0, 144.0)]),
        ("Mo 08:00-20:00; Mo 10:00-11:00", [(10.0, 11.0)]),
        ("Mo 08:00-12:00,10:00-14:00", [(8.0, 14.0)]),
        ("Mo 06:00-06:00;", [(6.0, 30.0)]),
    ],
)
def test_weeks_by_hand(text: str, week: list[tuple[float, float]]) -> None:
    assert read_week(text) == week


@pytest.mark.parametrize(
    "text",
    ["open", "Mo", "Mo-Fr", "Mo-Xx 08:00-09:00", "08:00", "8-20", "Mo 25:00-26:00", "Mo 24:30-24:40", "Mo 08:60-09:00",
     "PH off", "Jan 08:00-20:00", "Mo-Fr 08:00+", "Mo 08:00-20:00 off", "08:00-20:00;;Mo off", "Mo- 08:00-09:00",
     "always; Mo off"],
)  # fmt: skip
def test_others_are_refused_with_an_issue(text: str) -> None:
    with pytest.raises(DataError) as caught:
        read_week(text)
    (issue,) = caught.value.issues
    assert issue.rule == "terminal.opening_hours.form"
    assert "is not understood" in issue.found
    assert find_opening_fault(text) == issue.found
    with pytest.raises(DataError):
        list_shut(text, MONDAY, 24.0)


def test_nothing_is_wrong_with_what_is_understood() -> None:
    assert find_opening_fault("Mo-Fr 08:00-20:00") == ""


def test_shut_times_begin_where_they_are_asked_for() -> None:
    saturday = np.datetime64("2024-01-06T10:30")
    assert list_shut("Mo-Fr 08:00-20:00", saturday, 50.0) == [(0.0, 45.5)]
    assert list_shut("Sa 10:00-12:00", saturday, 24.0) == [(1.5, 24.0)]
    assert list_shut("Sa 10:00-12:00", saturday, 0.0) == []


@pytest.mark.parametrize(
    "text", ["Mo-Fr 08:00-20:00", "Su 22:00-06:00; We 01:00-05:00", "Fr-Mo 10:00-11:00,23:00-03:00"]
)
@pytest.mark.parametrize("start", ["2024-02-28T07:00", "2023-12-31T23:00", "1969-12-30T05:00"])
def test_every_hour_is_as_a_plain_reading_says(text: str, start: str) -> None:
    first, count = np.datetime64(start), 700
    shut = list_shut(text, first, float(count))
    assert all(one[1] < other[0] for one, other in pairwise(shut))
    for hour in range(count):
        moment = (first + np.timedelta64(hour, "h")).astype(object)
        is_shut = any(begin <= hour + 0.5 < end for begin, end in shut)
        assert is_shut != _is_open(text, DAYS[moment.weekday()], DAYS[moment.weekday() - 1], moment.hour)


def _is_open(text: str, day: str, eve: str, hour: int) -> bool:
    """Whole hours only; no rule takes the place of another here."""
    for part in text.split("; "):
        days, _, spans = part.partition(" ")
        for span in spans.split(","):
            begin, end = (int(clock[:2]) for clock in span.split("-"))
            if end > begin:
                if _holds(days, day) and begin <= hour < end:
                    return True
            elif (_holds(days, day) and hour >= begin) or (_holds(days, eve) and hour < end):
                return True
    return False


def _holds(days: str, day: str) -> bool:
    first, _, last = days.partition("-")
    at = DAYS.index(first)
    while DAYS[at] != day:
        if DAYS[at] == (last or first):
            return False
        at = (at + 1) % 7
    return True
