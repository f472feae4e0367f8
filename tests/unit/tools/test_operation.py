"""The operations say what the facts say, and what they assume is called so."""

import pandas as pd
import pytest
from tools.build_eurasia.facts import build_facts, find_fact_value, read_rows
from tools.build_eurasia.inputs import INPUTS_FOLDER
from tools.build_eurasia.operation import build, list_road_posts, make_closures, make_holidays
from tools.build_eurasia.parameter import CURATED, Ledger, read_parameters
from tools.build_eurasia.service import make_operation

HOURS_A_YEAR = 8760.0


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return build_facts()["fact"]


@pytest.fixture
def ledger(facts: pd.DataFrame) -> Ledger:
    return Ledger(read_parameters(facts))


@pytest.fixture(scope="module")
def made(facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return build(INPUTS_FOLDER, facts)


def find_row(service_leg_id: str) -> dict[str, str]:
    return next(
        row for row in read_rows(CURATED / "service_leg.csv") if row["service_leg_id"] == service_leg_id
    )


def test_kuryk_is_shut_half_of_november_and_december(ledger: Ledger) -> None:
    share = {(row["node_id"], row["month"]): row["closed_share"] for row in make_closures(ledger)}
    assert [share["kuryk", month] for month in (11, 12)] == [0.5, 0.5]
    assert all(share["kuryk", month] < 0.1 for month in range(1, 11))
    assert {node for node, _ in share} >= {"kuryk", "aktau", "alat", "turkmenbashi", "dostyk"}


@pytest.mark.parametrize(
    ("node_id", "wait"), [("kuryk", "wait_weather_kuryk_h"), ("aktau", "wait_weather_caspian_h")]
)
def test_closures_make_the_wait_for_weather_that_routes_use(node_id: str, wait: str, ledger: Ledger) -> None:
    # who comes at random finds it shut with the mean share, and then waits the mean spell (exponential)
    rows = [row for row in make_closures(ledger) if row["node_id"] == node_id]
    mean_h = sum(float(str(row["closed_share"])) * float(str(row["spell_h"])) for row in rows) / 12
    assert len(rows) == 12
    assert ledger.find(wait).low <= mean_h <= ledger.find(wait).high


def test_each_closure_but_the_published_is_called_an_assumption(made: dict[str, pd.DataFrame]) -> None:
    value = made["value"]
    shares = value[(value["table_name"] == "closure") & (value["column_name"] == "closed_share")]
    derived = set(shares.loc[shares["basis"] != "assumption", "row_id"])
    assert derived == {"kuryk_wind_11", "kuryk_wind_12", "dostyk_wind_12"}


def test_holidays_shut_the_road_posts_to_china_and_no_other() -> None:
    assert list_road_posts("CN", "KZ") == list_road_posts("KZ", "CN")
    rows = make_holidays()
    days = {str(row["date"]) for row in rows}
    assert {"2024-05-01", "2024-05-07", "2024-05-09", "2023-10-02", "2026-02-17"} <= days
    assert len(days) == len(rows)
    for row in rows:
        assert all("_road_" in name for name in str(row["terminal_ids"]).split(";"))


def test_the_feeders_can_carry_what_is_stated(facts: pd.DataFrame, ledger: Ledger) -> None:
    row = find_row("feeder_aktau_alat")
    cells = make_operation(row, ledger.find(row["time"]).value, ledger)
    round_h = 2 * (ledger.find(row["time"]).value + float(str(cells["turn_time_h"])))
    departures = float(str(cells["fleet_count"])) * HOURS_A_YEAR / round_h
    teu = departures * ledger.find(row["capacity_teu"]).value * ledger.find("load_2024_share").value
    assert teu == pytest.approx(find_fact_value(facts, "alternatives-0047"), rel=0.05)


def test_the_ships_of_the_lines_are_those_of_the_fleet(facts: pd.DataFrame, ledger: Ledger) -> None:
    lines = (
        "ferry_kuryk_alat",
        "ferry_turkmenbashi_alat",
        "roro_kuryk_alat",
        "roro_turkmenbashi_alat",
        "roro_aktau_alat",
    )
    ships = sum(ledger.find(find_row(line)["fleet"]).value for line in lines)
    ro_ro, turkmen = 3, find_fact_value(facts, "vessels-0025")
    assert ships == find_fact_value(facts, "vessels-0004") + ro_ro + turkmen


def test_caspian_lines_fill_and_go_and_others_do_not() -> None:
    fills = {
        row["service_leg_id"] for row in read_rows(CURATED / "service_leg.csv") if row["departs"] == "fills"
    }
    limits = {row["service_leg_id"] for row in read_rows(CURATED / "draught_limit.csv")}
    assert fills == limits
    for name in fills:
        row = find_row(name)
        assert row["capacity_teu"] or row["capacity_wagons"] or row["capacity_lane_m"]
        assert row["longest_wait"]
        assert row["fleet"]
        assert row["turn"]


def test_ships_load_less_as_the_sea_falls(made: dict[str, pd.DataFrame]) -> None:
    for _, rows in made["draught_limit"].groupby("service_leg_id"):
        ordered = rows.sort_values("level_m")
        assert ordered["load_share"].is_monotonic_increasing
        assert len(ordered) == 3


def test_the_crossing_varies_by_its_share(ledger: Ledger) -> None:
    cells = make_operation(find_row("roro_karasu_constanta"), 20.0, ledger)
    assert cells["crossing_spread_h"] == pytest.approx(0.15 * 20)
    noted = ledger.make_table().set_index("column_name").loc["crossing_spread_h"]
    assert (noted["low"], noted["high"]) == (2.0, 6.0)
