"""A run's folder: a manifest and Parquet tables, written whole or not at all.

Knows neither settings nor results: it writes dictionaries and tables, so that the report and, later, the web
server start without a compiler in memory. Everything is first written into a folder beside the target and then
renamed, so that a stopped run never leaves half a folder under the run's name.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dehliz.base.errors import StoreError, list_ids, quote
from dehliz.base.schema import list_tables, read_spec
from dehliz.version import __version__

MANIFEST = "manifest.json"
TABLES = "tables"

_KINDS: dict[str, type] = {
    "name": str,
    "title": str,
    "version": str,
    "shipment": str,
    "status": str,
    "notes": list,
}
"""Kinds of the values that a reader of the manifest relies on."""


def write_run(
    folder: Path,
    manifest: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    texts: Mapping[str, str],
    overwrite: bool = False,
) -> Path:
    """Write a run folder whole.

    Parameters
    ----------
    folder : Path
        The folder to make.
    manifest : mapping
        What was run; the hash of every table is added.
    tables : mapping of str to DataFrame
        Tables by name.
    texts : mapping of str to str
        Further files by name, such as ``report.html``.
    overwrite : bool
        Whether an older run folder may be replaced.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    StoreError
        When the folder exists and may not be replaced, is not a run folder, or the disk refuses.
    """
    check_target(folder, overwrite)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
            draft = Path(scratch) / "run"
            (draft / TABLES).mkdir(parents=True)
            hashes = {
                name: _write_table(table, draft / TABLES / f"{name}.parquet")
                for name, table in tables.items()
            }
            for name, text in texts.items():
                _write_text(draft / name, text)
            whole = {**manifest, "tables": dict(sorted(hashes.items()))}
            _write_text(
                draft / MANIFEST, json.dumps(whole, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
            )
            _put(draft, folder, Path(scratch) / "old")
    except OSError as error:
        raise StoreError(
            f"The run could not be written to {folder}: {error.strerror or error}. The folder and its disk need "
            "room and permission to write. Choose another place with --folder."
        ) from error
    return folder


def read_run(folder: Path, needed: Sequence[str] = ()) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Manifest and tables of a run folder.

    Parameters
    ----------
    folder : Path
        The run folder.
    needed : sequence of str
        Tables without which it is of no use.

    Raises
    ------
    StoreError
        When the folder is missing, is not a run folder, or a table is damaged, missing or of another version.
    """
    manifest = _read_manifest(folder)
    tables = {}
    for name in needed:
        if name not in manifest["tables"]:
            raise StoreError(
                f"{folder / MANIFEST}: there is no table {name}. It is needed. Run the study again."
            )
    for name, expected in manifest["tables"].items():
        path = folder / TABLES / f"{name}.parquet"
        if not _is_plain(name):
            raise StoreError(
                f"{folder / MANIFEST}: {quote(str(name))} is no name of a table. The file was changed. Run the study "
                "again."
            )
        found = _hash(path) if path.is_file() else "nothing"
        if found != expected:
            raise StoreError(
                f"{path}: the table is {'missing' if found == 'nothing' else 'not the one that was written'}. "
                "A run folder is read only when all its tables are as the manifest says. Run the study again."
            )
        tables[name] = _read_table(path)
        _check_columns(tables[name], name, path, manifest)
    return manifest, tables


def _is_plain(name: str) -> bool:
    return name.replace("_", "").isalnum()


def _read_table(path: Path) -> pd.DataFrame:
    try:
        table: pd.DataFrame = pq.read_table(path).to_pandas()
    except (OSError, ValueError) as error:  # pyarrow's errors are kinds of these
        raise StoreError(
            f"{path}: the table cannot be read. A run folder holds Parquet tables. Run the study again."
        ) from error
    return table


def _check_columns(table: pd.DataFrame, name: str, path: Path, manifest: Mapping[str, Any]) -> None:
    known = read_spec(name).column_names if name in list_tables() else ()
    missing = [column for column in known if column not in table.columns]
    if missing:
        raise StoreError(
            f"{path}: there is no column {list_ids(missing)}. The run was made by version "
            f"{manifest.get('version', 'unknown')}, this is version {__version__}. Run the study again."
        )


def _put(draft: Path, folder: Path, old: Path) -> None:
    """The draft in the place of the folder, or everything as it was."""
    if not folder.exists():
        draft.rename(folder)
        return
    folder.rename(old)
    try:
        draft.rename(folder)
    except OSError:
        old.rename(folder)
        raise


def check_target(folder: Path, overwrite: bool) -> None:
    """Refuse a folder that a run cannot be written to, before the run rather than after it.

    Raises
    ------
    StoreError
        When the folder exists and may not be replaced, or is not a run folder.
    """
    if not folder.exists():
        first = next(path for path in folder.absolute().parents if path.exists())
        if not (first.is_dir() and os.access(first, os.W_OK)):
            raise StoreError(
                f"{folder} cannot be made: {first} is not a folder that can be written to. A run needs one. Choose "
                "another place with --folder."
            )
        return
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if not (folder / MANIFEST).is_file():
        raise StoreError(
            f"{folder} exists and is not a run folder. A run is written to a new folder or over an older run. "
            "Choose another place with --folder."
        )
    if not overwrite:
        raise StoreError(
            f"{folder} holds a run already. Runs are not replaced unawares. Choose another place with --folder, or "
            "say --overwrite."
        )


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(
            f"{folder} is not a run folder: {MANIFEST} cannot be read. Give the folder that dehliz run has made."
        ) from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("tables"), dict):
        raise StoreError(
            f"{folder / MANIFEST}: no list of tables. The file was changed. Run the study again."
        )
    wrong = [key for key, kind in _KINDS.items() if not isinstance(manifest.get(key, kind()), kind)]
    if wrong:
        raise StoreError(
            f"{folder / MANIFEST}: key {list_ids(wrong)} has a value of another kind. The file was changed. Run the "
            "study again."
        )
    return manifest


def _write_table(table: pd.DataFrame, path: Path) -> str:
    # Without pandas' own metadata the bytes depend on the values alone.
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, path, compression="zstd")
    return _hash(path)


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
