"""Files to ``Network`` and back: folders of CSV or Parquet, GMNS, GeoPackage and GeoParquet.

Reading finds out which form a path has, reads its tables as they are and hands them to ``build_network``, so that
all faults of all files come in one list. Writing is plain: sorted rows, plain numbers, LF, UTF-8.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, get_args

import pandas as pd

from dehliz.base.errors import DataError, Issue, SettingsError, StoreError, quote, suggest
from dehliz.base.schema import list_tables
from dehliz.base.sheet import Rule
from dehliz.network import geofiles
from dehliz.network.csvtext import read_text_table, say_file_issue
from dehliz.network.gmns import is_gmns, read_gmns
from dehliz.network.gmns_write import write_gmns
from dehliz.network.network import NEEDED_TABLES, TABLES, Build, Network, RawTable, build_network
from dehliz.network.package import DESCRIPTOR, read_descriptor, write_descriptor
from dehliz.network.plaintext import write_csv

Form = Literal["csv", "parquet", "gmns", "gpkg", "geoparquet"]
FORMS: Final[tuple[str, ...]] = get_args(Form)
ALL_TABLES: Final = (*TABLES, "shape")
_IGNORED: Final = frozenset(list_tables()) - frozenset(ALL_TABLES)
"""Tables of the dictionary that may lie in the same folder and are no part of a network: facts, results."""
_NEAR_SHARE: Final = 0.8
"""Likeness from which an unknown file is taken for a misspelt table: zones.csv is, population.csv is not."""


NETWORK_FILE_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "network.file.form",
            "A network is a folder of tables (CSV, Parquet, GMNS, GeoParquet) or a GeoPackage (.gpkg)",
            "Give the folder that holds the tables",
        ),
        Rule("network.file.name", "A file has the name of its table", "Rename or remove it"),
    )
}
"""Rules for what a path holds."""


def read_network(path: str | Path, name: str = "", *, build: Build = build_network) -> Network:
    """A network from a folder or file of one's own.

    Parameters
    ----------
    path : str or Path
        Folder of ``<table>.csv`` or ``<table>.parquet`` (with or without ``datapackage.json``), GMNS folder,
        folder of GeoParquet files, or ``.gpkg`` file.
    name : str
        What to call the network; the name of the folder or file when empty.
    build : callable
        Checks the tables and keeps them; ``draft_network`` for tables that are not whole yet.

    Returns
    -------
    Network

    Raises
    ------
    DataError
        With every fault of every file.
    """
    path = Path(path)
    if path.name == DESCRIPTOR:
        path = path.parent
    name = name or (path.resolve().stem if path.is_file() else path.resolve().name)
    form = find_form(path)
    if form == "gmns":
        return read_gmns(path, name, build)
    if form == "gpkg":
        return geofiles.read_geopackage(path, name, build)
    if form == "geoparquet":
        return geofiles.read_geoparquet(path, name, build)
    files, issues, notes = _list_files(path, form)
    tables: dict[str, pd.DataFrame | RawTable] = {}
    for table, file in files.items():
        raw, faults, remarks = _read_csv(file, table) if form == "csv" else _read_parquet(file, table)
        issues += faults
        notes += remarks
        if raw is not None:
            tables[table] = raw
    return build(tables, name=name, notes=notes, issues=issues)


def find_form(path: Path) -> Form:
    """Which form a path has.

    Raises
    ------
    DataError
        When there is nothing, or nothing that could be a network.
    """
    if not path.exists():
        near = suggest(
            path.name, [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        )
        issue = say_file_issue("exists", "network", str(path), "there is no such file or folder", (), near)
        raise DataError(f"There is no network at {path}.", [issue])
    if path.is_file():
        if path.suffix.casefold() == ".gpkg":
            return "gpkg"
        rule = NETWORK_FILE_RULES["network.file.form"]
        issue = Issue(
            rule.name, path.name, (), f"a file ending in '{path.suffix}'", rule.expected, rule.remedy
        )
        raise DataError(f"{path} is not a network.", [issue])
    if (path / "node.parquet").exists() or (path / "link.parquet").exists():
        return "geoparquet" if geofiles.has_geometry(path) else "parquet"
    return "gmns" if is_gmns(path) else "csv"


def _list_files(folder: Path, form: Form) -> tuple[dict[str, Path], list[Issue], list[str]]:
    """Files of a folder by table, and what is missing or unknown."""
    issues: list[Issue] = []
    notes: list[str] = []
    described: dict[str, Path] = {}
    if (folder / DESCRIPTOR).exists():
        described, issues, notes = read_descriptor(folder, ALL_TABLES)
    files = described or {table: folder / f"{table}.{form}" for table in ALL_TABLES}
    found = {table: file for table, file in files.items() if file.is_file()}
    present = sorted(item.name for item in folder.iterdir() if item.suffix == f".{form}")
    spare = [item for item in present if item.removesuffix(f".{form}") not in (*ALL_TABLES, *_IGNORED)]
    for table, file in files.items():
        is_wanted = table in NEEDED_TABLES or (table in described and file.name not in present)
        if table not in found and is_wanted:
            hint = suggest(file.name, spare, most=1)
            issues.append(say_file_issue("exists", table, file.name, "there is no such file", (), hint))
    if not (folder / DESCRIPTOR).exists():
        issues += _note_unknown(spare, found, form, notes, {issue.remedy for issue in issues})
    return found, issues, notes


def _note_unknown(
    spare: list[str], found: dict[str, Path], form: Form, notes: list[str], hints: set[str]
) -> list[Issue]:
    issues: list[Issue] = []
    free = [f"{table}.{form}" for table in ALL_TABLES if table not in found]
    for item in spare:
        hint = suggest(item, free, most=1, least_share=_NEAR_SHARE)
        if any(f"'{item}'" in known for known in hints):
            continue
        if hint:
            rule = NETWORK_FILE_RULES["network.file.name"]
            problem = "there is no table of this name"
            issues.append(Issue(rule.name, item, (), problem, rule.expected, f"{hint} {rule.remedy}"))
        else:
            notes.append(f"{item} is not a table of a network and was left out")
    return issues


def _read_csv(file: Path, table: str) -> tuple[RawTable | None, list[Issue], list[str]]:
    text = read_text_table(file, table)
    raw = RawTable(text.frame, file.name, text.lines) if len(text.frame.columns) else None
    return raw, list(text.issues), list(text.notes)


def _read_parquet(file: Path, table: str) -> tuple[RawTable | None, list[Issue], list[str]]:
    try:
        frame = pd.read_parquet(file)
    except (OSError, ValueError):
        return None, [say_file_issue("damaged", table, file.name, "it is not a Parquet file")], []
    return RawTable(frame, file.name), [], []


def write_network(network: Network, path: str | Path, form: str = "csv", overwrite: bool = False) -> Path:
    """Write a network to a new folder or file, whole or not at all.

    Parameters
    ----------
    network : Network
        What to write.
    path : str or Path
        Folder, or the ``.gpkg`` file for form gpkg; made when absent.
    form : {"csv", "parquet", "gmns", "gpkg", "geoparquet"}
        How to write it.
    overwrite : bool
        Whether files of the same names may be replaced; other files of the folder stay.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    SettingsError
        For an unknown form.
    DataError
        When the path is taken, or an optional library is missing.
    StoreError
        When the disk refuses.
    """
    path = Path(path)
    if form not in FORMS:
        hint = suggest(form, FORMS) or "Choose one of them."
        raise SettingsError(f"There is no form {quote(form)}. Forms are {', '.join(FORMS)}. {hint}")
    _check_target(path, form, overwrite)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as scratch:
            draft = Path(scratch) / path.name
            if form == "gpkg":
                geofiles.write_geopackage(network, draft).replace(path)
                return path
            draft.mkdir()
            _WRITERS[form](network, draft)
            path.mkdir(exist_ok=True)
            for file in sorted(draft.iterdir()):
                file.replace(path / file.name)
    except OSError as error:
        raise StoreError(
            f"The network could not be written to {path}: {error.strerror or error}. The folder and its disk need "
            "room and permission to write. Choose another place."
        ) from error
    return path


def _check_target(path: Path, form: str, overwrite: bool) -> None:
    if form == "gpkg":
        if path.suffix.casefold() != ".gpkg" or path.is_dir():
            raise DataError(
                f"{path} cannot be a GeoPackage. Its name has to end in .gpkg. Give another path."
            )
        if path.exists() and not overwrite:
            raise DataError(
                f"{path} exists. Files are not replaced unawares. Give another path, or say --overwrite."
            )
    elif path.exists() and not path.is_dir():
        raise DataError(f"{path} is a file. A folder is needed. Give another path.")
    elif path.is_dir() and any(path.iterdir()) and not overwrite:
        raise DataError(
            f"{path} is not empty. Files are not replaced unawares. Give a new folder, or say --overwrite."
        )


def _write_csv(network: Network, folder: Path) -> None:
    frames = {table: network.table(table) for table in ALL_TABLES}
    for table, frame in frames.items():
        write_csv(frame, folder / f"{table}.csv")
    write_descriptor(folder, network.name, frames, "csv")


def _write_parquet(network: Network, folder: Path) -> None:
    frames = {table: network.table(table) for table in ALL_TABLES}
    for table, frame in frames.items():
        frame.to_parquet(folder / f"{table}.parquet", index=False)
    write_descriptor(folder, network.name, frames, "parquet")


_WRITERS: Final[dict[str, Callable[[Network, Path], object]]] = {
    "csv": _write_csv,
    "parquet": _write_parquet,
    "gmns": write_gmns,
    "geoparquet": geofiles.write_geoparquet,
}
