"""Cargo of Eurasia brought together with its operations, and what a scenario keeps of it."""

from pathlib import Path

import numpy as np
import pytest

from dehliz.base.schema import read_spec
from dehliz.eurasia.load import load
from dehliz.network.changes import Scenario, SetValue
from dehliz.network.network import Network
from dehliz.network.scenario import apply
from dehliz.network.scenario_file import read_scenario
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.simulate import simulate
from dehliz.study.beside import put_beside
from dehliz.study.feedback import FeedbackSettings
from dehliz.study.operations import Operations, change_operations, prepare_operations

pytestmark = pytest.mark.slow
SCENARIOS = Path("studies/scenarios")


@pytest.fixture(scope="module")
def network() -> Network:
    return load(2024)


@pytest.fixture(scope="module")
def operations(network: Network) -> Operations:
    return prepare_operations(2024, network, feedback=FeedbackSettings(round_count=1))


def test_one_more_ship_keeps_cargo_ways_and_stages(operations: Operations, network: Network) -> None:
    changed = apply(read_scenario(SCENARIOS / "one_more_feeder.toml"), network).network
    after = change_operations(operations, changed)
    assert after is not None
    lines, before = after.plan.system.lines, operations.plan.system.lines
    place = lines.line_ids.index("feeder_aktau_alat")
    assert lines.fleet_count[place] == before.fleet_count[place] + 1
    assert after.plan.flows.flow_ids == operations.plan.flows.flow_ids
    assert np.array_equal(after.plan.system.stage_time_h, operations.plan.system.stage_time_h)


@pytest.mark.parametrize("name", ["border_hours_halved", "kuryk_november"])
def test_other_hours_and_weather_keep_the_ways(operations: Operations, network: Network, name: str) -> None:
    changed = apply(read_scenario(SCENARIOS / f"{name}.toml"), network).network
    after = change_operations(operations, changed)
    assert after is not None
    assert after.plan.flows.flow_ids == operations.plan.flows.flow_ids


def test_a_line_that_opens_or_shuts_needs_a_new_loading(operations: Operations, network: Network) -> None:
    opened = apply(read_scenario(SCENARIOS / "zangezur.toml"), network).network
    shut = Scenario("shut", (SetValue("service_leg", "status", ("ferry_kuryk_alat",), "closed"),))
    assert change_operations(operations, opened) is None
    assert change_operations(operations, apply(shut, network).network) is None


def test_published_values_stand_beside_with_the_columns_of_the_dictionary(operations: Operations) -> None:
    found = simulate(operations.plan, SimulationSettings(replication_count=2, warm_up_h=0.0))
    beside = put_beside(operations, found)
    for name, table in beside.items():
        assert list(table.columns) == list(read_spec(name).column_names), name
    checks = beside["simulated_time_check"]
    assert {"xian_baku_2026_mean", "altynkol_poti_2024", "altynkol_constanta_2024"} <= set(checks["check_id"])
    assert (checks["model_p05_d"] < checks["median_d"]).all()
    assert (checks["median_d"] < checks["model_p95_d"]).all()
    assert checks["wait_share"].between(0.0, 1.0).all()
    assert beside["simulated_time_summary"]["inside_count"].sum() > 0
