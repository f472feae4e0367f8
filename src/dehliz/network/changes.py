"""The closed set of changes that a scenario is made of, frozen and without state.

Each says what is to be done and to which rows; how it is done stands in ``network/changing.py``. The names of
their fields are the keys of a scenario file (``network/scenario.py``).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

Cell = str | int | float | bool
Row = tuple[tuple[str, Cell], ...]
"""Column and value of each cell that is given; hashable, so that a change can be compared and its content hashed."""


@dataclass(frozen=True, slots=True)
class Close:
    """Take things out of service.

    Attributes
    ----------
    link_ids, terminal_ids, service_leg_ids : tuple of str
        Rows to close.
    node_ids : tuple of str
        Nodes at which every link, service leg and terminal closes.
    country_ids : tuple of str
        Countries whose links, service legs and terminals close, border posts into and out of them included. What
        belongs to XZ, the high sea, stays open.
    passage_ids : tuple of str
        Straits and canals whose links and service legs close.
    """

    link_ids: tuple[str, ...] = ()
    terminal_ids: tuple[str, ...] = ()
    service_leg_ids: tuple[str, ...] = ()
    node_ids: tuple[str, ...] = ()
    country_ids: tuple[str, ...] = ()
    passage_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """Put things into service that are closed, under construction or planned.

    Attributes
    ----------
    link_ids, terminal_ids, service_leg_ids : tuple of str
        Rows to open, whatever their status.
    node_ids, country_ids, passage_ids : tuple of str
        As in ``Close``; of these only what is closed opens. What is planned or under construction has to be named
        by its own id, so that opening a country builds nothing.
    """

    link_ids: tuple[str, ...] = ()
    terminal_ids: tuple[str, ...] = ()
    service_leg_ids: tuple[str, ...] = ()
    node_ids: tuple[str, ...] = ()
    country_ids: tuple[str, ...] = ()
    passage_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PutInService:
    """Finish a project: from a year on, rows that are planned or under construction are open.

    Attributes
    ----------
    ids : tuple of str
        Links, terminals and service legs.
    year : int
        First year in service. In a network of an earlier year they stay as they are.
    """

    ids: tuple[str, ...]
    year: int


@dataclass(frozen=True, slots=True)
class Scale:
    """Multiply a number.

    Attributes
    ----------
    table, column : str
        Where.
    ids : tuple of str
        Rows; all that hold a number when empty.
    factor : float
        What to multiply with, 0 or more.
    """

    table: str
    column: str
    factor: float
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetValue:
    """Write a value.

    Attributes
    ----------
    table, column : str
        Where.
    ids : tuple of str
        Rows.
    value : str, int, float or bool
        What to write; empty text takes the value away.
    """

    table: str
    column: str
    ids: tuple[str, ...]
    value: Cell


@dataclass(frozen=True, slots=True)
class AddRows:
    """Add rows to a table.

    Attributes
    ----------
    table : str
        Where.
    rows : tuple of Row
        Cells of each row by column; ``make_rows`` makes them of dictionaries.
    """

    table: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RemoveRows:
    """Remove rows from a table, and the shapes and provenance that belong to them.

    Attributes
    ----------
    table : str
        Where.
    ids : tuple of str
        Rows.
    """

    table: str
    ids: tuple[str, ...]


Change = Close | Open | PutInService | Scale | SetValue | AddRows | RemoveRows

KINDS: Final[dict[str, type[Change]]] = {
    "close": Close,
    "open": Open,
    "put_in_service": PutInService,
    "scale": Scale,
    "set": SetValue,
    "add": AddRows,
    "remove": RemoveRows,
}
"""What a scenario file writes behind ``do`` -> the change."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Named changes in their order.

    Attributes
    ----------
    name : str
        What people call it.
    changes : tuple of Change
        Made one after another.
    description : str
        Why, in a sentence.
    origin : str
        How messages call it: its file, when it has one.
    """

    name: str
    changes: tuple[Change, ...]
    description: str = ""
    origin: str = ""

    @property
    def id(self) -> str:
        """SHA-256 of what the changes say; name and description do not count."""
        content = [[type(change).__name__, asdict(change)] for change in self.changes]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def make_rows(rows: Sequence[Mapping[str, Cell]]) -> tuple[Row, ...]:
    """Rows of ``AddRows`` from dictionaries."""
    return tuple(tuple(row.items()) for row in rows)
