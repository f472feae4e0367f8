"""Changes of cargo and of capacity: what is kept, what goes where, and that the base stays as it is."""

import pandas as pd
import pytest

from dehliz.base.errors import ScenarioError
from dehliz.network.changes import Change, Close, Scale, Scenario, SetValue, ShiftDemand
from dehliz.network.demand import DEMAND_TABLES, Demand
from dehliz.network.network import Network
from dehliz.network.scenario import Applied, apply, apply_all, keep_network_changes, resolve
from tests.cases.small_demand import make_demand


@pytest.fixture
def demand(corridor3: Network) -> Demand:
    return make_demand(corridor3)


def run(network: Network, demand: Demand, *changes: Change) -> Applied:
    before = {name: getattr(demand, name).copy() for name in DEMAND_TABLES}
    made = apply_all(Scenario("test", changes), network, demand)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(demand, name), frame)
    return made


def volumes(applied: Applied) -> dict[tuple[str, str, str], float]:
    assert applied.demand is not None
    frame = applied.demand.demand
    keys = zip(frame["market_id"], frame["origin_zone_id"], frame["destination_zone_id"], strict=True)
    return dict(zip(keys, frame["volume_t_a"], strict=True))


def test_scaling_a_share_leaves_the_rest(corridor3: Network, demand: Demand) -> None:
    made = run(corridor3, demand, ShiftDemand(share=0.25, factor=0.0, market_ids=("boxes",)))
    assert volumes(made) == {
        ("boxes", "haven", "west"): 150.0,
        ("boxes", "west", "haven"): 750.0,
        ("ore", "west", "haven"): 50.0,
    }
    assert made.notes == ("demand: 25% of 1,200 t a year of boxes times 0",)


def test_what_was_changed_is_an_assumption_with_its_range(corridor3: Network, demand: Demand) -> None:
    made = run(corridor3, demand, ShiftDemand(factor=2.0, segment_ids=("bulk",)))
    assert made.demand is not None
    ore = made.demand.demand.set_index("market_id").loc["ore"]
    assert (ore["basis"], ore["low_t_a"], ore["high_t_a"]) == ("assumption", 80.0, 120.0)
    assert made.demand.demand["basis"].tolist() == ["spread", "published", "assumption"]


@pytest.mark.parametrize(
    "change",
    [
        ShiftDemand(factor=3.0, origin_zone_ids=("haven",)),
        ShiftDemand(factor=3.0, origin_country_ids=("XC",)),
        ShiftDemand(factor=3.0, destination_zone_ids=("west",)),
        ShiftDemand(factor=3.0, destination_country_ids=("XA",), market_ids=("boxes",)),
    ],
)
def test_rows_by_where_they_start_and_end(corridor3: Network, demand: Demand, change: ShiftDemand) -> None:
    assert volumes(run(corridor3, demand, change)) == {
        ("boxes", "haven", "west"): 600.0,
        ("boxes", "west", "haven"): 1000.0,
        ("ore", "west", "haven"): 50.0,
    }


@pytest.fixture
def wider(corridor3: Network, corridor3_tables: dict[str, pd.DataFrame]) -> Network:
    """The example with a third zone, at Quay."""
    from dehliz.network.network import build_network

    tables = corridor3_tables
    zone = pd.DataFrame({"zone_id": ["quay"], "name": ["Quay"], "node_id": ["quay"], "country_id": ["XB"]})
    connector = (
        tables["connector"]
        .iloc[[0]]
        .assign(connector_id="quay_rail", zone_id="quay", node_id="quay", mode_id="rail_1520")
    )
    tables["zone"] = pd.concat([tables["zone"], zone], ignore_index=True)
    tables["connector"] = pd.concat([tables["connector"], connector], ignore_index=True)
    return build_network(tables)


def test_a_move_makes_a_row_and_keeps_the_sum(wider: Network) -> None:
    demand = make_demand(wider)
    made = run(wider, demand, ShiftDemand(share=0.4, market_ids=("boxes",), to_origin_zone_id="quay"))
    assert volumes(made) == {
        ("boxes", "haven", "west"): 120.0,
        ("boxes", "quay", "haven"): 400.0,
        ("boxes", "quay", "west"): 80.0,
        ("boxes", "west", "haven"): 600.0,
        ("ore", "west", "haven"): 50.0,
    }
    assert made.notes == ("demand: 40% of 1,200 t a year of boxes from quay",)


def test_a_move_onto_a_row_adds_to_it(wider: Network) -> None:
    first = ShiftDemand(share=0.5, market_ids=("ore",), to_destination_zone_id="quay")
    second = ShiftDemand(
        share=0.5,
        factor=0.5,
        market_ids=("ore",),
        destination_zone_ids=("haven",),
        to_destination_zone_id="quay",
    )
    made = run(wider, make_demand(wider), first, second)
    assert volumes(made)["ore", "west", "haven"] == 12.5
    assert volumes(made)["ore", "west", "quay"] == 25.0 + 6.25
    assert made.demand is not None
    moved = made.demand.demand.iloc[-1]
    assert (moved["destination_zone_id"], moved["low_t_a"], moved["high_t_a"]) == ("quay", 25.0, 37.5)
    assert moved["total_ids"] == "ore_2024"


def test_capacity_scales_by_what_the_row_is_and_with_its_facility(corridor3: Network, demand: Demand) -> None:
    made = run(corridor3, demand, Scale("capacity", "capacity_t_a", 0.5, ids=("quay_rail_ship",)))
    assert made.demand is not None
    assert made.demand.capacity["capacity_t_a"].tolist() == [900000.0, 365000.0, 250000.0, 250000.0]
    by_mode = run(corridor3, demand, Scale("capacity", "capacity_t_a", 2.0, mode_ids=("rail_ferry",)))
    assert by_mode.demand is not None
    rows = by_mode.demand.capacity.set_index("row_id")
    assert rows["capacity_t_a"].to_dict() == {
        "xb_mark_quay": 900000.0, "ferry_quay_haven": 730000.0, "quay_rail_ship": 1000000.0,
        "quay_road_ship": 1000000.0,
    }  # fmt: skip
    ferry = rows.loc["ferry_quay_haven"]
    assert (ferry["low_t_a"], ferry["high_t_a"]) == (400000.0, 800000.0)
    assert ferry["rule"].startswith("scenario: capacity.capacity_t_a times 2")


def test_capacity_is_set_and_its_range_goes(corridor3: Network, demand: Demand) -> None:
    made = run(corridor3, demand, SetValue("capacity", "capacity_t_a", ("ferry_quay_haven",), 1000))
    assert made.demand is not None
    ferry = made.demand.capacity.set_index("row_id").loc["ferry_quay_haven"]
    assert ferry["capacity_t_a"] == 1000.0
    assert pd.isna(ferry["low_t_a"])
    assert pd.isna(ferry["high_t_a"])


def test_network_and_demand_change_together(corridor3: Network, demand: Demand) -> None:
    value = SetValue("segment", "value_of_time_usd_t_h", ("bulk",), 0.2)
    made = run(corridor3, demand, value, Close(link_ids=("xa_gate_mark",)))
    assert made.demand is not None
    assert made.demand.segment["value_of_time_usd_t_h"].tolist() == [0.2, 0.5]
    assert made.demand.demand.equals(demand.demand)
    assert run(corridor3, demand, Close(link_ids=("xa_gate_mark",))).demand is demand


def test_without_a_demand_it_is_told(corridor3: Network) -> None:
    scenario = Scenario("test", (ShiftDemand(factor=0.5), Scale("capacity", "capacity_t_a", 2.0)))
    with pytest.raises(ScenarioError, match=r"2 faults(.|\n)*apply_all(.|\n)*scenario\.demand\.given"):
        apply(scenario, corridor3)


def test_the_part_of_the_network_can_be_made_alone(corridor3: Network) -> None:
    closing = Close(link_ids=("xa_gate_mark",))
    whole = Scenario(
        "test", (ShiftDemand(factor=0.5), closing, SetValue("background", "volume_t_a", ("x",), 1))
    )
    kept, notes = keep_network_changes(whole)
    assert kept == Scenario("test", (closing,))
    assert notes == (
        "left out, since demand is taken as it is: change 1 (shift_demand)",
        "left out, since demand is taken as it is: change 3 (set)",
    )
    assert resolve(kept, corridor3) == []
