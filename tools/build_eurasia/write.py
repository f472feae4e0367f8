"""Writes a table as the committed CSV file: the dictionary's columns in order, rows by key, plain numbers.

The same table always gives the same bytes: UTF-8, line feed, shortest number that reads back the same, no
exponent, ``true`` and ``false``, empty text for what is missing. Called by ``__main__.py``.
"""

import csv
import io
import math
from decimal import Decimal
from pathlib import Path

import pandas as pd

from dehliz.base.schema import ColumnSpec, TableSpec, read_spec


class BuildError(Exception):
    """A part made a table that cannot be written."""


def format_number(number: float) -> str:
    """Shortest plain text that reads back as the same number; empty for NaN.

    Examples
    --------
    >>> format_number(504.0), format_number(0.1 + 0.2), format_number(1e-7)
    ('504', '0.30000000000000004', '0.0000001')
    """
    if math.isnan(number):
        return ""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return format(Decimal(repr(float(number))), "f")


def format_cell(cell: object, column: ColumnSpec) -> str:
    """Text of one cell, by the type that the dictionary gives to its column."""
    if cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if column.type == "bool":
        return {"true": "true", "false": "false", "1": "true", "0": "false"}[str(cell).strip().lower()]
    if column.type in {"float", "int"}:
        return format_number(float(str(cell))) if str(cell).strip() else ""
    return str(cell).strip()


def _check_columns(table: pd.DataFrame, spec: TableSpec) -> None:
    unknown = [column for column in table.columns if column not in spec.column_names]
    needed = [
        column.name for column in spec.columns if column.is_required and column.name not in table.columns
    ]
    if unknown or needed:
        raise BuildError(
            f"{spec.name}: columns not in the dictionary {unknown}, required columns missing {needed}"
        )


def format_table(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The table as text: dictionary columns in order, rows by key.

    Parameters
    ----------
    table : DataFrame
        Rows in any order; columns that are not required may be missing.
    name : str
        Its name in the dictionary.

    Raises
    ------
    BuildError
        When a column is unknown or missing, a key repeats, or a required cell is empty.
    """
    spec = read_spec(name)
    _check_columns(table, spec)
    text = pd.DataFrame(
        {
            column.name: [format_cell(cell, column) for cell in table[column.name]]
            if column.name in table.columns
            else [""] * len(table)
            for column in spec.columns
        },
        dtype=str,
    )
    key = list(spec.key)
    again = text[text.duplicated(key, keep=False)]
    if not again.empty:
        shown = ["/".join(row) for row in again[key].drop_duplicates().head(5).itertuples(index=False)]
        raise BuildError(f"{name}: {len(again)} rows share a key, such as {', '.join(shown)}")
    for column in spec.columns:
        if column.is_required and (text[column.name] == "").any():
            rows = [
                "/".join(row)
                for row in text.loc[text[column.name] == "", key].head(5).itertuples(index=False)
            ]
            raise BuildError(f"{name}.{column.name}: required, but empty in {', '.join(rows)}")
    return text.sort_values(key, ignore_index=True)


def write_text_table(text: pd.DataFrame) -> str:
    """CSV text of a table whose cells are text already."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(text.columns)
    writer.writerows(text.itertuples(index=False))
    return stream.getvalue()


def write_table(text: pd.DataFrame, path: Path) -> None:
    """Write a formatted table to a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(write_text_table(text), encoding="utf-8", newline="\n")
