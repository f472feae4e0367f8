"""A worker process as its supervisor sees it: what it was given, what it says, and whether it still lives.

The other end is ``study/ensemble_worker.py``; ``study/ensemble_workers.py`` looks after several.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

import dehliz
from dehliz.study.ensemble_job import Order

Inbox = queue.SimpleQueue[tuple["Process", dict[str, Any] | None]]
"""What processes say; None when one has ended."""

_START: Final = (
    "import sys; sys.path.append(sys.argv[1]); from dehliz.study.ensemble_worker import main; main()"
)
_THREADS: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)
"""One thread for each worker: as many workers as cores are the parallel work."""
_SHOWN_LINE_COUNT: Final = 5


class Process:
    """A worker process."""

    def __init__(self, order: Order, inbox: Inbox) -> None:
        """Start it; it says that it is ready later."""
        self.given: deque[int] = deque()
        """Runs that it was given and has not told about, in order; the first one is being computed once it began."""
        self.current: int | None = None
        self.is_ready = False
        self.heard_s = time.monotonic()
        self.ended_for = ""
        """Why the supervisor ended it, if it did."""
        self._said: deque[str] = deque(maxlen=_SHOWN_LINE_COUNT)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, str(Path(dehliz.__file__).parents[1])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **dict.fromkeys(_THREADS, "1")},
            encoding="utf-8",
            errors="replace",
        )
        self._threads = [
            threading.Thread(target=self._hear, args=(self._process.stdout, inbox), daemon=True),
            threading.Thread(target=self._note, args=(self._process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self._send(order.to_json())

    def _hear(self, source: IO[str], inbox: Inbox) -> None:
        for line in source:
            try:
                message = json.loads(line)
            except ValueError:
                break  # half a line: it was killed while it spoke
            inbox.put((self, message))
        inbox.put((self, None))

    def _note(self, source: IO[str]) -> None:
        for line in source:
            self._said.append(line.strip()[:200])

    @property
    def id(self) -> int:
        """Number of the process on this machine."""
        return self._process.pid

    def give(self, numbers: Sequence[int]) -> None:
        """Have more runs computed, after those that it was given before."""
        if not self.given:
            self.heard_s = time.monotonic()
        self.given.extend(numbers)
        self._send(json.dumps(list(numbers)))

    def _send(self, line: str) -> None:
        try:
            stdin = self._process.stdin
            if stdin is not None:
                stdin.write(line + "\n")
                stdin.flush()
        except OSError:
            return  # it has ended; that is heard on the other pipe

    def is_silent(self, silence_s: float) -> bool:
        """Whether it ought to have said something by now."""
        is_waited_for = bool(self.given) or not self.is_ready
        return is_waited_for and time.monotonic() - self.heard_s > silence_s

    def end(self, reason: str = "") -> None:
        """End it now."""
        self.ended_for = self.ended_for or reason
        self._process.kill()

    def close(self) -> str:
        """Take leave of a process that has ended or was told to end; why it did."""
        code = self._process.wait()
        for thread in self._threads:
            thread.join(timeout=1.0)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # words that it did not read any more
        told = " / ".join(line for line in self._said if line)
        how = (
            f"its process was ended by signal {-code}" if code < 0 else f"its process ended with code {code}"
        )
        return f"{self.ended_for or how}{f' ({told})' if told else ''}"
