"""Runs one broken case: lays its files over a good network and returns what Dehliz says.

A case is a folder in ``tests/cases/broken`` with ``case.toml`` (kind, base, what is broken), the files that differ from
the base, and ``expected.txt``. Kinds: network, gmns, gtfs, year, scenario, hazard, study, command; each is a function.
"""

import contextlib
import io
import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dehliz.base.errors import DehlizError

CASES = Path(__file__).parent
BROKEN = CASES / "broken"
OWN_FILES = ("case.toml", "expected.txt")


def read_case(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))


def lay_over(folder: Path, case: dict[str, Any], target: Path) -> Path:
    """The base with the files of the case in it."""
    network = target / "network"
    if case["base"]:
        shutil.copytree(CASES / case["base"], network)
    else:
        network.mkdir()
    for file in folder.iterdir():
        if file.name not in OWN_FILES:
            shutil.copy(file, network / file.name)
    for name in case.get("remove", []):
        (network / name).unlink()
    return network


def run_case(folder: Path, target: Path) -> str:
    """What Dehliz says about a broken case; paths of the machine are replaced by FOLDER."""
    case = read_case(folder)
    network = lay_over(folder, case, target)
    before = {path: path.stat().st_mtime_ns for path in network.rglob("*")}
    try:
        text = RUNNERS[case["kind"]](network, case)
    except DehlizError as error:
        text = str(error)
    after = {path: path.stat().st_mtime_ns for path in network.rglob("*")}
    left = sorted(path.name for path in after if after[path] != before.get(path))
    if left or set(before) - set(after):
        text += f"\nThe folder was changed: {', '.join(left)}"
    return text.replace(str(network), "FOLDER").rstrip() + "\n"


def _run_network(network: Path, case: dict[str, Any]) -> str:
    from dehliz.network.files import read_network

    return f"no error: {read_network(network / case.get('path', '.'), name='broken')}"


def _run_gtfs(network: Path, case: dict[str, Any]) -> str:
    from dehliz.network.gtfs import read_gtfs

    made = read_gtfs(network / case.get("path", "."))
    return f"no error: {made}"


def _run_year(network: Path, case: dict[str, Any]) -> str:
    from dehliz.network.files import read_network
    from dehliz.network.scenario import select_year

    made = read_network(network)
    for year in case["years"]:
        made = select_year(made, year)
    return f"no error: {made}"


def _run_scenario(network: Path, case: dict[str, Any]) -> str:
    from dehliz.network.files import read_network
    from dehliz.network.scenario import apply, apply_all, read_scenario
    from tests.cases.small_demand import make_demand

    scenario, whole = read_scenario(network / case.get("path", "scenario.toml")), read_network(network)
    made = apply_all(scenario, whole, make_demand(whole)) if case.get("demand") else apply(scenario, whole)
    return f"no error: {made.network}, {made.notes}"


def _run_hazard(network: Path, case: dict[str, Any]) -> str:
    from dehliz.disruption.hazards import read_hazards
    from dehliz.network.files import read_network

    return f"no error: {read_hazards(network / 'hazard.csv', read_network(network))}"


def _run_study(network: Path, case: dict[str, Any]) -> str:
    from dehliz.cli.job import run

    return f"no error: {run(network / case.get('path', 'study.toml'), network / 'run')}"


def _run_command(network: Path, case: dict[str, Any]) -> str:
    """What a command complains of, the reason when there is no answer, and its exit code.

    ``FOLDER`` in the words is the case's folder, ``BYTES`` a byte that is no letter.
    """
    from dehliz.cli.main import main

    words = [word.replace("FOLDER", str(network)).replace("BYTES", "\udcff") for word in case["args"]]
    said, shown = io.StringIO(), io.StringIO()
    code: object = 0
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(shown):
        try:
            main(words)
        except SystemExit as stop:
            code = stop.code
    answer = ""
    if code == 3 and "--json" in words:
        document = json.loads(shown.getvalue())
        answer = f"{document['status']}: {document['reason']}\n"
    elif code == 3:
        answer = shown.getvalue()
    # On a machine that has never run Dehliz the kernels are compiled first, and that is said.
    lines = [
        line
        for line in said.getvalue().splitlines(True)
        if not line.startswith("Compiling what this command needs")
    ]
    return f"{''.join(lines)}{answer}exit code {code}"


RUNNERS: dict[str, Callable[[Path, dict[str, Any]], str]] = {
    "network": _run_network,
    "gmns": _run_network,
    "gtfs": _run_gtfs,
    "year": _run_year,
    "scenario": _run_scenario,
    "hazard": _run_hazard,
    "study": _run_study,
    "command": _run_command,
}
