"""Bits that flip on the disk are seen: whatever is read from a folder is what was written, or an error."""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dehliz.base.errors import StoreError
from dehliz.study.ensemble import run_ensemble
from dehliz.study.ensemble_disk import ASIDE
from dehliz.study.ensemble_gather import read_ensemble, read_table
from dehliz.study.ensemble_here import Here
from dehliz.study.ensemble_job import write_spec
from dehliz.study.ensemble_ledger import Ledger
from dehliz.study.ensemble_member import Damaged, find_path
from dehliz.study.ensemble_store import IDENTITY, LEDGER, MANIFEST, TABLES, open_document, open_store
from tests.ensemble.command import make_spec

RUNS = 12
FLIPS = 3000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run_ensemble(make_spec(), tmp_path / "e", RUNS, Here())
    return tmp_path / "e"


def flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def list_readers(folder: Path) -> dict[Path, Callable[[], Any]]:
    """Each kind of stored file, and what reads it."""
    spec = write_spec(make_spec())

    def read_run() -> Any:
        with open_store(folder, spec) as store:
            return {name: table.to_pydict() for name, table in store.read(3).items()}

    def read_ledger() -> Any:
        ledger = Ledger(folder / LEDGER)
        try:
            return list(ledger.each(0, RUNS))
        finally:
            ledger.close()

    return {
        find_path(folder, 3): read_run,
        folder / LEDGER: read_ledger,
        folder / IDENTITY: lambda: open_document(folder / IDENTITY),
        folder / MANIFEST: lambda: read_ensemble(folder),
        folder / TABLES / "trial_draw.parquet": lambda: read_table(folder, "trial_draw").to_dict(),
    }


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_3000_flipped_bits_none_silent(folder: Path) -> None:
    chance, found = random.Random(5), Counter[str]()
    readers = list_readers(folder)
    for number in range(FLIPS):
        path, read = list(readers.items())[number % len(readers)]
        content, wanted = path.read_bytes(), read()
        path.write_bytes(flip(content, chance))
        try:
            answer = read()
        except (Damaged, StoreError):
            found[f"{path.suffix} told"] += 1
        else:
            # A flipped bit where nothing is stored changes nothing, and a row that is gone is a run to be done again.
            is_part = path.name == LEDGER and set(answer) < set(wanted)
            found[f"{path.suffix} {'same' if answer == wanted else 'fewer' if is_part else 'SILENT'}"] += 1
        path.write_bytes(content)
    print(f"\n{FLIPS} flips: {dict(sorted(found.items()))}")
    assert sum(found.values()) == FLIPS
    assert found[".run told"] == FLIPS // len(readers), "each bit of a run's file counts"
    assert not [what for what in found if "SILENT" in what]


@pytest.mark.parametrize("how", ["flipped", "cut", "missing", "of another run"])
def test_damaged_runs_are_done_again(folder: Path, how: str) -> None:
    before = read_ensemble(folder)
    path = find_path(folder, 5)
    content = path.read_bytes()
    if how == "flipped":
        path.write_bytes(flip(content, random.Random(1)))
    elif how == "cut":
        path.write_bytes(content[:-100])
    elif how == "missing":
        path.unlink()
    else:
        path.write_bytes(find_path(folder, 6).read_bytes())
    made = run_ensemble(make_spec(), folder, RUNS, Here())
    assert made.new_count == 1
    assert read_ensemble(folder) == before
    assert path.read_bytes() == content


def test_files_without_record_are_taken_up_when_whole(folder: Path) -> None:
    before = read_ensemble(folder)
    (folder / LEDGER).unlink()
    find_path(folder, 7).write_bytes(b"half")
    aside = find_path(folder, 8).with_name(f"x{ASIDE}")
    aside.write_bytes(b"half")
    made = run_ensemble(make_spec(), folder, RUNS, Here())
    assert (made.status, made.new_count) == ("ok", 1)
    assert not aside.exists()
    assert read_ensemble(folder) == before


@pytest.mark.parametrize("name", [LEDGER, IDENTITY])
def test_damaged_records_are_told_and_rebuilt_when_removed(folder: Path, name: str) -> None:
    before = read_ensemble(folder)
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(b"x" * len(content))
    with pytest.raises(StoreError, match="Remove"):
        run_ensemble(make_spec(), folder, RUNS, Here())
    (folder / name).unlink()
    assert run_ensemble(make_spec(), folder, RUNS, Here()).new_count == 0
    assert read_ensemble(folder) == before


def test_damaged_tables_are_told_and_written_anew(folder: Path) -> None:
    path = folder / TABLES / "trial_sum.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(StoreError, match="not the one that was written"):
        read_table(folder, "trial_sum")
    run_ensemble(make_spec(), folder, RUNS, Here())
    assert path.read_bytes() == content
