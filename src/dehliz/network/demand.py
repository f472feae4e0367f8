"""``Demand``: what is to be moved in a year, what is there already, and what the network can carry.

``eurasia/load.py`` reads the bundled demand; ``build_demand`` checks tables of one's own against a network, or says
everything that is wrong. ``graph/trips.py`` turns the rows into arrays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dehliz.base.check import check_references, check_table, make_empty
from dehliz.base.errors import DataError, Issue, say_count
from dehliz.base.schema import read_spec
from dehliz.base.sheet import Faults, Rule, Sheet, rows_where
from dehliz.network.network import Network, RawTable

DEMAND_TABLES: Final = ("market", "demand", "background", "capacity")
"""Tables of a demand; ``demand`` is needed, the others may be without rows."""

DEMAND_RULES: Final = (
    Rule(
        "demand.segment_id.value_of_time",
        "Loading turns money into hours: each segment in use needs a value of time above 0",
        "Fill in segment.value_of_time_usd_t_h",
    ),
    Rule("demand.destination_zone_id.differs", "Cargo goes from one zone to another", "Remove the row"),
    Rule("demand.year.rows", "The year needs at least one row", "Choose a year that has rows, or add them"),
    Rule("*.*.row", "The id of a row of that table of the network", "Correct the id or add the row"),
)
_OWN_TABLES: Final = ("segment", "zone")
_YEARLY: Final = ("background", "capacity")


@dataclass(frozen=True, slots=True, repr=False)
class Demand:
    """Checked tables of one year, sorted by their keys, never changed after they are made.

    Attributes
    ----------
    year : int
        Year that the rows hold for.
    segment : DataFrame
        Segments of the network, in its order.
    market, demand : DataFrame
        Markets, and cargo from zone to zone [t/a]; a market's volume counts all ways together.
    background : DataFrame
        Cargo that is there before any market is loaded [t/a].
    capacity : DataFrame
        What links, terminals and services can carry [t/a]; a row that is not here has no known limit.
    """

    year: int
    segment: pd.DataFrame
    market: pd.DataFrame
    demand: pd.DataFrame
    background: pd.DataFrame
    capacity: pd.DataFrame

    def __repr__(self) -> str:
        """One line: year, rows and tonnes."""
        total_mt_a = self.demand["volume_t_a"].sum() / 1e6
        return (
            f"<Demand {self.year}: {len(self.demand)} rows of {self.demand['segment_id'].nunique()} segments, "
            f"{total_mt_a:,.1f} million t a year; {len(self.background)} backgrounds, {len(self.capacity)} capacities>"
        )

    def volume_t_a(self, segment_id: str) -> float:
        """Cargo of one segment [t/a], added up in the order of the rows."""
        return float(self.demand.loc[self.demand["segment_id"] == segment_id, "volume_t_a"].sum())


def build_demand(
    tables: Mapping[str, pd.DataFrame | RawTable], network: Network, year: int, *, check: bool = True
) -> Demand:
    """The demand of one year, from tables that pass all rules.

    Parameters
    ----------
    tables : mapping of str to DataFrame or RawTable
        Tables of ``DEMAND_TABLES`` by name, with rows of any years; ``demand`` is needed.
    network : Network
        Gives segments and zones, and the rows that background and capacity name.
    year : int
        Year to take.
    check : bool
        False for tables that were checked before and have their types.

    Returns
    -------
    Demand

    Raises
    ------
    DataError
        With every fault of every table.
    """
    sheets, issues = _read_sheets(tables, check)
    if check:
        issues += _check_own(sheets, network)
        if sheets["demand"].frame["year"].ne(year).all():
            rule = DEMAND_RULES[2]
            have = ", ".join(str(known) for known in sorted(set(sheets["demand"].frame["year"])))
            found = f"no rows of {year}; there are {have or 'none at all'}"
            issues.append(Issue(rule.name, sheets["demand"].file, (), found, rule.expected, rule.remedy))
    if issues:
        raise DataError(f"The demand of {year} cannot be used: {say_count(len(issues), 'fault')}.", issues)
    frames = {name: select_rows(sheet.frame, year, sheet.spec.key) for name, sheet in sheets.items()}
    return Demand(year=year, segment=network.segment.copy(), **{name: frames[name] for name in DEMAND_TABLES})


def select_rows(frame: pd.DataFrame, year: int, key: Sequence[str]) -> pd.DataFrame:
    """A copy of the rows that hold in a year, in the order of their key."""
    if "year" in frame.columns:
        frame = frame[frame["year"] == year]
    elif "first_year" in frame.columns:
        frame = frame[(frame["first_year"] <= year) & (year <= frame["last_year"])]
    return frame.sort_values(list(key), kind="stable", ignore_index=True)


def _read_sheets(
    tables: Mapping[str, pd.DataFrame | RawTable], check: bool
) -> tuple[dict[str, Sheet], list[Issue]]:
    sheets: dict[str, Sheet] = {}
    issues: list[Issue] = []
    for name in DEMAND_TABLES:
        spec, given = read_spec(name), tables.get(name)
        raw = RawTable(make_empty(spec), f"table {name}") if given is None else given
        raw = raw if isinstance(raw, RawTable) else RawTable(raw, f"table {name}")
        frame = raw.frame
        if check:
            frame, faults = check_table(raw.frame, spec, raw.file, raw.lines)
            issues += faults
        sheets[name] = Sheet(spec, frame, raw.file, raw.lines)
    return sheets, issues


def _check_own(sheets: Mapping[str, Sheet], network: Network) -> list[Issue]:
    """Faults that need the network: unknown zones, segments without a value of time, rows that do not exist."""
    known = {name: Sheet(read_spec(name), network.table(name), f"table {name}") for name in _OWN_TABLES}
    wanted = {name: sheet for name, sheet in sheets.items() if name != "market" or len(sheet.frame)}
    if not len(sheets["market"].frame):
        wanted["demand"] = _without_market(sheets["demand"])
    issues = [
        issue
        for issue in check_references({**wanted, **known})
        if issue.rule.partition(".")[0] in DEMAND_TABLES
    ]
    demand = sheets["demand"]
    issues += demand.find(DEMAND_RULES[0], "segment_id", _find_timeless(demand.frame, network.segment))
    same = demand.frame["origin_zone_id"] == demand.frame["destination_zone_id"]
    issues += demand.find(
        DEMAND_RULES[1],
        "destination_zone_id",
        {int(row): f"from {demand.frame['origin_zone_id'].iat[row]} to itself" for row in rows_where(same)},
    )
    for name in _YEARLY:
        issues += sheets[name].find(DEMAND_RULES[3], "row_id", _find_lost(sheets[name].frame, network))
    return issues


def _without_market(sheet: Sheet) -> Sheet:
    """The same rows for a demand without a table of markets: their names stand for nothing."""
    return Sheet(sheet.spec, sheet.frame.assign(market_id=""), sheet.file, sheet.lines)


def _find_timeless(demand: pd.DataFrame, segment: pd.DataFrame) -> Faults:
    time = dict(zip(segment["segment_id"], segment["value_of_time_usd_t_h"], strict=True))
    return {
        row: f"segment '{name}' has no value of time"
        for row, name in enumerate(demand["segment_id"])
        if name in time and not time[name] > 0.0
    }


def _find_lost(frame: pd.DataFrame, network: Network) -> Faults:
    ids = {name: set(network.table(name).iloc[:, 0]) for name in ("link", "terminal", "service_leg")}
    pairs = zip(frame["table_name"], frame["row_id"], strict=True)
    return {
        row: f"'{row_id}' is not in table {name}"
        for row, (name, row_id) in enumerate(pairs)
        if name in ids and row_id and row_id not in ids[name]
    }
