"""How each change is resolved against tables and made on a copy of them.

``change_tables`` takes one change and tables, and gives new tables, what is wrong with the change, and a note of
what it did. The tables that come in are never touched.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.check import check_table
from dehliz.base.errors import Issue, list_ids, suggest
from dehliz.base.parse import as_text
from dehliz.base.schema import read_spec
from dehliz.base.sheet import texts_of
from dehliz.network.changes import (
    AddRows,
    Change,
    Close,
    Open,
    PutInService,
    RemoveRows,
    Scale,
    SetValue,
)
from dehliz.network.network import TABLES
from dehliz.network.selecting import MOVABLE, Picked, find_ids, pick, say_scenario

Frames = Mapping[str, pd.DataFrame]
CHANGEABLE: Final = tuple(table for table in TABLES if len(read_spec(table).key) == 1)
"""Tables whose rows can be named by one id."""


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


def change_tables(change: Change, tables: Frames, place: str) -> Changed:
    """Resolve a change and make it.

    Parameters
    ----------
    change : Change
        What to do.
    tables : mapping of str to DataFrame
        Tables of the network, with ``shape``.
    place : str
        How messages call the change, such as ``detour.toml, change 2 (close)``.
    """
    return _MAKERS[type(change)](change, tables, place)


def _fail(tables: Frames, issues: list[Issue]) -> Changed:
    return Changed(tables, tuple(issues))


def _close(change: Close, tables: Frames, place: str) -> Changed:
    return _switch(change, tables, place, "closed")


def _open(change: Open, tables: Frames, place: str) -> Changed:
    return _switch(change, tables, place, "open")


def _switch(change: Close | Open, tables: Frames, place: str, status: str) -> Changed:
    picked = pick(change, tables, place)
    issues = picked.issues or _find_idle(picked, tables, place, status)
    if issues:
        return _fail(tables, issues)
    made = dict(tables)
    done: list[str] = []
    for name in MOVABLE:
        now = texts_of(tables[name]["status"])
        can = np.array([_may_switch(text, status) for text in now], dtype=bool)
        mask = picked.own[name] | (picked.around[name] & can)
        if mask.any():
            copy = _with_status(tables[name], mask, status)
            # Years that no longer hold would turn the change back when a year is chosen.
            copy.loc[mask, ["closing_year"] if status == "closed" else ["opening_year", "closing_year"]] = (
                np.nan
            )
            made[name] = copy
            done += texts_of(tables[name][f"{name}_id"][mask])
    if not done:
        if change == type(change)():
            return _fail(tables, [say_scenario("ids.given", place, "no ids at all")])
        return _fail(
            tables, [say_scenario("change.effect", place, f"nothing there that could be made {status}")]
        )
    return Changed(made, (), f"{'opened' if status == 'open' else 'closed'} {list_ids(done)}")


def _may_switch(now: str, status: str) -> bool:
    """Whether something around a place follows: only open things close, only closed ones open."""
    return now == ("open" if status == "closed" else "closed")


def _find_idle(picked: Picked, tables: Frames, place: str, status: str) -> list[Issue]:
    issues: list[Issue] = []
    for name in MOVABLE:
        idle = picked.own[name] & _is_idle(tables[name]["status"], status)
        if idle.any():
            ids = texts_of(tables[name][f"{name}_id"][idle])
            now = texts_of(tables[name]["status"][idle])[0]
            found = f"already {status}" if now == status else f"{now}, and so not open"
            issues.append(say_scenario("change.effect", f"{place}, key {name}_ids", found, ids))
    return issues


def _is_idle(now: pd.Series, status: str) -> NDArray[np.bool_]:
    """Where a row is in the wanted state; what is planned is as good as closed."""
    return ((now == status) if status == "open" else (now != "open")).to_numpy()


def _with_status(frame: pd.DataFrame, mask: NDArray[np.bool_], status: str) -> pd.DataFrame:
    copy = frame.copy()
    copy["status"] = pd.Series(np.where(mask, status, copy["status"].to_numpy(dtype=object)), dtype="str")
    return copy


def _put_in_service(change: PutInService, tables: Frames, place: str) -> Changed:
    known = [text for name in MOVABLE for text in texts_of(tables[name][f"{name}_id"])]
    issues = find_ids(change.ids, known, "link, terminal or service leg", f"{place}, key ids")
    if not change.ids:
        issues.append(say_scenario("ids.given", f"{place}, key ids", "no ids at all"))
    if not 1900 <= change.year <= 2100:
        issues.append(say_scenario("year.bounds", f"{place}, key year", f"{change.year}"))
    made = dict(tables)
    for name in MOVABLE:
        frame = tables[name]
        mask = frame[f"{name}_id"].isin(list(change.ids)).to_numpy()
        idle = mask & (frame["status"] == "open").to_numpy()
        if idle.any():
            ids = texts_of(frame[f"{name}_id"][idle])
            issues.append(say_scenario("change.effect", f"{place}, key ids", "already open", ids))
        if mask.any():
            copy = _with_status(frame, mask, "open")
            copy.loc[mask, "opening_year"] = float(change.year)
            copy.loc[mask, "closing_year"] = np.nan
            made[name] = copy
    if issues:
        return _fail(tables, issues)
    return Changed(made, (), f"put in service from {change.year}: {list_ids(change.ids)}")


def _find_table(name: str, place: str) -> list[Issue]:
    if name in CHANGEABLE:
        return []
    return [say_scenario("table.known", f"{place}, key table", f"'{name}'", (), suggest(name, CHANGEABLE))]


def _find_cells(change: Scale | SetValue, tables: Frames, place: str) -> list[Issue]:
    """Faults of table, column and ids."""
    issues = _find_table(change.table, place)
    if issues:
        return issues
    spec = read_spec(change.table)
    if change.column not in spec.column_names:
        hint = suggest(change.column, spec.column_names)
        found = f"table {change.table} has no column '{change.column}'"
        issues.append(say_scenario("column.known", f"{place}, key column", found, (), hint))
    elif spec.column(change.column).is_key:
        issues.append(
            say_scenario("column.key", f"{place}, key column", f"'{change.column}' is the key of its table")
        )
    known = texts_of(tables[change.table][spec.key[0]])
    return issues + find_ids(change.ids, known, change.table.replace("_", " "), f"{place}, key ids")


def _scale(change: Scale, tables: Frames, place: str) -> Changed:
    issues = _find_cells(change, tables, place)
    if not (np.isfinite(change.factor) and change.factor >= 0):
        issues.append(say_scenario("factor.bounds", f"{place}, key factor", f"{change.factor:g}"))
    elif change.factor == 1:
        issues.append(say_scenario("change.effect", f"{place}, key factor", "the factor is 1"))
    if not issues and read_spec(change.table).column(change.column).type != "float":
        issues.append(
            say_scenario("column.number", f"{place}, key column", f"'{change.column}' is not a number")
        )
    if issues:
        return _fail(tables, issues)
    frame = tables[change.table]
    key = read_spec(change.table).key[0]
    mask = frame[change.column].notna().to_numpy()
    if change.ids:
        chosen = frame[key].isin(list(change.ids)).to_numpy()
        empty = texts_of(frame[key][chosen & ~mask])
        if empty:
            found = f"column {change.column} is empty there"
            return _fail(tables, [say_scenario("change.effect", f"{place}, key ids", found, empty)])
        mask = mask & chosen
    mask = mask & (frame[change.column] != 0).to_numpy()
    if not mask.any():
        return _fail(
            tables, [say_scenario("change.effect", place, f"no number in column {change.column} changes")]
        )
    copy = frame.copy()
    copy.loc[mask, change.column] = copy.loc[mask, change.column] * change.factor
    ids = texts_of(frame[key][mask])
    note = f"{change.table}.{change.column} times {change.factor:g} in {list_ids(ids)}"
    return _finish(tables, change.table, copy, change.column, mask, note, place)


def _set_value(change: SetValue, tables: Frames, place: str) -> Changed:
    issues = _find_cells(change, tables, place)
    if not change.ids:
        issues.append(say_scenario("ids.given", f"{place}, key ids", "no ids at all"))
    if issues:
        return _fail(tables, issues)
    frame = tables[change.table]
    key = read_spec(change.table).key[0]
    mask = frame[key].isin(list(change.ids)).to_numpy()
    cells = as_text(frame[change.column])
    written = as_text(pd.Series([change.value], dtype=object))[0]
    copy = frame.copy()
    copy[change.column] = pd.Series(
        [written if hit else cell for hit, cell in zip(mask, cells, strict=True)], dtype="str"
    )
    typed, faults = check_table(copy, read_spec(change.table), f"{place}, table {change.table}")
    if faults:
        return _fail(tables, faults)
    idle = mask & _equals(typed[change.column], frame[change.column])
    if idle.any():
        ids = texts_of(frame[key][idle])
        found = f"column {change.column} holds '{written}' already"
        return _fail(tables, [say_scenario("change.effect", f"{place}, key value", found, ids)])
    note = f"{change.table}.{change.column} set to '{written}' in {list_ids(change.ids)}"
    return _finish(tables, change.table, typed, change.column, mask, note, place)


def _equals(left: pd.Series, right: pd.Series) -> NDArray[np.bool_]:
    return ((left == right) | (left.isna() & right.isna())).to_numpy(dtype=bool)


def _finish(
    tables: Frames,
    table: str,
    frame: pd.DataFrame,
    column: str,
    mask: NDArray[np.bool_],
    note: str,
    place: str,
) -> Changed:
    """Check the new table's own rules, and let its provenance say that the value is now an assumption."""
    typed, faults = check_table(frame, read_spec(table), f"{place}, table {table}")
    if faults:
        return _fail(tables, faults)
    made = dict(tables) | {table: typed}
    made["value"] = _with_provenance(tables["value"], typed, table, [column], mask, note)
    return Changed(made, (), note, needs_check=True)


def _with_provenance(
    value: pd.DataFrame,
    frame: pd.DataFrame,
    table: str,
    columns: list[str],
    mask: NDArray[np.bool_],
    note: str,
) -> pd.DataFrame:
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


def _add_rows(change: AddRows, tables: Frames, place: str) -> Changed:
    issues = _find_table(change.table, place)
    if not change.rows:
        issues.append(say_scenario("change.effect", f"{place}, key rows", "no rows"))
    if issues:
        return _fail(tables, issues)
    spec = read_spec(change.table)
    new, faults = check_table(
        pd.DataFrame([dict(row) for row in change.rows], dtype=object), spec, f"{place}, table {change.table}"
    )
    if faults:
        return _fail(tables, faults)
    old = tables[change.table]
    made = dict(tables) | {change.table: pd.concat([old, new] if len(old) else [new], ignore_index=True)}
    ids = texts_of(new[spec.key[0]])
    numbers = [c.name for c in spec.columns if c.type == "float" and not new[c.name].isna().all()]
    note = f"added to {change.table}: {list_ids(ids)}"
    value = tables["value"]
    for column in numbers:
        value = _with_provenance(value, new, change.table, [column], new[column].notna().to_numpy(), note)
    return Changed(made | {"value": value}, (), note, needs_check=True)


def _remove_rows(change: RemoveRows, tables: Frames, place: str) -> Changed:
    issues = _find_table(change.table, place)
    if not change.ids:
        issues.append(say_scenario("ids.given", f"{place}, key ids", "no ids at all"))
    if issues:
        return _fail(tables, issues)
    frame = tables[change.table]
    key = read_spec(change.table).key[0]
    issues = find_ids(change.ids, texts_of(frame[key]), change.table.replace("_", " "), f"{place}, key ids")
    if issues:
        return _fail(tables, issues)
    made = dict(tables)
    made[change.table] = frame[~frame[key].isin(list(change.ids))].reset_index(drop=True)
    for name in ("value", "shape"):
        other = made[name]
        belongs = (other["table_name"] == change.table) & other["row_id"].isin(list(change.ids))
        made[name] = other[~belongs].reset_index(drop=True)
    return Changed(made, (), f"removed from {change.table}: {list_ids(change.ids)}", needs_check=True)


_MAKERS: Final[dict[type, Callable[[Any, Frames, str], Changed]]] = {
    Close: _close,
    Open: _open,
    PutInService: _put_in_service,
    Scale: _scale,
    SetValue: _set_value,
    AddRows: _add_rows,
    RemoveRows: _remove_rows,
}
