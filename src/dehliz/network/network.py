"""``Network``: the frozen set of checked tables, with a fingerprint.

``network/files.py`` reads tables and ``build_network`` makes a network of them, or says everything that is
wrong. ``network/scenario.py`` makes changed copies; ``graph/compile.py`` turns a network into arrays.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import pandas as pd

from dehliz.base.check import check_references, check_table, list_unknown, make_empty
from dehliz.base.errors import DataError, Issue, say_count, suggest
from dehliz.base.schema import read_spec
from dehliz.base.sheet import Rule, Sheet
from dehliz.network.notes import list_notes
from dehliz.network.rules import check_rules, is_lost

TABLES: Final = (
    "node",
    "mode",
    "link",
    "terminal",
    "service_leg",
    "zone",
    "connector",
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
    "place",
    "value",
)
"""Tables of a network in the order of messages; ``shape`` stands beside them, because it is for drawing only."""
NEEDED_TABLES: Final = ("node", "mode", "link", "country")
"""Tables without which there is no network; the others may be empty."""

TABLE_RULES: Final = (
    Rule("*.table.rows", "A network needs at least one row in node, mode, link and country", "Add the rows"),
    Rule("*.table.known", "Tables are those of the data dictionary", "Rename or remove the table"),
)


@dataclass(frozen=True, slots=True, repr=False)
class Network:
    """What exists: checked tables, sorted by id, never changed after they are made.

    Attributes
    ----------
    node, mode, link, terminal, service_leg, zone, connector, country, country_group, segment, container : DataFrame
        Tables with the columns of the data dictionary; without rows when the network has none.
    tariff, emission_factor, corridor, place, value : DataFrame
        The same.
    departure, closure, holiday, server, wagon_pool, duration, draught_limit : DataFrame
        How things run day by day, for timetables and simulation; mostly empty where nobody simulates.
    shape : DataFrame
        Lines for drawing; not part of the fingerprint.
    year : int or None
        Year whose open things are in service; None when no year was chosen.
    name : str
        What the network is called.
    notes : tuple of str
        What was assumed, left out or looks odd, one sentence each.
    """

    node: pd.DataFrame
    mode: pd.DataFrame
    link: pd.DataFrame
    terminal: pd.DataFrame
    service_leg: pd.DataFrame
    zone: pd.DataFrame
    connector: pd.DataFrame
    country: pd.DataFrame
    country_group: pd.DataFrame
    segment: pd.DataFrame
    container: pd.DataFrame
    tariff: pd.DataFrame
    emission_factor: pd.DataFrame
    corridor: pd.DataFrame
    departure: pd.DataFrame
    closure: pd.DataFrame
    holiday: pd.DataFrame
    server: pd.DataFrame
    wagon_pool: pd.DataFrame
    duration: pd.DataFrame
    draught_limit: pd.DataFrame
    place: pd.DataFrame
    value: pd.DataFrame
    shape: pd.DataFrame
    year: int | None = None
    name: str = "network"
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """One line: name, year and the number of rows that matter."""
        year = f", {self.year}" if self.year is not None else ""
        counts = ", ".join(
            f"{len(self.table(table))} {table.replace('_', ' ')}s"
            for table in ("node", "link", "terminal", "service_leg", "zone")
        )
        return f"<Network {self.name}{year}: {counts}>"

    def table(self, name: str) -> pd.DataFrame:
        """A table by its name.

        Raises
        ------
        DataError
            When a network has no such table.
        """
        if name != "shape" and name not in TABLES:
            known = (*TABLES, "shape")
            raise DataError(
                f"A network has no table '{name}'. {suggest(name, known)} It has {', '.join(known)}."
            )
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name, without ``shape``."""
        return {name: self.table(name) for name in TABLES}

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the tables' content; computed anew each time, so that a changed table shows."""
        digest = hashlib.sha256()
        for name in TABLES:
            digest.update(f"[{name}]\n".encode())
            digest.update(self.table(name).to_csv(index=False, lineterminator="\n").encode())
        return digest.hexdigest()


class Build(Protocol):
    """Makes a network of the tables that were read: ``build_network`` or ``draft_network``."""

    def __call__(
        self,
        tables: "Mapping[str, pd.DataFrame | RawTable]",
        *,
        name: str = ...,
        notes: Sequence[str] = ...,
        issues: Sequence[Issue] = ...,
    ) -> "Network":
        """Check the tables and keep them."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it was read, before any check.

    Attributes
    ----------
    frame : DataFrame
        Text, or typed columns.
    file : str
        What messages call it, such as ``link.csv``.
    lines : sequence of int, optional
        Line of each row in an editor.
    """

    frame: pd.DataFrame
    file: str
    lines: Sequence[int] | None = None


def build_network(
    tables: Mapping[str, pd.DataFrame | RawTable],
    *,
    name: str = "network",
    year: int | None = None,
    notes: Sequence[str] = (),
    issues: Sequence[Issue] = (),
) -> Network:
    """A network of tables that pass all rules.

    Parameters
    ----------
    tables : mapping of str to DataFrame or RawTable
        Tables by name, ``shape`` among them when there are lines to draw; copied.
    name, year, notes
        As in ``Network``.
    issues : sequence of Issue
        Faults found while reading; raised together with those found here.

    Returns
    -------
    Network

    Raises
    ------
    DataError
        With every fault of every table.
    """
    sheets, found, remarks = _check_tables(tables)
    found = [*issues, *found]
    found += _check_rows(sheets, found)
    lost = {issue.rule.partition(".")[0] for issue in found if is_lost(issue)}
    found += check_references(sheets, lost)
    found += check_rules(sheets, found)
    if found:
        raise DataError(f"The tables of {name} cannot be used: {say_count(len(found), 'fault')}.", found)
    frames = {key: _sort(sheet) for key, sheet in sheets.items()}
    network = Network(**frames, year=year, name=name, notes=(*notes, *remarks))
    return replace(network, notes=(*network.notes, *list_notes(network.tables())))


def draft_network(
    tables: Mapping[str, pd.DataFrame | RawTable],
    *,
    name: str = "network",
    notes: Sequence[str] = (),
    issues: Sequence[Issue] = (),
) -> Network:
    """A network whose cells are checked, but not yet what its tables say of each other: others may be added first.

    Parameters
    ----------
    tables, name, notes, issues
        As in ``build_network``, through which the draft goes in the end.

    Raises
    ------
    DataError
        With every fault of the files and their cells.
    """
    sheets, found, remarks = _check_tables(tables)
    found = [*issues, *found]
    found += _check_rows(sheets, found)
    if found:
        raise DataError(f"The tables of {name} cannot be used: {say_count(len(found), 'fault')}.", found)
    frames = {key: _sort(sheet) for key, sheet in sheets.items()}
    return Network(**frames, year=None, name=name, notes=(*notes, *remarks))


def replace_tables(
    network: Network,
    tables: Mapping[str, pd.DataFrame],
    *,
    notes: Sequence[str] = (),
    year: int | None = None,
) -> Network:
    """A copy of a network with some tables replaced, without checking them again.

    For changes that cannot break a rule, such as closing a link; others go through ``build_network``.
    """
    frames = {key: _sort(Sheet(read_spec(key), frame, key)) for key, frame in tables.items()}
    year = network.year if year is None else year
    return replace(network, **frames, notes=(*network.notes, *notes), year=year)  # type: ignore[arg-type]


def _check_tables(
    tables: Mapping[str, pd.DataFrame | RawTable],
) -> tuple[dict[str, Sheet], list[Issue], list[str]]:
    sheets: dict[str, Sheet] = {}
    issues: list[Issue] = []
    notes: list[str] = []
    for name in (*TABLES, "shape"):
        spec = read_spec(name)
        given = tables.get(name)
        if given is None:
            sheets[name] = Sheet(spec, make_empty(spec), f"table {name}")
            continue
        raw = given if isinstance(given, RawTable) else RawTable(given, f"table {name}")
        typed, faults = check_table(raw.frame, spec, raw.file, raw.lines)
        sheets[name] = Sheet(spec, typed, raw.file, raw.lines)
        issues += faults
        unknown = list_unknown([str(column) for column in raw.frame.columns], spec)
        notes += [
            f"{raw.file}: column '{column}' is not in the data dictionary and was left out"
            for column in unknown
        ]
    for name in tables:
        if name not in sheets:
            hint = f"{suggest(name, list(sheets))} Rename or remove it".strip()
            rule = f"{name}.table.known"
            issues.append(
                Issue(rule, f"table {name}", (), "there is no such table", TABLE_RULES[1].expected, hint)
            )
    return sheets, issues, notes


def _check_rows(sheets: Mapping[str, Sheet], issues: Sequence[Issue]) -> list[Issue]:
    spoiled = {issue.rule.partition(".")[0] for issue in issues}
    rule = TABLE_RULES[0]
    return [
        Issue(f"{name}.table.rows", sheets[name].file, (), "no rows", rule.expected, rule.remedy)
        for name in NEEDED_TABLES
        if sheets[name].frame.empty and name not in spoiled
    ]


def _sort(sheet: Sheet) -> pd.DataFrame:
    """A copy in the order of the key, so that the order of rows in a file means nothing."""
    return sheet.frame.sort_values(list(sheet.spec.key), kind="stable").reset_index(drop=True)
