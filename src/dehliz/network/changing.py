"""How each change is resolved against tables and made on a copy of them.

``change_tables`` takes one change and tables, and gives new tables, what is wrong with the change, and a note of
what it did. The tables that come in are never touched. Numbers are changed in ``network/changing_numbers.py``,
demand in ``changing_demand.py``, policies are made in ``changing_policy.py``.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.check import check_table
from dehliz.base.errors import Issue, list_ids
from dehliz.base.schema import read_spec
from dehliz.base.sheet import texts_of
from dehliz.network.changed import Changed, Frames, fail, with_provenance
from dehliz.network.changes import (
    AddRows,
    Change,
    Close,
    Open,
    Policy,
    PutInService,
    RemoveRows,
    Scale,
    SetValue,
    ShiftDemand,
)
from dehliz.network.changing_demand import shift_demand
from dehliz.network.changing_numbers import CHANGEABLE, find_table, scale, set_value
from dehliz.network.changing_policy import make_policy
from dehliz.network.selecting import MOVABLE, Picked, find_ids, pick, say_scenario


def change_tables(change: Change, tables: Frames, place: str) -> Changed:
    """Resolve a change and make it.

    Parameters
    ----------
    change : Change
        What to do.
    tables : mapping of str to DataFrame
        Tables of the network, with ``shape``, and those of a demand, if there is one.
    place : str
        How messages call the change, such as ``detour.toml, change 2 (close)``.
    """
    return _MAKERS[type(change)](change, tables, place)


def _close(change: Close, tables: Frames, place: str) -> Changed:
    return _switch(change, tables, place, "closed")


def _open(change: Open, tables: Frames, place: str) -> Changed:
    return _switch(change, tables, place, "open")


def _switch(change: Close | Open, tables: Frames, place: str, status: str) -> Changed:
    picked = pick(change, tables, place)
    issues = picked.issues or _find_idle(picked, tables, place, status)
    if issues:
        return fail(tables, issues)
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
            return fail(tables, [say_scenario("ids.given", place, "no ids at all")])
        return fail(
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
        return fail(tables, issues)
    return Changed(made, (), f"put in service from {change.year}: {list_ids(change.ids)}")


def _add_rows(change: AddRows, tables: Frames, place: str) -> Changed:
    issues = find_table(change.table, CHANGEABLE, place)
    if not change.rows:
        issues.append(say_scenario("change.effect", f"{place}, key rows", "no rows"))
    if issues:
        return fail(tables, issues)
    spec = read_spec(change.table)
    new, faults = check_table(
        pd.DataFrame([dict(row) for row in change.rows], dtype=object), spec, f"{place}, table {change.table}"
    )
    if faults:
        return fail(tables, faults)
    old = tables[change.table]
    made = dict(tables) | {change.table: pd.concat([old, new] if len(old) else [new], ignore_index=True)}
    ids = texts_of(new[spec.key[0]])
    numbers = [c.name for c in spec.columns if c.type == "float" and not new[c.name].isna().all()]
    note = f"added to {change.table}: {list_ids(ids)}"
    value = tables["value"]
    for column in numbers:
        value = with_provenance(value, new, change.table, [column], new[column].notna().to_numpy(), note)
    return Changed(made | {"value": value}, (), note, needs_check=True)


def _remove_rows(change: RemoveRows, tables: Frames, place: str) -> Changed:
    issues = find_table(change.table, CHANGEABLE, place)
    if not change.ids:
        issues.append(say_scenario("ids.given", f"{place}, key ids", "no ids at all"))
    if issues:
        return fail(tables, issues)
    frame = tables[change.table]
    key = read_spec(change.table).key[0]
    issues = find_ids(change.ids, texts_of(frame[key]), change.table.replace("_", " "), f"{place}, key ids")
    if issues:
        return fail(tables, issues)
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
    Scale: scale,
    SetValue: set_value,
    AddRows: _add_rows,
    RemoveRows: _remove_rows,
    ShiftDemand: shift_demand,
    Policy: make_policy,
}
