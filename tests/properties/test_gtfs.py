"""Services that were written as GTFS and read again are the same services; days become patterns without loss."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dehliz.base.check import check_table
from dehliz.base.errors import DataError, Issue
from dehliz.base.schema import read_spec
from dehliz.network.geo import great_circle_km
from dehliz.network.gtfs import Services, read_gtfs, write_gtfs
from dehliz.network.gtfs_days import find_patterns, list_days, read_day, read_weekdays, write_day
from dehliz.network.gtfs_words import WEEKDAYS
from dehliz.network.gtfs_write import find_block_count
from dehliz.network.network import Network, build_network
from tests.properties.networks import IDS, NAMES, is_on_land

FIRST, LAST = "2025-01-01", "2025-12-31"
HOURS = st.floats(0.2, 600.0)
MAYBE = st.one_of(st.just(np.nan), st.floats(0.5, 500.0))
DATES = st.one_of(st.just(""), st.integers(20000, 20300).map(lambda day: write_day(day, "-")))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Two ports, some services of every kind between them, and departures of those with a timetable."""
    places = draw(
        st.lists(
            st.tuples(st.floats(-170, 170), st.floats(-80, 80)).filter(is_on_land),
            min_size=2,
            max_size=2,
            unique=True,
        )
    )
    lon, lat = [round(a, 4) + 0.5 for a, _ in places], [round(b, 4) for _, b in places]
    node = pd.DataFrame(
        {"node_id": ["a", "b"], "name": draw(st.lists(NAMES, min_size=2, max_size=2)), "country_id": "ZZ"}
    ).assign(lon_deg=lon, lat_deg=lat, kind="port", unlocode=["", "ZZBBB"])
    straight = float(great_circle_km(lon[0], lat[0], lon[1], lat[1]))
    legs: list[dict[str, Any]] = []
    departures: list[dict[str, Any]] = []
    for leg_id in draw(st.lists(IDS, min_size=1, max_size=3, unique=True)):
        departs = draw(st.sampled_from(["fills", "headway", "timetable", ""]))
        legs.append(_make_leg(draw, leg_id, departs, max(1.0, straight * 1.01)))
        if departs == "timetable":
            ends = ["a", "b", *draw(st.lists(st.sampled_from("ab"), max_size=2))]
            departures += [
                _make_departure(draw, legs[-1], end, len(departures) + n) for n, end in enumerate(ends)
            ]
    tables = {
        "node": node,
        "service_leg": pd.DataFrame(legs),
        "departure": pd.DataFrame(departures, columns=list(read_spec("departure").column_names)),
        "mode": pd.DataFrame(
            [("roro", "Ro-ro", "sea", "Ships"), ("road", "Road", "road", "Trucks")],
            columns=["mode_id", "name", "medium", "description"],
        ),
        "country": pd.DataFrame({"country_id": ["ZZ"], "name": ["Unassigned"]}),
        "link": pd.DataFrame(
            [("road_ab", "a", "b", "false", "road", "ZZ", max(1.0, straight * 1.01), 50.0, "open", "geometry")],
            columns=["link_id", "from_node_id", "to_node_id", "directed", "mode_id", "country_id", "length_km",
                     "speed_km_h", "status", "length_basis"],
        ),
    }  # fmt: skip
    return build_network(tables)


def _make_leg(draw: st.DrawFn, leg_id: str, departs: str, length_km: float) -> dict[str, Any]:
    return {
        "service_leg_id": leg_id,
        "name": draw(NAMES),
        "from_node_id": "a",
        "to_node_id": "b",
        "directed": draw(st.booleans()) and departs != "timetable",
        "mode_id": "roro",
        "country_id": "ZZ",
        "operator": draw(st.one_of(st.just(""), NAMES)),
        "length_km": length_km,
        "time_h": max(length_km / 70.0, draw(HOURS)),
        "waiting_time_h": draw(st.floats(0.1, 300.0)),
        "headway_h": draw(st.floats(0.5, 900.0)) if departs == "headway" else draw(MAYBE),
        "capacity_teu": draw(st.floats(1.0, 500.0)) if departs == "fills" else draw(MAYBE),
        "capacity_lane_m": draw(MAYBE),
        "departs": departs,
        "longest_wait_h": draw(st.floats(1.0, 500.0)) if departs == "fills" else np.nan,
        "fleet_count": draw(st.one_of(st.just(np.nan), st.integers(1, 9))),
        "turn_time_h": draw(st.floats(0.5, 50.0)),
        "cut_off_h": draw(MAYBE),
        "status": "open",
        "length_basis": "geometry",
        "note": draw(st.one_of(st.just(""), NAMES)),
    }


def _make_departure(draw: st.DrawFn, leg: dict[str, Any], end: str, number: int) -> dict[str, Any]:
    weekdays = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True))
    first_date, last_date = sorted((draw(DATES), draw(DATES)))
    return {
        "departure_id": f"sailing {number}",
        "service_leg_id": leg["service_leg_id"],
        "from_node_id": end,
        "weekdays": ";".join(weekdays),
        "clock_h": draw(st.floats(0.0, 24.0)),
        "time_h": draw(st.one_of(st.just(np.nan), st.just(leg["time_h"] + 1.0))),
        "first_date": first_date,
        "last_date": last_date,
        "note": draw(st.one_of(st.just(""), NAMES)),
    }


def _runs(row: Any) -> bool:
    """Whether a departure has a day in the feed, by looking at each."""
    first = max(row.first_date or FIRST, FIRST)
    last = min(row.last_date or LAST, LAST)
    days = pd.date_range(first, last) if first <= last else []
    return any(WEEKDAYS[day.weekday()] in row.weekdays.split(";") for day in days)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_there_and_back(network: Network) -> None:
    running = network.departure[
        np.array([_runs(row) for row in network.departure.itertuples()], dtype=bool)
    ].reset_index(drop=True)
    idle = (network.service_leg["departs"] == "timetable") & ~network.service_leg["service_leg_id"].isin(
        running["service_leg_id"]
    )
    # Nothing else than departures outside of the feed's days, and headways above four weeks, may be lost.
    headway_h = network.service_leg["headway_h"].fillna(2.0 * network.service_leg["waiting_time_h"])
    rare = (network.service_leg["departs"] != "timetable") & (headway_h > 672.0)
    kept = network.service_leg[~idle & ~rare].reset_index(drop=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed.zip"
        if kept.empty:
            with pytest.raises(DataError, match="No feed is written"):
                write_gtfs(network, path, FIRST, LAST)
            return
        write_gtfs(network, path, FIRST, LAST)
        again = read_gtfs(path)
    leg = again.service_leg.sort_values("service_leg_id").reset_index(drop=True)
    pd.testing.assert_frame_equal(leg, kept, check_exact=True)
    departure = again.departure.sort_values("departure_id").reset_index(drop=True)
    pd.testing.assert_frame_equal(departure, running, check_exact=True)


@given(st.sets(st.integers(20000, 20120), min_size=1))
def test_patterns_give_each_day_once(days: set[int]) -> None:
    found = [int(d) for pattern in find_patterns(np.array(sorted(days))) for d in list_days(*pattern)]
    assert sorted(found) == sorted(days)


@given(st.sets(st.integers(0, 6), min_size=1), st.integers(20000, 20100), st.integers(14, 300))
def test_a_weekly_calendar_is_one_pattern(weekdays: set[int], first: int, count: int) -> None:
    days = list_days(weekdays, first, first + count)
    assert find_patterns(days) == [(tuple(sorted(weekdays)), int(days[0]), int(days[-1]))]


@given(st.floats(0.1, 672.0))
def test_blocks_hold_a_departure_and_hardly_add_one(headway_h: float) -> None:
    count = find_block_count(headway_h)
    assert 24.0 * count >= headway_h - 1e-6
    assert 1 <= count <= 28


@given(st.integers(-100_000, 1_000_000))
def test_days_are_read_as_written(day: int) -> None:
    assert read_day(write_day(day)) == read_day(write_day(day, "-")) == day


@given(st.lists(st.sampled_from(WEEKDAYS), min_size=1))
def test_weekdays_are_read_by_name(words: list[str]) -> None:
    assert read_weekdays(";".join(words)) == tuple(WEEKDAYS.index(word) for word in words)


SMALL = {
    file.name: file.read_text(encoding="utf-8").splitlines()
    for file in (Path(__file__).parents[1] / "cases" / "gtfs_small").glob("*.txt")
}
ODD = st.one_of(
    st.sampled_from(
        ["", "0", "-1", "1", "2", "4", "99999999", "1e9", "nan", "24:00:00", "9999:59:59", "20250230"]
    ),
    st.sampled_from(
        ["00010101", "99991231", "west", "a_out", "daily", ";", " ", '"', "Asia/Kolkata", "../x", "\u202e"]
    ),
    st.text(max_size=5),
)


def _read(folder: str) -> tuple[Services | None, Sequence[Issue]]:
    try:
        return read_gtfs(folder), ()
    except DataError as error:
        return None, error.issues


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_spoiled_feed_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever a cell holds, the answer is rows that fit the dictionary or a list of faults."""
    texts = dict(SMALL)
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(texts)))
        lines = list(texts[name])
        row = data.draw(st.integers(0, len(lines) - 1))
        cells = lines[row].split(",")
        cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(ODD)
        lines[row] = ",".join(cells)
        texts[name] = lines
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in texts.items():
            (Path(folder) / name).write_text("\n".join(lines), encoding="utf-8", errors="replace")
        found, issues = _read(folder)
    if found is None:
        assert issues
        return
    for table in ("node", "service_leg", "departure"):
        frame = getattr(found, table)
        assert not check_table(frame, read_spec(table), table)[1]
    assert (found.service_leg["time_h"] > 0).all()
