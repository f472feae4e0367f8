"""An ensemble: equal whoever computes it, resumable, growing, and honest about runs that fail."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dehliz.base.errors import SettingsError, StoreError
from dehliz.study import ensemble_gather, ensemble_process
from dehliz.study.ensemble import Progress, run_ensemble
from dehliz.study.ensemble_environment import read_environment
from dehliz.study.ensemble_gather import read_ensemble
from dehliz.study.ensemble_here import Here
from dehliz.study.ensemble_job import Effort, Order, WorkersError, find_kind, write_spec
from dehliz.study.ensemble_store import IDENTITY, open_document, open_store, seal_document
from dehliz.study.ensemble_workers import LocalWorkers

SPEC = {"kind": "trial", "seed": 4, "study": {"rows": 3}}


def test_workers_give_the_bytes_of_one_process(tmp_path: Path) -> None:
    here = run_ensemble(SPEC, tmp_path / "here", 30, Here())
    workers = run_ensemble(SPEC, tmp_path / "workers", 30, LocalWorkers(2))
    assert here.status == workers.status == "ok"
    assert here.hashes == workers.hashes
    names = ["manifest.json", *(f"tables/{name}.parquet" for name in here.hashes)]
    for name in names:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "workers" / name).read_bytes()
    assert workers.effort.worker_count == 2
    assert workers.effort.death_count == 0


def test_tables_hold_every_run_in_order(tmp_path: Path) -> None:
    made = run_ensemble(SPEC, tmp_path, 25, Here())
    rows = made.read("trial_draw")
    assert rows["run"].tolist() == np.repeat(np.arange(25), 3).tolist()
    for number in (0, 13, 24):
        drawn = np.random.default_rng([4, number]).normal(size=3)
        assert rows["value"][rows["run"] == number].tolist() == drawn.tolist()
    assert made.read("trial_sum", ["run"])["run"].tolist() == list(range(25))
    assert made.read("ensemble_run")["state"].unique().tolist() == ["done"]


def test_an_ensemble_grows_to_the_same_bytes(tmp_path: Path) -> None:
    at_once = run_ensemble(SPEC, tmp_path / "at_once", 20, Here())
    run_ensemble(SPEC, tmp_path / "grown", 5, Here())
    grown = run_ensemble(SPEC, tmp_path / "grown", 20, Here())
    assert grown.new_count == 15
    assert grown.hashes == at_once.hashes
    fewer = run_ensemble(SPEC, tmp_path / "grown", 7, Here())
    assert fewer.new_count == 0
    assert fewer.read("trial_sum")["run"].tolist() == list(range(7))


def test_row_groups_are_of_fixed_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    monkeypatch.setattr(ensemble_gather, "ROW_GROUP_COUNT", 10)
    made = run_ensemble(SPEC, tmp_path, 17, Here())
    file = pq.ParquetFile(tmp_path / "tables" / "trial_draw.parquet")
    sizes = [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
    assert sizes == [10, 10, 10, 10, 10, 1]
    assert len(made.read("trial_draw")) == 51


def test_runs_that_fail_are_told_and_tried_again(tmp_path: Path) -> None:
    spec = {"kind": "trial", "seed": 4, "study": {"fails": [2], "dies": [5]}}
    made = run_ensemble(spec, tmp_path, 8, LocalWorkers(2))
    assert made.status == "incomplete"
    assert made.done_count == 6
    failed = made.runs[made.runs["state"] == "failed"].set_index("run")["reason"]
    assert failed.index.tolist() == [2, 5]
    assert failed[2] == "ArithmeticError: the trial was told that run 2 fails"
    assert "ended with code 3" in failed[5]
    assert made.effort.death_count == 3, "a run may end its process three times"
    assert made.read("trial_sum")["run"].tolist() == [0, 1, 3, 4, 6, 7]
    assert read_ensemble(tmp_path)["status"] == "incomplete"
    asked: list[int] = []

    class Asked(Here):
        def run(self, order, numbers, on_told, deadline_s):  # type: ignore[no-untyped-def]
            asked.extend(numbers)
            return Effort(1)

    run_ensemble(spec, tmp_path, 8, Asked())
    assert asked == [2, 5], "the same command tries them again"


def test_deadline_ends_the_work_and_the_same_call_goes_on(tmp_path: Path) -> None:
    spec = {"kind": "trial", "seed": 4, "study": {"pause_s": 0.2}}
    made = run_ensemble(spec, tmp_path, 12, LocalWorkers(2), deadline_s=0.6)
    assert made.status == "incomplete"
    assert made.effort.is_ended
    assert made.done_count < 12
    assert (made.runs["state"] == "missing").sum() == 12 - made.done_count
    assert run_ensemble(spec, tmp_path, 12, LocalWorkers(2)).status == "ok"


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped there")
def test_silent_workers_are_replaced(tmp_path: Path) -> None:
    workers = LocalWorkers(2, silence_s=8.0)
    spec = {"kind": "trial", "seed": 4, "study": {"pause_s": 0.05}}
    stopped: list[int] = []

    def stop_one(progress: Progress) -> None:
        if progress.new_count and not stopped and progress.step == "run":
            stopped.append(workers.process_ids[0])
            os.kill(stopped[0], signal.SIGSTOP)

    made = run_ensemble(spec, tmp_path, 60, workers, on_step=stop_one)
    assert stopped
    assert made.status == "ok"
    assert made.effort.silent_count >= 1
    undisturbed = run_ensemble(spec, tmp_path / "other", 60, Here())
    assert undisturbed.hashes == made.hashes


def test_workers_end_with_their_supervisor(tmp_path: Path) -> None:
    order = Order(str(tmp_path), write_spec(SPEC), read_environment())
    code = (
        "import os, queue, sys\nfrom dehliz.study.ensemble_job import Order\n"
        "from dehliz.study.ensemble_process import Process\n"
        "inbox = queue.SimpleQueue()\nprocess = Process(Order.from_json(sys.argv[1]), inbox)\n"
        "inbox.get(timeout=60)\nprint(process.id, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, order.to_json()],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    worker = int(done.stdout)
    end_s = time.monotonic() + 20.0
    while time.monotonic() < end_s and is_alive(worker):
        time.sleep(0.05)
    assert not is_alive(worker)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().split()[2] != "Z"


def test_two_commands_at_once_are_refused_and_a_killed_one_is_not_in_the_way(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom dehliz.study.ensemble_store import open_store\n"
        "with open_store(Path(sys.argv[1]), sys.argv[2]): print('open', flush=True); time.sleep(600)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path), write_spec(SPEC)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(StoreError, match=f"in use by process {other.pid}"):
            run_ensemble(SPEC, tmp_path, 5, Here())
        other.kill()
    assert run_ensemble(SPEC, tmp_path, 5, Here()).status == "ok"


def test_another_version_is_refused(tmp_path: Path) -> None:
    run_ensemble(SPEC, tmp_path, 3, Here())
    path = tmp_path / IDENTITY
    document = open_document(path)
    document["environment"]["dehliz"] = "0.0.9"
    path.write_bytes(seal_document(document))
    with pytest.raises(StoreError, match=r"dehliz [\d.]+ instead of 0\.0\.9"):
        run_ensemble(SPEC, tmp_path, 5, Here())


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    told: list[object] = []
    order = Order(str(tmp_path), write_spec(SPEC), {**read_environment(), "numpy": "1.0"})
    with pytest.raises(StoreError, match=r"numpy .* instead of 1\.0"):
        LocalWorkers(1).run(order, [0, 1], told.extend, None)
    assert not told
    assert not list(tmp_path.iterdir())


def test_another_study_is_refused(tmp_path: Path) -> None:
    run_ensemble(SPEC, tmp_path, 3, Here())
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.run")}
    with pytest.raises(StoreError, match=r"\(seed differ\)"):
        run_ensemble({**SPEC, "seed": 5}, tmp_path, 3, Here())
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.run")} == before


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(StoreError, match=r"holds other things \(thesis.docx\)"):
        run_ensemble(SPEC, tmp_path, 3, Here())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]
    with pytest.raises(StoreError, match="is a file"):
        run_ensemble(SPEC, tmp_path / "thesis.docx", 3, Here())


def test_processes_that_never_begin_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ensemble_process, "_START", "raise SystemExit('no such module')")
    with pytest.raises(WorkersError, match="no such module"):
        run_ensemble(SPEC, tmp_path, 3, LocalWorkers(2))


def test_runs_whose_columns_do_not_fit_are_told(tmp_path: Path) -> None:
    class Other(Here):
        def run(self, order, numbers, on_told, deadline_s):  # type: ignore[no-untyped-def]
            from dehliz.study import ensemble_member as member

            for number in numbers:
                column = "other" if number == 1 else "value"
                content = member.pack({"trial": pd.DataFrame({column: [1.0]})}, order, number)
                member.write_aside(member.find_path(Path(order.folder), number), content)
            return super().run(order, numbers, on_told, deadline_s)

    with pytest.raises(StoreError, match="Run 1: its table trial does not fit"):
        run_ensemble(SPEC, tmp_path, 2, Other())


def test_types_that_widen_are_joined(tmp_path: Path) -> None:
    class Other(Here):
        def run(self, order, numbers, on_told, deadline_s):  # type: ignore[no-untyped-def]
            from dehliz.study import ensemble_member as member

            for number in numbers:
                value = [None] if number == 0 else [1.5]
                content = member.pack({"trial": pd.DataFrame({"value": value})}, order, number)
                member.write_aside(member.find_path(Path(order.folder), number), content)
            return super().run(order, numbers, on_told, deadline_s)

    made = run_ensemble(SPEC, tmp_path, 3, Other())
    assert made.read("trial")["value"].tolist()[1:] == [1.5, 1.5]
    assert np.isnan(made.read("trial")["value"][0])


def test_progress_counts_up(tmp_path: Path) -> None:
    seen: list[Progress] = []
    run_ensemble(SPEC, tmp_path, 6, Here(), on_step=seen.append)
    running = [one.done_count for one in seen if one.step == "run"]
    assert running == list(range(7))
    assert seen[-1].step == "gather"
    assert seen[-1].done_count == 6


def test_what_is_no_specification_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Did you mean 'trial'"):
        find_kind("trail")
    with pytest.raises(SettingsError, match="JSON"):
        run_ensemble({"kind": "trial", "seed": float("nan")}, tmp_path, 3, Here())
    with pytest.raises(StoreError, match="At least one"):
        run_ensemble(SPEC, tmp_path, 0, Here())
    with pytest.raises(StoreError, match="There are ensemble_run"):
        run_ensemble(SPEC, tmp_path, 1, Here()).read("nothing")
    with pytest.raises(StoreError, match="holds no tables"):
        read_ensemble(tmp_path / "nothing")


def test_threads_do_not_pile_up(tmp_path: Path) -> None:
    before = threading.active_count()
    run_ensemble(SPEC, tmp_path, 10, LocalWorkers(2))
    assert threading.active_count() == before
    with open_store(tmp_path, write_spec(SPEC)) as store:
        assert store.list_pending(12) == [10, 11]
