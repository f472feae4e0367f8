"""Years to come: capacities in their year, policy, warm draws against whole assignments, tables, bad input."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from dehliz.assignment.corridor_choice import choose_corridors
from dehliz.assignment.problem import prepare_loads
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.year import read_choice_model
from dehliz.base.errors import SettingsError
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.eurasia.load import load, load_demand, load_observed, read_reference
from dehliz.graph.price_loads import LoadTables
from dehliz.study import forecast as module
from dehliz.study.forecast import (
    Forecast,
    ForecastSettings,
    check_settings,
    compare_references,
    find_anchor,
    forecast,
    make_quick,
    pick_years,
)
from dehliz.study.forecast_drivers import read_drivers
from dehliz.study.forecast_load import Series, WarmLoad, read_series
from dehliz.study.forecast_year import (
    LATE_YEAR_COUNT,
    Scene,
    find_capacity,
    find_openings,
    list_scenarios,
    prepare_scene,
    read_scene,
)
from dehliz.validation.volumes import model_volume_t

SETTINGS = AssignmentSettings(method="sue", target_gap_share=1e-6)
PLANNED, LATE, NONE = Scene("planned"), Scene("late"), Scene("none")


def read_limit(scene: Scene, year: int, row_id: str) -> float:
    table = find_capacity(read_drivers(), scene, 2025, year)
    return float(table.loc[table["row_id"] == row_id, "capacity_t_a"].item())


def test_capacities_come_in_their_year() -> None:
    plan = read_drivers().capacity
    for row_id, group in plan.groupby("row_id"):
        first = next(each_row(group.sort_values("first_year")))
        before = read_limit(NONE, 2035, str(row_id))
        assert read_limit(PLANNED, first.first_year - 1, str(row_id)) == before
        assert read_limit(PLANNED, first.first_year, str(row_id)) == first.capacity_t_a
        assert read_limit(LATE, first.first_year, str(row_id)) == before
        assert read_limit(LATE, first.first_year + LATE_YEAR_COUNT, str(row_id)) == first.capacity_t_a
        assert first.capacity_t_a > before or row_id.startswith("tr_")


def test_the_last_of_several_projects_holds() -> None:
    rows = read_drivers().capacity
    rows = rows[rows["row_id"] == "alat_rail_ship"].sort_values("first_year")
    assert len(rows) > 1
    assert read_limit(PLANNED, 2035, "alat_rail_ship") == rows["capacity_t_a"].iloc[-1]


def test_rows_that_share_a_berth_still_do() -> None:
    table = find_capacity(read_drivers(), PLANNED, 2025, 2030)
    berths = table[table["row_id"].isin(["aktau_rail_ship", "aktau_ship_road"])]
    assert berths["facility_id"].tolist() == ["aktau_ship", "aktau_ship"]
    assert not table.duplicated(["table_name", "row_id"]).any()
    assert list(table.columns) == list(read_spec("capacity").column_names)


def test_planned_rows_limit_rows_of_the_network() -> None:
    network = load(2025)
    for row in each_row(read_drivers().capacity):
        assert row.row_id in set(network.table(row.table_name)[f"{row.table_name}_id"]), row.row_id


def test_lines_open_the_year_after_they_are_due() -> None:
    assert "link:kz_kyzylzhar_moyynty" not in find_openings(load(2026), PLANNED, 2026)
    assert "link:kz_kyzylzhar_moyynty" in find_openings(load(2027), PLANNED, 2027)
    assert "link:kz_kyzylzhar_moyynty" not in find_openings(load(2027), LATE, 2027)
    assert find_openings(load(2035), NONE, 2035) == ()
    planned_only = find_openings(load(2035), PLANNED, 2035)
    assert not any(one.startswith("link:am_") for one in planned_only)  # planned, not under construction


def test_scenes_of_the_bundled_scenarios() -> None:
    rows = list_scenarios(read_drivers())
    assert rows[0].scenario_id == "central"
    closed = next(row for row in rows if row.scenario_id == "north_closed")
    assert read_scene(closed) == Scene("planned", ("china_europe_rail", "europe_china_rail"), "country:RU")
    assert [row.scenario_id for row in list_scenarios(read_drivers(), ("late",))] == ["late"]


def test_a_barred_market_may_not_cross() -> None:
    scene = Scene("none", ("china_europe_rail",), "country:RU")
    free, barred = (prepare_scene(read_drivers(), one, 2025, 2025) for one in (NONE, scene))
    at = free.trips.segment_ids.index("china_europe_rail")
    other = free.trips.segment_ids.index("kaz_metals_west")
    in_russia = free.graph.country == free.graph.country_ids.index("RU")
    assert np.isinf(barred.costs.fixed_h[at][in_russia]).all()
    assert not np.isinf(free.costs.fixed_h[at][in_russia]).all()
    assert np.array_equal(barred.costs.fixed_h[other], free.costs.fixed_h[other])


@cache
def make_warm() -> WarmLoad:
    problem = prepare_scene(read_drivers(), NONE, 2025, 2025)
    segments = sorted(set(load_demand(2025).demand["segment_id"]))
    return WarmLoad(problem, read_choice_model(2025), SETTINGS, read_series(load_observed(), segments))


def test_series_are_those_that_were_counted() -> None:
    series = {one.series_id: one for one in read_series(load_observed(), ["grain"])}
    assert list(series) == ["titr", "titr_boxes", "btk", "titr_grain"]
    assert series["titr"].observed_t_a[2025] == 4_119_000.0
    assert series["titr_boxes"].t_per_teu == pytest.approx(11.0)
    assert np.isnan(series["titr"].t_per_teu)
    assert series["titr_grain"].gateways == series["titr"].gateways
    assert 2021 not in series["btk"].observed_t_a  # five months only


@pytest.mark.slow
def test_a_warm_draw_is_the_whole_assignment() -> None:
    warm = make_warm()
    model = read_choice_model(2025)
    whole = warm.problem.tell(choose_corridors(warm.problem, model, SETTINGS))
    answer = warm.load(dict.fromkeys(warm.problem.trips.segment_ids, 1.0), model)
    assert answer.is_converged
    observed = load_observed()
    for at, (scope, segments) in enumerate(
        (("titr", ""), ("titr", "container_high_value;container_other"), ("btk", ""))
    ):
        rows = observed[(observed["scope_id"] == scope) & (observed["segment_ids"] == segments)]
        row = list(each_row(rows.sort_values("year")))[-1]
        assert answer.volume_t_a[at] == pytest.approx(model_volume_t(whole, row), rel=1e-3)
    assert answer.volume_t_a[3:].sum() == pytest.approx(answer.volume_t_a[0], rel=1e-9)  # segments add up


@pytest.mark.slow
def test_draws_do_not_depend_on_what_came_between() -> None:
    warm = make_warm()
    model = read_choice_model(2025)
    names = warm.problem.trips.segment_ids
    first = warm.load(dict.fromkeys(names, 1.0), model)
    warm.load(dict.fromkeys(names, 1.4), replace(model, scale_per_usd_t=model.scale_per_usd_t * 2))
    assert warm.load(dict.fromkeys(names, 1.0), model).volume_t_a.tobytes() == first.volume_t_a.tobytes()


@pytest.mark.slow
def test_without_capacities_cargo_grows_as_demand() -> None:
    demand = load_demand(2025)
    tables = LoadTables(
        demand.capacity.iloc[:0],
        demand.background.iloc[:0],
        read_reference("delay"),
        read_reference("market"),
    )
    problem = prepare_loads(load(2025), demand.demand, tables)
    warm = WarmLoad(problem, read_choice_model(2025), SETTINGS, read_series(load_observed(), ["oil"]))
    names = problem.trips.segment_ids
    low, high = (warm.load(dict.fromkeys(names, factor), read_choice_model(2025)) for factor in (1.0, 1.3))
    assert low.volume_t_a[0] > 0.0
    assert high.volume_t_a == pytest.approx(1.3 * low.volume_t_a, rel=1e-6)


def test_years() -> None:
    assert pick_years(2025, 2035, 2035) == (2026, 2028, 2030, 2032, 2035)
    assert pick_years(2025, 2029, 2035) == (2026, 2028, 2029)
    assert pick_years(2025, 2026, 2035) == (2026,)
    assert pick_years(2025, 2035, 2035, is_quick=True) == (2026, 2030, 2035)
    for year in (2025, 2036):
        with pytest.raises(
            SettingsError, match=f"to {year} was asked for. It needs a year from 2026 to 2035"
        ):
            pick_years(2025, year, 2035)


def test_settings_that_cannot_be() -> None:
    drivers = read_drivers()
    check_settings(ForecastSettings(), drivers)
    with pytest.raises(SettingsError, match=r"0 draws were asked for\. A forecast needs 1 to 10,000"):
        check_settings(ForecastSettings(draw_count=0), drivers)
    with pytest.raises(SettingsError, match=r"'north_close' was asked for.*north_closed"):
        check_settings(ForecastSettings(scenario_ids=("north_close",)), drivers)
    assert make_quick(ForecastSettings(draw_count=4)).draw_count == 4
    assert make_quick(ForecastSettings()).draw_count == module.QUICK_DRAW_COUNT


def test_anchors() -> None:
    series = Series("s", (), (), {2025: 10.0})
    assert find_anchor(series, np.array([5.0, 20.0]), 2025).tolist() == [2.0, 0.5]
    assert np.isnan(find_anchor(series, np.array([5.0, 0.4]), 2025)).all()  # less than a twentieth of it
    assert np.isnan(find_anchor(series, np.array([5.0]), 2024)).all()


def test_references_stand_beside_the_nearest_year() -> None:
    columns = list(read_spec("forecast").column_names)
    rows = [
        ("central", "titr", 2028, 1.0, 2.0, 3.0, 2.0, 4.0, 6.0, np.nan, 1, 0),
        ("central", "titr", 2030, 2.0, 3.0, 4.0, np.nan, np.nan, np.nan, np.nan, 1, 0),
        ("late", "titr", 2030, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, np.nan, 1, 0),
    ]
    reference = pd.DataFrame(
        [
            ("x", "X", "titr", "", 2027, 5.0, "t", 5.0, "target", "f", ""),
            ("y", "Y", "titr", "", 2040, 7.0, "t", 7.0, "forecast", "f", "n"),
        ],
        columns=list(read_spec("forecast_reference").column_names),
    )  # fmt: skip
    found = list(each_row(compare_references(pd.DataFrame(rows, columns=columns), reference)))
    assert (found[0].own_year, found[0].median_t_a, found[0].is_anchored) == (2028, 4.0, True)
    assert (found[1].own_year, found[1].median_t_a, found[1].is_anchored) == (2030, 3.0, False)


@cache
def make_forecast() -> Forecast:
    wanted = ("central", "low", "high", "north_closed")
    return forecast(ForecastSettings(to_year=2026, draw_count=3, scenario_ids=wanted))


@pytest.mark.slow
def test_a_forecast_has_bands_in_order_and_all_keys() -> None:
    found = make_forecast()
    table = found.tables["forecast"]
    assert found.status == "converged"
    assert found.years == (2026,)
    assert list(table.columns) == list(read_spec("forecast").column_names)
    assert not table.duplicated(["scenario_id", "series_id", "year"]).any()
    assert (table["low_t_a"] <= table["median_t_a"]).all()
    assert (table["median_t_a"] <= table["high_t_a"]).all()
    titr = table[table["series_id"] == "titr"].set_index("scenario_id")["median_t_a"]
    # Growth orders what wants to move; a full corridor need not carry more of it.
    demand = found.tables["forecast_demand"].pivot(
        index="market_id", columns="scenario_id", values="median_t_a"
    )
    assert (demand["low"] < demand["central"]).all()
    assert (demand["central"] < demand["high"]).all()
    assert titr["north_closed"] > titr["central"]
    anchored = table[table["series_id"] == "titr"].set_index("scenario_id")["anchored_median_t_a"]
    assert anchored["central"] == pytest.approx(
        titr["central"] * 4_119_000 / found.base_t_a["titr"], rel=1e-6
    )


@pytest.mark.slow
def test_equal_seeds_give_equal_bytes_and_others_do_not() -> None:
    settings = ForecastSettings(to_year=2026, draw_count=3, scenario_ids=("central",))
    one, other = (forecast(replace(settings, seed=seed)).tables["forecast"].to_csv() for seed in (1, 2))
    again = make_forecast().tables["forecast"]
    assert again[again["scenario_id"] == "central"].reset_index(drop=True).to_csv() == one
    assert other != one
