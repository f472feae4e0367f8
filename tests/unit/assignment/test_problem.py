"""Demand and network as one problem: classes, bars of markets, years; what is not there is named."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dehliz.assignment.year import prepare_year, read_choice_model
from dehliz.base.errors import DataError, SettingsError
from dehliz.eurasia.load import load, load_demand
from dehliz.network.network import Network
from tests.unit.assignment.loading import EAST, make_problem, ways
from tests.unit.assignment.loading import load as load_problem

MARKETS = pd.DataFrame(
    [("own", "containers", ""), ("land", "containers", "passage:narrows"), ("ore", "bulk", "")],
    columns=["market_id", "segment_id", "none_of"],
)


def test_segments_are_classes_in_the_order_of_their_table(corridor3: Network) -> None:
    problem = make_problem(corridor3, EAST)
    assert problem.segment_of == problem.trips.segment_ids == ("bulk", "containers")
    assert problem.trips.volume_t_d == pytest.approx([200.0, 100.0])
    assert [one.corridor_id for one in problem.corridors] == ["rail_way", "road_way"]
    assert problem.costs.value_of_time_usd_t_h.tolist() == [0.05, 0.5]


def test_segments_without_demand_are_left_out(corridor3: Network) -> None:
    assert make_problem(corridor3, EAST[:1]).segment_of == ("containers",)


def test_markets_are_classes_priced_as_their_segment(corridor3: Network) -> None:
    flows = [(name, "west", "haven", 3_650.0) for name in ("own", "land", "ore")]
    problem = make_problem(corridor3, flows, market=MARKETS)
    assert problem.trips.segment_ids == ("land", "ore", "own")
    assert problem.segment_of == ("containers", "bulk", "containers")
    loaded = load_problem(problem)
    assert loaded.segment_ids == ("bulk", "containers")
    assert loaded.segment_of_class.tolist() == [1, 0, 1]
    (there,) = [
        arc for arc in ways(problem, "west", "haven")["rail"] if problem.graph.row_id(arc) == "xa_west_gate"
    ]
    assert loaded.volume_t_d[:, there] == pytest.approx([10.0, 20.0])
    assert loaded.t_per_teu[1] == 10.0
    assert np.isnan(loaded.t_per_teu[0])


def test_a_bar_holds_for_its_market_alone(corridor3: Network) -> None:
    flows = [(name, "west", "haven", 3_650.0) for name in ("own", "land")]
    problem = make_problem(corridor3, flows, market=MARKETS)
    land, own = (problem.trips.segment_ids.index(one) for one in ("land", "own"))
    (narrows,) = [
        arc
        for arc in ways(problem, "west", "haven")["road"]
        if problem.graph.row_id(arc) == "roro_quay_haven"
    ]
    assert np.isinf(problem.money_usd_t[land, narrows])
    assert problem.money_usd_t[own, narrows] == pytest.approx(60.0)
    differ = problem.money_usd_t[land] != problem.money_usd_t[own]
    assert {problem.graph.row_id(arc) for arc in np.flatnonzero(differ)} == {"roro_quay_haven"}


def test_zones_that_are_not_there_are_named(corridor3: Network) -> None:
    with pytest.raises(DataError, match=r"destination_zone_id \(havn\).*Did you mean 'haven'"):
        make_problem(corridor3, [("bulk", "west", "havn", 1.0)])


def test_a_market_with_a_bar_that_is_no_gateway_is_refused(corridor3: Network) -> None:
    wrong = MARKETS.assign(none_of="passage:wide")
    with pytest.raises(DataError, match="no such passage"):
        make_problem(corridor3, [("own", "west", "haven", 1.0)], market=wrong)


def test_bundled_year() -> None:
    problem = prepare_year(2024)
    demand = load_demand(2024).demand
    assert set(problem.trips.segment_ids) == set(demand["market_id"])
    assert problem.trips.segment_ids == tuple(sorted(problem.trips.segment_ids))
    assert problem.trips.volume_t_d.sum() * 365 == pytest.approx(
        demand.loc[demand["origin_zone_id"] != demand["destination_zone_id"], "volume_t_a"].sum()
    )
    assert problem.pools is not None
    assert np.isfinite(problem.costs.capacity_t_d).sum() > 100
    sea = problem.trips.segment_ids.index("china_europe_sea")
    assert (
        np.isinf(problem.money_usd_t[sea]).sum()
        > np.isinf(problem.money_usd_t[problem.trips.segment_ids.index("china_caucasus")]).sum()
    )


def test_a_network_and_demand_of_ones_own_take_the_place_of_the_bundled_ones() -> None:
    network = replace(load(2024), name="mine")
    row = {
        "segment_id": ["grain"],
        "origin_zone_id": ["aktau"],
        "destination_zone_id": ["baku"],
        "volume_t_a": [365.0],
    }
    problem = prepare_year(2024, network, pd.DataFrame(row))
    assert problem.network.name == "mine"
    assert problem.segment_of == ("grain",)
    assert problem.trips.volume_t_d.tolist() == [1.0]


def test_a_year_without_demand_is_refused() -> None:
    with pytest.raises(SettingsError, match="2010"):
        prepare_year(2010)


def parameters(*rows: tuple[str, str, str, str, str, float]) -> pd.DataFrame:
    names = ["parameter_id", "gateway", "segment_ids", "first_year", "last_year", "value"]
    base = [("scale_per_usd_t", "", "", "2019", "", 0.2), ("nest_factor", "", "", "2019", "", 0.7)]
    return pd.DataFrame([*base, *rows], columns=names)


def test_constants_hold_in_their_years() -> None:
    table = parameters(
        ("early", "country:RU", "", "2019", "2021", 5.0), ("late", "country:RU", "oil;grain", "2022", "", 9.0)
    )
    before, after = read_choice_model(2021, table), read_choice_model(2022, table)
    assert (before.scale_per_usd_t, before.nest_factor) == (0.2, 0.7)
    assert [(one.gateway, one.segment_ids, one.cost_usd_t) for one in before.constants] == [
        ("country:RU", (), 5.0)
    ]
    assert [(one.segment_ids, one.cost_usd_t) for one in after.constants] == [(("oil", "grain"), 9.0)]


def test_bundled_choice_model_knows_that_russia_changed() -> None:
    early, late = (read_choice_model(year) for year in (2021, 2024))
    assert len(late.constants) > len(early.constants)
    assert {"country:RU"} <= {one.gateway for one in late.constants} - {
        one.gateway for one in early.constants
    }
