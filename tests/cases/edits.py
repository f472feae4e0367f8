"""Small edits of a folder of tables, held in memory as file name -> bytes, to break it with."""

import csv
import io
from collections.abc import Callable

Files = dict[str, bytes]
Edit = Callable[[Files], None]


def _parse(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def _print(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")


def cell(file: str, key: str, column: str, value: str) -> Edit:
    """Write a cell of the row whose first cell is ``key``; of every row when it is ``*``."""

    def edit(files: Files) -> None:
        rows = _parse(files[file])
        place = rows[0].index(column)
        hits = [row for row in rows[1:] if key in ("*", row[0])]
        assert hits, f"{file} has no row {key}"
        for row in hits:
            row[place] = value
        files[file] = _print(rows)

    return edit


def rename(file: str, old: str, new: str) -> Edit:
    """Rename a column."""

    def edit(files: Files) -> None:
        rows = _parse(files[file])
        rows[0][rows[0].index(old)] = new
        files[file] = _print(rows)

    return edit


def drop(file: str, column: str) -> Edit:
    """Remove a column."""

    def edit(files: Files) -> None:
        rows = _parse(files[file])
        place = rows[0].index(column)
        files[file] = _print([row[:place] + row[place + 1 :] for row in rows])

    return edit


def add_column(file: str, name: str, value: str) -> Edit:
    """Add a column at the end."""

    def edit(files: Files) -> None:
        rows = _parse(files[file])
        files[file] = _print([[*rows[0], name], *([*row, value] for row in rows[1:])])

    return edit


def copy_row(file: str, key: str, **cells: str) -> Edit:
    """Append a copy of a row, with some cells changed."""

    def edit(files: Files) -> None:
        rows = _parse(files[file])
        row = list(next(row for row in rows[1:] if row[0] == key))
        for column, value in cells.items():
            row[rows[0].index(column)] = value
        files[file] = _print([*rows, row])

    return edit


def drop_row(file: str, key: str) -> Edit:
    """Remove the rows whose first cell is ``key``; all rows when it is ``*``."""

    def edit(files: Files) -> None:
        rows = _parse(files[file])
        files[file] = _print([rows[0], *(row for row in rows[1:] if key not in ("*", row[0]))])

    return edit


def raw(file: str, change: Callable[[bytes], bytes] | bytes) -> Edit:
    """Change the bytes of a file, or write a new one."""

    def edit(files: Files) -> None:
        files[file] = change if isinstance(change, bytes) else change(files[file])

    return edit


def text(file: str, old: str, new: str) -> Edit:
    """Replace text wherever it stands."""

    def edit(files: Files) -> None:
        assert old.encode() in files[file], f"{file} does not hold {old!r}"
        files[file] = files[file].replace(old.encode(), new.encode())

    return edit
