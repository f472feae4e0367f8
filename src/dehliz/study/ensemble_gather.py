"""All runs of an ensemble into one table of each kind, in the order of their numbers.

Runs are read one after the other and rows leave in groups of fixed size, so that memory does not grow with the number
of runs, and the bytes depend on the rows alone: not on who computed them, in what order, or what was killed meanwhile.
The file before is ``study/ensemble_store.py``, the next one ``study/ensemble.py``.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from dehliz.base.errors import StoreError, list_ids
from dehliz.study.ensemble_disk import (
    ASIDE,
    AsideFile,
    explain,
    remove_quietly,
    sync_folder,
    write_aside,
)
from dehliz.study.ensemble_member import Damaged
from dehliz.study.ensemble_store import IDENTITY, MANIFEST, TABLES, Store, open_document, seal_document
from dehliz.version import __version__

if TYPE_CHECKING:
    import pandas as pd

RUN_TABLE: Final = "ensemble_run"
MISSING: Final = "missing"
ROW_GROUP_COUNT: Final = 65_536
"""Rows of a group, the last one of a table excepted."""

_MOST_PIECE_COUNT: Final = 64

OnDone = Callable[[int], None]
"""Told how many runs have been read."""


class Unlike(Exception):
    """A table has other types than in the runs before, so that all runs must be looked at first."""


def survey(store: Store, numbers: Sequence[int]) -> dict[str, pa.Schema]:
    """Columns of every table over all runs, with types that hold the values of each.

    Parameters
    ----------
    store : Store
        The ensemble.
    numbers : sequence of int
        Runs that are done, in order.

    Raises
    ------
    StoreError
        When the columns of two runs do not fit.
    Damaged
        When a run's file is.
    """
    schemas: dict[str, pa.Schema] = {}
    for number in numbers:
        for name, table in store.read(number).items():
            known = schemas.get(name)
            if known is None or not known.equals(table.schema):
                schemas[name] = _unify(known, table.schema, name, number)
    return schemas


def _unify(known: pa.Schema | None, found: pa.Schema, name: str, number: int) -> pa.Schema:
    if "run" in found.names:
        raise StoreError(
            f"Run {number}: its table {name} has a column run. That column is the ensemble's. Rename it."
        )
    try:
        if known is not None and known.names != found.names:
            raise pa.ArrowInvalid(f"columns {list_ids(found.names)} instead of {list_ids(known.names)}")
        return found if known is None else pa.unify_schemas([known, found], promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise StoreError(
            f"Run {number}: its table {name} does not fit that of earlier runs: {error}. Every run must give the same "
            "columns. This is a fault of the job, not of your input; report it."
        ) from error


class _Sink:
    """A table that is being written: rows come in pieces and leave in groups of fixed size."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._joined: list[pa.Table] = []
        self._waiting: list[pa.Table] = []
        self._waiting_count = 0
        self._file = AsideFile(path)
        self._writer = pq.ParquetWriter(self._file, schema, compression="zstd", write_page_checksum=True)

    def add(self, number: int, table: pa.Table) -> None:
        run = pa.repeat(pa.scalar(number, pa.int32()), table.num_rows)
        self._waiting.append(pa.table([run, *table.columns], schema=self._schema))
        self._waiting_count += table.num_rows
        if len(self._waiting) >= _MOST_PIECE_COUNT:
            # Many tables of a few rows need far more room than their rows.
            self._joined.append(pa.concat_tables(self._waiting).combine_chunks())
            self._waiting = []
        while self._waiting_count >= ROW_GROUP_COUNT:
            whole = pa.concat_tables([*self._joined, *self._waiting])
            self._write(whole.slice(0, ROW_GROUP_COUNT))
            self._joined, self._waiting = [whole.slice(ROW_GROUP_COUNT).combine_chunks()], []
            self._waiting_count -= ROW_GROUP_COUNT

    def _write(self, table: pa.Table) -> None:
        # One chunk for each column, so that pages do not depend on the pieces the rows came in.
        self._writer.write_table(table.combine_chunks(), row_group_size=ROW_GROUP_COUNT)

    def close(self) -> None:
        if self._waiting_count:
            self._write(pa.concat_tables([*self._joined, *self._waiting]))
        self._joined, self._waiting, self._waiting_count = [], [], 0
        self._writer.close()
        self._file.close()

    def drop(self) -> None:
        """Close it without what is missing."""
        for close in (self._writer.close, self._file.close):
            try:
                close()
            except OSError:
                continue  # it is removed anyhow


def gather(
    store: Store, numbers: Sequence[int], runs: pa.Table, on_done: OnDone | None = None
) -> tuple[dict[str, str], list[int]]:
    """Write the tables of all runs and the manifest that seals them, unless files of runs are damaged.

    Parameters
    ----------
    store : Store
        The ensemble.
    numbers : sequence of int
        Runs that are done, in order.
    runs : Table
        Table ``ensemble_run``.
    on_done : callable, optional
        Told how many runs have been read.

    Returns
    -------
    hashes : dict of str to str
        SHA-256 of each table's file.
    damaged : list of int
        Runs whose files are damaged; nothing was written then.

    Raises
    ------
    StoreError
        When the disk refuses, or the columns of two runs do not fit; older tables stay.
    """
    place = store.folder / TABLES
    try:
        place.mkdir(exist_ok=True)
        try:
            hashes, damaged = _write_tables(store, numbers, {}, runs, on_done)
        except Unlike:
            hashes, damaged = _write_tables(store, numbers, survey(store, numbers), runs, on_done)
        if damaged:
            return {}, damaged
        manifest = {
            "name": "ensemble",
            "version": __version__,
            "spec": open_document(store.folder / IDENTITY)["spec"],
            "environment": store.order.environment,
            "runs": runs.num_rows,
            "status": "ok" if len(numbers) == runs.num_rows else "incomplete",
            "tables": hashes,
        }
        sync_folder(place)
        write_aside(store.folder / MANIFEST, seal_document(manifest))
        sync_folder(store.folder)
    except OSError as error:
        raise explain(error, place) from error
    return hashes, []


class _Sinks:
    """All tables that are being written."""

    def __init__(self, place: Path, schemas: dict[str, pa.Schema]) -> None:
        self.paths = {RUN_TABLE: place / f"{RUN_TABLE}.parquet{ASIDE}"}
        self._place = place
        self._schemas = dict(schemas)
        self._is_agreed = bool(schemas)
        self._open: dict[str, _Sink] = {}

    def add(self, number: int, name: str, table: pa.Table) -> None:
        """Add the rows of a run; ``Unlike`` when its types are others than before and none were agreed on."""
        schema = self._schemas.get(name)
        if schema is None:
            schema = self._schemas[name] = _unify(None, table.schema, name, number)
        elif not schema.equals(table.schema):
            if not self._is_agreed:
                raise Unlike(name)
            table = table.cast(schema)
        if name not in self._open:
            self.paths[name] = self._place / f"{name}.parquet{ASIDE}"
            self._open[name] = _Sink(self.paths[name], pa.schema([pa.field("run", pa.int32()), *schema]))
        self._open[name].add(number, table)

    def close(self, runs: pa.Table) -> None:
        """Finish every table, and write that of the runs."""
        for sink in self._open.values():
            sink.close()
        with AsideFile(self.paths[RUN_TABLE]) as file:
            pq.write_table(
                runs, file, compression="zstd", row_group_size=ROW_GROUP_COUNT, write_page_checksum=True
            )

    def drop(self) -> None:
        """Leave nothing behind."""
        for sink in self._open.values():
            sink.drop()
        for path in self.paths.values():
            remove_quietly(path)


def _write_tables(
    store: Store,
    numbers: Sequence[int],
    schemas: dict[str, pa.Schema],
    runs: pa.Table,
    on_done: OnDone | None,
) -> tuple[dict[str, str], list[int]]:
    sinks = _Sinks(store.folder / TABLES, schemas)
    damaged = []
    try:
        for count, number in enumerate(numbers, 1):
            try:
                tables = store.read(number)
            except Damaged:
                damaged.append(number)
                continue
            for name, table in tables.items() if not damaged else ():
                sinks.add(number, name, table)
            if on_done is not None:
                on_done(count)
        if damaged:
            sinks.drop()
            return {}, damaged
        sinks.close(runs)
        hashes = {name: _hash_file(path) for name, path in sorted(sinks.paths.items())}
        _put(store.folder, sinks.paths)
    except BaseException:
        sinks.drop()
        raise
    return hashes, []


def _put(folder: Path, paths: dict[str, Path]) -> None:
    """New tables in the place of older ones."""
    # Until the new manifest stands, an older one would not fit the new tables.
    (folder / MANIFEST).unlink(missing_ok=True)
    for name, path in paths.items():
        os.replace(path, folder / TABLES / f"{name}.parquet")  # noqa: PTH105
    _drop_others(folder / TABLES, set(paths))


def _drop_others(place: Path, names: set[str]) -> None:
    for path in place.glob("*.parquet"):
        if path.stem not in names:
            remove_quietly(path)


def tell_runs(store: Store, run_count: int) -> pa.Table:
    """Table ``ensemble_run``: the state of every run, and why one failed.

    Parameters
    ----------
    store : Store
        The ensemble.
    run_count : int
        Number of runs.
    """
    state = [MISSING] * run_count
    reason = [""] * run_count
    for row in store.each_row(run_count):
        state[row.number] = row.state
        reason[row.number] = row.reason
    columns = [
        pa.array(range(run_count), pa.int32()),
        pa.array(state, pa.string()),
        pa.array(reason, pa.string()),
    ]
    return pa.table(columns, names=["run", "state", "reason"])


def read_ensemble(folder: Path) -> dict[str, Any]:
    """The manifest of an ensemble's tables.

    Raises
    ------
    StoreError
        When there is none, or it is damaged.
    """
    if not (folder / MANIFEST).is_file():
        raise StoreError(
            f"{folder} holds no tables of an ensemble. They are written when its runs are done. Give the command that "
            "began it again."
        )
    return open_document(folder / MANIFEST)


def read_table(folder: Path, name: str, columns: Sequence[str] | None = None) -> "pd.DataFrame":
    """A table of an ensemble, verified against the manifest.

    Parameters
    ----------
    folder : Path
        The ensemble's folder.
    name : str
        Name of the table.
    columns : sequence of str, optional
        Columns wanted; all when left out.

    Raises
    ------
    StoreError
        When there is no such table, or it is not the one that was written.
    """
    tables = read_ensemble(folder)["tables"]
    if name not in tables:
        raise StoreError(
            f"{folder}: there is no table {name}. There are {', '.join(tables)}. Choose one of them."
        )
    path = folder / TABLES / f"{name}.parquet"
    try:
        found = _hash_file(path)
    except FileNotFoundError:
        found = ""
    except OSError as error:
        raise explain(error, path) from error
    if found != tables[name]:
        raise StoreError(
            f"{path}: the table is not the one that was written. A table is read only when it is. Give the command "
            "that made the ensemble again: it writes the tables anew."
        )
    wanted = None if columns is None else list(columns)
    frame: pd.DataFrame = pq.read_table(path, columns=wanted, page_checksum_verification=True).to_pandas()
    return frame


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
