"""The supervisor of a cluster, with a cluster of the test's own: what is in flight, and what a silent worker costs."""

from collections.abc import Sequence
from typing import Any

import pytest

from dehliz.study.cluster_shift import MOST_FLIGHT_COUNT, Lost, Patience, Queue, Shift
from dehliz.study.ensemble_job import Failed, Outcome, WorkersError, Written


class Task:
    def __init__(self, key: Any, worker: str, status: str) -> None:
        self.key, self.worker, self.status = key, worker, status


class Link:
    """Does everything at once; ``hung`` workers never answer, ``lost_times`` submissions are lost."""

    def __init__(self, workers: Sequence[str], hung: Sequence[str] = (), lost_times: int = 0) -> None:
        self.workers, self.hung, self.lost_times = list(workers), set(hung), lost_times
        self.tasks: list[Task] = []
        self.most_count = 0
        self.reasons: dict[int, str] = {}

    def close(self) -> None:
        self.tasks = []

    def list_workers(self) -> frozenset[str]:
        return frozenset(self.workers)

    def check_workers(self, workers: Sequence[str]) -> dict[str, str]:
        return {}

    def list_processing(self) -> dict[str, list[Any]]:
        open_tasks = [task for task in self.tasks if task.status == "pending"]
        return {place: [task.key for task in open_tasks if task.worker == place] for place in self.workers}

    def submit(self, words: tuple[str, str], keys: Sequence[Any], better: Sequence[str]) -> list[Task]:
        if self.lost_times:
            self.lost_times -= 1
            raise Lost("gone")
        places = list(better) or self.workers
        new = []
        for place, key in enumerate(keys):
            worker = places[place % len(places)]
            status = "pending" if worker in self.hung else ("error" if key[1] in self.reasons else "finished")
            new.append(Task(key, worker, status))
        self.tasks = [*(task for task in self.tasks if task.status == "pending"), *new]
        self.most_count = max(self.most_count, len(self.tasks))
        return new

    def gather(self, tasks: Sequence[Task]) -> list[dict[str, Any]]:
        return [{"sha256": f"{task.key[1]}", "bytes": 1, "job_s": 0.001} for task in tasks]

    def explain(self, task: Task) -> tuple[str, str]:
        return self.reasons[task.key[1]], "why"


def work(
    link: Link, run_count: int, silence_s: float = 60.0, no_workers_s: float = 60.0, lost_s: float = 0.5
) -> list[Outcome]:
    told: list[Outcome] = []
    patience = Patience(1.0, lost_s, no_workers_s, silence_s)
    shift = Shift(lambda: link, "tcp://test:1", patience, ("{}", "mark"), Queue(range(run_count)))
    assert not shift.work(told.extend, 60.0, 3)
    assert sorted(one.number for one in told) == list(range(run_count))
    return told


def test_flight_is_bounded_and_each_run_is_told_once() -> None:
    link = Link([f"w{number}" for number in range(100)])
    told = work(link, 20_000)
    assert all(isinstance(one, Written) for one in told)
    assert link.most_count <= MOST_FLIGHT_COUNT


def test_what_was_lost_is_given_out_again() -> None:
    assert len(work(Link(["a"], lost_times=2), 50, lost_s=60.0)) == 50


def test_runs_of_a_silent_worker_are_given_to_others() -> None:
    told = work(Link(["a", "b"], hung=["b"]), 30, silence_s=0.2)
    assert all(isinstance(one, Written) for one in told)
    assert max(one.attempt_count for one in told) == 2


def test_only_silent_workers_are_told() -> None:
    with pytest.raises(WorkersError, match="2 Dask workers made no progress"):
        work(Link(["a", "b"], hung=["a", "b"]), 30, silence_s=0.2)


def test_no_workers_are_told() -> None:
    with pytest.raises(WorkersError, match="has had no worker"):
        work(Link([]), 3, no_workers_s=0.1)


def test_a_run_whose_worker_dies_is_given_up_after_three_attempts() -> None:
    link = Link(["a"])
    link.reasons = {4: "killed"}
    told = {one.number: one for one in work(link, 10)}
    assert told[4] == Failed(4, "Run 4: its worker died each time", 3)
    link.reasons = {4: "broken"}
    with pytest.raises(WorkersError, match="need the same Dehliz"):
        work(link, 10)


def test_a_scheduler_that_stays_lost_is_told() -> None:
    with pytest.raises(WorkersError, match=r"has not answered for .* \(gone\)"):
        work(Link(["a"], lost_times=1000), 3)
