"""Demand of one's own from a file: CSV or Parquet in long form, OMX matrices, TNTP trips.

A file comes in with the zones and segments that there are; one table of origin, destination, segment and volume
goes out, or every fault of the file at once. ``graph/standard.py`` makes trips of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow

from dehliz.base.check import check_references, check_table
from dehliz.base.errors import DataError, Issue, list_ids, say_count, suggest
from dehliz.base.schema import ColumnSpec, ColumnType, TableSpec
from dehliz.base.sheet import Rule, Sheet
from dehliz.network.csvtext import read_text_table, say_file_issue
from dehliz.network.network import Network
from dehliz.network.tntp import read_trips_alone

VOLUME: Final = "volume"
UNITS: Final = ("", "_t_a", "_t_d", "_teu_a", "_teu_d", "_veh_d")
"""Endings of the volume column; without one the volume is in the unit of the network's capacities."""

_OTHER_NAMES: Final = {
    "o_zone_id": "origin_id", "origin": "origin_id", "from_zone_id": "origin_id", "orig": "origin_id",
    "d_zone_id": "destination_id", "destination": "destination_id", "to_zone_id": "destination_id",
    "dest": "destination_id", "origin_zone_id": "origin_id", "destination_zone_id": "destination_id",
    "segment": "segment_id",
}  # fmt: skip
"""Names of GMNS and other makers -> ours."""

DEMAND_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "demand.file.form",
            "Demand is a .csv, .parquet, .omx or .tntp file",
            "Save it in one of these forms, with that ending",
        ),
        Rule(
            "demand.file.rows",
            "Demand has at least one flow",
            "Add a row for each flow: where it starts, where it ends, how much it is",
        ),
        Rule(
            "demand.volume.single",
            f"One column of volumes is needed: {', '.join(VOLUME + unit for unit in UNITS)}",
            "Name the column so that its unit can be read, and remove the others",
        ),
        Rule(
            "demand.volume.unit",
            "Volumes are in the unit of the capacities: column volume",
            "Convert the volumes, and call the column volume",
        ),
        Rule(
            "demand.volume.yearly",
            "Freight is in tonnes a year: column volume_t_a",
            "Convert the volumes, and call the column volume_t_a",
        ),
        Rule(
            "demand.segment_id.none",
            "The network knows no segments, so that rows with different ones cannot be told apart",
            "Add the flows of all segments up, and remove the column",
        ),
        Rule(
            "demand.matrix.shape",
            "A matrix has a row and a column for each zone",
            "Write the matrix again for the zones of the network",
        ),
        Rule(
            "demand.matrix.zones",
            "Without a mapping, rows are the zones in their order; with several, none of them can be chosen",
            "Write one mapping of zone ids into the file",
        ),
        Rule(
            "demand.library.omx",
            "OMX matrices need the optional extra 'omx'",
            "Install it with: pip install 'dehliz[omx]'; or use CSV or Parquet",
        ),
    )
}
"""Rules for files of demand, beside those of columns and files of any kind."""


@dataclass(frozen=True, slots=True)
class OwnDemand:
    """Demand as it was read.

    Attributes
    ----------
    frame : DataFrame
        Columns ``origin_id``, ``destination_id``, ``segment_id`` (text) and ``volume``; each triple once.
    unit : str
        Ending of the volume column, one of ``UNITS``: ``_t_a`` is tonnes a year.
    """

    frame: pd.DataFrame
    unit: str


def read_demand(path: Path, zone_ids: Sequence[str], segment_ids: Sequence[str] | None = None) -> OwnDemand:
    """Demand from a file of one's own.

    Parameters
    ----------
    path : Path
        ``.csv`` or ``.parquet`` with a row for each flow, ``.omx`` with a matrix for each segment, or ``.tntp`` trips.
    zone_ids : sequence of str
        Zones that there are, in the order of the network.
    segment_ids : sequence of str, optional
        Segments that there are; without, the network knows only one kind of demand.

    Returns
    -------
    OwnDemand
        Rows of volume 0 are kept.

    Raises
    ------
    DataError
        With every fault of the file: zones or segments that are not there, volumes below 0, missing or no number,
        rows that stand twice.
    """
    path = Path(path)
    if path.is_dir():
        raise _refuse([_say("demand.file.form", str(path), "it is a folder")])
    if not path.is_file():
        near = (
            suggest(path.name, [item.name for item in path.parent.iterdir()]) if path.parent.is_dir() else ""
        )
        raise _refuse([say_file_issue("exists", "demand", str(path), "there is no such file", (), near)])
    ending = path.suffix.casefold()
    if ending == ".tntp":
        return _read_tntp(path, zone_ids)
    if ending == ".omx":
        return _read_omx(path, zone_ids, segment_ids)
    if ending not in (".csv", ".parquet"):
        raise _refuse([_say("demand.file.form", path.name, f"a file ending in '{path.suffix}'")])
    frame, lines, issues = _read_csv(path) if ending == ".csv" else _read_parquet(path)
    if issues and not len(frame.columns):
        raise _refuse(issues)
    return _check(frame, lines, path.name, issues, zone_ids, segment_ids)


def _refuse(issues: list[Issue]) -> DataError:
    return DataError(f"The demand cannot be used: {say_count(len(issues), 'fault')}.", issues)


def _say(rule: str, place: str, found: str, ids: tuple[str, ...] = ()) -> Issue:
    known = DEMAND_RULES[rule]
    return Issue(rule, place, ids, found, known.expected, known.remedy)


def _read_csv(path: Path) -> tuple[pd.DataFrame, tuple[int, ...] | None, list[Issue]]:
    text = read_text_table(path, "demand")
    return text.frame, text.lines, list(text.issues)


def _read_parquet(path: Path) -> tuple[pd.DataFrame, tuple[int, ...] | None, list[Issue]]:
    try:
        return pd.read_parquet(path), None, []
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        found = f"it cannot be read ({str(error).splitlines()[0]})"
        return pd.DataFrame(), None, [say_file_issue("damaged", "demand", path.name, found)]


def _column(
    name: str, kind: ColumnType, text: str, *, refers: str = "", is_needed: bool = True
) -> ColumnSpec:
    low = 0.0 if kind == "float" else None
    is_key = kind == "id"
    return ColumnSpec(name, kind, "", (), is_needed, "", low, None, is_key, refers, "input", text, "")


def _check(
    frame: pd.DataFrame,
    lines: tuple[int, ...] | None,
    file: str,
    issues: list[Issue],
    zone_ids: Sequence[str],
    segment_ids: Sequence[str] | None,
) -> OwnDemand:
    """Long form with our names and types, or everything that is wrong with it."""
    frame = frame.rename(columns={old: new for old, new in _OTHER_NAMES.items() if new not in frame.columns})
    found = [unit for unit in UNITS if VOLUME + unit in frame.columns]
    unit = found[0] if found else ""
    if len(found) > 1:
        names = ", ".join(VOLUME + ending for ending in found)
        issues.append(_say("demand.volume.single", file, f"columns {names}"))
    has_segment = "segment_id" in frame.columns
    columns = [
        _column("origin_id", "id", "Zone where the flow starts", refers="zone.zone_id"),
        _column("destination_id", "id", "Zone where the flow ends", refers="zone.zone_id"),
    ]
    if has_segment or (segment_ids is not None and len(segment_ids) > 1):
        columns.append(_column("segment_id", "id", "Segment of the flow", refers="segment.segment_id"))
    columns.append(_column(VOLUME + unit, "float", "Volume of the flow"))
    spec = TableSpec("demand", tuple(columns))
    # What the form does not name, such as a distance, is nobody's fault.
    kept = frame[[column.name for column in columns if column.name in frame.columns]]
    typed, faults = check_table(kept, spec, file, lines)
    issues += faults
    sheets = {"demand": Sheet(spec, typed, file, lines), "zone": _list_ids("zone", zone_ids)}
    if segment_ids is not None:
        sheets["segment"] = _list_ids("segment", segment_ids)
    issues += check_references(sheets)
    if has_segment and segment_ids is None and typed["segment_id"].nunique() > 1:
        names = list_ids(sorted(typed["segment_id"].unique()))
        issues.append(_say("demand.segment_id.none", f"{file}, column segment_id", names))
    if not issues and not len(typed):
        issues.append(_say("demand.file.rows", file, "no flow"))
    if issues:
        raise _refuse(issues)
    only = segment_ids[0] if segment_ids else "all"
    made = typed.rename(columns={VOLUME + unit: VOLUME})
    if not has_segment or segment_ids is None:
        made["segment_id"] = pd.Series(only, index=made.index, dtype="str")
    return OwnDemand(made[["origin_id", "destination_id", "segment_id", VOLUME]], unit)


def _list_ids(table: str, ids: Sequence[str]) -> Sheet:
    spec = TableSpec(table, (_column(f"{table}_id", "id", "Identifier"),))
    return Sheet(spec, pd.DataFrame({f"{table}_id": pd.Series(list(ids), dtype="str")}), "the network")


def _read_tntp(path: Path, zone_ids: Sequence[str]) -> OwnDemand:
    """Trips by number: the zones in their order."""
    trips = read_trips_alone(path, len(zone_ids))
    names = np.array(zone_ids, dtype=object)
    frame = pd.DataFrame(
        {
            "origin_id": pd.Series(names[trips.origin - 1], dtype="str"),
            "destination_id": pd.Series(names[trips.destination - 1], dtype="str"),
            "segment_id": pd.Series("all", index=range(len(trips.flow)), dtype="str"),
            VOLUME: trips.flow,
        }
    )
    return OwnDemand(frame, "")


def _import_omx() -> Any:
    try:
        import openmatrix
    except ImportError as error:
        found = f"the library {error.name} is not installed"
        raise _refuse([_say("demand.library.omx", "demand", found)]) from error
    return openmatrix


def _read_omx(path: Path, zone_ids: Sequence[str], segment_ids: Sequence[str] | None) -> OwnDemand:
    """A matrix for each segment; its one mapping names the zones."""
    library = _import_omx()
    try:
        file = library.open_file(str(path), "r")
    except (OSError, RuntimeError, ValueError) as error:
        found = f"it cannot be read ({type(error).__name__})"
        raise _refuse([say_file_issue("damaged", "demand", path.name, found)]) from error
    try:
        names = list(file.list_matrices())
        zones, issues = _find_zones(file, path.name, zone_ids)
        parts = [_unfold(np.asarray(file[name]), name, zones, path.name, issues) for name in names]
    finally:
        file.close()
    if not names:
        issues.append(say_file_issue("empty", "demand", path.name, "the file has no matrix"))
    if issues:
        raise _refuse(issues)
    frame = pd.concat(parts, ignore_index=True)
    if len(names) == 1 and segment_ids is None:
        frame = frame.drop(columns="segment_id")
    return _check(frame, None, path.name, issues, zone_ids, segment_ids)


def _find_zones(file: Any, name: str, zone_ids: Sequence[str]) -> tuple[list[str], list[Issue]]:
    """Zone of each row: the file's one mapping, or the zones in their order."""
    mappings = list(file.list_mappings())
    if len(mappings) > 1:
        return [], [_say("demand.matrix.zones", name, f"mappings {', '.join(mappings)}")]
    if not mappings:
        return list(zone_ids), []
    entries = file.map_entries(mappings[0])
    return [entry.decode() if isinstance(entry, bytes) else str(entry) for entry in entries], []


def _unfold(
    matrix: np.ndarray, segment: str, zones: list[str], file: str, issues: list[Issue]
) -> pd.DataFrame:
    """A matrix in long form, without its zeros."""
    if matrix.shape != (len(zones), len(zones)):
        if zones:
            found = f"{' x '.join(map(str, matrix.shape))} in matrix {segment}, for {say_count(len(zones), 'zone')}"
            issues.append(_say("demand.matrix.shape", file, found))
        return pd.DataFrame(columns=["origin_id", "destination_id", "segment_id", VOLUME])
    row, column = np.nonzero(matrix)
    names = np.array(zones, dtype=object)
    return pd.DataFrame(
        {
            "origin_id": pd.Series(names[row], dtype="str"),
            "destination_id": pd.Series(names[column], dtype="str"),
            "segment_id": pd.Series(segment, index=range(len(row)), dtype="str"),
            VOLUME: matrix[row, column].astype(float),
        }
    )


def require_plain(demand: OwnDemand, file: str) -> pd.DataFrame:
    """The table of a demand whose volumes are in the unit of the capacities.

    Raises
    ------
    DataError
        When the volume column names another unit.
    """
    if demand.unit:
        raise _refuse([_say("demand.volume.unit", f"{file}, column {VOLUME}{demand.unit}", "another unit")])
    return demand.frame


def read_yearly(file: Path, network: Network) -> pd.DataFrame:
    """Demand of a freight network from a file, in tonnes a year, with the columns of the table ``demand``.

    Raises
    ------
    DataError
        With every fault of the file, or when its volumes are of another unit.
    """
    own = read_demand(file, network.zone["zone_id"].tolist(), network.segment["segment_id"].tolist())
    is_matrix = file.suffix.casefold() in (".omx", ".tntp")  # files that cannot name a unit
    if own.unit != "_t_a" and not is_matrix:
        found = f"volumes in {own.unit.removeprefix('_')}" if own.unit else "volumes without a unit"
        raise _refuse([_say("demand.volume.yearly", f"{file.name}, column {VOLUME}{own.unit}", found)])
    names = {"origin_id": "origin_zone_id", "destination_id": "destination_zone_id", VOLUME: "volume_t_a"}
    return own.frame.rename(columns=names)
