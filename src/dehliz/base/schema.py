"""Reads the data dictionary into frozen ``TableSpec`` and ``ColumnSpec``.

``dehliz/dictionary/<table>.csv`` holds one row per column. Reading, checking, result tables and the reference
pages all follow it. The step after this one is ``base/check.py``.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Role = Literal["input", "derived", "result"]
ColumnType = Literal["id", "ids", "text", "bool", "int", "float", "enum"]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """What the dictionary says of one column.

    Attributes
    ----------
    name, type, unit : str
        ``type`` is one of id, ids (several, separated by ``;``), text, bool, int, float, enum.
    choices : tuple of str
        Values that an enum may take.
    is_required : bool
        Whether each row needs a value.
    default : str
        Text of the value that is true when absent, or empty.
    low, high : float or None
        Inclusive bounds of a number.
    is_key : bool
        Whether the values identify a row.
    refers_to : str
        ``table.column`` that must hold the value, or empty.
    description, source : str
        Meaning, and where the definition comes from.
    """

    name: str
    type: ColumnType
    unit: str
    choices: tuple[str, ...]
    is_required: bool
    default: str
    low: float | None
    high: float | None
    is_key: bool
    refers_to: str
    role: Role
    description: str
    source: str


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table's columns in their order."""

    name: str
    columns: tuple[ColumnSpec, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns."""
        return tuple(column.name for column in self.columns if column.is_key)

    def column(self, name: str) -> ColumnSpec:
        """The specification of one column; ``KeyError`` when there is none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


def _read_number(text: str) -> float | None:
    return float(text) if text else None


def _read_column(row: dict[str, str]) -> ColumnSpec:
    kind, _, choices = row["type"].partition("[")
    return ColumnSpec(
        name=row["column"],
        type=kind,  # type: ignore[arg-type]
        unit=row["unit"],
        choices=tuple(choices.removesuffix("]").split("|")) if choices else (),
        is_required=row["required"] == "yes",
        default=row["default"],
        low=_read_number(row["low"]),
        high=_read_number(row["high"]),
        is_key=row["key"] == "yes",
        refers_to=row["refers_to"],
        role=row["role"],  # type: ignore[arg-type]
        description=row["description"],
        source=row["source"],
    )


@cache
def read_spec(table: str) -> TableSpec:
    """The dictionary's page on one table.

    Parameters
    ----------
    table : str
        Singular name of a table, such as ``link``.

    Raises
    ------
    FileNotFoundError
        When the dictionary has no such table.
    """
    text = files("dehliz").joinpath(f"dictionary/{table}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return TableSpec(table, tuple(_read_column(row) for row in rows))


@cache
def list_tables() -> tuple[str, ...]:
    """Names of all tables in the dictionary, sorted."""
    folder = files("dehliz").joinpath("dictionary")
    return tuple(
        sorted(item.name.removesuffix(".csv") for item in folder.iterdir() if item.name.endswith(".csv"))
    )
