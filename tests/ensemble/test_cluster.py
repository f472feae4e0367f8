"""Ensembles on a real Dask cluster of this machine: equal bytes, whatever is killed, and plain words when it cannot."""

import time
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest

from dehliz.base.errors import SettingsError, StoreError
from dehliz.cli.main import main
from dehliz.study.cluster import make_executor
from dehliz.study.ensemble import Progress, run_ensemble
from dehliz.study.ensemble_here import Here
from dehliz.study.ensemble_job import WorkersError
from tests.ensemble.dask_cluster import Census, DaskCluster, Killer, find_port

SPEC = {"kind": "trial", "seed": 11, "study": {"rows": 3}}
STUDY = 'name = "trial"\n[ensemble]\njob = "trial"\nruns = 6\n[trial]\nrows = 2\n'

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    folder = tmp_path_factory.mktemp("dask")
    with DaskCluster(folder, 2, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as made:
        yield made


def read_files(folder: Path, names: list[str]) -> list[bytes]:
    return [
        (folder / name).read_bytes()
        for name in ("manifest.json", *(f"tables/{one}.parquet" for one in names))
    ]


def test_a_cluster_gives_the_bytes_of_one_process(cluster: DaskCluster, tmp_path: Path) -> None:
    census = Census(make_executor(cluster.address))
    made = run_ensemble(SPEC, tmp_path / "cluster", 60, census)
    here = run_ensemble(SPEC, tmp_path / "here", 60, Here())
    assert made.status == "ok"
    assert 1 <= made.effort.worker_count <= 2
    assert census.told == dict.fromkeys(range(60), 1)
    assert read_files(tmp_path / "cluster", [*made.hashes]) == read_files(tmp_path / "here", [*here.hashes])
    assert not list((tmp_path / "cluster").rglob("*.tmp"))


def test_runs_that_end_their_worker_are_given_up_and_no_other(cluster: DaskCluster, tmp_path: Path) -> None:
    spec = {"kind": "trial", "seed": 4, "study": {"fails": [2], "dies": [5]}}
    made = run_ensemble(spec, tmp_path, 12, make_executor(cluster.address))
    failed = made.runs[made.runs["state"] == "failed"].set_index("run")["reason"]
    assert failed.to_dict() == {
        2: "ArithmeticError: the trial was told that run 2 fails",
        5: "Run 5: its worker died each time",
    }
    assert made.done_count == 10


def test_a_folder_that_workers_do_not_see_is_told(
    cluster: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "touch", lambda *_, **__: None)
    with pytest.raises(StoreError, match=r"does not see the ensemble.*share its folder"):
        run_ensemble(SPEC, tmp_path, 3, make_executor(cluster.address))


def test_deadline_ends_the_work_and_the_same_call_goes_on(cluster: DaskCluster, tmp_path: Path) -> None:
    spec = {"kind": "trial", "seed": 4, "study": {"pause_s": 0.2}}
    made = run_ensemble(spec, tmp_path, 30, make_executor(cluster.address), deadline_s=1.5)
    assert made.effort.is_ended
    assert made.done_count < 30
    assert run_ensemble(spec, tmp_path, 30, make_executor(cluster.address)).status == "ok"


def chaos(folder: Path, run_count: int, kill_count: int) -> None:
    spec = {"kind": "trial", "seed": 11, "study": {"pause_s": 0.005}}
    undisturbed = run_ensemble(
        SPEC | {"study": {"pause_s": 0.005}}, folder / "undisturbed", run_count, Here()
    )
    start_s = time.monotonic()
    with DaskCluster(folder / "dask", 2) as cluster:
        killer = Killer(cluster, kill_count, run_count, seed=5)
        census = Census(make_executor(cluster.address))
        made = run_ensemble(spec, folder / "made", run_count, census, on_step=killer)
    print(
        f"\n{killer.kills.total()} kills ({dict(killer.kills)}), {run_count} runs, {time.monotonic() - start_s:.0f} s; "
        f"{made.effort.death_count} workers lost, {made.done_count} done, equal: {made.hashes == undisturbed.hashes}"
    )
    assert killer.kills.total() == kill_count
    assert made.status == "ok"
    assert census.told == dict.fromkeys(range(run_count), 1), "each run is accepted once"
    names = [*undisturbed.hashes]
    assert read_files(folder / "made", names) == read_files(folder / "undisturbed", names)


def test_kills_of_workers_and_scheduler_change_nothing(tmp_path: Path) -> None:
    chaos(tmp_path, 150, 6)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_1000_runs_with_50_kills_are_equal_to_an_undisturbed_ensemble(tmp_path: Path) -> None:
    chaos(tmp_path, 1000, 50)


def test_a_lost_scheduler_is_told_and_the_same_call_goes_on(tmp_path: Path) -> None:
    spec = {"kind": "trial", "seed": 11, "study": {"pause_s": 0.05}}
    with DaskCluster(tmp_path / "dask", 1) as cluster:

        def end_it(progress: Progress) -> None:
            if progress.step == "run" and progress.new_count and cluster.is_tended:
                cluster.is_tended = False
                cluster.kill("everything", Killer(cluster, 1, 1, 1)._chance)

        executor = make_executor(cluster.address, lost_s=2.0)
        with pytest.raises(WorkersError, match=r"has not answered for \d+ s .*Give the same command again"):
            run_ensemble(spec, tmp_path / "made", 40, executor, on_step=end_it)
        with pytest.raises(WorkersError, match="has not answered"):
            run_ensemble(spec, tmp_path / "made", 40, executor, deadline_s=1.5)
        cluster.is_tended = True
        cluster.wait()
        made = run_ensemble(spec, tmp_path / "made", 40, make_executor(cluster.address))
    assert made.status == "ok"
    assert 0 < made.new_count < 40
    assert made.hashes == run_ensemble(spec, tmp_path / "here", 40, Here()).hashes


def call(capsys: pytest.CaptureFixture[str], folder: Path, address: str) -> tuple[int, str]:
    study = folder / "study.toml"
    study.write_text(STUDY, encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        main(["ensemble", str(study), "--folder", str(folder / "made"), "--scheduler", address])
    assert isinstance(caught.value.code, int)
    return caught.value.code, " ".join(capsys.readouterr().err.split())


def test_no_worker_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with DaskCluster(tmp_path / "dask", 0) as cluster, dask.config.set({"dehliz.no-workers-timeout": "1s"}):
        code, said = call(capsys, tmp_path, cluster.address)
    assert code == 2
    assert "has had no worker for" in said
    assert f"dask worker {cluster.address}" in said


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:{port}", "127.0.0.1:{port}", "nonsense", "no://where:1", "", "none.json"]
)
def test_an_address_without_scheduler_is_told_soon(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    start_s = time.process_time()
    code, said = call(capsys, tmp_path, address.format(port=find_port()))
    assert time.process_time() - start_s < 5.0
    assert code == 2
    assert "does not answer as a Dask scheduler" in said
    assert "Look whether it runs" in said
    assert not (tmp_path / "made").exists()


OTHERS = {
    "version": ("import dehliz.version\ndehliz.version.__version__ = '0.0.9'\n", "dehliz 0.0.9 instead of"),
    "none": ("import sys\nsys.modules['dehliz'] = None\n", "need the same Dehliz"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_worker_with_another_dehliz_is_refused(kind: str, tmp_path: Path) -> None:
    preload = tmp_path / "preload.py"
    preload.write_text(OTHERS[kind][0], encoding="utf-8")
    with (
        DaskCluster(tmp_path / "dask", 1, ["--preload", str(preload)]) as cluster,
        pytest.raises((StoreError, WorkersError), match=OTHERS[kind][1]),
    ):
        run_ensemble(SPEC, tmp_path / "made", 3, make_executor(cluster.address))
    assert not list((tmp_path / "made").rglob("*.run"))


def test_a_wrong_time_in_the_configuration_is_told() -> None:
    with (
        dask.config.set({"dehliz.silence-timeout": "soon"}),
        pytest.raises(SettingsError, match="silence-timeout"),
    ):
        make_executor("tcp://127.0.0.1:1")
