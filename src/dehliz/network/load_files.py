"""What rows of one's own network can carry: the tables ``capacity``, ``background`` and ``delay`` beside it.

The tables are those of the dictionary. They come in with the network whose rows they name; checked tables go out, or
everything that is wrong with them. ``demand_files.py`` reads the demand; ``assignment/own.py`` puts both together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow

from dehliz.base.check import check_table, make_empty
from dehliz.base.errors import DataError, Issue, say_count
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.base.sheet import Faults, Rule, Sheet
from dehliz.network.csvtext import read_text_table, say_file_issue
from dehliz.network.demand import ROW_RULE, find_lost, select_rows
from dehliz.network.network import Network

LOAD_TABLES: Final = ("capacity", "background", "delay")
YEARLY: Final = LOAD_TABLES[:2]

LOAD_FILE_RULES: Final = {
    rule.name: rule
    for rule in (
        ROW_RULE,
        Rule(
            "*.*.once",
            "A link, terminal or service leg has one row for each year",
            "End one row before the next begins: last_year, first_year",
        ),
        Rule("*.*.order", "A row holds from first_year to last_year", "Exchange or correct the years"),
        Rule(
            "capacity.facility_id.same",
            "Rows of one facility share one capacity, in one direction or both",
            "Write the same capacity_t_a and direction in all rows of the facility",
        ),
    )
}
"""Rules for what a network can carry, beside those of columns and files of any kind."""


@dataclass(frozen=True, slots=True)
class LoadFiles:
    """Checked tables of all years.

    Attributes
    ----------
    capacity, background : DataFrame
        As in the dictionary; without rows where there is no file.
    delay : DataFrame or None
        Forms of delay; None where there is no file.
    notes : tuple of str
        What reading left out.
    """

    capacity: pd.DataFrame
    background: pd.DataFrame
    delay: pd.DataFrame | None
    notes: tuple[str, ...]

    @property
    def last_year(self) -> int | None:
        """The last year in which a row begins; None without rows."""
        years = [int(frame["first_year"].max()) for frame in (self.capacity, self.background) if len(frame)]
        return max(years, default=None)

    def in_year(self, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows of ``capacity`` and of ``background`` that hold in a year."""
        capacity, background = (
            select_rows(frame, year, read_spec(name).key)
            for name, frame in zip(YEARLY, (self.capacity, self.background), strict=True)
        )
        return capacity, background


def read_load_files(folder: Path, network: Network) -> LoadFiles:
    """The tables that say how a network fills, from the folder of its tables.

    Parameters
    ----------
    folder : Path
        Holds ``capacity``, ``background`` and ``delay`` as .csv or .parquet; each may be left out.
    network : Network
        Whose rows they name.

    Raises
    ------
    DataError
        With every fault of every file.
    """
    sheets: dict[str, Sheet] = {}
    issues: list[Issue] = []
    notes: list[str] = []
    for name in LOAD_TABLES:
        sheet = _read(folder, name, issues, notes)
        if sheet is not None:
            sheets[name] = sheet
    for name in YEARLY:
        if name in sheets:
            issues += _check_yearly(sheets[name], network)
    if "capacity" in sheets:
        rule = LOAD_FILE_RULES["capacity.facility_id.same"]
        issues += sheets["capacity"].find(rule, "facility_id", _find_uneven(sheets["capacity"].frame))
    if issues:
        raise DataError(f"The capacities cannot be used: {say_count(len(issues), 'fault')}.", issues)
    frames = {name: sheet.frame for name, sheet in sheets.items()}
    empty = {name: make_empty(read_spec(name)) for name in YEARLY}
    return LoadFiles(**{**empty, **_take(frames, YEARLY)}, delay=frames.get("delay"), notes=tuple(notes))


def _take(frames: Mapping[str, pd.DataFrame], names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    return {name: frames[name] for name in names if name in frames}


def _read(folder: Path, name: str, issues: list[Issue], notes: list[str]) -> Sheet | None:
    """A table with the types of the dictionary; None where there is no file or nothing of it can be read."""
    spec, lines = read_spec(name), None
    file = next(
        (path for ending in ("csv", "parquet") if (path := folder / f"{name}.{ending}").is_file()), None
    )
    if file is None:
        return None
    if file.suffix == ".csv":
        text = read_text_table(file, name)
        raw, lines = text.frame, text.lines
        issues += text.issues
        notes += text.notes
        if not len(raw.columns):
            return None
    else:
        try:
            raw = pd.read_parquet(file)
        except (OSError, ValueError, pyarrow.ArrowException):
            issues.append(say_file_issue("damaged", name, file.name, "it is not a Parquet file"))
            return None
    typed, faults = check_table(raw, spec, file.name, lines)
    issues += faults
    return Sheet(spec, typed, file.name, lines)


def _check_yearly(sheet: Sheet, network: Network) -> list[Issue]:
    return [
        *sheet.find(ROW_RULE, "row_id", find_lost(sheet.frame, network)),
        *sheet.find(LOAD_FILE_RULES["*.*.once"], "first_year", _find_twice(sheet.frame)),
        *sheet.find(LOAD_FILE_RULES["*.*.order"], "last_year", _find_turned(sheet.frame)),
    ]


def _find_turned(frame: pd.DataFrame) -> Faults:
    """Rows that end before they begin."""
    turned = (frame["last_year"] < frame["first_year"]).to_numpy(dtype=bool)
    return {
        int(at): f"{row.last_year}, when the row begins in {row.first_year}"
        for at, row in zip(np.flatnonzero(turned), each_row(frame[turned]), strict=True)
    }


def _find_twice(frame: pd.DataFrame) -> Faults:
    """Rows that hold in a year in which an earlier row of the same thing still holds."""
    faults: dict[int, str] = {}
    until: dict[tuple[str, str], int] = {}
    order = frame.sort_values(["table_name", "row_id", "first_year"], kind="stable").index
    for at, row in zip(order, each_row(frame.loc[order]), strict=True):
        key = (row.table_name, row.row_id)
        if key in until and row.first_year <= until[key]:
            faults[int(at)] = f"{row.first_year}, when another row of it holds until {until[key]}"
        until[key] = max(until.get(key, row.last_year), row.last_year)
    return faults


def _find_uneven(frame: pd.DataFrame) -> Faults:
    """Rows that say another capacity or direction than an earlier row of their facility in the same years."""
    faults: dict[int, str] = {}
    seen: dict[str, list[tuple[int, int, float, str]]] = {}
    for at, row in enumerate(each_row(frame)):
        if not row.facility_id:
            continue
        own = (row.first_year, row.last_year, row.capacity_t_a, row.direction)
        for first, last, capacity, direction in seen.setdefault(row.facility_id, []):
            overlaps = first <= row.last_year and row.first_year <= last
            if overlaps and (capacity, direction) != own[2:]:
                faults[at] = (
                    f"'{row.facility_id}' with {row.capacity_t_a:g} {row.direction}, and with {capacity:g} {direction}"
                )
        seen[row.facility_id].append(own)
    return faults
