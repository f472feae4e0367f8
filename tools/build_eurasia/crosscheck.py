"""Checks that the tables and their facts agree, and counts what the facts are used for.

Every row of the table ``value`` must name a cell that exists and holds the same value; every fact that a row
leans on must exist. Numbers without a row in ``value`` are listed, so that none stays without a reason.
``__main__.py`` prints the findings and writes the counts as table ``fact_use``.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dehliz.base.errors import DataError
from dehliz.base.schema import TableSpec, read_spec
from dehliz.network.network import TABLES, build_network
from tools.build_eurasia.facts import read_rows

Tables = dict[str, pd.DataFrame]

WITHOUT_VALUE_ROW = frozenset({"fact", "source", "value", "shape", "place", "fact_use"})
OWN_BASIS = frozenset(
    {
        "lon_deg", "lat_deg", "rank_count", "gauge_mm", "opening_year", "closing_year", "month", "first_month",
        "last_month", "from_year", "to_year",
    }
)  # fmt: skip
OWN_REASON = frozenset({"basis", "fact_id"})
"""A table with one of these columns says itself, row by row, what its numbers stand on."""
NEAR_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of one column that no row of ``value`` explains."""

    table: str
    column: str
    number_count: int
    rows: tuple[str, ...]


def list_row_ids(table: pd.DataFrame, spec: TableSpec) -> pd.Series:
    """Identifier of each row as the table ``value`` writes it: key cells joined by ``/``."""
    return table[list(spec.key)].agg("/".join, axis=1) if len(table) else pd.Series(dtype=str)


def _is_same(found: str, stated: str) -> bool:
    if found == stated:
        return True
    try:
        one, other = float(found), float(stated)
    except ValueError:
        return False
    return abs(one - other) <= NEAR_SHARE * max(abs(one), abs(other))


def check_values(tables: Tables) -> list[str]:
    """Faults of the table ``value``: cells that do not exist or hold something else."""
    if "value" not in tables:
        return []
    indexed = {
        name: table.set_index(list_row_ids(table, read_spec(name)))
        for name, table in tables.items()
        if name not in WITHOUT_VALUE_ROW
    }
    faults = []
    cells = tables["value"][["table_name", "row_id", "column_name", "value"]]
    for name, row_id, column, stated in cells.itertuples(index=False, name=None):
        where = f"value {name}/{row_id}/{column}"
        table = indexed.get(name)
        if table is None:
            faults.append(f"{where}: no table '{name}'")
        elif row_id not in table.index:
            faults.append(f"{where}: no row '{row_id}'")
        elif column not in table.columns:
            faults.append(f"{where}: no column '{column}'")
        elif not _is_same(found := str(table.at[row_id, column]), stated):
            faults.append(f"{where}: {stated} here, {found} in the table")
    return faults


def list_fact_uses(tables: Tables) -> pd.DataFrame:
    """Every mention of a fact by a table: columns ``table, row, fact_id``."""
    rows = []
    for name, table in tables.items():
        spec = read_spec(name)
        columns = [
            column.name
            for column in spec.columns
            if column.refers_to == "fact.fact_id" or column.name == "fact_ids"
        ]
        if not columns:
            continue
        ids = list_row_ids(table, spec)
        for column in columns:
            for row_id, cell in zip(ids, table[column], strict=True):
                rows += [(name, row_id, fact_id) for fact_id in cell.split(";") if fact_id]
    return pd.DataFrame(rows, columns=["table", "row", "fact_id"])


def check_fact_ids(tables: Tables) -> list[str]:
    """Faults: facts that a row leans on and that do not exist."""
    known = set(tables["fact"]["fact_id"])
    uses = list_fact_uses(tables)
    lost = uses[~uses["fact_id"].isin(known)]
    return [f"{row.table} {row.row}: no fact '{row.fact_id}'" for row in lost.itertuples(index=False)]


def check_basis(tables: Tables) -> list[str]:
    """Faults of the table ``value``: a fact without its id, an assumed number without a range."""
    faults = []
    for row in tables.get("value", pd.DataFrame()).itertuples(index=False):
        where = f"value {row.table_name}/{row.row_id}/{row.column_name}"
        if row.basis == "fact" and not row.fact_id:
            faults.append(f"{where}: basis fact, but no fact is named")
        is_number = read_spec(row.table_name).column(row.column_name).type in {"float", "int"}
        if row.basis == "assumption" and is_number and not (row.low and row.high):
            faults.append(f"{where}: an assumption needs low and high")
    return faults


def check_network(tables: Tables) -> list[str]:
    """Faults of the tables as a network: whatever its own rules find."""
    held: Tables = {str(name): tables[name] for name in TABLES if name in tables}
    try:
        build_network(held, name="the bundled network")
    except DataError as error:
        return [str(issue) for issue in error.issues] or [str(error)]
    return []


def list_gaps(tables: Tables) -> list[Gap]:
    """Columns with numbers that no row of ``value`` explains."""
    value = tables.get("value", pd.DataFrame(columns=["table_name", "row_id", "column_name"]))
    stated = set(zip(value["table_name"], value["row_id"], value["column_name"], strict=True))
    gaps = []
    for name, table in tables.items():
        spec = read_spec(name)
        if name in WITHOUT_VALUE_ROW or OWN_REASON & set(spec.column_names):
            continue
        ids = list_row_ids(table, spec)
        for column in spec.columns:
            if column.type not in {"float", "int"} or column.name in OWN_BASIS:
                continue
            filled = ids[table[column.name] != ""]
            bare = [row for row in filled if (name, row, column.name) not in stated]
            if bare:
                gaps.append(Gap(name, column.name, len(bare), tuple(bare)))
    return gaps


def count_uses(tables: Tables, reasons: Path) -> pd.DataFrame:
    """The table ``fact_use``: facts and used facts by topic, and why the rest is not used.

    Parameters
    ----------
    tables : dict of str to DataFrame
        All tables as text.
    reasons : Path
        CSV file with columns ``topic, reason``.
    """
    used = set(list_fact_uses(tables)["fact_id"])
    reason = {row["topic"]: row["reason"] for row in read_rows(reasons)}
    fact = tables["fact"]
    is_used = fact["fact_id"].isin(used)
    rows = [
        {
            "topic": topic,
            "fact_count": len(group),
            "used_count": int(is_used[group.index].sum()),
            "assumption_count": int((group["is_assumption"] == "true").sum()),
            "reason": reason.get(str(topic), ""),
        }
        for topic, group in fact.groupby("topic")
    ]
    return pd.DataFrame(rows)
