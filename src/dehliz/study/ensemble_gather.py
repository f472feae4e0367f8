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
from dehliz.study.ensemble_store import MANIFEST, TABLES, Store, open_document, seal_document
from dehliz.version import __version__

if TYPE_CHECKING:
    import pandas as pd

RUN_TABLE: Final = "ensemble_run"
MISSING: Final = "missing"
ROW_GROUP_COUNT: Final = 65_536
"""Rows of a group, the last one of a table excepted."""

OnDone = Callable[[int], None]
"""Told how many runs have been read."""


def survey(
    store: Store, numbers: Sequence[int], on_done: OnDone | None = None
) -> tuple[dict[str, pa.Schema], list[int]]:
    """Columns of every table over all runs, and the runs whose files are damaged.

    Parameters
    ----------
    store : Store
        The ensemble.
    numbers : sequence of int
        Runs that are done, in order.
    on_done : callable, optional
        Told how many runs have been read.

    Raises
    ------
    StoreError
        When the columns of two runs do not fit.
    """
    schemas: dict[str, pa.Schema] = {}
    damaged = []
    for count, number in enumerate(numbers, 1):
        try:
            tables = store.read(number)
        except Damaged:
            damaged.append(number)
            continue
        for name, table in tables.items():
            known = schemas.get(name)
            if known is None or not known.equals(table.schema):
                schemas[name] = _unify(known, table.schema, name, number)
        if on_done is not None:
            on_done(count)
    return schemas, damaged


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
        self._waiting: list[pa.Table] = []
        self._waiting_count = 0
        self._file = AsideFile(path)
        self._writer = pq.ParquetWriter(self._file, schema, compression="zstd", write_page_checksum=True)

    def add(self, number: int, table: pa.Table) -> None:
        run = pa.array([number], pa.int32()).take(pa.array([0] * table.num_rows, pa.int32()))
        fitted = table.cast(pa.schema(list(self._schema)[1:]))
        self._waiting.append(pa.table([run, *fitted.columns], schema=self._schema))
        self._waiting_count += table.num_rows
        while self._waiting_count >= ROW_GROUP_COUNT:
            whole = pa.concat_tables(self._waiting)
            self._write(whole.slice(0, ROW_GROUP_COUNT))
            self._waiting = [whole.slice(ROW_GROUP_COUNT)]
            self._waiting_count = self._waiting[0].num_rows

    def _write(self, table: pa.Table) -> None:
        # One chunk for each column, so that pages do not depend on the pieces the rows came in.
        self._writer.write_table(table.combine_chunks(), row_group_size=ROW_GROUP_COUNT)

    def close(self) -> None:
        if self._waiting_count:
            self._write(pa.concat_tables(self._waiting))
        self._waiting, self._waiting_count = [], 0
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
    store: Store,
    numbers: Sequence[int],
    schemas: dict[str, pa.Schema],
    runs: pa.Table,
    on_done: OnDone | None = None,
) -> dict[str, str]:
    """Write the tables of all runs and the manifest that seals them.

    Parameters
    ----------
    store : Store
        The ensemble.
    numbers : sequence of int
        Runs that are done, in order.
    schemas : dict of str to Schema
        What ``survey`` found.
    runs : Table
        Table ``ensemble_run``.
    on_done : callable, optional
        Told how many runs have been read.

    Returns
    -------
    dict of str to str
        SHA-256 of each table's file.

    Raises
    ------
    StoreError
        When the disk refuses; older tables stay.
    Damaged
        When a run was damaged after ``survey`` had read it.
    """
    place = store.folder / TABLES
    try:
        place.mkdir(exist_ok=True)
        hashes = _write_tables(store, numbers, schemas, runs, on_done)
        manifest = {
            "name": "ensemble",
            "version": __version__,
            "spec": open_document(store.folder / "ensemble.json")["spec"],
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
    return hashes


def _write_tables(
    store: Store,
    numbers: Sequence[int],
    schemas: dict[str, pa.Schema],
    runs: pa.Table,
    on_done: OnDone | None,
) -> dict[str, str]:
    place = store.folder / TABLES
    aside = {name: place / f"{name}.parquet{ASIDE}" for name in sorted({*schemas, RUN_TABLE})}
    sinks: dict[str, _Sink] = {}
    try:
        for name, schema in schemas.items():
            sinks[name] = _Sink(aside[name], pa.schema([pa.field("run", pa.int32()), *schema]))
        for count, number in enumerate(numbers, 1):
            for name, table in store.read(number).items():
                sinks[name].add(number, table)
            if on_done is not None:
                on_done(count)
        for sink in sinks.values():
            sink.close()
        sinks = {}
        with AsideFile(aside[RUN_TABLE]) as file:
            pq.write_table(
                runs, file, compression="zstd", row_group_size=ROW_GROUP_COUNT, write_page_checksum=True
            )
        hashes = {name: _hash_file(path) for name, path in aside.items()}
        # Until the new manifest stands, an older one would not fit the new tables.
        (store.folder / MANIFEST).unlink(missing_ok=True)
        for name, path in aside.items():
            os.replace(path, place / f"{name}.parquet")  # noqa: PTH105
        _drop_others(place, set(aside))
    except BaseException:
        for sink in sinks.values():
            sink.drop()
        for path in aside.values():
            remove_quietly(path)
        raise
    return hashes


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
