"""Kills at random moments: workers, the whole command, and all of them at once; then looks whether anything is lost.

Only processes that the harness has started are killed: the command, by its own handle, and its children.
"""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from dehliz.study.ensemble_environment import read_environment
from dehliz.study.ensemble_job import Order, write_spec
from dehliz.study.ensemble_member import ENDING, RUNS, Damaged, check_head, find_path, read_sealed, tell_seal
from tests.ensemble.command import make_spec

ROOT = Path(__file__).parents[2]


def measure_cpu_s() -> float:
    """CPU time of this process and of all that it has waited for, killed workers' own children aside."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def make_environment() -> dict[str, str]:
    """What a process needs to find the package and its tests."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


@dataclass
class Figures:
    """What was done and what was found."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged_count: int = 0
    lost_count: int = 0
    repeated_count: int = 0
    half_written_count: int = 0
    bad_ledger_count: int = 0
    aside_count: int = 0
    restart_count: int = 0
    ensemble_count: int = 0
    different_count: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0

    def __str__(self) -> str:
        killed = ", ".join(f"{count} {what}" for what, count in sorted(self.kills.items()))
        return (
            f"{self.kills.total()} kills ({killed}) in {self.seconds:.0f} s ({self.cpu_s:.0f} s of CPU), "
            f"{self.restart_count} restarts, {self.ensemble_count} ensembles; "
            f"{self.acknowledged_count} acknowledged runs, {self.lost_count} lost, {self.repeated_count} acknowledged "
            f"twice, {self.half_written_count} half-written, {self.aside_count} aside files left by kills, "
            f"{self.bad_ledger_count} damaged ledgers, {self.different_count} results that differ"
        )

    def assert_nothing_lost(self) -> None:
        assert self.lost_count == 0, self
        assert self.repeated_count == 0, self
        assert self.half_written_count == 0, self
        assert self.bad_ledger_count == 0, self
        assert self.different_count == 0, self


class Command:
    """The whole command, and what it has acknowledged so far."""

    def __init__(self, folder: Path, runs: int, pause_s: float) -> None:
        words = [sys.executable, "-m", "tests.ensemble.command", str(folder), str(runs), "2", str(pause_s)]
        self.process = subprocess.Popen(
            words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
            env=make_environment(),
        )  # fmt: skip
        self.acknowledged: dict[int, str] = {}
        self.outcome: dict[str, object] = {}
        self.complaint = ""
        self._threads = [threading.Thread(target=self._listen), threading.Thread(target=self._note)]
        for thread in self._threads:
            thread.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                self.outcome = json.loads(line)
            elif line.endswith("\n"):
                number, sha256 = line.split()
                self.acknowledged[int(number)] = sha256

    def _note(self) -> None:
        assert self.process.stderr is not None
        self.complaint = self.process.stderr.read()

    def list_workers(self) -> list[int]:
        try:
            text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        except OSError:
            return []
        return [int(word) for word in text.split()]

    def kill(self, what: str, chance: random.Random) -> bool:
        """Whether there was something to kill."""
        if self.process.poll() is not None:
            return False
        workers = self.list_workers()
        if what == "command":
            self.process.kill()
            return True
        if what == "all at once":
            os.killpg(self.process.pid, signal.SIGKILL)  # its own session: the command and its workers
            return True
        chosen = workers if what == "all workers" else ([chance.choice(workers)] if workers else [])
        for worker in chosen:
            try:
                os.kill(worker, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return bool(chosen)

    def wait(self) -> None:
        self.process.wait(timeout=300)
        for thread in self._threads:
            thread.join(timeout=60)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


def make_undisturbed(folder: Path, runs: int, pause_s: float) -> dict[str, object]:
    """Hashes of the tables of an ensemble that nobody disturbs."""
    command = Command(folder, runs, pause_s)
    command.wait()
    assert command.process.returncode == 0, command.complaint
    assert command.outcome["status"] == "ok"
    hashes = command.outcome["hashes"]
    assert isinstance(hashes, dict)
    return hashes


class Killer:
    """Kills until enough was killed."""

    def __init__(self, place: Path, runs: int, pause_s: float, seed: int) -> None:
        self.figures = Figures()
        self._place, self._runs, self._pause_s = place, runs, pause_s
        self._chance = random.Random(seed)
        self._order = Order("", write_spec(make_spec(pause_s)), read_environment())
        self._acknowledged: dict[int, str] = {}
        self._folder = place / "killed"

    def work(self, kill_count: int, hashes: dict[str, object], most_ensembles: int | None = None) -> Figures:
        start_s, start_cpu_s = time.perf_counter(), measure_cpu_s()
        while self.figures.kills.total() < kill_count:
            self._begin_again()
            while not self._serve(kill_count, hashes):
                pass
            self.figures.cpu_s = measure_cpu_s() - start_cpu_s
            sys.stderr.write(f"{self.figures}\n")
            if self.figures.ensemble_count == most_ensembles:
                break
        self.figures.seconds = time.perf_counter() - start_s
        return self.figures

    def _begin_again(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._acknowledged = {}

    def _serve(self, kill_count: int, hashes: dict[str, object]) -> bool:
        """One command from its start to its end by itself (True) or by a kill."""
        command = Command(self._folder, self._runs, self._pause_s)
        self.figures.restart_count += 1
        self._kill_some(command, kill_count)
        command.wait()
        self.figures.acknowledged_count += len(command.acknowledged)
        self.figures.repeated_count += len(command.acknowledged.keys() & self._acknowledged.keys())
        self._acknowledged |= command.acknowledged
        self._look()
        if command.process.returncode == -signal.SIGKILL:
            return False
        assert command.process.returncode == 0, command.complaint
        self.figures.ensemble_count += 1
        if command.outcome.get("hashes") != hashes or command.outcome.get("status") != "ok":
            self.figures.different_count += 1
        assert not list(self._folder.rglob("*.tmp")), "files aside are left after the end"
        return True

    def _kill_some(self, command: Command, kill_count: int) -> None:
        worker_kills_left = self._chance.randint(2, 9)
        while self.figures.kills.total() < kill_count and command.process.poll() is None:
            is_at_work = self._wait(command)
            if worker_kills_left > 0:
                what = "all workers" if self._chance.random() < 0.1 else "worker"
            else:
                what = self._chance.choice(["command", "all at once"])
            if command.kill(what, self._chance):
                self.figures.kills[f"{what}{'' if is_at_work else ' at any time'}"] += 1
                worker_kills_left -= 1
                if what in ("command", "all at once"):
                    return

    def _wait(self, command: Command) -> bool:
        """Until a random moment, half of the time one at which runs are known to be written; whether it was such."""
        if self._chance.random() < 0.5:
            time.sleep(self._chance.expovariate(1.0 / 0.1))
            return False
        known_count, end_s = len(command.acknowledged), time.monotonic() + 10.0
        while len(command.acknowledged) == known_count and command.process.poll() is None:
            if time.monotonic() > end_s:
                return False
            time.sleep(0.002)
        time.sleep(self._chance.uniform(0.0, 0.03))
        return True

    def _look(self) -> None:
        """What stands in the folder after a kill, before anything is repaired."""
        for path in (self._folder / RUNS).rglob(f"*{ENDING}"):
            try:
                check_head(read_sealed(path), self._order, int(path.stem))
            except Damaged:
                self.figures.half_written_count += 1
        self.figures.aside_count += len(list(self._folder.rglob("*.tmp")))
        if not (self._folder / "ledger.sqlite").exists():
            self.figures.lost_count += len(self._acknowledged)
            return
        link = sqlite3.connect(self._folder / "ledger.sqlite", timeout=30.0)
        (word,) = link.execute("PRAGMA integrity_check").fetchone()
        known = dict(link.execute("SELECT number, sha256 FROM run WHERE state = 'done'").fetchall())
        link.close()
        self.figures.bad_ledger_count += word != "ok"
        for number, sha256 in self._acknowledged.items():
            try:
                is_kept = (
                    known.get(number) == sha256 == tell_seal(read_sealed(find_path(self._folder, number)))
                )
            except Damaged:
                is_kept = False
            self.figures.lost_count += not is_kept
