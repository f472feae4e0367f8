"""Runs the parts of the build in order and joins what they make into one set of tables, as text.

A part is a module ``tools.build_eurasia.<name>`` with ``build(inputs, facts) -> dict[str, DataFrame]``, where
``facts`` is the table ``fact``. Several parts may add rows to one table, and may name the same row as long as
they do not contradict each other. Curated tables are taken as they stand from ``curated/tables/``.
What needs the joined tables comes last (``demand_capacity.py``). ``crosscheck.py`` looks at the result before
``__main__.py`` writes it.
"""

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from dehliz.base.schema import list_tables, read_spec
from dehliz.network.network import TABLES
from tools.build_eurasia.demand_capacity import complete
from tools.build_eurasia.facts import build_facts, read_rows
from tools.build_eurasia.write import BuildError, format_table

PARTS = (
    "economy",
    "rail",
    "borders",
    "sea",
    "service",
    "road",
    "pipeline",
    "port",
    "operation",
    "durations",
    "hazard",
    "place",
    "demand",
)
CURATED_TABLES = Path(__file__).parent / "curated" / "tables"
FACT_TABLES = ("fact", "source", "fact_use")
SHAPE_TABLES = ("shape",)

Tables = dict[str, pd.DataFrame]


def _has_module(name: str) -> bool:
    return importlib.util.find_spec(f"tools.build_eurasia.{name}") is not None


def read_curated(folder: Path = CURATED_TABLES) -> Tables:
    """Tables that are curated by hand, one CSV file each, by name."""
    return {path.stem: pd.DataFrame(read_rows(path)) for path in sorted(folder.glob("*.csv"))}


def run_parts(
    inputs: Path, facts: pd.DataFrame, parts: Sequence[str] = PARTS
) -> tuple[list[tuple[str, Tables]], tuple[str, ...]]:
    """What each part makes, and the names of the parts that do not exist.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages.
    facts : DataFrame
        The table ``fact``.
    parts : sequence of str
        Those to run, in this order.
    """
    made: list[tuple[str, Tables]] = [("curated/tables", read_curated())]
    missing = tuple(name for name in PARTS if name not in parts or not _has_module(name))
    for name in missing:
        print(f"build_eurasia: part '{name}' is not there, its rows are left out", file=sys.stderr)
    for name in parts:
        if name not in missing:
            print(f"build_eurasia: {name}", file=sys.stderr)
            module = importlib.import_module(f"tools.build_eurasia.{name}")
            made.append((name, module.build(inputs, facts)))
    return made, missing


def _merge_cells(column: str, cells: list[str], where: str, is_ids: bool) -> str:
    given = list(dict.fromkeys(cell for cell in cells if cell))
    if is_ids:
        return ";".join(sorted({entry for cell in given for entry in cell.split(";")}))
    if len(given) > 1:
        raise BuildError(f"{where}: parts disagree on {column}: {' / '.join(given)}")
    return given[0] if given else ""


def merge_rows(text: pd.DataFrame, name: str) -> pd.DataFrame:
    """One row for each key, where several parts named the same row.

    Parameters
    ----------
    text : DataFrame
        Cells as text, keys possibly repeated.
    name : str
        Table in the dictionary.

    Raises
    ------
    BuildError
        When two parts give different values to one cell; lists of ids are united instead.
    """
    spec = read_spec(name)
    key = list(spec.key)
    repeated = text.duplicated(key, keep=False)
    if not repeated.any():
        return text
    rows = []
    for values, group in text[repeated].groupby(key, sort=True):
        where = f"{name} {'/'.join(map(str, values))}"
        rows.append(
            {
                column.name: _merge_cells(column.name, list(group[column.name]), where, column.type == "ids")
                for column in spec.columns
            }
        )
    return pd.concat(
        [text[~repeated], pd.DataFrame(rows, columns=list(spec.column_names))], ignore_index=True
    )


def join_tables(made: list[tuple[str, Tables]]) -> Tables:
    """All rows of all parts by table, as text, sorted by key.

    Raises
    ------
    BuildError
        When a part makes a table that the dictionary does not have, or one that cannot be written.
    """
    known = list_tables()
    pieces: dict[str, list[pd.DataFrame]] = {}
    for part, tables in made:
        for name, table in tables.items():
            if name not in known:
                raise BuildError(f"part {part}: the dictionary has no table '{name}'")
            if len(table):
                pieces.setdefault(name, []).append(_format_piece(part, table, name))
    joined = {name: merge_rows(pd.concat(parts, ignore_index=True), name) for name, parts in pieces.items()}
    return {name: format_table(table, name) for name, table in sorted(joined.items())}


def _format_piece(part: str, table: pd.DataFrame, name: str) -> pd.DataFrame:
    try:
        return format_table(table, name)
    except BuildError as error:
        raise BuildError(f"part {part}: {error}") from error


def build_tables(inputs: Path, parts: Sequence[str] = PARTS) -> tuple[Tables, tuple[str, ...]]:
    """Every table of the bundled network as text, and the parts that are missing.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages.
    parts : sequence of str
        Those to run, in this order.
    """
    facts = build_facts()
    made, missing = run_parts(inputs, facts["fact"], parts)
    tables = join_tables([("facts", facts), *made])
    if not missing:
        late = {name: format_table(table, name) for name, table in complete(tables).items()}
        bare = {
            name: format_table(pd.DataFrame(columns=list(read_spec(name).column_names)), name)
            for name in TABLES
            if name not in tables
        }
        tables = dict(sorted((tables | late | bare).items()))
    return tables, missing


def find_path(name: str) -> str:
    """Path of a table's file inside ``src/dehliz/eurasia``."""
    folder = "facts" if name in FACT_TABLES else "shapes" if name in SHAPE_TABLES else "tables"
    return f"{folder}/{name}.csv"
