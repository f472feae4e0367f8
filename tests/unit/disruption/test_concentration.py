"""Concentration by hand: 150 t a day of bulk by rail, 60 t of boxes by rail and 40 t by road."""

import numpy as np
import pandas as pd
import pytest

from dehliz.assignment.flow_tables import Loaded
from dehliz.assignment.problem import LoadProblem
from dehliz.base.schema import read_spec
from dehliz.disruption.concentration import list_scopes, spread_evenly, tell_diversification
from dehliz.disruption.regions import read_region
from dehliz.network.network import Network, replace_tables
from tests.unit.assignment.loading import EAST, make_problem, split_by_hand

RAIL, ROAD = 60.0 + 150.0, 40.0


@pytest.fixture
def problem(corridor3: Network) -> LoadProblem:
    return make_problem(corridor3, EAST)


@pytest.fixture
def loaded(problem: LoadProblem) -> Loaded:
    return split_by_hand(problem, [{"rail": 0.75}, {"rail": 0.6, "road": 0.4}])


def tell(problem: LoadProblem, loaded: Loaded) -> pd.DataFrame:
    return tell_diversification(problem, {"flow": loaded.visits}, list_scopes(problem))


def pick(
    table: pd.DataFrame, by: str, measure: str = "through", scope_id: str = "all", of: str = "flow"
) -> pd.Series:
    rows = table[(table["by"] == by) & (table["measure"] == measure)]
    rows = rows[(rows["scope_id"] == scope_id) & (rows["of"] == of)]
    assert len(rows) == 1
    return rows.iloc[0]


def square(*parts: float) -> float:
    return sum(part**2 for part in parts) / sum(parts) ** 2


def test_table_has_the_columns_of_the_dictionary(problem: LoadProblem, loaded: Loaded) -> None:
    assert list(tell(problem, loaded)) == list(read_spec("diversification").column_names)


def test_corridors_share_the_cargo(problem: LoadProblem, loaded: Loaded) -> None:
    row = pick(tell(problem, loaded), "corridor")
    assert row["herfindahl_share"] == pytest.approx(square(RAIL, ROAD))
    assert row["equal_count"] == pytest.approx(1 / square(RAIL, ROAD))
    assert (row["part_count"], row["largest_id"]) == (2, "rail_way")
    assert row["largest_share"] == row["reliance_share"] == pytest.approx(RAIL / (RAIL + ROAD))
    assert row["covered_share"] == 1.0
    assert row["volume_t_a"] == pytest.approx((RAIL + ROAD) * 365)


def test_countries_by_tonnes_and_by_tonne_kilometres(problem: LoadProblem, loaded: Loaded) -> None:
    """All crosses the three; by rail 360 km lie in XA and 240 in XB, by road 350 and 230; the sea is no country."""
    table = tell(problem, loaded)
    assert pick(table, "country")["herfindahl_share"] == pytest.approx(1 / 3)
    row = pick(table, "country", "work")
    west, middle = RAIL * 360 + ROAD * 350, RAIL * 240 + ROAD * 230
    assert row["herfindahl_share"] == pytest.approx(square(west, middle))
    assert (row["largest_id"], row["part_count"]) == ("XA", 2)
    assert row["covered_share"] == pytest.approx((west + middle) / (west + middle + (RAIL + ROAD) * 230))


def test_countries_of_the_ends_are_no_transit(problem: LoadProblem, loaded: Loaded) -> None:
    row = pick(tell(problem, loaded), "transit")
    assert (row["herfindahl_share"], row["largest_id"], row["reliance_share"]) == (1.0, "XB", 1.0)


def test_only_trucks_pass_the_narrows(problem: LoadProblem, loaded: Loaded) -> None:
    row = pick(tell(problem, loaded), "passage")
    assert (row["herfindahl_share"], row["largest_id"]) == (1.0, "narrows")
    assert row["reliance_share"] == row["covered_share"] == pytest.approx(ROAD / (RAIL + ROAD))


def test_roads_have_no_operator(problem: LoadProblem, loaded: Loaded) -> None:
    """Westland Railways 360 km, Middleland Railways 240 km; the Middle Sea Line 230 km of both ways; roads none."""
    row = pick(tell(problem, loaded), "operator", "work")
    west, middle, sea = RAIL * 360, RAIL * 240, (RAIL + ROAD) * 230
    assert row["herfindahl_share"] == pytest.approx(square(west, middle, sea))
    assert row["largest_id"] == "Westland Railways"
    assert row["covered_share"] == pytest.approx((west + middle + sea) / (west + middle + sea + ROAD * 580))


def test_a_line_that_two_run_is_shared_evenly(corridor3: Network) -> None:
    legs = corridor3.service_leg.assign(operator="Middle Sea Line and Eastland Ferries")
    problem = make_problem(replace_tables(corridor3, {"service_leg": legs}), EAST)
    loaded = split_by_hand(problem, [{"rail": 0.75}, {"rail": 0.6, "road": 0.4}])
    row = pick(tell(problem, loaded), "operator", "work")
    half = (RAIL + ROAD) * 115
    assert row["herfindahl_share"] == pytest.approx(square(RAIL * 360, RAIL * 240, half, half))


def test_feasible_ways_have_even_parts(problem: LoadProblem, loaded: Loaded) -> None:
    """Boxes can go by rail or by road; bulk by rail alone: 50 t of boxes each, 200 t of bulk by rail."""
    table = tell_diversification(problem, {"route": spread_evenly(problem)}, list_scopes(problem))
    boxes = pick(table, "corridor", scope_id="containers", of="route")
    assert boxes["herfindahl_share"] == pytest.approx(0.5)
    assert pick(table, "corridor", of="route")["herfindahl_share"] == pytest.approx(square(250.0, 50.0))


def test_scopes_are_markets_and_regions(problem: LoadProblem, loaded: Loaded) -> None:
    network = problem.network
    zones = [read_region(network, one).zones(network) for one in ("XA", "XC")]
    scopes = list_scopes(problem, [("XA-XC", zones[0], zones[1]), ("XC-XA", zones[1], zones[0])])
    table = tell_diversification(problem, {"flow": loaded.visits}, scopes)
    assert set(table["scope_id"]) == {"all", "bulk", "containers", "XA-XC"}, "nothing goes from XC to XA"
    whole = table[table["scope_id"] == "all"].drop(columns=["scope", "scope_id"]).reset_index(drop=True)
    same = table[table["scope_id"] == "XA-XC"].drop(columns=["scope", "scope_id"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(whole, same)


def test_index_is_that_of_the_concentration_table(problem: LoadProblem, loaded: Loaded) -> None:
    table, told = tell(problem, loaded), loaded.tables()["concentration"]
    for row in told[told["segment_id"] == "all"].itertuples():
        own = pick(table, str(row.by))
        assert own["herfindahl_share"] == pytest.approx(row.herfindahl_share)
        assert own["largest_share"] == pytest.approx(row.largest_share)
        assert own["largest_id"] == row.largest_id or own["largest_share"] == pytest.approx(
            1 / own["part_count"]
        )


def test_bounds_of_the_index(problem: LoadProblem, loaded: Loaded) -> None:
    """1 over the number of parts when they are equal, 1 when one has all; the inverse between 1 and that number."""
    table = tell(problem, loaded)
    assert (table["herfindahl_share"] >= 1 / table["part_count"] - 1e-12).all()
    assert (table["herfindahl_share"] <= 1.0 + 1e-12).all()
    assert np.isfinite(table["equal_count"]).all()
    assert (table["herfindahl_share"] >= table["largest_share"] ** 2).all()
    assert (table["herfindahl_share"] <= table["largest_share"] + 1e-12).all()
