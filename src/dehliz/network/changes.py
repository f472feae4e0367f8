"""The closed set of changes that a scenario is made of, frozen and without state.

Each says what is to be done and to which rows; how it is done stands in ``network/changing.py``. The names of
their fields are the keys of a scenario file (``network/scenario.py``).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
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
        Where. ``capacity`` and ``background`` are tables of the demand; their rows go by the id of the link, terminal
        or service leg, and rows of one facility go together.
    factor : float
        What to multiply with, 0 or more.
    ids : tuple of str
        Rows; all that hold a number when empty. Each further key narrows the choice.
    country_ids : tuple of str
        Rows of these countries; a terminal belongs to the country of its node and to those that it names.
    mode_ids : tuple of str
        Rows of these modes; a terminal has the mode on either side.
    passage_ids : tuple of str
        Rows that pass these straits and canals.
    node_ids : tuple of str
        Rows at these nodes.
    """

    table: str
    column: str
    factor: float
    ids: tuple[str, ...] = ()
    country_ids: tuple[str, ...] = ()
    mode_ids: tuple[str, ...] = ()
    passage_ids: tuple[str, ...] = ()
    node_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetValue:
    """Write a value.

    Attributes
    ----------
    table, column : str
        Where; ``capacity`` and ``background`` as in ``Scale``.
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


@dataclass(frozen=True, slots=True)
class ShiftDemand:
    """Change how much cargo wants to go, or where it starts and ends.

    Attributes
    ----------
    share : float
        Part of the volume of each row that is meant, above 0 and up to 1.
    factor : float
        What to multiply that part with, 0 or more: 0 takes it away.
    to_origin_zone_id, to_destination_zone_id : str
        Zone from or to which that part goes instead; as before when empty.
    market_ids, segment_ids : tuple of str
        Only rows of these markets and segments; all when empty.
    origin_zone_ids, origin_country_ids : tuple of str
        Only rows that start in these zones and countries.
    destination_zone_ids, destination_country_ids : tuple of str
        Only rows that end there.
    """

    share: float = 1.0
    factor: float = 1.0
    to_origin_zone_id: str = ""
    to_destination_zone_id: str = ""
    market_ids: tuple[str, ...] = ()
    segment_ids: tuple[str, ...] = ()
    origin_zone_ids: tuple[str, ...] = ()
    origin_country_ids: tuple[str, ...] = ()
    destination_zone_ids: tuple[str, ...] = ()
    destination_country_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """Let a group of countries act as one: its tariffs, and the posts between two members.

    Attributes
    ----------
    group_id : str
        Group of table ``country_group``; observers, candidates and those that left do not count.
    country_ids : tuple of str
        Countries besides the group's, or instead of a group.
    tariff_factor : float
        What to multiply tariffs with on links and service legs of the members, and on service legs from a member to
        a member, 0 or more.
    rate_usd_teu_km : float, optional
        One rate for boxes on links and service legs of the members, in place of ``tariff_factor``; fixed charges stay.
    mode_ids : tuple of str
        Modes whose tariffs are meant; all when empty.
    border_factor : float
        What to multiply the handling, the waiting and their spread with at border posts between two members, 0 or more.
    border_time_h : float, optional
        Hours at such a post in place of ``border_factor``, 0 or more: handling becomes that, waiting 0, and the spread
        keeps its share of the time. Posts that are as fast already stay as they are.
    """

    group_id: str = ""
    country_ids: tuple[str, ...] = ()
    tariff_factor: float = 1.0
    rate_usd_teu_km: float | None = None
    mode_ids: tuple[str, ...] = ()
    border_factor: float = 1.0
    border_time_h: float | None = None


Change = Close | Open | PutInService | Scale | SetValue | AddRows | RemoveRows | ShiftDemand | Policy

KINDS: Final[dict[str, type[Change]]] = {
    "close": Close,
    "open": Open,
    "put_in_service": PutInService,
    "scale": Scale,
    "set": SetValue,
    "add": AddRows,
    "remove": RemoveRows,
    "shift_demand": ShiftDemand,
    "policy": Policy,
}
"""What a scenario file writes behind ``do`` -> the change."""


@dataclass(frozen=True, slots=True)
class Event:
    """When the scenario happened or is to happen: data for those who replay it, applied by nobody here.

    Attributes
    ----------
    start : date
        First day.
    end : date, optional
        First day on which it is over; nothing when it has not ended, or is not known to have.
    duration_d : float, optional
        Days that it lasts, in place of ``end``, above 0.
    reported : str
        Event of table ``event_reported``, which says what was reported of it.
    """

    start: date
    end: date | None = None
    duration_d: float | None = None
    reported: str = ""

    @property
    def length_d(self) -> float | None:
        """Days from the first to the end, or None when it has none."""
        return self.duration_d if self.end is None else float((self.end - self.start).days)


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
    event : Event, optional
        When it happened.
    """

    name: str
    changes: tuple[Change, ...]
    description: str = ""
    origin: str = ""
    event: Event | None = None

    @property
    def id(self) -> str:
        """SHA-256 of what the changes say; name, description and event do not count."""
        content = [[type(change).__name__, asdict(change)] for change in self.changes]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def make_rows(rows: Sequence[Mapping[str, Cell]]) -> tuple[Row, ...]:
    """Rows of ``AddRows`` from dictionaries."""
    return tuple(tuple(row.items()) for row in rows)
