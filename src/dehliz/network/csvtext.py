"""Comma-separated text to tables of text, with the line of each row, and everything that is wrong with the file.

Nothing is guessed: a file in another encoding, with another separator or with ragged rows is described, not
repaired. The next step is ``base/check.py``, which gives the columns their types.
"""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from dehliz.base.errors import Issue, list_ids
from dehliz.base.sheet import Rule

_CYRILLIC: Final = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюя")
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK: Final = b"\xef\xbb\xbf"

FILE_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule("*.file.exists", "The file is needed", "Add the file, or correct its name"),
        Rule("*.file.empty", "A header and its rows are needed", "Write the table again"),
        Rule(
            "*.file.encoding",
            "Text in UTF-8 is needed",
            "Save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
        ),
        Rule(
            "*.file.separator", "Columns are separated by commas", "Save the file with commas as separators"
        ),
        Rule("*.file.header", "Each column has a name of its own", "Name the columns, or remove them"),
        Rule(
            "*.file.ragged",
            "Each row has as many cells as the header",
            "Add or remove cells; put text that holds a comma between quotes, and write decimals with a point",
        ),
        Rule(
            "*.file.quotes",
            "Quotes come in pairs, and a quote inside a text is doubled",
            "Correct the quotes",
        ),
        Rule("*.file.damaged", "A readable file is needed", "Write the file again"),
    )
}
"""Rules for files, whatever table they hold."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A file of text.

    Attributes
    ----------
    frame : DataFrame
        Cells as text; without columns when the file could not be read.
    lines : tuple of int
        Line of each row in an editor, from 1.
    issues : tuple of Issue
        What is wrong with the file.
    notes : tuple of str
        What was passed over.
    """

    frame: pd.DataFrame
    lines: tuple[int, ...]
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()


def say_file_issue(
    what: str, table: str, file: str, found: str, ids: tuple[str, ...] = (), remedy: str = ""
) -> Issue:
    """An issue about a whole file, with the words of its rule."""
    rule = FILE_RULES[f"*.file.{what}"]
    return Issue(rule.name.replace("*", table), file, ids, found, rule.expected, remedy or rule.remedy)


def read_text_table(path: Path, table: str) -> TextTable:
    """A comma-separated file as text.

    Parameters
    ----------
    path : Path
        File to read.
    table : str
        Table that it holds, for the names of rules.

    Returns
    -------
    TextTable
        Never raises for what the file holds.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        return _fail(say_file_issue("damaged", table, path.name, f"it cannot be read ({error.strerror})"))
    return parse_text_table(data, path.name, table)


def parse_text_table(data: bytes, file: str, table: str) -> TextTable:
    """The bytes of a comma-separated file as text; the same as ``read_text_table`` without a disk.

    Parameters
    ----------
    data : bytes
        What the file holds.
    file : str
        What messages call it.
    table : str
        Table that it holds, for the names of rules.
    """
    text, issue = _decode(data, table, file)
    if issue is not None:
        return _fail(issue)
    if not text.strip():
        return _fail(say_file_issue("empty", table, file, "the file is empty"))
    notes = (f"{file}: a byte order mark at the start was left out",) if data.startswith(_UTF8_MARK) else ()
    header = text.lstrip("\r\n").splitlines()[0]
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if mark in header and "," not in header:
            return _fail(
                say_file_issue("separator", table, file, f"{name} between the columns of the header")
            )
    return _split(text, table, file, notes)


def _fail(issue: Issue) -> TextTable:
    return TextTable(pd.DataFrame(), (), (issue,))


def _decode(data: bytes, table: str, file: str) -> tuple[str, Issue | None]:
    if data.startswith(_UTF16_MARKS) or (data[:200].count(0) > len(data[:200]) // 4 and data):
        return "", say_file_issue("encoding", table, file, "the text is in UTF-16")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"the byte {data[error.start]:#04x} is not UTF-8{_guess_encoding(data)}"
        return "", say_file_issue("encoding", table, file, found, (f"row {line}",))
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        return "", say_file_issue("damaged", table, file, "zero bytes between the text", (f"row {line}",))
    return text, None


def _guess_encoding(data: bytes) -> str:
    """A hint at the encoding: Cyrillic letters come in runs and mostly small, accented Latin ones alone."""
    high = [byte > 127 for byte in data]
    in_run_count = sum(
        high[i] and (high[i - 1] or high[min(i + 1, len(high) - 1)]) for i in range(1, len(high))
    )
    if in_run_count < sum(high) / 2:
        return "; the text looks like Latin-1 or Windows-1252"
    for name, shown in (("cp1251", "Windows-1251"), ("koi8-r", "KOI8-R")):
        letters = [letter for letter in data.decode(name, errors="replace") if letter.casefold() in _CYRILLIC]
        if 2 * sum(letter.islower() for letter in letters) > sum(high):
            return f"; the text looks like {shown}"
    return ""


def _split(text: str, table: str, file: str, notes: tuple[str, ...]) -> TextTable:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(cells)
                lines.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        return _fail(say_file_issue("quotes", table, file, _say_csv_error(error), (f"row {before + 1}",)))
    header, issue = _read_header(rows[0], table, file)
    if issue is not None:
        return _fail(issue)
    # A spreadsheet that writes empty columns does so in the header too.
    blank_count = len(rows[0]) - len(header)
    body = [
        cells[: len(cells) - blank_count] if not any(cells[len(header) :]) else cells for cells in rows[1:]
    ]
    return _fit(header, body, lines[1:], table, file, notes)


def _say_csv_error(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "a quote is opened and never closed"
    if "field larger" in text:
        return "a cell of more than 131072 characters; a quote may not be closed"
    return "text after a closing quote"


def _read_header(cells: list[str], table: str, file: str) -> tuple[list[str], Issue | None]:
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    twice = [name for name, count in Counter(names).items() if count > 1 and name]
    if twice:
        found = f"column {', '.join(repr(name) for name in twice)} occurs more than once"
        return [], say_file_issue("header", table, file, found)
    if "" in names:
        return [], say_file_issue("header", table, file, f"column {names.index('') + 1} has no name")
    return names, None


def _fit(
    header: list[str], rows: list[list[str]], lines: list[int], table: str, file: str, notes: tuple[str, ...]
) -> TextTable:
    """Rows that are as wide as the header; the others are faults."""
    width = len(header)
    ragged: list[tuple[int, int]] = []
    kept: list[list[str]] = []
    kept_lines: list[int] = []
    for line, cells in zip(lines, rows, strict=True):
        if len(cells) != width:
            ragged.append((line, len(cells)))
            continue
        kept.append(cells)
        kept_lines.append(line)
    issues: tuple[Issue, ...] = ()
    if ragged:
        counts = list_ids(list(dict.fromkeys(str(count) for _, count in ragged)))
        found = f"{counts} cells, and the header has {width}"
        issues = (say_file_issue("ragged", table, file, found, tuple(f"row {line}" for line, _ in ragged)),)
    columns = list(zip(*kept, strict=True)) if kept else [()] * width
    series = {
        name: pd.Series(list(column), dtype=object) for name, column in zip(header, columns, strict=True)
    }
    frame = pd.DataFrame(series, columns=header)
    return TextTable(frame, tuple(kept_lines), issues, notes)
