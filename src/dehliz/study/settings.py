"""``study.toml`` to frozen settings; unknown keys are refused with the nearest known one.

A study names a year, a shipment, pairs of places and scenarios. All faults of the file are told at once. The next
file is ``study/run.py``.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, time
from pathlib import Path
from typing import Any

from dehliz.base.errors import Issue, SettingsError, quote, suggest
from dehliz.base.toml import parse_toml, say_fault
from dehliz.routing.compare import MIDDLE

BASELINE = "baseline"
SIMULATION_BOUNDS = {"replications": (2, 100_000), "seed": (0, 2**31 - 1), "rounds": (1, 100)}
"""Least and most of the whole numbers of ``[simulation]``, as ``dehliz simulate`` takes them."""

_NAME = re.compile(r"\w[\w.\-]{0,59}")
"""What a folder can be called anywhere, and a mark in tables."""


@dataclass(frozen=True, slots=True)
class ScenarioSettings:
    """A scenario of a study.

    Attributes
    ----------
    id, name : str
        Short name that marks the results, and name for people.
    file : str
        Scenario file, relative to the study file; the network as it is when empty.
    """

    id: str
    name: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class ShipmentSettings:
    """What is moved between every pair: boxes or tonnes of a segment.

    Attributes
    ----------
    containers : str
        Number and size of boxes, such as ``1x40``.
    tonnes : float, optional
        Tonnes of cargo, instead of boxes.
    segment : str
        Segment of the cargo; needed with tonnes, the first segment in boxes when empty.
    """

    containers: str = ""
    tonnes: float | None = None
    segment: str = ""


@dataclass(frozen=True, slots=True)
class CompareSettings:
    """Pairs of places, by what the best route of a corridor is chosen, and whose claims are tested.

    Attributes
    ----------
    pairs : tuple of (str, str)
        Origin and destination of each comparison; names in any spelling, UN/LOCODE, node id or ``lon,lat``.
    best : str
        By what the best route of a corridor is chosen.
    claimants : tuple of str
        Corridors for which the claims compact, stable and faster are tested.
    """

    pairs: tuple[tuple[str, str], ...]
    best: str = "generalised"
    claimants: tuple[str, ...] = MIDDLE


@dataclass(frozen=True, slots=True)
class OperationSettings:
    """How a study's year is simulated; its scenarios are what-ifs on the same draws.

    Attributes
    ----------
    replications : int
        Years that are drawn, at least 2.
    seed : int
        Of all draws.
    rounds : int
        Most rounds in which simulated times return into the choice of ways.
    """

    replications: int = 20
    seed: int = 1
    rounds: int = 8


@dataclass(frozen=True, slots=True)
class StudySettings:
    """One study.

    Attributes
    ----------
    name : str
        Short name; the run folder is called so.
    title : str
        Title of the report.
    year : int
        Year whose network is used.
    compare : CompareSettings
        Pairs and criteria.
    network : str
        Path of a network of one's own, relative to the study file; the bundled one when empty.
    shipment : ShipmentSettings
        One 40-foot box when nothing is said.
    simulation : OperationSettings, optional
        Simulates operations too when it is given; for the bundled network.
    scenario : tuple of ScenarioSettings
        At least the baseline.
    path : Path
        The study file.
    """

    name: str
    title: str
    year: int
    compare: CompareSettings
    network: str = ""
    shipment: ShipmentSettings = field(default_factory=ShipmentSettings)
    simulation: OperationSettings | None = None
    scenario: tuple[ScenarioSettings, ...] = (ScenarioSettings(BASELINE, "As it is"),)
    path: Path = Path()


def read_study(path: Path) -> StudySettings:
    """Settings of a study file.

    Raises
    ------
    SettingsError
        When the file is missing, is not TOML, or has wrong keys or values; with all of them.
    """
    document = _read_toml(path)
    issues: list[Issue] = []
    values = _check_keys(StudySettings, document, path.name, "", issues, leave_out=("path",))
    compare = _read_compare(values.pop("compare", None), path.name, issues)
    shipment = _read_part(ShipmentSettings, values.pop("shipment", {}), path.name, "shipment", issues)
    simulation = _read_simulation(values, path.name, issues)
    scenarios = tuple(
        _read_part(ScenarioSettings, table, path.name, f"scenario[{number}]", issues)
        for number, table in enumerate(_as_list(values.pop("scenario", []), path.name, "scenario", issues), 1)
    )
    _check_types(StudySettings, values, path.name, "", issues)
    issues += _check_name(values.get("name"), f"{path.name}, key name")
    issues += _check_scenarios(scenarios, path)
    if issues:
        raise SettingsError(f"The study {path} cannot be run", issues)
    if scenarios:
        values["scenario"] = scenarios
    return StudySettings(**values, compare=compare, shipment=shipment, simulation=simulation, path=path)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return parse_toml(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        found, remedy = (
            error.strerror or "cannot be read",
            "Give the path of a study file, such as studies/middle-corridor.toml",
        )
    except UnicodeDecodeError:
        found, remedy = "is not UTF-8 text", "Save the file as UTF-8"
    except ValueError as error:
        fault, remedy = say_fault(error)
        found = f"is not TOML: {fault}"
    except RecursionError:
        found, remedy = "is too deeply nested", "Write lists of lists, and no deeper"
    issue = Issue(
        "study.file.readable", str(path), (), found, "A study is a readable TOML file in UTF-8", remedy
    )
    raise SettingsError("The study cannot be read", [issue])


def _key(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _check_keys(
    kind: type,
    table: Mapping[str, Any],
    file: str,
    prefix: str,
    issues: list[Issue],
    leave_out: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Known keys of a table; unknown and missing ones become issues."""
    known = [item.name for item in fields(kind) if item.name not in leave_out]
    for name in table:
        if name not in known:
            hint = suggest(name, known).rstrip("?") or f"Keys here are {', '.join(known)}"
            issues.append(
                Issue("study.key.known", file, (), f"unknown key '{_key(prefix, name)}'",
                      "Only known keys are read", hint if hint.startswith("Keys") else hint + "?")
            )  # fmt: skip
    for item in fields(kind):
        needed = item.default is MISSING and item.default_factory is MISSING
        if needed and item.name not in leave_out and item.name not in table:
            issues.append(
                Issue("study.key.present", file, (), f"no key '{_key(prefix, item.name)}'",
                      "A study needs it", "Add it")
            )  # fmt: skip
    return {name: value for name, value in table.items() if name in known}


_TYPES: dict[Any, tuple[tuple[type, ...], str]] = {
    str: ((str,), "text in quotes"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
    float | None: ((int, float), "a number"),
}
_WORDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((bool,), "true or false"),
    ((list,), "a list"),
    ((dict,), "a table"),
    ((date, time), "a date"),
)


def _show(value: Any) -> str:
    """A value as the file has it, or its kind when it is long."""
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, bool):
        return str(value).lower()
    for types, words in _WORDS:
        if isinstance(value, types):
            return words
    return str(value)[:60]


def _check_types(kind: type, values: Mapping[str, Any], file: str, prefix: str, issues: list[Issue]) -> None:
    for item in fields(kind):
        if item.name not in values or item.type not in _TYPES:
            continue
        value = values[item.name]
        types, words = _TYPES[item.type]
        if not isinstance(value, types) or isinstance(value, bool):
            issues.append(
                Issue("study.value.type", f"{file}, key {_key(prefix, item.name)}", (), f"{_show(value)} was found",
                      f"It must be {words}", "Correct the value")
            )  # fmt: skip


_HEADS = {"shipment": "[shipment]", "compare": "[compare]", "simulation": "[simulation]"}


def _read_part(kind: type, table: Any, file: str, prefix: str, issues: list[Issue]) -> Any:
    if not isinstance(table, dict):
        issues.append(
            Issue("study.value.type", f"{file}, key {prefix}", (), f"{_show(table)} was found", "It must be a table",
                  f"Write {_HEADS.get(prefix, '[[scenario]]')} and keys below it")
        )  # fmt: skip
        return None
    values = _check_keys(kind, table, file, prefix, issues)
    before = len(issues)
    _check_types(kind, values, file, prefix, issues)
    missing = [
        item.name for item in fields(kind) if item.default is MISSING and item.default_factory is MISSING
    ]
    if len(issues) > before or any(name not in values for name in missing):
        return None
    return kind(**values)


def _read_simulation(values: dict[str, Any], file: str, issues: list[Issue]) -> OperationSettings | None:
    if "simulation" not in values:
        return None
    found: OperationSettings | None = _read_part(
        OperationSettings, values.pop("simulation"), file, "simulation", issues
    )
    if found is None:
        return None
    issues += [
        Issue("study.simulation.least", f"{file}, key simulation.{name}", (), f"{getattr(found, name)} was found",
              f"At least {low} is needed", "Correct the value")
        for name, (low, _) in SIMULATION_BOUNDS.items() if getattr(found, name) < low
    ]  # fmt: skip
    issues += [
        Issue("study.simulation.most", f"{file}, key simulation.{name}", (), f"{getattr(found, name)} was found",
              f"At most {high:,} is possible", "Correct the value")
        for name, (_, high) in SIMULATION_BOUNDS.items() if getattr(found, name) > high
    ]  # fmt: skip
    if values.get("network"):
        issues.append(
            Issue("study.simulation.network", f"{file}, table simulation", (), "the study has a network of its own",
                  "A study simulates the bundled network, whose demand is known",
                  "Take out [simulation], and simulate your network with dehliz simulate --network")
        )  # fmt: skip
    return found


def _as_list(value: Any, file: str, key: str, issues: list[Issue]) -> list[Any]:
    if isinstance(value, list):
        return value
    issues.append(
        Issue("study.value.type", f"{file}, key {key}", (), f"{_show(value)} was found", "It must be a list",
              "Write [[scenario]] tables" if key == "scenario" else 'For example pairs = [["Xi\'an", "Hamburg"]]')
    )  # fmt: skip
    return []


def _read_compare(table: Any, file: str, issues: list[Issue]) -> Any:
    if table is None:
        return None
    if not isinstance(table, dict):
        return _read_part(CompareSettings, table, file, "compare", issues)
    pairs = _as_list(table.get("pairs", []), file, "compare.pairs", issues)
    good = [tuple(pair) for pair in pairs if _is_texts(pair) and len(pair) == 2]
    if len(good) < len(pairs) or table.get("pairs") == []:
        found = f"{len(pairs) - len(good)} of {len(pairs)} pairs are not two places"
        issues.append(
            Issue("study.pairs.form", f"{file}, key compare.pairs", (),
                  found if pairs else "the list is empty",
                  "Each pair is two places, and there is at least one", 'For example pairs = [["Xi\'an", "Hamburg"]]')
        )  # fmt: skip
    claimants = table.get("claimants", list(MIDDLE))
    if not _is_texts(claimants):
        issues.append(
            Issue("study.value.type", f"{file}, key compare.claimants", (), f"{_show(claimants)} was found",
                  "It must be a list of corridor ids", 'For example claimants = ["middle_btk"]')
        )  # fmt: skip
        claimants = []
    return _read_part(
        CompareSettings, {**table, "pairs": tuple(good), "claimants": tuple(claimants)}
        if "pairs" in table else {**table, "claimants": tuple(claimants)}, file, "compare", issues,
    )  # fmt: skip


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _check_name(name: Any, place: str) -> list[Issue]:
    if not isinstance(name, str) or _NAME.fullmatch(name):
        return []
    return [
        Issue("study.name.form", place, (), f"{quote(name)} was found",
              "It names a folder or marks results: up to 60 letters, digits, - _ and . are needed, no sign first",
              "Shorten or change it")
    ]  # fmt: skip


def _check_scenarios(scenarios: tuple[Any, ...], path: Path) -> list[Issue]:
    issues = []
    seen: set[str] = set()
    for scenario in scenarios:
        if scenario is None:
            continue
        if scenario.id in seen:
            issues.append(
                Issue("study.scenario.unique", f"{path.name}, key scenario", (),
                      f"two scenarios are called '{scenario.id}'",
                      "Each scenario has its own id", "Rename one of them")
            )  # fmt: skip
        seen.add(scenario.id)
        issues += _check_name(scenario.id, f"{path.name}, key scenario.id")
        if scenario.file and not (path.parent / scenario.file).is_file():
            issues.append(
                Issue("study.scenario.file", f"{path.name}, scenario {scenario.id}", (),
                      f"there is no file {scenario.file}",
                      "A scenario's file lies beside the study, or at a path relative to it", "Correct the path")
            )  # fmt: skip
    return issues
