"""Runs of an ensemble by processes of this machine, looked after: whoever dies or falls silent is replaced.

Each process is started anew and not forked, so that nothing of the supervisor is in it. Runs that a lost process held
go back to the head of the queue; only the one that it was computing counts it as an attempt. The file before is
``study/ensemble_process.py``, the next one ``study/ensemble.py``.
"""

import queue
import time
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any, Final

from dehliz.base.errors import StoreError, say_count
from dehliz.study.ensemble_job import (
    ATTEMPT_LIMIT,
    Effort,
    Failed,
    OnTold,
    Order,
    Outcome,
    WorkersError,
    Written,
)
from dehliz.study.ensemble_process import Inbox, Process

SILENCE_S: Final = 900.0
"""Without a word for so long while it has work, a process is ended. Longer than the longest run must be."""

_TICK_S: Final = 0.25
_AHEAD_S: Final = 0.05
"""A process holds runs for about so long, so that it need not wait for the next one."""
_MOST_AHEAD_COUNT: Final = 32
_START_LIMIT: Final = 25
"""Processes in a row that may end before they are ready."""


class LocalWorkers:
    """An executor of supervised processes."""

    def __init__(
        self, worker_count: int, silence_s: float = SILENCE_S, attempt_limit: int = ATTEMPT_LIMIT
    ) -> None:
        self._worker_count = worker_count
        self._silence_s = silence_s
        self._attempt_limit = attempt_limit
        self._shift: _Shift | None = None

    @property
    def death_count(self) -> int:
        """Processes lost so far in the present call of ``run``."""
        return self._shift.death_count if self._shift else 0

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Numbers of the processes at work."""
        return tuple(process.id for process in self._shift.processes) if self._shift else ()

    def run(self, order: Order, numbers: Sequence[int], on_told: OnTold, deadline_s: float | None) -> Effort:
        """Have every run done, or as many as the deadline allows.

        Raises
        ------
        StoreError
            When the disk refuses or a worker has other versions.
        WorkersError
            When processes end before they begin, again and again.
        """
        worker_count = min(self._worker_count, len(numbers))
        self._shift = _Shift(order, numbers, on_told, self._silence_s, self._attempt_limit)
        try:
            is_ended = self._shift.work(worker_count, deadline_s)
        finally:
            self._shift.go_home()
        shift = self._shift
        return Effort(worker_count, shift.death_count, shift.silent_count, shift.job_s, is_ended)


class _Shift:
    """One call of ``LocalWorkers.run``."""

    def __init__(
        self, order: Order, numbers: Sequence[int], on_told: OnTold, silence_s: float, attempt_limit: int
    ) -> None:
        self.processes: list[Process] = []
        self.death_count = 0
        self.silent_count = 0
        self.job_s = 0.0
        self._order = order
        self._numbers = numbers
        self._next = 0
        self._returned: deque[int] = deque()
        self._on_told = on_told
        self._silence_s = silence_s
        self._attempt_limit = attempt_limit
        self._inbox: Inbox = queue.SimpleQueue()
        self._attempts: Counter[int] = Counter()
        self._told_count = 0
        self._written_count = 0
        self._early_count = 0
        """Processes in a row that ended before they were ready."""

    def work(self, worker_count: int, deadline_s: float | None) -> bool:
        """Whether the deadline came before all was done."""
        end_s = None if deadline_s is None else time.monotonic() + deadline_s
        while self._told_count < len(self._numbers):
            if end_s is not None and time.monotonic() >= end_s:
                return True
            while len(self.processes) < min(worker_count, len(self._numbers) - self._told_count):
                self.processes.append(Process(self._order, self._inbox))
            self._feed(worker_count)
            self._hear(_TICK_S if end_s is None else max(0.0, min(_TICK_S, end_s - time.monotonic())))
            self._end_silent()
        return False

    def go_home(self) -> None:
        """End all processes."""
        for process in self.processes:
            process.end()
        for process in self.processes:
            process.close()
        self.processes = []

    def _feed(self, worker_count: int) -> None:
        ahead_count = 1
        if self._written_count:
            mean_s = self.job_s / self._written_count
            ahead_count = int(min(_MOST_AHEAD_COUNT, 1.0 + _AHEAD_S / max(mean_s, 1e-6)))
        left_count = len(self._returned) + len(self._numbers) - self._next
        ahead_count = min(ahead_count, 1 + left_count // (2 * worker_count))
        for process in self.processes:
            # One run as long as it is not ready: another may be by then.
            most_count = ahead_count if process.is_ready else 0
            if len(process.given) <= most_count // 2:
                numbers = self._take(most_count - len(process.given))
                if numbers:
                    process.give(numbers)

    def _take(self, most_count: int) -> list[int]:
        numbers: list[int] = []
        while len(numbers) < most_count and (self._returned or self._next < len(self._numbers)):
            if self._returned:
                numbers.append(self._returned.popleft())
            else:
                numbers.append(self._numbers[self._next])
                self._next += 1
        return numbers

    def _hear(self, timeout_s: float) -> None:
        """Take what was said, and tell of all outcomes at once, so that they are recorded together."""
        outcomes: list[Outcome] = []
        stop = ""
        try:
            item = self._inbox.get(timeout=timeout_s)
            while True:
                process, message = item
                if message is None:
                    outcomes += self._bury(process)
                elif "stop" in message:
                    stop = message["stop"]
                else:
                    outcomes += self._read(process, message)
                item = self._inbox.get_nowait()
        except queue.Empty:
            pass
        if outcomes:
            self._told_count += len(outcomes)
            self._on_told(outcomes)
        if stop:
            raise StoreError(stop)

    def _read(self, process: Process, message: dict[str, Any]) -> list[Outcome]:
        process.heard_s = time.monotonic()
        if "ready" in message:
            process.is_ready = True
            self._early_count = 0
            return []
        if "start" in message:
            process.current = message["start"]
            return []
        process.current = None
        process.given.popleft()
        if "done" in message:
            self.job_s += message["job_s"]
            self._written_count += 1
            number, count = message["done"], self._attempts[message["done"]] + 1
            return [Written(number, message["sha256"], message["bytes"], message["job_s"], count)]
        return self._count_attempt(message["failed"], message["reason"], message["is_final"])

    def _count_attempt(self, number: int, reason: str, is_final: bool = False) -> list[Outcome]:
        self._attempts[number] += 1
        if is_final or self._attempts[number] >= self._attempt_limit:
            return [Failed(number, reason, self._attempts[number])]
        self._returned.appendleft(number)
        return []

    def _bury(self, process: Process) -> list[Outcome]:
        """A process has ended: what it held goes back."""
        if process not in self.processes:
            return []
        self.processes.remove(process)
        reason = process.close()
        self.death_count += 1
        current, held = process.current, [number for number in process.given if number != process.current]
        self._returned.extendleft(reversed(held))
        if not process.is_ready:
            self._early_count += 1
            if self._early_count >= _START_LIMIT:
                raise WorkersError(
                    f"{say_count(self._early_count, 'worker process')} one after the other ended before the first run: "
                    f"{reason}. Dehliz must be able to start processes of its own. Look at the reason, and give the "
                    "same command again."
                )
        return [] if current is None else self._count_attempt(current, f"Run {current}: {reason}")

    def _end_silent(self) -> None:
        for process in self.processes:
            if process.is_silent(self._silence_s) and not process.ended_for:
                self.silent_count += 1
                process.end(f"it made no progress for {self._silence_s:g} s")
