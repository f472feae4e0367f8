"""The simulation benchmark at its smallest: tools agree, wrong answers are caught. Nothing is timed."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.simulation import replications, run, worker
from benchmarks.simulation.ours import OURS, Dehliz, make_draws, make_system
from benchmarks.simulation.rivals import RIVALS, SimPy, SimPyBoxes
from benchmarks.simulation.task import SIZES, Answer, SimulationTask, load_task, make_task

from tests.oracles.queue_simpy import run_simpy


def few(count: int = 60) -> SimulationTask:
    return make_task(replace(SIZES["smoke"], box_count=count, span_h=count * 0.438))


def answer(tool, task: SimulationTask) -> Answer:
    tool.prepare(task)
    return tool.solve()


def test_stations_are_three_quarters_busy_and_twenty_thousand_boxes_fill_a_year():
    task = make_task(SIZES["year"])
    span_h = task.release_h[-1]
    assert span_h == pytest.approx(8760.0, rel=0.02)
    busy = task.service_h.sum(axis=1) / (task.server_count * span_h)
    np.testing.assert_allclose(busy, 0.75, rtol=0.03)
    assert task.server_count.tolist() == [1, 2, 3, 4] * 3


def test_names_of_ours_are_known_without_importing_it():
    assert tuple(OURS) == worker.OURS


def test_events_are_counted_by_hand():
    task = few(10)
    assert task.count_events(10, 2, 1) == 10 * 13 + 4 + 1


def test_a_stored_task_comes_back(tmp_path):
    task = few()
    task.save(tmp_path / "task.npz")
    back = load_task(tmp_path / "task.npz")
    np.testing.assert_array_equal(back.service_h, task.service_h)
    assert (back.ship_before, back.ship_capacity, back.longest_wait_h, back.sail_h) == (6, 50, 24.0, 20.0)


def test_two_styles_of_simpy_and_all_ways_of_ours_agree():
    """60 boxes: the ship leaves both full and unfilled."""
    task = few()
    right = answer(SimPy(), task)
    assert 0 < right.timeout_count < right.sailing_count
    for tool in (SimPyBoxes(), *(make() for make in OURS.values())):
        found = answer(tool, task)
        assert found.mean_stay_h == pytest.approx(right.mean_stay_h, rel=1e-9)
        assert replace(found, mean_stay_h=0.0, cpu_s=0.0) == replace(right, mean_stay_h=0.0, cpu_s=0.0)


def test_the_system_of_the_task_is_what_the_oracle_simulates_too():
    task = few()
    log = run_simpy(make_system(task), make_draws(task))
    right = answer(SimPy(), task)
    assert float((log.done_h - task.release_h).mean()) == pytest.approx(right.mean_stay_h, rel=1e-9)
    assert len(log.depart_h) == right.sailing_count


def test_tools_run_in_processes_of_their_own_and_their_table_is_stored(tmp_path, capsys):
    results = tmp_path / "results.json"
    arguments = ["--size", "smoke", "--only", "dehliz", "simpy", "--rivals", sys.executable]
    assert run.main([*arguments, "--results", str(results)]) == 0
    told = capsys.readouterr().out
    assert told.count("| equal |") == 2
    tools = json.loads(results.read_text())["sizes"]["smoke"]["tools"]
    assert tools["dehliz"]["event_count"] == tools["simpy"]["event_count"] > 3_900
    assert tools["dehliz"]["wrong"] == []


def row(**more):
    return {
        "mean_stay_h": 50.0,
        "box_count": 60,
        "sailing_count": 2,
        "timeout_count": 1,
        "event_count": 785,
        "cpu_s": 1.0,
        "start_s": 1.0,
        "before_mb": 1.0,
        "peak_mb": 2.0,
        **more,
    }


def test_wrong_answers_are_told():
    rows = {
        "dehliz": row(mean_stay_h=50.0 + 1e-6),
        "simpy": row(),
        "cimba": row(sailing_count=3),
        "salabim": {"stopped": "no memory"},
        "ciw": row(mean_stay_h=47.0, box_count=59),
    }
    run.judge(rows, few())
    assert rows["dehliz"]["wrong"] == ["mean stay 50.000001 h, not 50.0"]
    assert rows["simpy"]["wrong"] == []
    assert rows["cimba"]["wrong"] == ["sailing_count 3, not 2"]
    assert rows["salabim"]["wrong"] == ["no memory"]
    assert rows["ciw"]["wrong"] == ["59 boxes came through of 60"]
    assert "another" not in run.table(rows)


def test_a_missing_tool_is_left_out(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(RIVALS, "cimba", ("no_such_module", RIVALS["cimba"][1]))
    few().save(tmp_path / "task.npz")
    assert worker.main(["cimba", str(tmp_path / "task.npz"), str(tmp_path / "out.json")]) == worker.ABSENT
    assert capsys.readouterr().out == "cimba: not installed here\n"


def test_runs_of_one_task_that_differ_stop_the_worker():
    class Drifting(SimPy):
        count = 0

        def solve(self) -> Answer:
            Drifting.count += 1
            return replace(super().solve(), sailing_count=Drifting.count)

    with pytest.raises(SystemExit, match="differ"):
        worker.measure(Drifting, few(20), is_compiled=False)


def test_a_log_without_an_end_stops_ours():
    tool = Dehliz()
    task = few(20)
    tool.prepare(task)
    log = tool.run()
    end_h = log.end_h.copy()
    end_h[3] = np.nan
    with pytest.raises(SystemExit, match="whole"):
        tool.check(replace(log, end_h=end_h))


def test_replications_are_the_same_for_any_number_of_threads(tmp_path, capsys):
    results = tmp_path / "results.json"
    assert (
        replications.main(
            ["--size", "smoke", "--count", "3", "--threads", "1", "2", "--results", str(results)]
        )
        == 0
    )
    assert "the same to the byte" in capsys.readouterr().out
    rows = json.loads(results.read_text())["replications"]["smoke"]
    assert [row["thread_count"] for row in rows] == [1, 2]


def test_digests_differ_where_a_number_differs():
    one = make_draws(few(20))
    release_h = one.release_h.copy()
    assert replications.digest(one) == replications.digest(replace(one, release_h=release_h))
    later = release_h + 1e-9
    assert replications.digest(one) != replications.digest(replace(one, release_h=later))


@pytest.mark.parametrize(("is_compiled", "quickest_s", "run_count"), [(True, 0.01, 9), (False, 20.0, 1)])
def test_a_first_run_that_may_compile_is_not_the_figure(
    is_compiled: bool, quickest_s: float, run_count: int
) -> None:
    """Twenty seconds are compiling for a compiled tool, and the tool itself for another."""
    made: list[SimPy] = []

    class Compiling(SimPy):
        def solve(self) -> Answer:
            made.append(self)
            return replace(super().solve(), cpu_s=20.0 if len(made) == 1 else 0.01)

    about = worker.measure(Compiling, few(20), is_compiled=is_compiled)
    assert (about["cpu_s"], about["start_s"], len(made)) == (quickest_s, 20.0, run_count)
