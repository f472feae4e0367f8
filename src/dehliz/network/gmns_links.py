"""Links of a GMNS folder: one row for each mode that may use them, in kilometres and kilometres per hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dehliz.base.check import make_empty
from dehliz.base.errors import Issue, say_count
from dehliz.base.schema import read_spec
from dehliz.base.sheet import Sheet, rows_where, texts_of
from dehliz.network.gmns_words import GMNS_RULES, MODE_OF_USE, NOT_FREIGHT, UNASSIGNED
from dehliz.network.network import RawTable
from dehliz.network.wkt import line_length_km, parse_line, to_pairs

Line = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class GmnsLinks:
    """Links with our columns.

    Attributes
    ----------
    table : RawTable
        Table ``link``.
    modes : tuple of str
        Modes in use, sorted.
    touched : tuple of (str, str)
        Node and mode of each end, in the order of the file.
    shapes : DataFrame
        Table ``shape`` of the lines that the links came with.
    """

    table: RawTable
    modes: tuple[str, ...]
    touched: tuple[tuple[str, str], ...]
    shapes: pd.DataFrame


def read_links(
    sheets: Mapping[str, Sheet],
    own: pd.DataFrame,
    units: tuple[float, float],
    modes: Sequence[str] | None,
    issues: list[Issue],
    notes: list[str],
) -> GmnsLinks:
    """Table ``link`` of a GMNS folder.

    Parameters
    ----------
    sheets : mapping of str to Sheet
        Typed GMNS tables.
    own : DataFrame
        Columns of ours that ``link.csv`` has besides, as text.
    units : (float, float)
        Kilometres per unit of length, kilometres per hour per unit of speed.
    modes : sequence of str, optional
        Modes of the folder's own ``mode.csv``.
    issues, notes : list
        What is wrong and what was assumed are appended.
    """
    link = sheets["link"]
    frame = link.frame
    lines = _read_lines(sheets, issues)
    uses = _read_modes(link, own, _read_groups(sheets["use_group"].frame), modes, issues, notes)
    length = _measure(link, units[0], lines, issues, notes)
    given = frame["free_speed"].notna()
    faults = {row: "no speed" for row in range(len(frame)) if not given.iat[row] and uses[row]}
    if not _is_faulty(issues, "free_speed"):
        issues += link.find(GMNS_RULES["gmns_link.free_speed.given"], "free_speed", faults)
    rows: list[dict[str, Any]] = []
    row_lines: list[int] = []
    shapes: list[tuple[str, str, str]] = []
    columns = ("link_id", "name", "from_node_id", "to_node_id", "directed")
    speed = [float(value) * units[1] for value in frame["free_speed"]]
    for row, values in enumerate(zip(*(frame[column].tolist() for column in columns), strict=True)):
        cells: dict[str, Any] = dict(zip(columns, values, strict=True))
        cells |= {"length_km": length[row], "speed_km_h": speed[row]}
        ours = {column: str(own[column].iat[row]) for column in own.columns}
        is_measured = row in lines and not frame["length"].notna().iat[row]
        for place, mode in enumerate(uses[row]):
            name = str(cells["link_id"]) if place == 0 else f"{cells['link_id']}_{mode}"
            rows.append(_defaults(is_measured) | ours | cells | {"link_id": name, "mode_id": mode})
            row_lines.append(link.lines[row] if link.lines is not None else row + 1)
            if row in lines:
                shapes.append(("link", name, to_pairs(lines[row])))
    _note_splits(uses, notes)
    table = pd.DataFrame(rows) if rows else make_empty(read_spec("link"))
    ends = [(str(row[end]), str(row["mode_id"])) for row in rows for end in ("from_node_id", "to_node_id")]
    return GmnsLinks(
        RawTable(table, link.file, tuple(row_lines)),
        tuple(sorted({mode for _, mode in ends})),
        tuple(ends),
        pd.DataFrame(shapes, columns=["table_name", "row_id", "coordinates"], dtype="str"),
    )


def _defaults(is_measured: bool) -> dict[str, str]:
    return {
        "country_id": UNASSIGNED,
        "status": "open",
        "length_basis": "geometry" if is_measured else "graph",
    }


def _is_faulty(issues: list[Issue], column: str) -> bool:
    """Whether a column has been complained of already."""
    return any(issue.rule.startswith((f"gmns_link.{column}.", "gmns_link.file.")) for issue in issues)


def _read_groups(use_group: pd.DataFrame) -> dict[str, list[str]]:
    pairs = zip(texts_of(use_group["use_group"]), texts_of(use_group["uses"]), strict=True)
    return {name.strip().casefold(): _split(uses) for name, uses in pairs}


def _split(text: str) -> list[str]:
    return [word.strip().casefold() for word in text.replace(";", ",").split(",") if word.strip()]


def _read_modes(
    link: Sheet,
    own: pd.DataFrame,
    groups: Mapping[str, list[str]],
    modes: Sequence[str] | None,
    issues: list[Issue],
    notes: list[str],
) -> list[list[str]]:
    """Modes of each link, in the order of its uses; none when it carries no freight."""
    known = dict(MODE_OF_USE) if modes is None else {}
    if modes is not None:
        known = {use: mode for use, mode in MODE_OF_USE.items() if mode in modes} | {
            mode: mode for mode in modes
        }
    faults: dict[int, str] = {}
    found: list[list[str]] = []
    plain_count = rail_count = 0
    for row, text in enumerate(texts_of(link.frame["allowed_uses"])):
        written = str(own["mode_id"].iat[row]) if "mode_id" in own.columns else ""
        words = [word for use in _split(written or text) for word in groups.get(use, [use])]
        plain_count += not words
        rail_count += any(word in ("rail", "train", "freight_rail") for word in words)
        lost = [word for word in words if word not in known and word not in NOT_FREIGHT]
        if lost:
            faults[row] = ", ".join(f"'{word}'" for word in lost)
        found.append(
            list(dict.fromkeys(known[word] for word in words if word in known)) if words else ["road"]
        )
    issues += link.find(GMNS_RULES["gmns_link.allowed_uses.known"], "allowed_uses", faults)
    if plain_count:
        notes.append(f"link.csv: no use is named for {say_count(plain_count, 'link')}: road is assumed")
    if rail_count:
        notes.append(
            f"link.csv: no gauge is named for {say_count(rail_count, 'link')} of rail: 1435 mm is assumed"
        )
    return found


def _note_splits(uses: list[list[str]], notes: list[str]) -> None:
    empty_count = sum(not modes for modes in uses)
    split_count = sum(len(modes) > 1 for modes in uses)
    if empty_count:
        notes.append(
            f"link.csv: {say_count(empty_count, 'link')} without freight (walking, cycling) left out"
        )
    if split_count:
        notes.append(
            f"link.csv: {say_count(split_count, 'link')} of several modes split into one for each of them"
        )


def _read_lines(sheets: Mapping[str, Sheet], issues: list[Issue]) -> dict[int, Line]:
    """Line of each link that has one."""
    link = sheets["link"]
    geometry = sheets["geometry"].frame
    stored = dict(zip(texts_of(geometry["geometry_id"]), texts_of(geometry["geometry"]), strict=True))
    lines: dict[int, Line] = {}
    faults: dict[int, str] = {}
    pairs = zip(texts_of(link.frame["geometry"]), texts_of(link.frame["geometry_id"]), strict=True)
    for row, (text, key) in enumerate(pairs):
        written = text or stored.get(key, "")
        points = parse_line(written) if written else None
        if points is not None:
            lines[row] = points
        elif written:
            faults[row] = f"'{written[:37]}...'" if len(written) > 40 else f"'{written}'"
    issues += link.find(GMNS_RULES["gmns_link.geometry.wkt"], "geometry", faults)
    return lines


def _measure(
    link: Sheet, unit_km: float, lines: Mapping[int, Line], issues: list[Issue], notes: list[str]
) -> list[float]:
    """Length of each link [km]: as given, or measured on its line."""
    length = [float(value) * unit_km for value in link.frame["length"]]
    missing = rows_where(link.frame["length"].isna())
    for row in missing:
        if row in lines:
            length[row] = line_length_km(lines[row])
    measured_count = sum(row in lines for row in missing)
    if measured_count:
        notes.append(f"link.csv: the length of {say_count(measured_count, 'link')} is measured on its line")
    faults = {row: "neither length nor geometry" for row in missing if row not in lines}
    if not _is_faulty(issues, "length") and not _is_faulty(issues, "geometry"):
        issues += link.find(GMNS_RULES["gmns_link.length.given"], "length", faults)
    return length
