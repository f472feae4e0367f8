"""Scenario files: TOML to ``Scenario``, with every misspelt key and every value of the wrong type in one list.

A file has a ``name``, perhaps a ``description``, and one ``[[change]]`` for each change, whose ``do`` says which:
close, open, put_in_service, scale, set, add, remove, shift_demand or policy. The other
keys are the fields of the change, and ``[event]`` says when it happened.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from dehliz.base.errors import Issue, ScenarioError, say_count, suggest
from dehliz.base.sheet import Rule
from dehliz.base.toml import parse_toml, say_fault
from dehliz.network.changes import KINDS, Change, Event, Scenario, make_rows

_KEYS: Final = ("name", "description", "event", "change")

SCENARIO_FILE_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule("scenario.file.exists", "A scenario file is needed", "Correct the path"),
        Rule("scenario.file.toml", "A file in TOML and UTF-8 is needed", "Correct the line"),
        Rule(
            "scenario.key.known",
            "Keys are those of the scenario file's reference",
            "Correct or remove the key",
        ),
        Rule("scenario.key.given", "The key is needed", "Add it"),
        Rule("scenario.key.type", "A value of the right type is needed", "Correct the value"),
        Rule(
            "scenario.event.window",
            "An event ends after it starts, and its end is told once",
            "Correct [event]",
        ),
        Rule("scenario.change.kind", f"A change does one of {', '.join(KINDS)}", "Correct the word"),
    )
}
"""Rules for scenario files."""

_NUMBER: Final = ((int, float), "Write a number")
_DATE: Final = ((date,), "Write a date without quotes, such as 2025-09-12")
_PLAIN: Final[dict[str, tuple[tuple[type, ...], str]]] = {
    "factor": _NUMBER,
    "share": _NUMBER,
    "tariff_factor": _NUMBER,
    "rate_usd_teu_km": _NUMBER,
    "border_factor": _NUMBER,
    "border_time_h": _NUMBER,
    "duration_d": _NUMBER,
    "start": _DATE,
    "end": _DATE,
    "year": ((int,), "Write a year, such as 2030"),
    "value": ((str, int, float, bool), "Write text, a number, true or false"),
}
"""Key of a single value -> types that it may have, and what to do; text when it is not here."""


def read_scenario(path: str | Path) -> Scenario:
    """A scenario from a TOML file.

    Parameters
    ----------
    path : str or Path
        File to read.

    Returns
    -------
    Scenario
        Not yet resolved against a network.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the file.
    """
    path = Path(path)
    content, issue = _load(path)
    if issue is not None:
        raise ScenarioError(f"{path} cannot be read.", [issue])
    issues: list[Issue] = []
    _check_keys(content, _KEYS, ("name", "change"), path.name, issues)
    wrong = [key for key in ("name", "description") if not isinstance(content.get(key, ""), str)]
    text = "Write text between quotes"
    issues += [_say("key.type", f"{path.name}, key {key}", f"{content[key]!r}", text) for key in wrong]
    entries = content.get("change", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        issues.append(
            _say("key.type", f"{path.name}, key change", "no list of tables", "Write [[change]] before each")
        )
        entries = []
    event = _read_event(content["event"], path.name, issues) if "event" in content else None
    changes = [_read_change(entry, number, path.name, issues) for number, entry in enumerate(entries, 1)]
    if issues:
        raise ScenarioError(f"{path} is not a scenario: {say_count(len(issues), 'fault')}.", issues)
    made = tuple(change for change in changes if change is not None)
    return Scenario(content["name"], made, content.get("description", ""), path.name, event)


def _load(path: Path) -> tuple[dict[str, Any], Issue | None]:
    try:
        return parse_toml(path.read_text(encoding="utf-8-sig")), None
    except FileNotFoundError:
        names = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = suggest(path.name, names, most=1)
        return {}, _say("file.exists", str(path), "there is no such file", hint)
    except OSError as error:
        return {}, _say("file.exists", str(path), f"it cannot be read ({error.strerror})")
    except UnicodeDecodeError:
        return {}, _say("file.toml", path.name, "it is not UTF-8", "Save the file as UTF-8")
    except ValueError as error:
        return {}, _say("file.toml", path.name, *say_fault(error))
    except RecursionError:
        return {}, _say(
            "file.toml", path.name, "it is too deeply nested", "Write lists of tables, and no deeper"
        )


def _say(what: str, place: str, found: str, remedy: str = "") -> Issue:
    rule = SCENARIO_FILE_RULES[f"scenario.{what}"]
    return Issue(rule.name, place, (), found, rule.expected, remedy or rule.remedy)


def _check_keys(
    content: Mapping[str, Any],
    known: tuple[str, ...],
    needed: tuple[str, ...],
    place: str,
    issues: list[Issue],
) -> None:
    meant: set[str] = set()
    for key in content:
        if key not in known:
            hint = suggest(key, [name for name in known if name not in content], most=1)
            meant.update(name for name in known if f"'{name}'" in hint)
            remedy = hint or f"Keys here are {', '.join(known)}"
            issues.append(_say("key.known", place, f"key '{key}' is not known", remedy))
    issues += [
        _say("key.given", place, f"there is no key '{name}'")
        for name in needed
        if name not in content and name not in meant
    ]


def _read_event(entry: Any, file: str, issues: list[Issue]) -> Event | None:
    """The window of the scenario; None with an issue when it is wrong."""
    place = f"{file}, [event]"
    if not isinstance(entry, dict):
        issues.append(_say("key.type", place, f"{entry!r}", "Write [event] once, and its keys below it"))
        return None
    before = len(issues)
    known = tuple(field.name for field in fields(Event))
    _check_keys(entry, known, ("start",), place, issues)
    values = {key: _read_value(key, entry[key], place, issues) for key in known if key in entry}
    if len(issues) > before:
        return None
    event = Event(**values)
    if event.end is not None and event.duration_d is not None:
        issues.append(_say("event.window", f"{place}, key duration_d", "both end and duration_d"))
    elif event.length_d is not None and not 0 < event.length_d < float("inf"):
        issues.append(_say("event.window", place, f"it lasts {event.length_d:g} days"))
    return event


def _read_change(entry: Mapping[str, Any], number: int, file: str, issues: list[Issue]) -> Change | None:
    place = f"{file}, change {number}"
    word = entry.get("do")
    if word is None:
        issues.append(
            _say("key.given", place, "there is no key 'do'", f"Write do = one of {', '.join(KINDS)}")
        )
        return None
    kind = KINDS.get(word) if isinstance(word, str) else None
    if kind is None:
        issues.append(
            _say("change.kind", f"{place}, key do", f"{word!r}", suggest(str(word), list(KINDS), most=1))
        )
        return None
    place = f"{place} ({word})"
    before = len(issues)
    known = tuple(field.name for field in fields(kind))
    needed = tuple(field.name for field in fields(kind) if field.default is MISSING)
    _check_keys(entry, ("do", *known), needed, place, issues)
    values = {key: _read_value(key, entry[key], place, issues) for key in known if key in entry}
    return kind(**values) if len(issues) == before else None


def _read_value(key: str, value: Any, place: str, issues: list[Issue]) -> Any:
    where = f"{place}, key {key}"
    if key == "rows":
        return _read_rows(value, where, issues)
    if key.endswith("ids"):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        issues.append(_say("key.type", where, f"{value!r}", 'Write a list of ids, such as ["a", "b"]'))
        return ()
    kinds, remedy = _PLAIN.get(key, ((str,), "Write text between quotes"))
    is_moment = isinstance(value, datetime)
    if not isinstance(value, kinds) or is_moment or (isinstance(value, bool) and bool not in kinds):
        issues.append(_say("key.type", where, f"{value!r}", remedy))
    return value


def _read_rows(value: Any, where: str, issues: list[Issue]) -> Any:
    is_right = isinstance(value, list) and all(
        isinstance(row, dict) and all(isinstance(cell, str | int | float | bool) for cell in row.values())
        for row in value
    )
    if is_right:
        return make_rows(value)
    issues.append(
        _say("key.type", where, "no list of rows", 'Write rows such as { link_id = "a", length_km = 10.0 }')
    )
    return ()
