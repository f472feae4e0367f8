"""Arrivals through corridor3 with a timetable laid over it, by hand.

By road cargo ready at 08:00 is loaded by 10:00, at the border at 15:00, through it at 01:00, in Quay at 06:00 and ready
for the ro-ro at 09:00 of the second day; by rail it is at Quay at 23:30 of the second day: see the README of corridor3.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dehliz.network.files import read_network
from dehliz.network.network import Network, replace_tables
from dehliz.routing.planner import prepare
from dehliz.routing.timetable import TimetableAnswer, TimetableSettings, depart, lay_timetable, read_moment
from dehliz.routing.timetable_waits import say_hours, say_moment
from dehliz.routing.timetable_week import week
from tests.cases.run_broken import CASES

MONDAY = datetime(2025, 11, 3, 8)
TABLES = {
    "departure": "departure_id,service_leg_id,from_node_id,weekdays,clock_h,time_h,first_date,last_date",
    "holiday": "holiday_id,country_id,date,terminal_kinds,terminal_ids",
    "closure": "closure_id,node_id,terminal_id,service_leg_id,month,closed_share,spell_h,cause",
}
RORO = "roro,roro_quay_haven,quay,tu;sa,18,,,"
Make = Callable[..., Network]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """corridor3 with these rows of departures, holidays and closures alone, and with texts of its tables replaced.

    A service without rows of departure has its mean wait. One with rows at one end leaves the other on Sundays.
    """

    def write(edits: dict[str, tuple[str, str]] | None = None, **tables: str) -> Network:
        for file in (CASES / "corridor3").glob("*.csv"):
            if file.stem in (*TABLES, "duration", "server"):
                continue
            text = file.read_text(encoding="utf-8")
            old, new = (edits or {}).get(file.stem, ("", ""))
            assert old in text
            (tmp_path / file.name).write_text(text.replace(old, new) if old else text, encoding="utf-8")
        services = pd.read_csv(tmp_path / "service_leg.csv", dtype=str, keep_default_na=False)
        timed = [row.split(",")[1:3] for row in tables.get("departure", "").splitlines()]
        is_timed = services["service_leg_id"].isin([service_id for service_id, _ in timed])
        services["departs"] = np.where(is_timed, "timetable", "headway")
        services[["longest_wait_h", "fleet_count", "turn_time_h", "cut_off_h"]] = ""
        services.to_csv(tmp_path / "service_leg.csv", index=False)
        for service_id in services["service_leg_id"][is_timed]:
            for node_id in {"quay", "haven"} - {node_id for name, node_id in timed if name == service_id}:
                tables["departure"] += f"\n{service_id}_{node_id},{service_id},{node_id},su,0,,,"
        for name, rows in tables.items():
            (tmp_path / f"{name}.csv").write_text(f"{TABLES[name]}\n{rows}\n", encoding="utf-8")
        return read_network(tmp_path)

    return write


def arrivals(answer: TimetableAnswer) -> dict[str, str]:
    return dict(zip(answer.table["corridor_id"], answer.table["arrives_at"], strict=True))


def causes(answer: TimetableAnswer, cause: str) -> list[tuple[float, str]]:
    waits = answer.tables["timetable_wait"]
    mine = waits[waits["cause"] == cause]
    return list(zip(mine["wait_h"].round(6).tolist(), mine["cause_text"].tolist(), strict=True))


def test_without_a_timetable_times_are_the_mean_ones(make: Make) -> None:
    answer = depart(make(), "Westburg", "Haven", MONDAY)
    assert answer.status == "ok"
    assert arrivals(answer) == {"road_way": "2025-11-05T18:00", "rail_way": "2025-11-06T07:30"}
    assert answer.table["time_h"].tolist() == pytest.approx([58.0, 71.5], abs=1e-4)
    assert answer.table["cost_usd"].tolist() == pytest.approx([2540, 1560])
    assert answer.table["departure_wait_h"].tolist() == [0, 0]


def test_a_sailing_is_waited_for_and_named(make: Make) -> None:
    answer = depart(make(departure=RORO), "west", "haven", MONDAY)
    assert arrivals(answer)["road_way"] == "2025-11-05T03:00"  # 18:00 + 8 h at sea + 1 h unloading
    assert causes(answer, "departure") == [(9.0, "waits for the sailing of Tuesday 4 Nov 18:00")]
    ride = answer.tables["timetable_leg"].query("option == 1 and kind == 'service'").iloc[0]
    assert (ride["ready_at"], ride["starts_at"]) == ("2025-11-04T09:00", "2025-11-04T18:00")
    assert ride["arrives_at"] == "2025-11-05T02:00"
    assert (ride["moving_time_h"], ride["waiting_time_h"]) == pytest.approx((8, 9), abs=1e-4)


def test_who_comes_after_the_cut_off_takes_the_next(make: Make) -> None:
    network = make(departure=RORO)
    on_time = depart(_with_cut_off(network, 9.0), "west", "haven", MONDAY)
    assert arrivals(on_time)["road_way"] == "2025-11-05T03:00"
    late = depart(_with_cut_off(network, 9.5), "west", "haven", MONDAY, without=["ferry_quay_haven"])
    assert arrivals(late)["road_way"] == "2025-11-09T03:00"
    assert causes(late, "departure")[0][1] == "waits for the sailing of Saturday 8 Nov 18:00"


def _with_cut_off(network: Network, hours: float) -> Network:
    legs = network.service_leg.assign(cut_off_h=hours)
    return replace_tables(network, {"service_leg": legs})


def test_a_departure_has_its_own_time_and_its_days_of_validity(make: Make) -> None:
    rows = [
        "a,roro_quay_haven,quay,tu,18,,2025-11-05,",
        "b,roro_quay_haven,quay,mo;tu;we;th;fr;sa;su,20,6,2025-11-06,2025-11-07",
    ]
    network = make(departure="\n".join(rows))
    answer = depart(network, "west", "haven", MONDAY, without=["ferry_quay_haven"])
    assert arrivals(answer)["road_way"] == "2025-11-07T03:00"  # Thursday 20:00, 6 h, 1 h
    later = depart(network, "west", "haven", MONDAY + timedelta(days=5), without=["ferry_quay_haven"])
    assert arrivals(later)["road_way"] == "2025-11-12T03:00"  # Tuesday 18:00, 8 h, 1 h


def test_nobody_misses_a_ship_by_rounding(make: Make) -> None:
    """On the road at 60 km/h cargo is ready in Quay at 09:50, five sixths of an hour that no grid of halves holds."""
    edits = {"link": ("road,XA,350,70", "road,XA,350,60")}
    network = make(edits, departure="roro,roro_quay_haven,quay,tu;sa,9.833333333333334,,,")
    assert arrivals(depart(network, "west", "haven", MONDAY))["road_way"] == "2025-11-04T18:50"
    steps = week(network, "west", "haven", MONDAY).table
    assert steps["last_ready_at"][0] == "2025-11-03T08:00"


def test_each_direction_has_its_own_departures(make: Make) -> None:
    back = depart(make(departure=RORO), "haven", "west", MONDAY, without=["ferry_quay_haven"])
    assert causes(back, "departure")[0][1] == "waits for the sailing of Sunday 9 Nov 00:00"


def test_a_ship_that_fills_is_told_as_such(make: Make) -> None:
    network = make()
    legs = network.service_leg.assign(departs="fills")
    answer = depart(replace_tables(network, {"service_leg": legs}), "west", "haven", MONDAY)
    assert sorted(causes(answer, "fills")) == [
        (12.0, "expected wait for a ship that fills"),
        (24.0, "expected wait for a ship that fills"),
    ]


def test_a_terminal_is_waited_for_until_it_opens(make: Make) -> None:
    edits = {
        "terminal": ("false,3,5,2,50,5,50000,,0.5,always", "false,3,5,2,50,5,50000,,0.5,Mo-Fr 08:00-17:00")
    }
    answer = depart(make(edits), "west", "haven", MONDAY)
    assert causes(answer, "shut") == [(8.5, "closed until Wed 5 Nov 08:00")]
    assert arrivals(answer)["rail_way"] == "2025-11-06T16:00"
    assert arrivals(answer)["road_way"] == "2025-11-05T18:00"


def test_holidays_of_either_country_shut_a_border_post(make: Make) -> None:
    rows = "xb_1,XB,2025-11-03,border_post;port,\nxa_1,XA,2025-11-04,border_post,\nxc_1,XC,2025-11-04,border_post,"
    rows += "\nxa_2,XA,2025-11-05,border_post,mark_road_ab"
    network = make(holiday=rows)
    by_rail = depart(network, "west", "haven", MONDAY)
    assert causes(by_rail, "shut") == [(12.5, "closed until Wed 5 Nov 00:00")]  # from Tuesday 11:30
    by_road = depart(network, "west", "haven", MONDAY, without=["ferry_quay_haven"])
    assert causes(by_road, "shut") == [(57.0, "closed until Thu 6 Nov 00:00")]  # from Monday 15:00


def test_weather_costs_its_share_times_its_spell_in_the_month_of_arrival(make: Make) -> None:
    rows = "a,quay,,,11,0.25,24,wind\nb,,,ferry_quay_haven,12,0.5,10,ice\nc,,quay_road_ship,,11,0.1,20,strike"
    network = make(closure=rows)
    november = depart(network, "west", "haven", MONDAY)
    assert sorted(causes(november, "weather")) == [
        (2.0, "strike, expected"),
        (6.0, "wind, expected"),
        (6.0, "wind, expected"),
    ]
    last = depart(network, "west", "haven", datetime(2025, 11, 29, 8))
    assert causes(last, "weather")[-1] == (5.0, "ice, expected")


def test_legs_hang_together_and_parts_add_up(make: Make) -> None:
    answer = depart(make(departure=RORO, closure="a,quay,,,11,0.25,24,wind"), "west", "haven", MONDAY)
    table = answer.table
    parts = [name for name in table.columns if name.endswith("_h") and name != "time_h"]
    np.testing.assert_allclose(table[parts].sum(axis=1), table["time_h"], atol=1e-4)
    for option in table["option"]:
        legs = answer.tables["timetable_leg"].query("option == @option")
        assert legs["ready_at"].tolist()[0] == "2025-11-03T08:00"
        assert legs["ready_at"].tolist()[1:] == legs["arrives_at"].tolist()[:-1]
        assert legs["arrives_at"].tolist()[-1] == table.set_index("option").loc[option, "arrives_at"]
        waits = answer.tables["timetable_wait"].query("option == @option")
        assert waits["wait_h"].sum() == pytest.approx(legs["waiting_time_h"].sum())


def test_via_avoid_and_without_hold(make: Make) -> None:
    network = make(departure=RORO)
    assert set(arrivals(depart(network, "west", "haven", MONDAY, via=["mode:roro"]))) == {"road_way"}
    assert arrivals(depart(network, "west", "haven", MONDAY, via=["mode:roro"])) == {
        "road_way": "2025-11-05T03:00"
    }
    without = depart(network, "west", "haven", MONDAY, without=["roro_quay_haven"])
    assert set(arrivals(without)) == {"rail_way"}
    assert depart(network, "west", "haven", MONDAY, avoid=["XB"]).status == "no_way"


def test_a_timetable_that_has_ended_says_so(make: Make) -> None:
    rows = "a,roro_quay_haven,quay,tu,18,,,2025-06-30\nb,ferry_quay_haven,quay,tu,18,,,2025-06-30"
    answer = depart(make(departure=rows), "west", "haven", MONDAY)
    assert answer.status == "no_way"
    assert "within 120 days" in answer.reason
    assert len(answer.table) == 0


def test_a_spent_budget_is_told(make: Make) -> None:
    answer = depart(make(), "west", "haven", MONDAY, settings=TimetableSettings(label_limit_count=5))
    assert answer.status == "truncated"


def test_moments_with_an_offset_are_moved_to_utc() -> None:
    there = datetime(2025, 11, 3, 13, tzinfo=timezone(timedelta(hours=5)))
    assert read_moment(there) == read_moment(MONDAY) == read_moment(MONDAY.replace(tzinfo=UTC))


def test_one_timetable_serves_many_questions(make: Make) -> None:
    planner = prepare(make(departure=RORO))
    table = lay_timetable(planner, read_moment(MONDAY))
    for day in range(4):
        when = MONDAY + timedelta(days=day)
        laid = depart(planner, "west", "haven", when, timetable=table)
        assert laid.to_document() == depart(planner, "west", "haven", when).to_document()


def test_a_week_has_a_step_for_each_sailing(make: Make) -> None:
    network = make(departure=RORO)
    answer = week(network, "west", "haven", MONDAY, without=["ferry_quay_haven"])
    table = answer.table
    assert table["kind"].tolist() == ["departure"] * 3
    # The ro-ro leaves 25 h after cargo is ready: Tuesday 18:00 is caught until Monday 17:00.
    assert table["last_ready_at"].tolist() == ["2025-11-03T17:00", "2025-11-07T17:00", "2025-11-10T17:00"]
    assert table["first_ready_at"].tolist() == ["2025-11-03T08:00", "2025-11-03T18:00", "2025-11-07T18:00"]
    assert table["last_arrives_at"].tolist() == ["2025-11-05T03:00", "2025-11-09T03:00", "2025-11-12T03:00"]
    assert table["departures_text"].tolist()[0] == "Ro-ro Quay - Haven, Tue 4 Nov 18:00"
    assert table["time_h"].tolist() == pytest.approx([34, 34, 34], abs=1e-4)


def test_a_week_without_timetable_is_one_step(make: Make) -> None:
    table = week(make(), "west", "haven", MONDAY).table
    assert table["kind"].tolist() == ["any_time"]
    assert (table["first_ready_at"][0], table["last_ready_at"][0]) == ("2025-11-03T08:00", "2025-11-10T07:00")
    assert table["time_h"][0] == pytest.approx(58, abs=1e-4)


def test_a_week_agrees_with_single_questions(make: Make) -> None:
    edits = {
        "terminal": ("false,3,5,2,50,5,50000,,0.5,always", "false,3,5,2,50,5,50000,,0.5,Mo-Fr 08:00-17:00")
    }
    planner = prepare(make(edits, departure=RORO))
    steps = week(planner, "west", "haven", MONDAY).table
    for hour in range(0, 7 * 24, 5):
        when = read_moment(MONDAY + timedelta(hours=hour))
        first = min(depart(planner, "west", "haven", MONDAY + timedelta(hours=hour)).table["arrives_at"])
        step = next(
            row
            for row in steps.itertuples()
            if np.datetime64(row.first_ready_at) <= when <= np.datetime64(row.last_ready_at)
        )
        late = when - np.datetime64(step.first_ready_at) if step.kind == "any_time" else np.timedelta64(0)
        assert str(np.datetime64(step.first_arrives_at) + late) == first


def test_moments_and_lengths_are_said_for_people() -> None:
    assert say_moment(np.datetime64("2024-02-29T05:07")) == "Thu 29 Feb 05:07"
    assert (say_hours(33.6), say_hours(168.0)) == ("33.6 h", "7 days")
