"""Empties of the example corridor by hand: where boxes and wagons pile up, what the way back costs, who owes it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dehliz.assignment.flow_tables import Loaded
from dehliz.base.schema import read_spec
from dehliz.eurasia.load import load_pools
from dehliz.network.network import Network
from tests.unit.assignment.loading import make_problem, split_by_hand

BOXES = ("boxes", "teu", "containers", "rail_1435;rail_1520;rail_ferry;road;roro", np.nan, 0.5, 1.0)
STANDARD = ("standard", "t", "bulk", "rail_1435;rail_ferry", 60.0, 0.4, 0.4)
BROAD = ("broad", "t", "bulk", "rail_1520;rail_ferry", 65.0, 0.4, 0.4)
THERE = ("containers", "west", "haven", 36_500.0)
BACK = ("containers", "haven", "west", 7_300.0)
BULK = ("bulk", "west", "haven", 73_000.0)
BOX_BACK_USD = 0.5 * (96 + 24 + 150 + 300) + 40 + 50 + 20 + 60 + 40
"""Half the tariffs of the rails and the ferry, all of the terminals, haven to west."""


def make_pools(*rows: tuple[object, ...]) -> pd.DataFrame:
    names = (
        "pool_id", "load_unit", "segment_ids", "mode_ids", "t_per_unit_factor", "tariff_share", "terminal_share",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(names)).assign(name=[str(row[0]).title() for row in rows])


def load(
    network: Network, flows: list[tuple[str, str, str, float]], *pools: tuple[object, ...], way: str = "rail"
) -> Loaded:
    problem = make_problem(network, flows, pools=make_pools(*pools))
    return split_by_hand(problem, [{way: 1.0}] * problem.trips.n_trip)


def test_boxes_go_back_and_the_full_direction_owes(corridor3: Network) -> None:
    """10 TEU a day there, 2 back: 8 go back empty over the cheaper way, which is by rail."""
    tables = load(corridor3, [THERE, BACK], BOXES, way="road").tables()
    (flow,) = tables["empty_flow"].to_dict("records")
    assert (flow["pool_id"], flow["origin_id"], flow["destination_id"]) == ("boxes", "haven", "west")
    assert flow["volume_teu_a"] == pytest.approx(8 * 365)
    assert np.isnan(flow["wagon_count"])
    assert flow["cost_usd_a"] == pytest.approx(8 * 365 * BOX_BACK_USD)
    pairs = tables["od_result"].set_index("origin_id")["empty_charge_usd_t"]
    assert pairs["west"] == pytest.approx(BOX_BACK_USD / 10)
    assert pairs["haven"] == pytest.approx(-BOX_BACK_USD / 10)
    assert tables["od_result"].set_index("origin_id").loc["west", "cost_usd_t"] == pytest.approx(127.0)


def test_summary_of_a_pool(corridor3: Network) -> None:
    (row,) = load(corridor3, [THERE, BACK], BOXES).tables()["empty_summary"].to_dict("records")
    assert (row["pool_id"], row["name"], row["status"]) == ("boxes", "Boxes", "optimal")
    assert row["loaded_teu_a"] == pytest.approx(12 * 365)
    assert row["empty_teu_a"] == pytest.approx(8 * 365)
    assert np.isnan(row["loaded_wagon_count"])
    assert np.isnan(row["empty_wagon_count"])
    assert row["cost_usd_a"] == pytest.approx(8 * 365 * BOX_BACK_USD)


def test_wagons_turn_where_the_gauge_changes_and_go_aboard_the_ferry(corridor3: Network) -> None:
    """1435 mm: west to gate. 1520 mm: gate to haven, by ferry. Tonne by tonne 0.4 x 12 and 0.4 x (34 + 7) USD."""
    tables = load(corridor3, [BULK], STANDARD, BROAD).tables()
    flows = tables["empty_flow"].set_index("pool_id")
    assert flows.loc["standard", ["origin_id", "destination_id"]].tolist() == ["gate", "west"]
    assert flows.loc["broad", ["origin_id", "destination_id"]].tolist() == ["haven", "gate"]
    assert flows["wagon_count"].to_dict() == {
        "standard": pytest.approx(73_000 / 60),
        "broad": pytest.approx(73_000 / 65),
    }
    assert flows["volume_teu_a"].isna().all()
    assert flows.loc["standard", "cost_usd_a"] == pytest.approx(73_000 * 0.4 * 0.04 * 300)
    back_usd_t = 0.4 * (25 + 0.03 * 300 + 5 + 2)
    assert flows.loc["broad", "cost_usd_a"] == pytest.approx(73_000 * back_usd_t)
    assert tables["od_result"]["empty_charge_usd_t"].tolist() == [pytest.approx(4.8 + back_usd_t)]


def test_charges_add_up_to_the_cost_of_all_pools(corridor3: Network) -> None:
    tables = load(corridor3, [THERE, BACK, BULK], BOXES, STANDARD, BROAD).tables()
    pairs = tables["od_result"]
    owed = (pairs["empty_charge_usd_t"] * pairs["volume_t_a"]).sum()
    assert owed == pytest.approx(tables["empty_summary"]["cost_usd_a"].sum(), rel=1e-12)
    assert owed == pytest.approx(tables["empty_flow"]["cost_usd_a"].sum(), rel=1e-12)


def test_what_is_not_served_leaves_no_empties(corridor3: Network) -> None:
    problem = make_problem(corridor3, [THERE, BULK], pools=make_pools(BOXES, STANDARD))
    tables = split_by_hand(problem, [{}, {"rail": 0.5}]).tables()
    assert tables["empty_summary"]["pool_id"].tolist() == ["boxes"]
    assert tables["empty_flow"]["volume_teu_a"].tolist() == [pytest.approx(5 * 365)]
    charge = tables["od_result"].set_index("segment_id")["empty_charge_usd_t"]
    assert np.isnan(charge["bulk"])
    assert charge["containers"] == pytest.approx(BOX_BACK_USD / 10)


def test_balanced_trade_leaves_no_empties(corridor3: Network) -> None:
    tables = load(corridor3, [THERE, ("containers", "haven", "west", 36_500.0)], BOXES).tables()
    assert len(tables["empty_flow"]) == 0
    assert tables["empty_summary"]["status"].tolist() == ["balanced"]
    assert tables["empty_summary"]["cost_usd_a"].tolist() == [0.0]
    assert tables["od_result"]["empty_charge_usd_t"].tolist() == [0.0, 0.0]


def test_boxes_that_cannot_return_are_told(corridor3: Network) -> None:
    """With the ferries one way only nothing goes back: a status, no number."""
    one_way = replace(corridor3, service_leg=corridor3.service_leg.assign(directed=True))
    tables = load(one_way, [THERE], BOXES).tables()
    (row,) = tables["empty_summary"].to_dict("records")
    assert row["status"] == "infeasible"
    assert row["loaded_teu_a"] == pytest.approx(3_650)
    assert np.isnan(row["empty_teu_a"])
    assert np.isnan(row["cost_usd_a"])
    assert len(tables["empty_flow"]) == 0
    assert tables["od_result"]["empty_charge_usd_t"].isna().all()


def test_without_pools_there_is_nothing_to_tell(corridor3: Network) -> None:
    problem = make_problem(corridor3, [THERE])
    tables = split_by_hand(problem, [{"rail": 1.0}]).tables()
    assert tables["od_result"]["empty_charge_usd_t"].isna().all()
    for name in ("empty_flow", "empty_summary"):
        assert len(tables[name]) == 0
        assert list(tables[name]) == list(read_spec(name).column_names)


def test_bundled_pools_name_no_segment_twice_on_one_gauge() -> None:
    pools = load_pools()
    own = pools["mode_ids"].str.split(";").str[0].where(pools["load_unit"] == "t", "boxes")
    pairs = [
        (gauge, segment_id)
        for gauge, ids in zip(own, pools["segment_ids"], strict=True)
        for segment_id in ids.split(";")
    ]
    assert len(pairs) == len(set(pairs))
    assert ((pools["low"] < pools["tariff_share"]) & (pools["tariff_share"] < pools["high"])).all()
    assert pools.loc[pools["load_unit"] == "t", "t_per_unit_factor"].notna().all()
