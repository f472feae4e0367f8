"""Generic column rules of the data dictionary: present, typed, in bounds, a choice, unique, known.

``check_table`` turns a table of text, or one that already has types, into a table with the dictionary's
columns, order and types, and lists everything that is wrong with it. Rules that need domain sense follow
in ``network/rules.py``.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from dehliz.base.errors import Issue, suggest
from dehliz.base.parse import Parsed, parse_column
from dehliz.base.schema import ColumnSpec, TableSpec
from dehliz.base.sheet import Faults, Rule, Sheet, rows_where, texts_of

GREATEST_NUMBER: Final = 1e15
"""Above this a float no longer holds single units (2**53 is 9e15), and no quantity of freight is so large."""

GENERIC_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule("*.*.present", "Each row needs a value", "Fill in the value"),
        Rule("*.*.type", "The type that the dictionary gives", "Correct the text"),
        Rule("*.*.bounds", "A number within the bounds of the dictionary", "Correct the number or its unit"),
        Rule("*.*.choice", "One of the words that the dictionary lists", "Choose one of them"),
        Rule("*.*.unique", "A key may occur once only", "Rename or remove all but one of these rows"),
        Rule("*.*.refers", "The id of a row that exists", "Correct the id or add the row"),
        Rule("*.*.known", "Columns of the data dictionary", "Rename the column"),
    )
}
"""Rules that hold for every table; their messages are made more precise with the column's own words."""


def check_table(
    frame: pd.DataFrame, spec: TableSpec, file: str, lines: Sequence[int] | None = None
) -> tuple[pd.DataFrame, list[Issue]]:
    """A table with the dictionary's columns and types, and all that is wrong with it.

    Parameters
    ----------
    frame : DataFrame
        Rows as text, or with types already.
    spec : TableSpec
        The dictionary's page on the table.
    file : str
        What messages call the table, such as ``link.csv``.
    lines : sequence of int, optional
        Line of each row in an editor; when given, messages name it.

    Returns
    -------
    typed : DataFrame
        New frame with exactly the columns of the dictionary, in its order: text as str (``""`` when absent),
        bool, required int as int64, other numbers as float64 (NaN when absent).
    issues : list of Issue
        Empty when the table is right. A cell at fault holds NaN, False or its text in ``typed``, so that no
        later rule complains of it again.
    """
    raw = Sheet(spec, frame.reset_index(drop=True), file, lines)
    issues, missing = _check_columns(raw)
    columns: dict[str, pd.Series] = {}
    for column in spec.columns:
        if column.name not in raw.frame.columns:
            columns[column.name] = _absent(column, len(raw.frame))
            continue
        parsed = parse_column(raw.frame[column.name], column)
        columns[column.name] = parsed.values
        if column.name not in missing:
            issues += _check_column(raw, column, parsed)
        if column.type in ("int", "float"):
            columns[column.name] = _without_out_of_bounds(parsed.values, column)
    typed = pd.DataFrame(columns, columns=list(spec.column_names), index=pd.RangeIndex(len(raw.frame)))
    issues += _check_key(Sheet(spec, typed, file, lines))
    return typed, issues


def make_empty(spec: TableSpec) -> pd.DataFrame:
    """A table without rows that has the dictionary's columns and types."""
    return pd.DataFrame({column.name: _absent(column, 0) for column in spec.columns})


OTHER_WORDS: Final = {
    **dict.fromkeys(("init_node", "a_node", "start_node", "source", "tail"), "from_node_id"),
    **dict.fromkeys(("term_node", "b_node", "end_node", "target", "head"), "to_node_id"),
    **dict.fromkeys(("x", "x_coord", "longitude", "lng"), "lon_deg"),
    **dict.fromkeys(("y", "y_coord", "latitude"), "lat_deg"),
}
"""Words of other makers, where the nearest spelling would be the wrong column (``term_node`` is the *to* node)."""


def list_unknown(columns: Sequence[str], spec: TableSpec) -> list[str]:
    """Columns that the dictionary does not know and that resemble none of its missing ones."""
    return [
        name for name in columns if name not in spec.column_names and not _find_meant(name, columns, spec)
    ]


def _find_meant(name: str, columns: Sequence[str], spec: TableSpec) -> str:
    """Hint at the column that a name was meant to be, or ``""``; columns that are present are not meant."""
    missing = [known for known in spec.column_names if known not in columns]
    other = OTHER_WORDS.get(name.casefold())
    return f"Did you mean '{other}'?" if other in missing else suggest(name, missing, most=1)


def _check_columns(sheet: Sheet) -> tuple[list[Issue], set[str]]:
    names = [str(name) for name in sheet.frame.columns]
    unknown = [name for name in names if name not in sheet.spec.column_names]
    issues: list[Issue] = []
    missing: set[str] = set()
    claimed: set[str] = set()
    for column in sheet.spec.columns:
        if column.name in names or not column.is_required:
            continue
        missing.add(column.name)
        meant = [name for name in unknown if f"'{column.name}'" in _find_meant(name, names, sheet.spec)]
        claimed.update(meant)
        remedy = f"Rename column '{meant[0]}' to '{column.name}'" if meant else f"Add column '{column.name}'"
        issues.append(
            Issue(
                f"{sheet.spec.name}.{column.name}.present",
                f"{sheet.file}, column {column.name}",
                (),
                "there is no such column",
                f"Table {sheet.spec.name} needs it: {_lower_first(column.description)}",
                remedy,
            )
        )
    for name in unknown:
        hint = _find_meant(name, names, sheet.spec)
        if hint and name not in claimed:
            issues.append(
                Issue(
                    f"{sheet.spec.name}.{name}.known",
                    sheet.file,
                    (),
                    f"column '{name}' is not known",
                    "Columns are those of the data dictionary",
                    f"{hint} Rename the column, or remove it",
                )
            )
    return issues, missing


def _check_column(sheet: Sheet, column: ColumnSpec, parsed: Parsed) -> list[Issue]:
    issues = sheet.find(_say("*.*.type", describe_column(column), parsed.remedy), column.name, parsed.faults)
    if column.is_required:
        absent = dict.fromkeys(rows_where(parsed.is_missing), "no value")
        need = f"Each row needs a value: {_lower_first(column.description)}"
        issues += sheet.find(_say("*.*.present", need, ""), column.name, absent)
    if column.type in ("int", "float"):
        issues += sheet.find(
            _say("*.*.bounds", describe_column(column), ""),
            column.name,
            find_out_of_bounds(parsed.values, column),
        )
    if column.type == "enum":
        issues += _check_choice(sheet, column, parsed.values)
    return issues


def find_out_of_bounds(values: pd.Series, column: ColumnSpec) -> Faults:
    """Rows whose number is outside the dictionary's bounds, or too large to mean anything."""
    low = column.low if column.low is not None else -GREATEST_NUMBER
    high = column.high if column.high is not None else GREATEST_NUMBER
    numbers = values.to_numpy(dtype=float)
    return {
        row: say_number(numbers[row], high if column.high is None else np.inf)
        for row in rows_where((numbers < low) | (numbers > high))
    }


def say_number(number: float, most: float = GREATEST_NUMBER) -> str:
    """A number that is out of bounds, and the bound when no rule names it.

    Examples
    --------
    >>> say_number(-3.0), say_number(1e300)
    ('-3', '1e+300, which is above 1e+15')
    """
    return f"{number:g}, which is above {most:g}" if number > most else f"{number:g}"


def _without_out_of_bounds(values: pd.Series, column: ColumnSpec) -> pd.Series:
    rows = list(find_out_of_bounds(values, column))
    if not rows:
        return values
    numbers = values.to_numpy(dtype=float, copy=True)
    numbers[rows] = np.nan
    return pd.Series(numbers)


def _check_choice(sheet: Sheet, column: ColumnSpec, values: pd.Series) -> list[Issue]:
    texts = texts_of(values)
    wrong = [row for row, text in enumerate(texts) if text and text not in column.choices]
    faults = {row: f"'{texts[row]}'" for row in wrong}
    hint = suggest(texts[wrong[0]], column.choices, most=1) if wrong else ""
    return sheet.find(_say("*.*.choice", describe_column(column), hint), column.name, faults)


def _check_key(sheet: Sheet) -> list[Issue]:
    key = list(sheet.spec.key)
    if not key:
        return []
    frame = sheet.frame[key]
    is_given = (frame[key[0]].astype(str) != "").to_numpy()
    twice = frame.duplicated(keep=False).to_numpy() & is_given
    faults = {
        row: "'" + " / ".join(str(value) for value in frame.iloc[row]) + "' occurs more than once"
        for row in rows_where(twice)
    }
    return sheet.find(GENERIC_RULES["*.*.unique"], key[0], faults)


def check_references(sheets: Mapping[str, Sheet], lost: Collection[str] = ()) -> list[Issue]:
    """All ids that refer to rows which do not exist; references to tables that are not given are left alone.

    Parameters
    ----------
    sheets : mapping of str to Sheet
        Typed tables by name.
    lost : collection of str
        Tables that could not be read in full, so that a reference to them cannot be judged.

    Returns
    -------
    list of Issue
        One for each column with faults.
    """
    issues: list[Issue] = []
    for sheet in sheets.values():
        for column in sheet.spec.columns:
            table, _, target = column.refers_to.partition(".")
            if table in sheets and table not in lost and target in sheets[table].frame.columns:
                issues += _check_reference(sheet, column, sheets[table].frame[target], sheets[table].file)
    return issues


def _check_reference(sheet: Sheet, column: ColumnSpec, known: pd.Series, target_file: str) -> list[Issue]:
    ids = set(texts_of(known))
    faults: dict[int, str] = {}
    first = ""
    for row, text in enumerate(texts_of(sheet.frame[column.name])):
        if not text or text in ids:
            continue
        lost = [part for part in (text.split(";") if column.type == "ids" else [text]) if part not in ids]
        if lost:
            faults[row] = ", ".join(f"'{part}'" for part in lost)
            first = first or lost[0]
    hint = suggest(first, sorted(ids - {""}))
    remedy = f"{hint} Correct the id, or add the row to {target_file}".strip()
    return sheet.find(_say("*.*.refers", f"An id of {target_file} is needed", remedy), column.name, faults)


def describe_column(column: ColumnSpec) -> str:
    """What a cell of the column may hold, as a sentence: ``A number of at least 0 (km) is needed``."""
    if column.type == "bool":
        return "Either true or false is needed"
    if column.type == "enum":
        return f"One of {', '.join(column.choices)} is needed"
    if column.type == "id":
        return "An id without ';' and without blanks at its ends is needed"
    if column.type == "ids":
        return "Ids separated by ';', without blanks, are needed"
    if column.type == "text":
        return "Readable text is needed"
    kind = "A whole number" if column.type == "int" else "A number"
    unit = f" ({column.unit})" if column.unit not in ("", "count", "year") else ""
    return f"{kind}{_describe_bounds(column)}{unit} is needed"


def _describe_bounds(column: ColumnSpec) -> str:
    if column.low is not None and column.high is not None:
        return f" from {column.low:g} to {column.high:g}"
    if column.low is not None:
        return f" of at least {column.low:g}"
    if column.high is not None:
        return f" of at most {column.high:g}"
    return f" below {GREATEST_NUMBER:g}"


def _say(name: str, expected: str, remedy: str) -> Rule:
    rule = GENERIC_RULES[name]
    return Rule(name, expected or rule.expected, remedy or rule.remedy)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _absent(column: ColumnSpec, row_count: int) -> pd.Series:
    """A column of nothing but its default, or of absence."""
    return parse_column(pd.Series([""] * row_count, dtype="str"), column).values
