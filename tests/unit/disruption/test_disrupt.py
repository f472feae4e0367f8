"""Scenarios on the bundled network: what must hold of any comparison, and of the way back from a shut border."""

from pathlib import Path

import numpy as np
import pytest

from dehliz.base.schema import read_spec
from dehliz.disruption.compare import Comparison, compare_scene
from dehliz.disruption.recovery import RecoverySettings, recover
from dehliz.disruption.recovery_states import NetworkResponse, restore
from dehliz.disruption.recovery_tables import tell_bearers, tell_days, tell_recovery
from dehliz.disruption.scenes import Stage, find_struck, set_stage
from dehliz.network.changes import Scenario, ShiftDemand
from dehliz.network.scenario_file import read_scenario
from dehliz.report.beside_figure import draw_corridors, draw_gains
from dehliz.report.disruption_page import draw_disruption

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[3] / "studies" / "scenarios"
GONE = Scenario("no trains from China", (ShiftDemand(factor=0.0, market_ids=("china_europe_rail",)),))


@pytest.fixture(scope="module")
def stage() -> Stage:
    files = [read_scenario(FOLDER / f"{name}.toml") for name in ("zangezur", "poland_belarus_shut")]
    return set_stage(2024, [*files, GONE])


@pytest.fixture(scope="module")
def compared(stage: Stage) -> list[Comparison]:
    return [compare_scene(stage.baseline, scene) for scene in stage.scenes]


def test_tables_have_the_columns_of_the_dictionary(compared: list[Comparison]) -> None:
    for made in compared:
        assert made.is_converged
        for name, table in made.tables.items():
            assert tuple(table.columns) == read_spec(name).column_names


def test_shares_and_volumes_add_up(compared: list[Comparison]) -> None:
    for made in compared:
        total = made.tables["beside_total"].set_index("measure")
        rows = made.tables["beside_corridor"]
        for side in ("", "_after"):
            shipped = total.loc["cargo", f"value{side}"] - total.loc["cargo without a way", f"value{side}"]
            assert rows[f"volume{side}_t_a"].sum() == pytest.approx(365.0 * shipped, rel=1e-6)
            assert rows[f"volume{side}_share"].sum() == pytest.approx(1.0)
        gain = made.tables["beside_country"]["gain_usd_d"].sum()
        told = (
            total.loc["gain of those who gain", "value_after"]
            - total.loc["loss of those who lose", "value_after"]
        )
        assert gain == pytest.approx(told, rel=1e-6)


def test_new_line_carries_cargo_and_takes_none_from_what_it_does_not_touch(
    compared: list[Comparison],
) -> None:
    rows = compared[0].tables["beside_corridor"].set_index("corridor_id")
    taken = -rows.loc[rows.index != "zangezur", "change_t_a"].sum()
    assert rows.loc["zangezur", "volume_after_t_a"] == pytest.approx(taken, rel=1e-3)
    assert rows.loc["zangezur", "volume_after_t_a"] > 0.0
    total = compared[0].tables["beside_total"].set_index("measure")["value_after"]
    assert total["gain of those who gain"] > total["loss of those who lose"]


def test_nothing_passes_what_is_shut(stage: Stage, compared: list[Comparison]) -> None:
    struck = find_struck(stage.baseline, stage.scenes[1].shock)
    assert struck.any()
    assert compared[1].after.assignment.volume_t_d[:, struck].sum() == 0.0
    assert compared[1].before.assignment.volume_t_d[:, struck].sum() > 0.0


def test_demand_that_is_gone_keeps_its_place(stage: Stage, compared: list[Comparison]) -> None:
    before, after = compared[2].before, compared[2].after
    is_gone = np.array([one == "china_europe_rail" for one in before.assignment.trips.segment_ids])
    assert before.assignment.volume_t_d[is_gone].sum() > 0.0
    assert after.assignment.volume_t_d[is_gone].sum() == 0.0
    assert stage.scenes[2].problem.trips.n_trip == stage.baseline.warm.problem.trips.n_trip


def test_recovery_conserves_cargo_and_its_loss_is_the_sum_of_days(stage: Stage) -> None:
    response = NetworkResponse(stage.baseline, stage.scenes[1].shock)
    recovery = recover(response, RecoverySettings(5.0))
    problem = stage.baseline.warm.problem
    days = tell_days(recovery, stage.baseline.totals, problem.trips.volume_t_d)
    length = days["end_d"] - days["start_d"]
    waiting = np.concatenate([[0.0], days["waiting_t"].to_numpy()])
    more = ((days["came_t_d"] - days["gone_t_d"]) * length).to_numpy()
    np.testing.assert_allclose(np.diff(waiting), more, atol=1e-6 * problem.trips.volume_t_d.sum())
    assert recovery.is_cleared
    total = tell_recovery(recovery, days).set_index("measure")["value"]
    assert total["loss"] == pytest.approx(recovery.loss_usd.sum(), rel=1e-9)
    assert total["loss"] == pytest.approx((days["loss_usd_d"] * length).sum(), rel=1e-12)
    assert tell_bearers(recovery, problem)["loss_usd"].sum() == pytest.approx(total["loss"], rel=1e-9)
    assert 0.0 < total["least performance"] < 1.0


def test_part_of_what_is_back_lies_between_struck_and_whole(stage: Stage) -> None:
    before, struck = stage.baseline.warm.problem.costs, stage.scenes[1].shock.costs
    shut = np.isfinite(before.fixed_h).any(axis=0) & ~np.isfinite(struck.fixed_h).any(axis=0)
    assert restore(before, struck, shut, 0.0) is struck
    half = restore(before, struck, shut, 0.5)
    np.testing.assert_allclose(half.free_time_h, 0.5 * (before.free_time_h + struck.free_time_h))
    known = np.isfinite(before.capacity_t_d)
    assert (half.capacity_t_d[known] <= before.capacity_t_d[known]).all()


def test_page_and_figures_tell_the_same(compared: list[Comparison]) -> None:
    tables = compared[1].tables
    document = {
        "name": "Shut", "description": "A border <b>", "year": 2024, "status": "ok", "reason": "", "duration_d": None,
        "notes": ["closed x"],
    }  # fmt: skip
    page = draw_disruption(tables, document)
    assert "A border &lt;b&gt;" in page
    for draw, table in ((draw_corridors, "beside_corridor"), (draw_gains, "beside_country")):
        assert draw(tables[table]).svg != draw(tables[table], is_narrow=True).svg
