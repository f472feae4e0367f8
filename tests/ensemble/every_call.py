"""One ensemble, with the k-th call to the disk failed, or every call from the k-th on, or the process killed there.

``python -m tests.ensemble.every_call FOLDER`` prints its figures as JSON. Modules are loaded once; each trial runs in a
fork of that process, which has one thread. A fork ends with 0 when the ensemble was complete, 2 when it was refused
with a message, and 1 on anything else.
"""

import io
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd  # noqa: F401  (loaded before the forks)
import pyarrow as pa

from dehliz.base.errors import DehlizError
from dehliz.study.ensemble import run_ensemble
from dehliz.study.ensemble_here import Here
from tests.ensemble.command import make_spec

RUNS = 2
MODES = ("once", "from then on", "kill")


class Shim:
    """Counts every call that reaches the disk below a folder, and fails or kills at one."""

    def __init__(self, folder: Path, mode: str = "", at: int = 0) -> None:
        self.count = 0
        self.names: list[str] = []
        self._folder, self._mode, self._at = str(folder), mode, at
        self._handles: set[int] = set()

    def strike(self, name: str) -> bool:
        """Count a call; whether it must fail."""
        self.count += 1
        self.names.append(name)
        is_due = self.count == self._at or (self._mode == "from then on" and self.count > self._at > 0)
        if is_due and self._mode == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        return is_due

    def install(self) -> None:
        real_open, real_close = os.open, os.close

        def open_one(path: Any, *rest: Any, **more: Any) -> int:
            if not str(path).startswith(self._folder):
                return real_open(path, *rest, **more)
            if self.strike("open"):
                raise OSError(28, "No space left on device", str(path))
            handle = real_open(path, *rest, **more)
            self._handles.add(handle)
            return handle

        def close_one(handle: int) -> None:
            self._handles.discard(handle)
            real_close(handle)

        os.open, os.close = open_one, close_one  # type: ignore[assignment]
        for name in ("write", "fsync", "ftruncate", "read"):
            setattr(os, name, self._wrap_handle(name, getattr(os, name)))
        for name in ("replace", "unlink", "mkdir", "listdir", "scandir", "stat"):
            setattr(os, name, self._wrap_path(name, getattr(os, name)))
        io.open = self._wrap_path("file", io.open)
        self._install_sqlite()

    def _wrap_handle(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(handle: int, *rest: Any) -> Any:
            if handle in self._handles and self.strike(name):
                raise OSError(5, "Input/output error")
            return real(handle, *rest)

        return call

    def _wrap_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any = ".", *rest: Any, **more: Any) -> Any:
            if str(path).startswith(self._folder) and self.strike(name):
                raise OSError(28, "No space left on device", str(path))
            return real(path, *rest, **more)

        return call

    def _install_sqlite(self) -> None:
        shim, real = self, sqlite3.connect

        class Link(sqlite3.Connection):
            def execute(self, words: str, *rest: Any) -> sqlite3.Cursor:
                shim.fail(words)
                return super().execute(words, *rest)

            def executemany(self, words: str, *rest: Any) -> sqlite3.Cursor:
                shim.fail(words)
                return super().executemany(words, *rest)

        def connect(path: Any, **more: Any) -> sqlite3.Connection:
            shim.fail("connect")
            return real(path, factory=Link, **more)

        sqlite3.connect = connect  # type: ignore[assignment]

    def fail(self, words: str) -> None:
        if self.strike(f"sqlite {words.split(maxsplit=1)[0]}"):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error


class Told(Here):
    """Writes down what was acknowledged, where no shim looks."""

    def __init__(self, witness: int) -> None:
        self._witness = witness

    def run(self, order: Any, numbers: Sequence[int], on_told: Any, deadline_s: float | None) -> Any:
        def tell(outcomes: Sequence[Any]) -> None:
            on_told(outcomes)
            os.write(self._witness, b"".join(b"%d\n" % one.number for one in outcomes))

        return super().run(order, numbers, tell, deadline_s)


def fork(work: Callable[[], int]) -> int:
    """Exit code of some work in a process of its own; minus the signal when it was killed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = work()
        except BaseException as error:  # noqa: BLE001  (the fork must not go on as its parent)
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def compute(folder: Path, witness: int, shim: Shim | None) -> int:
    if shim is not None:
        shim.install()
    try:
        made = run_ensemble(make_spec(), folder, RUNS, Told(witness))
    except DehlizError:
        return 2
    return 0 if made.status == "ok" else 3


def count_calls(place: Path) -> list[str]:
    folder, pipe = place / "counted", os.pipe()
    shim = Shim(folder)

    def work() -> int:
        code = compute(folder, os.open(os.devnull, os.O_WRONLY), shim)
        os.write(pipe[1], json.dumps(shim.names).encode())
        return code

    assert fork(work) == 0
    return list(json.loads(os.read(pipe[0], 1 << 16)))


def read_manifest(folder: Path) -> bytes:
    tables = sorted((folder / "tables").iterdir())
    return (
        b"".join([path.name.encode() + path.read_bytes() for path in tables])
        + (folder / "manifest.json").read_bytes()
    )


def list_recorded(folder: Path) -> set[int]:
    if not (folder / "ledger.sqlite").exists():
        return set()
    link = sqlite3.connect(folder / "ledger.sqlite")
    tables = link.execute("SELECT name FROM sqlite_master").fetchall()
    rows = link.execute("SELECT number FROM run WHERE state = 'done'").fetchall() if tables else []
    link.close()
    return {number for (number,) in rows}


def try_one(place: Path, mode: str, at: int, wanted: bytes, found: Counter[str]) -> None:
    folder, seen = place / "tried", place / "seen"
    shutil.rmtree(folder, ignore_errors=True)
    seen.write_bytes(b"")
    witness = os.open(seen, os.O_WRONLY | os.O_APPEND)
    code = fork(lambda: compute(folder, witness, Shim(folder, mode, at)))
    os.close(witness)
    found[f"{mode}: {code}"] += 1
    if code not in ((-signal.SIGKILL,) if mode == "kill" else (0, 2)):
        found["violation: unexpected end"] += 1
        sys.stderr.write(f"{mode} at {at}: ended with {code}\n")
    acknowledged = {int(word) for word in seen.read_text().split()}
    # An open connection repairs what a killed one has left: only then does a file say what is committed.
    found["acknowledged"] += len(acknowledged)
    found["lost"] += bool(folder.exists()) and len(acknowledged - list_recorded(folder))
    code = fork(lambda: compute(folder, os.open(os.devnull, os.O_WRONLY), None))
    is_equal = code == 0 and read_manifest(folder) == wanted
    if not is_equal or list(folder.rglob("*.tmp")):
        found["violation: not the same after going on"] += 1
        sys.stderr.write(f"{mode} at {at}: going on ended with {code}\n")


def main() -> None:
    place = Path(sys.argv[1])
    pa.set_cpu_count(1)
    names = count_calls(place)
    wanted = read_manifest(place / "counted")
    found: Counter[str] = Counter()
    for mode in MODES:
        for at in range(1, len(names) + 1):
            try_one(place, mode, at, wanted, found)
    print(json.dumps({"calls": len(names), "kinds": Counter(names), "found": found}))


if __name__ == "__main__":
    main()
