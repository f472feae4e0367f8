"""The folder of an ensemble: what it is of, one file for each run, the record, and recovery after anything.

``ensemble.json`` says which specification and versions the folder is of, ``runs/`` holds the files that
``study/ensemble_member.py`` writes, ``ledger.sqlite`` is the record. A run is acknowledged by ``record``: its file and
its name are on disk, then its row is committed. The next file is ``study/ensemble_gather.py``.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from dehliz.base.errors import StoreError, list_ids
from dehliz.study.ensemble_disk import ASIDE, explain, remove_quietly, sync_folder, write_aside
from dehliz.study.ensemble_environment import check_environment, read_environment
from dehliz.study.ensemble_job import Failed, Order, Outcome, Written
from dehliz.study.ensemble_ledger import DONE, FAILED, DiskFull, Ledger, Row
from dehliz.study.ensemble_lock import LOCK, Lock
from dehliz.study.ensemble_member import (
    ENDING,
    RUNS,
    Damaged,
    check_head,
    find_path,
    read_member,
    read_sealed,
    tell_seal,
)

IDENTITY: Final = "ensemble.json"
LEDGER: Final = "ledger.sqlite"
RESERVE: Final = "reserve"
MANIFEST: Final = "manifest.json"
TABLES: Final = "tables"
RESERVE_BYTE_COUNT: Final = 65_536
"""Room that is kept for recording what was written when the disk is full otherwise."""

_OURS: Final = (IDENTITY, LEDGER, RESERVE, MANIFEST, TABLES, RUNS, LOCK)
_CHUNK: Final = 1000


class Store:
    """The open folder of an ensemble; holds its lock."""

    def __init__(self, folder: Path, order: Order, lock: Lock, ledger: Ledger) -> None:
        self.folder = folder
        self.order = order
        self._lock = lock
        self._ledger = ledger

    def __enter__(self) -> "Store":
        """The store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the folder back."""
        self._ledger.close()
        self._lock.close()

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Acknowledge what has happened to runs.

        Raises
        ------
        StoreError
            When the disk refuses; files of runs that could not be recorded are taken up by the next command.
        """
        rows = [_row_of(outcome) for outcome in outcomes]
        written = [find_path(self.folder, one.number).parent for one in outcomes if isinstance(one, Written)]
        try:
            for place in dict.fromkeys(written):
                sync_folder(place)
        except OSError as error:
            raise explain(error, self.folder) from error
        try:
            self._ledger.write(rows)
        except DiskFull:
            remove_quietly(self.folder / RESERVE)
            self._ledger.write(rows)

    def list_pending(self, run_count: int, told: Iterable[int] = ()) -> list[int]:
        """Numbers below ``run_count`` that are not done, without those of ``told``, in order."""
        is_done = bytearray(run_count)
        for number in told:
            is_done[number] = 1
        for row in self._ledger.each(0, run_count):
            if row.state == DONE:
                is_done[row.number] = 1
        return [number for number in range(run_count) if not is_done[number]]

    def each_row(self, run_count: int) -> Iterable[Row]:
        """What is recorded of runs below ``run_count``, in order."""
        return self._ledger.each(0, run_count)

    def read(self, number: int) -> dict[str, pa.Table]:
        """Tables of a run that is done, verified against its record.

        Raises
        ------
        Damaged
            When its file is not the one that was recorded, or is not recorded.
        """
        row = self._ledger.read(number)
        if row is None or row.state != DONE:
            raise Damaged(f"run {number} is not recorded")
        return read_member(find_path(self.folder, number), self.order, number, row.sha256)

    def forget(self, numbers: Sequence[int]) -> None:
        """Drop runs whose files are damaged, so that they are done again."""
        for number in numbers:
            remove_quietly(find_path(self.folder, number))
        self._ledger.write((), numbers)

    def recover(self) -> int:
        """Put the folder in order after whatever has happened.

        What is half-written goes. A file that is not recorded is taken up when it proves itself, and goes otherwise.
        A record without its file goes.

        Returns
        -------
        int
            Runs that were taken up.
        """
        self.tidy()
        adopted_count = sum(self._adopt(place) for place in self._list_places())
        lost = [
            row.number for row in self._ledger.each(0, 2**62) if row.state == DONE and not self._is_there(row)
        ]
        if lost:
            self.forget(lost)
        return adopted_count

    def tidy(self) -> None:
        """Remove what killed processes have left half-written."""
        for place in (self.folder, self.folder / TABLES, *self._list_places()):
            _remove_aside(place)

    def _list_places(self) -> list[Path]:
        return sorted(path for path in (self.folder / RUNS).iterdir() if path.is_dir())

    def _is_there(self, row: Row) -> bool:
        try:
            return find_path(self.folder, row.number).stat().st_size == row.byte_count
        except FileNotFoundError:
            return False

    def _adopt(self, place: Path) -> int:
        first = int(place.name) * _CHUNK if place.name.isdigit() else -1
        known = {row.number for row in self._ledger.each(first, first + _CHUNK) if row.state == DONE}
        found: list[Outcome] = []
        for path in sorted(place.glob(f"*{ENDING}")):
            number = int(path.stem) if path.stem.isdigit() else -1
            if number in known:
                continue
            try:
                content = read_sealed(path)
                check_head(content, self.order, number)
            except Damaged:
                remove_quietly(path)
                continue
            found.append(Written(number, tell_seal(content), len(content), 0.0))
        if found:
            self.record(found)
        return len(found)


def _row_of(outcome: Outcome) -> Row:
    if isinstance(outcome, Failed):
        return Row(outcome.number, FAILED, attempt_count=outcome.attempt_count, reason=outcome.reason)
    return Row(outcome.number, DONE, outcome.sha256, outcome.byte_count, outcome.job_s, outcome.attempt_count)


def _remove_aside(place: Path) -> None:
    if place.is_dir():
        for path in place.glob(f"*{ASIDE}"):
            remove_quietly(path)


def open_store(folder: Path, spec: str) -> Store:
    """Open the folder of an ensemble, or make it, and put it in order.

    Parameters
    ----------
    folder : Path
        The folder.
    spec : str
        Specification as ``write_spec`` writes it.

    Returns
    -------
    Store
        To be used with ``with``.

    Raises
    ------
    StoreError
        When another command works there, it is of another study or of other versions, it is damaged, or the disk
        refuses.
    """
    folder = folder.absolute()
    try:
        return _open(folder, spec)
    except OSError as error:
        raise explain(error, folder) from error


def _open(folder: Path, spec: str) -> Store:
    _check_folder(folder)
    (folder / RUNS).mkdir(parents=True, exist_ok=True)
    lock = Lock(folder)
    try:
        order = _identify(folder, spec)
        _keep_reserve(folder / RESERVE)
        store = Store(folder, order, lock, Ledger(folder / LEDGER))
    except BaseException:
        lock.close()
        raise
    try:
        store.recover()
    except BaseException:
        store.__exit__()
        raise
    return store


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise StoreError(
            f"{folder} is a file. An ensemble needs a folder. Choose another place with --folder."
        )
    if not folder.exists() or (folder / IDENTITY).exists():
        return
    others = sorted(path.name for path in folder.iterdir() if not _is_ours(path.name))
    if others:
        raise StoreError(
            f"{folder} holds other things ({list_ids(others)}) and no ensemble. An ensemble needs a folder of its own. "
            "Choose another place with --folder."
        )


def _is_ours(name: str) -> bool:
    return name in _OURS or name.endswith(ASIDE) or name.startswith(f"{LEDGER}-")


def _identify(folder: Path, spec: str) -> Order:
    """What the folder is of; written when it is new."""
    order = Order(str(folder), spec, read_environment())
    path = folder / IDENTITY
    if not path.exists():
        document = {"spec": json.loads(spec), "environment": order.environment}
        write_aside(path, seal_document(document))
        sync_folder(folder)
        return order
    document = open_document(path)
    if document["spec"] != json.loads(spec):
        wanted, found = json.loads(spec), document["spec"]
        keys = [key for key in sorted({*wanted, *found}) if wanted.get(key) != found.get(key)]
        raise StoreError(
            f"{folder} holds an ensemble of another study or other settings ({list_ids(keys)} differ). One folder is "
            "of one study, with one seed and design. Give the study it was begun with, or choose another place with "
            "--folder."
        )
    check_environment(document["environment"], "This process")
    return order


def seal_document(document: dict[str, Any]) -> bytes:
    """A document as JSON for people, with the hash of its own content."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    sealed = {**document, "seal": hashlib.sha256(text.encode()).hexdigest()}
    return (json.dumps(sealed, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def open_document(path: Path) -> dict[str, Any]:
    """The content of a sealed document.

    Raises
    ------
    StoreError
        When it cannot be read or was changed.
    """
    try:
        content = path.read_bytes()
        document: dict[str, Any] = json.loads(content)
        sealed = {key: value for key, value in document.items() if key != "seal"}
        if seal_document(sealed) == content:
            return sealed
    except OSError as error:
        raise explain(error, path) from error
    except (ValueError, RecursionError, AttributeError):
        pass
    raise StoreError(
        f"{path}: the file is damaged. It must be as it was written. Remove it and give the same command again: every "
        "run whose file is whole and of the same study is taken up again."
    )


def _keep_reserve(path: Path) -> None:
    try:
        if path.stat().st_size == RESERVE_BYTE_COUNT:
            return
    except FileNotFoundError:
        pass
    write_aside(path, os.urandom(RESERVE_BYTE_COUNT))
