"""``Sheet``: one table on its way through the checks, which knows where each of its rows was read.

Rules give the faults that they find as a mapping of row position to what is wrong there; the sheet turns them
into one ``Issue`` that names file, column, rows and rule. Used by ``base/check.py`` and ``network/rules.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.errors import Issue
from dehliz.base.schema import TableSpec

SHOWN_FAULT_COUNT = 3

Faults = Mapping[int, str]
"""Position of a row in its table -> what was found there."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that data must follow.

    Attributes
    ----------
    name : str
        ``table.column.what``; a ``*`` stands for any table or column.
    expected : str
        What is needed, as one sentence without a full stop.
    remedy : str
        What to do when it is broken, as one sentence without a full stop.
    """

    name: str
    expected: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its specification and its origin.

    Attributes
    ----------
    spec : TableSpec
        What the dictionary says of the table.
    frame : DataFrame
        The rows, with a range index.
    file : str
        How messages call the table: a file name such as ``link.csv``, or ``table link``.
    lines : sequence of int, optional
        Line of each row in an editor, from 1; None when the table was not read from a text file.
    """

    spec: TableSpec
    frame: pd.DataFrame
    file: str
    lines: Sequence[int] | None = None

    def name_rows(self, rows: Sequence[int]) -> tuple[str, ...]:
        """Names of rows for a message: their id, and the line in an editor when there is one."""
        return tuple(self._name_row(row) for row in rows)

    def _name_row(self, row: int) -> str:
        parts = [str(self.frame[name].iat[row]) for name in self.spec.key if name in self.frame.columns]
        named = " / ".join(part for part in parts if part and part != "nan")
        if self.lines is not None:
            return f"{named} in row {self.lines[row]}" if named else f"row {self.lines[row]}"
        return named or f"row {row + 1}"

    def find(self, rule: Rule, column: str, faults: Faults) -> list[Issue]:
        """One issue for all the rows of this table that break a rule, or none.

        Parameters
        ----------
        rule : Rule
            The rule; a ``*.*`` at the start of its name is replaced by table and column.
        column : str
            Column at fault.
        faults : mapping of int to str
            Row position to what was found there.

        Returns
        -------
        list of Issue
            Empty when there are no faults.
        """
        if not faults:
            return []
        rows = sorted(faults)
        return [
            Issue(
                rule=rule.name.replace("*.*", f"{self.spec.name}.{column}"),
                place=f"{self.file}, column {column}",
                ids=self.name_rows(rows),
                found=join_found([faults[row] for row in rows]),
                expected=rule.expected,
                remedy=rule.remedy,
            )
        ]


def rows_where(mask: "pd.Series | NDArray[np.bool_]") -> list[int]:
    """Positions of the rows where a mask is true."""
    return [int(row) for row in np.flatnonzero(np.asarray(mask))]


def texts_of(values: pd.Series) -> list[str]:
    """The cells of a text column as a plain list."""
    # Through objects: iterating an Arrow-backed column cell by cell takes ten times as long.
    return [
        value if isinstance(value, str) else str(value) for value in values.to_numpy(dtype=object).tolist()
    ]


def join_found(texts: Sequence[str]) -> str:
    """What was found in several rows, each thing once: ``a; b; c; and 7 more``."""
    different = list(dict.fromkeys(texts))
    shown = "; ".join(different[:SHOWN_FAULT_COUNT])
    more = len(different) - SHOWN_FAULT_COUNT
    return f"{shown}; and {more} more" if more > 0 else shown
