"""Published totals are reproduced exactly, and no assumption goes without its range."""

import math
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tools.build_eurasia.demand import build, read_means, read_totals, read_weights
from tools.build_eurasia.demand_capacity import find_load, find_pairs, make_rail_capacity, read_curated
from tools.build_eurasia.demand_formula import evaluate, list_facts
from tools.build_eurasia.demand_segment import find_value_of_time
from tools.build_eurasia.facts import build_facts, read_rows
from tools.build_eurasia.parameter import CURATED, read_parameters

from dehliz.base.schema import read_spec
from dehliz.eurasia.load import list_demand_years, load, load_demand, load_observed, load_totals

YEARS = tuple(range(2019, 2026))


@cache
def facts() -> pd.DataFrame:
    return build_facts()["fact"]


@cache
def tables() -> dict[str, pd.DataFrame]:
    return build(Path(), facts())


def test_a_formula_is_arithmetic_over_facts() -> None:
    means = {"trade-0001": 3.5, "segments-0001.capacity": 60.0}
    assert evaluate("2*(trade-0001 - 1)", means) == 5.0
    assert evaluate("segments-0001.capacity/trade-0001-1e1", means) == pytest.approx(60 / 3.5 - 10)
    assert list_facts("trade-0001 / trade-0001 + b-0002.c") == ("trade-0001", "b-0002.c")


@pytest.mark.parametrize(
    "text", ["trade-9999", "trade-0001 +", "__import__('os')", "trade-0001 / 0", "2 ** 3"]
)
def test_other_formulas_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="formula"):
        evaluate(text, {"trade-0001": 1.0, "trade-0002": math.nan})


def test_every_total_is_reproduced_to_a_billionth() -> None:
    totals = tables()["demand_total"].groupby(["market_id", "year"])["volume_t_a"].sum()
    spread = tables()["demand"].groupby(["market_id", "year"])["volume_t_a"].sum()
    assert set(totals.index) == set(spread.index)
    assert spread.reindex(totals.index).to_numpy() == pytest.approx(totals.to_numpy(), rel=1e-9)


def test_destinations_follow_their_shares_to_a_billionth() -> None:
    weights = read_weights(read_rows(CURATED / "demand_market_zone.csv"))
    demand = tables()["demand"]
    for (market_id, year), rows in demand.groupby(["market_id", "year"]):
        shares = weights[str(market_id), "destination"]
        found = rows.groupby("destination_zone_id")["volume_t_a"].sum() / rows["volume_t_a"].sum()
        wanted = pd.Series(shares).reindex(found.index)
        assert found.to_numpy() == pytest.approx(wanted.to_numpy(), rel=1e-9), (market_id, year)


def test_parts_that_name_their_zone_start_there() -> None:
    totals, demand = tables()["demand_total"], tables()["demand"]
    aktau = demand[(demand["origin_zone_id"] == "aktau") & (demand["market_id"] == "kaz_oil_west")]
    for year, rows in aktau.groupby("year"):
        part = totals.set_index("total_id").loc[f"kaz_oil_west_{year}_aktau", "volume_t_a"]
        assert rows["volume_t_a"].sum() == pytest.approx(part, rel=1e-9)


def test_the_committed_tables_hold_the_same_sums() -> None:
    totals = load_totals()
    for year in YEARS:
        demand = load_demand(year).demand
        wanted = totals[totals["year"] == year].groupby("market_id")["volume_t_a"].sum()
        found = demand.groupby("market_id")["volume_t_a"].sum().reindex(wanted.index)
        assert found.to_numpy() == pytest.approx(wanted.to_numpy(), rel=1e-9)


def test_every_market_has_every_year_and_both_sides() -> None:
    totals, zones = tables()["demand_total"], tables()["market_zone"]
    for market_id in tables()["market"]["market_id"]:
        assert set(totals.loc[totals["market_id"] == market_id, "year"]) == set(YEARS), market_id
        sides = set(zones.loc[zones["market_id"] == market_id, "side"])
        assert "destination" in sides
        assert "origin" in sides or market_id == "kaz_oil_west"


def test_no_assumption_goes_without_its_range() -> None:
    for name in ("demand_total", "demand"):
        frame = tables()[name]
        assumed = frame[frame["basis"] == "assumption"]
        assert (assumed["low_t_a"] <= assumed["volume_t_a"] + 0.1).all()
        assert (assumed["volume_t_a"] <= assumed["high_t_a"] + 0.1).all()
        assert frame.loc[frame["basis"] != "assumption", "low_t_a"].isna().all()


def test_a_row_is_assumed_when_a_part_of_it_is() -> None:
    demand, totals = tables()["demand"], tables()["demand_total"].set_index("total_id")["basis"]
    for row in demand.drop_duplicates(["market_id", "year", "origin_zone_id"]).itertuples(index=False):
        is_assumed = any(totals[name] == "assumption" for name in str(row.total_ids).split(";"))
        assert (row.basis == "assumption") == is_assumed


def test_rivals_are_facts_and_stay_visible() -> None:
    known = set(facts()["fact_id"])
    rivals = {name for cell in tables()["demand_total"]["rival_fact_ids"] for name in cell.split(";") if name}
    assert rivals <= known
    assert {"alternatives-0052", "titr_volumes-0086"} <= rivals


def test_facts_are_taken_as_published() -> None:
    means = read_means(facts())
    taken = [total for total in read_totals(means) if total.basis == "fact" and total.unit == "TEU"]
    assert len(taken) >= 5
    assert all(total.value == means[total.fact_ids[0]] for total in taken)


def test_a_wrong_total_is_refused_with_all_faults(tmp_path: Path) -> None:
    head = "market_id,year,part,origin_zone_ids,unit,unit_factor,formula,basis,rival_fact_ids,low,high,rule\n"
    rows = "m,2020,,,t,1,5,assumption,,6,7,r\nm,2021,,,t,1,no-0001,fact,,,,r\nm,2022,,,t,1,5,derived,,,,r\n"
    path = tmp_path / "demand_total.csv"
    path.write_text(head + rows)
    with pytest.raises(ValueError, match="between low and high") as error:
        read_totals(read_means(facts()), path)
    assert "no-0001" in str(error.value)
    assert "leans on a fact" in str(error.value)


def test_oil_adds_up_to_the_exports_that_were_not_used() -> None:
    """64.3 and 70.5 Mt of 2022 and 2023, of which 1.29 and 1.21 Mt go to China."""
    totals = load_totals()
    oil = totals[totals["market_id"] == "kaz_oil_west"].groupby("year")["volume_t_a"].sum() / 1e6
    assert oil[2022] + 1.29 == pytest.approx(64.3, rel=0.01)
    assert oil[2023] + 1.209 == pytest.approx(70.5, rel=0.01)


def test_observed_rows_exist_in_the_network() -> None:
    network, observed = load(None), load_observed()
    for row in observed.itertuples(index=False):
        if row.row_ids:
            known = set(network.table(str(row.table_name)).iloc[:, 0])
            assert set(str(row.row_ids).split(";")) <= known, row.observed_id


def test_the_corridor_of_the_ministry_is_there_for_each_year() -> None:
    observed = load_observed().set_index("observed_id")
    found = [observed.loc[f"titr_{year}", "volume_t"] for year in YEARS]
    assert found == [759_000, 783_000, 586_000, 1_485_000, 2_764_000, 4_484_000, 4_119_000]


def test_value_of_time_by_hand() -> None:
    """8 760 USD for a year of 10%: 0.1 USD an hour."""
    assert find_value_of_time(8760.0, 0.1) == 0.1
    assert find_value_of_time(3971.0, 2.19) == pytest.approx(0.6 / 100 * 3971 / 24, abs=1e-4)


def test_every_segment_has_a_value_of_time() -> None:
    segment = load(None).segment
    assert (segment["value_of_time_usd_t_h"] > 0).all()
    assert len(segment) == 8


@pytest.mark.parametrize(
    ("tracks", "wires", "name"),
    [
        ("2", "none", "double"),
        ("1", "yes", "single"),
        ("", "25kv_ac", "wired"),
        ("", "none", "bare"),
        ("", "", "bare"),
    ],
)
def test_trains_a_day_follow_tracks_and_wires(tracks: str, wires: str, name: str) -> None:
    assert find_pairs({"tracks_count": tracks, "electrification": wires}) == f"rail_pairs_{name}"


def test_rail_capacity_by_hand() -> None:
    """16 pairs x 365 days x 0.9 x 1 800 t = 9 460 800 t a year each way."""
    link = {
        "link_id": "x",
        "tracks_count": "1",
        "electrification": "none",
        "mode_id": "rail_1520",
        "country_id": "KZ",
    }
    row = make_rail_capacity(link, read_parameters(facts()))
    assert row["capacity_t_a"] == 9_460_800
    assert float(str(row["low_t_a"])) < 9_460_800 < float(str(row["high_t_a"]))
    assert find_load(link | {"mode_id": "rail_1435", "country_id": "PL"}) == "train_load_europe_t"


@pytest.mark.parametrize(
    ("year", "capacity_t_a"),
    [(2019, 1e6), (2022, 1e6), (2023, 1e6 * 135 / 365), (2024, 5e6 * 226 / 366), (2025, 5e6)],
)
def test_btk_grows_and_is_shut_for_a_year(year: int, capacity_t_a: float) -> None:
    capacity = load_demand(year).capacity.set_index("row_id")
    assert capacity.loc["ge_akhalkalaki_marabda", "capacity_t_a"] == pytest.approx(capacity_t_a, abs=0.1)
    assert capacity.loc["ge_akhalkalaki_marabda", "direction"] == "both"


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_one_capacity_and_one_background_for_a_row(year: int) -> None:
    demand = load_demand(year)
    for frame in (demand.capacity, demand.background):
        assert not frame.duplicated(["table_name", "row_id"]).any()
    links = load(None).link
    rail = set(links.loc[links["mode_id"].str.startswith("rail_"), "link_id"])
    assert rail <= set(demand.capacity["row_id"])


@pytest.mark.parametrize("year", YEARS)
def test_background_leaves_room(year: int) -> None:
    demand = load_demand(year)
    each = {
        (row.table_name, row.row_id): row.capacity_t_a / (2.0 if row.direction == "both" else 1.0)
        for row in demand.capacity.itertuples(index=False)
    }
    held = [row for row in demand.background.itertuples(index=False) if (row.table_name, row.row_id) in each]
    assert len(held) > 500
    for row in held:
        taken = row.volume_t_a / (2.0 if row.direction == "both" else 1.0)
        assert taken < each[row.table_name, row.row_id], row.row_id


def test_curated_capacity_is_refused_outside_its_range(tmp_path: Path) -> None:
    path = tmp_path / "capacity.csv"
    head = "table_name,row_ids,first_year,last_year,direction,formula,basis,fact_ids,low,high,rule\n"
    path.write_text(head + "link,a;b,2019,2020,each,5,assumption,,6,7,r\nlink,c,2019,2020,each,5,fact,,,,r\n")
    with pytest.raises(ValueError, match="not between") as error:
        read_curated(path, "capacity_t_a", {})
    assert "no fact is named" in str(error.value)


def test_years_and_columns() -> None:
    assert list_demand_years() == YEARS
    for name in (
        "market",
        "demand",
        "background",
        "capacity",
        "demand_total",
        "observed_volume",
        "market_zone",
    ):
        assert read_spec(name).key
    assert np.isfinite(load_demand(2024).demand["volume_t_a"]).all()
