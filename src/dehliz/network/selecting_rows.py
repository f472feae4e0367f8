"""Which rows of a table are in a country, of a mode, through a passage or at a node, by what the dictionary says."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.errors import Issue
from dehliz.base.schema import read_spec
from dehliz.base.sheet import texts_of
from dehliz.network.changed import OWN_BASIS
from dehliz.network.changes import Scale
from dehliz.network.selecting import MOVABLE, find_ids, say_scenario

SELECTORS: Final = {
    "country_ids": "country",
    "mode_ids": "mode",
    "passage_ids": "passage",
    "node_ids": "node",
}
"""Key of a change -> what a row is asked for."""


def narrow(
    change: Scale, tables: Mapping[str, pd.DataFrame], place: str
) -> tuple[NDArray[np.bool_], list[Issue]]:
    """Rows that fit every key that is given, and what is wrong with the keys.

    Parameters
    ----------
    change : Scale
        With the name of its table.
    tables : mapping of str to DataFrame
        All tables.
    place : str
        How messages call the change.

    Returns
    -------
    (n_row,) bool array
        All rows when no key is given.
    list of Issue
        Ids that mean nothing, keys that mean nothing in this table, keys that leave nothing.
    """
    fits = np.ones(len(tables[change.table]), dtype=bool)
    issues: list[Issue] = []
    given: list[str] = []
    for key, what in SELECTORS.items():
        ids: tuple[str, ...] = getattr(change, key)
        if not ids:
            continue
        given.append(key)
        issues += find_ids(ids, list_known(what, tables), what, f"{place}, key {key}")
        found = find_rows(change.table, what, ids, tables)
        if found is None:
            text = f"table {change.table} says nothing of a {what}"
            issues.append(say_scenario("column.told", f"{place}, key {key}", text))
        else:
            fits &= found
    if given and not issues and not fits.any():
        text = f"no row of {change.table} fits {' and '.join(given)}"
        issues.append(say_scenario("change.effect", place, text))
    return fits, issues


def list_known(what: str, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Ids of countries, modes, nodes or passages that there are."""
    if what == "passage":
        return [text for name in ("link", "service_leg") for text in texts_of(tables[name]["passage_id"])]
    return texts_of(tables[what][f"{what}_id"])


def find_rows(
    table: str, what: str, ids: Sequence[str], tables: Mapping[str, pd.DataFrame]
) -> NDArray[np.bool_] | None:
    """Rows of a table that have to do with one of the ids; None when the table says nothing of such things.

    Notes
    -----
    A row has to do with whatever one of its columns refers to. Where no column has to name a country, a row belongs
    to that of its node as well. Capacity and background follow the link, terminal or service leg that they name.
    """
    frame = tables[table]
    if table in OWN_BASIS:
        return _follow(frame, what, ids, tables)
    wanted = list(ids)
    masks = [frame[column].isin(wanted).to_numpy() for column in _columns_of(table, what)]
    is_told = any(read_spec(table).column(column).is_required for column in _columns_of(table, what))
    if what == "country" and table != "node" and not is_told:
        node = tables["node"]
        inside = texts_of(node["node_id"][node["country_id"].isin(wanted)])
        masks += [frame[column].isin(inside).to_numpy() for column in _columns_of(table, "node")]
    return np.logical_or.reduce(masks) if masks else None


def _columns_of(table: str, what: str) -> list[str]:
    """Columns that hold one such id each."""
    if what == "passage":
        return [name for name in read_spec(table).column_names if name == "passage_id"]
    return [
        column.name
        for column in read_spec(table).columns
        if column.type == "id"
        and (column.refers_to == f"{what}.{what}_id" or (table, column.name) == (what, f"{what}_id"))
    ]


def _follow(
    frame: pd.DataFrame, what: str, ids: Sequence[str], tables: Mapping[str, pd.DataFrame]
) -> NDArray[np.bool_]:
    mask = np.zeros(len(frame), dtype=bool)
    for name in MOVABLE:
        found = find_rows(name, what, ids, tables)
        if found is not None:
            rows = texts_of(tables[name][f"{name}_id"][found])
            mask |= ((frame["table_name"] == name) & frame["row_id"].isin(rows)).to_numpy()
    return mask
