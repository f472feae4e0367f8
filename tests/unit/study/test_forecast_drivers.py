"""Growth, elasticities and draws: what moves a forecast, before anything is loaded."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehliz.base.errors import DataError
from dehliz.base.schema import read_spec
from dehliz.base.units import find_suffix
from dehliz.eurasia.load import load, load_demand
from dehliz.study.forecast_drivers import (
    LEAST_FACTOR,
    Draw,
    Drivers,
    draw_between,
    draw_choice,
    find_ends,
    grow,
    make_draws,
    pick_level,
    read_drivers,
)
from dehliz.study.forecast_year import grow_rows, read_countries

MIDDLE = Draw(0.5, {}, {})
ENDS = {"ab": ({"a": 1.0}, {"b": 1.0}), "mixed": ({"a": 0.25, "b": 0.75}, {"b": 1.0})}


def make_drivers(
    growth: dict[tuple[str, int], tuple[float, float, float]], elasticity: float = 1.5
) -> Drivers:
    """Two markets and two regions, known by hand; the destination weighs a quarter."""
    rows = [(region, year, *numbers) for (region, year), numbers in growth.items()]
    return Drivers(
        region=pd.DataFrame({"country_id": ["AA", "BB"], "region_id": ["a", "b"]}),
        growth=pd.DataFrame(rows, columns=["region_id", "year", "low_share", "growth_share", "high_share"]),
        market=pd.DataFrame(
            [(one, elasticity, 0.5, 2.0, 0.25) for one in ENDS],
            columns=["market_id", "elasticity_factor", "low_factor", "high_factor", "destination_weight_share"],
        ),
        capacity=pd.DataFrame(),
        scenario=pd.DataFrame(),
        reference=pd.DataFrame(),
        choice=pd.DataFrame(
            [
                ("scale_per_usd_t", "", "", "2019", "", "0.05", "0.01", "0.01", "0.3"),
                ("nest_factor", "", "", "2019", "", "0.7", "0.5", "", ""),
                ("russia", "country:RU", "", "2022", "", "10", "4", "", ""),
            ],
            columns=[
                "parameter_id", "gateway", "segment_ids", "first_year", "last_year", "value", "standard_error", "low",
                "high",
            ],
        ),
    )  # fmt: skip


SMALL = {
    ("a", 2026): (0.0, 0.04, 0.06), ("b", 2026): (0.01, 0.02, 0.04), ("a", 2027): (0.0, 0.02, 0.03),
    ("b", 2027): (np.nan, 0.03, np.nan),
}  # fmt: skip


def test_growth_is_the_product_of_weighted_years() -> None:
    factors = grow(make_drivers(SMALL), ENDS, (2025, 2027), MIDDLE, "central", "central")
    first = 1.0 + 1.5 * (0.75 * 0.04 + 0.25 * 0.02)
    second = 1.0 + 1.5 * (0.75 * 0.02 + 0.25 * 0.03)
    assert factors["ab"] == pytest.approx(first * second, rel=1e-14)
    mixed = 1.0 + 1.5 * (0.75 * (0.25 * 0.04 + 0.75 * 0.02) + 0.25 * 0.02)
    assert grow(make_drivers(SMALL), ENDS, (2025, 2026), MIDDLE, "central", "central")[
        "mixed"
    ] == pytest.approx(mixed)


def test_no_growth_gives_the_last_year_back_exactly() -> None:
    still = dict.fromkeys(SMALL, (0.0, 0.0, 0.0))
    factors = grow(make_drivers(still), ENDS, (2025, 2027), MIDDLE, "drawn", "drawn")
    assert factors == {"ab": 1.0, "mixed": 1.0}
    drivers = read_drivers()
    still_growth = drivers.growth.assign(growth_share=0.0, low_share=0.0, high_share=0.0)
    demand = load_demand(2025).demand
    ends = find_ends(demand, read_countries(load(2025)), drivers.region)
    own = grow(replace(drivers, growth=still_growth), ends, (2025, 2035), MIDDLE, "high", "high")
    pd.testing.assert_frame_equal(grow_rows(demand, own), demand, check_exact=True)


def test_the_same_year_has_not_grown() -> None:
    assert grow(make_drivers(SMALL), ENDS, (2025, 2025), MIDDLE, "high", "high") == {"ab": 1.0, "mixed": 1.0}


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_more_growth_is_not_less_cargo(one: float, other: float) -> None:
    less, more = sorted((one, other))
    drivers = make_drivers(SMALL)
    low = grow(drivers, ENDS, (2025, 2027), Draw(less, {}, {}), "drawn", "central")
    high = grow(drivers, ENDS, (2025, 2027), Draw(more, {}, {}), "drawn", "central")
    assert all(low[key] <= high[key] + 1e-15 for key in low)


def test_levels_are_in_order_for_the_bundled_drivers() -> None:
    drivers = read_drivers()
    ends = find_ends(load_demand(2025).demand, read_countries(load(2025)), drivers.region)
    low, central, high = (
        grow(drivers, ends, (2025, 2035), MIDDLE, level, "central") for level in ("low", "central", "high")
    )
    assert all(low[key] <= central[key] <= high[key] for key in ends)
    assert any(low[key] < high[key] for key in ends)


def test_a_market_never_shrinks_to_nothing() -> None:
    fall = dict.fromkeys(SMALL, (-0.9, -0.9, -0.9))
    factors = grow(make_drivers(fall, 5.0), ENDS, (2025, 2026), MIDDLE, "central", "central")
    assert factors["ab"] == LEAST_FACTOR


def test_growth_of_a_missing_year_is_asked_for() -> None:
    with pytest.raises(DataError, match=r"driver_growth\.csv.*a 2028, b 2028"):
        grow(make_drivers(SMALL), ENDS, (2025, 2028), MIDDLE, "central", "central")


def test_cargo_of_a_country_without_a_region_is_refused() -> None:
    demand = pd.DataFrame(
        {"market_id": ["m"], "origin_zone_id": ["x"], "destination_zone_id": ["y"], "volume_t_a": [1.0]}
    )
    with pytest.raises(DataError, match=r"driver_region\.csv.*ZZ"):
        find_ends(demand, {"x": "AA", "y": "ZZ"}, make_drivers(SMALL).region)


def test_ends_are_shares_of_cargo() -> None:
    demand = pd.DataFrame(
        {
            "market_id": ["m", "m"],
            "origin_zone_id": ["x", "y"],
            "destination_zone_id": ["y", "x"],
            "volume_t_a": [3.0, 1.0],
        }
    )
    ends = find_ends(demand, {"x": "AA", "y": "BB"}, make_drivers(SMALL).region)
    assert ends == {"m": ({"a": 0.75, "b": 0.25}, {"a": 0.25, "b": 0.75})}


def test_triangle_has_its_ends_and_its_mean() -> None:
    ranks = (np.arange(20_000) + 0.5) / 20_000
    drawn = np.array([draw_between(1.0, 2.0, 6.0, float(rank)) for rank in ranks])
    assert drawn.min() == pytest.approx(1.0, abs=0.02)
    assert drawn.max() == pytest.approx(6.0, abs=0.04)
    assert drawn.mean() == pytest.approx(3.0, rel=1e-4)  # (1 + 2 + 6) / 3
    assert (np.diff(drawn) > 0).all()
    assert draw_between(2.0, 2.0, 2.0, 0.3) == 2.0


def test_levels() -> None:
    assert [pick_level(1.0, 2.0, 4.0, level, 0.5) for level in ("low", "central", "high")] == [1.0, 2.0, 4.0]
    assert pick_level(float("nan"), 2.0, float("nan"), "high", 0.9) == 2.0


def test_draws_fill_each_slice_once_and_depend_on_the_seed() -> None:
    draws = make_draws(10, 7, ["m", "n"], ["p"])
    for ranks in (
        [one.growth_rank_share for one in draws],
        [one.elasticity_rank_share["n"] for one in draws],
    ):
        assert sorted(int(rank * 10) for rank in ranks) == list(range(10))
    assert make_draws(10, 7, ["n", "m", "m"], ["p"]) == draws
    assert make_draws(10, 8, ["m", "n"], ["p"]) != draws


def test_parameters_are_drawn_by_their_errors_within_their_bounds() -> None:
    drivers = make_drivers(SMALL)
    fitted = draw_choice(drivers, 2025, MIDDLE)
    assert (fitted.scale_per_usd_t, fitted.nest_factor) == (0.05, 0.7)
    assert fitted.constants[0].cost_usd_t == 10.0
    up = draw_choice(
        drivers, 2025, Draw(0.5, {}, {"scale_per_usd_t": 2.0, "nest_factor": 3.0, "russia": -1.5})
    )
    assert up.scale_per_usd_t == pytest.approx(0.07)
    assert up.nest_factor == 1.0
    assert up.constants[0].cost_usd_t == pytest.approx(4.0)
    down = draw_choice(drivers, 2025, Draw(0.5, {}, {"scale_per_usd_t": -9.0, "nest_factor": -9.0}))
    assert down.scale_per_usd_t == 0.01
    assert down.nest_factor == pytest.approx(0.07)
    assert draw_choice(drivers, 2021, MIDDLE).constants == ()


def test_bundled_drivers_cover_the_demand_to_2035() -> None:
    drivers = read_drivers()
    assert drivers.last_year == 2035
    assert set(load_demand(2025).market["market_id"]) == set(drivers.market["market_id"])
    assert (drivers.market["low_factor"] <= drivers.market["elasticity_factor"]).all()
    assert (drivers.market["elasticity_factor"] <= drivers.market["high_factor"]).all()
    later = drivers.growth[drivers.growth["year"] > 2025]
    assert (later["low_share"] <= later["growth_share"]).all()
    assert (later["growth_share"] <= later["high_share"]).all()


@pytest.mark.parametrize("name", ["driver_growth", "driver_market", "driver_capacity", "forecast_reference"])
def test_each_number_is_traced_or_has_a_range(name: str) -> None:
    drivers = read_drivers()
    table = {
        "driver_growth": drivers.growth, "driver_market": drivers.market, "driver_capacity": drivers.capacity,
        "forecast_reference": drivers.reference,
    }[name]  # fmt: skip
    if name == "forecast_reference":
        assert (table["fact_id"] != "").all()
        return
    is_assumed = table["basis"] == "assumption"
    assert (table.loc[~is_assumed, "fact_ids"] != "").all()
    ends = [column for column in table.columns if column.startswith(("low_", "high_"))]
    assert table.loc[is_assumed, ends].notna().all(axis=None)


@pytest.mark.parametrize(
    "name", ["forecast", "forecast_check", "forecast_error", "driver_growth", "driver_capacity"]
)
def test_units_are_in_the_names(name: str) -> None:
    for column in read_spec(name).columns:
        if column.type == "float":
            assert find_suffix(column.name), column.name
