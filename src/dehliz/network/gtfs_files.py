"""A GTFS feed as files: a folder or a zip file to typed tables and every fault of them, and back.

Nothing of a zip file is unpacked to disk: files of known names at its top are read into memory, up to a size.
"""

import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from dehliz.base.check import check_references, check_table
from dehliz.base.errors import DataError, Issue, StoreError, suggest
from dehliz.base.schema import TableSpec
from dehliz.base.sheet import Sheet
from dehliz.network.csvtext import parse_text_table, say_file_issue
from dehliz.network.gtfs_words import GTFS_RULES, NEEDED_FILES, NOT_READ, SPECS
from dehliz.network.plaintext import write_csv

LARGEST_FILE_COUNT: Final = 64_000_000
"""Bytes of one file of a feed; a table of so many is some gigabytes in memory."""
_FIXED_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""Date of files in a zip file that we write, so that equal feeds are equal bytes."""


def is_gtfs(path: Path) -> bool:
    """Whether a path is a zip file, or a folder with stop times."""
    return path.suffix.casefold() == ".zip" or (path / "stop_times.txt").is_file()


def say_feed(what: str, place: str, found: str) -> Issue:
    """An issue about a whole feed."""
    rule = GTFS_RULES[f"gtfs.{what}"]
    return Issue(rule.name, place, (), found, rule.expected, rule.remedy)


def read_sheets(path: Path) -> tuple[dict[str, Sheet], list[Issue], list[str]]:
    """Typed tables of a feed by file name without ``.txt``, with all that is wrong with files, columns and ids.

    Files that the feed does not have are tables without rows.

    Raises
    ------
    DataError
        When there is no feed at all.
    """
    texts, issues = _read_zip(path) if path.is_file() else _read_folder(path)
    notes: list[str] = []
    sheets: dict[str, Sheet] = {}
    for table, spec in SPECS.items():
        file = f"{table}.txt"
        if file not in texts:
            sheets[table] = Sheet(spec, check_table(pd.DataFrame(), spec, file)[0], file)
            if table in NEEDED_FILES and not any(issue.place == file for issue in issues):
                hint = suggest(
                    file, [name for name in texts if name.removesuffix(".txt") not in SPECS], most=1
                )
                issues.append(say_file_issue("exists", spec.name, file, "there is no such file", (), hint))
            continue
        text = parse_text_table(texts[file], file, spec.name)
        issues += text.issues
        notes += text.notes
        given = _pick_columns(text.frame, spec)
        frame, faults = check_table(given, spec, file, text.lines)
        issues += faults if len(text.frame.columns) else []
        sheets[table] = Sheet(spec, frame, file, text.lines)
    lost = {name for name in SPECS if any(_is_lost(issue, name) for issue in issues)}
    if not {"calendar.txt", "calendar_dates.txt"} & set(texts) and not issues:
        issues.append(say_feed("calendar.given", path.name, "neither calendar.txt nor calendar_dates.txt"))
    bare = [f"{table}.txt" for table in NEEDED_FILES if sheets[table].frame.empty]
    if bare and not issues:
        issues.append(say_feed("feed.rows", path.name, f"no rows in {', '.join(bare)}"))
    return sheets, issues + check_references(sheets, lost), notes


def _is_lost(issue: Issue, table: str) -> bool:
    """Whether a table could not be read in full, so that references to it cannot be judged."""
    name, _, rest = issue.rule.partition(".")
    if name != SPECS[table].name:
        return False
    return rest.startswith("file.") or (rest.endswith("_id.present") and not issue.ids)


def _pick_columns(frame: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Columns that are read, and those that may be a needed one misspelt: GTFS has many more than we read."""
    missing = [c.name for c in spec.columns if c.is_required and c.name not in frame.columns]
    names = [str(name) for name in frame.columns if name not in NOT_READ]
    return frame[
        [name for name in names if name in spec.column_names or (missing and suggest(name, missing))]
    ]


def _read_folder(path: Path) -> tuple[dict[str, bytes], list[Issue]]:
    if not path.is_dir():
        near = suggest(
            path.name, [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        )
        issue = say_file_issue("exists", "gtfs", str(path), "there is no such file or folder", (), near)
        raise DataError(f"There is no feed at {path}.", [issue])
    texts: dict[str, bytes] = {}
    issues: list[Issue] = []
    for file in sorted(path.glob("*.txt")):
        if file.stat().st_size > LARGEST_FILE_COUNT and file.stem in SPECS:
            issues.append(say_feed("feed.size", file.name, f"{file.stat().st_size:,} bytes"))
        else:
            texts[file.name] = file.read_bytes() if file.stem in SPECS else b""
    return texts, issues


def _read_zip(path: Path) -> tuple[dict[str, bytes], list[Issue]]:
    """Files at the top of a zip file; those of other names only by name."""
    texts: dict[str, bytes] = {}
    issues: list[Issue] = []
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                folder, _, name = member.filename.replace("\\", "/").rpartition("/")
                if name.removesuffix(".txt") not in SPECS or folder.startswith("__MACOSX"):
                    texts.setdefault(name, b"")
                elif folder or texts.get(name):
                    found = f"it lies at '{member.filename}'" if folder else "it occurs more than once"
                    issues.append(say_feed("feed.place", name, found))
                else:
                    with archive.open(member) as stream:
                        data = stream.read(LARGEST_FILE_COUNT + 1)
                    if len(data) > LARGEST_FILE_COUNT:
                        issues.append(
                            say_feed(
                                "feed.size", name, f"more than {LARGEST_FILE_COUNT:,} bytes once unpacked"
                            )
                        )
                    else:
                        texts[name] = data
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error, OSError) as error:
        issue = say_feed("feed.archive", path.name, _say_archive(error))
        raise DataError(f"The feed {path.name} cannot be read.", [issue]) from error
    return {name: data for name, data in texts.items() if name}, issues


def _say_archive(error: Exception) -> str:
    return "it is locked by a password" if "encrypted" in str(error) else "it is no zip file, or damaged"


def write_files(tables: Mapping[str, pd.DataFrame], path: Path, overwrite: bool) -> None:
    """Write tables as a folder, or as a zip file when the path ends so: whole or not at all.

    Raises
    ------
    DataError
        When the path is taken.
    StoreError
        When the disk refuses.
    """
    is_zip = path.suffix.casefold() == ".zip"
    is_taken = path.exists() if is_zip or not path.is_dir() else any(path.iterdir())
    if path.exists() and path.is_dir() == is_zip:
        raise DataError(
            f"{path} is a {'folder' if is_zip else 'file'}. A feed is a folder, or a file that ends in .zip."
            " Give another path."
        )
    if is_taken and not overwrite:
        raise DataError(
            f"{path} is not empty. Files are not replaced unawares. Give another path, or say --overwrite."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as scratch:
            draft = Path(scratch) / "feed"
            draft.mkdir()
            for table, frame in tables.items():
                write_csv(frame, draft / f"{table}.txt")
            if is_zip:
                _pack(draft, Path(scratch) / path.name).replace(path)
                return
            path.mkdir(exist_ok=True)
            for file in sorted(draft.iterdir()):
                file.replace(path / file.name)
    except OSError as error:
        raise StoreError(
            f"The feed could not be written to {path}: {error.strerror or error}. The folder and its disk need"
            " room and permission to write. Choose another place."
        ) from error


def _pack(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name, _FIXED_DATE), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return target
