"""Writes ``tests/cases/broken``: a folder for each way in which networks, scenarios, studies and commands can be wrong.

    python -m tests.cases.make_broken            write the cases whose files changed, leave expected.txt alone
    python -m tests.cases.make_broken --expect   also write expected.txt from what Dehliz says now: read the difference
    python -m tests.cases.make_broken --expect command.   the same for the cases whose names begin so

Cases that were added by hand (another kind, or a folder that no list below names) are left alone.
"""

import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.cases.broken_assign import ASSIGN
from tests.cases.broken_command import COMMAND
from tests.cases.broken_gmns import GMNS
from tests.cases.broken_gtfs import GTFS
from tests.cases.broken_hazard import HAZARD
from tests.cases.broken_network import NETWORK
from tests.cases.broken_scenario import SCENARIO, SHIFTED, YEARS
from tests.cases.broken_simulate import SIMULATE
from tests.cases.broken_study import STUDY
from tests.cases.edits import Edit, Files, raw
from tests.cases.run_broken import BROKEN, CASES, OWN_FILES, run_case


@dataclass(frozen=True)
class Case:
    name: str
    kind: str
    base: str
    what: str
    edits: tuple[Edit, ...] = ()
    settings: dict[str, object] = field(default_factory=dict)


def list_cases() -> list[Case]:
    cases = [Case(name, "network", "corridor3", what, tuple(edits)) for name, what, *edits in NETWORK]
    cases += [Case(name, "gmns", "gmns_small", what, tuple(edits)) for name, what, *edits in GMNS]
    cases += [Case(name, "gtfs", "gtfs_small", what, tuple(edits)) for name, what, *edits in GTFS]
    cases += [Case(name, "year", "corridor3", what, (), {"years": years}) for name, what, years in YEARS]
    cases += [Case(name, "hazard", "corridor3", what, (edit,)) for name, what, edit in HAZARD]
    for name, what, toml in (*SCENARIO, *SHIFTED):
        data = toml if isinstance(toml, bytes) else toml.encode("utf-8")
        settings: dict[str, object] = {"demand": True} if (name, what, toml) in SHIFTED else {}
        edits = (lambda files, data=data: files.update({"scenario.toml": data}),)
        cases.append(Case(name, "scenario", "corridor3", what, edits, settings))
    cases += [
        Case(name, "command", "corridor3", what, tuple(edits), {"args": words})
        for name, what, words, edits in COMMAND
    ]
    cases += [
        Case(name, "command", base, what, tuple(edits), {"args": words})
        for name, base, what, words, edits in (*ASSIGN, *SIMULATE)
    ]
    for name, what, toml, edits in STUDY:
        data = toml if isinstance(toml, bytes) else toml.encode("utf-8")
        cases.append(Case(name, "study", "corridor3", what, (raw("study.toml", data), *edits)))
    return [_with_settings(case) for case in cases]


def _with_settings(case: Case) -> Case:
    """Edits that are settings of the case itself: ``{"path": ...}``."""
    settings = {key: value for edit in case.edits if isinstance(edit, dict) for key, value in edit.items()}
    edits = tuple(edit for edit in case.edits if not isinstance(edit, dict))
    return Case(case.name, case.kind, case.base, case.what, edits, case.settings | settings)


def make_files(case: Case) -> Files:
    """Files of the case's folder, without ``expected.txt``."""
    base = {
        file.name: file.read_bytes() for file in (CASES / case.base).iterdir() if file.name != "README.md"
    }
    files = dict(base)
    for edit in case.edits:
        edit(files)
    removed = sorted(set(base) - set(files))
    settings = {"kind": case.kind, "base": case.base, "what": case.what, **case.settings}
    if removed:
        settings["remove"] = removed
    lines = [f"{key} = {_write(value)}\n" for key, value in settings.items()]
    changed = {name: data for name, data in files.items() if base.get(name) != data}
    return {"case.toml": "".join(lines).encode("utf-8"), **changed}


def _write(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_write(item) for item in value) + "]"
    if isinstance(value, str):
        return _write_text(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _write_text(value: str) -> str:
    """A TOML text; bytes that are no letters, which TOML cannot hold, as the word BYTES."""
    return json.dumps(value.replace("\udcff", "BYTES"), ensure_ascii=False).replace("\x7f", "\\u007f")


def write_case(case: Case, root: Path) -> None:
    folder = root / case.name
    folder.mkdir(parents=True, exist_ok=True)
    files = make_files(case)
    for old in folder.iterdir():
        if old.name not in files and old.name not in OWN_FILES:
            old.unlink()
    for name, data in files.items():
        if not (folder / name).exists() or (folder / name).read_bytes() != data:
            (folder / name).write_bytes(data)


def main(words: list[str]) -> None:
    for case in list_cases():
        write_case(case, BROKEN)
    if "--expect" in words:
        begin = next((word for word in words if not word.startswith("--")), "")
        for folder in sorted(BROKEN.glob(f"{begin}*")):
            with tempfile.TemporaryDirectory() as target:
                said = run_case(folder, Path(target))
            (folder / "expected.txt").write_text(said, encoding="utf-8", newline="\n")
    print(f"{len(list(BROKEN.iterdir()))} cases in {BROKEN}")


if __name__ == "__main__":
    main(sys.argv[1:])
