"""Hostile input from a seed: a small network with every table of operations, scenario files, and how both are spoilt.

Equal seeds spoil equally. ``test_hostile.py`` asks the commands what they make of it.
"""

import random
from collections.abc import Callable
from pathlib import Path

from tests.cases.edits import Files, _parse, _print, cell

ROOT = Path(__file__).parents[2]
OPERATIONS = (
    "departure", "closure", "holiday", "server", "wagon_pool", "duration", "draught_limit", "service_leg",
)  # fmt: skip
"""Tables that say how things run day by day."""

_ROWS = {
    "departure.csv": b"departure_id,service_leg_id,from_node_id,weekdays,clock_h,time_h,first_date,last_date\n"
    b"out,roro_quay_haven,quay,mo;we;fr,8,9,2024-01-01,\nback,roro_quay_haven,haven,tu;sa,20.5,,,2024-12-31\n",
    "holiday.csv": b"holiday_id,country_id,date,terminal_kinds,terminal_ids\n"
    b"new_year,XA,2024-01-01,border_post;port,\nspring,XB,2024-03-08,border_post,mark_rail_ba\n",
    "wagon_pool.csv": b"wagon_pool_id,mode_id,terminal_ids,segment_ids,wagon_count,load_t,return_time_h\n"
    b"flats,rail_1520,gate_gauge,bulk,400,60,96\n",
    "draught_limit.csv": b"draught_limit_id,service_leg_id,level_m,load_share\n"
    b"high,ferry_quay_haven,-28,1\nlow,ferry_quay_haven,-29.5,0.8\n",
    "demand.csv": b"origin_id,destination_id,segment_id,volume_t_a\nwest,haven,bulk,20000\n",
}
_SHIPS = {"departs": "fills", "longest_wait_h": "72", "fleet_count": "2", "turn_time_h": "12",
          "cut_off_h": "2", "crossing_spread_h": "1", "capacity_wagon_count": "52"}  # fmt: skip

WORDS = (
    "", " ", "nan", "inf", "-inf", "1e999", "-1", "0", "1e-300", "1e300", "9" * 30, "1,5", "1_000", "0x10",
    "true", "mo;mo;xx", ";", "31.02.2025", "2025-02-31", "0000-00-00", "9999-12-31", "24:00", "quay", "Quay",
    "\x00", "\ufeff", "\u202e", "a\nb", '"', "'", "=1+1", "x" * 3000, "Мост", "fills", "timetable",
)  # fmt: skip
"""What a cell may be taken for."""


def make_files() -> Files:
    """The example network with ships that fill and go, a timetable, and a row in each table of operations."""
    folder = ROOT / "examples" / "corridor3"
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))} | _ROWS
    for column, text in _SHIPS.items():
        cell("service_leg.csv", "ferry_quay_haven", column, text)(files)
    cell("service_leg.csv", "roro_quay_haven", "departs", "timetable")(files)
    return files


def write_files(files: Files, folder: Path) -> Path:
    """Files as a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def spoil_table(files: Files, chance: random.Random) -> str:
    """Spoil one table of operations in place; returns the name of its file."""
    file = f"{chance.choice(OPERATIONS)}.csv"
    if chance.random() < 0.25:
        files[file] = spoil_bytes(files[file], chance)
        return file
    rows = _parse(files[file])
    row, column = chance.randrange(1, len(rows)), chance.randrange(len(rows[0]))
    deed = chance.randrange(10)
    if deed == 0:
        rows.append(list(rows[row]))
    elif deed == 1:
        rows = [[text for at, text in enumerate(line) if at != column] for line in rows]
    elif deed == 2:
        rows[0][column] = chance.choice(WORDS)
    elif deed == 3:
        del rows[row]
    else:
        rows[row][column] = chance.choice(WORDS)
    files[file] = _print(rows)
    return file


_VALUES = (
    "1e999", "nan", "-inf", "-1", "0", "9" * 5000, "0x" + "f" * 5000, "2025-02-31", "2025-02-28", "07:32:00", "true",
    "[]", "{}", "[[[]]]", '""', '"\\u0000"', "'x'", '["quay", 3]', '[{ a = [1] }]', "[" * 5000 + "]" * 5000, "=",
)  # fmt: skip
"""What a value in TOML may be taken for."""

_CHANGES = (
    'do = "close"\nservice_leg_ids = ["ferry_quay_haven"]',
    'do = "set"\ntable = "service_leg"\ncolumn = "fleet_count"\nids = ["ferry_quay_haven"]\nvalue = 3',
    'do = "scale"\ntable = "terminal"\ncolumn = "handling_time_h"\nfactor = 0.5',
    'do = "remove"\ntable = "holiday"\nids = ["spring"]',
    'do = "set"\ntable = "closure"\ncolumn = "closed_share"\nids = ["haven_wind_01"]\nvalue = 0.5',
    'do = "add"\ntable = "draught_limit"\nrows = [{ draught_limit_id = "mid", service_leg_id = "ferry_quay_haven",'
    " level_m = -29, load_share = 0.9 }]",
)


def spoil_scenario(chance: random.Random) -> bytes:
    """A scenario file of one of the studies or of the small network, spoilt in one to three places."""
    own = 'name = "What if"\n' + "".join(f"\n[[change]]\n{text}\n" for text in chance.sample(_CHANGES, 2))
    known = [
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "studies" / "scenarios").glob("*.toml"))
    ]
    lines = chance.choice([own, own, *known]).splitlines()
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(lines))
        key, mark, _value = lines[at].partition(" = ")
        deed = chance.randrange(6)
        if deed == 0:
            del lines[at]
        elif deed == 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif deed == 2 and mark:
            lines[at] = f"{chance.choice((key.upper(), key + 's', 'table', 'ids', 'a.b'))}{mark}{_value}"
        elif mark:
            lines[at] = f"{key}{mark}{chance.choice(_VALUES)}"
        if not lines:
            break
    data = "\n".join(lines).encode()
    return spoil_bytes(data, chance) if data and chance.random() < 0.2 else data


def spoil_bytes(data: bytes, chance: random.Random) -> bytes:
    """Bytes changed, lost, doubled or in another encoding."""
    at = chance.randrange(len(data))
    deeds: tuple[Callable[[], bytes], ...] = (
        lambda: data[:at],
        lambda: data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
        lambda: data[:at] + b"\x00" + data[at:],
        lambda: b"\xef\xbb\xbf" + data,
        lambda: data.decode().encode("utf-16"),
        lambda: data[:at] + data[at // 2 :],
        lambda: data.replace(b"\n", b"\r"),
        lambda: data[:at] + b"\xff\xfe" + data[at:],
        lambda: b"",
    )
    return chance.choice(deeds)()
