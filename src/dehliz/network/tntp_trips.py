"""The body of a TNTP trips file to arrays of origins, destinations and flows, with everything that is wrong with it.

A block of one origin that is in order is read as a whole; one that is not is read again piece by piece, so that
messages can name the line. Files of millions of pairs take seconds.
"""

import re
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from dehliz.base.check import GREATEST_NUMBER, say_number
from dehliz.base.errors import quote
from dehliz.network.tntp_text import TntpText
from dehliz.network.tntp_words import TNTP_RULES

_ORIGIN: Final = re.compile(r"^[ \t]*origin\b[ \t:]*([^\s:;]*)", re.IGNORECASE | re.MULTILINE)
_COMMENT: Final = re.compile(r"~[^\n]*")
_NUMBER: Final = r"[-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?"
_BLOCK: Final = re.compile(rf"\s*+(?:\d++\s*+:\s*+{_NUMBER}\s*+(?:;\s*+|(?=\d|\Z)))*+", re.ASCII)
_PAIR: Final = re.compile(r"([^\s:]+)\s*:\s*([^\s:]+)")
_WHOLE: Final = re.compile(r"\d{1,9}", re.ASCII)
_SIGNS: Final = str.maketrans(":;", "  ")


class TntpTrips(NamedTuple):
    """Flows between zones, as written.

    Attributes
    ----------
    origin, destination : (n,) int32
        Zones, from 1.
    flow : (n,) float64
        Flows, at least 0.
    """

    origin: npt.NDArray[np.int32]
    destination: npt.NDArray[np.int32]
    flow: npt.NDArray[np.float64]


def read_trips(read: TntpText, zone_count: int) -> TntpTrips:
    """Flows between zones of a trips file.

    Parameters
    ----------
    read : TntpText
        A trips file; what is wrong is added to its issues.
    zone_count : int
        Zones there are; 0 when that is not known.
    """
    # Comments become blanks of the same length, so that places stay where they are.
    body = _COMMENT.sub(lambda found: " " * len(found[0]), read.text) if "~" in read.text else read.text
    faults = _Faults(read, zone_count)
    starts = list(_ORIGIN.finditer(body, read.body))
    before = body[read.body : starts[0].start() if starts else len(body)]
    if before.strip():
        place = read.body + len(before) - len(before.lstrip())
        faults.note("tntp_trips.row.form", place, f"{quote(before.split()[0])} before any origin")
    origins: list[int] = []
    parts: list[npt.NDArray[np.float64]] = []
    for at, start in enumerate(starts):
        stop = starts[at + 1].start() if at + 1 < len(starts) else len(body)
        origin = int(start[1]) if _WHOLE.fullmatch(start[1]) else 0
        if not 1 <= origin <= (zone_count or origin):
            faults.note("tntp_trips.zone.refers", start.start(), f"origin {quote(start[1])}{faults.limit}")
        origins.append(origin)
        parts.append(_read_block(body, start.end(), stop, faults))
    faults.tell()
    return _join(read, origins, parts)


class _Faults:
    """Faults by rule, each with the line of its place."""

    def __init__(self, read: TntpText, zone_count: int) -> None:
        self.read = read
        self.zone_count = zone_count
        self.limit = f", and there are {zone_count:,}" if zone_count else ""
        self.found: dict[str, list[tuple[int, str]]] = {}

    def note(self, rule: str, place: int, found: str) -> None:
        """Remember a fault at a place of the text."""
        self.found.setdefault(rule, []).append((self.read.line_of(place), found))

    def tell(self) -> None:
        """Turn all faults into issues of the file."""
        for rule, faults in self.found.items():
            lines = list(dict.fromkeys(line for line, _ in faults))
            self.read.say(TNTP_RULES[rule], "trips", lines, [found for _, found in faults])


def _read_block(body: str, first: int, stop: int, faults: _Faults) -> npt.NDArray[np.float64]:
    """Destination and flow of each pair of one origin, (n, 2)."""
    if not body[first:stop].strip():
        return np.empty((0, 2))
    if _BLOCK.fullmatch(body, first, stop):
        # Regular numbers only, read as one text. Damage can have cut a pair: then signs and numbers do not agree.
        numbers = np.fromstring(body[first:stop].translate(_SIGNS), sep=" ")
        if len(numbers) == 2 * body.count(":", first, stop) and _are_pairs(numbers, faults.zone_count):
            return numbers.reshape(-1, 2)
    return _read_pieces(body, first, stop, faults)


def _are_pairs(numbers: npt.NDArray[np.float64], zone_count: int) -> bool:
    """Whether every first number is a zone and every second one a flow."""
    if not len(numbers):
        return True
    zone, flow = numbers[0::2], numbers[1::2]
    is_zone = zone.min() >= 1 and zone.max() <= (zone_count or np.inf)
    return bool(is_zone and 0.0 <= flow.min() <= flow.max() <= GREATEST_NUMBER)


def _read_pieces(body: str, first: int, stop: int, faults: _Faults) -> npt.NDArray[np.float64]:
    """The same piece by piece, with a note of each that is wrong."""
    pairs: list[tuple[float, float]] = []
    place = first
    for piece in body[first:stop].split(";"):
        here = place + len(piece) - len(piece.lstrip())
        place += len(piece) + 1
        if not piece.strip():
            continue
        found = list(_PAIR.finditer(piece))
        if not found or _PAIR.sub("", piece).strip():
            faults.note("tntp_trips.row.form", here, quote(" ".join(piece.split())))
            continue
        for pair in found:
            value = _read_pair(pair[1], pair[2], here, faults)
            if value is not None:
                pairs.append(value)
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)


def _read_pair(zone: str, flow: str, place: int, faults: _Faults) -> tuple[float, float] | None:
    is_zone = _WHOLE.fullmatch(zone) is not None and 1 <= int(zone) <= (faults.zone_count or int(zone))
    if not is_zone:
        faults.note("tntp_trips.zone.refers", place, f"destination {quote(zone)}{faults.limit}")
    if not re.fullmatch(_NUMBER, flow, re.ASCII) or not np.isfinite(float(flow)):
        faults.note("tntp_trips.flow.type", place, f"{quote(flow)} is not a number")
        return None
    if not 0.0 <= float(flow) <= GREATEST_NUMBER:
        faults.note("tntp_trips.flow.bounds", place, say_number(float(flow)) if float(flow) > 0.0 else flow)
    return (float(zone), float(flow)) if is_zone else None


def _join(read: TntpText, origins: list[int], parts: list[npt.NDArray[np.float64]]) -> TntpTrips:
    counts = [len(part) for part in parts]
    pairs = np.concatenate(parts) if parts else np.empty((0, 2))
    origin = np.repeat(np.array(origins, dtype=np.int32), counts)
    destination = pairs[:, 0].astype(np.int32)
    key = origin.astype(np.int64) << 32 | destination
    order = np.sort(key)
    twice = np.unique(order[1:][order[1:] == order[:-1]])
    if len(twice):
        found = [f"from {pair >> 32} to {pair & 0xFFFFFFFF} more than once" for pair in twice]
        read.say(TNTP_RULES["tntp_trips.row.unique"], "trips", (), found)
    return TntpTrips(origin, destination, np.ascontiguousarray(pairs[:, 1]))
