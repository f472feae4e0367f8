"""Tells what stands behind a thing of the network: each value, its basis, its fact, and the facts it beat.

Takes the network's tables and words as people write them (``link kz_dostyk_moyynty``, ``terminal aktau
capacity_teu_a``, ``KZAAU``, ``fact segments-0001``) and gives an ``Explanation``, whose forms are in
``eurasia/explanation.py``. Facts come from ``eurasia/facts.py``.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.errors import LookupFailed, quote, suggest
from dehliz.base.schema import ColumnSpec, TableSpec, read_spec
from dehliz.eurasia.explanation import UNSTATED_BASIS, Evidence, ExplainedRow, ExplainedValue, Explanation
from dehliz.eurasia.facts import Fact, FactBook, read_facts

Tables = Mapping[str, pd.DataFrame]

EXPLAINED_TABLES: Final = (
    "node",
    "link",
    "terminal",
    "service_leg",
    "zone",
    "connector",
    "mode",
    "country",
    "country_group",
    "segment",
    "container",
    "tariff",
    "emission_factor",
    "corridor",
    "departure",
    "closure",
    "holiday",
    "server",
    "wagon_pool",
    "duration",
    "draught_limit",
    "hazard",
)
"""Tables whose rows can be asked for, in the order in which a bare id is looked for."""
PASSED_OVER: Final = "first by the general rules; see the reason above"
_SHOWN_APART: Final = frozenset({"name", "note", "fact_ids"})
_LINK_ENDS: Final = ("from_node_id", "to_node_id")


def list_row_ids(table: pd.DataFrame, spec: TableSpec) -> pd.Series:
    """Identifier of each row as the table ``value`` writes it: key cells joined by ``/``."""
    if table.empty:
        return pd.Series(dtype=str)
    return table[list(spec.key)].astype(str).agg("/".join, axis=1)


def explain(tables: Tables, words: Sequence[str], book: FactBook | None = None) -> Explanation:
    """What stands behind the thing that the words name.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of a network by name.
    words : sequence of str
        ``[table] id [column]``, ``fact id``, or a UN/LOCODE.
    book : FactBook, optional
        Facts that the tables stand on; the bundled ones when it is not given.

    Returns
    -------
    Explanation
        Rows with every value, or the fact.

    Raises
    ------
    LookupFailed
        When nothing is called so; the message names the nearest.
    """
    asked = tuple(word.strip() for word in words if word.strip())
    if not asked:
        raise LookupFailed("Nothing was asked. Say what to explain, such as 'terminal aktau' or 'KZAAU'.")
    book = book or read_facts()
    if asked[0] == "fact" or (len(asked) == 1 and asked[0] in book.facts):
        return _explain_fact(tables, asked, book)
    if asked[0] in EXPLAINED_TABLES:
        return _explain_in_table(tables, asked, book)
    return _explain_bare(tables, asked, book)


def _explain_fact(tables: Tables, asked: tuple[str, ...], book: FactBook) -> Explanation:
    if asked == ("fact",):
        raise LookupFailed("'fact' needs the id of a fact, such as 'fact segments-0001'.")
    fact = book.find_fact(asked[-1])
    users = book.value[book.value["fact_id"] == fact.fact_id]
    cells = zip(users["table_name"], users["row_id"], users["column_name"], strict=True)
    used = {(str(table), str(row_id)): str(column) for table, row_id, column in cells}
    for name in EXPLAINED_TABLES:
        table = tables.get(name)
        if table is None or "fact_ids" not in table.columns:
            continue
        ids = list_row_ids(table, read_spec(name))
        leaning = [fact.fact_id in cell.split(";") for cell in table["fact_ids"]]
        for row_id in ids[leaning]:
            used.setdefault((name, str(row_id)), "")
    related = tuple((table, row_id, column) for (table, row_id), column in sorted(used.items()))
    return Explanation(asked, facts=(_gather(fact, book, "asked for"),), related=related)


def _explain_in_table(tables: Tables, asked: tuple[str, ...], book: FactBook) -> Explanation:
    name = asked[0]
    spec = read_spec(name)
    table = tables.get(name, pd.DataFrame(columns=list(spec.column_names)))
    if len(asked) == 1:
        raise LookupFailed(f"'{name}' needs an id. {_list_some(table, spec)}")
    rows = _find_rows(table, spec, asked[1])
    if not rows:
        rows = _find_at_node(table, spec, tables, asked[1])
    if not rows:
        known = list(list_row_ids(table, spec))
        hint = suggest(asked[1], known) or _list_some(table, spec)
        raise LookupFailed(f"There is no {name} {quote(asked[1])}. {hint}")
    columns = _choose_columns(spec, asked[2:])
    return Explanation(asked, tuple(_explain_row(table, spec, place, columns, book) for place in rows))


def _explain_bare(tables: Tables, asked: tuple[str, ...], book: FactBook) -> Explanation:
    """A thing without its kind: the first table that has it, and has the columns that were asked for."""
    word, wanted = asked[0], asked[1:]
    held = [name for name in EXPLAINED_TABLES if name in tables]
    fitting = [name for name in held if all(column in read_spec(name).column_names for column in wanted)]
    for name in fitting:
        spec = read_spec(name)
        places = _find_rows(tables[name], spec, word)
        if not places and wanted:
            places = _find_at_node(tables[name], spec, tables, word)
        if places:
            columns = _choose_columns(spec, wanted)
            found = tuple(_explain_row(tables[name], spec, place, columns, book) for place in places)
            return Explanation(asked, found, related=_list_related(tables, name, found))
    if wanted and (
        owner := next((name for name in held if _find_rows(tables[name], read_spec(name), word)), "")
    ):
        _choose_columns(read_spec(owner), wanted)
    known = [str(row) for name in EXPLAINED_TABLES if name in tables for row in tables[name].iloc[:, 0]]
    hint = suggest(word, sorted({*known, *EXPLAINED_TABLES, *_list_codes(tables)}))
    raise LookupFailed(
        f"Nothing is called {quote(word)}. {hint} "
        f"A kind may stand before it: {', '.join(EXPLAINED_TABLES)} or fact.".replace("  ", " ")
    )


def _list_codes(tables: Tables) -> list[str]:
    return [code for code in tables["node"]["unlocode"] if code] if "node" in tables else []


def _list_some(table: pd.DataFrame, spec: TableSpec, most: int = 3) -> str:
    ids = list(list_row_ids(table, spec))
    return f"There are {len(ids)}, such as {', '.join(ids[:most])}." if ids else "The network has none."


def _find_rows(table: pd.DataFrame, spec: TableSpec, word: str) -> list[int]:
    """Positions of rows whose id, first key cell, UN/LOCODE or name is the word, in any letter case."""
    wanted = word.casefold()
    ids = [row_id.casefold() for row_id in list_row_ids(table, spec)]
    found = [place for place, row_id in enumerate(ids) if row_id == wanted]
    if not found and len(spec.key) > 1:
        found = [place for place, row_id in enumerate(ids) if row_id.split("/")[0] == wanted]
    for column, text in (("unlocode", wanted.replace(" ", "")), ("name", wanted)):
        if not found and column in table.columns:
            found = [place for place, cell in enumerate(table[column]) if cell and cell.casefold() == text]
    return found


def _find_at_node(table: pd.DataFrame, spec: TableSpec, tables: Tables, word: str) -> list[int]:
    """Positions of rows that lie at the node of that id or UN/LOCODE, or have an end there."""
    node = tables.get("node")
    if node is None:
        return []
    ids = {str(node["node_id"].iloc[place]) for place in _find_rows(node, read_spec("node"), word)}
    columns = [name for name in ("node_id", *_LINK_ENDS) if name in table.columns and spec.name != "node"]
    return [place for place in range(len(table)) if any(table[name].iloc[place] in ids for name in columns)]


def _list_related(
    tables: Tables, name: str, found: tuple[ExplainedRow, ...]
) -> tuple[tuple[str, str, str], ...]:
    """Zone, terminals, services and links of a node, groups of a country; nothing for other tables."""
    if name == "country" and "country_group" in tables:
        group = tables["country_group"]
        members = group[group["country_id"].isin([row.row_id for row in found])]
        ids = list_row_ids(members, read_spec("country_group"))
        names = members["group_name"] + ", " + members["standing"]
        return tuple(
            ("country_group", str(row_id), str(label)) for row_id, label in zip(ids, names, strict=True)
        )
    if name != "node":
        return ()
    related = []
    for row in found:
        for other in ("zone", "terminal", "service_leg", "link"):
            if other not in tables:
                continue
            spec = read_spec(other)
            table = tables[other]
            places = _find_at_node(table, spec, tables, row.row_id)
            ids = list_row_ids(table, spec)
            related += [(other, str(ids.iloc[place]), str(table["name"].iloc[place])) for place in places]
    return tuple(related)


def _choose_columns(spec: TableSpec, words: Sequence[str]) -> tuple[ColumnSpec, ...]:
    """The columns that were asked for, or all of them."""
    if not words:
        return tuple(
            column for column in spec.columns if not column.is_key and column.name not in _SHOWN_APART
        )
    missing = [word for word in words if word not in spec.column_names]
    if missing:
        hint = suggest(missing[0], spec.column_names) or f"It has {', '.join(spec.column_names)}."
        raise LookupFailed(f"Table {spec.name} has no column {quote(missing[0])}. {hint}")
    return tuple(spec.column(word) for word in words)


def _explain_row(
    table: pd.DataFrame, spec: TableSpec, place: int, columns: tuple[ColumnSpec, ...], book: FactBook
) -> ExplainedRow:
    row = table.iloc[place]
    row_id = "/".join(str(row[name]) for name in spec.key)
    known = {
        entry.column_name: entry for entry in book.find_values(spec.name, row_id).itertuples(index=False)
    }
    values = tuple(
        _explain_cell(column, _write_cell(row[column.name]), known.get(column.name), row, book)
        for column in columns
        if column.name in table.columns
    )
    leaning = [book.find_fact(fact_id) for fact_id in str(row.get("fact_ids", "")).split(";") if fact_id]
    is_answered = columns != _choose_columns(spec, ()) and all(value.fact for value in values)
    ranked = () if is_answered else book.rank(leaning)
    facts = tuple(_gather(entry.fact, book, "the row leans on it") for entry in ranked)
    return ExplainedRow(spec.name, row_id, str(row.get("name", "")), str(row.get("note", "")), values, facts)


def _explain_cell(
    column: ColumnSpec, text: str, entry: Any, row: pd.Series, book: FactBook
) -> ExplainedValue:
    plain = (column.name, text, column.unit, column.description)
    if entry is None:
        is_number = column.type in {"float", "int"} and bool(text)
        basis = str(row.get("basis", UNSTATED_BASIS)) if is_number else ""
        return ExplainedValue(*plain, basis=basis)
    chosen = book.find_fact(entry.fact_id) if entry.fact_id else None
    others = [book.find_fact(fact_id) for fact_id in entry.rival_fact_ids.split(";") if fact_id]
    ranked = book.rank([*([chosen] if chosen else []), *others])
    return ExplainedValue(
        *plain,
        basis=entry.basis,
        rule=entry.rule,
        low=entry.low,
        high=entry.high,
        fact=_gather(chosen, book, entry.rule) if chosen else None,
        rivals=tuple(
            _gather(item.fact, book, item.reason if item.place else PASSED_OVER)
            for item in ranked
            if item.fact is not chosen
        ),
    )


def _gather(fact: Fact, book: FactBook, reason: str) -> Evidence:
    source = book.find_source(fact)
    return Evidence(
        fact, source.publisher, source.url, source.kind, source.cited, source.licence_note, reason
    )


def _write_cell(cell: object) -> str:
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return "" if math.isnan(cell) else f"{cell:.10g}"
    return str(cell)
