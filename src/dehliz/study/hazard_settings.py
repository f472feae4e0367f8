"""``[hazards]`` of a study file: which year, which hazards, at which rates; and the hazards that follow from it.

The file before is ``disruption/hazards.py``; the next one ``study/ensemble_disruption.py``.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd

from dehliz.base.check import check_table
from dehliz.base.errors import DehlizError, Issue, SettingsError, quote, suggest
from dehliz.base.schema import read_spec
from dehliz.disruption.hazards import TABLE, Hazards, check_hazard_table, make_hazards
from dehliz.eurasia.load import load, load_hazards
from dehliz.graph.compile import compile_graph
from dehliz.graph.graph import Graph
from dehliz.network.csvtext import read_text_table
from dehliz.network.network import Network
from dehliz.network.scenario import apply, read_scenario
from dehliz.study.ensemble_uncertain import FACTORS_OF, say

LONGEST_WAIT_D: Final = 365.0
"""Longest wait of cargo that is counted, unless a study says another: what would wait longer is sold elsewhere."""
OVERLAP_USD_D: Final = 100_000.0
"""What hazards must cost together more or less than alone to be looked at together, see ``Responder``."""

SCENARIO: Final = "scenario"
"""File of changes to the network whose years are drawn."""
SECOND: Final = "second"
"""File of changes to a second network that lives the same years; empty text for the network as it is."""

_KEYS: Final = (
    "year", "table", "kinds", "without", "rates", "longest_wait_d", "overlap_usd_d", SCENARIO, SECOND,
)  # fmt: skip
_BOUNDS: Final = {"longest_wait_d": (1.0, 3650.0), "overlap_usd_d": (0.0, 1e9)}


def list_kinds() -> tuple[str, ...]:
    """Kinds of hazards, as the data dictionary has them."""
    return read_spec(TABLE).column("kind").choices


def read_hazard_settings(tables: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """What the table ``[hazards]`` of a study file says, as JSON can hold it.

    Parameters
    ----------
    tables : mapping
        ``hazards`` and ``uncertain`` of the file.
    path : Path
        The file; a table of one's own is sought beside it.

    Raises
    ------
    SettingsError
        With every fault.
    """
    given = tables.get("hazards")
    issues: list[Issue] = []
    if not isinstance(given, dict):
        found = "no key 'hazards'" if given is None else "no table"
        issues.append(say("key.present", path.name, found, remedy="Write [hazards] with a year"))
        given = {}
    else:
        issues += _check_keys(given, path.name)
    issues += _check_targets(tables.get("uncertain", ()), path.name)
    if issues:
        raise SettingsError(f"The study {path} cannot be run", issues)
    study = {key: value for key, value in given.items() if key not in ("table", SCENARIO, SECOND)}
    try:
        network = load(int(given["year"]))
        if "table" in given:
            study["rows"] = _read_rows(path.parent / str(given["table"]), network)
        for key in (SCENARIO, SECOND):
            if key in given:
                study[key] = _read_scenario(path.parent / given[key], network) if given[key] else ""
        # Rates are tried on all hazards at once, so that a wrong name is told before the first run.
        pick_hazards(study, network, compile_graph(network))
    except DehlizError as error:
        found_issues = getattr(error, "issues", ())
        raise SettingsError(
            f"The study {path} cannot be run",
            found_issues or [say("value.type", f"{path.name}, key hazards", str(error))],
        ) from error
    return study


def _check_keys(given: Mapping[str, Any], file: str) -> list[Issue]:
    issues = [
        say("key.known", file, f"unknown key 'hazards.{key}'", "Only known keys are read",
            suggest(key, _KEYS) or f"Keys here are {', '.join(_KEYS)}")
        for key in given if key not in _KEYS
    ]  # fmt: skip
    year = given.get("year")
    if "year" not in given:
        issues.append(say("key.present", file, "no key 'hazards.year'", "A year is needed", "Add it"))
    elif not isinstance(year, int) or isinstance(year, bool):
        issues.append(say("value.type", f"{file}, key hazards.year", "no whole number"))
    for key, (low, high) in _BOUNDS.items():
        value = given.get(key, low)
        if not _is_number(value) or not low <= value <= high:
            needed = f"A number from {low:,.0f} to {high:,.0f} is needed"
            issues.append(
                say("value.bounds", f"{file}, key hazards.{key}", "another value was found", needed)
            )
    issues += [
        say("value.type", f"{file}, key hazards.{key}", "no text")
        for key in ("table", SCENARIO, SECOND)
        if not isinstance(given.get(key, ""), str)
    ]
    rates = given.get("rates", {})
    if not isinstance(rates, dict) or not all(_is_number(one) for one in rates.values()):
        issues.append(say("value.type", f"{file}, key hazards.rates", "no table of numbers"))
    for key in ("kinds", "without"):
        issues += _check_kinds(given.get(key, []), f"{file}, key hazards.{key}")
    return issues


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_kinds(value: Any, place: str) -> list[Issue]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return [say("value.type", place, "no list of texts")]
    return [_say_kind(one, place) for one in value if one not in list_kinds()]


def _say_kind(kind: str, place: str) -> Issue:
    known = list_kinds()
    hint = suggest(kind, known) or f"Kinds are {', '.join(known)}"
    return say(
        "value.type", place, f"there is no kind of hazard {quote(kind)}", "A kind of hazard is needed", hint
    )


def _check_targets(entries: Any, file: str) -> list[Issue]:
    """Kinds of hazards in the targets of uncertain numbers; all else is checked where they are read."""
    issues = []
    for number, entry in enumerate(entries if isinstance(entries, list) else (), 1):
        target = entry.get("target", "") if isinstance(entry, dict) else ""
        head, _, kind = target.partition(":") if isinstance(target, str) else ("", "", "")
        if head in FACTORS_OF and kind and kind not in list_kinds():
            issues.append(_say_kind(kind, f"{file}, uncertain {number}, key target"))
    return issues


def _read_rows(path: Path, network: Network) -> str:
    """A table of hazards as text, checked."""
    text = read_text_table(path, TABLE)
    if text.issues and not len(text.frame.columns):
        raise SettingsError(f"{path.name} cannot be used.", text.issues)
    check_hazard_table(text.frame, network, path.name, text.lines, text.issues)
    return str(text.frame.to_csv(index=False))


def _read_scenario(path: Path, network: Network) -> str:
    """A scenario as text, tried on the network."""
    apply(read_scenario(path), network)
    return path.read_text(encoding="utf-8-sig")


def change_network(network: Network, scenario: str) -> Network:
    """A network after a scenario that a study holds as text; the same network when there is none."""
    if not scenario:
        return network
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.toml"
        path.write_text(scenario, encoding="utf-8")
        return apply(read_scenario(path), network).network


def pick_hazards(study: Mapping[str, Any], network: Network, graph: Graph) -> Hazards:
    """The hazards of a study on a network.

    Parameters
    ----------
    study : mapping
        As ``read_hazard_settings`` gives it.
    network, graph
        What they strike.
    """
    if "rows" in study:
        own = pd.read_csv(io.StringIO(str(study["rows"])), dtype=str, keep_default_na=False)
        frame, _ = check_table(own, read_spec(TABLE), f"table {TABLE}")
    else:
        frame = load_hazards()
    kinds = study.get("kinds") or list_kinds()
    without = study.get("without", ())
    kept = frame["kind"].astype(str).isin([one for one in kinds if one not in without])
    hazards = make_hazards(frame[kept], network, graph, year=int(study["year"]))
    rates = study.get("rates", {})
    return hazards.with_rates(rates) if rates else hazards
