"""The record of which runs of an ensemble are done: one SQLite file, written by the supervisor alone.

A run counts as done when its row is committed here, after its file is on disk. Each row carries a hash of itself, so
that damage is seen. The journal is the classic one with full synchronisation: one process writes, so nothing is gained
by a write-ahead log, and versions of SQLite before 3.51.3 can corrupt theirs. The next file is
``study/ensemble_store.py``.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from dehliz.base.errors import StoreError

DONE: Final = "done"
FAILED: Final = "failed"

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS run (
    number INTEGER PRIMARY KEY, state TEXT NOT NULL, sha256 TEXT NOT NULL, byte_count INTEGER NOT NULL,
    job_s REAL NOT NULL, attempt_count INTEGER NOT NULL, reason TEXT NOT NULL, seal TEXT NOT NULL
) STRICT
"""
_COLUMNS: Final = "number, state, sha256, byte_count, job_s, attempt_count, reason, seal"

_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_FULL: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


class Row(NamedTuple):
    """What is recorded of a run: its state, the hash and size of its file, and how it went."""

    number: int
    state: str
    sha256: str = ""
    byte_count: int = 0
    job_s: float = 0.0
    attempt_count: int = 1
    reason: str = ""

    def seal(self) -> str:
        """Hash of everything in the row."""
        return hashlib.sha256(repr(tuple(self)).encode()).hexdigest()[:16]


class Ledger:
    """An open record."""

    def __init__(self, path: Path) -> None:
        """Open a record, or make one.

        Raises
        ------
        StoreError
            When it is damaged, or the disk refuses.
        """
        self._path = path
        with self._explaining():
            self._link = sqlite3.connect(path, isolation_level=None, timeout=10.0)
            try:
                self._link.execute("PRAGMA journal_mode = DELETE")
                self._link.execute("PRAGMA synchronous = FULL")
                self._link.execute(_TABLE)
                (word,) = self._link.execute("PRAGMA quick_check").fetchone()
                if word != "ok":
                    raise self._damage()
            except BaseException:
                self._link.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._link.close()

    def write(self, rows: Iterable[Row], forgotten: Iterable[int] = ()) -> None:
        """Record runs and forget others, all or none.

        Raises
        ------
        StoreError
            When the disk refuses; nothing is recorded then.
        """
        sealed = [(*row, row.seal()) for row in rows]
        with self._explaining():
            self._link.execute("BEGIN IMMEDIATE")
            try:
                self._link.executemany(
                    "DELETE FROM run WHERE number = ?", [(number,) for number in forgotten]
                )
                self._link.executemany(
                    f"INSERT OR REPLACE INTO run ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", sealed
                )
                self._link.execute("COMMIT")
            except BaseException:
                if self._link.in_transaction:
                    self._link.execute("ROLLBACK")
                raise

    def read(self, number: int) -> Row | None:
        """The row of a run, or none.

        Raises
        ------
        StoreError
            When it is damaged.
        """
        return next(self.each(number, number + 1), None)

    def each(self, first: int, end: int) -> Iterator[Row]:
        """Rows with numbers from ``first`` up to but without ``end``, in order.

        Raises
        ------
        StoreError
            When one is damaged.
        """
        with self._explaining():
            found = self._link.execute(
                f"SELECT {_COLUMNS} FROM run WHERE number >= ? AND number < ? ORDER BY number", (first, end)
            )
            for *values, seal in found:
                row = Row(*values)
                if row.seal() != seal:
                    raise self._damage()
                yield row

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._explain(error) from error
        except UnicodeError as error:  # what SQLite says of a damaged file may quote its bytes
            raise self._damage() from error

    def _damage(self) -> StoreError:
        return StoreError(
            f"{self._path}: the record of the runs is damaged. Runs are taken only as they were recorded. Remove this "
            "file and give the same command again: every run whose file is whole is taken up again."
        )

    def _explain(self, error: sqlite3.Error) -> StoreError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            return self._damage()
        if code in _FULL:
            return DiskFull(
                f"{self._path}: the disk is full or refuses to write ({error}). Runs that are done are kept. Free some "
                "room and give the same command again: it goes on where it was."
            )
        return StoreError(
            f"{self._path}: {error}. The record of the runs must be readable and writable. Look at the folder's "
            "permissions and its disk, and give the same command again."
        )


class DiskFull(StoreError):
    """There is no room for a record."""
