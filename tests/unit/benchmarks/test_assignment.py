"""The assignment benchmark at its smallest: the evaluator knows the truth, lies are caught. Nothing is timed."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.assignment import growth, run, worker
from benchmarks.assignment.evaluate import evaluate, find_costs, find_distances, judge
from benchmarks.assignment.growth_plot import draw_growth
from benchmarks.assignment.one_pass import load_trees
from benchmarks.assignment.ours import Dehliz
from benchmarks.assignment.rivals import RIVALS
from benchmarks.assignment.task import AssignmentTask, load_task, one_way_dead_end, read_tntp

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 4
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 6
<END OF METADATA>

~ init term capacity length time b power speed toll type ;
1 3 1 2 0 0 1 0 0 1 ;
3 4 2 10 10 0.15 4 0 5 1 ;
3 4 2 0 20 0 0 0 0 1 ;
4 2 1 0 0 0 1 0 0 1 ;
4 4 1 0 1 0 1 0 0 1 ;
3 1 1 0 0 0 1 0 0 1 ;
"""
TRIPS = """<NUMBER OF ZONES> 2
<END OF METADATA>

Origin  1
 1 : 7.0;  2 : 1.5;
Origin 2
 1 : 0.0;
Origin 1
 2 : 0.5;
"""


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    (tmp_path / "x_net.tntp").write_text(NET)
    (tmp_path / "x_trips.tntp").write_text(TRIPS)
    return tmp_path


def braess() -> AssignmentTask:
    """Braess's network: 6 trips, times 10 x, 50 + x, 50 + x, 10 + x, 10 x; 2 on each of three routes, each 92."""
    free = np.array([1e-10, 50.0, 50.0, 10.0, 1e-10])
    slope = np.array([10.0, 1.0, 1.0, 1.0, 10.0])
    return AssignmentTask(
        tail=np.array([0, 0, 2, 2, 3]),
        head=np.array([2, 3, 1, 3, 1]),
        capacity=np.ones(5),
        free_time=free,
        alpha=slope / free,
        power=np.ones(5),
        fixed=np.zeros(5),
        origin=np.array([0]),
        destination=np.array([1]),
        volume=np.array([6.0]),
        node_count=4,
        first_thru=2,
    )


BRAESS_FLOW = np.array([4.0, 2.0, 2.0, 2.0, 4.0])
BRAESS_OBJECTIVE = 80.0 + 102.0 + 102.0 + 22.0 + 80.0


def test_reads_a_folder(folder: Path) -> None:
    task = read_tntp(folder, (0.5, 0.25))
    assert task.about == "4 nodes, 5 arcs, 1 origins, 1 pairs"
    assert (task.origin.tolist(), task.destination.tolist(), task.volume.tolist()) == ([0], [1], [2.0])
    assert task.fixed.tolist() == [0.5, 5.0, 0.0, 0.0, 0.0]
    assert task.first_thru == 2
    assert read_tntp(folder).fixed.tolist() == [0.0] * 5


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("LINKS> 6", "LINKS> 7", "has 6 links, its head says 7"),
        ("<NUMBER OF NODES> 4\n", "", "has no <NUMBER OF NODES>"),
    ],
)
def test_broken_folder_is_a_plain_line(folder: Path, old: str, new: str, said: str) -> None:
    (folder / "x_net.tntp").write_text(NET.replace(old, new))
    with pytest.raises(SystemExit, match=said):
        read_tntp(folder)


def test_missing_file_is_a_plain_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"0 files \*_net\.tntp"):
        read_tntp(tmp_path)


def test_task_survives_its_file(tmp_path: Path) -> None:
    braess().save(tmp_path / "task.npz")
    again = load_task(tmp_path / "task.npz")
    assert (again.alpha == braess().alpha).all()
    assert (again.node_count, again.first_thru) == (4, 2)


def test_parallel_arcs_and_centroids(folder: Path) -> None:
    task = read_tntp(folder)
    assert find_distances(task, np.array([1.0, 5.0, 3.0, 2.0, 9.0])).tolist() == [6.0]
    through = one_way_dead_end()
    cost = np.ones(len(through.tail))
    closed = AssignmentTask(**{**through.__dict__, "origin": np.array([4]), "destination": np.array([2])})
    assert np.isinf(find_distances(closed, cost)).all()


def test_equilibrium_of_braess_is_known_for_one() -> None:
    found = evaluate(braess(), BRAESS_FLOW)
    assert found["gap_share"] == pytest.approx(0.0, abs=1e-9)
    assert found["imbalance_share"] == 0.0
    assert found["objective"] == pytest.approx(BRAESS_OBJECTIVE, abs=1e-6)
    assert found["total_cost"] == pytest.approx(552.0, abs=1e-6)
    assert judge(found, 1e-8, BRAESS_OBJECTIVE) == []


def test_gap_of_one_route() -> None:
    """All on the middle route: it costs 60 + 16 + 60, an outer one 50 + 60."""
    found = evaluate(braess(), np.array([6.0, 0.0, 0.0, 6.0, 6.0]))
    assert found["gap_share"] == pytest.approx((136.0 - 110.0) / 136.0)
    assert judge(found, 1e-4, None) == ["gap is 0.19, not 0.0001"]


def test_lies_are_caught() -> None:
    lost = evaluate(braess(), BRAESS_FLOW * np.array([1.0, 1.0, 1.0, 1.0, 0.5]))
    assert judge(lost, 1.0, None) == ["infeasible: 0.33 of the demand is lost or made at a node"]
    turned = BRAESS_FLOW.copy() + np.array([-4.5, 4.5, -4.5, 0.0, 4.5])
    assert judge(evaluate(braess(), turned), 1.0, None)[0].startswith("a flow is -")
    said = judge(evaluate(braess(), BRAESS_FLOW), 1e-8, BRAESS_OBJECTIVE + 1.0)
    assert said == ["objective is 386.000000001, the optimum 387"]


def test_ours_is_an_equilibrium() -> None:
    ours = Dehliz()
    ours.prepare(braess())
    reached = ours.solve(1e-10)
    assert reached.is_reached
    np.testing.assert_allclose(reached.flow, BRAESS_FLOW, atol=1e-6)


def test_one_way_dead_end_loses_nothing() -> None:
    """A node that two arcs enter and none leaves is no way through: contraction makes AequilibraE 1.7.2 think so."""
    task = one_way_dead_end()
    ours = Dehliz()
    ours.prepare(task)
    reached = ours.solve(1e-8)
    assert reached.flow.tolist() == [100.0, 100.0, 0.0, 0.0, 100.0, 0.0]
    assert judge(evaluate(task, reached.flow), 1e-8, None) == []


def test_the_wrong_way_into_the_dead_end_is_caught() -> None:
    """What AequilibraE 1.7.2 answers."""
    wrong = np.array([100.0, 0.0, 100.0, 0.0, 100.0, 0.0])
    said = judge(evaluate(one_way_dead_end(), wrong), 1e-8, None)
    assert said == ["infeasible: 1 of the demand is lost or made at a node"]


def test_pass_is_all_or_nothing() -> None:
    """The unit of ratios, uncompiled: the middle route of Braess at free times."""
    task = braess()
    ours = Dehliz()
    ours.prepare(task)
    graph, trips = ours.graph, ours.trips
    cost = find_costs(task, np.zeros(5))[ours.arc]
    size = len(graph.first_out) - 1
    flow = np.zeros(5)
    from dehliz.kernels.heap import make_heap

    work = (np.empty(size), np.empty(size, np.int32), np.empty(size, np.int32), np.zeros(size))
    first_trip = np.array([0, 1], np.int32)
    roots, ends = trips.origin, (graph.first_out, graph.tail, graph.head)
    total = load_trees.py_func(
        *ends, cost, roots, first_trip, trips.destination, trips.volume_t_d, make_heap(size), *work, flow
    )
    assert total == pytest.approx(60.0)
    back = np.empty(5)
    back[ours.arc] = flow
    assert back.tolist() == [6.0, 0.0, 0.0, 6.0, 6.0]


class Quick:
    """A tool that gets stuck at 1e-6."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def solve(self, gap_share: float) -> Any:
        from benchmarks.assignment.rivals import Reached

        self.asked.append(gap_share)
        told = max(gap_share, 1e-6)
        return Reached(gap_share, told, told, 4.0, 3, told <= gap_share, BRAESS_FLOW)


def test_a_tool_that_is_stuck_goes_no_further(tmp_path: Path) -> None:
    tool = Quick()
    worker.run_gaps(tool, [1e-4, 1e-6, 1e-8, 1e-10], 100.0, worker._Folder(tmp_path, "1"))
    assert tool.asked == [1e-4, 1e-6, 1e-8]
    about = json.loads((tmp_path / "about.json").read_text())
    assert [row["is_reached"] for row in about["gaps"]] == [True, True, False]
    assert np.load(tmp_path / "flow-2.npy").tolist() == BRAESS_FLOW.tolist()


def _row(
    gap: float, cpu_s: float, wrong: list[str] | None = None, *, is_reached: bool = True
) -> dict[str, Any]:
    return {
        "asked_gap_share": gap,
        "best_gap_share": 3e-6,
        "cpu_s": cpu_s,
        "is_reached": is_reached,
        "wrong": wrong or [],
    }


def test_table_says_passes_ratios_and_faults() -> None:
    networks = {
        "SiouxFalls": {
            "dehliz": {
                "version": "0",
                "peak_mb": 100,
                "pass_s": 0.001,
                "gaps": [_row(1e-4, 0.002), _row(1e-6, 0.004)],
            },
            "slow": {"version": "1", "gaps": [_row(1e-4, 0.2), _row(1e-6, 9.0, is_reached=False)]},
            "liar": {"version": "2", "gaps": [_row(1e-4, 0.1, ["gap is 1, not 0"])], "stopped": "stopped: x"},
        }
    }
    lines = run.table(networks, [1e-4, 1e-6]).splitlines()
    assert lines[2] == "| SiouxFalls | **dehliz** | 0.002 (2 passes) | 0.004 (4 passes) | 100 | agree |"
    assert lines[3] == "| SiouxFalls | slow 1 | 0.2 (100x) | best 3.0e-06 in 9 | 0 | agree |"
    assert lines[4] == "| SiouxFalls | liar 2 | 0.1 (wrong) | - | 0 | gap is 1, not 0; stopped: x |"
    assert lines[5] == "| SiouxFalls | tap-b (noted) | 0.003 (1.5x) | 0.004 (1x) | - | another run |"


def test_absent_rival_is_a_plain_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(RIVALS, "pytraf", ("no_such_module", Dehliz))
    braess().save(tmp_path / "task.npz")
    arguments = ["pytraf", str(tmp_path / "task.npz"), str(tmp_path / "out"), "1e-4"]
    assert worker.main(arguments) == worker.ABSENT
    assert capsys.readouterr().out == "pytraf: not installed here\n"


@pytest.mark.parametrize("shape", growth.SHAPES)
def test_lattices_keep_their_size_and_reach(shape: str) -> None:
    task = growth.lattice(shape, 1_000, "sparse")
    assert len(task.tail) == pytest.approx(1_000, rel=0.1)
    assert np.isfinite(find_distances(task, find_costs(task, np.zeros(len(task.tail))))).all()
    assert (growth.lattice(shape, 1_000, "sparse").capacity == task.capacity).all()


def test_exponent_and_plot() -> None:
    assert growth.fit_exponent([1e3, 1e4, 1e5], [2.0, 2.0e1, 2.0e2]) == pytest.approx(1.0)
    assert np.isnan(growth.fit_exponent([1e3, 1e4], [1.0, 2.0]))
    points = [
        {
            "shape": "grid",
            "demand": "sparse",
            "arc_count": size,
            "cpu_s": 1e-4 * size**1.5,
            "pass_s": 1e-5 * size,
            "added_mb": size / 100,
            "iteration_count": 9,
            "is_reached": True,
            "wrong": [],
        }
        for size in (1_000, 10_000, 100_000, 1_000_000)
    ]
    assert growth.exponents(points, "cpu_s")["grid, sparse"] == pytest.approx(1.5)
    assert "| grid, sparse | exponent | 1.50 | | | 1.00 |" in growth.table(points)
    drawn = draw_growth(points)
    assert drawn.count("<circle") == 8
    assert "exponent 1.50" in drawn
    points[2]["wrong"] = ["gap is 1, not 0"]
    assert draw_growth(points).count("<circle") == 6


@pytest.mark.slow
def test_command_from_end_to_end(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = tmp_path / "r.json"
    arguments = ["--networks", str(folder), "--only", "dehliz", "--gaps", "1e-6", "--results", str(results)]
    arguments += ["--rivals", sys.executable]
    assert run.main(arguments) == 0
    assert "passes" in capsys.readouterr().out
    assert run.main(arguments) == 0
    assert "dehliz: done before" in capsys.readouterr().out
