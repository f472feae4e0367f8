"""Rules for how things run day by day: services, departures, closures and opening hours, holidays.

What serves and how long it takes stands in ``resource_rules.py``.
"""

from datetime import date
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.errors import quote
from dehliz.base.sheet import Faults, Rule, rows_where, texts_of
from dehliz.network.opening import OPENING_RULE, find_opening_fault, read_week
from dehliz.network.rule import Check, Tables, map_column

WEEKDAYS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
CAPACITIES: Final = ("capacity_teu", "capacity_wagon_count", "capacity_lane_m")
"""What a departure carries, in the units of different cargo."""
PLACES: Final = ("node_id", "terminal_id", "service_leg_id")
"""Of which a closure names one."""


def read_date(text: str) -> date | None:
    """A day written as YYYY-MM-DD, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _find_bad_dates(tables: Tables, table: str, column: str) -> Faults:
    texts = texts_of(tables[table][column])
    return {row: quote(text) for row, text in enumerate(texts) if text and read_date(text) is None}


def _find_backward_dates(tables: Tables) -> Faults:
    departure = tables["departure"]
    faults: dict[int, str] = {}
    pairs = zip(texts_of(departure["first_date"]), texts_of(departure["last_date"]), strict=True)
    for row, (first, last) in enumerate(pairs):
        begin, end = read_date(first), read_date(last)
        if begin and end and end < begin:
            faults[row] = f"from {first} to {last}"
    return faults


def _find_unknown_days(tables: Tables) -> Faults:
    faults: dict[int, str] = {}
    for row, cell in enumerate(texts_of(tables["departure"]["weekdays"])):
        unknown = [word for word in cell.split(";") if word and word not in WEEKDAYS]
        if unknown:
            faults[row] = ", ".join(quote(word) for word in unknown)
    return faults


def _list_starts(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Ends of each service at which it departs."""
    leg = tables["service_leg"]
    names = ("service_leg_id", "from_node_id", "to_node_id")
    ids, starts, ends = (texts_of(leg[name]) for name in names)
    one_way = leg["directed"].fillna(False).astype(bool).tolist()
    rows = zip(ids, starts, ends, one_way, strict=True)
    return {leg_id: (start,) if is_one else (start, end) for leg_id, start, end, is_one in rows}


def _find_wrong_ends(tables: Tables) -> Faults:
    departure, starts = tables["departure"], _list_starts(tables)
    rows = zip(texts_of(departure["service_leg_id"]), texts_of(departure["from_node_id"]), strict=True)
    return {
        row: f"'{leg_id}' does not depart at '{node_id}', but at {' and '.join(starts[leg_id])}"
        for row, (leg_id, node_id) in enumerate(rows)
        if leg_id in starts and node_id not in starts[leg_id]
    }


def _find_unused_departures(tables: Tables) -> Faults:
    departs = map_column(tables["service_leg"], "service_leg_id", "departs")
    return {
        row: f"'{leg_id}' departs by '{departs[leg_id]}'"
        for row, leg_id in enumerate(texts_of(tables["departure"]["service_leg_id"]))
        if departs.get(leg_id, "") not in ("timetable", "")
    }


def _find_bare_timetables(tables: Tables) -> Faults:
    leg, departure = tables["service_leg"], tables["departure"]
    have = set(zip(texts_of(departure["service_leg_id"]), texts_of(departure["from_node_id"]), strict=True))
    starts = _list_starts(tables)
    faults: dict[int, str] = {}
    for row, (leg_id, word) in enumerate(
        zip(texts_of(leg["service_leg_id"]), texts_of(leg["departs"]), strict=True)
    ):
        lacking = [node_id for node_id in starts.get(leg_id, ()) if (leg_id, node_id) not in have]
        if word == "timetable" and lacking:
            faults[row] = f"no departure at {' nor at '.join(lacking)}"
    return faults


def _is_departing(leg: pd.DataFrame, *words: str) -> NDArray[np.bool_]:
    return leg["departs"].isin(words).to_numpy(dtype=bool)


def _find_no_headway(tables: Tables) -> Faults:
    leg = tables["service_leg"]
    wrong = _is_departing(leg, "headway") & leg["headway_h"].isna().to_numpy()
    return dict.fromkeys(rows_where(wrong), "no headway_h")


def _find_no_capacity(tables: Tables) -> Faults:
    leg = tables["service_leg"]
    given = leg[list(CAPACITIES)]
    is_bare = given.isna().all(axis=1).to_numpy() & _is_departing(leg, "fills")
    departs = _is_departing(leg, "fills", "headway", "timetable") | leg["headway_h"].notna().to_numpy()
    is_zero = (given == 0).any(axis=1).to_numpy() & departs
    words = {row: f"{', '.join(CAPACITIES)} are all empty" for row in rows_where(is_bare)}
    for row in rows_where(is_zero):
        words[row] = " and ".join(f"{name} is 0" for name in CAPACITIES if given[name].iat[row] == 0)
    return words


def _find_endless_waits(tables: Tables) -> Faults:
    leg = tables["service_leg"]
    wrong = _is_departing(leg, "fills") & leg["longest_wait_h"].isna().to_numpy()
    return dict.fromkeys(rows_where(wrong), "no longest_wait_h")


def _find_no_ships(tables: Tables) -> Faults:
    count = tables["service_leg"]["fleet_count"]
    wrong = (count < 1) | (count % 1 > 0)
    return {row: f"{count.iat[row]:g} ships" for row in rows_where(wrong)}


def _find_no_turns(tables: Tables) -> Faults:
    leg = tables["service_leg"]
    wrong = leg["fleet_count"].notna() & leg["turn_time_h"].isna()
    return {row: f"{leg['fleet_count'].iat[row]:g} ships and no turn_time_h" for row in rows_where(wrong)}


def _find_unplaced_closures(tables: Tables) -> Faults:
    closure = tables["closure"]
    cells = [texts_of(closure[name]) for name in PLACES]
    faults: dict[int, str] = {}
    for row, places in enumerate(zip(*cells, strict=True)):
        named = [name for name, text in zip(PLACES, places, strict=True) if text]
        if len(named) != 1:
            faults[row] = " and ".join(named) if named else "none of them"
    return faults


def _find_shut_months(tables: Tables) -> Faults:
    closure = tables["closure"]
    share = closure.groupby([*PLACES, "month"])["closed_share"].transform("sum").to_numpy(dtype=float)
    place = [
        next((text for text in texts if text), "")
        for texts in zip(*(texts_of(closure[n]) for n in PLACES), strict=True)
    ]
    return {
        row: f"'{place[row]}' is shut {share[row]:.0%} of month {closure['month'].iat[row]}"
        for row in rows_where(share >= 1)
        if place[row]
    }


def _find_bad_hours(tables: Tables) -> Faults:
    words = {text: find_opening_fault(text) for text in set(texts_of(tables["terminal"]["opening_hours"]))}
    hours = texts_of(tables["terminal"]["opening_hours"])
    return {row: words[text] for row, text in enumerate(hours) if words[text]}


def _find_never_open(tables: Tables) -> Faults:
    hours = texts_of(tables["terminal"]["opening_hours"])
    shut = {text for text in set(hours) if not find_opening_fault(text) and not read_week(text)}
    return {row: quote(text) for row, text in enumerate(hours) if text in shut}


_DATE_WORDS: Final = ("A day is written as YYYY-MM-DD and is in the calendar", "Correct the date")

CHECKS: Final = (
    *(
        Check(
            Rule(f"{table}.{column}.date", *_DATE_WORDS), partial(_find_bad_dates, table=table, column=column)
        )
        for table, column in (("departure", "first_date"), ("departure", "last_date"), ("holiday", "date"))
    ),
    Check(
        Rule(
            "departure.last_date.order",
            "A departure's last day is not before its first",
            "Correct one of the two dates",
        ),
        _find_backward_dates,
    ),
    Check(
        Rule(
            "departure.weekdays.known",
            f"Days of the week are {', '.join(WEEKDAYS)}",
            "Correct the days, separated by semicolons",
        ),
        _find_unknown_days,
    ),
    Check(
        Rule(
            "departure.from_node_id.end",
            "A service departs at its ends, a directed one at its first end only",
            "Correct the node, or the service",
        ),
        _find_wrong_ends,
        ("service_leg",),
    ),
    Check(
        Rule(
            "departure.service_leg_id.timetable",
            "Departures belong to services that depart by 'timetable', or do not say how",
            "Write 'timetable' in service_leg.departs, or remove the departure",
        ),
        _find_unused_departures,
        ("service_leg",),
    ),
    Check(
        Rule(
            "service_leg.departs.timetable",
            "A service that departs by 'timetable' has departures at each end at which it departs",
            "Add rows to departure, or let it depart by 'headway' or 'fills'",
        ),
        _find_bare_timetables,
        ("departure",),
    ),
    Check(
        Rule(
            "service_leg.headway_h.departs",
            "A service that departs by 'headway' has a headway",
            "Write headway_h, or let it depart by 'timetable' or 'fills'",
        ),
        _find_no_headway,
    ),
    Check(
        Rule(
            "service_leg.departs.capacity",
            "A ship that fills and goes has a capacity, and no departure has a capacity of nothing",
            f"Write one of {', '.join(CAPACITIES)}, or leave the cell empty where it does not matter",
        ),
        _find_no_capacity,
    ),
    Check(
        Rule(
            "service_leg.longest_wait_h.fills",
            "A ship that fills and goes leaves after a longest wait, since cargo may not suffice to fill it",
            "Write longest_wait_h",
        ),
        _find_endless_waits,
    ),
    Check(
        Rule(
            "service_leg.fleet_count.whole",
            "A line has whole ships, at least one",
            "Correct the count, or leave the cell empty when there is always a ship at hand",
        ),
        _find_no_ships,
    ),
    Check(
        Rule(
            "service_leg.turn_time_h.fleet",
            "A line with a number of ships says how long they take at a berth",
            "Write turn_time_h",
        ),
        _find_no_turns,
    ),
    Check(
        Rule(
            "closure.node_id.one",
            f"A closure names one place: {', '.join(PLACES[:-1])} or {PLACES[-1]}",
            "Leave one of the three cells filled, and write a row for each place",
        ),
        _find_unplaced_closures,
    ),
    Check(
        Rule(
            "closure.closed_share.month",
            "A place opens in each month: its shares of a month add up to less than 1",
            "Correct the shares, or give the place the status closed",
        ),
        _find_shut_months,
    ),
    Check(OPENING_RULE, _find_bad_hours),
    Check(
        Rule(
            "terminal.opening_hours.never",
            "A terminal opens at some time of the week",
            "Correct the hours, or give it the status closed",
        ),
        _find_never_open,
    ),
)
