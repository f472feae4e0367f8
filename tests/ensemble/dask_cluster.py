"""A real Dask scheduler and its workers as processes of this machine, which may be killed and come back."""

import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from dehliz.study.ensemble import Progress
from dehliz.study.ensemble_job import Effort, Executor, OnTold, Order, Outcome
from tests.ensemble.killing import make_environment

KINDS = ("worker", "worker", "worker", "all workers", "scheduler", "everything")


def find_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class DaskCluster:
    """Kills only what it has started, by its own handles."""

    def __init__(self, folder: Path, worker_count: int, words: Sequence[str] = (), **settings: str) -> None:
        self.address = f"tcp://127.0.0.1:{find_port()}"
        folder.mkdir(exist_ok=True)
        self._log = (folder / "dask.log").open("ab")
        self._folder = folder
        self._environment = {**make_environment(), "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
        self._environment |= settings
        self._words = words
        self._lock = threading.Lock()
        self.is_tended = True
        self.scheduler = self._start_scheduler()
        self.workers = [self._start_worker() for _ in range(worker_count)]
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._tend)
        self._thread.start()
        self.wait()

    def __enter__(self) -> "DaskCluster":
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self._log.close()

    def _start(self, kind: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words, "--host", "127.0.0.1"]
        return subprocess.Popen(
            [*command, "--no-dashboard"], env=self._environment, cwd=self._folder, stdout=self._log, stderr=self._log
        )  # fmt: skip

    def _start_scheduler(self) -> subprocess.Popen[bytes]:
        return self._start("scheduler", "--port", self.address.rpartition(":")[2])

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny", *self._words)

    def _tend(self) -> None:
        """Start anew whatever has ended."""
        while not self._is_over.wait(0.1):
            with self._lock:
                if not self.is_tended:
                    continue
                if self.scheduler.poll() is not None:
                    self.scheduler = self._start_scheduler()
                for place, worker in enumerate(self.workers):
                    if worker.poll() is not None:
                        self.workers[place] = self._start_worker()

    def wait(self) -> None:
        """Until the scheduler listens."""
        host, _, port = self.address.removeprefix("tcp://").rpartition(":")
        end_s = time.monotonic() + 60.0
        while time.monotonic() < end_s:
            try:
                socket.create_connection((host, int(port)), 1.0).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("the scheduler did not begin to listen")

    def kill(self, kind: str, chance: random.Random) -> None:
        with self._lock:
            chosen = [chance.choice(self.workers)] if kind == "worker" else []
            if kind in ("all workers", "everything"):
                chosen = list(self.workers)
            if kind in ("scheduler", "everything"):
                chosen.append(self.scheduler)
            for process in chosen:
                process.kill()
            for process in chosen:
                process.wait()


class Killer:
    """Kills as the ensemble goes on, so that all kills fall before its end."""

    def __init__(self, cluster: DaskCluster, kill_count: int, run_count: int, seed: int) -> None:
        self._cluster = cluster
        self._chance = random.Random(seed)
        share = 0.9 * run_count / kill_count
        self._moments = [share * (place + self._chance.random()) for place in range(kill_count)]
        self.kills: Counter[str] = Counter()

    def __call__(self, progress: Progress) -> None:
        done = self.kills.total()
        if progress.step == "run" and done < len(self._moments) and progress.new_count >= self._moments[done]:
            kind = KINDS[done % len(KINDS)]
            self._cluster.kill(kind, self._chance)
            self.kills[kind] += 1


class Census:
    """An executor that counts how often each run was told about."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self.told: Counter[int] = Counter()

    @property
    def death_count(self) -> int:
        return self._executor.death_count

    def run(self, order: Order, numbers: Sequence[int], on_told: OnTold, deadline_s: float | None) -> Effort:
        def tell(outcomes: Sequence[Outcome]) -> None:
            self.told.update(one.number for one in outcomes)
            on_told(outcomes)

        return self._executor.run(order, numbers, tell, deadline_s)
