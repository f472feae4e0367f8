"""A cluster looked after from outside: whatever it loses is given out again, and what does not come back is told.

A cluster alone may wait for ever when its workers die. So the deadline, the runs in flight and the count of attempts
are here; the cluster is asked through a ``Link``. Nothing is lost by asking twice: a run that was written is found
written. The file before is ``study/ensemble_member.py``, the next one ``study/cluster.py``.
"""

import secrets
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, Protocol

from dehliz.base.errors import StoreError, say_count
from dehliz.study.ensemble_job import Failed, OnTold, Outcome, WorkersError, Written

AHEAD_S: Final = 2.0
"""Runs in flight for each worker are about so long, so that none waits for the next one."""
LEAST_AHEAD_COUNT: Final = 4
MOST_AHEAD_COUNT: Final = 128
MOST_FLIGHT_COUNT: Final = 2000
"""Runs in flight at most: what this side holds does not grow with the ensemble."""

_TICK_S: Final = 0.02
_LOOK_S: Final = 1.0
_REST_S: Final = 0.5
_AGAIN: Final = "Give the same command again: it goes on where it was."


class Lost(Exception):
    """The scheduler does not answer."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long nothing may happen.

    Attributes
    ----------
    connect_s : float
        For the first answer of a scheduler.
    lost_s : float
        For a lost scheduler to come back; the deadline, if earlier.
    no_workers_s : float
        For the first worker, or for another one when none is left.
    silence_s : float
        Without any outcome although there are workers; longer than the longest run must be.
    """

    connect_s: float
    lost_s: float
    no_workers_s: float
    silence_s: float


class Link(Protocol):
    """A connection to a scheduler; every question has a time after which ``Lost`` is raised."""

    def close(self) -> None:
        """Leave; what is in flight is dropped by the scheduler."""

    def list_workers(self) -> frozenset[str]:
        """Addresses of all workers."""

    def check_workers(self, workers: Sequence[str]) -> Mapping[str, str]:
        """Which of these cannot compute runs, and what they say."""

    def list_processing(self) -> Mapping[str, Sequence[Any]]:
        """Keys of tasks that each worker has been given."""

    def submit(self, words: tuple[str, str], keys: Sequence[Any], better: Sequence[str]) -> list[Any]:
        """Have runs computed, by ``better`` workers if they are there; the second part of a key is the number.

        Each thing that it returns has a ``status``: ``finished``, ``cancelled`` and ``error`` are its ends.
        """

    def gather(self, futures: Sequence[Any]) -> list[dict[str, Any]] | None:
        """What finished tasks returned; none when a worker was lost meanwhile."""

    def explain(self, future: Any) -> tuple[str, str]:
        """Why a task was given up: ``killed``, ``again`` or ``broken``, and the error."""


@dataclass(slots=True)
class Queue:
    """Runs that are not in flight."""

    numbers: Sequence[int]
    next_index: int = 0
    returned: deque[int] = field(default_factory=deque)
    suspects: deque[int] = field(default_factory=deque)
    """Runs whose workers died, each given out when no other one is: so the guilty one is found."""
    attempts: Counter[int] = field(default_factory=Counter)

    def take(self, most_count: int, with_suspect: bool) -> list[int]:
        """The next runs."""
        taken: list[int] = []
        if with_suspect and self.suspects:
            taken.append(self.suspects.popleft())
        while len(taken) < most_count and (self.returned or self.next_index < len(self.numbers)):
            if self.returned:
                taken.append(self.returned.popleft())
            else:
                taken.append(self.numbers[self.next_index])
                self.next_index += 1
        return taken


class Shift:
    """One ensemble, or what is left of it, by one cluster."""

    def __init__(
        self,
        open_link: Callable[[], Link],
        address: str,
        patience: Patience,
        words: tuple[str, str],
        runs: Queue,
    ) -> None:
        self._open_link = open_link
        self.death_count = 0
        self.silent_count = 0
        self.most_worker_count = 0
        self.job_s = 0.0
        self._address = address
        self._patience = patience
        self._words = words
        self._queue = runs
        self._link: Link | None = None
        self._workers: frozenset[str] = frozenset()
        self._shunned: set[str] = set()
        """Workers that made no progress; others are asked first."""
        self._flight: dict[int, Any] = {}
        self._written_count = 0
        self._outcomes: list[Outcome] = []
        """What is to be told."""
        self._suspect: int | None = None
        """The run in flight whose worker died before."""
        self._group = f"dehliz-{secrets.token_hex(4)}"
        self._serial = 0
        self._reason = ""
        self._own_fault: dict[int, str] = {}
        now_s = time.monotonic()
        self._seen_s = self._peopled_s = self._moved_s = now_s
        """When the scheduler answered, when there was a worker, and when there was an outcome."""
        self._look_s = 0.0

    def work(self, on_told: OnTold, deadline_s: float | None, attempt_limit: int) -> bool:
        """Whether the deadline came before all was done."""
        end_s = float("inf") if deadline_s is None else time.monotonic() + deadline_s
        left_count = len(self._queue.numbers)
        while left_count:
            is_over = time.monotonic() >= end_s
            self._complain(is_over)
            if is_over:
                return True
            rest_s = _TICK_S
            try:
                self._step(attempt_limit)
            except Lost as error:
                self._reason = str(error)
                self.drop()
                rest_s = _REST_S
            if self._outcomes:
                outcomes, self._outcomes = self._outcomes, []
                self._moved_s = time.monotonic()
                left_count -= len(outcomes)
                on_told(outcomes)
            else:
                time.sleep(max(0.0, min(rest_s, end_s - time.monotonic())))
        return False

    def drop(self) -> None:
        """Leave the scheduler; what was in flight is to be given out again."""
        self._queue.returned.extendleft(sorted(self._flight, reverse=True))
        self._flight.clear()
        self._suspect = None
        if self._link is not None:
            self._link.close()
            self._link = None

    def _complain(self, is_over: bool) -> None:
        """Say what is wrong when it has been for too long, or is when time is over."""
        now_s = time.monotonic()
        lost_s, empty_s = now_s - self._seen_s, now_s - self._peopled_s
        if self._link is None and self._reason and lost_s > (_LOOK_S if is_over else self._patience.lost_s):
            raise WorkersError(
                f"The Dask scheduler at {self._address} has not answered for {lost_s:.0f} s ({self._reason}). It must "
                f"run until the ensemble is done. Start it and its workers again, then: {_AGAIN}"
            )
        limit_s = _LOOK_S if is_over else self._patience.no_workers_s
        if self._link is not None and not self._workers and empty_s > limit_s:
            raise WorkersError(
                f"The Dask scheduler at {self._address} has had no worker for {empty_s:.0f} s. At least one is needed. "
                f"Start workers with: dask worker {self._address} --nthreads 1. Then: {_AGAIN}"
            )

    def _step(self, attempt_limit: int) -> None:
        if self._link is None:
            self._link = self._open_link()
            self._look_s = 0.0
        link = self._link
        if time.monotonic() - self._look_s > _LOOK_S:
            self._look(link)
        self._hear(link, attempt_limit)
        if self._flight and time.monotonic() - self._moved_s > self._patience.silence_s:
            self._end_silence(link, attempt_limit)
        self._feed(link)

    def _look(self, link: Link) -> None:
        workers = link.list_workers()
        new = workers - self._workers
        for place, error in sorted(link.check_workers(sorted(new)).items() if new else ()):
            self._refuse(f"worker {place}: {error}")
        self._look_s = self._seen_s = time.monotonic()
        if workers or self._workers:
            self._peopled_s = self._look_s
        if not workers:
            self._moved_s = self._look_s
        self.death_count += len(self._workers - workers)
        self.most_worker_count = max(self.most_worker_count, len(workers))
        self._workers = workers
        self._shunned &= workers

    def _refuse(self, error: str) -> NoReturn:
        raise WorkersError(
            f"The cluster of {self._address} cannot compute runs ({error}). Scheduler and workers need the same "
            "Dehliz and the same Dask as this command. Install them there with pip install 'dehliz[cluster]', "
            f"start them again, then: {_AGAIN}"
        )

    def _feed(self, link: Link) -> None:
        ahead_count = LEAST_AHEAD_COUNT
        if self._written_count:
            mean_s = max(self.job_s / self._written_count, 1e-6)
            ahead_count = int(min(MOST_AHEAD_COUNT, max(LEAST_AHEAD_COUNT, AHEAD_S / mean_s)))
        most_count = min(MOST_FLIGHT_COUNT, ahead_count * len(self._workers))
        if len(self._flight) > most_count // 2:
            return
        has_suspect = self._suspect is not None
        if not has_suspect and self._queue.suspects:
            self._suspect = self._queue.suspects[0]
        numbers = self._queue.take(most_count - len(self._flight), not has_suspect)
        if not numbers:
            return
        self._serial += 1
        if not self._flight:
            self._moved_s = time.monotonic()
        better = sorted(self._workers - self._shunned) if self._shunned else []
        keys = [(self._group, number, self._serial) for number in numbers]
        try:
            futures = link.submit(self._words, keys, better)
        except Lost:
            self._queue.returned.extendleft(reversed(numbers))
            raise
        self._flight.update(zip(numbers, futures, strict=True))

    def _hear(self, link: Link, attempt_limit: int) -> None:
        """What has become of runs in flight."""
        finished = []
        for number, future in list(self._flight.items()):
            status = future.status
            if status == "finished":
                finished.append(number)
            elif status == "cancelled":
                raise Lost("it forgot what it was asked for")
            elif status == "error":
                self._bury(number, link.explain(self._land(number)), attempt_limit)
        found = link.gather([self._flight[number] for number in finished]) if finished else None
        for number, told in zip(finished, found or (), strict=found is not None):
            self._land(number)
            self._read(number, told, attempt_limit)

    def _land(self, number: int) -> Any:
        if self._suspect == number:
            self._suspect = None
        return self._flight.pop(number)

    def _read(self, number: int, told: Mapping[str, Any], attempt_limit: int) -> None:
        if "stop" in told:
            raise StoreError(told["stop"])
        if "failed" in told:
            limit = 0 if told["is_final"] else attempt_limit
            self._own_fault[number] = told["failed"]
            self._count_attempt(number, told["failed"], limit, self._queue.returned)
            return
        self.job_s += told["job_s"]
        self._written_count += 1
        count = self._queue.attempts.pop(number, 0) + 1
        self._outcomes.append(Written(number, told["sha256"], told["bytes"], told["job_s"], count))

    def _bury(self, number: int, told: tuple[str, str], attempt_limit: int) -> None:
        """A task that the cluster gave up."""
        kind, error = told
        if kind == "broken":
            self._refuse(error)
        if kind == "killed":
            # The worker may have died by another run: what the run itself had to say comes first.
            reason = self._own_fault.get(number, f"Run {number}: its worker died each time")
            self._count_attempt(number, reason, attempt_limit, self._queue.suspects)
        else:
            self._queue.returned.append(number)

    def _count_attempt(self, number: int, reason: str, limit: int, back: deque[int]) -> None:
        self._queue.attempts[number] += 1
        if self._queue.attempts[number] >= limit:
            self._outcomes.append(Failed(number, reason, self._queue.attempts.pop(number)))
        else:
            back.append(number)

    def _end_silence(self, link: Link, attempt_limit: int) -> None:
        """Nothing has moved for too long: give out again what is in flight, to other workers if there are any."""
        held = {
            worker: {key[1] for key in keys if isinstance(key, tuple) and key[0] == self._group}
            for worker, keys in link.list_processing().items()
        }
        silent = {worker for worker, numbers in held.items() if numbers}
        self.silent_count += len(silent - self._shunned)
        self._shunned |= silent
        if self._workers <= self._shunned:
            raise WorkersError(
                f"{say_count(len(self._workers), 'Dask worker')} made no progress for {self._patience.silence_s:g} s. "
                "The longest run must be shorter. Start the workers again, or set dehliz.silence-timeout in Dask's "
                f"configuration. Then: {_AGAIN}"
            )
        reason = f"no progress for {self._patience.silence_s:g} s"
        begun = set().union(*held.values())
        for number in sorted(self._flight):
            self._land(number)
            if number in begun:
                self._count_attempt(number, reason, attempt_limit, self._queue.suspects)
            else:
                self._queue.returned.append(number)
        self._moved_s = time.monotonic()
