"""What a change has done to tables, and the last step of every change that writes numbers.

``network/changing.py`` and its neighbours make the changes; ``network/scenario.py`` strings them together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.check import check_table
from dehliz.base.errors import Issue
from dehliz.base.parse import as_text
from dehliz.base.schema import read_spec
from dehliz.base.sheet import texts_of

Frames = Mapping[str, pd.DataFrame]
"""Tables by name: those of the network with ``shape``, and those of a demand where there is one."""
OWN_BASIS: Final = ("capacity", "background")
"""Tables of a demand whose rows say themselves what they stand on."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change has done.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        All tables; the same objects where nothing changed.
    issues : tuple of Issue
        What is wrong with the change; ``tables`` are then those that came in.
    note : str
        What was done, in one sentence.
    needs_check : bool
        Whether the change can break a rule of the network.
    """

    tables: Frames
    issues: tuple[Issue, ...] = ()
    note: str = ""
    needs_check: bool = False


def fail(tables: Frames, issues: list[Issue]) -> Changed:
    """Nothing done, and why."""
    return Changed(tables, tuple(issues))


def finish(
    tables: Frames,
    table: str,
    frame: pd.DataFrame,
    column: str,
    mask: NDArray[np.bool_],
    note: str,
    place: str,
) -> Changed:
    """Check the new table's own rules, and let its provenance say that the value is now an assumption.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        All tables.
    table, column : str
        What was changed.
    frame : DataFrame
        The new table.
    mask : (n_row,) bool array
        Where it differs.
    note : str
        What was done.
    place : str
        How messages call the change.
    """
    if table in OWN_BASIS:
        frame = frame.copy()
        frame.loc[mask, "basis"] = "assumption"
        frame.loc[mask, "rule"] = f"scenario: {note}"
    typed, faults = check_table(frame, read_spec(table), f"{place}, table {table}")
    if faults:
        return fail(tables, faults)
    made = dict(tables) | {table: typed}
    if table in OWN_BASIS:
        return Changed(made, (), note)
    made["value"] = with_provenance(tables["value"], typed, table, [column], mask, note)
    return Changed(made, (), note, needs_check=True)


def with_provenance(
    value: pd.DataFrame,
    frame: pd.DataFrame,
    table: str,
    columns: list[str],
    mask: NDArray[np.bool_],
    note: str,
) -> pd.DataFrame:
    """Table ``value`` with a row that says so for each cell of the columns where the mask is true."""
    key = read_spec(table).key[0]
    where = ["table_name", "row_id", "column_name"]
    ids = texts_of(frame[key])
    rows = [
        (table, ids[row], column, cell or "empty", "assumption", f"scenario: {note}")
        for column in columns
        for row, cell in enumerate(as_text(frame[column]))
        if mask[row]
    ]
    if not rows:
        return value
    cells = pd.DataFrame(rows, columns=[*where, "value", "basis", "rule"])
    new, _ = check_table(cells, read_spec("value"), "table value")
    both = pd.concat([value, new] if len(value) else [new], ignore_index=True)
    return both.drop_duplicates(where, keep="last").reset_index(drop=True)
