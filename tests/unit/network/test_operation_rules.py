"""What the rules of operations let pass; what they catch stands in tests/cases/broken, one folder for each."""

from datetime import date

import pandas as pd
import pytest

from dehliz.base.errors import DataError
from dehliz.network.network import build_network
from dehliz.network.operation_rules import read_date

Frames = dict[str, pd.DataFrame]


@pytest.fixture
def laid(corridor3_tables: Frames) -> Frames:
    """corridor3 with a timetable of the ro-ro ferry, and a rail ferry that fills and goes."""
    put(corridor3_tables, "service_leg", "roro_quay_haven", departs="timetable")
    filling = {"departs": "fills", "longest_wait_h": 24.0, "fleet_count": 2.0, "turn_time_h": 4.0}
    put(corridor3_tables, "service_leg", "ferry_quay_haven", **filling)
    rows = [("roro_haven_tuesday", "haven", "tu;th;sa"), ("roro_quay_monday", "quay", "mo;we;fr")]
    departure = pd.DataFrame(rows, columns=["departure_id", "from_node_id", "weekdays"])
    departure = departure.assign(service_leg_id="roro_quay_haven", clock_h=18.0, first_date="", last_date="")
    return corridor3_tables | {"departure": departure}


def rules_broken(tables: Frames) -> set[str]:
    try:
        build_network(tables)
    except DataError as error:
        return {issue.rule for issue in error.issues}
    return set()


def put(tables: Frames, table: str, key: str, **cells: object) -> None:
    frame = tables[table]
    for column, value in cells.items():
        frame.loc[frame.iloc[:, 0] == key, column] = value


def drop(tables: Frames, table: str, key: str) -> None:
    frame = tables[table]
    tables[table] = frame[frame.iloc[:, 0] != key].reset_index(drop=True)


def test_dates_are_of_the_calendar_and_of_one_form() -> None:
    assert read_date("2024-02-29") == date(2024, 2, 29)
    for text in ("2023-02-29", "20240229", "2024-W09-4", "29.02.2024", "", "2024-2-9"):
        assert read_date(text) is None


def test_a_directed_service_departs_at_one_end_only(laid: Frames) -> None:
    put(laid, "service_leg", "roro_quay_haven", directed=True)
    assert rules_broken(laid) == {"departure.from_node_id.end"}
    drop(laid, "departure", "roro_haven_tuesday")
    assert rules_broken(laid) == set()


def test_a_timetable_of_one_day_passes(laid: Frames) -> None:
    put(laid, "departure", "roro_quay_monday", first_date="2024-06-03", last_date="2024-06-03")
    assert rules_broken(laid) == set()


def test_services_that_do_not_say_how_they_depart_need_nothing(laid: Frames) -> None:
    empty = {"departs": "", "capacity_wagon_count": float("nan"), "longest_wait_h": float("nan")}
    put(laid, "service_leg", "ferry_quay_haven", **empty)
    assert rules_broken(laid) == set()


@pytest.mark.parametrize("column", ["capacity_teu", "capacity_wagon_count", "capacity_lane_m"])
def test_one_capacity_suffices(laid: Frames, column: str) -> None:
    put(laid, "service_leg", "ferry_quay_haven", capacity_wagon_count=float("nan"))
    assert rules_broken(laid) == {"service_leg.departs.capacity"}
    put(laid, "service_leg", "ferry_quay_haven", **{column: 1.0})
    assert rules_broken(laid) == set()


def test_causes_of_one_month_may_add_up_to_less_than_all_of_it(laid: Frames) -> None:
    second = laid["closure"].iloc[[0]].assign(closure_id="haven_ice_01", cause="ice", closed_share=0.89)
    closure = pd.concat([laid["closure"], second], ignore_index=True)
    assert rules_broken(laid | {"closure": closure}) == set()
    closure.loc[2, "closed_share"] = 0.9
    assert rules_broken(laid | {"closure": closure}) == {"closure.closed_share.month"}
    closure.loc[2, ["node_id", "terminal_id"]] = ["", "quay_rail_ship"]
    assert rules_broken(laid | {"closure": closure}) == set()


def test_a_general_duration_stands_beside_a_special_one(laid: Frames) -> None:
    duration = laid["duration"]
    general = duration[duration["duration_id"] == "rail"].assign(duration_id="any", media="")
    both = pd.concat([duration, general], ignore_index=True)
    assert rules_broken(laid | {"duration": both}) == set()


def test_an_exponential_with_its_own_spread_passes(laid: Frames) -> None:
    put(laid, "duration", "border", family="exponential", spread_factor=1.0)
    assert rules_broken(laid) == set()
    put(laid, "duration", "border", spread_factor=0.75, least_factor=0.25)
    assert rules_broken(laid) == set()
    put(laid, "duration", "border", spread_factor=float("nan"))
    assert rules_broken(laid) == set()


def test_a_pool_is_entered_from_the_other_gauge_in_either_direction(laid: Frames) -> None:
    pool = {
        "wagon_pool_id": "flats", "mode_id": "rail_1520", "terminal_ids": "gate_gauge;quay_rail_ship",
        "segment_ids": "containers", "wagon_count": 10, "load_t": 20.0, "return_time_h": 0.0,
        "fact_ids": "", "note": "",
    }  # fmt: skip
    for mode_id, broken in (("rail_1520", set()), ("rail_1435", {"wagon_pool.terminal_ids.entry"})):
        frame = pd.DataFrame([pool | {"mode_id": mode_id}])
        assert rules_broken(laid | {"wagon_pool": frame}) == broken


def test_opening_hours_of_the_week_pass(laid: Frames) -> None:
    put(laid, "terminal", "mark_road_ab", opening_hours="Mo-Fr 08:00-20:00; Sa 09:00-13:00")
    assert rules_broken(laid) == set()


def test_messages_come_in_one_list(laid: Frames) -> None:
    put(laid, "departure", "roro_quay_monday", first_date="2025-01-01", last_date="2024-01-01")
    put(laid, "terminal", "mark_road_ab", opening_hours="off")
    put(laid, "server", "berth_quay_ferry", mode_id="roro", node_id="gate")
    assert rules_broken(laid) == {
        "departure.last_date.order",
        "terminal.opening_hours.never",
        "server.server_id.reached",
    }
