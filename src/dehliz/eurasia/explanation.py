"""``Explanation``: what ``dehliz explain`` answers, as a document for JSON and as plain text for the screen.

``eurasia/explain.py`` finds the rows and gathers their facts; the command line prints one of the two forms.
"""

import math
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any, Final

from dehliz.eurasia.facts import Fact

UNSTATED_BASIS: Final = "not stated"
"""Basis of a number that the table ``value`` says nothing about."""
TEXT_WIDTH: Final = 100


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact with its source, and why it stands where it stands among its rivals."""

    fact: Fact
    publisher: str
    url: str
    kind: str
    cited: str
    licence_note: str
    reason: str

    def document(self) -> dict[str, Any]:
        """The fact by columns of the dictionary; numbers that are missing are None."""
        fact = self.fact
        return {
            "fact_id": fact.fact_id,
            "entity": fact.entity,
            "metric": fact.metric,
            "value": fact.value,
            "value_low": _none_if_missing(fact.value_low),
            "value_high": _none_if_missing(fact.value_high),
            "value_mean": _none_if_missing(fact.value_mean),
            "unit": fact.unit,
            "year": fact.year,
            "confidence": fact.confidence,
            "is_assumption": fact.is_assumption,
            "note": fact.note,
            "source_id": fact.source_id,
            "source_date": fact.source_date,
            "publisher": self.publisher,
            "cited": self.cited,
            "kind": self.kind,
            "url": self.url,
            "licence_note": self.licence_note,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class ExplainedValue:
    """One cell of a table and what it stands on.

    Attributes
    ----------
    column_name, value, unit, description : str
        The cell and what the dictionary says of its column.
    basis, rule : str
        How it came about; ``not stated`` when the table ``value`` has no row for it.
    low, high : float
        Plausible range of an assumption; NaN without one.
    fact : Evidence or None
        The fact that was chosen.
    rivals : tuple of Evidence
        Facts that say something else, the most believable first.
    """

    column_name: str
    value: str
    unit: str
    description: str
    basis: str
    rule: str = ""
    low: float = math.nan
    high: float = math.nan
    fact: Evidence | None = None
    rivals: tuple[Evidence, ...] = ()

    def document(self) -> dict[str, Any]:
        """The value by columns of the dictionary."""
        return {
            "column_name": self.column_name,
            "value": self.value,
            "unit": self.unit,
            "description": self.description,
            "basis": self.basis,
            "rule": self.rule,
            "low": _none_if_missing(self.low),
            "high": _none_if_missing(self.high),
            "fact": self.fact.document() if self.fact else None,
            "rivals": [rival.document() for rival in self.rivals],
        }


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """One row of a table: its values, and the facts that the row as a whole leans on."""

    table_name: str
    row_id: str
    name: str
    note: str
    values: tuple[ExplainedValue, ...]
    facts: tuple[Evidence, ...] = ()

    def document(self) -> dict[str, Any]:
        """The row by columns of the dictionary."""
        return {
            "table_name": self.table_name,
            "row_id": self.row_id,
            "name": self.name,
            "note": self.note,
            "values": [value.document() for value in self.values],
            "facts": [fact.document() for fact in self.facts],
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked, the rows that answer it, and what else has to do with them.

    Attributes
    ----------
    words : tuple of str
        The question.
    rows : tuple of ExplainedRow
        What was found; empty when a fact was asked for.
    facts : tuple of Evidence
        The fact that was asked for, or none.
    related : tuple of (table, id, name)
        Rows that can be asked for next, such as the terminals of a node.
    """

    words: tuple[str, ...]
    rows: tuple[ExplainedRow, ...] = ()
    facts: tuple[Evidence, ...] = ()
    related: tuple[tuple[str, str, str], ...] = field(default=())

    def document(self) -> dict[str, Any]:
        """All of it for JSON, by columns of the dictionary."""
        return {
            "asked": " ".join(self.words),
            "rows": [row.document() for row in self.rows],
            "facts": [fact.document() for fact in self.facts],
            "related": [
                {"table_name": table, "row_id": row_id, "name": name} for table, row_id, name in self.related
            ],
        }

    def text(self, width: int = TEXT_WIDTH) -> str:
        """All of it for people, in lines of at most ``width`` characters (addresses may be longer)."""
        lines: list[str] = []
        for row in self.rows:
            lines += [*_write_row(row, width), ""]
        for fact in self.facts:
            lines += [*_write_fact(fact, "", width), ""]
        if self.related:
            lines.append("Ask next:" if self.rows else "Used by:")
            lines += [f"  {table} {row_id}  {name}".rstrip() for table, row_id, name in self.related]
        return "\n".join(lines).rstrip() + "\n"


def _none_if_missing(number: float) -> float | None:
    return None if math.isnan(number) else number


def _fold(text: str, indent: str, width: int) -> list[str]:
    return wrap(text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False)


def _write_row(row: ExplainedRow, width: int) -> list[str]:
    title = f"{row.table_name} {row.row_id}"
    lines = _fold(f"{title}: {row.name}" if row.name else title, "", width)
    if row.note and row.note not in {value.rule for value in row.values}:
        lines += _fold(row.note, "  ", width)
    shown = {fact.fact.fact_id for value in row.values for fact in (value.fact, *value.rivals) if fact}
    for value in row.values:
        if value.value:
            lines += _write_value(value, width)
    empty = [value.column_name for value in row.values if not value.value]
    if empty:
        lines += _fold(f"No value: {', '.join(empty)}", "  ", width)
    leaning = [fact for fact in row.facts if fact.fact.fact_id not in shown]
    if leaning:
        lines.append("  The row as a whole leans on")
        for fact in leaning:
            lines += _write_fact(fact, "    ", width)
    return lines


def _write_value(value: ExplainedValue, width: int) -> list[str]:
    head = f"{value.column_name}: {value.value} {value.unit}".rstrip()
    lines = _fold(f"{head} ({value.basis})" if value.basis else head, "  ", width)
    if value.basis:
        lines += _fold(value.description, "      ", width)
    if value.rule:
        lines += _fold(f"Why: {value.rule}", "      ", width)
    if not math.isnan(value.low) and not math.isnan(value.high):
        lines.append(f"      Plausible range: {value.low:g} to {value.high:g} {value.unit}".rstrip())
    if value.fact:
        lines += _write_fact(value.fact, "      ", width)
    for rival in value.rivals:
        lines += _fold(f"Rival, not taken ({rival.reason}):", "      ", width)
        lines += _write_fact(rival, "        ", width)
    return lines


def _write_fact(evidence: Evidence, indent: str, width: int) -> list[str]:
    fact = evidence.fact
    status = "ASSUMPTION" if fact.is_assumption else f"{fact.confidence} confidence"
    value = f"{fact.value} {fact.unit}".strip() or "no value"
    holds = f", for {fact.year}" if fact.year else ""
    lines = _fold(f"{fact.fact_id}: {fact.entity}, {fact.metric}: {value}{holds} ({status})", indent, width)
    quoted = f", quoting {evidence.cited}" if evidence.cited else ""
    dated = f", {fact.source_date}" if fact.source_date else ""
    lines += _fold(f"{evidence.publisher}{quoted} ({evidence.kind}{dated})", indent + "  ", width)
    lines += [f"{indent}  {address}" for address in evidence.url.split()]
    if fact.note:
        lines += _fold(fact.note, indent + "  ", width)
    return lines
