"""Reads rows of checked tables: the two ways in which the house goes from a table to plain values.

A checked table has the types of the dictionary, which a type checker cannot see; what comes out here is ``Any``.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows of a table in order, each with its columns as attributes."""
    return iter(frame.itertuples(index=False))


def find_row(frame: pd.DataFrame, column: str, value: object) -> Any:
    """The first row whose column has the value, with its columns as attributes.

    Raises
    ------
    KeyError
        When there is none.
    """
    for row in each_row(frame[frame[column] == value]):
        return row
    raise KeyError(f"{column} = {value!r}")


def to_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as plain values for JSON: missing numbers are None."""
    clean = frame.astype(object).where(frame.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in clean.to_dict("records")]
