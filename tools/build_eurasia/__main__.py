"""``python -m tools.build_eurasia`` writes the bundled tables, or with ``--check`` compares them by byte.

Reads the input packages and the curated files beside this module, runs the parts (``assemble.py``), checks
that tables and facts agree (``crosscheck.py``) and writes ``src/dehliz/eurasia/{tables,facts,shapes}/*.csv``.
Exit code 0: written, or the same; 1: differences, or tables and facts disagree.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tools.build_eurasia.assemble import PARTS, Tables, build_tables, find_path
from tools.build_eurasia.crosscheck import (
    check_basis,
    check_fact_ids,
    check_network,
    check_values,
    count_uses,
    list_gaps,
)
from tools.build_eurasia.inputs import INPUTS_FOLDER, fetch_inputs
from tools.build_eurasia.write import BuildError, format_table, write_table

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "src" / "dehliz" / "eurasia"
REASONS = Path(__file__).parent / "curated" / "topic_reason.csv"
SHOWN_COUNT = 40
FOLDERS = ("tables", "facts", "shapes")


def say(text: str) -> None:
    """One line for people, on standard error."""
    print(f"build_eurasia: {text}", file=sys.stderr)


def write_tables(tables: Tables, target: Path) -> list[Path]:
    """Write every table below a folder; the files written."""
    paths = []
    for name, table in tables.items():
        path = target / find_path(name)
        write_table(table, path)
        paths.append(path)
    return paths


def list_files(target: Path) -> dict[str, bytes]:
    """Contents of all committed tables below a folder, by path."""
    paths = (path for folder in FOLDERS for path in (target / folder).glob("*.csv"))
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in paths}


def compare(built: Path, committed: Path) -> list[str]:
    """Differences between two folders of tables, one line each."""
    new, old = list_files(built), list_files(committed)
    lines = [f"{name}: not committed" for name in sorted(new.keys() - old.keys())]
    lines += [f"{name}: committed, but not built" for name in sorted(old.keys() - new.keys())]
    for name in sorted(new.keys() & old.keys()):
        if new[name] != old[name]:
            lines.append(f"{name}: {_describe(old[name], new[name])}")
    return lines


def _describe(old: bytes, new: bytes) -> str:
    before, after = old.decode().splitlines(), new.decode().splitlines()
    pairs = zip(before, after, strict=False)
    place = next(
        (number for number, (one, other) in enumerate(pairs, 1) if one != other),
        min(len(before), len(after)) + 1,
    )
    return f"{len(before)} lines committed, {len(after)} built, first difference in line {place}"


def report(tables: Tables, is_whole: bool) -> int:
    """Say what disagrees, by the rules of a network too when the tables are whole; the number of faults."""
    faults = check_values(tables) + check_fact_ids(tables) + check_basis(tables)
    if is_whole:
        faults += check_network(tables)
    for line in faults[:SHOWN_COUNT]:
        say(line)
    if len(faults) > SHOWN_COUNT:
        say(f"and {len(faults) - SHOWN_COUNT} more")
    for gap in list_gaps(tables):
        say(f"no value row: {gap.table}.{gap.column} in {gap.number_count} rows, such as {gap.rows[0]}")
    return len(faults)


def main(words: list[str]) -> int:
    """Run the build; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.build_eurasia", description=__doc__)
    parser.add_argument("--check", action="store_true", help="rebuild and compare with the committed tables")
    parser.add_argument("--inputs", type=Path, default=INPUTS_FOLDER, help="folder of the input packages")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to run, for work on one of them")
    options = parser.parse_args(words)
    try:
        tables, missing = build_tables(fetch_inputs(options.inputs), options.only.split(","))
        tables["fact_use"] = format_table(count_uses(tables, REASONS), "fact_use")
    except BuildError as error:
        say(str(error))
        return 1
    fault_count = report(tables, is_whole=not missing)
    if options.check:
        with tempfile.TemporaryDirectory() as folder:
            write_tables(tables, Path(folder))
            lines = compare(Path(folder), TARGET)
        for line in lines:
            say(line)
        say(f"{len(lines)} files differ, {fault_count} faults")
        return 1 if lines or fault_count else 0
    written = write_tables(tables, TARGET)
    if not missing:
        for path in {TARGET / name for name in list_files(TARGET)} - set(written):
            path.unlink()
    say(f"{len(written)} tables, {sum(map(len, tables.values()))} rows, {fault_count} faults")
    return 1 if fault_count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
