"""The benchmark of the hierarchy at its smallest: answers and work are right, lies are caught. Nothing is timed."""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks import bench, measure, worker
from benchmarks.bench_rail import Dehliz, compare, reference
from benchmarks.builders import rail as rail_builder
from benchmarks.builders.corridor import corridor
from benchmarks.registry import SPECS
from benchmarks.rivals import RIVALS
from benchmarks.task import Task, load_task

SPEC = SPECS["rail"]


@pytest.fixture(name="task", scope="module")
def _task() -> Task:
    return corridor(60, 3)


@pytest.fixture(autouse=True)
def _one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "PASS_COUNT", 1)


def test_ours_agrees(task: Task) -> None:
    figures, answers = measure.measure(Dehliz(), task)
    assert compare(task, reference(task), Dehliz.path_is, answers) == []
    assert set(bench.COLUMNS) <= set(figures)
    assert set(reference(task)) <= set(answers)
    assert figures["triangle_count"] > 0


class Liar(Dehliz):
    """One metre too short now and then."""

    def distance(self, origin: int, destination: int) -> float:
        return super().distance(origin, destination) - (origin % 7 == 0)


class Detour(Dehliz):
    """States the right cost and takes another way."""

    def path(self, origin: int, destination: int) -> tuple[float, Any]:
        cost, arc = super().path(origin, destination)
        return cost, arc[:-1]


def test_lies_are_caught(task: Task) -> None:
    expected = reference(task)
    said = compare(task, expected, "arc", measure.measure(Liar(), task)[1])
    assert any(line.startswith("distance differs by up to 1.0") for line in said)
    said = compare(task, expected, "arc", measure.measure(Detour(), task)[1])
    assert any("path 0 costs" in line for line in said)


def test_too_much_work_is_wrong(task: Task) -> None:
    row: dict[str, Any] = {"version": "1", "figures": {"triangle_count": 1e9}, "wrong": []}
    judged = bench.judge(SPEC, "small", task, {}, row)
    assert judged["wrong"] == ["triangle_count is 1000000000, at most 12000 was expected"]


def test_table_says_how_many_times() -> None:
    figures = {"distance_s": 2e-6}
    rows = {
        "dehliz": {"version": "0", "figures": figures, "wrong": []},
        "slow": {"version": "1", "figures": {"distance_s": 8e-6}, "wrong": ["all differs by up to 3.0"]},
    }
    lines = bench.table(rows).splitlines()
    assert "distance, us" in lines[0]
    assert lines[2].startswith("slow 1")
    assert "8 (4x)" in lines[2]
    assert lines[2].endswith("all differs by up to 3.0")


def test_results_of_a_day_stand_together(tmp_path: Path) -> None:
    for size in ("small", "full"):
        path = bench.store(SPEC, size, {"dehliz": {"figures": {}}}, tmp_path)
    assert set(json.loads(path.read_text())) == {"rail small", "rail full"}
    assert len(list(tmp_path.iterdir())) == 1


def test_task_survives_its_file(task: Task, tmp_path: Path) -> None:
    task.save(tmp_path / "task.npz")
    again = load_task(tmp_path / "task.npz")
    assert (again.head == task.head).all()
    assert (again.coordinate == task.coordinate).all()
    assert again.weight.dtype == np.int64


def test_absent_rival_is_a_plain_line(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(RIVALS, "ghost", ("no_such_module", Dehliz))
    task.save(tmp_path / "task.npz")
    assert worker.main("ghost", str(tmp_path / "task.npz"), str(tmp_path / "out.npz")) == worker.ABSENT
    assert capsys.readouterr().out == "ghost: not installed here\n"


GRAPH = "[{0: 0.0, 1: 1.5}, {0: 1.5, 2: 2.0, 1: 0.0}, {1: 2.0}, {4: 9.0}, {3: 9.0}]"
NODES = "[[50.0, 10.0], [50.0, 11.0], [50.5, 12.0], [0.0, 0.0], [0.0, 1.0]]"


def test_rail_reads_the_wheel_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five vertices in two components, two self-loops; the module would fail if it were run."""
    wheel = tmp_path / "scgraph_data-2.0.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as out:
        text = f"from nowhere import GeoGraph\ngraph={GRAPH}\nnodes={NODES}\nx = GeoGraph(graph=graph, nodes=nodes)\n"
        out.writestr(rail_builder.MEMBER, text)
    monkeypatch.setattr(rail_builder, "VERTEX_COUNT", 3)
    monkeypatch.setattr(rail_builder, "ARC_COUNT", 4)
    found = rail_builder.rail(rail_builder.find_wheel(wheel))
    assert found.first_out.tolist() == [0, 1, 3, 4]
    assert found.head.tolist() == [1, 0, 2, 1]
    assert found.weight.tolist() == [1500, 1500, 2000, 2000]
    assert found.coordinate.tolist() == [[50.0, 10.0], [50.0, 11.0], [50.5, 12.0]]
    monkeypatch.setattr(rail_builder, "VERTEX_COUNT", 99)
    with pytest.raises(SystemExit, match=r"not version 2\.0\.0"):
        rail_builder.rail(wheel)


def test_missing_wheel_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="pip download scgraph-data"):
        rail_builder.find_wheel(tmp_path / "nothing.whl")


@pytest.mark.slow
def test_command_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "rail",
        "--size",
        "small",
        "--rivals",
        sys.executable,
        "--only",
        "scipy",
        "--results",
        str(tmp_path),
    ]
    assert bench.main(arguments) == 0
    out = capsys.readouterr().out
    assert "first preparation ever" in out
    stored = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert stored["rail small"]["tools"]["scipy"]["wrong"] == []
