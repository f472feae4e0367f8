"""A folder in the TNTP format to frozen arrays of links and trips, as written: the test networks of the field.

``*_net.tntp`` and ``*_trips.tntp`` come in; everything that is wrong with both is collected and raised once.
``graph/standard.py`` turns the result into vertices, arcs and costs. Numbers keep the units of the file: minutes,
miles, feet or vehicles, which the format does not name.
"""

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from dehliz.base.errors import DataError, Issue, list_ids, say_count
from dehliz.network.csvtext import say_file_issue
from dehliz.network.tntp_links import read_links, read_sizes
from dehliz.network.tntp_text import TntpText, read_text
from dehliz.network.tntp_trips import TntpTrips, read_trips
from dehliz.network.tntp_words import FACTOR_TAGS, FLOW_TAG, TNTP_RULES, ZONE_TAG

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

FLOW_TOLERANCE_SHARE: Final = 1e-3
"""A total that differs more from the sum of the flows is told; files of the field round it."""

_NAMES: Final = {
    "tntp_net": re.compile(r"(^|.*[_\W])net(work)?([_\W].*)?\.tntp", re.IGNORECASE),
    "tntp_trips": re.compile(r"(^|.*[_\W])trips?([_\W].*)?\.tntp", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class TntpNetwork:
    """A test network as written. Arrays are read-only; units are those of the file.

    Attributes
    ----------
    name : str
        Name of the folder.
    zone_count, node_count : int
        Zones are nodes 1 to ``zone_count``.
    first_thru_node : int
        No route passes through nodes below this one.
    line : (n_link,) int32
        Line of each link in the net file.
    init_node, term_node : (n_link,) int32
        Nodes, from 1.
    capacity, free_flow_time, b, power : (n_link,) float64
        Time is ``free_flow_time * (1 + b * (flow / capacity) ** power)``.
    length, toll : (n_link,) float64 or None
        None when the file has no such column.
    trips : TntpTrips or None
        Flows between zones; None when they were not asked for.
    notes : tuple of str
        What is worth knowing and no fault.
    """

    name: str
    zone_count: int
    node_count: int
    first_thru_node: int
    line: Ints
    init_node: Ints
    term_node: Ints
    capacity: Floats
    free_flow_time: Floats
    b: Floats
    power: Floats
    length: Floats | None
    toll: Floats | None
    trips: TntpTrips | None
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            for array in value if isinstance(value, TntpTrips) else (value,):
                if isinstance(array, np.ndarray):
                    array.flags.writeable = False

    @property
    def n_link(self) -> int:
        """Number of links."""
        return len(self.init_node)

    def __repr__(self) -> str:
        return (
            f"TntpNetwork({self.name}: {self.zone_count} zones, {self.node_count} nodes, {self.n_link} links)"
        )


def read_tntp(folder: Path, *, is_toll_needed: bool = False, is_length_needed: bool = False,
              has_trips: bool = True) -> TntpNetwork:  # fmt: skip
    """The test network of a folder.

    Parameters
    ----------
    folder : Path
        With one ``*_net.tntp`` and one ``*_trips.tntp``, in any capitals.
    is_toll_needed, is_length_needed : bool
        Whether links must have a toll or a length, because a factor is put on them.
    has_trips : bool
        False when the demand comes from elsewhere: no trips file is needed, and none is read.

    Raises
    ------
    DataError
        With every fault of both files, each with its lines.
    """
    if not folder.is_dir():
        found = "is a file" if folder.exists() else "does not exist"
        raise DataError(
            f"{folder} {found}. A folder with *_net.tntp and *_trips.tntp is needed. Correct the path."
        )
    issues: list[Issue] = []
    tables = ("tntp_net", "tntp_trips") if has_trips else ("tntp_net",)
    paths = {table: _find_file(folder, table, issues) for table in tables}
    net = _open(paths["tntp_net"], "tntp_net")
    zones = nodes = first = 0
    columns: dict[str, Floats] = {}
    line = np.empty(0, np.int32)
    if net is not None and net.body:
        zones, nodes, first = read_sizes(net)
        columns, line = read_links(net, nodes)
        wanted = {"toll": is_toll_needed, "length": is_length_needed}
        for name in [
            name for name, is_needed in wanted.items() if is_needed and columns and name not in columns
        ]:
            net.say(TNTP_RULES["tntp_net.column.missing"], "links", (), f"no column {name}")
    trips, text = _read_trips_file(paths.get("tntp_trips"), zones)
    issues += [issue for read in (net, text) if read is not None for issue in read.issues]
    if issues:
        raise DataError(
            f"The test network {folder.resolve().name} cannot be used: {say_count(len(issues), 'fault')}.",
            issues,
        )
    node = {name: columns[name].astype(np.int32) for name in ("init_node", "term_node")}
    return TntpNetwork(
        name=folder.resolve().name, zone_count=zones, node_count=nodes, first_thru_node=first, line=line, **node,
        capacity=columns["capacity"], free_flow_time=columns["free_flow_time"], b=columns["b"],
        power=columns["power"], length=columns.get("length"), toll=columns.get("toll"),
        trips=trips, notes=_make_notes(net, text, trips, node, nodes),
    )  # fmt: skip


def _find_file(folder: Path, table: str, issues: list[Issue]) -> Path | None:
    """The one file of a kind; none or several are faults."""
    word = table.removeprefix("tntp_")
    found = sorted(path for path in folder.iterdir() if path.is_file() and _NAMES[table].fullmatch(path.name))
    plain = [path for path in found if path.name.lower().endswith(f"_{word}.tntp")]
    kept = plain if len(plain) == 1 else found
    if len(kept) == 1:
        return kept[0]
    if not kept:
        remedy = "Add the file, or give another folder"
        issues.append(
            say_file_issue(
                "exists", table, f"{folder.resolve().name}/*_{word}.tntp", "no such file", (), remedy
            )
        )
        return None
    rule = TNTP_RULES["*.file.single"]
    names = list_ids([path.name for path in kept])
    issues.append(
        Issue(
            f"{table}.file.single",
            folder.name,
            (),
            f"{len(kept)} of a kind: {names}",
            rule.expected,
            rule.remedy,
        )
    )
    return None


def _open(path: Path | None, table: str) -> TntpText | None:
    return None if path is None else read_text(path, table)


def _read_trips_file(path: Path | None, zone_count: int) -> tuple[TntpTrips | None, TntpText | None]:
    read = _open(path, "tntp_trips")
    if read is None or not read.body:
        return None, read
    stated = read.read_whole(ZONE_TAG, is_needed=False)
    if stated is not None and zone_count and stated != zone_count:
        found = f"{stated:,}, and the net file has {zone_count:,}"
        read.say(TNTP_RULES["tntp_trips.zone.count"], f"tag <{ZONE_TAG}>", (read.lines[ZONE_TAG],), found)
    return read_trips(read, zone_count), read


def read_trips_alone(path: Path, zone_count: int) -> TntpTrips:
    """Flows of a TNTP trips file that does not stand beside its network.

    Parameters
    ----------
    path : Path
        The file.
    zone_count : int
        Zones that the network has.

    Raises
    ------
    DataError
        With every fault.
    """
    trips, read = _read_trips_file(path, zone_count)
    if read is not None and read.issues:
        raise DataError(f"The trips cannot be used: {say_count(len(read.issues), 'fault')}.", read.issues)
    return (
        trips if trips is not None else TntpTrips(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))
    )


def _make_notes(
    net: TntpText | None,
    text: TntpText | None,
    trips: TntpTrips | None,
    node: dict[str, Ints],
    node_count: int,
) -> tuple[str, ...]:
    notes: list[str] = []
    used = np.zeros(node_count + 1, bool)
    used[node["init_node"]] = used[node["term_node"]] = True
    lonely = np.flatnonzero(~used[1:]) + 1
    if net is not None and len(lonely):
        notes.append(f"{net.file}: no link touches node {list_ids([str(number) for number in lonely])}")
    for tag, option in FACTOR_TAGS.items():
        if net is not None and tag in net.tags:
            notes.append(f"{net.file}: <{tag}> {net.tags[tag]} is not used; option {option} sets it")
    if text is not None and trips is not None and FLOW_TAG in text.tags:
        total = float(trips.flow.sum())
        try:
            stated = float(text.tags[FLOW_TAG])
        except ValueError:
            stated = np.nan
        if not abs(stated - total) <= FLOW_TOLERANCE_SHARE * max(total, 1e-300):
            notes.append(
                f"{text.file}: <{FLOW_TAG}> says {text.tags[FLOW_TAG] or 'nothing'}, the flows sum to {total:,.6g}"
            )
    return tuple(notes)
