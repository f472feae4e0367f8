"""What the page needs beside the result tables, read from a small simulation."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dehliz.report.simulation_page import draw_simulation
from dehliz.simulation.result import Simulation
from dehliz.simulation.simulate import simulate
from dehliz.study.picture import choose_flows, list_probes, trace_flows
from tests.unit.simulation.test_simulate import SETTINGS, make_plan


@pytest.fixture(scope="module")
def found() -> Simulation:
    return simulate(make_plan(), SETTINGS)


def test_every_watched_consignment_is_listed(found: Simulation) -> None:
    probes = list_probes(found)
    times = found.tables()["simulated_time"]
    row = times[times["scope"] == "probe"].iloc[0]
    assert len(probes) == round(row["consignment_count"] * SETTINGS.replication_count)
    assert np.median(probes["time_h"]) == pytest.approx(row["median_h"])


def test_the_watched_flow_is_drawn_and_its_log_is_that_of_the_run(found: Simulation) -> None:
    chosen = choose_flows(found)
    assert chosen.tolist() == [2]
    traced = trace_flows(found, chosen)
    event, whole = traced["event"], found.events()
    plan = found.plan
    release_h = found.draws.release_h
    owners = [
        number for number in np.flatnonzero(found.draws.flow == 2).tolist()
        if found.window.from_h <= release_h[number] < found.window.to_h
    ]  # fmt: skip
    assert event["consignment_id"].unique().tolist() == [str(number) for number in owners]
    for number in owners[:3]:
        one, same = event[event["consignment_id"] == str(number)], found.events(number)
        for column in ("stage_count", "ready_h", "start_h", "end_h", "resource_id"):
            assert one[column].tolist() == same[column].tolist()
    assert len(whole) > len(event)
    place = {name: at for at, name in enumerate(plan.system.resource_ids)}
    first = event.iloc[0]
    stage = int(plan.system.entry_stage[2])
    assert place[first["resource_id"]] == plan.system.stage_resource[stage]
    np.testing.assert_equal(first["length_km"], plan.stage_length_km[stage])
    assert set(traced["sailing"]["resource_id"]) <= set(event["resource_id"])


def test_closures_of_both_sides_shut_a_quay(found: Simulation) -> None:
    shut = trace_flows(found, choose_flows(found))["shut"]
    system, draws = found.plan.system, found.draws
    quay = int(np.flatnonzero((system.line == 0) & (system.side == 0))[0])
    far = int(system.lines.resource[0, 1])
    count = sum(int(draws.first_closure[one + 1] - draws.first_closure[one]) for one in (quay, far))
    assert count > 0
    assert (shut["resource_id"] == system.resource_ids[quay]).sum() == count


def rename(found: Simulation, is_probe: list[bool]) -> Simulation:
    flows = replace(found.plan.flows, is_probe=np.array(is_probe), corridor_ids=("a", "a", "b"),
                    origin_ids=("x", "y", "x"), destination_ids=("z", "z", "z"))  # fmt: skip
    return replace(found, outline=replace(found.outline, plan=replace(found.plan, flows=flows)))


def test_of_each_corridor_the_pair_of_most_published_times_is_drawn(found: Simulation) -> None:
    watched = rename(found, [True, True, True])
    assert choose_flows(watched).tolist() == [0, 2]  # of most stages
    checks = pd.DataFrame({"corridor_id": ["a"], "origin_id": ["y"], "destination_id": ["z"]})
    assert choose_flows(watched, checks).tolist() == [1, 2]


def test_without_watched_pairs_the_fullest_flow_is_drawn(found: Simulation) -> None:
    count = np.bincount(found.draws.flow)
    assert choose_flows(rename(found, [False] * 3)).tolist() == [int(np.argmax(count))]


def test_the_page_of_a_small_simulation(found: Simulation) -> None:
    more = trace_flows(found, choose_flows(found)) | {"probe_time": list_probes(found)}
    page = draw_simulation(found.tables() | more, {"status": found.status, "start": str(found.plan.start)})
    assert "On the way" in page
    assert "nan" not in page[page.index("<main") : page.index("</main>")].lower()
