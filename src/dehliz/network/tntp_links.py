"""The body of a TNTP net file to one array per column, with everything that is wrong with it."""

import re
from collections import Counter
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from dehliz.base.check import GENERIC_RULES, GREATEST_NUMBER, say_number
from dehliz.base.errors import quote, say_count
from dehliz.network.tntp_text import TntpText
from dehliz.network.tntp_words import (
    COLUMN_OF_WORD,
    COLUMNS,
    LINK_TAG,
    NEEDED,
    NODE_TAG,
    OPTIONAL,
    THRU_TAG,
    TNTP_RULES,
    ZONE_TAG,
)

Floats = npt.NDArray[np.float64]
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_TYPE: Final = replace(GENERIC_RULES["*.*.type"], expected="A number is needed, whole for nodes")
_BOUNDS: Final = replace(GENERIC_RULES["*.*.bounds"], expected="A number of at least 0 is needed")
_GREATEST_POWER: Final = 1_000.0
_WORD: Final = re.compile(r"[A-Za-z(]")
_EMPTY_CELL: Final = re.compile(r"\t *(?=\t)")


def read_sizes(read: TntpText) -> tuple[int, int, int]:
    """Zones, nodes and first through node of a net file; 0 where a tag is wrong."""
    zones, nodes, first = (read.read_whole(tag) for tag in (ZONE_TAG, NODE_TAG, THRU_TAG))
    if zones is not None and nodes is not None and not 1 <= zones <= nodes:
        found = f"{say_count(zones, 'zone')} and {say_count(nodes, 'node')}"
        read.say(TNTP_RULES["*.metadata.bounds"], f"tag <{ZONE_TAG}>", (read.lines[ZONE_TAG],), found)
    if first is not None and nodes is not None and not 1 <= first <= nodes + 1:
        found = f"{first}, with {say_count(nodes, 'node')}"
        read.say(TNTP_RULES["*.metadata.bounds"], f"tag <{THRU_TAG}>", (read.lines[THRU_TAG],), found)
    return zones or 0, nodes or 0, first or 0


def read_links(read: TntpText, node_count: int) -> tuple[dict[str, Floats], npt.NDArray[np.int32]]:
    """Columns of the links, and the line of each.

    Parameters
    ----------
    read : TntpText
        A net file; what is wrong is added to its issues.
    node_count : int
        Nodes there are; 0 when that is not known.
    """
    rows, lines, header = _split_rows(read)
    link_count = read.read_whole(LINK_TAG)
    if link_count is not None and link_count != len(rows):
        found = f"<{LINK_TAG}> says {link_count:,}, and the file has {len(rows):,}"
        read.say(TNTP_RULES["tntp_net.row.count"], "links", (read.lines[LINK_TAG],), found)
    if not rows:
        if not link_count:
            read.say(TNTP_RULES["tntp_net.row.none"], "links", (), "no link")
        return {}, np.empty(0, np.int32)
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    places = _find_columns(header, width)
    kept = _keep_even(read, rows, lines, width, places)
    line = np.array([lines[row] for row in kept], dtype=np.int32)
    if any(name not in places for name in NEEDED):
        found = f"{say_count(width, 'value')} a link, which is too few for {', '.join(NEEDED)}"
        read.say(TNTP_RULES["tntp_net.row.ragged"], "links", line[:1].tolist(), found)
        return {}, line
    columns = {
        name: _read_column(read, name, [rows[row][place] for row in kept], line)
        for name, place in places.items()
        if name in NEEDED or name in OPTIONAL
    }
    _check_nodes(read, columns, line, node_count)
    return columns, line


def _split_rows(read: TntpText) -> tuple[list[list[str]], list[int], str]:
    """Cells and line of each link, and the last comment before the first of them."""
    rows: list[list[str]] = []
    lines: list[int] = []
    header = ""
    for line, text in enumerate(read.text[read.body :].split("\n"), read.line_of(read.body)):
        plain = text.partition("~")[0].replace(";", " ")
        cells = plain.split()
        if not rows and len(cells) > 1 and all(_WORD.match(cell) for cell in cells):
            header = plain  # some makers forget the ~
        elif cells:
            rows.append(cells)
            lines.append(line)
        elif not rows and "~" in text:
            header = text.partition("~")[2]
    return rows, lines, header


def _find_columns(header: str, width: int) -> dict[str, int]:
    """Place of each column: by the header when it names all that are needed, otherwise by the format's order."""
    words = re.split(r"\t|\s{2,}", header.strip(" \t;")) if "\t" in header else header.strip(" ;").split()
    names = [re.sub(r"\s*\(.*?\)", "", word).strip(" ;").lower().replace(" ", "_") for word in words]
    names = [name for name in names if name]
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(COLUMN_OF_WORD.get(name, name), place)
    if len(names) == width and all(name in places for name in NEEDED):
        return places
    return {name: place for place, name in enumerate(COLUMNS) if place < width}


def _keep_even(
    read: TntpText, rows: list[list[str]], lines: list[int], width: int, places: dict[str, int]
) -> list[int]:
    """Positions of the rows that are as wide as most; the others are faults."""
    odd = [row for row, cells in enumerate(rows) if len(cells) != width]
    if odd:
        all_lines = read.text.split("\n")
        found = [_say_odd(all_lines[lines[row] - 1], len(rows[row]), width, places) for row in odd]
        read.say(TNTP_RULES["tntp_net.row.ragged"], "links", [lines[row] for row in odd], found)
    return [row for row, cells in enumerate(rows) if len(cells) == width]


def _say_odd(text: str, count: int, width: int, places: dict[str, int]) -> str:
    """What is wrong with a row; an empty cell between tabs names its column."""
    found = f"{say_count(count, 'value')}, and the others have {width}"
    gap = _EMPTY_CELL.search(text.rstrip(" \t;"), len(text) - len(text.lstrip()))
    if gap is None or count > width:
        return found
    place = len(text[: gap.start()].split())
    name = next((name for name, at in places.items() if at == place), "")
    return f"no value in column {name}" if name else found


def _read_column(read: TntpText, name: str, cells: list[str], line: npt.NDArray[np.int32]) -> Floats:
    try:
        values = np.array(cells, dtype=np.float64)
        text = "".join(cells)
        is_plain = "_" not in text and text.isascii()  # 1_000 is a number for Python alone
    except ValueError:
        is_plain = False
    if not is_plain:
        values = np.array([float(cell) if _NUMBER.fullmatch(cell) else np.nan for cell in cells])
    is_bad = ~np.isfinite(values)
    if name in ("init_node", "term_node"):
        is_bad |= values != np.round(values)
    bad = np.flatnonzero(is_bad)
    if len(bad):
        found = [f"{quote(cells[row])} is not a {'node' if 'node' in name else 'number'}" for row in bad]
        read.say(_TYPE, f"column {name}", line[bad].tolist(), found)
    values[is_bad] = np.nan
    most = _GREATEST_POWER if name == "power" else GREATEST_NUMBER
    odd = np.flatnonzero((values < 0.0) | (values > most))
    if len(odd) and "node" not in name:
        read.say(
            _BOUNDS, f"column {name}", line[odd].tolist(), [say_number(values[row], most) for row in odd]
        )
    return values


def _check_nodes(
    read: TntpText, columns: dict[str, Floats], line: npt.NDArray[np.int32], node_count: int
) -> None:
    for name in ("init_node", "term_node"):
        node = columns[name]
        lost = np.flatnonzero((node < 1) | ((node > node_count) if node_count else False))
        if len(lost):
            limit = f", and there are {node_count:,}" if node_count else ""
            found = [f"node {node[row]:.0f}{limit}" for row in lost]
            read.say(TNTP_RULES["tntp_net.node.refers"], f"column {name}", line[lost].tolist(), found)
