"""Runs one broken case: lays its files over a good network and returns what Dehliz says.

A case is a folder in ``tests/cases/broken`` with ``case.toml`` (kind, base, what is broken), the files that differ from
the base, and ``expected.txt``. Kinds: network, gmns, year, scenario, study, command; each is one function here.
"""

import contextlib
import io
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
    try:
        text = RUNNERS[case["kind"]](network, case)
    except DehlizError as error:
        text = str(error)
    return text.replace(str(network), "FOLDER").rstrip() + "\n"


def _run_network(network: Path, case: dict[str, Any]) -> str:
    from dehliz.network.files import read_network

    return f"no error: {read_network(network / case.get('path', '.'), name='broken')}"


def _run_year(network: Path, case: dict[str, Any]) -> str:
    from dehliz.network.files import read_network
    from dehliz.network.scenario import select_year

    made = read_network(network)
    for year in case["years"]:
        made = select_year(made, year)
    return f"no error: {made}"


def _run_scenario(network: Path, case: dict[str, Any]) -> str:
    from dehliz.network.files import read_network
    from dehliz.network.scenario import apply, read_scenario

    made = apply(read_scenario(network / case.get("path", "scenario.toml")), read_network(network))
    return f"no error: {made.network}, {made.notes}"


def _run_study(network: Path, case: dict[str, Any]) -> str:
    from dehliz.study.settings import read_study

    return f"no error: {read_study(network / case.get('path', 'study.toml'))}"


def _run_command(network: Path, case: dict[str, Any]) -> str:
    """Standard error of a command, and its exit code; ``FOLDER`` in the arguments is the case's folder."""
    from dehliz.cli.main import main

    said = io.StringIO()
    code: object = 0
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            main([word.replace("FOLDER", str(network)) for word in case["args"]])
        except SystemExit as stop:
            code = stop.code
    return f"{said.getvalue()}exit code {code}"


RUNNERS: dict[str, Callable[[Path, dict[str, Any]], str]] = {
    "network": _run_network,
    "gmns": _run_network,
    "year": _run_year,
    "scenario": _run_scenario,
    "study": _run_study,
    "command": _run_command,
}
