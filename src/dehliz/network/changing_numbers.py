"""``scale`` and ``set``: one column of one table, in rows that are named by their ids or by what they are."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.check import check_table
from dehliz.base.errors import Issue, list_ids, suggest
from dehliz.base.parse import as_text
from dehliz.base.schema import read_spec
from dehliz.base.sheet import texts_of
from dehliz.network.changed import OWN_BASIS, Changed, Frames, fail, finish
from dehliz.network.changes import Scale, SetValue
from dehliz.network.network import TABLES
from dehliz.network.selecting import find_ids, say_demand, say_scenario
from dehliz.network.selecting_rows import narrow

CHANGEABLE: Final = tuple(table for table in TABLES if len(read_spec(table).key) == 1)
"""Tables of a network whose rows can be named by one id."""
NUMBERED: Final = (*CHANGEABLE, *OWN_BASIS)
"""Tables whose numbers can be changed; those of a demand go by ``row_id``."""


def find_table(name: str, known: tuple[str, ...], place: str) -> list[Issue]:
    """A fault when a change names no table, or one that it cannot change."""
    if name in known:
        return []
    return [say_scenario("table.known", f"{place}, key table", f"'{name}'", (), suggest(name, known))]


def scale(change: Scale, tables: Frames, place: str) -> Changed:
    """Make a change of kind ``scale``."""
    issues = _find_cells(change, tables, place)
    issues += find_factor(change.factor, "factor", place)
    if not issues and change.factor == 1:
        issues.append(say_scenario("change.effect", f"{place}, key factor", "the factor is 1"))
    if not issues and read_spec(change.table).column(change.column).type != "float":
        issues.append(
            say_scenario("column.number", f"{place}, key column", f"'{change.column}' is not a number")
        )
    mask = np.zeros(0, dtype=bool)
    if not issues:
        mask, issues = _find_rows(change, tables, place)
    if issues:
        return fail(tables, issues)
    frame = tables[change.table]
    copy = frame.copy()
    for column in (change.column, *_ends_of(change)):
        copy.loc[mask, column] = copy.loc[mask, column] * change.factor
    ids = texts_of(frame[_key_of(change.table)][mask])
    note = f"{change.table}.{change.column} times {change.factor:g} in {list_ids(ids)}"
    return finish(tables, change.table, copy, change.column, mask, note, place)


def set_value(change: SetValue, tables: Frames, place: str) -> Changed:
    """Make a change of kind ``set``."""
    issues = _find_cells(change, tables, place)
    if not change.ids:
        issues.append(say_scenario("ids.given", f"{place}, key ids", "no ids at all"))
    if issues:
        return fail(tables, issues)
    frame, key = tables[change.table], _key_of(change.table)
    mask = _with_mates(frame, frame[key].isin(list(change.ids)).to_numpy())
    cells = as_text(frame[change.column])
    written = as_text(pd.Series([change.value], dtype=object))[0]
    copy = frame.copy()
    copy[change.column] = pd.Series(
        [written if hit else cell for hit, cell in zip(mask, cells, strict=True)], dtype="str"
    )
    for column in _ends_of(change):
        copy.loc[mask, column] = np.nan
    typed, faults = check_table(copy, read_spec(change.table), f"{place}, table {change.table}")
    if faults:
        return fail(tables, faults)
    idle = mask & _equals(typed[change.column], frame[change.column])
    if idle.any():
        ids = texts_of(frame[key][idle])
        found = f"column {change.column} holds '{written}' already"
        return fail(tables, [say_scenario("change.effect", f"{place}, key value", found, ids)])
    note = f"{change.table}.{change.column} set to '{written}' in {list_ids(texts_of(frame[key][mask]))}"
    return finish(tables, change.table, typed, change.column, mask, note, place)


def find_factor(factor: float, key: str, place: str) -> list[Issue]:
    """A fault when a factor is no number of 0 or more."""
    if np.isfinite(factor) and factor >= 0:
        return []
    return [say_scenario("factor.bounds", f"{place}, key {key}", f"{factor:g}")]


def _key_of(table: str) -> str:
    return "row_id" if table in OWN_BASIS else read_spec(table).key[0]


def _ends_of(change: Scale | SetValue) -> tuple[str, ...]:
    """Columns that hold the plausible range of the number that is changed."""
    known = read_spec(change.table).column_names
    is_number = change.table in OWN_BASIS and change.column in ("capacity_t_a", "volume_t_a")
    return tuple(name for name in ("low_t_a", "high_t_a") if name in known) if is_number else ()


def _find_cells(change: Scale | SetValue, tables: Frames, place: str) -> list[Issue]:
    """Faults of table, column and ids."""
    issues = find_table(change.table, NUMBERED, place)
    if issues:
        return issues
    if change.table not in tables:
        return [say_demand(f"{place}, key table", f"a change of table {change.table}")]
    spec = read_spec(change.table)
    if change.column not in spec.column_names:
        hint = suggest(change.column, spec.column_names)
        found = f"table {change.table} has no column '{change.column}'"
        issues.append(say_scenario("column.known", f"{place}, key column", found, (), hint))
    elif spec.column(change.column).is_key:
        issues.append(
            say_scenario("column.key", f"{place}, key column", f"'{change.column}' is the key of its table")
        )
    known = texts_of(tables[change.table][_key_of(change.table)])
    return issues + find_ids(change.ids, known, change.table.replace("_", " "), f"{place}, key ids")


def _find_rows(change: Scale, tables: Frames, place: str) -> tuple[NDArray[np.bool_], list[Issue]]:
    """Rows whose number changes, and what is wrong with the choice of them."""
    frame = tables[change.table]
    key = frame[_key_of(change.table)]
    fits, issues = narrow(change, tables, place)
    if issues:
        return fits, issues
    has_number = frame[change.column].notna().to_numpy()
    mask = fits & has_number
    if change.ids:
        chosen = key.isin(list(change.ids)).to_numpy()
        for wrong, found in (
            (chosen & ~fits, "the other keys leave it out"),
            (chosen & fits & ~has_number, f"column {change.column} is empty there"),
        ):
            if wrong.any():
                ids = texts_of(key[wrong])
                issues.append(say_scenario("change.effect", f"{place}, key ids", found, ids))
        mask = mask & chosen
    mask = _with_mates(frame, mask) & (frame[change.column] != 0).to_numpy()
    if not issues and not mask.any():
        issues.append(say_scenario("change.effect", place, f"no number in column {change.column} changes"))
    return mask, issues


def _with_mates(frame: pd.DataFrame, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The same rows and all others of their facilities: what shares a capacity has one."""
    if "facility_id" not in frame.columns:
        return mask
    shared = set(texts_of(frame["facility_id"][mask])) - {""}
    return mask | frame["facility_id"].isin(shared).to_numpy()


def _equals(left: pd.Series, right: pd.Series) -> NDArray[np.bool_]:
    return ((left == right) | (left.isna() & right.isna())).to_numpy(dtype=bool)
